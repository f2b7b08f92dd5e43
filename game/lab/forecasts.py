"""Are the futures honest? Forecasts of many games beside what came of them when everybody did what was assumed.

A truth is a game of its own seed, which has nothing to do with the seeds of foresight, played to a start quarter by
policies. There the own seat takes a plan made from its view, plays it for a quarter and then keeps to its direction
(`game.foresight.direction`), while rivals play the level's policy: exactly what a future assumes. The forecast is made
from the view alone. Then the place of the truth among its futures is uniform if the forecast is honest.

The place is the randomised probability integral transform (Brockwell 2007; Czado, Gneiting and Held 2009): with n
futures, b of them below the truth and t equal to it, it is (b + v (t + 1)) ÷ (n + 1), v a draw that is a hash of the
seed and the cell, no generator's. If truth and futures come from one distribution it is uniform whatever that
distribution, so neither ranks, which are whole numbers, nor the heap of zeros of firms that are gone feign a fault, and
neither do the n futures that stand for infinitely many.

Luck of foresight depends on scenario and quarter only, so all forecasts of a quarter share it: the chance in one sample
of n does not average out over seeds (5 points at the median for a hundred as they come). So each forecast takes one of
ten blocks of the thousand futures that the boardroom shows, in turn, and all thousand are tested.

The futures of several forecasts are played side by side as one batch, as fast as those of one forecast ten times as
large; a test holds that they are those of `game.foresight.futures`, to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from game.engine import derive
from game.engine.draws import Words, seed_array, seed_words, slot_keys, uniforms, words
from game.engine.names import LEVER
from game.engine.numeric import Array
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import ARRAYS, State
from game.engine.view import View, observe, publish
from game.foresight.direction import Direction, follow, read
from game.foresight.estimate import inside
from game.foresight.futures import Outlook, look
from game.lab.pool import chunks, scatter
from game.policies import decide_all, reactive, thumb

ME: Final = 0
"""The own seat."""
SHOWN: Final = 1000
"""Futures that the boardroom shows."""
BLOCKS: Final = 10
"""Parts of them; a forecast uses one."""
TOGETHER: Final = 10
"""Forecasts whose futures are played side by side."""
AHEAD: Final = (1, 4)
"""Quarters ahead that are looked at."""
MEASURES: Final = ("cash", "revenue", "value", "share.developers", "share.main", "rank")
"""What is forecast; ``share.main`` is that of the vertical in which most of the own people work at the start."""
HIDDEN: Final = ("cash", "lnc", "revenue")
"""Rivals' hidden numbers whose coverage is measured."""
PLANS: Final = ("thumb", "reactive", "standing", "moved")
"""How the plan is made, by seed in turn: two policies, nothing touched, and ``reactive`` with its levers moved about."""
BEFORE: Final = ("reactive", "thumb")
"""Who plays the own seat until the start quarter, four seeds in turn."""
CHUNK: Final = 40
"""Seeds worked on together."""
_MOVED: Final = (
    *(LEVER[n] for n in LEVER if n.startswith(("price.", "staff.", "knowledge.", "compute.")) and n != "compute.term"),
    LEVER["research.budget"], LEVER["community.budget"],
)  # fmt: skip


class Look(Protocol):
    """As `game.foresight.futures.look`; a test plants faults here."""

    def __call__(self, rules: Rules, view: View, seats: tuple[str, ...], games: int, *, part: slice) -> Outlook: ...


class Places(NamedTuple):
    """What N forecasts of one start quarter came to; A = `AHEAD`, M = `MEASURES`, H = `HIDDEN`."""

    seed: NDArray[np.int64]
    """(N,) seeds whose firm still trades at the start."""
    place: Array
    """(A, M, N) of the truth among its futures, 0..1."""
    foretold: Array
    """(A, N) chance of bankruptcy by then."""
    bankrupt: NDArray[np.bool_]
    """(A, N) whether it came."""
    covered: NDArray[np.int64]
    """(H, N) rivals whose hidden number lies in the 80 % range of the sample."""
    rivals: NDArray[np.int64]
    """(N,) rivals still trading."""


@dataclass(frozen=True)
class Job:
    """Some seeds of one set of rules."""

    rules: Rules
    seeds: tuple[int, ...]
    quarters: tuple[int, ...]
    """Start quarters by index, rising."""
    rival: str
    """Policy of all rivals."""


def forecast_all(
    rules: Rules, seeds: Sequence[int], quarters: Sequence[int], rival: str, *, processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Places]:
    """Forecasts of ``seeds`` for each start quarter, over all cores; the same numbers on any number of them."""
    todo = [Job(rules, tuple(seeds[part]), tuple(quarters), rival) for part in chunks(len(seeds), CHUNK)]
    ends = np.cumsum([len(job.seeds) for job in todo]).tolist()

    def heard(done: int, _: int) -> None:
        if progress:
            progress(int(ends[done - 1]), len(seeds))

    done = scatter(forecast, todo, processes=processes, progress=heard)
    return [_joined([part[i] for part in done]) for i in range(len(quarters))]


def forecast(job: Job, look: Look = look) -> list[Places]:
    """The forecasts of one job, a start quarter after the other; its games are played on as one batch."""
    rules, seats = job.rules, (job.rival,) * job.rules.firms
    seeds = np.array(job.seeds, dtype=np.int64)
    by = (seeds // len(PLANS)) % len(BEFORE)
    state = begin(rules, true_seeds(job.seeds))
    found = []
    for quarter in job.quarters:
        while state.quarter < quarter:
            state, _ = play_quarter(rules, state, _before(rules, state, seats, by))
        alive = np.nonzero(state.status[ME] == 0)[0]
        found.append(_from(rules, state.take(alive), seeds[alive], seats, look))
    return found


def true_seeds(seeds: Sequence[int]) -> Words:
    """Seeds (2, G) of the true games, as a player who typed the number would have them."""
    return seed_array([seed_words(seed) for seed in seeds])


def _before(rules: Rules, state: State, seats: tuple[str, ...], by: NDArray[np.int64]) -> Array:
    """Decisions of all firms until the start quarter; ``by`` (G,) rows of `BEFORE`."""
    decisions = decide_all(rules, state, seats, skip=(ME,))
    view = observe(rules, state, (ME,))
    made = np.stack([_policy(name)(rules, view, np.empty((0, 1, 1)))[:, 0] for name in BEFORE])
    decisions[:, ME] = made[by, :, np.arange(len(by))].T
    return decisions


def _policy(name: str) -> Callable[[Rules, View, Array], Array]:
    return {"thumb": thumb.decide, "reactive": reactive.decide}[name]


def plans_of(rules: Rules, view: View, seeds: NDArray[np.int64], quarter: int) -> Array:
    """(levers, G) a plan for each game of the one seat of ``view``, by `PLANS` in turn."""
    none = np.empty((0, 1, 1))
    by_return = reactive.decide(rules, view, none)[:, 0]
    standing = np.where(np.isnan(view.own.levers[:, 0]), by_return, view.own.levers[:, 0])
    moved = by_return.copy()
    luck = _luck("plan", seeds, len(_MOVED), quarter)
    # From two thirds to half as much again.
    moved[list(_MOVED)] *= (2.0 + 2.5 * luck) / 3.0
    plans = np.stack([thumb.decide(rules, view, none)[:, 0], by_return, standing, moved])
    chosen: Array = plans[seeds % len(PLANS), :, np.arange(len(seeds))].T
    low, high = view.own.low[:, 0], view.own.high[:, 0]
    return np.where(np.isnan(chosen), 0.0, np.minimum(np.maximum(chosen, low), high))


def _luck(use: str, seeds: NDArray[np.int64], count: int, quarter: int) -> Array:
    """(count, G) uniform numbers of the laboratory's own: no draw of a true game and none of foresight."""
    own = seed_array([seed_words(f"laboratory/{use}/{seed}") for seed in seeds.tolist()])
    return uniforms(words(own, slot_keys([(0, i) for i in range(count)]), quarter))  # type: ignore[list-item]


def outcomes(rules: Rules, state: State, plans: Array, seats: tuple[str, ...], quarters: int) -> list[State]:
    """States after each of ``quarters`` quarters in which every own seat does in truth what a future assumes."""
    way = read(rules, observe(rules, state, (ME,)), plans[:, None])
    return _played(rules, state, decide_all(rules, state, seats, skip=(ME,)), plans, way, seats, quarters)


def _played(
    rules: Rules, state: State, decisions: Array, plans: Array, way: Direction, seats: tuple[str, ...], quarters: int
) -> list[State]:
    """The plan (levers, G) of each game, then its direction (1, G); rivals' first ``decisions`` are made."""
    decisions[:, ME] = plans
    states = []
    for ahead in range(quarters):
        if ahead:
            shown = publish(rules, state)
            decisions = decide_all(rules, state, seats, shown, skip=(ME,))
            decisions[:, ME] = follow(rules, observe(rules, state, (ME,), shown), way)[:, 0]
        state, _ = play_quarter(rules, state, decisions)
        states.append(state)
    return states


def fans_of(rules: Rules, outlooks: Sequence[Outlook], plans: Array, seats: tuple[str, ...], quarters: int) -> list[State]:
    """Futures of plans (levers, K) of K outlooks of equal size, side by side: game k G + g is future g of forecast k."""
    games = outlooks[0].sample.games
    ways = [read(rules, o.view, plans[:, None, k : k + 1]) for k, o in enumerate(outlooks)]
    way = Direction(**{f.name: np.concatenate([getattr(w, f.name) for w in ways], axis=-1) for f in fields(Direction)})
    states = [o.sample for o in outlooks]
    start = states[0].evolve(**{n: np.concatenate([getattr(s, n) for s in states], axis=-1) for n in ARRAYS})
    rivals = np.concatenate([o.rivals for o in outlooks], axis=-1)
    return _played(rules, start, rivals, np.repeat(plans, games, axis=-1), way.spread(games), seats, quarters)


def _from(rules: Rules, start: State, seeds: NDArray[np.int64], seats: tuple[str, ...], look: Look) -> Places:
    """The forecasts of all games of ``start`` and their places."""
    count = len(seeds)
    place = np.empty((len(AHEAD), len(MEASURES), count))
    foretold, bankrupt = np.empty((len(AHEAD), count)), np.empty((len(AHEAD), count), dtype=bool)
    covered, rivals = np.zeros((len(HIDDEN), count), dtype=np.int64), np.zeros(count, dtype=np.int64)
    if not count:
        return Places(seeds, place, foretold, bankrupt, covered, rivals)
    plans = plans_of(rules, observe(rules, start, (ME,)), seeds, start.quarter)
    truths = outcomes(rules, start, plans, seats, max(AHEAD))
    ties = _luck("tie", seeds, place[..., 0].size, start.quarter).reshape(place.shape)
    main = derive.focus(start)[ME]
    came = [_measured(truths[ahead - 1], main) for ahead in AHEAD]
    for first in range(0, count, TOGETHER):
        batch = range(first, min(first + TOGETHER, count))
        ones = [start.take([i]) for i in batch]
        outlooks = [
            look(rules, observe(rules, one, (ME,)), seats, SHOWN, part=block_of(int(seeds[i])))
            for i, one in zip(batch, ones)
        ]
        games = outlooks[0].sample.games
        fans = fans_of(rules, outlooks, plans[:, batch.start : batch.stop], seats, max(AHEAD))
        for a, ahead in enumerate(AHEAD):
            fan = _measured(fans[ahead - 1], np.repeat(main[batch.start : batch.stop], games))
            ruined = fans[ahead - 1].status[ME] == 1
            for k, i in enumerate(batch):
                mine = slice(k * games, (k + 1) * games)
                for m in range(len(MEASURES)):
                    place[a, m, i] = place_of(fan[m, mine], float(came[a][m, i]), float(ties[a, m, i]))
                foretold[a, i] = ruined[mine].mean()
        for i, one, outlook in zip(batch, ones, outlooks):
            hits = inside(one, outlook.sample, ME, HIDDEN)
            covered[:, i] = hits.sum(axis=1)
            rivals[i] = hits.shape[1]
    for a, ahead in enumerate(AHEAD):
        bankrupt[a] = truths[ahead - 1].status[ME] == 1
    return Places(seeds, place, foretold, bankrupt, covered, rivals)


def block_of(seed: int) -> slice:
    """The part of the futures shown that the forecast of ``seed`` uses."""
    at = (seed // (len(PLANS) * len(BEFORE))) % BLOCKS
    return slice(SHOWN * at // BLOCKS, SHOWN * (at + 1) // BLOCKS)


def _measured(end: State, main: NDArray[np.int64]) -> Array:
    """(M, G) `MEASURES` of the own seat; ``main`` (G,) is the vertical looked at."""
    share = derive.shares(end)[ME]
    return np.stack([
        end.cash[ME] / 100.0, end.revenue[ME], derive.value(end)[ME], share[0], share[main, np.arange(end.games)],
        derive.ranks(end)[ME].astype(np.float64),
    ])  # fmt: skip


def place_of(futures: Array, truth: float, luck: float) -> float:
    """Place of ``truth`` among n ``futures``, 0..1: the randomised transform, ``luck`` in (0, 1) for it and for ties.

    >>> place_of(np.array([1.0, 2.0, 3.0]), 2.5, 0.5), place_of(np.zeros(3), 0.0, 0.25)
    (0.625, 0.25)
    """
    below, equal = int((futures < truth).sum()), int((futures == truth).sum())
    return (below + luck * (equal + 1)) / (len(futures) + 1)


def _joined(parts: Sequence[Places]) -> Places:
    return Places(*(np.concatenate([getattr(p, name) for p in parts], axis=-1) for name in Places._fields))
