"""The shape of ghosts.toml: figures as marks of the industry's real course, beside what a game's market does.

Nothing here is read by rules or policies, so it stands outside the rules digest.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from msgspec import Meta

from .basics import Entry, Id, Quarter, Text
from .schema import Use

Series = Literal[
    "live-models", "token-price", "compute-price", "adopters.developers", "adopters.consumers", "events", "none"
]
"""Public series of a game that a mark may stand beside: models on the market, the median token price (CNY per million
tokens), the price of imported compute (CNY per PFLOP/s and quarter), users by segment; ``events`` are dates without a
number, and ``none`` is for numbers of which the game publishes no series."""

SERIES: Final[tuple[str, ...]] = get_args(Series)


class Point(Entry, frozen=True):
    """One figure on a date: ``scale`` × figure + ``offset`` at the end of quarter ``at``.

    ``first`` begins the stretch that the figure speaks of (a year), so that it is drawn as long as it is vague. With
    ``base`` the number is a multiple of the game's own series at the end of that quarter: a fall has no level.
    """

    figure: str
    at: Quarter
    first: Quarter | None = None
    base: Quarter | None = None
    use: Use = ""
    scale: float = 1.0
    offset: float = 0.0


class Ghost(Entry, frozen=True):
    """Figures of one kind; several points are joined by a dotted line. ``note`` says how their definition differs."""

    id: Id
    name: Text
    series: Series
    points: Annotated[list[Point], Meta(min_length=1)]
    note: Text | None = None
