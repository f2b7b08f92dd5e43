"""Step 1: cards and their effects; and, at the end of a quarter, which card comes next.

Effects are a closed vocabulary applied over the whole batch; nothing that a mod ships is executed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.engine.books import Books
from game.engine.draws import Purpose, slot_keys, uniforms, words, words_at
from game.engine.names import LEVER, SEGMENTS
from game.engine.numeric import Array, clip, osum
from game.engine.quantities import holds
from game.engine.quarter_draws import QuarterDraws
from game.engine.rules import CardRule, ChoiceRule, EffectRule, Rules
from game.engine.state import CHANNEL, State

Games = NDArray[np.int64]

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

    def __getitem__(self, name: str) -> Any:
        if name not in self._changed:
            self._changed[name] = getattr(self._base, name).copy()
        return self._changed[name]

    def state(self) -> State:
        """The state after all changes."""
        return self._base.evolve(**self._changed) if self._changed else self._base


def allowed(rules: Rules, s: State, choice: ChoiceRule) -> NDArray[np.bool_]:
    """(F, G) where the choice may be taken."""
    return holds(rules, s, choice.requires, {})


def taken(rules: Rules, s: State, card: CardRule, levers: Array) -> NDArray[np.int64]:
    """(F, G) the choice of ``card`` that is carried out: the one asked for, else the last one that is allowed."""
    asked = np.rint(clip(np.nan_to_num(levers[LEVER["card.choice"]]), 0, len(card.choices) - 1)).astype(np.int64)
    result = np.full(asked.shape, len(card.choices) - 1)
    for k, choice in enumerate(card.choices):
        fine = allowed(rules, s, choice) if choice.requires else np.ones(asked.shape, dtype=bool)
        result = np.where((asked == k) & fine, k, result)
    return result


def play_cards(rules: Rules, s: State, levers: Array, books: Books) -> State:
    """Carry out the choice of every card on a desk: its cost now, then its effects, drawn within the stated range."""
    if not rules.cards or not (s.card >= 0).any():
        return s
    desk = Desk(s)
    for index in np.unique(s.card[s.alive & (s.card >= 0)]):
        card = rules.cards[index]
        here = (s.card == index) & s.alive
        picks = taken(rules, s, card, levers)
        for k, choice in enumerate(card.choices):
            f, g = np.nonzero(here & (picks == k))
            if not len(f):
                continue
            money = choice.cash + choice.scale * s.cost[f, g]
            _post(books, f, g, -money)
            for e, effect in enumerate(choice.effects):
                _apply(rules, s, desk, books, effect, effect_key(card, k, e), f, g)
        desk["seen"][index] |= here
    desk["card"][...] = -1
    return desk.state()


def _post(books: Books, f: Games, g: Games, cny: Array) -> None:
    amount = np.zeros(books.lines.shape[1:])
    amount[f, g] = cny
    books.post("events_in", np.maximum(amount, 0.0), "state")
    books.post("events_out", np.minimum(amount, 0.0), "suppliers")


def effect_key(card: CardRule, choice: int, place: int) -> int:
    """Key of the draws of one effect of a card's choice."""
    return card.key * 64 + choice * 16 + place


def effect_amount(effect: EffectRule, s: State, key: int, f: Games, g: Games) -> Array:
    """(N,) drawn amounts for pairs of firm and game; 0 where the chance fails."""
    drawn = effect.low < effect.high or effect.chance < 1.0
    if not drawn:
        return np.full(len(f), effect.low)
    keys = slot_keys([(Purpose.EFFECT, key * 256 + i) for i in range(2 * s.cash.shape[0])])
    size = uniforms(words_at(s.seed, keys[2 * f], g, s.quarter))
    luck = uniforms(words_at(s.seed, keys[2 * f + 1], g, s.quarter))
    return np.where(luck < effect.chance, effect.low + (effect.high - effect.low) * size, 0.0)


def _segments(s: State, name: str, f: Games, g: Games) -> list[tuple[Games, Games, Games]]:
    """(firms, segments, games) triples that an effect's segment stands for."""
    if name == "focus":
        v = np.argmax(s.staff[f, 2:, g], axis=1) + 2
        return [(f, v, g)]
    names = SEGMENTS if name in ("all", "") else (name,)
    return [(f, np.full(len(f), SEGMENTS.index(n)), g) for n in names]


def _apply(rules: Rules, s: State, desk: Desk, books: Books, e: EffectRule, key: int, f: Games, g: Games) -> None:
    amount = effect_amount(e, s, key, f, g)
    if e.target == "sentiment":
        np.add.at(desk["sentiment"], g, amount)
        return
    if e.who != "self":
        f, g, amount = _others(rules, s, e.who, f, g, amount)
    if e.target in TIMED:
        slots = range(min(max(e.quarters, 1), s.shifts.shape[1]))
        if e.target == "utility":
            for ff, v, gg in _segments(s, e.segment, f, g):
                for slot in slots:
                    desk["shifts"][v, slot, ff, gg] += amount
        else:
            for slot in slots:
                desk["shifts"][CHANNEL[e.target], slot, f, g] += amount
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
        flow = np.zeros(s.cash.shape)
        flow[f, g] = np.maximum(amount, -s.debt[f, g] / 100.0)
        desk["debt"][...] += books.post("borrowing", flow, "lenders")
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
    sent = np.zeros(s.cash.shape)
    sent[f, g] = amount
    total = osum(sent)
    touched = np.zeros(s.games, dtype=bool)
    touched[g] = True
    if who == "rivals":
        spread, mask = total - sent, s.alive
    elif who == "clouds":
        spread, mask = np.broadcast_to(total, sent.shape), s.alive & (rules.traits.cloud > 0)
    elif who == "open":
        spread, mask = np.broadcast_to(total, sent.shape), s.alive & (s.route == 3)
    else:
        spread, mask = np.broadcast_to(total, sent.shape), s.alive
    ff, gg = np.nonzero(mask & touched & (spread != 0.0))
    return ff, gg, spread[ff, gg]


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
    after = s.quarter + 2
    cache: dict[tuple[str, str], Array] = {}
    odds = np.array([c.odds for c in rules.cards])
    pending = (s.coming >= 0) & s.alive
    arrives = pending & (draws["card_comes"] < np.where(pending, odds[s.coming], 0.0))
    card = np.where(arrives, s.coming, -1).astype(np.int16)
    best = np.full(s.cash.shape, np.inf)
    coming = np.full(s.cash.shape, -1, dtype=np.int16)
    window = [i for i, c in enumerate(rules.cards) if c.first <= after <= c.last]
    if window and after <= rules.last:
        mixed = _card_uniforms(rules, s, window)
        for row, i in enumerate(window):
            c = rules.cards[i]
            score = mixed[row] / c.weight if c.weight > 0 else np.full(s.cash.shape, np.inf)
            fits = (score < best) & (score < 1.0) & s.alive
            if c.once:
                fits &= ~s.seen[i] & (card != i)
            if c.after >= 0:
                fits &= s.seen[c.after]
            if not fits.any():
                continue
            fits &= holds(rules, s, c.when, cache)
            best = np.where(fits, score, best)
            coming = np.where(fits, i, coming).astype(np.int16)
    return s.evolve(card=card, coming=coming)


def _card_uniforms(rules: Rules, s: State, window: list[int]) -> Array:
    """(C, F, G) uniform numbers, one per card in the window and firm."""
    f = s.cash.shape[0]
    card_keys = slot_keys([(Purpose.CARD, rules.cards[i].key) for i in window])
    firm_keys = slot_keys([(Purpose.CARD_FIRM, i) for i in range(f)])
    both = words(s.seed, np.concatenate([card_keys, firm_keys]), s.quarter)
    x = both[: len(window), None] ^ both[None, len(window) :]
    x *= np.uint64(0x9E3779B97F4A7C15)
    x ^= x >> np.uint64(29)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    return uniforms(x)


