"""A page of the codex as lines of plain text, for the command line, plain play and screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from game.tui.screens.codex_piece import Piece

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue


def text_lines(pieces: Iterable[Piece]) -> Iterator[str]:
    """Lines without a width; a link is followed by its address (``kind:id``), which the codex takes as words."""
    empty = True
    for piece in pieces:
        line = _line(piece)
        if not line:
            if piece.grid is None and not empty:
                yield ""
                empty = True
            continue
        yield line
        empty = False


def _line(piece: Piece) -> str:
    text = piece.text
    if piece.grid is not None:
        text = f"{piece.label}: {' · '.join(part for part in text.split(chr(10)) if part)}" if text else ""
    elif piece.label:
        text = f"{piece.label}: {text}"
    if not text:
        return ""
    if piece.role == "equation":
        return f"    {text}"
    if piece.link is not None:
        return f"- {text} [{':'.join(piece.link)}]"
    return f"- {text}" if piece.role == "item" else text


def address(content: Content, words: str) -> tuple[str, str] | None:
    """The entry whose address the words are, ``lever:price.token``; None where they are no address."""
    from game.tui.screens.codex_entries import known

    kind, mark, label = words.strip().partition(":")
    kind, label = kind.strip().lower(), label.strip()
    return (kind, label) if mark and known(content, kind, label) else None


def name(content: Content, tongue: Tongue, kind: str, label: str) -> str:
    """The name of an entry."""
    from game.tui.screens.codex_entries import name_of

    return name_of(content, tongue, kind, label)


def page_lines(content: Content, tongue: Tongue, kind: str, label: str) -> Iterator[str]:
    """A page as lines of plain text."""
    from game.tui.screens.codex_pages import page

    return text_lines(page(content, tongue, kind, label))


def document(content: Content, tongue: Tongue, kind: str, label: str) -> dict[str, Any]:
    """A page for programs: its name and its pieces in order."""
    from game.tui.screens.codex_pages import page

    pieces = [
        {"role": p.role, "label": p.label, "text": p.text, "link": ":".join(p.link) if p.link else ""}
        for p in page(content, tongue, kind, label) if p.text
    ]  # fmt: skip
    return {"kind": kind, "id": label, "title": name(content, tongue, kind, label), "pieces": pieces}
