"""Everything a room holds in memory, shared by the parts of `game.classroom.room`. Changed on the event loop only.

What is here is also in the store, or can be worked out of it; a change is put into the store in the same breath, and
nobody is told of it before the store has it.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from game.classroom import rows
from game.classroom.errors import ClassError
from game.classroom.messages import BoardRow, Phase
from game.classroom.people import Member, Team
from game.classroom.plan import Plan
from game.classroom.store import Op, Store, Unkept
from game.classroom.tables import is_shared
from game.classroom.timing import QuarterClock
from game.table.wire import Message

if TYPE_CHECKING:
    from game.content import Content
    from game.table.table import Table


class Refused(Exception):
    """A request that is answered with faults, one sentence each."""

    def __init__(self, *faults: Message) -> None:
        self.faults = list(faults)
        super().__init__("; ".join(m.id for m in faults))


def refuse(id: str, **args: float | int | str) -> Refused:
    """One fault."""
    return Refused(Message(id, args))


@dataclass
class Hall:
    """A room's state."""

    content: Content
    plan: Plan
    store: Store
    clock: QuarterClock
    roles: Sequence[str]
    id: str = ""
    """Random; tells this room's pack from others."""
    code: str = ""
    phase: Phase = "lobby"
    paused: bool = False
    ranking: bool = False
    round: int = 1
    rounds: int = 1
    teams: list[Team] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)
    tokens: dict[bytes, str] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    told: list[tuple[int, str]] = field(default_factory=list)
    waiting_cards: list[str] = field(default_factory=list)
    """Cards that the teacher wants dealt when the next quarter opens."""
    acts: int = 0
    """Acts from outside kept so far."""
    kept_lines: dict[tuple[int, int], int] = field(default_factory=dict)
    """Lines of each run that are in the store, by round and place."""
    history: list[BoardRow] = field(default_factory=list)
    stuck: Message | None = None
    """Why no more can be played until the room has been opened again: a fault of ours."""
    version: int = field(default_factory=lambda: time.time_ns() // 10**6)
    """Counts up, also from one start to the next: a room does not change a thousand times a second."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a quarter is opened, closed, or something is done to the tables from outside."""
    still: asyncio.Event = field(default_factory=asyncio.Event)
    """Set unless tables are being played."""
    news: asyncio.Event = field(default_factory=asyncio.Event)
    reading: threading.Lock = field(default_factory=threading.Lock)
    """Held by threads that read tables, and while they are played."""
    seen: dict[object, asyncio.Future[bytes]] = field(default_factory=dict)
    """Encoded answers that all members of a team share, until something changes."""
    everybody: bool = False
    stirred: set[str] = field(default_factory=set)
    """Ids of teams whose members have to be told something, unless ``everybody`` has."""
    watch: Callable[[], None] = lambda: None
    """Called when the clock has changed."""
    consider: Callable[[], None] = lambda: None
    """Called when a quarter may be ready to close."""

    # where things are

    @property
    def shared(self) -> bool:
        """Whether the teams share one market (the second of two rounds always does)."""
        return is_shared(self.plan, self.round)

    def seat(self, team: Team) -> tuple[Table, int]:
        """The table of a team and the row of its firm there."""
        if self.shared:
            return self.tables[0], team.number - 1
        return self.tables[team.number - 1], 0

    def place(self, team: Team) -> int:
        """The number of a team's table."""
        return 0 if self.shared else team.number - 1

    def trading(self, team: Team) -> bool:
        """Whether a team's firm still trades."""
        table, firm = self.seat(team)
        return table.market.active(table.state, firm)

    def team(self, id: str) -> Team:
        """A team by id. Raises `ClassError`."""
        for team in self.teams:
            if team.id == id:
                return team
        raise ClassError("class.room.no-team")

    def member(self, id: str) -> Member:
        """A member by id. Raises `ClassError`."""
        member = self.members.get(id)
        if member is None or member.removed:
            raise ClassError("class.room.no-member")
        return member

    def team_of(self, member: Member) -> Team:
        """A member's team."""
        return self.team(member.team)

    @property
    def quarter(self) -> int:
        """The quarter at hand or to come, counted from 2023 Q1."""
        return self.tables[0].quarter

    @property
    def first(self) -> int:
        """First quarter of the scenario."""
        return self.tables[0].head.first

    @property
    def last(self) -> int:
        """Last quarter of this round."""
        table = self.tables[0]
        return table.head.first + table.head.quarters - 1

    @property
    def played_out(self) -> bool:
        """Whether no quarter of this round is left."""
        return self.quarter > self.last or all(table.over for table in self.tables)

    @property
    def trouble(self) -> Message | None:
        """Why nothing can be changed at the moment."""
        return self.store.trouble or self.stuck

    # changing

    def changed(self) -> None:
        """Everybody is to be told anew, and asks anew."""
        self.seen = {}
        self.touched()

    def touched(self, team: Team | None = None) -> None:
        """As `changed`, but nothing that can be seen of the market has; with ``team`` nothing that others see either."""
        self.version += 1
        if team is None:
            self.everybody = True
        else:
            self.stirred.add(team.id)
        self.news.set()

    def stirred_members(self) -> list[Member]:
        """Who has to be told something, of those who are connected; from now on nobody."""
        everybody, teams = self.everybody, self.stirred
        self.everybody, self.stirred = False, set()
        return [m for m in self.members.values() if m.here and (everybody or m.team in teams)]

    def need_kept(self) -> None:
        """Raises `Refused` while the disk takes nothing."""
        if self.trouble:
            raise Refused(self.trouble)

    async def keep(self, *ops: Op, team: Team | None = None) -> None:
        """Keep a change that has been made, and tell of it (``team``: nobody else sees it); returns when it is on disk.

        Raises `Refused`: it is not on disk yet, and will be.
        """
        self.touched(team)
        try:
            await self.store.write(*ops)
        except Unkept as error:
            raise Refused(error.message) from error

    def clock_row(self) -> Op:
        """The clock as it stands, for the store."""
        return rows.setting("clock", self.clock.left())

    def new_lines(self) -> list[Op]:
        """Lines of the runs that the store does not have yet."""
        ops = []
        for place, table in enumerate(self.tables):
            lines, have = table.record.lines, self.kept_lines.get((self.round, place), 0)
            for number in range(have, len(lines)):
                raw = lines[number]
                ops.append(rows.run_line(self.round, place, number, raw, raw.startswith(b'{"kind":"reason",')))
            self.kept_lines[self.round, place] = len(lines)
        return ops
