"""One quarter of a run analysed: regret, the fan of what was chosen, hindsight, the desk, the forecast beside guidance."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec
import numpy as np

from game.engine import derive
from game.engine.numeric import Array
from game.engine.rules import Rules
from game.engine.state import State
from game.engine.view import observe
from game.foresight import futures as ahead
from game.lab.analysis.model import Budget, Plan, Range
from game.lab.analysis.model import QuarterAnalysis as Found
from game.lab.analysis.regret import OWN, Desk, Weighing, moves, share_of, verdict, weigh_up
from game.table.guidance import beside

LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9


@dataclass(frozen=True)
class Task:
    """A quarter to analyse, as it travels to a worker: the true state at its start, what everybody decided."""

    setting: tuple[str, ...]
    """What names the rules: their digest and the ids of the game."""
    rules: Rules
    state: State
    decisions: Array
    """(levers, F, 1)."""
    firm: int
    seats: tuple[str, ...]
    desk: Desk
    budget: Budget
    bare: Found
    """What is known without futures: numbers, reason, guidance."""


@dataclass(frozen=True)
class Forecast:
    """What the game itself expected of the end of the next quarter: the 10 % and 90 % marks, CNY."""

    cash: tuple[float, float]
    revenue: tuple[float, float]


_rules: dict[tuple[str, ...], Rules] = {}
"""Rules that came to a worker before: what foresight keeps of a setting, it keeps by the rules themselves."""
_KEPT = 4


def _known(task: Task) -> Task:
    """The task with the rules that are here already."""
    if task.setting not in _rules:
        while len(_rules) >= _KEPT:
            del _rules[next(iter(_rules))]
        _rules[task.setting] = task.rules
    return replace(task, rules=_rules[task.setting])


def analyse_quarter(task: Task) -> Found:
    """The quarter with everything filled in."""
    task = _known(task)
    rules, firm = task.rules, task.firm
    view = observe(rules, task.state, (firm,))
    done = task.decisions[:, firm, 0]
    found = weigh_up(rules, view, done, task.seats, task.desk, task.budget)
    share = share_of(found.regret, found.worth, found.better)
    expected = forecast(found.futures)
    guidance = [beside(g, *getattr(expected, g.what)) if expected else g for g in task.bare.guidance]
    return msgspec.structs.replace(
        task.bare, analysed=True, ahead=len(found.futures.value), fan=fan(found.futures.value), ruin=found.ruin,
        worth=found.worth, regret=found.regret, share=share, log_regret=found.log_regret, gain=found.gain,
        verdict=verdict(found.regret, found.log_regret, share),
        best=Plan(found.label, [] if found.label == OWN else moves(rules, view, done, found.best), found.best_ruin),
        hindsight=0.0 if found.label == OWN else hindsight(task, found), answers=list(found.answers),
        guidance=guidance,
    )  # fmt: skip


def fan(values: Array) -> list[Range]:
    """Marks of values (Q, G), one a quarter ahead."""
    marks = np.quantile(values, (LOW, MIDDLE, HIGH), axis=-1)
    return [Range(*(float(x) for x in row)) for row in marks.T]


def forecast(futures: ahead.Futures) -> Forecast | None:
    """The game's own 80 % intervals for the end of the next quarter; None where the futures end before."""
    if len(futures.cash) < 2:
        return None
    cash, revenue = (
        tuple(float(x) for x in np.quantile(getattr(futures, name)[1], (LOW, HIGH))) for name in ("cash", "revenue")
    )
    return Forecast((cash[0], cash[1]), (revenue[0], revenue[1]))


def hindsight(task: Task, found: Weighing) -> float:
    """Value of the best candidate less that of what was done, both played on from the true state under the true luck.

    The rivals' first quarter is as they decided it; later ones are decided by the policies that foresight assumes, and
    the own seat keeps to each plan's direction, as in the futures: so the two differ in the plan and nothing else.
    """
    rules = task.rules
    view = observe(rules, task.state, (task.firm,))
    truth = ahead.Outlook(view, task.state, task.decisions, ahead.assumed(task.seats))
    plans = np.stack([found.best, task.decisions[:, task.firm, 0]], axis=-1)
    way = ahead.directions(rules, view, ahead.settled(view, plans))
    *_, final = ahead.play_on(rules, truth, plans, way, ahead.horizon(rules, view.quarter))
    better, done = derive.value(final)[task.firm]
    return float(better - done)
