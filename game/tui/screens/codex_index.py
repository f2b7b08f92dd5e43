"""The index of the codex: every entry in one language as a row of the list, found by words of either language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from game.content.search import SEARCHED, Sounds, search
from game.tui.screens.codex_entries import KINDS, figure_value, name_of, table

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


class Index:
    """Every entry as a row in one language; searching is `game.content.search`, in both."""

    def __init__(self, content: Content, tongue: Tongue, met: Collection[str] | None = None) -> None:
        """``met``: see `game.tui.screens.codex_pages.page`."""
        self.lang = tongue.lang
        self.content = content
        self.sounds: Sounds | None = None
        """How names sound, once somebody wants to search by letters."""
        self.rows = {
            (kind, label): self._row(content, tongue, kind, label) for kind in KINDS for label in table(content, kind)
        }
        self.shut = frozenset() if met is None else frozenset(content.cards) - frozenset(met)

    @staticmethod
    def _row(content: Content, tongue: Tongue, kind: str, label: str) -> Entry:
        if kind == "figure":
            figure = content.figures[label]
            return Entry(kind, label, tongue.pick(figure.claim), figure_value(figure, tongue))
        return Entry(kind, label, name_of(content, tongue, kind, label), "")

    def search(self, query: str, kind: str = "", limit: int = LIMIT) -> tuple[list[Entry], int]:
        """Entries with every word of the query, best first, and how many there are in all; without words all of a kind."""
        if not query.split():
            found = [row for row in self.rows.values() if not kind or row.kind == kind]
            return found[:limit], len(found)
        kinds = (kind,) if kind else SEARCHED
        hits = search(self.content, query, self.lang, kinds=kinds, shut=self.shut, sounds=self.sounds)
        there = [self.rows[hit.kind, hit.id] for hit in hits if (hit.kind, hit.id) in self.rows]
        return there[:limit], len(there)
