"""A number with its interval in one row: a bar from nought to the mean, a line from end to end, the mean as a knob."""

from __future__ import annotations

import math

from game.tui.kit.draw import Part, ink, merge
from game.tui.kit.theme import FANCY, Glyphs, Palette


def place(value: float, low: float, high: float, width: int) -> int:
    """Cell of a value on an axis from ``low`` to ``high``; what lies outside stands at the edge."""
    if high <= low or not math.isfinite(value):
        return 0
    return min(max(round((value - low) / (high - low) * (width - 1)), 0), max(0, width - 1))


def whisker(
    low: float, mean: float, high: float, limits: tuple[float, float], width: int, palette: Palette, *,
    colour: str, bg: str | None = None, bar: bool = True, knob: str = "", glyphs: Glyphs = FANCY,
) -> list[Part]:  # fmt: skip
    """Parts of exactly ``width`` cells; the axis runs from ``limits[0]`` to ``limits[1]`` and nought is an upright line.

    An interval that crosses that line may be nothing but chance, and is seen to without any colour.
    """
    ground = palette.panel if bg is None else bg
    if width <= 0:
        return []
    spot = lambda v: place(v, *limits, width)  # noqa: E731
    start, middle, stop, zero = spot(low), spot(mean), spot(high), spot(0.0)
    rest = ink(palette.line, ground)
    cells: list[Part] = [(" ", rest)] * width
    if limits[0] <= 0.0 <= limits[1]:
        cells[zero] = (glyphs.bar, rest)
        if bar and mean > 0:
            for x in range(zero + 1, middle):
                cells[x] = (glyphs.full, ink(colour, ground))
        elif bar and mean < 0:
            for x in range(middle + 1, zero):
                cells[x] = (glyphs.full, ink(colour, ground))
    ends = ("[", "]") if glyphs.plain else ("├", "┤")
    line = ink(palette.text, ground)
    for x in range(start, stop + 1):
        cells[x] = (glyphs.thin, line)
    if stop > start:
        cells[start], cells[stop] = (ends[0], line), (ends[1], line)
    cells[middle] = (knob or glyphs.knob, ink(colour, ground, bold=True))
    return [(segment.text, segment.style or rest) for segment in merge(cells)]
