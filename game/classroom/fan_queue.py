"""Whose futures are played next, and how many: the order of a pool with a fixed budget, without processes or clocks.

A seat has one place in the queue: its newest draft stands where its older one stood, so that nobody who asks often comes
before anybody who asks once.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final
from zlib import crc32

BUDGETS: Final = (1000, 500, 250, 100)
"""Futures of a draft, the most first."""
CROWDS: Final = (1.0, 3.0, 8.0)
"""Seats at work or waiting, for each process, up to which each budget but the last holds."""


def budget(seats: int, processes: int) -> int:
    """Futures for each draft while so many seats are at work or wait.

    >>> [budget(seats, 2) for seats in (1, 2, 3, 6, 7, 16, 17, 200)]
    [1000, 1000, 500, 500, 250, 250, 100, 100]
    """
    for games, crowd in zip(BUDGETS, CROWDS, strict=False):
        if seats <= crowd * processes:
            return games
    return BUDGETS[-1]


@dataclass(eq=False)
class Job:
    """A draft whose futures are wanted."""

    owner: str
    home: str
    """What can be kept for the next draft of the same view: jobs of one home are best played by one process."""
    tries: int = 0
    games: int = 0
    """Decided when it begins."""
    cancelled: bool = False


@dataclass
class FanQueue:
    """Jobs that wait and jobs that are played, one at a time in each of ``processes``."""

    processes: int
    waiting: OrderedDict[str, Job] = field(default_factory=OrderedDict)
    running: dict[int, Job] = field(default_factory=dict)

    def put(self, job: Job) -> tuple[Job | None, int | None]:
        """Take a job. The older one of its owner that it replaced in the queue, and the process that plays an older one
        and should stop."""
        old = self.waiting.get(job.owner)
        self.waiting[job.owner] = job  # in the place of the older, if there was one
        return old, self._playing(job.owner)

    def drop(self, job: Job) -> int | None:
        """Nobody wants a job any more: the process that plays it and should stop."""
        job.cancelled = True
        if self.waiting.get(job.owner) is job:
            del self.waiting[job.owner]
        return next((place for place, j in self.running.items() if j is job), None)

    def next(self, place: int, ready: Collection[int] = ()) -> Job | None:
        """A job for an idle process: the oldest of its own homes; else the oldest of a process that is not among the
        ``ready`` ones, or for which more than one waits while it plays."""
        playing = {job.owner for job in self.running.values()}
        free = [job for job in self.waiting.values() if job.owner not in playing]
        mine = next((job for job in free if self.home(job) == place), None)
        if mine is None:
            many = Counter(self.home(job) for job in free)
            mine = next((
                job for job in free
                if self.home(job) not in ready or (many[self.home(job)] > 1 and self.home(job) in self.running)
            ), None)  # fmt: skip
        if mine is None:
            return None
        mine.games = budget(len(self.waiting) + len(self.running), self.processes)
        del self.waiting[mine.owner]
        self.running[place] = mine
        return mine

    def done(self, place: int) -> Job | None:
        """The process has finished; its job."""
        return self.running.pop(place, None)

    def died(self, place: int) -> Job | None:
        """The process has died: its job waits again, first of all, if it is the first time and nobody cancelled it or
        asked anew; else the job, which has ended."""
        job = self.running.pop(place, None)
        if job is None:
            return None
        job.tries += 1
        if job.tries < 2 and not job.cancelled and job.owner not in self.waiting:
            self.waiting[job.owner] = job
            self.waiting.move_to_end(job.owner, last=False)
            return None
        return job

    def home(self, job: Job) -> int:
        """The process that keeps what belongs to a job's view."""
        return crc32(job.home.encode()) % self.processes

    def _playing(self, owner: str) -> int | None:
        return next((place for place, job in self.running.items() if job.owner == owner), None)
