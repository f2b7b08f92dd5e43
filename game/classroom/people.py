"""The people of a room as it knows them: teams, their members, who holds the pen. No network, no disk, no market."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from game.classroom.errors import ClassError
from game.classroom.messages import MAX_NAME
from game.language.clean import cell_width, clean_text
from game.table.wire import Draft

if TYPE_CHECKING:
    from game.classroom.connection import Connection


@dataclass
class Member:
    """One person; ``name`` is a nickname or a number, empty once it has been forgotten."""

    id: str
    number: int
    team: str
    role: str
    hash: bytes
    name: str = ""
    removed: bool = False
    connection: Connection | None = None
    forecast: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Intervals of this quarter, by what."""
    reason: str = ""

    @property
    def here(self) -> bool:
        """Whether a connection of theirs is open."""
        return self.connection is not None

    @property
    def way(self) -> str:
        """How they are connected, or empty."""
        return self.connection.way if self.connection else ""

    @property
    def shown(self) -> str:
        """The name, or the number where there is none."""
        return self.name or str(self.number)


@dataclass
class Team:
    """The people of one firm."""

    id: str
    number: int
    name: str = ""
    pen: str = ""
    """Id of the member who holds it."""
    absent: int = 0
    stood_in: str = ""
    reentered: bool = False
    returning: bool = False
    """Whether it has asked to found again and waits for the next quarter."""
    members: list[Member] = field(default_factory=list)
    draft: Draft | None = None
    """As last saved this quarter; with ``decided`` what the team has decided."""
    saved: int = 0
    decided: bool = False

    @property
    def shown(self) -> str:
        """The name, or the number where there is none."""
        return self.name or str(self.number)

    @property
    def here(self) -> list[Member]:
        """Members who are connected."""
        return [m for m in self.members if m.here]

    def begin_quarter(self) -> None:
        """Nothing drafted, decided, forecast or argued yet."""
        self.draft, self.saved, self.decided = None, 0, False
        for member in self.members:
            member.forecast, member.reason = {}, ""


def fold(name: str) -> str:
    """What makes two names the same to a reader."""
    return unicodedata.normalize("NFKC", name).casefold()


def numbered(name: str, taken: Iterable[str]) -> str:
    """A nickname as given, or with a number behind it where somebody has it already.

    >>> numbered("小王", ["小王", "小王 2"])
    '小王 3'
    """
    known = {fold(other) for other in taken}
    number, made = 1, name
    while fold(made) in known:
        number += 1
        tail = f" {number}"
        made = clean_text(name, MAX_NAME - cell_width(tail)) + tail
    return made


def team_for(teams: Sequence[Team], wish: str, most: int, trading: Mapping[str, bool]) -> Team:
    """The team that a newcomer joins: the one wished for, else the one with fewest members that still trades.

    Raises `ClassError` where it is full, or all are.
    """
    if wish:
        team = next((t for t in teams if t.id == wish), None)
        if team is None:
            raise ClassError("class.room.no-team")
        if len(team.members) >= most:
            raise ClassError("class.room.team-full", team=team.shown)
        return team
    short = [t for t in teams if len(t.members) < most]
    if not short:
        raise ClassError("class.room.full")
    return min(short, key=lambda t: (not trading.get(t.id, True), len(t.members), t.number))


def role_for(team: Team, wish: str, roles: Sequence[str]) -> str:
    """The role of a newcomer: the one wished for if it is free in the team, else the first that is, else none.

    Raises `ClassError` for a role that there is none of.
    """
    if wish and wish not in roles:
        raise ClassError("class.room.no-role", role=clean_text(wish))
    free = [role for role in roles if role not in {m.role for m in team.members}]
    return wish if wish in free else free[0] if free else ""


def may_take_pen(team: Team, member: Member) -> bool:
    """Whether nobody who is here holds the pen."""
    holder = next((m for m in team.members if m.id == team.pen), None)
    return holder is None or not holder.here or holder is member
