"""What is done to a state from outside: cards dealt to all, second firms, firms of other games; money to the fen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.content import Content
from game.content.build import build_rules
from game.content.starts import start_state
from game.engine.derive import value
from game.engine.limits import GUIDANCE
from game.engine.names import LEVER, LEVERS, SEGMENTS
from game.engine.numeric import osum
from game.engine.outside import (
    FIRM_AXIS,
    deal,
    dealable,
    found_again,
    may_found_again,
    reentry_terms,
    seat_firms,
)
from game.engine.play import play_quarter
from game.engine.rules import CardRule, Rules
from game.engine.state import ARRAYS, State, concat, digest, unpack
from game.policies import decide_all
from tests.engine.playing import mixed, opening, play, step, without_cards, without_firm_noise
from tests.engine.test_any_decisions import faults

HELD = ("customers", "hosted", "leads", "pilots")


def total(s: State) -> list[int]:
    """All money there is, per game, with Python's whole numbers: always nothing."""
    return [sum(map(int, s.cash[:, g])) + sum(map(int, s.accounts[:, g])) for g in range(s.games)]


def differing(a: State, b: State) -> set[str]:
    return {n for n in ARRAYS if not np.array_equal(getattr(a, n), getattr(b, n), equal_nan=getattr(a, n).dtype.kind == "f")}


def firm_of(s: State, row: int, game: int = 0) -> dict[str, np.ndarray]:
    """Everything of one firm, cut out naively."""
    return {n: np.take(getattr(s, n), row, axis=axis)[..., game] for n, axis in FIRM_AXIS.items()}


def test_axes_of_firms_are_those_of_the_layout(war: Rules) -> None:
    s = opening(war, [1])
    assert {n for n in ARRAYS if n not in FIRM_AXIS} == {
        "seed", "accounts", "adopters", "outside", "compute_price", "sentiment", "price_shock", "price_third", "fringe",
        "fringe_gap", "exits",
    }
    assert all(getattr(s, n).shape[axis] == war.firms for n, axis in FIRM_AXIS.items())


# seating --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def later(shipped: Content) -> tuple[Rules, dict[str, State]]:
    """Rules of a scenario that begins later with four people's firms, and every background's start state."""
    rules = build_rules(shipped, "price-war", list(shipped.backgrounds)[:4], start=b"")
    return rules, {b: unpack(start_state(shipped, "price-war", b) or b"") for b in shipped.backgrounds}


def test_a_state_that_takes_its_own_firms_is_the_same(war: Rules) -> None:
    for s in play(war, [3, 4], mixed(war.firms), 9)[1:]:
        assert differing(seat_firms(war, s, []), s) == set()
        assert differing(seat_firms(war, s, [(s, f, f) for f in range(war.firms)]), s) == set()


def test_firms_bring_everything_but_users_there_is_no_room_for(later: tuple[Rules, dict[str, State]]) -> None:
    rules, states = later
    base, *others = states.values()
    s = seat_firms(rules, base, [(other, 0, row) for row, other in enumerate(others)])
    assert total(s) == total(base) == [0]
    for row, other in enumerate(others):
        came, was = firm_of(s, row), firm_of(other, 0)
        for name in FIRM_AXIS:
            if name == "distress":
                continue
            if name in HELD:
                assert np.all(came[name] <= was[name] + 1e-9)
            else:
                np.testing.assert_array_equal(came[name], was[name], err_msg=name)
    for row in range(len(others), rules.firms):
        np.testing.assert_array_equal(firm_of(s, row)["cash"], firm_of(base, row)["cash"])
    for name in ARRAYS:
        if name not in FIRM_AXIS and name not in ("accounts", "adopters", "price_third"):
            np.testing.assert_array_equal(getattr(s, name), getattr(base, name), err_msg=name)


def test_the_market_does_not_grow_by_having_other_firms(later: tuple[Rules, dict[str, State]]) -> None:
    rules, states = later
    base = states["lab-spin-off"]
    giant = base.evolve(customers=base.customers * 40.0)
    s = seat_firms(rules, base, [(giant, 0, 0), (giant, 0, 1), (giant, 0, 2)])
    for v, segment in enumerate(SEGMENTS):
        before = sum(float(getattr(base, n)[:, v].sum()) for n in HELD)
        after = sum(float(getattr(s, n)[:, v].sum()) for n in HELD)
        wanted = sum(float(getattr(giant, n)[0, v].sum()) for n in HELD) * 3 + sum(
            float(getattr(base, n)[3:, v].sum()) for n in HELD)
        assert after == pytest.approx(min(before, wanted), rel=1e-12), segment
        # the naive twin: everybody is cut alike
        for n in HELD:
            cut = min(1.0, before / wanted) if wanted else 1.0
            np.testing.assert_allclose(getattr(s, n)[0, v], getattr(giant, n)[0, v] * cut, rtol=1e-12)
        assert float(s.adopters[v, 0]) == pytest.approx(float(base.adopters[v, 0]) + after - before, rel=1e-9, abs=1e-6)


def test_equal_teams_in_another_order_are_the_same_table(later: tuple[Rules, dict[str, State]]) -> None:
    rules, states = later
    base, a, b, c, _ = states.values()
    one = seat_firms(rules, base, [(a, 0, 0), (b, 0, 1), (c, 0, 2)])
    two = seat_firms(rules, base, [(c, 0, 0), (a, 0, 1), (b, 0, 2)])
    order = [1, 2, 0, *range(3, rules.firms)]
    for name in ARRAYS:
        moved = np.take(getattr(two, name), order, axis=FIRM_AXIS[name]) if name in FIRM_AXIS else getattr(two, name)
        np.testing.assert_allclose(moved, getattr(one, name), rtol=1e-12, atol=0, equal_nan=True, err_msg=name)


def test_equal_teams_in_another_order_play_the_same_game(shipped: Content, later: tuple[Rules, dict[str, State]]) -> None:
    """But for luck that is keyed by the row, which is left out here, and rounding."""
    _, states = later
    names = list(shipped.backgrounds)
    order, rows = [2, 0, 1], [2, 0, 1, *range(3, 12)]
    ends = []
    for seats in ([0, 1, 2], order):
        rules = without_cards(without_firm_noise(build_rules(shipped, "price-war", [names[n] for n in seats], start=b"")))
        blank = {n: s.evolve(seen=s.seen[:0]) for n, s in states.items()}
        s = seat_firms(rules, blank[names[3]], [(blank[names[n]], 0, into) for into, n in enumerate(seats)])
        for quarter in range(4):
            decisions = decide_all(rules, s, ("reactive",) * 12)
            own = np.array([20.0 + 3.0 * n + quarter for n in seats])
            decisions[LEVER["price.token"], :3, 0] = own
            decisions[GUIDANCE] = np.nan
            s, _ = play_quarter(rules, s, decisions)
        ends.append(s)
    one, two = ends
    back = np.argsort(rows)
    for name in ARRAYS:
        moved = np.take(getattr(two, name), back, axis=FIRM_AXIS[name]) if name in FIRM_AXIS else getattr(two, name)
        loose = 5.0 if getattr(one, name).dtype.kind == "i" else 1e-7
        np.testing.assert_allclose(moved, getattr(one, name), rtol=1e-9, atol=loose, equal_nan=True, err_msg=name)
    assert not np.allclose(one.price[0, :3], two.price[0, :3])


def test_seating_is_the_same_in_any_batch(later: tuple[Rules, dict[str, State]]) -> None:
    rules, states = later
    base, a, b, *_ = states.values()
    both = seat_firms(rules, concat([base, a]), [(concat([b, base]), 0, 2)])
    assert digest(both, 0) == digest(seat_firms(rules, base, [(b, 0, 2)]))
    assert digest(both, 1) == digest(seat_firms(rules, a, [(base, 0, 2)]))


def test_what_cannot_share_a_table_is_refused(war: Rules) -> None:
    one, two, *_ = play(war, [1], mixed(war.firms), 2)
    for places in ([(two, 0, 0)], [(one, 0, 1), (one, 1, 1)], [(one, 99, 1)], [(one, 0, 99)]):
        with pytest.raises(ValueError):
            seat_firms(war, one, places)


def test_a_table_of_seated_firms_plays_on(later: tuple[Rules, dict[str, State]]) -> None:
    rules, states = later
    base, *others = states.values()
    s = seat_firms(rules, base, [(other, 0, row) for row, other in enumerate(others)])
    for _ in range(rules.quarters):
        s, _ = step(rules, s, mixed(rules.firms))
        assert total(s) == [0] and all(np.isfinite(getattr(s, n)).all() for n in ("equity", "customers", "adopters"))


# a card for all -------------------------------------------------------------------------------------------------------


def naive_deal(rules: Rules, s: State, index: int) -> tuple[np.ndarray, np.ndarray]:
    """Desk and announcement, firm by firm."""
    card, coming = s.card.copy(), s.coming.copy()
    for f in range(rules.firms):
        for g in range(s.games):
            if s.status[f, g] != 0:
                continue
            drawn, next_ = int(s.card[f, g]), int(s.coming[f, g])
            if next_ == index and rules.cards[index].once:
                next_ = -1
            if drawn >= 0 and drawn != index and next_ < 0 and min(rules.cards[drawn].last, rules.last) > s.quarter:
                next_ = drawn
            card[f, g], coming[f, g] = index, next_
    return card, coming


def test_a_card_for_all_lies_on_every_desk(war: Rules) -> None:
    ids = [c.id for c in war.cards]
    met = {"put off": 0, "lost": 0}
    for s in play(war, range(1, 9), mixed(war.firms))[:-1]:
        for card in ("ban-tightens", ids[5], ids[-1]):
            if card not in dealable(war):
                continue
            after = deal(war, s, card)
            desk, coming = naive_deal(war, s, ids.index(card))
            assert np.array_equal(after.card, desk) and np.array_equal(after.coming, coming)
            assert differing(after, s) <= {"card", "coming"} and after.card.dtype == s.card.dtype == after.coming.dtype
            put = (after.coming != s.coming) & (after.coming >= 0)
            met["put off"] += int(put.sum())
            met["lost"] += int(((s.card >= 0) & s.alive & ~put & (s.card != ids.index(card))).sum())
    assert met["put off"] and met["lost"]


def test_most_shipped_cards_can_be_dealt_to_all(war: Rules) -> None:
    free = {c.id for c in war.cards if c.after < 0 and any(not x.requires for x in c.choices)}
    assert set(dealable(war)) == free and "ban-tightens" in free and len(free) > len(war.cards) / 2
    closed = next((c.id for c in war.cards if c.id not in free), None)
    for wrong in (closed, "no such card"):
        if wrong:
            with pytest.raises(ValueError):
                deal(war, opening(war, [1]), wrong)


def test_a_card_without_a_way_for_everybody_is_refused(war: Rules) -> None:
    guard = next(x.requires for c in war.cards for x in c.choices if x.requires)

    def shut(card: CardRule) -> CardRule:
        return dataclasses.replace(card, choices=tuple(dataclasses.replace(c, requires=guard) for c in card.choices))

    rules = dataclasses.replace(war, cards=tuple(shut(c) if c.id == "ban-tightens" else c for c in war.cards))
    with pytest.raises(ValueError):
        deal(rules, opening(rules, [1]), "ban-tightens")


def test_every_card_that_can_be_dealt_plays_on(war: Rules) -> None:
    for number, card in enumerate(dealable(war)):
        s = play(war, [number], mixed(war.firms), 4)[-1]
        after, ledger = step(war, deal(war, s, card), mixed(war.firms))
        assert total(after) == [0] and set(np.unique(ledger.card[s.alive])) == {[c.id for c in war.cards].index(card)}


# a second firm --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def broke(war: Rules) -> State:
    """The first firm has just gone bankrupt by spending all it had."""
    s = opening(war, [1])
    while s.alive[0, 0]:
        decisions = s.levers.copy()
        decisions[LEVER["research.budget"], 0] = decisions[LEVER["community.budget"], 0] = 1e12
        decisions[LEVER["distress.choice"], 0] = 4
        s, _ = play_quarter(war, s, decisions)
    assert s.quarter < 12
    return s


def test_a_second_firm_is_small_and_money_is_conserved(war: Rules, broke: State) -> None:
    terms = reentry_terms(war, broke, 0)
    s = found_again(war, broke, 0)
    assert total(s) == total(broke) == [0] and s.alive[0, 0] and s.ended[0, 0] == -1
    assert int(s.cash[0, 0]) == round(float(terms.cash[0]) * 100)
    assert int(broke.accounts[1, 0]) - int(s.accounts[1, 0]) == int(s.cash[0, 0]) - int(broke.cash[0, 0])
    first = opening(war, [1])
    assert s.staff[0].sum() < first.staff[0].sum() / 2 and 0 < float(terms.founders_share[0]) < first.founders[0, 0]
    assert s.debt[0, 0] == 0 and float(s.founders[0, 0] * s.equity[0, 0]) < float(first.founders[0, 0] * first.equity[0, 0])
    # investors paid for their share what it is worth
    assert float(s.equity[0, 0] * (1 - s.founders[0, 0])) == pytest.approx(float(terms.cash[0]))
    assert value(s)[0, 0] < value(first)[0, 0] / 5
    others = {n: np.delete(getattr(broke, n), 0, axis=a) for n, a in FIRM_AXIS.items()}
    for name, array in others.items():
        np.testing.assert_array_equal(np.delete(getattr(s, name), 0, axis=FIRM_AXIS[name]), array, err_msg=name)
    with pytest.raises(ValueError):
        found_again(war, s, 0)


def test_users_of_the_first_firm_choose_again_or_go_on_alone(war: Rules, broke: State) -> None:
    s = found_again(war, broke, 0)
    assert not s.customers[0].any() and not s.hosted[0].any()
    np.testing.assert_allclose(s.outside, broke.outside + broke.hosted[0])
    used = lambda x: osum(x.customers) + osum(x.hosted) + osum(x.leads) + osum(x.pilots) + x.outside  # noqa: E731
    gone = broke.customers[0] + broke.leads[0] + broke.pilots[0]
    np.testing.assert_allclose(s.adopters - used(s), broke.adopters - gone - (used(broke) - gone), atol=1e-6)


def test_only_the_bankrupt_may(war: Rules, broke: State) -> None:
    assert may_found_again(broke, 0) and not may_found_again(broke, 1) and not may_found_again(broke, 99)
    for status in (2, 3):
        assert not may_found_again(broke.evolve(status=np.where(broke.status == 1, status, broke.status)), 0)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_a_second_firm_plays_on_whatever_is_decided(war: Rules, broke: State, seed: int, quarters: int) -> None:
    s = found_again(war, broke, 0)
    luck = np.random.default_rng(seed)
    for _ in range(quarters):
        wild = np.where(luck.random((len(LEVERS), war.firms, 1)) < 0.3, np.nan, luck.normal(0.0, 1e9, (len(LEVERS), war.firms, 1)))
        s, _ = play_quarter(war, s, wild)
        assert total(s) == [0] and faults(s) == []
