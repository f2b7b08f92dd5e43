"""Bars that fit in a row: magnitudes, shares, sparks, differences and the lever's slider.

`hbar` and `spark` return text; what needs more than one colour returns parts for `draw.row`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from game.tui.kit.draw import Part, ink
from game.tui.kit.theme import FANCY, Glyphs, Palette


def _share(value: float, top: float) -> float:
    """`value` as a part of `top`, within 0 and 1; nonsense counts as nothing."""
    if not (math.isfinite(value) and math.isfinite(top)) or top <= 0:
        return 0.0
    return min(max(value / top, 0.0), 1.0)


def hbar(value: float, top: float, width: int, glyphs: Glyphs = FANCY) -> str:
    """A bar of exactly `width` cells, filled to an eighth; the smallest positive value still shows.

    >>> hbar(1, 2, 4), hbar(0.3, 2, 4)
    ('██  ', '▋   ')
    """
    width = max(0, width)
    share = _share(value, top)
    if glyphs.plain:
        filled = max(round(share * width), 1 if share > 0 else 0)
        return (glyphs.full * filled)[:width].ljust(width)
    eighths = max(int(share * width * 8 + 0.5), 1 if share > 0 else 0)
    whole, rest = divmod(eighths, 8)
    return (glyphs.full * whole + (glyphs.eighths[rest - 1] if rest else "")).ljust(width)[:width]


def shares(parts: Sequence[float], width: int) -> list[int]:
    """Whole widths in the ratio of `parts` that add up to `width` (largest remainder)."""
    clean = [max(0.0, p) if math.isfinite(p) else 0.0 for p in parts]
    total = sum(clean)
    if not clean or total <= 0 or width <= 0:
        return [0] * len(clean)
    exact = [p / total * width for p in clean]
    out = [int(e) for e in exact]
    order = sorted(range(len(out)), key=lambda i: (-(exact[i] - out[i]), i))
    for i in order[: width - sum(out)]:
        out[i] += 1
    return out


def stacked_bar(
    parts: Sequence[tuple[float, str]],
    width: int,
    palette: Palette,
    *,
    bg: str | None = None,
    glyphs: Glyphs = FANCY,
) -> list[Part]:
    """Shares of a whole as (value, colour), filling exactly `width` cells.

    A thin seam parts neighbours, so that the cut is seen without colour; plain glyphs use letters.
    """
    ground = palette.panel if bg is None else bg
    sizes = shares([value for value, _ in parts], width)
    if not sum(sizes):
        return [(glyphs.empty * max(0, width), ink(palette.faint, ground))]
    out: list[Part] = []
    left = width
    for i, ((_, colour), size) in enumerate(zip(parts, sizes)):
        left -= size
        fill = glyphs.marks[i % len(glyphs.marks)] if glyphs.plain else glyphs.full
        if glyphs.shades and not glyphs.plain:
            fill = (glyphs.full, glyphs.inner, glyphs.outer, "▓")[i % 4]
        text = fill * size
        if size and left and not glyphs.plain:
            text = text[:-1] + glyphs.seam
        out.append((text, ink(colour, ground)))
    return out


def spark(
    values: Sequence[float], width: int, rows: int = 1, *,
    base: float | None = None, glyphs: Glyphs = FANCY,
) -> list[str]:  # fmt: skip
    """A sparkline of the last values, `rows` texts of exactly `width` cells, newest at the right.

    Bars stand on `base`, or on the smallest value, which still shows as the lowest step.
    """
    width = max(0, width)
    clean = [v if math.isfinite(v) else 0.0 for v in values][-width:] if width else []
    if not clean:
        return [" " * width for _ in range(rows)]
    each = min(max(1, width // len(clean)), 2)  # wider bars than two cells look like a histogram
    low = min(clean) if base is None else min(base, *clean)
    reach = max(clean) - low
    steps = [1 + round((v - low) / reach * (8 * rows - 1)) if reach > 0 else 4 for v in clean]
    out = []
    for y in reversed(range(rows)):
        text = ""
        for step in steps:
            part = min(max(step - 8 * y, 0), 8)
            if glyphs.plain:
                char = " .:-=+*%#"[part]
            else:
                char = glyphs.full if part == 8 else glyphs.levels[part - 1] if part else " "
            text += char * each
        out.append(text.rjust(width))
    return out


def diverging_bar(
    value: float,
    reach: float,
    width: int,
    palette: Palette,
    *,
    bg: str | None = None,
    glyphs: Glyphs = FANCY,
) -> list[Part]:
    """A bar that grows from the middle: gains to the right in jade, losses to the left in cinnabar.

    `reach` is the amount that fills one side; all bars of one table share it.  The side, not only
    the colour, says the sign.
    """
    ground = palette.panel if bg is None else bg
    base = ink(palette.line, ground)
    if width < 3:
        return [(" " * max(0, width), base)]
    side = (width - 1) // 2
    right = width - 1 - side
    if not math.isfinite(value):
        value = 0.0
    axis: Part = (glyphs.bar, base)
    if value >= 0:
        bar = hbar(value, reach, right, glyphs)
        return [(" " * side, base), axis, (bar, ink(palette.jade, ground))]
    return [*_leftward(-value, reach, side, palette.cinnabar, ground, glyphs), axis,
            (" " * right, base)]  # fmt: skip


def _leftward(
    value: float, top: float, width: int, colour: str, ground: str, glyphs: Glyphs
) -> list[Part]:
    """A bar from the right edge to the left: there are no right-hand eighths, so colours swap."""
    if glyphs.plain:
        return [(hbar(value, top, width, glyphs)[::-1], ink(colour, ground))]
    eighths = max(int(_share(value, top) * width * 8 + 0.5), 1 if value > 0 else 0)
    whole, rest = divmod(eighths, 8)
    out: list[Part] = [(" " * (width - whole - (1 if rest else 0)), ink(colour, ground))]
    if rest:
        out.append((glyphs.eighths[8 - rest - 1], ink(ground, colour)))
    out.append((glyphs.full * whole, ink(colour, ground)))
    return out


def slider_text(
    position: float, width: int, ghost: float | None = None, glyphs: Glyphs = FANCY
) -> str:
    """The lever's slider as text: ``━━━●──┊──``; `ghost` marks where it stood before."""
    return "".join(text for text, _ in _slider(position, width, ghost, glyphs))


def _slider(
    position: float, width: int, ghost: float | None, glyphs: Glyphs
) -> list[tuple[str, str]]:
    """Pieces of a slider with the role of each: done, knob, ghost, rest."""
    if width <= 0:
        return []
    knob = round(_share(position, 1.0) * (width - 1))
    was = None if ghost is None else round(_share(ghost, 1.0) * (width - 1))
    pieces: list[tuple[str, str]] = []
    for x in range(width):
        if x == knob:
            pieces.append((glyphs.knob, "knob"))
        elif x == was:
            pieces.append((glyphs.ghost, "ghost"))
        elif x < knob:
            pieces.append((glyphs.heavy, "done"))
        else:
            pieces.append((glyphs.thin, "rest"))
    return pieces


def slider(
    position: float, width: int, palette: Palette, *, ghost: float | None = None,
    active: bool = False, bg: str | None = None, glyphs: Glyphs = FANCY,
) -> list[Part]:  # fmt: skip
    """The slider as parts of exactly `width` cells; `active` is the row under the cursor."""
    ground = palette.panel if bg is None else bg
    colour = palette.gold if active else palette.sea
    styles = {
        "done": ink(colour, ground),
        "knob": ink(colour, ground, bold=True),
        "ghost": ink(palette.text, ground),
        "rest": ink(palette.faint, ground),
    }
    return [(text, styles[role]) for text, role in _slider(position, width, ghost, glyphs)]


def slider_value(x: int, width: int) -> float:
    """The position that a click on cell `x` of a slider means."""
    return min(max(x / max(1, width - 1), 0.0), 1.0)
