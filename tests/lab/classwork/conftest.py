"""A small class: six pupils' runs, made once a worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from game.content import Content
from game.lab.classwork.model import Asked
from game.lab.classwork.report import most_common
from game.table.runfile import read_run
from tests.bench.pack import make


@pytest.fixture(scope="session")
def runs(shipped: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of six runs, of which pupil 5 stopped early; never written to."""
    folder = tmp_path_factory.mktemp("runs")
    make(shipped, folder, range(6))
    return folder


@pytest.fixture(scope="session")
def asked(shipped: Content, runs: Path) -> Asked:
    """What they have in common."""
    found = most_common(shipped, [read_run(path).head for path in sorted(runs.iterdir())])
    assert found is not None
    return found
