"""A QR code in half blocks: two modules a cell, black on white whatever the theme, for a camera has no theme."""

from __future__ import annotations

from functools import lru_cache

from textual.strip import Strip

from game.tui.kit.draw import Part, ink, merge

_WHITE, _BLACK = "#ffffff", "#000000"


@lru_cache(maxsize=8)
def modules(text: str, border: int = 2) -> tuple[tuple[bool, ...], ...]:
    """The modules of a code, True is dark, with so many light ones around; nothing where a text is too long for one."""
    import segno  # not before one is wanted

    try:
        code = segno.make(text, micro=False, error="l")
    except segno.DataOverflowError:
        return ()
    return tuple(tuple(bool(dark) for dark in line) for line in code.matrix_iter(border=border))


def qr_size(text: str, scale: int = 1, border: int = 2) -> tuple[int, int]:
    """Columns and rows of cells that a code takes; zeros where there is none."""
    side = len(modules(text, border)) * scale
    return side, (side + 1) // 2


def qr_strips(text: str, width: int, height: int, border: int = 2) -> list[Strip]:
    """The code as large as whole modules allow, each strip as wide as the code; nothing where it has no room.

    Light modules are the drawn ones: where a terminal takes the colours away, blocks are still light on dark.
    """
    grid = modules(text, border)
    scale = min(width // len(grid), 2 * height // len(grid)) if grid else 0
    if scale and -(-len(grid) * scale // 2) > height:
        scale -= 1
    if not scale:
        return []
    tall = [tuple(dark for dark in line for _ in range(scale)) for line in grid for _ in range(scale)]
    if len(tall) % 2:
        tall.append((True,) * len(tall[0]))
    style = ink(_WHITE, _BLACK)
    out = []
    for top, low in zip(tall[::2], tall[1::2], strict=True):
        parts: list[Part] = [("█▄▀ "[a + 2 * b], style) for a, b in zip(top, low, strict=True)]
        out.append(Strip(merge(parts), len(top)))
    return out
