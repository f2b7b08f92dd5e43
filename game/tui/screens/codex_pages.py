"""One page an entry of the codex, as plain pieces without a widget; each family of kinds has a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from game.content.lessons import FOR_TEACHERS
from game.tui.screens.codex_entries import entry_of, say
from game.tui.screens.codex_guide import mechanism_page
from game.tui.screens.codex_lessons import lesson_page
from game.tui.screens.codex_model import model_page
from game.tui.screens.codex_piece import Piece
from game.tui.screens.codex_play import card_page, ending_page, rival_page
from game.tui.screens.codex_rules import (
    assumptions_page,
    fact_page,
    lever_page,
    parameter_page,
    segment_page,
    term_page,
)
from game.tui.screens.codex_sources import article_page, caution_page, figure_page, named_page, thesis_page
from game.tui.screens.headed import headed

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue

PAGES: Final[Mapping[str, Callable[[Content, Tongue, Any], Iterator[Piece]]]] = {
    "figure": figure_page, "article": article_page, "thesis": thesis_page, "entity": named_page, "source": named_page,
    "caution": caution_page, "parameter": parameter_page, "lever": lever_page, "card": card_page, "rival": rival_page,
    "segment": segment_page, "fact": fact_page, "ending": ending_page, "assumptions": assumptions_page,
    "term": term_page, "model": model_page, "mechanism": mechanism_page, "lesson": lesson_page,
}  # fmt: skip
"""Who writes the page of a kind."""


def page(
    content: Content, tongue: Tongue, kind: str, label: str, *, met: Collection[str] | None = None
) -> list[Piece]:
    """The page of an entry; a sentence where there is no such entry.

    ``met`` are the cards a game at hand has dealt: of the others only the title is told, and likewise of the answers to a
    lesson. None tells everything.
    """
    entry = entry_of(content, kind, label)
    if kind == "card" and entry is not None and met is not None and label not in met:
        title = headed(tongue.text(entry.title), tongue.lang)
        return [Piece(title, "title"), Piece(""), Piece(say(tongue, "unmet"), "dim")]
    if kind == "lesson" and label in FOR_TEACHERS and met is not None:
        return [Piece(headed(tongue.pick(entry.name), tongue.lang), "title"), Piece(""), Piece(say(tongue, "unplayed"), "dim")]
    if entry is None or kind not in PAGES:
        return [Piece(tongue.say("screens.codex.missing", kind=kind, name=label), "dim")]
    pieces = list(PAGES[kind](content, tongue, entry))
    return [replace(p, text=headed(p.text, tongue.lang)) if p.role in ("title", "head") else p for p in pieces]
