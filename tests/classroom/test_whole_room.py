"""A room of 12 teams through 20 quarters by its connections, killed after every quarter, beside one that was left alone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from room_kit import SEED, created, decide, newcomer, opened, plan, run, settle, snapshot, view

from game.classroom.connection import Connection
from game.classroom.messages import Argue, Close, Deal, Foresee, Guess, Open, Reenter
from game.classroom.room import Room
from game.content import Content
from game.table.lines import Head, Quarter, Reason, decode_line
from game.table.local import market_of
from game.table.replay import replay
from game.table.runfile import read_run
from game.table.wire import Draft, SeatView


def levers(seen: SeatView, number: int) -> dict[str, float]:
    """A simple way of running a firm, another for each team; some of them go broke, which is wanted."""
    out = {"finance.raise": seen.limits["finance.raise"].high * 0.4}
    if number % 3 and seen.standing["price.token"] > seen.own.unit_cost:
        out["price.token"] = max(round(seen.market.token_price * (0.85 + 0.05 * (number % 5)), 2), 0.01)
    if number % 4 == 1:
        out["research.budget"] = max(seen.own.cash, 0.0) * 0.1
    return {k: min(max(v, seen.limits[k].low), seen.limits[k].high) for k, v in out.items()}


async def quarter(room: Room, links: list[Connection], absent: set[int], turn: int) -> None:
    """One quarter in which all but the absent say something and decide."""
    await room.teach(Open())
    if turn == 3:
        await room.teach(Deal(room.desk().cards[0]))

    async def one(number: int, link: Connection) -> None:
        if number in absent:
            return
        seen = await view(link)
        if seen.own.cash != seen.own.cash or next(f for f in seen.firms if f.index == seen.firm).status != "active":
            await link.ask(Guess(seen.quarter, "price", 1.0, 20.0))
            await link.ask(Reenter())
            return
        answers = [
            await link.ask(Guess(seen.quarter, "cash", seen.own.cash * 0.8, seen.own.cash * 1.1 + 1e6)),
            await link.ask(Argue(seen.quarter, f"because {number}")),
            await decide(link, **levers(seen, number)),
        ]
        assert not [a.faults for a in answers if a.faults]

    await asyncio.gather(*(one(n, link) for n, link in enumerate(links)))
    await settle(room)
    if room.desk().phase == "open":
        await room.teach(Close())


def plain(lines: list[bytes]) -> list[Any]:
    """A run without what differs between two rooms: when it was founded, salts, and the checksums over them."""
    out: list[Any] = []
    for raw in lines:
        line = decode_line(raw)
        if isinstance(line, Head):
            line = replace(line, created="")
        elif isinstance(line, Quarter):
            line = replace(line, reasons=dict.fromkeys(line.reasons, ""))
        elif isinstance(line, Reason):
            line = replace(line, salt="")
        out.append(line)
    return out


def test_killed_after_every_quarter(shipped: Content, tmp_path: Path) -> None:
    absences = {2: {5}, 3: {5, 6}, 4: {5}, 9: {1}, 10: {1}}

    async def play(kill: bool) -> tuple[list[Any], list[Path], Room]:
        folder = tmp_path / ("killed" if kill else "alone")
        folder.mkdir()
        path = folder / "class.room"
        room = await created(shipped, path, teams=12)
        joined = [await newcomer(room, f"{n}号") for n in range(12)]
        joined.sort(key=lambda j: int(j[0].team.split("-")[1]))
        links = [link for _, link in joined]
        for turn in range(1, 21):
            await quarter(room, links, absences.get(turn, set()), turn)
            assert room.desk().phase == "between"
            if kill:
                path = snapshot(path, folder / f"{turn}")
                dead, room = room, await opened(shipped, path)
                await dead.close()
                links = [await room.connect(place.member, "api") for place, _ in joined]
                assert [room.member_of(place.secret) for place, _ in joined] == [p.member for p, _ in joined]
        files = await room.export(folder / "pack")
        lines = list(room._hall.tables[0].record.lines)
        await room.close()
        return plain(lines), files, room

    killed, files, room = run(play(True), 120)
    alone, _, twin = run(play(False), 60)
    assert len(killed) > 20 and killed == alone
    assert len(files) == 13
    assert replace(room.desk(), version=0, code="") == replace(twin.desk(), version=0, code="")
    assert any(isinstance(line, Quarter) and line.outside for line in killed)
    played = read_run(files[4])
    assert played.head.firm == 4 and played.head.player == "5" and set(played.reasons) == {k for k in played.reasons if k[1] == 4}
    assert len(played.reasons) >= 5
    market = market_of(shipped, played.head, "test")
    again = replay(market, played, check=True)
    assert again.difference is None and again.believed == 20


def test_parallel_markets_close_together_under_the_same_luck(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "class.room", teams=3, mode="parallel", scenario="price-war")
        links = [(await newcomer(room, str(n)))[1] for n in range(3)]
        for _ in range(3):
            await room.teach(Open())
            for link in links:
                assert not (await decide(link)).faults
            await settle(room)
            assert room.desk().phase == "between"
        seen = [await view(link) for link in links]
        assert seen[0] == seen[1] == seen[2] and seen[0].firm == 0
        assert len({t.value for t in room.desk().teams}) == 1 and [t.rank for t in room.desk().teams] == [1, 2, 3]
        await room.teach(Open())
        await decide(links[0], **{"price.token": 0.5})
        await decide(links[1])
        assert room.desk().phase == "open"
        await decide(links[2])
        await settle(room)
        other = [await view(link) for link in links]
        assert other[0] != other[1] == other[2]
        assert [f.name for f in await room.export(tmp_path / "pack")] == [
            "team-01.baimo", "team-02.baimo", "team-03.baimo", "room.json"
        ]
        for number in (1, 2, 3):
            found = read_run(tmp_path / "pack" / f"team-{number:02d}.baimo")
            assert replay(market_of(shipped, found.head, "test"), found, check=True).difference is None
        await room.close()

    run(go())


def test_a_scenario_that_begins_later_and_other_levers(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "class.room", teams=4, scenario="price-war", levers="all")
        links = [(await newcomer(room, str(n)))[1] for n in range(4)]
        desk = room.desk()
        assert (desk.levers, desk.first_quarter, desk.quarters) == ("all", 4, 8)
        seen = [await view(link) for link in links]
        assert [s.firm for s in seen] == [0, 1, 2, 3] and len({s.own.cash for s in seen}) == 1 and seen[0].levers == "all"
        assert sum(f.human for f in seen[0].firms) == 4 and len(seen[0].firms) == 12
        await room.teach(Open())
        for link in links:
            assert not (await decide(link)).faults
        await settle(room)
        assert room.desk().quarter == 5
        await room.close()

    run(go())


def test_futures_come_for_a_draft(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "class.room")
        _, link = await newcomer(room)
        seen = await view(link)
        found = [fans async for fans in link.futures(Foresee(Draft(seen.quarter)))]
        assert found[-1].games == found[-1].wanted and not any(map(any, found[-1].rank))
        await room.close()

    run(go())


def test_the_plan_is_kept(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        path = tmp_path / "class.room"
        room = await created(shipped, path, names=["红[b]队"], seconds=60.0)
        await room.close()
        again = await opened(shipped, path)
        assert again.plan == plan(names=["红[b]队"], seconds=60.0) and again.plan.seed == SEED
        assert again.code == room.code and again.desk().teams == room.desk().teams
        await again.close()

    run(go())
