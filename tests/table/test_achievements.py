"""Achievements: for each a course that earns it and a near miss that does not; windows, collections, a real run."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from game.content import Content, load
from game.content.check_hour import RUN_WORDS
from game.content.schema_hour import RunCondition
from game.table.achievements import collect, earned, has, holds
from game.table.course import WORDS, course_of
from game.table.founding import Founding
from game.table.listing import list_runs
from game.table.local import LocalHost
from game.table.runfile import read_run
from game.table.wire import Draft
from tests.table.hour_builders import Plan


@lru_cache(maxsize=1)
def content() -> Content:
    return load()


def table(**counts: float) -> dict[str, Any]:
    return {"customers": counts}


def knowing(segment: str, stock: float, contracts: float) -> dict[str, Any]:
    return {"knowledge": {segment: stock}, "customers": {segment: contracts}}


FALL = [9.0, 9.0, 9.0, 9.0, 8.0, 6.0, 5.0, 4.0, *[2.0] * 12]
"""A market's price that halves within 2024."""
FROM_2025 = [0.0] * 8
CASES: dict[str, tuple[Plan, Plan]] = {
    "open-base-paid-trades": (Plan(stocks={"route": 2, **table(medical=400)}), Plan(stocks={"route": 3, **table(medical=400)})),
    "held-the-line": (
        Plan(rows={"token_price": FALL, "own_price": 12.0}),
        Plan(rows={"token_price": FALL, "own_price": [12.0] * 6 + [5.0] + [12.0] * 13}),
    ),
    "kept-it-fresh": (
        Plan(stocks={"freshness": {"finance": 0.95}, **table(finance=130)}),
        Plan(stocks={"freshness": [{"finance": 0.95}] * 9 + [{"finance": 0.6}] + [{"finance": 0.95}] * 10, **table(finance=130)}),
    ),
    "three-pools": (Plan(stocks={"route": 3, **table(finance=120)}), Plan(stocks={"route": 2, **table(finance=120)})),
    "crowd-not-cash": (Plan(rows={"community": 900.0}), Plan(rows={"community": 900.0, "revenue": 2e8})),
    "home-machines": (
        Plan(stocks={"machines": [{"import": 50.0}] * 8 + [{"import": 0.0, "domestic": 80.0, "cloud": 20.0}] * 12}),
        Plan(stocks={"machines": [{"import": 50.0}] * 8 + [{"import": 0.0, "domestic": 80.0}] * 11
                                 + [{"import": 1.0, "domestic": 80.0}]}),
    ),
    "soft-road": (Plan(stocks={"efficiency": 3.6}), Plan(stocks={"efficiency": 3.5})),
    "paper-tiger-tamer": (Plan(stocks={"tenders-won": 4.0}), Plan(stocks={"tenders-won": 3.0})),
    "ward-rounds": (Plan(stocks=knowing("medical", 18, 150)), Plan(stocks=knowing("medical", 17, 150))),
    "one-of-the-few": (
        Plan(rows={"live_models": 22, "rank": 5}), Plan("sandbox", rows={"live_models": 22, "rank": 5}),
    ),
    "returns-not-ranks": (
        Plan(rows={"capability": [0.5] * 8 + [0.6] * 12, "revenue": [5e7] * 12 + [1.1e8] * 8}),
        Plan(rows={"capability": [0.5] * 9 + [0.7] * 11, "revenue": [5e7] * 12 + [1.1e8] * 8}),
    ),
    "own-feet": (
        Plan(rows={"value": 6e8}, stocks={"debt": 0.0}, levers={"finance.raise": [1e7] * 8 + [0.0] * 12}),
        Plan(rows={"value": 6e8}, stocks={"debt": 0.0}, levers={"finance.raise": [1e7] * 9 + [0.0] * 11}),
    ),
    "they-stay": (Plan(stocks=table(consumers=1.2e7)), Plan(stocks=table(consumers=9e6))),
    "half-a-door": (
        Plan(rows={"community": 450.0}, stocks={"route": 1}), Plan(rows={"community": 450.0}, stocks={"route": [1] * 19 + [2]}),
    ),
    "closed-shop": (Plan(rows={"rank": 5}), Plan(rows={"rank": 5}, stocks={"route": [0] * 10 + [1] * 10})),
    "free-tea": (
        Plan(rows={"own_price": [6.0] * 16 + [0.0] * 4}, stocks=table(finance=200)),
        Plan(rows={"own_price": [6.0] * 17 + [0.0] * 3}, stocks=table(finance=200)),
    ),
    "nobody-waits": (
        Plan(rows={"revenue": 2e8}, stocks={"unserved": 0.0}),
        Plan(rows={"revenue": 2e8}, stocks={"unserved": [0.0] * 5 + [0.01] + [0.0] * 14}),
    ),
    "in-every-pocket": (Plan(stocks=table(devices=100)), Plan(stocks=table(devices=99))),
    "masters-touch": (Plan(stocks=knowing("manufacturing", 20, 150)), Plan(stocks=knowing("manufacturing", 20, 149))),
    "the-crowd-is-the-moat": (
        Plan(ending="open-source-legend", rows={"community": 400.0}), Plan(ending="listed-company", rows={"community": 400.0}),
    ),
    "a-branch-that-bears": (
        Plan(stocks=table(medical=120, finance=40)), Plan(stocks=table(medical=80, finance=80)),
    ),
    "across-the-valley": (
        Plan(stocks={"customers": [{"finance": 0.0}] * 5 + [{"finance": 501.0}] * 15}),
        Plan(stocks={"customers": [{"finance": 100.0}] * 5 + [{"finance": 501.0}] * 15}),
    ),
    "still-ours": (Plan(rows={"value": 1.2e9}, stocks={"founders-share": 0.5}), Plan(rows={"value": 1.2e9})),
    "sold-in-time": (Plan(ending="acquired"), Plan(ending="bankrupt")),
    "no-bad-tuesday": (Plan(stocks={"distressed": 0.0}), Plan(stocks={"distressed": [0.0] * 19 + [1.0]})),
    "state-trusted": (
        Plan(stocks={"machines": {"domestic": 100.0}, **table(government=160)}), Plan(stocks=table(government=160)),
    ),
}  # fmt: skip


def test_every_achievement_has_its_case_and_its_thesis() -> None:
    assert set(CASES) == set(content().achievements)
    assert len(content().achievements) >= 20
    for entry in content().achievements.values():
        assert entry.thesis in content().theses
    theses = [entry.thesis for entry in content().achievements.values()]
    assert len(set(theses)) == len(theses)


@pytest.mark.parametrize("label", list(CASES))
def test_one_course_earns_it_and_a_near_miss_does_not(label: str) -> None:
    entry = content().achievements[label]
    right, wrong = CASES[label]
    assert has(right.course(), entry)
    assert not has(wrong.course(), entry)
    assert not has(replace(right.course(), ending=""), entry), "the game goes on"


def test_an_ordinary_course_earns_nothing() -> None:
    assert earned(Plan().course(), content().achievements.values()) == ()


def test_words_are_those_that_content_may_use() -> None:
    assert set(WORDS) == set(RUN_WORDS)


def test_a_run_answers_only_for_quarters_that_it_has() -> None:
    short = Plan("first-lesson", quarters=5).course()
    later = RunCondition(what="rank", op=">=", value=1, over="every", first="2024Q1", last="2024Q4")
    assert not holds(short, later)
    assert holds(Plan().course(), later)
    since = RunCondition(what="rank", op=">=", value=1, over="every", first="2024Q1")
    assert holds(short, since), "the one quarter of 2024 that it has"
    assert not holds(Plan("price-war", "2024Q1", 8).course(), RunCondition(what="rank", op=">=", value=1, over="every", last="2023Q4"))


def test_a_state_that_cannot_be_read_answers_nothing() -> None:
    course = replace(Plan().course(), stocks=lambda place: {})
    assert not holds(course, RunCondition(what="debt", op=">=", value=0))
    assert holds(course, RunCondition(what="rank", op=">=", value=1))


def test_growth_needs_something_to_grow_from() -> None:
    course = Plan(rows={"revenue": [0.0] * 4 + [1e8] * 16}).course()
    grown = RunCondition(what="revenue", op=">=", value=1, over="growth")
    assert not holds(course, grown)
    assert holds(course, replace_condition(grown, "rise"))


def replace_condition(condition: RunCondition, over: str) -> RunCondition:
    return RunCondition(what=condition.what, op=condition.op, value=condition.value, over=over)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lesson played to its end, and the same undone and played on."""
    folder = tmp_path_factory.mktemp("hour")

    async def go() -> None:
        host = LocalHost(content(), folder, "0")
        seat: Any = await host.new_game(Founding("first-lesson", seed="3"))
        for n in range(2):
            while not (view := await seat.view()).ended:
                levers = {"price.token": 0.0} if n else {}
                if view.card is not None:
                    levers["card.choice"] = float(next(c.index for c in reversed(view.card.choices) if c.allowed))
                if view.distress is not None:
                    levers["distress.choice"] = 0.0
                await seat.submit(Draft(view.quarter, levers))
            if n == 0:
                seat = await host.undo(view.first_quarter + 1)
        host.close()

    asyncio.run(go())
    return folder


def test_a_course_says_what_the_views_of_the_run_said(folder: Path) -> None:
    run = next(r for r in list_runs(folder) if r.head is not None and not r.head.undone)
    file = read_run(run.path)
    course = course_of(file)
    assert course.played == run.played == 5 and course.ending == run.ending
    assert [row.quarter for row in course.rows] == [0, 1, 2, 3, 4]
    for place in range(5):
        for word in WORDS:
            of = "finance" if word in ("contracts", "users", "freshness", "knowledge", "staff") else ""
            of = "domestic" if word == "machines" else "price.token" if word == "lever" else of
            found = course.ask(word, place, of)
            assert found is None or isinstance(found, float), word
        assert course.ask("lever", place, "price.token") == course.ask("own-price", place)
        assert course.ask("value", place) == file.quarters[place].rows[0].value
    assert course.ask("founders-share", 4) is not None


def test_undone_runs_are_counted_apart(folder: Path) -> None:
    free = content().achievements["free-tea"]
    alone = [type(free)(**{f: getattr(free, f) for f in free.__struct_fields__} | {
        "id": "gave-it-away", "when": [RunCondition(what="own-price", op="==", value=0, over="some")]
    })]  # fmt: skip
    found = collect(list_runs(folder), alone)["gave-it-away"]
    assert (found.straight, found.again) == (0, 1) and found.first
    held = [type(free)(**{f: getattr(alone[0], f) for f in free.__struct_fields__} | {
        "when": [RunCondition(what="own-price", op=">", value=0, over="some")]
    })]  # fmt: skip
    both = collect(list_runs(folder), held)["gave-it-away"]
    assert (both.straight, both.again) == (1, 1)


def test_a_damaged_file_earns_nothing_and_stops_nobody(folder: Path, tmp_path: Path) -> None:
    run = next(r for r in list_runs(folder) if r.head is not None and not r.head.undone)
    data = run.path.read_bytes()
    (tmp_path / "torn.baimo").write_bytes(data.replace(b'"quarter":2,', b'"quarter":3,', 1))
    assert all(not e.straight for e in collect(list_runs(tmp_path), list(content().achievements.values())).values())
