"""Every entity of the articles opens a page of the codex in both languages and is found by its name."""

from __future__ import annotations

import pytest

from game.content.search import search
from game.language import Tongue
from game.tui.screens.codex_entries import article_title
from game.tui.screens.codex_index import Index
from game.tui.screens.codex_pages import page
from tests.tui.screen_kit import content

LANGUAGES = ("zh", "en")


def test_the_articles_name_eighty_five() -> None:
    assert len(content().entities) == 85


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_says_what_it_is_and_where_it_appears(lang: str) -> None:
    """Name, kind, what the articles say, and a link to each of its figures, theses, cards and articles; none else."""
    book, tongue = content(), Tongue(lang, content=content())  # type: ignore[arg-type]
    for label, entity in book.entities.items():
        pieces = page(book, tongue, "entity", label)
        assert pieces[0].role == "title" and pieces[0].text, label
        said = [p.text for p in pieces]
        assert entity.what[lang] in said, label
        assert book.kinds[entity.kind].name[lang] in said, label
        expected = {
            "figure": set(entity.figures),
            "article": set(entity.articles),
            "thesis": {t.id for t in book.theses.values() if not set(t.figures).isdisjoint(entity.figures)},
            "card": {c.id for c in book.cards.values() if not set(c.figures).isdisjoint(entity.figures)},
        }
        for kind, labels in expected.items():
            assert {p.link[1] for p in pieces if p.link is not None and p.link[0] == kind} == labels, (label, kind)
        assert expected["article"], label
        for article in entity.articles:
            assert article_title(tongue, book.articles[article]) in said, (label, article)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_one_is_found_by_its_name(lang: str) -> None:
    """In the index of the screens and in the search of the command, in that language."""
    book, tongue = content(), Tongue(lang, content=content())  # type: ignore[arg-type]
    index = Index(book, tongue)
    for label, entity in book.entities.items():
        name = entity.name[lang]
        rows = {(e.kind, e.id): e for e in index.search(name, "entity")[0]}
        assert ("entity", label) in rows and rows["entity", label].name == name, label
        hits = {(h.kind, h.id): h for h in search(book, name, lang)}
        assert ("entity", label) in hits and hits["entity", label].title == name, label
