"""The class beside bots: how far apart the runs came out, and how far apart programs come out on the same luck.

On the class's own seed every policy sits in the pupils' seat with the seat's own habits and with those of every other
firm at the table (what it likes to sell, how bold it is, how much it puts into research, whether it opens its models):
a field of bots that differ in temper and in nothing else. On other seeds they keep the seat's habits and the luck varies.
Where a class shared one market, a policy sits in all of its seats at once, and every seat is a bot.
Bots move all levers, also where pupils had five; rivals that plan are taken for ``reactive``, as in `baselines.field`.
Planned cards are dealt to bots as to everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from game.engine import derive
from game.engine.draws import Words, seed_array, seed_words
from game.engine.numeric import Array
from game.engine.outside import deal
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.start import begin
from game.foresight.decide import decide_all
from game.lab.analysis.baselines import field
from game.lab.classwork.model import Band, Bot, Fate, Field, Pupil, Spread
from game.lab.pool import stream

BOTS: Final = ("default", "random", "thumb", "reactive")
"""Policies that think little; each fills the pupils' seat."""
TEMPERED: Final = ("thumb", "reactive")
"""Those that habits make a difference to; they alone play other seeds."""
SEEDS: Final = 60
"""Other seeds: 1, 2, …, as everywhere in the laboratory."""
_POINTS: Final = (0.1, 0.25, 0.5, 0.75, 0.9)
_HABITS: Final = ("appetite", "boldness", "opening", "focus")
"""Traits that policies alone read."""


@dataclass(frozen=True)
class Campaign:
    """Games of one policy in the pupils' seat, as they travel to a worker."""

    rules: Rules
    seats: tuple[str, ...]
    seeds: Words
    planned: dict[int, list[str]]
    own: int = 1
    """People's seats in one market; each of them is looked at."""


@dataclass(frozen=True)
class Played:
    """What is kept of them; all (Q, own × G), seat by seat, money in CNY."""

    value: Array
    cash: Array
    alive: Array
    """1.0 while the seat trades."""
    price: Array
    low_price: Array


def play_out(campaign: Campaign) -> Played:
    """The games, quarter by quarter."""
    rules, state = campaign.rules, begin(campaign.rules, campaign.seeds)
    rows: list[tuple[Array, ...]] = []
    for _ in range(rules.quarters):
        for card in campaign.planned.get(state.quarter, ()):
            state = deal(rules, state, card)
        state, _ = play_quarter(rules, state, decide_all(rules, state, campaign.seats))
        seats = slice(campaign.own)
        rows.append((
            derive.value(state)[seats].ravel(), state.cash[seats].ravel() / 100.0,
            (state.status[seats] == 0).ravel().astype(float), np.tile(derive.median_price(state), campaign.own),
            np.tile(derive.median_price(state, third=True), campaign.own),
        ))  # fmt: skip
    return Played(*(np.stack(column) for column in zip(*rows, strict=True)))


def with_habits(rules: Rules, firm: int) -> Rules:
    """The rules with the habits of ``firm`` in the pupils' seat."""
    changed = {}
    for name in _HABITS:
        trait = getattr(rules.traits, name).copy()
        trait[0] = trait[firm]
        changed[name] = trait
    return replace(rules, traits=replace(rules.traits, **changed))


def campaigns(
    rules: Rules, seats: Sequence[str], seed: str, planned: dict[int, list[str]], seeds: int = SEEDS, own: int = 1
) -> list[tuple[str, str, str, Campaign]]:
    """(policy, habits, luck, games) of every bot; where people share one market, a policy in all ``own`` seats at once."""
    same = seed_array([(int(seed[:16], 16), int(seed[16:], 16))])
    others = seed_array([seed_words(n + 1) for n in range(seeds)])
    found = []
    for policy in BOTS:
        sitting = (*(policy,) * own, *field(seats, 0, policy)[own:])
        found.append((policy, "", "same", Campaign(rules, sitting, same, planned, own)))
        if policy in TEMPERED:
            if own == 1:
                found += [
                    (policy, rules.names[f], "same", Campaign(with_habits(rules, f), sitting, same, planned))
                    for f in range(1, rules.firms)
                ]  # fmt: skip
            found.append((policy, "", "other", Campaign(rules, sitting, others, planned, own)))
    return found


def spread(
    rules: Rules, seats: Sequence[str], seed: str, planned: dict[int, list[str]], pupils: Sequence[Pupil],
    alive: Sequence[Sequence[str]], *, own: int = 1, bots: bool = True, seeds: int = SEEDS, processes: int | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Spread:  # fmt: skip
    """The class beside bots on its own ``seed`` (32 hex digits) and on others.

    ``alive`` are the rivals that still trade, a list a pupil; people run the first ``own`` firms. Without ``bots`` the
    class stands alone: its games begin where no bot can. ``progress`` hears (campaigns done, campaigns).
    """
    todo = campaigns(rules, seats, seed, planned, seeds, own) if bots else []
    played: dict[int, Played] = {}
    for place, result in stream(play_out, [c for *_, c in todo], processes=processes):
        played[place] = result
        progress(len(played), len(todo))
    quarters = [rules.first + n for n in range(rules.quarters)]
    fields = []
    for luck in ("same", "other") if bots else ():
        of = [(policy, played[n]) for n, (policy, _, which, _) in enumerate(todo) if which == luck]
        for policy in ("", *dict.fromkeys(p for p, _ in of)):
            fields.append(_field(quarters, policy, luck, [games for p, games in of if policy in ("", p)]))
    alone = [
        _bot(policy, habits, quarters, played[n], seat)
        for n, (policy, habits, luck, _) in enumerate(todo) if luck == "same" for seat in range(own)
    ]
    return Spread(quarters, class_field(quarters, pupils), fields, alone, seeds if bots else 0, fates(rules, alive, own))


def class_field(quarters: Sequence[int], pupils: Sequence[Pupil]) -> Field:
    """The pupils' own runs as a field; a run counts up to where it goes."""
    value, cash, alive, price, low = [], [], [], [], []
    for n, quarter in enumerate(quarters):
        here = [p.rows[n + 1] for p in pupils if len(p.rows) > n + 1]
        value.append(_band(quarter, [r.value for r in here]))
        cash.append(_band(quarter, [r.cash for r in here]))
        there = [p for p in pupils if len(p.rows) > n + 1 or p.bankrupt is not None]
        alive.append(sum(p.bankrupt is None or p.bankrupt > quarter for p in there) / len(there) if there else 0.0)
        price.append(_median([r.token_price for r in here]))
        low.append(_median([p.lowest[n] for p in pupils if len(p.lowest) > n]))
    return Field("class", "", "same", len(pupils), value, cash, alive, price, low)


def fates(rules: Rules, alive: Sequence[Sequence[str]], own: int = 1) -> list[Fate]:
    """In how many of the class's markets every rival still traded."""
    return [Fate(name, sum(name in one for one in alive), len(alive)) for name in rules.names[own:]]


def _field(quarters: Sequence[int], policy: str, luck: str, parts: Sequence[Played]) -> Field:
    def joined(name: str) -> Array:
        return np.concatenate([getattr(p, name) for p in parts], axis=-1)

    value, cash, alive = joined("value"), joined("cash"), joined("alive")
    return Field(
        "bots", policy, luck, value.shape[-1],  # type: ignore[arg-type]
        [_band(q, row.tolist()) for q, row in zip(quarters, value)],
        [_band(q, row.tolist()) for q, row in zip(quarters, cash)], [float(row.mean()) for row in alive],
        [_median(row.tolist()) for row in joined("price")], [_median(row.tolist()) for row in joined("low_price")],
    )  # fmt: skip


def _bot(policy: str, habits: str, quarters: Sequence[int], games: Played, seat: int) -> Bot:
    gone = next((q for q, there in zip(quarters, games.alive[:, seat]) if not there), None)
    return Bot(policy, habits, games.value[:, seat].tolist(), games.cash[:, seat].tolist(), gone)


def _band(quarter: int, values: Sequence[float]) -> Band:
    if not values:
        return Band(quarter, 0, 0.0, 0.0, 0.0, 0.0, 0.0)
    return Band(quarter, len(values), *(float(x) for x in np.quantile(np.array(values), _POINTS)))


def _median(values: Sequence[float]) -> float:
    finite = [v for v in values if v < 1e9]
    return float(np.median(finite)) if finite else 0.0
