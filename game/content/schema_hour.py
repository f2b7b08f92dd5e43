"""The shape of first_hour.toml and achievements.toml: how a first game is taught, and what a run may show for itself."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from .basics import Entry, Id, Quarter, Text
from .schema import Operator

Turn = Annotated[int, Meta(ge=1, le=24)]
Shown = Literal["any", "all", "five"]
"""Games that an entry is for: every one, those that show all levers, those that show five rows."""


class Stage(Entry, frozen=True):
    """Which rows of the lever panel show from a turn on in a first game; none named means all of them.

    ``rows`` are ids of levers, or ``five.<id>`` for a row of [[five]] that stands for several.
    """

    id: Id
    turn: Turn
    rows: list[str]
    levers: Shown = "any"


class Reply(Entry, frozen=True):
    """What is said once the player has done what a step asks; the first whose word holds."""

    when: str
    text: Text


class Step(Entry, frozen=True):
    """One thing to look at and try in a turn of a first game.

    ``rows`` are the rows it is about, ``done`` what the player has to do for it to be over; ``next`` is a key only.
    """

    id: Id
    turn: Turn
    text: Text
    done: str
    rows: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    levers: Shown = "any"


class RunCondition(Entry, frozen=True):
    """``what op value`` over the quarters of a run from ``first`` to ``last`` (labels; the whole run if left out).

    ``over``: at the ``end`` of the last of them, in ``every`` one, in ``some`` (at least ``count``), or the ``rise``
    (last less first) or ``growth`` (last over first, less one) from the first to the last.
    """

    what: str
    op: Operator
    value: float | str
    over: Literal["end", "every", "some", "rise", "growth"] = "end"
    of: str = ""
    """Segment, source or lever where the word needs one."""
    first: Quarter | None = None
    last: Quarter | None = None
    count: Annotated[int, Meta(ge=1, le=24)] = 1


class Achievement(Entry, frozen=True):
    """Something that a finished run shows, and the thesis that it speaks about.

    ``endings`` narrows it to some endings; left out, any ending in which the firm still trades. ``scenarios`` likewise.
    """

    id: Id
    thesis: str
    name: Text
    text: Text
    when: Annotated[list[RunCondition], Meta(min_length=1)]
    endings: list[str] = field(default_factory=list)
    scenarios: list[str] = field(default_factory=list)
