"""Two rounds: apart under the same luck, then at one table with what each firm has become."""

from __future__ import annotations

from pathlib import Path

import pytest
from room_kit import created, decide, newcomer, now, opened, run, settle, snapshot, view

from game.classroom.errors import ClassError
from game.classroom.messages import Close, Deal, Debrief, NextRound, Open
from game.content import Content
from game.table.local import market_of
from game.table.replay import replay
from game.table.rounds import descends
from game.table.runfile import read_run


def test_two_rounds(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        path = tmp_path / "a.room"
        room = await created(shipped, path, scenario="two-rounds", mode="shared", teams=3)
        joined = [await newcomer(room, str(n)) for n in range(3)]
        links = [link for _, link in joined]
        desk = room.desk()
        assert (desk.mode, desk.round, desk.rounds, desk.quarter, desk.quarters) == ("parallel", 1, 2, 0, 6)
        with pytest.raises(ClassError) as found:
            await room.teach(NextRound())
        assert found.value.message.id == "class.room.round-not-over"
        for turn in range(6):
            await room.teach(Open())
            for number, link in enumerate(links):
                seen = await view(link)
                raised = seen.limits["finance.raise"].high * (0.2 + number / 5)
                await decide(link, **({"finance.raise": raised} if not seen.limits["finance.raise"].locked else {}))
            await settle(room)
            assert room.desk().phase == "between", turn
        with pytest.raises(ClassError) as found:
            await room.teach(Open())
        assert found.value.message.id == "class.room.no-more-quarters"
        before = [(t.cash, t.status) for t in room.desk().teams]
        await room.teach(NextRound())
        await settle(room)
        desk = room.desk()
        assert (desk.mode, desk.round, desk.quarter, desk.phase) == ("shared", 2, 6, "between")
        assert [(t.cash, t.status) for t in desk.teams] == before and len({t.firm for t in desk.teams}) == 3
        seen = await view(links[1])
        assert seen.firm == 1 and seen.own.cash == before[1][0] and sum(f.human for f in seen.firms) == 3
        assert (await now(links[1])).names == {"seat-1": "1", "seat-2": "2", "seat-3": "3"}
        with pytest.raises(ClassError):
            await room.teach(NextRound())
        await room.teach(Open())
        await room.teach(Deal(room.desk().cards[0]))
        again = await opened(shipped, snapshot(path, tmp_path / "killed"))
        await room.close()
        links = [await again.connect(place.member, "api") for place, _ in joined]
        for turn in range(6):
            if turn:
                await again.teach(Open())
            for link in links:
                await decide(link)
            await again.teach(Close()) if again.desk().phase == "open" else None
            await settle(again)
        assert again.desk().quarter == 12
        await again.teach(Debrief())
        files = await again.export(tmp_path / "pack")
        assert [f.name for f in files] == [f"team-{n:02d}-round-{r}.baimo" for r in (1, 2) for n in (1, 2, 3)] + ["room.json"]
        runs = [read_run(f) for f in files[:-1]]
        for one in runs:
            assert replay(market_of(shipped, one.head, "x"), one, check=True).difference is None
        assert len(runs[0].quarters) == len(runs[3].quarters) == 6 and runs[4].head.firm == 1
        market = market_of(shipped, runs[3].head, "x")
        assert descends(market, runs[3], [(r, 0) for r in runs[:3]])
        await again.close()

    run(go())
