"""Plans worth weighing, made from a view alone: eight strategies, then eight changes of the best of them.

Strategies are what the standing policies would do, what the firm is doing already, and turns away from both: thrift,
growth, another focus, another route. Changes move one lever that matters, or a few that belong together, and give every
other answer to the card on the desk and to distress.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from game.engine.exits import NOTHING, SELL_UNIT
from game.engine.names import LEVER, ROUTES
from game.engine.numeric import Array, clip, exp, log
from game.engine.rules import Rules
from game.engine.view import View
from game.foresight.direction import KNOWLEDGE, MACHINES, PEOPLE, Direction, follow, read
from game.policies import reactive, thumb

STRATEGIES: Final = 8
CHANGES: Final = 8
_NO_CHANCE: Final = np.empty((0, 1, 1))

Change = Callable[[Rules, View, Array], None]
"""Changes levers (levers,) in place."""


def strategies(rules: Rules, view: View) -> Array:
    """(levers, STRATEGIES) plans of the one seat and game of ``view``."""
    by_thumb = thumb.decide(rules, view, _NO_CHANCE)
    by_return = reactive.decide(rules, view, _NO_CHANCE)
    standing = np.where(np.isnan(view.own.levers), by_return, view.own.levers)
    way = read(rules, view, by_return)
    habit = read(rules, view, standing)
    plans = [
        by_thumb,
        by_return,
        follow(rules, view, habit),
        follow(rules, view, _between(habit, way)),
        follow(rules, view, replace(way, research=0.6 * way.research, training=0.5 * way.training, people=0.9 * way.people)),
        follow(rules, view, replace(way, research=1.5 * way.research, training=1.4 * way.training)),
        follow(rules, view, replace(way, focus=_best_segment(rules, view, way.focus))),
        follow(rules, view, replace(habit, route=_other_route(view, habit.route))),
    ]
    return np.concatenate([p[:, 0] for p in plans], axis=-1)


def _between(a: Direction, b: Direction) -> Direction:
    """Half way between two directions; prices half way in logs, the route of the second."""
    mixed = {n: 0.5 * (getattr(a, n) + getattr(b, n)) for n in ("solution", "research", "training", "people", "focus")}
    markup = exp(0.5 * (log(np.maximum(a.markup, 1e-3)) + log(np.maximum(b.markup, 1e-3))))
    return Direction(route=b.route, markup=markup, app=b.app, **mixed)


def _best_segment(rules: Rules, view: View, focus: Array) -> Array:
    """(1, V, 1) the focus with half of all weight moved to the open segment that brings most per person."""
    gain = reactive.returns(rules, view) * rules.segments
    gain[:, 2:] += 1e-3 * focus[:, 2:]
    best = np.zeros_like(focus)
    best[0, int(np.argmax(gain[0, :, 0])), 0] = 1.0
    return 0.5 * focus + 0.5 * best


def _other_route(view: View, route: Array) -> Array:
    """One step towards opening for those behind the best open model and for the closed; else one step back."""
    behind = view.own.capability <= view.public.open_capability
    step = np.where(behind | (route < 1.0), 1.0, -1.0)
    return clip(route + step, view.own.low[LEVER["route"]], float(len(ROUTES) - 1))


def changes(rules: Rules, view: View, best: Array) -> Array:
    """(levers, CHANGES) variants of the plan ``best`` (levers,); answers first, then levers in turn with the quarter."""
    plans: list[Array] = []
    for k in _card_choices(rules, view):
        if k != int(best[LEVER["card.choice"]]):
            plans.append(_with(best, "card.choice", float(k)))
    for k in _distress_choices(rules, view):
        if k != int(best[LEVER["distress.choice"]]):
            plans.append(_with(best, "distress.choice", float(k)))
    turn = view.quarter * (CHANGES // 2)
    for i in range(len(_MOVES)):
        if len(plans) >= CHANGES:
            break
        plan = best.copy()
        _MOVES[(turn + i) % len(_MOVES)](rules, view, plan)
        plans.append(plan)
    out = np.stack(plans[:CHANGES], axis=-1)
    low, high = view.own.low[:, 0], view.own.high[:, 0]
    return np.where(np.isnan(out), out, np.minimum(np.maximum(out, low), high))


def _card_choices(rules: Rules, view: View) -> list[int]:
    """Choices of the card on the desk; the rules carry out the last allowed one where one is closed to the firm."""
    index = int(view.own.card[0, 0])
    return list(range(len(rules.cards[index].choices))) if index >= 0 else []


def _distress_choices(rules: Rules, view: View) -> list[int]:
    if not bool(view.own.distress[0, 0]):
        return []
    contracts = bool((view.own.customers[0, 2:] > 0).any())
    return [k for k in range(NOTHING + 1) if k != SELL_UNIT or contracts]


def _with(plan: Array, name: str, value: float) -> Array:
    new = plan.copy()
    new[LEVER[name]] = value
    return new


def _scale(rows: slice | int, factor: float) -> Change:
    def change(rules: Rules, view: View, plan: Array) -> None:
        plan[rows] = np.rint(plan[rows] * factor) if isinstance(rows, slice) else plan[rows] * factor

    return change


def _money(share: float) -> Change:
    """Ask for ``share`` of what a round may bring; what is asked for already is dropped instead."""
    row = LEVER["finance.raise"]

    def change(rules: Rules, view: View, plan: Array) -> None:
        top = float(view.own.high[row, 0, 0])
        plan[row] = 0.0 if plan[row] > 0.0 and share >= 1.0 else np.floor(share * top)

    return change


def _loan(rules: Rules, view: View, plan: Array) -> None:
    row = LEVER["finance.borrow"]
    plan[row] = np.floor(0.5 * float(view.own.high[row, 0, 0])) if plan[row] <= 0.0 else 0.0


def _hire(rules: Rules, view: View, plan: Array) -> None:
    """A third more people and data where a person brings most."""
    v = int(np.argmax((reactive.returns(rules, view) * rules.segments)[0, :, 0]))
    plan[PEOPLE][v] = np.rint(plan[PEOPLE][v] * 1.35 + 2.0)
    if v >= 2:
        plan[KNOWLEDGE][v - 2] *= 1.35


def _tenders(rules: Rules, view: View, plan: Array) -> None:
    row = LEVER["tender.bids"]
    plan[row] = plan[row] + 2.0 if plan[row] < 0.5 * rules.params.tender_lots else 0.0


_RESEARCH: Final = LEVER["research.budget"]
_MOVES: Final[tuple[Change, ...]] = (
    _scale(LEVER["price.token"], 0.75),
    _money(1.0),
    _scale(_RESEARCH, 0.6),
    _scale(LEVER["price.solution"], 1.12),
    _scale(PEOPLE, 1.25),
    _scale(MACHINES, 0.8),
    _scale(LEVER["price.token"], 1.35),
    _hire,
    _scale(_RESEARCH, 1.5),
    _scale(LEVER["price.solution"], 0.9),
    _scale(PEOPLE, 0.8),
    _money(0.5),
    _scale(MACHINES, 1.3),
    _scale(KNOWLEDGE, 1.4),
    _tenders,
    _loan,
)
