"""Where a plan points: one quarter's levers read as proportions, and default management that keeps to them.

A plan is the levers of one quarter. What follows it in a future is default management, and default management from the
plan's *amounts* would be blind: a research budget of today's size ruins a firm whose cash is going, and starves one
that grows. So a plan is read as proportions, and these are kept: research and training machines as shares of what may
be spent, the price of tokens as a multiple of their cost, people and knowledge by segment as weights, the number of
people as a multiple of what default management would employ. Rounds, loans, tenders, cards and distress are answered by
default management in every later quarter, so that a future does not die of an unanswered letter.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from game.engine.compute import DOMESTIC
from game.engine.names import LEVER, SEGMENTS, SOURCES, VERTICALS
from game.engine.numeric import Array, clip, ratio
from game.engine.rules import Rules
from game.engine.view import View
from game.policies.default import Plan, envelope, manage, serving_need

PEOPLE = slice(LEVER["staff.developers"], LEVER["staff.developers"] + len(SEGMENTS))
KNOWLEDGE = slice(LEVER["knowledge.finance"], LEVER["knowledge.finance"] + len(VERTICALS))
MACHINES = slice(LEVER["compute.import"], LEVER["compute.import"] + len(SOURCES))
_TOKEN, _APP, _SOLUTION = (LEVER[f"price.{n}"] for n in ("token", "app", "solution"))
_RESEARCH = LEVER["research.budget"]
_RAISE, _BORROW = LEVER["finance.raise"], LEVER["finance.borrow"]


@dataclass(frozen=True)
class Direction:
    """Proportions of a plan, each (1, G); ``focus`` (1, V, G) adds up to one."""

    route: Array
    markup: Array
    """Price of tokens as a multiple of their cost."""
    app: Array
    solution: Array
    research: Array
    """Share of the envelope that goes to research."""
    training: Array
    """Share of the envelope that pays for machines beyond what serving needs; may be below zero."""
    people: Array
    """People as a multiple of what default management would employ."""
    raising: Array
    """Share of what a round may bring that is asked for every quarter, whatever the runway; 0 leaves it to management."""
    borrowing: Array
    """Share of what lenders would still add, likewise."""
    focus: Array

    def spread(self, times: int) -> Direction:
        """Each game ``times`` over, side by side."""
        return Direction(**{f.name: np.repeat(getattr(self, f.name), times, axis=-1) for f in fields(self)})

    def pick(self, games: list[int]) -> Direction:
        """Some games of the batch."""
        return Direction(**{f.name: getattr(self, f.name)[..., games] for f in fields(self)})


def read(rules: Rules, view: View, levers: Array) -> Direction:
    """The direction of plans ``levers`` (levers, 1, G) for the one firm of ``view``."""
    own = view.own
    spend = np.maximum(envelope(rules, view), 1e6)
    people = levers[PEOPLE].transpose(1, 0, 2)
    focus = _focus(rules, view, levers, people, spend)
    route = levers[LEVER["route"]]
    machines = np.add.accumulate(levers[MACHINES], axis=0)[-1]
    price = view.public.compute_price * rules.params.source_price[DOMESTIC]
    training = (machines - serving_need(view) / rules.params.serve_share) * price / spend
    usual = manage(rules, view, Plan(route, levers[_TOKEN], levers[_RESEARCH], focus, machines))
    total = np.add.accumulate(people, axis=1)[:, -1]
    managed = np.add.accumulate(usual[PEOPLE].transpose(1, 0, 2), axis=1)[:, -1]
    return Direction(
        route=route, markup=clip(ratio(levers[_TOKEN], own.token_cost, 1.0), 0.0, 1e4), app=levers[_APP],
        solution=levers[_SOLUTION], research=clip(levers[_RESEARCH] / spend, 0.0, 1.5),
        training=clip(training, -0.3, 1.0), people=clip(ratio(total, managed, 1.0), 0.5, 2.0),
        raising=_beyond(levers, usual, own.high, _RAISE), borrowing=_beyond(levers, usual, own.high, _BORROW), focus=focus,
    )  # fmt: skip


def _beyond(levers: Array, usual: Array, high: Array, row: int) -> Array:
    """Share of its ceiling that a lever asks for, where default management would ask for less."""
    top = np.maximum(high[row], 0.0)
    return np.where(levers[row] > usual[row] + 1.0, clip(ratio(levers[row], top), 0.0, 1.0), 0.0)


def _focus(rules: Rules, view: View, levers: Array, people: Array, spend: Array) -> Array:
    """(1, V, G) weights over segments: people as they are meant to be, half of a vertical's weight by its knowledge."""
    whole = np.add.accumulate(people, axis=1)[:, -1:]
    habit = np.broadcast_to(rules.traits.focus[list(view.firms)], people.shape)
    by_people = np.where(whole > 0, people / np.where(whole > 0, whole, 1.0), habit)
    # Default management gives every segment a small number of people whatever the focus.
    by_people = np.maximum((by_people - 0.12 / len(SEGMENTS)) / 0.88, 0.0)
    data = levers[KNOWLEDGE].transpose(1, 0, 2)
    known = np.add.accumulate(data, axis=1)[:, -1:]
    verticals = np.add.accumulate(by_people[:, 2:], axis=1)[:, -1:]
    by_data = np.where(known > 0, data / np.where(known > 0, known, 1.0) * verticals, by_people[:, 2:])
    mixed = by_people.copy()
    mixed[:, 2:] = 0.5 * by_people[:, 2:] + 0.5 * by_data
    total = np.add.accumulate(mixed, axis=1)[:, -1:]
    return np.where(total > 0, mixed / np.where(total > 0, total, 1.0), habit)


def follow(rules: Rules, view: View, d: Direction) -> Array:
    """All levers (levers, 1, G) of a quarter that keeps to ``d``, within the limits."""
    own = view.own
    spend = np.maximum(envelope(rules, view), 0.0)
    price = view.public.compute_price * rules.params.source_price[DOMESTIC]
    machines = serving_need(view) / rules.params.serve_share + d.training * spend / price
    now = np.add.accumulate(own.due[:, :, 0], axis=1)[:, -1]
    machines = clip(machines, 0.6 * now, np.maximum(1.8 * now, 50.0))
    tokens = d.markup * own.token_cost
    out = manage(rules, view, Plan(d.route, tokens, np.rint(d.research * spend / 1e6) * 1e6, d.focus, machines))
    out[_APP] = d.app
    out[_SOLUTION] = d.solution
    out[PEOPLE] = np.rint(out[PEOPLE] * d.people)
    for row, share in ((_RAISE, d.raising), (_BORROW, d.borrowing)):
        out[row] = np.maximum(out[row], np.floor(share * np.maximum(own.high[row], 0.0)))
    return np.where(np.isnan(out), out, np.minimum(np.maximum(out, own.low), own.high))
