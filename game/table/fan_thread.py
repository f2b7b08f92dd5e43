"""Fans on a thread of their own, so that a screen never waits for them; of several drafts the newest wins.

A draft that comes while an older one is being played takes its place at the next quarter of the futures. Only where
nothing has been shown for a while (a key that is held down) is the older one played to its first fan before.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Final

from game.table.wire import Fans

Make = Callable[[Callable[[], None]], Iterator[Fans]]
"""Makes fans, better and better; calls what it is given as often as it can be stopped."""
HUNGER: Final = 0.15
"""Seconds without a fan after which the one at work is finished first, though a newer draft waits."""


TURN: Final = 5e-5
"""Seconds after which a thread that computes gives way to one that waits, while futures are played. numpy lets go of the
interpreter in every call; with the usual 5 ms it would wait so long for each while the screen is being drawn. (Measured
from a key to the full fan: 443 ms with 5 ms, 358 ms with this, median of ten.)"""


class Superseded(Exception):
    """A newer draft has come."""


class _Job:
    """One draft: what makes its fans, and where they go."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.loop = asyncio.get_running_loop()
        self.out: asyncio.Queue[Fans | BaseException | None] = asyncio.Queue()
        self.dropped = False

    def put(self, item: Fans | BaseException | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has been closed: nobody listens any more
            self.loop.call_soon_threadsafe(self.out.put_nowait, item)


class Forecasts:
    """The fans of one seat. Its thread begins with the first draft and ends when nothing has come for a while."""

    IDLE: Final = 20.0
    """Seconds after which the thread ends."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._next: _Job | None = None
        self._running = False
        self._shown = 0.0

    def ask(self, make: Make) -> AsyncIterator[Fans]:
        """Fans of a draft as they come; those of every earlier draft end. Raises what ``make`` raises."""
        job = _Job(make)
        with self._news:
            if self._next is not None:
                self._next.put(None)
            self._next = job
            if not self._running:
                self._running = True
                threading.Thread(target=self._work, name="futures", daemon=True).start()
            self._news.notify()
        return self._follow(job)

    async def _follow(self, job: _Job) -> AsyncIterator[Fans]:
        try:
            while (item := await job.out.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            job.dropped = True

    def _work(self) -> None:
        while True:
            with self._news:
                if self._next is None and not self._news.wait_for(lambda: self._next is not None, self.IDLE):
                    self._running = False
                    return
                job, self._next = self._next, None
            assert job is not None
            usual = sys.getswitchinterval()
            sys.setswitchinterval(TURN)
            try:
                self._serve(job)
            finally:
                sys.setswitchinterval(usual)

    def _serve(self, job: _Job) -> None:
        begun, sent = time.monotonic(), 0

        def pause() -> None:
            hungry = not sent and begun - self._shown > HUNGER
            if (job.dropped if self._next is None else not hungry):
                raise Superseded

        try:
            for fans in job.make(pause):
                job.put(fans)
                sent += 1
                self._shown = time.monotonic()
            job.put(None)
        except Superseded:
            job.put(None)
        except Exception as error:  # told where the fans are awaited
            job.put(error)
