"""The why screen: number, formula, parameter, figure, and Escape all the way back; by keys and by mouse."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual.pilot import Pilot

from game.table.seat import EncodedSeat
from game.table.wire import Draft
from game.tui.app import BaimoApp
from game.tui.screens.why import Step, Steps, WhyScreen
from game.tui.widgets.sheet import Sheet
from tests.tui.fake import FakeSeat
from tests.tui.screen_kit import SIZES, on, played, rows


def text(app: BaimoApp) -> str:
    return "\n".join(rows(app))


def session(quarters: int = 2) -> Any:
    return asyncio.run(played(quarters))


async def settled(pilot: Pilot[None]) -> None:
    for _ in range(4):
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def screen(app: BaimoApp) -> WhyScreen:
    assert isinstance(app.screen, WhyScreen)
    return app.screen


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_from_the_list_to_the_figure_and_back(lang: str, size: tuple[int, int]) -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        await settled(pilot)
        assert screen(app).step == Step(cursor=screen(app).step.cursor) and not screen(app).step.what
        await press(pilot, "down", "enter")
        assert (screen(app).step.what, screen(app).step.part) == ("trust", None)
        await press(pilot, "enter")
        assert screen(app).step.part == "quantity.safety"
        said = text(app)
        assert "freshness_loss[finance] · safety" in said and "0.55 · 60.0%" in said
        await press(pilot, "enter")
        assert getattr(app.screen, "which", "") == "codex" and app.screen.link == ("parameter", "freshness_loss")
        await press(pilot, "enter")
        await press(pilot, "enter")
        assert app.screen.link[0] == "figure"
        await press(pilot, "escape")
        assert app.screen.link == ("parameter", "freshness_loss")
        await press(pilot, "escape")
        assert screen(app).step.part == "quantity.safety"
        await press(pilot, "escape")
        assert (screen(app).step.what, screen(app).step.part) == ("trust", None)
        await press(pilot, "escape")
        assert not screen(app).step.what
        await press(pilot, "escape")
        assert not isinstance(app.screen, WhyScreen)

    on("why", use, lang=lang, size=size, session=session())


def test_what_is_asked_further_opens_in_turn() -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        await settled(pilot)
        await press(pilot, "down", "enter")
        assert (screen(app).step.what, len(screen(app).trail)) == ("cash", 3)
        await press(pilot, "escape", "escape", "escape")
        assert not isinstance(app.screen, WhyScreen), "one step each: formula, split, out"

    on("why", use, session=session(), what="trust", part="quantity.safety", lang="en")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_by_mouse(size: tuple[int, int]) -> None:
    async def click(app: BaimoApp, pilot: Pilot[None], sheet: str, kind: str, name: str = "") -> None:
        panel = app.screen.query_one(sheet, Steps)
        place = next(n for n, e in enumerate(panel.entries) if e.source[0] == kind and name in e.source[1])
        region = next(r for r in panel._regions if r.payload == ("entry", place))
        await pilot.click(panel, offset=(region.x0 + 2, region.y))
        await settled(pilot)

    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        await settled(pilot)
        await click(app, pilot, "#list", "number", "trust")
        assert screen(app).step.what == "trust"
        await click(app, pilot, "#detail", "part")
        assert screen(app).step.part == "quantity.safety"
        if size[0] >= 110:  # the list stands beside: another number begins anew
            await click(app, pilot, "#list", "number", "cash")
            assert [s.what for s in screen(app).trail] == ["", "cash"]
            await click(app, pilot, "#list", "number", "trust")
            await click(app, pilot, "#detail", "part")
        await click(app, pilot, "#detail", "parameter")
        assert app.screen.link == ("parameter", "freshness_loss")

    on("why", use, size=size, session=session())


def test_what_is_not_visible_has_no_formula_and_says_so() -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        await settled(pilot)
        assert "others and luck, not visible" in text(app) and "Rivals' books and luck are not yours to see" in text(app)
        panel = app.screen.query_one("#detail", Sheet)
        assert [e.source for e in panel.entries if e.source[0]] == [("part", "quantity.safety")]

    on("why", use, session=session(), what="trust", lang="en")


def test_without_a_quarter_there_is_nothing_to_ask() -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        await settled(pilot)
        assert "play the first quarter" in text(app)
        await press(pilot, "enter", "escape")
        assert not isinstance(app.screen, WhyScreen)

    on("why", use, session=session(0), lang="en", what="cash")


def test_an_explanation_passes_through_bytes() -> None:
    async def go() -> None:
        seat = FakeSeat()
        encoded = EncodedSeat(seat)
        assert await encoded.changes() is None and await encoded.explain("cash") is None
        await seat.submit(Draft(seat.quarter))
        assert await encoded.explain("trust") == await seat.explain("trust")
        assert await encoded.changes() == await seat.changes()
        assert encoded.bytes > 100

    asyncio.run(go())


def test_the_language_changes_where_one_stands() -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        await settled(pilot)
        await press(pilot, "f7")
        assert "Trust rose by 1.0 points" in text(app)
        assert screen(app).step.what == "trust"

    on("why", use, session=session(), what="trust")


# from other screens ---------------------------------------------------------------------------------------------------


def test_w_and_clicks_in_the_boardroom() -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        await settled(pilot)
        await press(pilot, "w")
        assert not screen(app).step.what
        await press(pilot, "escape", "f11")
        assert isinstance(app.screen, WhyScreen)
        await press(pilot, "escape")
        places = (("#headline", "trust"), ("#why", "share"), ("#position", "unit_cost"), ("#position", "accuracy"))
        for selector, what in places:
            panel = app.screen.query_one(selector)
            for _ in range(5):  # panels that share one place take turns
                if not panel.display:
                    await press(pilot, "ctrl+b")
            panel._ensure()
            region = next(r for r in panel._regions if r.payload[:2] == ("why", what))
            await pilot.click(panel, offset=(region.x0 + 1, region.y))
            await settled(pilot)
            assert screen(app).trail[0].what == what
            await press(pilot, "escape")

    on("boardroom", use, session=session())


def test_a_line_of_the_report_opens_its_formula_and_enter_elsewhere_goes_on() -> None:
    game = session()

    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        await settled(pilot)
        await press(pilot, "down", "down", "enter")
        assert [s.part for s in screen(app).trail] == [None, "line.tokens"]
        await press(pilot, "escape", "escape")
        assert getattr(app.screen, "which", "") == "report"
        await press(pilot, "w")
        assert screen(app).step.part == "line.tokens"
        await press(pilot, "escape", "escape", "space")
        assert getattr(app.screen, "which", "") != "report"

    on("report", use, session=game, report=game.report)
