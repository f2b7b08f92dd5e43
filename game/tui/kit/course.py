"""A chart of courses: a game's series as braille lines, the real one as dotted marks, on axes that stand still."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from textual.strip import Strip

from game.tui.kit.axes import Format, Frame, left_labels, plain_number, spread, tick_row
from game.tui.kit.draw import Part, blank, ink, merge
from game.tui.kit.lines import BITS, dots
from game.tui.kit.text import cell_width, cut
from game.tui.kit.theme import FANCY, Glyphs, Palette

LABELS: Final = ((46, 13), (28, 10))
"""Cells kept free at the right for names at the lines' ends, by the room there is, whatever the names are: so that the
plot never moves."""


@dataclass(frozen=True, slots=True)
class Course:
    """One line of the game: a value by quarter. A ``faint`` one is context: thin, unnamed, below all others."""

    name: str
    values: Mapping[int, float]
    colour: str
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """One mark of the real course: ``first`` to ``at`` is the stretch it speaks of, ``label`` what is written beside it.

    ``payload`` is what a click on it means.
    """

    at: int
    first: int
    value: float
    label: str
    payload: Any = None


@dataclass(frozen=True, slots=True)
class Axes:
    """What both axes show: quarters ``first`` to ``last`` and values ``low`` to ``high``, on a ``log`` scale or not."""

    first: int
    last: int
    low: float
    high: float
    log: bool = False


@dataclass(slots=True)
class _Plot:
    """Cells of a picture while it is drawn."""

    across: int
    down: int
    bits: dict[tuple[int, int], int] = field(default_factory=dict)
    owner: dict[tuple[int, int], str] = field(default_factory=dict)
    texts: dict[tuple[int, int], tuple[str, str, bool]] = field(default_factory=dict)
    """Characters written over the dots: text of one cell's start, colour, bold. A wide one owns the cell after it."""

    def dot(self, x: int, y: int, colour: str) -> None:
        if not (0 <= x < 2 * self.across and 0 <= y < 4 * self.down):
            return
        cell = (x // 2, y // 4)
        if self.owner.get(cell) != colour:  # one colour a cell: the later line takes it whole
            self.owner[cell], self.bits[cell] = colour, 0
        self.bits[cell] |= BITS[y % 4][x % 2]

    def free(self, x: int, y: int, size: int) -> bool:
        return x >= 0 and x + size <= self.across and all((k, y) not in self.texts for k in range(x, x + size))

    def write(self, x: int, y: int, text: str, colour: str, bold: bool = False) -> None:
        for char in text:
            size = cell_width(char)
            self.texts[x, y] = (char, colour, bold)
            for k in range(1, size):
                self.texts[x + k, y] = ("", colour, bold)
            x += size


def course_chart(
    courses: Sequence[Course], traces: Sequence[Sequence[Stop]], axes: Axes, width: int, height: int, palette: Palette,
    *, fmt: Format = plain_number, ticks: Mapping[int, str] | None = None, now: int | None = None, chosen: Any = None,
    hit: Callable[[int, int, int, Any], None] | None = None, gutter: int = 0, glyphs: Glyphs = FANCY,
) -> list[Strip]:  # fmt: skip
    """A chart of exactly ``height`` rows by ``width`` cells.

    The first course lies on top. Each trace is a dotted line through its stops. ``now`` is the quarter that has just
    ended; ``chosen`` the payload of the stop to be set off; ``hit(x0, x1, y, payload)`` hears where stops were drawn.
    ``gutter`` is the least width of the labels at the left, so that charts above each other can be set flush.
    """
    base = ink(palette.text, palette.panel)
    labels = (fmt(axes.low), fmt(_middle(axes)), fmt(axes.high))
    gutter = max(gutter, max(map(cell_width, labels)) + 1)
    tail = next((cells for room, cells in LABELS if width - gutter >= room), 0)
    across, rows = width - gutter, height - bool(ticks)
    if across < 12 or rows < 2:
        return [blank(width, base) for _ in range(height)]
    box = Frame(gutter, across - tail, 0, rows, bool(ticks))
    plot = _Plot(across, rows)
    columns = box.plot

    def place(quarter: float, value: float) -> tuple[int, int]:
        x = round((quarter - axes.first) * (columns * 2 - 1) / max(1, axes.last - axes.first))
        return x, min(max(round(_share(axes, value) * (rows * 4 - 1)), 0), rows * 4 - 1)

    ends = []
    for course in sorted(courses, key=lambda c: not c.faint):
        if course.faint:
            _line(plot, course, axes, place)
    for trace in traces:
        _dotted(plot, trace, place, palette.dim)
    for course in reversed([c for c in courses if not c.faint]):
        if (end := _line(plot, course, axes, place)) is not None:
            ends.append((course, end))
    _stops(plot, traces, place, palette, glyphs, chosen, gutter, hit)
    _names(plot, list(reversed(ends)), columns, rows, glyphs)
    out = []
    left = left_labels(box, labels, ink(palette.dim, palette.panel))
    edge = None if now is None or now >= axes.last else place(now, axes.low if axes.low > 0 else axes.high)[0] // 2
    for y in range(rows):
        out.append(Strip(merge([*left[y], *_row(plot, box, y, edge, palette, glyphs)]), width))
    if ticks:
        steps = [q - axes.first for q in ticks]
        places = [step * (columns - 1) / max(1, axes.last - axes.first) for step in steps]
        out.append(tick_row(box, width, places, list(ticks.values()), palette, base))
    return out


def _middle(axes: Axes) -> float:
    return math.sqrt(axes.low * axes.high) if axes.log else (axes.low + axes.high) / 2


def _share(axes: Axes, value: float) -> float:
    """How far down from the top a value lies, within 0 and 1."""
    if axes.log:
        value = min(max(value, axes.low), axes.high)
        return math.log(axes.high / value) / math.log(axes.high / axes.low)
    return min(max((axes.high - value) / (axes.high - axes.low), 0.0), 1.0)


def usable(value: float, log: bool) -> bool:
    """Whether a value has a place on an axis: nothing and less has none on a logarithmic one."""
    return math.isfinite(value) and (value > 0 or not log)


Place = Callable[[float, float], tuple[int, int]]


def _line(plot: _Plot, course: Course, axes: Axes, place: Place) -> tuple[int, int] | None:
    """Draw a line; where it ends, in dots."""
    before: tuple[int, int] | None = None
    end = None
    for quarter in sorted(course.values):
        value = course.values[quarter]
        if not axes.first <= quarter <= axes.last or not usable(value, axes.log):
            before = None
            continue
        end = place(quarter, value)
        for x, y in dots(before or end, end):
            plot.dot(x, y, course.colour)
        before = end
    return end


def _dotted(plot: _Plot, trace: Sequence[Stop], place: Place, colour: str) -> None:
    """Dots from stop to stop, and along the stretch that each speaks of."""
    before: tuple[int, int] | None = None
    for stop in trace:
        start, end = place(stop.first, stop.value), place(stop.at, stop.value)
        for one, other in ((before, start), (start, end)):
            if one is not None and one != other:
                for k, (x, y) in enumerate(dots(one, other)):
                    if k % 4 == 0:
                        plot.dot(x, y, colour)
        before = end


def _stops(
    plot: _Plot, traces: Sequence[Sequence[Stop]], place: Place, palette: Palette, glyphs: Glyphs, chosen: Any,
    gutter: int, hit: Callable[[int, int, int, Any], None] | None,
) -> None:  # fmt: skip
    """Marks of the real course with their numbers, each where there is room beside it."""
    marks = [(s, (place(s.at, s.value)[0] // 2, place(s.at, s.value)[1] // 4)) for t in traces for s in t]
    for stop, (x, y) in marks:
        here = chosen is not None and stop.payload == chosen
        plot.write(x, y, glyphs.marks[0] if here else glyphs.marks[4], palette.gold if here else palette.text, True)
    for stop, (x, y) in marks:
        here = chosen is not None and stop.payload == chosen
        size = cell_width(stop.label)
        spots = [(x + 1, y), (x - size, y), (x + 1, y - 1), (x - size // 2, y - 1), (x - size // 2, y + 1), (x + 1, y + 1)]
        spot = next(((a, b) for a, b in spots if 0 <= b < plot.down and plot.free(a, b, size)), None)
        if spot is not None:
            plot.write(*spot, stop.label, palette.gold if here else palette.text, here)
        if hit is not None:
            x0 = min(x, spot[0]) if spot is not None and spot[1] == y else x
            x1 = max(x + 1, spot[0] + size) if spot is not None and spot[1] == y else x + 1
            hit(gutter + x0, gutter + x1, y, stop.payload)


def _names(
    plot: _Plot, ends: Sequence[tuple[Course, tuple[int, int]]], columns: int, rows: int, glyphs: Glyphs
) -> None:
    """The name of each line at its end, moved up or down where two would meet."""
    for (course, (x, _)), y in zip(ends, spread([end[1] // 4 for _, end in ends], rows), strict=True):
        if y is None or not course.name:
            continue
        at = x // 2 + 2
        size = min(cell_width(course.name), plot.across - at)
        for start in range(at, plot.across - size + 1):
            if size > 1 and plot.free(start - 1, y, size + 1):
                plot.write(start, y, cut(course.name, size, glyphs.ellipsis), course.colour, True)
                break


def _row(plot: _Plot, box: Frame, y: int, edge: int | None, palette: Palette, glyphs: Glyphs) -> list[Part]:
    parts: list[Part] = []
    for x in range(plot.across):
        cell = (x, y)
        if cell in plot.texts:
            char, colour, bold = plot.texts[cell]
            parts.append((char, ink(colour, palette.panel, bold=bold)))
        elif cell in plot.bits:
            char = glyphs.dot if glyphs.plain else chr(0x2800 | plot.bits[cell])
            parts.append((char, ink(plot.owner[cell], palette.panel)))
        elif x == edge:
            parts.append((glyphs.now, ink(palette.line, palette.panel)))
        elif x < box.plot and y in (0, box.middle, box.rows - 1):
            parts.append((glyphs.grid, ink(palette.line, palette.panel)))
        else:
            parts.append((" ", ink(palette.text, palette.panel)))
    return parts
