"""Digits and capitals many cells high: a clock that the back row can read, a code that can be copied from a wall.

Two pixels stand above each other in a cell, so that a pixel is about as wide as it is high.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_DIGITS: Final = """
0 ### #.# #.# #.# ###
1 .#. ##. .#. .#. ###
2 ### ..# ### #.. ###
3 ### ..# ### ..# ###
4 #.# #.# ### ..# ..#
5 ### #.. ### ..# ###
6 ### #.. ### #.# ###
7 ### ..# ..# ..# ..#
8 ### #.# ### #.# ###
9 ### #.# ### ..# ###
: . # . # .
/ ..# ..# .#. #.. #..
- ... ... ### ... ...
. . . . . #
"""
_CAPITALS: Final = """
0 .###. #...# #..## #.#.# ##..# #...# .###.
1 ..#.. .##.. ..#.. ..#.. ..#.. ..#.. .###.
2 .###. #...# ....# ...#. ..#.. .#... #####
3 .###. #...# ....# ..##. ....# #...# .###.
4 ...#. ..##. .#.#. #..#. ##### ...#. ...#.
5 ##### #.... ####. ....# ....# #...# .###.
6 ..##. .#... #.... ####. #...# #...# .###.
7 ##### ....# ...#. ..#.. .#... .#... .#...
8 .###. #...# #...# .###. #...# #...# .###.
9 .###. #...# #...# .#### ....# ...#. .##..
A .###. #...# #...# ##### #...# #...# #...#
B ####. #...# #...# ####. #...# #...# ####.
C .###. #...# #.... #.... #.... #...# .###.
D ####. #...# #...# #...# #...# #...# ####.
E ##### #.... #.... ####. #.... #.... #####
F ##### #.... #.... ####. #.... #.... #....
G .###. #...# #.... #.### #...# #...# .###.
H #...# #...# #...# ##### #...# #...# #...#
I .###. ..#.. ..#.. ..#.. ..#.. ..#.. .###.
J ..### ...#. ...#. ...#. ...#. #..#. .##..
K #...# #..#. #.#.. ##... #.#.. #..#. #...#
L #.... #.... #.... #.... #.... #.... #####
M #...# ##.## #.#.# #.#.# #...# #...# #...#
N #...# ##..# #.#.# #..## #...# #...# #...#
O .###. #...# #...# #...# #...# #...# .###.
P ####. #...# #...# ####. #.... #.... #....
Q .###. #...# #...# #...# #.#.# #..#. .##.#
R ####. #...# #...# ####. #.#.. #..#. #...#
S .#### #.... #.... .###. ....# ....# ####.
T ##### ..#.. ..#.. ..#.. ..#.. ..#.. ..#..
U #...# #...# #...# #...# #...# #...# .###.
V #...# #...# #...# #...# #...# .#.#. ..#..
W #...# #...# #...# #.#.# #.#.# ##.## #...#
X #...# #...# .#.#. ..#.. .#.#. #...# #...#
Y #...# #...# .#.#. ..#.. ..#.. ..#.. ..#..
Z ##### ....# ...#. ..#.. .#... #.... #####
- ... ... ... ### ... ... ...
. . . . . . . #
: . . # . # . .
/ ....# ....# ...#. ..#.. .#... #.... #....
"""


def _font(drawn: str) -> Mapping[str, tuple[str, ...]]:
    lines = (line.split() for line in drawn.strip().split("\n"))
    return {char: tuple(rows) for char, *rows in lines}


DIGITS: Final = _font(_DIGITS)
"""Five pixels high: digits, colon, slash."""
CAPITALS: Final = _font(_CAPITALS)
"""Seven pixels high: digits, capitals, hyphen."""


def pixels(text: str, font: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Rows of ``#`` and ``.``, a pixel of air between characters; those that the font lacks are air.

    >>> pixels("1:1", DIGITS)[0]
    '.#....#.'
    """
    tall = len(next(iter(font.values())))
    drawn = [font.get(char, ("..",) * tall) for char in text.upper()]
    return [".".join(glyph[y] for glyph in drawn) for y in range(tall)]


def size(text: str, scale: int, font: Mapping[str, tuple[str, ...]] = DIGITS) -> tuple[int, int]:
    """Columns and rows of cells that a text takes."""
    grid = pixels(text, font)
    return len(grid[0]) * scale, -(-len(grid) * scale // 2)


def scale_for(text: str, width: int, height: int, font: Mapping[str, tuple[str, ...]] = DIGITS) -> int:
    """The largest scale at which a text fits into so many cells; 0 where it fits at none."""
    scale = 0
    while text:
        wide, high = size(text, scale + 1, font)
        if wide > width or high > height:
            break
        scale += 1
    return scale


def big(text: str, scale: int, font: Mapping[str, tuple[str, ...]] = DIGITS, *, plain: bool = False) -> list[str]:
    """A text as rows of cells, all of one length; ``plain`` in ASCII."""
    marks = " '.#" if plain else " ▀▄█"
    grid = ["".join(p * scale for p in line) for line in pixels(text, font) for _ in range(scale)]
    if len(grid) % 2:
        grid.append("." * len(grid[0]))
    return [
        "".join(marks[(a == "#") + 2 * (b == "#")] for a, b in zip(top, low, strict=True))
        for top, low in zip(grid[::2], grid[1::2], strict=True)
    ]
