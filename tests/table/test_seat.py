"""The door for screens: views, drafts, reports and events, also as bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from fake_market import FakeMarket

from game.table.errors import DraftError
from game.table.seat import EncodedSeat, Host, Seat
from game.table.table import Table
from game.table.wire import Draft, Event

ALONE = {0: "human", 1: "thumb", 2: "reactive"}
TWO = {0: "human", 1: "thumb", 2: "human"}


def run(play: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(play(), 20))  # type: ignore[arg-type]


def host(seats: dict[int, str] = ALONE) -> Host:
    return Host(Table.new(FakeMarket(), seats, seed="7"))


@pytest.mark.parametrize("wrap", [lambda seat: seat, EncodedSeat])
def test_a_campaign_through_the_door(wrap: Callable[[Seat], Seat]) -> None:
    async def play() -> None:
        there = host()
        seat = wrap(there.seat(0))
        heard: list[Event] = []
        events = seat.events()
        assert await seat.last_report() is None
        for number in range(6):
            view = await seat.view()
            assert view.quarter == 4 + number and len(view.history) == number + 1 and not view.ended
            draft = Draft(view.quarter, {"price": 0.1 * number}, "because")
            assert not (await seat.preview(draft)).errors
            report = await seat.submit(draft)
            assert report.quarter == view.quarter and report == await seat.last_report()
        async for event in events:
            heard.append(event)
        assert [e.kind for e in heard] == ["quarter-closed", "quarter-opened"] * 5 + ["quarter-closed", "game-over"]
        assert (await seat.view()).ended == "niche-master"
        if isinstance(seat, EncodedSeat):
            assert seat.bytes > 10_000
        async for event in seat.events():  # who comes late hears that it is over
            assert event.kind == "game-over"

    run(play)


def test_two_people_wait_for_each_other() -> None:
    async def play() -> None:
        there = host(TWO)
        one, two = there.seat(0), there.seat(2)
        first = asyncio.create_task(one.submit(Draft(4, {"price": 1.0})))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not first.done() and there.table.waiting == [2]
        second = await two.submit(Draft(4, {"price": 2.0}))
        assert (await first).quarter == second.quarter == 4
        assert (await first).closing_fen != second.closing_fen

    run(play)


def test_whoever_leaves_has_still_decided() -> None:
    async def play() -> None:
        there = host(TWO)
        gone = asyncio.create_task(there.seat(0).submit(Draft(4, {"price": 3.0})))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        gone.cancel()
        await there.seat(2).submit(Draft(4))
        assert there.table.record.run().decisions(0)[0]["price"] == 3.0

    run(play)


def test_changing_ones_mind_before_the_end() -> None:
    async def play() -> None:
        there = host(TWO)
        seat = there.seat(0)
        both = [asyncio.create_task(seat.submit(Draft(4, {"price": p}))) for p in (1.0, 2.0)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await there.seat(2).submit(Draft(4))
        one, two = await asyncio.gather(*both)
        assert one == two and there.table.record.run().decisions(0)[0]["price"] == 2.0

    run(play)


def test_clock_closes_the_quarter() -> None:
    async def play() -> None:
        there = host(TWO)
        seat = there.seat(0)
        waiting = asyncio.create_task(seat.submit(Draft(4)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert await there.close_quarter() == [2]
        assert (await waiting).quarter == 4 and there.table.quarter == 5

    run(play)


def test_faults_come_back_as_messages() -> None:
    async def play() -> None:
        seat = EncodedSeat(host().seat(0))
        with pytest.raises(DraftError) as caught:
            await seat.submit(Draft(4, {"prize": 1.0}))
        assert [m.id for m in caught.value.messages] == ["draft.unknown"]
        assert [m.id for m in (await seat.preview(Draft(4, {"prize": 1.0}))).errors] == ["draft.unknown"]
        with pytest.raises(DraftError):
            await seat.submit(Draft(3))

    run(play)


def test_a_fault_of_the_market_reaches_everyone_who_waits() -> None:
    class Broken(FakeMarket):
        def play(self, s, decisions):  # type: ignore[no-untyped-def]
            raise RuntimeError("no market")

    async def play() -> None:
        there = Host(Table.new(Broken(), TWO))
        first = asyncio.create_task(there.seat(0).submit(Draft(4)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError):
            await there.seat(2).submit(Draft(4))
        with pytest.raises(RuntimeError):
            await first
        assert there.table.quarter == 4

    run(play)


def test_who_listens_is_told_what_happened_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    Table.new(FakeMarket(), ALONE, path=path).close()
    path.write_bytes(path.read_bytes() + b'{"kind":"quar')

    async def play() -> None:
        with Table.resume(FakeMarket("f" * 64), path) as table:
            events = Host(table).seat(0).events()
            first, second = [await anext(events) for _ in range(2)]
            assert [e.message.id for e in (first, second) if e.message] == ["run.torn", "run.older-rules"]

    run(play)


def test_no_seat_without_a_person() -> None:
    async def play() -> None:
        with pytest.raises(LookupError):
            host().seat(1)

    run(play)
