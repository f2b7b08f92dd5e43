"""Helpers of these tests are modules beside them; nothing here touches the settings of whoever runs them."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home and a folder of their own, and a locale that says nothing."""
    (tmp_path.parent / f"{tmp_path.name}-here").mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path.parent / f"{tmp_path.name}-here")
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    # children compile once for all tests of a worker, and nothing beside the sources
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(home / "compiled"))
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
