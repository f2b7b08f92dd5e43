"""What decisions a firm may take now; anything else is brought inside, never refused with a crash."""

from __future__ import annotations

from typing import Final

import numpy as np

from game.engine.finance import borrow_room, parent_budget, raise_ceiling
from game.engine.names import LEVER, LEVERS, VERTICALS
from game.engine.numeric import Array
from game.engine.rules import Rules
from game.engine.state import State

INERT: Final = tuple(LEVER[n] for n in ("research.budget", "community.budget", *(f"knowledge.{v}" for v in VERTICALS)))
"""Budgets that can shrink only by a stated share a quarter: people and data cannot be stopped overnight."""
GUIDANCE: Final = slice(LEVER["guidance.cash.low"], LEVER["guidance.revenue.high"] + 1)
WHOLE: Final = tuple(
    row for row, name in enumerate(LEVERS)
    if name.startswith(("staff.", "card.", "distress.")) or name in ("route", "compute.term", "tender.bids")
)
_CHOICES: Final = (LEVER["card.choice"], LEVER["distress.choice"])


def _runs(rows: tuple[int, ...]) -> tuple[slice, ...]:
    """Rows as slices of neighbours, which need no copies."""
    starts = [r for r in rows if r - 1 not in rows]
    ends = [r + 1 for r in rows if r + 1 not in rows]
    return tuple(slice(a, b) for a, b in zip(starts, ends, strict=True))


_INERT_RUNS: Final = _runs(tuple(sorted(INERT)))
_WHOLE_RUNS: Final = _runs(WHOLE)


def purse(rules: Rules, s: State) -> Array:
    """(F, G) CNY that could be spent at once: cash, what lenders would add, a quarter's revenue, a parent's budget."""
    return np.maximum(s.cash, 0) / 100.0 + borrow_room(rules, s) + s.revenue + parent_budget(rules, s.quarter)


def bounds(rules: Rules, s: State) -> tuple[Array, Array]:
    """(levers, F, G) least and greatest value of each lever for every firm now; worked out once."""
    return s.once("bounds", (rules, *(getattr(s, n) for n in _READ)), lambda: _bounds(rules, s))


_READ: Final = ("quarter", "cash", "debt", "equity", "revenue", "status", "credibility", "sentiment", "due",
                "compute_price", "staff", "hiring", "levers")
"""What of a state `bounds` hangs on."""


def _bounds(rules: Rules, s: State) -> tuple[Array, Array]:
    shape = (len(LEVERS), *s.cash.shape)
    low, high = np.empty(shape), np.empty(shape)
    low[...] = rules.lever_low
    high[...] = rules.lever_high
    # Nobody sells machines, people or data to a firm that could not pay for them in any way.
    means = purse(rules, s)
    for rows in _INERT_RUNS:
        high[rows] = np.minimum(high[rows], means)
        low[rows] = np.maximum(low[rows], np.minimum(s.levers[rows] * rules.params.spend_inertia, high[rows]))
    first = LEVER["compute.import"]
    running = s.due.max(axis=2).transpose(1, 0, 2)
    price = s.compute_price * rules.params.source_price[:, None, None]
    machines = slice(first, first + len(running))
    high[machines] = np.minimum(high[machines], running + means / price)
    first = LEVER["staff.developers"]
    people = slice(first, first + s.staff.shape[1])
    employed = (s.staff + s.hiring).transpose(1, 0, 2)
    high[people] = np.minimum(high[people], np.ceil(employed + means / rules.params.wage))
    row = LEVER["finance.raise"]
    high[row] = np.minimum(high[row], raise_ceiling(rules, s))
    row = LEVER["finance.borrow"]
    high[row] = np.minimum(high[row], borrow_room(rules, s))
    low[row] = np.maximum(low[row], -s.debt / 100.0)
    return low, high


def admissible(rules: Rules, s: State, levers: Array) -> Array:
    """``levers`` (levers, F, G) brought within `bounds`: not-a-number stands for the standing value.

    Guidance may be not-a-number, for none is a choice; otherwise it is bounded like the rest, or scores would overflow.
    """
    low, high = bounds(rules, s)
    out = np.maximum(levers, low)
    np.minimum(out, high, out=out)
    missing = np.isnan(out)
    missing[GUIDANCE] = False
    if missing.any():
        at = np.nonzero(missing)
        out[at] = np.minimum(np.maximum(s.levers[at], low[at]), high[at])
        # Choices about cards never stand: without an answer the last choice is taken.
        for row in _CHOICES:
            np.copyto(out[row], rules.lever_high[row], where=missing[row])
    for rows in _WHOLE_RUNS:
        np.rint(out[rows], out=out[rows])
    dead = ~s.alive
    if dead.any():
        np.copyto(out, s.levers, where=dead)
    return out
