"""The two mends the kit makes to Rich and Textual, in one place and each with a test.

1. `patch_rich_wrapping`: Rich 15 and Textual 8.2 wrap a run of Chinese as one word and put commas
   at a line's start.  Both import `rich._wrap.divide_line` by name, so the name is replaced in
   each module that uses it; the text editor has a divider of its own.
2. `correct_svg`: an exported screenshot counts a text's length in characters instead of cells and
   squashes Chinese (Textualize/rich issue 2742).
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from typing import Any

from rich.cells import get_character_cell_size

from game.tui.kit.linebreak import divide

_LINE_DIVIDERS = ("rich._wrap", "rich.text", "textual.content")
_EDITOR = "textual.document._wrapped_document"

_originals: dict[tuple[str, str], Callable[..., list[int]]] = {}


def _divide_line(text: str, width: int, fold: bool = True) -> list[int]:
    """Stands in for `rich._wrap.divide_line`."""
    return divide(text, width, fold=fold)


def _compute_wrap_offsets(
    text: str, width: int, tab_size: int, fold: bool = True, precomputed_tab_sections: Any = None
) -> list[int]:
    """Stands in for `textual._wrap.compute_wrap_offsets`."""
    if "\t" in text:  # tab stops are the original's business; no Chinese text here has tabs
        original = _originals[_EDITOR, "compute_wrap_offsets"]
        return original(text, width, tab_size, fold, precomputed_tab_sections)
    return divide(text, width, fold=fold, keep_spaces=True)


def patch_rich_wrapping() -> tuple[str, ...]:
    """Give Rich's and Textual's own wrapping our rule; return the names replaced.

    Calling it again changes nothing.  A name that a later version no longer has is passed over
    rather than breaking the game; the test that counts the names returned will say so.
    """
    wanted: list[tuple[str, str, Callable[..., list[int]]]] = [
        *((module, "divide_line", _divide_line) for module in _LINE_DIVIDERS),
        (_EDITOR, "compute_wrap_offsets", _compute_wrap_offsets),
    ]
    done = []
    for name, attribute, ours in wanted:
        module = importlib.import_module(name)
        current = getattr(module, attribute, None)
        if current is None:
            continue
        if current is not ours:
            _originals[name, attribute] = current
            setattr(module, attribute, ours)
        done.append(f"{name}.{attribute}")
    return tuple(done)


def restore_rich_wrapping() -> None:
    """Undo `patch_rich_wrapping`, for the test that shows what it is good for."""
    for (name, attribute), original in _originals.items():
        setattr(importlib.import_module(name), attribute, original)
    _originals.clear()


# What Rich writes: <text class="…" x="…" y="…" textLength="…" clip-path="…">…</text>
_TEXT = re.compile(r'<text ([^>]*?)x="([\d.]+)"([^>]*?)textLength="([\d.]+)"([^>]*)>([^<]*)</text>')
_RICH_CELL = 20 * 0.61  # Rich's font size times its aspect ratio


def _cell_size(svg: str) -> float:
    """The width of one cell, read from the first run of plain Latin text."""
    import html

    for match in _TEXT.finditer(svg):
        content = html.unescape(match[6])
        if content and content.replace("\xa0", " ").isascii():
            return float(match[4]) / len(content)
    return _RICH_CELL


def correct_svg(svg: str) -> str:
    """Mend an exported screenshot so that every run starts and ends at its cells.

    A run that mixes wide and narrow characters is cut in pieces of one kind, each with its own
    place: stretching the whole would leave its middle off the grid.  Correcting twice is harmless.
    """
    import html

    cell = _cell_size(svg)

    def mend(match: re.Match[str]) -> str:
        before, x, between, _length, after, escaped = match.groups()
        content = html.unescape(escaped)
        runs: list[list[Any]] = []  # [text, cells, wide?]
        for char in content:
            width = get_character_cell_size(char)
            if runs and (not width or runs[-1][2] == (width == 2)):
                runs[-1][0] += char
                runs[-1][1] += width
            else:
                runs.append([char, width, width == 2])
        if not any(wide for _, _, wide in runs):
            return match[0]
        out, at = [], float(x)
        for text, cells, _wide in runs:
            body = html.escape(text).replace(" ", "&#160;").replace("\xa0", "&#160;")
            out.append(
                f'<text {before}x="{at:g}"{between}textLength="{cells * cell:g}"{after}>{body}</text>'
            )
            at += cells * cell
        return "".join(out)

    return _TEXT.sub(mend, svg)
