"""Each measure of balance finds what was planted, and agrees with a naive count."""

from __future__ import annotations

import dataclasses
import importlib.util

import numpy as np
import pytest

from game.engine.names import LEVER, LEVERS
from game.engine.rules import Rules
from game.engine.view import observe
from game.lab.balance import card_choices, lever_worth, optimum, rungs, tell_worth
from game.lab.balance.deciding import LEVER_GROUPS, RESTRICTIONS, decide_bound
from game.lab.balance.finding import finding, measure
from game.lab.balance.letters import LETTERS, measure_balance
from game.lab.balance.plan import Plan, plan_of
from game.lab.balance.record import Place
from game.lab.balance.stats import bootstrap, correlation, paired_interval, rank_of, spearman, two_way, wilson
from game.lab.commands_balance import finding_line
from game.policies import reactive
from tests.engine.playing import opening
from tests.lab.balance_builders import made


# statistics -----------------------------------------------------------------------------------------------------------
def test_variance_goes_to_whom_it_belongs() -> None:
    seeds, policies = np.arange(8.0)[None], np.arange(3.0)[:, None]
    assert two_way(np.repeat(seeds, 3, axis=0))["seed"] == pytest.approx(1.0)
    assert two_way(np.repeat(policies, 8, axis=1))["policy"] == pytest.approx(1.0)
    both = two_way(seeds + policies)
    assert both["rest"] == pytest.approx(0.0) and both["seed"] + both["policy"] == pytest.approx(1.0)
    noise = two_way(np.random.default_rng(1).normal(size=(3, 2000)))
    assert noise["seed"] == pytest.approx(1 / 3, abs=0.03) and noise["seed_component"] < 0.05


def test_ranks_and_correlations() -> None:
    assert rank_of(np.array([5.0, 1.0, 5.0, 9.0])).tolist() == [1.5, 0.0, 1.5, 3.0]
    x = np.array([1.0, 2.0, 3.0, 4.0])
    assert spearman(x, np.exp(x)) == pytest.approx(1.0) and correlation(x, np.exp(x)) < 0.95
    assert spearman(x, -x) == pytest.approx(-1.0) and correlation(x, np.ones(4)) == 0.0


def test_intervals() -> None:
    low, high = wilson(0.5, 100, 1.96)
    assert (low, high) == pytest.approx((0.4038, 0.5962), abs=1e-4)
    assert wilson(0.0, 0) == (0.0, 1.0) and wilson(0.0, 40)[0] == 0.0 < wilson(0.0, 40)[1] < 0.1
    data = np.random.default_rng(3).normal(size=400)
    interval = bootstrap(lambda s: float(data[s].mean()), 400)
    assert interval is not None and interval == bootstrap(lambda s: float(data[s].mean()), 400)
    assert interval[1] - interval[0] == pytest.approx(2 * 1.645 * data.std() / 20, rel=0.15)
    assert bootstrap(lambda s: 0.0, 1) is None
    pairs = np.random.default_rng(4).choice([-1.0, 0.0, 0.5, 1.0], 900)
    low, high = paired_interval(pairs)
    half = 1.645 * pairs.std() / 30
    assert (low, high) == pytest.approx((pairs.mean() - half, pairs.mean() + half), abs=2e-3)


def test_findings_say_by_how_much() -> None:
    assert finding("x", "", 0.5, 0.6).distance == pytest.approx(0.1)
    assert finding("x", "", 0.5, None, 0.5).met and not finding("x", "", 0.5, None, 0.5, strict=True).met
    assert finding("x", "", 0.5, 0.2, 0.6).met and finding("x", "", 0.5, 0.2, 0.6).wanted == "0.2 to 0.6"
    assert not finding("x", "", 0.5, 0.0, interval=(-0.1, 1.0), sure=True).met
    assert finding("x", "", None, 0.2).met is None
    assert measure("x", "", [finding("x", "", 1.0, 0.0), finding("x", "", None, 0.0)]).met is None
    assert measure("x", "", [finding("x", "", -1.0, 0.0), finding("x", "", None, 0.0)]).met is False
    assert measure("x", "", [finding("x", "", 1.0, 0.0), finding("x", "", 9.0, None, 1.0, judged=False)]).met
    assert "MISSED by 0.100" in finding_line(finding("x", "", 0.5, 0.6))
    assert "not measured" in finding_line(finding("x", "", None, 0.6))


# the ladder's campaigns -----------------------------------------------------------------------------------------------
def naive_easy(runway: list[float]) -> float:
    longest = streak = 0
    for quarters in runway[:8]:
        streak = streak + 1 if quarters > 12 else 0
        longest = max(longest, streak)
    return float(longest > 3)


def test_cash_to_spare_is_four_quarters_in_a_row_before_the_last_act() -> None:
    draws = np.random.default_rng(5).random((20, 300)) < 0.6
    runway = np.where(draws, 13.0, 12.0)
    runway[3:6, 0] = np.nan
    found = rungs.easy(made([1.0] * 300, runway=runway))
    assert found.tolist() == [naive_easy(list(runway[:, s])) for s in range(300)] and 0 < found.mean() < 1
    late = np.zeros((20, 1))
    late[8:] = 99.0
    assert rungs.easy(made([1.0], runway=late)).tolist() == [0.0]


def test_leaders_are_counted_and_mid_game_is_judged() -> None:
    rank = np.random.default_rng(7).permuted(np.tile(np.arange(1, 6)[None, :, None], (6, 1, 9)), axis=1)
    naive = [sum(list(rank[q, :, s]).index(1) != list(rank[q - 1, :, s]).index(1) for q in range(1, 6)) for s in range(9)]
    assert rungs.leader_changes(rank).tolist() == naive
    some = rungs.among(rank, np.array([True, False, True, True, False]))
    assert np.array_equal(np.sort(some, axis=1), np.tile(np.arange(1, 4)[None, :, None], (6, 1, 9)))
    assert ((rank[:, 0] < rank[:, 2]) == (some[:, 0] < some[:, 1])).all()
    plan = Plan(seeds=9)
    frozen = rungs.judge_lead(plan, {plan.campaigns("reactive"): made([1.0] * 9)})
    assert [f.met for f in frozen.findings if f.judged] == [False, False] and frozen.findings[2].value == pytest.approx(1)


def test_survival_and_luck_are_judged() -> None:
    plan = Plan(seeds=10, planner_seeds=10)
    good = {t: made([1.0] * 10) for t in rungs._survival(plan)}
    broke = made([0.0] * 7 + [1.0] * 3, [4] * 7 + [-1] * 3)
    third = made([0.0] * 3 + [1.0] * 7, [4] * 3 + [-1] * 7)
    done = {**good, plan.campaigns("random"): broke, plan.campaigns("thumb"): third}
    assert rungs.judge_survival(plan, done).met
    assert rungs.judge_survival(plan, {**done, plan.campaigns("planner"): third}).met is False
    rank = np.tile(np.arange(1, 5)[None, :, None], (20, 1, 10))
    rank[:, 0] = np.arange(10)
    luck = rungs.judge_luck(plan, {plan.campaigns(p): made([1.0] * 10, rank=rank) for p in rungs.STANDARD})
    assert luck.findings[0].value == pytest.approx(1.0) and luck.met is False


# levers and cards -----------------------------------------------------------------------------------------------------
def test_restrictions_bind_their_own_levers_within_limits(war: Rules) -> None:
    assert {n for pair in LEVER_GROUPS.values() for n in pair} == set(RESTRICTIONS)
    view = observe(war, opening(war, [1]), (0,))
    plan = reactive.decide(war, view, np.empty((0, 1, 1)))[:, 0]
    touched = {}
    for name, bind in RESTRICTIONS.items():
        bound = plan.copy()
        bind(war, view, bound)
        changed = ~((bound == plan) | (np.isnan(bound) & np.isnan(plan)))
        touched[name] = {LEVERS[r].split(".")[0] for r in np.flatnonzero(changed[:, 0])}
        assert len(touched[name]) <= 1, name
    assert touched["route-open"] == {"route"} and touched["knowledge-none"] == {"knowledge"}
    assert touched["staff-no-hiring"] == {"staff"} and touched["raise-always"] == {"finance"}


def test_a_bound_planner_keeps_to_it_and_nobody_else_is_bound() -> None:
    place = Place("first-lesson")
    rules = place.rules
    state = opening(rules, [1])
    seats = ("planner", *("thumb",) * (rules.firms - 1))
    bound = decide_bound(rules, state, seats, "route-open")
    free = decide_bound(rules, state, ("reactive", *seats[1:]))
    assert bound[LEVER["route"], 0, 0] == 3.0
    assert np.array_equal(bound[:, 1:], free[:, 1:], equal_nan=True)
    with pytest.raises(ValueError, match="only planner can be bound"):
        decide_bound(rules, state, ("thumb", *seats[1:]), "route-open")
    with pytest.raises(KeyError):
        decide_bound(rules, state, seats, "no-such-restriction")


def test_the_worth_of_a_lever_is_paired() -> None:
    against = made([2.0] * 20)
    free, bound = made([3.0] * 20), made([1.0] * 5 + [3.0] * 15)
    points, interval = lever_worth.effect(free, bound, against)
    assert points == 25.0 and 0.0 < interval[0] < 25.0 < interval[1]
    much = lever_worth.lever_finding("route", {"route-kept": (points, interval), "route-open": (2.0, (1.0, 3.0))})
    assert much.met is False and much.distance == 10.0
    few = lever_worth.lever_finding("route", {"route-kept": lever_worth.effect(free, free, against)})
    assert "useless" not in few.what and few.value == 0.0
    many = made([3.0] * 400)
    nothing = lever_worth.lever_finding("route", {"route-kept": lever_worth.effect(many, many, made([2.0] * 400))})
    assert "useless" in nothing.what and nothing.value == 0.0 and not nothing.met
    assert lever_worth.lever_finding("route", {"route-kept": (-4.0, (-6.0, 1.0))}).interval == (0.0, 6.0)


def test_choices_are_counted_where_there_was_a_choice() -> None:
    record = made([1.0] * 30)
    card, choice, free = record.card.copy(), record.choice.copy(), record.free.copy()
    card[2:5], free[2:5, :2] = 0, 1.0  # 90 meetings of card a, two ways open
    choice[2, :9] = 1
    card[7], free[7, 2], choice[7] = 1, 1.0, 2  # card b with one way open is no choice
    record = dataclasses.replace(record, card=card, choice=choice, free=free)
    counts = card_choices.count([record])
    assert {n: t.tolist() for n, t in counts.items()} == {"a": [[90, 90, 0], [81, 9, 0]]}
    plan = Plan(quick=True)
    judged = card_choices.judge(plan, {plan.campaigns("planner"): record})
    assert judged.details["outside"] == ["a 0: 0.90 of 90"] and judged.met is False
    never = card_choices.judge(plan, {plan.campaigns("planner"): made([1.0])})
    assert never.met is None


# tells ----------------------------------------------------------------------------------------------------------------
def test_a_tell_that_tells_and_one_that_does_not() -> None:
    perfect, blind, never = np.array([30, 30, 0, 70]), np.array([15, 30, 35, 70]), np.array([0, 0, 10, 100])
    assert tell_worth.gain(perfect) == pytest.approx(0.7) and tell_worth.brier_skill(perfect) == 1.0
    assert tell_worth.gain(blind) == 0.0 and tell_worth.brier_skill(blind) == pytest.approx(0.0)
    assert tell_worth.gain(never) == 0.0
    plan = Plan(seeds=12)
    task = tell_worth.Tells(plan.home, 12)
    tells = [tell_worth.Told("x", "lab", "hire", np.tile(c[:, None], (1, 12))) for c in (perfect, perfect)]
    tells.append(tell_worth.Told("y", "giant", "hire", np.tile(blind[:, None], (1, 12))))
    assert [f.met for f in tell_worth.judge(plan, {task: tells}).findings] == [True, False]


def test_every_tell_of_the_war_is_counted(war: Rules) -> None:
    report = measure_balance(Plan(seeds=6), ["j"], processes=1)
    (tells,) = report.measures
    assert {t["rival"] for t in tells.details["tells"]} == set(war.names[1:])
    assert len(tells.findings) == 8 and all(f.value is not None for f in tells.findings)


# the optimum ----------------------------------------------------------------------------------------------------------
def test_a_standing_strategy_is_within_limits_and_its_weights_move_money(war: Rules) -> None:
    view = observe(war, opening(war, [1, 1]), (0,))
    theta = np.zeros((len(optimum.NUMBERS), 2))
    theta[optimum.NUMBERS.index("medical"), 1] = 2.0
    levers = optimum.levers_of(war, view, 2, theta)[:, 0]
    assert (np.isnan(levers) | ((levers >= view.own.low[:, 0]) & (levers <= view.own.high[:, 0]))).all()
    data = levers[LEVER["knowledge.medical"]]
    assert data[1] > data[0] and (levers[LEVER["route"]] == 2).all()


def test_an_optimum_is_measured_on_fresh_seeds() -> None:
    pytest.importorskip("cma")
    task = optimum.Response(Place("first-lesson"), 2, 2, training=2, generations=2, crowd=4)
    best = task.run()
    fresh = optimum.play_standing(task.place, 2, np.array([best.theta]), (1, 2))
    assert np.array_equal(best.fresh, fresh[0]) and (best.fresh > 0).any()
    trained = optimum.play_standing(task.place, 2, np.array([best.theta]), (50_001, 50_002))
    assert best.training == pytest.approx(optimum.scores(trained).mean())
    assert task.run().theta == best.theta


def test_without_the_optimiser_one_sentence_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "cma" else real(name, *a))
    report = measure_balance(Plan(), ["k"], processes=1)
    assert report.met is None and "cma" in report.measures[0].details["why"]
    assert report.measures[0].findings[0].met is None


def test_a_standing_strategy_that_beats_the_planner_is_found_out() -> None:
    plan = Plan(planner_seeds=8, quick=True)
    monday = {r: optimum.Best(r.route, (0.0,) * len(optimum.NUMBERS), r.route, np.full(8, 1e9 * (1 + r.route)))
              for r in optimum._responses(plan)}  # fmt: skip
    if not monday:
        pytest.skip("cma is not installed")
    task = plan.campaigns("planner")
    assert optimum.judge(plan, {**monday, task: made([5e9] * 8)}).met
    beaten = optimum.judge(plan, {**monday, task: made([2e9] * 8)})
    assert beaten.findings[0].value == pytest.approx(401 / 201 - 1) and beaten.met is False


# the whole ------------------------------------------------------------------------------------------------------------
def test_every_letter_of_the_model_has_a_measure() -> None:
    assert "".join(LETTERS) == "abcdefghijk"
    for quick in (True, False):
        plan = plan_of(None, quick, None)
        for letter in LETTERS.values():
            tasks = list(letter.tasks(plan))
            assert len(tasks) == len(set(tasks))
    assert plan_of(7, False, None).planner_seeds == 7 and plan_of(100, True, None).planner_seeds < 10
