"""A room from the lobby through quarters, by its one face."""

from __future__ import annotations

from pathlib import Path

import msgspec
from room_kit import asked, created, decide, faults, newcomer, now, run, settle, view

from game.classroom.messages import (
    Close,
    Cost,
    Debrief,
    Open,
    Recall,
    See,
)
from game.content import Content
from game.table.wire import Draft, Preview, Report


def test_a_quarter(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "class.room")
        one, link = await newcomer(room, "甲")
        two, other = await newcomer(room, "乙")
        assert {one.team, two.team} == {"seat-1", "seat-2"}
        assert room.member_of(one.secret) == one.member and room.member_of(one.secret + "x") is None
        seen = await view(link)
        assert seen.firm == 0 and seen.seed == "" and {f.rank for f in seen.firms} == {0}
        assert await faults(link, Cost(Draft(seen.quarter, {"nonsense": 1.0}))) == ["draft.unknown-lever"]
        assert (await asked(link, Cost(Draft(seen.quarter)), Preview)).lines
        assert (await decide(link)).faults[0].id == "class.room.not-open"
        await room.teach(Open())
        assert (await now(link)).phase in ("lobby", "open")
        assert not (await decide(link)).faults
        await settle(room)
        assert room.desk().phase == "open" and [t.decided for t in room.desk().teams] == [True, False]
        await decide(other)
        await settle(room)
        assert room.desk().phase == "between" and room.desk().quarter == seen.quarter + 1
        told = await asked(link, Recall(), Report)
        assert told.quarter == seen.quarter
        await room.teach(Open())
        await room.teach(Close())
        assert [t.stood_in for t in room.desk().teams] == ["standing", "standing"]
        await room.teach(Debrief())
        assert room.desk().seed and (await view(link)).seed == room.desk().seed
        assert len(room.board().history) == 3
        assert not (await link.ask(See())).faults
        await room.close()
        msgspec.json.encode(room.desk())

    run(go())
