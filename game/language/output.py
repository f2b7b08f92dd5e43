"""How the command line writes what comes from files or from whoever typed it: nothing of it may act on a terminal."""

from __future__ import annotations

from typing import Any, Final

from game.language.clean import clean_text

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula."""


def clean(value: object, cells: int = 1000) -> str:
    """A text as a terminal may show it, on one line."""
    return clean_text(str(value), cells)


def spreadsheet(text: str) -> str:
    """A text as the cell of a CSV: where a spreadsheet would take it for a formula, an apostrophe stands before it.

    >>> spreadsheet("=cmd|' /C calc'!A0"), spreadsheet("-5 kg"), spreadsheet("a=b")
    ("'=cmd|' /C calc'!A0", "'-5 kg", 'a=b')
    """
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def print_json(value: Any) -> None:
    """One JSON document; characters that would move a cursor or turn a line around are escaped, which means the same."""
    import msgspec

    text = msgspec.json.format(msgspec.json.encode(value), indent=1).decode()
    print("".join(c if c.isprintable() or c == "\n" else _escaped(c) for c in text))


def _escaped(char: str) -> str:
    raw = char.encode("utf-16-be").hex()
    return "".join(f"\\u{raw[i : i + 4]}" for i in range(0, len(raw), 4))
