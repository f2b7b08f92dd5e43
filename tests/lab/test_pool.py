"""Work over cores gives what one core gives, in order, and ends cleanly when something goes wrong."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import pickle
from multiprocessing.process import BaseProcess

import numpy as np
import pytest

from game.engine.rules import Rules
from game.lab.campaigns import simulate_all
from game.lab.pool import MOST, PoolError, chunks, cores, scatter
from game.lab.trace import Trace, simulate
from tests.engine.playing import mixed


def square(x: int) -> int:
    if x < 0:
        raise ValueError(f"{x} is below zero")
    if x == 99:
        os._exit(3)
    return x * x


def test_results_stand_in_the_order_of_the_items() -> None:
    heard: list[tuple[int, int]] = []
    inline = scatter(square, range(7), processes=1, progress=lambda *x: heard.append(x))
    assert inline == [x * x for x in range(7)] and heard == [(i, 7) for i in range(1, 8)]
    heard.clear()
    assert scatter(square, range(7), processes=2, progress=lambda *x: heard.append(x)) == inline
    assert heard == [(i, 7) for i in range(1, 8)]
    assert scatter(square, [], processes=4) == []
    assert cores() >= 1 and MOST < 64


def left_over(before: set[BaseProcess]) -> list[BaseProcess]:
    """Workers begun since ``before`` that do not end; other tests of this process may not have let go of theirs."""
    ours = set(multiprocessing.active_children()) - before
    for child in ours:
        child.join(20)
    return [child for child in ours if child.is_alive()]


def test_the_error_of_an_item_is_raised_and_leaves_no_worker() -> None:
    before = set(multiprocessing.active_children())
    for processes in (1, 2):
        with pytest.raises(ValueError, match="-2 is below zero"):
            scatter(square, [1, -2, 3], processes=processes)
    assert left_over(before) == []


def test_a_worker_that_dies_is_said_in_a_sentence() -> None:
    with pytest.raises(PoolError, match="worker process ended"):
        scatter(square, [1, 99], processes=2)


def test_an_interrupt_ends_the_work() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    before = set(multiprocessing.active_children())  # what other tests of this process have not yet let go of
    for processes in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            scatter(square, range(5), processes=processes, progress=stop)
    assert left_over(before) == []


@pytest.mark.parametrize(("count", "size"), [(0, 5), (1, 5), (21, 4), (21, 5), (500, 500), (501, 500), (3, 1), (3, 2)])
def test_chunks_cover_everything_once(count: int, size: int) -> None:
    parts = chunks(count, size)
    assert [i for p in parts for i in range(p.start, p.stop)] == list(range(count))
    lengths = [p.stop - p.start for p in parts]
    assert all(0 < n <= size + 1 for n in lengths)
    if count > 1 and size > 1:
        assert min(lengths) > 1


def test_rules_travel(war: Rules) -> None:
    again = pickle.loads(pickle.dumps(war))
    assert again.names == war.names and again.cards == war.cards
    assert np.array_equal(again.params.rent, war.params.rent) and np.array_equal(again.traits.focus, war.traits.focus)


def test_campaigns_over_cores_are_the_same_campaigns(war: Rules) -> None:
    short = dataclasses.replace(war, quarters=4)
    one = simulate(short, range(1, 8), mixed(war.firms))
    heard: list[tuple[int, int]] = []
    for processes in (1, 2):
        two = simulate_all(short, range(1, 8), mixed(war.firms), processes, lambda *x: heard.append(x), chunk=3)
        for field in dataclasses.fields(Trace):
            assert np.array_equal(getattr(one, field.name), getattr(two, field.name), equal_nan=True), field.name
    assert heard == [(2, 7), (4, 7), (7, 7)] * 2
