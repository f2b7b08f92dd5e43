"""Small things several panels draw alike: a change with its arrow, a label with its value."""

from __future__ import annotations

from game.tui.kit.draw import Part, ink
from game.tui.kit.theme import Glyphs, Palette


def arrow(change: float | None, p: Palette, glyphs: Glyphs, *, up_is_good: bool = True, still: float = 0.0) -> Part:
    """▲ in jade, ▼ in cinnabar, – where nothing moved: the shape says the direction, the colour whether it is welcome."""
    if change is None:
        return (" ", ink(p.faint))
    if abs(change) <= still:
        return (glyphs.flat, ink(p.dim))
    good = (change > 0) == up_is_good
    return (glyphs.up if change > 0 else glyphs.down, ink(p.jade if good else p.cinnabar))
