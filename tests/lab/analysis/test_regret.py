"""Regret before the fact: against plain loops, from the view alone, marked only where chance is excluded."""

from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import pytest
from analysis_builders import TINY

from game.content import Content
from game.content.build import build_rules
from game.engine import derive
from game.engine.draws import seed_array, seed_words
from game.engine.names import LEVER, LEVERS
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.state import State
from game.engine.view import View, observe
from game.foresight import candidates
from game.foresight.candidates import strategies
from game.foresight.direction import follow, read
from game.foresight.estimate import estimate
from game.foresight.views import gather
from game.lab.analysis import regret as r
from game.lab.analysis.model import Measured
from game.policies import decide_all
from tests.engine.playing import opening, step


@pytest.fixture(scope="module")
def seats(war: Rules) -> tuple[str, ...]:
    return ("human", *("thumb",) * (war.firms - 1))


@pytest.fixture(scope="module")
def truth(war: Rules) -> State:
    state = opening(war, ["regret/1", "regret/2"])
    for _ in range(4):
        state = step(war, state, ("reactive", *("thumb",) * (war.firms - 1)))[0]
    return state.take([0])


@pytest.fixture(scope="module")
def view(war: Rules, truth: State) -> View:
    return observe(war, truth, (0,))


@pytest.fixture(scope="module")
def done(war: Rules, view: View) -> np.ndarray:
    """What a plain rule of thumb would do, but with tokens given away far below cost and everybody fired."""
    plan = strategies(war, view)[:, 0].copy()
    for n, row in LEVER.items():
        if n.startswith("staff."):
            plan[row] = 0.0
    plan[LEVER["price.token"]] = 0.0
    return plan


def value_by_hand(war: Rules, view: View, seats: tuple[str, ...], plan: np.ndarray, first: int, games: int) -> list[float]:
    """The naive twin: each future of the fresh sample played on by itself, game by game."""
    field = ("reactive", *seats[1:])
    sample = estimate(war, view, ("thumb",) * war.firms, first + games)
    out = []
    for g in range(first, first + games):
        s = sample.take([g])
        way = read(war, gather(view, 1), np.where(np.isnan(plan), view.own.levers[:, 0, 0], plan)[:, None, None])
        for q in range(4):
            decisions = decide_all(war, s, field)
            decisions[:, 0] = follow(war, observe(war, s, (0,)), way)[:, 0] if q else plan[:, None]
            s = play_quarter(war, s, decisions)[0]
        out.append(float(derive.value(s)[0, 0]))
    return out


def test_regret_is_what_plain_loops_make_of_it(
    war: Rules, view: View, done: np.ndarray, seats: tuple[str, ...]
) -> None:
    found = r.weigh_up(war, view, done, seats, r.Desk(), TINY)
    mine = value_by_hand(war, view, seats, done, TINY.select, TINY.measure)
    theirs = value_by_hand(war, view, seats, found.best, TINY.select, TINY.measure)
    gaps = [b - a for a, b in zip(mine, theirs)]
    mean = sum(gaps) / len(gaps)
    spread = math.sqrt(sum((g - mean) ** 2 for g in gaps) / (len(gaps) - 1))
    half = 1.6448536269514722 * spread / math.sqrt(len(gaps))
    assert found.regret.mean == pytest.approx(mean, rel=1e-9)
    assert (found.regret.low, found.regret.high) == pytest.approx((mean - half, mean + half), rel=1e-9)
    logs = [math.log1p(b / 1e7) - math.log1p(a / 1e7) for a, b in zip(mine, theirs)]
    assert found.log_regret.mean == pytest.approx(sum(logs) / len(logs), rel=1e-9)
    assert found.worth == pytest.approx(sum(mine) / len(mine), rel=1e-12)
    assert found.better == pytest.approx(sum(theirs) / len(theirs), rel=1e-12)


def test_the_best_is_chosen_on_one_sample_and_measured_on_another(
    war: Rules, view: View, done: np.ndarray, seats: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    real = r.ahead.look
    monkeypatch.setattr(r.ahead, "look", lambda *a, **k: asked.append((a[3], k.get("after", 0))) or real(*a, **k))
    r.weigh_up(war, view, done, seats, r.Desk(), TINY)
    assert asked == [(TINY.select, 0), (TINY.measure, TINY.select)]


def test_a_gross_mistake_is_surely_one(war: Rules, view: View, done: np.ndarray, seats: tuple[str, ...]) -> None:
    found = r.weigh_up(war, view, done, seats, r.Desk(), TINY)
    assert found.label != r.OWN and found.regret.sure and found.regret.low > 0
    share = r.share_of(found.regret, found.worth, found.better)
    assert r.verdict(found.regret, found.log_regret, share) in ("mistake", "blunder")
    named = [m.lever for m in r.moves(war, view, done, found.best)]
    assert any(n.startswith("staff.") for n in named)
    assert not {"card.choice", "distress.choice"} & set(named), "nothing lies on the desk"
    assert not any(n.startswith("guidance.") for n in named)


def test_whoever_does_what_was_found_best_regrets_nothing(
    war: Rules, view: View, seats: tuple[str, ...]
) -> None:
    label, best = r.choose(war, view, strategies(war, view)[:, 0], seats, TINY.select)
    again = r.weigh_up(war, view, best, seats, r.Desk(), TINY)
    better = [m for m in (again.regret, again.log_regret) if m.low > 0]
    assert label and (again.label == r.OWN) == (again.regret == Measured(0.0, 0.0, 0.0))
    assert again.regret.mean <= 0.05 * again.worth, better


def test_equal_views_give_equal_regret(war: Rules, truth: State, view: View, done: np.ndarray, seats: tuple[str, ...]) -> None:
    """The border: other hidden books and another fate behind the same view change nothing, to the bit."""
    cash, pilots = truth.cash.copy(), truth.pilots.copy()
    cash[1:] *= 3
    pilots[1:] += 7.0
    other = truth.evolve(cash=cash, pilots=pilots, seed=seed_array([seed_words("another fate")]))
    again = observe(war, other, (0,), view.public)
    one, two = (r.weigh_up(war, v, done, seats, r.Desk(), TINY) for v in (view, again))
    for field in fields(one):
        if field.name not in ("best", "futures"):
            assert getattr(one, field.name) == getattr(two, field.name), field.name
    assert np.array_equal(one.best, two.best, equal_nan=True)
    assert np.array_equal(one.futures.value, two.futures.value)


def test_parts_change_no_number(
    war: Rules, view: View, done: np.ndarray, seats: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = r.weigh_up(war, view, done, seats, r.Desk(), TINY)
    monkeypatch.setattr(r, "PART", 7)
    parts = r.weigh_up(war, view, done, seats, r.Desk(), TINY)
    assert (parts.label, parts.regret, parts.gain) == (whole.label, whole.regret, whole.gain)


def test_an_interval_excludes_zero_only_where_there_is_a_difference() -> None:
    """Of samples without a difference about one in ten is sure, by either side; of a planted one all are."""
    luck = np.random.default_rng(5).standard_t(3, size=(400, 120))
    sure = sum(r.measured(row).sure for row in luck)
    assert 0.05 < sure / 400 < 0.15
    assert all(r.measured(row + 2.0).low > 0 for row in luck)
    assert r.measured(np.zeros(9)) == Measured(0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    "regret, log, share, mark",
    [
        (Measured(0.0, 0.0, 0.0), Measured(0.0, 0.0, 0.0), 0.0, "best"),
        (Measured(-3.0, -5.0, -1.0), Measured(-0.1, -0.2, -0.05), -0.2, "best"),
        (Measured(9.0, -1.0, 19.0), Measured(0.1, 0.05, 0.2), 0.9, "ok"),
        (Measured(9.0, 1.0, 17.0), Measured(0.1, -0.05, 0.2), 0.9, "ok"),
        (Measured(9.0, 1.0, 17.0), Measured(0.1, 0.05, 0.2), 0.079, "ok"),
        (Measured(9.0, 1.0, 17.0), Measured(0.1, 0.05, 0.2), 0.08, "inaccuracy"),
        (Measured(9.0, 1.0, 17.0), Measured(0.1, 0.05, 0.2), 0.15, "mistake"),
        (Measured(9.0, 1.0, 17.0), Measured(0.1, 0.05, 0.2), 0.25, "blunder"),
    ],
)
def test_marks(regret: Measured, log: Measured, share: float, mark: str) -> None:
    assert r.verdict(regret, log, share) == mark


def test_strategies_have_a_name_each() -> None:
    assert len(r.LABELS) == candidates.STRATEGIES and len(set(r.LABELS)) == len(r.LABELS)


def test_every_open_choice_is_weighed(war: Rules, view: View, done: np.ndarray, seats: tuple[str, ...]) -> None:
    plan = done.copy()
    plan[LEVER["distress.choice"]] = 2.0  # closed: there is no unit to sell, so the rules take the last way
    desk = r.Desk(distress=True, unit=False)
    (answer,) = r.weigh_up(war, view, plan, seats, desk, TINY).answers
    assert (answer.card, answer.choice, [o.allowed for o in answer.options]) == (
        "distress", 4, [True, True, False, True, True],
    )  # fmt: skip
    assert [o.worth is None for o in answer.options] == [False, False, True, False, True]


def test_with_five_levers_nobody_is_blamed_for_the_others(shipped: Content) -> None:
    """Candidates are what the five levers can say: the rest follows by default management."""
    rules = build_rules(shipped, "first-lesson")
    assert rules.five
    state = opening(rules, ["five"])
    view = observe(rules, state, (0,))
    plans = r.bound(rules, view, strategies(rules, view))
    again = r.bound(rules, view, plans)
    kept = [row for name, row in LEVER.items() if name in ("route", "price.token", "research.budget")]
    assert np.array_equal(plans[kept], again[kept]), "the levers that are shown"
    assert plans.shape == (len(LEVERS), candidates.STRATEGIES)
    free = r.bound(build_rules(shipped, "war"), view, strategies(rules, view))
    assert not np.array_equal(plans, free, equal_nan=True)
