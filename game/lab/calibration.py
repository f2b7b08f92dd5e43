"""What forecasts came to, cell by cell: marks, bankruptcy, rivals' hidden numbers. What ``baimo lab futures`` measures.

The three start quarters are those of three different markets: 2023Q4, the boom in which capability is everything;
2024Q2, the middle of the price war and of the shake-out; 2025Q2, the year of life or death, in which firms go bankrupt.
Each leaves four quarters ahead that have their own events.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from game.content import Content
from game.content.build import build_rules
from game.content.vocabulary import parse_quarter
from game.engine.numeric import Array
from game.lab.forecasts import AHEAD, BLOCKS, HIDDEN, MEASURES, PLANS, SHOWN, Places, forecast_all

SCENARIO: Final = "war"
LEVEL: Final = "manager"
QUARTERS: Final = ("2023Q4", "2024Q2", "2025Q2")
MARKS: Final = (0.1, 0.5, 0.9)
TOLERANCE: Final = 5.0
"""Percentage points that a mark may be off."""
COVERAGE: Final = 0.8
"""What the range of a hidden number claims."""
QUICK_SEEDS: Final = 100
"""Seeds of ``--quick``: a mark is known to 10 points, in half a minute."""
FIRST_SEED: Final = 10_001
"""Seeds that no fact, balance or calibration was looked at on."""
_EDGES: Final = (0.0, 0.02, 0.1, 0.3, 0.6, 1.0)


class Cell(msgspec.Struct, frozen=True):
    """One measure, so many quarters ahead of a start quarter."""

    quarter: str
    ahead: int
    measure: str
    forecasts: int
    below: list[float]
    """Per cent of outcomes below the 10, 50 and 90 % marks."""
    off: float
    """Distance in points of the mark that is furthest off, with its sign."""
    met: bool


class Bin(msgspec.Struct, frozen=True):
    """Forecasts that gave a chance of bankruptcy between ``low`` and ``high``."""

    low: float
    high: float
    forecasts: int
    foretold: float
    """Their mean chance."""
    happened: float
    """Share that went bankrupt."""


class Ruin(msgspec.Struct, frozen=True):
    """Bankruptcy within so many quarters, as foretold and as it came."""

    quarter: str
    ahead: int
    forecasts: int
    foretold: float
    happened: float
    brier: float
    """Mean squared error of the chance (Brier 1950)."""
    climatology: float
    """The same for a forecast that always gives the share that happened."""
    bins: list[Bin]


class Hidden(msgspec.Struct, frozen=True):
    """A hidden number of rivals: how often it lies in the range that claims to hold it in ``claimed`` of cases."""

    quarter: str
    what: str
    rivals: int
    claimed: float
    inside: float


class FuturesReport(msgspec.Struct, frozen=True):
    """What ``baimo lab futures --json`` prints; ``by_plan`` has the start quarters together, a cell a kind of plan."""

    seeds: int
    scenario: str
    assume: str
    level: str
    rules: int
    futures: int
    """In each forecast, of the ``shown`` that the game shows."""
    shown: int
    tolerance: float
    sampling: float
    """Two standard errors of the 50 % mark over ``seeds``, in points."""
    met: int
    cells: list[Cell]
    by_plan: dict[str, list[Cell]]
    bankruptcy: list[Ruin]
    hidden: list[Hidden]


def measure_futures(
    content: Content, seeds: Sequence[int], *, assume: str = "none", rules_version: int = 0,
    quarters: Sequence[str] = QUARTERS, processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FuturesReport:
    """Forecasts over ``seeds`` from each of ``quarters``, rivals at level ``manager``.

    Raises KeyError for unknown assumptions.
    """
    rules = build_rules(content, SCENARIO, assume=assume)
    found = forecast_all(
        rules, list(seeds), [parse_quarter(q) for q in quarters], content.difficulties[LEVEL].policy,
        processes=processes, progress=progress,
    )  # fmt: skip
    return report(found, quarters, len(seeds), assume, rules_version)


def report(
    found: Sequence[Places], quarters: Sequence[str], seeds: int, assume: str = "none", rules_version: int = 0
) -> FuturesReport:
    """The report on what was found for each start quarter."""
    cells = [c for q, p in zip(quarters, found, strict=True) for c in cells_of(q, p.place)]
    everything = np.concatenate([p.place for p in found], axis=-1)
    kinds = np.concatenate([p.seed for p in found]) % len(PLANS)
    by_plan = {name: cells_of("all", everything[..., kinds == k]) for k, name in enumerate(PLANS)}
    return FuturesReport(
        seeds=seeds, scenario=SCENARIO, assume=assume, level=LEVEL, rules=rules_version, futures=SHOWN // BLOCKS,
        shown=SHOWN, tolerance=TOLERANCE, sampling=100.0 / max(seeds, 1) ** 0.5, met=sum(c.met for c in cells), cells=cells, by_plan=by_plan,
        bankruptcy=[r for q, p in zip(quarters, found) for r in _ruins(q, p)],
        hidden=[h for q, p in zip(quarters, found) for h in _hidden(q, p)],
    )  # fmt: skip


def cells_of(quarter: str, place: Array) -> list[Cell]:
    """Cells from the places (A, M, N) of the truths among their futures; none without forecasts."""
    if not place.shape[-1]:
        return []
    return [
        _cell(quarter, ahead, measure, place[a, m]) for a, ahead in enumerate(AHEAD) for m, measure in enumerate(MEASURES)
    ]


def _cell(quarter: str, ahead: int, measure: str, place: Array) -> Cell:
    below = [100.0 * float((place < mark).mean()) for mark in MARKS]
    off = max((b - 100.0 * mark for b, mark in zip(below, MARKS)), key=abs)
    return Cell(quarter, ahead, measure, len(place), below, off, abs(off) <= TOLERANCE)


def _ruins(quarter: str, p: Places) -> list[Ruin]:
    return [
        Ruin(
            quarter, ahead, len(p.seed), _mean(p.foretold[a]), _mean(p.bankrupt[a]),
            _mean((p.foretold[a] - p.bankrupt[a]) ** 2), _mean(p.bankrupt[a]) * (1.0 - _mean(p.bankrupt[a])),
            bins_of(p.foretold[a], p.bankrupt[a]),
        )
        for a, ahead in enumerate(AHEAD)
    ]  # fmt: skip


def bins_of(foretold: Array, happened: NDArray[np.bool_]) -> list[Bin]:
    """Reliability: forecasts (N,) by the chance they gave, empty bins left out."""
    out = []
    for low, high in pairwise(_EDGES):
        mine = (foretold >= low) & ((foretold < high) | (high == _EDGES[-1]))
        if mine.any():
            out.append(Bin(low, high, int(mine.sum()), _mean(foretold[mine]), _mean(happened[mine])))
    return out


def _hidden(quarter: str, p: Places) -> list[Hidden]:
    rivals = int(p.rivals.sum())
    return [Hidden(quarter, what, rivals, COVERAGE, float(hits.sum()) / max(rivals, 1)) for what, hits in zip(HIDDEN, p.covered)]


def _mean(x: NDArray[np.generic]) -> float:
    return float(x.mean()) if x.size else 0.0
