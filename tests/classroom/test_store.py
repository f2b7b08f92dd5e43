"""The room's store: what is acknowledged is on disk, what is not ours is left alone, what is forgotten is gone."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from game.classroom import store as store_module
from game.classroom.drives import kind_of, kind_on_windows, mounts_of_linux, mounts_of_macos
from game.classroom.errors import ClassError
from game.classroom.schema import APPLICATION, VERSION
from game.classroom.store import Store, Unkept, connect, forget, is_store

PUT = "INSERT INTO settings VALUES (?, ?)"


def made(path: Path, **options: object) -> Store:
    store = Store.create(path, group=0.0, **options)  # type: ignore[arg-type]
    store.put((PUT, ("plan", "{}"))).result(10)
    return store


def values(path: Path) -> dict[str, str]:
    db = sqlite3.connect(path)
    try:
        return dict(db.execute("SELECT key, value FROM settings").fetchall())
    finally:
        db.close()


def error_of(call: object, *args: object) -> str:
    with pytest.raises(ClassError) as found:
        call(*args)  # type: ignore[operator]
    return found.value.message.id


class Failing(sqlite3.Connection):
    """A connection whose disk is full while ``full``."""

    full = False

    def execute(self, sql: str, *args: object) -> sqlite3.Cursor:  # type: ignore[override]
        if Failing.full and sql == "COMMIT":
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL  # type: ignore[misc]
            raise error
        return super().execute(sql, *args)  # type: ignore[arg-type]


def failing(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Failing)
    db.execute("PRAGMA locking_mode=EXCLUSIVE")
    return db


def test_as_safe_as_it_can_be(tmp_path: Path) -> None:
    store = made(tmp_path / "a.room")
    asked = {p: store.db.execute(f"PRAGMA {p}").fetchone()[0] for p in (
        "journal_mode", "synchronous", "foreign_keys", "secure_delete", "locking_mode", "application_id", "user_version",
    )}  # fmt: skip
    assert asked == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "locking_mode": "exclusive",
        "application_id": APPLICATION, "user_version": VERSION,
    }  # fmt: skip
    store.close()
    assert is_store(tmp_path / "a.room") and sorted(p.name for p in tmp_path.iterdir()) == ["a.room"]


def test_what_is_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """A process of its own is killed the moment it has been told that something is kept."""
    path = tmp_path / "a.room"
    code = f"""
import os, sys
from pathlib import Path
from game.classroom.store import Store
store = Store.create(Path({str(path)!r}))
for n in range(40):
    store.put(({PUT!r}, (str(n), "1"))).result(10)
    if n == 25:
        os._exit(9)
"""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, timeout=60, check=False)
    assert done.returncode == 9
    store = Store.open(path)
    assert [row[0] for row in store.db.execute("SELECT key FROM settings ORDER BY CAST(key AS INT)")] == [
        str(n) for n in range(26)
    ]
    store.close()


def test_commits_are_grouped_and_in_order(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "a.room", group=0.02)
    futures = [store.put((PUT, (f"{n:03d}", "0")), ("UPDATE settings SET value = ?", (str(n),))) for n in range(200)]
    for future in futures:
        future.result(10)
    assert store.commits < 20
    store.close()
    assert set(values(tmp_path / "a.room").values()) == {"199"}


def test_a_unit_is_all_or_nothing_and_a_wrong_one_harms_no_other(tmp_path: Path) -> None:
    store = made(tmp_path / "a.room")
    wrong = store.put((PUT, ("half", "1")), ("INSERT INTO people VALUES (?, ?)", ("nobody", "x")))
    right = store.put((PUT, ("whole", "1")))
    right.result(10)
    with pytest.raises(sqlite3.IntegrityError):
        wrong.result(10)
    assert store.trouble is None
    store.close()
    assert values(tmp_path / "a.room").keys() == {"plan", "whole"}


def test_a_full_disk_keeps_nothing_back(tmp_path: Path) -> None:
    """Nothing is acknowledged, nothing is lost, and the order stays when there is room again."""
    seen: list[str] = []

    async def go() -> None:
        store = made(tmp_path / "a.room", connect=failing)
        mended = threading.Event()

        def changed() -> None:
            seen.append(store.trouble.id if store.trouble else "")
            if not store.trouble:
                mended.set()

        store.changed = changed
        Failing.full = True
        try:
            for n in range(3):
                with pytest.raises(Unkept) as found:
                    await store.write((PUT, (str(n), "1")))
                assert found.value.message.id == "class.store.full"
                store.retry()
            assert store.pending == 3
        finally:
            Failing.full = False
        with pytest.raises(Unkept):
            await store.write((PUT, ("last", "1")))
        store.retry()
        assert await asyncio.to_thread(mended.wait, 10)
        await store.write((PUT, ("now", "1")))
        assert store.trouble is None and store.pending == 0
        store.close()

    asyncio.run(asyncio.wait_for(go(), 30))
    assert "class.store.full" in seen and seen[-1] == ""
    assert list(values(tmp_path / "a.room")) == ["plan", "0", "1", "2", "last", "now"]


def test_one_process_at_a_time(tmp_path: Path) -> None:
    store = made(tmp_path / "a.room")
    assert error_of(Store.open, tmp_path / "a.room") == "class.store.open"
    assert error_of(forget, tmp_path / "a.room") == "class.store.open"
    store.close()
    Store.open(tmp_path / "a.room").close()


def test_what_is_there_is_never_written_over(tmp_path: Path) -> None:
    for name, data, why in (
        ("text", b"my homework", "class.store.not-one"), ("empty", b"", "class.store.not-one"),
        ("long", b"SQLite format 3\x00" + bytes(400), "class.store.not-one"),
    ):  # fmt: skip
        path = tmp_path / name
        path.write_bytes(data)
        assert error_of(Store.create, path) == "class.store.exists"
        assert error_of(Store.open, path) == why
        assert path.read_bytes() == data
    assert error_of(Store.open, tmp_path / "none") == "class.store.no-file"
    assert error_of(Store.create, tmp_path / "none" / "a.room") == "class.store.no-place"
    other = sqlite3.connect(tmp_path / "other")
    other.execute("CREATE TABLE t (x)")
    other.close()
    assert error_of(Store.open, tmp_path / "other") == "class.store.not-one"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["empty", "long", "other", "text"]


@pytest.mark.parametrize("place", [16, 60, 4096, 8192, 20480])
def test_a_damaged_store_is_left_as_it_is(tmp_path: Path, place: int) -> None:
    """Damage to what holds the file together. Of what stands in it, runs have checksums of their own."""
    path = tmp_path / "a.room"
    store = made(path)
    for n in range(300):
        store.put((PUT, (f"{n:03d}", "x" * 60)))
    store.close()
    data = bytearray(path.read_bytes())
    data[place : place + 40] = hashlib.sha512(b"damage").digest()[:40]
    path.write_bytes(data)
    assert error_of(Store.open, path) in ("class.store.damaged", "class.store.not-one")
    assert error_of(forget, path) in ("class.store.damaged", "class.store.not-one")
    assert path.read_bytes() == bytes(data) and [p.name for p in tmp_path.iterdir()] == ["a.room"]


def test_cut_and_newer_stores(tmp_path: Path) -> None:
    path = tmp_path / "a.room"
    made(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:-4096])
    assert error_of(Store.open, path) == "class.store.damaged"
    path.write_bytes(whole)
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version={VERSION + 1}")
    db.close()
    assert error_of(Store.open, path) == "class.store.newer"


def test_forgetting_leaves_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.room"
    store = made(path)
    store.put(
        ("INSERT INTO teams (id, number) VALUES ('t', 1)", ()),
        ("INSERT INTO team_names VALUES ('t', 'Zinnober-Mannschaft')", ()),
        *((f"INSERT INTO members (id, number, team, secret) VALUES ('m{n}', {n}, 't', x'00')", ()) for n in range(200)),
        *((f"INSERT INTO people VALUES ('m{n}', 'Zinnober-{n}')", ()) for n in range(200)),
        *((f"INSERT INTO reasons VALUES ('m{n}', 1, 0, 'hash{n}')", ()) for n in range(200)),
        *((f"INSERT INTO reason_texts VALUES ('m{n}', 1, 0, 'salt', 'Zinnober {n}')", ()) for n in range(200)),
        ("INSERT INTO runs VALUES (1, 0, 0, x'01')", ()),
    ).result(10)
    store.close()
    assert b"Zinnober" in path.read_bytes()
    assert forget(path) == 401
    assert b"Zinnober" not in b"".join(p.read_bytes() for p in tmp_path.iterdir())
    store = Store.open(path)
    assert store.db.execute("SELECT count(*) FROM reasons").fetchone() == (200,)
    assert store.db.execute("SELECT count(*) FROM runs").fetchone() == (1,)
    store.close()
    assert forget(path) == 0


def test_the_copy_that_was_looked_at_holds_no_name_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, left = tmp_path / "a.room", tmp_path / "left"
    left.mkdir()
    store = made(path)
    store.put((PUT, ("name", "Zinnober"))).result(10)
    monkeypatch.setattr(store_module.tempfile, "TemporaryDirectory", lambda: contextlib.nullcontext(str(left)))
    store_module.look_at(path)
    store.close()
    copies = {p.name: p.read_bytes() for p in left.iterdir()}
    assert "copy" in copies and not any(map(any, copies.values()))


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    if os.name == "nt" or os.geteuid() == 0:
        pytest.skip("who runs this may write anywhere")
    tmp_path.chmod(0o500)
    try:
        assert error_of(Store.create, tmp_path / "a.room") == "class.store.no-place"
    finally:
        tmp_path.chmod(0o700)


def test_network_drives_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "network_kind", lambda path: "nfs4")
    assert error_of(Store.create, tmp_path / "a.room") == "class.store.network"
    assert not list(tmp_path.iterdir())


def test_network_drives_are_told_from_local_ones() -> None:
    mounts = mounts_of_linux(
        "/dev/sda1 / ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\nserver:/home /home nfs4 rw 0 0\n"
        "/dev/sdb1 /home/x/my\\040disk ext4 rw 0 0\nx@y:/ /home/x/far fuse.sshfs rw 0 0\n//s/t /srv cifs rw 0 0\n"
    )
    kinds = {p: kind_of(p, mounts) for p in ("/tmp/a", "/home", "/home/x", "/home/x/my disk/a", "/home/x/far", "/srv/a", "/srvx")}
    assert kinds == {
        "/tmp/a": "", "/home": "nfs4", "/home/x": "nfs4", "/home/x/my disk/a": "", "/home/x/far": "sshfs", "/srv/a": "cifs",
        "/srvx": "",
    }  # fmt: skip
    mac = mounts_of_macos(
        "/dev/disk3s1s1 on / (apfs, sealed, local)\n//anna@school/class on /Volumes/My class (smbfs, nodev, nosuid)\n"
        "/dev/disk4s1 on /Volumes/STICK (msdos, local, nodev)\n"
    )
    assert [kind_of(p, mac) for p in ("/Users/x", "/Volumes/My class/a", "/Volumes/STICK")] == ["", "smbfs", ""]
    assert [kind_on_windows(p, False) for p in (r"C:\Users\x", r"\\school\class", r"\\?\UNC\school\x", r"\\?\C:\x", "//s/t")] == [
        "", "smb", "smb", "", "smb"
    ]  # fmt: skip
    assert kind_on_windows(r"Z:\class", True) == "smb"


def test_the_connection_never_makes_a_file(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        connect(tmp_path / "a.room").execute("SELECT 1")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps files apart by folders, not by such modes")
def test_only_its_owner_reads_a_store(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        store = made(tmp_path / "a.room")
        try:
            found = {p.name: p.stat().st_mode & 0o777 for p in tmp_path.glob("a.room*")}
        finally:
            store.close()
    finally:
        os.umask(old)
    assert found == dict.fromkeys(("a.room", "a.room-wal"), 0o600), "code, seed and names are in both"
