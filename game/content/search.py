"""Searching the codex: every word must occur; Chinese by substring, Latin words from their beginning; no guessing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from . import schema as s
from .book import Content
from .model_text import Chapter, chapters

SEARCHED: Final = (
    "figure", "card", "entity", "thesis", "segment", "lever", "parameter", "rival", "source", "ending", "caution",
    "model",
)
"""Kinds that a search looks through, in the order in which equals are listed."""

_TITLES: Final = {"figure": "subject", "thesis": "claim", "card": "title", "caution": "why"}
"""Where the title of an entry stands, if not in ``name``."""


@dataclass(frozen=True)
class Hit:
    """One entry found; a higher score is a better match (whole title 100, title 60, id 40, elsewhere 10, per word)."""

    kind: str
    id: str
    title: str
    score: int


@dataclass(frozen=True)
class _Page:
    kind: str
    id: str
    titles: tuple[str, str]
    folded_titles: tuple[str, str]
    folded_id: str
    body: str


_pages: WeakKeyDictionary[Any, tuple[_Page, ...]] = WeakKeyDictionary()


def search(content: Content, words: str, lang: str, *, limit: int | None = None) -> list[Hit]:
    """Entries in which every word of ``words`` occurs, in either language, best first; titles in ``lang``.

    Without words there are no hits. The order depends on content and words alone.
    """
    asked = fold(words).split()
    if not asked:
        return []
    hits: list[tuple[int, int, Hit]] = []
    for position, page in enumerate(_index(content)):
        score = _score(page, asked)
        if score:
            title = page.titles[0 if lang == "zh" else 1]
            hits.append((-score, position, Hit(page.kind, page.id, title, score)))
    hits.sort(key=lambda hit: hit[:2])
    found = [hit for _, _, hit in hits]
    return found if limit is None else found[:limit]


def fold(text: str) -> str:
    """Text as it is compared: full-width forms made plain, case folded, hyphens as spaces."""
    return unicodedata.normalize("NFKC", text).casefold().replace("-", " ").replace("_", " ")


def title_of(kind: str, entry: Any) -> s.Text:
    """The line by which an entry is listed."""
    text: s.Text = getattr(entry, _TITLES.get(kind, "name"))
    return text


def _index(content: Content) -> tuple[_Page, ...]:
    pages = _pages.get(content)
    if pages is None:
        pages = _pages[content] = tuple(_build(content))
    return pages


def _build(content: Content) -> Iterator[_Page]:
    for kind in SEARCHED:
        entries: Mapping[str, Any] = chapters(content) if kind == "model" else content.of(kind)
        for entry in entries.values():
            title = title_of(kind, entry)
            said = [entry.name, entry.text] if isinstance(entry, Chapter) else [text for _, text in s.texts_of(entry)]
            texts = [text[lang] for text in said for lang in ("zh", "en")]
            extra = [getattr(entry, name) for name in ("as_printed", "unit", "topic", "group") if _said(entry, name)]
            if kind == "figure" and entry.topic in content.topics:
                topic = content.topics[entry.topic].name
                extra += [topic.zh, topic.en]
            yield _Page(
                kind, entry.id, (title.zh, title.en), (fold(title.zh), fold(title.en)), fold(entry.id),
                fold("\n".join([entry.id, *texts, *extra])),
            )


def _said(entry: Any, name: str) -> bool:
    return isinstance(getattr(entry, name, None), str)


def _score(page: _Page, asked: list[str]) -> int:
    """Sum over words, 0 where one does not occur."""
    total = 0
    for word in asked:
        if not _occurs(word, page.body):
            return 0
        if word in page.folded_titles:
            total += 100
        elif any(_occurs(word, title) for title in page.folded_titles):
            total += 60
        elif _occurs(word, page.folded_id):
            total += 40
        else:
            total += 10
    return total


def _occurs(word: str, text: str) -> bool:
    """Substring; a word of Latin letters must begin where a word begins, so that ``art`` does not find ``start``."""
    if word.isascii() and word[0].isalnum():
        at = text.find(word)
        while at > 0 and text[at - 1].isascii() and text[at - 1].isalnum():
            at = text.find(word, at + 1)
        return at >= 0
    return word in text
