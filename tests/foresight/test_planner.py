"""The planner: decides from its view alone, the same alone and in a batch, and by what pays."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.engine.draws import seed_array, seed_words
from game.engine.exits import NOTHING
from game.engine.limits import admissible
from game.engine.names import LEVER
from game.engine.rules import Rules
from game.engine.state import State
from game.engine.view import View, observe, publish
from game.foresight import decide as deciding
from game.foresight import planner as module
from game.foresight.candidates import CHANGES, LEARNT, SELLING, STRATEGIES, changes, prospects, strategies
from game.foresight.decide import NAMES, decide_all
from game.foresight.direction import PEOPLE, follow, read
from game.foresight.planner import Weighed, plan_all, score, search
from game.policies import decide_all as by_policy
from tests.engine.playing import opening, step

GAMES = 8


@pytest.fixture(scope="module")
def field(war: Rules) -> tuple[str, ...]:
    return ("planner", *("thumb",) * (war.firms - 1))


@pytest.fixture(scope="module")
def truth(war: Rules) -> State:
    state = opening(war, ["plan/1", "plan/2", "plan/3"])
    for _ in range(6):
        state = step(war, state, ("reactive", *("thumb",) * (war.firms - 1)))[0]
    return state


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer futures: what is tested here does not depend on their number."""
    real = module.search
    monkeypatch.setattr(module, "search", lambda *a, **k: real(*a, **{**k, "games": GAMES, "quarters": 2}))


def view_of(war: Rules, truth: State, game: int = 0) -> View:
    return observe(war, truth.take([game]), (0,))


def test_equal_views_give_equal_decisions(war: Rules, truth: State, field: tuple[str, ...]) -> None:
    one = truth.take([0])
    view = observe(war, one, (0,))
    knowledge, cash = one.knowledge.copy(), one.cash.copy()
    knowledge[1:] *= 5.0
    cash[1:] //= 2
    other = one.evolve(knowledge=knowledge, cash=cash, seed=seed_array([seed_words("elsewhere")]))
    again = observe(war, other, (0,), view.public)
    a, b = (search(war, v, field, games=GAMES, quarters=2) for v in (view, again))
    assert np.array_equal(a.plans, b.plans, equal_nan=True) and np.array_equal(a.weighed.values, b.weighed.values)


def test_a_planner_that_reads_the_true_state_would_be_noticed(
    war: Rules, truth: State, field: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: what rivals hide, or the true seed, shows in the scores."""
    view = view_of(war, truth)
    honest = search(war, view, field, games=GAMES, quarters=2)
    real = module.look

    def told(*args: object, **kept: object) -> object:
        outlook = real(*args, **kept)  # type: ignore[arg-type]
        return dataclasses.replace(outlook, sample=truth.take([0] * GAMES))

    monkeypatch.setattr(module, "look", told)
    assert not np.array_equal(search(war, view, field, games=GAMES, quarters=2).weighed.values, honest.weighed.values)


def test_a_batch_decides_as_its_games_alone(war: Rules, truth: State, field: tuple[str, ...], few: None) -> None:
    together = decide_all(war, truth, field)
    for g in range(truth.games):
        assert np.array_equal(together[..., [g]], decide_all(war, truth.take([g]), field), equal_nan=True)


def test_several_planners_decide_as_each_alone(war: Rules, truth: State, few: None) -> None:
    one = truth.take([1])
    start_ups = [f for f in range(war.firms) if not war.traits.cloud[f, 0] and one.status[f, 0] == 0][:2]
    seats = tuple("planner" if f in start_ups else "thumb" for f in range(war.firms))
    out = decide_all(war, one, seats)
    shown = publish(war, one)
    known = tuple("reactive" if name == "planner" else name for name in seats)
    for f in start_ups:
        assert np.array_equal(out[:, [f], 0], plan_all(war, [observe(war, one, (f,), shown)], known), equal_nan=True)
    others = [f for f in range(war.firms) if f not in start_ups]
    plain = by_policy(war, one, ("thumb",) * war.firms)
    assert np.array_equal(out[:, others], plain[:, others], equal_nan=True)


def test_decisions_are_admissible(war: Rules, truth: State, field: tuple[str, ...], few: None) -> None:
    out = decide_all(war, truth, field)
    taken = admissible(war, truth, out)
    assert np.allclose(out[:, 0], taken[:, 0], rtol=1e-12, atol=0.5, equal_nan=True)


def test_every_candidate_differs_and_the_best_is_taken(war: Rules, truth: State, field: tuple[str, ...]) -> None:
    found = search(war, view_of(war, truth), field, games=GAMES, quarters=2)
    assert found.plans.shape[-1] == found.weighed.scores.size == STRATEGIES + CHANGES == 16
    living = ~found.weighed.given_away
    assert found.weighed.scores[found.best] == found.weighed.scores[living].max()
    assert np.array_equal(found.plan, found.plans[:, found.best], equal_nan=True)
    assert len({found.plans[:, i].tobytes() for i in range(16)}) >= 14


def test_the_score_is_the_mean_of_logs() -> None:
    values = np.array([[0.0, 1e7, 9e7], [4e7, 4e7, 4e7]])
    assert score(values) == pytest.approx(np.log1p(values / 1e7).mean(axis=1), rel=1e-12)


def test_every_answer_to_card_and_distress_is_weighed(war: Rules, truth: State) -> None:
    one = truth.take([0])
    many = next(i for i, c in enumerate(war.cards) if len(c.choices) == 3)
    card, distress = one.card.copy(), one.distress.copy()
    card[0], distress[0] = many, True
    view = observe(war, one.evolve(card=card, distress=distress), (0,))
    best = strategies(war, view)[:, 1]
    found = changes(war, view, best)
    assert set(found[LEVER["card.choice"]]) | {best[LEVER["card.choice"]]} == {0.0, 1.0, 2.0}
    answers = set(found[LEVER["distress.choice"]]) | {best[LEVER["distress.choice"]]}
    assert answers >= set(range(NOTHING + 1)) - {2.0}


def test_a_constraint_binds_every_candidate(war: Rules, truth: State, field: tuple[str, ...]) -> None:
    def free(plans: np.ndarray) -> np.ndarray:
        out = plans.copy()
        out[LEVER["price.token"]] = 0.0
        return out

    found = search(war, view_of(war, truth), field, games=4, quarters=1, constrain=free)
    assert not found.plans[LEVER["price.token"]].any()
    out = decide_all(war, truth.take([0]), field, constrain=free)
    assert out[LEVER["price.token"], 0, 0] == 0.0 and out[LEVER["price.token"], 1:].any()


def test_firms_of_people_are_left_alone(war: Rules, truth: State, field: tuple[str, ...]) -> None:
    one = truth.take([0])
    out = decide_all(war, one, field, skip=(0,))
    assert np.array_equal(out[:, 0], one.levers[:, 0], equal_nan=True)


def test_unknown_policies_are_refused(war: Rules, truth: State) -> None:
    assert NAMES[-1] == deciding.PLANNER
    with pytest.raises(KeyError):
        decide_all(war, truth.take([0]), ("astrologer",) * war.firms)


def test_a_planner_prefers_to_live(war: Rules, truth: State, field: tuple[str, ...]) -> None:
    """A firm with an empty till: of all plans weighed the one that is taken survives most futures."""
    one = truth.take([2])
    cash, debt = one.cash.copy(), one.debt.copy()
    moved = cash[0] - 500_000_000
    cash[0] -= moved
    accounts = one.accounts.copy()
    accounts[1] += moved
    view = observe(war, one.evolve(cash=cash, debt=debt, accounts=accounts, distress=one.distress | True), (0,))
    found = search(war, view, field, games=GAMES)
    outlook = module.look(war, view, field, GAMES)
    alive = (module.weigh(war, outlook, found.plans).values > 0).mean(axis=1)
    assert alive[found.best] >= np.median(alive) and alive[found.best] >= 0.9 * alive.max()


def test_giving_the_firm_away_is_the_last_resort() -> None:
    def weighed(ruined: float) -> Weighed:
        scores = np.array([3.0, 2.0, 2.5])
        return Weighed(np.zeros((3, 2)), scores, np.array([0.0, 0.0, ruined]), np.array([True, False, False]))

    assert weighed(0.2).best() == 2, "the sale scores highest, and is not taken"
    assert weighed(0.6).best() == 0, "unless the best of the others is as good as lost"
    every = Weighed(np.zeros((2, 2)), np.array([1.0, 2.0]), np.ones(2), np.ones(2, dtype=bool))
    assert every.best() == 1


def test_a_later_sale_by_default_management_is_no_ruin(
    war: Rules, truth: State, field: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bankruptcy counts towards the last resort, a sale in a later quarter does not."""
    view = view_of(war, truth)
    outlook = module.look(war, view, field, GAMES)
    real = module.play_on

    def play(status: int) -> float:
        def states(*args: object) -> list[State]:
            first, *_, final = real(*args)  # type: ignore[arg-type]
            fates = final.status.copy()
            fates[0] = status
            return [first, final.evolve(status=fates)]

        monkeypatch.setattr(module, "play_on", states)
        return float(module.weigh(war, outlook, view.own.levers[:, 0], 2).ruined[0])

    assert play(1) == 1.0 and play(2) == 0.0


def test_prospects_are_what_their_definition_says(war: Rules, truth: State) -> None:
    """A twin segment by segment with plain floats; devices wait for their opening."""
    view, p = view_of(war, truth), war.params
    found = prospects(war, view)
    own, public = view.own, view.public
    general = p.general_floor + p.general_slope * own.capability[0, 0]
    for v in range(2, 7):
        learnt = 1.0 - np.exp(-p.knowledge_rate * (own.knowledge[0, v, 0] + LEARNT))
        reach = general + max(p.accuracy_ceiling[v] - general, 0.0) * learnt
        passes = 1.0 / (1.0 + np.exp(-(reach - p.accuracy_threshold[v]) / p.gate_spread))
        room = max(1.0 - public.adopters[v, 0] / p.potential[v], public.share[0, v, 0], 0.1)
        assert found[v] == pytest.approx(p.rent[v] * passes * room / (p.service_staff[v] + SELLING), rel=1e-9), v
    assert view.quarter < p.devices_open and found[7] <= 0.0
    shut = dataclasses.replace(war, segments=np.where(np.arange(8)[:, None] == 3, 0.0, war.segments))
    assert prospects(shut, view)[3] < 0.0 < found[3]


def test_three_strategies_put_people_where_they_promise_most(war: Rules, truth: State) -> None:
    view = view_of(war, truth)
    order = np.argsort(-prospects(war, view), kind="stable")
    plans = strategies(war, view)
    people = plans[PEOPLE] / plans[PEOPLE].sum(axis=0)
    habit, first, both = people[:, 2], people[:, 5], people[:, 6]
    assert first[order[0]] > habit[order[0]] and first[order[0]] == max(first[order[:3]])
    assert both[order[1]] > first[order[1]]
    assert plans[PEOPLE, 3].sum() > plans[PEOPLE, 2].sum() > plans[PEOPLE, 4].sum(), "hurry, even pace, retreat"


def test_money_asked_for_beyond_habit_is_asked_for_again(war: Rules, truth: State) -> None:
    view = view_of(war, truth)
    plan = strategies(war, view)[:, 2]
    raising, borrowing = LEVER["finance.raise"], LEVER["finance.borrow"]
    plan[[raising, borrowing]] = 0.0
    assert (read(war, view, plan[:, None, None]).borrowing == 0.0).all()
    high = view.own.high[:, 0, 0]
    plan[raising], plan[borrowing] = high[raising], 0.75 * high[borrowing]
    way = read(war, view, plan[:, None, None])
    again = follow(war, view, way)[:, 0, 0]
    assert way.borrowing[0, 0] == pytest.approx(0.75) and again[borrowing] == pytest.approx(plan[borrowing], abs=1.0)
    assert again[raising] == pytest.approx(plan[raising], abs=1.0)


def test_four_quarters_show_what_growth_in_one_place_is_worth(war: Rules, truth: State, field: tuple[str, ...]) -> None:
    """Played from the view of a firm that spreads thin, hurry on the best two segments beats an even pace."""
    view = view_of(war, truth)
    weighed = module.weigh(war, module.look(war, view, field, 24), strategies(war, view))
    even, growth = weighed.values[2], weighed.values[6]
    assert weighed.scores[6] > weighed.scores[2] and (growth > even).mean() > 0.7
