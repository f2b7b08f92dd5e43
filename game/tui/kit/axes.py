"""What the two-dimensional charts share: a nice range, labels at the left, ticks underneath."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.style import Style
from textual.strip import Strip

from game.tui.kit.draw import Part, ink, row
from game.tui.kit.text import cell_width, fit
from game.tui.kit.theme import Palette

_NICE = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def finite(values: Iterable[float]) -> list[float]:
    """The values with every NaN and infinity replaced by the last good one (or 0)."""
    out: list[float] = []
    last = 0.0
    for value in values:
        last = float(value) if math.isfinite(value) else last
        out.append(last)
    return out


def nice_range(low: float, high: float) -> tuple[float, float]:
    """A range around the data whose two ends and middle are round numbers.

    >>> nice_range(0.1, 2.7)
    (0.0, 3.0)
    """
    if high - low <= max(1e-9, 1e-12 * max(abs(low), abs(high))):  # flat, or as good as
        reach = max(abs(high) * 0.5, 1.0 if abs(high) < 1e-9 else 0.0)
        low, high = low - reach, high + reach
    scale = 10.0 ** (math.floor(math.log10((high - low) / 2)) - 1)
    for _ in range(3):
        for step in _NICE:
            size = step * scale
            start = math.floor(low / size + 1e-9) * size
            if start + 2 * size >= high - 1e-9 * size:
                return start, start + 2 * size
        scale *= 10
    return low, high


def nice_log_range(low: float, high: float) -> tuple[float, float]:
    """The same for a logarithmic axis: each end is 1, 2 or 5 times a power of ten."""

    def snap(value: float, up: bool) -> float:
        power = 10.0 ** math.floor(math.log10(value))
        steps = [power * step for step in (0.5, 1, 2, 5, 10)]
        if up:
            return next((s for s in steps if s >= value * (1 - 1e-9)), steps[-1])
        return next((s for s in reversed(steps) if s <= value * (1 + 1e-9)), steps[0])

    low, high = snap(low, False), snap(high, True)
    return (low, high) if high > low else (low / 10, high * 10)


@dataclass(frozen=True, slots=True)
class Frame:
    """How a chart's `width` by `height` cells are divided."""

    gutter: int  # left labels and one cell of air
    plot: int  # columns of the picture
    tail: int  # right labels, with their air
    rows: int  # rows of the picture
    axis: bool  # whether a row of ticks follows

    @property
    def middle(self) -> int:
        """The row that the middle label and its grid line stand in."""
        return (self.rows - 1) // 2 if self.rows % 2 else self.rows // 2


def frame(
    width: int, height: int, left: Sequence[str], right: Sequence[str], ticks: Sequence[str]
) -> Frame:
    """Divide the room; labels give way before the picture does."""
    gutter = max((cell_width(label) for label in left), default=0)
    tail = max((cell_width(label) for label in right), default=0)
    gutter += 1 if gutter else 0
    tail += 1 if tail else 0
    if width - gutter - tail < max(8, width // 3):
        tail = 0
    if width - gutter < max(6, width // 3):
        gutter = 0
    axis = bool(ticks) and height >= 3
    return Frame(gutter, max(0, width - gutter - tail), tail, max(0, height - axis), axis)


def left_labels(box: Frame, labels: tuple[str, str, str], style: Style) -> list[list[Part]]:
    """The gutter of each row: low, middle and high label at their heights."""
    rows: list[list[Part]] = [[(" " * box.gutter, style)] for _ in range(box.rows)]
    if not box.gutter or not box.rows:
        return rows
    low, middle, high = labels
    # Few rows hold few labels; the ends matter most.
    where = {box.rows - 1: low, 0: high} | ({box.middle: middle} if box.rows >= 3 else {})
    for y, label in where.items():
        rows[y] = [(fit(label, box.gutter - 1, "right") + " ", style)]
    return rows


def spread(wanted: Sequence[int], rows: int) -> list[int | None]:
    """Rows for labels that want certain rows; earlier ones keep theirs, later ones move or drop.

    >>> spread([4, 4, 9], 6)
    [4, 5, 3]
    """
    taken: set[int] = set()
    out: list[int | None] = []
    for want in wanted:
        want = min(max(want, 0), rows - 1)
        near = sorted(range(rows), key=lambda y: (abs(y - want), -y))
        free = next((y for y in near if y not in taken and abs(y - want) <= 2), None)
        if free is not None:
            taken.add(free)
        out.append(free)
    return out


def tick_row(
    box: Frame,
    width: int,
    places: Sequence[float],
    labels: Sequence[str],
    palette: Palette,
    base: Style,
    now: int | None = None,
) -> Strip:
    """The row of tick labels, each centred under its place; those that would touch are left out.

    The label number `now` is placed first and shown brighter; then the longer ones, as a rule those
    that name the year.
    """
    start, end = box.gutter, width
    taken: list[tuple[int, int, str, bool]] = []
    order = list(range(len(labels)))
    order.sort(key=lambda i: (i != now, -cell_width(labels[i]), i))
    for i in order:
        label = labels[i]
        size = cell_width(label)
        if not size or i >= len(places):
            continue
        x = round(box.gutter + places[i] - (size - 1) / 2)
        x = min(max(x, start), end - size)
        if x < start or any(x < b + 1 and a < x + size + 1 for a, b, _, _ in taken):
            continue
        taken.append((x, x + size, label, i == now))
    parts: list[Part] = []
    at = 0
    for x, stop, label, bright in sorted(taken):
        parts.append((" " * (x - at), base))
        parts.append((label, ink(palette.text if bright else palette.dim)))
        at = stop
    return row(parts, width, base)


Format = Callable[[float], str]


def plain_number(value: float) -> str:
    """The formatter used where a chart is given none."""
    return f"{value:,.4g}"
