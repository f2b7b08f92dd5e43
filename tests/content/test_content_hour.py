"""first_hour.toml and achievements.toml: closed vocabularies, and what is wrong is said in one sentence with a guess."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from content_builders import Tree, tree, write

from game.content import Content
from game.content.digest import rules_digest
from game.content.load import collect


def step(t: Tree) -> dict[str, Any]:
    found: dict[str, Any] = t["first_hour.toml"]["step"][0]
    return found


def stage(t: Tree) -> dict[str, Any]:
    found: dict[str, Any] = t["first_hour.toml"]["stage"][0]
    return found


def prize(t: Tree) -> dict[str, Any]:
    found: dict[str, Any] = t["achievements.toml"]["achievement"][0]
    return found


def asked(t: Tree, place: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = prize(t)["when"][place]
    return found


def faults(folder: Path, change: Callable[[Tree], object]) -> list[str]:
    files = tree()
    change(files)
    return [str(p) for p in collect(write(folder / "content", files))[1]]


def test_the_small_folder_is_right(tmp_path: Path) -> None:
    assert faults(tmp_path, lambda t: None) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(lambda t: stage(t).update(rows=["price.tokn"]), "no row 'price.tokn'; did you mean 'price.token'?", id="row"),
        pytest.param(lambda t: stage(t).update(rows=["route", "route"]), "'route' is there twice", id="row twice"),
        pytest.param(lambda t: stage(t).update(turn=0), "turn", id="turn"),
        pytest.param(lambda t: stage(t).update(levers="six"), "levers", id="levers"),
        pytest.param(lambda t: step(t).update(done="movd"), "'movd' ends no step; did you mean 'moved'?", id="done"),
        pytest.param(lambda t: step(t).update(rows=[]), "names no row, so none can be moved", id="nothing to move"),
        pytest.param(lambda t: step(t)["replies"][0].update(when="rased"), "no occasion; did you mean 'raised'?", id="when"),
        pytest.param(
            lambda t: step(t)["text"].update(zh="看{prce}", en="{prce}"), "unknown placeholder {prce}; did you mean 'price'?",
            id="place",
        ),
        pytest.param(lambda t: prize(t).update(thesis="frist-thesis"), "did you mean 'first-thesis'?", id="thesis"),
        pytest.param(lambda t: prize(t).update(endings=["bankrup"]), "no ending 'bankrup'; did you mean 'bankrupt'?", id="ending"),
        pytest.param(lambda t: prize(t).update(scenarios=["wra"]), "scenario 'wra' does not exist", id="scenario"),
        pytest.param(lambda t: prize(t).update(when=[]), "when", id="no condition"),
        pytest.param(lambda t: asked(t).update(what="price-rato"), "cannot be asked of a run; did you mean 'price-ratio'?", id="word"),
        pytest.param(lambda t: asked(t).update(of="finance"), "belongs to a whole firm; leave of out", id="of"),
        pytest.param(lambda t: asked(t, 1).pop("of"), "'contracts' needs a vertical", id="no of"),
        pytest.param(lambda t: asked(t, 1).update(of="finanse"), "did you mean 'finance'?", id="wrong of"),
        pytest.param(lambda t: asked(t, 1).update(of="developers"), "'developers' is no vertical", id="no vertical"),
        pytest.param(lambda t: asked(t).update(over="always"), "over", id="over"),
        pytest.param(lambda t: asked(t).update(over="every"), "count: counts quarters; it goes with over", id="count"),
        pytest.param(lambda t: asked(t).update(value="open"), "compared with a number, not with 'open'", id="route"),
        pytest.param(lambda t: asked(t, 1).update(what="route", value="opne", of=""), "did you mean 'open'?", id="no route"),
        pytest.param(lambda t: asked(t, 1).update(what="trust", value=2.0, of=""), "lies outside what 'trust' can be", id="range"),
        pytest.param(lambda t: asked(t).update(what="cash", over="growth", count=1), "may be negative", id="growth"),
        pytest.param(lambda t: asked(t).update(first="2024Q4"), "2023Q4 is before first = 2024Q4", id="order"),
        pytest.param(lambda t: asked(t).update(last="2040Q4"), "2040Q4 lies outside the game", id="late"),
        pytest.param(lambda t: prize(t).update(colour="red"), "colour", id="unknown key"),
    ],
)
def test_a_fault_is_said_in_one_sentence(tmp_path: Path, change: Callable[[Tree], object], said: str) -> None:
    found = faults(tmp_path, change)
    assert found and all(said in fault for fault in found) and len(found) <= 2, found


def test_the_shipped_first_hour_teaches_two_then_five_then_all(shipped: Content) -> None:
    for levers in ("all", "five"):
        shown = [s for s in shipped.stages.values() if s.levers in ("any", levers)]
        turns = [s.turn for s in shown]
        assert turns == sorted(turns) and shown[0].turn == 1
        sizes = [len(s.rows) or 99 for s in shown]
        assert sizes[0] == 2 and sizes[-1] == 99
        assert sizes == ([2, 5, 99] if levers == "all" else [2, 99, 99])
        steps = [s for s in shipped.steps.values() if s.levers in ("any", levers)]
        assert {s.turn for s in steps} == {1, 2, 3}
        for turn in (1, 2):
            assert [s for s in steps if s.turn == turn][-1].done == "closed"


def test_a_step_points_at_rows_that_its_stage_shows(shipped: Content) -> None:
    for levers in ("all", "five"):
        for one in shipped.steps.values():
            if one.levers not in ("any", levers) or not one.rows:
                continue
            stage_ = [s for s in shipped.stages.values() if s.levers in ("any", levers) and s.turn <= one.turn][-1]
            assert not stage_.rows or set(stage_.rows) & set(one.rows), one.id


def test_the_rules_do_not_read_them(shipped: Content, tmp_path: Path) -> None:
    files = tree()
    before, _ = collect(write(tmp_path / "one", files))
    files["first_hour.toml"] = {"stage": [], "step": []}
    files["achievements.toml"] = {"achievement": []}
    after, _ = collect(write(tmp_path / "two", files))
    assert before is not None and after is not None
    assert rules_digest(before) == rules_digest(after)
