"""A member's screens, with a room that is all in the test's hands."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from game.classroom import messages as m
from game.classroom.client import RoomSeat
from game.table.errors import DraftError
from game.table.wire import Draft, Message
from game.tui import seat_app
from game.tui.screens.forecast import interval, written
from game.tui.seat_app import SeatApp
from game.tui.widgets.levers import LeverPanel
from tests.tui import screen_kit as kit
from tests.tui.room_fake import FakeRoom

_KEY = re.compile(r"\b(?:ui|class|tui|seat)\.[a-z_-]+(?:\.[a-z_-]+)+\b")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seat_app, "SAVE_AFTER", 0.01)


async def until(pilot: Pilot[None], true: Callable[[], object]) -> None:
    """Let the application work until something is so."""
    for _ in range(300):
        if true():
            await pilot.pause()
            return
        await pilot.pause(0.01)
    raise AssertionError(f"not so after a while: {kit.text(pilot.app)}")  # type: ignore[arg-type]


def which(app: SeatApp) -> str:
    """The name of the screen at hand."""
    return str(getattr(app.screen, "which", ""))


def member(
    room: FakeRoom, use: Callable[[SeatApp, Pilot[None]], Awaitable[None]], *, who: str = "m1", lang: str = "zh",
    size: tuple[int, int] = (80, 24), way: str = "terminal",
) -> None:  # fmt: skip
    """Be a member of a room."""

    async def go() -> None:
        app = SeatApp(kit.content(), RoomSeat(room.link(who)), lang=lang, way=way)  # type: ignore[arg-type]
        async with app.run_test(size=size, notifications=True) as pilot:
            await until(pilot, lambda: app.now is not None)
            await use(app, pilot)
            kit.check(app)  # type: ignore[arg-type]

    asyncio.run(go())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_quarter_from_the_lobby_to_the_report(lang: str, size: tuple[int, int]) -> None:
    room = FakeRoom(rivals=11)

    async def use(app: SeatApp, pilot: Pilot[None]) -> None:
        def clean() -> None:
            assert not _KEY.search(kit.text(app)), kit.text(app)  # type: ignore[arg-type]
            kit.check(app)  # type: ignore[arg-type]

        assert which(app) == "room" and room.names[10] in kit.text(app)  # type: ignore[arg-type]
        clean()
        room.open(90)
        await until(pilot, lambda: which(app) == "seat")
        assert "1:" in kit.rows(app)[0]  # type: ignore[arg-type]
        clean()
        await pilot.press("down", "right")
        await until(pilot, lambda: room.draft is not None)
        await pilot.press("enter")  # the card first, then the sheet
        await until(pilot, lambda: which(app) == "card")
        await pilot.press("enter")
        await until(pilot, lambda: which(app) == "close" and app.screen.query("BillPanel").first().preview is not None)
        await pilot.press("enter")
        await until(pilot, lambda: room.decided and which(app) == "forecast")  # one is due
        clean()
        assert "F1" in kit.rows(app)[-1] and "?" not in kit.rows(app)[-1]  # type: ignore[arg-type]  # it would be typed
        await pilot.press(*"2e8 4e8", "enter", "enter", *"cheap", "enter")
        await until(pilot, lambda: room.reasons.get("m1") == "cheap" and which(app) == "room")
        assert room.forecasts["m1"] == {"cash": (2e8, 4e8)}
        clean()
        await room.close()
        await until(pilot, lambda: which(app) == "report")
        clean()
        await pilot.press("escape")
        await until(pilot, lambda: which(app) == "room")
        clean()
        room.open()
        await until(pilot, lambda: which(app) == "seat")

    member(room, use, lang=lang, size=size)


def test_a_decision_is_taken_back_and_the_draft_stays() -> None:
    room = FakeRoom()

    async def use(app: SeatApp, pilot: Pilot[None]) -> None:
        room.open()
        await until(pilot, lambda: which(app) == "seat")
        room.forecasts["m1"] = {"cash": (1.0, 2.0)}
        room.tell(draft=Draft(room.seat.quarter, {"price.token": 7.0}), decided=True)
        await until(pilot, lambda: app.now is not None and app.now.decided)
        await pilot.press("right")
        assert app.session is not None and app.session.levers == {"price.token": 7.0}
        await pilot.press("escape", "escape", "z")  # the first takes the complaint away
        await until(pilot, lambda: not room.decided and which(app) == "seat")
        assert app.session.levers == {"price.token": 7.0} and app.session.writable

    member(room, use)


def test_who_does_not_hold_the_pen_sees_the_draft_move_and_moves_nothing() -> None:
    room = FakeRoom()

    async def use(app: SeatApp, pilot: Pilot[None]) -> None:
        room.link("m1")
        room.open()
        await until(pilot, lambda: which(app) == "seat")
        await pilot.press("down", "right")
        assert app.session is not None and not app.session.levers and room.draft is None
        assert "小雨" in kit.text(app)  # type: ignore[arg-type]
        room.tell(draft=Draft(room.seat.quarter, {"price.token": 4.5}), saved=1)
        await until(pilot, lambda: app.session is not None and app.session.levers == {"price.token": 4.5})
        await until(pilot, lambda: "4.5" in kit.text(app))  # type: ignore[arg-type]
        await pilot.press("n")  # the holder is here: refused
        await until(pilot, lambda: any(isinstance(r, m.Pen) for who, r in room.asked if who == "m2"))
        assert not app.session.writable
        await pilot.press("p")
        await until(pilot, lambda: which(app) == "forecast")
        await pilot.press(*"1e8 3e8", "down", "down", "enter")
        await until(pilot, lambda: room.forecasts.get("m2") == {"cash": (1e8, 3e8)})
        room.tell(pen="m2")
        await until(pilot, lambda: app.session is not None and app.session.writable)
        app.session.set("price.token", 5.0)
        await until(pilot, lambda: room.draft is not None and room.draft.levers == {"price.token": 5.0})

    member(room, use, who="m2")


def test_the_pen_is_handed_on() -> None:
    room = FakeRoom()

    async def use(app: SeatApp, pilot: Pilot[None]) -> None:
        room.open()
        await until(pilot, lambda: which(app) == "seat")
        await pilot.press("n")
        await until(pilot, lambda: which(app) == "pen")
        await pilot.press("down", "enter")
        await until(pilot, lambda: room.pen == "m3" and app.session is not None and not app.session.writable)

    member(room, use)


@pytest.mark.parametrize("drafted", [True, False])
def test_the_clock_moves_everybody_on_wherever_they_are(drafted: bool) -> None:
    room = FakeRoom()

    async def use(app: SeatApp, pilot: Pilot[None]) -> None:
        room.open(60)
        await until(pilot, lambda: which(app) == "seat")
        if drafted:
            app.query_one  # noqa: B018
            app.screen.query_one(LeverPanel).focus()
            await pilot.press("down", "right")
            await until(pilot, lambda: room.draft is not None)
        await pilot.press("c")
        await until(pilot, lambda: which(app) == "codex")
        await room.close()
        await until(pilot, lambda: which(app) == "report")
        assert room.seat.drafts[-1].levers.keys() == ({"price.token"} if drafted else set())
        assert app.session is not None and not app.session.levers
        assert app.session.report is not None and app.session.report.quarter == app.session.view.quarter - 1
        assert [type(s).__name__ for s in app.screen_stack][-2:] == ["RoomScreen", "ReportScreen"]

    member(room, use)


def test_who_comes_again_finds_the_draft() -> None:
    room = FakeRoom()
    room.open(100)
    room.tell(draft=Draft(room.seat.quarter, {"price.token": 3.0}, "because"))

    async def use(app: SeatApp, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: which(app) == "seat")
        assert app.session is not None and app.session.levers == {"price.token": 3.0} and app.session.reason == "because"

    member(room, use)
    member(room, use)


def test_a_newer_connection_wins_and_the_older_is_told() -> None:
    room = FakeRoom()

    async def use(app: SeatApp, pilot: Pilot[None]) -> None:
        room.open()
        await until(pilot, lambda: which(app) == "seat")
        room.links["m1"].push(m.Gone("newer", Message("class.seat.gone.closed")))
        await until(pilot, lambda: which(app) == "room" and app.gone is not None)
        assert "连接已结束" in kit.text(app)  # type: ignore[arg-type]
        room.links["m1"].connected = False
        app._tick()
        assert "重连" not in kit.text(app)  # type: ignore[arg-type]
        await pilot.press("enter")
        assert which(app) == "room"

    member(room, use)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_receiver_forecasts_the_price_and_founds_again_once(lang: str) -> None:
    room = FakeRoom()

    async def use(app: SeatApp, pilot: Pilot[None]) -> None:
        room.open(100)
        await until(pilot, lambda: which(app) == "seat")
        room.tell(receiver=True, terms=m.Terms(3e7, 0.6, 0.31))
        await until(pilot, lambda: which(app) == "room")
        assert not _KEY.search(kit.text(app)) and "60%" in kit.text(app)  # type: ignore[arg-type]
        await pilot.press("p")
        await until(pilot, lambda: which(app) == "forecast")
        await pilot.press(*"2.5 3.5", "enter", "enter")
        await until(pilot, lambda: room.forecasts.get("m1") == {"price": (2.5, 3.5)})
        await pilot.press("y")
        await until(pilot, lambda: which(app) == "ask")
        await pilot.press("enter")
        await until(pilot, lambda: any(isinstance(r, m.Reenter) for _, r in room.asked))

    member(room, use, lang=lang)


def test_what_people_write_is_never_markup() -> None:
    hostile = "[@click=app.exit()]x[/] [b]"
    room = FakeRoom((hostile, "b", "c"))
    room.names[0] = hostile

    async def use(app: SeatApp, pilot: Pilot[None]) -> None:
        room.tell(told=[m.Told(1, hostile)])
        await until(pilot, lambda: kit.text(app).count("[@click") >= 3)  # type: ignore[arg-type]
        room.tell(told=[m.Told(1, hostile), m.Told(2, hostile + "2")])
        await until(pilot, lambda: "[b]2" in kit.text(app))  # type: ignore[arg-type]

    member(room, use, size=(120, 40))


def test_no_way_out_of_the_room(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    room = FakeRoom()
    monkeypatch.setattr(SeatApp, "exit", lambda *_: pytest.fail("left"))
    monkeypatch.setattr(SeatApp, "export_screenshot", lambda *_: pytest.fail("a picture"))

    async def use(app: SeatApp, pilot: Pilot[None]) -> None:
        for key in ("ctrl+q", "ctrl+c", "q", "ctrl+p", "f12", "escape"):
            await pilot.press(key)
        await pilot.pause()
        assert which(app) == "room"
        room.open()
        await until(pilot, lambda: which(app) == "seat")
        for key in ("u", "a", "x", "q", "ctrl+p"):  # undo, analysis, rows, quit
            await pilot.press(key)
        await pilot.pause()
        assert which(app) == "seat"
        with monkeypatch.context() as patch:
            patch.undo()

    async def go() -> None:
        app = SeatApp(kit.content(), RoomSeat(room.link()), lang="zh", way="browser")
        async with app.run_test(size=(100, 30)) as pilot:
            await until(pilot, lambda: app.now is not None)
            await use(app, pilot)
            monkeypatch.undo()

    asyncio.run(go())


def test_what_was_forecast_is_written_as_it_is_read() -> None:
    for value in (1.25e8, -3e6, 2.5, 0.0, 123456789.0, 99999.0, -1e12 / 3):
        for lang in ("zh", "en"):
            found = interval(f"{written(value, lang)} {written(value, lang)}")
            assert found is not None and found[0] == pytest.approx(value, rel=1e-11)


def test_an_interval_is_two_numbers_as_people_write_them() -> None:
    assert interval("3亿 4.2亿") == (3e8, 4.2e8)
    assert interval("300M to 250M") == (2.5e8, 3e8)
    assert interval("-2000万～1000万") == (-2e7, 1e7)
    assert interval("12") is None and interval("a b") is None and interval("1 2 3") is None


_SCRIPT = """
import asyncio, sys
from game.classroom.client import RoomSeat
from game.tui import seat_host
from game.tui.seat_app import SeatApp
from game.content import load
from tests.tui.room_fake import FakeRoom
async def go():
    content, room = load(), FakeRoom()
    seat_host.warm(content)
    app = SeatApp(content, RoomSeat(room.link()), way="browser")
    async def until(name):
        for _ in range(400):
            if getattr(app.screen, "which", "") == name:
                return await pilot.pause()
            await pilot.pause(0.01)
        raise SystemExit(f"never at {name}")
    async with app.run_test(size=(120, 40)) as pilot:
        room.open(60)
        await until("seat")
        await pilot.press("m"); await until("market")
        await pilot.press("escape", "c"); await until("codex")
        await pilot.press("escape", "i"); await until("advice")
        await room.close()
        await until("report")
        await pilot.press("w"); await until("why")
asyncio.run(go())
print(sorted(name for name in ("numpy", "aiohttp", "game.table.table", "game.engine.play") if name in sys.modules))
"""


def test_a_host_process_needs_no_numpy() -> None:
    done = subprocess.run([sys.executable, "-c", _SCRIPT], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_what_the_room_refuses_or_does_not_answer_is_no_fault_of_the_program() -> None:
    room = FakeRoom()

    async def use(app: SeatApp, pilot: Pilot[None]) -> None:
        room.open()
        await until(pilot, lambda: which(app) == "seat")
        answer = room.answer

        async def refused(who: str, request: m.Request) -> object:
            if isinstance(request, m.Cost):
                raise DraftError([Message("class.seat.busy")])
            if isinstance(request, m.Past):
                raise ConnectionError("closed")
            return await answer(who, request)

        room.answer = refused  # type: ignore[method-assign]
        await pilot.press("down", "right")
        await until(pilot, lambda: "问得太快" in kit.text(app))  # type: ignore[arg-type]
        await pilot.press("m")
        await until(pilot, lambda: "够不到房间" in kit.text(app))  # type: ignore[arg-type]
        assert app.is_running and not app.fault

    member(room, use, size=(120, 40))
