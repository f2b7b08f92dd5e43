"""What a parameter may be: bounds inside which the rules neither divide by zero nor lose their meaning.

A parameter says its bounds by ``range = [low, high]``, both allowed; without it they follow from its unit. The bounds
hold for the value shipped, for every assumptions overlay, for own content and for ``baimo lab whatif --set``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from game.engine.names import quarter_label

from . import schema as s
from .resolve import AXES, Value

SHARES: Final = ("share", "share per quarter", "share per year", "share of gap per quarter")
"""Units of which there is never more than the whole."""
COUNTED: Final = ("CNY", "people", "count", "customers", "models", "quarters", "PFLOP/s", "million", "thousand")
"""First words of units of which there is never less than nothing."""
LARGE: Final = 1e12
"""Beyond this no parameter makes sense: sums in fen would leave the whole numbers that a computer counts with."""


def allowed(parameter: s.Parameter) -> tuple[float, float]:
    """Least and greatest value of a parameter, or of every entry of its table."""
    if parameter.range is not None:
        return parameter.range
    return of_unit(parameter.unit)


def of_unit(unit: str) -> tuple[float, float]:
    """Bounds that follow from a unit alone.

    >>> of_unit("share per quarter"), of_unit("utility")[0] < 0
    ((0.0, 1.0), True)
    """
    if unit in SHARES:
        return 0.0, 1.0
    first = next(iter(unit.replace("/", " ").split()), "")
    return (0.0 if first in COUNTED else -LARGE), LARGE


def range_problem(parameter: s.Parameter) -> str:
    """What is wrong with the bounds that a parameter gives, or nothing."""
    if parameter.range is None:
        return ""
    low, high = parameter.range
    if not low <= high:
        return f"[{low:g}, {high:g}] runs backwards; write the least value first"
    least, most = of_unit(parameter.unit)
    if low < least or high > most:
        return f"[{low:g}, {high:g}] is wider than '{parameter.unit}' can be ({least:g} to {most:g})"
    return ""


def narrowed(shipped: s.Parameter, own: s.Parameter) -> tuple[s.Parameter, str]:
    """A parameter of own content with the bounds of the shipped one, or tighter ones of its own; and what is wrong."""
    if shipped.range is None:
        return own, ""
    if own.range is None:
        return replace(own, range=shipped.range), ""
    low, high = shipped.range
    if own.range[0] < low or own.range[1] > high:
        wide = f"[{own.range[0]:g}, {own.range[1]:g}] is wider than the shipped one; it may be narrower only"
        return replace(own, range=shipped.range), f"{wide}: {low:g} to {high:g}"
    return own, ""


def outside(parameter: s.Parameter, value: Value) -> Iterator[tuple[str, str]]:
    """(name of the entry, sentence) of every number out of bounds; the name is "" for a single number."""
    low, high = allowed(parameter)
    for name, number in entries(parameter, value):
        if not (math.isfinite(number) and low <= number <= high):
            if parameter.unit == "share" and parameter.range is None:
                yield name, f"comes to {number:g}; a share lies between 0 and 1"
            else:
                bounds = f"{low:,.10g} to {high:,.10g}"
                yield name, f"comes to {number:,.10g}; '{parameter.id}' may be {bounds} ({parameter.unit})"


def entries(parameter: s.Parameter, value: Value) -> Iterator[tuple[str, float]]:
    """(name, number) of a resolved parameter; quarters as ``2024Q1``, a single number as ""."""
    if not isinstance(value, tuple):
        yield "", value
        return
    axis = parameter.by or ""
    names = AXES[axis] if axis in AXES and axis != "year" else [quarter_label(q) for q in range(len(value))]
    yield from zip(names, value, strict=True)
