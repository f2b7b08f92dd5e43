"""(d) Every lever matters and none decides alone: the planner with a lever forbidden or forced.

Definitions. Each plan that the planner weighs, and so what it decides, is bound (`game.lab.balance.deciding`); the
futures behind a plan go on by default management, unbound. The effect of a restriction is the planner's win rate over
``reactive`` without it less that with it, in points, on the same seeds at home. A lever's worth is the larger effect of
its two restrictions by size; it is useless where both intervals lie inside ±1. A quick balance only forbids.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from game.foresight.decide import PLANNER
from game.lab.balance.deciding import LEVER_GROUPS
from game.lab.balance.finding import Finding, Measure, finding, measure
from game.lab.balance.plan import Letter, Plan
from game.lab.balance.record import Campaigns, Record
from game.lab.balance.stats import paired_interval
from game.lab.ladder import win_table

POINTS: Final = (1.0, 15.0)
USELESS: Final = 1.0


def _restrictions(plan: Plan) -> dict[str, tuple[str, ...]]:
    return {lever: pair[:1] if plan.quick else pair for lever, pair in LEVER_GROUPS.items()}


def _tasks(plan: Plan) -> list[Campaigns]:
    bound = [plan.campaigns(PLANNER, restriction=r) for rs in _restrictions(plan).values() for r in rs]
    return [plan.campaigns(PLANNER), plan.campaigns("reactive"), *bound]


def effect(free: Record, bound: Record, reactive: Record) -> tuple[float, tuple[float, float]]:
    """Points of win rate over ``reactive`` that a restriction costs, and the interval over paired seeds."""
    seeds = min(len(r.bankrupt) for r in (free, bound, reactive))
    against = reactive.head(seeds)
    lost = win_table(free.head(seeds), against) - win_table(bound.head(seeds), against)
    low, high = paired_interval(lost)
    return 100.0 * float(lost.mean()), (100.0 * low, 100.0 * high)


def lever_finding(lever: str, effects: Mapping[str, tuple[float, tuple[float, float]]]) -> Finding:
    """The judgement on one lever from the effects of its restrictions."""
    name = max(effects, key=lambda n: abs(effects[n][0]))
    points, interval = effects[name]
    useless = all(i[0] > -USELESS and i[1] < USELESS for _, i in effects.values())
    what = f"{lever} ({name}), points{', useless' if useless else ''}"
    return finding("d", what, abs(points), *POINTS, interval=_size(interval))


def _size(interval: tuple[float, float]) -> tuple[float, float]:
    """The interval of the size of an effect."""
    low, high = interval
    return (0.0 if low <= 0.0 <= high else min(abs(low), abs(high))), max(abs(low), abs(high))


def judge(plan: Plan, done: Mapping[Any, Any]) -> Measure:
    """(d)"""
    free, reactive = done[plan.campaigns(PLANNER)], done[plan.campaigns("reactive")]
    findings, details = [], {}
    for lever, names in _restrictions(plan).items():
        effects = {n: effect(free, done[plan.campaigns(PLANNER, restriction=n)], reactive) for n in names}
        findings.append(lever_finding(lever, effects))
        for n, (points, interval) in effects.items():
            bound: Record = done[plan.campaigns(PLANNER, restriction=n)]
            details[n] = {"points": points, "interval": interval, "bankrupt": float(bound.bankrupt.mean()),
                          "value_median": float(np.median(bound.value[-1]))}
    return measure("d", LETTER.what, findings, restrictions=details)


LETTER: Final = Letter("d", "every lever matters and none decides alone", _tasks, judge)
