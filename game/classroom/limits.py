"""How much a room takes from whom: rates, caps, wrong codes. Plain counting with a clock that a test can hold."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

Clock = Callable[[], float]
MOST_KEYS: Final = 4096
"""Addresses that are remembered; the one that was quiet longest is forgotten."""


@dataclass(frozen=True)
class Limits:
    """Rates are a second; a burst is what may come at once. A whole class may sit behind one address (a router)."""

    requests: tuple[float, float] = (60.0, 900.0)
    """Of one address: a page is half a dozen requests."""
    joins: tuple[float, float] = (3.0, 60.0)
    """Of one address, right code or wrong."""
    all_joins: tuple[float, float] = (20.0, 200.0)
    messages: tuple[float, float] = (80.0, 400.0)
    """Of one connection: a key held down is 30 a second, each with a preview and fans."""
    frames: tuple[float, float] = (200.0, 2000.0)
    """Of one browser's terminal: dragging a mouse is a hundred a second."""
    malformed: int = 20
    """Messages that cannot be read before a connection is closed."""
    sockets: int = 320
    sockets_of_address: int = 160
    boards: int = 12
    transports: int = 1200
    """TCP connections in all, and of one address:"""
    transports_of_address: int = 600
    waiting: int = 256
    """Answers that a slow reader leaves in the queue, and bytes of them, before it is dropped:"""
    waiting_bytes: int = 4 * 1024 * 1024
    stalled: float = 20.0
    """Seconds that one message may take to be sent."""
    slow_body: float = 10.0
    """Seconds for the body of a request, and for the first head of a connection."""


class Bucket:
    """A token bucket: ``rate`` a second, ``burst`` at once."""

    def __init__(self, rate: float, burst: float, clock: Clock = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._level, self._at = burst, clock()

    def take(self, cost: float = 1.0) -> bool:
        """Whether one more is within the rate; it then counts, as ``cost``."""
        now = self._clock()
        self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
        if self._level < cost:
            return False
        self._level -= cost
        return True


class Buckets:
    """A bucket for each key."""

    def __init__(self, rate: float, burst: float, clock: Clock = time.monotonic) -> None:
        self._make = lambda: Bucket(rate, burst, clock)
        self._of: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, key: str) -> bool:
        """See `Bucket.take`."""
        bucket = self._of.pop(key, None) or self._make()
        self._of[key] = bucket
        if len(self._of) > MOST_KEYS:
            self._of.popitem(last=False)
        return bucket.take()


class WrongCodes:
    """Guessing is made hopeless: after a few wrong codes an address waits, twice as long each time; and all addresses
    together get no more than ``together`` wrong ones a minute before every join waits for the minute to pass.

    A code has 44 bits; 60 guesses a minute find one in some 280,000 years on average.
    """

    FREE: Final = 5
    LONGEST: Final = 600.0

    def __init__(self, clock: Clock = time.monotonic, together: int = 60) -> None:
        self._clock, self._together = clock, together
        self._of: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._minute, self._wrong = 0.0, 0

    def wait(self, key: str) -> float:
        """Seconds for which an address may not try, 0 if it may."""
        now = self._clock()
        everybody = self._minute + 60.0 - now if self._wrong >= self._together else 0.0
        return max(self._of.get(key, (0, 0.0))[1] - now, everybody, 0.0)

    def wrong(self, key: str) -> None:
        """A wrong code came from an address."""
        now = self._clock()
        count = self._of.pop(key, (0, 0.0))[0] + 1
        pause = min(2.0 ** (count - self.FREE), self.LONGEST) if count >= self.FREE else 0.0
        self._of[key] = (count, now + pause)
        if len(self._of) > MOST_KEYS:
            self._of.popitem(last=False)
        if now - self._minute >= 60.0:
            self._minute, self._wrong = now, 0
        self._wrong += 1

    def right(self, key: str) -> None:
        """The right code came: half of what the address had wrong is forgiven, so that one who knows the code cannot
        clear the way for guesses at other things, and pupils behind one router do not pay for each other for long."""
        if key in self._of:
            count, until = self._of[key]
            self._of[key] = (count // 2, until)


@dataclass
class Cap:
    """How many of something there are, in all and of each key."""

    most: int
    of_each: int
    there: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def one(self, key: str) -> Iterator[bool]:
        """Counts one while the block runs, if there is room for it; whether there is."""
        if not self.free(key):
            yield False
            return
        self.there[key] += 1
        try:
            yield True
        finally:
            self.there[key] -= 1
            if not self.there[key]:
                del self.there[key]

    def free(self, key: str) -> bool:
        """Whether there is room for one more."""
        return sum(self.there.values()) < self.most and self.there[key] < self.of_each
