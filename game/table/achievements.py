"""Which achievements a finished run has earned: read from its file alone, so nothing can be lost or forged but the run.

>>> earned(course_of(read_run(path)), content.achievements.values())      # doctest: +SKIP
('layered-pays', 'war-weathered')
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from game.content.schema_hour import Achievement, RunCondition
from game.content.vocabulary import parse_quarter
from game.table.contract import HUMAN
from game.table.course import GONE, Course, course_of, route_number
from game.table.errors import RunError
from game.table.listing import Listed
from game.table.runfile import read_run

OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


@dataclass(frozen=True)
class Earned:
    """One achievement over many runs: how many earned it as first played, and how many after an undo or in a fork."""

    id: str
    straight: int = 0
    again: int = 0
    first: str = ""
    """When the first run that earned it was founded (ISO date and time); straight runs before the others."""


def earned(course: Course, achievements: Iterable[Achievement]) -> tuple[str, ...]:
    """Ids of what a course has earned; none while it goes on."""
    return tuple(entry.id for entry in achievements if has(course, entry))


def has(course: Course, entry: Achievement) -> bool:
    """Whether a finished course earned an achievement."""
    if not course.ending or not course.rows:
        return False
    if entry.endings and course.ending not in entry.endings:
        return False
    if not entry.endings and course.ending in GONE:
        return False
    if entry.scenarios and course.head.scenario not in entry.scenarios:
        return False
    return all(holds(course, condition) for condition in entry.when)


def holds(course: Course, condition: RunCondition) -> bool:
    """Whether a condition holds over its quarters; never where the run does not span them or does not say."""
    places = window(course, condition)
    if not places:
        return False
    wanted, compare = route_number(condition.value), OPERATORS[condition.op]

    def value(place: int) -> float | None:
        return course.ask(condition.what, place, condition.of)

    def right(place: int) -> bool:
        found = value(place)
        return found is not None and compare(found, wanted)

    if condition.over == "end":
        return right(places[-1])
    if condition.over == "every":
        return all(map(right, places))
    if condition.over == "some":
        return sum(map(right, places)) >= condition.count
    first, last = value(places[0]), value(places[-1])
    if first is None or last is None or len(places) < 2:
        return False
    if condition.over == "rise":
        return compare(last - first, wanted)
    return first > 0 and compare(last / first - 1.0, wanted)


def window(course: Course, condition: RunCondition) -> Sequence[int]:
    """Places of a condition's quarters in a course; empty where the run does not reach over all of them."""
    start = course.head.first
    first = parse_quarter(condition.first) - start if condition.first else 0
    last = parse_quarter(condition.last) - start if condition.last else course.played - 1
    if first < 0 or last >= course.played:
        return ()
    return range(first, last + 1)


def again(entry: Listed) -> bool:
    """Whether a run is not a first try on the face of it: a quarter was taken back, or it branched off another."""
    return entry.head is not None and (entry.head.undone or entry.head.parent is not None)


def own(entry: Listed) -> bool:
    """Whether a person played a run."""
    head = entry.head
    return head is not None and 0 <= head.firm < len(head.seats) and head.seats[head.firm] == HUMAN


def collect(runs: Iterable[Listed], achievements: Sequence[Achievement]) -> dict[str, Earned]:
    """What all finished runs of a person have earned, by achievement, with undone and forked runs counted apart.

    A run that cannot be read earns nothing; the list of runs says what is wrong with it.
    """
    found = {entry.id: Earned(entry.id) for entry in achievements}
    for run in sorted(runs, key=lambda r: (again(r), r.head.created if r.head else "", r.path.name)):
        if not run.ending or not own(run):
            continue
        try:
            course = course_of(read_run(run.path))
        except RunError:
            continue
        for id in earned(course, achievements):
            one = found[id]
            when = one.first or (run.head.created if run.head else "")
            found[id] = Earned(id, one.straight + (not again(run)), one.again + again(run), when)
    return found
