"""Files of older formats are brought up step by step, and the old bytes are kept."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from run_builders import quarter, write

from game.table import migrate
from game.table.errors import Damaged
from game.table.lines import FORMAT, PLAIN, REASON_MARK, seal_bytes
from game.table.listing import glance
from game.table.runfile import read_run, verify_chain
from game.table.writer import RunWriter


def older(path: Path) -> bytes:
    """A file of an imagined format 0, which called the player ``nick``."""
    checksum, out = "", []
    for raw in path.read_bytes().splitlines():
        if not raw.startswith(REASON_MARK):
            item = msgspec.json.decode(raw)
            del item["checksum"]
            if item["kind"] == "head":
                item["format"] = 0
                item["nick"] = item.pop("player")
            raw, checksum = seal_bytes(msgspec.json.encode(item)[:-1], checksum)
        out.append(raw + b"\n")
    return b"".join(out)


def step(lines: list[migrate.Object]) -> list[migrate.Object]:
    first = {("player" if k == "nick" else k): v for k, v in lines[0].items()}
    return [{**first, "format": 1}, *lines[1:]]


def test_nothing_to_migrate_yet() -> None:
    assert FORMAT == 2 and PLAIN == 1 and migrate.STEPS == {}


def test_older_format_without_a_step_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.baimo", 1)
    path.write_bytes(older(path))
    with pytest.raises(Damaged):
        read_run(path)


def test_older_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(migrate.STEPS, 0, step)
    path = write(tmp_path / "a.baimo", 3)
    now = path.read_bytes()
    path.write_bytes(then := older(path))
    run = read_run(path)
    assert run.migrated == 0 and run.head.player == "小王" and len(run.quarters) == 3 and len(run.reasons) == 6
    assert path.read_bytes() == then and verify_chain(path) == []
    assert glance(path).played == 3
    writer, _ = RunWriter.open(path)
    with writer:
        assert [n.id for n in writer.notices] == ["run.migrated"]
        assert path.read_bytes() == now and path.with_name("a.baimo.format0-1").read_bytes() == then
        writer.append(quarter(3))
    assert len(read_run(path).quarters) == 4


def test_damage_of_an_older_file_is_still_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(migrate.STEPS, 0, step)
    path = write(tmp_path / "a.baimo", 3)
    path.write_bytes(older(path).replace(b"2024Q2", b"2024Q9", 1))
    with pytest.raises(Damaged) as caught:
        read_run(path)
    assert caught.value.line == 5
