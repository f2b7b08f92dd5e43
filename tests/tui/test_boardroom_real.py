"""The boardroom at a real table: the first lesson from its first quarter to its end, keys only."""

from __future__ import annotations

import asyncio
from pathlib import Path

from test_boardroom import shown, until

from game.content import load
from game.table.local import LocalHost
from game.tui.app import BaimoApp, Founding
from game.tui.screens.boardroom import BoardroomScreen
from game.tui.screens.report import ReportScreen


def which(app: BaimoApp) -> str:
    return getattr(app.screen, "which", "")


def test_the_first_lesson_is_played_to_its_end(tmp_path: Path) -> None:
    async def go() -> None:
        app = BaimoApp(load(), LocalHost(load(), tmp_path, "0"), lang="en", saves=tmp_path)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            app.begin(Founding("first-lesson", seed="7", name="Flint"))
            await until(pilot, lambda: isinstance(app.screen, BoardroomScreen))
            session = app.session
            assert session is not None
            for _ in range(session.view.quarters):
                if session.over:
                    break
                quarter = session.view.quarter
                await pilot.press("down", "right")
                while which(app) != "close":
                    if which(app) == "boardroom":
                        await pilot.press("enter")
                    elif which(app) == "card":
                        await pilot.press("enter")
                        if which(app) == "card":
                            await pilot.press("down")
                    await pilot.pause()
                await until(pilot, lambda: app.tongue.say("ui.close.cash-after") in shown(app))
                await pilot.press("enter")
                await until(pilot, lambda: isinstance(app.screen, ReportScreen))
                assert session.report is not None and session.report.quarter == quarter
                assert "{" not in shown(app)
                await pilot.press("enter")
                await until(pilot, lambda: not isinstance(app.screen, ReportScreen))
            assert session.over and which(app) == "end"

    asyncio.run(go())
