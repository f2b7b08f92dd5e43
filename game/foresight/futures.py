"""What may come of a plan: many games from one view, played on under luck that neither seat nor plan can know.

From the sample of `game.foresight.estimate` the own seat plays the plan for one quarter and then keeps to its direction
(`game.foresight.direction`); rivals play the policies assumed for them. Luck depends on scenario and quarter only, so
that two plans are compared under the same luck and equal views give equal futures. Rivals' decisions of the first
quarter cannot depend on the plan, for they see the start of the quarter: they are made once and shared by all plans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from game.engine import derive
from game.engine.exits import NOTHING
from game.engine.names import LEVER
from game.engine.numeric import Array
from game.engine.play import chance, play_quarter
from game.engine.quarter_draws import QuarterDraws
from game.engine.rules import Rules
from game.engine.state import ARRAYS, State
from game.engine.view import View, observe, publish
from game.foresight.direction import Direction, follow, read
from game.foresight.estimate import estimate
from game.foresight.views import gather
from game.policies import POLICIES, decide_all

_MONEY = [LEVER["finance.raise"], LEVER["finance.borrow"]]
QUARTERS = 4
"""Quarters ahead that are played."""
GAMES = 1000
FIRST = 250
CHUNK = 750
"""Games played together after the first part: wide enough that numpy's calls cost little, narrow enough to be dropped
soon where a newer plan comes."""


@dataclass(frozen=True)
class Futures:
    """The own seat quarter by quarter, Q quarters of G games; money in CNY."""

    first: int
    """Index of the quarter in which the plan is played; row 0 is its end."""
    cash: Array
    """(Q, G)."""
    revenue: Array
    """(Q, G)."""
    value: Array
    """(Q, G) founders' value, 0 after bankruptcy."""
    share: Array
    """(Q, V, G) share of all users of a segment."""
    rank: NDArray[np.int64]
    """(Q, G) by value, 1 best."""
    bankrupt: NDArray[np.bool_]
    """(Q, G)."""


@dataclass(frozen=True)
class Outlook:
    """What every plan of one view has in common: the sample, what rivals decide first, and the luck to come.

    Luck is worked out when a plan is first played and kept for the next one.
    """

    view: View
    sample: State
    rivals: Array
    """(levers, F, G) decisions of the first quarter, the own row standing."""
    seats: tuple[str, ...]
    luck: dict[int, QuarterDraws] = field(default_factory=dict, compare=False, repr=False)
    """By quarter, of one plan's games."""

    def parts(self, first: int) -> list[Outlook]:
        """The same in parts: ``first`` games and then chunks of `CHUNK`. Who plays many plans keeps them."""
        games = self.sample.games
        edges = sorted({0, *range(min(first, games), games, CHUNK), games})
        return [
            Outlook(self.view, self.sample.take(slice(a, b)), self.rivals[..., a:b].copy(), self.seats)
            for a, b in pairwise(edges)
        ]


def assumed(seats: tuple[str, ...]) -> tuple[str, ...]:
    """The policy that foresight assumes for each seat: the one shown, ``reactive`` for people and for planners."""
    return tuple(name if name in POLICIES else "reactive" for name in seats)


def horizon(rules: Rules, quarter: int, quarters: int = QUARTERS) -> int:
    """Quarters ahead that are played from ``quarter``: no more than the scenario has left, at least one."""
    return max(min(quarters, rules.last + 1 - quarter), 1)


def look(
    rules: Rules, view: View, seats: tuple[str, ...], games: int, after: int = 0, *, part: slice = slice(None),
    planner: bool = False,
) -> Outlook:
    """Sample ``games`` states consistent with ``view`` (one seat of one game), and let the rivals decide.

    Fresh luck comes ``after`` as many games: plans chosen on one sample are measured on another (regret). ``part`` of
    the games alone is worked out where only that is wanted; ``planner`` as in `game.foresight.estimate`.
    """
    shown = assumed(seats)
    if after:
        part = slice(after, None)
    sample = estimate(rules, view, _prior(shown, view.firms[0]), games + after, part=part, planner=planner)
    return Outlook(view, sample, decide_all(rules, sample, shown, skip=view.firms), shown)


def _prior(seats: tuple[str, ...], me: int) -> tuple[str, ...]:
    """Seats of the prior ensemble: the own one plays as most rivals do, so that all seats share one ensemble."""
    others = [name for f, name in enumerate(seats) if f != me]
    usual = max(dict.fromkeys(others), key=others.count)
    return tuple(usual if f == me else name for f, name in enumerate(seats))


def spread(state: State, times: int) -> State:
    """The whole batch ``times`` over, one copy after the other."""
    return state.evolve(**{
        n: np.tile(getattr(state, n), (1,) * (getattr(state, n).ndim - 1) + (times,)) for n in ARRAYS
    })  # fmt: skip


def play_on(
    rules: Rules, outlook: Outlook, plans: Array, way: Direction, quarters: int, *, unaided: bool = False
) -> Iterator[State]:
    """States after each of ``quarters`` quarters, P plans × G games wide (game fastest).

    ``plans`` (levers, P) are the own levers of the first quarter, ``way`` their directions (1, P). ``unaided``: after
    that quarter the seat finds no more money, neither a round nor a loan nor a way out of distress.
    """
    me = outlook.view.firms[0]
    games, count = outlook.sample.games, plans.shape[-1]
    state = spread(outlook.sample, count) if count > 1 else outlook.sample
    way = way.spread(games)
    decisions = np.tile(outlook.rivals, (1, 1, count))
    decisions[:, me] = np.repeat(plans, games, axis=-1)
    for ahead in range(quarters):
        if ahead:
            shown = publish(rules, state)
            decisions = decide_all(rules, state, outlook.seats, shown, skip=(me,))
            decisions[:, me] = follow(rules, observe(rules, state, (me,), shown), way)[:, 0]
            if unaided:
                decisions[_MONEY, me] = np.minimum(decisions[_MONEY, me], 0.0)
                decisions[LEVER["distress.choice"], me] = NOTHING
        draws = None
        if count == 1:
            draws = outlook.luck.get(state.quarter) or outlook.luck.setdefault(
                state.quarter, chance(rules, state, keep=True)
            )
        state, _ = play_quarter(rules, state, decisions, draws)
        yield state


def directions(rules: Rules, view: View, plans: Array) -> Direction:
    """Directions (1, P) of plans (levers, P) of the one seat and game of ``view``."""
    return read(rules, gather(view, plans.shape[-1]), plans[:, None])


def futures(
    rules: Rules, view: View, plan: Array, seats: tuple[str, ...], *, games: int = GAMES, quarters: int = QUARTERS,
    outlook: Outlook | None = None,
) -> Futures:
    """All futures of a plan (levers,) at once; see `in_parts`."""
    parts = list(in_parts(rules, view, plan, seats, games=games, quarters=quarters, outlook=outlook))
    return join(parts)


def in_parts(
    rules: Rules, view: View, plan: Array, seats: tuple[str, ...], *, games: int = GAMES, quarters: int = QUARTERS,
    outlook: Outlook | None = None, first: int = FIRST,
) -> Iterator[Futures]:
    """Futures of a plan (levers,) in parts, ``first`` games and then chunks, so that a caller may stop in between.

    ``seats`` names who decides for each firm, ``human`` included. ``outlook`` of the same view, seats and number of
    games saves the sampling. Not-a-number in a plan leaves a lever where it stands. Raises ValueError unless the view
    is of one seat in one game.
    """
    base = outlook or look(rules, view, seats, games)
    for part in base.parts(first):
        yield play_part(rules, part, plan, quarters=quarters)


def play_part(
    rules: Rules, part: Outlook, plan: Array, *, quarters: int = QUARTERS, pause: Callable[[], None] = lambda: None,
    unaided: bool = False,
) -> Futures:
    """Futures of a plan (levers,) in the games of one part of an outlook; ``unaided`` as in `play_on`.

    ``pause`` is called before every quarter; what it raises ends the work.
    """
    view, plans = part.view, plan.reshape(-1, 1)
    way = directions(rules, view, settled(view, plans))
    states = play_on(rules, part, plans, way, horizon(rules, view.quarter, quarters), unaided=unaided)
    return _record(_paused(states, pause), view)


def _paused(states: Iterator[State], pause: Callable[[], None]) -> Iterator[State]:
    while True:
        pause()
        state = next(states, None)
        if state is None:
            return
        yield state


def settled(view: View, plans: Array) -> Array:
    """Plans (levers, P) with standing values where nothing is given."""
    return np.where(np.isnan(plans), np.nan_to_num(view.own.levers[:, 0]), plans)


def _record(states: Iterable[State], view: View) -> Futures:
    me = view.firms[0]
    rows = [
        (s.cash[me] / 100.0, s.revenue[me], derive.value(s)[me], derive.shares(s)[me], derive.ranks(s)[me],
         s.status[me] == 1)
        for s in states
    ]  # fmt: skip
    return Futures(view.quarter, *(np.stack(column) for column in zip(*rows, strict=True)))


def join(parts: list[Futures]) -> Futures:
    """One from several parts of the same futures."""
    names = [f.name for f in fields(Futures) if f.name != "first"]
    return Futures(parts[0].first, **{n: np.concatenate([getattr(p, n) for p in parts], axis=-1) for n in names})
