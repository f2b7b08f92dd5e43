"""(a) No static strategy is best everywhere, and (h) what won the first act does not win the second.

Definitions. A place is a scenario, a background and assumptions. A static strategy is worth its mean final value over
the seeds. A route (or focus) is worth its best static; it is *best* at a place if its worth is the greatest there; its
*share* is its worth ÷ the greatest. Intervals: bootstrap over seeds, strategies held as chosen.
For (h), strategies are ranked by their mean gain of value within 2023 and within 2024, in the whole war.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from game.engine.names import ROUTES, SEGMENTS
from game.engine.numeric import Array
from game.lab.balance.finding import Measure, finding, measure
from game.lab.balance.plan import Letter, Plan
from game.lab.balance.record import Place, split_seeds
from game.lab.balance.stats import bootstrap, spearman
from game.lab.statics import StaticResult, all_statics, join_statics, play_statics

BATCH: Final = 4
"""Seeds in a batch: 96 strategies each."""
LEAST_SHARE: Final = 0.7
MOST_CORRELATION: Final = 0.5
_RESAMPLES: Final = 200


@dataclass(frozen=True)
class Statics:
    """Every static strategy at a place, on ``count`` seeds from ``first``."""

    place: Place
    count: int
    first: int = 1

    def pieces(self) -> list[Statics]:
        """Batches of few seeds and all strategies."""
        return [replace(self, first=a, count=n) for a, n in split_seeds(self.first, self.count, BATCH)]

    def run(self) -> StaticResult:
        """Play them."""
        rules = self.place.rules
        return play_statics(rules, all_statics(rules), range(self.first, self.first + self.count), self.place.rivals)

    def join(self, parts: Sequence[StaticResult]) -> StaticResult:
        """All seeds."""
        return join_statics(parts)


def places(plan: Plan) -> list[Place]:
    """Where static strategies are compared: everywhere; a quick balance takes the assumptions at home only."""
    everywhere = [plan.place(s, b) for s in plan.scenarios for b in plan.backgrounds]
    others = [a for a in plan.assumptions if a != "none"]
    if plan.quick:
        return everywhere + [plan.place(assume=a) for a in others]
    return everywhere + [plan.place(p.scenario, p.background, a) for a in others for p in everywhere]


def _tasks(plan: Plan) -> list[Statics]:
    return [Statics(p, plan.static_seeds) for p in places(plan)]


def best_by(result: StaticResult, group: Sequence[int]) -> dict[int, int]:
    """Place of the best static by mean value within each group; ``group`` names the group of each static."""
    mean = result.value.mean(axis=1)
    best: dict[int, int] = {}
    for k, g in enumerate(group):
        if g not in best or mean[k] > mean[best[g]]:
            best[g] = k
    return best


def share_interval(value: Array, mine: int, best: int) -> tuple[float, float] | None:
    """Interval of mean value of static ``mine`` ÷ that of ``best``, over seeds."""

    def share(seeds: np.ndarray) -> float:
        return float(value[mine, seeds].mean() / max(float(value[best, seeds].mean()), 1.0))

    return bootstrap(share, value.shape[1], _RESAMPLES)


def judge(plan: Plan, done: Mapping[Any, Any]) -> Measure:
    """(a)"""
    won_routes: Counter[str] = Counter()
    won_focus: Counter[str] = Counter()
    won: Counter[str] = Counter()
    lowest: tuple[float, str, tuple[float, float] | None] = (np.inf, "", None)
    rows = []
    for task in _tasks(plan):
        result: StaticResult = done[task]
        routes = best_by(result, [s.route for s in result.statics])
        mean = result.value.mean(axis=1)
        top = int(np.argmax(mean))
        best = result.statics[top]
        won_routes[ROUTES[best.route]] += 1
        won_focus[SEGMENTS[best.focus]] += 1
        won[best.name] += 1
        shares = {ROUTES[r]: float(mean[k] / max(float(mean[top]), 1.0)) for r, k in routes.items()}
        focus = best_by(result, [s.focus for s in result.statics])
        for r, k in routes.items():
            if shares[ROUTES[r]] < lowest[0]:
                lowest = (shares[ROUTES[r]], f"{ROUTES[r]} in {task.place}", share_interval(result.value, k, top))
        rows.append({
            "place": str(task.place), "best": best.name, "value": float(mean[top]), "routes": shares,
            "focus": {SEGMENTS[v]: float(mean[k] / max(float(mean[top]), 1.0)) for v, k in focus.items()},
            "bankrupt": float(result.bankrupt.mean()), "bankrupt_best": float(result.bankrupt[top].mean()),
        })  # fmt: skip
    findings = [
        finding("a", "routes that are best somewhere", float(len(won_routes)), float(len(ROUTES))),
        finding("a", f"least share of a route ({lowest[1]})", lowest[0], LEAST_SHARE, interval=lowest[2]),
        finding("a", "focus segments that are best somewhere", float(len(won_focus)), float(len(SEGMENTS))),
        finding("a", "most places that one strategy wins, share", max(won.values()) / len(rows), None, 1.0, strict=True),
    ]
    return measure("a", LETTER_A.what, findings, places=rows, routes=dict(won_routes), focus=dict(won_focus))


def judge_acts(plan: Plan, done: Mapping[Any, Any]) -> Measure:
    """(h)"""
    result: StaticResult = done[Statics(plan.home, plan.static_seeds)]
    first, second = result.gains

    def between(seeds: np.ndarray) -> float:
        return spearman(first[:, seeds].mean(axis=1), second[:, seeds].mean(axis=1))

    every = np.arange(first.shape[1])
    value = between(every)
    return measure("h", LETTER_H.what, [
        finding("h", "rank correlation of gains, 2023 and 2024", value, None, MOST_CORRELATION,
                interval=bootstrap(between, first.shape[1], _RESAMPLES), strict=True),
    ], best_first=_names(result, first), best_second=_names(result, second))  # fmt: skip


def _names(result: StaticResult, gains: Array) -> list[str]:
    order = np.argsort(-gains.mean(axis=1), kind="stable")[:5]
    return [f"{result.statics[k].name} {gains[k].mean():.3g}" for k in order]


LETTER_A: Final = Letter("a", "no static strategy is best everywhere", _tasks, judge)
LETTER_H: Final = Letter(
    "h", "what wins the first act does not win the second", lambda p: [Statics(p.home, p.static_seeds)], judge_acts
)
