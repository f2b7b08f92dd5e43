"""``baimo class assign``: the file, and one sentence for every bad input."""

from __future__ import annotations

from pathlib import Path

import pytest
from shell import run

from game.table.assignment import read_assignment

GIVEN = ("class", "assign", "--scenario", "price-war", "--seed", "2024")


@pytest.mark.parametrize(("lang", "word"), [("en", "baimo play"), ("zh", "第4季给全班发")])
def test_it_writes_and_says_what_is_asked(tmp_path: Path, lang: str, word: str) -> None:
    out = tmp_path / "one.assignment"
    done = run(
        *GIVEN, "--card", "4:ban-tightens", "--card", "6:shake-out", "--background", "app-team", "--levers", "all",
        "--undo", "forbidden", "--deadline", "2026-03-06", "--title", "one\u202e two\n", "--out", str(out), "--lang", lang,
    )  # fmt: skip
    assert (done.code, done.err) == (0, "") and word in done.out
    plan = read_assignment(out)
    assert (plan.background, plan.levers, plan.undo, plan.title) == ("app-team", "all", "forbidden", "one two")
    assert [(c.quarter, c.card) for c in plan.cards] == [(4, "ban-tightens"), (6, "shake-out")]


def test_a_seed_is_drawn_where_none_is_given(tmp_path: Path) -> None:
    seeds = set()
    for name in ("a", "b"):
        assert run("class", "assign", "--scenario", "price-war", "--out", str(tmp_path / name)).code == 0
        seeds.add(read_assignment(tmp_path / name).seed)
    assert len(seeds) == 2


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (("--scenario", "price-waz"), "price-war"), (("--background", "x"), "known"), (("--card", "4"), "QUARTER:ID"),
        (("--card", "9:ban-tightens"), "8 quarters"), (("--card", "4:zzz"), "zzz"), (("--deadline", "soon"), "soon"),
        (("--undo", "never"), "invalid choice"), (("--seed", " "), "seed"), (("--levers", "six"), "invalid choice"),
        (("--content", "nowhere"), "nowhere"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_in_one_sentence(tmp_path: Path, more: tuple[str, ...], word: str) -> None:
    out = tmp_path / "one.assignment"
    done = run(*GIVEN, "--out", str(out), *more)
    assert done.code == 2 and done.out == "" and word in done.err
    assert done.err.count("\n") == 1 and not out.exists()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("mine")
    done = run(*GIVEN, "--out", str(tmp_path / "x"))
    assert done.code == 2 and "exists" in done.err and (tmp_path / "x").read_text() == "mine"
    assert run("class", "assign", "--out", str(tmp_path / "y")).code == 2
