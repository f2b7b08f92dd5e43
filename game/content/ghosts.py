"""The industry's real course as marks: each a figure on a date, with the doubts that belong to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .book import Content
from .resolve import figure_number
from .schema_ghosts import Point
from .vocabulary import parse_quarter


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure on a date, quarters counted from the first of 2023 (negative ones lie before it).

    ``value`` is in the unit of ``series``, or a multiple of the game's own number at the end of ``base``; None where the
    figure is words. ``doubted``: a caution speaks of it; ``disowned``: it is not believed; ``read``: the rules read the
    figure, so that a likeness proves nothing.
    """

    ghost: str
    series: str
    figure: str
    at: int
    first: int
    value: float | None
    base: int | None = None
    doubted: bool = False
    disowned: bool = False
    read: bool = False

    def level(self, own: Callable[[int], float | None]) -> float | None:
        """Where to draw the mark; ``own`` tells the game's series at the end of a quarter, None where it has none.

        None for words, and for a fall whose starting quarter this game does not have.
        """
        if self.value is None or self.base is None:
            return self.value
        start = own(self.base)
        return None if start is None else self.value * start


def marks(content: Content, series: str = "") -> tuple[Mark, ...]:
    """Marks in order of file, of one series only if it is named. Raises ValueError for content that was not checked."""
    return tuple(
        _mark(content, ghost.id, ghost.series, point)
        for ghost in content.ghosts.values() if not series or ghost.series == series
        for point in ghost.points
    )  # fmt: skip


def _mark(content: Content, ghost: str, series: str, point: Point) -> Mark:
    at = parse_quarter(point.at)
    value = None
    if series != "events":
        value = point.scale * figure_number(content.figures[point.figure], point.use) + point.offset
    return Mark(
        ghost, series, point.figure, at, parse_quarter(point.first) if point.first else at, value,
        parse_quarter(point.base) if point.base else None, bool(content.cautions_of(point.figure)),
        point.figure in content.disowned, point.figure in content.read_by,
    )  # fmt: skip
