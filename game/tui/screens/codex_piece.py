"""One paragraph of a page of the codex."""

from __future__ import annotations

from dataclasses import dataclass

Link = tuple[str, str]
"""(kind, id) of an entry."""


@dataclass(frozen=True, slots=True)
class Grid:
    """What the lines of one table share: the cells that each column would take, and how it is set (``l`` or ``r``)."""

    widths: tuple[int, ...]
    aligns: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One paragraph of a page: perhaps a label before it, perhaps a link that it opens.

    A line of a table has its ``cells`` and the ``grid`` of the table. Where the page is too narrow for columns, the
    first cell stands alone and ``text``, which names the other cells, under it; the line of heads has no text.
    """

    text: str
    role: str = "body"
    """``title``, ``value``, ``head``, ``body``, ``message``, ``item`` (of a list), ``dim``, ``bad``, ``equation``."""
    label: str = ""
    link: Link | None = None
    cells: tuple[str, ...] = ()
    grid: Grid | None = None
