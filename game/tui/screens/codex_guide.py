"""The reference part of a page: the big message, key dynamics, equation, parameters, figures, cautions, cross links.

The same order on the page of every lever, mechanism, segment and rival; the texts stand in content/guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from game.content.references import guide_pages
from game.tui.screens.codex_entries import links, say
from game.tui.screens.codex_piece import Link, Piece
from game.tui.screens.codex_rows import caution_lines, equation_lines, figure_rows, parameter_rows, see_also

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue

BACK: Final = ("mechanism", "lever", "segment", "rival")
"""Kinds of pages whose cross links are followed backwards."""


def opening(content: Content, tongue: Tongue, kind: str, label: str) -> Iterator[Piece]:
    """What it is, in the guide's words."""
    guide = content.guide_of.get((kind, label))
    if guide is not None:
        yield Piece("")
        yield Piece(tongue.text(guide.what))


def reference(
    content: Content, tongue: Tongue, kind: str, label: str, *, figures: Iterable[str] = (), segment: str = "",
    also: Iterable[Link] = (),
) -> Iterator[Piece]:  # fmt: skip
    """Everything after what it is. ``figures`` and ``also`` are what the page knows beyond the guide."""
    guide = content.guide_of.get((kind, label))
    if guide is not None:
        yield Piece("")
        yield Piece(say(tongue, "message"), "head")
        yield Piece(tongue.text(guide.message), "message")
        yield Piece("")
        yield Piece(say(tongue, "dynamics"), "head")
        for sentence in guide.dynamics:
            yield Piece(tongue.text(sentence), "item")
        yield from equation_lines(content, tongue, guide.equations)
        yield from parameter_rows(content, tongue, guide.parameters, segment=segment)
    shown = list(dict.fromkeys([*(guide.figures if guide is not None else ()), *figures]))
    yield from figure_rows(content, tongue, shown)
    yield from caution_lines(content, tongue, shown, guide.cautions if guide is not None else ())
    own = [_place(place) for place in guide.see] if guide is not None else []
    if guide is not None and kind != "rival":  # pages that share this text
        own += guide_pages(content, guide)
    yield from see_also(content, tongue, [p for p in (*own, *also, *back(content, kind, label)) if p != (kind, label)])


def _place(place: str) -> Link:
    kind, _, label = place.partition(":")
    return kind, label


def back(content: Content, kind: str, label: str) -> list[Link]:
    """Pages of the guide that point here; of pages that share a text only the first."""
    found: list[Link] = []
    for guide in content.guides.values():
        if f"{kind}:{label}" in guide.see:
            found += [page for page in guide_pages(content, guide) if page[0] in BACK][:1]
    return found


def naming(content: Content, field: str, label: str) -> list[Link]:
    """Pages of the guide whose ``field`` (``parameters``, ``figures``) names an id."""
    found: list[Link] = []
    for guide in content.guides.values():
        if label in getattr(guide, field):
            pages = list(guide_pages(content, guide))
            found += pages[:1] if len(pages) > 4 else pages
    return found


def mechanism_page(content: Content, tongue: Tongue, m: Any) -> Iterator[Piece]:
    """A mechanism of the model: how it works, its equations, and the theses it carries."""
    yield Piece(tongue.pick(m.name), "title")
    yield Piece("")
    yield Piece(tongue.pick(m.what))
    yield from opening(content, tongue, "mechanism", m.id)
    yield from reference(content, tongue, "mechanism", m.id)
    guide = content.guide_of.get(("mechanism", m.id))
    shown = guide.see if guide is not None else ()
    named = (e.id for e in content.expressions.values() if f"mechanism:{m.id}" in e.expressed_by)
    theses = [label for label in named if f"thesis:{label}" not in shown]
    yield from links(content, tongue, "carries", "thesis", theses)


def testing(content: Content, parameter: str) -> list[str]:
    """Theses whose comparison moves a parameter, or that it stands for."""
    found = []
    for e in content.expressions.values():
        sides = (e.contrast.high, e.contrast.low) if e.contrast is not None else ()
        moved = {name for side in sides for table in (side.set, side.times, side.plus, side.most) for name in table}
        if f"parameter:{parameter}" in e.expressed_by or parameter in moved:
            found.append(e.id)
    return found
