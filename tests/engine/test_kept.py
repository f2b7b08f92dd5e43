"""What makes the rules quick may not show: portable functions three ways, numbers kept, slots that move without copies."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from game.engine import derive, numeric
from game.engine.books import Books
from game.engine.limits import bounds
from game.engine.names import LINE
from game.engine.numeric import exp, log, osum
from game.engine.rules import Rules
from game.engine.state import State, digest, moved_on, roomy
from game.engine.view import OWN_FIELDS, observe
from tests.engine.playing import mixed, opening, step


@pytest.fixture(scope="module")
def later(war: Rules) -> State:
    """Three mixed games after five quarters."""
    state = opening(war, [f"kept/{i}" for i in range(3)])
    for _ in range(5):
        state = step(war, state, mixed(war.firms))[0]
    return state


def bits(x: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(x).view(np.int64)


HALVES = (np.arange(-1000, 1000) + 0.5) / 1.4426950408889634
ROOTS = np.ldexp(0.7071067811865476, np.arange(-900, 900))
EXPONENTS = np.concatenate([np.linspace(-720.0, 720.0, 40_009), HALVES, [0.0, -0.0, 1e-310, np.inf, -np.inf]])
POSITIVE = np.concatenate([np.geomspace(1e-299, 1e300, 40_009), ROOTS, np.nextafter(ROOTS, 0.0), [0.0, -1.0, 1.0]])


@pytest.mark.parametrize(("function", "x"), [(exp, EXPONENTS), (log, POSITIVE)], ids=["exp", "log"])
def test_one_by_one_in_a_block_and_in_many_the_bits_are_the_same(function: object, x: np.ndarray) -> None:
    assert x.size > 2 * numeric._BLOCK
    many = bits(function(x))  # type: ignore[operator]
    few = [bits(function(x[i : i + numeric._FEW])) for i in range(0, x.size, numeric._FEW)]  # type: ignore[operator]
    block = [bits(function(x[i : i + 500])) for i in range(0, x.size, 500)]  # type: ignore[operator]
    assert np.array_equal(np.concatenate(few), many) and np.array_equal(np.concatenate(block), many)


def test_another_order_of_operations_would_be_noticed() -> None:
    """Were the numbers one by one summed from the other end, some bits would differ."""
    def summed(v: float, step: int) -> float:
        n = (v * numeric._LOG2E + numeric._MAGIC) - numeric._MAGIC
        r = (v - n * numeric._LN2_HIGH) - n * numeric._LN2_LOW
        z = r * r
        powers = [c * z**k for k, c in zip(range(len(numeric._EXP), 0, -1), numeric._EXP)]
        c = r - sum(powers[::step])
        return float((c * r / (2.0 - c) + r + 1.0) * 2.0**n)

    x = np.linspace(-3.0, 3.0, 4001)
    forwards, backwards = (np.array([summed(v, step) for v in x.tolist()]) for step in (1, -1))
    assert not np.array_equal(exp(x), backwards)
    assert not np.array_equal(forwards, backwards)
    assert np.allclose(exp(x), backwards, rtol=1e-14, atol=0.0)


@pytest.mark.parametrize("games", [1, 40, 400])
def test_sums_over_another_axis_keep_their_order(games: int) -> None:
    x = np.sin(np.arange(12 * 8 * games, dtype=float)).reshape(12, 8, games) * 1e6
    for axis in (0, 1):
        assert np.array_equal(bits(osum(x, axis)), bits(np.add.accumulate(x, axis=axis).take(-1, axis=axis)))


def test_slots_move_on_as_if_copied() -> None:
    x = np.arange(2.0 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    for axis in (1, 2):
        naive = np.zeros_like(x)
        at = [slice(None)] * 4
        to, since = list(at), list(at)
        to[axis], since[axis] = slice(0, -1), slice(1, None)
        naive[tuple(to)] = x[tuple(since)]
        with_room = roomy(x, axis)
        assert np.array_equal(with_room, x) and not np.shares_memory(with_room, x)
        quick = moved_on(with_room, axis)
        assert np.array_equal(quick, naive) and np.shares_memory(quick, with_room)
        for other in (x, quick, with_room[:1]):
            again = moved_on(other, axis)
            assert not np.shares_memory(again, other)
        assert np.array_equal(moved_on(x, axis), naive) and np.array_equal(with_room, x)


def test_states_passed_stay_as_they_were(war: Rules) -> None:
    states = [opening(war, ["kept", "too"])]
    told = [digest(states[0], 1)]
    for _ in range(8):
        states.append(step(war, states[-1], mixed(war.firms))[0])
        told.append(digest(states[-1], 1))
    assert [digest(s, 1) for s in states] == told
    assert digest(step(war, states[4], mixed(war.firms))[0], 1) == told[5]


def test_what_is_kept_follows_its_inputs(war: Rules, later: State) -> None:
    cap = derive.skills(war, later)
    assert derive.skills(war, later.evolve(cash=later.cash + 1)) is cap
    moved = later.evolve(lnc=later.lnc + 0.5)
    assert np.array_equal(derive.skills(war, moved), derive.capability(war, moved.lnc))
    assert np.array_equal(derive.skills(war, later), cap) and not cap.flags.writeable
    for name in ("cash", "debt", "equity", "revenue", "credibility", "due", "staff", "hiring"):
        old = getattr(later, name)
        before = bounds(war, later)
        poorer = later.evolve(**{name: (old // 2 if old.dtype.kind == "i" else old * 0.5)})
        fresh = pickle.loads(pickle.dumps(poorer))
        assert all(np.array_equal(a, b) for a, b in zip(bounds(war, poorer), bounds(war, fresh), strict=True)), name
        assert not all(np.array_equal(a, b) for a, b in zip(bounds(war, poorer), before, strict=True)), name


def test_what_is_kept_does_not_travel(war: Rules, later: State) -> None:
    derive.skills(war, later)
    again = pickle.loads(pickle.dumps(later))
    assert "_kept" in later.__dict__ and "_kept" not in again.__dict__
    assert digest(again, 2) == digest(later, 2)


def test_books_leave_open_what_nobody_reads(war: Rules, later: State) -> None:
    own = observe(war, later, (1, 4)).own
    assert not set(OWN_FIELDS) & set(own.__dict__)
    assert np.array_equal(own.cash, later.cash[[1, 4]] / 100.0) and own.cash is own.cash
    whole = pickle.loads(pickle.dumps(own))
    assert set(OWN_FIELDS) <= set(whole.__dict__)
    every = observe(war, later, tuple(range(war.firms))).own
    for name in OWN_FIELDS:
        axis = 2 if name == "shifts" else name in ("levers", "low", "high", "guidance", "seen")
        rows = np.take(getattr(every, name), [1, 4], axis=int(axis))
        assert np.array_equal(getattr(whole, name), rows, equal_nan=rows.dtype.kind == "f"), name
    with pytest.raises(AttributeError, match="astrology"):
        _ = own.astrology


def test_single_postings_are_those_of_the_whole_table() -> None:
    f, g = np.array([0, 2, 2, 1]), np.array([1, 0, 1, 1])
    cny = np.array([1.005, -3.0, 2e9 + 0.015, 0.004])
    table = np.zeros((3, 2))
    table[f, g] = cny
    sparse, dense = Books(3, 2), Books(3, 2)
    sparse.post_at("sale", (f, g), cny, "investors")
    dense.post("sale", table, "investors")
    assert np.array_equal(sparse.lines, dense.lines) and np.array_equal(sparse.outside, dense.outside)
    sparse.move_at("sale", (np.array([0]), np.array([1])), (np.array([2]), np.array([1])), np.array([100]))
    assert (sparse.lines[LINE["sale"], :, 1] - dense.lines[LINE["sale"], :, 1]).tolist() == [-100, 0, 100]
