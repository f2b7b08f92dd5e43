"""The price of tokens as a best response: the numerical maximum of a firm's own objective of the quarter.

A cloud giant sells below cost on purpose: a customer won brings cloud business, so its objective is
margin × volume + cloud value × attach × customers won (model: two-sided pricing, Rochet and Tirole 2003).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from game.engine.derive import attach
from game.engine.names import DEV
from game.engine.numeric import Array, clip, exp, log
from game.engine.rules import Rules
from game.engine.view import View

_COARSE: Final = 9
_STEPS: Final = 5
SPAN: Final = 3.75
"""Half-width of the search in log price, around the cost of tokens or the present price."""


def objective(rules: Rules, view: View, log_price: Array, places: list[int] | None = None) -> Array:
    """Objective of the quarter per reachable developer, CNY, at ``log_price`` (…, N, G).

    ``places`` picks firms by their place in the view; all of them by default.

    The share that would be won follows from today's share and the price term of the logit alone; tokens per customer
    follow the demand curve with its bound.
    """
    return prepared(rules, view, places).worth(log_price)


@dataclass(frozen=True)
class Prospect:
    """What the objective of N firms hangs on besides the price; (N, G) unless said otherwise."""

    rules: Rules
    slope: float
    """Of the log odds of winning in the log of price plus hassle."""
    odds: Array
    """Log of the odds of losing a customer, less slope × log of price plus hassle."""
    volume: Array
    """Log of the tokens a customer would use at a price of one, were there no bound."""
    token_cost: Array
    extra: Array
    paying: Array

    def worth(self, log_price: Array) -> Array:
        """(…, N, G) the objective."""
        return self._at(log_price)[0]

    def rise(self, log_price: Array) -> Array:
        """(…, N, G) slope of the objective in the log price over the share won; its sign is that of the slope."""
        return self._at(log_price)[1]

    def _at(self, log_price: Array) -> tuple[Array, Array]:
        """`worth` and `rise` at one price each."""
        two = np.empty((2, *log_price.shape))
        two[0] = log_price
        np.multiply(log_price, -self.rules.params.token_elasticity, out=two[1])
        two[1] += self.volume
        price, raw = exp(two)
        return self._rise(price, raw)

    def on_grid(self, centre: Array, steps: Array) -> tuple[Array, Array]:
        """`worth` and `rise`, (K, N, G), at ``centre`` (N, G) plus each of ``steps`` (K,)."""
        e = self.rules.params.token_elasticity
        price, raw = exp(np.stack([centre, self.volume - e * centre]))
        up, down = exp(np.stack([steps, -e * steps]))
        return self._rise(price * up[:, None, None], raw * down[:, None, None])

    def _rise(self, price: Array, raw: Array) -> tuple[Array, Array]:
        p = self.rules.params
        whole = price + p.price_hassle[DEV]
        lost = log(whole)
        lost *= self.slope
        lost += self.odds
        lost = exp(lost)
        won = lost + 1.0
        np.divide(1.0, won, out=won)
        lost *= won
        # Tokens under their bound, and the part of the elasticity that the bound leaves.
        left = raw / p.token_bound
        left += 1.0
        np.divide(1.0, left, out=left)
        tokens = np.multiply(raw, left, out=raw)
        margin = price - self.token_cost
        value = margin * tokens
        left *= value
        left *= -p.token_elasticity
        value += self.extra
        tokens *= price
        left += tokens
        price /= whole
        price *= self.slope
        price *= lost
        price *= value
        left -= price
        value *= won
        value *= self.paying
        return value, left


def prepared(rules: Rules, view: View, places: list[int] | None = None) -> Prospect:
    """`objective` as a function of the log price alone: what does not hang on it is worked out once."""
    p, traits = rules.params, rules.traits
    places = list(range(len(view.firms))) if places is None else places
    rows = [view.firms[i] for i in places]
    capability, token_cost = view.own.capability[places], view.own.token_cost[places]
    share = clip(view.public.share[rows, DEV], 0.004, 0.95)
    now = view.public.price[0, rows]
    own_odds, own_price, volume = log(np.stack([
        share / (1.0 - share), now + p.price_hassle[DEV], 4.0 * p.token_volume * capability * capability
    ]))  # fmt: skip
    slope = float(p.price_weight[DEV] / p.nest)
    reference = log(np.array([p.token_price_reference]))[0]
    frontier = view.public.benchmark.max(axis=0)
    return Prospect(
        rules, slope, -slope * own_price - own_odds, volume + p.token_elasticity * reference, token_cost,
        p.cloud_customer_value * traits.cloud_value[rows] * attach(rules, frontier),
        np.take(p.pay_tokens, view.own.route[places]),
    )  # fmt: skip


def best_response(rules: Rules, view: View, places: list[int] | None = None) -> Array:
    """(N, G) token price that maximises `objective`: the best of a coarse grid, then false position on the slope with
    the Illinois rule (Dowell and Jarratt 1971); a fixed count of steps."""
    places = list(range(len(view.firms))) if places is None else places
    rows = [view.firms[i] for i in places]
    prospect = prepared(rules, view, places)
    low, near = log(np.maximum(np.stack([view.own.token_cost[places], view.public.price[0, rows]]), 1e-4))
    centre = np.maximum(low, near - 1.5)
    grid = np.linspace(-SPAN, SPAN, _COARSE)
    worth, rise = prospect.on_grid(centre, grid)
    peak = np.argmax(worth, axis=0)
    here = np.take_along_axis(rise, peak[None], 0)[0]
    # The maximum lies between the best point and the neighbour to which the slope points.
    other = np.minimum(np.maximum(peak + np.where(here > 0, 1, -1), 0), _COARSE - 1)
    a, b = centre + np.take(grid, peak), centre + np.take(grid, other)
    fa, fb = here, np.take_along_axis(rise, other[None], 0)[0]
    # Where the slope does not change its sign there is nothing between, and the best point stands.
    open_ = fa * fb < 0.0
    b, fb = np.where(open_, b, a), np.where(open_, fb, -fa)
    for _ in range(_STEPS):
        gap = fb - fa
        point = b - fb * (b - a) / np.where(gap == 0.0, 1.0, gap)
        f = prospect.rise(point)
        across = f * fb < 0.0
        a, fa = np.where(across, b, a), np.where(across, fb, 0.5 * fa)
        b, fb = point, f
    return exp(b)


def towards(now: Array, target: Array, speed: float) -> Array:
    """``now`` moved by ``speed`` of the way to ``target`` in logs; a price of zero starts from a tenth of a fen."""
    low = 1e-3
    logs = log(np.maximum(np.stack([now, target]), low))
    return exp(logs[0] + speed * (logs[1] - logs[0]))
