"""Quantities that follow from a state: capability, accuracy, cost, resources. Shared by rules, views and reports."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from game.engine.numeric import Array, Fen, exp, log, logistic, osum
from game.engine.rules import Rules
from game.engine.state import CHANNEL, State

NONE = -50.0
"""Log effective compute that stands for no model."""


def capability(rules: Rules, lnc: Array) -> Array:
    """Capability 0..1 from log effective compute: concave in compute (form: Hoffmann et al. 2022)."""
    p = rules.params
    return 1.0 - p.cap_span * exp(-p.cap_power * lnc)


def skills(rules: Rules, s: State) -> Array:
    """(F, G) `capability` of every firm; worked out once."""
    return s.once("capability", (rules.params, s.lnc), lambda: capability(rules, s.lnc))


def accuracies(rules: Rules, s: State) -> Array:
    """(F, V, G) `accuracy` of every firm; worked out once."""
    cap = skills(rules, s)
    inputs = (rules.params, cap, s.knowledge, s.freshness)
    return s.once("accuracy", inputs, lambda: _accuracy(rules, cap, learnt(rules, s), s.freshness))


def learnt(rules: Rules, s: State) -> Array:
    """(F, V, G) share of the way to the ceiling of accuracy that knowledge has gone; worked out once."""
    return s.once("learnt", (rules.params, s.knowledge), lambda: _learnt(rules, s.knowledge))


def _learnt(rules: Rules, knowledge: Array) -> Array:
    out: Array = exp(-rules.params.knowledge_rate * knowledge)
    np.subtract(1.0, out, out=out)
    return out


def best(x: Array, mask: Array) -> Array:
    """Largest ``x`` over firms where ``mask``; `NONE` where there is none. (F, G) to (G)."""
    return np.where(mask, x, NONE).max(axis=0)


def open_frontier(rules: Rules, s: State) -> Array:
    """(G) log effective compute of the best open model, foreign or released at this table."""
    return np.maximum(s.released.max(axis=0), rules.params.foreign_open[s.quarter])


def open_efficiency(rules: Rules, s: State) -> Array:
    """(G) log efficiency of the most efficient open model."""
    mine = np.where(s.released > NONE + 1, s.lne, NONE).max(axis=0)
    return np.maximum(mine, rules.params.foreign_efficiency[s.quarter])


def accuracy(rules: Rules, cap: Array, knowledge: Array, freshness: Array) -> Array:
    """(F, V, G) accuracy in each segment from capability (F, G) and the two stocks.

    accuracy = general + (ceiling - general) (1 - exp(-k knowledge)) freshness (Argote and Epple 1990).
    """
    return _accuracy(rules, cap, _learnt(rules, knowledge), freshness)


def _accuracy(rules: Rules, cap: Array, way: Array, freshness: Array) -> Array:
    p = rules.params
    general = (p.general_floor + p.general_slope * cap)[:, None]
    ceiling = p.accuracy_ceiling[:, None]
    out = np.maximum(ceiling - general, 0.0)
    out *= way
    out *= freshness
    out += general
    return out


def learning(rules: Rules, s: State) -> Array:
    """(F, G) log of what Wright's law has gained in volume; worked out once."""
    p = rules.params
    return s.once("learning", (p, s.volume), lambda: p.wright * log(1.0 + s.volume / 1e4))


def token_cost(rules: Rules, s: State, lne: Array | None = None) -> Array:
    """(F, G) CNY to serve a million tokens: rented compute ÷ tokens it yields, with Wright's law in volume."""
    p = rules.params
    e = s.lne if lne is None else lne
    return s.compute_price * exp(-learning(rules, s) - e) / p.token_capacity * (1.0 + s.shifts[CHANNEL["unit_cost"], 0])


def token_yield(rules: Rules, s: State) -> Array:
    """(F, G) million tokens that a PFLOP/s delivers in a quarter."""
    return rules.params.token_capacity * exp(learning(rules, s) + s.lne)


def hype(rules: Rules, quarter: int) -> float:
    """How much investors look at rank rather than revenue: fades with the years."""
    p = rules.params
    return max(p.hype_floor, 1.0 - p.hype_fade * quarter)


def attach(rules: Rules, frontier: Array) -> Array:
    """(G) share of cloud value that a won customer brings: rises as models become fit for production."""
    p = rules.params
    return logistic((frontier - p.cloud_attach_capability) / p.cloud_attach_spread)


def shares(s: State) -> Array:
    """(F, V, G) share of all users of a segment who pay the firm; the rest hosts itself or uses the outside good."""
    return s.once("shares", (s.customers, s.hosted, s.outside), lambda: _shares(s))


def _shares(s: State) -> Array:
    total = osum(s.customers) + osum(s.hosted) + s.outside
    some = total > 0
    out: Array = s.customers / np.where(some, total, 1.0)
    np.copyto(out, 0.0, where=~some)
    return out


def live_models(s: State) -> Array:
    """(G) models on the market: the fringe, rounded, and the firms still trading."""
    return np.rint(osum(s.fringe)) + np.add.reduce(s.alive.astype(np.int64), axis=0)


def ranks(s: State) -> Array:
    """(F, G) rank by value, 1 best; bankrupt firms last, ties to the lower row."""
    worth = value(s)
    worth = np.where(s.status == 1, -1.0 + s.ended * 1e-6, worth)
    order = np.argsort(-worth, axis=0, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(1, len(order) + 1)[:, None] + np.zeros_like(order), 0)
    return rank


def value(s: State) -> Array:
    """(F, G) founders' share of equity plus what was paid to founders, CNY; 0 after bankruptcy."""
    running = np.where(s.alive, s.founders * s.equity, 0.0)
    return np.where(s.status == 1, 0.0, running + s.paid_out / 100.0)


def median_price(s: State, third: bool = False) -> Array:
    """(G) median token price of the firms still trading; with ``third`` the third lowest. Infinite if none."""
    price = np.sort(np.where(s.alive, s.price[0], np.inf), axis=0)
    if third:
        return price[min(2, len(price) - 1)]
    n = np.add.reduce(s.alive.astype(np.int64), axis=0)
    low = np.take_along_axis(price, np.maximum((n - 1) // 2, 0)[None], 0)[0]
    high = np.take_along_axis(price, np.minimum(np.maximum(n // 2, 0), len(price) - 1)[None], 0)[0]
    return np.where(n > 0, (low + high) / 2.0, low)


def focus(s: State) -> NDArray[np.int64]:
    """(F, G) vertical with most people, the first of several."""
    return s.once("focus", (s.staff,), lambda: _focus(s))


def _focus(s: State) -> NDArray[np.int64]:
    # People count in eights, so that the low bits have room to prefer the lower segment.
    last = s.staff.shape[1] - 1
    rank = s.staff[:, last].astype(np.int64) << 3
    for v in range(2, last):
        np.maximum(rank, (s.staff[:, v].astype(np.int64) << 3) | (last - v), out=rank)
    first: NDArray[np.int64] = last - (rank & 7)
    return first


def headcount(s: State) -> NDArray[np.int64]:
    """(F, G) people employed."""
    return s.once("headcount", (s.staff,), lambda: _headcount(s))


def _headcount(s: State) -> NDArray[np.int64]:
    count = s.staff[:, 0].astype(np.int64)
    for v in range(1, s.staff.shape[1]):
        count += s.staff[:, v]
    return count


def committed(rules: Rules, s: State) -> Array:
    """(F, G) CNY that next quarter takes whatever is decided: wages, compute contracts, interest, fixed cost."""
    return s.once("committed", (rules, s.staff, s.bill, s.debt, s.status), lambda: _committed(rules, s))


def _committed(rules: Rules, s: State) -> Array:
    bound = _bound(rules, headcount(s), osum(s.bill[:, :, 0], 1), s.debt)
    return np.where(s.alive, bound + rules.traits.fixed_cost, 0.0)


def _bound(rules: Rules, people: NDArray[np.int64], compute: Array, debt: Fen) -> Array:
    p = rules.params
    bound: Array = people * (p.wage + p.overhead) + compute + debt / 100.0 * p.interest
    return bound


def committed_at(rules: Rules, s: State, f: NDArray[np.int64], g: NDArray[np.int64]) -> Array:
    """(N,) `committed` of single firms that are trading."""
    people = np.add.reduce(s.staff[f, :, g], axis=1, dtype=np.int64)
    return _bound(rules, people, osum(s.bill[f, :, 0, g], 1), s.debt[f, g]) + rules.traits.fixed_cost[f, 0]


def contracted(rules: Rules, s: State) -> Array:
    """(F, G) CNY of next quarter's revenue from contracts already running."""
    inputs = (rules, s.customers, s.price, s.status)
    return s.once("contracted", inputs, lambda: np.where(s.alive, rent(rules, s) * s.price[2], 0.0))


def contracted_at(rules: Rules, s: State, f: NDArray[np.int64], g: NDArray[np.int64]) -> Array:
    """(N,) `contracted` of single firms that are trading."""
    return osum(s.customers[f, 2:, g] * rules.params.rent[2:], 1) * s.price[2, f, g]


def rent(rules: Rules, s: State) -> Array:
    """(F, G) CNY a quarter from running contracts at index 1."""
    return osum(s.customers[:, 2:] * rules.params.rent[2:, None], 1)
