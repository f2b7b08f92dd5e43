"""Whom to believe: what an overlay may change, and the overlays that are shipped."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from content_builders import text, tree, write

from game.content import Content, load
from game.content.build import build_rules
from game.content.digest import rules_digest
from game.content.load import collect
from game.content.references import assumption_refs, readers
from game.content.resolve import parameter_values
from game.table.local import market_for

BESIDE_NONE = ("ecosystem-war", "shakeout-deep-water", "cautious")
"""What there is at the very least."""


def overlaid(tmp_path: Path, **changes: Any) -> Content:
    """The small content with the overlay ``new`` that sets ``changes``."""
    files = tree()
    files["assumptions/new.toml"] = {"id": "new", "name": text(), "text": text(), "set": changes}
    return load(write(tmp_path, files))


def fault(tmp_path: Path, **changes: Any) -> str:
    """The one error of such a content."""
    files = tree()
    files["assumptions/new.toml"] = {"id": "new", "name": text(), "text": text(), "set": changes}
    _, problems = collect(write(tmp_path, files))
    errors = [str(p) for p in problems if p.severity == "error"]
    assert len(errors) == 1, errors
    return errors[0]


def test_a_multiple_of_what_stands(tmp_path: Path) -> None:
    content = overlaid(tmp_path, plain={"times": 2.0}, rent={"times": 0.5}, path={"times": 3.0})
    base, new = parameter_values(content), parameter_values(content, "new")
    assert new["plain"] == 2.0 * base["plain"]  # type: ignore[operator]
    assert new["rent"] == tuple(0.5 * v for v in base["rent"])  # type: ignore[union-attr]
    assert new["path"] == tuple(3.0 * v for v in base["path"])  # type: ignore[union-attr]


def test_one_entry_of_a_table(tmp_path: Path) -> None:
    content = overlaid(tmp_path, rent={"finance": {"times": 2.0}, "medical": 7.0}, path={"2023Q3": 0.5})
    base, new = parameter_values(content), parameter_values(content, "new")
    rent, path = list(base["rent"]), list(base["path"])  # type: ignore[arg-type]
    rent[2], rent[3], path[2] = 2.0 * rent[2], 7.0, 0.5
    assert (new["rent"], new["path"]) == (tuple(rent), tuple(path))


def test_a_ratio_of_figures_and_a_relative_one(tmp_path: Path) -> None:
    decline, size = "cost-decline", "market-size"
    content = overlaid(
        tmp_path, plain={"figure": size, "per": decline, "scale": 1e-12},
        compute_decline={"figure": decline, "scale": -0.5, "offset": 1.0, "relative": True},
    )  # fmt: skip
    base, new = parameter_values(content), parameter_values(content, "new")
    share = content.figures[decline].value
    assert new["plain"] == 1e-12 * content.figures[size].value / share  # type: ignore[operator]
    assert new["compute_decline"] == base["compute_decline"] * (1.0 - 0.5 * share)  # type: ignore[operator]
    read = readers(content, "new")
    assert ("assumptions", "new") in read[size] and ("assumptions", "new") in read[decline]
    assert size not in content.read_by


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rent": {"bank": {"times": 2.0}}}, "'bank' is no segment"),
        ({"path": {"2023Q9": 1.0}}, "not a quarter"),
        ({"path": {"2039Q1": 1.0}}, "lies outside the table"),
        ({"plain": {"times": 2.0, "figure": "market-size"}}, "times stands alone"),
        ({"plain": {"times": 2.0, "tims": 2.0}}, "tims"),
        ({"plain": {"relative": True}}, "is one number, not a table"),
        ({"plain": {"figure": "market-size", "per": "nothing"}}, "figure 'nothing' does not exist"),
        ({"rent": {"finance": True}}, "is not a number"),
        ({"rent": {"finance": "much"}}, "is not a number"),
        ({"rent": {"finance": {"scale": 2.0}}}, "lacks a figure"),
    ],
)
def test_what_is_no_change_is_told(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    assert words in fault(tmp_path, **changes)


def test_facts_are_judged_per_overlay(tmp_path: Path) -> None:
    """An overlay that reads a figure makes a fact on it input under that overlay, and under no other."""
    files = tree()
    files["assumptions/new.toml"] = {
        "id": "new", "name": text(), "text": text(),
        "set": {"plain": {"figure": "market-size", "scale": 1e-12}},
    }  # fmt: skip
    content = load(write(tmp_path / "a", files))
    assert (content.fact_kind("first-fact"), content.fact_kind("first-fact", "new")) == ("emergent", "input")
    files["assumptions/new.toml"]["set"] = {"compute_decline": 0.2}
    content = load(write(tmp_path / "b", files))
    who = ("parameter", "compute_decline")
    assert who in content.read_by["cost-decline"] and who not in readers(content, "new")["cost-decline"]


# the shipped ones -----------------------------------------------------------------------------------------------------


def test_there_are_overlays_and_each_says_why_for_all_it_sets(shipped: Content) -> None:
    assert set(BESIDE_NONE) <= set(shipped.assumptions)
    assert shipped.assumptions["none"].set == {}
    for name, entry in shipped.assumptions.items():
        assert set(entry.reasons) == set(entry.set), name
        if name != "none":
            assert len(entry.set) >= 5, f"{name} changes too little to be a view of the world"
            assert len(list(assumption_refs(entry.set))) >= 3, f"{name} rests on hardly any figure"


def test_each_overlay_changes_what_it_sets_and_nothing_else(shipped: Content) -> None:
    base = parameter_values(shipped)
    seen = set()
    for name, entry in shipped.assumptions.items():
        values = parameter_values(shipped, name)
        assert {p for p in values if values[p] != base[p]} == set(entry.set), name
        seen.add(tuple(sorted(values.items())))
    assert len(seen) == len(shipped.assumptions)


def test_rules_differ_and_every_scenario_builds_under_every_overlay(shipped: Content) -> None:
    for name, entry in shipped.assumptions.items():
        for scenario in shipped.scenarios:
            market = market_for(shipped, scenario, "lab-spin-off", "manager", name, "0")
            assert market.assume == name
            base = build_rules(shipped, scenario).params
            changed = {
                f.name for f in dataclasses.fields(base)
                if not np.array_equal(getattr(base, f.name), getattr(market.source.params, f.name))
            }  # fmt: skip
            assert changed == set(entry.set), (name, scenario)


def test_an_overlay_is_part_of_the_rules_that_a_run_names(shipped: Content) -> None:
    without = dataclasses.replace(shipped, assumptions={"none": shipped.assumptions["none"]})
    assert rules_digest(without) != rules_digest(shipped)
    doubled = copy.copy(dict(shipped.assumptions))
    doubled["copy"] = doubled["cautious"]
    assert rules_digest(dataclasses.replace(shipped, assumptions=doubled)) != rules_digest(shipped)
