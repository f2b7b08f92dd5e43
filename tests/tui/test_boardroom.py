"""The boardroom played with keys, digits and the mouse, against a seat that is made up."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
import pytest
from fake import FakeHost, FakeSeat, seated
from rich.cells import cell_len
from textual.pilot import Pilot

from game.table.wire import Draft, Fans
from game.tui.app import BaimoApp
from game.tui.screens.boardroom import BoardroomScreen, size_class
from game.tui.screens.report import ReportScreen
from game.tui.screens.small import SmallScreen
from game.tui.widgets.futures import FuturesPanel
from game.tui.widgets.levers import LeverPanel
from game.tui.widgets.position import PositionPanel
from game.tui.widgets.strips import NoticeStrip

SIZES = [(80, 24), (100, 30), (120, 40), (200, 60)]
Play = Callable[[BaimoApp, Pilot[None]], Awaitable[None]]


def play(script: Play, *, size: tuple[int, int] = (120, 40), lang: str = "zh", host: FakeHost | None = None,
         **kwargs: object) -> None:  # fmt: skip
    """Run a script in an app that sits in the boardroom."""

    async def go() -> None:
        app = await seated(host, lang=lang, **kwargs)  # type: ignore[arg-type]
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await script(app, pilot)

    asyncio.run(go())


def shown(app: BaimoApp) -> str:
    """What is on the screen now, as text."""
    return "\n".join("".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips())


def levers(app: BaimoApp) -> LeverPanel:
    return app.screen.query_one(LeverPanel)


async def until(pilot: Pilot[None], wanted: Callable[[], bool]) -> None:
    """Wait for what workers do, not for a time."""
    for _ in range(200):
        await pilot.pause()
        if wanted():
            return
    raise AssertionError("waited in vain")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_every_size_shows_its_parts_within_the_budget_of_widgets(size: tuple[int, int], lang: str) -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        text = shown(app)
        say = app.tongue.say
        for key in ("ui.panel.decisions", "futures.title", "ui.board.cash", "ui.board.rank", "tui.group.product"):
            assert say(key) in text, key
        assert len(list(app.screen.walk_children())) + 1 <= 40
        assert all(cell_len(line) == size[0] for line in text.split("\n"))
        assert isinstance(app.screen, BoardroomScreen)
        assert app.screen.has_class(size_class(*size))

    play(script, size=size, lang=lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_no_word_of_the_boardroom_is_cut(size: tuple[int, int], lang: str) -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        for _ in range(4):
            assert "…" not in shown(app), shown(app)
            await pilot.press("tab")

    host = FakeHost()

    async def ahead() -> None:
        from game.table.wire import Draft

        for _ in range(5):
            await host.seat.submit(Draft(host.seat.quarter))

    asyncio.run(ahead())
    play(script, size=size, lang=lang, host=host)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_several_quarters_from_card_to_report(size: tuple[int, int], lang: str) -> None:
    host = FakeHost()

    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        for quarter in range(4):
            assert app.session is not None and app.session.view.quarter == quarter
            await pilot.press("down", "left")
            if app.session.view.card is not None:
                await pilot.press("enter")
                await until(pilot, lambda: getattr(app.screen, "which", "") == "card")
                assert app.tongue.card(app.session.view.card.id).title in shown(app)
                await pilot.press("2", "enter")
            else:
                await pilot.press("enter")
            await until(pilot, lambda: getattr(app.screen, "which", "") == "close")
            await until(pilot, lambda: app.tongue.say("ui.close.cash-after") in shown(app))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, ReportScreen))
            assert app.tongue.say("ui.report.opening") in shown(app)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, BoardroomScreen))
        assert [d.quarter for d in host.seat.drafts] == [0, 1, 2, 3]
        assert host.seat.drafts[0].levers["card.choice"] == 1.0
        assert "price.token" in host.seat.drafts[0].levers

    play(script, size=size, lang=lang, host=host)


def test_arrows_steps_bounds_and_reset() -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        session, panel = app.session, levers(app)
        assert session is not None
        await pilot.press("down")
        assert panel.row is not None and panel.row.id == "price.token"
        await pilot.press("left")
        assert session.value("price.token") == pytest.approx(5.71, abs=0.01) and session.changes == 1
        await pilot.press("right")
        assert not session.changed("price.token"), "back on the standing value it stands again"
        await pilot.press("shift+right")
        assert session.value("price.token") == pytest.approx(7.5)
        await pilot.press("home")
        assert session.value("price.token") == 0
        await pilot.press("end")
        assert session.value("price.token") == 200
        await pilot.press("backspace")
        assert session.changes == 0

    play(script)


def test_typed_numbers_and_what_is_said_of_bad_ones() -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        session, panel = app.session, levers(app)
        assert session is not None
        panel.go_to("research.budget")
        await pilot.press(*"5000")
        await pilot.press("enter")
        assert "已取下限 ¥2,900万" in shown(app), "less than may be spent becomes the least"
        assert session.value("research.budget") == 2.9e7
        await pilot.press(*"9999亿", "enter")
        assert "已取上限" in shown(app) and session.value("research.budget") == 2e10
        panel.go_to("route")
        await pilot.press(*"7", "enter")
        assert not session.changed("route") and "1 闭源" in shown(app), "what the digits pick is said"
        panel.go_to("research.budget")
        await pilot.press(*"50000000", "enter")
        assert session.value("research.budget") == 5e7
        panel.go_to("staff.finance")
        await pilot.press(*"3.5", "enter")
        assert "整数" in shown(app)
        await pilot.press(*"30", "escape")
        assert not session.changed("staff.finance"), "Escape drops what was typed and nothing else"
        assert isinstance(app.screen, BoardroomScreen)
        await pilot.press(*"30", "enter")
        assert session.value("staff.finance") == 30

    play(script)


def test_locked_rows_say_why_and_do_not_move() -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        assert app.session is not None
        levers(app).go_to("knowledge.devices")
        await pilot.press("right", "end", "5", "enter")
        assert not app.session.levers
        assert "还没开" in shown(app)

    play(script)


def test_route_is_one_of_a_few_words() -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        assert app.session is not None
        levers(app).go_to("route")
        await pilot.press("right")
        assert app.session.value("route") == 3
        assert app.tongue.route("open") in shown(app)
        await pilot.press("right")
        assert app.session.value("route") == 3

    play(script)


def test_guidance_is_an_interval() -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        session = app.session
        assert session is not None
        levers(app).go_to("guidance.cash.low")
        assert math.isnan(session.value("guidance.cash.low"))
        await pilot.press("right")
        low, high = session.value("guidance.cash.low"), session.value("guidance.cash.high")
        assert low < session.view.own.cash < high
        await pilot.press("backspace")
        assert session.changes == 0, "guidance goes as a pair"

    play(script)


def test_mouse_clicks_drags_and_wheels() -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        session, panel = app.session, levers(app)
        assert session is not None
        place = next(r for r in panel._regions if r.payload[0] == "slide" and panel.rows[r.payload[1]].id == "price.solution")
        await pilot.mouse_down(panel, offset=(place.x0, place.y))
        assert session.value("price.solution") == pytest.approx(0.4)
        await pilot.hover(panel, offset=(place.x1 - 1, place.y))
        await pilot.mouse_up(panel, offset=(place.x1 - 1, place.y))
        assert session.value("price.solution") == pytest.approx(2.0)
        assert panel.row is not None and panel.row.id == "price.solution"
        arrow = next(r for r in panel._regions if r.payload[0] == "step" and r.payload[2] == 1)
        await pilot.mouse_down(panel, offset=(arrow.x0, arrow.y))
        await pilot.mouse_up(panel, offset=(arrow.x0, arrow.y))
        assert session.value("route") == 3

    play(script)


def test_language_and_theme_switch_in_mid_game_and_keep_the_draft() -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        assert app.session is not None
        await pilot.press("down", "left")
        before = dict(app.session.levers)
        assert "决策" in shown(app)
        await pilot.press("L")
        await pilot.pause()
        assert "Decisions" in shown(app) and "决策" not in shown(app)
        assert app.session.levers == before
        await pilot.press("e")
        await until(pilot, lambda: getattr(app.screen, "which", "") == "card")
        await pilot.press("f7")
        await pilot.pause()
        assert app.tongue.card(app.session.view.card.id).title in shown(app)  # type: ignore[union-attr]
        await pilot.press("escape")
        await pilot.pause()
        assert "决策" in shown(app), "the screen below was told anew too"
        theme = app.theme
        await pilot.press("t")
        assert app.theme != theme
        assert app.host.settings["lang"] == "zh" and app.host.settings["theme"] == app.theme  # type: ignore[attr-defined]

    play(script)


def test_a_hostile_name_is_only_text() -> None:
    name = "[@click=app.quit()]x[/] [red]燧石"
    host = FakeHost(names={"own": name})

    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        text = shown(app)
        assert "[@click=app" in text
        y = next(i for i, line in enumerate(text.split("\n")) if "[@click" in line)
        x = cell_len(text.split("\n")[y].split("[@click")[0])
        await pilot.click(offset=(x + 3, y))
        app.tell(name)
        await pilot.pause()
        assert app.is_running and app.return_code in (None, 0)
        assert "[@click=app" in shown(app)

    play(script, host=host, size=(200, 60))


def test_too_small_a_terminal_says_so_and_comes_back() -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        await pilot.press("down", "left")
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert isinstance(app.screen, SmallScreen)
        assert "80" in shown(app) and "24" in shown(app) and "60" in shown(app)
        for width, height in ((20, 5), (10, 3)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            assert "80×24" in shown(app).replace("\n", "").replace(" ", "") or "80" in shown(app)
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        assert isinstance(app.screen, BoardroomScreen)
        assert app.session is not None and app.session.changes == 1

    play(script)


def test_a_card_waits_is_answered_and_can_be_changed() -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        session = app.session
        assert session is not None and session.view.card is not None
        assert app.screen.query_one(NoticeStrip).display
        await pilot.press("e")
        await until(pilot, lambda: getattr(app.screen, "which", "") == "card")
        await pilot.press("escape")
        await pilot.pause()
        assert session.unanswered == "card"
        await pilot.press("f2", "3", "enter")
        await pilot.pause()
        assert session.unanswered == "card", "a choice that is not open cannot be taken"
        await pilot.press("up", "enter")
        await until(pilot, lambda: isinstance(app.screen, BoardroomScreen))
        assert session.levers["card.choice"] == 1.0
        assert app.tongue.card(session.view.card.id).choices[1][0] in shown(app)
        await pilot.press("e", "1")
        await pilot.pause()
        assert session.levers["card.choice"] == 1.0, "a digit only highlights"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, BoardroomScreen))
        assert session.levers["card.choice"] == 0.0

    play(script)


def test_distress_has_five_ways_and_a_sale_is_asked_about() -> None:
    host = FakeHost(FakeSeat(distress=True, first=4))

    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        session = app.session
        assert session is not None
        await pilot.press("e")
        await until(pilot, lambda: getattr(app.screen, "which", "") == "card")
        for name in ("bridge", "down-round", "sell-unit", "sell-firm", "none"):
            assert app.tongue.say(f"distress.names.{name}") in shown(app)
        await pilot.press("2", "enter")
        await until(pilot, lambda: "distress.choice" in session.levers)
        assert session.levers["distress.choice"] == 1.0

    play(script, host=host)


def test_five_rows_in_a_lesson() -> None:
    host = FakeHost(FakeSeat(levers_shown="five"))

    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        session, panel = app.session, levers(app)
        assert session is not None
        plain = [r for r in panel.rows if r.group != "guidance"]
        assert len(plain) == 5
        panel.go_to("five.compute")
        await pilot.press("shift+right")
        total = sum(session.value(f"compute.{s}") for s in ("import", "domestic", "cloud", "pool"))
        assert total == pytest.approx(540 * 1.25, rel=0.01)
        await pilot.press("backspace")
        assert session.changes == 0
        panel.go_to("five.focus")
        await pilot.press("right")
        assert session.value("staff.medical") == 41 and session.value("staff.finance") == 0
        await pilot.press("left")
        assert session.changes == 0

    play(script, host=host)


def test_quitting_with_a_draft_is_asked_about_and_undo_too() -> None:
    host = FakeHost()

    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        await pilot.press("down", "left", "q")
        await until(pilot, lambda: getattr(app.screen, "which", "") == "ask")
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, BoardroomScreen) and app.is_running
        assert app.session is not None and app.session.changes == 1

    play(script, host=host)


def test_escape_of_a_reason_loses_nothing() -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        session = app.session
        assert session is not None
        session.set("card.choice", 1.0)
        await pilot.press("enter")
        await until(pilot, lambda: getattr(app.screen, "which", "") == "close")
        await pilot.press("tab", *"cheap", "escape")
        await until(pilot, lambda: isinstance(app.screen, BoardroomScreen))
        assert session.reason == "cheap" and session.first_quarter
        await pilot.press("enter")
        await until(pilot, lambda: getattr(app.screen, "which", "") == "close")
        await until(pilot, lambda: app.tongue.say("ui.close.cash-after") in shown(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen))
        assert app.host.seat.drafts[-1].reason == "cheap"  # type: ignore[attr-defined]

    play(script)


def test_the_board_answers_a_lever_at_once() -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        session = app.session
        assert session is not None
        await until(pilot, lambda: session.bill is not None)
        before = session.runway()
        assert before is not None
        levers(app).go_to("research.budget")
        await pilot.press("shift+right")
        await until(pilot, lambda: session.runway() != before)
        assert session.runway() < before  # type: ignore[operator]
        levers(app).go_to("price.token")
        await pilot.press(*"3", "enter")
        assert "▸ 0.6" in shown(app), "what a million tokens leave at the new price"

    play(script, size=(200, 60))


def test_leaving_the_boardroom_is_asked_about() -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        await pilot.press("escape")
        await until(pilot, lambda: getattr(app.screen, "which", "") == "ask")
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, BoardroomScreen)

    play(script)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_futures_follow_the_draft_against_the_plan_before(size: tuple[int, int], lang: str) -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        session = app.session
        assert session is not None
        await until(pilot, lambda: session.ghost is not None and session.foretold is not None)
        assert session.fans is session.ghost
        assert app.tongue.say("futures.ruin") in shown(app)
        levers(app).go_to("price.token")
        await pilot.press("shift+right", "shift+right")
        await until(pilot, lambda: session.foretold is not None and session.fans is session.foretold)
        assert session.fans is not session.ghost and session.fans.cash != session.ghost.cash
        was = app.tongue.say("futures.was", value=app.tongue.percent(session.ghost.bankrupt[-1], 0))
        assert was in shown(app)
        levers(app).reset_all()
        await until(pilot, lambda: session.fans is session.ghost)
        assert was not in shown(app)

    play(script, size=size, lang=lang)


def test_every_fan_can_be_brought_to_the_front_by_key_and_by_mouse() -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        session = app.session
        assert session is not None
        await until(pilot, lambda: session.foretold is not None)
        panel = app.screen.query_one(FuturesPanel)
        panel.focus()
        await pilot.pause()
        for name in ("Revenue", "Value", "Cash"):
            await pilot.press("right")
            await pilot.pause()
            assert app.glyphs.right + name in shown(app)
        tabs = [r for r in panel._regions if r.payload == ("fan", "value")]
        assert tabs
        await pilot.click(panel, offset=(tabs[0].x0, tabs[0].y))
        await pilot.pause()
        assert panel.first == 2 and app.glyphs.right + "Value" in shown(app)

    play(script, size=(80, 24), lang="en")


def test_the_middle_panel_turns_over() -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        position, ahead = (app.screen.query_one(kind) for kind in (PositionPanel, FuturesPanel))
        assert ahead.display and not position.display
        for key in ("b", "ctrl+b"):
            await pilot.press(key)
            assert position.display != ahead.display
        assert ahead.display
        ahead.focus()
        await pilot.press("b")
        await pilot.pause()
        assert position.display and app.focused is position

    play(script)


def test_the_bill_says_what_the_worst_tenth_of_futures_holds() -> None:
    async def script(app: BaimoApp, pilot: Pilot[None]) -> None:
        session = app.session
        assert session is not None
        await pilot.press("enter")
        await until(pilot, lambda: session.foretold is not None)
        fans = session.foretold
        assert fans is not None
        await until(pilot, lambda: app.tongue.money(fans.worst[0]) in shown(app))
        assert app.tongue.percent(fans.bankrupt[-1], 0) in shown(app)

    play(script, lang="en")


def test_a_plan_ahead_that_was_called_off_before_its_last_number_is_played_to_its_end() -> None:
    """The whole fan had come, ruin without new money had not: with the draft put back, the bill must not wait for ever."""

    async def go() -> None:
        from contextlib import aclosing

        app = await seated(lang="en")
        session = app.session
        assert session is not None
        whole = session.seat.futures

        async def in_three(draft: Draft) -> AsyncIterator[Fans]:
            async for fans in whole(draft):
                yield msgspec.structs.replace(fans, unaided=None)
            yield fans

        session.seat.futures = in_three  # type: ignore[method-assign]
        async with aclosing(session.foresee()) as found:
            async for fans in found:
                if fans.games >= fans.wanted:
                    break
        assert session.foretold is None
        async for _ in session.foresee():
            pass
        assert session.foretold is not None and session.foretold is session.ghost

    asyncio.run(go())
