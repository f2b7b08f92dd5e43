"""Step 1: cards and their effects; and, at the end of a quarter, which card comes next.

Effects are a closed vocabulary applied over the whole batch; nothing that a mod ships is executed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.engine.books import Books
from game.engine.derive import focus
from game.engine.draws import SLOT_STEP, Purpose, slot_keys, uniforms, words, words_at
from game.engine.names import LEVER, SEGMENTS
from game.engine.numeric import Array, clip, osum
from game.engine.quantities import holds, holds_at, holds_one
from game.engine.quarter_draws import QuarterDraws
from game.engine.rules import CardRule, ChoiceRule, EffectRule, Rules
from game.engine.state import CHANNEL, State, roomy

Games = NDArray[np.int64]

_BLOCK = 24576
"""Numbers in a block of cards that are looked at together, so that they stay in cache."""
_MIX_A = np.array(0x9E3779B1, dtype=np.uint32)
_MIX_B = np.array(0x85EBCA6B, dtype=np.uint32)
_15 = np.array(15, dtype=np.uint32)
_32 = np.array(32, dtype=np.uint64)
_TWO = np.array(2, dtype=np.uint64)
_CARD_BITS = np.array(0xFFFF)
"""Low bits of a score that hold the number of its card, so that the lowest score brings its card along."""
_NO_CARD = np.int16(-1)

TIMED = {"utility", "unit_cost", "compute_price", "research", "fixed_cost", "wages", "funding", "leads_rate", "churn",
         "capacity", "import_supply"}
STOCKS = {"trust": "trust", "credibility": "credibility", "safety": "safety", "community": "community",
          "capability": "lnc", "efficiency": "lne", "founders_share": "founders"}
MATRICES = {"knowledge", "freshness", "customers", "leads"}
SPECIAL = {"release", "merge", "sell", "close", "route"}
BOUNDED = {"trust", "credibility", "safety", "freshness"}
TARGETS = {*TIMED, *STOCKS, *MATRICES, *SPECIAL, "cash", "staff", "sentiment", "debt"}


class Desk:
    """Arrays while the events of a quarter change them: copied once, written in place, read back by `state`."""

    def __init__(self, state: State) -> None:
        self._base = state
        self._changed: dict[str, Any] = {}
        self._shifts: dict[int, list[tuple[Games, Array]]] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._changed:
            old = getattr(self._base, name)
            self._changed[name] = old.copy()
        return self._changed[name]

    def shift(self, channel: int | Games, slots: int, f: Games, g: Games, amount: Array) -> None:
        """Note an amount (N,) to be added to the first ``slots`` slots of a channel; `state` adds all of them."""
        _, horizon, firms, games = self._base.shifts.shape
        # Places in the array that `roomy` makes, which has one slot more.
        first = (channel * (horizon + 1) * firms + f) * games + g
        self._shifts.setdefault(slots, []).append((first, amount))

    def state(self) -> State:
        """The state after all changes."""
        if self._shifts:
            shifts = roomy(self._base.shifts, 1)
            whole: Any = shifts.base
            flat = whole.reshape(-1)
            step = self._base.cash.size
            # Shortest first, then in the order noted: so it is in any batch, also where several meet in one place.
            for slots in sorted(self._shifts):
                places, amounts = (np.concatenate(part) for part in zip(*self._shifts[slots]))
                for slot in range(slots):
                    np.add.at(flat, places + slot * step, amounts)
            self._changed["shifts"] = shifts
        return self._base.evolve(**self._changed) if self._changed else self._base


def allowed(rules: Rules, s: State, choice: ChoiceRule) -> NDArray[np.bool_]:
    """(F, G) where the choice may be taken."""
    return holds(rules, s, choice.requires, {})


def taken(rules: Rules, s: State, card: CardRule, levers: Array) -> NDArray[np.int64]:
    """(F, G) the choice of ``card`` that is carried out: the one asked for, else the last one that is allowed."""
    every = np.nonzero(np.ones(s.cash.shape, dtype=bool))
    asked = np.nan_to_num(levers[LEVER["card.choice"]][every])
    return _taken(rules, s, card, asked, every, {}).reshape(s.cash.shape)


def _taken(
    rules: Rules, s: State, card: CardRule, asked: Array, at: tuple[Games, ...], cache: dict[tuple[str, str], Array]
) -> NDArray[np.int64]:
    """`taken` for pairs of firm and game alone (N,); ``asked`` is a number."""
    last = len(card.choices) - 1
    result = np.rint(clip(asked, 0, last)).astype(np.int64)
    for k, choice in enumerate(card.choices):
        if choice.requires:
            np.copyto(result, last, where=(result == k) & ~holds_at(rules, s, choice.requires, cache, at))
    return result


def play_cards(rules: Rules, s: State, levers: Array, books: Books) -> State:
    """Carry out the choice of every card on a desk: its cost now, then its effects, drawn within the stated range."""
    if not rules.cards or not (s.card >= 0).any():
        return s
    desk = Desk(s)
    firms, games = np.nonzero((s.card >= 0) & s.alive)
    cards = s.card[firms, games]
    cache: dict[tuple[str, str], Array] = {}
    asked = np.nan_to_num(levers[LEVER["card.choice"]][firms, games])
    money, scale = np.zeros(len(cards)), np.zeros(len(cards))
    jobs: list[tuple[EffectRule, int, Games, Games]] = []
    desk["seen"][cards, firms, games] = True
    for index, mine in alike(cards, len(rules.cards)):
        card = rules.cards[index]
        at = firms[mine], games[mine]
        picks = _taken(rules, s, card, asked[mine], at, cache)
        for k, choice in enumerate(card.choices):
            here = np.nonzero(picks == k)[0]
            if not len(here):
                continue
            f, g = at[0][here], at[1][here]
            money[mine[here]] = choice.cash
            scale[mine[here]] = choice.scale
            jobs += [(effect, effect_key(card, k, e), f, g) for e, effect in enumerate(choice.effects)]
    _post(books, firms, games, -(money + scale * s.cost[firms, games]))
    desk["card"][...] = -1
    for (effect, _, f, g), amount in zip(jobs, _amounts(s, jobs), strict=True):
        _apply(rules, s, desk, books, effect, amount, f, g)
    return desk.state()


def alike(cards: NDArray[np.int16], count: int) -> list[tuple[int, Games]]:
    """Each of ``count`` cards that stands in ``cards`` (N,), and where it stands, in order."""
    order = np.argsort(cards, kind="stable")
    ends = np.add.accumulate(np.bincount(cards, minlength=count)).tolist()
    starts = [0, *ends[:-1]]
    return [(i, order[a:b]) for i, (a, b) in enumerate(zip(starts, ends)) if b > a]


def _post(books: Books, f: Games, g: Games, cny: Array) -> None:
    books.post_at("events_in", (f, g), np.maximum(cny, 0.0), "state")
    books.post_at("events_out", (f, g), np.minimum(cny, 0.0), "suppliers")


def effect_key(card: CardRule, choice: int, place: int) -> int:
    """Key of the draws of one effect of a card's choice."""
    return card.key * 64 + choice * 16 + place


def effect_amount(effect: EffectRule, s: State, key: int, f: Games, g: Games) -> Array:
    """(N,) drawn amounts for pairs of firm and game; 0 where the chance fails."""
    return _amounts(s, [(effect, key, f, g)])[0]


def _amounts(s: State, jobs: Sequence[tuple[EffectRule, int, Games, Games]]) -> list[Array]:
    """`effect_amount` of every effect, with all that is drawn drawn at once."""
    sizes = [len(f) for _, _, f, _ in jobs]
    if not sum(sizes):
        return [np.empty(0) for _ in jobs]
    ends = np.add.accumulate(sizes)[:-1]
    low = np.repeat(np.array([e.low for e, *_ in jobs]), sizes)
    span = np.repeat(np.array([e.high - e.low for e, *_ in jobs]), sizes)
    # Two slots a firm: how much, and whether at all.
    slots = np.repeat(slot_keys([(Purpose.EFFECT, key * 256) for _, key, _, _ in jobs]), sizes)
    slots += np.concatenate([f for *_, f, _ in jobs]).astype(np.uint64) * SLOT_STEP * _TWO
    games = np.concatenate([g for *_, g in jobs])
    drawn = np.nonzero(span)[0]
    low[drawn] += span[drawn] * uniforms(words_at(s.seed, slots[drawn], games[drawn], s.quarter))
    chance = np.repeat(np.array([e.chance for e, *_ in jobs]), sizes)
    open_ = np.nonzero(chance < 1.0)[0]
    luck = uniforms(words_at(s.seed, slots[open_] + SLOT_STEP, games[open_], s.quarter))
    low[open_] *= luck < chance[open_]
    return np.split(low, ends)


def _segments(s: State, name: str, f: Games, g: Games) -> list[tuple[Games, Games, Games]]:
    """(firms, segments, games) triples that an effect's segment stands for."""
    if name == "focus":
        return [(f, focus(s)[f, g], g)]
    names = SEGMENTS if name in ("all", "") else (name,)
    return [(f, np.full(len(f), SEGMENTS.index(n)), g) for n in names]


def _apply(rules: Rules, s: State, desk: Desk, books: Books, e: EffectRule, amount: Array, f: Games, g: Games) -> None:
    if e.target == "sentiment":
        np.add.at(desk["sentiment"], g, amount)
        return
    if e.who != "self":
        f, g, amount = _others(rules, s, e.who, f, g, amount)
    if e.target in TIMED:
        slots = min(max(e.quarters, 1), s.shifts.shape[1])
        if e.target == "utility":
            for ff, v, gg in _segments(s, e.segment, f, g):
                desk.shift(v, slots, ff, gg, amount)
        else:
            desk.shift(CHANNEL[e.target], slots, f, g, amount)
    elif e.target in STOCKS:
        _change(desk[STOCKS[e.target]], (f, g), amount, e)
    elif e.target in MATRICES:
        for triple in _segments(s, e.segment, f, g):
            _change(desk[e.target], triple, amount, e)
    elif e.target == "staff":
        for triple in _segments(s, e.segment, f, g):
            now = desk["staff"]
            now[triple] = np.maximum(np.rint(now[triple] * (1.0 + amount)), 0).astype(np.int32)
    elif e.target == "cash":
        _post(books, f, g, amount * s.cost[f, g] if e.op == "scale" else amount)
    elif e.target == "debt":
        flow = np.maximum(amount, -s.debt[f, g] / 100.0)
        desk["debt"][f, g] += books.post_at("borrowing", (f, g), flow, "lenders")
    else:
        _special(rules, s, desk, e, f, g, amount)


def _change(array: Array, at: tuple[Games, ...], amount: Array, e: EffectRule) -> None:
    new = array[at] * (1.0 + amount) if e.op == "mul" else array[at] + amount
    if e.target in BOUNDED or e.target == "founders_share":
        new = clip(new, 0.0, 1.0)
    elif e.target not in ("capability", "efficiency"):
        new = np.maximum(new, 0.0)
    array[at] = new


def _others(
    rules: Rules, s: State, who: str, f: Games, g: Games, amount: Array
) -> tuple[Games, Games, Array]:
    """Spread effects on other firms of the same game: amounts of several senders add up."""
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


def _special(rules: Rules, s: State, desk: Desk, e: EffectRule, f: Games, g: Games, amount: Array) -> None:
    """Release opens what the firm has; route switches at once; close gives a segment up; merge and sell end the firm.

    The last two only mark the wish here, as a distress choice of their own; `game.engine.exits` carries it out.
    """
    if e.target == "release":
        desk["released"][f, g] = np.maximum(desk["released"][f, g], s.lnc[f, g])
    elif e.target == "route":
        desk["route"][f, g] = np.rint(amount).astype(np.int8)
    elif e.target == "close":
        for triple in _segments(s, e.segment, f, g):
            for name in ("customers", "leads", "pilots"):
                np.subtract.at(desk["adopters"], triple[1:], desk[name][triple])
                desk[name][triple] = 0.0
            np.maximum(desk["adopters"], 0.0, out=desk["adopters"])
            desk["staff"][triple] = 0
    elif e.target == "merge":
        desk["ended"][f, g] = -3
    elif e.target == "sell":
        desk["ended"][f, g] = -2


def draw_cards(rules: Rules, s: State, draws: QuarterDraws) -> State:
    """Which announced cards arrive next quarter, and which are announced for the one after.

    One key per card and one per firm, mixed: the number of a card does not depend on what other cards there are, so
    one card more or fewer disturbs no other.
    """
    if not rules.cards:
        return s
    odds = np.array([c.odds for c in rules.cards])
    pending = (s.coming >= 0) & s.alive
    arrives = pending & (draws["card_comes"] < np.where(pending, odds[s.coming], 0.0))
    card = np.where(arrives, s.coming, _NO_CARD)
    return s.evolve(card=card, coming=announced(rules, s, card, s.quarter + 2, s.quarter))


def announced(rules: Rules, s: State, card: NDArray[np.int16], after: int, drawn: int) -> NDArray[np.int16]:
    """(F, G) the card announced for the quarter ``after``, -1 for none, by the draws of the quarter ``drawn``.

    ``card`` (F, G) arrives before it and is not announced again where it comes once only.
    """
    cache: dict[tuple[str, str], Array] = {}
    window = [i for i, c in enumerate(rules.cards) if c.first <= after <= c.last and c.weight > 0]
    if after > rules.last or not window:
        return np.full(s.cash.shape, _NO_CARD)
    over = s.seen.copy()
    at = np.nonzero(card >= 0)
    over[card[at], at[0], at[1]] = True
    # The lowest score below one is announced; its low bits are the card, all of them set where there is none.
    best = np.full(s.cash.shape, np.nextafter(1.0, 0.0))
    rows = max(_BLOCK // s.cash.size, 1)
    shut = np.empty((rows, *s.cash.shape), dtype=bool)
    for start in range(0, len(window), rows):
        block = window[start : start + rows]
        for barred, i in zip(shut, block):
            c = rules.cards[i]
            barred[...] = over[i] if c.once else False
            if c.after >= 0:
                barred |= ~s.seen[c.after]
            for condition in c.when:
                barred |= np.logical_not(holds_one(rules, s, condition, cache))
        scores = _card_uniforms(rules, s, block, drawn)
        scores *= np.array([1.0 / rules.cards[i].weight for i in block])[:, None, None]
        scores += shut[: len(block)]
        bits = scores.view(np.int64)
        bits &= ~_CARD_BITS
        bits |= np.array(block)[:, None, None]
        for score in scores:
            np.minimum(best, score, out=best)
    coming: NDArray[np.int16] = best.view(np.int64).astype(np.int16)
    np.copyto(coming, _NO_CARD, where=~s.alive)
    return coming


def _card_uniforms(rules: Rules, s: State, window: list[int], quarter: int) -> Array:
    """(C, F, G) uniform numbers from 0 to 1, one per card in the window and firm, in steps of 2**-32."""
    cards = words(s.seed, slot_keys([(Purpose.CARD, rules.cards[i].key) for i in window]), quarter)
    x = np.bitwise_xor((cards >> _32).astype(np.uint32)[:, None], _firm_words(s))
    t = np.empty_like(x)
    np.multiply(x, _MIX_A, x)
    np.right_shift(x, _15, t)
    np.bitwise_xor(x, t, x)
    np.multiply(x, _MIX_B, x)
    return np.multiply(x, 2.0**-32)


def _firm_words(s: State) -> NDArray[np.uint32]:
    """(F, G) upper halves of words of the firms, worked out once a quarter."""
    keys = [(Purpose.CARD_FIRM, i) for i in range(s.cash.shape[0])]
    make = lambda: (words(s.seed, slot_keys(keys), s.quarter) >> _32).astype(np.uint32)  # noqa: E731
    return s.once("firm words", (s.seed, s.quarter), make)
