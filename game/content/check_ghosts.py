"""Checks of ghosts.toml: every figure is there and a number where one is drawn, dates are in order, doubt is admitted."""

from __future__ import annotations

from game.engine.names import quarter_label

from .check_archive import admits_doubt
from .checking import Checking
from .resolve import figure_number
from .schema_ghosts import Ghost, Point
from .vocabulary import HORIZON, parse_quarter

EARLIEST = -4
"""A year before the game's first quarter: the real course began earlier."""


def check_ghosts(work: Checking) -> None:
    """Every ghost by itself; two ghosts may show one figure, one ghost may not."""
    for ghost in work.content.ghosts.values():
        work.twice("ghost", ghost.id, "points", [point.figure for point in ghost.points])
        for index, point in enumerate(ghost.points):
            _point(work, ghost, f"points[{index}]", point)
        dates = [parse_quarter(point.at) for point in ghost.points]
        if dates != sorted(dates):
            work.add("ghost", ghost.id, "points", "stand out of order; write the earlier date first")


def _point(work: Checking, ghost: Ghost, key: str, point: Point) -> None:
    work.refer("ghost", ghost.id, f"{key}.figure", "figure", point.figure)
    _dates(work, ghost, key, point)
    figure = work.content.figures.get(point.figure)
    if figure is None:
        return
    if point.figure in work.content.disowned and not (ghost.note and admits_doubt(ghost.note)):
        message = f"shows figure '{point.figure}', which a caution disowns; say in the note that it is doubted"
        work.add("ghost", ghost.id, f"{key}.figure", message)
    if ghost.series == "events":
        if (point.scale, point.offset, point.use, point.base) != (1.0, 0.0, "", None):
            work.add("ghost", ghost.id, key, "is a date; leave out use, scale, offset and base")
        return
    try:
        value = point.scale * figure_number(figure, point.use) + point.offset
    except ValueError as error:
        work.add("ghost", ghost.id, f"{key}.use" if point.use else f"{key}.figure", str(error))
        return
    if ghost.series == "none":
        if point.base is not None:
            work.add("ghost", ghost.id, f"{key}.base", "needs a series of the game; name one in series")
    elif value <= 0:
        work.add("ghost", ghost.id, key, f"comes to {value:g}; a mark on a chart must lie above zero")


def _dates(work: Checking, ghost: Ghost, key: str, point: Point) -> None:
    at = parse_quarter(point.at)
    for name, date in (("at", point.at), ("first", point.first), ("base", point.base)):
        earliest = EARLIEST if name != "base" else -1
        if date is not None and not earliest <= parse_quarter(date) < HORIZON:
            span = f"{quarter_label(earliest)} to {quarter_label(HORIZON - 1)}"
            work.add("ghost", ghost.id, f"{key}.{name}", f"{date} lies outside what can be drawn ({span})")
    for name, date in (("first", point.first), ("base", point.base)):
        if date is not None and parse_quarter(date) > at:
            work.add("ghost", ghost.id, f"{key}.{name}", f"{date} is later than {point.at}")

