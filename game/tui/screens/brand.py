"""The title bar of a screen outside the game: the name in this language, the other one as its byline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.tui.kit.chrome import Title

if TYPE_CHECKING:
    from game.language import Tongue


def title(tongue: Tongue, centre: str, right: str = "") -> Title:
    """A title bar with its centre and its right end."""
    return Title(tongue.say("ui.app.name"), "BAIMO" if tongue.lang == "zh" else "百模大战", centre, right)


def headed(text: str, lang: str) -> str:
    """Text as it begins a sentence or heads a page: English with a capital.

    >>> headed("your firm", "en"), headed("你的公司", "zh")
    ('Your firm', '你的公司')
    """
    return text[:1].upper() + text[1:] if lang == "en" else text
