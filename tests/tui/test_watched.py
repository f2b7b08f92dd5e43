"""A run that no person plays is told in a sentence wherever it may be opened, and nothing else happens."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from test_boardroom import until

from game.language import Tongue
from game.table.auto import auto
from game.table.errors import RunError
from game.table.listing import glance, list_runs
from game.table.local import Founding, LocalHost
from game.tui.app import BaimoApp
from game.tui.plain import play_plain
from game.tui.screens.title import latest
from game.tui.watched import Watched, fork_run, need_person, open_run, watched
from tests.tui.screen_kit import content


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one such run."""
    path = tmp_path_factory.mktemp("saves")
    ids = {"scenario": "first-lesson", "background": "lab-spin-off", "difficulty": "manager", "assume": "none"}
    auto(content(), policy="default", seed="3", out=path / "auto.baimo", **ids)
    return path


def test_only_a_run_without_a_person_is_watched(folder: Path, tmp_path: Path) -> None:
    assert watched(glance(folder / "auto.baimo").head) and not watched(None)
    host = LocalHost(content(), tmp_path, "0")
    asyncio.run(host.new_game(Founding("first-lesson", seed="7")))
    host.close()
    (played,) = list_runs(tmp_path)
    need_person(played.path)
    assert not watched(played.head) and latest([played]) is played
    assert latest(list_runs(folder)) is None, "the title offers nothing that cannot be played on"


def test_neither_the_run_nor_a_fork_of_it_takes_the_place_of_the_game_at_hand(folder: Path, tmp_path: Path) -> None:
    host = LocalHost(content(), tmp_path, "0")
    asyncio.run(host.new_game(Founding("first-lesson", seed="7")))
    table = host.table
    for opening in (open_run(host, folder / "auto.baimo"), fork_run(host, folder / "auto.baimo", 1)):
        with pytest.raises(Watched):
            asyncio.run(opening)
    assert host.table is table
    host.close()


@pytest.mark.parametrize(("lang", "said"), [("zh", "auto.baimo里没有人在下"), ("en", "Nobody plays in auto.baimo")])
def test_plain_says_so_and_ends(folder: Path, lang: str, said: str) -> None:
    out = io.StringIO()
    host = LocalHost(content(), folder, "0")
    tongue = Tongue(lang, content=content())  # type: ignore[arg-type]
    assert play_plain(host, content(), tongue, io.StringIO(""), out, file=folder / "auto.baimo") == 1
    assert said in out.getvalue() and "firm 0" not in out.getvalue()


def test_the_screens_say_so_and_stay(folder: Path) -> None:
    async def go() -> None:
        app = BaimoApp(content(), LocalHost(content(), folder, "0"), lang="en", saves=folder)
        said: list[str] = []
        app.tell = lambda text, *, bad=False: said.append(text)  # type: ignore[method-assign]
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            app.resume(folder / "auto.baimo")
            await until(pilot, lambda: bool(said))
            assert app.session is None and getattr(app.screen, "which", "") == "title"
        assert said[0].startswith("Nobody plays in auto.baimo")

    asyncio.run(go())


def test_the_sentence_stands_in_both_languages() -> None:
    error: RunError = Watched("a.baimo")
    both = {Tongue(lang, content=content()).message(error.message()) for lang in ("zh", "en")}
    assert len(both) == 2 and all("a.baimo" in text for text in both)
