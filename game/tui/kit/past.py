"""The past against what was expected of it: a line, the band that it was expected in, ghosts, and signs at its points.

The band is drawn to an eighth of a cell; lines are braille, eight dots a cell, over it.  Glyphs with `shades` draw the
band as shaded characters, and plain ones the lines as characters of a keyboard.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from textual.strip import Strip

from game.tui.kit.axes import Format, Frame, frame, left_labels, nice_range, plain_number, tick_row
from game.tui.kit.draw import Part, blank, ink, merge
from game.tui.kit.text import cell_width
from game.tui.kit.theme import FANCY, Glyphs, Palette

Values = Sequence[float | None]
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # by dot row, then column


@dataclass(frozen=True, slots=True)
class Band:
    """A band of what was expected, point by point, and its colour."""

    low: Values
    high: Values
    colour: str


@dataclass(frozen=True, slots=True)
class Past:
    """What `past_lines` draws: one number a quarter in each, None where there is none."""

    values: Values
    bands: Sequence[Band] = ()
    """Later ones lie over earlier ones."""
    middle: Values = ()
    """A dashed line."""
    ghosts: Sequence[Values] = ()
    """Other runs, drawn as dots."""
    signs: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """By point: a sign of one or two cells, and its colour."""
    cursor: int | None = None


def past_lines(
    past: Past, width: int, height: int, palette: Palette, *, fmt: Format = plain_number, ticks: Sequence[str] = (),
    floor: float | None = None, glyphs: Glyphs = FANCY,
) -> list[Strip]:  # fmt: skip
    """Exactly `height` rows of `width` cells."""
    base = ink(palette.text, palette.panel)
    box, limits, labels = layout(past, width, height, fmt=fmt, ticks=ticks, floor=floor)
    count = max(map(len, (past.values, past.middle, *past.ghosts)), default=0)
    if width <= 0 or height <= 0 or not count or not box.plot:
        return [blank(width, base) for _ in range(max(0, height))]
    gutter = left_labels(box, labels, ink(palette.dim, palette.panel))
    cells = _Cells(past, box, limits, count, palette, glyphs).drawn()
    out = [Strip(merge([*gutter[y], *cells[y]]), width) for y in range(box.rows)]
    if box.axis:
        out.append(tick_row(box, width, columns(box, count), ticks, palette, base, now=past.cursor))
    return out


def layout(
    past: Past, width: int, height: int, *, fmt: Format, ticks: Sequence[str], floor: float | None = None
) -> tuple[Frame, tuple[float, float], tuple[str, str, str]]:
    """How the room is divided, the ends of the axis, and its labels."""
    edges = (edge for band in past.bands for edge in (band.low, band.high))
    lines = (past.values, past.middle, *past.ghosts, *edges)
    known = [v for line in lines for v in line if v is not None and math.isfinite(v)]
    known += [floor] if floor is not None else []
    limits = nice_range(min(known), max(known)) if known else (0.0, 1.0)
    labels = (fmt(limits[0]), fmt(sum(limits) / 2), fmt(limits[1]))
    return frame(width, height, labels, (), ticks), limits, labels


def columns(box: Frame, count: int) -> list[float]:
    """Cell of each point within the picture."""
    return [i * (box.plot - 1) / max(1, count - 1) for i in range(count)]


class _Cells:
    """The picture, put together layer by layer."""

    def __init__(
        self, past: Past, box: Frame, limits: tuple[float, float], count: int, palette: Palette, glyphs: Glyphs
    ) -> None:
        self.past, self.box, self.count, self.p, self.g = past, box, count, palette, glyphs
        self.low, self.high = limits
        self.bits: dict[tuple[int, int], tuple[int, str]] = {}
        self.words: dict[tuple[int, int], tuple[str, str]] = {}

    def share(self, value: float) -> float:
        """How far down the picture a value lies, 0 to 1."""
        return min(max((self.high - value) / (self.high - self.low), 0.0), 1.0)

    def drawn(self) -> list[list[Part]]:
        """Parts of every row."""
        p, past = self.p, self.past
        dash: Callable[[int], bool] = lambda n: n % 6 < 3  # noqa: E731
        dots: Callable[[int], bool] = lambda n: n % 3 == 0  # noqa: E731
        if not self.g.plain:  # of a keyboard's characters three lines would be a thicket
            self.line(past.middle, p.sea, dash)
        for ghost in past.ghosts:
            self.line(ghost, p.text, dots)
        self.line(past.values, p.gold, lambda n: True)
        self.signs()
        bands = [(self.reach(band), band.colour) for band in past.bands]
        return [self.row(y, bands) for y in range(self.box.rows)]

    # layers
    def line(self, values: Values, colour: str, wanted: Callable[[int], bool]) -> None:
        """Dots of a line; it takes a cell from those before it."""
        across, down = 2 * self.box.plot, 4 * self.box.rows
        before: tuple[int, int] | None = None
        n = 0
        mine: dict[tuple[int, int], int] = {}
        for i, value in enumerate(values):
            if value is None or not math.isfinite(value):
                before = None
                continue
            here = round(i * (across - 1) / max(1, self.count - 1)), min(round(self.share(value) * (down - 1)), down - 1)
            for x, y in _dots(before or here, here):
                n += 1
                if wanted(n):
                    cell = x // 2, y // 4
                    mine[cell] = mine.get(cell, 0) | _BITS[y % 4][x % 2]
            before = here
        self.bits |= {cell: (bits, colour) for cell, bits in mine.items()}

    def signs(self) -> None:
        """Signs above their points, below where the line or the edge is in the way; the cursor's point is a knob."""
        places = columns(self.box, self.count)
        rows = self.box.rows
        for i, value in enumerate(self.past.values):
            if value is None or not math.isfinite(value):
                continue
            x, y = round(places[i]), min(int(self.share(value) * (4 * rows - 1)) // 4, rows - 1)
            if i == self.past.cursor:
                self.words[x, y] = self.g.knob, self.p.gold
            if i not in self.past.signs:
                continue
            text, colour = self.past.signs[i]
            size = cell_width(text)
            left = min(max(x - (size - 1) // 2, 0), self.box.plot - size)
            ways = [y - 1, y - 2, y + 1, y + 2] if y else [1, 2]
            taken = self.bits.keys() | self.words.keys()
            free = (w for w in ways if 0 <= w < rows and not any((left + k, w) in taken for k in range(size)))
            at = next(free, max(y - 1, 0))
            self.words[left, at] = text, colour
            for k in range(1, size):
                self.words[left + k, at] = "", colour

    def reach(self, band: Band) -> list[tuple[float, float] | None]:
        """Top and bottom of a band in each column, in rows; None where there is none."""
        out: list[tuple[float, float] | None] = []
        for x in range(self.box.plot):
            t = x * (self.count - 1) / max(1, self.box.plot - 1)
            low, high = _between(band.low, t), _between(band.high, t)
            out.append(None if low is None or high is None else
                       (self.share(high) * self.box.rows, self.share(low) * self.box.rows))  # fmt: skip
        return out

    def row(self, y: int, bands: Sequence[tuple[Sequence[tuple[float, float] | None], str]]) -> list[Part]:
        """Parts of one row."""
        p, g, box = self.p, self.g, self.box
        cursor = -1 if self.past.cursor is None else round(columns(box, self.count)[self.past.cursor])
        parts: list[Part] = []
        for x in range(box.plot):
            ground, edge, shade = p.panel, None, ""
            for n, (reach, colour) in enumerate(bands):
                top, bottom = reach[x] or (0.0, 0.0)
                covered = min(max(bottom - y, 0.0), 1.0) - min(max(top - y, 0.0), 1.0)
                if covered > 0.06:
                    edge = _edge(top - y, bottom - y, colour, ground, g)
                if covered >= 0.5:
                    ground, shade = colour, (g.outer, g.inner)[n > 0]
            if g.shades:  # no colours to lie under a line
                ground, edge = p.panel, None
            if (x, y) in self.words:
                text, colour = self.words[x, y]
                parts.append((text, ink(colour, ground, bold=True)))
            elif (x, y) in self.bits:
                bits, colour = self.bits[x, y]
                char = (g.knob if colour == p.gold else g.dot) if g.plain else chr(0x2800 | bits)
                parts.append((char, ink(colour, ground)))
            elif g.shades and shade:
                parts.append((shade, ink(p.sea_mid, p.panel)))
            elif edge is not None:
                parts.append(edge)
            elif x == cursor:
                parts.append((g.now, ink(p.dim, ground)))
            elif y in (box.middle, box.rows - 1):
                parts.append((g.grid, ink(p.line, ground)))
            else:
                parts.append((" ", ink(p.text, ground)))
        return [part for part in parts if part[0]]


def _edge(top: float, bottom: float, colour: str, under: str, g: Glyphs) -> Part | None:
    """A cell that a band covers from ``top`` to ``bottom`` (0 its upper edge, 1 its lower), to an eighth."""
    if g.plain:
        return None
    up, down = round(8 * max(top, 0.0)), round(8 * min(bottom, 1.0))
    if up <= 0 and down >= 8:
        return " ", ink(None, colour)
    if down >= 8:  # from somewhere to the foot
        return (g.levels[7 - up], ink(colour, under)) if up < 8 else None
    if up <= 0:
        return (g.levels[7 - down], ink(under, colour)) if down > 0 else None
    # thinner than a cell and in its middle: there is no such block, so it is drawn where most of it lies
    return (g.upper if up + down <= 8 else g.lower), ink(colour, under)


def _between(values: Values, t: float) -> float | None:
    """The value at the fractional index ``t``; None beside a gap."""
    i = min(int(t), len(values) - 1)
    if i < 0:
        return None
    j = min(i + (t > i), len(values) - 1)
    a, b = values[i], values[j]
    if a is None or b is None or not math.isfinite(a + b):  # a point beside a gap has half a step of its own
        near = a if t - i < 0.25 else b if t - i > 0.75 else None
        return near if near is not None and math.isfinite(near) else None
    return a + (b - a) * (t - i)


def _dots(start: tuple[int, int], stop: tuple[int, int]) -> list[tuple[int, int]]:
    """The dots of a straight line, both ends included."""
    (x0, y0), (x1, y1) = start, stop
    steps = max(abs(x1 - x0), abs(y1 - y0), 1)
    return [(round(x0 + (x1 - x0) * k / steps), round(y0 + (y1 - y0) * k / steps)) for k in range(steps + 1)]
