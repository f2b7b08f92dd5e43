"""``baimo auto``: a row for every quarter, the same luck the same game, and the rules after an early ending."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from shell import Result, run, valid

from game.content import Content
from game.engine.names import STATUSES
from game.table.auto import auto
from game.table.runfile import read_run

QUARTERS = {
    "war": ("2023Q1", 20), "sandbox": ("2023Q1", 20), "price-war": ("2024Q1", 8), "open-roads": ("2025Q1", 8),
    "first-lesson": ("2023Q1", 5),
}  # fmt: skip
POLICIES = ("default", "random", "thumb", "reactive")
LASTING = ("niche-master", "national-champion", "listed-company", "open-source-legend")
SEEDS = 80
"""Seeds looked through for an ending."""


def labels(first: str, count: int) -> list[str]:
    start = int(first[:4]) * 4 + int(first[5]) - 1
    return [f"{q // 4}Q{q % 4 + 1}" for q in range(start, start + count)]


def document(result: Result) -> dict[str, Any]:
    assert (result.code, result.err) == (0, "")
    return valid(result.document, "auto")


def check_rows(found: dict[str, Any]) -> None:
    """What has to hold of every document, however the game went."""
    firms, rows, final = found["firms"], found["quarters"], found["final"]
    first, count = QUARTERS[found["scenario"]]
    assert [r["quarter"] for r in rows] == labels(first, count)
    assert all(1 <= r["rank"] <= firms for r in rows)
    last = rows[-1]
    assert (final["value"], final["rank"]) == (last["value"], last["rank"])
    assert final["survived"] == (not last["bankrupt"]) == (final["ending"] != "bankrupt")
    if final["ending"] in LASTING:
        assert not any(r["bankrupt"] for r in rows)
    gone = [r for r in rows if r["bankrupt"]]
    assert gone == rows[len(rows) - len(gone) :], "once bankrupt, always bankrupt"
    for r in gone:
        assert (r["value"], r["share"], r["rank"], r["cash"]) == (0.0, 0.0, firms, 0.0)


@cache
def reference() -> dict[str, Any]:
    return document(run("auto", "--seed", "7", "--json"))


@pytest.mark.parametrize("scenario", QUARTERS)
@pytest.mark.parametrize("policy", POLICIES)
def test_every_scenario_and_policy(scenario: str, policy: str) -> None:
    found = document(run("auto", "--scenario", scenario, "--policy", policy, "--seed", "20230314", "--json"))
    assert (found["scenario"], found["policy"], found["seed"]) == (scenario, policy, "20230314")
    check_rows(found)


@pytest.mark.parametrize("level", ["apprentice", "manager", "founder"])
@pytest.mark.parametrize(
    "background", ["lab-spin-off", "big-company-division", "state-veteran", "app-team", "domain-insiders"]
)
def test_every_background_and_level(background: str, level: str) -> None:
    args = ("auto", "--scenario", "first-lesson", "--background", background, "--difficulty", level, "--seed", "3")
    check_rows(document(run(*args, "--json")))


def test_the_defaults_are_those_stated() -> None:
    spelt = run("auto", "--scenario", "war", "--background", "lab-spin-off", "--difficulty", "manager",
                "--assume", "none", "--policy", "reactive", "--seed", "7", "--json")  # fmt: skip
    assert document(spelt) == reference()


def test_the_same_seed_is_the_same_game_and_another_is_not() -> None:
    assert document(run("auto", "--seed", "7", "--json")) == reference()
    other = document(run("auto", "--seed", "8", "--json"))
    assert other["digest"] != reference()["digest"]
    assert other["rules_digest"] == reference()["rules_digest"]


def test_everything_chosen_changes_the_game() -> None:
    base = document(run("auto", "--scenario", "first-lesson", "--seed", "7", "--json"))["digest"]
    for more in (("--policy", "thumb"), ("--background", "app-team"), ("--difficulty", "founder")):
        assert document(run("auto", "--scenario", "first-lesson", "--seed", "7", *more, "--json"))["digest"] != base


def test_a_seed_may_be_words_and_a_drawn_one_is_told() -> None:
    assert document(run("auto", "--scenario", "first-lesson", "--seed", "三班", "--json"))["seed"] == "三班"
    drawn = document(run("auto", "--scenario", "first-lesson", "--json"))
    again = document(run("auto", "--scenario", "first-lesson", "--seed", drawn["seed"], "--json"))
    assert again["digest"] == drawn["digest"]
    assert document(run("auto", "--scenario", "first-lesson", "--json"))["seed"] != drawn["seed"]


def test_the_printed_rows_are_those_of_the_run(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    found = document(run("auto", "--seed", "7", "--out", path, "--json"))
    assert found == reference(), "writing a run changes nothing"
    read = read_run(path)
    assert [q.label for q in read.quarters] == [r["quarter"] for r in found["quarters"]]
    for quarter, row in zip(read.quarters, found["quarters"], strict=True):
        kept = quarter.rows[0]
        assert (kept.cash, kept.value, kept.live_models) == (row["cash"], row["value"], row["live_models"])
        if not row["bankrupt"]:
            assert (kept.rank, kept.own_price) == (row["rank"], row["token_price"])
    assert read.quarters[-1].digest == found["digest"]
    assert read.end is not None and read.end.endings == {0: found["final"]["ending"]}
    assert [p.name for p in tmp_path.iterdir()] == ["a.baimo"], "nothing but the run is left"


def test_what_is_printed_for_people_says_the_same() -> None:
    lines = run("auto", "--seed", "7").out.splitlines()
    found = reference()
    assert [line[:6] for line in lines[1:-2]] == [r["quarter"] for r in found["quarters"]]
    assert found["final"]["ending"] in lines[-2] and lines[-1] == f"digest {found['digest']}"
    assert "reactive" in lines[0] and "war" in lines[0]


# early endings: no seed is known to keep an ending for good, so they are looked for --------------------------------


def ended(content: Content, status: str, policies: tuple[str, ...]) -> dict[str, Any]:
    """A game of ``war`` that ended early for firm 0 with ``status``."""
    from game.content.build import build_rules
    from game.lab.trace import simulate

    rules = build_rules(content, "war")
    for policy in policies:
        trace = simulate(rules, range(1, SEEDS + 1), (policy, *("thumb",) * (rules.firms - 1)))
        hits = (trace.status[-2, 0] == STATUSES.index(status)).nonzero()[0]
        if len(hits):
            return auto(
                content, scenario="war", background="lab-spin-off", difficulty="manager", assume="none", policy=policy,
                seed=str(int(hits[0]) + 1),
            )  # fmt: skip
    raise AssertionError(f"no firm was {status} in {SEEDS} seeds by {policies}")


def test_after_bankruptcy(shipped: Content) -> None:
    found = valid(ended(shipped, "bankrupt", ("random", "thumb")), "auto")
    check_rows(found)
    assert found["final"] == {"value": 0.0, "survived": False, "rank": found["firms"], "ending": "bankrupt"}
    assert found["quarters"][-2]["bankrupt"]


@pytest.mark.parametrize("status", ["acquired", "merged"])
def test_after_a_sale_value_stays_what_was_paid(shipped: Content, status: str) -> None:
    found = valid(ended(shipped, status, ("random", "thumb", "reactive")), "auto")
    check_rows(found)
    assert found["final"]["survived"] and found["final"]["ending"] == status
    rows = found["quarters"]
    since = next(i for i, r in enumerate(rows) if r["share"] == 0.0)
    paid = rows[since]["value"]
    assert paid > 0.0
    for row in rows[since:]:
        assert (row["value"], row["share"], row["bankrupt"]) == (paid, 0.0, False)
    assert found["final"]["value"] == paid


def test_a_scenario_without_developers_has_no_share_and_no_price(tmp_path: Path, shipped: Content) -> None:
    source = (shipped.directory / "scenarios" / "first-lesson.toml").read_text(encoding="utf-8")
    source = source.replace('id = "first-lesson"', 'id = "no-developers"').replace('["developers", ', "[")
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "no-developers.toml").write_text(source, encoding="utf-8")
    result = run("auto", "--content", tmp_path, "--scenario", "no-developers", "--seed", "1", "--json")
    rows = document(result)["quarters"]
    assert [(r["share"], r["token_price"]) for r in rows] == [(None, None)] * 5
    people = run("auto", "--content", tmp_path, "--scenario", "no-developers", "--seed", "1")
    assert people.code == 0 and people.err == ""
