"""How Chinese names sound: ``jgz`` and ``jiagezhan`` find 价格战.

The readings are those of pypinyin, which is imported here and nowhere else, and only when somebody searches by letters.
"""

from __future__ import annotations

import re
from typing import Any, Final
from weakref import WeakKeyDictionary

from .book import Content
from .search import Sounds, fold, pages

MOST: Final = 24
"""Characters of a name that are read aloud; nobody types more."""
SILENT: Final = ("caution", "model", "lesson")
"""Kinds that are listed by sentences or headings and not looked up by name."""

_LETTERS: Final = re.compile(r"[^a-z]")
_sounds: WeakKeyDictionary[Any, Sounds] = WeakKeyDictionary()


def sounds(content: Content) -> Sounds:
    """Pinyin of every Chinese name from each of its syllables on, in full and by initials; {} without the library."""
    there = _sounds.get(content)
    if there is None:
        names = {page.titles[0] for page in pages(content) if page.kind not in SILENT}
        there = _sounds[content] = read_aloud(names)
    return there


def read_aloud(names: set[str]) -> Sounds:
    """Sounds of names; those without a Chinese character have none."""
    try:
        from pypinyin import lazy_pinyin
    except ImportError:  # a checkout whose libraries were not brought up to date searches without it
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        syllables = [_LETTERS.sub("", fold(part)) for part in lazy_pinyin(name[:MOST])]
        syllables = [part for part in syllables if part]
        if name.isascii() or not syllables:
            continue
        starts = range(len(syllables))
        full = ("".join(syllables[at:]) for at in starts)
        initials = ("".join(part[0] for part in syllables[at:]) for at in starts)
        found[name] = (*full, *initials)
    return found
