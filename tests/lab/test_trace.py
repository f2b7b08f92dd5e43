"""The laboratory measures games as they are played anywhere else, whatever the size of its batches."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.content import Content
from game.engine import derive
from game.engine.rules import Rules
from game.lab import trace as module
from game.lab.facts import measure_facts
from game.lab.measures import MEASURES
from game.lab.starts import nearest_to_medians
from game.lab.trace import Trace, simulate
from tests.engine.playing import mixed, play

SEEDS = range(1, 22)


@pytest.fixture(scope="module")
def traced(war: Rules) -> Trace:
    return simulate(war, SEEDS, mixed(war.firms))


def test_chunks_never_change_a_result(war: Rules, traced: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 4)
    heard: list[int] = []
    again = simulate(war, SEEDS, mixed(war.firms), heard.append)
    assert heard == [4, 8, 12, 16, 20, 21]
    for field in dataclasses.fields(Trace):
        ours, theirs = getattr(traced, field.name), getattr(again, field.name)
        # Sums over firms made for reading, not for playing, may differ in the last bit.
        assert np.allclose(ours, theirs, rtol=1e-12, atol=0.0), field.name
        if field.name in ("price", "cost", "status", "route", "value", "rank", "live", "tenders", "users"):
            assert np.array_equal(ours, theirs), field.name


def test_a_trace_is_the_game(war: Rules, traced: Trace) -> None:
    states = play(war, SEEDS, mixed(war.firms))[1:]
    for quarter, s in enumerate(states):
        assert np.array_equal(traced.value[quarter], derive.value(s))
        assert np.array_equal(traced.price[quarter], s.price[0])
        assert np.array_equal(traced.status[quarter], s.status)
        assert np.array_equal(traced.outside[quarter], s.outside[0])


def test_rows_by_label(traced: Trace) -> None:
    assert traced.at("2023Q1") == 0 and traced.at("2024Q4") == 7
    assert traced.year(2025) == slice(8, 12)
    for label in ("2022Q4", "2028Q1"):
        with pytest.raises(LookupError):
            traced.at(label)


@pytest.mark.parametrize("name", list(MEASURES))
def test_every_measure_gives_one_number_a_game(traced: Trace, name: str) -> None:
    values = np.asarray(MEASURES[name](traced))
    assert values.shape == (len(SEEDS),) and np.isfinite(values).all()


def test_every_fact_is_measured(shipped: Content) -> None:
    heard: list[tuple[int, int]] = []
    report = measure_facts(shipped, range(3), progress=lambda *x: heard.append(x))
    assert [f.id for f in report.facts] == list(shipped.facts) and heard == [(3, 3)]
    for fact in report.facts:
        assert fact.median is not None and fact.p10 is not None and fact.p90 is not None
        assert fact.p10 <= fact.median <= fact.p90
        assert fact.met == (fact.low <= fact.median <= fact.high)


def test_the_most_typical_game_is_nearest_to_the_medians() -> None:
    numbers = np.array([[1.0, 2.0, 3.0, 4.0, 100.0], [10.0, 20.0, 30.0, 40.0, 50.0]])
    assert nearest_to_medians(numbers, np.ones(5, dtype=bool)) == 2
    assert nearest_to_medians(numbers, np.array([True, True, False, True, True])) in (1, 3)
    assert nearest_to_medians(numbers, np.array([False, False, False, False, True])) == 4
