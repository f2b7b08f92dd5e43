"""Simulated moments: parameters in a box, facts as moments, one objective under common random numbers.

The method of simulated moments (McFadden 1989, Pakes and Pollard 1989) with medians over seeds as moments, each
weighted by the width of its band. Every evaluation plays the same seeds, so differences come from the parameters alone.
Held-out facts (`game.lab.facts.held_out`) never enter.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from game.content import Content
from game.content.resolve import AXES
from game.engine.numeric import Array
from game.engine.rules import Rules
from game.lab.facts import seats
from game.lab.measures import MEASURES
from game.lab.trace import simulate

INNER = 0.5
"""A median within this part of the band's half width costs nothing: the edge is not a place to aim at."""
BEYOND = 1.0
"""Excess from which the penalty grows in a straight line (Huber 1964), so that no one far miss rules the fit."""
DIGITS = 4
"""Significant digits of a proposed value."""


@dataclass(frozen=True)
class Dimension:
    """One free parameter; ``row`` is its place along the axis of a table, -1 for a single number."""

    id: str
    parameter: str
    entry: str
    row: int
    low: float
    high: float
    log: bool

    def value(self, u: float) -> float:
        """Parameter at ``u`` in 0..1 of the box, to `DIGITS` significant digits."""
        u = min(max(u, 0.0), 1.0)
        if self.log:
            raw = self.low * (self.high / self.low) ** u
        else:
            raw = self.low + (self.high - self.low) * u
        return min(max(float(f"{raw:.{DIGITS}g}"), self.low), self.high)

    def unit(self, value: float) -> float:
        """Place of a parameter's value in the box, 0..1; outside the box its nearest edge."""
        value = min(max(value, self.low), self.high)
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def dimensions(content: Content) -> tuple[Dimension, ...]:
    """The free parameters of content in file order."""
    found = []
    for free in content.free.values():
        axis = AXES.get(content.parameters[free.parameter].by or "", ())
        row = axis.index(free.entry) if free.entry else -1
        found.append(Dimension(free.id, free.parameter, free.entry, row, free.low, free.high, free.log))
    return tuple(found)


def present(rules: Rules, box: Sequence[Dimension]) -> list[float]:
    """The free parameters as they stand."""
    found = []
    for d in box:
        value = getattr(rules.params, d.parameter)
        found.append(float(value) if d.row < 0 else float(value[d.row]))
    return found


def with_values(rules: Rules, box: Sequence[Dimension], values: Sequence[float]) -> Rules:
    """The same rules with free parameters set; nothing else changes."""
    changes: dict[str, float | Array] = {}
    for d, value in zip(box, values, strict=True):
        if d.row < 0:
            changes[d.parameter] = float(value)
        else:
            table = changes.get(d.parameter)
            table = np.array(getattr(rules.params, d.parameter) if table is None else table, dtype=np.float64)
            table[d.row] = value
            changes[d.parameter] = table
    return dataclasses.replace(rules, params=dataclasses.replace(rules.params, **changes))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Moment:
    """A fact as the objective sees it."""

    id: str
    measure: str
    low: float
    high: float

    def z(self, median: float) -> float:
        """Distance from the middle of the band in half widths: within -1 to 1 the fact is met."""
        return (median - (self.low + self.high) / 2.0) / ((self.high - self.low) / 2.0)


@dataclass(frozen=True)
class Trial:
    """One evaluation to be made, as it travels to a worker."""

    rules: Rules
    policies: tuple[str, ...]
    seeds: tuple[int, ...]
    moments: tuple[Moment, ...]


def moments_of(content: Content, labels: Sequence[str]) -> tuple[Moment, ...]:
    """Facts of ``labels`` as moments. Facts whose band is a single number are left out: they have no scale."""
    facts = [content.facts[label] for label in labels]
    return tuple(Moment(f.id, f.measure, f.low, f.high) for f in facts if f.high > f.low)


def trial(
    content: Content, rules: Rules, box: Sequence[Dimension], values: Sequence[float], seeds: Sequence[int],
    moments: Sequence[Moment],
) -> Trial:
    """The evaluation of one set of parameter values."""
    return Trial(with_values(rules, box, values), seats(content, rules), tuple(seeds), tuple(moments))


def run(trial: Trial) -> Mapping[str, Array]:
    """(G) values of every moment by fact; moments that the scenario cannot show are left out."""
    trace = simulate(trial.rules, trial.seeds, trial.policies)
    values: dict[str, Array] = {}
    for moment in trial.moments:
        try:
            values[moment.id] = np.asarray(MEASURES[moment.measure](trace), dtype=np.float64)
        except LookupError:
            if moment.measure not in MEASURES:
                raise
    return values


def penalty(z: Array | float) -> Array:
    """Cost of a moment at ``z`` half widths from the middle of its band: none within `INNER`, quadratic, then straight.

    >>> [float(penalty(z)) for z in (0.0, -0.5, 1.0, 3.5)]
    [0.0, 0.0, 0.25, 5.0]
    """
    excess = np.maximum(np.abs(np.asarray(z, dtype=np.float64)) - INNER, 0.0)
    return np.where(excess <= BEYOND, excess**2, BEYOND * (2.0 * excess - BEYOND))


def objective(values: Mapping[str, Array], moments: Sequence[Moment], draws: NDArray[np.int64] | None = None) -> Array:
    """Mean penalty over moments: one number, or one for each row of ``draws`` (B, G), rows of seeds drawn again."""
    shown = [m for m in moments if m.id in values]
    total = np.zeros(() if draws is None else len(draws))
    for m in shown:
        sample = values[m.id] if draws is None else values[m.id][draws]
        middle, half = (m.low + m.high) / 2.0, (m.high - m.low) / 2.0
        total = total + penalty((np.median(sample, axis=-1) - middle) / half)
    return total / max(len(shown), 1)
