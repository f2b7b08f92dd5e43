"""The sheet of an assignment: it tells what is asked, takes a name, and founds the game with Enter."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.widgets import Input

from game.content import Content
from game.table.assignment import assignment, founding_of
from game.table.local import LocalHost
from game.tui.app import BaimoApp


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_enter_founds_the_game_under_the_name_typed(shipped: Content, tmp_path: Path, size: tuple[int, int]) -> None:
    plan = assignment(
        shipped, scenario="first-lesson", background="app-team", difficulty="apprentice", assume="none", levers="", seed="7",
        cards=[], undo="forbidden", deadline="2026-03-06", title="[b]One[/b]", program="1",
    )  # fmt: skip

    async def go() -> None:
        host = LocalHost(shipped, tmp_path, "test")
        app = BaimoApp(shipped, host, lang="en", saves=tmp_path, hints=False)
        async with app.run_test(size=size) as pilot:
            app.begin_assigned(founding_of(plan, shipped), plan)
            await pilot.pause()
            shown = "\n".join("".join(s.text for s in line) for line in app.screen._compositor.render_strips(app.size))
            for word in ("[b]One[/b]", "5 quarters", "2026-03-06", "cannot be taken back"):
                assert word in shown
            assert isinstance(app.focused, Input)
            await pilot.press("y", "1", "space", "z", "enter")
            for _ in range(400):
                if host.table is not None:
                    break
                await pilot.pause(0.01)
            assert host.table is not None and host.table.head.player == "y1 z"
            assert host.table.head.assignment == plan.id
        host.close()

    asyncio.run(go())


def test_escape_founds_nothing(shipped: Content, tmp_path: Path) -> None:
    plan = assignment(
        shipped, scenario="first-lesson", background="app-team", difficulty="apprentice", assume="none", levers="", seed="7",
        cards=[], undo="marked", deadline="", title="", program="1",
    )  # fmt: skip

    async def go() -> None:
        host = LocalHost(shipped, tmp_path, "test")
        app = BaimoApp(shipped, host, lang="zh", saves=tmp_path, hints=False)
        async with app.run_test(size=(80, 24)) as pilot:
            app.begin_assigned(founding_of(plan, shipped), plan)
            await pilot.pause()
            await pilot.press("escape")
            await pilot.pause()
            assert host.table is None and getattr(app.screen, "which", "") == "title"

    asyncio.run(go())
