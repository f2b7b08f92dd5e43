"""Who chooses whom: nested logit over firms with running open weights oneself as the outside good.

McFadden 1974; Berry 1994. Not adopting at all belongs to the Bass model in `game.engine.demand`, never to the logit.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from game.engine.names import APP, DEV, SEGMENTS
from game.engine.numeric import Array, exp, log, osum
from game.engine.rules import Rules
from game.engine.state import CHANNEL, State

TERMS = ("price", "quality", "trust", "community", "habit", "events", "reach")
"""Terms of utility, in the order in which they are explained."""

_TEAMS: Final = 4096
"""Teams of fewer people are looked up."""
_ROWS: Final = np.arange(0, len(SEGMENTS) * _TEAMS, _TEAMS)[:, None]
_UTILITY = slice(CHANNEL["utility.developers"], CHANNEL["utility.devices"] + 1)


class Choice(NamedTuple):
    """Result of one round of choice; V segments."""

    share: Array
    """(F, V, G) of those who choose now."""
    outside: Array
    """(V, G) share of the outside good."""
    inclusive: Array
    """(V, G) inclusive value of the nest of firms."""
    best_accuracy: Array
    """(V, G) best quality on offer, for adoption."""


def references(rules: Rules) -> Array:
    """(V,) price at which the price term is zero."""
    p = rules.params
    ref = np.ones(len(SEGMENTS))
    ref[DEV] = p.token_price_reference
    ref[APP] = 0.0
    return ref


def utility_terms(
    rules: Rules, s: State, price: Array, cap: Array, acc: Array, staff: NDArray[np.int32]
) -> dict[str, Array]:
    """Each term of utility, (F, V, G), for prices (3, F, G), capability (F, G), accuracy and staff (F, V, G).

    ``reach`` is nest × log of the share of a segment that the firm's people can talk to at all.
    """
    p, t = rules.params, rules.traits
    f, g = cap.shape
    hassle = p.price_hassle
    base = references(rules) + hassle
    rows = [0, 1, 2]
    relative = (price + hassle[rows, None, None]) / base[rows, None, None]
    crowd = 1.0 + s.community / p.community_crowd
    logs = log(np.concatenate([relative.reshape(3 * f, g), crowd]))
    ln_price = logs[: 3 * f].reshape(3, f, g)
    price_term = np.empty((f, len(SEGMENTS), g))
    np.multiply(-p.price_weight[:2, None], ln_price[:2].transpose(1, 0, 2), out=price_term[:, :2])
    np.multiply(-p.price_weight[2:, None], ln_price[2][:, None], out=price_term[:, 2:])
    ln_crowd = logs[3 * f :]
    w = p.capability_weight[:, None]
    quality = w * cap[:, None]
    quality += (1.0 - w) * acc
    quality *= p.quality_weight[:, None]
    events = np.empty((f, len(SEGMENTS), g))
    events[...] = s.shifts[_UTILITY, 0].transpose(1, 0, 2)
    events[:, APP] += np.take(p.app_bonus, s.route) + t.app_traffic
    events[:, 2:] += np.take(p.deployment_bonus, s.route)[:, None]
    return {
        "price": price_term,
        "quality": quality,
        "trust": p.trust_weight[:, None] * s.trust[:, None],
        "community": p.community_weight[:, None] * ln_crowd[:, None],
        "habit": p.habit_weight[:, None] * s.habit,
        "events": events,
        "reach": _reach(rules, staff),
    }


def _reach(rules: Rules, staff: NDArray[np.int32]) -> Array:
    """(F, V, G) nest × log of the share of a segment that ``staff`` can talk to; by a table for teams of usual size."""
    p = rules.params
    if staff.max() < _TEAMS:
        return np.take(_reach_table(p.nest, p.reach_staff.tobytes()), staff + _ROWS)
    return p.nest * log((staff + 0.01) / (staff + p.reach_staff[:, None] + 0.01))


@lru_cache(maxsize=8)
def _reach_table(nest: float, half: bytes) -> Array:
    """(V × `_TEAMS`,) `_reach` of every team below `_TEAMS` people, segment by segment."""
    staff = np.arange(float(_TEAMS))
    table: Array = nest * log((staff + 0.01) / (staff + np.frombuffer(half)[:, None] + 0.01))
    return table.ravel()


def outside_utility(rules: Rules, s: State, cap_open: Array, efficiency_open: Array) -> Array:
    """(V, G) utility of running the best open weights oneself; its cost is compute price ÷ open efficiency."""
    p = rules.params
    cost = p.self_host_cost * s.compute_price * exp(-efficiency_open) / p.token_capacity
    ln_cost = log((cost + p.price_hassle[DEV]) / (p.token_price_reference + p.price_hassle[DEV]))
    base = p.outside_base[:, None] + p.outside_open[:, None] * cap_open - p.outside_cost[:, None] * ln_cost
    # The fringe's models are mostly open ones: the more there are, the more there is to choose from.
    return base + p.fringe_weight[:, None] * log(1.0 + osum(s.fringe) / 100.0)


def choose(rules: Rules, s: State, terms: dict[str, Array], outside: Array, acc: Array, cap: Array) -> Choice:
    """Shares of those who choose now; firms that have gone or segments that are shut get none."""
    p = rules.params
    u = terms["price"] + terms[TERMS[1]]
    for name in TERMS[2:]:
        u += terms[name]
    u /= p.nest
    share = exp(u)
    alive = s.alive[:, None]
    share *= alive
    share *= rules.segments
    total = osum(share)
    some = total > 0
    inclusive = p.nest * log(total)
    nest = np.where(some, 1.0 / (1.0 + exp(outside - inclusive)), 0.0)
    share /= np.where(some, total, 1.0)
    share *= nest
    w = p.capability_weight[:, None]
    quality = np.multiply(w, cap[:, None], out=u)
    quality += (1.0 - w) * acc
    quality *= alive
    return Choice(share, 1.0 - nest, inclusive, quality.max(axis=0))
