"""Wins, intervals and the few statistics that balance needs. All intervals are 90 % unless said otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from game.engine.numeric import Array

Z90: Final = 1.6448536269514722
"""Normal quantile of a 90 % interval."""
RESAMPLES: Final = 1000
_SEED: Final = 20230101
"""Of the bootstrap alone: the same data give the same interval."""


def wins(value: Array, bankrupt: Array, ended: Array, other: tuple[Array, Array, Array]) -> Array:
    """(S,) 1 where the first of two runs on the same seed wins, 0 where it loses, half where they are equal.

    The higher value wins; of two bankrupt runs the one that lasted longer (model: the objective).
    """
    value2, bankrupt2, ended2 = other
    both = (bankrupt > 0) & (bankrupt2 > 0)
    mine = np.where(both, ended, value).astype(np.float64)
    theirs = np.where(both, ended2, value2).astype(np.float64)
    return np.where(mine > theirs, 1.0, np.where(mine < theirs, 0.0, 0.5))


def wilson(share: float, count: int, z: float = Z90) -> tuple[float, float]:
    """Interval of a share seen in ``count`` trials (Wilson 1927); the whole range where there is none."""
    if count <= 0:
        return 0.0, 1.0
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(float(centre - half), 0.0), min(float(centre + half), 1.0)


def bootstrap(
    statistic: Callable[[np.ndarray], float], seeds: int, resamples: int = RESAMPLES
) -> tuple[float, float] | None:
    """Percentile interval of ``statistic`` (given indices of seeds drawn with replacement); None below two seeds."""
    if seeds < 2:
        return None
    rng = np.random.default_rng(_SEED)
    values = np.array([statistic(rng.integers(0, seeds, seeds)) for _ in range(resamples)])
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    return float(np.quantile(values, 0.05)), float(np.quantile(values, 0.95))


def paired_interval(differences: Array) -> tuple[float, float]:
    """Interval of the mean of paired differences of wins, each -1 to 1 (Agresti and Min 2005).

    Half a pair is added to each of the four outcomes, so that few pairs that all agree prove little.
    """
    count = len(differences) + 2
    centre = float(differences.sum()) / count
    spread = (float((differences * differences).sum()) + 1.0) / count - centre * centre
    half = Z90 * float(np.sqrt(spread / count))
    return max(centre - half, -1.0), min(centre + half, 1.0)


def rank_of(values: Array) -> Array:
    """Ranks of a vector from 0, ties sharing their mean rank."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return ((ends - counts + ends - 1) / 2.0)[place]


def correlation(a: Array, b: Array) -> float:
    """Pearson's correlation; 0 where either does not vary."""
    a, b = np.asarray(a, dtype=np.float64).ravel(), np.asarray(b, dtype=np.float64).ravel()
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / size) if size > 0 else 0.0


def spearman(a: Array, b: Array) -> float:
    """Rank correlation (Spearman 1904)."""
    return correlation(rank_of(a), rank_of(b))


def two_way(table: Array) -> dict[str, float]:
    """Two-way analysis of variance of (P, S) ``table`` without replication: shares of the sum of squares.

    ``policy``, ``seed`` and ``rest`` add up to 1. ``seed_component`` is the seed's variance component as a share of
    all three, in which the expectation of pure noise is 0 instead of (S - 1) / (P S - 1); negative estimates count 0.
    """
    p, s = table.shape
    mean = table.mean()
    rows, columns = table.mean(axis=1) - mean, table.mean(axis=0) - mean
    rest = table - mean - rows[:, None] - columns
    squares = {"policy": s * float((rows**2).sum()), "seed": p * float((columns**2).sum()),
               "rest": float((rest**2).sum())}
    total = sum(squares.values())
    shares = {n: v / total if total > 0 else 0.0 for n, v in squares.items()}
    noise = squares["rest"] / max((p - 1) * (s - 1), 1)
    seed = max((squares["seed"] / max(s - 1, 1) - noise) / p, 0.0)
    policy = max((squares["policy"] / max(p - 1, 1) - noise) / s, 0.0)
    whole = seed + policy + noise
    return {**shares, "seed_component": seed / whole if whole > 0 else 0.0}
