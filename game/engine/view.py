"""What one seat may know: own books exactly, public facts, noisy estimates. The border for knowledge.

Policies, foresight, the adviser, screens and every remote client get views and nothing more. Rivals' capability is seen
only through a public benchmark, noisy and the same for everybody; rivals' cash, knowledge, staff and plans not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from game.engine import compute, derive, exits, finance
from game.engine.draws import Purpose, normals, slot_keys, words
from game.engine.limits import bounds
from game.engine.numeric import Array, clip
from game.engine.rules import Rules
from game.engine.state import State


@dataclass(frozen=True)
class Own:
    """Books of the N observing firms, exact; (N, …, G). Money in CNY.

    `observe` leaves the fields open and each is worked out when it is first read, for few readers want them all.
    """

    cash: Array
    debt: Array
    founders: Array
    equity: Array
    value: Array
    paid_out: Array
    capability: Array
    lnc: Array
    lne: Array
    safety: Array
    trust: Array
    community: Array
    credibility: Array
    research_capital: Array
    revenue: Array
    revenue_before: Array
    cost: Array
    margin: Array
    unserved: Array
    utilisation: Array
    volume: Array
    raised: Array
    route: NDArray[np.int8]
    distress: NDArray[np.bool_]
    status: NDArray[np.int8]
    card: NDArray[np.int16]
    coming: NDArray[np.int16]
    customers: Array
    hosted: Array
    leads: Array
    pilots: Array
    knowledge: Array
    freshness: Array
    accuracy: Array
    habit: Array
    staff: NDArray[np.int32]
    hiring: NDArray[np.int32]
    due: Array
    bill: Array
    levers: Array
    """(levers, N, G) as they stand."""
    low: Array
    """(levers, N, G) least value of each lever now."""
    high: Array
    token_cost: Array
    token_yield: Array
    machines: Array
    """PFLOP/s delivered from contracts running now."""
    committed: Array
    contracted: Array
    expected_fill: Array
    import_share: Array
    offer: Array
    shifts: Array
    """(channels, SHIFT_QUARTERS, N, G)."""
    tender_count: Array
    tender_value: Array
    released: Array
    signed: Array
    started: Array
    guidance: Array
    """(4, N, G) intervals given last quarter."""
    seen: NDArray[np.bool_]
    """(C, N, G) cards that have been on the desk."""

    def __getattr__(self, name: str) -> Array:
        ask = self.__dict__.get("_ask")
        if ask is None or name not in _OWN:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        value: Array = ask(name)
        self.__dict__[name] = value
        return value

    def __getstate__(self) -> dict[str, Any]:
        """All fields, and nothing to ask for more."""
        return {name: getattr(self, name) for name in OWN_FIELDS}


@dataclass(frozen=True)
class Public:
    """What everybody knows; (F, …, G) or (G)."""

    status: NDArray[np.int8]
    route: NDArray[np.int8]
    price: Array
    price_before: Array
    share: Array
    trust: Array
    community: Array
    benchmark: Array
    """(F, G) noisy public estimate of capability."""
    rank: NDArray[np.int64]
    tender_count: Array
    compute_price: Array
    sentiment: Array
    live_models: Array
    adopters: Array
    outside: Array
    open_capability: Array
    """(G) the best open model: anybody can download and test it."""
    open_efficiency: Array
    token_price: Array
    """(G) median."""
    token_price_low: Array
    """(G) third lowest."""


@dataclass(frozen=True)
class View:
    """Own books of ``firms`` and what is public, at the start of ``quarter``."""

    quarter: int
    firms: tuple[int, ...]
    own: Own
    public: Public


_PLAIN = ("founders", "equity", "lnc", "lne", "safety", "trust", "community", "credibility", "research_capital",
          "revenue", "revenue_before", "cost", "margin", "unserved", "utilisation", "volume", "raised", "route",
          "distress", "status", "card", "coming", "customers", "hosted", "leads", "pilots", "knowledge", "freshness",
          "habit", "staff", "hiring", "due", "bill", "tender_count", "tender_value", "released", "signed", "started")


def benchmark(rules: Rules, s: State) -> Array:
    """(F, G) capability as public leader boards show it this quarter."""
    keys = slot_keys([(Purpose.BENCHMARK, i) for i in range(rules.firms)])
    z = normals(words(s.seed, keys, s.quarter))
    return clip(derive.skills(rules, s) + rules.params.benchmark_noise * z, 0.0, 1.0)


def publish(rules: Rules, s: State) -> Public:
    """The public side of a state."""
    return Public(
        status=s.status, route=s.route, price=s.price, price_before=s.price_before, share=derive.shares(s),
        trust=s.trust, community=s.community, benchmark=benchmark(rules, s), rank=derive.ranks(s),
        tender_count=s.tender_count, compute_price=s.compute_price, sentiment=s.sentiment,
        live_models=derive.live_models(s), adopters=s.adopters, outside=s.outside,
        open_capability=derive.capability(rules, derive.open_frontier(rules, s)),
        open_efficiency=derive.open_efficiency(rules, s), token_price=derive.median_price(s),
        token_price_low=derive.median_price(s, third=True),
    )


def observe(rules: Rules, s: State, firms: tuple[int, ...], public: Public | None = None) -> View:
    """The views of ``firms``; pass ``public`` where it is at hand already."""
    shown = public or publish(rules, s)
    # Neighbours in order need no copies.
    neighbours = firms == tuple(range(firms[0], firms[-1] + 1)) if firms else False
    rows = slice(firms[0], firms[-1] + 1) if neighbours else list(firms)
    own = object.__new__(Own)
    own.__dict__["_ask"] = lambda name: _OWN[name](rules, s, shown)[(*_AXES.get(name, ()), rows)]
    return View(s.quarter, tuple(firms), own, shown)


def _expected_fill(rules: Rules, s: State, shown: Public) -> Array:
    return finance.expected_fill(rules, s, np.where(s.alive, shown.benchmark, 0.0).max(axis=0))


def _plain(name: str) -> Callable[[Rules, State, Public], Array]:
    return lambda r, s, shown: getattr(s, name)


_OWN: Final[dict[str, Callable[[Rules, State, Public], Array]]] = {
    **{name: _plain(name) for name in (*_PLAIN, "levers", "shifts", "guidance", "seen")},
    "cash": lambda r, s, shown: s.cash / 100.0,
    "debt": lambda r, s, shown: s.debt / 100.0,
    "paid_out": lambda r, s, shown: s.paid_out / 100.0,
    "value": lambda r, s, shown: derive.value(s),
    "capability": lambda r, s, shown: derive.skills(r, s),
    "accuracy": lambda r, s, shown: derive.accuracies(r, s),
    "low": lambda r, s, shown: bounds(r, s)[0],
    "high": lambda r, s, shown: bounds(r, s)[1],
    "token_cost": lambda r, s, shown: derive.token_cost(r, s),
    "token_yield": lambda r, s, shown: derive.token_yield(r, s),
    "machines": lambda r, s, shown: compute.delivered(r, s),
    "committed": lambda r, s, shown: derive.committed(r, s),
    "contracted": lambda r, s, shown: derive.contracted(r, s),
    "expected_fill": _expected_fill,
    "import_share": lambda r, s, shown: np.broadcast_to(compute.import_share(r, s), s.cash.shape),
    "offer": lambda r, s, shown: exits.offer(r, s),
}
"""How each field of one's own books is worked out for all firms."""

_EVERY = slice(None)
_AXES: Final[dict[str, tuple[slice, ...]]] = {
    "levers": (_EVERY,), "low": (_EVERY,), "high": (_EVERY,), "guidance": (_EVERY,), "seen": (_EVERY,),
    "shifts": (_EVERY, _EVERY),
}
"""Axes before that of the firms."""

OWN_FIELDS = tuple(f.name for f in fields(Own))
PUBLIC_FIELDS = tuple(f.name for f in fields(Public))
