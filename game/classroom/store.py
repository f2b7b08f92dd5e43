"""A room's store: one SQLite file, the room's only truth. One process, one thread that writes, nothing acknowledged before
it is on disk.

>>> store = Store.create(path)                        # doctest: +SKIP
>>> await store.write(("INSERT INTO settings VALUES (?, ?)", ("phase", '"lobby"')))   # on disk when this returns

Changes that come within `GROUP` seconds of the last commit wait for each other and are committed together; each unit is
all or nothing. Where the disk takes nothing, whoever waits gets `Unkept`, the changes stay in order and are tried again
every `RETRY` seconds: the room goes on in memory and says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from game.classroom.drives import network_kind
from game.classroom.errors import ClassError
from game.classroom.schema import APPLICATION, MAGIC, NAMES, TABLES, VERSION
from game.table.errors import LockedError
from game.table.lock import Lock
from game.table.wire import Message

GROUP: Final = 0.02
"""Seconds within which commits are grouped."""
RETRY: Final = 2.0
"""Seconds after which a disk that took nothing is tried again."""

T = TypeVar("T")
Op = tuple[str, Sequence[Any]]
"""A statement and its values."""
Connect = Callable[[Path], sqlite3.Connection]


class Unkept(Exception):
    """A change is not on disk; ``message`` says why. It stays and will be written when there is room."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.id)


@dataclass
class _Unit:
    """Statements that are kept together or not at all, and who waits for them."""

    ops: Sequence[Op]
    done: Future[None]


def connect(path: Path) -> sqlite3.Connection:
    """The store's connection, as safe as SQLite makes it. It never makes a file."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False,
                         timeout=0.0)  # fmt: skip
    for pragma in ("locking_mode=EXCLUSIVE", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY",
                   "trusted_schema=OFF"):  # fmt: skip
        db.execute(f"PRAGMA {pragma}")
    return db


class Store:
    """Made by `create` or `open`, never directly."""

    def __init__(self, path: Path, lock: Lock | None, db: sqlite3.Connection, group: float) -> None:
        self.path, self.db = path, db
        self._lock, self._group = lock, group
        self._news = threading.Condition()
        self._using = threading.Lock()
        """Held by whoever speaks to the database."""
        self._pending: list[_Unit] = []
        self._stop = self._drop = self._poked = False
        self.trouble: Message | None = None
        """Why the last changes are not on disk, or None."""
        self.changed: Callable[[], None] = lambda: None
        """Called on the writer's thread whenever ``trouble`` comes or goes."""
        self.commits = 0
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    @classmethod
    def create(cls, path: Path, *, group: float = GROUP, connect: Connect = connect) -> Store:
        """A new store, which its owner alone may read where the system knows such modes (its log takes them
        over). Raises `ClassError`: a network drive, a file that is already there, a folder that takes none."""
        path, lock = _taken(path)
        try:
            try:
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # code, seed, names: its owner's alone
            except FileExistsError as error:
                raise ClassError("class.store.exists", file=path.name) from error
            except OSError as error:
                raise ClassError("class.store.no-place", file=path.name) from error
            try:
                db = connect(path)
                db.execute(f"PRAGMA application_id={APPLICATION}")
                db.execute(f"PRAGMA user_version={VERSION}")
                db.executescript(f"BEGIN;{TABLES}COMMIT;")
                db.execute("PRAGMA journal_mode=WAL")
            except sqlite3.Error as error:
                with contextlib.suppress(OSError):
                    path.unlink()  # ours, made a moment ago, and nothing in it
                raise ClassError("class.store.no-place", file=path.name) from error
        except BaseException:
            lock.release()
            raise
        return cls(path, lock, db, group)

    @classmethod
    def open(cls, path: Path, *, group: float = GROUP, connect: Connect = connect) -> Store:
        """A store that is there. Raises `ClassError` where it cannot be gone on with; it is then left as it is."""
        path, lock = _taken(path, there=True)
        try:
            look_at(path)
            try:
                db = connect(path)
                db.execute("PRAGMA journal_mode=WAL")
            except sqlite3.Error as error:
                raise ClassError("class.store.no-place", file=path.name) from error
        except BaseException:
            lock.release()
            raise
        return cls(path, lock, db, group)

    # writing

    def put(self, *ops: Op) -> Future[None]:
        """Keep something; the future is done when it is on disk. The order of calls is the order on disk."""
        unit = _Unit(ops, Future())
        with self._news:
            if self._stop:
                unit.done.set_exception(Unkept(Message("class.store.closed")))
            elif not ops and not self._pending:
                unit.done.set_result(None)
            else:
                if self.trouble:  # it will be tried again with the rest; nobody waits so long
                    unit.done.set_exception(Unkept(self.trouble))
                self._pending.append(unit)
                self._news.notify()
        return unit.done

    async def write(self, *ops: Op) -> None:
        """Keep something; on disk when this returns. Raises `Unkept`."""
        await asyncio.wrap_future(self.put(*ops))

    async def settled(self) -> None:
        """Wait until everything put so far is on disk. Raises `Unkept`."""
        await self.write()

    async def read(self, how: Callable[[sqlite3.Connection], T]) -> T:
        """Read something, between two commits. Raises what ``how`` raises."""
        def locked() -> T:
            with self._using:
                return how(self.db)

        return await asyncio.to_thread(locked)

    @property
    def pending(self) -> int:
        """Changes that are not on disk."""
        with self._news:
            return sum(bool(unit.ops) for unit in self._pending)

    def retry(self) -> None:
        """Try again now."""
        with self._news:
            self._poked = True
            self._news.notify()

    def close(self, *, drop: bool = False) -> None:
        """Bring what is pending to disk, once more, and let others open the file. With ``drop`` what is pending is lost."""
        with self._news:
            self._stop, self._drop = True, drop
            self._news.notify()
        self._thread.join()
        if self._lock:
            with contextlib.suppress(sqlite3.Error):
                self.db.close()
            self._lock.release()
            self._lock = None

    def _run(self) -> None:
        last = 0.0
        while True:
            with self._news:
                self._news.wait_for(lambda: self._pending or self._stop)
                if not self._pending or self._drop:
                    self._fail(self._pending, Message("class.store.closed"))
                    return
                wait = last + self._group - time.monotonic()
            if wait > 0 and not self._stop:
                time.sleep(wait)  # more may come, and goes with this commit
            with self._news:
                batch = list(self._pending)
                self._poked = False
            try:
                self._commit(batch)
            except (sqlite3.Error, OSError) as error:
                self._troubled(trouble_of(self.path.name, error))
                with self._news:
                    if self._stop:
                        self._fail(self._pending, Message("class.store.closed"))
                        return
                    self._news.wait_for(lambda: self._stop or self._poked, RETRY)
                continue
            last = time.monotonic()
            self.commits += 1
            with self._news:
                del self._pending[: len(batch)]
                mended, self.trouble = self.trouble, None
            if mended:
                self.changed()
            for unit in batch:
                if not unit.done.done():
                    unit.done.set_result(None)

    def _commit(self, batch: list[_Unit]) -> None:
        with self._using:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                for unit in batch:
                    self._do(unit)
                self.db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self.db.execute("ROLLBACK")
                raise

    def _do(self, unit: _Unit) -> None:
        """The statements of one unit. One that is wrong in itself fails alone and never blocks the others."""
        self.db.execute("SAVEPOINT unit")
        try:
            for sql, values in unit.ops:
                self.db.execute(sql, values)
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.DataError,
                OverflowError) as error:  # fmt: skip
            self.db.execute("ROLLBACK TO unit")
            if not unit.done.done():
                unit.done.set_exception(error)
        self.db.execute("RELEASE unit")

    def _troubled(self, why: Message) -> None:
        with self._news:
            self.trouble = why
            self._fail(self._pending, why)
            self._pending = [unit for unit in self._pending if unit.ops]
        self.changed()

    @staticmethod
    def _fail(units: Sequence[_Unit], why: Message) -> None:
        for unit in units:
            if not unit.done.done():
                unit.done.set_exception(Unkept(why))


def trouble_of(file: str, error: Exception) -> Message:
    """The sentence for an error of the disk."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    full = code == sqlite3.SQLITE_FULL or "full" in str(error)
    return Message("class.store.full" if full else "class.store.fails", {"file": file})


# opening --------------------------------------------------------------------------------------------------------------
def _taken(path: Path, there: bool = False) -> tuple[Path, Lock]:
    """The real path and its lock. Raises `ClassError`."""
    path = Path(os.path.realpath(path))
    if there and not path.is_file():
        raise ClassError("class.store.no-file", file=path.name)
    if kind := network_kind(path):
        raise ClassError("class.store.network", file=path.name, kind=kind)
    try:
        return path, Lock.take(path)
    except LockedError as error:
        raise ClassError("class.store.open", file=path.name) from error
    except OSError as error:
        raise ClassError("class.store.no-place", file=path.name) from error


def look_at(path: Path) -> None:
    """Whether a file is a store that this program reads. Looks at a copy, for opening a damaged one would change it.

    Raises `ClassError`.
    """
    try:
        with path.open("rb") as file:
            start = file.read(100)
        if len(start) < 100 or not start.startswith(MAGIC) or int.from_bytes(start[68:72]) != APPLICATION:
            raise ClassError("class.store.not-one", file=path.name)
        if (version := int.from_bytes(start[60:64])) > VERSION:
            raise ClassError("class.store.newer", file=path.name, version=version, known=VERSION)
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy"
            try:
                shutil.copyfile(path, copy)
                if (log := path.with_name(path.name + "-wal")).exists():
                    shutil.copyfile(log, copy.with_name("copy-wal"))
                _need_whole(copy, path.name)
            finally:
                _wiped(Path(folder))
    except OSError as error:
        raise ClassError("class.store.unreadable", file=path.name) from error


def _wiped(folder: Path) -> None:
    """Write over every file of a folder of our own: names in it are not to be found in what the disk calls free."""
    for path in folder.iterdir():
        with contextlib.suppress(OSError), path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())


def _need_whole(copy: Path, name: str) -> None:
    try:
        db = connect(copy)
        try:
            whole = db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            whole = whole and not db.execute("PRAGMA foreign_key_check").fetchall()
            version = db.execute("PRAGMA user_version").fetchone()[0]
            db.execute("SELECT 1 FROM " + " JOIN ".join(NAMES) + " LIMIT 1")
            rows = db.execute("SELECT count(*) FROM settings").fetchone()[0]
        finally:
            db.close()
    except sqlite3.Error as error:
        raise ClassError("class.store.damaged", file=name) from error
    if not whole or version != VERSION or not rows:
        raise ClassError("class.store.damaged", file=name)


# forgetting -----------------------------------------------------------------------------------------------------------
def is_store(path: Path) -> bool:
    """Whether a file looks like a room's store, by its first bytes."""
    try:
        with path.open("rb") as file:
            start = file.read(72)
    except OSError:
        return False
    return start.startswith(MAGIC) and int.from_bytes(start[68:72]) == APPLICATION


def forget(path: Path) -> int:
    """Take every name and every text out of a room's store for good; how many there were.

    Runs, hashes, forecasts and decisions stay and still verify. Deleted pages are overwritten, the file is written anew
    and the log emptied; what the disk itself keeps of old blocks is out of reach of any program. Raises `ClassError`,
    also while the room is open.
    """
    path, lock = _taken(path, there=True)
    try:
        look_at(path)
        db = connect(path)
        try:
            count = sum(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in NAMES)
            db.execute("BEGIN IMMEDIATE")
            for table in NAMES:
                db.execute(f"DELETE FROM {table}")
            db.execute("COMMIT")
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            db.close()
    except sqlite3.Error as error:
        raise ClassError("class.store.not-forgotten", file=path.name) from error
    finally:
        lock.release()
    return int(count)
