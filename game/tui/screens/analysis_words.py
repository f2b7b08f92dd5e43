"""Numbers and names of the analysis as its screen writes them; sentences are those of `game.language.analysis`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from game.lab.analysis.model import Analysis, QuarterAnalysis
from game.language import clean_text
from game.language.analysis import mark, verdict_words
from game.tui.kit.theme import Glyphs, Palette

if TYPE_CHECKING:
    from game.language import Tongue

_UNITS = {
    "zh": ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"), (1.0, "")),
    "en": ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"), (1.0, "")),
}


def amounts(tongue: Tongue, values: Sequence[float], *, sign: bool = False) -> list[str]:
    """Amounts that belong together, in one unit with the same decimals: a mean lies between its ends as printed.

    The largest has three digits that count; ``sign`` writes a plus too.
    """
    top = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    unit, word = next(((u, w) for u, w in _UNITS[tongue.lang] if top >= 0.9995 * u), (1.0, ""))
    whole = top / unit
    digits = 0 if unit == 1.0 or whole >= 99.95 else 1 if whole >= 9.995 else 2
    out = []
    for value in values:
        number = round(value / unit, digits)
        if not math.isfinite(number):
            out.append("--")
        elif number == 0:
            out.append("¥0")
        else:
            before = "-" if number < 0 else "+" if sign else ""
            out.append(f"{before}¥{abs(number):,.{digits}f}{word}")
    return out


def name_of(analysis: Analysis, tongue: Tongue) -> str:
    """What a run is called: as its player named the firm, else by its background."""
    return clean_text(analysis.head.player, 24) or tongue.background(analysis.head.background)


def verdict_text(tongue: Tongue, quarter: QuarterAnalysis, *, over: bool) -> str:
    """Sign and word of a quarter: ``?? 败着``; what it waits for where there is none."""
    if quarter.analysed:
        return f"{mark(quarter):2} {verdict_words(tongue, quarter)}"
    say = tongue.say
    if quarter.note is not None:
        gone = quarter.note.id == "analysis.note.gone"
        return f"-- {say('screens.analysis.decisions.gone' if gone else 'screens.analysis.decisions.unjudged')}"
    return f"   {say('screens.analysis.decisions.unjudged' if over else 'screens.analysis.decisions.waiting')}"


def verdict_colour(verdict: str, p: Palette) -> str:
    """The colour beside the sign and the word, never instead of them."""
    return {"best": p.jade, "ok": p.text, "inaccuracy": p.gold, "mistake": p.cinnabar, "blunder": p.cinnabar}.get(
        verdict, p.dim
    )


def turn_sign(kind: str, p: Palette, g: Glyphs) -> tuple[str, str]:
    """Sign and colour of a turning point; the sentence beside it says what it is."""
    return {
        "blunder": ("??", p.cinnabar), "mistake": ("?", p.cinnabar), "masterstroke": ("!", p.jade),
        "windfall": (g.up, p.jade), "setback": (g.down, p.cinnabar), "card": (g.marks[3], p.sea),
        "lead-taken": ("#1", p.jade), "lead-lost": ("#-", p.cinnabar), "brink": (g.marks[6], p.cinnabar),
        "ending": (g.marks[1], p.gold),
    }.get(kind, (g.dot, p.dim))  # fmt: skip
