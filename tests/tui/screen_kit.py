"""What the screen tests share: an app on a screen, its text, and checks that hold for every screen."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from textual.pilot import Pilot

from game.content import Content
from game.table.wire import Draft
from game.tui.app import BaimoApp
from game.tui.kit.panel import Panel
from game.tui.session import Session
from tests.tui import fake

SIZES = ((80, 24), (100, 30), (120, 40), (200, 60))
_KEY = re.compile(r"\b(?:ui|screens|term|tui|run|card|own|event)\.[a-z_-]+(?:\.[a-z_-]+)*\b")


@lru_cache(maxsize=1)
def content() -> Content:
    """The shipped content, read once."""
    return fake.content()


async def played(quarters: int, end_after: int = 99) -> Session:
    """A session after some quarters of ever lower prices."""
    seat = fake.FakeSeat(end_after=end_after)
    session = await Session.start(seat)
    for n in range(quarters):
        session.set("price.token", 6 - 0.25 * n)
        await session.close()
    return session


def on(
    screen: str, use: Callable[[BaimoApp, Pilot[None]], Awaitable[None]], *, lang: str = "zh",
    size: tuple[int, int] = (120, 40), host: fake.FakeHost | None = None, session: Session | None = None,
    plain: bool = False, **arguments: Any,
) -> None:  # fmt: skip
    """Open a screen over the title in a running app and use it."""

    async def go() -> None:
        app = BaimoApp(content(), host or fake.FakeHost(), lang=lang, plain_borders=plain)  # type: ignore[arg-type]
        app.session = session
        async with app.run_test(size=size) as pilot:
            if screen != "title":
                app.show(screen, **arguments)
            await pilot.pause()
            await use(app, pilot)
            check(app)

    asyncio.run(go())


def rows(app: BaimoApp) -> list[str]:
    """What stands on the screen, row by row."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


def text(app: BaimoApp) -> str:
    """The same as one text."""
    return "\n".join(rows(app))


def panel_text(panel: Panel) -> str:
    """What a panel shows, row by row."""
    lines = (panel.render_line(y) for y in range(panel.size.height))
    return "\n".join("".join(segment.text for segment in line) for line in lines)


def check(app: BaimoApp) -> None:
    """What holds on every screen: few widgets, exact rows, no key of the locale in place of its text."""
    widgets = list(app.screen.query("*"))
    assert len(widgets) <= 40
    for panel in app.screen.query(Panel):
        for y in range(panel.size.height):
            assert panel.render_line(y).cell_length == panel.size.width, (panel, y)
    found = _KEY.findall(text(app))
    assert not found, found


__all__ = ["SIZES", "Draft", "check", "content", "on", "panel_text", "played", "rows", "text"]
