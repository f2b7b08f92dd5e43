"""Nothing of the seed before the debrief, nothing of the order while the ranking is hidden, nothing of other teams ever."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest
from room_kit import SEED, asked, created, decide, newcomer, now, run, settle, view

from game.classroom import requests, veil
from game.classroom.messages import (
    Changed,
    Close,
    Cost,
    Debrief,
    Explain,
    Foresee,
    Open,
    Past,
    Ranking,
    Recall,
    Save,
    See,
)
from game.content import Content
from game.table.market_history import MarketHistory
from game.table.wire import Changes, Draft, Explanation, Report, SeatView


def ranks_in(body: bytes) -> list[object]:
    """Every value under a key that speaks of rank, anywhere in a message."""
    found: list[object] = []

    def walk(value: object) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key == "rank":
                    found.extend(inner if isinstance(inner, list) else [inner])
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(msgspec.json.decode(body))
    return [v for v in found if v not in (0, None) and v != [0.0] * 5]


def test_hidden_means_nowhere(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room", teams=4)
        links = [(await newcomer(room, str(n)))[1] for n in range(4)]
        led: list[str] = []
        rose: list[str] = []
        for _ in range(6):
            await room.teach(Open())
            for number, link in enumerate(links):
                seen = await view(link)
                await decide(link, **{"finance.raise": seen.limits["finance.raise"].high * number / 6})
            await settle(room)
            assert room.desk().phase == "between"
            for firm in range(4):
                table = room._hall.tables[0]
                led += [m.id for m in table.view(firm).headlines if m.id in veil.HIDDEN]
                told = table.report(firm)
                rose += [m.id for m in told.messages if m.id in veil.HIDDEN] if told else []
        assert led and rose, "nothing was there to hide"
        quarter = room.desk().quarter
        link = links[3]
        answers = [await link.ask(r) for r in (
            See(), Recall(), Past(), Changed(), Explain("rank"), Explain("value"), Explain("cash"), Cost(Draft(quarter)),
        )]  # fmt: skip
        bodies = [bytes(a.body) for a in answers]
        bodies += [msgspec.json.encode(await now(link)), msgspec.json.encode(room.board())]
        bodies += [msgspec.json.encode(f) async for f in link.futures(Foresee(Draft(quarter)))]
        assert room.desk().teams[3].status == "active" and len(bodies) > 10
        for body in bodies:
            assert not ranks_in(body), body[:200]
            for word in veil.HIDDEN:
                assert word.encode() not in body
            assert SEED.encode() not in body
        assert bodies[4] == b"null" and bodies[5] != b"null"
        assert "rank" not in {r.what for r in (await asked(link, Changed(), Changes)).rows}
        assert all(t.value is None for t in room.board().teams) and [t.rank for t in room.desk().teams] != [0] * 4
        own = (await view(link)).own.value
        assert own == room.desk().teams[3].value
        await room.teach(Ranking(True))
        await settle(room)
        shown = await view(link)
        table = room._hall.tables[0]
        assert shown == msgspec.structs.replace(table.view(3), seed="") and shown.firms[3].rank == room.desk().teams[3].rank
        assert (await asked(link, Recall(), Report)) == table.report(3)
        assert (await asked(link, Explain("rank"), Explanation)).what == "rank"
        assert (await asked(link, Past(), MarketHistory)).quarters[-1].firms[1].rank == shown.firms[1].rank
        assert [r.rank for r in (await now(link)).rivals] == [t.rank for t in room.desk().teams[:3]]
        assert any([f.rank[0][0] async for f in link.futures(Foresee(Draft(quarter)))])
        await room.teach(Ranking(False))
        assert not ranks_in(bytes((await link.ask(See())).body))
        await room.teach(Debrief())
        await settle(room)
        assert (await asked(link, See(), SeatView)).seed == SEED == (await now(link)).seed == room.desk().seed
        await room.close()

    run(go())


def test_no_team_reads_another(shipped: Content, tmp_path: Path) -> None:
    """What one team saves and decides changes nothing that another can see before the quarter closes."""

    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room")
        _, one = await newcomer(room, "1")
        _, two = await newcomer(room, "2")
        await room.teach(Open())
        await settle(room)
        quarter = room.desk().quarter
        requests = (See(), Past(), Recall(), Changed(), Cost(Draft(quarter)), Explain("cash"))
        before = [await two.ask(r) for r in requests]
        there = await now(two)
        await one.ask(Save(Draft(quarter, {"price.token": 3.0}, "secret plan")))
        await settle(room)
        assert await now(two) == there
        await decide(one, **{"price.token": 3.0})
        await settle(room)
        assert [await two.ask(r) for r in requests] == before
        after = await now(two)
        changed = {f for f in after.__struct_fields__ if getattr(after, f) != getattr(there, f)}
        assert changed == {"version", "rivals"} and [r.decided for r in after.rivals] == [True]
        assert "secret plan" not in str(after)
        await room.teach(Close())
        own = {f.index: f.price_token for f in (await view(two)).firms}
        assert own[0] == 3.0
        await room.close()

    run(go())


def test_questions_that_nobody_else_asks_do_not_pile_up(
    shipped: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def go() -> None:
        monkeypatch.setattr(requests, "MOST_SEEN", 8)
        room = await created(shipped, tmp_path / "a.room")
        _, link = await newcomer(room)
        await room.teach(Open())
        for number in range(20):
            assert bytes((await link.ask(Explain(f"x{number}"))).body) == b"null"
        asked_at_once = await asyncio.gather(*(link.ask(Explain("cash", f"{number}")) for number in range(20)))
        assert all(bytes(answer.body) == b"null" for answer in asked_at_once) and not (await view(link)).seed
        assert len(room._hall.seen) <= 8
        await room.close()

    run(go())
