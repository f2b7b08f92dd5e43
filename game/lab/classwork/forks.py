"""One quarter of a pupil's run forked: what was done and the best plan that one could have thought of, in the same futures.

The plan is chosen and measured as regret is (`game.lab.analysis.regret`): from what the seat could know, on one sample of
futures, and played beside what was done in fresh ones, in pairs that share their luck. Then both are played once more
from the true state under the true luck, which shows what would have come of it in the class's own world.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from game.engine import derive
from game.engine.state import State
from game.engine.view import observe
from game.foresight import futures as ahead
from game.lab.analysis.model import Budget, Measured, Plan, Range
from game.lab.analysis.quarter import Task, fan
from game.lab.analysis.regret import OWN, choose, measured, moves
from game.lab.analysis.run import task_of

if TYPE_CHECKING:
    from game.lab.analysis.reading import Opened

GAMES: Final = 1000
"""Futures of each of the two plans."""
SELECT: Final = 64
"""Futures of each candidate when the plan is chosen."""
STEPS: Final = 20
"""Classes of the two histograms."""


class Way(msgspec.Struct, frozen=True):
    """What comes of one plan. Lists have one item a quarter, the forked one first; money in CNY."""

    value: list[Range]
    cash: list[Range]
    ruin: list[float]
    """Chance of being bankrupt by then."""
    true: list[float]
    """Value under the true luck: the plan, and then its direction (of what was done also, so that both are alike)."""
    ends: list[int]
    """Futures whose value at the end lies in each of `STEPS` classes from ``Fork.low`` to ``Fork.high``."""


class Fork(msgspec.Struct, frozen=True):
    """What was done in one quarter, beside the best plan that could be found."""

    pupil: int
    """Place in `ClassReport.pupils`."""
    quarter: int
    games: int
    select: int
    plan: Plan | None
    """The alternative; None where what was done was the best that could be found."""
    done: Way
    better: Way | None
    difference: Measured
    """Mean value of the alternative at the end of the futures less that of what was done, with its 90 % interval."""
    ahead_in: float
    """Share of the pairs of futures in which the alternative ends higher."""
    low: float
    """Least value of the histograms' classes; what lies outside stands in the first or last."""
    high: float


def fork(opened: Opened, pupil: int, quarter: int, *, games: int = GAMES, select: int = SELECT) -> Fork | None:
    """The fork of a run at the start of ``quarter``; None where that cannot be played (other rules, a firm that is gone)."""
    task = task_of(opened, quarter, Budget("fork", select=select, measure=games, seeds=0, planner_seeds=0))
    if task is None:
        return None
    rules, firm = task.rules, task.firm
    view = observe(rules, task.state, (firm,))
    done = task.decisions[:, firm, 0]
    label, best = choose(rules, view, done, task.seats, select)
    fresh = ahead.look(rules, view, task.seats, games, after=select)
    mine = ahead.futures(rules, view, done, task.seats, outlook=fresh)
    if label == OWN:
        low, high = _ends([mine.value[-1]])
        way = _way(mine, _true(task, done), low, high)
        return Fork(pupil, quarter, games, select, None, way, None, Measured(0.0, 0.0, 0.0), 0.0, low, high)
    theirs = ahead.futures(rules, view, best, task.seats, outlook=fresh)
    low, high = _ends([mine.value[-1], theirs.value[-1]])
    plan = Plan(label, moves(rules, view, done, best), float(theirs.bankrupt[-1].mean()))
    return Fork(
        pupil, quarter, games, select, plan, _way(mine, _true(task, done), low, high),
        _way(theirs, _true(task, best), low, high), measured(theirs.value[-1] - mine.value[-1]),
        float((theirs.value[-1] > mine.value[-1]).mean()), low, high,
    )  # fmt: skip


def _ends(values: list[np.ndarray]) -> tuple[float, float]:
    """Where the histograms begin and end: classes of a round width that hold all but a fiftieth either way.

    They begin at nothing unless next to no future ends below a third of the rest.
    """
    low, high = min(float(np.quantile(v, 0.01)) for v in values), max(float(np.quantile(v, 0.98)) for v in values)
    low = 0.0 if low < high / 3.0 else low
    rough = max((high - low) / (STEPS - 1), 1.0)
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * m for m in (1.0, 2.0, 4.0, 5.0, 10.0) if unit * m >= rough)
    low = math.floor(low / step) * step
    return low, low + STEPS * step


def _way(futures: ahead.Futures, true: list[float], low: float, high: float) -> Way:
    ends = np.clip(((futures.value[-1] - low) / (high - low) * STEPS).astype(np.int64), 0, STEPS - 1)
    return Way(
        fan(futures.value), fan(futures.cash), [float(x) for x in futures.bankrupt.mean(axis=-1)], true,
        [int(n) for n in np.bincount(ends, minlength=STEPS)],
    )  # fmt: skip


def _true(task: Task, plan: np.ndarray) -> list[float]:
    """Value after each quarter of a plan played on from the true state under the true luck, as hindsight is."""
    rules, view = task.rules, observe(task.rules, task.state, (task.firm,))
    truth = ahead.Outlook(view, task.state, task.decisions, ahead.assumed(task.seats))
    plans = plan[:, None]
    way = ahead.directions(rules, view, ahead.settled(view, plans))
    states: list[State] = list(ahead.play_on(rules, truth, plans, way, ahead.horizon(rules, view.quarter)))
    return [float(derive.value(s)[task.firm, 0]) for s in states]
