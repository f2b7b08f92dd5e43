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
of n does not average out over seeds (3.5 points at the median for 200). So each forecast takes one of five blocks of
the thousand futures that the boardroom shows, in turn, and all thousand are tested.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from game.engine import derive
from game.engine.draws import Words, seed_array, seed_words, slot_keys, uniforms, words
from game.engine.names import LEVER
from game.engine.numeric import Array
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import State
from game.engine.view import View, observe, publish
from game.foresight.direction import follow, read
from game.foresight.estimate import inside
from game.foresight.futures import Futures, Outlook, futures, look
from game.lab.pool import chunks, scatter
from game.policies import decide_all, reactive, thumb

ME: Final = 0
"""The own seat."""
SHOWN: Final = 1000
"""Futures that the boardroom shows."""
BLOCKS: Final = 5
"""Parts of them; a forecast uses one."""
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

Look = Callable[[Rules, View, tuple[str, ...], int], Outlook]
"""As `game.foresight.futures.look`; a test plants faults here."""


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
    view = observe(rules, state, (ME,))
    way = read(rules, view, plans[:, None])
    decisions = decide_all(rules, state, seats, skip=(ME,))
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
    for i in range(count):
        truth = start.take([i])
        view = observe(rules, truth, (ME,))
        block = block_of(look(rules, view, seats, SHOWN), int(seeds[i]))
        fan = futures(rules, view, plans[:, i], seats, outlook=block, quarters=max(AHEAD))
        for a, ahead in enumerate(AHEAD):
            row, end = ahead - 1, truths[ahead - 1].take([i])
            for m, (mine, true) in enumerate(_pairs(fan, row, end, int(main[i]))):
                place[a, m, i] = place_of(mine, true, float(ties[a, m, i]))
            foretold[a, i] = fan.bankrupt[row].mean()
            bankrupt[a, i] = bool(end.status[ME, 0] == 1)
        hits = inside(truth, block.sample, ME, HIDDEN)
        covered[:, i] = hits.sum(axis=1)
        rivals[i] = hits.shape[1]
    return Places(seeds, place, foretold, bankrupt, covered, rivals)


def place_of(futures: Array, truth: float, luck: float) -> float:
    """Place of ``truth`` among n ``futures``, 0..1: the randomised transform, ``luck`` in (0, 1) for it and for ties.

    >>> place_of(np.array([1.0, 2.0, 3.0]), 2.5, 0.5), place_of(np.zeros(3), 0.0, 0.25)
    (0.625, 0.25)
    """
    below, equal = int((futures < truth).sum()), int((futures == truth).sum())
    return (below + luck * (equal + 1)) / (len(futures) + 1)


def block_of(outlook: Outlook, seed: int) -> Outlook:
    """The part of an outlook that the forecast of ``seed`` uses."""
    games = outlook.sample.games
    at = (seed // (len(PLANS) * len(BEFORE))) % BLOCKS
    part = slice(games * at // BLOCKS, games * (at + 1) // BLOCKS)
    return Outlook(outlook.view, outlook.sample.take(part), outlook.rivals[..., part], outlook.seats)


def _pairs(fan: Futures, row: int, end: State, main: int) -> list[tuple[Array, float]]:
    """For each of `MEASURES` the futures (n,) and what came, in one unit."""
    share = derive.shares(end)[ME, :, 0]
    return [
        (fan.cash[row], float(end.cash[ME, 0]) / 100.0), (fan.revenue[row], float(end.revenue[ME, 0])),
        (fan.value[row], float(derive.value(end)[ME, 0])), (fan.share[row, 0], float(share[0])),
        (fan.share[row, main], float(share[main])), (fan.rank[row], int(derive.ranks(end)[ME, 0])),
    ]  # fmt: skip


def _joined(parts: Sequence[Places]) -> Places:
    return Places(*(np.concatenate([getattr(p, name) for p in parts], axis=-1) for name in Places._fields))
