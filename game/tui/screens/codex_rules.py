"""Pages of what the market goes by: parameters, levers, segments, facts, assumptions, and words of the screens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from game.content.model_text import OddError, equations
from game.content.references import figures_in, parameter_refs
from game.content.resolve import parameter_value
from game.content.search import fold
from game.tui.screens.codex_entries import Term, field, links, number, say, unit_name
from game.tui.screens.codex_guide import naming, opening, reference, testing
from game.tui.screens.codex_piece import Piece
from game.tui.screens.codex_rows import amount, caution_lines, equation_lines, figure_rows, see_also

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue


def parameter_page(content: Content, tongue: Tongue, p: Any) -> Iterator[Piece]:
    """A parameter: its value or values, where they come from, and its figures."""
    yield Piece(tongue.pick(p.name), "title")
    try:
        value = parameter_value(content, p)
    except ValueError:
        value = float("nan")
    if not isinstance(value, tuple):
        yield Piece(f"{amount(tongue, value)} {unit_name(tongue, p.unit)}".rstrip(), "value")
    yield Piece("")
    yield from field(tongue, "standing", say(tongue, f"status.{p.status}"))
    yield from field(tongue, "unit", unit_name(tongue, p.unit))
    yield from field(tongue, "group", tongue.find(f"screens.groups.{p.group}") or "")
    yield from field(tongue, "note", tongue.text(p.note))
    yield from field(tongue, "field", p.id, role="dim")
    if isinstance(value, tuple):
        yield Piece("")
        yield Piece(say(tongue, f"by.{p.by}"), "head")
        yield from (Piece(text, label=name) for name, text in _table(tongue, p.by or "", value))
    named = [ref.figure for _, ref in parameter_refs(p)]
    said = [f for side in (p.note.zh, p.note.en) for f in figures_in(side)]
    yield from equation_lines(content, tongue, naming_equations(content, p.id))
    shown = [*named, *p.figures, *said]
    yield from figure_rows(content, tongue, shown)
    yield from caution_lines(content, tongue, shown)
    yield from see_also(content, tongue, naming(content, "parameters", p.id), "used-in")
    yield from links(content, tongue, "tested-by", "thesis", testing(content, p.id))
    yield from links(content, tongue, "set-by", "assumptions", (a.id for a in content.assumptions.values() if p.id in a.set))


def naming_equations(content: Content, parameter: str) -> list[str]:
    """Names of the equations in which a parameter stands; none where they cannot be read."""
    try:
        there = equations(content)
    except OddError:
        return []
    return [name for name, text in there.items() if re.search(rf"\b{parameter}\b", text)]


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
                yield name, amount(tongue, values[start])
                start = i
        return
    axes = {"segment": (SEGMENTS, tongue.segment), "source": (SOURCES, tongue.source), "route": (ROUTES, tongue.route)}
    names, speak = axes[by]
    for name, value in zip(names, values):
        yield speak(name), amount(tongue, value)


def lever_page(content: Content, tongue: Tongue, lever: Any) -> Iterator[Piece]:
    """A lever: what it does, its range, and the reference of the guide."""
    yield Piece(tongue.pick(lever.name), "title")
    yield Piece("")
    yield Piece(tongue.text(lever.help))
    yield from opening(content, tongue, "lever", lever.id)
    yield Piece("")
    yield from field(tongue, "group-lever", tongue.say(f"ui.group.{lever.group}"))
    parts = lever.kind == "share" and lever.high > 1.5  # parts of a hundred, not shares of one

    def shown(value: float) -> str:
        return tongue.number(value) if parts else tongue.lever_value(lever.id, value)

    yield from field(tongue, "range", tongue.say("ui.board.range", low=shown(lever.low), high=shown(lever.high)))
    yield from field(tongue, "unit", tongue.pick(lever.unit))
    yield from field(tongue, "step", tongue.percent(lever.step, 0) if lever.log else shown(lever.step))
    if lever.five:
        yield from field(tongue, "lesson", tongue.say("ui.button.yes"))
    refs = [f for side in (lever.help.zh, lever.help.en) for f in figures_in(side)]
    yield from reference(content, tongue, "lever", lever.id, figures=refs)


def segment_page(content: Content, tongue: Tongue, s: Any) -> Iterator[Piece]:
    """A segment: the reference of the guide with this market's numbers, its levers and the cards that touch it."""
    yield Piece(tongue.pick(s.name), "title")
    yield Piece("")
    yield Piece(tongue.text(s.what))
    yield from opening(content, tongue, "segment", s.id)
    yield from reference(content, tongue, "segment", s.id, segment=s.id)
    levers = [name for name in content.levers if name.endswith(f".{s.id}")]
    if s.id == "developers":
        levers = ["price.token", *levers, "community.budget"]
    elif s.id == "consumers":
        levers = ["price.app", *levers]
    else:
        levers = ["price.solution", *levers]
    guide = content.guide_of.get(("segment", s.id))
    shown = guide.see if guide is not None else ()
    yield from links(content, tongue, "levers", "lever", [name for name in levers if f"lever:{name}" not in shown])
    cards = (c.id for c in content.cards.values() if any(e.segment == s.id for o in c.choices for e in o.effects))
    yield from links(content, tongue, "cards", "card", cards)


def fact_page(content: Content, tongue: Tongue, f: Any) -> Iterator[Piece]:
    """A stylised fact and its band."""
    yield Piece(tongue.pick(f.name), "title")
    yield Piece(f"{number(f.low)} – {number(f.high)}", "value")
    yield Piece("")
    yield from field(tongue, "fact-kind", say(tongue, f"fact.{content.fact_kind(f.id)}"))
    yield from field(tongue, "note", tongue.text(f.note))
    yield from figure_rows(content, tongue, f.figures)
    yield from caution_lines(content, tongue, f.figures)


def assumptions_page(content: Content, tongue: Tongue, a: Any) -> Iterator[Piece]:
    """An overlay: whom it believes, and each parameter it sets with the reason."""
    yield Piece(tongue.pick(a.name), "title")
    yield Piece("")
    yield Piece(tongue.text(a.text))
    yield from links(content, tongue, "sets", "parameter", a.set)
    for name, reason in a.reasons.items():
        yield Piece("")
        yield Piece(tongue.pick(content.parameters[name].name), "dim")
        yield Piece(tongue.text(reason))


def term_page(content: Content, tongue: Tongue, t: Term) -> Iterator[Piece]:
    """A word of the screens, and the parameters that name it."""
    yield Piece(tongue.quantity(t.id), "title")
    yield Piece("")
    yield Piece(tongue.say(f"screens.term.{t.id}"))
    word = fold(tongue.quantity(t.id))
    near = [p.id for p in content.parameters.values() if word in fold(tongue.pick(p.name))]
    yield from links(content, tongue, "used.parameter", "parameter", near[:12])
