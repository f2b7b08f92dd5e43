"""Whatever is handed in as a decision, the market goes on: nothing raises, no NaN, no negative stock."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from game.engine import play
from game.engine.derive import shares
from game.engine.limits import GUIDANCE, admissible, bounds
from game.engine.names import LEVER, LEVERS
from game.engine.numeric import osum
from game.engine.play import Ledger, play_quarter
from game.engine.rules import Rules
from game.engine.state import ARRAYS, State, concat
from tests.engine.playing import mixed, opening, step

GAMES = 3
MAY_BE_UNKNOWN = {"guidance", "levers"}
STOCKS = ("debt", "paid_out", "trust", "community", "research_capital", "equity", "volume", "price", "customers",
          "hosted", "leads", "pilots", "knowledge", "freshness", "signed", "started", "staff", "hiring", "due", "bill",
          "adopters", "outside", "compute_price", "sentiment", "fringe", "exits", "tender_value", "tender_count",
          "safety", "founders", "credibility", "unserved", "utilisation", "habit")
SHARES = ("trust", "safety", "founders", "credibility", "freshness", "unserved", "utilisation", "habit")
WILD = (np.nan, np.inf, -np.inf, 0.0, -0.0, -1.0, 0.5, 1.5, 2.5, 1e-320, 1e9, -1e9, 1e18, -1e18, 1e308, -1e308)
VALUES = st.one_of(
    st.sampled_from(WILD), st.floats(allow_nan=True, allow_infinity=True, width=64), st.floats(0.0, 1e9),
    st.integers(-5, 200).map(float),
)
"""A lever may be anything at all; half of the time it is something that may happen."""


class Moments(list[State]):
    """Three mixed games at five moments; printed in one word, for a failing example prints what it was given."""

    def __repr__(self) -> str:
        return "moments"


class Deal:
    """Rules, printed in one word."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def __repr__(self) -> str:
        return "war"


@pytest.fixture(scope="module")
def deal(war: Rules) -> Deal:
    return Deal(war)


@pytest.fixture(scope="module")
def middles(war: Rules) -> Moments:
    state, kept = opening(war, ["any/1", "any/2", "any/3"]), Moments()
    for quarter in range(18):
        if quarter in (0, 2, 6, 11, 17):
            kept.append(state)
        state = step(war, state, mixed(war.firms))[0]
    return kept


def faults(after: State, ledger: Ledger | None = None) -> list[str]:
    """What a state must never hold, in words."""
    wrong = []
    for name in ARRAYS:
        array = getattr(after, name)
        if array.dtype.kind != "f":
            continue
        known = np.delete(array, range(GUIDANCE.start, GUIDANCE.stop), axis=0) if name == "levers" else array
        if name != "guidance" and not np.isfinite(known).all():
            wrong.append(f"{name} is not finite")
    wrong += [f"{name} is negative" for name in STOCKS if (getattr(after, name) < 0).any()]
    wrong += [f"{name} is above one" for name in SHARES if (getattr(after, name) > 1.0 + 1e-12).any()]
    if (after.cash.sum(axis=0) + after.accounts.sum(axis=0)).any():
        wrong.append("accounts do not add up to zero")
    of_users = osum(shares(after))
    if (of_users > 1.0 + 1e-12).any():
        wrong.append("shares of users exceed one")
    if ledger is not None:
        everybody = osum(ledger.choice.share) + ledger.choice.outside
        if not np.allclose(everybody, 1.0, rtol=0.0, atol=1e-12):
            wrong.append("shares with the outside good do not add up to one")
    return wrong


def fill(base: np.ndarray, cells: list[tuple[int, int, int, float]], rows: list[tuple[int, float]]) -> np.ndarray:
    decisions = base.copy()
    for lever, value in rows:
        decisions[lever] = value
    for lever, firm, game, value in cells:
        decisions[lever, firm, game] = value
    return decisions


PHASES = (Phase.generate, Phase.shrink)
ROWS = st.lists(st.tuples(st.integers(0, len(LEVERS) - 1), VALUES), max_size=len(LEVERS))
CELLS = st.lists(st.tuples(st.integers(0, len(LEVERS) - 1), st.integers(0, 11), st.integers(0, GAMES - 1), VALUES),
                 max_size=30)


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(moment=st.integers(0, 4), plan=st.lists(st.tuples(ROWS, CELLS), min_size=1, max_size=3))
def test_any_decisions_at_all(
    deal: Deal, middles: Moments, moment: int,
    plan: list[tuple[list[tuple[int, float]], list[tuple[int, int, int, float]]]],
) -> None:
    state, war = middles[moment], deal.rules
    for rows, cells in plan:
        if state.quarter > war.last:
            break
        decisions = fill(state.levers, cells, rows)
        state, ledger = play_quarter(war, state, decisions)
        assert faults(state, ledger) == []


@pytest.mark.parametrize("value", WILD)
def test_one_value_in_every_lever(war: Rules, middles: Moments, value: float) -> None:
    """Every lever of every firm at the same odd value, for three quarters in a row, guidance included."""
    for state in middles:
        for _ in range(3):
            if state.quarter <= war.last:
                state, ledger = play_quarter(war, state, np.full_like(state.levers, value))
                assert faults(state, ledger) == []


def test_huge_guidance_is_no_reason_to_lose_ones_mind(war: Rules, middles: Moments) -> None:
    """An interval as wide as numbers go is scored like any bad one."""
    state = middles[2]
    decisions = state.levers.copy()
    decisions[LEVER["guidance.cash.low"]], decisions[LEVER["guidance.cash.high"]] = -1.7e308, 1.7e308
    decisions[LEVER["guidance.revenue.low"]], decisions[LEVER["guidance.revenue.high"]] = -1e308, 1e308
    state, _ = play_quarter(war, state, decisions)
    state, _ = play_quarter(war, state, state.levers)
    assert faults(state) == []


def test_admitted_levers_lie_within_their_bounds(war: Rules, middles: Moments) -> None:
    for state in middles:
        low, high = bounds(war, state)
        assert (low <= high).all()
        for value in WILD:
            out = admissible(war, state, np.full_like(state.levers, value))
            inside = (out >= np.minimum(low, np.rint(low))) & (out <= np.maximum(high, np.rint(high)))
            inside[GUIDANCE] = True
            assert inside[:, state.alive].all(), value


def test_unknown_stands_for_the_standing_value(war: Rules, middles: Moments) -> None:
    state = middles[1]
    out = admissible(war, state, np.full_like(state.levers, np.nan))
    for name in ("price.token", "route", "compute.term", "research.scale"):
        assert np.array_equal(out[LEVER[name]], state.levers[LEVER[name]])


def test_decisions_of_firms_that_have_gone_count_for_nothing(war: Rules, middles: Moments) -> None:
    state = middles[-1]
    gone = state.status != 0
    assert gone.any()
    decisions = state.levers.copy()
    other = decisions.copy()
    other[:, gone] = 1e9
    one, two = play_quarter(war, state, decisions)[0], play_quarter(war, state, other)[0]
    assert all(np.array_equal(getattr(one, n), getattr(two, n), equal_nan=getattr(one, n).dtype.kind == "f")
               for n in ARRAYS)


def test_one_firm_cannot_disturb_another_game(war: Rules, middles: Moments) -> None:
    state = middles[2]
    decisions = state.levers.copy()
    decisions[:, 3, 1] = np.inf
    after = play_quarter(war, state, decisions)[0]
    still = play_quarter(war, state, state.levers)[0]
    for n in ARRAYS:
        for game in (0, 2):
            a, b = getattr(after, n)[..., game], getattr(still, n)[..., game]
            assert np.array_equal(a, b, equal_nan=a.dtype.kind == "f"), n


# Planted faults.


def test_without_limits_the_check_speaks(war: Rules, middles: Moments, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(play, "admissible", lambda rules, s, levers: levers)
    with np.errstate(all="ignore"):
        decisions = middles[1].levers.copy()
        decisions[LEVER["knowledge.finance"]] = np.nan
        after, ledger = play_quarter(war, middles[1], decisions)
    assert "knowledge is not finite" in faults(after, ledger)


def test_a_negative_stock_is_noticed(middles: Moments) -> None:
    both = concat([middles[0], middles[0]])
    assert faults(both) == []
    assert faults(both.evolve(leads=both.leads - 1e-9)) == ["leads is negative"]
    assert faults(both.evolve(trust=both.trust * np.nan)) == ["trust is not finite"]
