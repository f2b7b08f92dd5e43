"""(k) No standing strategy beats the planner: the best response that an optimiser finds.

Definitions. A standing strategy is a route and 15 numbers that never change: markup on the cost of tokens, solution
price, shares of what may be spent on research and on training machines, people, readiness to raise and to borrow,
tenders, and weights of the focus. CMA-ES (Hansen and Ostermeier 2001) looks for those of highest mean
log(1 + value ÷ 10 million CNY) on training seeds that nothing else uses, once a route; the best of them on those seeds
is then measured on the planner's seeds. Its gain is exp(difference of the means) - 1: how much more 10 million + value
it is worth in the geometric mean.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from game.engine import derive
from game.engine.draws import seed_array, seed_words
from game.engine.names import LEVER, ROUTES, SEGMENTS
from game.engine.numeric import Array, clip
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.view import View, observe, publish
from game.foresight.decide import PLANNER
from game.lab.balance.finding import Measure, finding, measure
from game.lab.balance.plan import Letter, Plan
from game.lab.balance.record import Campaigns, Place, Record
from game.lab.balance.stats import bootstrap
from game.lab.statics import MARKUP, PLAYER
from game.policies import decide_all
from game.policies.default import Plan as Levers
from game.policies.default import compute_for, envelope, manage

SCALE: Final = 1e7
"""CNY; values are compared as log(1 + value ÷ this)."""
MOST_GAIN: Final = 0.05
TRAINING_FIRST: Final = 50_001
"""First seed of the training sample."""
NUMBERS: Final = ("markup", "solution", "research", "training", "people", "raise", "borrow", *SEGMENTS)
_FOCUS: Final = NUMBERS.index(SEGMENTS[0])
_SIGMA: Final = 0.4
_MISSING: Final = "the optimiser is not installed: the package cma is part of the optional group lab"


def levers_of(rules: Rules, view: View, route: int, theta: Array) -> Array:
    """(levers, 1, G) decisions of one firm by standing strategies ``theta`` (numbers, G).

    All numbers are logs of factors on a habit of ``thumb``, 0 being the habit itself, but for raise and borrow, which
    add to the share of the ceiling, and the weights, logs of the weight of a segment relative to the habit.
    """
    own, rows = view.own, list(view.firms)
    factor = np.exp(np.clip(theta, -4.0, 3.0))
    spend = envelope(rules, view)
    research = np.rint(rules.traits.appetite[rows] * 0.45 * factor[2] * spend / 1e6) * 1e6
    now = np.add.accumulate(own.due[:, :, 0], axis=1)[:, -1]
    machines = clip(compute_for(rules, view, 0.22 * factor[3] * spend), 0.6 * now, np.maximum(1.8 * now, 50.0))
    habit = 0.9 * rules.traits.focus[rows] + 0.1 * rules.segments / len(SEGMENTS)
    weight = habit * factor[_FOCUS:] * rules.segments
    focus = weight / weight.sum(axis=1, keepdims=True)
    price = own.token_cost * MARKUP[1] * factor[0]
    out = manage(rules, view, Levers(np.full(own.cash.shape, float(route)), price, research, focus, machines))
    out[LEVER["price.solution"]] = factor[1]
    first = LEVER["staff.developers"]
    people = slice(first, first + len(SEGMENTS))
    out[people] = np.rint(out[people] * factor[4])
    for name, shift in (("raise", theta[5]), ("borrow", theta[6])):
        row = LEVER[f"finance.{name}"]
        top = np.maximum(own.high[row], 0.0)
        out[row] = np.floor(np.clip(out[row] + shift * top, out[row].clip(max=0.0), top))
    return np.where(np.isnan(out), out, np.minimum(np.maximum(out, own.low), own.high))


def play_standing(place: Place, route: int, thetas: Array, seeds: Sequence[int]) -> Array:
    """(P, S) final values, CNY, of standing strategies ``thetas`` (P, numbers) on ``seeds``: one batch."""
    rules = place.rules
    words = [seed_words(s) for s in seeds]
    state = begin(rules, seed_array([w for _ in thetas for w in words]))
    wide = np.repeat(np.asarray(thetas, dtype=np.float64), len(seeds), axis=0).T
    seats = ("default", *(place.rivals,) * (rules.firms - 1))
    for _ in range(rules.quarters):
        public = publish(rules, state)
        levers = decide_all(rules, state, seats, public, skip=(PLAYER,))
        levers[:, [PLAYER]] = levers_of(rules, observe(rules, state, (PLAYER,), public), route, wide)
        state = play_quarter(rules, state, levers)[0]
    final: Array = derive.value(state)[PLAYER]
    return final.reshape(len(thetas), len(seeds))


def scores(values: Array) -> Array:
    """log(1 + value ÷ `SCALE`)."""
    return np.log1p(values / SCALE)


@dataclass(frozen=True)
class Best:
    """What the optimiser found for a route."""

    route: int
    theta: tuple[float, ...]
    training: float
    """Mean score on the training seeds."""
    fresh: Array
    """(S,) values on the planner's seeds, CNY."""


@dataclass(frozen=True)
class Response:
    """The best response of one route at a place."""

    place: Place
    route: int
    count: int
    """Seeds of the final measurement, from 1."""
    training: int
    generations: int
    crowd: int

    def pieces(self) -> list[Response]:
        """Itself: generations follow one another."""
        return [self]

    def run(self) -> Best:
        """Optimise, then measure on fresh seeds."""
        import cma  # type: ignore[import-untyped]

        seeds = range(TRAINING_FIRST, TRAINING_FIRST + self.training)
        options = {"popsize": self.crowd, "seed": 1 + self.route, "verbose": -9, "maxiter": self.generations}
        search = cma.CMAEvolutionStrategy([0.0] * len(NUMBERS), _SIGMA, options)
        best, best_score = np.zeros(len(NUMBERS)), -np.inf
        for _ in range(self.generations):
            crowd = search.ask()
            means = scores(play_standing(self.place, self.route, np.array(crowd), seeds)).mean(axis=1)
            search.tell(crowd, (-means).tolist())
            if means.max() > best_score:
                best, best_score = np.array(crowd[int(np.argmax(means))]), float(means.max())
            if search.stop():
                break
        fresh = play_standing(self.place, self.route, best[None], range(1, self.count + 1))[0]
        return Best(self.route, tuple(best.tolist()), best_score, fresh)

    def join(self, parts: Sequence[Best]) -> Best:
        """The one part."""
        return parts[0]


def _responses(plan: Plan) -> list[Response]:
    if importlib.util.find_spec("cma") is None:
        return []
    size = (16, 25, 12) if plan.quick else (40, 60, 14)
    return [Response(plan.home, r, plan.planner_seeds, *size) for r in range(len(ROUTES))]


def _tasks(plan: Plan) -> list[Any]:
    responses = _responses(plan)
    return [*responses, plan.campaigns(PLANNER)] if responses else []


def judge(plan: Plan, done: Mapping[Any, Any]) -> Measure:
    """(k)"""
    responses = _responses(plan)
    what = "gain of the best standing strategy over the planner"
    if not responses:
        return measure("k", LETTER.what, [finding("k", what, None, None, MOST_GAIN)], why=_MISSING)
    task: Campaigns = plan.campaigns(PLANNER)
    planner: Record = done[task]
    found: list[Best] = [done[r] for r in responses]
    best = max(found, key=lambda b: b.training)
    ours, theirs = scores(best.fresh), scores(planner.value[-1])

    def gain(seeds: np.ndarray) -> float:
        return float(np.exp(ours[seeds].mean() - theirs[seeds].mean()) - 1.0)

    value = gain(np.arange(len(ours)))
    return measure(
        "k", LETTER.what,
        [finding("k", what, value, None, MOST_GAIN, interval=bootstrap(gain, len(ours)), strict=True)],
        route=ROUTES[best.route], strategy=dict(zip(NUMBERS, best.theta, strict=True)),
        mean_value={"standing": float(best.fresh.mean()), "planner": float(planner.value[-1].mean())},
        bankrupt={"standing": float((best.fresh <= 0).mean()), "planner": float(planner.bankrupt.mean())},
        by_route={ROUTES[b.route]: float(np.exp(scores(b.fresh).mean() - theirs.mean()) - 1.0) for b in found},
    )


LETTER: Final = Letter("k", "no standing strategy beats the planner", _tasks, judge)
