"""A lesson sheet as a page of the codex: the same blocks as on paper, without lines to write on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from game.language import cell_width
from game.tui.screens.codex_piece import Piece

if TYPE_CHECKING:
    from game.content import Content
    from game.content.lessons import SheetEntry
    from game.language import Tongue
    from game.pages.lesson_blocks import Block

_SET_APART: Final = ("lead", "text", "ask", "aside", "sub")
"""Blocks with an empty line before them."""
SHORT: Final = 26
"""Cells up to which a cell of a table, with its head, goes in a line with others."""
_ROLES: Final = {"head": "head", "sub": "message", "item": "item", "check": "item", "code": "equation", "aside": "dim", "ask": "message"}


def lesson_page(content: Content, tongue: Tongue, entry: SheetEntry) -> Iterator[Piece]:
    """The page of a sheet."""
    from game.pages.lesson_sheets import sheet

    page = sheet(content, tongue, entry.id)
    yield Piece(page.name, "title")
    yield Piece(tongue.say(f"class.lessons.{page.audience}"), "dim")
    for block in page.blocks:
        if block.kind != "paper" and block.form != "lines":
            yield from _pieces(tongue, block)


def _pieces(tongue: Tongue, block: Block) -> Iterator[Piece]:
    if block.form in _SET_APART or block.form == "head":
        yield Piece("")
    if block.form == "facts":
        yield from (Piece(_bare(value), label=name) for name, value in block.rows)
    elif block.form == "table":
        yield from _rows(tongue, block)
    elif block.form == "key":
        yield Piece(_bare(block.text), label=block.label)
    else:
        gap = "　" if tongue.lang == "zh" else "  "
        label = f"{block.label}{gap}" if block.label else ""
        note = f"\n{_bare(block.note)}" if block.note and block.form != "curve" else ""
        yield Piece(label + _bare(block.text) + note, _ROLES.get(block.form, "body"), link=block.link)


def _rows(tongue: Tongue, block: Block) -> Iterator[Piece]:
    """A row a paragraph: its first cell as a label, then the others by the names of their columns; empty boxes are left out."""
    for row in block.rows:
        gap = "　" if tongue.lang == "zh" else ": "
        named = [f"{head}{gap}{' · '.join(cell.splitlines())}" for head, cell in zip(block.head[1:], row[1:], strict=True) if cell]
        short = " · ".join(text for text in named if cell_width(text) <= SHORT)
        lines = [*(text for text in named if cell_width(text) > SHORT), *([short] if short else [])]
        yield Piece("")
        yield Piece(_bare("\n".join(lines)) or " ", label=_bare(row[0]))


def _bare(text: str) -> str:
    return text.replace("`", "")
