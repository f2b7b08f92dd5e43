"""Pieces of a codex page laid out as lines of a width: labels, links, tables in columns or, where narrow, as records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from game.tui.kit.text import cell_width, fit, wrap
from game.tui.screens.codex_piece import Grid, Piece

GAP: Final = 2
LEAST: Final = 24
"""Cells that a column of sentences must have to be read in lines."""
HANG: Final = 4
BULLET: Final = "· "


@dataclass(frozen=True, slots=True)
class Line:
    """One line: (text, role) parts, and the place of its link among the page's links, -1 for none."""

    parts: tuple[tuple[str, str], ...]
    link: int = -1


def columns(grid: Grid, room: int) -> tuple[int, ...] | None:
    """Widths of a table's columns in so many cells, the last one broken into lines if need be; None where it is too narrow.

    >>> columns(Grid((4, 40), "ll"), 40), columns(Grid((30, 40), "ll"), 40)
    ((4, 34), None)
    """
    *firsts, last = grid.widths
    rest = room - sum(firsts) - GAP * len(firsts)
    if rest >= min(last, LEAST):
        return (*firsts, min(last, rest))
    return None


def lay(pieces: Sequence[Piece], room: int, arrow: str, bar: str = "| ") -> list[Line]:
    """All lines of a page of ``room`` cells; ``arrow`` stands before what leads on, ``bar`` before an equation's lines."""
    labels = [cell_width(piece.label) for piece in pieces if piece.label and piece.grid is None]
    column = min(max(labels, default=0), max(8, room // 3)) + 2
    lines: list[Line] = []
    link = -1
    for piece in pieces:
        if piece.link is not None:
            link += 1
        here = link if piece.link is not None else -1
        lead = arrow if piece.link is not None else BULLET if piece.role == "item" else ""
        if piece.grid is not None:
            block = [Line(parts, here if parts else -1) for parts in _table_line(piece, room, lead)]
        elif piece.role == "equation":
            block = [Line(((bar, "arrow"), *parts)) for parts in _paragraph(piece, room - cell_width(bar), "", column)]
        else:
            block = [Line(parts, here) for parts in _paragraph(piece, room, lead, column)]
        lines += block[1:] if lines and block and _blank(lines[-1]) and _blank(block[0]) else block
    return lines


def _blank(line: Line) -> bool:
    return line.link < 0 and not "".join(text for text, _ in line.parts).strip()


def _lead(lead: str, first: bool) -> list[tuple[str, str]]:
    return [(lead if first else " " * cell_width(lead), "arrow")] if lead else []


def _paragraph(piece: Piece, room: int, lead: str, column: int) -> list[tuple[tuple[str, str], ...]]:
    indent = column if piece.label else 0
    width = max(8, room - indent - cell_width(lead))
    text, hang = piece.text, 0
    if piece.role == "equation" and cell_width(text) > width:
        text, hang = re.sub(r" {2,}", "  ", text), HANG  # signs set in columns only cost room once lines break
    texts = wrap(text, width, hang=hang)
    names = wrap(piece.label, column - 2) if piece.label else []
    out = []
    for i in range(max(len(texts), len(names))):
        parts: list[tuple[str, str]] = []
        if piece.label:
            parts.append((fit(names[i].strip() if i < len(names) else "", indent), "label"))
        parts += _lead(lead, i == 0)
        parts.append((texts[i] if i < len(texts) else "", piece.role))
        out.append(tuple(parts))
    return out


def _table_line(piece: Piece, room: int, lead: str) -> list[tuple[tuple[str, str], ...]]:
    assert piece.grid is not None
    widths = columns(piece.grid, room - GAP)
    first = "body" if piece.link is not None else piece.role if piece.role == "dim" else "head"
    if widths is None:
        if not piece.text:
            return []
        names = [(*_lead(lead, i == 0), (text, first)) for i, text in enumerate(wrap(piece.cells[0], room - GAP))]
        texts = [((" " * GAP, "cell"), (text, "cell")) for text in wrap(piece.text, room - GAP)]
        return [*names, *texts, ()]  # the empty line after it is nobody's
    cells = [wrap(cell, width) for cell, width in zip(piece.cells, widths)]
    out = []
    for i in range(max(len(cell) for cell in cells)):
        parts: list[tuple[str, str]] = _lead(lead, i == 0) if lead else [(" " * GAP, "cell")]
        for k, (cell, width) in enumerate(zip(cells, widths)):
            text = fit(cell[i] if i < len(cell) else "", width, "right" if piece.grid.aligns[k] == "r" else "left")
            role = first if k == 0 else piece.role if piece.role == "dim" else "cell"
            parts += [(" " * GAP, "cell"), (text, role)] if k else [(text, role)]
        out.append(tuple(parts))
    return out
