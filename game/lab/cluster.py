"""The work of the laboratory on a Dask cluster instead of this machine's cores: same order, same bits.

Inside ``with on_cluster(address):`` every `game.lab.pool.scatter` of this thread sends its items to the cluster. The
workers must have the same program installed, and its shipped content; own content (``--content DIR``) and run files are
read by the workers themselves and must lie at the same place there. A worker of another version, or one whose processor
gives other bits, is refused before the work and noticed during it.
"""

from __future__ import annotations

import hashlib
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Final, NamedTuple

from game.lab.extras import library
from game.lab.pool import Item, PoolError, Result, elsewhere

PATIENCE: Final = 10
"""Seconds to wait for the scheduler."""


class ClusterError(PoolError):
    """The cluster cannot be used; the text is one sentence."""


class Print(NamedTuple):
    """What must be equal everywhere for results to be the same."""

    program: str
    rules: int
    python: str
    digest: str
    """Rules digest of the shipped content."""
    bits: str
    """Hash of what the arithmetic of the engine gives."""


@cache
def fingerprint() -> Print:
    """The print of this process."""
    import numpy as np

    from game import __version__
    from game.content import load
    from game.content.digest import rules_digest
    from game.engine.draws import Purpose, normals, seed_array, seed_words, slot_keys, words
    from game.engine.numeric import exp, log, osum
    from game.engine.version import RULES_VERSION

    x = np.linspace(-20.0, 20.0, 4001)
    keys = slot_keys([(Purpose.EFFECT, i) for i in range(len(x))])
    drawn = normals(words(seed_array([seed_words("bits")]), keys, 3))[:, 0]
    parts = (exp(x), log(np.square(x)), drawn, osum((exp(x) * drawn)[:, None]))
    bits = hashlib.sha256(b"".join(p.astype("<f8").tobytes() for p in parts)).hexdigest()
    return Print(__version__, RULES_VERSION, f"{sys.version_info.major}.{sys.version_info.minor}",
                 rules_digest(load()), bits)


class Cluster:
    """A connection to a Dask scheduler; see `game.lab.pool.Elsewhere`."""

    def __init__(self, client: Any, address: str) -> None:
        self._client, self._address = client, address

    def workers(self) -> int:
        """Threads of all workers, at least one."""
        threads: dict[str, int] = self._client.nthreads()
        return max(sum(threads.values()), 1)

    def check(self) -> None:
        """Raises `ClusterError` for a cluster without workers, or with one that would not give the same results."""
        try:
            found: dict[str, Print] = self._client.run(fingerprint)
        except Exception as error:  # whatever the worker raised on importing or running it
            raise ClusterError(
                f"a worker of the cluster at {self._address} cannot run this program ({_brief(error)}); install the same "
                "version of baimo on all"
            ) from error
        if not found:
            raise ClusterError(f"the cluster at {self._address} has no worker; start some with: dask worker {self._address}")
        for worker, theirs in found.items():
            _compare(theirs, str(worker))

    def scatter(
        self, work: Callable[[Item], Result], items: Sequence[Item], progress: Callable[[int, int], None] | None
    ) -> list[Result]:
        """``[work(i) for i in items]``; the first error of an item is raised here and ends the rest."""
        distributed = library("distributed", "dask[distributed]", "cluster")
        futures: list[Any] = self._client.map(_signed, [(work, item) for item in items], pure=False)
        results: dict[Any, Result] = {}
        try:
            for future in distributed.as_completed(futures, loop=self._client.loop):
                theirs, results[future.key] = future.result()
                _compare(theirs, "a worker")
                if progress:
                    progress(len(results), len(futures))
        except BaseException as error:
            self._give_up(futures)
            if isinstance(error, _lost(distributed)):
                why = "workers died" if isinstance(error, distributed.KilledWorker) else "no connection"
                raise ClusterError(f"the cluster at {self._address} was lost before its work was done ({why})") from error
            raise
        return [results[future.key] for future in futures]

    def _give_up(self, futures: list[Any]) -> None:
        try:
            self._client.cancel(futures, force=True)
        except Exception:  # the cluster is gone, and with it what should be cancelled
            pass


def _signed(pair: tuple[Callable[[Item], Result], Item]) -> tuple[Print, Result]:
    """One item's result, and who made it: a worker may have joined after the check."""
    work, item = pair
    return fingerprint(), work(item)


def _compare(theirs: Print, worker: str) -> None:
    """Raises `ClusterError` where a worker's print is not ours."""
    for name, ours in fingerprint()._asdict().items():
        if (found := getattr(theirs, name, None)) != ours:
            what = {"program": "another version of baimo", "rules": "other rules", "python": "another version of Python",
                    "digest": "other content", "bits": "another arithmetic"}[name]
            said = "" if name in ("digest", "bits") else f" ({found}, here {ours})"
            raise ClusterError(f"{worker} has {what}{said}, so its results would not be these; install the same on all")


def _lost(distributed: Any) -> tuple[type[BaseException], ...]:
    """Errors that say that a worker or the scheduler is gone."""
    return (distributed.KilledWorker, distributed.comm.CommClosedError, distributed.client.FutureCancelledError)


def _brief(error: BaseException) -> str:
    """The first line of an error, not too long."""
    text = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return text if len(text) <= 120 else text[:117] + "..."


@contextmanager
def on_cluster(address: str | None) -> Iterator[None]:
    """Send what `game.lab.pool.scatter` is given within to the Dask scheduler at ``address``; None changes nothing.

    Raises `MissingLibrary` without Dask, `ClusterError` where there is no such cluster or it cannot be used.
    """
    if address is None:
        yield
        return
    distributed = library("distributed", "dask[distributed]", "cluster")
    with _quiet():
        client = _connect(distributed, address)
        try:
            cluster = Cluster(client, address)
            cluster.check()
            with elsewhere(cluster):
                yield
        finally:
            client.close()


def _connect(distributed: Any, address: str) -> Any:
    # Made in two steps, for one that never met its scheduler must not wait for it again when it is thrown away.
    client = distributed.Client.__new__(distributed.Client)
    try:
        client.__init__(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:  # a time-out is an OSError too
        client.status = "closed"
        raise ClusterError(
            f"there is no Dask scheduler at {address!r}, such as tcp://host:8786 ({_brief(error)})"
        ) from error
    return client


@contextmanager
def _quiet() -> Iterator[None]:
    """What the client logs of a cluster that goes is said in one sentence instead."""
    loggers = [logging.getLogger(f"distributed.{part}") for part in ("client", "core", "batched", "comm")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
