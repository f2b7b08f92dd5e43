"""The price of tokens as a best response: the numerical maximum of a firm's own objective of the quarter.

A cloud giant sells below cost on purpose: a customer won brings cloud business, so its objective is
margin × volume + cloud value × attach × customers won (model: two-sided pricing, Rochet and Tirole 2003).
"""

from __future__ import annotations

from collections.abc import Callable
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
    return prepared(rules, view, places)(log_price)


def prepared(rules: Rules, view: View, places: list[int] | None = None) -> Callable[[Array], Array]:
    """`objective` as a function of the log price alone: what does not hang on it is worked out once."""
    p, traits = rules.params, rules.traits
    places = list(range(len(view.firms))) if places is None else places
    rows = [view.firms[i] for i in places]
    capability, token_cost = view.own.capability[places], view.own.token_cost[places]
    share = clip(view.public.share[rows, DEV], 0.004, 0.95)
    now = view.public.price[0, rows]
    hassle = p.price_hassle[DEV]
    own_odds, own_price = log(np.stack([share / (1.0 - share), now + hassle]))
    slope = p.price_weight[DEV] / p.nest
    reference = log(np.array([p.token_price_reference]))[0]
    paying = np.take(p.pay_tokens, view.own.route[places])
    frontier = view.public.benchmark.max(axis=0)
    extra = p.cloud_customer_value * traits.cloud_value[rows] * attach(rules, frontier)

    def worth(log_price: Array) -> Array:
        two = np.empty((2, *log_price.shape))
        two[0] = log_price
        np.multiply(log_price - reference, -p.token_elasticity, out=two[1])
        price, raw = exp(two)
        odds = log(price + hassle)
        odds -= own_price
        odds *= slope
        # own odds less the price term, with the sign turned
        odds -= own_odds
        won = exp(odds)
        won += 1.0
        np.divide(1.0, won, out=won)
        raw *= p.token_volume
        raw *= 4.0
        raw *= capability
        raw *= capability
        bound = raw / p.token_bound
        bound += 1.0
        raw /= bound
        price -= token_cost
        raw *= price
        raw += extra
        won *= paying
        won *= raw
        return won

    return worth


def best_response(rules: Rules, view: View, places: list[int] | None = None) -> Array:
    """(N, G) token price that maximises `objective`: a coarse grid, then golden sections; a fixed count of steps."""
    places = list(range(len(view.firms))) if places is None else places
    rows = [view.firms[i] for i in places]
    worth = prepared(rules, view, places)
    low, near = log(np.maximum(np.stack([view.own.token_cost[places], view.public.price[0, rows]]), 1e-4))
    centre = np.maximum(low, near - 1.5)
    grid = np.linspace(-SPAN, SPAN, _COARSE)
    peak = np.argmax(worth(centre + grid[:, None, None]), axis=0)
    gap = grid[1] - grid[0]
    a = centre + grid[peak] - gap
    b = a + 2.0 * gap
    c, d = b - _GOLDEN * (b - a), a + _GOLDEN * (b - a)
    fc, fd = worth(np.stack([c, d]))
    for _ in range(_STEPS):
        left = fc > fd
        a, b = np.where(left, a, c), np.where(left, d, b)
        step = _GOLDEN * (b - a)
        point = np.where(left, b - step, a + step)
        value = worth(point)
        c, d = np.where(left, point, d), np.where(left, c, point)
        fc, fd = np.where(left, value, fd), np.where(left, fc, value)
    return exp(0.5 * (a + b))


def towards(now: Array, target: Array, speed: float) -> Array:
    """``now`` moved by ``speed`` of the way to ``target`` in logs; a price of zero starts from a tenth of a fen."""
    low = 1e-3
    logs = log(np.maximum(np.stack([now, target]), low))
    return exp(logs[0] + speed * (logs[1] - logs[0]))
