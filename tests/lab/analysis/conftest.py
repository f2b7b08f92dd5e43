"""Helpers of these tests are modules beside them; the user's own cache is never touched."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True, scope="module")
def nothing_shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No shipped means and an empty cache, for fixtures of a module too: tests measure small means of their own."""
    import platformdirs

    from game.lab.analysis import luck

    with pytest.MonkeyPatch.context() as patch:
        empty = tmp_path_factory.mktemp("cache")
        patch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: str(empty))
        patch.setattr(luck, "shipped", lambda *_: None)
        yield


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nothing_shipped: None) -> None:
    """A cache of its own for each test, on every system."""
    import platformdirs

    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))
