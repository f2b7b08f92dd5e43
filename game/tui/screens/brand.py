"""The title bar of a screen outside the game: the name in this language, the other one as its byline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.tui.kit.chrome import Title
from game.tui.screens.headed import headed

__all__ = ["headed", "title"]

if TYPE_CHECKING:
    from game.language import Tongue


def title(tongue: Tongue, centre: str, right: str = "") -> Title:
    """A title bar with its centre and its right end."""
    return Title(tongue.say("ui.app.name"), "BAIMO" if tongue.lang == "zh" else "百模大战", centre, right)

