"""Work over cores: one function, many items, results in the order of the items whatever the number of processes.

Workers are spawned, never forked: the same on Windows, macOS and Linux. What they run must be importable by name.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from contextvars import ContextVar
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

LAST_WORD = 2.0
"""Seconds that a worker has to end after it was told to."""
MOST = 61
"""Windows waits for no more handles at once."""


class PoolError(RuntimeError):
    """A worker ended before its work did; the text is one sentence."""


class Elsewhere(Protocol):
    """Somewhere else to work than on this machine's cores, such as `game.lab.cluster`."""

    def workers(self) -> int:
        """How many items are worked on at once."""

    def scatter(
        self, work: Callable[[Item], Result], items: Sequence[Item], progress: Callable[[int, int], None] | None
    ) -> list[Result]:
        """As `scatter`."""


_ELSEWHERE: ContextVar[Elsewhere | None] = ContextVar("elsewhere", default=None)
"""Of this thread only: a worker that runs in a thread of this process works where it is."""


@contextmanager
def elsewhere(place: Elsewhere) -> Iterator[None]:
    """Have every `scatter` within work at ``place``."""
    token = _ELSEWHERE.set(place)
    try:
        yield
    finally:
        _ELSEWHERE.reset(token)


def cores() -> int:
    """Processors that this process may use, or workers `elsewhere`."""
    place = _ELSEWHERE.get()
    if place is not None:
        return place.workers()
    if hasattr(os, "sched_getaffinity"):
        return max(len(os.sched_getaffinity(0)), 1)
    return os.cpu_count() or 1


def scatter(
    work: Callable[[Item], Result], items: Iterable[Item], *, processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Result]:
    """``[work(i) for i in items]`` over ``processes`` (all cores by default); one process works inline.

    ``work`` is a function of a module and items are picklable, unless one process is enough. ``progress`` hears
    (done, total) as items finish. The first error of an item is raised here and ends the rest; so does an interrupt
    from the keyboard. Within `elsewhere` the work is done there, whatever ``processes`` says. Raises `PoolError` where
    a worker dies.
    """
    todo = list(items)
    place = _ELSEWHERE.get()
    if place is not None and todo:
        return place.scatter(work, todo, progress)
    results: dict[int, Result] = {}
    with closing(stream(work, todo, processes=processes)) as done:
        for index, result in done:
            results[index] = result
            if progress:
                progress(len(results), len(todo))
    return [results[index] for index in range(len(todo))]


def stream(
    work: Callable[[Item], Result], items: Iterable[Item], *, processes: int | None = None
) -> Generator[tuple[int, Result], None, None]:
    """``(place of i, work(i))`` of all items as they are done; otherwise as `scatter`, and always on this machine.

    Whoever stops asking (closes the generator) ends the rest.
    """
    todo = list(items)
    wanted = min(cores() if processes is None else max(processes, 1), max(len(todo), 1), MOST)
    if wanted == 1:
        for index, item in enumerate(todo):
            yield index, work(item)
        return
    before = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(wanted, mp_context=context, initializer=_deaf)
    try:
        futures: dict[Future[Result], int] = {executor.submit(work, item): n for n, item in enumerate(todo)}
        for future in as_completed(futures):
            yield futures[future], future.result()
    except BaseException as error:
        executor.shutdown(wait=False, cancel_futures=True)
        workers = set(multiprocessing.active_children()) - before
        for child in workers:
            child.terminate()
        for child in workers:  # one that was just being started may not have heard
            child.join(LAST_WORD)
            if child.is_alive():
                child.kill()
        if isinstance(error, BrokenProcessPool):
            raise PoolError("a worker process ended before its work was done (out of memory?)") from error
        raise
    executor.shutdown()


def _deaf() -> None:
    """Workers leave the keyboard to their parent, which ends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def chunks(count: int, size: int) -> list[slice]:
    """``count`` things in even runs of at most ``size``, or one more where somebody would be alone.

    A batch of one adds its numbers up along another path (model: replays), so nobody is alone unless ``size`` is one.
    """
    if count <= 0:
        return []
    parts = -(-count // max(size, 1))
    if size > 1:
        parts = min(parts, max(count // 2, 1))
    edges = [count * i // parts for i in range(parts + 1)]
    return [slice(a, b) for a, b in itertools.pairwise(edges)]
