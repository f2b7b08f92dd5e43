"""Which file of a content folder holds which entries, and how one file is read.

A table file holds arrays of entries (``[[figure]]``); a folder of single files (scenarios, assumptions) holds one
entry a file, named after its id; ``locale/`` holds nested tables whose leaves are texts.
"""

from __future__ import annotations

import math
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from . import schema as s
from . import schema_ghosts as sg
from . import schema_hour as sh
from . import schema_theses as st
from .problems import Problem

TABLES: Final[dict[str, dict[str, type[s.Entry]]]] = {
    "figures.toml": {
        "unit": s.Named, "topic": s.Named, "kind": s.Named, "article": s.Article, "figure": s.Figure,
        "source": s.Source, "entity": s.Entity, "thesis": s.Thesis, "caution": s.Caution,
    },
    "parameters.toml": {"parameter": s.Parameter},
    "segments.toml": {"segment": s.Segment},
    "levers.toml": {"lever": s.Lever, "five": s.FiveRow},
    "archetypes.toml": {"archetype": s.Archetype},
    "rivals.toml": {"rival": s.Rival},
    "backgrounds.toml": {"background": s.Background},
    "difficulties.toml": {"difficulty": s.Difficulty},
    "facts.toml": {"fact": s.Fact, "free": s.Free},
    "theses.toml": {"mechanism": st.Mechanism, "measure": st.Measure, "expression": st.Expression},
    "gazette.toml": {"headline": s.Headline},
    "endings.toml": {"ending": s.Ending},
    "ghosts.toml": {"ghost": sg.Ghost},
    "first_hour.toml": {"stage": sh.Stage, "step": sh.Step},
    "achievements.toml": {"achievement": sh.Achievement},
}
"""Files at the top of a content folder, with the arrays they may hold."""

FOLDERS: Final[dict[str, dict[str, type[s.Entry]]]] = {"cards": {"card": s.Card}}
"""Folders of table files; every ``*.toml`` in them is read."""

SINGLES: Final[dict[str, tuple[str, type[s.Entry]]]] = {
    "scenarios": ("scenario", s.Scenario), "assumptions": ("assumptions", s.Assumptions),
}
"""Folders of files with one entry each."""

LOCALE: Final = "locale"
OTHER_FOLDERS: Final = ("baselines", "guide", "lessons", "odd", "starts", LOCALE)
"""Folders that belong to a content folder and hold something else than entries."""

KINDS: Final[dict[str, type[s.Entry]]] = {
    **{kind: struct for arrays in (*TABLES.values(), *FOLDERS.values()) for kind, struct in arrays.items()},
    **dict(SINGLES.values()),
}
"""Every kind of entry by its name in the files."""

_HOMES: Final = {kind: file for file, arrays in TABLES.items() for kind in arrays}
_SINGLE_HOMES: Final = {kind: folder for folder, (kind, _) in SINGLES.items()}

TRAPS: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffd\ue000-\uf8ff\U0001f000-\U0001faff\U000e0000-\U000e01ef\u20e3\u231a\u231b\u23e9-\u23f3"
    "\u2614\u2615\u26a1\u2705\u274c\u274e\u2753-\u2757\u2795-\u2797\u2b50\u2b55\u2600-\u2604]"
)
"""Characters that have no place in a text: control, bidirectional, zero-width, joiners, selectors, emoji."""

_ESCAPE = re.compile(r"\\[uUxbfre]|\b(?:nan|inf)\b|\t")


@dataclass(frozen=True)
class Raw:
    """One parsed TOML file."""

    path: Path
    name: str
    """As messages show it."""
    data: dict[str, Any]


def holds_content(folder: Path) -> bool:
    """Whether anything in a folder is content: a table by its name, or a TOML file in a folder of content."""
    if any((folder / name).is_file() for name in TABLES):
        return True
    return any(any((folder / name).rglob("*.*")) for name in (*FOLDERS, *SINGLES, *OTHER_FOLDERS))


def read_toml(path: Path, name: str) -> tuple[Raw | None, list[Problem]]:
    """Parse one file. Returns nothing and the reason where it is not UTF-8 or not TOML; else also faults of its texts.

    A byte order mark, which some editors on Windows write, is passed over.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None, [Problem(name, "", "is not a regular file")]  # a pipe would keep us waiting
        raw = path.read_bytes()
    except OSError as error:
        return None, [Problem(name, "", f"cannot be read: {error.strerror or error}")]
    try:
        source = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, [Problem(name, f"line {line}", "is not UTF-8; save the file in the encoding UTF-8")]
    import tomli

    try:
        data = tomli.loads(source)
    except tomli.TOMLDecodeError as error:
        line = getattr(error, "lineno", 0)
        return None, [Problem(name, f"line {line}" if line else "", f"is not valid TOML: {error}")]
    problems: list[Problem] = []
    # A whole file is scanned in one go; only a suspect one is walked value by value to say where.
    if TRAPS.search(source) or _ESCAPE.search(source) or not unicodedata.is_normalized("NFC", source):
        problems = [Problem(name, key, message) for key, message in _faults(data, "")]
    return Raw(path, name, data), problems


def _faults(value: Any, key: str) -> Iterator[tuple[str, str]]:
    """Key and message of every text or number in a parsed file that no screen or rule could stand."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _faults(item, f"{key}.{name}" if key else name)
            if trap := TRAPS.search(name):
                yield key, f"the key {name!r} contains {describe(trap.group())}; remove it"
    elif isinstance(value, list):
        for index, item in enumerate(value):
            label = item.get("id") if isinstance(item, dict) else None
            yield from _faults(item, f"{key}[{label if isinstance(label, str) else index}]")
    elif isinstance(value, str):
        if trap := TRAPS.search(value):
            yield key, f"contains {describe(trap.group())}; remove it"
        if not unicodedata.is_normalized("NFC", value):
            yield key, "is not in Unicode form NFC (a letter and its accent are two characters); write them as one"
    elif isinstance(value, float) and not math.isfinite(value):
        yield key, f"is {value}; write a finite number"


def home(kind: str, label: str) -> str:
    """File in which an entry that is missing should stand.

    >>> home("lever", "route"), home("assumptions", "none")
    ('levers.toml', 'assumptions/none.toml')
    """
    if kind in _SINGLE_HOMES:
        return f"{_SINGLE_HOMES[kind]}/{label}.toml"
    return _HOMES.get(kind, "guide" if kind == "guide" else "cards")


def describe(character: str) -> str:
    """A character by code point and what it does, for a message: never the character itself."""
    code = ord(character)
    if code in (0x200B, 0x2060, 0xFEFF, 0x00AD, 0x180E):
        what = "zero-width character"
    elif code in (0x200C, 0x200D):
        what = "joiner"
    elif 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
        what = "variation selector"
    elif 0x1F1E6 <= code <= 0x1F1FF or 0xE0000 <= code <= 0xE007F:
        what = "flag or tag character"
    elif code in (0x061C, 0x200E, 0x200F) or 0x2028 <= code <= 0x202E or 0x2060 < code <= 0x206F:
        what = "direction or line mark"
    elif unicodedata.category(character) == "Cc":
        what = "control character"
    elif unicodedata.category(character) == "So" or code == 0x20E3 or 0x1F000 <= code <= 0x1FAFF:
        what = "emoji"
    else:
        what = "character of unknown width"
    return f"a {what} (U+{code:04X})" if what != "emoji" else f"an emoji (U+{code:04X})"


def convert(value: Any, struct: type[Any]) -> Any:
    """Typed value from parsed TOML; raises `msgspec.ValidationError`."""
    return msgspec.convert(value, type=struct, strict=True)
