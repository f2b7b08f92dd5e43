"""Policies see views and nothing else; each does what its name says within the limits of the quarter."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from game.engine.draws import seed_array, seed_words
from game.engine.names import LEVER, LEVERS
from game.engine.numeric import Array
from game.engine.rules import Rules
from game.engine.state import State
from game.engine.view import OWN_FIELDS, PUBLIC_FIELDS, Own, Public, View, observe
from game.policies import POLICIES, chance, decide_all, thumb
from game.policies.pricing import SPAN, best_response, objective
from tests.engine.playing import mixed, opening, step

HIDDEN = ("cash", "debt", "lne", "safety", "credibility", "research_capital", "revenue", "revenue_before",
          "cost", "margin", "unserved", "utilisation", "volume", "raised", "distress", "card", "coming", "knowledge",
          "freshness", "habit", "staff", "hiring", "leads", "pilots", "signed", "started", "tender_value", "bill")
"""What a firm's books hold and no other firm may see. Equity and what founders got show in the public rank alone."""


@pytest.fixture(scope="module")
def moments(war: Rules) -> list[State]:
    """Four moments of six mixed games."""
    state, kept = opening(war, [f"policy/{i}" for i in range(6)]), []
    for quarter in range(17):
        if quarter in (0, 3, 8, 16):
            kept.append(state)
        state = step(war, state, mixed(war.firms))[0]
    return kept


def rivals_changed(s: State, me: int) -> State:
    """The same state with everything hidden of the other firms turned over."""
    changed = {}
    for name in HIDDEN:
        old = getattr(s, name)
        if name == "lne":
            # Efficiency of what is released can be measured by anybody; the rest is the firm's own.
            new = np.where(s.released > -49.0, old, old - 0.3)
        elif old.dtype == np.bool_:
            new = ~old
        elif name in ("card", "coming"):
            new = np.where(old >= 0, -1, 0).astype(old.dtype)
        else:
            new = old + (old // 2 + 7 if old.dtype.kind == "i" else 0.5 * old + 0.25).astype(old.dtype)
        new[me] = old[me]
        changed[name] = new
    for name, axis in (("levers", 1), ("guidance", 1), ("shifts", 2), ("seen", 1)):
        new = getattr(s, name).copy()
        there = np.moveaxis(new, axis, 0)
        there[np.arange(len(there)) != me] = True if name == "seen" else 12.5
        changed[name] = new
    return s.evolve(**changed)


def unequal(a: View, b: View) -> list[str]:
    """Fields in which two views differ."""
    return [
        f"{part}.{name}" for part, names in (("own", OWN_FIELDS), ("public", PUBLIC_FIELDS)) for name in names
        if not np.array_equal(
            getattr(getattr(a, part), name), getattr(getattr(b, part), name),
            equal_nan=np.asarray(getattr(getattr(a, part), name)).dtype.kind == "f",
        )
    ]


@pytest.mark.parametrize("me", [0, 5])
def test_a_rivals_hidden_books_show_nowhere(war: Rules, moments: list[State], me: int) -> None:
    for s in moments:
        other = rivals_changed(s, me)
        assert not np.array_equal(s.cash, other.cash)
        view, again = observe(war, s, (me,)), observe(war, other, (me,))
        assert unequal(view, again) == []
        for name, policy in POLICIES.items():
            luck = chance(s.seed, s.quarter, (me,))
            assert np.array_equal(policy(war, view, luck), policy(war, again, luck), equal_nan=True), name


def test_how_far_ahead_the_best_rival_is_shows_in_no_number_of_ones_own(war: Rules, moments: list[State]) -> None:
    """A rival's capability is seen through the noisy benchmark alone: with that held, ones own numbers stand."""
    for s in moments:
        lnc = s.lnc.copy()
        lnc[1:] += 0.02
        view = observe(war, s, (0,))
        assert unequal(view, observe(war, s.evolve(lnc=lnc), (0,), view.public)) == []


def test_views_hold_no_rows_of_others(war: Rules, moments: list[State]) -> None:
    view = observe(war, moments[1], (4, 9))
    for name in OWN_FIELDS:
        shape = np.asarray(getattr(view.own, name)).shape
        assert war.firms not in shape, name
        assert 2 in shape and shape[-1] == 6, name
    public = set(PUBLIC_FIELDS)
    assert not public & {"cash", "debt", "staff", "knowledge", "levers", "lnc", "lne", "equity", "revenue", "cost",
                         "pilots", "leads", "guidance", "value", "founders", "credibility", "customers"}
    assert {f.name for f in dataclasses.fields(View)} == {"quarter", "firms", "own", "public"}
    assert {f.name for f in dataclasses.fields(Own)} == set(OWN_FIELDS)
    assert {f.name for f in dataclasses.fields(Public)} == public


def test_own_rows_are_those_of_the_firm(war: Rules, moments: list[State]) -> None:
    s = moments[2]
    view = observe(war, s, (3, 7))
    assert np.array_equal(view.own.cash, s.cash[[3, 7]] / 100.0)
    assert np.array_equal(view.own.customers, s.customers[[3, 7]])
    assert np.array_equal(view.own.levers, s.levers[:, [3, 7]], equal_nan=True)


def test_the_benchmark_is_noisy_and_the_same_for_all(war: Rules) -> None:
    from game.engine.derive import capability

    s = opening(war, range(400))
    one, two = observe(war, s, (0,)), observe(war, s, (8,))
    assert np.array_equal(one.public.benchmark, two.public.benchmark)
    error = one.public.benchmark - capability(war, s.lnc)
    assert abs(error.std() / war.params.benchmark_noise - 1.0) < 0.05
    assert abs(error.mean()) < 4.0 * war.params.benchmark_noise / np.sqrt(error.size)
    assert abs(np.corrcoef(error)[0, 1:]).max() < 0.25


@pytest.mark.parametrize("name", list(POLICIES))
def test_decisions_stay_in_bounds(war: Rules, moments: list[State], name: str) -> None:
    for s in moments:
        rows = tuple(range(war.firms))
        view = observe(war, s, rows)
        out = POLICIES[name](war, view, chance(s.seed, s.quarter, rows))
        assert out.shape == (len(LEVERS), war.firms, s.games)
        guidance = slice(LEVER["guidance.cash.low"], LEVER["guidance.revenue.high"] + 1)
        known = np.delete(out, range(guidance.start, guidance.stop), axis=0)
        assert np.isfinite(known).all()
        inside = np.isnan(out) | ((out >= view.own.low) & (out <= view.own.high))
        assert inside.all(), [LEVERS[i] for i in np.unique(np.nonzero(~inside)[0])]


@pytest.mark.parametrize("name", list(POLICIES))
def test_a_policy_plays_each_firm_and_game_by_itself(war: Rules, moments: list[State], name: str) -> None:
    """One call for all firms and games gives what one call for each gives."""
    s = moments[2]
    rows = (0, 2, 5, 11)
    together = POLICIES[name](war, observe(war, s, rows), chance(s.seed, s.quarter, rows))
    for i, f in enumerate(rows):
        for g in (0, 4):
            one = s.take([g])
            alone = POLICIES[name](war, observe(war, one, (f,)), chance(one.seed, one.quarter, (f,)))
            assert np.array_equal(alone[:, 0, 0], together[:, i, g], equal_nan=True)


def test_only_random_looks_at_chance(war: Rules, moments: list[State]) -> None:
    view = observe(war, moments[1], (0, 1))
    one, two = chance(moments[1].seed, 3, (0, 1)), chance(seed_array([seed_words(i) for i in range(6)]), 3, (0, 1))
    for name, policy in POLICIES.items():
        same = np.array_equal(policy(war, view, one), policy(war, view, two), equal_nan=True)
        assert same == (name != "random"), name


def test_default_lets_the_five_levers_stand(war: Rules, moments: list[State]) -> None:
    for s in moments:
        out = decide_all(war, s, ("default",) * war.firms)
        for name in ("route", "price.token", "research.budget"):
            row = LEVER[name]
            view = observe(war, s, tuple(range(war.firms)))
            kept = np.clip(s.levers[row], view.own.low[row], view.own.high[row])
            assert np.array_equal(out[row][s.alive], kept[s.alive]), name


def test_rows_to_skip_keep_their_levers(war: Rules, moments: list[State]) -> None:
    s = moments[1]
    out = decide_all(war, s, ("thumb",) * war.firms, skip=(0, 4))
    assert np.array_equal(out[:, [0, 4]], s.levers[:, [0, 4]], equal_nan=True)
    full = decide_all(war, s, ("thumb",) * war.firms)
    rest = [i for i in range(war.firms) if i not in (0, 4)]
    assert np.array_equal(out[:, rest], full[:, rest], equal_nan=True)
    with pytest.raises(KeyError):
        decide_all(war, s, ("astrologer",) * war.firms)


# Best response.


def shortfall(rules: Rules, s: State, response: Callable[[Rules, View], Array]) -> Array:
    """(N, G) how far the objective at the response lies below the best of a fine grid, as a share of its range."""
    view = observe(rules, s, tuple(range(rules.firms)))
    price = response(rules, view)
    centre = np.log(np.maximum(view.own.token_cost, 1e-4))
    centre = np.maximum(centre, np.log(np.maximum(view.public.price[0], 1e-4)) - 1.5)
    grid = np.stack([objective(rules, view, centre + x) for x in np.linspace(-SPAN, SPAN, 2401)])
    top, bottom = grid.max(axis=0), grid.min(axis=0)
    return ((top - objective(rules, view, np.log(price))) / (top - bottom))[s.alive]


def test_best_response_is_the_best_of_a_fine_grid(war: Rules, moments: list[State]) -> None:
    for s in moments:
        assert shortfall(war, s, best_response).max() < 1e-5


def test_the_grid_would_notice_a_lazy_search(war: Rules, moments: list[State]) -> None:
    assert shortfall(war, moments[2], lambda r, v: best_response(r, v) * 1.05).max() > 1e-5


def test_cloud_value_lowers_the_price_of_clouds_and_of_nobody_else(war: Rules, moments: list[State]) -> None:
    """Mechanism 8: below cost on purpose, because customers bring cloud business."""
    without = dataclasses.replace(war, params=dataclasses.replace(war.params, cloud_customer_value=0.0))
    s = moments[2]
    view = observe(war, s, tuple(range(war.firms)))
    with_value, plain = best_response(war, view), best_response(without, view)
    clouds = war.traits.cloud[:, 0] > 0
    assert clouds.sum() == 3
    assert (with_value[clouds] < plain[clouds]).all()
    assert np.array_equal(with_value[~clouds], plain[~clouds])
    quick, slow = thumb.token_price(war, view, 1.0), thumb.token_price(war, view, 0.3)
    now = view.public.price[0]
    assert (np.abs(np.log(quick / now)) >= np.abs(np.log(slow / now)) - 1e-9).all()


# Planted fault.


def test_a_policy_that_peeks_would_be_noticed(war: Rules, moments: list[State]) -> None:
    """A view with a rival's cash in it is unequal once that cash changes."""
    s = moments[1]
    other = rivals_changed(s, 0)

    def leaky(state: State) -> View:
        view = observe(war, state, (0,))
        return dataclasses.replace(view, own=dataclasses.replace(view.own, offer=state.cash[[1]] / 100.0))

    assert unequal(leaky(s), leaky(other)) == ["own.offer"]
