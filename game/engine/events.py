"""Step 1: cards and their effects; and, at the end of a quarter, which card comes next.

Effects are a closed vocabulary applied over the whole batch; nothing that a mod ships is executed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from game.engine.books import Books
from game.engine.draws import Purpose, slot_keys, words
from game.engine.effects import Deck, Desk, Games, carry_out, deck_of, fall, post
from game.engine.names import LEVER
from game.engine.numeric import Array, clip
from game.engine.quantities import holds, holds_at, holds_one
from game.engine.quarter_draws import QuarterDraws
from game.engine.rules import CardRule, ChoiceRule, Rules
from game.engine.state import State

_BLOCK = 24576
"""Numbers in a block of cards that are looked at together, so that they stay in cache."""
_MIX_A = np.array(0x9E3779B1, dtype=np.uint32)
_MIX_B = np.array(0x85EBCA6B, dtype=np.uint32)
_15 = np.array(15, dtype=np.uint32)
_32 = np.array(32, dtype=np.uint64)
_CARD_BITS = np.array(0xFFFF)
"""Low bits of a score that hold the number of its card, so that the lowest score brings its card along."""
_NO_CARD = np.int16(-1)

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
    deck = deck_of(rules.cards)
    firms, games = np.nonzero((s.card >= 0) & s.alive)
    cards = s.card[firms, games]
    asked = np.nan_to_num(levers[LEVER["card.choice"]][firms, games])
    choices = cards * np.int64(deck.most) + _picks(rules, s, deck, cards, asked, (firms, games))
    desk = Desk(s)
    desk["seen"][cards, firms, games] = True
    desk["card"][...] = -1
    post(books, firms, games, -(deck.cash[choices] + deck.scale[choices] * s.cost[firms, games]))
    carry_out(rules, s, deck, fall(s, deck, choices, firms, games), desk, books)
    return desk.state()


def _picks(
    rules: Rules, s: State, deck: Deck, cards: NDArray[np.int16], asked: Array, at: tuple[Games, ...]
) -> NDArray[np.int64]:
    """(N,) the choice that is carried out of each of ``cards``, see `taken`."""
    picks = np.rint(clip(asked, 0, deck.last[cards])).astype(np.int64)
    cache: dict[tuple[str, str], Array] = {}
    for index in deck.guarded.intersection(np.unique(cards).tolist()):
        mine = np.nonzero(cards == index)[0]
        pairs = at[0][mine], at[1][mine]
        picks[mine] = _taken(rules, s, rules.cards[index], asked[mine], pairs, cache)
    return picks


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
    return s.evolve(card=card, coming=announced(rules, s, card, s.quarter + 2, s.quarter, draws.cards))


def announced(
    rules: Rules, s: State, card: NDArray[np.int16], after: int, drawn: int,
    kept: dict[int, Array] | None = None,
) -> NDArray[np.int16]:
    """(F, G) the card announced for the quarter ``after``, -1 for none, by the draws of the quarter ``drawn``.

    ``card`` (F, G) arrives before it and is not announced again where it comes once only. ``kept`` holds the scores
    of this batch and quarter from an earlier time, or takes them up.
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
    shut, open_ = np.empty((rows, *s.cash.shape), dtype=bool), np.empty((rows, *s.cash.shape))
    for start in range(0, len(window), rows):
        block = window[start : start + rows]
        scores = kept.get(start) if kept is not None else None
        if scores is None:
            scores = _scores(rules, s, block, drawn)
            if kept is not None:
                kept[start] = scores
        for barred, i in zip(shut, block):
            c = rules.cards[i]
            barred[...] = over[i] if c.once else False
            if c.after >= 0:
                barred |= ~s.seen[c.after]
            for condition in c.when:
                barred |= np.logical_not(holds_one(rules, s, condition, cache))
        for score in np.add(scores, shut[: len(block)], out=open_[: len(block)]):
            np.minimum(best, score, out=best)
    coming: NDArray[np.int16] = best.view(np.int64).astype(np.int16)
    np.copyto(coming, _NO_CARD, where=~s.alive)
    return coming


def _scores(rules: Rules, s: State, window: list[int], quarter: int) -> Array:
    """(C, F, G) uniform numbers over the cards' weights; the low bits of each are the number of its card."""
    scores = np.multiply(_card_words(rules, s, window, quarter), 2.0**-32)
    scores *= np.array([1.0 / rules.cards[i].weight for i in window])[:, None, None]
    bits = scores.view(np.int64)
    bits &= ~_CARD_BITS
    bits |= np.array(window)[:, None, None]
    return scores


def _card_words(rules: Rules, s: State, window: list[int], quarter: int) -> NDArray[np.uint32]:
    """(C, F, G) uniform words, one per card in the window and firm."""
    cards = words(s.seed, slot_keys([(Purpose.CARD, rules.cards[i].key) for i in window]), quarter)
    x = np.bitwise_xor((cards >> _32).astype(np.uint32)[:, None], _firm_words(s))
    t = np.empty_like(x)
    np.multiply(x, _MIX_A, x)
    np.right_shift(x, _15, t)
    np.bitwise_xor(x, t, x)
    return np.multiply(x, _MIX_B, x)


def _firm_words(s: State) -> NDArray[np.uint32]:
    """(F, G) upper halves of words of the firms, worked out once a quarter."""
    keys = [(Purpose.CARD_FIRM, i) for i in range(s.cash.shape[0])]
    make = lambda: (words(s.seed, slot_keys(keys), s.quarter) >> _32).astype(np.uint32)  # noqa: E731
    return s.once("firm words", (s.seed, s.quarter), make)
