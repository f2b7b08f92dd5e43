"""Line charts in braille: eight dots a cell, several firms at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from textual.strip import Strip

from game.tui.kit.axes import (
    Format,
    frame,
    left_labels,
    nice_log_range,
    nice_range,
    plain_number,
    spread,
    tick_row,
)  # fmt: skip
from game.tui.kit.draw import Part, blank, ink, merge, row
from game.tui.kit.text import cell_width, fit
from game.tui.kit.theme import FANCY, Glyphs, Palette

BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # by dot row, then column


@dataclass(frozen=True, slots=True)
class Series:
    """One line: a name, a value a quarter (None where there is none), perhaps a colour of its own.

    The place in the list decides mark and default colour; the first is drawn on top.
    """

    name: str
    values: Sequence[float | None]
    colour: str | None = None


def series_ink(
    series: Series, index: int, palette: Palette, glyphs: Glyphs = FANCY
) -> tuple[str, str]:
    """The (mark, colour) of a series: a shape and a colour, so that either alone tells it."""
    colour = series.colour or palette.series[index % len(palette.series)]
    return glyphs.marks[index % len(glyphs.marks)], colour


def braille_lines(
    series: Sequence[Series],
    width: int,
    height: int,
    palette: Palette,
    *,
    log: bool = False,
    fmt: Format = plain_number,
    ticks: Sequence[str] = (),
    limits: tuple[float, float] | None = None,
    floor: float | None = None,
    names: bool = True,
    mark_every: int = 4,
    glyphs: Glyphs = FANCY,
    bg: str | None = None,
) -> list[Strip]:
    """A line chart of exactly `height` rows by `width` cells.

    `log` draws powers of ten as equal steps; what is not positive is then a gap.  Every line bears
    its mark at every `mark_every`-th point; at its end `names` writes mark and name.
    """
    ground = palette.panel if bg is None else bg
    base = ink(palette.text, ground)

    def usable(value: float | None) -> bool:
        return value is not None and math.isfinite(value) and (value > 0 or not log)

    values = [v for s in series for v in s.values if v is not None and usable(v)]
    count = max((len(s.values) for s in series), default=0)
    if width <= 0 or height <= 0 or not values:
        return [blank(width, base) for _ in range(max(0, height))]
    if limits is None:
        if floor is not None and not log:
            values.append(floor)
        limits = (nice_log_range if log else nice_range)(min(values), max(values))
    low, high = limits
    middle = math.sqrt(low * high) if log else (low + high) / 2
    labels = (fmt(low), fmt(middle), fmt(high))
    inks = [series_ink(s, i, palette, glyphs) for i, s in enumerate(series)]
    ends = [f"{mark} {s.name}" for s, (mark, _) in zip(series, inks)] if names else []
    box = frame(width, height, labels, ends, ticks)

    across, down = box.plot * 2, box.rows * 4

    def place(i: int, value: float) -> tuple[int, int]:
        if log:
            share = math.log(high / value) / math.log(high / low)
        else:
            share = (high - value) / (high - low)
        x = round(i * (across - 1) / max(1, count - 1))
        return x, min(max(round(share * (down - 1)), 0), down - 1)

    bits: dict[tuple[int, int], int] = {}
    owner: dict[tuple[int, int], int] = {}
    signs: dict[tuple[int, int], tuple[str, str]] = {}
    last: dict[int, int] = {}
    for n in reversed(range(len(series))):  # the first on top
        before: tuple[int, int] | None = None
        known = [i for i, v in enumerate(series[n].values) if usable(v)]
        for i, value in enumerate(series[n].values):
            if value is None or not usable(value):
                before = None
                continue
            here = place(i, value)
            for x, y in dots(before or here, here):
                cell = (x // 2, y // 4)
                if owner.get(cell) != n:  # one colour a cell: the later line takes it whole
                    owner[cell], bits[cell] = n, 0
                    signs.pop(cell, None)
                bits[cell] |= BITS[y % 4][x % 2]
            if (i == known[-1] and not box.tail) or (
                mark_every and i % mark_every == n % mark_every
            ):
                signs[here[0] // 2, here[1] // 4] = inks[n]
            if i == known[-1]:
                last[n] = here[1] // 4
            before = here

    gutter = left_labels(box, labels, ink(palette.dim, ground))
    tails: list[list[Part]] = [[(" " * box.tail, base)] for _ in range(box.rows)]
    if box.tail:
        order = sorted(last)
        for n, free in zip(order, spread([last[n] for n in order], box.rows)):
            if free is not None:
                style = ink(inks[n][1], ground, bold=n == 0)
                tails[free] = [(" " + fit(ends[n], box.tail - 1, ellipsis=glyphs.ellipsis), style)]
    out = []
    for y in range(box.rows):
        parts = gutter[y]
        for x in range(box.plot):
            cell = (x, y)
            if cell in signs:
                mark, colour = signs[cell]
                parts.append((mark, ink(colour, ground, bold=True)))
            elif cell in bits:
                char = glyphs.dot if glyphs.plain else chr(0x2800 | bits[cell])
                parts.append((char, ink(inks[owner[cell]][1], ground)))
            elif y in (box.middle, box.rows - 1):
                parts.append((glyphs.grid, ink(palette.line, ground)))
            else:
                parts.append((" ", base))
        out.append(Strip(merge([*parts, *tails[y]]), width))
    if box.axis:
        places = [i * (box.plot - 1) / max(1, count - 1) for i in range(count)]
        out.append(tick_row(box, width, places, ticks, palette, base))
    return out


def dots(start: tuple[int, int], stop: tuple[int, int]) -> list[tuple[int, int]]:
    """The dots of a straight line, both ends included."""
    (x0, y0), (x1, y1) = start, stop
    steps = max(abs(x1 - x0), abs(y1 - y0))
    if not steps:
        return [stop]
    return [
        (round(x0 + (x1 - x0) * k / steps), round(y0 + (y1 - y0) * k / steps))
        for k in range(steps + 1)
    ]


def legend(
    entries: Sequence[tuple[str, str, str]], width: int, palette: Palette, bg: str | None = None
) -> list[Strip]:
    """Rows of (mark, colour, text) entries, as many on each as fit."""
    base = ink(palette.dim, palette.panel if bg is None else bg)
    rows: list[list[Part]] = [[]]
    used = 0
    for mark, colour, text in entries:
        size = cell_width(mark) + 1 + cell_width(text)
        if used and used + 3 + size > width:
            rows.append([])
            used = 0
        if used:
            rows[-1].append(("   ", base))
            used += 3
        rows[-1] += [(mark, ink(colour)), (f" {text}", ink(palette.dim))]
        used += size
    return [row(parts, width, base) for parts in rows if parts]


def series_legend(
    series: Sequence[Series], width: int, palette: Palette, glyphs: Glyphs = FANCY,
    bg: str | None = None,
) -> list[Strip]:  # fmt: skip
    """The legend of a line chart."""
    marks = [series_ink(s, i, palette, glyphs) for i, s in enumerate(series)]
    return legend([(m, c, s.name) for (m, c), s in zip(marks, series)], width, palette, bg)
