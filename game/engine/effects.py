"""Effects of cards on the whole batch: drawn within what was stated, carried out in the order of the deck.

The deck is laid out as tables once, so that a quarter handles all effects of one kind together instead of one at a
time. Where several effects meet in one number they are applied one after the other, in the order of the deck (card,
choice, place in the choice): the same bits in any batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from game.engine.books import Books
from game.engine.derive import focus
from game.engine.draws import SLOT_STEP, Purpose, Words, slot_keys, uniforms, words_at
from game.engine.names import SEGMENTS
from game.engine.numeric import Array, clip, osum
from game.engine.rules import CardRule, EffectRule, Rules
from game.engine.state import CHANNEL, State, roomy

Games = NDArray[np.int64]

TIMED: Final = {"utility", "unit_cost", "compute_price", "research", "fixed_cost", "wages", "funding", "leads_rate",
                "churn", "capacity", "import_supply"}
STOCKS: Final = {"trust": "trust", "credibility": "credibility", "safety": "safety", "community": "community",
                 "capability": "lnc", "efficiency": "lne", "founders_share": "founders"}
MATRICES: Final = {"knowledge", "freshness", "customers", "leads"}
SPECIAL: Final = {"release", "merge", "sell", "close", "route"}
BOUNDED: Final = {"trust", "credibility", "safety", "freshness", "founders_share"}
"""Stocks between nought and one; others but logs are never below nought."""
TARGETS: Final = {*TIMED, *STOCKS, *MATRICES, *SPECIAL, "cash", "staff", "sentiment", "debt"}
_LOGS: Final = {"capability", "efficiency"}
_ENDED: Final = {"merge": -3, "sell": -2}
"""Marks of a wish to end the firm, as a distress choice of its own; `game.engine.exits` carries it out."""
_TWO: Final = np.array(2, dtype=np.uint64)
_FOCUS: Final = -1
_ALL: Final = -2


@dataclass(frozen=True)
class Deck:
    """The cards of a table as arrays; choice k of card c is row ``c * most + k``, effects follow in order."""

    most: int
    """Choices of a card at most."""
    last: Games
    """(C,) last choice of a card."""
    guarded: frozenset[int]
    """Cards of which some choice is not open to everybody."""
    cash: Array
    """(C × most,) CNY paid now."""
    scale: Array
    """(C × most,) quarters of cost paid now."""
    start: Games
    """(C × most,) first effect of a choice."""
    count: Games
    """(C × most,) effects of a choice."""
    effects: tuple[EffectRule, ...]
    low: Array
    span: Array
    chance: Array
    others: NDArray[np.bool_]
    """(E,) whether the effect falls on other firms of the game."""
    slot: Words
    """(E,) key of the first draw of an effect for firm 0."""
    kind: Games
    """(E,) place of the effect's target in ``kinds``."""
    kinds: tuple[str, ...]
    mul: NDArray[np.bool_]
    """(E,) whether the amount is a share of what is there (of last quarter's cost, for cash)."""
    place: Games
    """(E,) segment, `_FOCUS` or `_ALL`; the channel where the effect is timed and is not utility."""
    slots: Games
    """(E,) quarters that a timed effect lasts."""


class Stream(NamedTuple):
    """Effects as they fall, in the order of the deck: which, on whom, how much; (N,) each."""

    effect: Games
    firm: Games
    game: Games
    amount: Array

    def pick(self, at: Any) -> Stream:
        """Some of them."""
        return Stream(*(part[at] for part in self))


def effect_key(card: CardRule, choice: int, place: int) -> int:
    """Key of the draws of one effect of a card's choice."""
    return card.key * 64 + choice * 16 + place


_decks: tuple[tuple[tuple[CardRule, ...], Deck], ...] = ()
"""The decks last asked about, newest first."""
_KEPT: Final = 4


def deck_of(cards: tuple[CardRule, ...]) -> Deck:
    """The tables of a deck; those of the last few decks are kept."""
    global _decks
    for known, deck in _decks:
        if known is cards:
            return deck
    deck = _lay_out(cards)
    _decks = ((cards, deck), *_decks)[:_KEPT]
    return deck


def _lay_out(cards: tuple[CardRule, ...]) -> Deck:
    most = max(len(c.choices) for c in cards)
    cash, scale, start, count = (np.zeros(len(cards) * most) for _ in range(4))
    effects: list[EffectRule] = []
    keys: list[int] = []
    for c, card in enumerate(cards):
        for k, choice in enumerate(card.choices):
            row = c * most + k
            cash[row], scale[row] = choice.cash, choice.scale
            start[row], count[row] = len(effects), len(choice.effects)
            keys += [effect_key(card, k, place) for place in range(len(choice.effects))]
            effects += choice.effects
    kinds = tuple(dict.fromkeys("timed" if e.target in TIMED else e.target for e in effects))
    return Deck(
        most, np.array([len(c.choices) - 1 for c in cards]),
        frozenset(i for i, c in enumerate(cards) if any(k.requires for k in c.choices)),
        cash, scale, start.astype(np.int64), count.astype(np.int64), tuple(effects),
        np.array([e.low for e in effects]), np.array([e.high - e.low for e in effects]),
        np.array([e.chance for e in effects]),
        np.array([e.who != "self" and e.target != "sentiment" for e in effects], dtype=bool), slot_keys([(Purpose.EFFECT, key * 256) for key in keys]),
        np.array([kinds.index("timed" if e.target in TIMED else e.target) for e in effects], dtype=np.int64), kinds,
        np.array([e.op == ("scale" if e.target == "cash" else "mul") for e in effects], dtype=bool),
        np.array([_place(e) for e in effects], dtype=np.int64),
        np.array([max(e.quarters, 1) for e in effects], dtype=np.int64),
    )  # fmt: skip


def _place(e: EffectRule) -> int:
    if e.target in TIMED and e.target != "utility":
        return CHANNEL[e.target]
    if e.segment == "focus":
        return _FOCUS
    return _ALL if e.segment in ("all", "") else SEGMENTS.index(e.segment)


def fall(s: State, deck: Deck, choices: Games, firms: Games, games: Games) -> Stream:
    """Draw all effects of ``choices`` (N,), rows of the deck taken by ``firms`` in ``games``."""
    count = deck.count[choices]
    ends = np.add.accumulate(count)
    whom = np.repeat(np.arange(len(choices)), count)
    effect = deck.start[choices[whom]] + np.arange(len(whom)) - np.repeat(ends - count, count)
    order = np.argsort(effect.astype(np.int16), kind="stable")  # of short numbers it is a radix sort
    effect, whom = effect[order], whom[order]
    firm, game = firms[whom], games[whom]
    drawn = amounts(s, deck.low[effect], deck.span[effect], deck.chance[effect], deck.slot[effect], firm, game)
    return Stream(effect, firm, game, drawn)


def amounts(
    s: State, low: Array, span: Array, chance: Array, slots: Words, firms: Games, games: Games
) -> Array:
    """(N,) amounts drawn evenly from ``low`` over ``span``; 0 where the chance fails. ``low`` is written over."""
    # Two slots a firm: how much, and whether at all.
    slots = slots + firms.astype(np.uint64) * SLOT_STEP * _TWO
    drawn = np.nonzero(span)[0]
    low[drawn] += span[drawn] * uniforms(words_at(s.seed, slots[drawn], games[drawn], s.quarter))
    open_ = np.nonzero(chance < 1.0)[0]
    luck = uniforms(words_at(s.seed, slots[open_] + SLOT_STEP, games[open_], s.quarter))
    low[open_] *= luck < chance[open_]
    return low


def effect_amount(effect: EffectRule, s: State, key: int, f: Games, g: Games) -> Array:
    """(N,) drawn amounts of one effect for pairs of firm and game; 0 where the chance fails."""
    low, span, chance = (np.full(len(f), x) for x in (effect.low, effect.high - effect.low, effect.chance))
    return amounts(s, low, span, chance, np.repeat(slot_keys([(Purpose.EFFECT, key * 256)]), len(f)), f, g)


class Desk:
    """Arrays while the events of a quarter change them: copied once, written in place, read back by `state`."""

    def __init__(self, state: State) -> None:
        self._base = state
        self._changed: dict[str, Any] = {}
        self._shifts: list[tuple[Games, Games, Games, Games, Array]] = []

    def __getitem__(self, name: str) -> Any:
        if name not in self._changed:
            old = getattr(self._base, name)
            self._changed[name] = old.copy()
        return self._changed[name]

    def shift(self, slots: Games, channel: Games, f: Games, g: Games, amount: Array) -> None:
        """Note amounts (N,) to be added to the first ``slots`` slots of a channel; `state` adds all of them."""
        self._shifts.append((slots, channel, f, g, amount))

    def state(self) -> State:
        """The state after all changes."""
        if self._shifts:
            shifts = roomy(self._base.shifts, 1)
            whole: Any = shifts.base
            flat = whole.reshape(-1)
            _, horizon, firms, games = self._base.shifts.shape
            slots, channel, f, g, amount = (np.concatenate(part) for part in zip(*self._shifts))
            # Places in the array that `roomy` makes, which has one slot more.
            first = (channel * (horizon + 1) * firms + f) * games + g
            slots = np.minimum(slots, horizon)
            step = self._base.cash.size
            # Shortest first, then in the order noted: so it is in any batch, also where several meet in one place.
            for length in np.nonzero(np.bincount(slots))[0].tolist():
                mine = np.nonzero(slots == length)[0]
                places, added = first[mine], amount[mine]
                for slot in range(length):
                    np.add.at(flat, places + slot * step, added)
            self._changed["shifts"] = shifts
        return self._base.evolve(**self._changed) if self._changed else self._base


def carry_out(rules: Rules, s: State, deck: Deck, stream: Stream, desk: Desk, books: Books) -> None:
    """Apply effects that have fallen to the arrays on the desk, and post the money."""
    stream = _to_others(rules, s, deck, stream)
    if "close" not in deck.kinds:
        _apply(s, deck, stream, desk, books)
        return
    # Giving a segment up takes what is there at its turn: what stands before it in the deck comes first.
    closing = stream.effect[deck.kind[stream.effect] == deck.kinds.index("close")]
    done = 0
    for i in np.unique(closing).tolist():
        first, last = np.searchsorted(stream.effect, (i, i + 1)).tolist()
        _apply(s, deck, stream.pick(slice(done, first)), desk, books)
        _close(s, deck, stream.pick(slice(first, last)), desk)
        done = last
    _apply(s, deck, stream.pick(slice(done, None)), desk, books)


def _to_others(rules: Rules, s: State, deck: Deck, stream: Stream) -> Stream:
    """Effects that are meant for other firms of the same game, on them; amounts of several senders add up."""
    sent = deck.others[stream.effect]
    if not sent.any():
        return stream
    parts = [stream.pick(~sent)]
    for i in np.unique(stream.effect[sent]).tolist():
        f, g, amount = _others(rules, s, deck.effects[i].who, *stream.pick(stream.effect == i)[1:])
        parts.append(Stream(np.full(len(f), i), f, g, amount))
    whole = Stream(*(np.concatenate(part) for part in zip(*parts)))
    return whole.pick(np.argsort(whole.effect.astype(np.int16), kind="stable"))


def _others(rules: Rules, s: State, who: str, f: Games, g: Games, amount: Array) -> tuple[Games, Games, Array]:
    games, column = np.unique(g, return_inverse=True)
    sent = np.zeros((s.cash.shape[0], len(games)))
    sent[f, column] = amount
    total = osum(sent)
    mask = s.alive[:, games]
    spread = total - sent if who == "rivals" else np.broadcast_to(total, sent.shape)
    if who == "clouds":
        mask = mask & (rules.traits.cloud > 0)
    elif who == "open":
        mask = mask & (s.route[:, games] == 3)
    ff, at = np.nonzero(mask & (spread != 0.0))
    return ff, games[at], spread[ff, at]


def _apply(s: State, deck: Deck, stream: Stream, desk: Desk, books: Books) -> None:
    """Everything but closing; targets are independent of each other, so each takes its effects at once."""
    if not len(stream.effect):
        return
    kinds = deck.kind[stream.effect]
    order = np.argsort(kinds.astype(np.int16), kind="stable")
    ends = np.add.accumulate(np.bincount(kinds, minlength=len(deck.kinds))).tolist()
    for target, a, b in zip(deck.kinds, [0, *ends[:-1]], ends):
        if b > a:
            _on_target(s, deck, target, stream.pick(order[a:b]), desk, books)


def _on_target(s: State, deck: Deck, target: str, part: Stream, desk: Desk, books: Books) -> None:
    effect, f, g, amount = part
    mul = deck.mul[effect]
    if target == "sentiment":
        np.add.at(desk["sentiment"], g, amount)
    elif target == "timed":
        effect, channel, f, g, amount = _spread(s, deck, part)
        desk.shift(deck.slots[effect], channel, f, g, amount)
    elif target in STOCKS:
        array = desk[STOCKS[target]]
        for at in _rounds(f * s.games + g):
            _change(array, (f[at], g[at]), amount[at], mul[at], target)
    elif target in MATRICES or target == "staff":
        effect, v, f, g, amount = _spread(s, deck, part)
        array, mul = desk[target], deck.mul[effect]
        for at in _rounds((f * len(SEGMENTS) + v) * s.games + g):
            _change(array, (f[at], v[at], g[at]), amount[at], mul[at], target)
    elif target == "cash":
        flow = np.where(mul, amount * s.cost[f, g], amount)
        for at in _rounds(f * s.games + g):
            post(books, f[at], g[at], flow[at])
    elif target == "debt":
        flow = np.maximum(amount, -s.debt[f, g] / 100.0)
        for at in _rounds(f * s.games + g):
            desk["debt"][f[at], g[at]] += books.post_at("borrowing", (f[at], g[at]), flow[at], "lenders")
    else:
        _special(s, target, part, desk)


def _spread(s: State, deck: Deck, part: Stream) -> tuple[Games, Games, Games, Games, Array]:
    """Effect, segment or channel, firm, game and amount, (N,) each: focus looked up, ``all`` once a segment."""
    effect, f, g, amount = part
    place = deck.place[effect]
    at = np.nonzero(place == _FOCUS)[0]
    if len(at):
        place[at] = focus(s)[f[at], g[at]]
    if not (place == _ALL).any():
        return effect, place, f, g, amount
    times = np.where(place == _ALL, len(SEGMENTS), 1)
    row = np.repeat(np.arange(len(effect)), times)
    nth = np.arange(len(row)) - np.repeat(np.add.accumulate(times) - times, times)
    return effect[row], np.where(place[row] == _ALL, nth, place[row]), f[row], g[row], amount[row]


def _rounds(cells: Games) -> Iterator[Any]:
    """Places of ``cells`` (N,) in rounds without repetition: every first visit of a cell, then every second one."""
    order = np.argsort(cells, kind="stable")
    line = cells[order]
    fresh = np.ones(len(line), dtype=bool)
    np.not_equal(line[1:], line[:-1], out=fresh[1:])
    if fresh.all():
        yield slice(None)
        return
    steps = np.arange(len(line))
    visit = steps - np.maximum.accumulate(np.where(fresh, steps, 0))
    for n in range(int(visit.max()) + 1):
        yield order[visit == n]


def _change(array: Any, at: tuple[Games, ...], amount: Array, mul: NDArray[np.bool_], target: str) -> None:
    """Add to a stock or scale it, each cell at most once."""
    now = array[at]
    if target == "staff":
        array[at] = np.maximum(np.rint(now * (1.0 + amount)), 0).astype(np.int32)
        return
    new = np.where(mul, now * (1.0 + amount), now + amount)
    if target in BOUNDED:
        new = clip(new, 0.0, 1.0)
    elif target not in _LOGS:
        new = np.maximum(new, 0.0)
    array[at] = new


def post(books: Books, f: Games, g: Games, cny: Array) -> None:
    """Money that a card brings (positive) or costs, CNY (N,), each firm at most once."""
    books.post_at("events_in", (f, g), np.maximum(cny, 0.0), "state")
    books.post_at("events_out", (f, g), np.minimum(cny, 0.0), "suppliers")


def _special(s: State, target: str, part: Stream, desk: Desk) -> None:
    """Release opens what the firm has; a route switches at once; merge and sell mark the wish to end."""
    _, f, g, amount = part
    if target == "release":
        desk["released"][f, g] = np.maximum(desk["released"][f, g], s.lnc[f, g])
        return
    name, value = ("route", np.rint(amount).astype(np.int8)) if target == "route" else ("ended", None)
    for at in _rounds(f * s.games + g):
        desk[name][f[at], g[at]] = _ENDED[target] if value is None else value[at]


def _close(s: State, deck: Deck, part: Stream, desk: Desk) -> None:
    """Give a segment up: its customers, what was to become customers, and its people."""
    _, v, f, g, _ = _spread(s, deck, part)
    for name in ("customers", "leads", "pilots"):
        np.subtract.at(desk["adopters"], (v, g), desk[name][f, v, g])
        desk[name][f, v, g] = 0.0
    np.maximum(desk["adopters"], 0.0, out=desk["adopters"])
    desk["staff"][f, v, g] = 0
