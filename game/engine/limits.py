"""What decisions a firm may take now; anything else is brought inside, never refused with a crash."""

from __future__ import annotations

from typing import Final

import numpy as np

from game.engine.finance import borrow_room, parent_budget, raise_ceiling
from game.engine.names import LEVER, LEVERS, SEGMENTS, SOURCES, VERTICALS
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


_MACHINES: Final = slice(LEVER["compute.import"], LEVER["compute.import"] + len(SOURCES))
_PEOPLE: Final = slice(LEVER["staff.developers"], LEVER["staff.developers"] + len(SEGMENTS))
_RAISE: Final = LEVER["finance.raise"]
_BORROW: Final = LEVER["finance.borrow"]
_MOVING_LOW: Final = {*INERT, _BORROW}
"""Rows whose bounds hang on the firm; the others are the same for all."""
_MOVING_HIGH: Final = {*INERT, _RAISE, _BORROW, *range(*_MACHINES.indices(99)), *range(*_PEOPLE.indices(99))}
_FIXED_LOW: Final = _runs(tuple(r for r in range(len(LEVERS)) if r not in _MOVING_LOW))
_FIXED_HIGH: Final = _runs(tuple(r for r in range(len(LEVERS)) if r not in _MOVING_HIGH))
_INERT_RUNS: Final = _runs(tuple(sorted(INERT)))
_WHOLE_RUNS: Final = _runs(WHOLE)


def purse(rules: Rules, s: State, room: Array) -> Array:
    """(F, G) CNY that could be spent at once: cash, what lenders would add (``room``), a quarter's revenue, a parent's
    budget."""
    return np.maximum(s.cash, 0) / 100.0 + room + s.revenue + parent_budget(rules, s.quarter)


def bounds(rules: Rules, s: State) -> tuple[Array, Array]:
    """(levers, F, G) least and greatest value of each lever for every firm now; worked out once."""
    return s.once("bounds", (rules, *(getattr(s, n) for n in _READ)), lambda: _bounds(rules, s))


_READ: Final = ("quarter", "cash", "debt", "equity", "revenue", "status", "credibility", "sentiment", "due",
                "compute_price", "staff", "hiring", "levers")
"""What of a state `bounds` hangs on."""


def _bounds(rules: Rules, s: State) -> tuple[Array, Array]:
    shape = (len(LEVERS), *s.cash.shape)
    low, high = np.empty(shape), np.empty(shape)
    floor, roof = rules.lever_low, rules.lever_high
    for rows in _FIXED_LOW:
        low[rows] = floor[rows]
    for rows in _FIXED_HIGH:
        high[rows] = roof[rows]
    # Nobody sells machines, people or data to a firm that could not pay for them in any way.
    room = borrow_room(rules, s)
    means = purse(rules, s, room)
    for rows in _INERT_RUNS:
        np.minimum(roof[rows], means, out=high[rows])
        least = np.multiply(s.levers[rows], rules.params.spend_inertia, out=low[rows])
        np.minimum(least, high[rows], out=least)
        np.maximum(least, floor[rows], out=least)
    running = s.due.max(axis=2)
    affordable = means / s.compute_price
    for source, row in enumerate(range(_MACHINES.start, _MACHINES.stop)):
        limit = np.divide(affordable, rules.params.source_price[source], out=high[row])
        limit += running[:, source]
        np.minimum(limit, roof[row], out=limit)
    hands = means / rules.params.wage
    for v, row in enumerate(range(_PEOPLE.start, _PEOPLE.stop)):
        # Employed and hired are whole numbers.
        limit = np.add(s.staff[:, v], s.hiring[:, v], out=high[row])
        limit += hands
        np.ceil(limit, out=limit)
        np.minimum(limit, roof[row], out=limit)
    np.minimum(roof[_RAISE], raise_ceiling(rules, s), out=high[_RAISE])
    np.minimum(roof[_BORROW], room, out=high[_BORROW])
    np.maximum(floor[_BORROW], s.debt / -100.0, out=low[_BORROW])
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
