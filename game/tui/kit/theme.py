"""Palettes, Textual themes and glyphs: every colour and every drawing character of the game.

Four inks share one set of names: night (the default), day, contrast, and okabe, whose hues stay
apart for colour-blind eyes (after Okabe and Ito).  Tests hold every one to the WCAG ratios.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.theme import Theme


@dataclass(frozen=True, slots=True)
class Palette:
    """The named colours of one theme, as ``#rrggbb``."""

    name: str
    dark: bool
    ground: str  # the terminal behind everything
    bar: str  # title bar and key bar
    panel: str
    panel_alt: str  # a stripe or a well inside a panel
    line: str  # rules and grids
    text: str
    dim: str  # labels
    faint: str  # ornaments and hints: never the only carrier of a meaning
    gold: str  # what is yours, headings, keys
    cinnabar: str  # loss, danger
    jade: str  # gain, safety
    sea: str  # neutral quantity
    sea_dark: str  # the outer band of a fan
    sea_mid: str  # its inner band
    selection: str  # the background of the chosen row
    series: tuple[str, str, str, str, str, str, str]  # firms in a chart, yours first


NIGHT = Palette(
    name="ink-night", dark=True,
    ground="#0d1117", bar="#090c11", panel="#151b23", panel_alt="#1b232d", line="#2a3441",
    text="#dbe1e8", dim="#8f9cad", faint="#687588",
    gold="#e6b450", cinnabar="#ea6a4b", jade="#45bf93", sea="#5b9bd5",
    sea_dark="#213c55", sea_mid="#35668f", selection="#233243",
    series=("#e6b450", "#5b9bd5", "#ea6a4b", "#45bf93", "#b48ee0", "#d9889f", "#7fc6d6"),
)  # fmt: skip

DAY = Palette(
    name="ink-day", dark=False,
    ground="#e9e4d8", bar="#ddd6c6", panel="#f7f3e9", panel_alt="#eee8da", line="#cfc6b2",
    text="#23272e", dim="#535a63", faint="#827e73",
    gold="#8a5a00", cinnabar="#b5341a", jade="#14704f", sea="#225f9c",
    sea_dark="#bcd1e3", sea_mid="#86b0d3", selection="#e6d9b4",
    series=("#8a5a00", "#225f9c", "#b5341a", "#14704f", "#6b46a8", "#a33c66", "#0f6f80"),
)  # fmt: skip

CONTRAST = Palette(
    name="ink-contrast", dark=True,
    ground="#000000", bar="#000000", panel="#000000", panel_alt="#141414", line="#6b6b6b",
    text="#ffffff", dim="#d0d0d0", faint="#a0a0a0",
    gold="#ffd24a", cinnabar="#ff8a70", jade="#5ff0b4", sea="#7cc4ff",
    sea_dark="#1d4a72", sea_mid="#3f7fb5", selection="#3a3a00",
    series=("#ffd24a", "#7cc4ff", "#ff8a70", "#5ff0b4", "#f0f0f0", "#ffb0cc", "#9ff0ff"),
)  # fmt: skip

# Okabe-Ito: orange, sky blue, vermillion, bluish green, reddish purple, yellow, the darker ones lifted
# a little so that they can be read as text on ink; their blue cannot be lifted without meeting the sky
# blue, so their black stands in its place, white on ink.
OKABE = Palette(
    name="ink-okabe", dark=True,
    ground="#0d1117", bar="#090c11", panel="#151b23", panel_alt="#1b232d", line="#2a3441",
    text="#dbe1e8", dim="#8f9cad", faint="#687588",
    gold="#e69f00", cinnabar="#dd6a2f", jade="#1fb58c", sea="#56b4e9",
    sea_dark="#173f5a", sea_mid="#2a709c", selection="#233243",
    series=("#e69f00", "#56b4e9", "#dd6a2f", "#1fb58c", "#e8edf2", "#d58ab5", "#f0e442"),
)  # fmt: skip

PALETTES = {p.name: p for p in (NIGHT, DAY, CONTRAST, OKABE)}
DEFAULT = NIGHT.name


def palette(name: str) -> Palette:
    """The palette of the theme `name`; any theme that is not ours gets the night one."""
    return PALETTES.get(name, NIGHT)


def theme(name: str) -> Theme:
    """The Textual theme made of a palette: ``app.register_theme(theme("ink-night"))``."""
    return theme_of(PALETTES[name])


def theme_of(p: Palette) -> Theme:
    """The Textual theme of any palette, under the palette's name."""
    from textual.theme import Theme  # not before it is wanted: palettes serve headless code too

    return Theme(
        name=p.name, dark=p.dark, primary=p.sea, secondary=p.sea_mid, accent=p.gold,
        warning=p.gold, error=p.cinnabar, success=p.jade, foreground=p.text,
        background=p.ground, surface=p.panel, panel=p.panel_alt, boost=p.selection,
        variables={
            "block-cursor-background": p.selection, "block-cursor-foreground": p.text,
            "block-cursor-text-style": "bold", "border": p.gold, "border-blurred": p.line,
            "input-cursor-background": p.gold, "input-cursor-foreground": p.ground,
            "input-selection-background": f"{p.sea} 40%",
            "scrollbar": p.line, "scrollbar-hover": p.faint, "scrollbar-active": p.dim,
            "scrollbar-background": p.panel, "scrollbar-background-hover": p.panel,
            "scrollbar-background-active": p.panel, "scrollbar-corner-color": p.panel,
        },
    )  # fmt: skip


def themes() -> tuple[Theme, ...]:
    """All our Textual themes, the default first."""
    return tuple(theme(name) for name in PALETTES)


def luminance(colour: str) -> float:
    """The relative luminance of ``#rrggbb`` after WCAG 2."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters charts are drawn with.

    Block, box and many other drawing characters are of "ambiguous" width: some old Chinese set-ups
    show them two cells wide and every row shifts.  The plain set is ASCII only.
    """

    plain: bool
    ellipsis: str
    full: str
    eighths: tuple[str, ...]  # left parts of a cell, one to seven eighths
    levels: tuple[str, ...]  # lower parts of a cell, one to seven eighths
    upper: str  # the upper half of a cell
    lower: str
    thin: str  # a thin and a heavy horizontal line
    heavy: str
    knob: str
    ghost: str  # where a slider stood before
    bar: str  # a vertical line
    grid: str  # a dashed horizontal line
    now: str  # the edge between past and future
    dot: str
    empty: str
    up: str
    down: str
    flat: str
    left: str
    right: str
    seam: str  # the last cell of a part in a stacked bar
    focus: str  # before the title of the panel that has the keyboard
    marks: tuple[str, str, str, str, str, str, str]
    shades: bool = False  # bands are shaded characters, not colours
    outer: str = "░"
    inner: str = "▒"


FANCY = Glyphs(
    plain=False, ellipsis="…", full="█", eighths=tuple("▏▎▍▌▋▊▉"), levels=tuple("▁▂▃▄▅▆▇"),
    upper="▀", lower="▄", thin="─", heavy="━", knob="●", ghost="┊", bar="│", grid="┈", now="┊",
    dot="·", empty="·", up="▲", down="▼", flat="–", left="◂", right="▸", seam="▉", focus="▌",
    marks=("●", "■", "▲", "◆", "○", "□", "△"),
)  # fmt: skip

PLAIN = Glyphs(
    plain=True, ellipsis="~", full="#", eighths=(), levels=(), upper="=", lower="=", thin="-",
    heavy="=", knob="O", ghost="|", bar="|", grid="-", now="|", dot=".", empty=".", up="^",
    down="v", flat="-", left="<", right=">", seam="#", focus=">",
    marks=("o", "x", "^", "+", "*", "%", "@"), shades=True, outer=".", inner=":",
)  # fmt: skip


def glyphs(plain: bool = False) -> Glyphs:
    """The set of glyphs; `plain` for terminals where ambiguous characters are wide."""
    return PLAIN if plain else FANCY
