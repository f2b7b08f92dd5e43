"""Futures of a plan: from the view alone, under common luck, the same in parts and together."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from game.engine.draws import seed_array, seed_words
from game.engine.names import LEVER
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.state import ARRAYS, State
from game.engine.view import View, observe
from game.foresight import futures as module
from game.foresight.direction import follow, read
from game.foresight.estimate import estimate
from game.foresight.futures import Futures, assumed, directions, futures, horizon, in_parts, look, play_on
from game.foresight.views import gather
from game.policies import decide_all
from tests.engine.playing import opening, step

GAMES = 24
NAMES = [f.name for f in fields(Futures) if f.name != "first"]


@pytest.fixture(scope="module")
def seats(war: Rules) -> tuple[str, ...]:
    return ("human", *("thumb",) * (war.firms - 1))


@pytest.fixture(scope="module")
def truth(war: Rules) -> State:
    state = opening(war, ["fate/1", "fate/2"])
    for _ in range(5):
        state = step(war, state, ("reactive", *("thumb",) * (war.firms - 1)))[0]
    return state


@pytest.fixture(scope="module")
def view(war: Rules, truth: State) -> View:
    return observe(war, truth.take([0]), (0,))


@pytest.fixture(scope="module")
def plan(war: Rules, truth: State) -> np.ndarray:
    return decide_all(war, truth.take([0]), ("reactive",) * war.firms)[:, 0, 0]


def same(a: Futures, b: Futures) -> list[str]:
    return [n for n in NAMES if not np.array_equal(getattr(a, n), getattr(b, n))]


def test_shapes_and_units(war: Rules, view: View, plan: np.ndarray, seats: tuple[str, ...]) -> None:
    got = futures(war, view, plan, seats, games=GAMES)
    assert got.first == view.quarter
    assert got.cash.shape == got.revenue.shape == got.value.shape == got.rank.shape == got.bankrupt.shape == (4, GAMES)
    assert got.share.shape == (4, 8, GAMES) and (got.share >= 0).all() and (got.share <= 1).all()
    assert (got.value >= 0).all() and not got.value[got.bankrupt].any()
    assert ((got.rank >= 1) & (got.rank <= war.firms)).all()
    assert np.unique(got.cash[-1]).size > GAMES // 2, "their luck differs"


def test_one_future_is_the_rules_own_game(
    war: Rules, view: View, plan: np.ndarray, seats: tuple[str, ...]
) -> None:
    """A naive twin: the sample played on by hand, one quarter of the plan and then default management along it."""
    got = futures(war, view, plan, seats, games=GAMES)
    field = ("reactive", *seats[1:])
    s = estimate(war, view, ("thumb",) * war.firms, GAMES)
    way = read(war, gather(view, GAMES), np.repeat(plan[:, None, None], GAMES, axis=-1))
    for q in range(4):
        decisions = decide_all(war, s, field)
        decisions[:, 0] = follow(war, observe(war, s, (0,)), way)[:, 0] if q else plan[:, None]
        s = play_quarter(war, s, decisions)[0]
        assert np.array_equal(got.cash[q], s.cash[0] / 100.0)
        assert np.array_equal(got.revenue[q], s.revenue[0])


def test_equal_views_give_equal_futures(
    war: Rules, truth: State, view: View, plan: np.ndarray, seats: tuple[str, ...]
) -> None:
    """Another true seed and other hidden books behind the same view: the same futures to the bit."""
    one = truth.take([0])
    cash, pilots = one.cash.copy(), one.pilots.copy()
    cash[1:] *= 3
    pilots[1:] += 7.0
    other = one.evolve(cash=cash, pilots=pilots, seed=seed_array([seed_words("quite another")]))
    again = observe(war, other, (0,), view.public)
    assert same(futures(war, view, plan, seats, games=GAMES), futures(war, again, plan, seats, games=GAMES)) == []


def test_futures_from_the_true_state_would_be_noticed(
    war: Rules, truth: State, view: View, plan: np.ndarray, seats: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: the sample is the truth itself."""
    one = truth.take([0])
    honest = futures(war, view, plan, seats, games=GAMES)
    monkeypatch.setattr(module, "estimate", lambda *_, **__: one.take([0] * GAMES))
    told = futures(war, view, plan, seats, games=GAMES)
    assert "cash" in same(honest, told) and np.unique(told.cash[-1]).size == 1


def test_parts_and_whole_are_the_same(
    war: Rules, view: View, plan: np.ndarray, seats: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = futures(war, view, plan, seats, games=GAMES)
    monkeypatch.setattr(module, "CHUNK", 7)
    parts = list(in_parts(war, view, plan, seats, games=GAMES, first=5))
    assert [p.cash.shape[-1] for p in parts] == [5, 7, 7, 5]
    assert same(module.join(parts), whole) == []
    ready = look(war, view, seats, GAMES)
    assert same(futures(war, view, plan, seats, outlook=ready), whole) == []


@pytest.mark.parametrize("games", [24, 300])
def test_a_part_is_that_part_of_the_whole(war: Rules, view: View, seats: tuple[str, ...], games: int) -> None:
    """Also beyond the prior ensemble, whose members are used again."""
    part = slice(games - 13, games - 2)
    whole, some = look(war, view, seats, games), look(war, view, seats, games, part=part)
    for name in ARRAYS:
        array = getattr(whole.sample, name)[..., part]
        assert np.array_equal(array, getattr(some.sample, name), equal_nan=array.dtype.kind == "f"), name
    assert np.array_equal(whole.rivals[..., part], some.rivals, equal_nan=True)


def test_plans_side_by_side_are_as_alone_and_share_their_luck(
    war: Rules, view: View, plan: np.ndarray, seats: tuple[str, ...]
) -> None:
    dearer = plan.copy()
    dearer[LEVER["price.token"]] *= 2.0
    outlook = look(war, view, seats, GAMES)
    plans = np.stack([plan, dearer, plan], axis=-1)
    *_, final = play_on(war, outlook, plans, directions(war, view, plans), 4)
    first, second, third = (final.cash[0, i * GAMES : (i + 1) * GAMES] / 100.0 for i in range(3))
    assert np.array_equal(first, third), "the same plan, the same luck, the same end"
    assert np.array_equal(second, futures(war, view, dearer, seats, games=GAMES).cash[-1])
    assert (first != second).any()
    seeds = final.seed.reshape(2, 3, GAMES)
    assert (seeds == seeds[:, :1]).all()


def test_a_plan_is_kept_to(war: Rules, view: View, plan: np.ndarray) -> None:
    """Following the direction of a managed plan in the same quarter gives the plan back, near enough."""
    again = follow(war, view, read(war, view, plan[:, None, None]))[:, 0, 0]
    for name in ("route", "price.token", "price.app", "price.solution"):
        assert again[LEVER[name]] == pytest.approx(plan[LEVER[name]]), name
    assert again[LEVER["research.budget"]] == pytest.approx(plan[LEVER["research.budget"]], abs=1e6), "in whole millions"
    more = plan.copy()
    more[LEVER["research.budget"]] += 2e7
    far = follow(war, view, read(war, view, more[:, None, None]))[:, 0, 0]
    assert far[LEVER["research.budget"]] > 1.5e7 + again[LEVER["research.budget"]]


def test_nothing_given_leaves_a_lever_standing(
    war: Rules, view: View, plan: np.ndarray, seats: tuple[str, ...]
) -> None:
    row = LEVER["price.app"]
    silent, spoken = plan.copy(), plan.copy()
    silent[row], spoken[row] = np.nan, view.own.levers[row, 0, 0]
    assert same(futures(war, view, silent, seats, games=8), futures(war, view, spoken, seats, games=8)) == []


def test_a_fresh_sample_shares_no_luck_with_the_first(war: Rules, view: View, seats: tuple[str, ...]) -> None:
    first, fresh = look(war, view, seats, GAMES).sample, look(war, view, seats, GAMES, after=GAMES).sample
    assert fresh.games == GAMES
    assert not set(first.seed[0].tolist()) & set(fresh.seed[0].tolist())


def test_the_end_of_the_scenario_cuts_the_futures_short(war: Rules) -> None:
    assert [horizon(war, war.last - k) for k in (5, 3, 1, 0)] == [4, 4, 2, 1]


def test_people_and_planners_count_as_reactive() -> None:
    assert assumed(("human", "planner", "thumb", "default")) == ("reactive", "reactive", "thumb", "default")
