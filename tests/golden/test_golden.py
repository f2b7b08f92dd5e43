"""Golden runs still come out as they are on file; what moved is shown, and no careless hand can write it over."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from game.content import Content
from game.engine.version import RULES_VERSION
from game.policies import POLICIES

HERE = Path(__file__).parent


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("golden_make", HERE / "make.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make = _load()
STORED: dict[str, dict[str, Any]] = make.read(HERE)
SHORT = [f"first-lesson.{policy}" for policy in POLICIES]
"""Runs of five quarters: enough to plant a change in."""


@pytest.mark.parametrize("name", sorted(STORED))
def test_a_game_comes_out_as_it_did(shipped: Content, name: str) -> None:
    assert name in make.names(shipped), "gone: run python tests/golden/make.py"
    lines = make.moved(STORED[name], make.play(shipped, name))
    assert not lines, "\n".join([name, *lines, "meant? raise RULES_VERSION and run python tests/golden/make.py"])


def test_every_scenario_by_every_policy_is_on_file(shipped: Content) -> None:
    assert sorted(STORED) == sorted(make.names(shipped)), "run python tests/golden/make.py --new"


def test_every_file_stands_at_these_rules(shipped: Content) -> None:
    assert {run["rules"] for run in STORED.values()} == {RULES_VERSION}, "run python tests/golden/make.py"

    def digests(apart: bool) -> set[str]:
        return {r["rules_digest"] for r in STORED.values() if shipped.scenarios[r["scenario"]].apart == apart}

    late = sum(plan.apart for plan in shipped.scenarios.values())
    assert len(digests(False)) == 1 and len(digests(True)) == late and not digests(True) & digests(False)


def test_all_backgrounds_and_levels_occur(shipped: Content) -> None:
    assert {run["background"] for run in STORED.values()} == set(shipped.backgrounds)
    # a level of planners takes seconds a quarter; tests of foresight and of the table hold that it can be replayed
    quick = {level.id for level in shipped.difficulties.values() if level.policy != "planner"}
    assert {run["difficulty"] for run in STORED.values()} == quick


def test_no_two_games_are_the_same() -> None:
    assert len({run["quarters"][-1]["state"] for run in STORED.values()}) == len(STORED)


# the guard --------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, shipped: Content) -> Path:
    """Fresh files of the short scenario, true to the rules at hand."""
    make.write(tmp_path, {name: make.play(shipped, name) for name in SHORT})
    return tmp_path


def plant(folder: Path, name: str, **changes: Any) -> bytes:
    """Make a file say something else about its third quarter (or about the game), and give what it then holds."""
    path = folder / f"{name}.json"
    run = json.loads(path.read_text(encoding="utf-8"))
    for key, value in changes.items():
        (run if key in run else run["quarters"][2])[key] = value
    make.write(folder, {name: run})
    return path.read_bytes()


def test_what_did_not_move_is_written_as_it_was(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert make.main(SHORT, folder) == 0
    assert "nothing moved" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_planted_change_is_shown_and_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = plant(folder, "first-lesson.thumb", state="0" * 64, cash=123456789.0, rank=1)
    assert make.main(SHORT, folder) == 1
    told = capsys.readouterr()
    assert "first-lesson.thumb: first in 2023Q3: cash 1.23457e+08 -> " in told.out and "rank 1 -> " in told.out
    assert told.out.count("\n") == 1 and "RULES_VERSION" in told.err
    assert (folder / "first-lesson.thumb.json").read_bytes() == kept, "nothing was written"


def test_a_state_that_moved_behind_the_same_numbers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plant(folder, "first-lesson.random", state="0" * 64)
    assert make.main(SHORT, folder) == 1
    assert "2023Q3: the state only" in capsys.readouterr().out


def test_other_movements(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plant(folder, "first-lesson.random", ending="merged")
    plant(folder, "first-lesson.thumb", rules_digest="0" * 64)
    plant(folder, "first-lesson.default", background="nobody")
    assert make.main(SHORT, folder) == 1
    out = capsys.readouterr().out
    for words in ("random: ending: merged -> ", "thumb: the rules digest only", "default: background: nobody -> "):
        assert words in out


def test_a_raised_version_lets_it_through(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(folder, "first-lesson.thumb", state="0" * 64)
    monkeypatch.setattr(make, "RULES_VERSION", RULES_VERSION + 1)
    assert make.main(SHORT, folder) == 0
    stored = make.read(folder)
    assert {run["rules"] for run in stored.values()} == {RULES_VERSION + 1}
    assert make.main(SHORT, folder) == 0, "and then nothing has moved"


def test_files_that_are_not_there_need_a_word(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone = folder / "first-lesson.thumb.json"
    kept = gone.read_bytes()
    gone.unlink()
    assert make.main(SHORT, folder) == 1
    assert "first-lesson.thumb not on file; --new" in capsys.readouterr().err and not gone.exists()
    assert make.main([*SHORT, "--new"], folder) == 0
    assert gone.read_bytes() == kept


def test_new_does_not_open_the_door_for_what_moved(folder: Path) -> None:
    plant(folder, "first-lesson.random", state="0" * 64)
    assert make.main([*SHORT, "--new"], folder) == 1


def test_an_unknown_name_is_told(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    with pytest.raises(SystemExit):
        make.main(["first-lesson.planner"], folder)
    assert "first-lesson.planner" in capsys.readouterr().err


def test_it_runs_as_a_program(folder: Path) -> None:
    root = folder / "root"
    (root / "tests" / "golden").mkdir(parents=True)
    for path in [*folder.glob("*.json"), HERE / "make.py"]:
        shutil.copy(path, root / "tests" / "golden")
    for part in ("game", "content"):
        shutil.copytree(HERE.parents[1] / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "tests/golden/make.py", *SHORT]
    for planted in (False, True):
        if planted:
            plant(root / "tests" / "golden", "first-lesson.reactive", state="0" * 64)
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == planted, done.stderr
        assert "Traceback" not in done.stderr
    assert "first-lesson.reactive: first in 2023Q3" in done.stdout and "RULES_VERSION" in done.stderr
