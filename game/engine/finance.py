"""Step 2: rounds and loans; and guidance, which makes capital cheaper or dearer."""

from __future__ import annotations

import numpy as np

from game.engine.books import Books
from game.engine.derive import skills
from game.engine.names import LEVER
from game.engine.numeric import Array, clip, osum, ratio
from game.engine.quarter_draws import QuarterDraws
from game.engine.rules import Rules
from game.engine.state import CHANNEL, State


def round_price(rules: Rules, s: State) -> Array:
    """(F, G) pre-money price of a round: equity value × the investors' factor (credibility and sentiment)."""
    p = rules.params
    factor = 1.0 + p.investor_credibility * (s.credibility - 0.5) + p.investor_sentiment * (s.sentiment - p.sentiment_normal)
    return np.maximum(s.equity, p.round_floor) * clip(factor, p.round_low, p.round_high)


def raise_ceiling(rules: Rules, s: State) -> Array:
    """(F, G) most that can be asked for in one quarter, CNY."""
    return np.where(s.alive, rules.params.raise_limit * round_price(rules, s), 0.0)


def expected_fill(rules: Rules, s: State, best: Array | None = None) -> Array:
    """(F, G) share of a round that investors are expected to fill, before luck; rounds fill partly, never yes or no."""
    p = rules.params
    cap = skills(rules, s)
    if best is None:
        best = np.where(s.alive, cap, 0.0).max(axis=0)
    rich = ratio(s.revenue * 4.0, s.revenue * 4.0 + p.raise_revenue)
    # A hundred other models also tell their story to the same funds.
    crowd = p.fringe_funding * osum(s.fringe) / 100.0
    tired = p.raise_again * np.maximum(3.0 - s.raised, 0.0) / 3.0
    fill = (
        p.raise_fill
        + p.raise_sentiment * (s.sentiment - p.sentiment_normal)
        + p.raise_capability * (cap - best)
        + p.raise_income * rich
        + p.raise_credibility * (s.credibility - 0.5)
        - tired
        - crowd
        + s.shifts[CHANNEL["funding"], 0]
    )
    return clip(fill, 0.0, 1.0)


def borrow_room(rules: Rules, s: State) -> Array:
    """(F, G) CNY that lenders would still add to the debt."""
    p = rules.params
    limit = (p.borrow_equity * s.equity + p.borrow_revenue * s.revenue * 4.0) * rules.traits.credit
    return np.where(s.alive, np.maximum(limit - s.debt / 100.0, 0.0), 0.0)


def fund(rules: Rules, s: State, levers: Array, books: Books, draws: QuarterDraws) -> State:
    """Raise and borrow as the levers say, as far as investors and lenders go along; parents pay in their budget."""
    p = rules.params
    ask = np.minimum(np.maximum(levers[LEVER["finance.raise"]], 0.0), raise_ceiling(rules, s))
    luck = clip(expected_fill(rules, s) + p.raise_noise * draws["raise"], 0.0, 1.0)
    got = books.post("funding", ask * luck, "investors")
    price = round_price(rules, s)
    sold = ratio(got / 100.0, got / 100.0 + price)
    founders = s.founders * (1.0 - sold)
    books.post("funding", np.where(s.alive, parent_budget(rules, s.quarter), 0.0), "investors")
    wish = levers[LEVER["finance.borrow"]]
    loan = np.minimum(wish, borrow_room(rules, s))
    loan = np.where(s.alive, np.maximum(loan, -s.debt / 100.0), 0.0)
    debt = s.debt + books.post("borrowing", loan, "lenders")
    raised = np.where(got > 0, 0.0, np.minimum(s.raised + 1.0, 9.0))
    return s.evolve(founders=founders, debt=debt, raised=raised)


def parent_budget(rules: Rules, quarter: int) -> Array:
    """(F, 1) CNY that a parent company pays in, compounded since 2023Q1 by repeated multiplication (no power)."""
    budget = rules.traits.budget
    for _ in range(quarter):
        budget = budget * (1.0 + rules.traits.budget_growth)
    return budget


def interest(rules: Rules, s: State) -> Array:
    """(F, G) CNY of interest this quarter: dearer without credibility, penalty on an overdraft."""
    p = rules.params
    rate = p.interest + p.interest_credibility * (1.0 - s.credibility)
    overdraft = np.maximum(-s.cash / 100.0, 0.0)
    return np.where(s.alive, s.debt / 100.0 * rate + overdraft * p.overdraft_rate, 0.0)


def interval_score(low: Array, high: Array, actual: Array, coverage: float = 0.8) -> Array:
    """Interval score of a central prediction interval, lower is better (Gneiting and Raftery 2007, eq. 43)."""
    alpha = 2.0 / (1.0 - coverage)
    return (high - low) + alpha * np.maximum(low - actual, 0.0) + alpha * np.maximum(actual - high, 0.0)


def naive_interval(rules: Rules, before: Array) -> tuple[Array, Array]:
    """The naive 80 % interval: last quarter's number, give or take a stated share of it."""
    width = rules.params.naive_width * np.maximum(np.abs(before), 1e6)
    return before - width, before + width


def score_guidance(rules: Rules, s: State, cash: Array, revenue: Array) -> Array:
    """(F, G) new credibility once the guidance given a quarter ago meets the books.

    The score is compared with that of the naive interval around what was known when the guidance was given; better raises credibility, worse lowers it, and a firm that
    gave none drifts slowly to one half. Degenerate or reversed intervals count as none.
    """
    k = rules.params.credibility_speed
    new = s.credibility + rules.params.credibility_drift * k * (0.5 - s.credibility)
    for row, actual, before in ((0, cash, s.cash_before / 100.0), (2, revenue, s.revenue_before)):
        low, high = s.guidance[row], s.guidance[row + 1]
        given = np.isfinite(low) & np.isfinite(high) & (high > low)
        low0, high0 = naive_interval(rules, before)
        mine = interval_score(np.where(given, low, 0.0), np.where(given, high, 1.0), actual)
        theirs = interval_score(low0, high0, actual)
        skill = clip(ratio(theirs - mine, theirs + mine), -1.0, 1.0)
        new = new + np.where(given, 0.5 * k * skill, 0.0)
    return np.where(s.alive, clip(new, 0.0, 1.0), s.credibility)
