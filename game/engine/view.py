"""What one seat may know: own books exactly, public facts, noisy estimates. The border for knowledge.

Policies, foresight, the adviser, screens and every remote client get views and nothing more. Rivals' capability is seen
only through a public benchmark, noisy and the same for everybody; rivals' cash, knowledge, staff and plans not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

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
    """Books of the N observing firms, exact; (N, …, G). Money in CNY."""

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
    return clip(derive.capability(rules, s.lnc) + rules.params.benchmark_noise * z, 0.0, 1.0)


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
    rows = list(firms)
    shown = public or publish(rules, s)
    best = np.where(s.alive, shown.benchmark, 0.0).max(axis=0)
    low, high = bounds(rules, s)
    cap = derive.capability(rules, s.lnc)
    own = {name: getattr(s, name)[rows] for name in _PLAIN}
    own.update(
        cash=s.cash[rows] / 100.0, debt=s.debt[rows] / 100.0, paid_out=s.paid_out[rows] / 100.0,
        value=derive.value(s)[rows], capability=cap[rows],
        accuracy=derive.accuracy(rules, cap, s.knowledge, s.freshness)[rows], levers=s.levers[:, rows],
        low=low[:, rows], high=high[:, rows], token_cost=derive.token_cost(rules, s)[rows],
        token_yield=derive.token_yield(rules, s)[rows], machines=compute.delivered(rules, s)[rows],
        committed=derive.committed(rules, s)[rows], contracted=derive.contracted(rules, s)[rows],
        expected_fill=finance.expected_fill(rules, s, best)[rows],
        import_share=np.broadcast_to(compute.import_share(rules, s), s.cash.shape)[rows],
        offer=exits.offer(rules, s)[rows], shifts=s.shifts[:, :, rows], guidance=s.guidance[:, rows],
        seen=s.seen[:, rows],
    )
    return View(s.quarter, tuple(firms), Own(**own), shown)


OWN_FIELDS = tuple(f.name for f in fields(Own))
PUBLIC_FIELDS = tuple(f.name for f in fields(Public))
