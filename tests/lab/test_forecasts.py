"""Forecasts are judged by the place of the truth among its futures: uniform if honest, and faults show."""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import numpy as np
import pytest

from game.content import Content
from game.engine import derive
from game.engine.names import LEVER
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.view import View, observe
from game.foresight.direction import follow, read
from game.foresight.estimate import foresight_seeds
from game.foresight.futures import Outlook, futures, look
from game.foresight.luck import even_seeds
from game.lab import forecasts as module
from game.lab.calibration import FIRST_SEED, MARKS, QUARTERS, TOLERANCE, bins_of, cells_of, report
from game.lab.commands_futures import futures as command
from game.lab.commands_futures import lines
from game.lab.forecasts import (
    AHEAD,
    HIDDEN,
    MEASURES,
    Job,
    Places,
    fans_of,
    forecast,
    forecast_all,
    outcomes,
    place_of,
    plans_of,
)
from game.policies import decide_all
from tests.engine.playing import opening, step

SCHEMAS = Path(__file__).parents[1] / "schemas"
QUARTER = 5
SEEDS = tuple(range(701, 729))
FAR = 22.0
"""Points: three standard errors of a mark over so few seeds, and more."""


@pytest.fixture(autouse=True)
def few_futures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty futures a forecast are enough here: the place is uniform whatever their number."""
    monkeypatch.setattr(module, "SHOWN", 400)


def furthest(found: Places, measures: tuple[str, ...] = MEASURES) -> float:
    return max(abs(c.off) for c in cells_of("2024Q2", found.place) if c.measure in measures)


# the place -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("values", [(0.0, 0.0, 0.0, 1.0, 2.0), (3.0,) * 5, (1.0, 2.0, 3.0, 4.0, 5.0), (1.0, 1.0, 2.0, 2.0, 2.0)])
def test_the_place_of_one_among_its_like_is_uniform(values: tuple[float, ...]) -> None:
    """An identity: each value in turn is the truth and the others its futures, with every luck; ties feign nothing."""
    grid = (np.arange(200) + 0.5) / 200
    places = [place_of(np.array(values[:i] + values[i + 1 :]), values[i], v) for i in range(5) for v in grid]
    for mark in MARKS:
        assert np.mean(np.array(places) < mark) == pytest.approx(mark, abs=0.002)


def test_without_random_ties_a_heap_of_zeros_would_feign_a_fault() -> None:
    """The planted fault: half of the outcomes are zero, and a tie counts as below."""
    values = (0.0, 0.0, 0.0, 1.0, 2.0)
    places = [place_of(np.array(values[:i] + values[i + 1 :]), values[i], 1.0 - 1e-9) for i in range(5)]
    assert np.mean(np.array(places) < 0.5) == 0.0


# the truth ------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def seats(war: Rules) -> tuple[str, ...]:
    return ("thumb",) * war.firms


def test_true_seeds_are_none_of_foresights(war: Rules) -> None:
    true = set(module.true_seeds(range(FIRST_SEED, FIRST_SEED + 2000))[0].tolist())
    assert len(true) == 2000
    for quarter, use in itertools.product((0, 3, 5, 9), ("prior", "future")):
        assert not true & set(foresight_seeds(war, quarter, 1200, use)[0].tolist())
    assert not true & set(even_seeds(war, QUARTER, 1000)[0].tolist())


def test_in_truth_the_seat_does_what_a_future_assumes(war: Rules, seats: tuple[str, ...]) -> None:
    """A naive twin: one game alone, the plan, then default management along its direction."""
    state = opening(war, SEEDS[:3])
    for _ in range(QUARTER):
        state = step(war, state, seats)[0]
    plans = plans_of(war, observe(war, state, (0,)), np.array(SEEDS[:3]), QUARTER)
    batch = outcomes(war, state, plans, seats, 3)
    for g in range(3):
        one = state.take([g])
        way = read(war, observe(war, one, (0,)), plans[:, None, g : g + 1])
        for q in range(3):
            decisions = decide_all(war, one, seats)
            decisions[:, 0] = follow(war, observe(war, one, (0,)), way)[:, 0] if q else plans[:, g : g + 1]
            one = play_quarter(war, one, decisions)[0]
            assert np.array_equal(one.cash[:, 0], batch[q].cash[:, g])
            assert np.array_equal(derive.shares(one)[..., 0], derive.shares(batch[q])[..., g])


def test_plans_are_of_four_kinds_and_from_the_view(war: Rules, seats: tuple[str, ...]) -> None:
    state = opening(war, [9, 9, 9, 9])
    for _ in range(3):
        state = step(war, state, seats)[0]
    view = observe(war, state, (0,))
    plans = plans_of(war, view, np.array([0, 1, 2, 3]), 3)
    assert len({plans[:, k].tobytes() for k in range(4)}) == 4
    assert np.array_equal(plans[:, 0], np.nan_to_num(decide_all(war, state, seats)[:, 0, 0]))
    assert (plans[:, 2] == np.nan_to_num(view.own.levers[:, 0, 2])).mean() > 0.9
    assert (plans >= view.own.low[:, 0]).all() and (plans <= view.own.high[:, 0]).all()
    price = LEVER["price.token"]
    assert plans[price, 3] != plans[price, 1]


# the forecasts --------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def honest(war: Rules) -> Places:
    before, module.SHOWN = module.SHOWN, 400
    found = forecast(Job(war, SEEDS, (QUARTER,), "thumb"))[0]
    module.SHOWN = before
    return found


def test_honest_forecasts_are_not_far_off(honest: Places) -> None:
    assert honest.place.shape == (len(AHEAD), len(MEASURES), len(honest.seed))
    assert (honest.place > 0.0).all() and (honest.place < 1.0).all()
    assert furthest(honest) < FAR
    inside = honest.covered.sum(axis=1) / honest.rivals.sum()
    assert {n: round(float(x), 3) for n, x in zip(HIDDEN, inside) if not 0.68 <= x <= 0.9} == {}


def test_side_by_side_they_are_the_futures_that_the_game_shows(war: Rules, seats: tuple[str, ...]) -> None:
    """To the bit: those of one block of the thousand, plan by plan."""
    state = opening(war, SEEDS[:3])
    for _ in range(QUARTER):
        state = step(war, state, seats)[0]
    plans = plans_of(war, observe(war, state, (0,)), np.array(SEEDS[:3]), QUARTER)
    views = [observe(war, state.take([g]), (0,)) for g in range(3)]
    part = module.block_of(SEEDS[0])
    fans = fans_of(war, [look(war, v, seats, module.SHOWN, part=part) for v in views], plans, seats, 4)
    games = part.stop - part.start
    for g, view in enumerate(views):
        shown = futures(war, view, plans[:, g], seats, games=module.SHOWN)
        for q in range(4):
            mine = slice(g * games, (g + 1) * games)
            assert np.array_equal(fans[q].cash[0, mine] / 100.0, shown.cash[q, part])
            assert np.array_equal(derive.value(fans[q])[0, mine], shown.value[q, part])
            assert np.array_equal(derive.shares(fans[q])[0][:, mine], shown.share[q][:, part])


def sure(rules: Rules, view: View, seats: tuple[str, ...], games: int, *, part: slice) -> Outlook:
    """The planted fault: one future, so many times over."""
    real = look(rules, view, seats, games, part=part)
    same = [0] * real.sample.games
    return Outlook(view, real.sample.take(same), real.rivals[..., same], real.seats)


def dreaming(rules: Rules, view: View, seats: tuple[str, ...], games: int, *, part: slice) -> Outlook:
    """The planted fault: rivals are dear and have nobody who sells, in futures only."""
    real = look(rules, view, seats, games, part=part)
    rivals = real.rivals.copy()
    rivals[LEVER["price.token"], 1:] *= 4.0
    rivals[LEVER["staff.developers"], 1:] = 0.0
    return dataclasses.replace(real, rivals=rivals)


def test_a_forecast_that_is_a_point_is_caught(war: Rules) -> None:
    found = forecast(Job(war, SEEDS[:16], (QUARTER,), "thumb"), sure)[0]
    assert furthest(found, ("cash",)) > 35.0 and furthest(found, ("value",)) > 35.0
    assert (found.covered.sum(axis=1) / found.rivals.sum() < 0.2).all()


def test_futures_under_a_biased_policy_are_caught(war: Rules, honest: Places) -> None:
    few = len(SEEDS) // 2
    found = forecast(Job(war, SEEDS[:few], (QUARTER,), "thumb"), dreaming)[0]
    at = MEASURES.index("share.developers")
    assert found.place[0, at].mean() < honest.place[0, at, :few].mean() - 0.2
    assert furthest(found, ("share.developers",)) > FAR


def test_chunks_change_nothing(war: Rules, honest: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 5)
    heard: list[tuple[int, int]] = []
    again = forecast_all(war, SEEDS[:9], [QUARTER], "thumb", processes=1, progress=lambda *at: heard.append(at))[0]
    count = int((honest.seed < SEEDS[9]).sum())
    assert heard[-1] == (9, 9) and len(heard) == 2
    for name in Places._fields:
        assert np.array_equal(getattr(again, name), getattr(honest, name)[..., :count]), name


# the report -----------------------------------------------------------------------------------------------------------
def made_up(count: int = 400) -> Places:
    """Places as honest as can be."""
    even = (np.arange(count) + 0.5) / count
    place = np.broadcast_to(even, (len(AHEAD), len(MEASURES), count)).copy()
    chance = np.broadcast_to(even, (len(AHEAD), count)).copy()
    # Of every ten forecasts as many come true as they say.
    came = (np.arange(count) % 10 + 0.5) / 10 < np.floor(even * 10) / 10
    hits = np.full((len(HIDDEN), count), 8)
    return Places(np.arange(count), place, chance, np.stack([came] * len(AHEAD)), hits, np.full(count, 10))


def test_even_places_are_met_and_moved_ones_missed_by_as_much() -> None:
    honest = made_up()
    assert all(c.met and abs(c.off) < 1e-9 for c in cells_of("2024Q2", honest.place))
    for cell in cells_of("2024Q2", np.clip(honest.place + 0.06, 0.0, 1.0)):
        assert cell.off == pytest.approx(-6.0, abs=0.3) and not cell.met
    for cell in cells_of("2024Q2", honest.place * 0.5 + 0.25):
        assert [round(b) for b in cell.below] == [0, 50, 100] and not cell.met
    found = report([honest] * 3, QUARTERS, 400)
    assert (found.met, len(found.cells)) == (36, 36) and set(found.by_plan) == set(module.PLANS)
    assert all(h.inside == pytest.approx(h.claimed) for h in found.hidden)


def test_reliability_of_chances() -> None:
    honest = made_up()
    for b in bins_of(honest.foretold[0], honest.bankrupt[0]):
        assert b.low <= b.foretold <= b.high and abs(b.foretold - b.happened) < 0.1
    ruin = report([honest], QUARTERS[:1], 400).bankruptcy[0]
    assert ruin.brier < ruin.climatology
    turned = report([honest._replace(foretold=1.0 - honest.foretold)], QUARTERS[:1], 400).bankruptcy[0]
    assert turned.brier > turned.climatology


def test_the_command(shipped: Content, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("game.lab.pool.cores", lambda: 1)
    printed: list[Any] = []
    args = argparse.Namespace(seeds=4, quick=False, json=True)
    assert command(args, shipped, {"assume": "none"}, 7, printed.append) == 0
    document = json.loads(msgspec.json.encode(printed[0]))
    jsonschema.validate(document, json.loads((SCHEMAS / "futures.json").read_text(encoding="utf-8")))
    assert (document["seeds"], document["rules"], len(document["cells"])) == (4, 7, 36)
    assert {c["quarter"] for c in document["cells"]} == set(QUARTERS)
    text = list(lines(printed[0]))
    cells = [line for line in text if line.startswith(QUARTERS) and ("met" in line or "MISSED" in line)]
    assert len(cells) == 36 and sum("MISSED by" in line for line in cells) == 36 - printed[0].met
    for line, cell in zip(cells, printed[0].cells):
        assert cell.met == (abs(cell.off) <= TOLERANCE) == ("MISSED" not in line)
    assert capsys.readouterr().out == ""
