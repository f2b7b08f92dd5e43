"""Static strategies are what they say, in any batch; places judge them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.engine.names import LEVER, ROUTES, SEGMENTS
from game.engine.rules import Rules
from game.engine.view import observe
from game.lab.balance import variety
from game.lab.balance.plan import Plan
from game.lab.statics import (
    POSTURES,
    Static,
    StaticResult,
    all_statics,
    join_statics,
    play_statics,
    static_levers,
)  # fmt: skip
from tests.engine.playing import opening

FEW = (Static(0, 0, 2), Static(3, 2, 0), Static(2, 1, 5))


@pytest.fixture(scope="module")
def short(war: Rules) -> Rules:
    return dataclasses.replace(war, quarters=8)


@pytest.fixture(scope="module")
def played(short: Rules) -> StaticResult:
    return play_statics(short, FEW, (3, 4))


def test_there_is_one_for_each_route_posture_and_open_segment(war: Rules) -> None:
    every = all_statics(war)
    assert len(every) == len(set(every)) == len(ROUTES) * len(POSTURES) * int(war.segments.sum())
    closed = dataclasses.replace(war, segments=np.where(np.arange(len(SEGMENTS))[:, None] == 7, 0.0, war.segments))
    assert all(s.focus != 7 for s in all_statics(closed)) and len(all_statics(closed)) == len(every) - 12


def test_levers_are_the_strategy_and_within_limits(war: Rules) -> None:
    state = opening(war, range(1, len(FEW) + 1))
    view = observe(war, state, (0,))
    levers = static_levers(war, view, FEW)[:, 0]
    fine = np.isnan(levers) | ((levers >= view.own.low[:, 0]) & (levers <= view.own.high[:, 0]))
    assert fine.all()
    assert levers[LEVER["route"]].tolist() == [s.route for s in FEW]
    price = levers[LEVER["price.token"]] / view.own.token_cost[0]
    assert price[0] < price[2] < price[1]
    assert levers[LEVER["price.solution"]].tolist() == [0.85, 1.2, 1.0]
    people = levers[LEVER["staff.developers"] : LEVER["staff.developers"] + len(SEGMENTS)]
    for v in (2, 5):
        assert people[v].argmax() == [s.focus for s in FEW].index(v)


def test_a_batch_of_strategies_is_each_of_them(short: Rules, played: StaticResult) -> None:
    assert played.value.shape == (3, 2) and len(np.unique(played.value)) > 3
    for k, static in enumerate(FEW):
        alone = play_statics(short, [static], [4])
        assert alone.value[0, 0] == played.value[k, 1]
        assert np.array_equal(alone.gains[:, 0, 0], played.gains[:, k, 1])


def test_gains_of_the_acts_add_up(short: Rules, played: StaticResult) -> None:
    start = play_statics(dataclasses.replace(short, quarters=0), FEW, (3, 4)).value
    assert np.allclose(start + played.gains.sum(axis=0), played.value)
    joined = join_statics([played, played])
    assert joined.value.shape == (3, 4) and joined.gains.shape == (2, 3, 4)


def results(plan: Plan, value: dict[str, float]) -> dict[object, StaticResult]:
    """The same result at every place: ``value`` by name of a static, 1 for the others, four seeds."""
    statics = tuple(Static(r, p, v) for r in range(4) for p in range(3) for v in range(8))
    table = np.array([[value.get(s.name, 1.0) * (1 + 0.01 * i) for i in range(4)] for s in statics])
    gains = np.stack([table, -table])
    return {t: StaticResult(statics, table, 0 * table, gains) for t in variety._tasks(plan)}


def test_a_strategy_that_always_wins_is_found_out() -> None:
    plan = Plan(static_seeds=4, quick=True)
    found = variety.judge(plan, results(plan, {"open/low/medical": 2.0}))
    assert [f.value for f in found.findings] == [1.0, pytest.approx(0.5), 1.0, 1.0]
    assert [f.met for f in found.findings] == [False] * 4 and found.met is False
    even = variety.judge(plan, results(plan, {"open/low/medical": 1.2}))
    assert even.findings[1].met and even.findings[1].value == pytest.approx(1 / 1.2)
    assert even.findings[1].interval == pytest.approx((1 / 1.2, 1 / 1.2))


def test_acts_that_reward_the_same_are_found_out() -> None:
    plan = Plan(static_seeds=4, quick=True)
    done = results(plan, {"open/low/medical": 2.0, "closed/low/medical": 3.0})
    task = variety.Statics(plan.home, 4)
    assert variety.judge_acts(plan, done).findings[0].value == pytest.approx(-1.0)
    same = dataclasses.replace(done[task], gains=np.abs(done[task].gains))
    assert variety.judge_acts(plan, {**done, task: same}).met is False
