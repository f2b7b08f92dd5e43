"""How many widgets each screen has at each size: few, because every one costs at each change of focus."""

from __future__ import annotations

import asyncio

import pytest

from game.tui import actions
from game.tui.app import BaimoApp
from tests.tui.screen_kit import SIZES, on, played

BUDGET = 40
MOST = {"boardroom": 24, "codex": 8, "report": 8, "market": 10, "founding": 8, "close": 8}
"""Screens that are held to less, so that growth is noticed; all others to a handful."""
COUNTED = ("analysis", "seat", "room", "forecast", "pen")
"""Screens whose own tests count them."""
ARGUMENTS = {"jump": {"found": {}}, "help": {"of": "boardroom"}, "ask": {"text": "?"}, "reading": {"title": "ui.panel.gazette", "texts": ["a", "b"]}}


def counted(screen: str, size: tuple[int, int]) -> int:
    """Widgets of a screen, bars and containers included."""
    session = asyncio.run(played(2)) if screen not in ("title", "founding", "runs", "options") else None
    found: list[int] = []

    async def use(app: BaimoApp, pilot) -> None:
        assert app.screen.which == screen
        found.append(len(app.screen.query("*")))

    arguments = dict(ARGUMENTS.get(screen, {}))
    if screen == "report":
        arguments["report"] = session.report  # type: ignore[union-attr]
    on(screen, use, size=size, session=session, **arguments)
    return found[0]


@pytest.mark.parametrize("screen", [s for s in actions.SCREENS if s not in COUNTED])
def test_widgets_of_every_screen(screen: str) -> None:
    counts = {size: counted(screen, size) for size in SIZES}
    assert max(counts.values()) <= min(BUDGET, MOST.get(screen, 6)), counts
