"""What entries the codex has, what they are called, and the small pieces that all pages are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from game.content.figures import format_figure, plain
from game.content.lessons import sheet_entries
from game.content.model_text import chapters
from game.tui.screens.codex_piece import Link, Piece

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue

KINDS: Final = (
    "figure", "thesis", "card", "parameter", "lever", "mechanism", "segment", "entity", "rival", "article", "caution", "source",
    "fact", "ending", "assumptions", "term", "model", "lesson",
)  # fmt: skip
"""Kinds of entries in the order of the list."""

TERMS: Final = (
    "cash", "runway", "value", "equity", "founders_share", "share", "rank", "revenue", "cost", "trust", "capability",
    "frontier", "best_open", "efficiency", "safety", "community", "credibility", "unit_cost", "unit_margin",
    "utilisation", "unserved", "committed", "contracted", "knowledge", "freshness", "accuracy", "leads", "pilots",
    "sentiment", "import_open", "live_models", "token_price", "outside",
)  # fmt: skip
"""Words on the screens that have a page of their own; its text stands in the locale."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the game; everything about it is in the locale."""

    id: str


_TERMS: Final = {name: Term(name) for name in TERMS}


def name_of(content: Content, tongue: Tongue, kind: str, label: str) -> str:
    """The name of an entry; its id where there is none."""
    entry = entry_of(content, kind, label)
    if entry is None:
        return label
    if kind == "figure":
        return (
            f"{tongue.pick(entry.subject)}: {figure_value(entry, tongue)}"
            if tongue.lang == "en"
            else (f"{tongue.pick(entry.subject)}　{figure_value(entry, tongue)}")
        )
    if kind == "term":
        return tongue.quantity(label)
    if kind == "article":
        return article_title(tongue, entry)
    for field in ("name", "title", "claim", "why"):
        text = getattr(entry, field, None)
        if text is not None:
            return tongue.text(text)
    return label


def table(content: Content, kind: str) -> Mapping[str, Any]:
    """Entries of a kind by id; none for a kind that the codex does not have."""
    if kind == "term":
        return _TERMS
    if kind == "model":
        return chapters(content)
    if kind == "lesson":
        return sheet_entries(content)
    return content.of(kind) if kind in KINDS else {}


def entry_of(content: Content, kind: str, label: str) -> Any:
    """An entry of content; None where there is none."""
    return table(content, kind).get(label)


def known(content: Content, kind: str, label: str) -> bool:
    """Whether there is a page of that kind and id."""
    return kind in KINDS and entry_of(content, kind, label) is not None


def figure_value(figure: Any, tongue: Tongue) -> str:
    """A figure's value as the codex shows it, with its bound and direction."""
    return format_figure(figure, tongue.lang, direction=True)


def article_title(tongue: Tongue, article: Any) -> str:
    """An article's title; where the text had none, its standfirst, named so."""
    text: str = tongue.pick(article.title)
    for preface in ("正文未含标题；导语：", "(no title in the text; standfirst) "):
        if text.startswith(preface):
            return say(tongue, "standfirst") + text.removeprefix(preface)
    return text


def unit_name(tongue: Tongue, unit: str) -> str:
    """A parameter's unit, which content writes in English, in words of the language; nothing where there are none."""
    key = "-".join(part for part in re.split(r"[^a-z]+", unit.lower()) if part)
    return tongue.find(f"screens.units.{key}") or (unit if tongue.lang == "en" else "")


def number(value: float) -> str:
    """A number of content as the codex shows it."""
    if value == 0 or 1e-3 <= abs(value) < 1e6:
        return plain(value, 6)
    return f"{value:.4g}"


def say(tongue: Tongue, key: str) -> str:
    """A text of the codex."""
    return tongue.say(f"screens.codex.{key}")


def field(tongue: Tongue, key: str, text: str, link: Link | None = None, role: str = "body") -> Iterator[Piece]:
    """A line with a label of the codex before it; nothing where it would be empty."""
    if text:
        yield Piece(text, role, say(tongue, key), link)


def links(content: Content, tongue: Tongue, key: str, kind: str, labels: Iterable[str]) -> Iterator[Piece]:
    """A heading and one followable line an entry."""
    there = [label for label in dict.fromkeys(labels) if known(content, kind, label)]
    if there:
        yield Piece("")
        yield Piece(say(tongue, key), "head")
    for label in there:
        name = name_of(content, tongue, kind, label)
        if kind == "figure":  # what is claimed; subject and value alone say little
            name = tongue.pick(entry_of(content, kind, label).claim)
        yield Piece(name, link=(kind, label))
