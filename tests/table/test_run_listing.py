"""Lists read heads and last lines, and show what they cannot read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from run_builders import FIRST, PARENT, head, quarter, row, write

from game.table import listing
from game.table.errors import Damaged, NotARun
from game.table.lines import Rules
from game.table.listing import glance, list_runs
from game.table.writer import RunWriter


def test_list(tmp_path: Path) -> None:
    write(tmp_path / "new.baimo", 0)
    write(tmp_path / "played.baimo", 3, undone=True, parent=PARENT)
    write(tmp_path / "over.baimo", 2, end=True)
    (tmp_path / "other.baimo").write_text("hello")
    (tmp_path / "notes.txt").write_text("hello")
    damaged = write(tmp_path / "damaged.baimo", 1)
    damaged.write_bytes(damaged.read_bytes().replace(b'"war"', b'"raw"', 1))
    torn = write(tmp_path / "torn.baimo", 2)
    torn.write_bytes(torn.read_bytes() + b'{"kind":"quarter","quarter":6,"la')
    for age, name in enumerate(["new", "played", "over", "torn", "other", "damaged"]):
        os.utime(tmp_path / f"{name}.baimo", (10**9 - age, 10**9 - age))
    found = {entry.path.stem: entry for entry in list_runs(tmp_path)}
    assert [e.path.stem for e in list_runs(tmp_path)][:4] == ["new", "played", "over", "torn"]
    assert set(found) == {"new", "played", "over", "torn", "other", "damaged"}
    assert found["new"].head == head() and found["new"].played == 0 and found["new"].row is None
    assert found["played"].played == 3 and found["played"].row == row(FIRST + 2) and found["played"].head is not None
    assert found["played"].head.undone and found["played"].ending == ""
    assert found["over"].played == 2 and found["over"].ending == "bankrupt"
    assert found["torn"].played == 2 and found["torn"].torn and not found["played"].torn
    assert isinstance(found["other"].trouble, NotARun) and isinstance(found["damaged"].trouble, Damaged)


def test_list_of_no_folder(tmp_path: Path) -> None:
    assert list_runs(tmp_path / "none") == []


@pytest.mark.parametrize("block", [97, 1024, 1 << 16])
def test_last_line_is_found_however_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    path = write(tmp_path / "a.baimo", 5)
    end = write(tmp_path / "b.baimo", 3, end=True)
    rules = write(tmp_path / "c.baimo", 1)
    run, _ = RunWriter.open(rules)
    with run:
        run.change_rules(Rules("2", "2", "", [], []))
        run.save()
    bare = tmp_path / "d.baimo"
    bare.write_bytes(path.read_bytes()[:-1])
    with monkeypatch.context() as small:
        small.setattr(listing, "STEP", block)
        assert glance(path).played == 5 and glance(end).played == 3 and glance(end).ending == "bankrupt"
        assert glance(rules).played == 1
        assert glance(bare).played == 5


def test_only_the_ends_of_a_file_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.baimo"
    with RunWriter.create(path, head()) as run:
        run.append(quarter(0))
    data = path.read_bytes()
    hole = data[: data.index(b"\n") + 1] + b"\xff" * (1 << 22) + b"\n" + data[data.index(b"\n") + 1 :]
    path.write_bytes(hole)  # a middle that no reader would accept
    assert glance(path).played == 1
