"""A member's connection inside the room's process: the `Link` that a server, a pipe or a test speaks through."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import TYPE_CHECKING, Protocol

import msgspec

from game.classroom import veil, views
from game.classroom.channel import Newest
from game.classroom.hall import Hall, Refused
from game.classroom.messages import Answer, Foresee, Gone, Now, Push, Request
from game.classroom.requests import answer, known
from game.table.fan_thread import Forecasts
from game.table.wire import Draft, Fans

if TYPE_CHECKING:
    from game.classroom.people import Member
    from game.table.table import Table


class FanSource(Protocol):
    """Where fans come from: a pool of processes, or a thread of this one."""

    def fans(self, owner: str, table: Table, firm: int, draft: Draft) -> AsyncGenerator[Fans, None]:
        """Fans of a draft as they come; a newer call of the same ``owner`` ends the older."""


class ThreadFans:
    """Fans on a thread of this process for each owner: for tests and small rooms."""

    def __init__(self) -> None:
        self._owners: dict[str, Forecasts] = {}

    async def fans(self, owner: str, table: Table, firm: int, draft: Draft) -> AsyncGenerator[Fans, None]:
        """See `FanSource`."""
        mine = self._owners.setdefault(owner, Forecasts())
        async for found in mine.ask(lambda pause: table.futures(firm, draft, pause)):
            yield found


class Connection:
    """See `game.classroom.link.Link`. Made by `Room.connect`."""

    def __init__(self, hall: Hall, member: Member, way: str, fans: FanSource, left: Callable[[Connection], None]) -> None:
        self.member, self.way = member.id, way
        self._hall, self._person, self._fans, self._left = hall, member, fans, left
        self._pushes: Newest[Push] = Newest()
        self.now = views.now(hall, member)
        """What was told last."""
        self._pushes.put(self.now)

    async def ask(self, request: Request) -> Answer:
        """The room's answer, with the faults in it. Raises ConnectionError once the connection has ended."""
        if self._pushes.ended:
            raise ConnectionError("this connection has ended")
        try:
            return Answer(0, msgspec.Raw(await answer(self._hall, self._person, request)))
        except Refused as refused:
            return Answer(0, faults=refused.faults)

    async def futures(self, request: Foresee) -> AsyncIterator[Fans]:
        """Fans as they come; none where nothing is left to decide. Raises ConnectionError as `ask`."""
        if self._pushes.ended:
            raise ConnectionError("this connection has ended")
        hall = self._hall
        await hall.still.wait()
        team = hall.team_of(self._person)
        table, firm = hall.seat(team)
        try:
            draft = known(request.draft)
        except Refused:
            return
        if hall.phase in ("debrief", "over") or not hall.trading(team):
            return
        async with contextlib.aclosing(self._fans.fans(self.member, table, firm, draft)) as fans:
            async for found in fans:  # who stops listening stops the work
                yield veil.fans(found, hall.ranking)

    def pushes(self) -> AsyncIterator[Push]:
        """The present `Now`, every newer one, and `Gone` at the end."""
        return self._pushes.follow()

    async def close(self) -> None:
        """Leave; the place stays."""
        if not self._pushes.ended:
            self._pushes.end()
            self._left(self)

    # for the room

    def tell(self, now: Now) -> None:
        """A newer state of things."""
        self.now = now
        self._pushes.put(now)

    def end(self, gone: Gone) -> None:
        """The last push."""
        self._pushes.end(gone)
