"""Portable exp and log, exact splitting, sums in a fixed order."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.engine import numeric
from game.engine.numeric import exp, fen, log, osum, split


def ulps(ours: np.ndarray, exact: list[float]) -> float:
    """Largest distance in units in the last place of the exact value."""
    return max(abs(a - b) / math.ulp(b) for a, b in zip(ours.tolist(), exact, strict=True))


EXPONENTS = np.concatenate([
    np.linspace(-700.0, 700.0, 20_011), np.linspace(-1.0, 1.0, 10_007), np.linspace(-40.0, 40.0, 10_009),
    np.array([0.0, -0.0, 1e-300, -1e-17, 0.34657359027997264, -0.34657359027997264, 700.0, -700.0]),
])
POSITIVE = np.concatenate([
    np.ldexp(np.linspace(0.5, 1.0, 4_001), 1), np.geomspace(1e-299, 1e300, 20_011), np.linspace(1e-6, 30.0, 10_007),
    1.0 + np.linspace(-1e-3, 1e-3, 5_001), np.array([1.0, 0.7071067811865476, 0.7071067811865475, 1e-300]),
])


def test_exp_is_within_two_ulp() -> None:
    assert ulps(exp(EXPONENTS), [math.exp(x) for x in EXPONENTS.tolist()]) <= 2.0


def test_log_is_within_two_ulp() -> None:
    ours, exact = log(POSITIVE), [math.log(x) for x in POSITIVE.tolist()]
    assert ulps(ours[ours != 0.0], [x for x in exact if x != 0.0]) <= 2.0
    assert log(np.array([1.0]))[0] == 0.0


def test_beyond_the_range_they_stand_still() -> None:
    assert np.array_equal(exp(np.array([800.0, 1e308, np.inf])), exp(np.full(3, 700.0)))
    assert np.array_equal(exp(np.array([-800.0, -1e308, -np.inf])), exp(np.full(3, -700.0)))
    assert np.array_equal(log(np.array([0.0, -1.0, 1e-310])), log(np.full(3, 1e-300)))


def test_they_keep_their_arguments() -> None:
    x = np.linspace(0.1, 3.0, 7)
    before = x.copy()
    exp(x), log(x), numeric.logistic(x)
    assert np.array_equal(x, before)


@pytest.mark.parametrize("function", [exp, log])
def test_same_bits_for_any_shape_and_stride(function: object) -> None:
    x = np.geomspace(1e-3, 50.0, 4_097)
    whole = function(x)  # type: ignore[operator]
    assert np.array_equal(np.array([function(x[i : i + 1])[0] for i in range(0, 4_097, 17)]), whole[::17])  # type: ignore[operator]
    assert np.array_equal(function(x[3::5]), whole[3::5])  # type: ignore[operator]
    assert np.array_equal(function(x[:4096].reshape(8, 4, 128)).ravel(), whole[:4096])  # type: ignore[operator]
    assert np.array_equal(function(x[1:]), whole[1:])  # type: ignore[operator]


def test_a_cheaper_exp_would_be_noticed() -> None:
    def short(x: np.ndarray) -> np.ndarray:
        n = np.rint(x * 1.4426950408889634)
        r = x - n * 0.6931471805599453  # ln 2 in one part
        return np.ldexp(sum(r**k / math.factorial(k) for k in range(14)), n.astype(int))

    assert ulps(short(EXPONENTS), [math.exp(x) for x in EXPONENTS.tolist()]) > 2.0


WEIGHTS = st.lists(st.one_of(st.just(0.0), st.floats(1e-6, 1e6), st.sampled_from([1.0, 1.0 / 3.0])), min_size=1,
                   max_size=16)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(total=st.one_of(st.integers(0, 10**15), st.integers(-(10**12), 0), st.integers(0, 50)), weights=WEIGHTS)
def test_split_adds_up_and_is_fair(total: int, weights: list[float]) -> None:
    parts = split(np.array([total]), np.array(weights).reshape(-1, 1))[:, 0].tolist()
    if not any(weights):
        assert parts == [0] * len(weights)
        return
    assert sum(parts) == total
    whole = sum(Fraction(w) for w in weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(total) * Fraction(weight) / whole - part) < 1 + Fraction(abs(total), 10**14)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0.0)


def test_split_gives_what_cannot_be_split_to_the_first() -> None:
    assert split(np.array([10, 11, 0]), np.ones((3, 3)))[:, :].T.tolist() == [[4, 3, 3], [4, 4, 3], [0, 0, 0]]


def test_split_of_many_games_is_that_of_each() -> None:
    weights = np.abs(np.sin(np.arange(12 * 300.0))).reshape(12, 300)
    totals = (np.arange(300) * 987_654_321) % 10**12
    together = split(totals, weights)
    assert all(np.array_equal(split(totals[g : g + 1], weights[:, g : g + 1])[:, 0], together[:, g])
               for g in range(300))


@pytest.mark.parametrize("games", [1, 2, 63, 512, 513, 1000])
@pytest.mark.parametrize("rows", [1, 2, 12, 130])
def test_sums_run_in_the_order_of_the_index(rows: int, games: int) -> None:
    x = np.sin(np.arange(rows * games, dtype=float) * 1.7).reshape(rows, games) * 10.0 ** (np.arange(rows)[:, None] % 7)
    expected = []
    for g in range(games):
        acc = 0.0
        for f in range(rows):
            acc = acc + x[f, g] if f else float(x[f, g])
        expected.append(acc)
    assert osum(x).tolist() == expected
    assert osum(np.asfortranarray(x)).tolist() == expected


def test_numpys_own_sum_would_be_noticed() -> None:
    x = np.sin(np.arange(12 * 1000.0)).reshape(12, 1000) * 1e3
    alone = [float(np.sum(np.ascontiguousarray(x[:, g : g + 1]), axis=0)[0]) for g in range(1000)]
    assert np.sum(x, axis=0).tolist() != alone, "numpy sums one game as it sums many; then osum is not needed"


def test_fen_rounds_half_to_even() -> None:
    assert fen(np.array([0.005, 0.015, 0.025, -0.005, 1.0, 1e11])).tolist() == [0, 2, 2, 0, 100, 10**13]
