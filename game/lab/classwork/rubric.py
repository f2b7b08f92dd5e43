"""What a class's grade is made of: an editable table of parts with weights, and what of it can be worked out.

The shipped table is ``content/lessons/grading/rubric.toml``; a teacher edits a copy and names it. Rank counts nothing, in every
table: marks for rank make classes play safe, and rank holds the luck of one seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import Meta

from game.content.basics import Entry, Id, Positive, Text, Weight
from game.content.layout import convert, read_toml
from game.table.wire import Guidance, Message

if TYPE_CHECKING:
    from game.content import Content

FILE: Final = "lessons/grading/rubric.toml"
MOST: Final = 64 * 1024
"""Bytes of a rubric; no table of parts is a tenth of that."""
Way = Literal["teacher", "forecasts", "quiz", "rank"]
_CHECKED: Final = 1e-6
"""How far weights may be from one together."""


class RubricError(Exception):
    """A rubric that cannot be used; ``message`` says why in one sentence of the locale (``class_page.rubric.*``)."""

    def __init__(self, id: str, **args: float | int | str) -> None:
        super().__init__(f"{id} {args}")
        self.message = Message(id, args)


class Criterion(Entry, frozen=True):
    """One thing that a teacher looks for in a part."""

    id: Id
    name: Text
    what: Text


class Part(Entry, frozen=True):
    """One part of a grade: ``weight`` is its share of the whole, ``way`` who fills it in."""

    id: Id
    weight: Weight
    way: Way
    name: Text
    what: Text
    criterion: list[Criterion] = msgspec.field(default_factory=list)


class Rubric(Entry, frozen=True):
    """All parts; see `read_rubric` for what is checked."""

    part: Annotated[list[Part], Meta(min_length=1, max_length=20)]
    points: Positive = 100.0
    """Points of a whole grade."""
    schema: Literal[1] = 1

    def worth(self, part: Part) -> float:
        """Most points of a part."""
        return part.weight * self.points


def read_rubric(content: Content, path: Path | None = None) -> Rubric:
    """The rubric in a file, the shipped one (or that of own content) by default. Raises `RubricError`."""
    if path is None:
        places = [content.overlay / FILE] if content.overlay is not None else []
        path = next((p for p in places if p.is_file()), content.directory / FILE)
    name = path.name
    try:
        if path.stat().st_size > MOST:
            raise RubricError("class_page.rubric.large", file=name)
    except (OSError, ValueError) as error:
        raise RubricError("class_page.rubric.unreadable", file=name) from error
    raw, problems = read_toml(path, name)
    if raw is None or problems:
        problem = problems[0]
        raise RubricError("class_page.rubric.wrong", file=name, place=problem.key or "TOML", why=problem.message)
    try:
        rubric: Rubric = convert(raw.data, Rubric)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        raise RubricError("class_page.rubric.wrong", file=name, place=where.strip("`$.") or "schema", why=what) from error
    return checked(rubric, name)


def checked(rubric: Rubric, name: str) -> Rubric:
    """The same rubric where it can be used. Raises `RubricError` where ids repeat, rank counts, or weights miss one."""
    ids = [p.id for p in rubric.part]
    for i in ids:
        if ids.count(i) > 1:
            raise RubricError("class_page.rubric.twice", file=name, part=i)
    for part in rubric.part:
        if (part.way == "rank" or "rank" in part.id.split("-") or "ranking" in part.id.split("-")) and part.weight != 0.0:
            raise RubricError("class_page.rubric.rank", file=name, part=part.id)
    if sum(p.way == "forecasts" for p in rubric.part) > 1 or sum(p.way == "quiz" for p in rubric.part) > 1:
        raise RubricError("class_page.rubric.ways", file=name)
    total = sum(p.weight for p in rubric.part)
    if abs(total - 1.0) > _CHECKED:
        raise RubricError("class_page.rubric.sum", file=name, total=round(total, 4))
    return rubric


# forecasts ------------------------------------------------------------------------------------------------------------


class Calibration(msgspec.Struct, frozen=True):
    """How a pupil's forecasts did: ``mark`` (0..1) is the part's share of its points, None where none was due."""

    mark: float | None
    due: int
    """Quarters in which a forecast could be given and checked."""
    given: int
    """Of those, quarters with at least one."""
    scored: int
    """Intervals scored."""
    held: int
    """Of those, intervals that held the outcome; four in five is the aim."""


def skill(score: float, naive: float) -> float:
    """Skill of an interval against the naive one, -1..1: (naive - score) ÷ (naive + score) of their interval scores.

    The interval score (Gneiting and Raftery 2007, eq. 43; lower is better) is width + 10 × what the outcome lies outside,
    for an 80 % interval; the naive interval is the last number known, give or take a stated share of it. The same form
    moves credibility in the game (`game.engine.finance.score_guidance`).

    >>> skill(10.0, 10.0), skill(10.0, 30.0), skill(0.0, 0.0)
    (0.0, 0.5, 0.0)
    """
    both = score + naive
    return 0.0 if both <= 0.0 else max(-1.0, min((naive - score) / both, 1.0))


def calibration(guidance: Iterable[Guidance], quarters: Sequence[int]) -> Calibration:
    """The mark of a pupil's forecasts over the quarters played (indices, in order).

    A quarter's mark is (1 + skill) ÷ 2, the mean where several numbers were forecast: the naive interval earns one half.
    A forecast is about the end of the next quarter, so one is due in every quarter but the last; a quarter without one
    earns nothing. The mark is the mean over the quarters due.
    """
    scored = [
        (one.quarter, one.score, one.naive, one.actual is not None and one.low <= one.actual <= one.high)
        for one in guidance if one.score is not None and one.naive is not None
    ]  # fmt: skip
    return mark_of(scored, list(quarters[:-1]))


def mark_of(scored: Iterable[tuple[int, float, float, bool]], due: Sequence[int]) -> Calibration:
    """The mark over the quarters ``due`` of intervals (quarter, score, naive score, whether it held)."""
    at: dict[int, list[float]] = {}
    held = count = 0
    for quarter, score, naive, inside in scored:
        if quarter not in due:
            continue
        at.setdefault(quarter, []).append((1.0 + skill(score, naive)) / 2.0)
        count += 1
        held += inside
    if not due:
        return Calibration(None, 0, 0, 0, 0)
    total = sum(sum(marks) / len(marks) for marks in at.values())
    return Calibration(total / len(due), len(due), len(at), count, held)
