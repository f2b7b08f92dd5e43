"""Plans worth weighing, made from a view alone: eight strategies, then eight changes of the best of them.

Strategies are what the standing policies would do and what the firm is doing already, at an even pace, in a hurry and
in retreat; then growth in a hurry on the segments where a person promises most by the view. Changes move one lever
that matters, or a few that belong together, and give every other answer to the card on the desk and to distress.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from game.engine.exits import NOTHING, SELL_UNIT
from game.engine.names import DEVICES, LEVER, ROUTES
from game.engine.numeric import Array, clip, exp, logistic, ratio
from game.engine.rules import Rules
from game.engine.view import View
from game.foresight.direction import KNOWLEDGE, MACHINES, PEOPLE, Direction, follow, read
from game.policies import reactive, thumb

STRATEGIES: Final = 8
CHANGES: Final = 8
_NO_CHANCE: Final = np.empty((0, 1, 1))
CONCENTRATION: Final = 0.9
"""Weight of the segments chosen; the rest stays where the people are."""
LEARNT: Final = 25.0
"""Knowledge that a firm can add to a segment in the quarters that a strategy looks ahead."""
SELLING: Final = 0.4
"""People that stand behind a contract while it is won, beside those who serve it."""

Change = Callable[[Rules, View, Array], None]
"""Changes levers (levers,) in place."""


def strategies(rules: Rules, view: View) -> Array:
    """(levers, STRATEGIES) plans of the one seat and game of ``view``."""
    by_thumb = thumb.decide(rules, view, _NO_CHANCE)
    by_return = reactive.decide(rules, view, _NO_CHANCE)
    standing = np.where(np.isnan(view.own.levers), by_return, view.own.levers)
    habit = _even(rules, view, read(rules, view, standing))
    order = np.argsort(-prospects(rules, view), kind="stable")
    rest = order[2:]
    third = int(rest[view.quarter % len(rest)]) if len(rest) else int(order[0])
    plans = [
        by_thumb,
        by_return,
        follow(rules, view, habit),
        follow(rules, view, _hurry(habit)),
        follow(rules, view, _retreat(habit)),
        follow(rules, view, _hurry(replace(habit, focus=_on(habit.focus, [int(order[0])])))),
        follow(rules, view, _hurry(replace(habit, focus=_on(habit.focus, [int(v) for v in order[:2]])))),
        follow(rules, view, _hurry(replace(habit, focus=_on(habit.focus, [third])))),
    ]
    return np.concatenate([p[:, 0] for p in plans], axis=-1)


def prospects(rules: Rules, view: View) -> Array:
    """(V,) CNY a quarter that one more person may bring in each segment, by the own books; below zero where shut.

    In verticals: rent × chance that the accuracy within reach passes × the part of the market that is left or already
    served, over the people that a contract takes. Elsewhere what a person brings now.
    """
    p, own, public = rules.params, view.own, view.public
    stock = own.knowledge[0, :, 0]
    general = p.general_floor + p.general_slope * float(own.capability[0, 0])
    known = 1.0 - exp(-p.knowledge_rate * (stock + LEARNT))
    reach = general + np.maximum(p.accuracy_ceiling - general, 0.0) * known
    passes = logistic((reach - p.accuracy_threshold) / p.gate_spread)
    left = clip(1.0 - ratio(public.adopters[:, 0], p.potential), 0.0, 1.0)
    room = np.maximum(left, public.share[view.firms[0], :, 0])
    out = p.rent * passes * np.maximum(room, 0.1) / (p.service_staff + SELLING)
    out[:2] = reactive.returns(rules, view)[0, :2, 0]
    out = np.where(rules.segments[:, 0] > 0, out, -1.0)
    if view.quarter < p.devices_open:
        out[DEVICES] = min(float(out[DEVICES]), 0.0)
    return out


def _on(focus: Array, chosen: list[int]) -> Array:
    """(1, V, 1) the focus with most of the weight on ``chosen``, evenly."""
    best = np.zeros_like(focus)
    best[0, chosen, 0] = 1.0 / len(chosen)
    return (1.0 - CONCENTRATION) * focus + CONCENTRATION * best


def _even(rules: Rules, view: View, d: Direction) -> Direction:
    """The direction at an even pace: prices near the market, ``thumb``'s research and machines, people as managed.

    Levers that stand were set for another quarter's staff and cash, so their pace says nothing about this one's.
    """
    rows = list(view.firms)
    zero = np.zeros_like(d.people)
    return replace(
        d, markup=clip(d.markup, 0.7, 2.5), research=zero + 0.45 * rules.traits.appetite[rows],
        training=zero + 0.2, people=zero + 1.0, raising=zero, borrowing=zero,
    )


def _hurry(d: Direction) -> Direction:
    """Growth before anything else: people, other people's money, little research, solutions a little cheaper."""
    zero = np.zeros_like(d.people)
    return replace(
        d, solution=np.minimum(d.solution, 0.85), research=d.research / 3.0, training=zero + 0.1, people=zero + 1.5,
        raising=zero + 1.0, borrowing=zero + 0.8,
    )


def _retreat(d: Direction) -> Direction:
    """Defend the cash: fewer people and machines, dearer solutions, hardly any research."""
    zero = np.zeros_like(d.people)
    return replace(
        d, solution=clip(d.solution * 1.15, 0.8, 1.5), research=d.research / 4.0, training=zero, people=zero + 0.85,
    )


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


def _round(rules: Rules, view: View, plan: Array) -> None:
    """Ask for all that a round may bring; what is asked for already is dropped instead."""
    row = LEVER["finance.raise"]
    plan[row] = np.floor(float(view.own.high[row, 0, 0])) if plan[row] <= 0.0 else 0.0


def _loan(rules: Rules, view: View, plan: Array) -> None:
    """Borrow near the ceiling; a loan that is planned already is dropped instead."""
    row = LEVER["finance.borrow"]
    plan[row] = np.floor(0.8 * float(view.own.high[row, 0, 0])) if plan[row] <= 0.0 else 0.0


def _hire(rules: Rules, view: View, plan: Array) -> None:
    """Half as many people again, and data, where a person promises most."""
    v = int(np.argmax(prospects(rules, view)))
    plan[PEOPLE][v] = np.rint(plan[PEOPLE][v] * 1.5 + 5.0)
    if v >= 2:
        plan[KNOWLEDGE][v - 2] *= 1.5


def _route(rules: Rules, view: View, plan: Array) -> None:
    """One step towards opening for those behind the best open model and for the closed; else one step back."""
    row = LEVER["route"]
    behind = float(view.own.capability[0, 0]) <= float(view.public.open_capability[0])
    step = 1.0 if behind or plan[row] < 1.0 else -1.0
    plan[row] = min(max(plan[row] + step, float(view.own.low[row, 0, 0])), float(len(ROUTES) - 1))


def _tenders(rules: Rules, view: View, plan: Array) -> None:
    row = LEVER["tender.bids"]
    plan[row] = plan[row] + 2.0 if plan[row] < 0.5 * rules.params.tender_lots else 0.0


_RESEARCH: Final = LEVER["research.budget"]
_MOVES: Final[tuple[Change, ...]] = (
    _scale(LEVER["price.solution"], 1.12),
    _scale(PEOPLE, 1.25),
    _scale(_RESEARCH, 0.6),
    _round,
    _scale(LEVER["price.solution"], 0.88),
    _scale(PEOPLE, 0.8),
    _scale(MACHINES, 1.25),
    _hire,
    _scale(LEVER["price.token"], 1.4),
    _scale(_RESEARCH, 1.8),
    _scale(KNOWLEDGE, 1.5),
    _loan,
    _scale(LEVER["price.token"], 0.75),
    _scale(MACHINES, 0.8),
    _route,
    _tenders,
)
