"""Searching the codex: every word must occur; Chinese by substring, Latin words from their beginning; no guessing.

Both languages are searched at once whatever language is on. A word counts most where it is a whole name, less at its
beginning, less inside it, less in an id, least in a text; then what the words come to together counts the same way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from . import schema as s
from .book import Content
from .lessons import SheetEntry, sheet_entries
from .model_text import Chapter, chapters
from .problems import ContentError

SEARCHED: Final = (
    "lever", "mechanism", "segment", "rival", "term", "card", "thesis", "parameter", "fact", "figure", "entity", "ending",
    "assumptions", "article", "source", "caution", "model", "lesson",
)
"""Kinds that a search looks through, in the order in which equals are listed."""

_TITLES: Final = {"figure": "subject", "thesis": "claim", "card": "title", "caution": "why", "article": "title"}
"""Where the title of an entry stands, if not in ``name``."""

WHOLE, BEGINS, INSIDE, ID, SOUND, TEXT = 100, 80, 60, 40, 30, 10
"""Worth of one word: a whole name or id, the beginning of a name, inside one, in an id, by its sound, in a text."""
TOGETHER: Final = 10
"""How many times as much it counts where all words together are a name, or begin one, or stand in one."""

Sounds = Mapping[str, tuple[str, ...]]
"""How names sound, by name: see `game.content.sounds`."""


@dataclass(frozen=True)
class Hit:
    """One entry found; a higher score is a better match."""

    kind: str
    id: str
    title: str
    score: int


@dataclass(frozen=True)
class Page:
    """An entry as it is searched: everything folded."""

    kind: str
    id: str
    titles: tuple[str, str]
    names: tuple[str, ...]
    """Names in both languages; of an article, a thesis or a figure the line by which it is listed."""
    folded_id: str
    body: str


@dataclass(frozen=True)
class Word:
    """A word of the locale as an entry: its name and what the codex says of it."""

    id: str
    name: s.Text
    text: s.Text


_pages: WeakKeyDictionary[Any, tuple[Page, ...]] = WeakKeyDictionary()


def search(
    content: Content, words: str, lang: str, *, kinds: Collection[str] = SEARCHED, shut: Collection[str] = (),
    limit: int | None = None, sounds: Sounds | None = None,
) -> list[Hit]:  # fmt: skip
    """Entries in which every word of ``words`` occurs, in either language, best first; titles in ``lang``.

    Of the cards ``shut`` only the title is searched. Without words there are no hits. The order depends on content and
    words alone.
    """
    asked = fold(words).split()
    if not asked:
        return []
    whole = " ".join(asked)
    hits: list[tuple[int, int, Hit]] = []
    for position, page in enumerate(pages(content)):
        if page.kind not in kinds:
            continue
        score = score_of(page, asked, whole, shut=page.kind == "card" and page.id in shut, sounds=sounds)
        if score:
            hits.append((-score, position, Hit(page.kind, page.id, page.titles[0 if lang == "zh" else 1], score)))
    hits.sort(key=lambda hit: hit[:2])
    found = [hit for _, _, hit in hits]
    return found if limit is None else found[:limit]


def exact(hit: Hit) -> bool:
    """Whether all words together were the entry's whole name or id."""
    return hit.score >= TOGETHER * WHOLE


def fold(text: str) -> str:
    """Text as it is compared: full-width forms made plain, case folded, hyphens and underscores as spaces."""
    return unicodedata.normalize("NFKC", text).casefold().replace("-", " ").replace("_", " ")


def title_of(kind: str, entry: Any) -> s.Text:
    """The line by which an entry is listed."""
    text: s.Text = getattr(entry, _TITLES.get(kind, "name"))
    return text


def words_of(content: Content) -> Mapping[str, Word]:
    """Words of the screens that have a page, by id; none where the locale cannot be read."""
    try:
        locale = content.locale
    except ContentError:
        return {}
    found = {}
    for key, text in locale.items():
        label = key.removeprefix("screens.term.")
        name = locale.get(f"term.quantity.{label}")
        if label != key and name is not None:
            found[label] = Word(label, name, text)
    return found


def pages(content: Content) -> tuple[Page, ...]:
    """Everything that is searched, worked out once for a content."""
    there = _pages.get(content)
    if there is None:
        there = _pages[content] = tuple(_build(content))
    return there


def _build(content: Content) -> Iterator[Page]:
    others: dict[str, Callable[[], Mapping[str, Any]]] = {
        "model": lambda: chapters(content), "term": lambda: words_of(content),
        "lesson": lambda: sheet_entries(content),
    }  # fmt: skip
    for kind in SEARCHED:
        entries: Mapping[str, Any] = others[kind]() if kind in others else content.of(kind)
        for entry in entries.values():
            yield _page(content, kind, entry)


def _page(content: Content, kind: str, entry: Any) -> Page:
    title = title_of(kind, entry)
    names = [title]
    said = [entry.name, entry.text] if isinstance(entry, (Chapter, Word, SheetEntry)) else [text for _, text in s.texts_of(entry)]
    if kind == "rival":
        names.append(entry.short)
    extra = [getattr(entry, name) for name in ("as_printed", "unit", "topic", "group") if _said(entry, name)]
    if kind == "figure" and entry.topic in content.topics:
        said.append(content.topics[entry.topic].name)
    guide = content.guide_of.get((kind, entry.id))
    if guide is not None:
        said += [guide.what, guide.message, *guide.dynamics]
    texts = [text[lang] for text in said for lang in ("zh", "en")]
    return Page(
        kind, entry.id, (title.zh, title.en), tuple(fold(side) for name in names for side in (name.zh, name.en)),
        fold(entry.id), fold("\n".join([entry.id, *texts, *extra])),
    )  # fmt: skip


def _said(entry: Any, name: str) -> bool:
    return isinstance(getattr(entry, name, None), str)


def score_of(page: Page, asked: list[str], whole: str, *, shut: bool = False, sounds: Sounds | None = None) -> int:
    """Sum over words, 0 where one does not occur; a card that is ``shut`` is searched by its title alone."""
    total = 0
    for word in asked:
        worth = _worth(page, word, sounds) or (0 if shut or not _occurs(word, page.body) else TEXT)
        if not worth:
            return 0
        total += worth
    if len(asked) > 1:
        total += TOGETHER * _in_name(page, whole)
    return total + (TOGETHER * WHOLE if whole in page.names or whole == page.folded_id else 0)


def _worth(page: Page, word: str, sounds: Sounds | None) -> int:
    """What a word is worth in names and id, 0 for nothing."""
    worth = max(_in_name(page, word), WHOLE if word == page.folded_id else ID if _occurs(word, page.folded_id) else 0)
    if not worth and sounds is not None and word.isascii() and word.isalpha():
        sound = sounds.get(page.titles[0], ())
        return SOUND if any(said.startswith(word) for said in sound) else 0
    return worth


def _in_name(page: Page, word: str) -> int:
    if word in page.names:
        return WHOLE
    if any(_begins(word, name) for name in page.names):
        return BEGINS
    return INSIDE if any(_occurs(word, name) for name in page.names) else 0


def _begins(word: str, name: str) -> bool:
    return name.startswith(word)


def _occurs(word: str, text: str) -> bool:
    """Substring; a word of Latin letters must begin where a word begins, so that ``art`` does not find ``start``."""
    at = text.find(word)
    if at <= 0 or not (word[0].isascii() and word[0].isalnum()):
        return at >= 0
    while at > 0 and text[at - 1].isascii() and text[at - 1].isalnum():
        at = text.find(word, at + 1)
    return at >= 0
