"""The pieces that a sheet is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Form = Literal[
    "lead", "head", "sub", "text", "item", "check", "code", "facts", "table", "lines", "aside", "ask", "key", "curve",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """One piece. All texts are plain; in cells of a table lines end at a line feed and commands stand in backticks.

    ``form``: a lead, a heading, a lesser one, a paragraph, an item of a list, one with a box to tick, a command, pairs of
    name and value, a table, blank lines to write on (``count``), a remark set apart, a question, its answer, a drawing
    (``svg``). ``kind`` says what it is about, for those who paint.
    """

    form: Form
    text: str = ""
    label: str = ""
    note: str = ""
    kind: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    count: int = 0
    svg: str = ""
    link: tuple[str, str] | None = None
    """(kind, id) of an entry of the codex that it is about."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> Block:
    """A table; every row has as many cells as ``head``."""
    return Block("table", head=tuple(head), rows=tuple(tuple(row) for row in rows), kind=kind)
