"""How many colours the terminal has, and how the game looks with fewer than all of them.

Rich turns a colour into the nearest one that the terminal has. For our inks that is not good enough: of 256 colours
ground and panel fall together, of 16 the bands of a fan do. So palettes for these are chosen by hand, of colours that
the terminal has exactly. Where ``NO_COLOR`` asks for none, bold, reverse and shaded characters carry what colour did.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import Final, Literal

from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from game.tui.kit.theme import PALETTES, Glyphs, Palette, contrast, glyphs

Depth = Literal["none", "16", "256", "full"]


def no_color(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether colours are unwanted: ``NO_COLOR`` is there and not empty (no-color.org)."""
    return bool(environ.get("NO_COLOR"))


def depth_of(color_system: str | None, environ: Mapping[str, str] = os.environ) -> Depth:
    """How many colours to draw with, by what Rich found of the terminal (`rich.console.Console.color_system`)."""
    if no_color(environ) or color_system is None:
        return "none"
    return "full" if color_system == "truecolor" else "256" if color_system == "256" else "16"


def old_console(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal's own font lacks blocks and dots, as that of the Linux console."""
    return environ.get("TERM", "") in ("linux", "vt100", "vt220", "dumb")


def glyphs_for(plain: bool, depth: Depth) -> Glyphs:
    """The drawing characters: ASCII if ``plain``; bands in shaded characters where there are few colours."""
    return replace(glyphs(plain), shades=True) if depth in ("none", "16") else glyphs(plain)


_NIGHT_256: Final = {
    "ground": "#080808", "bar": "#000000", "panel": "#1c1c1c", "panel_alt": "#262626", "line": "#444444",
    "text": "#dadada", "dim": "#a8a8a8", "faint": "#767676", "sea_dark": "#005f87", "sea_mid": "#5f87af",
    "selection": "#303030",
}  # fmt: skip


@lru_cache(maxsize=1)
def _fixed() -> tuple[str, ...]:
    """Those of the 240 fixed colours that Rich leaves as they are, or moves by one grey: its greys are rounded unevenly."""
    steps = (0, 95, 135, 175, 215, 255)
    every = [*product(steps, repeat=3), *((v, v, v) for v in range(8, 239, 10))]
    out = []
    for one in every:
        name = "#{:02x}{:02x}{:02x}".format(*one)
        shown = RichColor.parse(name).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
        if all(abs(a - b) <= 10 for a, b in zip(one, shown, strict=True)):
            out.append(name)
    return tuple(out)


@lru_cache(maxsize=256)
def _exact(colour: str) -> str:
    """The nearest of the fixed colours."""
    want = _parts(colour)
    return min(_fixed(), key=lambda one: sum((a - b) ** 2 for a, b in zip(_parts(one), want, strict=True)))


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _of_256(p: Palette) -> Palette:
    """A palette of the 240 colours that are the same in every terminal of 256."""
    chosen: dict[str, str] = {}
    if p.name in ("ink-night", "ink-okabe"):
        bright = {"gold": "#ffd75f", "cinnabar": "#ff875f", "jade": "#5fd7af", "sea": "#5fafff"}
        vivid = {"gold": "#ffaf00", "cinnabar": "#d75f5f", "jade": "#5fd7af", "sea": "#5fafff"}
        chosen = _NIGHT_256 | (bright if p.name == "ink-night" else vivid)
    elif p.name == "ink-day":
        chosen = {"ground": "#e4e4e4", "bar": "#dadada", "panel": "#eeeeee", "panel_alt": "#dadada", "line": "#bcbcbc",
                  "dim": "#4e4e4e", "selection": "#ffd787", "gold": "#875f00", "cinnabar": "#af0000", "jade": "#005f5f",
                  "sea": "#005faf", "sea_dark": "#afd7ff", "sea_mid": "#87afd7"}  # fmt: skip
    elif p.name == "ink-contrast":
        chosen = {"sea_dark": "#005f87", "sea_mid": "#5f87d7", "selection": "#3a3a3a"}
    return _replaced(p, chosen, _exact)


_DARK_16: Final = {
    "ground": "#000000", "bar": "#000000", "panel": "#000000", "panel_alt": "#000000", "line": "#555555",
    "text": "#ffffff", "dim": "#aaaaaa", "faint": "#aaaaaa", "gold": "#ffff55", "cinnabar": "#ff5555",
    "jade": "#55ff55", "sea": "#55ffff", "sea_dark": "#555555", "sea_mid": "#aaaaaa", "selection": "#0000aa",
}  # fmt: skip
# The third of the sixteen is brown by the book and a bright yellow in most terminals: nothing is written in it on white.
_LIGHT_16: Final = {
    "ground": "#ffffff", "bar": "#ffffff", "panel": "#ffffff", "panel_alt": "#ffffff", "line": "#aaaaaa",
    "text": "#000000", "dim": "#555555", "faint": "#555555", "gold": "#aa00aa", "cinnabar": "#aa0000",
    "jade": "#0000aa", "sea": "#5555ff", "sea_dark": "#aaaaaa", "sea_mid": "#5555ff", "selection": "#ffff55",
}  # fmt: skip
_SERIES_16: Final = {
    True: ("#ffff55", "#55ffff", "#ff5555", "#55ff55", "#ff55ff", "#ffffff", "#aaaaaa"),
    False: ("#aa00aa", "#5555ff", "#aa0000", "#0000aa", "#00aaaa", "#000000", "#555555"),
}


def _of_16(p: Palette) -> Palette:
    """A palette of the sixteen colours; bands are then drawn by shaded characters in two greys."""
    chosen = {**(_DARK_16 if p.dark else _LIGHT_16)}
    if p.name == "ink-okabe":  # red against green is what these eyes cannot tell: cyan stands for gain
        chosen |= {"jade": "#55ffff", "sea": "#aaaaaa"}
    if p.name == "ink-contrast":
        chosen |= {"dim": "#ffffff", "line": "#aaaaaa"}
    return replace(_replaced(p, chosen, None), series=_SERIES_16[p.dark])  # type: ignore[arg-type]


def _replaced(p: Palette, chosen: Mapping[str, str], nearest: object) -> Palette:
    changes: dict[str, object] = dict(chosen)
    if callable(nearest):
        for name in Palette.__dataclass_fields__:
            value = changes.get(name, getattr(p, name))
            if name == "series":
                changes[name] = tuple(nearest(colour) for colour in value)
            elif isinstance(value, str) and value.startswith("#"):
                changes[name] = nearest(value)
    return replace(p, **changes)  # type: ignore[arg-type]


@lru_cache(maxsize=4)
def palettes_for(depth: Depth) -> Mapping[str, Palette]:
    """The four palettes in the colours that there are, by the names of their themes."""
    if depth == "256":
        return {name: _of_256(p) for name, p in PALETTES.items()}
    if depth == "16":
        return {name: _of_16(p) for name, p in PALETTES.items()}
    return PALETTES


GROUNDS: Final = frozenset(getattr(p, name) for p in PALETTES.values() for name in ("ground", "bar", "panel", "panel_alt"))
"""Backgrounds that are only there to be written on."""


@lru_cache(maxsize=4096)
def uncoloured(style: Style) -> Style:
    """A style without its colours: what stood on a colour of its own (the chosen row, a cursor, half a bar) is reversed."""
    behind = style.bgcolor
    lit = False
    if behind is not None and behind.triplet is not None:
        name = behind.triplet.hex
        lit = name not in GROUNDS and min(contrast(name, ground) for ground in ("#0d1117", "#f7f3e9")) > 1.2
    return Style(
        bold=style.bold, italic=style.italic, underline=style.underline, strike=style.strike, link=style.link,
        reverse=(lit != bool(style.reverse)) or None, meta=style.meta or None,
    )  # fmt: skip


class NoColour(LineFilter):
    """Takes colours away before they reach the terminal.

    Textual's own filter for ``NO_COLOR`` turns them into greys, which are colours too, and on few of them text and
    ground fall together.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same characters in the terminal's own two colours."""
        return [Segment(text, uncoloured(style) if style else style, control) for text, style, control in segments]
