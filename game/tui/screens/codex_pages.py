"""What the codex knows: a searchable index of content and one page an entry, as plain pieces without a widget."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from game.content.figures import format_figure, plain
from game.content.model_text import chapters
from game.content.references import figures_in, parameter_refs
from game.content.resolve import parameter_value
from game.tui.screens.brand import headed
from game.tui.screens.codex_model import model_page
from game.tui.screens.codex_piece import Link as Link
from game.tui.screens.codex_piece import Piece as Piece

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue

KINDS: Final = (
    "figure", "thesis", "card", "parameter", "lever", "segment", "entity", "rival", "article", "caution", "source",
    "fact", "ending", "assumptions", "term", "model",
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


def fold(text: str) -> str:
    """Text as it is compared: width and case do not count.

    >>> fold("ＧＰＵ Price")
    'gpu price'
    """
    return unicodedata.normalize("NFKC", text).casefold()


def name_of(content: Content, tongue: Tongue, kind: str, label: str) -> str:
    """The name of an entry; its id where there is none."""
    entry = _entry(content, kind, label)
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
    return content.of(kind) if kind in KINDS else {}


def _entry(content: Content, kind: str, label: str) -> Any:
    return table(content, kind).get(label)


def known(content: Content, kind: str, label: str) -> bool:
    """Whether there is a page of that kind and id."""
    return kind in KINDS and _entry(content, kind, label) is not None


# pages ----------------------------------------------------------------------------------------------------------------
def page(
    content: Content, tongue: Tongue, kind: str, label: str, *, met: Collection[str] | None = None
) -> list[Piece]:
    """The page of an entry; a sentence where there is no such entry.

    ``met`` are the cards a game at hand has dealt: of the others only the title is told. None tells everything.
    """
    entry = _entry(content, kind, label)
    if kind == "card" and entry is not None and met is not None and label not in met:
        title = headed(tongue.text(entry.title), tongue.lang)
        return [Piece(title, "title"), Piece(""), Piece(_say(tongue, "unmet"), "dim")]
    if entry is None or kind not in _PAGES:
        return [Piece(tongue.say("screens.codex.missing", kind=kind, name=label), "dim")]
    pieces = list(_PAGES[kind](content, tongue, entry))
    return [replace(p, text=headed(p.text, tongue.lang)) if p.role in ("title", "head") else p for p in pieces]


def figure_value(figure: Any, tongue: Tongue) -> str:
    """A figure's value as the codex shows it, with its bound and direction."""
    return format_figure(figure, tongue.lang, direction=True)


def _say(tongue: Tongue, key: str) -> str:
    return tongue.say(f"screens.codex.{key}")


def _field(tongue: Tongue, key: str, text: str, link: Link | None = None, role: str = "body") -> Iterator[Piece]:
    if text:
        yield Piece(text, role, _say(tongue, key), link)


def _links(content: Content, tongue: Tongue, key: str, kind: str, labels: Iterable[str]) -> Iterator[Piece]:
    """A heading and one followable line an entry."""
    there = [label for label in dict.fromkeys(labels) if known(content, kind, label)]
    if there:
        yield Piece("")
        yield Piece(_say(tongue, key), "head")
    for label in there:
        name = name_of(content, tongue, kind, label)
        if kind == "figure":  # what is claimed; subject and value alone say little
            name = tongue.pick(_entry(content, kind, label).claim)
        yield Piece(name, link=(kind, label))


def article_title(tongue: Tongue, article: Any) -> str:
    """An article's title; where the text had none, its standfirst, named so."""
    text: str = tongue.pick(article.title)
    for preface in ("正文未含标题；导语：", "(no title in the text; standfirst) "):
        if text.startswith(preface):
            return _say(tongue, "standfirst") + text.removeprefix(preface)
    return text


def unit_name(tongue: Tongue, unit: str) -> str:
    """A parameter's unit, which content writes in English, in words of the language; nothing where there are none."""
    key = "-".join(part for part in re.split(r"[^a-z]+", unit.lower()) if part)
    return tongue.find(f"screens.units.{key}") or (unit if tongue.lang == "en" else "")


def _figure(content: Content, tongue: Tongue, f: Any) -> Iterator[Piece]:
    yield Piece(tongue.pick(f.subject), "title")
    yield Piece(figure_value(f, tongue), "value")
    if f.id in content.disowned:
        yield Piece(tongue.say("ui.why.disowned"), "bad")
    yield Piece("")
    yield Piece(tongue.pick(f.claim))
    yield Piece("")
    article = content.articles.get(f.article)
    yield from _field(tongue, "as-printed", f"“{f.as_printed}”")
    yield from _field(tongue, "when", tongue.pick(f.when))
    yield from _field(tongue, "said-by", _named_source(tongue, f))
    if article is not None:
        yield from _field(tongue, "article", article_title(tongue, article), ("article", article.id))
        yield from _field(tongue, "outlet", tongue.pick(article.outlet))
        yield from _field(tongue, "reliability", tongue.pick(article.reliability))
    topic, unit = content.topics.get(f.topic), content.units.get(f.unit)
    yield from _field(tongue, "topic", tongue.pick(topic.name) if topic else f.topic)
    yield from _field(tongue, "unit", tongue.pick(unit.name) if unit else f.unit)
    for caution in content.cautions_of(f.id):
        yield Piece("")
        yield Piece(_say(tongue, "caution"), "head")
        yield Piece(tongue.pick(caution.why), "bad", link=("caution", caution.id))
    used: dict[str, list[str]] = {}
    for kind, label in content.used_by.get(f.id, ()):
        used.setdefault(kind, []).append(label)
    for kind in ("parameter", "card", "fact", "rival"):
        yield from _links(content, tongue, f"used.{kind}", kind, used.get(kind, ()))
    if not used:
        yield Piece("")
        yield Piece(_say(tongue, "unused"), "dim")
    yield from _links(
        content, tongue, "used.thesis", "thesis", (t.id for t in content.theses.values() if f.id in t.figures)
    )
    yield from _links(
        content, tongue, "used.entity", "entity", (e.id for e in content.entities.values() if f.id in e.figures)
    )
    yield from _links(
        content, tongue, "used.source", "source", (s.id for s in content.sources.values() if f.id in s.figures)
    )


def _named_source(tongue: Tongue, figure: Any) -> str:
    text: str = tongue.pick(figure.attributed_to)
    return "none" if text == "none named" else text


def _article(content: Content, tongue: Tongue, a: Any) -> Iterator[Piece]:
    yield Piece(article_title(tongue, a), "title")
    yield Piece("")
    yield from _field(tongue, "outlet", tongue.pick(a.outlet))
    yield from _field(tongue, "author", tongue.pick(a.author))
    yield from _field(tongue, "date", a.approx_date)
    yield from _field(tongue, "reliability", tongue.pick(a.reliability))
    yield Piece("")
    yield Piece(tongue.say("ui.codex.claims-only"), "dim")
    yield from _links(
        content, tongue, "theses", "thesis", (t.id for t in content.theses.values() if a.id in t.articles)
    )
    yield from _links(
        content, tongue, "figures", "figure", (f.id for f in content.figures.values() if f.article == a.id)
    )


def _thesis(content: Content, tongue: Tongue, t: Any) -> Iterator[Piece]:
    yield Piece(tongue.pick(t.claim), "title")
    yield Piece("")
    yield from _field(tongue, "mechanism", tongue.pick(t.mechanism))
    expression = content.expressions.get(t.id)
    if expression is not None:
        yield from _expressed(content, tongue, expression)
    yield from _links(content, tongue, "figures", "figure", t.figures)
    yield from _links(content, tongue, "cards", "card", (c.id for c in content.cards.values() if t.id in c.theses))
    yield from _links(content, tongue, "articles", "article", t.articles)


def _expressed(content: Content, tongue: Tongue, e: Any) -> Iterator[Piece]:
    """What stands for a thesis in the game, and how its sign is shown; cards are listed below with all others."""
    contrast = e.contrast
    if contrast is not None:
        measure = content.measures.get(contrast.measure)
        name = tongue.pick(measure.name) if measure else contrast.measure
        sign = tongue.say(f"screens.codex.sign.{'up' if contrast.expected_sign > 0 else 'down'}", measure=name)
        yield from _field(tongue, "contrast", tongue.pick(contrast.what))
        yield from _field(tongue, "if-right", sign)
    if e.note is not None:
        yield from _field(tongue, "remark" if contrast is not None else "not-causal", tongue.text(e.note))
    yield Piece("")
    yield Piece(_say(tongue, "expressed-by"), "head")
    for kind, _, label in (word.partition(":") for word in e.expressed_by):
        if kind == "mechanism" and label in content.mechanisms:
            entry = content.mechanisms[label]
            yield Piece(tongue.pick(entry.what), label=tongue.pick(entry.name))
        elif kind in KINDS and kind != "card" and known(content, kind, label):
            yield Piece(name_of(content, tongue, kind, label), link=(kind, label))
        elif kind in ("background", "scenario") and label in content.of(kind):
            yield Piece(tongue.pick(content.of(kind)[label].name))


def _named(content: Content, tongue: Tongue, e: Any) -> Iterator[Piece]:
    """An entity or a source: who it is, which numbers go with it, and the theses, cards and articles it appears in."""
    yield Piece(tongue.pick(e.name), "title")
    kind = content.kinds.get(getattr(e, "kind", ""))
    if kind is not None:
        yield Piece(tongue.pick(kind.name), "dim")
    yield Piece("")
    yield Piece(tongue.pick(getattr(e, "what", None) or getattr(e, "role", None)))
    own = set(e.figures)
    yield from _links(content, tongue, "figures", "figure", e.figures)
    yield from _links(
        content, tongue, "theses", "thesis", (t.id for t in content.theses.values() if own & set(t.figures))
    )
    yield from _links(content, tongue, "cards", "card", (c.id for c in content.cards.values() if own & set(c.figures)))
    yield from _links(content, tongue, "articles", "article", e.articles)


def _caution(content: Content, tongue: Tongue, c: Any) -> Iterator[Piece]:
    yield Piece(_say(tongue, "kind.caution"), "title")
    yield Piece("")
    yield Piece(tongue.pick(c.why))
    yield from _links(content, tongue, "disowns", "figure", c.disowns)
    yield from _links(content, tongue, "concerns", "figure", (f for f in c.figures if f not in c.disowns))


def _parameter(content: Content, tongue: Tongue, p: Any) -> Iterator[Piece]:
    yield Piece(tongue.pick(p.name), "title")
    try:
        number = parameter_value(content, p)
    except ValueError:
        number = float("nan")
    if not isinstance(number, tuple):
        yield Piece(f"{_number(number)} {unit_name(tongue, p.unit)}".rstrip(), "value")
    yield Piece("")
    yield from _field(tongue, "standing", _say(tongue, f"status.{p.status}"))
    yield from _field(tongue, "unit", unit_name(tongue, p.unit))
    yield from _field(tongue, "group", tongue.find(f"screens.groups.{p.group}") or "")
    yield from _field(tongue, "note", tongue.text(p.note))
    yield from _field(tongue, "field", p.id, role="dim")
    if isinstance(number, tuple):
        yield Piece("")
        yield Piece(_say(tongue, f"by.{p.by}"), "head")
        yield from (Piece(value, label=name) for name, value in _table(tongue, p.by or "", number))
    named = [ref.figure for _, ref in parameter_refs(p)]
    said = [f for side in (p.note.zh, p.note.en) for f in figures_in(side)]
    yield from _links(content, tongue, "figures", "figure", [*named, *p.figures, *said])


def _number(value: float) -> str:
    if value == 0 or 1e-3 <= abs(value) < 1e6:
        return plain(value, 6)
    return f"{value:.4g}"


def _table(tongue: Tongue, by: str, values: tuple[float, ...]) -> Iterator[tuple[str, str]]:
    """Names along the axis with their values; by quarter, runs of one value stand as one line."""
    from game.engine.names import FIRST_YEAR, ROUTES, SEGMENTS, SOURCES

    if by in ("year", "quarter"):
        start = 0
        for i in range(1, len(values) + 1):
            if i == len(values) or values[i] != values[start]:
                ends = [tongue.quarter(start, "short"), tongue.quarter(i - 1, "short")]
                whole = by == "year" and start % 4 == 0 and i % 4 == 0 and i - start == 4
                name = str(FIRST_YEAR + start // 4) if whole else ends[0] if i - start == 1 else "–".join(ends)
                yield name, _number(values[start])
                start = i
        return
    axes = {"segment": (SEGMENTS, tongue.segment), "source": (SOURCES, tongue.source), "route": (ROUTES, tongue.route)}
    names, speak = axes[by]
    for name, value in zip(names, values):
        yield speak(name), _number(value)


def _lever(content: Content, tongue: Tongue, lever: Any) -> Iterator[Piece]:
    yield Piece(tongue.pick(lever.name), "title")
    yield Piece("")
    yield Piece(tongue.text(lever.help))
    yield Piece("")
    yield from _field(tongue, "group-lever", tongue.say(f"ui.group.{lever.group}"))
    parts = lever.kind == "share" and lever.high > 1.5  # parts of a hundred, not shares of one

    def shown(value: float) -> str:
        return tongue.number(value) if parts else tongue.lever_value(lever.id, value)

    yield from _field(tongue, "range", tongue.say("ui.board.range", low=shown(lever.low), high=shown(lever.high)))
    yield from _field(tongue, "unit", tongue.pick(lever.unit))
    yield from _field(tongue, "step", tongue.percent(lever.step, 0) if lever.log else shown(lever.step))
    if lever.five:
        yield from _field(tongue, "lesson", tongue.say("ui.button.yes"))
    refs = [f for side in (lever.help.zh, lever.help.en) for f in figures_in(side)]
    near = [p for p in content.parameters.values() if _about(lever.id, p)]
    refs += [ref.figure for p in near for _, ref in parameter_refs(p)] + [f for p in near for f in p.figures]
    yield from _links(content, tongue, "figures", "figure", refs)
    yield from _links(content, tongue, "used.parameter", "parameter", [p.id for p in near][:12])


_LEVER_GROUPS: Final = {"price": ("prices",), "tender": ("tenders",), "compute": ("compute",), "route": ("routes",),
                        "knowledge": ("accuracy",), "research": ("capability",), "community": ("capability",),
                        "staff": ("delivery",)}  # fmt: skip


def _about(lever: str, p: Any) -> bool:
    """Whether a parameter with figures of its own belongs to what a lever moves."""
    kind = lever.partition(".")[0]
    if p.group not in _LEVER_GROUPS.get(kind, ()) or not (p.figures or list(parameter_refs(p))):
        return False
    return kind not in ("community",) or "community" in p.id


def _card(content: Content, tongue: Tongue, card: Any) -> Iterator[Piece]:
    yield Piece(tongue.text(card.title), "title")
    yield Piece("")
    yield Piece(tongue.text(card.text))
    yield Piece("")
    for choice in card.choices:
        yield Piece(tongue.text(choice.text), label=tongue.text(choice.label))
    yield from _links(content, tongue, "rests-on", "figure", card.figures)
    yield from _links(content, tongue, "theses", "thesis", card.theses)


def _rival(content: Content, tongue: Tongue, r: Any) -> Iterator[Piece]:
    yield Piece(tongue.pick(r.name), "title")
    kind = content.archetypes.get(r.archetype)
    if kind is not None:
        yield Piece(tongue.pick(kind.name), "dim")
    yield Piece("")
    yield from _field(tongue, "temper", tongue.text(r.temper))
    yield from _field(tongue, "memory", tongue.text(r.memory))
    if kind is not None:
        yield from _field(tongue, "archetype", tongue.text(kind.what))
    yield Piece("")
    yield Piece(tongue.say("ui.app.fiction"), "dim")


def _segment(content: Content, tongue: Tongue, s: Any) -> Iterator[Piece]:
    yield Piece(tongue.pick(s.name), "title")
    yield Piece("")
    yield Piece(tongue.text(s.what))
    levers = [name for name in content.levers if name.endswith(f".{s.id}")]
    if s.id == "developers":
        levers = ["price.token", *levers, "community.budget"]
    elif s.id == "consumers":
        levers = ["price.app", *levers]
    else:
        levers = ["price.solution", *levers]
    yield from _links(content, tongue, "levers", "lever", levers)
    cards = (c.id for c in content.cards.values() if any(e.segment == s.id for o in c.choices for e in o.effects))
    yield from _links(content, tongue, "cards", "card", cards)


def _fact(content: Content, tongue: Tongue, f: Any) -> Iterator[Piece]:
    yield Piece(tongue.pick(f.name), "title")
    yield Piece(f"{_number(f.low)} – {_number(f.high)}", "value")
    yield Piece("")
    yield from _field(tongue, "fact-kind", _say(tongue, f"fact.{content.fact_kind(f.id)}"))
    yield from _field(tongue, "note", tongue.text(f.note))
    yield from _links(content, tongue, "figures", "figure", f.figures)


def _ending(content: Content, tongue: Tongue, e: Any) -> Iterator[Piece]:
    yield Piece(tongue.pick(e.name), "title")
    yield Piece("")
    if e.epilogue:
        yield Piece(tongue.text(e.epilogue[0].text))
        yield Piece("")
    yield Piece(_say(tongue, "epilogue-earned"), "dim")


def _assumptions(content: Content, tongue: Tongue, a: Any) -> Iterator[Piece]:
    yield Piece(tongue.pick(a.name), "title")
    yield Piece("")
    yield Piece(tongue.text(a.text))
    yield from _links(content, tongue, "sets", "parameter", a.set)
    for name, reason in a.reasons.items():
        yield Piece("")
        yield Piece(tongue.pick(content.parameters[name].name), "dim")
        yield Piece(tongue.text(reason))


def _term(content: Content, tongue: Tongue, t: Term) -> Iterator[Piece]:
    yield Piece(tongue.quantity(t.id), "title")
    yield Piece("")
    yield Piece(tongue.say(f"screens.term.{t.id}"))
    word = fold(tongue.quantity(t.id))
    near = [p.id for p in content.parameters.values() if word in fold(tongue.pick(p.name))]
    yield from _links(content, tongue, "used.parameter", "parameter", near[:12])


_PAGES: Final = {
    "figure": _figure,
    "article": _article,
    "thesis": _thesis,
    "entity": _named,
    "source": _named,
    "caution": _caution,
    "parameter": _parameter,
    "lever": _lever,
    "card": _card,
    "rival": _rival,
    "segment": _segment,
    "fact": _fact,
    "ending": _ending,
    "assumptions": _assumptions,
    "term": _term,
    "model": model_page,
}
