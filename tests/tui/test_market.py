"""The market screen: five pages by key and mouse at every size, in both languages, and what stands on them."""

from __future__ import annotations

import asyncio

import pytest
from textual.pilot import Pilot

from game.language import Tongue
from game.table.market_history import MarketHistory
from game.tui.app import THEMES, BaimoApp
from game.tui.kit.theme import PALETTES, contrast
from game.tui.screens.codex import CodexScreen
from game.tui.screens.market import MarketScreen
from game.tui.screens.market_course import CoursePage
from game.tui.screens.market_events import EventsPage
from game.tui.screens.market_facts import SERIES, Past, thousandths
from game.tui.screens.market_matrix import STEPS, MatrixPage, shade
from game.tui.screens.market_panels import PAGES, PageTabs
from game.tui.screens.market_time import TimePage
from game.tui.session import Session
from tests.tui.fake import FakeSeat
from tests.tui.screen_kit import SIZES, check, content, on, panel_text, played, rows, text


def screen_of(app: BaimoApp) -> MarketScreen:
    assert isinstance(app.screen, MarketScreen)
    return app.screen


async def click(pilot: Pilot[None], panel: object, payload: object) -> None:
    """Click where a panel says that a payload is."""
    panel._ensure()  # type: ignore[attr-defined]
    region = next(r for r in panel._regions if r.payload == payload)  # type: ignore[attr-defined]
    await pilot.click(panel, offset=(region.x0, region.y))  # type: ignore[arg-type]
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("plain", [False, True])
def test_every_page_at_every_size(lang: str, size: tuple[int, int], plain: bool) -> None:
    session = asyncio.run(played(9))

    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        for digit, page in enumerate(PAGES, 1):
            await pilot.press(str(digit))
            assert screen_of(app).page == page
            assert len([r for r in rows(app) if r.strip()]) >= 15
            check(app)
            await pilot.press("down", "down", "right", "f7")  # and in the other language
            check(app)
            await pilot.press("f7", "end", "left", "home", "pageup")
            check(app)

    on("market", use, lang=lang, size=size, session=session, plain=plain)


def test_every_theme() -> None:
    session = asyncio.run(played(6))

    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        for _ in THEMES:
            for digit in "12345":
                await pilot.press(digit)
                check(app)
            await pilot.press("f10")

    on("market", use, session=session)


@pytest.mark.parametrize("theme", list(PALETTES))
def test_a_shaded_cell_is_legible_and_says_its_number(theme: str) -> None:
    p = PALETTES[theme]
    grounds = []
    for share in (0.0, *STEPS, 0.9):
        style = shade(share, p, p.panel)
        assert style.color is not None and style.bgcolor is not None
        assert contrast(style.color.name, style.bgcolor.name) >= 4.5
        grounds.append(style.bgcolor.name)
    assert len(set(grounds)) == len(STEPS) + 1, "each step looks different"


@pytest.mark.parametrize("quarters", [0, 1])
def test_on_the_first_days(quarters: int) -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        for digit in "12345":
            await pilot.press(digit, "down", "right", "up")
            check(app)

    on("market", use, session=asyncio.run(played(quarters)), size=(80, 24))


def test_before_the_past_has_come_everything_stands_there() -> None:
    """A slow seat: every page is there with what the view holds."""

    class Slow(FakeSeat):
        async def market_history(self):  # type: ignore[no-untyped-def]
            await asyncio.Event().wait()

    async def sit() -> Session:
        seat = Slow()
        session = await Session.start(seat)
        for _ in range(3):
            await session.close()
        return session

    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        for digit in "12345":
            await pilot.press(digit, "down", "right")
            check(app)
        await pilot.press("3", "home")
        assert "中位" in text(app), "headline numbers are in the view"

    on("market", use, session=asyncio.run(sit()))


def test_a_past_that_older_rules_began() -> None:
    """Only the last quarters can be read: what is missing is said, headline numbers go on, and no page falls over."""

    class Older(FakeSeat):
        async def market_history(self) -> MarketHistory:
            return MarketHistory(1, self.past[-3:], len(self.past) - 3)

    async def sit() -> Session:
        session = await Session.start(Older())
        for _ in range(9):
            await session.close()
        return session

    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        for digit in "12345":
            await pilot.press(digit, "home", "down", "right", "pagedown")
            check(app)
        past = screen_of(app).past
        assert past is not None and past.missing == 7
        assert len(past.main("live-models")) == 10 and len(past.main("sentiment")) == 3
        await pilot.press("3", "home")
        assert "7个季度由旧规则下成" in text(app)

    on("market", use, session=asyncio.run(sit()))


def test_without_a_game() -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        await pilot.press("1", "down", "enter", "2", "3", "tab", "f", "escape")

    on("market", use)


def test_the_matrix_sorts_marks_and_adds_up() -> None:
    session = asyncio.run(played(8))

    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        screen = screen_of(app)
        page = screen.query_one(MatrixPage)
        held = [f.share["developers"] for f in page.firms if f.status == "active"]
        assert held == sorted(held, reverse=True) and page.firms[-1].status == "bankrupt"
        assert "破产" in text(app), "a firm that is gone says so"
        assert "开发者▼" in text(app) and "▸ 你" in text(app)
        await pilot.press("right")
        assert screen.segment == "consumers" == session.segment and "大众▼" in text(app)
        await pilot.press("left", "left")
        assert screen.segment == "government", "segments that the scenario does not have are left out"
        for segment in page.columns:
            column = page.columns[segment]
            if column is not None:
                assert sum(column[0].values()) + column[1] == 1000
        total = next(r for r in rows(app) if r.strip().startswith("合计"))
        assert total.count("100.0") == sum(c is not None for c in page.columns.values())

    on("market", use, session=session)


def test_by_keyboard_alone() -> None:
    session = asyncio.run(played(10))

    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        screen = screen_of(app)
        await pilot.press("home", "enter")
        assert screen.page == "firm" and "云山" in panel_text(screen.shown)
        order = [f.id for f in screen.query_one(MatrixPage).firms]
        await pilot.press("down", "up", *["down"] * order.index("shenyan"))
        assert "深研" in panel_text(screen.shown)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, CodexScreen) and app.screen.link == ("rival", "shenyan")
        await pilot.press("escape")
        await pilot.press("tab")
        assert screen.page == "time"
        time = screen.query_one(TimePage)
        await pilot.press("down", "down")
        assert time.series == "live-models" and time.levels
        await pilot.press("right")
        figure = time.levels[1][0].figure
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, CodexScreen) and app.screen.link == ("figure", figure)
        await pilot.press("escape", "tab", "home", "down")
        events = screen.query_one(EventsPage)
        assert screen.page == "events" and events.moments[events.at].there
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, CodexScreen) and app.screen.link[0] == "figure"
        await pilot.press("escape", "tab", "end", "f8")
        await pilot.pause()
        assert isinstance(app.screen, CodexScreen)
        await pilot.press("escape", "tab")
        assert screen.page == "matrix"
        await pilot.press("shift+tab")
        assert screen.page == "course"
        await pilot.press("escape")
        assert not isinstance(app.screen, MarketScreen)

    on("market", use, session=session)


def test_by_mouse_alone() -> None:
    session = asyncio.run(played(10))

    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        screen = screen_of(app)
        matrix, tabs = screen.query_one(MatrixPage), screen.query_one(PageTabs)
        await click(pilot, matrix, ("segment", "medical"))
        assert screen.segment == "medical"
        await click(pilot, matrix, ("firm", 2))
        assert screen.firm == 2 and screen.page == "matrix"
        await click(pilot, matrix, ("firm", 2))
        assert screen.page == "firm"
        await click(pilot, screen.shown, 1)
        assert screen.firm != 2
        await click(pilot, screen.shown, "open")
        assert isinstance(app.screen, CodexScreen)
        await pilot.press("escape")
        await click(pilot, tabs, "time")
        time = screen.query_one(TimePage)
        await click(pilot, time, ("series", 2))
        assert time.series == "live-models"
        await click(pilot, time, ("mark", 1))
        assert time.mark_at == 1
        await click(pilot, time, ("mark", 1))
        assert isinstance(app.screen, CodexScreen) and app.screen.link == ("figure", time.levels[1][0].figure)
        await pilot.press("escape")
        await click(pilot, tabs, "events")
        events = screen.query_one(EventsPage)
        place = next(i for i, m in enumerate(events.moments) if len(m.there) > 1)
        while events.at > place:
            events.on_mouse_scroll_up(_Wheel())  # type: ignore[arg-type]
        await pilot.pause()
        await click(pilot, events, (place, 1))
        assert (events.at, events.real_at) == (place, 1)
        await click(pilot, events, (place, 1))
        assert isinstance(app.screen, CodexScreen)
        await pilot.press("escape")
        await click(pilot, tabs, "course")
        course = screen.query_one(CoursePage)
        await click(pilot, course, 3)
        assert course.at == 3
        await click(pilot, course, 3)
        assert isinstance(app.screen, CodexScreen) and app.screen.link == ("figure", course.lines[3].mark.figure)
        await pilot.press("escape")

    on("market", use, session=session)


class _Wheel:
    def stop(self) -> None:
        """As an event."""


def test_at_a_segment_and_a_page() -> None:
    session = asyncio.run(played(2))

    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        assert screen_of(app).segment == "medical" and screen_of(app).page == "course"

    on("market", use, session=session, segment="medical", page="course")


def test_only_the_page_at_hand_is_drawn() -> None:
    session = asyncio.run(played(8))

    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        screen = screen_of(app)
        hidden = [screen.query_one(k) for k in (TimePage, EventsPage, CoursePage)]
        await pilot.press("down", "down", "right")
        assert [page.drawn for page in hidden] == [0, 0, 0]

    on("market", use, session=session)


def test_real_marks_stand_on_the_charts_with_their_doubts() -> None:
    session = asyncio.run(played(12))

    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        await pilot.press("3", "home", "down", "down")
        shown = text(app)
        for label in ("200?", "156?", "19?", "20?"):
            assert label in shown
        assert "口径未必一样" in shown
        await pilot.press("down")
        assert "2.3亿?" in text(app) and "4.3亿?" in text(app), "figures that contradict each other are both drawn"

    on("market", use, session=session, size=(120, 40))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_word_of_the_pages_is_there(lang: str) -> None:
    tongue = Tongue(lang, content=content())  # type: ignore[arg-type]
    for series in SERIES:
        assert tongue.find(f"market.series.{series}") and tongue.find(f"market.series-long.{series}")
    assert all(tongue.find(f"market.page.{page}") for page in PAGES)


def test_shares_shown_add_up_to_a_hundred() -> None:
    session = asyncio.run(played(5))
    past = Past(session.view, asyncio.run(session.look_back()), content())
    for segment in past.view.market.open_segments:
        parts, rest = thousandths(past.view, segment) or ({}, 0)
        assert sum(parts.values()) + rest == 1000
        exact = {f.index: f.share[segment] for f in past.view.firms if f.status == "active"}
        assert all(abs(parts[k] / 1000 - v) < 0.001 for k, v in exact.items())
