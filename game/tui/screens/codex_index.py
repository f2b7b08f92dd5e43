"""The index of the codex: every entry in one language, found by words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from game.tui.screens.codex_entries import KINDS, figure_value, fold, name_of, table

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue

LIMIT: Final = 200
"""Most rows a list shows: nobody reads more, and typing a word is quicker."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the list."""

    kind: str
    id: str
    name: str
    note: str
    hay: str
    """Everything it is found by, folded."""


class Index:
    """Every entry in one language, found by words in names, texts, ids and numbers."""

    def __init__(self, content: Content, tongue: Tongue, met: Collection[str] | None = None) -> None:
        """``met``: see `game.tui.screens.codex_pages.page`."""
        self.lang = tongue.lang
        self.entries = [
            self._row(content, tongue, kind, label, met) for kind in KINDS for label in table(content, kind)
        ]

    @staticmethod
    def _row(content: Content, tongue: Tongue, kind: str, label: str, met: Collection[str] | None) -> Entry:
        entry = table(content, kind)[label]
        name, note = name_of(content, tongue, kind, label), ""
        words = [name, label, label.replace("-", " ").replace("_", " ")]
        if kind == "card" and met is not None and label not in met:
            return Entry(kind, label, name, "", fold(name))
        if kind == "figure":
            name, note = tongue.pick(entry.claim), figure_value(entry, tongue)
            topic = content.topics.get(entry.topic)
            words += [
                name,
                note,
                entry.as_printed,
                tongue.pick(entry.subject),
                tongue.pick(entry.attributed_to),
                tongue.pick(topic.name) if topic else "",
            ]
        for field in ("what", "text", "note", "help", "mechanism", "temper", "memory", "headline"):
            text = getattr(entry, field, None)
            if text is not None and kind != "figure":
                words.append(tongue.text(text))
        if kind == "term":
            words.append(tongue.say(f"screens.term.{label}"))
        return Entry(kind, label, name, note, fold(" ".join(words)))

    def search(self, query: str, kind: str = "", limit: int = LIMIT) -> tuple[list[Entry], int]:
        """Entries with every word of the query, best first, and how many there are in all."""
        words = fold(query).split()
        found = [e for e in self.entries if (not kind or e.kind == kind) and all(w in e.hay for w in words)]
        if words:
            found.sort(key=lambda e: (not all(w in fold(e.name) for w in words), not fold(e.name).startswith(words[0])))
        return found[:limit], len(found)
