"""Quantities that card triggers, tells, goals and epilogues may ask about: a closed list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from game.engine import derive
from game.engine.names import SEGMENTS, SOURCES
from game.engine.numeric import Array, ratio
from game.engine.rules import Condition, Rules
from game.engine.state import State

_OPS: Final[dict[str, Callable[[Array, float], Array]]] = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
}


def runway(s: State) -> Array:
    """(F, G) quarters until the cash is gone at last quarter's burn; 99 where cash does not fall."""
    burn = s.cost - s.revenue
    return np.where(burn > 0, np.maximum(s.cash, 0) / 100.0 / np.where(burn > 0, burn, 1.0), 99.0)


def _fall(s: State, mask: Array) -> Array:
    now = np.where(mask, s.price[0], np.inf).min(axis=0)
    before = np.where(mask, s.price_before[0], np.inf).min(axis=0)
    known = np.isfinite(now) & np.isfinite(before) & (before > 0)
    return np.where(known, 1.0 - np.where(known, now, 0.0) / np.where(known, before, 1.0), 0.0)


def quantity(rules: Rules, s: State, what: str, segment: str = "") -> Array:
    """(F, G) values of ``what``; ``segment`` names a segment, or a source for ``compute``.

    Raises KeyError for a name that is not on the list. Segment ``focus`` is the vertical with most people.
    """
    shape = s.cash.shape
    if what in _BY_SEGMENT:
        if segment == "focus":
            return _at_focus(rules, s, what)
        v = SOURCES.index(segment) if what == "compute" else SEGMENTS.index(segment)
        return _BY_SEGMENT[what](rules, s, v)
    return np.broadcast_to(_PLAIN[what](rules, s), shape)


def _at_focus(rules: Rules, s: State, what: str) -> Array:
    """(F, G) values in the vertical where each firm has most of its people."""
    every = _MATRICES[what](rules, s)
    at: Array = np.take_along_axis(every, derive.focus(s)[:, None], 1)[:, 0].astype(np.float64)
    return at


def holds(rules: Rules, s: State, conditions: tuple[Condition, ...], cache: dict[tuple[str, str], Array]) -> Array:
    """(F, G) True where all conditions hold; quantities are kept in ``cache`` between calls."""
    result = np.ones(s.cash.shape, dtype=bool)
    for c in conditions:
        result &= holds_one(rules, s, c, cache)
    return result


def holds_at(
    rules: Rules, s: State, conditions: tuple[Condition, ...], cache: dict[tuple[str, str], Array],
    at: tuple[NDArray[np.int64], ...],
) -> NDArray[np.bool_]:
    """(N,) `holds` for pairs ``at`` of firms and games alone."""
    result = np.ones(len(at[0]), dtype=bool)
    for c in conditions:
        result &= _OPS[c.op](_kept(rules, s, c, cache)[at], c.value)
    return result


def holds_one(rules: Rules, s: State, c: Condition, cache: dict[tuple[str, str], Array]) -> Array:
    """(F, G) True where one condition holds."""
    return _OPS[c.op](_kept(rules, s, c, cache), c.value)


def _kept(rules: Rules, s: State, c: Condition, cache: dict[tuple[str, str], Array]) -> Array:
    """(F, G) the quantity that a condition asks about."""
    key = (c.what, c.segment)
    if key not in cache:
        cache[key] = quantity(rules, s, c.what, c.segment)
    return cache[key]


def _frontier(r: Rules, s: State) -> Array:
    return derive.capability(r, derive.best(s.lnc, s.alive))


_PLAIN: Final[dict[str, Callable[[Rules, State], Array]]] = {
    "runway": lambda r, s: runway(s),
    "cash": lambda r, s: s.cash / 100.0,
    "debt": lambda r, s: s.debt / 100.0,
    "revenue": lambda r, s: s.revenue,
    "cost": lambda r, s: s.cost,
    "margin": lambda r, s: s.margin,
    "route": lambda r, s: s.route.astype(np.float64),
    "capability": lambda r, s: derive.skills(r, s),
    "capability_gap": lambda r, s: _frontier(r, s) - derive.skills(r, s),
    "best_open_gap": lambda r, s: derive.skills(r, s) - derive.capability(r, derive.open_frontier(r, s)),
    "efficiency": lambda r, s: s.lne,
    "safety": lambda r, s: s.safety,
    "rank": lambda r, s: derive.ranks(s).astype(np.float64),
    "value": lambda r, s: derive.value(s),
    "equity": lambda r, s: s.equity,
    "trust": lambda r, s: s.trust,
    "community": lambda r, s: s.community,
    "credibility": lambda r, s: s.credibility,
    "founders_share": lambda r, s: s.founders,
    "sentiment": lambda r, s: s.sentiment[None],
    "live_models": lambda r, s: derive.live_models(s)[None],
    "price_fall": lambda r, s: _fall(s, s.alive)[None],
    "cloud_price_fall": lambda r, s: _fall(s, s.alive & (r.traits.cloud > 0))[None],
    "import_open": lambda r, s: np.full((1, s.games), r.params.import_supply[s.quarter]),
    "utilisation": lambda r, s: s.utilisation,
    "unserved": lambda r, s: s.unserved,
    "alive_quarters": lambda r, s: np.full((1, s.games), float(s.quarter - r.first)),
    "tender_count": lambda r, s: s.tender_count,
    "tender_value": lambda r, s: s.tender_value,
    "released": lambda r, s: (s.released > -49.0).astype(np.float64),
    "solution_share": lambda r, s: ratio(derive.contracted(r, s), s.revenue),
    "token_price": lambda r, s: s.price[0],
    "own_cost": lambda r, s: derive.token_cost(r, s),
}

_MATRICES: Final[dict[str, Callable[[Rules, State], NDArray[Any]]]] = {
    "share": lambda r, s: derive.shares(s),
    "staff": lambda r, s: s.staff,
    "customers": lambda r, s: s.customers,
    "knowledge": lambda r, s: s.knowledge,
    "freshness": lambda r, s: s.freshness,
    "accuracy": derive.accuracies,
}
"""Quantities (F, V, G) of all segments."""


def _column(what: str) -> Callable[[Rules, State, int], Array]:
    return lambda r, s, v: np.asarray(_MATRICES[what](r, s)[:, v], dtype=np.float64)


_BY_SEGMENT: Final[dict[str, Callable[[Rules, State, int], Array]]] = {
    **{what: _column(what) for what in _MATRICES}, "compute": lambda r, s, v: s.due[:, v, 0],
}

QUANTITIES: Final = (*_PLAIN, *_BY_SEGMENT)
"""Every name that `quantity` takes."""
BY_SEGMENT: Final = tuple(_BY_SEGMENT)
"""Those that need a segment (or source)."""
