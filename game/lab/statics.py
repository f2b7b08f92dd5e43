"""Static strategies: a route, a price posture and a focus segment, held from the first quarter to the last.

They are the yardstick of balance: none may be best everywhere. Research and machines follow the habits of ``thumb``,
cards, tenders, money and the rest are default management, so that only the three choices differ. All strategies and
seeds are one batch: the game axis runs over seeds within strategies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from game.engine import derive
from game.engine.draws import seed_array, seed_words
from game.engine.names import LEVER, ROUTES, SEGMENTS
from game.engine.numeric import Array, clip
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import State
from game.engine.view import View, observe, publish
from game.policies import decide_all
from game.policies.default import Plan, compute_for, envelope, manage

PLAYER: Final = 0
"""Row of the seat that is measured."""
POSTURES: Final = ("low", "mid", "high")
MARKUP: Final = (1.05, 1.45, 2.2)
"""Token price by posture, as a multiple of the own cost to serve."""
INDEX: Final = (0.85, 1.0, 1.2)
"""Solution price by posture."""
PRICE_FLOOR: Final = 0.01
"""CNY per million tokens: no posture gives tokens away."""
CONCENTRATION: Final = 0.75
"""Weight of the focus segment; the rest stays with the habits of the background."""
ACT_ENDS: Final = (3, 7)
"""Last quarters of the first and the second act, counted from 2023Q1."""


@dataclass(frozen=True, order=True)
class Static:
    """One strategy, by row of route, posture and segment."""

    route: int
    posture: int
    focus: int

    @property
    def name(self) -> str:
        """As in ``layered/high/medical``."""
        return f"{ROUTES[self.route]}/{POSTURES[self.posture]}/{SEGMENTS[self.focus]}"


@dataclass(frozen=True)
class StaticResult:
    """Values of the player's seat, CNY, (K, S) over strategies and seeds."""

    statics: tuple[Static, ...]
    value: Array
    """At the end."""
    bankrupt: Array
    """1 where the firm went bankrupt."""
    gains: Array
    """(acts, K, S) value gained within the first and the second act; 0 where the scenario does not hold the act."""


def all_statics(rules: Rules) -> tuple[Static, ...]:
    """Every strategy of the scenario: 4 routes, 3 postures and each segment that it has."""
    return tuple(
        Static(r, p, v) for r in range(len(ROUTES)) for p in range(len(POSTURES)) for v in range(len(SEGMENTS))
        if rules.segments[v, 0] > 0
    )  # fmt: skip


def static_levers(rules: Rules, view: View, statics: Sequence[Static]) -> Array:
    """(levers, 1, G) decisions of one firm, the strategy of each game given by ``statics`` (G of them)."""
    own, rows = view.own, list(view.firms)
    route = np.array([[s.route for s in statics]], dtype=np.float64)
    posture = np.array([s.posture for s in statics])
    spend = envelope(rules, view)
    research = np.rint(rules.traits.appetite[rows] * 0.45 * spend / 1e6) * 1e6
    now = np.add.accumulate(own.due[:, :, 0], axis=1)[:, -1]
    machines = clip(compute_for(rules, view, 0.22 * spend), 0.6 * now, np.maximum(1.8 * now, 50.0))
    price = np.maximum(own.token_cost * np.take(MARKUP, posture), PRICE_FLOOR)
    focus = (1.0 - CONCENTRATION) * np.broadcast_to(rules.traits.focus[rows], own.customers.shape)
    focus = focus + CONCENTRATION * (np.arange(len(SEGMENTS))[:, None] == [s.focus for s in statics])
    out = manage(rules, view, Plan(route, price, research, focus, machines))
    out[LEVER["price.solution"]] = np.take(INDEX, posture)
    return np.where(np.isnan(out), out, np.minimum(np.maximum(out, own.low), own.high))


def play_statics(rules: Rules, statics: Sequence[Static], seeds: Sequence[int], rivals: str = "thumb") -> StaticResult:
    """Every strategy in the player's seat on every seed, against rivals that all play policy ``rivals``."""
    games = [s for s in statics for _ in seeds]
    words = [seed_words(s) for s in seeds]
    state = begin(rules, seed_array([w for _ in statics for w in words]))
    seats = ("default", *(rivals,) * (rules.firms - 1))
    values = [derive.value(state)[PLAYER]]
    for _ in range(rules.quarters):
        state = play_quarter(rules, state, _decide(rules, state, seats, games))[0]
        values.append(derive.value(state)[PLAYER])
    shape = (len(statics), len(seeds))
    return StaticResult(tuple(statics), values[-1].reshape(shape), (state.status[PLAYER] == 1).reshape(shape) * 1.0,
                        np.stack([g.reshape(shape) for g in _gains(rules, values)]))


def _decide(rules: Rules, state: State, seats: tuple[str, ...], games: Sequence[Static]) -> Array:
    public = publish(rules, state)
    levers = decide_all(rules, state, seats, public, skip=(PLAYER,))
    levers[:, [PLAYER]] = static_levers(rules, observe(rules, state, (PLAYER,), public), games)
    return levers


def _gains(rules: Rules, values: list[Array]) -> list[Array]:
    """Value gained within each act; ``values`` stand at the start and after each quarter."""
    gains, before = [], 0
    for end in ACT_ENDS:
        first, last = before - rules.first, end + 1 - rules.first
        whole = first >= 0 and last < len(values)
        gains.append(values[last] - values[first] if whole else np.zeros_like(values[0]))
        before = end + 1
    return gains


def join_statics(parts: Sequence[StaticResult]) -> StaticResult:
    """Results of the same strategies on several sets of seeds as one."""
    return replace(
        parts[0], value=np.concatenate([p.value for p in parts], axis=1),
        bankrupt=np.concatenate([p.bankrupt for p in parts], axis=1),
        gains=np.concatenate([p.gains for p in parts], axis=2),
    )  # fmt: skip
