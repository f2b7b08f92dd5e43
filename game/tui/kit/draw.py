"""Styles and strips: how a row on the screen is put together.

A *part* is a pair (text, style).  A *strip* is Textual's immutable row of segments.  Everything
below returns strips of exactly the width asked for, so rows can be laid side by side blindly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from game.tui.kit.text import Align, cut

Part = tuple[str, Style]


@lru_cache(maxsize=4096)
def ink(
    fg: str | None = None,
    bg: str | None = None,
    *,
    bold: bool = False,
    underline: bool = False,
    reverse: bool = False,
) -> Style:
    """A style by colours; kept, because making one costs more than drawing with it."""
    return Style(
        color=fg, bgcolor=bg, bold=bold or None, underline=underline or None,
        reverse=reverse or None,
    )  # fmt: skip


def merge(parts: Iterable[Part]) -> list[Segment]:
    """Segments with neighbours of one style joined: fewer escape codes on the wire."""
    out: list[Segment] = []
    text, style = "", None
    for piece, next_style in parts:
        if not piece:
            continue
        if next_style is style or next_style == style:
            text += piece
            continue
        if text:
            out.append(Segment(text, style))
        text, style = piece, next_style
    if text:
        out.append(Segment(text, style))
    return out


def row(
    parts: Iterable[Part], width: int, base: Style, *, align: Align = "left", ellipsis: str = "…"
) -> Strip:
    """A strip of exactly `width` cells; `base` (its background above all) lies under each part."""
    room = max(0, width)
    kept: list[Part] = []
    for text, style in parts:
        if not text.isprintable():
            text = "".join(c if c.isprintable() else " " for c in text)
        size = cell_len(text)
        if size > room:
            text = cut(text, room, ellipsis)
            kept.append((text, base + style))
            room -= cell_len(text)
            break
        kept.append((text, base + style))
        room -= size
    if align == "right":
        kept.insert(0, (" " * room, base))
    elif align == "center":
        kept.insert(0, (" " * (room // 2), base))
        kept.append((" " * (room - room // 2), base))
    else:
        kept.append((" " * room, base))
    return Strip(merge(kept), max(0, width))


def blank(width: int, base: Style) -> Strip:
    """An empty row."""
    return Strip([Segment(" " * max(0, width), base)] if width > 0 else [], max(0, width))


def split_row(left: Iterable[Part], right: Iterable[Part], width: int, base: Style) -> Strip:
    """A row with parts at both ends; where room is short the left one is cut first."""
    tail = list(right)
    size = min(width, sum(cell_len(text) for text, _ in tail))
    room = width - size
    # One cell between the two, unless there is nothing on the right.
    head = row(left, max(0, room - (1 if size else 0)), base)
    gap = blank(room - head.cell_length, base)
    return Strip.join([head, gap, row(tail, size, base)])


def beside(
    blocks: Sequence[Sequence[Strip]], widths: Sequence[int], base: Style, gap: int = 0
) -> list[Strip]:
    """Blocks of rows side by side; shorter ones are filled with empty rows."""
    height = max((len(block) for block in blocks), default=0)
    space = blank(gap, base)
    rows = []
    for y in range(height):
        cells: list[Strip] = []
        for i, (block, width) in enumerate(zip(blocks, widths)):
            if i and gap:
                cells.append(space)
            piece = block[y] if y < len(block) else blank(width, base)
            cells.append(piece.adjust_cell_length(width, base))
        rows.append(Strip.join(cells))
    return rows


def fill(rows: Sequence[Strip], width: int, height: int, base: Style) -> list[Strip]:
    """Exactly `height` rows of exactly `width` cells: cut, or padded below and to the right."""
    out = [strip.adjust_cell_length(width, base) for strip in rows[:height]]
    out.extend(blank(width, base) for _ in range(height - len(out)))
    return out
