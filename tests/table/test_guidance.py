"""Guidance over time: what a seat promised against what the books said, scored as the engine scores it."""

from __future__ import annotations

import math

import pytest
from run_builders import row

from game.content import Content
from game.engine.rules import Rules
from game.table.guidance import beside, given, held, totals
from game.table.local import market_for, seats_of
from game.table.table import Table
from game.table.wire import Draft, Guidance, Row


def levers(low: float | None, high: float | None, what: str = "cash") -> dict[str, float | None]:
    return {f"guidance.{what}.low": low, f"guidance.{what}.high": high}


def rows(*cash: float) -> list[Row]:
    return [Row(q - 1, c, 2.0 * c, *list(vars_of(row(4)))[3:]) for q, c in enumerate(cash)]


def vars_of(r: Row) -> list[float]:
    return [getattr(r, n) for n in r.__struct_fields__]


def naive_score(low: float, high: float, actual: float) -> float:
    """The interval score of an 80 % interval as a plain sentence: width, and ten times what it missed by."""
    return high - low + 10.0 * (low - actual if actual < low else actual - high if actual > high else 0.0)


def test_scored_a_quarter_later_against_what_was_known_then(war: Rules) -> None:
    width = war.params.naive_width
    found = given([(0, levers(90e6, 110e6)), (1, levers(100e6, 130e6))], rows(100e6, 200e6, 300e6), war)
    assert [(g.quarter, g.what, g.low, g.high) for g in found] == [(0, "cash", 90e6, 110e6), (1, "cash", 100e6, 130e6)]
    first, second = found
    assert first.actual == 300e6, "the end of quarter 1, which is row 2"
    assert first.score == pytest.approx(naive_score(90e6, 110e6, 300e6)) and not held(first)
    assert (first.naive_low, first.naive_high) == (100e6 * (1 - width), 100e6 * (1 + width)), "cash at the start"
    assert first.naive == pytest.approx(naive_score(first.naive_low, first.naive_high, 300e6))
    assert second.actual is second.score is second.naive is None, "its books are still open"


@pytest.mark.parametrize("low, high", [(None, 1.0), (1.0, None), (2.0, 1.0), (1.0, 1.0), (math.nan, 1.0), (0.0, math.inf)])
def test_half_an_interval_is_none(war: Rules, low: float | None, high: float | None) -> None:
    assert given([(0, levers(low, high))], rows(1.0, 1.0, 1.0), war) == []


def test_totals_by_quantity(war: Rules) -> None:
    both = {**levers(90e6, 110e6), **levers(1e6, 2e6, "revenue")}
    found = given([(0, both), (1, levers(50e6, 500e6)), (2, both)], rows(100e6, 200e6, 100e6, 300e6), war)
    cash, revenue = totals(found)
    assert (cash.what, cash.count, cash.held) == ("cash", 2, 2)
    assert cash.score == ((110e6 - 90e6) + (500e6 - 50e6)) / 2
    assert (revenue.what, revenue.count, revenue.held, revenue.game_count) == ("revenue", 1, 0, 0)
    assert totals([]) == []


def test_the_games_forecast_stands_beside(war: Rules) -> None:
    (one,) = given([(0, levers(90e6, 110e6))], rows(100e6, 0.0, 100e6), war)
    other = beside(one, 80e6, 90e6)
    assert other.game == pytest.approx(naive_score(80e6, 90e6, 100e6)) and other.score == one.score
    (total,) = totals([other])
    assert (total.game_count, total.game_held, total.game, total.score_beside_game) == (1, 0, other.game, one.score)
    open_one = Guidance(0, "cash", 1.0, 2.0, 0.0, 3.0)
    assert beside(open_one, 1.0, 2.0).game is None


def test_a_seat_sees_its_guidance_scored_as_its_reports_say(shipped: Content) -> None:
    """Against the other way to the same numbers: the report of each quarter, which scores from the states."""
    market = market_for(shipped, "first-lesson", "lab-spin-off", "manager", "none", "1")
    table = Table.new(market, seats_of(shipped, market, "human"), seed="guide")
    told = []
    while not table.over:
        view = table.view(0)
        moved = {"guidance.cash.low": view.own.cash * 0.7, "guidance.cash.high": view.own.cash,
                 "guidance.revenue.low": 0.0, "guidance.revenue.high": 1e6 + view.own.revenue}  # fmt: skip
        if view.card:
            moved["card.choice"] = next(float(c.index) for c in view.card.choices if c.allowed)
        if view.distress:
            moved["distress.choice"] = 0.0
        table.submit(0, Draft(view.quarter, moved))
        table.step()
        report = table.report(0)
        assert report is not None
        told += [(f.what, f.low, f.high, f.actual, f.score, f.naive) for f in report.forecasts]
    final = table.view(0)
    seen = [g for g in final.guidance if g.actual is not None]
    assert len(told) >= 6 and [(g.what, g.low, g.high, g.actual, g.score, g.naive) for g in seen] == told
    assert sum(t.count for t in final.guidance_totals) == len(seen)
