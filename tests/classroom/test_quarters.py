"""The clock, the absent, cards for all, firms that end and begin again, and a kill in the middle of a quarter."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace
from room_kit import (
    HandTime,
    asked,
    created,
    decide,
    drafted,
    faults,
    newcomer,
    now,
    opened,
    run,
    settle,
    snapshot,
    view,
)

from game.classroom import turn as turns
from game.classroom.errors import ClassError
from game.classroom.messages import (
    Argue,
    Clock,
    Close,
    Deal,
    Debrief,
    Decide,
    Guess,
    NextRound,
    Now,
    Open,
    Pause,
    Recall,
    Reenter,
    Save,
    Tell,
)
from game.classroom.room import Room
from game.classroom.turn import ABSENT
from game.content import Content
from game.table.local import market_of
from game.table.replay import replay
from game.table.runfile import read_run
from game.table.wire import Draft, Report


async def cannot(room: Room, command: object) -> str:
    with pytest.raises(ClassError) as found:
        await room.teach(command)  # type: ignore[arg-type]
    return found.value.message.id


def test_the_clock_closes_a_quarter(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        time = HandTime()
        room = await created(shipped, tmp_path / "a.room", clock=time, seconds=60.0)
        _, link = await newcomer(room)
        await room.teach(Open())
        await settle(room)
        time.move(20.0)
        await settle(room)
        assert (room.desk().left, room.desk().phase) == (40.0, "open") and (await now(link)).left == 60.0
        await room.teach(Pause(True))
        time.move(100.0)
        await settle(room)
        assert (room.desk().left, room.desk().phase, room.desk().paused) == (40.0, "open", True)
        assert (await decide(link)).faults[0].id == "class.room.paused"
        await room.teach(Pause(False))
        await room.teach(Clock(10.0))
        await settle(room)
        time.move(9.0)
        await settle(room)
        assert room.desk().phase == "open"
        time.move(2.0)
        await settle(room)
        assert room.desk().phase == "between" and room.desk().left is None and room.desk().teams[0].stood_in == "standing"
        await room.teach(Open(5.0))
        assert room.desk().left == 5.0
        await room.teach(Clock(None))
        await settle(room)
        time.move(1e6)
        await settle(room)
        assert room.desk().phase == "open" and room.desk().left is None
        await room.close()

    run(go())


def test_who_stands_in(shipped: Content, tmp_path: Path) -> None:
    """A saved draft, even one that answers no card; then standing levers; then default management. It is all on record."""

    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room", teams=4)
        (_, saver), (_, silent), (_, busy) = [await newcomer(room, str(n), team=f"seat-{n}") for n in (1, 2, 3)]
        told: list[list[str]] = []
        for turn in range(4):
            await room.teach(Open())
            if turn == 1:
                await room.teach(Deal(next(c for c in room.desk().cards if len(shipped.cards[c].choices) > 1)))
            seen = await view(saver)
            if turn < 3:
                price = 5.0 + turn
                assert not (await saver.ask(Save(Draft(seen.quarter, {"price.token": price}, "saved")))).faults
            await decide(busy)
            await room.teach(Close())
            told.append([t.stood_in for t in room.desk().teams])
            if turn < 3:
                assert (await view(saver)).standing["price.token"] == price
        assert told == [["draft", "standing", "", "managed"], *[["draft", "managed", "", "managed"]] * 2,
                        ["standing", "managed", "", "managed"]]  # fmt: skip
        assert [t.absent for t in room.desk().teams] == [1, 4, 0, 4] and ABSENT == 2
        await settle(room)
        there = await now(silent)
        assert (there.stood_in, there.absent) == ("managed", 4)
        assert not (await room.teach(Open())) and not (await decide(silent)).faults
        await room.teach(Close())
        assert room.desk().teams[1].absent == 0
        files = await room.export(tmp_path / "pack")
        found = read_run(files[0])
        assert [q.drafts.keys() for q in found.quarters] == [{0, 2}] * 3 + [{2}] + [{1}]
        assert replay(market_of(shipped, found.head, "x"), found, check=True).difference is None
        await room.close()

    run(go())


def test_cards_for_all(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        first = 0
        cards = ["ankle-cut", "city-courting", "dirty-data"]
        room = await created(shipped, tmp_path / "a.room", planned={first: ["dirty-data"]})
        cards = [c for c in room.desk().cards if c != "dirty-data"][:2]
        (_, one), (_, two) = await newcomer(room, "1"), await newcomer(room, "2")
        assert (await view(one)).card.id == "dirty-data" and room.desk().planned == ["dirty-data"]  # type: ignore[union-attr]
        assert await cannot(room, Deal("nonsense")) == "class.room.no-card"
        await room.teach(Open())
        assert room.desk().dealt == ["dirty-data"] and room.desk().planned == []
        await room.teach(Deal(cards[0]))
        assert room.desk().dealt == ["dirty-data", cards[0]]
        assert [(await view(link)).card.id for link in (one, two)] == [cards[0]] * 2  # type: ignore[union-attr]
        assert (await one.ask(Decide(Draft(first)))).faults[0].id == "draft.card-first"
        await decide(one)
        await room.teach(Deal(cards[1]))
        assert room.desk().planned == [cards[1]] and (await view(two)).card.id == cards[0]  # type: ignore[union-attr]
        again = await opened(shipped, snapshot(tmp_path / "a.room", tmp_path / "killed"))
        assert replace(again.desk(), version=0, teams=[]) == replace(room.desk(), version=0, teams=[])
        assert again._hall.tables[0].state.card.tolist() == room._hall.tables[0].state.card.tolist()
        await again.close()
        await decide(two)
        await settle(room)
        assert room.desk().phase == "between" and room.desk().planned == [cards[1]]
        await room.teach(Open())
        assert (await view(one)).card.id == cards[1] and room.desk().dealt == [cards[1]]  # type: ignore[union-attr]
        await room.close()

    run(go())


def test_a_kill_in_the_middle_of_a_quarter(shipped: Content, tmp_path: Path) -> None:
    """Whatever was acknowledged is there again; the clock stands until the teacher goes on."""

    async def go() -> None:
        time = HandTime()
        room = await created(shipped, tmp_path / "a.room", teams=3, clock=time)
        (a, one), (b, two), (c, three) = [await newcomer(room, n) for n in "甲乙丙"]
        await room.teach(Open(300.0))
        await settle(room)
        quarter = room.desk().quarter
        await one.ask(Guess(quarter, "cash", 1.0, 2e9))
        await one.ask(Argue(quarter, "算力便宜"))
        await decide(one, **{"price.token": 9.0})
        await two.ask(Save(Draft(quarter, {"price.token": 8.0}, "later")))
        await room.teach(Tell("还有两分钟"))
        time.move(70.0)
        await settle(room)
        before = [await now(link) for link in (one, two, three)]
        again = await opened(shipped, snapshot(tmp_path / "a.room", tmp_path / "killed"))
        links = [await again.connect(again.member_of(p.secret) or "", "api") for p in (a, b, c)]
        after = [await now(link) for link in links]

        def same(one: Now) -> Now:
            mates = [replace(m, here=False) for m in one.mates]
            return replace(one, version=0, paused=False, left=0.0, mates=mates, rivals=[replace(r, here=False) for r in one.rivals])

        assert [same(n) for n in after] == [same(n) for n in before]
        assert after[0].reason == "算力便宜" and after[0].forecast == {"cash": (1.0, 2e9)} and after[1].saved == 1
        assert again.desk().paused and again.desk().left == 230.0
        assert (await decide(links[2])).faults[0].id == "class.room.paused"
        await again.teach(Pause(False))
        await room.teach(Pause(False))
        await asyncio.gather(*(decide(link) for link in (two, three)), *(decide(link) for link in links[1:]))
        await settle(room)
        await settle(again)
        assert room.desk().phase == again.desk().phase == "between"
        states = [r._hall.tables[0].market.pack(r._hall.tables[0].state) for r in (room, again)]
        assert states[0] == states[1]
        said = again._hall.tables[0].record.run().reasons
        assert [r.text for r in said.values()] == ["算力便宜"]
        await room.close()
        await again.close()

    run(go())


def test_a_clockless_quarter_goes_on_after_a_kill(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room")
        place, _ = await newcomer(room)
        await room.teach(Open())
        again = await opened(shipped, snapshot(tmp_path / "a.room", tmp_path / "killed"))
        await room.close()
        assert again.desk().phase == "open" and not again.desk().paused
        assert not (await decide(await again.connect(place.member, "api"))).faults
        await again.close()

    run(go())


def test_receivers_forecast_and_found_again_once(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room")
        (_, broke), (_, well) = await newcomer(room, "1", team="seat-1"), await newcomer(room, "2", team="seat-2")
        for _ in range(12):
            if room.desk().teams[0].status != "active":
                break
            assert await faults(broke, Reenter()) == ["class.room.no-second-firm"]
            await room.teach(Open())
            seen = await view(broke)
            research = seen.limits["research.budget"].high
            answers = {"distress.choice": 4.0} if seen.distress else {}
            await broke.ask(Decide(replace(drafted(seen), levers={**drafted(seen).levers, "research.budget": research, **answers})))
            await well.ask(Decide(drafted(await view(well), **{"finance.raise": (await view(well)).limits["finance.raise"].high / 2})))
            await settle(room)
        assert room.desk().teams[0].status == "bankrupt"
        await settle(room)
        there = await now(broke)
        assert there.receiver and there.terms is not None and there.terms.cash > 0 and 0 < there.terms.founders_share < 1
        await room.teach(Open())
        quarter = room.desk().quarter
        assert (await decide(broke)).faults[0].id == "class.room.ended"
        assert await faults(broke, Guess(quarter, "cash", 1.0, 2.0)) == ["class.room.forecast-price"]
        assert not (await broke.ask(Guess(quarter, "price", 1.0, 20.0))).faults
        await decide(well, **{"finance.raise": (await view(well)).limits["finance.raise"].high / 2})
        await settle(room)
        assert room.desk().phase == "between"
        kept = await room._hall.store.read(lambda db: db.execute("SELECT what, actual, score, naive FROM forecasts").fetchall())
        assert len(kept) == 1 and kept[0][0] == "price" and kept[0][1] == room.board().history[-1].token_price
        assert kept[0][2] > 0 and kept[0][3] > 0
        assert not (await broke.ask(Reenter())).faults
        await settle(room)
        assert room.desk().teams[0].status == "active" and room.desk().teams[0].reentered
        assert await faults(broke, Reenter()) == ["class.room.no-second-firm"]
        terms = (await now(broke)).terms
        assert (terms is None and (await view(broke)).own.cash == there.terms.cash) or (await view(broke)).own.cash > 0
        again = await opened(shipped, snapshot(tmp_path / "a.room", tmp_path / "killed"))
        assert again.desk().teams[0].status == "active" and again.desk().teams[0].reentered
        await again.close()
        await room.teach(Open())
        assert not (await decide(broke)).faults
        await decide(well)
        await settle(room)
        found = read_run((await room.export(tmp_path / "pack"))[0])
        assert replay(market_of(shipped, found.head, "x"), found, check=True).difference is None
        await room.close()

    run(go())


def test_forecasts_are_scored(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room", teams=1)
        _, link = await newcomer(room)
        await room.teach(Open())
        quarter = room.desk().quarter
        await link.ask(Guess(quarter, "cash", 0.0, 1.0))
        await link.ask(Guess(quarter, "cash", 0.0, 10.0))
        await decide(link)
        await settle(room)
        report = await asked(link, Recall(), Report)
        (kept,) = await room._hall.store.read(lambda db: db.execute("SELECT low, high, actual, score FROM forecasts").fetchall())
        actual = report.closing_fen / 100
        assert kept == (0.0, 10.0, actual, pytest.approx(10.0 + 10.0 * (actual - 10.0)))
        assert (await now(link)).forecast == {}
        await room.close()

    run(go())


def test_a_command_that_nobody_waits_for_is_carried_out(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room")
        await room.teach(Open())
        asked = asyncio.create_task(room.teach(Close()))
        await asyncio.sleep(0)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        async for desk in room.desks():
            if desk.phase == "between":
                break
        await room.teach(Open())
        await room.close()

    run(go())


def test_a_quarter_that_cannot_be_played(shipped: Content, tmp_path: Path) -> None:
    """A fault of ours in the middle of closing: one sentence, nothing more is changed, and opened again all is there."""

    async def go() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        path = tmp_path / "a.room"
        room = await created(shipped, path, mode="parallel")
        place, link = await newcomer(room)
        await room.teach(Open())
        assert not (await decide(link, **{"price.token": 9.0})).faults
        table = room._hall.tables[1]
        table.step = lambda: 1 / 0  # type: ignore[assignment]
        assert await cannot(room, Close()) == "class.room.not-played"
        await settle(room)
        there = await now(link)
        assert there.notice is not None and there.notice.id == "class.room.not-played" and there.paused
        assert await faults(link, Save(Draft(0))) == ["class.room.not-played"]
        assert await cannot(room, Close()) == "class.room.not-played"
        await room.close()
        again = await opened(shipped, path)
        assert again.desk().quarter == 0 and again.desk().teams[0].decided and again.desk().trouble is None
        await again.teach(Close())
        assert (await view(await again.connect(place.member, "api"))).standing["price.token"] == 9.0
        await again.close()

    run(go())


def test_what_cannot_be_is_a_sentence(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room", scenario="first-lesson")
        _, link = await newcomer(room)
        for command in (Close(), Pause(True), Clock(20.0)):
            assert await cannot(room, command) == "class.room.not-open"
        assert await cannot(room, NextRound()) == "class.room.one-round"
        assert await cannot(room, Tell("\u202e \n")) == "class.room.nothing-said"
        await room.teach(Open())
        assert await cannot(room, Open()) == "class.room.not-between" and await cannot(room, Debrief()) == "class.room.close-first"
        for turn in range(5):
            if turn:
                await room.teach(Open())
            await room.teach(Close())
        assert await cannot(room, Open()) == "class.room.no-more-quarters"
        await settle(room)
        assert (await now(link)).ended and (await now(link)).seed == ""
        assert room.desk().phase == "between"
        await room.close()

    run(go())


@pytest.mark.parametrize("decides", [False, True])
def test_a_card_waits_for_rivals_that_think_and_nobody_waits_for_the_card(
    shipped: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decides: bool
) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room")
        _, link = await newcomer(room)
        await room.teach(Open())
        table = room._hall.tables[0]
        monkeypatch.setattr(turns, "SLOW", frozenset(table.head.seats))
        monkeypatch.setattr(turns, "think_ahead", lambda hall: None)
        lock = table._deciding
        await asyncio.to_thread(lock.acquire)  # as a planner holds it
        stop = threading.Timer(20.0, lambda: lock.locked() and lock.release())  # a room that stands still fails below
        stop.start()
        card = room.desk().cards[0]
        deal = asyncio.create_task(room.teach(Deal(card)))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not (await decide(link)).faults if decides else (await view(link)).quarter == 0
        assert lock.locked() and not deal.done(), "the room goes on while rivals think"
        lock.release()
        await deal
        stop.cancel()
        assert (room.desk().dealt, room.desk().planned) == (([], [card]) if decides else ([card], []))
        await room.close()

    run(go())


def test_a_fault_in_the_books_stops_the_quarter_and_not_the_room(
    shipped: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room")
        _, link = await newcomer(room)
        await room.teach(Open())
        await decide(link)

        def broken(*_: object) -> None:
            raise ArithmeticError

        with monkeypatch.context() as patch:
            patch.setattr(turns, "score_forecasts", broken)
            asyncio.get_running_loop().set_exception_handler(lambda *_: None)
            assert await cannot(room, Close()) == "class.room.not-played"
        assert await asyncio.wait_for(link.ask(Recall()), 10), "answered, not left waiting for ever"
        again = await opened(shipped, snapshot(tmp_path / "a.room", tmp_path / "killed"))
        assert again.desk().phase == "open" and again.desk().teams[0].decided
        await again.teach(Pause(False)) if again.desk().paused else None
        await again.teach(Close())
        assert again.desk().phase == "between"
        await again.close()
        await room.close()

    run(go())
