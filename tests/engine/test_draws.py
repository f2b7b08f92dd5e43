"""Chance: a pure function of seed, purpose, entity and quarter; even, normal, and disturbed by nothing."""

from __future__ import annotations

import dataclasses
from statistics import NormalDist

import numpy as np
import pytest

from game.engine import events
from game.engine.draws import (
    Purpose,
    normals,
    seed_array,
    seed_words,
    slot_keys,
    uniforms,
    words,
    words_at,
)
from game.engine.names import LEVER
from game.engine.play import play_quarter
from game.engine.quarter_draws import QuarterDraws
from game.engine.rules import CardRule, ChoiceRule, Condition, Rules
from game.engine.state import State, concat
from game.policies import chance, decide_all
from tests.engine.playing import mixed, opening, step

SEEDS = seed_array([seed_words(f"draws/{i}") for i in range(500)])
KEYS = slot_keys([(Purpose.RESEARCH, i) for i in range(12)] + [(Purpose.CARD, i) for i in range(30)])
EXTRA = CardRule("extra", 123_456_789, 0, 19, 0.9, 0.5, True, (), -1, (ChoiceRule(0.0, 0.0, (), ()),) * 2)


def test_seeds_from_text_never_change() -> None:
    assert seed_words(7) == seed_words("7") == seed_words(" 7 ") == (10271071260543353465, 1685878985310600006)
    assert seed_words("百模大战") == (7868488667498678217, 5763185572629857652)
    assert seed_words("") != seed_words("0")


def test_words_never_change() -> None:
    seed = seed_array([seed_words(1), seed_words("baimo")])
    keys = slot_keys([(Purpose.SENTIMENT, 0), (Purpose.EXIT, 5)])
    assert words(seed, keys, 3).tolist() == [
        [2796891005840545199, 12008332593865561495],
        [13477984411231014212, 12334120804652969757],
    ]
    normal = normals(words(seed, slot_keys([(Purpose.RESEARCH, 2)]), 0))
    assert normal.tolist() == [[-1.4214960214451338, -0.46309304311364846]]


def test_words_do_not_know_the_batch() -> None:
    whole = words(SEEDS, KEYS, 5)
    for g in (0, 1, 17, 250, 499):
        assert np.array_equal(words(SEEDS[:, [g]], KEYS, 5)[:, 0], whole[:, g])
    for rows in (slice(0, 1), slice(15, 17), slice(3, 40)):
        assert np.array_equal(words(SEEDS, KEYS[rows], 5), whole[rows])


def test_single_words_equal_the_sweep() -> None:
    whole = words(SEEDS, KEYS, 7)
    rows, games = np.arange(300) % len(KEYS), (np.arange(300) * 7) % 500
    assert np.array_equal(words_at(SEEDS, KEYS[rows], games, 7), whole[rows, games])


def test_nothing_is_drawn_twice() -> None:
    """Purposes, entities, quarters and seeds all count."""
    keys = slot_keys([(p, i) for p in Purpose for i in range(64)])
    assert len(np.unique(keys)) == len(keys)
    seen = np.concatenate([words(SEEDS[:, :40], keys, q).ravel() for q in range(4)])
    assert len(np.unique(seen)) == len(seen)


def test_uniforms_lie_inside_the_open_interval() -> None:
    ends = uniforms(np.array([0, 2**64 - 1], dtype=np.uint64))
    assert 0.0 < ends[0] < 1e-15 and 1.0 - 1e-15 < ends[1] < 1.0


def correlation_limit(n: int) -> float:
    return 5.0 / np.sqrt(n)


@pytest.mark.parametrize("quarter", [0, 11])
def test_uniforms_are_even(quarter: int) -> None:
    u = uniforms(words(SEEDS, slot_keys([(Purpose.POLICY, i) for i in range(400)]), quarter))
    n = u.size
    assert abs(u.mean() - 0.5) < 5.0 / np.sqrt(12.0 * n)
    assert abs(u.var() - 1.0 / 12.0) < 5.0 * np.sqrt(1.0 / 180.0 / n)
    counts = np.histogram(u, bins=256, range=(0.0, 1.0))[0]
    chi2 = ((counts - n / 256) ** 2 / (n / 256)).sum()
    assert abs(chi2 - 255) < 5.0 * np.sqrt(2 * 255)
    distance = np.abs(np.sort(u.ravel()) - (np.arange(n) + 0.5) / n).max()
    assert distance < 2.2 / np.sqrt(n), "Kolmogorov and Smirnov"
    for a, b in ((u[:-1], u[1:]), (u[:, :-1], u[:, 1:])):
        assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < correlation_limit(a.size)


def test_quarters_and_seeds_are_unrelated() -> None:
    keys = slot_keys([(Purpose.POLICY, i) for i in range(400)])
    now, then = uniforms(words(SEEDS, keys, 4)), uniforms(words(SEEDS, keys, 5))
    assert abs(np.corrcoef(now.ravel(), then.ravel())[0, 1]) < correlation_limit(now.size)
    close = seed_array([(a, b ^ 1) for a, b in SEEDS.T.tolist()])
    assert abs(np.corrcoef(now.ravel(), uniforms(words(close, keys, 4)).ravel())[0, 1]) < correlation_limit(now.size)
    bits = np.unpackbits((words(SEEDS, keys, 4) ^ words(close, keys, 4)).view(np.uint8))
    assert abs(bits.mean() - 0.5) < 1e-3, "half of the bits turn over"


def test_normals_have_the_moments_and_tails_of_the_normal() -> None:
    z = normals(words(SEEDS, slot_keys([(Purpose.RAISE, i) for i in range(1000)]), 2)).ravel()
    n = z.size
    assert abs(z.mean()) < 5.0 / np.sqrt(n)
    assert abs((z**2).mean() - 1.0) < 5.0 * np.sqrt(2.0 / n) + 5e-4
    assert abs((z**3).mean()) < 5.0 * np.sqrt(15.0 / n)
    assert abs((z**4).mean() - 3.0) < 5.0 * np.sqrt(96.0 / n) + 0.01
    assert np.abs(z).max() <= 4.3301
    for limit in (0.5, 1.0, 1.96, 2.576, 3.0, 3.5):
        p = 2.0 * (1.0 - NormalDist().cdf(limit))
        assert abs((np.abs(z) > limit).mean() - p) < 5.0 * np.sqrt(p / n) + 1e-6, limit


def test_normals_are_the_inverse_distribution_function() -> None:
    p = np.concatenate([np.geomspace(2.0**-16.9, 0.4999999, 4000), [0.25, 0.125, 0.0625, 0.25 - 2e-10, 0.5 - 1e-10]])
    word = (np.floor(p * 2.0**33).astype(np.uint64) << np.uint64(32)) | np.uint64(1)
    exact = [-NormalDist().inv_cdf((np.floor(x * 2.0**33) + 0.5) * 2.0**-33) for x in p]
    assert np.abs(normals(word) - exact).max() < 5e-7
    assert np.array_equal(normals(word ^ np.uint64(1)), -normals(word))


def test_a_decision_changes_no_later_luck(war: Rules) -> None:
    """Two very different lives of the same market: prices of compute and moods of investors, which hang on chance
    alone once the cards are away, stay the same."""
    quiet = dataclasses.replace(war, cards=())
    one, two = opening(quiet, range(5)), opening(quiet, range(5))
    for _ in range(war.quarters):
        luck = QuarterDraws(one.seed, one.quarter, war.firms)
        again = QuarterDraws(two.seed, two.quarter, war.firms)
        for name in ("research", "raise", "tender_noise", "card_comes", "adoption"):
            assert np.array_equal(luck[name], again[name])
        decisions = decide_all(quiet, two, ("random",) * war.firms)
        decisions[LEVER["price.token"]] *= 0.5
        one, two = step(quiet, one, mixed(war.firms))[0], play_quarter(quiet, two, decisions)[0]
        assert np.array_equal(one.compute_price, two.compute_price)
        assert np.array_equal(one.sentiment, two.sentiment)
    assert not np.array_equal(one.cash, two.cash)


def test_policies_luck_is_their_own() -> None:
    """The numbers of a policy depend neither on who else plays it nor on the batch."""
    alone = chance(SEEDS[:, [3]], 2, (5,))
    among = chance(SEEDS, 2, (1, 5, 9))
    assert np.array_equal(alone[:, 0, 0], among[:, 1, 3])


@pytest.fixture(scope="module")
def desks(war: Rules) -> list[State]:
    """States in the middle of many games, where cards are about to be drawn."""
    state, kept = opening(war, [f"cards/{i}" for i in range(150)]), []
    for quarter in range(12):
        state = step(war, state, mixed(war.firms))[0]
        if quarter in (1, 5, 11):
            kept.append(state.evolve(quarter=state.quarter - 1))
    return kept


def drawn(rules: Rules, s: State) -> np.ndarray:
    """(F, G) ids of the cards announced."""
    names = np.array([*(c.id for c in rules.cards), ""])
    return names[events.draw_cards(rules, s, QuarterDraws(s.seed, s.quarter, rules.firms)).coming]


def other_choices(rules: Rules, desks: list[State], at: int, card: CardRule) -> tuple[int, int]:
    """With ``card`` put into the deck at ``at``: how often it came itself, and how often anything else changed."""
    came = changed = 0
    deck = (*rules.cards[:at], card, *rules.cards[at:])
    moved = tuple(dataclasses.replace(c, after=c.after + (c.after >= at)) for c in deck)
    more = dataclasses.replace(rules, cards=moved)
    for s in desks:
        before = drawn(rules, s)
        shifted = {n: np.where(getattr(s, n) >= at, getattr(s, n) + 1, getattr(s, n)) for n in ("card", "coming")}
        seen = np.insert(s.seen, at, False, axis=0)
        after = drawn(more, s.evolve(seen=seen, **shifted))
        came += int((after == card.id).sum())
        changed += int(((before != after) & (after != card.id)).sum())
    return came, changed


@pytest.mark.parametrize("at", [0, 17, 46])
def test_a_card_more_disturbs_no_other(war: Rules, desks: list[State], at: int) -> None:
    came, changed = other_choices(war, desks, min(at, len(war.cards)), EXTRA)
    assert came > 50 and changed == 0


def test_a_card_that_cannot_come_changes_nothing(war: Rules, desks: list[State]) -> None:
    never = dataclasses.replace(EXTRA, when=(Condition("cash", "<", -1e30),))
    assert other_choices(war, desks, 5, never) == (0, 0)


def test_keys_by_position_would_be_noticed(
    war: Rules, desks: list[State], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = events._card_words

    def by_row(rules: Rules, s: State, window: list[int], quarter: int) -> np.ndarray:
        cards = tuple(dataclasses.replace(c, key=i) for i, c in enumerate(rules.cards))
        return real(dataclasses.replace(rules, cards=cards), s, window, quarter)

    monkeypatch.setattr(events, "_card_words", by_row)
    assert other_choices(war, desks, 5, EXTRA)[1] > 0


def test_luck_of_cards_is_even_and_unrelated(war: Rules, desks: list[State]) -> None:
    s = concat([desks[0]] * 10).evolve(seed=seed_array([seed_words(f"even/{i}") for i in range(1500)]))
    u = events._card_words(war, s, list(range(len(war.cards))), s.quarter) * 2.0**-32
    n = u.size
    assert abs(u.mean() - 0.5) < 5.0 / np.sqrt(12.0 * n)
    counts = np.histogram(u, bins=64, range=(0.0, 1.0))[0]
    assert abs(((counts - n / 64) ** 2 / (n / 64)).sum() - 63) < 5.0 * np.sqrt(2 * 63)
    table = np.corrcoef(u.reshape(-1, 1500))
    np.fill_diagonal(table, 0.0)
    assert np.abs(table).max() < 6.0 / np.sqrt(1500)
    corners = u < 0.1
    both = (corners[:20, None, 0] & corners[None, :20, 1]).mean(axis=-1)
    assert np.abs(both - 0.01).max() < 6.0 * np.sqrt(0.01 / 1500)
