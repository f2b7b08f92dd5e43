"""A section of the model's documentation as a page of the codex: its text, its equations, and its tables line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from game.tui.screens.codex_piece import Piece

if TYPE_CHECKING:
    from game.content import Content
    from game.content.model_text import Chapter
    from game.language import Tongue
    from game.pages.tables import Row, Table


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
                yield from (Piece(line.strip(), "value") for line in block.text.splitlines())
            else:
                yield Piece(_bare(block.text))
    except OddError as error:
        yield Piece(str(error), "bad")


def _table(tongue: Tongue, table: Table) -> Iterator[Piece]:
    if not table.rows:
        yield Piece(tongue.say("odd.empty"), "dim")
        return
    yield Piece(" · ".join(table.head), "dim")
    yield from (_row(row) for row in table.rows)


def _row(row: Row) -> Piece:
    """A line of a table: the first cell before it; where the line is an entry of its own, its id stands there already."""
    first = row.cells[0].partition("`")[0] if row.link is not None else row.cells[0]
    return Piece(" · ".join(_bare(cell) for cell in row.cells[1:]), label=_bare(first), link=row.link)


def _bare(text: str) -> str:
    return text.replace("`", "").replace("*", "").strip()
