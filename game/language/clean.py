"""The one sanitiser for text that people or mods write: nicknames, firms' names, reasons, file names."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BANNED: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Me"}
"""Categories without a place on a screen: control, format (bidi, zero-width, tags), surrogates, private use,
unassigned, line and paragraph separators, enclosing marks."""

_TRAPS: Final = re.compile(
    "[\u115f\u1160\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f\ufff9-\ufffd\U000e0000-\U000e0fff"  # fillers, selectors, tags
    "\U0001f000-\U0001faff\u231a\u231b\u23e9-\u23f3\u2600-\u2604\u2614\u2615\u26a1\u2705\u274c\u274e\u2753-\u2757"
    "\u2795-\u2797\u2b50\u2b55]"  # emoji, whose width terminals do not agree on
)
_MARKS: Final = 2
"""Most combining marks on one letter; a pile of them would draw over the rows above."""


def cell_width(text: str) -> int:
    """Cells that a text takes on one line: wide characters two, combining marks none.

    >>> cell_width("百模 war")
    8
    """
    return sum(_cells(c) for c in text)


def clean_text(text: str, cells: int = 40) -> str:
    """``text`` as it may be shown: one line of at most ``cells`` cells, NFC, nothing that moves, hides or reverses.

    Control, bidirectional, zero-width and private characters, variation selectors and emoji go; runs of white space
    become one space. Brackets stay: text is shown with ``markup=False`` and cannot act. Cleaning twice changes
    nothing. The result may be empty; a caller who needs a name must ask for that.

    >>> clean_text("  云\u200b山\u202e  [b]x[/b]\\n")
    '云山 [b]x[/b]'
    """
    before = None
    while before != text:  # taking a joiner out can bring a letter and its accent together, so until nothing changes
        before = text
        text = _cut(_once(unicodedata.normalize("NFC", text)), cells)
    return text


def _once(text: str) -> str:
    out: list[str] = []
    marks = 0
    for char in text:
        if char.isspace():
            char = " "
        elif unicodedata.category(char) in _BANNED or _TRAPS.match(char):
            continue
        if unicodedata.category(char).startswith("M"):
            marks += 1
            if marks > _MARKS or not out or out[-1] == " ":
                continue
        else:
            marks = 0
        if char == " " and (not out or out[-1] == " "):
            continue
        out.append(char)
    return "".join(out).strip()


def _cut(text: str, cells: int) -> str:
    used = 0
    for index, char in enumerate(text):
        used += _cells(char)
        if used > cells:
            return text[:index].rstrip()
    return text


def _cells(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
