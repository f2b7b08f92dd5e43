"""What a writer has taken is on disk or still in memory, whatever the disk does."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import msgspec
import pytest
from run_builders import FIRST, head, quarter, reason, row, write

from game.table import files
from game.table.errors import Damaged, LockedError, SaveError
from game.table.lines import End, Parent, Rules
from game.table.runfile import read_run, verify_chain
from game.table.writer import RunWriter, drop_reasons, fork_lines, fork_run


class Disk:
    """A disk that takes so many bytes and no more."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.room = 10**9
        self.code = errno.ENOSPC
        self._write = os.write
        monkeypatch.setattr(files.os, "write", self.write)

    def write(self, handle: int, data: memoryview) -> int:
        if self.room <= 0:
            raise OSError(self.code, os.strerror(self.code))
        done = self._write(handle, data[: self.room])
        self.room -= done
        return done


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_each_quarter_is_on_disk_when_append_returns(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    with RunWriter.create(path, head()) as run:
        assert read_run(path).quarters == ()
        for number in range(4):
            run.append(quarter(number))
            assert len(read_run(path).quarters) == number + 1
    assert names(tmp_path) == ["a.baimo"]


def test_appends_are_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(files.os, "fsync", lambda handle: synced.append(os.fstat(handle).st_size))
    path = tmp_path / "a.baimo"
    with RunWriter.create(path, head()) as run:
        run.append(quarter(0))
        assert path.stat().st_size in synced


def test_a_whole_file_is_on_disk_before_it_takes_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(files.os, "fsync", lambda handle: (done.append("sync"), fsync(handle)))
    monkeypatch.setattr(files.os, "replace", lambda a, b: (done.append("replace"), replace(a, b)))
    RunWriter.create(tmp_path / "a.baimo", head()).close()
    assert done[:2] == ["sync", "replace"] and names(tmp_path) == ["a.baimo"]


def test_go_on_after_closing_gives_the_same_file(tmp_path: Path) -> None:
    write(tmp_path / "a.baimo", 4, end=True)
    write(tmp_path / "b.baimo", 1)
    for number in range(1, 4):
        run, found = RunWriter.open(tmp_path / "b.baimo")
        with run:
            assert len(found.quarters) == number and run.notices == []
            reasons = (reason(number), reason(number, "second", 2))
            run.append(quarter(number, reasons), reasons)
    run, _ = RunWriter.open(tmp_path / "b.baimo")
    with run:
        run.finish(End({0: "bankrupt"}, {0: row(FIRST + 3)}))
    assert (tmp_path / "a.baimo").read_bytes() == (tmp_path / "b.baimo").read_bytes()


def test_load_save_load_is_the_same(tmp_path: Path) -> None:
    one = read_run(write(tmp_path / "a.baimo", 3))
    RunWriter.create(tmp_path / "b.baimo", one.head, fork_lines(one, 3)).close()
    assert (tmp_path / "b.baimo").read_bytes() == (tmp_path / "a.baimo").read_bytes()


def test_crash_at_every_byte_of_an_append(tmp_path: Path) -> None:
    """What is left of an append that was killed is set aside, kept to the byte, and the game goes on before it."""
    path = write(tmp_path / "a.baimo", 2)
    before = path.stat().st_size
    reasons = (reason(2),)
    run, _ = RunWriter.open(path)
    with run:
        run.append(quarter(2, reasons), reasons)
    whole = path.read_bytes()
    second = whole.index(b"\n", before) + 1
    for cut in [*range(before + 1, before + 40), *range(second - 3, second + 20), len(whole) - 2]:
        path.write_bytes(whole[:cut])
        run, found = RunWriter.open(path)
        kept = len(found.quarters)
        with run:
            assert kept == (3 if cut >= second - 1 else 2)
            torn = whole[(second if cut >= second else before) : cut] if cut not in (second - 1, second) else b""
            aside = path.with_name("a.baimo.torn-1")
            if torn:
                assert aside.read_bytes() == torn and [n.id for n in run.notices] == ["run.torn"]
                aside.unlink()
            else:
                assert not aside.exists() and run.notices == []
            run.append(quarter(kept))
        assert verify_chain(path) == []
    assert names(tmp_path) == ["a.baimo"]


def test_torn_tails_are_numbered(tmp_path: Path) -> None:
    path = write(tmp_path / "a.baimo", 1)
    data = path.read_bytes()
    for number in (1, 2, 3):
        path.write_bytes(data + b'{"kind":"quarter","qu%d' % number)
        RunWriter.open(path)[0].close()
    assert names(tmp_path) == ["a.baimo", "a.baimo.torn-1", "a.baimo.torn-2", "a.baimo.torn-3"]
    assert path.read_bytes() == data


def test_damaged_file_is_never_written(tmp_path: Path) -> None:
    path = write(tmp_path / "a.baimo", 3)
    data = path.read_bytes().replace(b"2024Q2", b"2024Q9", 1)
    path.write_bytes(data)
    with pytest.raises(Damaged):
        RunWriter.open(path)
    with pytest.raises(Damaged):
        drop_reasons(path)
    with RunWriter.create(path, head()) as run:
        assert isinstance(run.trouble, SaveError) and run.trouble.why == "exists"
        with pytest.raises(SaveError):
            run.append(quarter(0))
        assert path.read_bytes() == data
        run.move(tmp_path / "b.baimo")
        run.append(quarter(1))
    assert len(read_run(tmp_path / "b.baimo").quarters) == 2
    assert names(tmp_path) == ["a.baimo", "b.baimo"]


@pytest.mark.parametrize("room", [0, 1, 50, 400])
def test_full_disk_loses_nothing(tmp_path: Path, disk: Disk, room: int) -> None:
    path = tmp_path / "a.baimo"
    with RunWriter.create(path, head()) as run:
        run.append(quarter(0))
        good = path.read_bytes()
        for number in (1, 2):
            disk.room = room
            with pytest.raises(SaveError) as caught:
                run.append(quarter(number))
            assert caught.value.why == "disk-full" and "disk is full" in str(caught.value)
            assert path.read_bytes() == good and run.pending == number
        disk.room = 10**9
        run.append(quarter(3))
        assert run.pending == 0 and run.trouble is None
    assert len(read_run(path).quarters) == 4
    assert path.read_bytes() == write(tmp_path / "b.baimo", 4, with_reasons=False).read_bytes()


def test_full_disk_that_cannot_even_cut(tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.baimo"
    with RunWriter.create(path, head()) as run:
        run.append(quarter(0))
        good = path.read_bytes()
        with monkeypatch.context() as broken:
            cuts: list[int] = []

            def cut(handle: int, size: int) -> None:
                cuts.append(size)
                if len(cuts) > 1:
                    raise OSError(errno.EIO, "gone")

            broken.setattr(files.os, "ftruncate", cut)
            disk.room = 100
            with pytest.raises(SaveError):
                run.append(quarter(1))
        assert path.read_bytes()[: len(good)] == good and path.stat().st_size == len(good) + 100
        assert read_run(path).torn  # a reader sees the save that did not come through as such
        disk.room = 10**9
        run.append(quarter(2))
    assert len(read_run(path).quarters) == 3 and verify_chain(path) == []


def test_full_disk_at_the_start(tmp_path: Path, disk: Disk) -> None:
    disk.room = 30
    with RunWriter.create(tmp_path / "a.baimo", head()) as run:
        assert isinstance(run.trouble, SaveError) and names(tmp_path) == [".a.baimo.lock"]
        with pytest.raises(SaveError):
            run.append(quarter(0))
        disk.room = 10**9
        run.append(quarter(1))
    assert len(read_run(tmp_path / "a.baimo").quarters) == 2


def test_full_disk_while_setting_a_tail_aside(tmp_path: Path, disk: Disk) -> None:
    path = write(tmp_path / "a.baimo", 1)
    torn = path.read_bytes() + b'{"kind":"quar'
    path.write_bytes(torn)
    disk.room = 20
    run, found = RunWriter.open(path)
    with run:
        assert isinstance(run.trouble, SaveError) and path.read_bytes() == torn and len(found.quarters) == 1
        with pytest.raises(SaveError):
            run.append(quarter(1))
        assert path.read_bytes() == torn
        disk.room = 10**9
        run.append(quarter(2))
    assert len(read_run(path).quarters) == 3
    assert path.with_name("a.baimo.torn-1").read_bytes() == b'{"kind":"quar'


def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that lets nobody write (tests may run as a user whom permissions do not stop)."""
    real = os.open

    def refuse(path: os.PathLike[str] | str, flags: int, *rest: int) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return real(path, flags, *rest)

    monkeypatch.setattr(files.os, "open", refuse)


def test_read_only_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as closed:
        read_only(closed)
        with RunWriter.create(tmp_path / "new.baimo", head()) as run:
            assert isinstance(run.trouble, SaveError) and run.trouble.why == "read-only"
            with pytest.raises(SaveError, match="cannot be written"):
                run.append(quarter(0))
            assert names(tmp_path) == []
            closed.undo()
            run.append(quarter(1))
    assert len(read_run(tmp_path / "new.baimo").quarters) == 2


def test_opening_in_a_read_only_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.baimo", 2)
    with monkeypatch.context() as closed:
        read_only(closed)
        run, found = RunWriter.open(path)
        with run:
            assert len(found.quarters) == 2 and run.trouble is not None
            with pytest.raises(SaveError):
                run.append(quarter(2))
            closed.undo()
            run.append(quarter(3))
    assert len(read_run(path).quarters) == 4


def test_file_changed_by_something_else(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    with RunWriter.create(path, head()) as run:
        run.append(quarter(0))
        for other in (path.read_bytes() + b"more\n", path.read_bytes()[:-20], b"x" * 5000):
            path.write_bytes(other)
            with pytest.raises(SaveError) as caught:
                run.save() if run.pending else run.append(quarter(1))
            assert caught.value.why == "changed" and path.read_bytes() == other
        run.move(tmp_path / "b.baimo")
    assert len(read_run(tmp_path / "b.baimo").quarters) == 2


def test_file_removed_while_playing_comes_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    with RunWriter.create(path, head()) as run:
        run.append(quarter(0))
        path.unlink()
        run.append(quarter(1))
    assert len(read_run(path).quarters) == 2


def test_no_line_that_would_not_come_back(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "a.baimo", head()) as run:
        for bad in (float("nan"), float("inf")):
            with pytest.raises(ValueError):
                run.append(msgspec.structs.replace(quarter(0), decisions=[{"route": bad}, {}, {}]))
            with pytest.raises(ValueError):
                run.append(msgspec.structs.replace(quarter(0), rows={0: msgspec.structs.replace(row(FIRST), cash=bad)}))
        with pytest.raises(ValueError):
            run.append(quarter(0), (reason(0),))  # no hash for it
        run.append(quarter(0))
        run.finish(End({}, {}))
        with pytest.raises(ValueError):
            run.append(quarter(1))
    assert len(read_run(tmp_path / "a.baimo").quarters) == 1


def test_fork_keeps_the_past_and_names_its_parent(tmp_path: Path) -> None:
    run = read_run(write(tmp_path / "a.baimo", 4, end=True))
    for played in range(5):
        path = tmp_path / f"f{played}.baimo"
        fork_run(run, played, path, "2026-02-01").close()
        fork = read_run(path)
        assert fork.quarters == run.quarters[:played] and fork.end is None
        assert len(fork.reasons) == 2 * played
        assert fork.head.parent == Parent(run.checksums[played], FIRST + played)
        # the same luck: nothing else of what a run is has changed
        assert msgspec.structs.replace(fork.head, parent=None, created=run.head.created) == run.head
    assert run.checksums[4].encode() in run.lines[-4]
    for wrong in (5, -1):
        with pytest.raises(ValueError):
            fork_run(run, wrong, tmp_path / "x.baimo", "")


def test_undone_stays_marked(tmp_path: Path) -> None:
    run = read_run(write(tmp_path / "a.baimo", 2))
    undone = fork_run(run, 1, None, "", undone=True).run()
    assert undone.head.undone and fork_run(undone, 0, None, "").run().head.undone
    assert not fork_run(run, 1, None, "").run().head.undone


def test_in_memory_until_it_gets_a_place(tmp_path: Path) -> None:
    with RunWriter.create(None, head()) as run:
        run.append(quarter(0))
        assert run.trouble is None and len(run.run().quarters) == 1
        run.move(tmp_path / "a.baimo")
        run.append(quarter(1))
    assert read_run(tmp_path / "a.baimo").quarters == run.run().quarters


def test_change_of_rules_is_marked_and_forked(tmp_path: Path) -> None:
    path = write(tmp_path / "a.baimo", 2)
    writer, _ = RunWriter.open(path)
    with writer:
        writer.change_rules(Rules("2.0", "2", "0" * 64, [], []))
        assert len(read_run(path).lines) == 7  # nothing is written before a quarter is played
        writer.append(quarter(2))
    run = read_run(path)
    assert run.marked and run.digest == "0" * 64 and [n for n, _ in run.rules] == [2]
    for played, marked in ((2, False), (3, True)):
        fork = tmp_path / f"f{played}.baimo"
        RunWriter.create(fork, head(), fork_lines(run, played)).close()
        assert read_run(fork).marked == marked
    assert run.line_of(3) == 9


def test_reasons_can_be_dropped_and_the_run_goes_on(tmp_path: Path) -> None:
    path = write(tmp_path / "a.baimo", 2)
    assert drop_reasons(path) == 4 and b"quoted" not in path.read_bytes()
    run, found = RunWriter.open(path)
    with run:
        assert found.reasons == {} and set(found.quarters[0].reasons) == {0, 2}
        run.append(quarter(2))
    assert verify_chain(path) == []


def test_one_writer_in_one_process(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    with RunWriter.create(path, head()):
        with pytest.raises(LockedError, match="forked"):
            RunWriter.open(path)
        with pytest.raises(LockedError):
            RunWriter.create(path, head())
        assert read_run(path).quarters == ()  # reading is free
    RunWriter.open(path)[0].close()


def test_links_are_followed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.baimo", 1)
    link = tmp_path / "link.baimo"
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("no links here")
    path.write_bytes(path.read_bytes() + b"{")
    RunWriter.open(link)[0].close()
    assert link.is_symlink() and verify_chain(path) == []
