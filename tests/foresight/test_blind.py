"""Futures are blind: two games that look alike from a seat have the same futures to the bit, whatever is hidden."""

from __future__ import annotations

import pickle
from dataclasses import fields

import numpy as np
import pytest

from game.engine.rules import Rules
from game.engine.state import State
from game.engine.view import OWN_FIELDS, PUBLIC_FIELDS, View, observe
from game.foresight.estimate import inside
from game.foresight.futures import Futures, futures, in_parts, join, look
from game.policies import decide_all
from tests.engine.playing import opening, step

GAMES = 24
ME = 0
HIDDEN = ("cash", "debt", "cash_before", "paid_out", "founders", "equity", "lne", "safety", "credibility",
          "research_capital", "revenue", "revenue_before", "cost", "margin", "unserved", "utilisation", "volume",
          "leads", "pilots", "knowledge", "freshness", "signed", "started", "staff", "hiring", "due", "bill")
"""Rivals' rows that a seat does not see."""
HIDDEN_LATER = {"levers": 1, "guidance": 1, "seen": 1}
"""Likewise, with the axis of firms."""
NAMES = [f.name for f in fields(Futures) if f.name != "first"]


@pytest.fixture(scope="module")
def seats(war: Rules) -> tuple[str, ...]:
    return ("human", *("thumb",) * (war.firms - 1))


@pytest.fixture(scope="module")
def truth(war: Rules) -> State:
    state = opening(war, ["seen/1"])
    for _ in range(6):
        state = step(war, state, ("reactive", *("thumb",) * (war.firms - 1)))[0]
    return state


@pytest.fixture(scope="module")
def other(war: Rules, truth: State) -> State:
    """Everything that the seat cannot see is another game's: the true seed, rivals' books, stocks, people and plans."""
    stranger = opening(war, ["unseen"])
    for _ in range(6):
        stranger = step(war, stranger, ("thumb",) * war.firms)[0]
    new = {}
    for name, axis in {**dict.fromkeys(HIDDEN, 0), **HIDDEN_LATER}.items():
        array = getattr(truth, name).copy()
        mine, theirs = np.moveaxis(array, axis, 0), np.moveaxis(getattr(stranger, name), axis, 0)
        mine[1:] = theirs[1:]
        new[name] = array
    new |= {n: getattr(stranger, n) for n in ("seed", "price_shock", "fringe_gap", "exits", "accounts")}
    return truth.evolve(**new)


def fan(war: Rules, view: View, seats: tuple[str, ...], plan: np.ndarray) -> Futures:
    return futures(war, view, plan, seats, games=GAMES)


def differing(a: Futures, b: Futures) -> list[str]:
    return [n for n in NAMES if getattr(a, n).tobytes() != getattr(b, n).tobytes()]


def test_equal_views_give_equal_futures_to_the_bit(
    war: Rules, truth: State, other: State, seats: tuple[str, ...]
) -> None:
    here = observe(war, truth, (ME,))
    # The benchmark is the only public number with luck in it: the seed shows there and nowhere else.
    there = observe(war, other, (ME,), here.public)
    assert truth.seed.tobytes() != other.seed.tobytes()
    unlike = [n for n in HIDDEN if (getattr(truth, n)[1:] != getattr(other, n)[1:]).any()]
    assert len(unlike) > len(HIDDEN) - 4, "the two games are hardly different"
    for name in OWN_FIELDS:
        assert getattr(here.own, name).tobytes() == getattr(there.own, name).tobytes(), f"the views differ in {name}"
    plan = decide_all(war, truth, ("reactive",) * war.firms)[:, ME, 0]
    assert differing(fan(war, here, seats, plan), fan(war, there, seats, plan)) == []


def test_what_is_public_but_for_the_benchmark_is_equal_too(war: Rules, truth: State, other: State) -> None:
    """So the view above is not made equal by hand but for one noisy number."""
    here, there = observe(war, truth, (ME,)).public, observe(war, other, (ME,)).public
    unequal = {n for n in PUBLIC_FIELDS if getattr(here, n).tobytes() != getattr(there, n).tobytes()}
    assert unequal <= {"benchmark", "rank", "open_efficiency"}


def test_futures_of_a_view_that_travelled(war: Rules, truth: State, other: State, seats: tuple[str, ...]) -> None:
    """Pickled, a view holds its fields and nothing to ask for more; its futures, in parts too, are the same to the bit."""
    here = observe(war, truth, (ME,))
    plan = decide_all(war, truth, ("reactive",) * war.firms)[:, ME, 0]
    there: View = pickle.loads(pickle.dumps(observe(war, other, (ME,), here.public)))
    assert set(there.own.__dict__) == set(OWN_FIELDS)
    whole = fan(war, here, seats, plan)
    assert differing(whole, fan(war, there, seats, plan)) == []
    parts = list(in_parts(war, there, plan, seats, games=GAMES, first=7))
    assert len(parts) > 1 and differing(whole, join(parts)) == []


def test_a_leak_would_be_noticed(war: Rules, truth: State, other: State, seats: tuple[str, ...]) -> None:
    """The planted fault: a view that tells a rival's hidden number by its own cash."""
    here = observe(war, truth, (ME,))
    there = observe(war, other, (ME,), here.public)
    there.own.__dict__["cash"] = here.own.cash + other.cash[1:2] / 1e6
    plan = decide_all(war, truth, ("reactive",) * war.firms)[:, ME, 0]
    assert "cash" in differing(fan(war, here, seats, plan), fan(war, there, seats, plan))


def test_coverage_is_counted_over_rivals_still_trading(war: Rules, truth: State, seats: tuple[str, ...]) -> None:
    sample = look(war, observe(war, truth, (ME,)), seats, 64).sample
    hits = inside(truth, sample, ME, ("cash", "lnc"))
    rivals = int((truth.status[1:, 0] == 0).sum())
    assert hits.shape == (2, rivals)
    for row, f in enumerate(np.nonzero(truth.status[1:, 0] == 0)[0] + 1):
        low, high = np.quantile(sample.cash[f], [0.1, 0.9])
        assert hits[0, row] == (low <= truth.cash[f, 0] <= high)
