"""Text measured in terminal cells: fit, wrap and lay out in columns.

A Chinese character takes two cells.  Nothing here counts characters, and nothing splits one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.cells import cell_len

from game.tui.kit.linebreak import NO_END, NO_START, SPACES, char_width, divide
from game.tui.kit.patches import correct_svg, patch_rich_wrapping

__all__ = [
    "NO_END", "NO_START", "Align", "cell_width", "columns", "correct_svg", "cut", "fit", "pack_columns",
    "patch_rich_wrapping", "wrap",
]  # fmt: skip

Align = Literal["left", "right", "center"]


def cell_width(text: str) -> int:
    """The cells that `text` takes on one line."""
    return cell_len(text)


def _one_line(text: str) -> str:
    # A stray newline or tab inside a row would move everything after it.
    return text if text.isprintable() else "".join(c if c not in SPACES else " " for c in text)


def cut(text: str, width: int, ellipsis: str = "…") -> str:
    """At most `width` cells of `text`, ending in `ellipsis` if anything was lost."""
    if cell_len(text) <= width:
        return text
    room = width - cell_len(ellipsis)
    if room < 0:
        ellipsis, room = "", max(0, width)
    used = 0
    for stop, char in enumerate(text):
        used += char_width(char)
        if used > room:
            return text[:stop].rstrip() + ellipsis if ellipsis else text[:stop]
    return text


def fit(text: str, width: int, align: Align = "left", ellipsis: str = "…") -> str:
    """`text` cut or padded to exactly `width` cells.

    >>> fit("百模大战", 7)
    '百模大…'
    >>> fit("百模大战", 6)
    '百模… '
    """
    if width <= 0:
        return ""
    text = cut(_one_line(text), width, ellipsis)
    spare = width - cell_len(text)
    if align == "right":
        return " " * spare + text
    if align == "center":
        return " " * (spare // 2) + text + " " * (spare - spare // 2)
    return text + " " * spare


def wrap(text: str, width: int, *, hang: int = 0) -> list[str]:
    """`text` as lines of at most `width` cells; newlines stay, an empty line stays empty.

    Every line but a paragraph's first is indented by `hang`.  Less than two cells cannot hold
    Chinese: such a width is taken as two.
    """
    width = max(2, width)
    hang = hang if width - hang >= 2 else 0
    lines: list[str] = []
    for paragraph in text.expandtabs(4).split("\n"):
        cuts = divide(paragraph, width, hang=hang)
        for i, (start, stop) in enumerate(zip([0, *cuts], [*cuts, None])):
            lines.append(" " * (hang if i else 0) + paragraph[start:stop].rstrip())
    return lines


def columns(cells: Sequence[str], widths: Sequence[int], aligns: str = "", gap: int = 1) -> str:
    """One table row: each cell fitted to its width; `aligns` holds one of ``l r c`` a cell.

    >>> columns(["云山", "31.0"], [6, 6], "lr")
    '云山     31.0'
    """
    names: dict[str, Align] = {"l": "left", "r": "right", "c": "center"}
    aligns = aligns.ljust(len(widths), "l")
    return (" " * gap).join(
        fit(cell, width, names[align]) for cell, width, align in zip(cells, widths, aligns)
    )


def pack_columns(items: Sequence[str], width: int, gap: int = 2) -> list[str]:
    """Lay short items out in as many equal columns as `width` holds, row by row.

    Every row is exactly `width` cells; an item wider than the whole row is cut.
    """
    if not items:
        return []
    widest = min(width, max(cell_len(item) for item in items))
    count = max(1, min(len(items), (width + gap) // max(1, widest + gap)))
    size = min(width, widest)
    rows = []
    for start in range(0, len(items), count):
        row = (" " * gap).join(fit(item, size) for item in items[start : start + count])
        rows.append(fit(row, width))
    return rows
