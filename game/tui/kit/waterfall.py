"""The waterfall: from an opening amount through its changes to the closing one."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.strip import Strip

from game.tui.kit.axes import finite
from game.tui.kit.draw import Part, blank, fill, ink, row
from game.tui.kit.text import cell_width, fit
from game.tui.kit.theme import FANCY, Glyphs, Palette


def round_to_sum(parts: Sequence[float], total: float, unit: float = 1) -> list[int]:
    """Each part in whole `unit`s, so rounded that they add up to the rounded `total`.

    Each is rounded down and the units that are missing go to the largest remainders: no part moves
    by a whole unit.  Raises ValueError if the parts do not add up to the total to begin with.

    >>> round_to_sum([1.24, 2.33, -0.51], 3.06, 0.1)
    [13, 23, -5]
    """
    if unit <= 0 or not all(math.isfinite(v) for v in (*parts, total)):
        raise ValueError("round_to_sum wants finite numbers and a positive unit")
    # 2.3 / 0.1 is 22.999…: what is a whole number of units must count as one.
    exact = [round(p / unit, 6) for p in parts]
    goal = math.floor(total / unit + 0.5 + 1e-9)
    out = [math.floor(e) for e in exact]
    missing = goal - sum(out)
    if not 0 <= missing <= len(out):
        raise ValueError(f"the parts add up to {sum(parts)}, not to {total}")
    order = sorted(range(len(out)), key=lambda i: (-(exact[i] - out[i]), i))
    for i in order[:missing]:
        out[i] += 1
    return out


@dataclass(frozen=True, slots=True)
class Step:
    """One change in a waterfall; the sign of `amount` says which way."""

    label: str
    amount: float


def fold_steps(steps: Sequence[Step], keep: int, other: str) -> list[Step]:
    """At most `keep` steps: the smallest ones are summed up in a last one called `other`."""
    if len(steps) <= keep:
        return list(steps)
    if keep <= 0:
        return []
    large = sorted(range(len(steps)), key=lambda i: (-abs(steps[i].amount), i))[: keep - 1]
    kept = [steps[i] for i in sorted(large)]
    rest = sum(step.amount for i, step in enumerate(steps) if i not in set(large))
    return [*kept, Step(other, rest)]


def signed(units: float) -> str:
    """The formatter used where a chart is given none; takes whole units."""
    return f"{units:,.0f}"


def waterfall(
    opening: Step,
    steps: Sequence[Step],
    closing_label: str,
    width: int,
    height: int,
    palette: Palette,
    *,
    unit: float = 1,
    fmt: Callable[[float], str] = signed,
    other: str = "…",
    glyphs: Glyphs = FANCY,
    bg: str | None = None,
) -> list[Strip]:
    """A horizontal waterfall of exactly `height` rows by `width` cells.

    A row each: label, amount, bar; all bars share one axis, so each starts where the one above
    ends.  `fmt` gets whole units (after `round_to_sum`), never a sign: the chart writes + and −.
    Where rows are short the smallest steps are summed up as `other`; where they abound, every
    second one holds the thread from bar to bar.
    """
    ground = palette.panel if bg is None else bg
    base = ink(palette.text, ground)
    if width <= 0 or height < 2:
        return [blank(width, base) for _ in range(max(0, height))]
    amounts = finite([opening.amount, *(s.amount for s in steps)])
    steps = [Step(s.label, a) for s, a in zip(steps, amounts[1:])]
    closing = sum(amounts)
    steps = fold_steps(steps, height - 2, other)

    first = math.floor(amounts[0] / unit + 0.5 + 1e-9)
    final = math.floor(closing / unit + 0.5 + 1e-9)
    try:
        units = round_to_sum([s.amount for s in steps], (final - first) * unit, unit)
    except ValueError:  # the two ends were rounded apart: plain rounding of one step makes it good
        units = [math.floor(s.amount / unit + 0.5) for s in steps]
        if units:
            big = max(range(len(units)), key=lambda i: abs(units[i]))
            units[big] += final - first - sum(units)

    def shown(value: int, sign: bool) -> str:
        minus = "-" if glyphs.plain else "−"
        return (minus if value < 0 else "+" if sign and value else "") + fmt(abs(value))

    lines: list[tuple[str, str, float, float, str]] = []  # label, amount, from, to, kind
    level = amounts[0]
    lines.append((opening.label, shown(first, False), 0.0, level, "end"))
    for step, whole in zip(steps, units):
        lines.append((step.label, shown(whole, True), level, level + step.amount,
                      "gain" if step.amount >= 0 else "loss"))  # fmt: skip
        level += step.amount
    lines.append((closing_label, shown(final, False), 0.0, closing, "end"))

    # A cut label can be guessed, a cut amount misleads: amounts keep their room, bars go first.
    sums = min(max(cell_width(line[1]) for line in lines), width)
    names = min(max(cell_width(line[0]) for line in lines), max(4, width // 3))
    room = width - names - sums - 4
    if room < 6:
        room = 0
        names = max(0, width - sums - 2)
    levels = [amounts[0], *(line[3] for line in lines[1:])]
    low, high, torn = _axis(levels)
    scale = room * 8 / (high - low)
    edge = int(-low * scale) // 8 if low < 0 else -1  # the cell where nought lies
    airy = height >= 2 * len(lines) - 1
    out: list[Strip] = []
    for i, (label, amount, start, stop, kind) in enumerate(lines):
        colour = {"end": palette.sea, "gain": palette.jade, "loss": palette.cinnabar}[kind]
        if kind == "end" and stop < 0:
            colour = palette.cinnabar
        strong = kind == "end"
        label_ink = ink(palette.text if strong else palette.dim, bold=strong)
        sum_ink = ink(palette.text if strong else colour, bold=True)
        parts: list[Part] = [
            (fit(label, names, ellipsis=glyphs.ellipsis), label_ink), ("  " if names else "", base),
            (fit(amount, sums, "right", glyphs.ellipsis), sum_ink), ("  " if room else "", base),
        ]  # fmt: skip
        fill_with = {"end": glyphs.full, "gain": glyphs.inner, "loss": glyphs.outer}[kind] if glyphs.shades else ""
        if room:
            a = round((max(min(start, stop), low) - low) * scale)
            b = round((max(start, stop) - low) * scale)
            parts += _bar(a, max(b, a + 1), room, colour, palette, ground, glyphs, edge, fill_with)
            if strong and torn:  # the foot of this bar is not nought: say so
                tear = "/" if glyphs.plain else "╱"
                parts[1 - room] = (tear, ink(ground, colour, bold=True))
        out.append(row(parts, width, base, ellipsis=glyphs.ellipsis))
        if airy and room and i < len(lines) - 1:
            at = min(max(round((stop - low) * scale) // 8, 0), room - 1)
            lead = " " * (names + sums + 4)
            # An empty bar under the thread: where the axis crosses nought its line goes on.
            thread = [(glyphs.bar if x == edge else " ", ink(palette.line)) for x in range(room)]
            thread[at] = (glyphs.now, ink(palette.faint))
            out.append(row([(lead, base), *thread], width, base))
    return fill(out, width, height, base)


def _axis(levels: Sequence[float]) -> tuple[float, float, bool]:
    """The common axis: from nought, unless that would flatten every step; then it is torn."""
    least, most = min(levels), max(levels)
    low, high = min(0.0, least), max(0.0, most)
    if high - low < 1e-9:  # nothing at all, or so little that a division would overflow
        return low, low + 1, False
    if least > 0.6 * high and most - least > 1e-6 * high:
        return least - (most - least) * 0.5 - 0.02 * high, high, True
    return low, high, False


def _bar(
    start: int, stop: int, room: int, colour: str, palette: Palette, ground: str, glyphs: Glyphs,
    edge: int, shade: str = "",
) -> list[Part]:  # fmt: skip
    """A bar between two eighths on an empty row; `edge` is the cell of a zero line, if any.

    ``shade`` fills whole cells with one character, where colours do not tell a gain from a loss.
    """
    stop = min(max(stop, start + 1), room * 8)
    start = min(start, stop - 1)
    cells: list[Part] = []
    for x in range(room):
        a, b = max(start - 8 * x, 0), min(stop - 8 * x, 8)
        if b <= 0 or a >= 8:
            char = glyphs.bar if x == edge else " "
            cells.append((char, ink(palette.line, ground)))
        elif glyphs.plain or shade or (a == 0 and b == 8):
            cells.append((shade or glyphs.full, ink(colour, ground)))
        elif a == 0:
            cells.append((glyphs.eighths[b - 1], ink(colour, ground)))
        elif b == 8:
            # The right part of a cell: there is no such glyph, so the colours swap.
            cells.append((glyphs.eighths[a - 1], ink(ground, colour)))
        else:  # a sliver inside one cell
            cells.append((glyphs.eighths[max(b - a - 1, 0)], ink(colour, ground)))
    return cells
