"""Whole games from the title and back to it: by keys alone, and by the mouse alone; every row of every panel by the mouse."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from game.table.local import LocalHost
from game.table.runfile import read_run
from game.tui.app import BaimoApp
from game.tui.kit.chrome import KeyBar
from game.tui.kit.panel import Panel, Region
from game.tui.screens.card import CardPanel
from game.tui.screens.end import EndMenu
from game.tui.screens.founding_panels import FormPanel
from game.tui.screens.title import TitlePanel
from game.tui.widgets.levers import LeverPanel
from tests.tui.screen_kit import check, content

LANGS = ("zh", "en")


def whole_game(
    folder: Path, play: Callable[[BaimoApp, Pilot[None]], Awaitable[None]], lang: str, size: tuple[int, int] = (80, 24)
) -> list[Path]:
    """The game in a terminal of this size with real rules and runs, from the title on; the runs there are afterwards."""

    async def go() -> None:
        host = LocalHost(content(), folder / "saves", "0")
        app = BaimoApp(content(), host, lang=lang, saves=folder / "saves", hints=False)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await play(app, pilot)
            check(app)
            host.close()

    asyncio.run(go())
    return sorted((folder / "saves").glob("*.baimo"))


async def until(pilot: Pilot[None], holds: Callable[[], object], what: str) -> None:
    """Let the app go on until something holds; a quarter is played by other threads meanwhile."""
    for _ in range(3000):
        if holds():
            await pilot.pause()
            return
        await pilot.pause(0.01)
    raise AssertionError(f"still not: {what}; on {which(pilot.app)}")


def which(app: Any) -> str:
    """Name of the screen on top."""
    return getattr(app.screen, "which", type(app.screen).__name__)


# by keys --------------------------------------------------------------------------------------------------------------
async def by_keys(app: BaimoApp, pilot: Pilot[None], scenario: str, quarters: int) -> None:
    await pilot.press("home", "down", "enter")
    await until(pilot, lambda: which(app) == "founding", "founding opens")
    for _ in range(len(app.content.scenarios)):
        if app.screen.chosen["scenario"] == scenario:
            break
        await pilot.press("right")
    await pilot.press("enter")
    await until(pilot, lambda: which(app) == "boardroom", "the game begins")
    for quarter in range(quarters):
        await pilot.press("down", "right", "up", "left", "right")
        for _ in range(6):
            before = app.screen
            await pilot.press("enter")
            await until(
                pilot, lambda was=before: app.screen is not was and which(app) in ("card", "close", "ask"), "Enter goes on"
            )
            if which(app) == "close":
                break
            if which(app) == "card":
                await pilot.press("1")
        assert which(app) == "close", quarter
        await until(pilot, lambda: app.screen.query_one("#bill").preview is not None, "the bill is there")
        await pilot.press("enter")
        await until(pilot, lambda: which(app) == "report", "the report")
        await pilot.press("enter")
        await until(pilot, lambda: which(app) in ("boardroom", "end", "card"), "after the report")
        if which(app) == "end":
            break
        while which(app) in ("card", "ask"):  # a firm in distress is asked at once, and another card may lie under that
            before = app.screen
            await pilot.press("1", *(["enter"] if which(app) == "card" else []))
            await until(pilot, lambda was=before: app.screen is not was, "the answer was taken")
    assert which(app) == "end"
    await pilot.press(*(["down"] * len(app.screen.query_one(EndMenu).items)), "enter")
    await until(pilot, lambda: which(app) == "title", "back to the title")


@pytest.mark.parametrize(("scenario", "lang"), [("first-lesson", "zh"), ("first-lesson", "en"), ("price-war", "zh")])
def test_a_whole_game_by_keys(scenario: str, lang: str, tmp_path: Path) -> None:
    quarters = content().scenarios[scenario].quarters
    (path,) = whole_game(tmp_path, lambda app, pilot: by_keys(app, pilot, scenario, quarters), lang)
    run = read_run(path)
    assert run.head.scenario == scenario and 1 <= len(run.quarters) <= quarters
    assert len(run.quarters) == quarters or scenario == "price-war", "a firm may fail before its time"


# by the mouse ---------------------------------------------------------------------------------------------------------
async def click(pilot: Pilot[None], panel: Panel, wanted: Callable[[Any], object], *, at: float = 0.0) -> None:
    """Click a marked place of a panel, ``at`` a share of its width."""
    panel._ensure()
    region: Region = next(r for r in panel._regions if wanted(r.payload))
    x = region.x0 + round(at * (region.x1 - region.x0 - 1))
    assert await pilot.click(panel, offset=(x, region.y))
    await pilot.pause()


async def click_key(pilot: Pilot[None], action: str) -> None:
    """Click an entry of the key bar."""
    bar = pilot.app.screen.query_one(KeyBar)
    bar.render_line(0)
    places = [a for a, _, name in bar._buttons if name == action]
    assert places, f"{action} is not on the key bar of {which(pilot.app)}"
    assert await pilot.click(bar, offset=(places[0], 0))
    await pilot.pause()


async def answer(app: BaimoApp, pilot: Pilot[None]) -> None:
    """Take the last way of a card that is open, by a click on it and one on the key bar."""
    card = app.screen.query_one(CardPanel)
    last = max(n for n, way in enumerate(card.ways) if way.allowed)
    await click(pilot, card, lambda p: p == last)
    if which(app) == "card":  # a click on the way that was chosen already takes it
        await click_key(pilot, "decide")


async def by_mouse(app: BaimoApp, pilot: Pilot[None], scenario: str, quarters: int) -> None:
    await click(pilot, app.screen.query_one(TitlePanel), lambda p: p == 1)
    await until(pilot, lambda: which(app) == "founding", "founding opens")
    form = app.screen.query_one(FormPanel)
    for _ in range(len(app.content.scenarios)):
        if app.screen.chosen["scenario"] == scenario:
            break
        await click(pilot, form, lambda p: p == ("right", 0))
    await click(pilot, form, lambda p: p == ("found", 0))
    await until(pilot, lambda: which(app) == "boardroom", "the game begins")
    for quarter in range(quarters):
        levers = app.screen.query_one(LeverPanel)
        await click(pilot, levers, lambda p: p[0] == "slide", at=0.15 if quarter % 2 else 0.85)
        for _ in range(6):
            await click_key(pilot, "close_quarter")
            await until(pilot, lambda: which(app) in ("card", "close", "ask"), "closing goes on")
            if which(app) == "card":
                await answer(app, pilot)
                await until(pilot, lambda: which(app) != "card", "the answer was taken")
            if which(app) == "ask":
                await click(pilot, app.screen.query_one(Panel), lambda p: p is True)
                await until(pilot, lambda: which(app) != "ask", "the next card")
            if which(app) == "close":
                break
        assert which(app) == "close", quarter
        await until(pilot, lambda: app.screen.query_one("#bill").preview is not None, "the bill is there")
        await click_key(pilot, "confirm")
        await until(pilot, lambda: which(app) == "report", "the report")
        await click_key(pilot, "go_on")
        await until(pilot, lambda: which(app) in ("boardroom", "end", "card"), "after the report")
        if which(app) == "end":
            break
        while which(app) in ("card", "ask"):  # a firm in distress is asked at once, and another card may lie under that
            before = app.screen
            if which(app) == "card":
                await answer(app, pilot)
            else:
                await click(pilot, before.query_one(Panel), lambda p: p is True)
            await until(pilot, lambda was=before: app.screen is not was, "the answer was taken")
    assert which(app) == "end"
    menu = app.screen.query_one(EndMenu)
    await click(pilot, menu, lambda p: p == ("row", len(menu.items) - 1))
    await until(pilot, lambda: which(app) == "title", "back to the title")


@pytest.mark.parametrize(("scenario", "lang", "size"), [
    ("first-lesson", "zh", (80, 24)), ("first-lesson", "en", (120, 40)), ("price-war", "en", (80, 24)),
])  # fmt: skip
def test_a_whole_game_by_the_mouse(scenario: str, lang: str, size: tuple[int, int], tmp_path: Path) -> None:
    quarters = content().scenarios[scenario].quarters
    (path,) = whole_game(tmp_path, lambda app, pilot: by_mouse(app, pilot, scenario, quarters), lang, size)
    run = read_run(path)
    assert run.head.scenario == scenario and 1 <= len(run.quarters) <= quarters
    assert all(quarter.drafts[0] for quarter in run.quarters), "the mouse moved a lever every quarter"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_every_lever_is_changed_by_clicks_alone(size: tuple[int, int], tmp_path: Path) -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        await click(pilot, app.screen.query_one(TitlePanel), lambda p: p == 1)
        await until(pilot, lambda: which(app) == "founding", "founding opens")
        await click(pilot, app.screen.query_one(FormPanel), lambda p: p == ("found", 0))
        await until(pilot, lambda: which(app) == "boardroom", "the game begins")
        levers, session = app.screen.query_one(LeverPanel), app.session
        assert session is not None and len(levers.rows) > 20
        left = {n for n, one in enumerate(levers.rows) if not one.locked}
        for page in range(60):
            levers._ensure()
            seen = {r.payload[1] for r in levers._regions if r.payload[0] in ("slide", "step")} & left
            for n in sorted(seen):
                one = levers.rows[n]
                before = [session.value(name) for name in one.levers]
                levers._ensure()
                kinds = {r.payload[0] for r in levers._regions if r.payload[1] == n}
                for at in (0.0, 1.0):
                    if "slide" in kinds:
                        await click(pilot, levers, lambda p, n=n: p == ("slide", n), at=at)
                    else:
                        await click(pilot, levers, lambda p, n=n, at=at: p == ("step", n, 1 if at else -1))
                    after = [session.value(name) for name in one.levers]
                    if not all(a == b or (math.isnan(a) and math.isnan(b)) for a, b in zip(before, after, strict=True)):
                        left.discard(n)
            if not left:
                break
            bar = [r for r in levers._regions if r.payload[0] == "page"]
            assert bar, f"no way to {[levers.rows[n].id for n in left]}"
            bottom = max(bar, key=lambda r: r.y)
            place = min(bottom.y, 1 + round((page + 1) * 0.34 * bottom.y))
            await click(pilot, levers, lambda p, y=place: p[0] == "page" and p[1] == y - levers._origin[1])
        assert not left, [levers.rows[n].id for n in left]

    whole_game(tmp_path, use, "en", size)
