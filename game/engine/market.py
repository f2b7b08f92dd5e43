"""Step 12: the market moves: compute price, sentiment, and what is remembered of prices."""

from __future__ import annotations

import numpy as np

from game.engine.derive import median_price
from game.engine.numeric import Array, clip, exp, log
from game.engine.quarter_draws import QuarterDraws
from game.engine.rules import Rules
from game.engine.state import State


def price_fall(s: State) -> tuple[Array, Array]:
    """(G) third-lowest token price now, and the fall of its logarithm since last quarter."""
    third = np.maximum(median_price(s, third=True), 1e-3)
    third = np.where(np.isfinite(third), third, s.price_third)
    fall = log(np.maximum(s.price_third, 1e-3)) - log(third)
    return third, fall


def quarterly_fall(rules: Rules) -> Array:
    """(1,) factor by which compute gets cheaper in a quarter: the fourth root of the yearly one."""
    return exp(0.25 * log(np.array([1.0 - rules.params.compute_decline])))


def drift(rules: Rules, s: State, draws: QuarterDraws) -> State:
    """Compute gets cheaper by the article's yearly rate, unevenly; sentiment returns to its path."""
    p = rules.params
    compute = s.compute_price * quarterly_fall(rules) * exp(p.compute_noise * draws["compute"][0])
    path = p.sentiment_path[min(s.quarter + 1, len(p.sentiment_path) - 1)]
    mood = s.sentiment + p.sentiment_speed * (path - s.sentiment) + p.sentiment_noise * draws["sentiment"][0]
    return s.evolve(compute_price=compute, sentiment=clip(mood, p.sentiment_low, p.sentiment_high))
