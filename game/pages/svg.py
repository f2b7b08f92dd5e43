"""Charts as SVG text for pages that need nothing from outside.

Written by hand and small on purpose. The candidates were weighed: Altair with vl-convert draws well and is alive, but
brings 84 MB of native library to every school laptop, three seconds before its first chart, and colours that are fixed
when the file is written, where a page has to follow light, dark and print. Here marks carry classes and the page's style
gives them colours; series differ in dash and end label too, so that colour is never all there is.

A `Plot` has quarters (or other steps) along x and one scale along y. What it is given to draw it draws in order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Final

WIDTH: Final = 720
LEFT, RIGHT, TOP, BOTTOM = 62, 78, 14, 26
Number = float | None
Words = Callable[[float], str]


def nice_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers that cover low..high, at most about ``most`` steps apart.

    >>> nice_ticks(0.0, 9.3)
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    >>> nice_ticks(3.0, 3.0)
    [2.0, 2.5, 3.0, 3.5, 4.0]
    """
    if not high - low > 1e-9 * max(abs(low), abs(high), 1.0):  # too near for round numbers between them
        pad = abs(low) / 3.0 if abs(low) > 1e-9 else 1.0
        low, high = low - pad, high + pad
    rough = (high - low) / most
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * m for m in (1.0, 2.0, 2.5, 5.0, 10.0) if unit * m >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [i * step if step >= 1.0 else round(i * step, 15) for i in range(first, last + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten that cover low..high, both above zero; 1, 3, 10, … where that is few.

    >>> log_ticks(0.4, 60.0)
    [0.1, 1.0, 10.0, 100.0]
    >>> log_ticks(2.0, 8.0)
    [1.0, 3.0, 10.0]
    """
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    tens = [10.0**i for i in range(first, max(last, first + 1) + 1)]
    if len(tens) > 3:
        return tens
    return sorted([*tens, *(3.0 * t for t in tens[:-1])])


class Plot:
    """One chart of ``steps`` places along x; y covers ``values`` (and zero where ``zero``), or ``ticks``."""

    def __init__(
        self, labels: Sequence[str], values: Iterable[Number], words: Words, *, height: int = 220, zero: bool = True,
        log: bool = False, every: int | None = None,
        ticks: Sequence[float] = (),
    ) -> None:  # fmt: skip
        self.labels, self.words, self.height, self.log = labels, words, height, log
        there = [v for v in values if v is not None and math.isfinite(v) and (v > 0 or not log)]
        if zero and not log:
            there.append(0.0)
        low, high = (min(there), max(there)) if there else (0.0, 1.0)
        self.ticks = list(ticks) or (log_ticks(low, max(high, low * 1.0001)) if log else nice_ticks(low, high))
        self.low, self.high = self.ticks[0], self.ticks[-1]
        self._parts: list[str] = []
        self._ends: list[tuple[float, str, str]] = []
        self._frame(every or max(1, -(-len(labels) // 10)))

    # places

    def x(self, place: float) -> float:
        """Middle of a place along x."""
        return LEFT + (place + 0.5) * (WIDTH - LEFT - RIGHT) / max(len(self.labels), 1)

    def y(self, value: float) -> float:
        """Height of a value; what lies outside, or is no number, stands at the edge."""
        value = min(max(value, self.low), self.high) if value == value else self.low
        if self.log:
            part = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            part = (value - self.low) / (self.high - self.low)
        return self.height - BOTTOM - part * (self.height - TOP - BOTTOM)

    def _frame(self, every: int) -> None:
        for tick in self.ticks:
            y = self.y(tick)
            kind = "axis" if tick == 0.0 and not self.log else "grid"
            self.raw(f'<path class="{kind}" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
            self.text(LEFT - 6, y + 4, self.words(tick), "tick end")
        for i, label in enumerate(self.labels):
            if i % every == 0:
                self.text(self.x(i), self.height - 8, label, "tick middle")

    # marks

    def steps(self, values: Sequence[Number], kind: str, name: str = "", start: float | None = None) -> None:
        """A line that keeps its height until the next place, from ``start`` at the left edge where that is given."""
        path, last = [], None
        if start is not None:
            path.append(f"M{LEFT} {self.y(start):.1f}")
        for i, v in enumerate(values):
            if not self._there(v):
                break
            assert v is not None
            path.append(f"H{self.x(i):.1f}V{self.y(v):.1f}" if path else f"M{self.x(i):.1f} {self.y(v):.1f}")
            last = (i, v)
        if last is None:
            return
        edge = WIDTH - RIGHT if last[0] == len(values) - 1 else self.x(last[0] + 0.5)
        self.raw(f'<path class="line {kind}" d="{"".join(path)}H{edge:.1f}"/>')
        if name:
            self.end(last[1], name, kind)

    def end(self, value: float, name: str, kind: str) -> None:
        """A name at the right edge, at the height of a value."""
        self._ends.append((self.y(value), name, kind))

    def raw(self, part: str) -> None:
        """A piece of SVG as it stands."""
        self._parts.append(part)

    def text(self, x: float, y: float, words: str, kind: str) -> None:
        """Words at a point."""
        self._parts.append(f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>')

    def line(self, values: Sequence[Number], kind: str, name: str = "", dots: bool = False) -> None:
        """A line through what is there, broken where nothing is; ``name`` stands at its end."""
        path, pen = [], "M"
        last: tuple[int, float] | None = None
        for i, v in enumerate(values):
            if not self._there(v):
                pen = "M"
                continue
            assert v is not None
            path.append(f"{pen}{self.x(i):.1f} {self.y(v):.1f}")
            pen, last = "L", (i, v)
            if dots:
                self.raw(f'<circle class="{kind}" cx="{self.x(i):.1f}" cy="{self.y(v):.1f}" r="2.2"/>')
        if path:
            self.raw(f'<path class="line {kind}" d="{"".join(path)}"/>')
        if last is None or not name:
            return
        if last[0] == len(values) - 1:
            self._ends.append((self.y(last[1]), name, kind))
        else:  # it ends on the way, and so does its name
            self.text(self.x(last[0]) + 6, self.y(last[1]) + 4, name, f"label {kind}")

    def band(self, lows: Sequence[Number], highs: Sequence[Number], kind: str) -> None:
        """The area between two lines, over each run of places where both are there."""
        run: list[int] = []
        for i in range(len(lows) + 1):
            if i < len(lows) and self._there(lows[i]) and self._there(highs[i]):
                run.append(i)
                continue
            if run:
                up = [f"{self.x(j):.1f} {self.y(highs[j] or 0.0):.1f}" for j in run]
                down = [f"{self.x(j):.1f} {self.y(lows[j] or 0.0):.1f}" for j in reversed(run)]
                if len(run) == 1:  # one place alone has a width too
                    x = self.x(run[0])
                    up = [f"{x + d:.1f} {self.y(highs[run[0]] or 0.0):.1f}" for d in (-5, 5)]
                    down = [f"{x + d:.1f} {self.y(lows[run[0]] or 0.0):.1f}" for d in (5, -5)]
                self.raw(f'<path class="{kind}" d="M{"L".join(up + down)}Z"/>')
            run = []

    def bar(self, place: float, low: float, high: float, kind: str, half: float = 5.0) -> None:
        """An upright bar between two values."""
        top, bottom = self.y(max(low, high)), self.y(min(low, high))
        x, tall = self.x(place) - half, max(bottom - top, 0.75)
        self.raw(f'<rect class="{kind}" x="{x:.1f}" y="{top:.1f}" width="{2 * half:.1f}" height="{tall:.1f}"/>')

    def whisker(self, place: float, low: float, high: float, kind: str, shift: float = 0.0, cap: float = 3.0) -> None:
        """An interval: a thin upright line with caps."""
        x, a, b = self.x(place) + shift, self.y(low), self.y(high)
        d = f"M{x:.1f} {a:.1f}V{b:.1f}M{x - cap:.1f} {a:.1f}h{2 * cap:.0f}M{x - cap:.1f} {b:.1f}h{2 * cap:.0f}"
        self.raw(f'<path class="whisker {kind}" d="{d}"/>')

    def dot(self, place: float, value: float, kind: str, shift: float = 0.0, r: float = 3.5) -> None:
        """A point."""
        self.raw(f'<circle class="{kind}" cx="{self.x(place) + shift:.1f}" cy="{self.y(value):.1f}" r="{r}"/>')

    def diamond(self, place: float, value: float, kind: str, shift: float = 0.0, r: float = 4.5) -> None:
        """A point of another shape."""
        x, y = self.x(place) + shift, self.y(value)
        self.raw(f'<path class="{kind}" d="M{x:.1f} {y - r:.1f}l{r} {r}l-{r} {r}l-{r} -{r}Z"/>')

    def _there(self, value: Number) -> bool:
        return value is not None and math.isfinite(value) and (value > 0 or not self.log)

    # whole

    def svg(self, name: str, told: str) -> str:
        """The chart, with its ``name`` and what it shows in words for those who do not see it."""
        tail = list(self._parts)
        for y, words, kind in apart(self._ends, TOP, self.height - BOTTOM):
            tail.append(f'<text class="label {kind}" x="{WIDTH - RIGHT + 6}" y="{y + 4:.1f}">{escape(words)}</text>')
        return drawing(WIDTH, self.height, name, told, "".join(tail))


def drawing(width: int, height: int, name: str, told: str, inner: str) -> str:
    """An SVG element with a name and a description."""
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(f"{name}. {told}")}">'
        f"<title>{escape(name)}</title><desc>{escape(told)}</desc>{inner}</svg>"
    )


def apart(ends: list[tuple[float, str, str]], top: float, bottom: float, gap: float = 13.0) -> list[tuple[float, str, str]]:
    """Labels moved so far that none lies on another."""
    placed: list[tuple[float, str, str]] = []
    for y, words, kind in sorted(ends):
        if placed and y - placed[-1][0] < gap:
            y = placed[-1][0] + gap
        placed.append((y, words, kind))
    over = placed[-1][0] - bottom if placed else 0.0
    return [(max(y - max(over, 0.0), top), words, kind) for y, words, kind in placed]
