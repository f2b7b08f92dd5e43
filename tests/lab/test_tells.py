"""A rival's tell is news: it comes and goes, and the move it names is likelier after it than at other times.

Played as everything published is measured: ``war`` with rules of thumb in every seat. A move is what the rival does in
the quarter whose start shows the tell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from game.content import Content
from game.content.build import build_conditions
from game.engine.names import LEVER, SEGMENTS, SOURCES
from game.engine.numeric import Array
from game.engine.quantities import holds
from game.engine.rules import Rules
from game.engine.state import State
from tests.engine.playing import play

SEEDS = range(1, 25)
RARELY, OFTEN = 0.03, 0.70
STEP = 1.15
"""Growth of people or machines in a quarter that counts as a move."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Told:
    """One tell over all quarters of all games in which its rival trades."""

    name: str
    frequency: float
    base: float
    """Share of quarters in which the rival makes the move."""
    lift: float
    """Share of quarters with the move after the tell, by ``base``."""


def lever(states: list[State], first: str, count: int = 1) -> Array:
    """(Q, F, G) sum of ``count`` levers as they stand at the start of each quarter."""
    row = LEVER[first]
    return np.stack([s.levers[row : row + count].sum(axis=0) for s in states])


def moves(states: list[State], both: Flags) -> dict[str, Flags]:
    """(Q, F, G) by id of a tell: whether the firm makes the move in the quarter."""
    price = np.stack([s.price[0] for s in states])
    fall = 1.0 - price[1:] / price[:-1]
    usual = np.nanmedian(np.where(both, fall, np.nan), axis=(0, 2))[:, None]
    people = lever(states, "staff.developers", len(SEGMENTS))
    machines = lever(states, "compute.import", len(SOURCES))
    consumers = lever(states, "staff.consumers")
    released = np.stack([s.released for s in states])
    return {
        "price-cut": fall > usual, "price-rise": fall < 0, "raise": lever(states, "finance.raise")[1:] > 0,
        "hire": people[1:] > STEP * people[:-1], "compute": machines[1:] > STEP * machines[:-1],
        "retreat": consumers[1:] < consumers[:-1], "release": released[1:] > released[:-1],
    }  # fmt: skip


@pytest.fixture(scope="module")
def told(shipped: Content, war: Rules) -> list[Told]:
    states = play(war, SEEDS, ("thumb",) * war.firms)
    alive = np.stack([s.alive for s in states])
    both = alive[:-1] & alive[1:]
    made = moves(states, both)
    out = []
    for f, firm in enumerate(war.names):
        for tell in shipped.rivals[firm].tells if firm in shipped.rivals else ():
            conditions = build_conditions(tell.when)
            shown = np.stack([holds(war, s, conditions, {})[f] for s in states[:-1]])
            trades, stays, move = alive[:-1, f], both[:, f], made[tell.id][:, f]
            base = float(move[stays].mean())
            after = float(move[stays & shown].mean()) if (stays & shown).any() else 0.0
            out.append(Told(f"{firm} {tell.id}", float(shown[trades].mean()), base, after / base if base else 0.0))
    return out


def test_every_rival_of_war_is_measured(shipped: Content, told: list[Told]) -> None:
    rivals = shipped.scenarios["war"].rivals
    assert [t.name for t in told] == [f"{r} {t.id}" for r in rivals for t in shipped.rivals[r].tells]


def test_no_tell_is_constant(told: list[Told]) -> None:
    assert [t for t in told if not RARELY <= t.frequency <= OFTEN] == []


def test_every_tell_names_a_move_that_is_made_and_not_always(told: list[Told]) -> None:
    assert [t for t in told if not 0.0 < t.base < 1.0] == []


def test_tells_foretell(told: list[Told]) -> None:
    assert np.mean([t.lift for t in told]) > 1.0
    # Not one misleads, give or take the luck of so few games.
    assert [t for t in told if t.lift < 0.95] == []
