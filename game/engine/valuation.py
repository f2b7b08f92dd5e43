"""What a firm is worth: forward-looking equity value, never below zero, blind to where a scenario ends."""

from __future__ import annotations

import numpy as np

from game.engine.derive import hype, skills
from game.engine.names import APP
from game.engine.numeric import Array, clip, exp, osum, ratio
from game.engine.rules import Rules
from game.engine.state import State

PARTS = ("cash", "revenue", "capability", "community", "audience", "knowledge", "research")
"""What equity value is made of, before smoothing; they add up to the raw value."""


def growth(rules: Rules, s: State) -> Array:
    """(F, G) growth of revenue over the last quarter, within what investors extrapolate; 0 without revenue."""
    p = rules.params
    return clip(ratio(s.revenue - s.revenue_before, s.revenue_before), p.growth_low, p.growth_high)


def equity_parts(rules: Rules, s: State, best: Array | None = None) -> dict[str, Array]:
    """Terms of equity value (F, G), CNY.

    Revenue counts annualised, by growth and gross margin; capability as a premium in the lead over or lag behind the
    best firm (less for what everybody can download); community, audience, knowledge and capitalised research as
    stocks. What
    investors look at moves from capability to revenue as `hype` fades. ``best`` (G) stands in for the best capability.
    """
    p = rules.params
    h = hype(rules, s.quarter)
    cap = skills(rules, s)
    best = np.where(s.alive, cap, 0.0).max(axis=0) if best is None else best
    mood = p.equity_sentiment + (1.0 - p.equity_sentiment) * s.sentiment
    openness = np.take(p.openness, s.route)
    revenue = 4.0 * s.revenue * p.equity_revenue * (1.0 + growth(rules, s)) * (p.hype_revenue - p.hype_shift * h)
    revenue = revenue * (1.0 + p.equity_margin * clip(s.margin, -1.0, 1.0))
    lead = p.equity_capability * exp(p.equity_capability_slope * (cap - best)) * h
    crowd = s.community / (s.community + p.equity_community_half)
    knowledge = osum(s.knowledge, 1) * p.knowledge_unit
    return {
        # Cash in hand is discounted, for it may be burnt; an overdraft counts in full.
        "cash": np.where(s.cash > 0, p.equity_cash, 1.0) * s.cash / 100.0 - s.debt / 100.0,
        "revenue": mood * revenue,
        "capability": mood * lead * (1.0 - p.equity_capability_open * openness),
        "community": mood * p.equity_community * crowd,
        "audience": mood * p.equity_user * s.customers[:, APP],
        "knowledge": p.equity_knowledge * knowledge,
        "research": p.equity_research * s.research_capital,
    }


def appraise(rules: Rules, s: State) -> State:
    """Equity value at the end of a quarter: smoothed towards the sum of its parts, 0 for firms that are gone."""
    parts = equity_parts(rules, s)
    raw = parts["cash"]
    for name in PARTS[1:]:
        raw = raw + parts[name]
    k = rules.params.equity_smooth
    new = np.maximum(k * s.equity + (1.0 - k) * np.maximum(raw, 0.0), 0.0)
    return s.evolve(equity=np.where(s.alive, new, 0.0))
