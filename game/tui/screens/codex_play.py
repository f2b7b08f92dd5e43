"""Pages of what comes to the table: cards, rivals, endings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from game.tui.screens.codex_entries import field, links, say
from game.tui.screens.codex_guide import opening, reference
from game.tui.screens.codex_piece import Piece
from game.tui.screens.codex_rows import caution_lines, figure_rows, see_also

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue


def card_page(content: Content, tongue: Tongue, card: Any) -> Iterator[Piece]:
    """A card and its choices."""
    yield Piece(tongue.text(card.title), "title")
    yield Piece("")
    yield Piece(tongue.text(card.text))
    yield Piece("")
    for choice in card.choices:
        yield Piece(tongue.text(choice.text), label=tongue.text(choice.label))
    yield from figure_rows(content, tongue, card.figures, "rests-on")
    yield from caution_lines(content, tongue, card.figures)
    yield from links(content, tongue, "theses", "thesis", card.theses)
    words = [word for t in card.theses if t in content.expressions for word in content.expressions[t].expressed_by]
    mechanisms = [("mechanism", word.partition(":")[2]) for word in words if word.startswith("mechanism:")]
    yield from see_also(content, tongue, [("mechanism", "cards"), *mechanisms])


def rival_page(content: Content, tongue: Tongue, r: Any) -> Iterator[Piece]:
    """A rival: its temper, what is heard of it before it moves, and the reference of its kind."""
    yield Piece(tongue.pick(r.name), "title")
    kind = content.archetypes.get(r.archetype)
    if kind is not None:
        yield Piece(tongue.pick(kind.name), "dim")
    yield Piece("")
    yield from field(tongue, "temper", tongue.text(r.temper))
    yield from field(tongue, "memory", tongue.text(r.memory))
    if kind is not None:
        yield from field(tongue, "archetype", tongue.text(kind.what))
    yield from opening(content, tongue, "rival", r.id)
    if r.tells:
        yield Piece("")
        yield Piece(say(tongue, "tells"), "head")
    for tell in r.tells:
        yield Piece(tongue.text(tell.text), label=tongue.term("tell", tell.id))
    yield from reference(content, tongue, "rival", r.id)
    others = (o.id for o in content.rivals.values() if o.archetype == r.archetype and o.id != r.id)
    yield from links(content, tongue, "same-kind", "rival", others)
    yield Piece("")
    yield Piece(tongue.say("ui.app.fiction"), "dim")


def ending_page(content: Content, tongue: Tongue, e: Any) -> Iterator[Piece]:
    """An ending; its epilogue is told to those who reach it."""
    yield Piece(tongue.pick(e.name), "title")
    yield Piece("")
    if e.epilogue:
        yield Piece(tongue.text(e.epilogue[0].text))
        yield Piece("")
    yield Piece(say(tongue, "epilogue-earned"), "dim")
