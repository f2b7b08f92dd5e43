"""What agents see is the view under its names, what they do is bounded: nothing hidden, nothing impossible."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from game.content import Content
from game.engine.names import DEV, GOV, LEVER, LEVERS, MED
from game.engine.state import State
from game.engine.view import OWN_FIELDS, PUBLIC_FIELDS, View, observe, publish
from game.lab.environments.actions import decode
from game.lab.environments.arena import Arena, found
from game.lab.environments.observations import BOUND
from game.table.local import market_for
from game.table.market import GIVEN, array_of
from tests.lab.environment_builders import SHORT, bold, careful, rich
from tests.lab.extra_libraries import need

need("gymnasium", "pettingzoo")
from game.lab.environments.parallel import MarketParallelEnv  # noqa: E402
from game.lab.environments.single import MarketEnv  # noqa: E402


@pytest.fixture(scope="module")
def arena() -> Arena:
    return rich(MarketEnv(**SHORT)).arena


# what is done


def test_an_action_of_zeros_is_what_stands(shipped: Content) -> None:
    market = market_for(shipped, "war", "lab-spin-off", "manager", "none", "0")
    env = MarketEnv(**SHORT)
    arena = env.arena
    env.reset(seed=4)
    env.step(careful(4, 0))
    state = env.playing()
    ours = decode(arena.look(state), np.zeros((1, 1, len(LEVERS))))[:, 0, 0]
    theirs = array_of([market.standing(state, 0)])[:, 0, 0]
    view = arena.look(state)
    for row, name in enumerate(LEVERS):
        if not name.endswith(".choice"):
            bounded = np.clip(theirs[row], view.own.low[row, 0, 0], view.own.high[row, 0, 0])
            assert np.array_equal(ours[row], bounded, equal_nan=True), name
            assert name not in GIVEN or np.isnan(ours[row])


def test_actions_reach_from_the_least_to_the_most(arena: Arena) -> None:
    state = arena.begin(["1", "2"])
    view = arena.look(state)
    grid = np.linspace(-1.2, 1.2, 25)
    found_ = np.stack([decode(view, np.full((1, 2, len(LEVERS)), x)) for x in grid])
    plain = [row for row, name in enumerate(LEVERS) if not name.startswith("guidance.")]
    assert np.array_equal(found_[0, plain], view.own.low[plain])
    assert np.array_equal(found_[-1, plain], view.own.high[plain])
    assert (np.diff(found_[:, plain], axis=0) >= 0).all()
    wide = np.zeros((1, 2, len(LEVERS)))
    wide[..., LEVER["guidance.cash.low"]], wide[..., LEVER["guidance.cash.high"]] = -0.1, 0.1
    low, high, *none = decode(view, wide)[LEVER["guidance.cash.low"] :][:4, 0]
    cash = view.own.cash[0]
    assert np.allclose(low, 0.8 * cash) and np.allclose(high, 1.2 * cash) and np.isnan(none).all()
    wide[0, 1, LEVER["price.token"]] = np.nan
    with pytest.raises(ValueError, match=r"price\.token is not a number"):
        decode(view, wide)
    with pytest.raises(ValueError, match="do not fit"):
        decode(view, wide[..., :-1])


# what is observed


def _seen(arena: Arena, state: State) -> tuple[View, np.ndarray]:
    view = arena.look(state)
    return view, arena.layout.encode(view)


def test_names_and_numbers_fit(arena: Arena) -> None:
    names = arena.layout.names
    assert len(set(names)) == len(names) == arena.layout.encode(arena.look(arena.begin(["1"]))).shape[-1]
    fields = {n.split(".")[1] for n in names if n.startswith("own.")}
    assert fields == set(OWN_FIELDS)
    firms = {n.split(".")[2] for n in names if n.startswith("firm.")}
    market = {n.split(".")[1] for n in names if n.startswith("market.")}
    assert firms | market == set(PUBLIC_FIELDS) and not firms & market


@pytest.mark.parametrize(("field", "at", "name"), [
    ("cash", (), "own.cash"), ("customers", (MED,), "own.customers.medical"), ("accuracy", (GOV,), "own.accuracy.government"),
    ("due", (1, 2), "own.due.domestic.2"), ("bill", (3, 0), "own.bill.pool.0"), ("equity", (), "own.equity"),
    ("offer", (), "own.offer"),
])  # fmt: skip
def test_each_number_stands_under_its_name(arena: Arena, field: str, at: tuple[int, ...], name: str) -> None:
    view, before = _seen(arena, arena.begin(["1", "2"]))
    changed = np.array(getattr(view.own, field), dtype=float)
    changed[(0, *at, 1)] += 1e6
    view.own.__dict__[field] = changed
    moved = np.argwhere(arena.layout.encode(view) != before)
    assert [(n, g, arena.layout.names[k]) for n, g, k in moved] == [(0, 1, name)]


@pytest.mark.parametrize(("field", "at", "name"), [
    ("levers", LEVER["staff.medical"], "own.levers.staff.medical"), ("high", LEVER["finance.raise"], "own.high.finance.raise"),
    ("guidance", 3, "own.guidance.revenue.high"), ("shifts", (16, 2), "own.shifts.capacity.2"),
])  # fmt: skip
def test_so_do_those_whose_axes_stand_first(arena: Arena, field: str, at: Any, name: str) -> None:
    view, before = _seen(arena, arena.begin(["1", "2"]))
    changed = np.array(getattr(view.own, field), dtype=float)
    changed[(*np.atleast_1d(at), 0, 1)] = 12345.0
    view.own.__dict__[field] = changed
    moved = np.argwhere(arena.layout.encode(view) != before)
    assert [(n, g, arena.layout.names[k]) for n, g, k in moved] == [(0, 1, name)]


def test_money_is_a_logarithm_and_what_is_not_given_is_nothing(arena: Arena) -> None:
    view, before = _seen(arena, arena.begin(["1"]))
    names = arena.layout.names
    cash = float(view.own.cash[0, 0])
    assert cash > 1e8 and before[0, 0, names.index("own.cash")] == pytest.approx(np.log1p(cash / 1e7) / 10, rel=1e-6)
    assert np.isnan(view.own.guidance).all() and before[0, 0, names.index("own.guidance.cash.low")] == 0.0
    view.own.__dict__["cash"] = -view.own.cash
    assert arena.layout.encode(view)[0, 0, names.index("own.cash")] == -before[0, 0, names.index("own.cash")]
    view.own.__dict__["cash"] = np.full((1, 1), np.inf)
    view.own.__dict__["margin"] = np.full((1, 1), -1e9)
    wild = arena.layout.encode(view)[0, 0]
    assert np.isfinite(wild).all() and wild[names.index("own.margin")] == -BOUND


def test_every_observer_stands_first_in_the_table_of_firms() -> None:
    everybody = found(**SHORT, agents=None)
    state = everybody.begin(["1"])
    public = publish(everybody.rules, state)
    price, share = public.price.copy(), public.share.copy()
    price[1, 0], share[3, DEV] = 77.0, 0.123
    view = observe(everybody.rules, state, everybody.agents, dataclasses.replace(public, price=price, share=share))
    seen = everybody.layout.encode(view)[:, 0]
    names = everybody.layout.names
    for observer in range(everybody.rules.firms):
        place = 0 if observer == 0 else 1
        assert seen[observer, names.index(f"firm.{place}.price.app")] == np.float32(np.log1p(7700.0) / 10)
        place = 0 if observer == 3 else 3 if observer < 3 else 4
        assert seen[observer, names.index(f"firm.{place}.share.developers")] == np.float32(0.123)


def test_nothing_hidden_is_observed(arena: Arena) -> None:
    env = rich(MarketEnv(**SHORT))
    env.reset(seed=6)
    env.step(careful(6, 0))
    state = env.playing()
    _, before = _seen(arena, state)
    for name in ("cash", "debt", "staff", "hiring", "leads", "pilots", "knowledge", "freshness", "research_capital",
                 "due", "bill", "levers", "shifts"):
        for firms, differs in ((slice(1, None), False), (slice(0, 1), True)):
            x = getattr(state, name).copy()
            of_firms = np.moveaxis(x, -2, 0) if name in ("levers", "shifts") else x
            of_firms[firms] += np.array(10**11 if name in ("cash", "debt") else 10**5, dtype=x.dtype)
            other = _seen(arena, state.evolve(**{name: x}))[1]
            assert np.array_equal(other, before) != differs, (name, firms)


def test_observations_are_bounded_whatever_happens() -> None:
    env = MarketParallelEnv(scenario="war")
    env.reset(seed=8)
    for step in range(12):
        actions = bold(8, step, len(env.possible_agents))
        given = env.step({a: actions[k] for k, a in enumerate(env.possible_agents) if a in env.agents})
        for observation in given[0].values():
            assert env.observation_space("seat-1").contains(observation) and np.abs(observation).max() <= BOUND
        if not env.agents:
            break
