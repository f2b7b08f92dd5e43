"""A room: the class's tables, its people, its clock and its store behind one face. There is no network in it.

>>> room = await Room.create(content, Plan(scenario="war"), path)      # doctest: +SKIP
>>> place = await room.join(Join(PROTOCOL, room.code, "小王"))          # doctest: +SKIP
>>> link = await room.connect(place.member, "api")                     # doctest: +SKIP
>>> await room.teach(Open())                                           # doctest: +SKIP

Everything runs on one event loop; tables are played and read on threads. What is acknowledged is on disk. After a kill
`Room.open` goes on with what was: a quarter that was open is open, with drafts, decisions, forecasts and reasons; where a
clock was running it stands, with the seconds that were left (to within `TICK`), until the teacher goes on, for the class
has to come back first.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import msgspec
from msgspec.structs import replace

from game.classroom import commands, rows, turn, views
from game.classroom.channel import Newest
from game.classroom.connection import Connection, FanSource, ThreadFans
from game.classroom.errors import ClassError
from game.classroom.export import export
from game.classroom.hall import Hall, Refused
from game.classroom.messages import (
    MAX_NAME,
    PROTOCOL,
    Board,
    Command,
    Desk,
    Gone,
    Join,
    Place,
)
from game.classroom.offices import offices, roles
from game.classroom.people import Member, Team, numbered, role_for, team_for
from game.classroom.plan import MOST_PEOPLE, Plan, checked
from game.classroom.restart import restored
from game.classroom.secret import draw_code, draw_secret, find_owner, hash_secret, same_code
from game.classroom.store import GROUP, Connect, Store, Unkept, connect
from game.classroom.tables import new_tables, rounds_of, team_id
from game.classroom.timing import QuarterClock, RealTime, Time
from game.language.clean import clean_text
from game.table.wire import Message

if TYPE_CHECKING:
    from game.content import Content

T = TypeVar("T")
TICK: Final = 5.0
"""Seconds between two times at which a running clock is kept."""


class Room:
    """Made by `create` or `open`, never directly; `close` it to let others open its store."""

    def __init__(self, hall: Hall, fans: FanSource | None) -> None:
        self._hall = hall
        self._fans = fans or ThreadFans()
        self._loop = asyncio.get_running_loop()
        self._desks: Newest[Desk] = Newest()
        self._boards: Newest[Board] = Newest()
        self._links: dict[str, Place] = {}
        self._work: set[asyncio.Task[Any]] = set()
        self._clock_news = asyncio.Event()
        self._closed = False
        self._auto = False
        hall.still.set()
        hall.watch = self._clock_news.set
        hall.consider = self._consider
        hall.store.changed = self._store_changed
        self._spawn(self._for_ever(self._tell))
        self._spawn(self._for_ever(self._run_clock))
        hall.store.put(rows.setting("version", hall.version))
        hall.touched()

    @classmethod
    async def create(
        cls, content: Content, plan: Plan, path: Path, *, fans: FanSource | None = None, clock: Time | None = None,
        group: float = GROUP, connect: Connect = connect,
    ) -> Self:  # fmt: skip
        """A new room in a new store. ``clock`` is the time it runs on; ``group`` and ``connect`` are the store's.

        Raises `ClassError`: a plan that cannot be, a file that is there already, a network drive, no room on the disk.
        """
        plan = checked(content, plan)
        tables = await asyncio.to_thread(new_tables, content, plan)
        store = await asyncio.to_thread(lambda: Store.create(path, group=group, connect=connect))
        try:
            hall = Hall(content, plan, store, QuarterClock(clock or RealTime()), offices(content) if plan.roles else [])
            hall.id, hall.code, hall.tables = secrets.token_hex(8), draw_code(), tables
            hall.rounds = rounds_of(content, plan)
            names = [*plan.names, *[""] * (plan.teams - len(plan.names))]
            hall.teams = [Team(team_id(n), n, names[n - 1]) for n in range(1, plan.teams + 1)]
            hall.history = [views.board_row(tables, hall.shared)]
            ops = [
                rows.setting("plan", replace(plan, names=[])), rows.setting("id", hall.id), rows.setting("code", hall.code), rows.setting("phase", "lobby"),
                rows.setting("round", 1), rows.setting("history", hall.history),
            ]  # fmt: skip
            for team in hall.teams:
                ops += [rows.team(team), *([rows.team_name(team)] if team.name else [])]
            await store.write(*ops, *hall.new_lines())
        except BaseException as error:
            store.close(drop=True)
            with contextlib.suppress(OSError):
                store.path.unlink()  # made a moment ago; nobody has been told of it
            if isinstance(error, Unkept):
                raise ClassError(error.message.id, **error.message.args) from error
            raise
        return cls(hall, fans)

    @classmethod
    async def open(
        cls, content: Content, path: Path, *, fans: FanSource | None = None, clock: Time | None = None,
        group: float = GROUP, connect: Connect = connect,
    ) -> Self:  # fmt: skip
        """Go on with a room. Raises `ClassError`: no store, damaged, newer, open elsewhere, of other content."""
        store = await asyncio.to_thread(lambda: Store.open(path, group=group, connect=connect))
        try:
            hall = await asyncio.to_thread(restored, content, store, clock or RealTime())
        except (sqlite3.Error, msgspec.MsgspecError, ValueError, LookupError, TypeError) as error:
            store.close(drop=True)
            raise ClassError("class.store.damaged", file=path.name) from error
        except BaseException:
            store.close(drop=True)
            raise
        return cls(hall, fans)

    @property
    def code(self) -> str:
        """As pupils type it; empty once the room is over."""
        return self._hall.code

    @property
    def plan(self) -> Plan:
        """What the room was opened with; its seed is a secret."""
        return self._hall.plan

    # people

    async def join(self, wish: Join) -> Place:
        """A place for a newcomer. Raises `ClassError` with what is wrong."""
        hall = self._hall
        if wish.protocol != PROTOCOL:
            raise ClassError("class.room.newer" if wish.protocol > PROTOCOL else "class.room.older")
        if hall.phase == "over" or not same_code(wish.code, hall.code):
            raise ClassError("class.room.wrong-code")
        if hall.phase == "debrief":
            raise ClassError("class.room.too-late")
        if hall.trouble:
            raise ClassError(hall.trouble.id, **hall.trouble.args)
        name = clean_text(wish.name, MAX_NAME)
        if not name:
            raise ClassError("class.room.no-name")
        people = [m for m in hall.members.values() if not m.removed]
        if len(people) >= MOST_PEOPLE:
            raise ClassError("class.room.full")
        team = team_for(hall.teams, wish.team, hall.plan.members, {t.id: hall.trading(t) for t in hall.teams})
        role = self._role(team, wish.role)
        number = max((m.number for m in hall.members.values()), default=0) + 1
        secret = draw_secret()
        member = Member(f"m{number}", number, team.id, role, hash_secret(secret), numbered(name, [m.name for m in people]))
        hall.members[member.id] = member
        team.members.append(member)
        team.pen = team.pen or member.id
        try:
            await hall.keep(rows.member(member), rows.person(member), rows.team(team))
        except Refused as refused:  # nobody has the secret: nobody sits there
            member.removed, member.hash = True, b""
            team.members.remove(member)
            team.pen = "" if team.pen == member.id else team.pen
            hall.store.put(rows.member(member), rows.team(team))
            hall.touched()
            fault = refused.faults[0]
            raise ClassError(fault.id, **fault.args) from refused
        return Place(member.id, team.id, secret)

    def _role(self, team: Team, wish: str) -> str:
        hall = self._hall
        if not hall.plan.roles:
            return ""
        if wish and wish in roles(hall.content) and wish not in hall.roles:
            return wish  # an article's reader: as many as like
        return role_for(team, wish, hall.roles)

    def member_of(self, secret: str) -> str | None:
        """Whose secret this is; None for nobody's. Every member's is looked at, in constant time each."""
        people = self._hall.members.values()
        return find_owner(secret, ((m.id, m.hash) for m in people if m.hash))

    async def connect(self, member: str, way: str) -> Connection:
        """A connection of a member: ``browser``, ``terminal`` or ``api``. An older one is told and ends.

        Raises `ClassError` where there is no such member, or the room is over.
        """
        hall = self._hall
        if hall.phase == "over":
            raise ClassError("class.room.over")
        with contextlib.suppress(Unkept):
            await hall.still.wait()
            await hall.store.settled()  # what a newcomer is told is on disk
        person = hall.member(member)
        commands.part(person, Gone("newer", Message("class.room.connected-elsewhere")))
        made = Connection(hall, person, way, self._fans, self._left)
        person.connection = made
        hall.touched()
        return made

    def _left(self, connection: Connection) -> None:
        person = self._hall.members.get(connection.member)
        if person is not None and person.connection is connection:
            person.connection = None
            self._hall.touched()
            self._consider()

    def link(self, place: Place) -> str:
        """A token that `redeem` trades for a place just given, once: an address for a browser. Ends with the process."""
        token = draw_secret()
        self._links[token] = place
        return token

    def redeem(self, token: str) -> Place | None:
        """The place behind a one-time token (of `Restore` or `link`); None where there is none, or not any more.

        The secret is drawn now: who finds a link that was used (in a browser's past, say) can do nothing with it. Wait
        for `kept` before handing it out.
        """
        hall = self._hall
        if hall.phase == "over":
            return None
        if token in self._links:
            return self._links.pop(token)
        hash = hash_secret(token)
        owner = find_owner(token, ((m, h) for h, m in hall.tokens.items()))
        member = hall.members.get(owner or "")
        if member is None or member.removed:
            return None
        del hall.tokens[hash]
        secret = draw_secret()
        member.hash = hash_secret(secret)
        hall.store.put(rows.token_used(hash), rows.member(member))
        return Place(member.id, member.team, secret)

    async def kept(self) -> None:
        """Returns once everything done so far is on disk, or at once while the disk takes nothing."""
        with contextlib.suppress(Unkept):
            await self._hall.store.settled()

    # the teacher

    async def teach(self, command: Command) -> str:
        """Carry out a command of the desk; for `Restore` the one-time token, else nothing. Raises `ClassError`.

        What has begun is finished, whether or not whoever asked still waits.
        """
        return await asyncio.shield(self._spawn(commands.teach(self._hall, command)))

    def desk(self) -> Desk:
        """What the teacher sees now."""
        return views.desk(self._hall)

    def desks(self) -> AsyncIterator[Desk]:
        """The desk now and whenever it changes."""
        return self._desks.follow()

    def board(self) -> Board:
        """What the projector shows now."""
        return views.board(self._hall)

    def boards(self) -> AsyncIterator[Board]:
        """The board now and whenever it changes."""
        return self._boards.follow()

    async def export(self, folder: Path) -> list[Path]:
        """Write a pack: a run a team, and the room's record of people, forecasts and reasons. Raises `ClassError`."""
        await self._hall.still.wait()
        return await export(self._hall, folder)

    async def close(self) -> None:
        """End the process's part in the room: what is pending is kept, connections end, the store may be opened again."""
        if self._closed:
            return
        self._closed = True
        hall = self._hall
        hall.store.changed = lambda: None
        async with hall.turn:
            if hall.clock.running:
                hall.store.put(hall.clock_row())
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        for member in hall.members.values():
            if member.connection is not None:
                await member.connection.close()
        self._desks.end()
        self._boards.end()
        await asyncio.to_thread(hall.store.close)

    # beside

    def _spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = self._loop.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._work.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waits gets it; if nobody does, nobody has to be told

    async def _for_ever(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do something again and again; one failure of ours is logged and ends neither the room nor its clock."""
        while True:
            try:
                await work()
            except Exception as error:
                self._loop.call_exception_handler({"message": "a room went on after an error", "exception": error})
                await asyncio.sleep(0.1)

    def _store_changed(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has been closed
            self._loop.call_soon_threadsafe(self._trouble_changed)

    def _trouble_changed(self) -> None:
        hall = self._hall
        if hall.trouble:
            hall.clock.stop()
        elif hall.phase == "open" and not hall.paused:
            hall.clock.go()
        self._clock_news.set()
        hall.touched()
        self._consider()

    def _consider(self) -> None:
        """Close the quarter, beside whoever caused it, once everybody is ready."""
        if not self._auto and not self._closed and turn.ready(self._hall):
            self._auto = True
            self._spawn(self._close_by_itself(self._hall.quarter))

    async def _close_by_itself(self, quarter: int) -> None:
        try:
            if turn.ready(self._hall):
                with contextlib.suppress(ClassError):
                    await turn.close_quarter(self._hall, quarter)
        finally:
            self._auto = False

    async def _run_clock(self) -> None:
        """Close the quarter when its time is up, and keep the seconds left now and then."""
        hall = self._hall
        self._clock_news.clear()
        left = hall.clock.left() if hall.clock.running and hall.phase == "open" and not hall.trouble else None
        if left is None:
            await self._clock_news.wait()
        elif left > 0:
            news = self._loop.create_task(self._clock_news.wait())
            sleep = self._loop.create_task(hall.clock.time.sleep(min(left, TICK)))
            try:
                await asyncio.wait((news, sleep), return_when=asyncio.FIRST_COMPLETED)
            finally:
                news.cancel()
                sleep.cancel()
            if hall.clock.running and hall.phase == "open" and not hall.trouble:
                hall.store.put(hall.clock_row())
        else:
            with contextlib.suppress(ClassError):  # somebody else has closed it, or the disk is full, which is told
                await turn.close_quarter(hall, hall.quarter)

    async def _tell(self) -> None:
        """Tell everybody of what has changed, once the store has it."""
        hall = self._hall
        await hall.news.wait()
        await asyncio.sleep(0)  # what comes in the same moment is told together
        hall.news.clear()
        with contextlib.suppress(Unkept):
            await hall.store.settled()
        # while a quarter is being played nobody sees half of it: all is as it was, and closing
        closing = {"version": hall.version, "phase": "closing"} if not hall.still.is_set() else None
        for channel, make in ((self._desks, views.desk), (self._boards, views.board)):
            last = channel.value
            channel.put(make(hall) if closing is None or last is None else replace(last, **closing))
        for member in hall.stirred_members():
            if member.connection is not None:
                now = member.connection.now
                member.connection.tell(views.now(hall, member) if closing is None else replace(now, **closing))
