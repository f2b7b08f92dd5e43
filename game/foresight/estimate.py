"""From a view to a sample of states consistent with it, with honest spread.

Method: a prior ensemble of the same scenario, played by the standard policies under seeds that depend on scenario and
quarter only, conditioned on the view. Own books are exact in every member, and so are public facts that are numbers of
their own (prices, routes, trust, compute price, adopters) and the shares of segments in which the firm sells; what else
follows from hidden books (ranks, the open frontier) comes out near what was published; a rival's hidden rows come whole
from a member in which that rival is as alive as it is in public; its capability is the precision-weighted mean
of the ensemble and of the public benchmark, with the spread that remains. Nothing depends on the true seed: two states
with equal views give equal samples.

Limits, stated: members differ in the rivals' policies only as the level says, so a human rival is foreseen less well
than a program; correlations between rivals' hidden books are lost where their rows come from different members.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from game.engine import derive
from game.engine.draws import Words, seed_array, seed_words
from game.engine.finance import parent_budget
from game.engine.names import LEVER
from game.engine.numeric import Array, clip, fen, log, ratio
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import ARRAYS, State
from game.engine.view import View, observe
from game.foresight.luck import even_seeds
from game.policies import decide_all

_BY_FIRM_FIRST = tuple(
    n for n in ARRAYS
    if n not in ("seed", "accounts", "adopters", "outside", "compute_price", "sentiment", "price_shock", "price_third",
                 "fringe", "fringe_gap", "exits", "price", "price_before", "seen", "shifts", "guidance", "levers")
)
"""Arrays whose first axis is firms."""
_BY_FIRM_LATER = {"price": 1, "price_before": 1, "seen": 1, "shifts": 2, "guidance": 1, "levers": 1}
"""Position of the firms' axis in the others."""
_EXACT = ("founders", "equity", "lnc", "lne", "safety", "trust", "community", "credibility", "research_capital",
          "revenue", "revenue_before", "cost", "margin", "unserved", "utilisation", "volume", "raised", "route",
          "distress", "status", "card", "coming", "customers", "hosted", "leads", "pilots", "knowledge", "freshness",
          "habit", "staff", "hiring", "due", "bill", "tender_count", "tender_value", "released", "signed", "started")
"""Own arrays that a view shows as they are."""

_ALL = slice(None)
PRIOR = 256
"""Games of a prior ensemble at most; larger samples use each of its members several times, under different luck."""

_UNIFORM_SPREAD = 3.4641016151377544
"""Width of a uniform distribution of standard deviation one."""
_GOLDEN_RATIO = 0.6180339887498949

_ensembles: OrderedDict[tuple[int, int, tuple[str, ...]], tuple[Rules, dict[int, State]]] = OrderedDict()
_KEPT = 4
_playing = threading.Lock()
"""Planners think on a thread while the interface draws futures on another."""


def foresight_seeds(rules: Rules, quarter: int, games: int, use: str = "prior") -> Words:
    """Seeds (2, games) of simulated games: a function of scenario, quarter and use, never of the true seed."""
    names = ",".join(rules.names)
    return seed_array([seed_words(f"foresight/{use}/{rules.first}/{names}/{quarter}/{i}") for i in range(games)])


def ensemble(rules: Rules, quarter: int, games: int, seats: tuple[str, ...]) -> State:
    """Prior ensemble at the start of ``quarter``: ``games`` games played by ``seats`` from the opening.

    The last few are kept, and continued rather than played again.
    """
    with _playing:
        key = (id(rules), games, seats)
        if key not in _ensembles:
            seeds = foresight_seeds(rules, rules.first, games)
            _ensembles[key] = (rules, {rules.first: begin(rules, seeds)})
            while len(_ensembles) > _KEPT:
                _ensembles.popitem(last=False)
        _ensembles.move_to_end(key)
        states = _ensembles[key][1]
        at = max(q for q in states if q <= quarter)
        state = states[at]
        while state.quarter < quarter:
            state, _ = play_quarter(rules, state, decide_all(rules, state, seats))
            states[state.quarter] = state
        return state


def estimate(
    rules: Rules, view: View, seats: tuple[str, ...], games: int = 256, *, part: slice = _ALL, planner: bool = False
) -> State:
    """A batch of ``games`` states consistent with ``view``, which must be of one seat in one game, or ``part`` of them.

    ``seats`` names the policy assumed for every firm. The seeds of the batch are fresh: what is still to be drawn is
    unknown to the seat; it is even luck (`game.foresight.luck`). What the own cash was a quarter ago, against which
    guidance is scored, is worked out (`cash_before`). ``planner`` leaves both as planners of rules 2 decided with them,
    for recorded runs are recomputed to the bit: luck as it comes, and another game's number for that cash, which makes
    credibility and with it later rounds a little too good.
    """
    if len(view.firms) != 1 or view.own.cash.shape[-1] != 1:
        raise ValueError("an estimate starts from one seat of one game")
    me = view.firms[0]
    prior = ensemble(rules, view.quarter, min(games, PRIOR), seats)
    member = np.arange(games) % PRIOR
    sample = prior.take(member[part])
    arrays = {n: getattr(sample, n) for n in ARRAYS}
    _rivals(rules, view, prior, member, part, arrays)
    _public(rules, view, prior, member[part], arrays)
    _own(view, arrays, me)
    if planner:
        arrays["seed"] = foresight_seeds(rules, view.quarter, games, "future")[:, part]
    else:
        arrays["seed"] = even_seeds(rules, view.quarter, games)[:, part]
        arrays["cash_before"][me] = fen(cash_before(rules, view, games))[part]
    # The outside accounts are nobody's to see; they only have to balance the books of the sample.
    accounts = np.zeros_like(arrays["accounts"])
    accounts[1] = -np.add.reduce(arrays["cash"], axis=0)
    arrays["accounts"] = accounts
    return sample.evolve(**arrays)


def _rivals(
    rules: Rules, view: View, prior: State, member: NDArray[np.int64], part: slice, arrays: dict[str, Array]
) -> None:
    """Hidden rows of each rival from members that agree with the public about its being alive; capability updated."""
    games, me = len(member), view.firms[0]
    public = view.public
    for f in range(rules.firms):
        if f == me:
            continue
        gone = bool(public.status[f, 0] != 0)
        fits = np.nonzero((prior.status[f] != 0)[member] == gone)[0]
        chosen = member[fits[np.arange(games) % len(fits)]] if len(fits) else member
        here = chosen[part]
        # Where all members fit, the sample has their rows already.
        if len(fits) and len(fits) < games:
            for name in _BY_FIRM_FIRST:
                arrays[name][f] = getattr(prior, name)[f][..., here]
            for name, axis in _BY_FIRM_LATER.items():
                target = np.moveaxis(arrays[name], axis, 0)
                target[f] = np.moveaxis(getattr(prior, name), axis, 0)[f][..., here]
        if not gone:
            arrays["lnc"][f] = _capability(rules, prior.lnc[f][chosen], float(public.benchmark[f, 0]))[part]


def _capability(rules: Rules, lnc: Array, seen: float) -> Array:
    """Log effective compute of a rival: each member moved by the share of the news that its precision earns.

    On the scale of capability the ensemble has variance v and the benchmark the variance of its noise n²; the
    posterior of a member is x + k (seen + noise - x) with k = v / (v + n²), which keeps the spread that remains.
    """
    p = rules.params
    cap = derive.capability(rules, lnc)
    spread = float(np.var(cap)) + 1e-6
    noise = p.benchmark_noise * p.benchmark_noise
    k = spread / (spread + noise)
    centred = (np.argsort(np.argsort(cap, kind="stable"), kind="stable") + 0.5) / len(cap) - 0.5
    # A spread of own making, even over the members, stands for the benchmark's noise: no draw is needed.
    jitter = np.roll(centred, len(cap) // 3) * _UNIFORM_SPREAD * p.benchmark_noise
    new = np.clip(cap + k * (seen + jitter - cap), 1.0 - p.cap_span * 1.6, 0.995)
    return -log((1.0 - new) / p.cap_span) / p.cap_power


def _public(rules: Rules, view: View, prior: State, member: NDArray[np.int64], arrays: dict[str, Array]) -> None:
    """Everything that everybody knows is exact in every member."""
    public, me = view.public, view.firms[0]
    for name in ("status", "route", "trust", "community", "tender_count"):
        arrays[name][...] = getattr(public, name)
    arrays["price"][...] = public.price
    arrays["price_before"][...] = public.price_before
    for name in ("compute_price", "sentiment", "adopters", "outside"):
        arrays[name][...] = getattr(public, name)
    arrays["price_third"][...] = public.token_price_low
    named = np.add.reduce((public.status == 0).astype(np.int64), axis=0)
    fringe = np.maximum(public.live_models - named, 0.0)
    total = arrays["fringe"].sum(axis=0)
    arrays["fringe"] *= ratio(np.broadcast_to(fringe, total.shape), total)
    # Published shares are of all users of a segment: own customers over own share say how many those are. A segment
    # in which the firm has nobody keeps the ensemble's number, scaled to what is known of adopters.
    share = public.share
    known = np.arange(rules.firms) != me
    mine, hosts = view.own.customers[0], view.own.hosted[0]
    users = (prior.customers.sum(axis=0) + prior.hosted.sum(axis=0) + prior.outside)[:, member]
    adopters = prior.adopters[:, member]
    scale = np.where(users > 0, public.adopters / np.where(adopters > 0, adopters, 1.0), 1.0)
    told = share[me] > 1e-9
    users = np.where(told, ratio(mine, share[me]), np.where(users * scale > 0, users * scale, 1.0))
    customers = share * users
    arrays["customers"][known] = customers[known]
    # Who is neither a firm's customer nor on other open weights hosts some firm's release.
    left = np.maximum(users * (1.0 - share.sum(axis=0)) - public.outside - hosts, 0.0)
    theirs = arrays["hosted"][known]
    arrays["hosted"][known] = theirs * np.where(told, ratio(left, theirs.sum(axis=0)), scale)


def _own(view: View, arrays: dict[str, Array], me: int) -> None:
    own = view.own
    for name in _EXACT:
        arrays[name][me] = getattr(own, name)[0]
    for name in ("cash", "debt", "paid_out"):
        arrays[name][me] = fen(getattr(own, name)[0])
    arrays["shifts"][:, :, me] = own.shifts[:, :, 0]
    arrays["guidance"][:, me] = own.guidance[:, 0]
    arrays["levers"][:, me] = own.levers[:, 0]
    arrays["seen"][:, me] = own.seen[:, 0]


def cash_before(rules: Rules, view: View, games: int) -> Array:
    """(games,) CNY that the one seat of ``view`` may have had at the start of the quarter before.

    Cash now, less what came in: revenue, operating cost, a parent's budget and the loan are known. What a round brought
    is not: the share filled is spread evenly about what is expected now, less fatigue (a third of it, for the round
    before was one to three quarters earlier), with the standard deviation of investors' luck.
    """
    p, own, me = rules.params, view.own, view.firms[0]
    levers = own.levers[:, 0, 0]
    parent = float(parent_budget(rules, max(view.quarter - 1, 0))[me, 0])
    loan = max(float(levers[LEVER["finance.borrow"]]), -float(own.debt[0, 0])) if view.quarter > rules.first else 0.0
    known = float(own.cash[0, 0]) - float(own.revenue[0, 0]) + float(own.cost[0, 0]) - parent - loan
    if float(own.raised[0, 0]) > 0.0:
        return np.full(games, known)
    # Every first part of this sequence is even (Weyl 1916), so that parts of a sample are like the whole.
    even = (np.arange(games) + 0.5) * _GOLDEN_RATIO % 1.0
    luck = p.raise_noise * (even - 0.5) * _UNIFORM_SPREAD
    fill = clip(float(own.expected_fill[0, 0]) + p.raise_again / 3.0 + luck, 0.0, 1.0)
    return known - max(float(levers[LEVER["finance.raise"]]), 0.0) * fill


def coverage(
    rules: Rules, seeds: list[int], quarter: int, seats: tuple[str, ...], games: int = 128
) -> dict[str, float]:
    """Share of rivals' true hidden numbers that lie within the sample's 10 % to 90 % range, over ``seeds``.

    The nominal value is 0.8; reported for cash, capability and revenue of rivals still trading.
    """
    state = begin(rules, seed_array([seed_words(f"truth/{s}") for s in seeds]))
    while state.quarter < quarter:
        state, _ = play_quarter(rules, state, decide_all(rules, state, seats))
    names = ("cash", "lnc", "revenue")
    truths = [state.take([g]) for g in range(len(seeds))]
    found = [inside(t, estimate(rules, observe(rules, t, (0,)), seats, games), 0, names) for t in truths]
    hits = np.concatenate(found, axis=1)
    return {name: float(row.mean()) for name, row in zip(names, hits) if row.size}


def inside(truth: State, sample: State, me: int, names: tuple[str, ...]) -> NDArray[np.bool_]:
    """(names, R) whether the true numbers of the R rivals still trading lie in the sample's 10 % to 90 % range.

    ``truth`` is of one game; for laboratories and tests, which alone hold one.
    """
    rivals = np.nonzero((truth.status[:, 0] == 0) & (np.arange(truth.status.shape[0]) != me))[0]
    hits = np.empty((len(names), len(rivals)), dtype=bool)
    for row, name in zip(hits, names):
        low, high = np.quantile(getattr(sample, name)[rivals], [0.1, 0.9], axis=-1)
        true = getattr(truth, name)[rivals, 0]
        row[:] = (low <= true) & (true <= high)
    return hits
