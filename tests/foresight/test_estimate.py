"""A sample of states consistent with a view: exact where the view is, honest where it is not, blind to the seed."""

from __future__ import annotations

import numpy as np
import pytest

from game.engine import derive
from game.engine.draws import seed_array, seed_words
from game.engine.names import LEVER
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.state import ARRAYS, State
from game.engine.view import observe
from game.foresight import estimate as module
from game.foresight.estimate import cash_before, coverage, ensemble, estimate, foresight_seeds
from game.foresight.luck import even_seeds
from game.policies import decide_all
from tests.engine.playing import opening, step

GAMES = 96
OWN = ("founders", "equity", "lnc", "lne", "safety", "trust", "community", "credibility", "research_capital", "revenue",
       "revenue_before", "cost", "margin", "unserved", "utilisation", "volume", "raised", "route", "distress", "status",
       "card", "coming", "customers", "hosted", "leads", "pilots", "knowledge", "freshness", "habit", "staff", "hiring",
       "due", "bill", "tender_count", "tender_value", "released", "signed", "started", "cash", "debt", "paid_out")
PUBLIC = ("status", "route", "trust", "community", "tender_count", "price", "price_before")
SIGNED = ("lnc", "lne", "released", "price_shock", "margin", "shifts", "fringe_gap")
MARKET = ("compute_price", "sentiment", "adopters", "outside")


@pytest.fixture(scope="module")
def seats(war: Rules) -> tuple[str, ...]:
    return ("thumb",) * war.firms


@pytest.fixture(scope="module")
def truths(war: Rules, seats: tuple[str, ...]) -> dict[int, State]:
    """Three true games at four moments."""
    state, kept = opening(war, ["true/1", "true/2", "true/3"]), {}
    for quarter in range(13):
        if quarter in (1, 2, 6, 12):
            kept[quarter] = state
        state = step(war, state, seats)[0]
    return kept


@pytest.mark.parametrize("quarter", [1, 2, 6, 12])
@pytest.mark.parametrize("me", [0, 4])
def test_own_books_and_public_facts_are_exact(
    war: Rules, seats: tuple[str, ...], truths: dict[int, State], quarter: int, me: int
) -> None:
    truth = truths[quarter].take([1])
    sample = estimate(war, observe(war, truth, (me,)), seats, GAMES)
    assert sample.games == GAMES and sample.quarter == quarter
    for name in OWN:
        assert (getattr(sample, name)[me] == getattr(truth, name)[me]).all(), name
    for name, axis in (("levers", 1), ("guidance", 1), ("shifts", 2), ("seen", 1)):
        ours, theirs = np.take(getattr(sample, name), me, axis), np.take(getattr(truth, name), me, axis)
        assert np.array_equal(ours, np.broadcast_to(theirs, ours.shape), equal_nan=name in ("levers", "guidance")), name
    for name in PUBLIC + MARKET:
        assert (getattr(sample, name) == getattr(truth, name)).all(), name
    assert (derive.live_models(sample) == derive.live_models(truth)).all()
    floats = [n for n in ARRAYS if getattr(sample, n).dtype.kind == "f" and n not in ("guidance", "levers")]
    assert [n for n in floats if not np.isfinite(getattr(sample, n)).all()] == []
    assert [n for n in floats if n not in SIGNED and (getattr(sample, n) < 0).any()] == []
    assert not (sample.cash.sum(axis=0) + sample.accounts.sum(axis=0)).any()


def test_published_shares_are_met(war: Rules, seats: tuple[str, ...], truths: dict[int, State]) -> None:
    truth = truths[6].take([0])
    view = observe(war, truth, (0,))
    got = derive.shares(estimate(war, view, seats, GAMES))
    assert np.abs(got - view.public.share).max() < 0.12
    sold_in = view.public.share[0, :, 0] > 1e-9
    assert sold_in.sum() > 2 and np.abs(got - view.public.share)[:, sold_in].max() < 0.01
    big = np.broadcast_to(view.public.share > 0.05, got.shape)
    assert np.median(np.abs(got / np.maximum(view.public.share, 1e-9) - 1.0)[big]) < 0.15


def test_equal_views_give_equal_estimates(war: Rules, seats: tuple[str, ...], truths: dict[int, State]) -> None:
    """Another true seed and other hidden books behind the same view: the same sample to the bit."""
    truth = truths[6].take([2])
    view = observe(war, truth, (0,))
    hidden = {n: getattr(truth, n).copy() for n in ("cash", "staff", "knowledge", "revenue", "pilots")}
    for array in hidden.values():
        array[1:] = array[1:] * 3 + 1
    other = truth.evolve(**hidden, seed=seed_array([seed_words("quite another")]))
    again = observe(war, other, (0,), view.public)
    one, two = estimate(war, view, seats, GAMES), estimate(war, again, seats, GAMES)
    for name in ARRAYS:
        array = getattr(one, name)
        assert np.array_equal(array, getattr(two, name), equal_nan=array.dtype.kind == "f"), name


def test_seeds_of_futures_are_neither_the_true_ones_nor_the_priors(war: Rules) -> None:
    prior, future = foresight_seeds(war, 4, 50), foresight_seeds(war, 4, 50, "future")
    later = foresight_seeds(war, 5, 50, "future")
    true = seed_array([seed_words(i) for i in range(50)])
    even = even_seeds(war, 4, 50)
    everything = np.concatenate([prior[0], future[0], later[0], true[0], even[0]])
    assert len(np.unique(everything)) == 250


def test_what_cash_was_is_worked_out_from_the_books(war: Rules, seats: tuple[str, ...]) -> None:
    """Exact where no round was raised; else about right, with a spread of about the error, and never another game's."""
    state = opening(war, [f"past/{i}" for i in range(60)])
    for quarter in range(10):
        if quarter in (1, 5, 9):
            error, spread, other = [], [], []
            for g in np.nonzero(state.status[0] == 0)[0]:
                truth = state.take([g])
                view = observe(war, truth, (0,))
                true = truth.cash_before[0, 0] / 100.0
                got = estimate(war, view, seats, 40).cash_before[0] / 100.0
                assert np.array_equal(got, np.rint(100.0 * cash_before(war, view, 40)) / 100.0)
                ownless = estimate(war, view, seats, 40, planner=True).cash_before[0] / 100.0
                other.append(np.abs(ownless - true).mean())
                if quarter == 1:
                    assert np.abs(got - true).max() < 1.0 and truth.raised[0, 0] > 0
                error.append(np.abs(got.mean() - true))
                spread.append(got.std())
            if quarter > 1:
                assert np.mean(error) < 0.7 * np.mean(other)
                assert 0.4 < np.mean(spread) / np.mean(error) < 2.0
        state = step(war, state, ("reactive", *seats[1:]))[0]


def test_planners_of_these_rules_decide_with_what_they_always_had(
    war: Rules, seats: tuple[str, ...], truths: dict[int, State]
) -> None:
    """Recorded runs are recomputed to the bit: luck as it comes, and the prior's own row where nothing else is known."""
    view = observe(war, truths[6].take([1]), (0,))
    sample = estimate(war, view, seats, GAMES, planner=True)
    assert np.array_equal(sample.seed, foresight_seeds(war, 6, GAMES, "future"))
    assert np.array_equal(sample.cash_before[0], ensemble(war, 6, GAMES, seats).cash_before[0])
    now = estimate(war, view, seats, GAMES)
    assert np.array_equal(now.seed, even_seeds(war, 6, GAMES)) and not (now.cash_before[0] == sample.cash_before[0]).all()
    for name in ARRAYS:
        if name not in ("seed", "cash_before"):
            array = getattr(now, name)
            assert np.array_equal(array, getattr(sample, name), equal_nan=array.dtype.kind == "f"), name


def test_a_sample_can_be_played_on(war: Rules, seats: tuple[str, ...], truths: dict[int, State]) -> None:
    sample = estimate(war, observe(war, truths[6].take([1]), (0,)), seats, GAMES)
    after, ledger = play_quarter(war, sample, decide_all(war, sample, seats))
    assert np.array_equal(sample.cash + ledger.lines.sum(axis=0), after.cash)
    assert np.unique(after.compute_price).size > GAMES // 2, "their luck differs"


def test_one_seat_of_one_game_only(war: Rules, seats: tuple[str, ...], truths: dict[int, State]) -> None:
    for view in (observe(war, truths[2], (0,)), observe(war, truths[2].take([0]), (0, 1))):
        with pytest.raises(ValueError, match="one seat of one game"):
            estimate(war, view, seats, GAMES)


def test_the_ensemble_is_the_same_from_memory_and_afresh(
    war: Rules, seats: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ensembles", type(module._ensembles)())
    later = ensemble(war, 5, 20, seats)
    ensemble(war, 3, 20, seats)
    monkeypatch.setattr(module, "_ensembles", type(module._ensembles)())
    first = ensemble(war, 3, 20, seats)
    assert first.quarter == 3
    again = ensemble(war, 5, 20, seats)
    assert np.array_equal(later.cash, again.cash) and np.array_equal(later.lnc, again.lnc)


@pytest.mark.parametrize("quarter", [2, 6, 12])
def test_spread_is_honest(war: Rules, seats: tuple[str, ...], quarter: int) -> None:
    """Rivals' hidden numbers lie within the 80 % range about as often as that says."""
    got = coverage(war, list(range(40)), quarter, seats, GAMES)
    assert set(got) == {"cash", "lnc", "revenue"}
    assert {n: round(v, 3) for n, v in got.items() if not 0.65 <= v <= 0.92} == {}


def test_capability_follows_the_benchmark_as_far_as_it_deserves(
    war: Rules, seats: tuple[str, ...], truths: dict[int, State]
) -> None:
    """Closer to the truth than the prior alone, and with a spread no wider than the benchmark's noise by much."""
    p = war.params
    prior_error, error, spread = [], [], []
    for quarter, states in truths.items():
        prior = derive.capability(war, ensemble(war, quarter, GAMES, seats).lnc)
        for g in range(states.games):
            truth = states.take([g])
            cap = derive.capability(war, truth.lnc)
            sample = derive.capability(war, estimate(war, observe(war, truth, (0,)), seats, GAMES).lnc)
            live = (truth.status[:, 0] == 0) & (np.arange(war.firms) > 0)
            prior_error += ((prior.mean(axis=1) - cap[:, 0])[live] ** 2).tolist()
            error += ((sample.mean(axis=1) - cap[:, 0])[live] ** 2).tolist()
            spread += sample.std(axis=1)[live].tolist()
    assert np.mean(error) <= np.mean(prior_error)
    assert np.sqrt(np.mean(error)) < 1.1 * p.benchmark_noise
    assert min(spread) > 0.0 and max(spread) < 1.5 * p.benchmark_noise


def test_an_overconfident_estimate_would_be_noticed(
    war: Rules, seats: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: every member of the sample is the same typical rival."""
    real = module.estimate

    def sure(*args: object, **_: object) -> State:
        sample = real(*args)  # type: ignore[arg-type]
        middle = np.median(sample.cash, axis=1, keepdims=True)
        return sample.evolve(cash=np.rint(middle + 0.1 * (sample.cash - middle)).astype(np.int64))

    monkeypatch.setattr(module, "estimate", sure)
    assert coverage(war, list(range(15)), 6, seats, 48)["cash"] < 0.65


def test_a_sample_that_knows_the_true_seed_would_be_noticed(
    war: Rules, seats: tuple[str, ...], truths: dict[int, State]
) -> None:
    """Were futures drawn under the true seed, one of them would be the truth: played alike, none is."""
    truth = truths[6].take([0])
    sample = estimate(war, observe(war, truth, (0,)), seats, GAMES)
    decisions = truth.levers.copy()
    decisions[LEVER["distress.choice"]] = 4.0
    real = play_quarter(war, truth, decisions)[0]
    futures = play_quarter(war, sample, np.repeat(decisions, GAMES, axis=-1))[0]
    assert not (futures.compute_price == real.compute_price).any()
    planted = sample.evolve(seed=np.repeat(truth.seed, GAMES, axis=-1))
    told = play_quarter(war, planted, np.repeat(decisions, GAMES, axis=-1))[0]
    assert (told.compute_price == real.compute_price).all()
