"""Rows that many pages share: figures with their article and how far to trust it, parameters, cautions, cross links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from game.content.figures import compact
from game.content.model_text import OddError, equations, spoken
from game.content.resolve import parameter_value
from game.engine.names import ROUTES, SEGMENTS, SOURCES
from game.language import cell_width
from game.tui.screens.codex_entries import entry_of, figure_value, known, name_of, number, say, unit_name
from game.tui.screens.codex_piece import Grid, Link, Piece

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue

VALUE: Final = 15
SOURCE: Final = 18
NAME: Final = 26
"""Most cells of the columns before the last; longer ones are broken into lines."""

_AXES: Final = {"segment": SEGMENTS, "source": SOURCES, "route": ROUTES}
_FIRST_WORDS: Final = re.compile(r"[:：,，;；（(。]")


def figure_rows(content: Content, tongue: Tongue, labels: Iterable[str], key: str = "figures") -> Iterator[Piece]:
    """A table of figures: value, where it stands and how reliable that is, what is claimed; their cautions after it."""
    there = [label for label in dict.fromkeys(labels) if label in content.figures]
    if not there:
        return
    yield Piece("")
    yield Piece(say(tongue, key), "head")
    rows = [_figure(content, tongue, content.figures[label]) for label in there]
    yield from _rows(tongue, ("value", "stands-in", "claim"), rows, (VALUE, SOURCE), [("figure", label) for label in there])


def _figure(content: Content, tongue: Tongue, figure: Any) -> tuple[str, str, str]:
    article = content.articles.get(figure.article)
    source = "" if article is None else _joined(tongue, short_article(tongue, article), grade(tongue, article))
    if figure.id in content.disowned:
        source = _joined(tongue, source, say(tongue, "mark.disowned"))
    elif content.cautions_of(figure.id):
        source = _joined(tongue, source, say(tongue, "mark.doubted"))
    value = figure_value(figure, tongue)
    if figure.text is not None and cell_width(value) > 2 * VALUE:
        value = say(tongue, "in-words")
    return value, source, tongue.pick(figure.claim)


def _joined(tongue: Tongue, *parts: str) -> str:
    return ("；" if tongue.lang == "zh" else "; ").join(part for part in parts if part)


def short_article(tongue: Tongue, article: Any) -> str:
    """A few words for an article: its outlet, or where none is given the beginning of its title."""
    outlet: str = tongue.pick(article.outlet)
    text = tongue.pick(article.title) if outlet in ("未注明", "not given") else outlet
    return _FIRST_WORDS.split(text)[0].strip()


def grade(tongue: Tongue, article: Any) -> str:
    """How reliable the editors found an article, in the first words of what they say of it."""
    return _FIRST_WORDS.split(tongue.pick(article.reliability))[0].strip()


def parameter_rows(
    content: Content, tongue: Tongue, labels: Iterable[str], *, segment: str = "", key: str = "parameters"
) -> Iterator[Piece]:
    """A table of parameters: name, value (that of a segment where one is named), standing, unit."""
    there = [label for label in dict.fromkeys(labels) if label in content.parameters]
    if not there:
        return
    yield Piece("")
    yield Piece(say(tongue, key), "head")
    rows = []
    for label in there:
        p = content.parameters[label]
        standing = say(tongue, f"status-short.{p.status}")
        rows.append((tongue.pick(p.name), _value(content, tongue, p, segment), standing, unit_name(tongue, p.unit)))
    yield from _rows(
        tongue, ("parameter", "value", "standing", "unit"), rows, (NAME, VALUE, SOURCE), [("parameter", n) for n in there]
    )


def amount(tongue: Tongue, value: float) -> str:
    """A number of the rules as a row shows it: large ones in words of the language."""
    if abs(value) >= 1e4:
        return compact(value, tongue.lang, words=True, digits=4)
    return number(value)


def _value(content: Content, tongue: Tongue, p: Any, segment: str) -> str:
    try:
        value = parameter_value(content, p)
    except (KeyError, ValueError):
        return "?"
    if not isinstance(value, tuple):
        return amount(tongue, value)
    if segment and p.by == "segment":
        return amount(tongue, value[SEGMENTS.index(segment)])
    low, high = min(value), max(value)
    return amount(tongue, low) if low == high else f"{amount(tongue, low)}–{amount(tongue, high)}"


def _rows(
    tongue: Tongue, heads: Sequence[str], rows: Sequence[tuple[str, ...]], most: tuple[int, ...], links: Sequence[Link]
) -> Iterator[Piece]:
    """Lines of one table under their heads; where the page is narrow, each as a record."""
    names = tuple(say(tongue, f"column.{head}") for head in heads)
    columns = list(zip(names, *rows))
    widest = [max(map(cell_width, column)) for column in columns]
    widths = tuple(min(width, cap) for width, cap in zip(widest, (*most, 999)))
    grid = Grid(widths, "l" * len(widths))
    yield Piece("", "dim", cells=names, grid=grid)
    for cells, link in zip(rows, links):
        rest = [cell for cell in cells[1:] if cell]
        text = "\n".join(reversed(rest)) if link[0] == "figure" else " · ".join(rest)
        yield Piece(text, label=cells[0], link=link, cells=cells, grid=grid)


def caution_lines(content: Content, tongue: Tongue, figures: Iterable[str], more: Iterable[str] = ()) -> Iterator[Piece]:
    """Every caution that speaks of one of the figures, and others by id, each marked as one."""
    there = dict.fromkeys(more)
    there.update(dict.fromkeys(c.id for f in figures for c in content.cautions_of(f)))
    cautions = [content.cautions[label] for label in there if label in content.cautions]
    if cautions:
        yield Piece("")
        yield Piece(say(tongue, "cautions"), "head")
    mark = say(tongue, "mark.caution")
    for caution in cautions:
        yield Piece(f"{mark}{tongue.pick(caution.why)}", "bad", link=("caution", caution.id))


def equation_lines(content: Content, tongue: Tongue, names: Iterable[str]) -> Iterator[Piece]:
    """Equations of the model's documentation, each as a block."""
    try:
        there = equations(content)
    except OddError:
        return
    first = True
    for name in dict.fromkeys(names):
        if name not in there:
            continue
        yield Piece("")
        if first:
            yield Piece(say(tongue, "equation"), "head")
            first = False
        for line in spoken(there[name], tongue.lang).splitlines():
            yield Piece("  " * line.startswith(" ") + line.strip(), "equation")


def see_also(content: Content, tongue: Tongue, places: Iterable[Link], key: str = "see") -> Iterator[Piece]:
    """Cross links, each with its kind before it."""
    there = [place for place in dict.fromkeys(places) if known(content, *place)]
    if there:
        yield Piece("")
        yield Piece(say(tongue, key), "head")
    for kind, label in there:
        name = tongue.pick(entry_of(content, kind, label).claim) if kind == "figure" else name_of(content, tongue, kind, label)
        yield Piece(name, label=say(tongue, f"kind.{kind}"), link=(kind, label))
