"""Value looks ahead and does not know where a scenario ends; guidance is scored as the paper says and pays."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.engine import derive
from game.engine.finance import interval_score, naive_interval, score_guidance
from game.engine.limits import GUIDANCE
from game.engine.names import LEVER, VERTICALS
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.state import State
from game.engine.valuation import PARTS, appraise, equity_parts
from game.policies import decide_all
from tests.engine.playing import mixed, opening, step, with_params, without_cards

SEEDS = range(200)


def last_quarters(rules: Rules, cut: float) -> tuple[np.ndarray, np.ndarray]:
    """(values, alive) of seat 0 played reactively, its research times ``cut`` in the last two quarters.

    Budgets shrink no faster than the rules let them.
    """
    seats = ("reactive",) + ("thumb",) * (rules.firms - 1)
    state = opening(rules, SEEDS)
    while state.quarter <= rules.last:
        decisions = decide_all(rules, state, seats)
        if state.quarter > rules.last - 2:
            decisions[LEVER["research.budget"], 0] *= cut
        state = play_quarter(rules, state, decisions)[0]
    return derive.value(state)[0], state.alive[0]


def test_cutting_research_at_the_end_does_not_pay(war: Rules) -> None:
    """The same seeds with and without: what was saved is worth less than what was not found out."""
    kept, alive = last_quarters(war, 1.0)
    cut, still = last_quarters(war, 0.0)
    both = alive & still
    assert both.sum() > 50
    assert np.median((cut - kept)[both]) < 0.0


def test_value_does_not_know_the_end(war: Rules) -> None:
    """The quarters of a scenario change no value on the way: twenty or five, the books are the same."""
    quiet = without_cards(war)
    short = dataclasses.replace(quiet, quarters=5)
    one, two = opening(quiet, [1, 2]), opening(short, [1, 2])
    for _ in range(5):
        one, two = step(quiet, one, mixed(war.firms))[0], step(short, two, mixed(war.firms))[0]
        assert np.array_equal(derive.value(one), derive.value(two))


@pytest.fixture(scope="module")
def lives(war: Rules) -> list[State]:
    states = [opening(war, [f"value/{i}" for i in range(40)])]
    for _ in range(war.quarters):
        states.append(step(war, states[-1], mixed(war.firms))[0])
    return states


def test_equity_and_value_are_never_below_zero(war: Rules, lives: list[State]) -> None:
    for s in lives:
        assert (s.equity >= 0.0).all() and (derive.value(s) >= 0.0).all()
        assert (derive.value(s)[s.status == 1] == 0.0).all()
        assert (s.equity[s.status != 0] == 0.0).all()
        assert (derive.value(s)[s.status > 1] == (s.paid_out / 100.0)[s.status > 1]).all()
    s = lives[6]
    drowned = appraise(war, s.evolve(debt=s.debt + 10**14))
    assert (drowned.equity[s.alive] == war.params.equity_smooth * s.equity[s.alive]).all()


def test_equity_moves_towards_the_sum_of_its_parts(war: Rules, lives: list[State]) -> None:
    """Half of the way a quarter; the mood and the year of the appraisal are those of the quarter played."""
    quiet, k = without_cards(war), war.params.equity_smooth
    for before in lives[:20:4]:
        after = play_quarter(quiet, before, decide_all(war, before, mixed(war.firms)))[0]
        parts = equity_parts(war, after.evolve(quarter=before.quarter, sentiment=before.sentiment))
        assert tuple(parts) == PARTS
        target = k * before.equity + (1.0 - k) * np.maximum(sum(parts[n] for n in PARTS), 0.0)
        assert np.allclose(after.equity, np.where(after.alive, target, 0.0), rtol=1e-9, atol=1.0)


def test_ranks_follow_value(lives: list[State]) -> None:
    for s in (lives[0], lives[7], lives[-1]):
        rank, value = derive.ranks(s), derive.value(s)
        for g in range(s.games):
            assert sorted(rank[:, g]) == list(range(1, len(rank) + 1))
            order = np.argsort(rank[:, g])
            worth = np.where(s.status[:, g] == 1, -1.0, value[:, g])[order]
            assert (np.diff(worth) <= 0).all()


# The interval score (Gneiting and Raftery 2007).

NUMBERS = st.floats(-1e9, 1e9)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(a=NUMBERS, b=NUMBERS, x=NUMBERS)
def test_interval_score_identities(a: float, b: float, x: float) -> None:
    low, high = min(a, b), max(a, b)
    score = float(interval_score(np.array(low), np.array(high), np.array(x)))
    width = high - low
    if low <= x <= high:
        assert score == width
    else:
        outside = low - x if x < low else x - high
        assert score == pytest.approx(width + 10.0 * outside, rel=1e-12)
    flipped = float(interval_score(np.array(-high), np.array(-low), np.array(-x)))
    assert flipped == pytest.approx(score, rel=1e-12)
    moved = float(interval_score(np.array(low + 7.0), np.array(high + 7.0), np.array(x + 7.0)))
    assert moved == pytest.approx(score, rel=1e-6, abs=1e-3)
    assert score >= width >= 0.0


def test_the_score_is_proper() -> None:
    """Over many outcomes the central 80 % interval scores best: neither wider nor narrower pays."""
    z = np.linspace(-4.0, 4.0, 8001)
    weight = np.exp(-0.5 * z * z) / np.exp(-0.5 * z * z).sum()
    scores = {h: float((interval_score(np.array(-h), np.array(h), z) * weight).sum()) for h in np.arange(0.4, 2.6, 0.02)}
    best = min(scores, key=scores.__getitem__)
    assert best == pytest.approx(1.2816, abs=0.03)


def guided(war: Rules, s: State, low: float, high: float, turns: int) -> np.ndarray:
    """(G) credibility of seat 0 after guidance of ``low`` to ``high`` times the truth for some quarters."""
    seats = ("thumb",) * war.firms
    for _ in range(turns):
        decisions = decide_all(war, s, seats)
        blind = decisions.copy()
        blind[GUIDANCE, 0] = np.nan
        # What will be, seen by playing it: guidance moves neither cash nor revenue of the same quarter.
        ahead = play_quarter(war, s, blind)[0]
        then = play_quarter(war, ahead, decide_all(war, ahead, seats))[0]
        for name, truth in (("cash", then.cash[0] / 100.0), ("revenue", then.revenue[0])):
            half = 0.05 * np.abs(truth) + 1e5
            decisions[LEVER[f"guidance.{name}.low"], 0] = truth + low * half
            decisions[LEVER[f"guidance.{name}.high"], 0] = truth + high * half
        s = play_quarter(war, s, decisions)[0]
    return s.credibility[0]


def test_good_guidance_raises_credibility_and_bad_lowers_it(war: Rules) -> None:
    quiet = without_cards(war)
    start = opening(quiet, range(12))
    good, bad = guided(quiet, start, -1.0, 1.0, 4), guided(quiet, start, 60.0, 62.0, 4)
    assert np.median(good) > np.median(start.credibility[0]) + 0.05
    assert np.median(bad) < np.median(start.credibility[0]) - 0.05
    assert (good > bad).all()


def test_no_guidance_drifts_to_one_half(war: Rules) -> None:
    s = opening(war, [1])
    for given_now in (0.1, 0.9):
        state = s.evolve(credibility=np.full_like(s.credibility, given_now))
        new = score_guidance(war, state, state.cash / 100.0, state.revenue)
        assert (np.abs(new - 0.5) < abs(given_now - 0.5)).all() and (np.abs(new - given_now) < 0.05).all()


def test_reversed_and_endless_intervals_count_as_none(war: Rules) -> None:
    s = opening(war, [1])
    none = score_guidance(war, s, s.cash / 100.0, s.revenue)
    for low, high in ((5.0, 5.0), (9.0, 1.0), (-np.inf, np.inf), (np.nan, 1.0)):
        odd = s.guidance.copy()
        odd[0], odd[1] = low, high
        got = score_guidance(war, s.evolve(guidance=odd), s.cash / 100.0, s.revenue)
        assert np.array_equal(got, none), (low, high)


def test_the_naive_interval_earns_nothing(war: Rules) -> None:
    """Saying what the naive forecast says moves credibility like saying nothing."""
    s = step(war, opening(war, [3]), mixed(war.firms))[0]
    cash, revenue = s.cash / 100.0, s.revenue
    s = s.evolve(cash_before=s.cash, revenue_before=revenue)
    odd = np.stack([*naive_interval(war, cash), *naive_interval(war, revenue)])
    silent = s.evolve(guidance=np.full_like(s.guidance, np.nan))
    args = (1.1 * cash, 1.1 * revenue)
    assert np.allclose(score_guidance(war, s.evolve(guidance=odd), *args), score_guidance(war, silent, *args))


def test_credibility_makes_capital_cheaper(war: Rules) -> None:
    from game.engine.finance import expected_fill, interest, round_price

    s = step(war, opening(war, [3]), mixed(war.firms))[0]
    s = s.evolve(debt=s.debt + 10**10)
    poor, good = s.evolve(credibility=s.credibility * 0.0 + 0.2), s.evolve(credibility=s.credibility * 0.0 + 0.8)
    live = s.alive
    assert (interest(war, poor) > interest(war, good))[live].all()
    assert (round_price(war, poor) <= round_price(war, good))[live].all()
    assert (expected_fill(war, poor) <= expected_fill(war, good))[live].all()


# Planted fault.


def test_a_value_of_mere_cash_would_reward_the_cut(war: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were equity nothing but cash, the test above would see that cutting research pays."""
    from game.engine import valuation

    monkeypatch.setattr(valuation, "skills", lambda rules, s: np.zeros_like(s.lnc))
    thin = with_params(war, equity_research=0.0, equity_knowledge=0.0)
    (kept, alive), (cut, still) = last_quarters(thin, 1.0), last_quarters(thin, 0.0)
    assert np.median((cut - kept)[alive & still]) > 0.0


def test_knowledge_is_paid_for_by_segment(war: Rules) -> None:
    """Knowledge and its upkeep count in verticals alone; the levers run in the order of the segments."""
    rows = [LEVER[f"knowledge.{v}"] for v in VERTICALS]
    assert rows == list(range(rows[0], rows[0] + len(VERTICALS)))
