"""Policy ``planner``: a two-stage search over what may come; a fixed count of plans and futures, so it can be replayed.

Eight strategies are played over the same futures, then eight changes of the best of them; the best of all sixteen is
taken. The score is the mean over futures of log(1 + value ÷ 10 million CNY) at the horizon, the scale on which luck and
skill are measured: bankruptcy counts as nought there, and loses more than a lucky fortune gains. (The plain mean of
value won as many campaigns over ``reactive``, 14 of 16; so the scale was chosen for its meaning.)

Four quarters do not show what a sale of the firm forgoes, for it pays at once and ends everything that would have come
later. So a plan that gives the firm away is the last resort: it is taken only where the best of the other plans ends
in ruin in at least half of its futures. (Measured without this rule: nearly a third of the campaigns were sold in the
second year, at a third of what the firm was worth in the fifth.) A sale that default management would make in a later
quarter does not count as an end: when that quarter comes, there is another search.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from game.engine import derive
from game.engine.numeric import Array, log
from game.engine.rules import Rules
from game.engine.view import View
from game.foresight.candidates import changes, strategies
from game.foresight.futures import QUARTERS, Outlook, directions, horizon, look, play_on
from game.policies import reactive

GAMES: Final = 64
"""Futures in which each plan is played."""
SCALE: Final = 1e7
"""CNY; value is scored as log(1 + value ÷ this)."""

Constrain = Callable[[Array], Array]
"""Levers (levers, P) to levers (levers, P): what an experiment forbids or forces, applied to every candidate."""


LAST_RESORT: Final = 0.5
"""Share of futures in which the best other plan has to end in bankruptcy before the firm may be given away."""


@dataclass(frozen=True)
class Weighed:
    """P plans in G futures; luck is the same for every plan."""

    values: Array
    """(P, G) founders' value at the horizon, CNY."""
    scores: Array
    """(P,) see `score`."""
    ruined: Array
    """(P,) share of futures in which the firm is bankrupt by the horizon."""
    given_away: NDArray[np.bool_]
    """(P,) the plan's own quarter sells or merges the firm in most futures."""

    def best(self) -> int:
        """Place of the plan to take; of equal ones the first."""
        living = np.where(self.given_away, -np.inf, self.scores)
        place = int(np.argmax(living))
        if self.given_away.all() or self.ruined[place] >= LAST_RESORT:
            return int(np.argmax(self.scores))
        return place


@dataclass(frozen=True)
class Search:
    """What a search found: plans (levers, P), how they were weighed, and the place of the best."""

    plans: Array
    weighed: Weighed
    best: int

    @property
    def plan(self) -> Array:
        """(levers,) the best plan."""
        return self.plans[:, self.best]


def weigh(rules: Rules, outlook: Outlook, plans: Array, quarters: int = QUARTERS) -> Weighed:
    """Play each plan (levers, P) in every future of ``outlook``."""
    view = outlook.view
    me, count = view.firms[0], plans.shape[-1]
    states = play_on(rules, outlook, plans, directions(rules, view, plans), horizon(rules, view.quarter, quarters))
    first, *later = states
    final = later[-1] if later else first
    values = derive.value(final)[me].reshape(count, -1)
    sold = np.add.reduce(first.status[me].reshape(count, -1) > 1, axis=1)
    ruined = np.add.reduce(final.status[me].reshape(count, -1) == 1, axis=1)
    games = values.shape[-1]
    return Weighed(values, score(values), ruined / games, 2 * sold > games)


def score(values: Array) -> Array:
    """(P,) mean over futures of log(1 + value ÷ `SCALE`), summed in order."""
    total = np.add.accumulate(log(1.0 + values / SCALE), axis=-1)
    mean: Array = total[:, -1] / values.shape[-1]
    return mean


def together(a: Weighed, b: Weighed) -> Weighed:
    """Two lots of plans, weighed on the same outlook, as one."""
    return Weighed(*(np.concatenate([getattr(a, f.name), getattr(b, f.name)]) for f in fields(Weighed)))


def search(
    rules: Rules, view: View, seats: tuple[str, ...], *, games: int = GAMES, quarters: int = QUARTERS,
    constrain: Constrain | None = None,
) -> Search:
    """The search for one seat of one game. Raises ValueError for any other view."""
    # Decisions of planners are recorded and recomputed: what a sample holds stands as long as the rules do.
    outlook = look(rules, view, seats, games, planner=True)
    bind = constrain or (lambda plans: plans)
    first = bind(strategies(rules, view))
    weighed = weigh(rules, outlook, first, quarters)
    second = bind(changes(rules, view, first[:, weighed.best()]))
    weighed = together(weighed, weigh(rules, outlook, second, quarters))
    return Search(np.concatenate([first, second], axis=-1), weighed, weighed.best())


def plan_all(
    rules: Rules, views: Sequence[View], seats: tuple[str, ...], *, games: int = GAMES, quarters: int = QUARTERS,
    constrain: Constrain | None = None,
) -> Array:
    """(levers, len(views)) decisions for views of one seat in one game each, whichever seat and game.

    Each view is searched in batches of its own: eight plans in 64 futures fill the cache, so wider ones gain nothing.
    A cloud giant's prices are its objective's at every level, so its seat decides as ``reactive``.
    """
    out = []
    for view in views:
        if rules.traits.cloud[view.firms[0], 0] > 0 or bool(view.own.status[0, 0] != 0):
            out.append(reactive.decide(rules, view, np.empty((0, 1, 1)))[:, 0, 0])
        else:
            out.append(search(rules, view, seats, games=games, quarters=quarters, constrain=constrain).plan)
    return np.stack(out, axis=-1)
