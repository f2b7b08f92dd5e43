"""Time for a room: a clock of a quarter that can be stopped, on whatever time it is given (tests bring their own)."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Time(Protocol):
    """A time that goes forward."""

    def now(self) -> float:
        """Seconds since some moment."""

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed."""


class RealTime:
    """The time of this machine."""

    def now(self) -> float:
        """Seconds, never set back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """See `Time`."""
        await asyncio.sleep(seconds)


class QuarterClock:
    """Seconds left in a quarter; None while there is no clock."""

    def __init__(self, time: Time) -> None:
        self.time = time
        self._left: float | None = None
        self._since: float | None = None
        """When it began to run with ``_left``; None while it stands."""

    def set(self, seconds: float | None, running: bool) -> None:
        """So many seconds are left from now on."""
        self._left = seconds
        self._since = self.time.now() if running and seconds is not None else None

    def left(self) -> float | None:
        """Seconds left, never below zero."""
        if self._left is None or self._since is None:
            return self._left
        return max(self._left - (self.time.now() - self._since), 0.0)

    @property
    def running(self) -> bool:
        """Whether it goes down."""
        return self._since is not None

    def stop(self) -> None:
        """Stand still."""
        self.set(self.left(), False)

    def go(self) -> None:
        """Go on."""
        if not self.running:
            self.set(self._left, True)
