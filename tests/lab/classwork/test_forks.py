"""Forking one quarter of a run: the alternative and what was done in the same futures."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from game.content import Content
from game.lab.analysis.model import Budget
from game.lab.analysis.quarter import analyse_quarter
from game.lab.analysis.reading import Opened, open_run
from game.lab.analysis.run import task_of
from game.lab.classwork import forks
from game.lab.classwork.forks import STEPS, Fork, fork
from tests.lab.analysis.analysis_builders import play

SMALL = {"games": 48, "select": 16}


@pytest.fixture(scope="module")
def opened(shipped: Content, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """A run that gives everything away in its first quarter."""
    path = tmp_path_factory.mktemp("forks") / "a.baimo"
    play(shipped, path, quarters=3, moves=lambda v: {"price.token": 0.0} if v.quarter == v.first_quarter else {})
    return open_run(shipped, path)


@pytest.fixture(scope="module")
def made(opened: Opened) -> Fork:
    found = fork(opened, 3, opened.run.head.first, **SMALL)
    assert found is not None
    return found


def test_it_is_the_regret_of_the_analysis(opened: Opened, made: Fork) -> None:
    """The same plan, the same futures, the same difference: the page and the analysis tell one story."""
    task = task_of(opened, opened.run.head.first, Budget("x", select=16, measure=48, seeds=0, planner_seeds=0))
    assert task is not None
    found = analyse_quarter(task)
    assert made.plan is not None and found.best is not None and found.regret is not None
    assert made.plan.label == found.best.label and made.plan.moves == found.best.moves
    assert made.difference.mean == pytest.approx(found.regret.mean)
    assert made.difference.low == pytest.approx(found.regret.low)
    assert made.done.value == found.fan and made.done.ruin[-1] == found.ruin
    assert made.better is not None and found.hindsight is not None
    assert made.better.true[-1] - made.done.true[-1] == pytest.approx(found.hindsight)


def test_both_ways_have_every_future_once(made: Fork) -> None:
    assert made.better is not None
    for way in (made.done, made.better):
        assert sum(way.ends) == SMALL["games"] and len(way.ends) == STEPS
        assert len(way.value) == len(way.cash) == len(way.ruin) == len(way.true) == 4
        assert all(0.0 <= r <= 1.0 for r in way.ruin) and way.ruin == sorted(way.ruin)
    assert 0.0 <= made.ahead_in <= 1.0 and made.low < made.high
    assert msgspec.json.decode(msgspec.json.encode(made), type=Fork) == made


def test_what_was_done_is_replayed_as_it_was(opened: Opened, made: Fork) -> None:
    assert opened.table is not None
    came = next(r.value for r in opened.table.history(0) if r.quarter == opened.run.head.first)
    assert made.done.true[0] == pytest.approx(came), "under the true luck the first quarter is what really came"


def test_a_quarter_that_cannot_be_forked_is_none(opened: Opened) -> None:
    assert fork(opened, 0, 99, **SMALL) is None


def test_what_was_best_has_no_alternative(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    def own(rules: object, view: object, done: np.ndarray, *_: object) -> tuple[str, np.ndarray]:
        return forks.OWN, done

    monkeypatch.setattr(forks, "choose", own)
    found = fork(opened, 0, opened.run.head.first, **SMALL)
    assert found is not None and found.plan is None and found.better is None and found.difference.mean == 0.0


@pytest.mark.parametrize(("values", "low"), [([0.0, 9.1e8, 1e9], 0.0), ([8.1e8, 9e8, 1e9], 8e8), ([0.0, 0.0, 0.0], 0.0)])
def test_classes_are_round_and_hold_what_there_is(values: list[float], low: float) -> None:
    a, b = forks._ends([np.array(values * 30)])
    assert a == pytest.approx(low, abs=2e7) and a <= min(values) + 1 and b >= max(values)
    step = (b - a) / STEPS
    assert f"{step:e}"[0] in "1245" and float(f"{step:.0e}") == pytest.approx(step)
