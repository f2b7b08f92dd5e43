"""One writer a file, across processes, and none after a kill."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import portalocker
import pytest
from run_builders import head, quarter, write

from game.table.errors import LockedError
from game.table.lock import Lock, lock_path
from game.table.runfile import read_run
from game.table.writer import RunWriter

HOLD = """
import sys
from pathlib import Path
from game.table.writer import RunWriter
writer, run = RunWriter.open(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.readline()
writer.close()
print("free", flush=True)
sys.stdin.readline()
"""


def hold(path: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout and child.stdout.readline() == "held\n"
    return child


def test_second_process_is_refused_and_may_fork(tmp_path: Path) -> None:
    path = write(tmp_path / "a.baimo", 2)
    child = hold(path)
    try:
        with pytest.raises(LockedError):
            RunWriter.open(path)
        found = read_run(path)
        with RunWriter.create(tmp_path / "fork.baimo", head(), list(found.quarters)) as fork:
            fork.append(quarter(2))
        assert child.stdin and child.stdout
        child.stdin.write("\n")
        child.stdin.flush()
        assert child.stdout.readline() == "free\n"
        RunWriter.open(path)[0].close()
    finally:
        child.kill()
        child.communicate()


def test_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    path = write(tmp_path / "a.baimo", 2)
    child = hold(path)
    assert lock_path(path).exists()
    child.kill()
    child.communicate()
    run, _ = RunWriter.open(path)
    with run:
        run.append(quarter(2))
    assert [p.name for p in tmp_path.iterdir()] == ["a.baimo"]


def test_lock_file_left_by_anything_does_not_lock(tmp_path: Path) -> None:
    path = write(tmp_path / "a.baimo", 1)
    lock_path(path).write_text("12345")
    RunWriter.open(path)[0].close()


def test_lock_on_a_file_that_its_owner_has_just_removed_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.baimo"
    first = Lock.take(path)
    real = portalocker.lock

    def late(*args: object) -> None:
        first.release()  # between the second one's open and its lock
        real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(portalocker, "lock", late)
    second = Lock.take(path)
    monkeypatch.undo()
    with pytest.raises(LockedError):
        Lock.take(path)
    second.release()


def test_release_twice_frees_nobody_elses(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    one = Lock.take(path)
    one.release()
    two = Lock.take(path)
    one.release()
    with pytest.raises(LockedError):
        Lock.take(path)
    two.release()
    Lock.take(path).release()
