"""A room whose disk is full: nothing is acknowledged, nothing is lost, one sentence says so, and it goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from room_kit import HandTime, decide, faults, newcomer, now, opened, plan, run, settle, snapshot, view
from test_store import Failing, failing

from game.classroom.errors import ClassError
from game.classroom.messages import PROTOCOL, Argue, Close, Join, Open, Save, Tell
from game.classroom.room import Room
from game.content import Content
from game.table.wire import Draft


async def mended(room: Room) -> None:
    """There is room on the disk again, and the store has noticed."""
    Failing.full = False
    room._hall.store.retry()
    async for desk in room.desks():
        if desk.trouble is None and room._hall.store.pending == 0:
            return


async def troubled(room: Room) -> None:
    async for desk in room.desks():
        if desk.trouble is not None and not room._hall.clock.running:
            return


def test_a_full_disk(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        time = HandTime()
        path = tmp_path / "a.room"
        room = await Room.create(shipped, plan(), path, clock=time, group=0.0, connect=failing)
        (_, one), (_, two) = await newcomer(room, "1"), await newcomer(room, "2")
        await room.teach(Open(60.0))
        quarter = room.desk().quarter
        Failing.full = True
        assert (await decide(one)).faults[0].id == "class.store.full"
        await troubled(room)
        await settle(room) if room._hall.store.pending == 0 else None
        seen = room.desk()
        assert seen.trouble is not None and seen.trouble.id == "class.store.full" and seen.paused
        time.move(1000.0)
        assert room.desk().left == 60.0 and room.desk().phase == "open"
        killed = await opened(shipped, snapshot(path, tmp_path / "killed"))
        assert not killed.desk().teams[0].decided
        await killed.close()
        for request in (Save(Draft(quarter)), Argue(quarter, "x")):
            assert await faults(two, request) == ["class.store.full"]
        assert (await view(two)).quarter == quarter
        with pytest.raises(ClassError) as found:
            await room.join(Join(PROTOCOL, room.code, "3"))
        assert found.value.message.id == "class.store.full"
        with pytest.raises(ClassError):
            await room.teach(Close())
        with pytest.raises(ClassError):
            await room.teach(Tell("the disk is full"))
        await mended(room)
        await settle(room)
        assert (await now(two)).notice is None and not room.desk().paused and room.desk().teams[0].decided
        assert [t.text for t in room.desk().told] == ["the disk is full"]
        assert not (await decide(two)).faults
        await settle(room)
        assert room.desk().phase == "between"
        await room.close()
        again = await opened(shipped, path)
        assert again.desk().quarter == quarter + 1 and [t.text for t in again.desk().told] == ["the disk is full"]
        await again.close()

    try:
        run(go())
    finally:
        Failing.full = False


def test_a_disk_that_fills_up_while_a_quarter_is_played(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        path = tmp_path / "a.room"
        room = await Room.create(shipped, plan(), path, clock=HandTime(), group=0.0, connect=failing)
        await room.teach(Open())
        quarter = room.desk().quarter
        Failing.full = True
        with pytest.raises(ClassError) as found:
            await room.teach(Close())
        assert found.value.message.id == "class.store.full"
        await troubled(room)
        assert room.desk().phase == "between" and room.desk().quarter == quarter + 1
        killed = await opened(shipped, snapshot(path, tmp_path / "killed"))
        assert (killed.desk().phase, killed.desk().quarter) == ("open", quarter)
        await killed.close()
        with pytest.raises(ClassError):
            await room.teach(Open())
        await mended(room)
        await room.teach(Open())
        await room.teach(Close())
        await room.close()
        again = await opened(shipped, path)
        assert (again.desk().phase, again.desk().quarter) == ("between", quarter + 2)
        await again.close()

    try:
        run(go())
    finally:
        Failing.full = False


def test_no_room_for_a_room(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        Failing.full = True
        with pytest.raises(ClassError) as found:
            await Room.create(shipped, plan(), tmp_path / "a.room", clock=HandTime(), group=0.0, connect=failing)
        assert found.value.message.id == "class.store.full"

    try:
        run(go())
    finally:
        Failing.full = False
    assert not list(tmp_path.iterdir())


def test_who_was_not_let_in_because_the_disk_was_full_sits_nowhere(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        path = tmp_path / "a.room"
        room = await Room.create(shipped, plan(), path, clock=HandTime(), group=0.0, connect=failing)
        Failing.full = True
        with pytest.raises(ClassError) as found:
            await room.join(Join(PROTOCOL, room.code, "小王"))
        assert found.value.message.id == "class.store.full" and not any(t.members for t in room.desk().teams)
        await mended(room)
        place, link = await newcomer(room, "小王")
        mine = await now(link)
        assert mine.name == "小王" and mine.pen, "neither the name nor the pen was taken by nobody"
        await room.close()
        again = await opened(shipped, path)
        assert [[m.id for m in t.members] for t in again.desk().teams] == [[place.member], []]
        await again.close()

    try:
        run(go())
    finally:
        Failing.full = False
