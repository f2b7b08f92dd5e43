"""A section of the model's documentation as a page of the codex: its text, its equations, and its tables line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from game.language import cell_width
from game.tui.screens.codex_piece import Grid, Piece

if TYPE_CHECKING:
    from game.content import Content
    from game.content.model_text import Chapter
    from game.language import Tongue
    from game.pages.tables import Row, Table

SHORT: Final = 24
"""Cells up to which a value of a table goes in a row with others."""
_NUMBER: Final = re.compile(r"[-−]?[\d.,]+(?:e[-+]?\d+)?%?|–|")


def model_page(content: Content, tongue: Tongue, chapter: Chapter) -> Iterator[Piece]:
    """The page of a section; where text and content do not fit, a sentence that says so."""
    from game.content.model_text import OddError, sections
    from game.pages.odd import blocks

    yield Piece(tongue.pick(chapter.name), "title")
    try:
        for block in blocks(content, tongue, sections(content, tongue.lang)[chapter.id]):
            if block.kind != "item":
                yield Piece("")
            if block.table is not None:
                yield from _table(tongue, block.table)
            elif block.kind == "equation":
                yield from (Piece("  " * line.startswith(" ") + line.strip(), "equation") for line in block.text.splitlines())
            else:
                yield Piece(_bare(block.text))
    except OddError as error:
        yield Piece(str(error), "bad")


def _table(tongue: Tongue, table: Table) -> Iterator[Piece]:
    if not table.rows:
        yield Piece(tongue.say("odd.empty"), "dim")
        return
    rows = [_cells(row) for row in table.rows]
    columns = list(zip(table.head, *rows))
    aligns = "".join("r" if all(_NUMBER.fullmatch(cell) for cell in column[1:]) else "l" for column in columns)
    grid = Grid(tuple(max(map(cell_width, column)) for column in columns), aligns)
    yield Piece("", "dim", cells=table.head, grid=grid)
    for row, cells in zip(table.rows, rows):
        yield Piece(_named(tongue, table.head[1:], cells[1:]), label=cells[0], link=row.link, cells=cells, grid=grid)


def _cells(row: Row) -> tuple[str, ...]:
    """Cells as they are read; where the line is an entry of its own, its id need not stand beside its name."""
    first = row.cells[0].partition("`")[0] if row.link is not None else row.cells[0]
    return tuple(_bare(cell) for cell in (first, *row.cells[1:]))


def _named(tongue: Tongue, heads: Iterable[str], cells: Iterable[str]) -> str:
    """The other cells by name: short ones in a row, long ones each in a line; what says nothing is left out."""
    named = [(f"{head}{'　' if tongue.lang == 'zh' else ': '}{cell}", cell_width(cell) > SHORT)
             for head, cell in zip(heads, cells) if cell.strip(" –")]  # fmt: skip
    short = " · ".join(text for text, long in named if not long)
    return "\n".join([*([short] if short else []), *(text for text, long in named if long)]) or "–"


def _bare(text: str) -> str:
    return text.replace("`", "").replace("*", "").strip()
