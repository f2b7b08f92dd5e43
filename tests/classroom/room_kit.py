"""A room in a test: time that a test moves, people who join and decide, and a kill between two breaths."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from game.classroom.connection import Connection
from game.classroom.messages import PROTOCOL, Answer, Decide, Join, Now, Place, Request, See
from game.classroom.plan import Plan
from game.classroom.room import Room
from game.content import Content
from game.table.wire import Draft, SeatView

T = TypeVar("T")
SEED = "00112233445566778899aabbccddeeff"


class HandTime:
    """Time that stands until a test moves it."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self._waiting: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        one = asyncio.get_running_loop().create_future()
        self._waiting.append((self.seconds + seconds, one))
        await one

    def move(self, seconds: float) -> None:
        self.seconds += seconds
        due = [w for w in self._waiting if w[0] <= self.seconds]
        self._waiting = [w for w in self._waiting if w[0] > self.seconds]
        for _, one in due:
            if not one.done():
                one.set_result(None)


def run(work: Coroutine[Any, Any, T], seconds: float = 60.0) -> T:
    """Run a test's coroutine, bounded."""

    async def bounded() -> T:
        return await asyncio.wait_for(work, seconds)

    return asyncio.run(bounded())


def plan(**changes: Any) -> Plan:
    return Plan(**{"scenario": "war", "seed": SEED, "teams": 2, "difficulty": "apprentice", **changes})


async def created(content: Content, path: Path, **changes: Any) -> Room:
    time = changes.pop("clock", None) or HandTime()
    return await Room.create(content, plan(**changes), path, clock=time, group=0.0)


async def opened(content: Content, path: Path) -> Room:
    return await Room.open(content, path, clock=HandTime(), group=0.0)


async def newcomer(room: Room, name: str = "小王", team: str = "", role: str = "", way: str = "api") -> tuple[Place, Connection]:
    place = await room.join(Join(PROTOCOL, room.code, name, team, role))
    return place, await room.connect(place.member, way)


async def asked(link: Connection, request: Request, kind: type[T]) -> T:
    answer = await link.ask(request)
    assert not answer.faults, answer.faults
    return msgspec.json.decode(answer.body, type=kind)


async def faults(link: Connection, request: Request) -> list[str]:
    answer = await link.ask(request)
    assert answer.faults and bytes(answer.body) == b"null", answer
    return [m.id for m in answer.faults]


async def view(link: Connection) -> SeatView:
    return await asked(link, See(), SeatView)


def drafted(seen: SeatView, **levers: float) -> Draft:
    """A draft with what has to be answered."""
    given = dict(levers)
    if seen.card is not None:
        given["card.choice"] = float(next(c.index for c in seen.card.choices if c.allowed))
    if seen.distress is not None:
        given["distress.choice"] = 0.0
    return Draft(seen.quarter, given)


async def decide(link: Connection, **levers: float) -> Answer:
    return await link.ask(Decide(drafted(await view(link), **levers)))


async def now(link: Connection) -> Now:
    """The newest state that the room has pushed."""
    async for push in link.pushes():
        assert isinstance(push, Now), push
        return push
    raise AssertionError("the connection has ended")


async def settle(room: Room) -> None:
    """Let everything that is going on beside come to rest, and everybody be told."""
    hall = room._hall
    for _ in range(10):
        await asyncio.sleep(0)
    await asyncio.wrap_future(hall.store.put())
    async for desk in room.desks():
        if hall.still.is_set() and desk.version == hall.version and not room._auto and not hall.turn.locked():
            return


def snapshot(store: Path, folder: Path) -> Path:
    """The store as a kill at this moment would leave it."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in store.parent.glob(store.name + "*"):
        shutil.copyfile(one, folder / one.name)
    return folder / store.name
