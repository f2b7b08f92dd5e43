"""Helpers of these tests are modules beside them; the user's own cache is never touched."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of their own, on every system, and no shipped means: tests measure small ones of their own."""
    import platformdirs

    from game.lab.analysis import luck

    monkeypatch.setattr(luck, "shipped", lambda *_: None)
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))
