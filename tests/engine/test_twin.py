"""The naive twin against the arrays: every ledger line, every stock of users, every award, to nine digits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from game.engine import demand, play
from game.engine.names import LEVER
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.state import SHIFT_QUARTERS, State
from game.policies import decide_all
from tests.engine.playing import mixed, opening, step, without_cards
from tests.engine.twin import LINES, Twin

GAMES = 5
QUARTERS = (0, 1, 3, 6, 9, 13, 18)
STOCKS = ("customers", "hosted", "outside", "adopters", "leads", "pilots", "staff", "hiring", "knowledge", "freshness",
          "community", "unserved")


@pytest.fixture(scope="module")
def states(war: Rules) -> dict[int, State]:
    """States on the way of a few mixed games with cards; every firm's shifts stirred a little, by no draw."""
    seats = mixed(war.firms)
    state = opening(war, [f"twin/{i}" for i in range(GAMES)])
    kept = {}
    for q in range(max(QUARTERS) + 1):
        if q in QUARTERS:
            stir = np.sin(np.arange(state.shifts.size, dtype=float)).reshape(state.shifts.shape) * 0.08
            kept[q] = state.evolve(shifts=state.shifts + stir)
        state = step(war, state, seats)[0]
    return kept


def compare(rules: Rules, s: State) -> list[str]:
    """What differs between arrays and twin over a quarter, in words; an empty list where nothing does."""
    quiet = without_cards(rules)
    decisions = decide_all(rules, s, mixed(rules.firms))
    # Sales of firms move everything at once and have tests of their own.
    decisions[LEVER["distress.choice"]] = 4.0
    after, ledger = play_quarter(quiet, s, decisions)
    wrong: list[str] = []

    def same(name: str, ours: Any, theirs: Any, floor: float = 1e-9) -> None:
        ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
        if not np.all(np.abs(ours - theirs) <= 1e-9 * np.abs(theirs) + floor):
            at = np.unravel_index(np.argmax(np.abs(ours - theirs)), ours.shape)
            wrong.append(f"{name}{tuple(map(int, at))} quarter {s.quarter}: {ours[at]!r} is not {theirs[at]!r}")

    for g in range(s.games):
        twin = Twin(quiet, s, after.levers, g)
        twin.play()
        for row, line in enumerate(LINES):
            # A rounding of 1e-16 may fall on the other side of half a fen.
            same(f"line {line}", ledger.lines[row, :, g], twin.lines[line], floor=1.0)
        same("cash", after.cash[:, g], twin.cash, floor=12.0)
        same("debt", np.where(after.status[:, g] == 1, 0, twin.debt), after.debt[:, g], floor=1.0)
        same("share", ledger.choice.share[..., g], twin.share)
        same("outside share", ledger.choice.outside[:, g], twin.outside_share)
        same("volume", after.volume[:, g] - s.volume[:, g], np.where(twin.alive, twin.served, 0.0), floor=1e-3)
        same("due", after.due[..., :-1, g], np.array(twin.due)[:, :, 1:])
        same("bill", after.bill[..., :-1, g], np.array(twin.bill)[:, :, 1:], floor=1e-3)
        same("tenders won", ledger.awards.won[:, g], twin.won)
        same("tenders asked for", ledger.awards.bids[:, g], twin.bids)
        bankrupt = after.status[:, g] != s.status[:, g]
        for name in STOCKS:
            ours, theirs = getattr(after, name)[..., g], np.asarray(getattr(twin, name), dtype=float)
            if name in ("staff", "hiring"):
                theirs[bankrupt] = 0.0
            same(name, ours, theirs)
    return wrong


@pytest.mark.parametrize("quarter", QUARTERS)
def test_arrays_say_what_the_loops_say(war: Rules, states: dict[int, State], quarter: int) -> None:
    assert compare(war, states[quarter]) == []


def test_the_games_compared_have_something_to_compare(war: Rules, states: dict[int, State]) -> None:
    last = states[QUARTERS[-1]]
    assert (last.status == 1).any() and (last.status == 0).any()
    assert (last.debt > 0).any() and (last.customers[:, 2:] > 0).any() and (last.tender_count > 0).any()
    assert any(s.distress.any() for s in states.values())
    assert states[0].shifts.shape[1] == SHIFT_QUARTERS


# Planted faults: the twin notices each of them.


def test_twin_notices_a_price_term_without_hassle(
    war: Rules, states: dict[int, State], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = demand.ch.utility_terms

    def mutant(*args: Any) -> Any:
        terms = real(*args)
        return {**terms, "price": terms["price"] * 1.000001}

    monkeypatch.setattr(demand.ch, "utility_terms", mutant)
    assert any(w.startswith("share") for w in compare(war, states[6]))


def test_twin_notices_interest_on_last_quarters_debt(
    war: Rules, states: dict[int, State], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = play.finance.interest
    monkeypatch.setattr(play.finance, "interest", lambda r, s: real(r, s) * 1.001)
    assert any("interest" in w for w in compare(war, states[9]))


def test_twin_notices_a_tender_won_without_people(
    war: Rules, states: dict[int, State], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = play.tenders.award
    monkeypatch.setattr(play.tenders, "award", lambda r, s, *rest: real(r, s.evolve(staff=s.staff * 9), *rest))
    assert any("tenders" in w for s in states.values() for w in compare(war, s))
