"""The fan chart: history as a line, a thousand futures as bands.

Two vertical samples a cell (half blocks) carry the lines; the edges of the bands, where a cell holds
only two colours, are drawn to an eighth of a cell.  Glyphs with `shades` (ASCII, few colours or none)
draw one character a cell instead, and the bands differ by how dense it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from textual.strip import Strip

from game.tui.kit.axes import (
    Format,
    Frame,
    finite,
    frame,
    left_labels,
    nice_range,
    plain_number,
    spread,
    tick_row,
)  # fmt: skip
from game.tui.kit.draw import Part, blank, ink, merge, row
from game.tui.kit.text import cell_width, fit
from game.tui.kit.theme import FANCY, Glyphs, Palette

OUTSIDE, OUTER, INNER = 0, 1, 2
_LEFT_DOTS = (0x01, 0x02, 0x04, 0x40)  # the braille dots of a cell's left column, from the top


@lru_cache(maxsize=1024)
def _split(column: bytes) -> tuple[int, int, int]:
    """Eight samples of a cell as (upper code, lower code, eighths of the lower one)."""
    best = (9, 0, 0, 0)
    for k in range(9):
        top, low = column[: 8 - k], column[8 - k :]
        up = max(set(top), key=top.count) if top else low[0]
        down = max(set(low), key=low.count) if low else up
        wrong = len(top) - top.count(up) + len(low) - low.count(down)
        best = min(best, (wrong, up, down, k))
    _, up, down, k = best
    return (up, up, 0) if up == down or k == 0 else (down, down, 0) if k == 8 else (up, down, k)


def _at(values: Sequence[float], t: float) -> float:
    """The value at the fractional index `t`."""
    i = min(int(t), len(values) - 1)
    j = min(i + 1, len(values) - 1)
    return values[i] + (values[j] - values[i]) * (t - i)


def _runs(levels: Sequence[int]) -> list[range]:
    """For each column the half cells a line fills, so that steep pieces stay joined."""
    out = []
    for i, here in enumerate(levels):
        then = levels[i + 1] if i + 1 < len(levels) else here
        if abs(then - here) <= 1:
            out.append(range(here, here + 1))
        else:
            # This column climbs half of the way; the next one does the rest.
            out.append(range(here, then) if then > here else range(then + 1, here + 1))
    return out


def fan(
    quantiles: Sequence[Sequence[float]],
    width: int,
    height: int,
    palette: Palette,
    *,
    history: Sequence[float] = (),
    ghost: Sequence[float] | None = None,
    fmt: Format = plain_number,
    ticks: Sequence[str] = (),
    floor: float | None = None,
    limits: tuple[float, float] | None = None,
    ends: bool = False,
    glyphs: Glyphs = FANCY,
    bg: str | None = None,
) -> list[Strip]:
    """A fan chart of exactly `height` rows by `width` cells.

    `quantiles`: one row a future quarter, each the 10, 25, 50, 75 and 90 per cent points, ascending.
    `history`: the past, its last value being now; the fan opens there.
    `ghost`: the median of the plan before the change, one value a future quarter, drawn as dots.
    `ticks`: a label for every point, past and future; `fmt`: how the labels at the left read.
    `floor`: a value the axis must reach down to (0 for cash); `limits` fixes the axis instead, so
    that it does not jump while a lever moves.  `ends` writes the last 90, 50 and 10 per cent points
    at the right.
    """
    ground = palette.panel if bg is None else bg
    base = ink(palette.text, ground)
    if width <= 0 or height <= 0:
        return [blank(width, base)] * max(0, height)
    past = finite(history)
    bands = [finite(q[i] for q in quantiles) for i in range(5)]
    if past:
        bands = [[past[-1], *band] for band in bands]
    trail = finite([*past[-1:], *ghost]) if ghost else []
    first = max(0, len(past) - 1)  # the index of now
    count = first + len(bands[2])
    if not count:
        return [blank(width, base) for _ in range(height)]

    if limits is None:
        every = [*past, *bands[0], *bands[4], *trail, *([] if floor is None else [floor])]
        limits = nice_range(min(every), max(every))
    low, high = limits
    labels = (fmt(low), fmt((low + high) / 2), fmt(high))
    last = [fmt(bands[i][-1]) for i in (2, 4, 0)] if ends and bands[2] else []
    box = frame(width, height, labels, last, ticks)
    grid = _cells(box, past, bands, trail, first, count, low, high, palette, ground, glyphs)

    gutter = left_labels(box, labels, ink(palette.dim, ground))
    tails = _tails(box, last, bands, low, high, palette, ground)
    out = [Strip(merge([*gutter[y], *grid[y], *tails[y]]), width) for y in range(box.rows)]
    if box.axis:
        places = [i * (box.plot - 1) / max(1, count - 1) for i in range(count)]
        out.append(tick_row(box, width, places, ticks, palette, base, now=first if past else None))
    return out


def _tails(
    box: Frame, last: list[str], bands: list[list[float]], low: float, high: float,
    palette: Palette, ground: str,
) -> list[list[Part]]:  # fmt: skip
    """The labels at the right: median first, for it keeps its row."""
    base = ink(palette.text, ground)
    rows: list[list[Part]] = [[(" " * box.tail, base)] for _ in range(box.rows)]
    if not box.tail or not last:
        return rows
    styles = (ink(palette.gold, ground, bold=True), *(ink(palette.dim, ground),) * 2)
    wanted = [
        int((high - bands[i][-1]) / (high - low) * box.rows - (0.01 if i == 0 else 0))
        for i in (2, 4, 0)
    ]
    for y, label, style in zip(spread(wanted, box.rows), last, styles):
        if y is not None:
            rows[y] = [(" " + fit(label, box.tail - 1), style)]
    return rows


def _cells(
    box: Frame, past: list[float], bands: list[list[float]], trail: list[float], first: int,
    count: int, low: float, high: float, palette: Palette, ground: str, glyphs: Glyphs,
) -> list[list[Part]]:  # fmt: skip
    """The picture itself, row by row."""
    width, rows = box.plot, box.rows
    depth = 8 * rows
    scale = depth / (high - low)
    colours = (ground, palette.sea_dark, palette.sea_mid)
    shades = (" ", glyphs.outer, glyphs.inner)

    def y8(value: float) -> float:
        return min(max((high - value) * scale, 0.0), float(depth))

    times = [x * (count - 1) / max(1, width - 1) for x in range(width)]
    now_x = round(first * (width - 1) / max(1, count - 1)) if past else -1
    line_values, is_past = [], []
    columns: list[bytes] = []
    for x, t in enumerate(times):
        column = bytearray(depth)
        if past and x < now_x:
            line_values.append(_at(past, t))
            is_past.append(True)
        else:
            u = max(0.0, t - first)
            q10, q25, q50, q75, q90 = (_at(band, u) for band in bands)
            for a, b, code in ((q90, q10, OUTER), (q75, q25, INNER)):
                top, bottom = round(y8(a)), round(y8(b))
                column[top:bottom] = bytes([code]) * (bottom - top)
            line_values.append(q50)
            is_past.append(False)
        columns.append(bytes(column))
    levels = [min(int(y8(v) / 4), 2 * rows - 1) for v in line_values]
    lines = _runs(levels)

    dots: dict[tuple[int, int], int] = {}
    # A dot costs its cell the finer edge: of each three columns the one that loses least has it.
    for left in range(now_x + 2, width, 3) if trail else ():
        offers = []
        for x in range(left, min(left + 3, width)):
            sub = min(int(y8(_at(trail, times[x] - first)) / 2), 4 * rows - 1)
            y = sub // 4
            cell = columns[x][8 * y : 8 * y + 8]
            lost = 8 - max(map(cell.count, (OUTSIDE, OUTER, INNER)))
            hidden = 2 * y in lines[x] or 2 * y + 1 in lines[x]
            offers.append((9 if hidden else lost, abs(x - left - 1), x, y, sub % 4))
        lost, _, x, y, dot = min(offers)
        if lost < 9:  # hidden by the median: nothing has changed there
            dots[x, y] = dot

    zero = -1  # the row where the axis crosses nought, the line below which firms die
    if low < 0 < high:
        zero = min(int(y8(0.0) / 8), rows - 1)
    marked = {box.middle, rows - 1} - ({zero - 1, zero, zero + 1} if zero >= 0 else set())
    out: list[list[Part]] = []
    for y in range(rows):
        parts: list[Part] = []
        for x in range(width):
            cell = columns[x][8 * y : 8 * y + 8]
            upper, lower = 2 * y in lines[x], 2 * y + 1 in lines[x]
            stroke = palette.text if is_past[x] else palette.gold
            if upper or lower:
                behind = _split(cell[4:] * 2 if upper else cell[:4] * 2)[0]
                if glyphs.shades:
                    char = glyphs.thin if is_past[x] else glyphs.heavy
                    parts.append((char, ink(stroke, ground, bold=True)))
                elif upper and lower:
                    parts.append((glyphs.full, ink(stroke, colours[behind])))
                elif lower:
                    parts.append((glyphs.levels[2], ink(stroke, colours[behind])))
                else:  # there is no upper three eighths: the colours swap
                    parts.append((glyphs.levels[4], ink(colours[behind], stroke)))
                continue
            up, down, eighths = _split(cell)
            spot = dots.get((x, y))
            if glyphs.shades and (spot is not None or up or down):
                char = glyphs.dot if spot is not None else shades[down if eighths > 4 else up]
                strong = spot is not None
                parts.append((char, ink(palette.text if strong else colours[INNER], ground, bold=strong)))
            elif spot is not None:
                behind = max((OUTSIDE, OUTER, INNER), key=cell.count)
                parts.append((chr(0x2800 | _LEFT_DOTS[spot]), ink(palette.text, colours[behind])))
            elif eighths:
                parts.append((glyphs.levels[eighths - 1], ink(colours[down], colours[up])))
            elif up != OUTSIDE:
                parts.append((" ", ink(palette.text, colours[up])))
            elif y == zero:
                parts.append((glyphs.grid, ink(palette.cinnabar, ground)))
            elif x == now_x:
                parts.append((glyphs.now, ink(palette.faint, ground)))
            elif y in marked:
                parts.append((glyphs.grid, ink(palette.line, ground)))
            else:
                parts.append((" ", ink(palette.text, ground)))
        out.append(parts)
    return out


def fan_legend(
    names: tuple[str, str, str, str, str], width: int, palette: Palette, *,
    ghost: bool = True, history: bool = True, glyphs: Glyphs = FANCY, bg: str | None = None,
) -> Strip:  # fmt: skip
    """One row of legend: `names` for history, median, inner band, outer band and ghost."""
    base = ink(palette.dim, palette.panel if bg is None else bg)
    past, median, inner, outer, before = names
    entries = [
        (past, (glyphs.thin if glyphs.shades else glyphs.heavy) * 2, palette.text, history),
        (median, glyphs.heavy * 2, palette.gold, True),
        (inner, glyphs.inner if glyphs.shades else glyphs.full, palette.sea_mid, True),
        (outer, glyphs.outer if glyphs.shades else glyphs.full, palette.sea_mid if glyphs.shades else palette.sea_dark, True),
        (before, glyphs.dot * 2, palette.text, ghost),
    ]
    shown = [(mark, colour, name) for name, mark, colour, wanted in entries if wanted and name]

    def room() -> int:
        return width - sum(cell_width(mark) + 1 + cell_width(name) for mark, _, name in shown)

    if room() < len(shown) - 1:  # too narrow: shorter marks first, then whole entries go
        shown = [(mark[:1], colour, name) for mark, colour, name in shown]
    while len(shown) > 1 and room() < len(shown) - 1:
        shown.pop()
    gap = min(max(room() // max(1, len(shown) - 1), 1), 3)
    parts: list[Part] = []
    for i, (mark, colour, name) in enumerate(shown):
        parts += [(" " * (gap if i else 0), base), (mark, ink(colour)), (f" {name}", base)]
    return row(parts, width, base, ellipsis=glyphs.ellipsis)
