"""Who stands on a grade sheet: everybody whose run counts, or, of a room, every member of every team.

In a room each member forecasts and gives reasons for themselves, so each is marked by their own; what a team's firm did
is common to its members.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from game.lab.classwork.model import ClassReport, Pupil
from game.lab.classwork.rubric import Calibration, calibration, mark_of


class Foretold(msgspec.Struct, frozen=True):
    """A member's 80 % interval for the end of ``quarter``; scores are interval scores, None until it had ended."""

    quarter: int
    what: str
    """``cash``, ``revenue`` or ``price``."""
    low: float
    high: float
    actual: float | None = None
    score: float | None = None
    naive: float | None = None


class Member(msgspec.Struct, frozen=True):
    """A member of a team as a room's record tells; names and texts are as typed and are never trusted."""

    id: str
    name: str
    file: str
    """The team's run that the member is marked by."""
    forecasts: list[Foretold] = []
    reasons: dict[int, str] = {}
    """By quarter."""


class Graded(msgspec.Struct, frozen=True):
    """One row of a grade sheet."""

    key: str
    """Names the row: the run's place, and the member's id in a room."""
    name: str
    """Of the member; empty where the run's own name stands."""
    pupil: Pupil
    found: Calibration
    reasons: dict[int, str]
    """What this person wrote, by quarter."""


def graded(report: ClassReport, members: Sequence[Member] = ()) -> list[Graded]:
    """The rows, in the order of pupils and then of members; a run without members in the record stands for itself."""
    out = []
    for p in report.pupils:
        mine = [m for m in members if m.file == p.file]
        quarters = [d.quarter for d in p.decided]
        for m in mine:
            out.append(Graded(f"{p.place}/{m.id}", m.name, p, of_member(m.forecasts, quarters), m.reasons))
        if not mine:
            found = calibration((g for q in p.analysis.quarters for g in q.guidance), quarters)
            out.append(Graded(str(p.place), "", p, found, {d.quarter: d.reason for d in p.decided if d.reason}))
    return out


def of_member(forecasts: Iterable[Foretold], quarters: Sequence[int]) -> Calibration:
    """As `calibration`, of forecasts that are about the end of the very quarter: one is due in every quarter played."""
    scored = [
        (f.quarter, f.score, f.naive, f.actual is not None and f.low <= f.actual <= f.high)
        for f in forecasts if f.score is not None and f.naive is not None
    ]  # fmt: skip
    return mark_of(scored, list(quarters))
