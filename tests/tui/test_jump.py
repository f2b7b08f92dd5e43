"""Jumping by a key shown on the spot."""

from __future__ import annotations

import asyncio

import pytest

from game.tui.app import BaimoApp
from game.tui.screens.jump import targets
from game.tui.widgets.levers import LeverPanel
from game.tui.widgets.market import MarketPanel
from tests.tui.screen_kit import SIZES, on, played, rows, text


@pytest.mark.parametrize("size", SIZES)
def test_every_panel_and_row_that_is_seen_can_be_jumped_to(size: tuple[int, int]) -> None:
    session = asyncio.run(played(3))

    async def use(app: BaimoApp, pilot) -> None:
        board, levers = app.screen, app.screen.query_one(LeverPanel)
        before = rows(app)
        for key, (panel, row) in targets(board).items():
            await pilot.press("ctrl+o")
            await pilot.pause()
            assert app.screen.which == "jump"
            _, y = (0, 0) if row is None else panel.place_of(row)
            assert f" {key} " in text(app).split("\n")[panel.region.y + y], key
            await pilot.press(key)
            await pilot.pause()
            assert app.screen is board and board.focused is panel, key
            if row is not None:
                assert levers.cursor == row
        await pilot.press("ctrl+o", "escape")
        assert app.screen is board and not levers.labels
        assert not any(p.labels for p in board.query(MarketPanel)) and len(rows(app)) == len(before)

    on("boardroom", use, size=size, session=session)


@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1"}, {"TERM": "xterm", "COLORTERM": ""}])
def test_what_lies_under_the_keys_is_still_seen(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    session = asyncio.run(played(3))

    async def use(app: BaimoApp, pilot) -> None:
        app.wear("ink-contrast")
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert app.screen.which == "jump" and app.tongue.say("ui.board.runway") in text(app)

    on("boardroom", use, session=session)


def test_a_key_that_is_none_and_a_click_go_back() -> None:
    session = asyncio.run(played(3))

    async def use(app: BaimoApp, pilot) -> None:
        board = app.screen
        focused = board.focused
        await pilot.press("ctrl+o", "Z")
        assert app.screen is board and board.focused is focused
        await pilot.press("ctrl+o")
        await pilot.click(offset=(5, 5))
        await pilot.pause()
        assert app.screen is board and board.focused is focused
        assert not any(p.labels for p in board.query(MarketPanel))

    on("boardroom", use, session=session)
    on("options", lambda app, pilot: pilot.press("ctrl+o", "1"))
