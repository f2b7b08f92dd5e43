"""Campaigns of a whole field over all cores: `game.lab.trace.simulate`, split by seeds and joined again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from game.engine.rules import Rules
from game.lab.pool import chunks, cores, scatter
from game.lab.trace import CHUNK, Trace, simulate

LEAST = 40
"""Games below which another process costs more than it saves."""


@dataclass(frozen=True)
class _Share:
    rules: Rules
    seeds: tuple[int, ...]
    seats: tuple[str, ...]


def simulate_all(
    rules: Rules, seeds: Sequence[int], seats: Sequence[str], processes: int | None = None,
    progress: Callable[[int, int], None] | None = None, chunk: int | None = None,
) -> Trace:
    """`simulate` over ``processes`` (all cores by default); the same numbers, bit for bit.

    ``progress`` hears (seeds done, seeds). ``chunk`` is the number of games in a batch, by default what keeps every
    core busy and a batch in cache.
    """
    workers = cores() if processes is None else max(processes, 1)
    size = chunk or min(max(-(-len(seeds) // workers), LEAST), CHUNK)
    parts = chunks(len(seeds), size)
    shares = [_Share(rules, tuple(seeds[p]), tuple(seats)) for p in parts]
    ends = [0, *np.cumsum([len(s.seeds) for s in shares]).tolist()]

    def heard(done: int, _: int) -> None:
        if progress:
            progress(int(ends[done]), len(seeds))

    return join(scatter(_simulate, shares, processes=workers, progress=heard))


def _simulate(share: _Share) -> Trace:
    return simulate(share.rules, share.seeds, share.seats)


def join(traces: Sequence[Trace]) -> Trace:
    """One trace of the games of several, in order. Raises ValueError for none."""
    if not traces:
        raise ValueError("there is no trace to join")
    names = [f.name for f in fields(Trace) if f.name not in ("first", "clouds")]
    joined = {n: np.concatenate([getattr(t, n) for t in traces], axis=-1) for n in names}
    return Trace(first=traces[0].first, clouds=traces[0].clouds, **joined)
