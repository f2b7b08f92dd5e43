"""Futures for a whole class from a few processes with a fixed budget, so that no seat has numpy and none waits for others.

A seat's newest draft replaces its older one; the more seats ask, the fewer futures each gets (`game.classroom.fan_queue`),
and `Fans.wanted` says how many. A process that dies is started again and its draft is played once more.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import pickle
import subprocess
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import msgspec

from game.classroom import fan_worker as worker
from game.classroom import pipes
from game.classroom.fan_queue import FanQueue, Job
from game.classroom.fan_worker import FanRequest
from game.table.wire import Draft, Fans

if TYPE_CHECKING:
    from game.table.market import EngineMarket
    from game.table.table import Table

log = logging.getLogger("baimo.fans")
KEPT: Final = 2500
"""Games of outlooks that each process keeps: some 150 MB."""
KEPT_VARIABLES: Final = (
    "PATH", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "TEMP", "TMP", "TMPDIR", "HOME", "USERPROFILE", "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH", "LANG",
)  # fmt: skip
SHORT_LIFE: Final = 5.0
FAILURES: Final = 5
"""Lives shorter than `SHORT_LIFE` seconds in a row after which a process is not started any more."""


class _Asked(Job):
    """A job, what it is made of, and where its fans go."""

    def __init__(self, owner: str, home: str, request: FanRequest, rules: bytes) -> None:
        super().__init__(owner, home)
        self.request, self.rules = request, rules
        self.number = 0
        self.out: asyncio.Queue[Fans | None] = asyncio.Queue()


class _Process:
    """One process: started, spoken to, started again."""

    def __init__(self, pool: FanPool, place: int) -> None:
        self._pool, self.place = pool, place
        self.ready = self.given_up = False
        self.known: set[bytes] = set()
        self.child: asyncio.subprocess.Process | None = None
        self.complaints: deque[str] = deque(maxlen=20)

    async def keep(self) -> None:
        """Live, again and again; sooner after a long life, later after a short one."""
        short = 0
        while short < FAILURES:
            begun = time.monotonic()
            try:
                await self._live()
            except OSError as error:  # no such program, no memory, a pipe that broke: tried again like any short life
                self.complaints.append(str(error)[:300])
            except (pipes.FrameError, msgspec.MsgspecError) as error:
                self.complaints.append(f"{type(error).__name__}: {error}"[:300])
            short = short + 1 if time.monotonic() - begun < SHORT_LIFE else 0
            self.given_up = short >= FAILURES
            self._pool.died(self)
            if not self.given_up:
                await asyncio.sleep(min(self._pool.pause * 2**short, 5.0))
        log.error("a process for futures does not start: %s", self.complaints[-1] if self.complaints else "")

    async def _live(self) -> None:
        flags = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
        self.child = await asyncio.create_subprocess_exec(
            *self._pool.command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE, env=_environment(), **({"creationflags": flags} if flags else {}),
        )  # fmt: skip
        listening = asyncio.create_task(self._complaints(self.child))
        try:
            frames = pipes.Frames()
            assert self.child.stdout is not None
            while data := await self.child.stdout.read(65536):
                for frame in frames.feed(data):
                    if frame.kind == worker.READY:
                        self.ready = True
                        self._pool.dispatch()
                    else:
                        self._pool.hear(self, frame)
        finally:
            self.ready, self.known = False, set()
            await self._stop()
            listening.cancel()

    async def _complaints(self, child: asyncio.subprocess.Process) -> None:
        assert child.stderr is not None
        with contextlib.suppress(ValueError):  # a line longer than any of ours
            while line := await child.stderr.readline():
                self.complaints.append(line.decode("utf-8", "replace").rstrip()[:300])

    async def _stop(self) -> None:
        child, self.child = self.child, None
        if child is None:
            return
        if child.stdin is not None:
            child.stdin.close()
        with contextlib.suppress(ProcessLookupError):
            child.kill()  # it has nothing to lose
        await child.wait()

    def send(self, number: int, kind: int, body: bytes = b"") -> None:
        """A frame to the process."""
        if self.child is not None and self.child.stdin is not None and not self.child.stdin.is_closing():
            self.child.stdin.write(pipes.pack(number, kind, body))


class FanPool:
    """See the module. `start` it, ask as often as you like, `close` it."""

    def __init__(
        self, content: Path | None = None, *, processes: int = 1, kept: int = KEPT, command: Sequence[str] | None = None,
        pause: float = 0.1,
    ) -> None:  # fmt: skip
        """``content`` is the folder of own content; ``kept`` bounds what each process keeps, in games; ``pause`` is the
        least time between two starts of a process (s)."""
        self.pause = pause
        extra = [str(content.resolve())] if content is not None else []
        usual = [sys.executable, "-P", "-m", "game.classroom.fan_worker", str(kept), *extra]
        self.command = list(command) if command is not None else usual
        self.queue = FanQueue(processes)
        self._processes = [_Process(self, place) for place in range(processes)]
        self._tasks: list[asyncio.Task[None]] = []
        self._numbers = itertools.count(1)
        self._rules: WeakKeyDictionary[EngineMarket, tuple[bytes, bytes]] = WeakKeyDictionary()

    async def start(self) -> None:
        """Start the processes; drafts asked for before they are ready wait."""
        self._tasks = [asyncio.create_task(p.keep(), name="process for futures") for p in self._processes]

    async def close(self) -> None:
        """End the processes; whoever waits gets nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        for job in (*self.queue.waiting.values(), *self.queue.running.values()):
            _end(job)

    @property
    def pids(self) -> list[int]:
        """The processes at hand, for measuring."""
        return [p.child.pid for p in self._processes if p.child is not None]

    def fans(self, owner: str, table: Table, firm: int, draft: Draft) -> AsyncIterator[Fans]:
        """Fans of a draft as they come; those that the same ``owner`` asked for before end. None where nothing is left to
        decide, or no process starts here."""
        if table.over or table.ending(firm) or draft.quarter != table.quarter or not self._alive():
            return _nothing()
        market: Any = table.market
        digest, rules = self._rules_of(market)
        state = market.pack(table.state)
        request = FanRequest(
            digest, market.scenario, list(market.backgrounds), market.difficulty, market.assume, state,
            list(table.head.seats), firm, dict(draft.levers), 0,
        )  # fmt: skip
        home = f"{blake2b(state, digest_size=8).hexdigest()} {firm}"
        job = _Asked(owner, home, request, rules)
        old, playing = self.queue.put(job)
        if old is not None:
            _end(old)
        if playing is not None:
            self._stop_playing(playing)
        self.dispatch()
        return self._follow(job)

    async def _follow(self, job: _Asked) -> AsyncIterator[Fans]:
        try:
            while (found := await job.out.get()) is not None:
                yield found
        finally:
            playing = self.queue.drop(job)
            if playing is not None:
                self._stop_playing(playing)

    def _stop_playing(self, place: int) -> None:
        job = self.queue.running[place]
        assert isinstance(job, _Asked)
        job.cancelled = True
        _end(job)
        self._processes[place].send(job.number, worker.STOP)

    def _alive(self) -> bool:
        return bool(self._tasks) and not all(process.given_up for process in self._processes)

    def _rules_of(self, market: EngineMarket) -> tuple[bytes, bytes]:
        found = self._rules.get(market)
        if found is None:
            data = pickle.dumps(market.source, protocol=5)
            found = self._rules[market] = blake2b(data, digest_size=worker.DIGEST).digest(), data
        return found

    # for the processes

    def dispatch(self) -> None:
        """Give every idle process something to play."""
        ready = [process.place for process in self._processes if process.ready]
        for process in self._processes:
            if process.ready and process.place not in self.queue.running:
                job = self.queue.next(process.place, ready)
                if isinstance(job, _Asked):
                    self._begin(process, job)

    def _begin(self, process: _Process, job: _Asked) -> None:
        digest = job.request.rules
        if digest not in process.known:
            process.known.add(digest)
            process.send(0, worker.RULES, digest + job.rules)
        job.number = next(self._numbers)
        request = msgspec.structs.replace(job.request, games=job.games)
        process.send(job.number, worker.PLAY, msgspec.msgpack.encode(request))

    def hear(self, process: _Process, frame: pipes.Frame) -> None:
        """A frame of a process."""
        job = self.queue.running.get(process.place)
        if not isinstance(job, _Asked) or job.number != frame.connection:
            return
        if frame.kind == worker.PART:
            if not job.cancelled:
                job.out.put_nowait(msgspec.msgpack.decode(frame.body, type=Fans))
            return
        if frame.kind == worker.FAILED:
            log.error("futures failed: %s", frame.body.decode("utf-8", "replace"))
        self.queue.done(process.place)
        _end(job)
        self.dispatch()

    def died(self, process: _Process) -> None:
        """A process is gone: its draft is played again by the next one that is ready."""
        ended = self.queue.died(process.place)
        if ended is not None:
            _end(ended)
        if not self._alive():
            for job in self.queue.waiting.values():
                _end(job)
            self.queue.waiting.clear()
        self.dispatch()


def _end(job: Job) -> None:
    if isinstance(job, _Asked):
        job.out.put_nowait(None)


async def _nothing() -> AsyncIterator[Fans]:
    return
    yield


def _environment() -> dict[str, str]:
    """Nothing of the teacher's but what Python needs to start."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return kept | threads | {"PYTHONPATH": str(Path(worker.__file__).resolve().parents[2]), "PYTHONUTF8": "1"}
