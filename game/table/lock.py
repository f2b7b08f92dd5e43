"""One writer a run: a lock on a small file beside it, given back by the system however the writer dies.

The run itself is not locked, because on Windows a locked file can neither be read by others nor replaced.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from game.table.errors import LockedError


def lock_path(path: Path) -> Path:
    """The file whose lock stands for a run's."""
    return path.with_name(f".{path.name}.lock")


class Lock:
    """The right to write to a run. Take it with `Lock.take`, give it back with `release`."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path, self._handle = path, handle

    @classmethod
    def take(cls, run: Path) -> Lock:
        """The lock of a run.

        Raises `LockedError` if another writer has it (in this process too), `OSError` if none can be made there.
        """
        # imported here: listing and reading runs need no lock, and this import is slower than both
        import portalocker

        path = lock_path(run)
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                portalocker.lock(handle, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING)
                if _same(handle, path):
                    return cls(path, handle)
            except portalocker.AlreadyLocked as error:
                os.close(handle)
                raise LockedError(run.name) from error
            except portalocker.LockException as error:
                os.close(handle)
                # folders that know no locks (some network drives) are as good as read-only for us
                raise OSError(f"no locks there: {error}") from error
            os.close(handle)  # its last owner removed the file between our open and our lock: the next one is ours

    def release(self) -> None:
        """Give the lock back and tidy its file away; twice does nothing."""
        if self._handle < 0:
            return
        handle, self._handle = self._handle, -1
        if os.name != "nt":
            with contextlib.suppress(OSError):  # while it is ours; whoever waits with it open sees that it is gone
                os.unlink(self._path)
        os.close(handle)
        if os.name == "nt":
            with contextlib.suppress(OSError):  # refused while another process has it open, which is what we want
                os.unlink(self._path)


def _same(handle: int, path: Path) -> bool:
    if os.name == "nt":
        return True  # an open file cannot be removed there
    try:
        here, there = os.fstat(handle), os.stat(path)
    except OSError:
        return False
    return (here.st_ino, here.st_dev) == (there.st_ino, there.st_dev)
