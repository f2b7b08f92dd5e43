"""What the desk works out of a `Desk`: the clock between two pushes, who is awaited, what may be done now."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from game.classroom.messages import Desk, DeskMember, DeskTeam

LONGEST: Final = 7200
SHORTEST: Final = 5
"""Seconds that a clock may be set to."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A desk and the moment it came, by a clock that only runs forwards (s)."""

    desk: Desk
    at: float

    def left(self, now: float) -> float | None:
        """Seconds until the clock closes the quarter, None without a clock; it stands still while paused."""
        if self.desk.left is None or self.desk.phase != "open":
            return None
        return max(0.0, self.desk.left - (0.0 if self.desk.paused else max(0.0, now - self.at)))


def clock_text(seconds: float) -> str:
    """Seconds as a clock shows them, begun ones counted.

    >>> clock_text(150), clock_text(59.2), clock_text(3600)
    ('2:30', '1:00', '60:00')
    """
    whole = math.ceil(seconds - 1e-6)
    return f"{whole // 60}:{whole % 60:02d}"


def seconds_of(text: str) -> float | None:
    """What a teacher types for a clock: seconds or minutes:seconds; None for nothing. Raises ValueError.

    >>> seconds_of("150"), seconds_of("2:30"), seconds_of("２：３０"), seconds_of(" ")
    (150.0, 150.0, 150.0, None)
    """
    text = text.strip().translate(str.maketrans("０１２３４５６７８９：", "0123456789:"))
    if not text:
        return None
    found = re.fullmatch(r"(?:(\d{1,3}):([0-5]?\d)|(\d{1,5}))", text)
    if found is None:
        raise ValueError(text)
    minutes, rest, plain = found.groups()
    seconds = float(plain) if plain else 60.0 * int(minutes) + int(rest)
    if not SHORTEST <= seconds <= LONGEST:
        raise ValueError(text)
    return seconds


def playing(team: DeskTeam) -> bool:
    """Whether a team has a firm to decide for."""
    return team.status == "active"


def awaited(desk: Desk) -> list[DeskTeam]:
    """Teams with people and a firm that have not decided, in the order of the desk."""
    return [team for team in desk.teams if team.members and playing(team) and not team.decided]


def deciding(desk: Desk) -> list[DeskTeam]:
    """Teams that are to decide at all."""
    return [team for team in desk.teams if team.members and playing(team)]


def people(desk: Desk) -> tuple[int, int]:
    """How many members are here, and how many there are."""
    members = [m for team in desk.teams for m in team.members]
    return sum(m.here for m in members), len(members)


def find_member(desk: Desk, member: str) -> tuple[DeskTeam, DeskMember] | None:
    """A member and their team."""
    return next(((team, m) for team in desk.teams for m in team.members if m.id == member), None)


def played(desk: Desk) -> int:
    """Which quarter of the scenario this is, the first is 1."""
    return desk.quarter - desk.first_quarter + 1


def last_of_round(desk: Desk) -> bool:
    """Whether a round is through and another follows. A desk's quarters are those of its round."""
    return desk.phase == "between" and desk.round < desk.rounds and done(desk) >= desk.quarters


def done(desk: Desk) -> int:
    """Quarters that have been closed. Between quarters ``desk.quarter`` is the one that opens next."""
    return desk.quarter - desk.first_quarter


def idle(desk: Desk) -> set[str]:
    """Ids of keys that have nothing to do in this phase; they are left off the key bar."""
    phase = desk.phase
    gone: set[str] = set()
    if phase not in ("lobby", "between") or done(desk) >= desk.quarters:
        gone.add("open")
    if phase != "open":
        gone |= {"close", "pause", "clock", "longer"}
    if phase not in ("open", "between", "lobby"):
        gone |= {"deal"}
    if phase in ("debrief", "over"):
        gone |= {"values", "script"}
    if phase == "lobby":
        gone |= {"values", "debrief", "export", "ranking"}
    if phase in ("open", "closing"):
        gone |= {"debrief", "finish", "export"}
    if not last_of_round(desk):
        gone.add("next-round")
    if phase != "lobby":
        gone.add("finish")
    if phase in ("debrief",):
        gone.discard("finish")
        gone |= {"ranking"}
    if phase == "over":
        gone |= {"tell", "join", "ranking", "finish", "debrief"}
    return gone
