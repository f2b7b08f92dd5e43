"""One host process of browser seats: started with nothing of the teacher's, watched, and its frames passed on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from game.classroom import pipes
from game.content.cache import cache_file

if TYPE_CHECKING:
    from game.classroom.browser_seat import BrowserSeat

KEPT: Final = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Variables of the environment that Python may need to start at all."""
SILENT: Final = 60.0
"""Seconds without a sign of life after which a process is ended and started again."""


def scrubbed(home: Path, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of a host process: nothing of the teacher's but what Python needs to start."""
    kept = {name: given[name] for name in KEPT if name in given}
    folder = str(home)
    return kept | {
        "HOME": folder, "USERPROFILE": folder, "APPDATA": folder, "LOCALAPPDATA": folder, "TMP": folder, "TEMP": folder,
        "TMPDIR": folder, "PYTHONPATH": str(Path(__file__).resolve().parents[2]), "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1", "TERM": "xterm-256color", "COLORTERM": "truecolor",
        "TEXTUAL_COLOR_SYSTEM": "truecolor", "TEXTUAL_ANIMATIONS": "none", "ESCDELAY": "50",
    }  # fmt: skip


class HostProcess:
    """One host process and the seats in it."""

    def __init__(self, home: Path, content: Path | None) -> None:
        self._home, self._content = home, content
        self.seats: dict[int, BrowserSeat] = {}
        self.turn = asyncio.Semaphore(1)
        self.waiting: list[BrowserSeat] = []
        """Seats whose application is still to be begun here, in order."""
        self.ready = asyncio.Event()
        self.faults: deque[str] = deque(maxlen=60)
        """The last lines of what went wrong in it."""
        self.heard = time.monotonic()
        self._child: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """Of the process at hand; 0 without one."""
        return self._child.pid if self._child is not None and self._child.returncode is None else 0

    async def live(self) -> None:
        """Start the process and pass on what it says until it ends."""
        own = str(self._content.resolve()) if self._content is not None else ""
        self._child = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "game.tui.seat_host", str(cache_file()), own, cwd=self._home, env=scrubbed(self._home),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self.heard = time.monotonic()
        complaints = asyncio.create_task(self._complaints(), name="complaints of a host process")
        alive = asyncio.create_task(self._watch(), name="watch over a host process")
        try:
            await self._listen()
        finally:
            self.ready.clear()
            alive.cancel()
            complaints.cancel()
            await asyncio.gather(alive, complaints, return_exceptions=True)
            await self.stop()

    async def _listen(self) -> None:
        assert self._child is not None and self._child.stdout is not None
        frames = pipes.Frames()
        while data := await self._child.stdout.read(65536):
            self.heard = time.monotonic()
            for frame in frames.feed(data):  # a FrameError ends the process
                if frame.connection == 0:
                    if frame.kind == pipes.READY:
                        self.ready.set()
                elif (seat := self.seats.get(frame.connection)) is not None:
                    seat.hear(frame)

    async def _complaints(self) -> None:
        assert self._child is not None and self._child.stderr is not None
        with contextlib.suppress(ValueError):  # a line longer than any of ours
            while line := await self._child.stderr.readline():
                self.faults.append(line.decode("utf-8", "replace").rstrip()[:300])

    async def _watch(self) -> None:
        while self._child is not None and time.monotonic() - self.heard < SILENT:
            await asyncio.sleep(SILENT / 4)
            self.send(0, pipes.PING)
        if self._child is not None and self._child.returncode is None:
            self._child.kill()

    def send(self, connection: int, kind: int, body: bytes = b"") -> None:
        """A frame to the process; one that is not there gets none."""
        if self._child is not None and self._child.stdin is not None and not self._child.stdin.is_closing():
            self._child.stdin.write(pipes.pack(connection, kind, body))

    async def stop(self) -> None:
        """End the process: its input ends, and if that does not do it, it is killed."""
        child, self._child = self._child, None
        if child is None:
            return
        if child.stdin is not None:
            child.stdin.close()
        try:
            await asyncio.wait_for(child.communicate(), 3)
        except (TimeoutError, asyncio.CancelledError):
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.communicate()
