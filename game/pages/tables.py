"""A table as a document has it, and how it is written in Markdown. Cells are plain text; code stands in backticks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

Link = tuple[str, str]
"""(kind, id) of an entry of the codex."""

_SPECIAL: Final = re.compile(r"([\\*_|<>\[\]~])")
_CODE: Final = re.compile(r"(`[^`]*`)")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; ``link`` is the entry of the codex that it is about."""

    cells: tuple[str, ...]
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with as many cells a row as it has heads."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]

    def markdown(self) -> str:
        """The table in Markdown (GitHub's pipes); every character of a cell stands for itself."""
        lines = [_line(self.head), "|" + " --- |" * len(self.head)]
        return "\n".join([*lines, *(_line(row.cells) for row in self.rows)])


def escaped(text: str) -> str:
    """Text as Markdown shows it unchanged; what stands in backticks is code already.

    >>> escaped("a_b | `c_d`")
    'a\\\\_b \\\\| `c_d`'
    """
    parts = _CODE.split(" ".join(text.split()))
    return "".join(p if p.startswith("`") and len(p) > 1 else _SPECIAL.sub(r"\\\1", p) for p in parts)


def _line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(escaped(cell) or " " for cell in cells) + " |"
