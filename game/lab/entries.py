"""Firms that enter a segment: when they have a prototype there, and when the segment carries itself.

The articles' 1.7 and 4.3 years are read per firm and segment entered (model, mechanism 10). Who is there in the first
quarter of the trace counts from that quarter: what was done before it is not known, so early times are a little short.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from game.engine import derive
from game.engine.names import LEVER, VERTICALS
from game.engine.numeric import Array
from game.engine.rules import Rules
from game.engine.state import State

FIRST = 2
"""Row of the first vertical."""
PROTOTYPE_GAP = 0.5
"""Part of the gap between general accuracy and the segment's ceiling that a prototype has closed: most of it."""
PROTOTYPE_PILOTS = 10.0
"""Pilots brought to an end, by a contract or without one, before a prototype counts as done."""
LEAST_PEOPLE = 5
"""People in a segment from which on a firm has entered it; two or three only keep the door open."""
LEAST_KNOWLEDGE = 1.0
"""Units of knowledge from which on a firm has entered a segment."""
ENTERED, PROTOTYPE, SCALE = 1, 2, 4
"""Bits of a mark."""


class Entries:
    """Marks of a batch quarter by quarter; pilots brought to an end are counted on the way."""

    def __init__(self, rules: Rules, start: State) -> None:
        self._rules = rules
        self._dropped = np.zeros_like(start.pilots[:, FIRST:])
        self._pilots = start.pilots[:, FIRST:]

    def mark(self, s: State) -> NDArray[np.uint8]:
        """(F, verticals, G) uint8: `ENTERED` where a firm has people and knowledge in a segment, with `PROTOTYPE` and
        `SCALE` where the quarter shows them."""
        p = self._rules.params
        self._dropped = self._dropped + p.pipeline_drop * self._pilots
        self._pilots = s.pilots[:, FIRST:]
        people, known = s.staff[:, FIRST:], s.knowledge[:, FIRST:]
        entered = s.alive[:, None] & (people >= LEAST_PEOPLE) & (known >= LEAST_KNOWLEDGE)
        cap = derive.capability(self._rules, s.lnc)
        general = (p.general_floor + p.general_slope * cap)[:, None]
        ceiling = p.accuracy_ceiling[FIRST:, None]
        accuracy = derive.accuracy(self._rules, cap, s.knowledge, s.freshness)[:, FIRST:]
        good = accuracy - general >= PROTOTYPE_GAP * (ceiling - general)
        done = s.signed[:, FIRST:] + self._dropped >= PROTOTYPE_PILOTS
        marks = entered * (ENTERED + PROTOTYPE * (good & done) + SCALE * (segment_margin(self._rules, s) >= 0))
        return marks.astype(np.uint8)


def segment_margin(rules: Rules, s: State) -> Array:
    """(F, verticals, G) CNY a quarter: rent less the machines its contracts keep busy, its people and its knowledge
    budget; -1 where there is no contract."""
    p = rules.params
    contracts = s.customers[:, FIRST:]
    rent = contracts * p.rent[FIRST:, None] * s.price[2][:, None]
    machines = contracts * p.contract_compute[FIRST:, None] * s.compute_price
    people = s.staff[:, FIRST:] * (p.wage + p.overhead)
    first = LEVER[f"knowledge.{VERTICALS[0]}"]
    budget = s.levers[first : first + len(VERTICALS)].transpose(1, 0, 2)
    return np.where(contracts >= 1.0, rent - machines - people - budget, -1.0)


def waiting_time(marks: NDArray[np.uint8], event: int) -> Array:
    """(G) Kaplan-Meier median (Kaplan and Meier 1958) of the quarters from entry to ``event`` over all entries of a
    game, from the marks (Q, F, verticals, G).

    An entry ends without the event when the firm goes or leaves the segment, or the trace ends: such times are
    censored. Where fewer than half get there, the answer is one quarter more than the trace has: at least so long.
    """
    quarters, games = marks.shape[0], marks.shape[-1]
    flat = marks.reshape(quarters, -1, games)
    inside = (flat & ENTERED) > 0
    begun = inside.any(axis=0)
    entry = np.argmax(inside, axis=0)
    happened = (flat & event) > 0
    hit = np.where(happened.any(axis=0), np.argmax(happened, axis=0), quarters)
    last = quarters - 1 - np.argmax(inside[::-1], axis=0)
    seen = begun & (hit <= last)
    time = np.where(seen, hit, last) - entry
    survival = np.ones(games)
    median = np.full(games, float(quarters + 1))
    for t in range(quarters):
        at_risk = (begun & (time >= t)).sum(axis=0)
        events = (seen & (time == t)).sum(axis=0)
        survival = survival * (1.0 - events / np.maximum(at_risk, 1))
        median = np.where((survival <= 0.5) & (median > quarters), float(t), median)
    return median
