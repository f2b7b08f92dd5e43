"""Today's market: one game a day that everybody may play, from the date alone, without a network.

From Monday to Friday it is the price war (eight quarters), on Saturday and Sunday the whole war; always the same
founding, so that only decisions differ. The seed is the date as text. Whoever calls gives the date: no clock is read.

>>> from datetime import date
>>> today(date(2026, 11, 29)).seed, today(date(2026, 11, 29)).scenario
('daily-2026-11-29', 'war')
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from game.table.achievements import again, own
from game.table.founding import Founding
from game.table.listing import Listed

PREFIX: Final = "daily-"
WEEKDAY, WEEKEND = "price-war", "war"
"""Scenarios of the day."""
SATURDAY: Final = 5


@dataclass(frozen=True)
class Day:
    """One day's market as its runs in a folder tell it."""

    day: date
    counted: Listed | None
    """The first try that was played to its end, neither undone nor a fork: the one that counts."""
    best: Listed | None
    """The finished run of most value, whatever it was."""
    tries: int
    """Runs begun, forks and undone ones included."""
    open: Listed | None
    """A try that is not over and may be gone on with, the last written."""


def today(day: date, *, name: str = "") -> Founding:
    """The game of a day (local, as its player reads it off the wall)."""
    scenario = WEEKEND if day.weekday() >= SATURDAY else WEEKDAY
    return Founding(scenario, "lab-spin-off", "manager", "none", PREFIX + day.isoformat(), name)


def day_of(run: Listed) -> date | None:
    """The day whose market a run was founded on; None where it is another game, even under such a seed."""
    head = run.head
    if head is None or not head.seed_text.startswith(PREFIX) or not own(run):
        return None
    try:
        day = date.fromisoformat(head.seed_text[len(PREFIX) :])
    except ValueError:
        return None
    game = today(day)
    same = (head.scenario, head.background, head.difficulty, head.assume, head.seed_text) == (
        game.scenario, game.background, game.difficulty, game.assume, game.seed
    )  # fmt: skip
    return day if same and not head.overlays else None


def days(runs: Iterable[Listed]) -> list[Day]:
    """Every day that was played, the last first."""
    by_day: dict[date, list[Listed]] = {}
    for run in runs:
        day = day_of(run)
        if day is not None:
            by_day.setdefault(day, []).append(run)
    return [_day(day, by_day[day]) for day in sorted(by_day, reverse=True)]


def _day(day: date, runs: list[Listed]) -> Day:
    runs = sorted(runs, key=founded)
    over = [run for run in runs if run.ending]
    straight = [run for run in over if not again(run)]
    going = [run for run in runs if not run.ending and not again(run) and run.trouble is None]
    return Day(
        day, straight[0] if straight else None, max(over, key=worth, default=None), len(runs),
        max(going, key=lambda run: run.changed, default=None),
    )  # fmt: skip


def worth(run: Listed) -> tuple[float, int]:
    """What finished runs are ordered by: value, and of two bankrupt ones how long they lasted."""
    return (run.row.value if run.row is not None else 0.0, run.played)


def founded(run: Listed) -> tuple[float, str]:
    """When a run was founded, as its head says, for sorting; the name of its file decides between equals."""
    try:
        moment = datetime.fromisoformat(run.head.created).timestamp() if run.head is not None else 0.0
    except (ValueError, OverflowError, OSError):
        moment = 0.0
    return moment, run.path.name
