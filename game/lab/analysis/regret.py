"""Regret before the fact: what the best plan that one could have thought of was worth, less what was done.

Everything here follows from a view. The candidates are the planner's sixteen (`game.foresight.candidates`) and what was
done itself, so that the changes of the second stage may also be changes of that. The best is chosen by mean value on
one sample of futures and measured on a fresh one, in pairs that share their luck, so that choosing the best of many
does not flatter it. The interval of the mean is that of paired differences, 1.645 standard errors either way.

Value has heavy tails. The model takes regret as a difference of mean values, and so does this module; but a mark
(`verdict`) also asks that the difference on the scale log(1 + value ÷ 10 million CNY) excludes zero, for there one lucky
fortune among the futures carries nothing.

A plan that gives the firm away is never the best unless it is the last resort, as for the planner: a few quarters do not
show what a sale forgoes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from game.engine.names import DISTRESS, LEVER, LEVERS, SEGMENTS, SOURCES
from game.engine.numeric import Array, log
from game.engine.rules import Rules
from game.engine.view import View
from game.foresight import futures as ahead
from game.foresight.candidates import changes, strategies
from game.foresight.direction import MACHINES, PEOPLE
from game.foresight.planner import Weighed, together, weigh
from game.foresight.views import gather
from game.lab.analysis.model import SCALE, SHARES, Answer, Budget, Measured, Move, Option, Verdict
from game.policies.default import Plan as Managed
from game.policies.default import manage

Z90: Final = 1.6448536269514722
"""Standard errors either way that hold 90 % of a normal distribution."""
LABELS: Final = ("thumb", "reactive", "habit", "hurry", "retreat", "focus", "focus-two", "explore")
"""Names of the strategies of `game.foresight.candidates.strategies`, in their order."""
OWN: Final = "own"
ADJUSTED: Final = "adjusted"
"""A change of what was done; a change of a strategy bears the strategy's name."""
PART: Final = 128
"""Futures weighed together, so that arrays stay in cache; it changes no number."""
CARD, TROUBLE = LEVER["card.choice"], LEVER["distress.choice"]
_GUIDANCE: Final = tuple(n for n in LEVERS if n.startswith("guidance."))


@dataclass(frozen=True)
class Desk:
    """What has to be answered: the card's id and its open choices (none: no card), and whether the firm is in distress
    with a unit to sell."""

    card: str = ""
    open: tuple[bool, ...] = ()
    distress: bool = False
    unit: bool = True


@dataclass(frozen=True)
class Weighing:
    """What `weigh_up` found. Plans are (levers,), money in CNY."""

    label: str
    best: Array
    """The plan chosen on the first sample."""
    regret: Measured
    log_regret: Measured
    gain: Measured
    worth: float
    """Mean value of what was done."""
    better: float
    """Mean value of ``best``."""
    ruin: float
    """Chance of bankruptcy of what was done."""
    best_ruin: float
    futures: ahead.Futures
    """Of what was done, on the fresh sample."""
    answers: tuple[Answer, ...]


def measured(values: Array) -> Measured:
    """Mean of paired differences (N,), with its 90 % interval; sums in order."""
    n = values.shape[-1]
    mean = float(np.add.accumulate(values)[-1]) / n
    rest = values - mean
    spread = math.sqrt(float(np.add.accumulate(rest * rest)[-1]) / max(n - 1, 1))
    half = Z90 * spread / math.sqrt(n)
    return Measured(mean, mean - half, mean + half)


def verdict(regret: Measured, log_regret: Measured, share: float) -> Verdict:
    """The mark of a decision; see `game.lab.analysis.model.SHARES`."""
    if regret.mean == 0.0 or regret.high < 0.0:
        return "best"
    if regret.low <= 0.0 or log_regret.low <= 0.0:
        return "ok"
    marks: list[Verdict] = ["ok", "inaccuracy", "mistake", "blunder"]
    return marks[sum(share >= least for least in SHARES.values())]


def share_of(regret: Measured, worth: float, better: float) -> float:
    """Regret as a share of the better plan's mean value."""
    return regret.mean / max(worth, better, SCALE)


def weigh_up(
    rules: Rules, view: View, done: Array, seats: Sequence[str], desk: Desk, budget: Budget
) -> Weighing:
    """Weigh what was ``done`` (levers,) by one seat of one game against the best candidate.

    ``seats`` names who decides for each firm. Raises ValueError for any other view.
    """
    who = tuple(seats)
    label, best = choose(rules, view, done, who, budget.select)
    fresh = ahead.look(rules, view, who, budget.measure, after=budget.select)
    mine = ahead.futures(rules, view, done, who, outlook=fresh)
    value = mine.value[-1]
    thumb = bound(rules, view, strategies(rules, view)[:, :1])[:, 0]
    asked = list(_options(done, desk))
    plans = np.stack([best, thumb, *(plan for _, _, plan in asked)], axis=-1)
    weighed = _in_parts(rules, fresh, plans)
    theirs = weighed.values
    same = label == OWN
    worth = {(kind, k): measured(theirs[2 + i] - value) for i, (kind, k, _) in enumerate(asked)}
    return Weighing(
        label=label, best=best,
        regret=Measured(0.0, 0.0, 0.0) if same else measured(theirs[0] - value),
        log_regret=Measured(0.0, 0.0, 0.0) if same else measured(scaled(theirs[0]) - scaled(value)),
        gain=measured(value - theirs[1]), worth=float(value.mean()), better=float(theirs[0].mean()),
        ruin=float(mine.bankrupt[-1].mean()), best_ruin=float(weighed.ruined[0]), futures=mine,
        answers=tuple(_answers(done, desk, worth)),
    )  # fmt: skip


def scaled(value: Array) -> Array:
    """log(1 + value ÷ 10 million CNY)."""
    out: Array = log(1.0 + np.asarray(value, dtype=np.float64) / SCALE)
    return out


def choose(rules: Rules, view: View, done: Array, seats: tuple[str, ...], games: int) -> tuple[str, Array]:
    """Name and levers (levers,) of the plan of highest mean value: candidates, changes of the best of them, ``done``."""
    outlook = ahead.look(rules, view, seats, games)
    first = np.concatenate([bound(rules, view, strategies(rules, view)), done[:, None]], axis=-1)
    names = [*LABELS, OWN]
    weighed = _in_parts(rules, outlook, first)
    base = weighed.best()
    second = bound(rules, view, changes(rules, view, _settled(view, first[:, base])))
    both = together(weighed, _in_parts(rules, outlook, second))
    names += [ADJUSTED if names[base] == OWN else names[base]] * second.shape[-1]
    place = both.best()
    return names[place], np.concatenate([first, second], axis=-1)[:, place]


def _settled(view: View, plan: Array) -> Array:
    """A plan with standing values where nothing is given, guidance and answers left as they are."""
    out = ahead.settled(view, plan[:, None])[:, 0]
    given = [LEVER[n] for n in (*_GUIDANCE, "card.choice", "distress.choice")]
    out[given] = plan[given]
    for row in (CARD, TROUBLE):  # no answer is the last one
        if np.isnan(out[row]):
            out[row] = view.own.high[row, 0, 0]
    return out


def _in_parts(rules: Rules, outlook: ahead.Outlook, plans: Array) -> Weighed:
    """`weigh` by mean value, a few futures at a time."""
    games = outlook.sample.games
    parts = [_weigh(rules, outlook, plans, at) for at in _slices(games)]
    values = np.concatenate([w.values for w in parts], axis=-1)
    sizes = [w.values.shape[-1] / games for w in parts]
    ruined = sum(w.ruined * size for w, size in zip(parts, sizes))
    given = sum(w.given_away * size for w, size in zip(parts, sizes)) > 0.5
    return Weighed(values, np.add.accumulate(values, axis=-1)[:, -1] / games, ruined, given)


def _slices(games: int) -> Iterator[slice]:
    """Even parts, for a batch of one adds up along another path."""
    count = max(games // PART, 1)
    for i in range(count):
        yield slice(games * i // count, games * (i + 1) // count)


def _weigh(rules: Rules, outlook: ahead.Outlook, plans: Array, at: slice) -> Weighed:
    return weigh(rules, replace(outlook, sample=outlook.sample.take(at), rivals=outlook.rivals[..., at]), plans)


def bound(rules: Rules, view: View, plans: Array) -> Array:
    """Plans (levers, P) as the seat could have chosen them: within the limits, and with five levers shown only what
    those five describe (`game.table.market.EngineMarket.complete`)."""
    low, high = view.own.low[:, 0], view.own.high[:, 0]
    plans = np.where(np.isnan(plans), plans, np.minimum(np.maximum(plans, low), high))
    if not rules.five:
        return plans
    count = plans.shape[-1]
    people = plans[PEOPLE][None]
    total = np.add.accumulate(people, axis=1)[:, -1:]
    habit = np.broadcast_to(rules.traits.focus[list(view.firms)], people.shape)
    focus = np.where(total > 0, people / np.where(total > 0, total, 1.0), habit)
    machines = np.add.accumulate(plans[MACHINES], axis=0)[-1][None]
    row = {n: plans[LEVER[n]][None] for n in ("route", "price.token", "research.budget")}
    plan = Managed(row["route"], row["price.token"], row["research.budget"], focus, machines)
    managed = manage(rules, gather(view, count), plan)[:, 0]
    managed[[CARD, TROUBLE]] = plans[[CARD, TROUBLE]]
    return np.where(np.isnan(managed), managed, np.minimum(np.maximum(managed, low), high))


# answers to what lay on the desk --------------------------------------------------------------------------------------


def _ways(desk: Desk) -> Iterator[tuple[str, int, tuple[bool, ...]]]:
    """(card, row of its lever, what is open)."""
    if desk.open:
        yield desk.card, CARD, desk.open
    if desk.distress:
        yield "distress", TROUBLE, tuple(name != "sell-unit" or desk.unit for name in DISTRESS)


def _taken(done: Array, row: int, ways: tuple[bool, ...]) -> int:
    """The choice that the rules carry out: the last one where none was made or the one made was closed."""
    last = len(ways) - 1
    asked = last if np.isnan(done[row]) else int(min(max(done[row], 0.0), last))
    return asked if ways[asked] else last


def _options(done: Array, desk: Desk) -> Iterator[tuple[int, int, Array]]:
    """(row, choice, plan) of every open choice that was not made."""
    for _, row, ways in _ways(desk):
        taken = _taken(done, row, ways)
        for k, free in enumerate(ways):
            if free and k != taken:
                plan = done.copy()
                plan[row] = float(k)
                yield row, k, plan


def _answers(done: Array, desk: Desk, worth: dict[tuple[int, int], Measured]) -> Iterator[Answer]:
    for card, row, ways in _ways(desk):
        options = [Option(k, free, worth.get((row, k))) for k, free in enumerate(ways)]
        yield Answer(card, _taken(done, row, ways), options)


# what differs ---------------------------------------------------------------------------------------------------------

LEAST: Final = 0.02
"""Share by which a lever has to differ to be named."""


def moves(rules: Rules, view: View, done: Array, better: Array) -> list[Move]:
    """Levers in which ``better`` differs from what was ``done``, those with most money behind them first.

    Money: wages of the people, price of the machines, the budget itself; for a price the share of revenue it moves.
    """
    settled = {name: ahead.settled(view, plan[:, None])[:, 0] for name, plan in (("done", done), ("better", better))}
    found: list[tuple[float, Move]] = []
    for name, row in LEVER.items():
        if name in _GUIDANCE:
            continue
        if (row == CARD and int(view.own.card[0, 0]) < 0) or (row == TROUBLE and not bool(view.own.distress[0, 0])):
            continue
        a, b = float(settled["done"][row]), float(settled["better"][row])
        if abs(a - b) <= LEAST * max(abs(a), abs(b)):
            continue
        found.append((_money(rules, view, name, a, b), Move(name, _given(done[row]), _given(better[row]))))
    order = sorted(range(len(found)), key=lambda i: (-found[i][0], i))
    return [found[i][1] for i in order]


def _given(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _money(rules: Rules, view: View, name: str, a: float, b: float) -> float:
    """CNY a quarter behind a difference, roughly; answers and the route come first of all."""
    p, kind = rules.params, name.partition(".")[0]
    change, most = abs(a - b), max(abs(a), abs(b))
    revenue = max(float(view.own.revenue[0, 0]), 1e7)
    if name in ("route", "card.choice", "distress.choice"):
        return math.inf
    if kind == "staff":
        return change * float(p.wage + p.overhead) if name.partition(".")[2] in SEGMENTS else 0.0
    if kind == "compute":
        source = name.partition(".")[2]
        price = float(view.public.compute_price[0])
        return change * price * float(p.source_price[SOURCES.index(source)]) if source in SOURCES else 0.0
    if kind == "price":
        return change / most * revenue
    if name in ("research.scale", "research.efficiency", "research.safety"):
        return change / max(most, 1.0) * float(np.nan_to_num(view.own.levers[LEVER["research.budget"], 0, 0])) * 0.1
    if kind == "tender":
        return change / most * 1e6
    return change


