"""What a link leads to, in one sentence: the tooltip of a terminal."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from game.tui.screens.codex_entries import entry_of, figure_value, known, name_of
from game.tui.screens.codex_piece import Link

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue

FIELDS: Final = ("what", "help", "note", "temper", "role", "reliability")
"""Where an entry that has no message of the guide says what it is, in this order."""


def tip(content: Content, tongue: Tongue, link: Link | None, met: Collection[str] | None = None) -> tuple[str, str]:
    """(name, sentence) of what a link leads to; two empty texts for none. A card not yet met keeps its text to itself."""
    if link is None or link[0] == "caution" or not known(content, *link):
        return "", ""  # a caution says all it has in its line
    kind, label = link
    entry = entry_of(content, kind, label)
    if kind == "figure":
        return figure_value(entry, tongue), tongue.pick(entry.claim)
    name = name_of(content, tongue, kind, label)
    if kind == "thesis":
        return tongue.say("screens.codex.kind.thesis"), tongue.pick(entry.mechanism)
    if kind == "term":
        return name, tongue.say(f"screens.term.{label}")
    if kind in ("model", "lesson") or (kind == "card" and met is not None and label not in met):
        return name, ""
    if kind == "card":  # its note is the authors' own
        return name, tongue.text(entry.text)
    guide = content.guide_of.get(link)
    if guide is not None:
        return name, tongue.text(guide.message)
    if kind == "assumptions":
        return name, tongue.text(entry.text)
    for field in FIELDS:
        text = getattr(entry, field, None)
        if text is not None and not isinstance(text, str):
            return name, tongue.text(text)
    return name, ""
