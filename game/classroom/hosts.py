"""Browser seats: a few host processes started beforehand, each with many light seat applications, and frames between.

A browser speaks the protocol of textual-serve's page (`game.classroom.play_page`) over its WebSocket; what it types goes to
its application in a host process (`game.tui.seat_host`), what that draws comes back, and what the application asks of the
room is asked here, over the member's own `Connection`. A process sees its frames and nothing else: no secret, no file of
the room, no variable of the environment but what Python needs. A process that dies is started again, and its browsers go on
in another one; their drafts are the room's.
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from game.classroom.browser_seat import BrowserSeat, Reached, tell_page
from game.classroom.errors import ClassError
from game.classroom.host_process import HostProcess

if TYPE_CHECKING:
    from aiohttp import web


class Hosts:
    """The host processes of a room: `start`, `attach` a browser's WebSocket as often as one comes, `close`."""

    def __init__(self, *, processes: int = 2, content: Path | None = None) -> None:
        """``content`` is the folder of own content that the room was opened with."""
        self._count, self._content = max(1, processes), content
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._processes: list[HostProcess] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._numbers = itertools.count(1)
        self._seats: set[BrowserSeat] = set()
        self._begun, self._failed = asyncio.Event(), False
        self._noted: deque[str] = deque(maxlen=60)

    async def start(self) -> None:
        """Start the processes and wait until they are ready for the first browser. Raises OSError where none starts."""
        self._folder = tempfile.TemporaryDirectory(prefix="baimo-seats-", ignore_cleanup_errors=True)
        for number in range(self._count):
            home = Path(self._folder.name) / str(number)
            home.mkdir()
            self._processes.append(HostProcess(home, self._content))
        self._begun.set()
        self._tasks = [asyncio.create_task(self._keep(p), name="host process") for p in self._processes]
        ready = [asyncio.ensure_future(p.ready.wait()) for p in self._processes]
        await asyncio.wait([*self._tasks, *ready], return_when=asyncio.FIRST_COMPLETED, timeout=60)
        for future in ready:
            future.cancel()
        if not any(p.ready.is_set() for p in self._processes):
            said = next((line for p in self._processes for line in reversed(p.faults) if line), "")
            self._failed = True
            for seat in self._seats:
                seat.stop()
            await self.close()
            raise OSError(f"no host process for browsers starts: {said}")

    async def close(self) -> None:
        """End every process; browsers are left without."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks, self._processes = [], []
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    @property
    def pids(self) -> list[int]:
        """The processes at hand, for measuring."""
        return [p.pid for p in self._processes if p.pid]

    @property
    def faults(self) -> list[str]:
        """The last lines of what went wrong in the processes, for the teacher's log."""
        return [*self._noted, *(line for p in self._processes for line in p.faults)]

    def note(self, line: str) -> None:
        """Keep a line of what went wrong on this side."""
        self._noted.append(line[:300])

    def number(self) -> int:
        """A number that no application has had."""
        return next(self._numbers)

    async def _keep(self, process: HostProcess) -> None:
        """Start a process, again and again: sooner after a long life, later after a short one."""
        short = 0
        while True:
            begun = time.monotonic()
            try:
                await process.live()
            except Exception as error:  # not to be started, or what it said was no frame: the next may do better
                process.faults.append(f"{type(error).__name__}: {error}"[:300])
            short = short + 1 if time.monotonic() - begun < 5 else 0
            for seat in list(process.seats.values()):
                seat.lost()
            if short >= 5 and not any(p.ready.is_set() for p in self._processes):
                return  # it never starts here; `start` says so
            await asyncio.sleep(min(0.2 * 2**short, 10.0))

    def emptiest(self) -> HostProcess:
        """The process for the next seat."""
        there = [p for p in self._processes if p.ready.is_set()] or self._processes
        return min(there, key=lambda p: len(p.seats) + len(p.waiting))

    async def attach(
        self, ws: web.WebSocketResponse, open_link: Callable[[], Awaitable[Reached]], *, lang: str
    ) -> None:
        """Be the seat of a browser until its WebSocket closes.

        ``open_link`` opens the member's connection; a `ClassError` of it is told to the browser.
        """
        await self._begun.wait()  # whoever comes before the processes are there waits for them
        if self._failed:
            await tell_page(ws, {"gone": "none"})
            await ws.close()
            return
        try:
            link = await open_link()
        except ClassError as error:
            await tell_page(ws, {"gone": "refused", "id": error.message.id})
            await ws.close()
            return
        seat = BrowserSeat(self, ws, link, lang)
        self._seats.add(seat)
        try:
            await seat.live()
        finally:
            self._seats.discard(seat)
            await seat.leave()
            await link.close()
