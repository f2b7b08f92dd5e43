"""Decisions of a field in which the player's seat may be bound: a lever taken away, or forced, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from game.engine.names import LEVER, SEGMENTS, SOURCES, VERTICALS
from game.engine.numeric import Array
from game.engine.rules import Rules
from game.engine.state import State
from game.engine.view import View, observe, publish
from game.foresight.decide import NAMES, PLANNER, decide_all
from game.foresight.planner import plan_all
from game.lab.statics import MARKUP, PLAYER
from game.policies.default import envelope

POLICIES: Final = tuple(n for n in NAMES if n != "default")
"""The ladder, lowest rung first; ``default`` is no strategy."""

Restrict = Callable[[Rules, View, Array], None]
"""Changes plans (levers, P) of the one seat and game of a view in place."""

_PEOPLE: Final = slice(LEVER["staff.developers"], LEVER["staff.developers"] + len(SEGMENTS))
_DATA: Final = slice(LEVER["knowledge.finance"], LEVER["knowledge.finance"] + len(VERTICALS))
_MACHINES: Final = slice(LEVER["compute.import"], LEVER["compute.import"] + len(SOURCES))


def _fixed(name: str, value: float) -> Restrict:
    row = LEVER[name]

    def bind(rules: Rules, view: View, plans: Array) -> None:
        plans[row] = value

    return bind


def _standing(name: str) -> Restrict:
    row = LEVER[name]

    def bind(rules: Rules, view: View, plans: Array) -> None:
        plans[row] = view.own.levers[row, 0, 0]

    return bind


def _markup(factor: float) -> Restrict:
    def bind(rules: Rules, view: View, plans: Array) -> None:
        plans[LEVER["price.token"]] = factor * view.own.token_cost[0, 0]

    return bind


def _share(name: str, share: float) -> Restrict:
    def bind(rules: Rules, view: View, plans: Array) -> None:
        plans[LEVER[name]] = np.maximum(plans[LEVER[name]], np.rint(share * envelope(rules, view)[0, 0]))

    return bind


def _top(name: str, share: float) -> Restrict:
    row = LEVER[name]

    def bind(rules: Rules, view: View, plans: Array) -> None:
        plans[row] = np.floor(share * max(float(view.own.high[row, 0, 0]), 0.0))

    return bind


def _no_data(rules: Rules, view: View, plans: Array) -> None:
    plans[_DATA] = 0.0


def _more_data(rules: Rules, view: View, plans: Array) -> None:
    focus = rules.traits.focus[view.firms[0], 2:]
    plans[_DATA] = np.maximum(plans[_DATA], np.rint(0.15 * envelope(rules, view)[0, 0] * focus))


def _no_hiring(rules: Rules, view: View, plans: Array) -> None:
    plans[_PEOPLE] = np.minimum(plans[_PEOPLE], (view.own.staff + view.own.hiring)[0])


def _more_people(rules: Rules, view: View, plans: Array) -> None:
    plans[_PEOPLE] = np.rint(1.3 * plans[_PEOPLE])


def _no_machines(rules: Rules, view: View, plans: Array) -> None:
    plans[_MACHINES] = np.minimum(plans[_MACHINES], view.own.due[0, :, 0])


def _more_machines(rules: Rules, view: View, plans: Array) -> None:
    plans[_MACHINES] = np.rint(1.3 * plans[_MACHINES])


def _bid(rules: Rules, view: View, plans: Array) -> None:
    plans[LEVER["tender.bids"]] = np.maximum(plans[LEVER["tender.bids"]], 3.0)


RESTRICTIONS: Final[dict[str, Restrict]] = {
    "route-kept": _standing("route"), "route-open": _fixed("route", 3.0),
    "token-price-cost-plus": _markup(MARKUP[1]), "token-price-below-cost": _markup(0.5),
    "solution-price-one": _fixed("price.solution", 1.0), "solution-price-high": _fixed("price.solution", 1.5),
    "research-none": _fixed("research.budget", 0.0), "research-half": _share("research.budget", 0.5),
    "knowledge-none": _no_data, "knowledge-more": _more_data,
    "community-none": _fixed("community.budget", 0.0), "community-more": _share("community.budget", 0.1),
    "staff-no-hiring": _no_hiring, "staff-more": _more_people,
    "compute-no-growth": _no_machines, "compute-more": _more_machines,
    "tenders-none": _fixed("tender.bids", 0.0), "tenders-always": _bid,
    "raise-never": _fixed("finance.raise", 0.0), "raise-always": _top("finance.raise", 1.0),
    "borrow-never": _fixed("finance.borrow", 0.0), "borrow-always": _top("finance.borrow", 0.5),
    "cards-first": _fixed("card.choice", 0.0), "cards-last": _fixed("card.choice", 9.0),
}  # fmt: skip
"""What an experiment forbids (first of each pair) or forces (second), by name: lever, dash, what becomes of it."""

LEVER_GROUPS: Final = {
    "route": ("route-kept", "route-open"), "token price": ("token-price-cost-plus", "token-price-below-cost"),
    "solution price": ("solution-price-one", "solution-price-high"), "research": ("research-none", "research-half"),
    "knowledge": ("knowledge-none", "knowledge-more"), "community": ("community-none", "community-more"),
    "staff": ("staff-no-hiring", "staff-more"), "compute": ("compute-no-growth", "compute-more"),
    "tenders": ("tenders-none", "tenders-always"), "raise": ("raise-never", "raise-always"),
    "borrow": ("borrow-never", "borrow-always"), "cards": ("cards-first", "cards-last"),
}  # fmt: skip
"""Forbidden and forced, by lever."""


def decide_bound(rules: Rules, state: State, seats: tuple[str, ...], restriction: str = "") -> Array:
    """Decisions (levers, F, G) of the field; every plan that a planner in the player's seat weighs is bound.

    Raises KeyError for an unknown restriction, ValueError for a bound player who is no planner.
    """
    if not restriction:
        return decide_all(rules, state, seats)
    if seats[PLAYER] != PLANNER:
        raise ValueError(f"only {PLANNER} can be bound, not {seats[PLAYER]}")
    bind = RESTRICTIONS[restriction]
    out = decide_all(rules, state, seats, skip=(PLAYER,))
    for g in range(state.games):
        one = state.take([g])
        view = observe(rules, one, (PLAYER,), publish(rules, one))

        def constrain(plans: Array, view: View = view) -> Array:
            bound = plans.copy()
            bind(rules, view, bound)
            high = view.own.high[:, 0]
            return np.where(np.isnan(bound), bound, np.minimum(np.maximum(bound, view.own.low[:, 0]), high))

        out[:, PLAYER, g] = plan_all(rules, [view], seats, constrain=constrain)[:, 0]
    return out
