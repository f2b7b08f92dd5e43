"""The price of tokens as a best response: the numerical maximum of a firm's own objective of the quarter.

A cloud giant sells below cost on purpose: a customer won brings cloud business, so its objective is
margin × volume + cloud value × attach × customers won (model: two-sided pricing, Rochet and Tirole 2003).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from game.engine.derive import attach
from game.engine.names import DEV
from game.engine.numeric import Array, clip, exp, log
from game.engine.rules import Rules
from game.engine.view import View

_GOLDEN: Final = 0.6180339887498949
_COARSE: Final = 9
_STEPS: Final = 14
SPAN: Final = 3.0
"""Half-width of the search in log price, around the cost of tokens or the present price."""


def objective(rules: Rules, view: View, log_price: Array, places: list[int] | None = None) -> Array:
    """Objective of the quarter per reachable developer, CNY, at ``log_price`` (…, N, G).

    ``places`` picks firms by their place in the view; all of them by default.

    The share that would be won follows from today's share and the price term of the logit alone; tokens per customer
    follow the demand curve with its bound.
    """
    p = rules.params
    places = list(range(len(view.firms))) if places is None else places
    rows = [view.firms[i] for i in places]
    capability, token_cost = view.own.capability[places], view.own.token_cost[places]
    price = exp(log_price)
    share = clip(view.public.share[rows, DEV], 0.004, 0.95)
    now = view.public.price[0, rows]
    logs = log(np.concatenate([share / (1.0 - share), now + p.price_hassle[DEV]]))
    n = len(rows)
    relative = log(price + p.price_hassle[DEV]) - logs[n:]
    odds = logs[:n] - p.price_weight[DEV] / p.nest * relative
    won = 1.0 / (1.0 + exp(-odds))
    reference = log(np.array([p.token_price_reference]))[0]
    raw = p.token_volume * exp(-p.token_elasticity * (log_price - reference)) * 4.0 * capability * capability
    volume = raw / (1.0 + raw / p.token_bound)
    paying = np.take(p.pay_tokens, view.own.route[places])
    traits = rules.traits
    frontier = view.public.benchmark.max(axis=0)
    extra = p.cloud_customer_value * traits.cloud_value[rows] * attach(rules, frontier)
    return won * paying * (volume * (price - token_cost) + extra)


def best_response(rules: Rules, view: View, places: list[int] | None = None) -> Array:
    """(N, G) token price that maximises `objective`: a coarse grid, then golden sections; a fixed count of steps."""
    places = list(range(len(view.firms))) if places is None else places
    rows = [view.firms[i] for i in places]
    centre = log(np.maximum(view.own.token_cost[places], 1e-4))
    centre = np.maximum(centre, log(np.maximum(view.public.price[0, rows], 1e-4)) - 1.5)
    grid = np.linspace(-SPAN, SPAN, _COARSE)
    values = np.stack([objective(rules, view, centre + step, places) for step in grid])
    peak = np.argmax(values, axis=0)
    gap = grid[1] - grid[0]
    a = centre + grid[peak] - gap
    b = a + 2.0 * gap
    c, d = b - _GOLDEN * (b - a), a + _GOLDEN * (b - a)
    fc, fd = objective(rules, view, c, places), objective(rules, view, d, places)
    for _ in range(_STEPS):
        left = fc > fd
        a, b = np.where(left, a, c), np.where(left, d, b)
        point = np.where(left, b - _GOLDEN * (b - a), a + _GOLDEN * (b - a))
        value = objective(rules, view, point, places)
        c, d = np.where(left, point, d), np.where(left, c, point)
        fc, fd = np.where(left, value, fd), np.where(left, fc, value)
    return exp(0.5 * (a + b))


def towards(now: Array, target: Array, speed: float) -> Array:
    """``now`` moved by ``speed`` of the way to ``target`` in logs; a price of zero starts from a tenth of a fen."""
    low = 1e-3
    logs = log(np.maximum(np.stack([now, target]), low))
    return exp(logs[0] + speed * (logs[1] - logs[0]))
