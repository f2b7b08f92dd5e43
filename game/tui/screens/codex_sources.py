"""Pages of what the articles say: figures, the articles themselves, theses, who is named in them, cautions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from game.tui.screens.codex_entries import KINDS, article_title, field, figure_value, known, links, name_of, say
from game.tui.screens.codex_guide import naming
from game.tui.screens.codex_piece import Piece
from game.tui.screens.codex_rows import caution_lines, figure_rows, see_also

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue


def figure_page(content: Content, tongue: Tongue, f: Any) -> Iterator[Piece]:
    """A figure: what is claimed, by whom, how far to trust it, and everything in the game that rests on it."""
    yield Piece(tongue.pick(f.subject), "title")
    yield Piece(figure_value(f, tongue), "value")
    if f.id in content.disowned:
        yield Piece(tongue.say("ui.why.disowned"), "bad")
    yield Piece("")
    yield Piece(tongue.pick(f.claim))
    yield Piece("")
    article = content.articles.get(f.article)
    yield from field(tongue, "as-printed", f"“{f.as_printed}”")
    yield from field(tongue, "when", tongue.pick(f.when))
    yield from field(tongue, "said-by", _named_source(tongue, f))
    if article is not None:
        yield from field(tongue, "article", article_title(tongue, article), ("article", article.id))
        yield from field(tongue, "outlet", tongue.pick(article.outlet))
        yield from field(tongue, "reliability", tongue.pick(article.reliability))
    topic, unit = content.topics.get(f.topic), content.units.get(f.unit)
    yield from field(tongue, "topic", tongue.pick(topic.name) if topic else f.topic)
    yield from field(tongue, "unit", tongue.pick(unit.name) if unit else f.unit)
    for caution in content.cautions_of(f.id):
        yield Piece("")
        yield Piece(say(tongue, "caution"), "head")
        yield Piece(tongue.pick(caution.why), "bad", link=("caution", caution.id))
    used: dict[str, list[str]] = {}
    for kind, label in content.used_by.get(f.id, ()):
        used.setdefault(kind, []).append(label)
    pages = [(kind, label) for kind in ("lever", "mechanism", "segment") for label in used.get(kind, ())]
    yield from see_also(content, tongue, [page for page in naming(content, "figures", f.id) if page in pages], "used.page")
    for kind in ("parameter", "card", "fact", "rival"):
        yield from links(content, tongue, f"used.{kind}", kind, used.get(kind, ()))
    if not used:
        yield Piece("")
        yield Piece(say(tongue, "unused"), "dim")
    yield from links(
        content, tongue, "used.thesis", "thesis", (t.id for t in content.theses.values() if f.id in t.figures)
    )
    yield from links(
        content, tongue, "used.entity", "entity", (e.id for e in content.entities.values() if f.id in e.figures)
    )
    yield from links(
        content, tongue, "used.source", "source", (s.id for s in content.sources.values() if f.id in s.figures)
    )


def _named_source(tongue: Tongue, figure: Any) -> str:
    text: str = tongue.pick(figure.attributed_to)
    return "none" if text == "none named" else text


def article_page(content: Content, tongue: Tongue, a: Any) -> Iterator[Piece]:
    """An article, with its theses and figures."""
    yield Piece(article_title(tongue, a), "title")
    yield Piece("")
    yield from field(tongue, "outlet", tongue.pick(a.outlet))
    yield from field(tongue, "author", tongue.pick(a.author))
    yield from field(tongue, "date", a.approx_date)
    yield from field(tongue, "reliability", tongue.pick(a.reliability))
    yield Piece("")
    yield Piece(tongue.say("ui.codex.claims-only"), "dim")
    yield from links(
        content, tongue, "theses", "thesis", (t.id for t in content.theses.values() if a.id in t.articles)
    )
    yield from links(
        content, tongue, "figures", "figure", (f.id for f in content.figures.values() if f.article == a.id)
    )


def thesis_page(content: Content, tongue: Tongue, t: Any) -> Iterator[Piece]:
    """A thesis: its mechanism, where the game has it, and how its sign is shown."""
    yield Piece(tongue.pick(t.claim), "title")
    yield Piece("")
    yield from field(tongue, "mechanism", tongue.pick(t.mechanism))
    expression = content.expressions.get(t.id)
    if expression is not None:
        yield from _expressed(content, tongue, expression)
    yield from figure_rows(content, tongue, t.figures)
    yield from caution_lines(content, tongue, t.figures)
    yield from links(content, tongue, "cards", "card", (c.id for c in content.cards.values() if t.id in c.theses))
    yield from links(content, tongue, "articles", "article", t.articles)


def _expressed(content: Content, tongue: Tongue, e: Any) -> Iterator[Piece]:
    """What stands for a thesis in the game, and how its sign is shown; cards are listed below with all others."""
    contrast = e.contrast
    if contrast is not None:
        measure = content.measures.get(contrast.measure)
        name = tongue.pick(measure.name) if measure else contrast.measure
        sign = tongue.say(f"screens.codex.sign.{'up' if contrast.expected_sign > 0 else 'down'}", measure=name)
        yield from field(tongue, "contrast", tongue.pick(contrast.what))
        yield from field(tongue, "if-right", sign)
    if e.note is not None:
        yield from field(tongue, "remark" if contrast is not None else "not-causal", tongue.text(e.note))
    yield Piece("")
    yield Piece(say(tongue, "expressed-by"), "head")
    for kind, _, label in (word.partition(":") for word in e.expressed_by):
        if kind == "mechanism" and label in content.mechanisms:
            entry = content.mechanisms[label]
            yield Piece(tongue.pick(entry.what), label=tongue.pick(entry.name), link=("mechanism", label))
        elif kind in KINDS and kind != "card" and known(content, kind, label):
            yield Piece(name_of(content, tongue, kind, label), link=(kind, label))
        elif kind in ("background", "scenario") and label in content.of(kind):
            yield Piece(tongue.pick(content.of(kind)[label].name))


def named_page(content: Content, tongue: Tongue, e: Any) -> Iterator[Piece]:
    """An entity or a source: who it is, which numbers go with it, and the theses, cards and articles it appears in."""
    yield Piece(tongue.pick(e.name), "title")
    kind = content.kinds.get(getattr(e, "kind", ""))
    if kind is not None:
        yield Piece(tongue.pick(kind.name), "dim")
    yield Piece("")
    yield Piece(tongue.pick(getattr(e, "what", None) or getattr(e, "role", None)))
    own = set(e.figures)
    yield from figure_rows(content, tongue, e.figures)
    yield from caution_lines(content, tongue, e.figures)
    yield from links(
        content, tongue, "theses", "thesis", (t.id for t in content.theses.values() if own & set(t.figures))
    )
    yield from links(content, tongue, "cards", "card", (c.id for c in content.cards.values() if own & set(c.figures)))
    yield from links(content, tongue, "articles", "article", e.articles)


def caution_page(content: Content, tongue: Tongue, c: Any) -> Iterator[Piece]:
    """What the editors doubt, and the figures it concerns."""
    yield Piece(say(tongue, "kind.caution"), "title")
    yield Piece("")
    yield Piece(tongue.pick(c.why))
    yield from figure_rows(content, tongue, c.disowns, "disowns")
    yield from figure_rows(content, tongue, (f for f in c.figures if f not in c.disowns), "concerns")
