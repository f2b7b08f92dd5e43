"""Helpers of these tests are modules beside them; markets and tables of tests stand in tests/table."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "table"))
