"""Which parameters do the facts pin down? Profiles of the objective, and what lies within its sampling error.

For each parameter a few values over its box: the others are set anew by the minimum of a linear picture of the moments
(central differences at the fit), and as a check also held; both are played and the better one counts. A value lies
within sampling error where seeds drawn again do not tell it from the fit in nineteen of twenty cases. A parameter is
*identified* where both ends of its box are told apart; "not identified" is a result, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from game.engine.numeric import Array
from game.lab.calibrate import Dimension, Moment, objective, penalty

POINTS = 5
"""Values of a profile over the box; the fit itself comes on top."""
STEP = 0.08
"""Half the distance of a central difference, as a part of the box."""
DRAWS = 400
"""Samples of seeds drawn again."""
TOLD_APART = 0.05
"""Share of samples in which a value may look as good as the fit and still count as worse."""
POLISH = 3
"""Times that a fit is improved by the linear picture before it is profiled."""
ROUNDS = 40
"""Sweeps of the search on the linear picture."""
REACH = 0.3
"""How far from the fit, as a part of the box, the linear picture is believed."""

Play = Callable[[list[list[float]]], list[Mapping[str, Array]]]
"""Values of moments for each list of parameter values."""


@dataclass(frozen=True)
class Point:
    """One value of a profile: the objective with the others set anew or held, whichever is less, and whether the seeds
    tell it from the fit."""

    value: float
    objective: float
    others: str
    within: bool


@dataclass(frozen=True)
class Profile:
    """Profile of one parameter, and the range of values within sampling error."""

    points: tuple[Point, ...]
    low: float
    high: float
    identified: bool


def profiles(
    box: Sequence[Dimension], fit: Sequence[float], moments: Sequence[Moment], play: Play, values: Mapping[str, Array]
) -> list[Profile]:
    """The profile of every parameter around ``fit``, whose moments are ``values``."""
    units = _units(box, fit)
    picture = _picture(box, units, moments, play, values)
    grid = [sorted({*np.linspace(0.0, 1.0, POINTS).tolist()}) for _ in box]
    asked: list[list[float]] = []
    for k in range(len(box)):
        for u in grid[k]:
            held = units.copy()
            held[k] = u
            anew = _set_anew(picture, units, k, u)
            asked += [_values(box, where) for where in (held, anew)]
    played = play(asked)
    games = len(next(iter(values.values())))
    draws = np.random.default_rng(1).integers(0, games, (DRAWS, games))
    base = objective(values, moments, draws)
    found, at = [], 0
    for k, d in enumerate(box):
        points = [Point(fit[k], float(objective(values, moments)), "fit", True)]
        for u in grid[k]:
            costs = [float(objective(shown, moments)) for shown in played[at : at + 2]]
            i = int(np.argmin(costs))
            as_good = float(np.mean(objective(played[at + i], moments, draws) <= base))
            points.append(Point(d.value(u), costs[i], ("held", "set anew")[i], as_good > TOLD_APART))
            at += 2
        found.append(_judge(d, points))
    return found


def polish(
    box: Sequence[Dimension], fit: Sequence[float], moments: Sequence[Moment], play: Play, values: Mapping[str, Array]
) -> tuple[list[float], Mapping[str, Array], int]:
    """A fit made better by the minimum of the linear picture, as long as what is played agrees (Gauss-Newton with the
    step taken only where it helps); its moments, and evaluations spent."""
    best, shown, spent = list(fit), values, 0
    for _ in range(POLISH):
        units = _units(box, best)
        picture = _picture(box, units, moments, play, shown)
        there = _values(box, _set_anew(picture, units, -1, 0.0))
        half = _values(box, (units + _units(box, there)) / 2.0)
        tried = play([there, half])
        spent += 2 * len(box) + 2
        costs = [float(objective(found, moments)) for found in tried]
        k = int(np.argmin(costs))
        if costs[k] >= float(objective(shown, moments)) - 1e-9:
            break
        best, shown = (there, half)[k], tried[k]
    return best, shown, spent


def _units(box: Sequence[Dimension], values: Sequence[float]) -> Array:
    return np.array([d.unit(v) for d, v in zip(box, values, strict=True)])


def _values(box: Sequence[Dimension], units: Array) -> list[float]:
    return [d.value(float(u)) for d, u in zip(box, units, strict=True)]


def _judge(d: Dimension, points: list[Point]) -> Profile:
    """Range and verdict: from the least to the greatest value within sampling error, a gap between them or not."""
    points = sorted(points, key=lambda p: p.value)
    within = [p.value for p in points if p.within]
    low, high = min(within), max(within)
    return Profile(tuple(points), low, high, low > d.low and high < d.high)


@dataclass(frozen=True)
class _Picture:
    """Moments in half widths at the fit (M) and their slopes in units of the box (M, K)."""

    z: Array
    slope: Array

    def cost(self, step: Array) -> float:
        return float(penalty(self.z + self.slope @ step).mean())


def _picture(
    box: Sequence[Dimension], units: Array, moments: Sequence[Moment], play: Play, values: Mapping[str, Array]
) -> _Picture:
    shown = [m for m in moments if m.id in values]
    low, high = np.maximum(units - STEP, 0.0), np.minimum(units + STEP, 1.0)
    asked: list[list[float]] = []
    for k in range(len(box)):
        for end in (low, high):
            where = units.copy()
            where[k] = end[k]
            asked.append(_values(box, where))
    played = play(asked)

    def z(found: Mapping[str, Array]) -> Array:
        return np.array([m.z(float(np.median(found[m.id]))) for m in shown])

    columns: list[Any] = [(z(played[2 * k + 1]) - z(played[2 * k])) / (high[k] - low[k]) for k in range(len(box))]
    return _Picture(z(values), np.stack(columns, axis=1))


def _set_anew(picture: _Picture, units: Array, fixed: int, u: float) -> Array:
    """Units with ``fixed`` at ``u`` (none where it is -1) and the others where the linear picture costs least:
    coordinate by coordinate, in ever finer steps, within `REACH` of the fit."""
    low, high = np.maximum(units - REACH, 0.0), np.minimum(units + REACH, 1.0)
    where = units.copy()
    if fixed >= 0:
        where[fixed] = u
    best, stride = picture.cost(where - units), 0.1
    for _ in range(ROUNDS):
        moved = False
        for k in range(len(units)):
            if k == fixed:
                continue
            for sign in (-1.0, 1.0):
                there = where.copy()
                there[k] = min(max(there[k] + sign * stride, low[k]), high[k])
                cost = picture.cost(there - units)
                if cost < best - 1e-12:
                    where, best, moved = there, cost, True
        if not moved:
            stride /= 2.0
            if stride < 0.005:
                break
    return where
