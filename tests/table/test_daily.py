"""Today's market: the same game for a date wherever it is asked, which try counts, and records in their order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from game.content import load
from game.engine.draws import seed_words
from game.table.daily import day_of, days, today
from game.table.records import records
from tests.table.hour_builders import listed

DAY = date(2026, 11, 30)
"""A Monday."""


def of(day: date, **changes: object) -> dict[str, object]:
    game = today(day)
    return {"scenario": game.scenario, "seed_text": game.seed, **changes}


def test_the_game_hangs_on_the_date_and_on_nothing_else() -> None:
    content = load()
    for n in range(14):
        day = DAY + timedelta(days=n)
        game = today(day)
        assert game.seed == f"daily-{day.isoformat()}"
        assert game.scenario == ("war" if day.weekday() >= 5 else "price-war")
        assert game.scenario in content.scenarios and game.background in content.backgrounds
        assert game.difficulty in content.difficulties and game.assume in content.assumptions
    assert len({today(DAY + timedelta(days=n)).seed for n in range(400)}) == 400


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-11))])
def test_zones_play_the_same_game_on_the_same_date(zone: timezone) -> None:
    """Two players on other sides of the date line who both write 30 November get one market, bit for bit."""
    moment = datetime(2026, 11, 30, 12, tzinfo=zone)
    assert today(moment.date()) == today(DAY)
    assert seed_words(today(moment.date()).seed) == seed_words("daily-2026-11-30")


def test_the_date_is_the_local_one() -> None:
    late = datetime(2026, 11, 30, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert today(late.date()).seed == "daily-2026-11-30"
    assert today(late.astimezone(timezone(timedelta(hours=8))).date()).seed == "daily-2026-12-01"


def test_only_the_game_of_the_day_is_that_day() -> None:
    assert day_of(listed("a", **of(DAY))) == DAY
    for other in (
        of(DAY, scenario="war"), of(DAY, difficulty="apprentice"), of(DAY, background="app-team"), of(DAY, seed_text="daily-x"),
        of(DAY, seed_text="7"), of(DAY, seats=["thumb", "thumb"]), of(DAY, assume="cautious"),
    ):  # fmt: skip
        assert day_of(listed("a", **other)) is None


def test_the_first_finished_try_counts_and_the_best_is_shown() -> None:
    runs = [
        listed("late", 9e8, created="2026-11-30T20:00:00+08:00", **of(DAY)),
        listed("first", 3e8, created="2026-11-30T09:00:00+08:00", **of(DAY)),
        listed("unfinished", 0.0, "", 3, created="2026-11-30T08:00:00+08:00", **of(DAY)),
        listed("undone", 5e9, undone=True, created="2026-11-30T08:30:00+08:00", **of(DAY)),
        listed("forked", 4e9, forked=True, created="2026-11-30T08:40:00+08:00", **of(DAY)),
        listed("other", 8e9, created="2026-11-30T07:00:00+08:00"),
    ]
    (day,) = days(runs)
    assert day.day == DAY and day.tries == 5
    assert day.counted is not None and day.counted.path.stem == "first"
    assert day.best is not None and day.best.path.stem == "undone"
    assert day.open is not None and day.open.path.stem == "unfinished"


def test_founding_times_are_compared_as_moments() -> None:
    """Nine in Beijing is before two at night in London the same day."""
    runs = [
        listed("london", 1e8, created="2026-11-30T02:00:00+00:00", **of(DAY)),
        listed("beijing", 2e8, created="2026-11-30T09:00:00+08:00", **of(DAY)),
        listed("nonsense", 3e8, created="yesterday", **of(DAY, undone=False)),
    ]
    (day,) = days(runs)
    assert day.counted is not None and day.counted.path.stem == "nonsense"
    (day,) = days(runs[:2])
    assert day.counted is not None and day.counted.path.stem == "beijing"


def test_days_come_last_first() -> None:
    found = days(listed(str(n), **of(DAY + timedelta(days=n))) for n in (0, 3, 1))
    assert [d.day for d in found] == [DAY + timedelta(days=n) for n in (3, 1, 0)]
    assert days([]) == []


def test_records_are_by_value_within_scenario_and_level() -> None:
    runs = [
        listed("poor", 1e8), listed("rich", 3e9), listed("undone", 9e9, undone=True), listed("easy", 5e9, difficulty="apprentice"),
        listed("gone-early", 0.0, "bankrupt", 4), listed("gone-late", 0.0, "bankrupt", 9), listed("open", 7e9, ""),
        listed("watched", 8e9, seats=["thumb", "thumb"]), listed("believed", 2e9, assume="cautious"),
        listed("war-of-prices", 2e9, scenario="price-war"),
    ]  # fmt: skip
    groups = records(runs, ("price-war", "war"), ("apprentice", "manager"))
    assert [(g.scenario, g.difficulty, g.assume) for g in groups] == [
        ("price-war", "manager", "none"), ("war", "apprentice", "none"), ("war", "manager", "none"), ("war", "manager", "cautious"),
    ]  # fmt: skip
    assert [r.path.stem for r in groups[2].runs] == ["undone", "rich", "poor", "gone-late", "gone-early"]


def test_equal_runs_stand_in_the_order_of_their_founding() -> None:
    runs = [listed("b", created="2026-11-21T10:00:00+08:00"), listed("a", created="2026-11-20T10:00:00+08:00")]
    assert [r.path.stem for r in records(runs)[0].runs] == ["a", "b"]
