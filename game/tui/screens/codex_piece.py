"""One paragraph of a page of the codex."""

from __future__ import annotations

from dataclasses import dataclass

Link = tuple[str, str]
"""(kind, id) of an entry."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One paragraph of a page: perhaps a label before it, perhaps a link that it opens."""

    text: str
    role: str = "body"
    """``title``, ``value``, ``head``, ``body``, ``dim``, ``bad``."""
    label: str = ""
    link: Link | None = None
