"""A member's seat over a link: the door of `Seat`, and what a class adds to it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable

import pytest
from fake_room import CODE, FakeRoom

from game.classroom import messages as m
from game.classroom.client import RoomSeat
from game.table.errors import DraftError
from game.table.wire import Draft, Event, Message


def run(play: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(play(), 20))  # type: ignore[arg-type]


async def seats(room: FakeRoom, count: int = 2) -> list[RoomSeat]:
    found = []
    for n in range(count):
        place = await room.join(m.Join(1, CODE, f"n{n}"))
        found.append(RoomSeat(await room.connect(place.member, "api")))
    return found


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def test_a_whole_game_through_a_room() -> None:
    async def play() -> None:
        room = FakeRoom()
        one, two = await seats(room)
        heard: list[Event] = []
        await one.present()
        events = one.events()
        assert await one.last_report() is None
        for number in range(6):
            view = await one.view()
            assert view.quarter == 4 + number and view.firm == 0
            assert not (await one.preview(Draft(view.quarter, {"price": 0.1}))).errors
            first = asyncio.create_task(one.submit(Draft(view.quarter, {"price": 0.1 * number})))
            await turns()
            assert not first.done()
            other = await two.submit(Draft(view.quarter))
            report = await first
            assert report.quarter == view.quarter == other.quarter and report == await one.last_report()
            assert report != other
        async for event in events:
            heard.append(event)
        assert {e.kind for e in heard} <= {"quarter-closed", "quarter-opened", "game-over"} and heard[-1].kind == "game-over"
        assert [e.quarter for e in heard if e.kind == "quarter-closed"] == list(range(4, 10))
        assert (await one.present()).phase == "debrief"

    run(play)


def test_faults_are_those_of_the_room() -> None:
    async def play() -> None:
        (seat,) = await seats(FakeRoom(), 1)
        with pytest.raises(DraftError) as caught:
            await seat.submit(Draft(4, {"price": -1.0, "nonsense": 2.0}))
        assert [f.id for f in caught.value.messages] == ["draft.unknown", "draft.range"]
        with pytest.raises(DraftError, match="other-quarter"):
            await seat.submit(Draft(9))

    run(play)


def test_a_decision_taken_back_is_told_to_who_waits() -> None:
    async def play() -> None:
        seat, _ = await seats(FakeRoom())
        waiting = asyncio.create_task(seat.submit(Draft(4, {"price": 1.0})))
        await turns()
        assert seat.now is not None and seat.now.decided
        await seat.withdraw()
        with pytest.raises(DraftError, match="withdrawn"):
            await waiting
        await seat.save(Draft(4, {"price": 2.0}))
        await turns()
        assert seat.now.draft == Draft(4, {"price": 2.0}) and not seat.now.decided

    run(play)


def test_the_clock_closes_a_quarter_for_who_waits() -> None:
    async def play() -> None:
        room = FakeRoom()
        one, _ = await seats(room)
        waiting = asyncio.create_task(one.submit(Draft(4, {"price": 1.0})))
        await turns()
        await room.close_quarter()
        assert (await waiting).quarter == 4

    run(play)


def test_futures_come_through() -> None:
    async def play() -> None:
        (seat,) = await seats(FakeRoom(), 1)
        found = [f async for f in seat.futures(Draft(4, {"price": 3.0}))]
        assert [f.games for f in found] == [250, 1000] and found[0].cash[0][0] == 3.0

    run(play)


def test_a_newer_connection_ends_the_older() -> None:
    async def play() -> None:
        room = FakeRoom()
        (seat,) = await seats(room, 1)
        waiting = asyncio.create_task(seat.submit(Draft(4)))
        await turns()
        await room.connect("m0", "browser")
        with pytest.raises(ConnectionError):
            await waiting
        heard = [p async for p in seat.pushes()]
        assert isinstance(heard[-1], m.Gone) and heard[-1].why == "newer" and seat.gone == heard[-1]
        assert [e.kind async for e in seat.events()][-1] == "game-over"

    run(play)


def test_a_slow_reader_gets_the_newest() -> None:
    async def play() -> None:
        room = FakeRoom()
        (seat,) = await seats(room, 1)
        await seat.present()
        pushes = seat.pushes()
        for _ in range(100):
            room.tell()
            await turns(2)
        first = await anext(pushes)
        assert isinstance(first, m.Now) and first.version == room.version

    run(play)


class LostAnswer:
    """A link that breaks after the room has heard a decision: the quarter closes, the decision is said again."""

    def __init__(self, inner: object, room: FakeRoom) -> None:
        self.inner, self.room, self.epoch = inner, room, 1

    async def ask(self, request: m.Request) -> m.Answer:
        answer = await self.inner.ask(request)  # type: ignore[attr-defined]
        if isinstance(request, m.Decide):
            await self.room.close_quarter()
            self.epoch += 1
            return await self.inner.ask(request)  # type: ignore[attr-defined]
        return answer

    def pushes(self) -> object:
        return self.inner.pushes()  # type: ignore[attr-defined]


def test_a_decision_said_twice_over_a_break_is_no_fault() -> None:
    async def play() -> None:
        room = FakeRoom()
        await seats(room)
        seat = RoomSeat(LostAnswer(await room.connect("m0", "api"), room))  # type: ignore[arg-type]
        assert (await seat.submit(Draft(4, {"price": 1.0}))).quarter == 4

    run(play)


def test_notices_are_events() -> None:
    async def play() -> None:
        room = FakeRoom()
        (seat,) = await seats(room, 1)
        now = await seat.present()
        events = seat.events()
        assert (await asyncio.wait_for(_first(events, room, now), 5)).message == Message("class.room.disk")

    async def _first(events, room, now):  # type: ignore[no-untyped-def]
        import msgspec

        task = asyncio.create_task(anext(events))
        await turns()
        room.connections["m0"].box.put(msgspec.structs.replace(now, version=99, notice=Message("class.room.disk")))
        return await task

    run(play)


def test_it_needs_neither_numpy_nor_a_network() -> None:
    code = "import sys, game.classroom.client; print(*{'numpy', 'aiohttp', 'textual', 'rich'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == ""
