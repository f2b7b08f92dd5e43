"""Where a line of mixed Chinese and English may be broken.

Rich and Textual take a run of Chinese for one word.  Here a break is allowed at spaces and beside
every wide character, except where Chinese typesetting forbids it (a closing mark at a line's start,
an opening mark at its end) and inside a number with its unit (``¥1.28亿``, ``14.8%``, ``5 季``).
"""

from __future__ import annotations

import re
from functools import lru_cache

from rich.cells import get_character_cell_size

NO_START = frozenset("，。、；：！？）》」』”’…%‰℃°·】〉〕］｝〗～々ー—,.;:!?)]}")
"""Characters that may not begin a line."""

NO_END = frozenset("（《「『“‘¥￥【〈〔［｛〖$£€([{")
"""Characters that may not end a line."""

SPACES = frozenset(" \t\n\r\f\v\u3000")
# A no-break space is left out on purpose: a writer who types one means it.

# A number is kept with its sign, its range partner and its unit.  The wide units are those the game
# prints; a longer Chinese word after a number ("3 家公司") may still break after the first of them.
_GLUED = re.compile(
    r"""
    [¥￥$€£≈~+\-−±<>≤≥×第]{0,3} \s?
    \d[\d,.:]* (?: [–~\-/×]\d[\d,.]* )*
    (?: \s? (?: [万亿兆千百]*元 | [万亿兆千百]+ | [倍年月日季度家个名次点分位张份轮项天人幕届期周行条枚台块届代步局手]
            | %|‰|℃|° | (?:ms|pp|bn|kW|MW|GW|kWh|[KMBGTP]B?|[KMGT]?tok|x|s|h)(?![A-Za-z]) ) )?
    """,
    re.VERBOSE,
)


def char_width(char: str) -> int:
    """The cells that one character takes: 0, 1 or 2."""
    return get_character_cell_size(char)


def _glued(text: str) -> set[int]:
    """Positions inside a number with its unit, where no break may fall."""
    positions: set[int] = set()
    for match in _GLUED.finditer(text):
        start, end = match.span()
        while start < end and text[start] in SPACES:
            start += 1
        positions.update(range(start + 1, end))
    return positions


@lru_cache(maxsize=2048)
def atoms(text: str) -> tuple[tuple[int, int, int], ...]:
    """Cut `text` into pieces that no line break may divide: (start, end of ink, end with spaces).

    >>> ["词元价 ¥6.0。"[a:b] for a, b, _ in atoms("词元价 ¥6.0。")]
    ['词', '元', '价', '¥6.0。']
    """
    size = len(text)
    if not size:
        return ()
    glued = _glued(text) if any(c.isdigit() for c in text) else set()
    cuts: list[int] = []
    ink = ""  # the last character that is not a space
    for i, char in enumerate(text):
        if char in SPACES:
            continue
        if ink and char not in NO_START and ink not in NO_END and i not in glued:
            before = text[i - 1]
            if before in SPACES:
                cuts.append(i)
            else:
                width = char_width(char)
                # A zero-width mark belongs to the character before it.
                if width and (width == 2 or char_width(before) == 2):
                    cuts.append(i)
        ink = char
    result = []
    for start, end in zip([0, *cuts], [*cuts, size]):
        stop = end
        while stop > start and text[stop - 1] in SPACES:
            stop -= 1
        result.append((start, stop, end))
    return tuple(result)


def _measure(text: str) -> int:
    return sum(map(char_width, text)) if not text.isascii() else len(text)


def _fold(text: str, start: int, end: int, first: int, width: int) -> list[int]:
    """Cut an atom that no line can hold; respect the forbidden marks where that is possible."""
    cuts: list[int] = []
    limit = first
    while True:
        used, stop = 0, start
        while stop < end and used + char_width(text[stop]) <= limit:
            used += char_width(text[stop])
            stop += 1
        if stop >= end:
            return cuts
        stop = max(stop, start + 1)  # a wide character in a one-cell line: let it stick out
        best = stop
        while best > start and (
            text[best] in NO_START or text[best - 1] in NO_END or not char_width(text[best])
        ):
            best -= 1
        if best == start:  # nothing but marks: any cut will do that keeps a mark with its letter
            best = stop
            while best < end and not char_width(text[best]):
                best += 1
            if best >= end:
                return cuts
        cuts.append(best)
        start, limit = best, width


def divide(
    text: str, width: int, *, fold: bool = True, hang: int = 0, keep_spaces: bool = False
) -> list[int]:
    """The positions at which to cut `text` so that each piece fits `width` cells.

    Spaces at a line's end hang over the edge unless `keep_spaces` (an editor must show them).
    `hang` cells are kept free at the start of every line but the first.  With `fold` off, a piece
    too long for a line is left whole.  Text is taken as one paragraph: newlines are plain spaces.
    """
    first, rest = max(1, width), max(1, width - hang)
    cuts: list[int] = []
    used, limit = 0, first
    for start, stop, end in atoms(text):
        if keep_spaces:
            stop = end
        ink = _measure(text[start:stop])
        if used and used + ink > limit:
            cuts.append(start)
            used, limit = 0, rest
        if ink > limit and fold:
            inner = _fold(text, start, stop, limit, rest)
            if inner:
                cuts.extend(inner)
                start, limit = inner[-1], rest
        used += _measure(text[start:end])
    return cuts
