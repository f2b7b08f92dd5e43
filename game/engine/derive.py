"""Quantities that follow from a state: capability, accuracy, cost, resources. Shared by rules, views and reports."""

from __future__ import annotations

import numpy as np

from game.engine.numeric import Array, exp, log, logistic, osum
from game.engine.rules import Rules
from game.engine.state import CHANNEL, State

NONE = -50.0
"""Log effective compute that stands for no model."""


def capability(rules: Rules, lnc: Array) -> Array:
    """Capability 0..1 from log effective compute: concave in compute (form: Hoffmann et al. 2022)."""
    p = rules.params
    return 1.0 - p.cap_span * exp(-p.cap_power * lnc)


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
    p = rules.params
    general = (p.general_floor + p.general_slope * cap)[:, None]
    ceiling = p.accuracy_ceiling[:, None]
    learnt = 1.0 - exp(-p.knowledge_rate * knowledge)
    return general + np.maximum(ceiling - general, 0.0) * learnt * freshness


def token_cost(rules: Rules, s: State, lne: Array | None = None) -> Array:
    """(F, G) CNY to serve a million tokens: rented compute ÷ tokens it yields, with Wright's law in volume."""
    p = rules.params
    e = s.lne if lne is None else lne
    learning = -p.wright * log(1.0 + s.volume / 1e4)
    return s.compute_price * exp(learning - e) / p.token_capacity * (1.0 + s.shifts[CHANNEL["unit_cost"], 0])


def token_yield(rules: Rules, s: State) -> Array:
    """(F, G) million tokens that a PFLOP/s delivers in a quarter."""
    p = rules.params
    learning = p.wright * log(1.0 + s.volume / 1e4)
    return p.token_capacity * exp(learning + s.lne)


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
    paying = s.customers
    total = osum(paying) + osum(s.hosted) + s.outside
    return np.where(total > 0, paying / np.where(total > 0, total, 1.0), 0.0)


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


def committed(rules: Rules, s: State) -> Array:
    """(F, G) CNY that next quarter takes whatever is decided: wages, compute contracts, interest, fixed cost."""
    p, t = rules.params, rules.traits
    people = np.add.reduce(s.staff, axis=1)
    compute = np.add.reduce(np.add.accumulate(s.bill[:, :, 0], axis=1)[:, -1:], axis=1)
    return np.where(s.alive, people * (p.wage + p.overhead) + compute + s.debt / 100.0 * p.interest + t.fixed_cost, 0.0)


def contracted(rules: Rules, s: State) -> Array:
    """(F, G) CNY of next quarter's revenue from contracts already running."""
    p = rules.params
    rent = np.add.accumulate(s.customers[:, 2:] * p.rent[2:, None], axis=1)[:, -1]
    return np.where(s.alive, rent * s.price[2], 0.0)
