"""Leaving the screens: no quarter is lost without a question, and nothing is written where somebody happens to stand."""

from __future__ import annotations

import asyncio
import io
import tempfile
from pathlib import Path

import pytest
from textual.pilot import Pilot

from game.content import load
from game.table.founding import Founding
from game.table.local import LocalHost
from game.table.runfile import read_run
from game.table.wire import Draft
from game.tui.app import BaimoApp

CONTENT = load()
LESSON = Founding(scenario="first-lesson", seed="7")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder in which nothing may appear."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


async def unsaved_game(app: BaimoApp, pilot: Pilot[None], saves: Path) -> None:
    """A game whose folder went away, with one quarter that is on no disk."""
    app.begin(LESSON)
    for _ in range(200):
        await pilot.pause(0.02)
        if app.session is not None and getattr(app.screen, "which", "") == "boardroom":
            break
    assert app.session is not None
    saves.rename(saves.with_name("away"))
    saves.write_text("something else")
    levers = {"card.choice": 0.0} if app.session.view.card else {}
    await app.session.seat.submit(Draft(app.session.view.quarter, levers))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("way", ["ctrl+q", "ctrl+c", "leave"])
def test_unsaved_quarters_are_asked_about(tmp_path: Path, way: str, lang: str) -> None:
    async def go() -> None:
        saves = tmp_path / "saves"
        app = BaimoApp(CONTENT, LocalHost(CONTENT, saves, "0"), lang=lang, saves=saves)  # type: ignore[arg-type]
        async with app.run_test(size=(80, 24)) as pilot:
            await unsaved_game(app, pilot, saves)

            async def leave() -> None:
                await (app.action_leave() if way == "leave" else pilot.press(way))
                await pilot.pause(0.1)

            await leave()
            assert getattr(app.screen, "which", "") == "ask" and app.is_running
            assert app.tongue.say("tui.unsaved") != "tui.unsaved"
            await pilot.press("escape")
            await pilot.pause(0.1)
            assert getattr(app.screen, "which", "") == "boardroom"
            app.begin(LESSON)  # another game would let go of this one
            await pilot.pause(0.1)
            assert getattr(app.screen, "which", "") == "ask"
            await pilot.press("escape")
            await pilot.pause(0.1)
            saves.unlink()
            saves.with_name("away").rename(saves)
            await leave()
            assert not app.screen_stack or getattr(app.screen, "which", "") != "ask", "saved at the last moment"
        (path,) = saves.glob("*.baimo")
        assert len(read_run(path).quarters) == 1

    asyncio.run(go())


def test_ctrl_q_twice_leaves_all_the_same(tmp_path: Path) -> None:
    async def go() -> None:
        saves = tmp_path / "saves"
        app = BaimoApp(CONTENT, LocalHost(CONTENT, saves, "0"), lang="en", saves=saves)
        async with app.run_test(size=(80, 24)) as pilot:
            await unsaved_game(app, pilot, saves)
            await pilot.press("ctrl+q")
            await pilot.pause(0.1)
            assert app._exit is False
            await pilot.press("ctrl+q")
            await pilot.pause(0.1)
            assert app._exit is True

    asyncio.run(go())


def test_the_plain_game_asks_before_another_takes_its_place(tmp_path: Path) -> None:
    from game.language import Tongue
    from game.tui.plain import _Plain

    saves = tmp_path / "saves"
    saves.write_text("something else")
    host, said, tongue = LocalHost(CONTENT, saves, "0"), io.StringIO(), Tongue("en", content=CONTENT)
    game = _Plain(host, CONTENT, tongue, io.StringIO("n\ny\n"), said)

    async def go() -> None:
        assert await game.sit(lambda: host.new_game(LESSON))
        first = host.table
        levers = {"card.choice": 0.0} if game.session.view.card else {}
        await game.session.seat.submit(Draft(game.session.view.quarter, levers))
        assert not await game.sit(lambda: host.new_game(LESSON)) and host.table is first
        assert await game.sit(lambda: host.new_game(LESSON)) and host.table is not first

    asyncio.run(go())
    assert said.getvalue().count(tongue.say("tui.unsaved")) == 2


@pytest.mark.parametrize("given", [True, False])
def test_a_crash_writes_beside_the_runs_or_into_a_folder_of_its_own(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, given: bool
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    saves = tmp_path / "saves"
    app = BaimoApp(CONTENT, LocalHost(CONTENT, saves, "0"), lang="en", saves=saves if given else None)

    async def go() -> None:
        async with app.run_test(size=(80, 24)):
            app._fatal_error()

    asyncio.run(go())
    assert list(elsewhere.iterdir()) == []
    (path,) = tmp_path.rglob("crash.txt")
    assert path.is_relative_to(saves if given else tmp_path / "temporary")
