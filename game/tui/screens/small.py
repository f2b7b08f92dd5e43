"""One sentence while the terminal is too small; it goes by itself when there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.screen import Screen
from textual.strip import Strip

from game.tui.kit.chrome import palette_of
from game.tui.kit.draw import blank, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import wrap

if TYPE_CHECKING:
    from game.tui.app import BaimoApp


class _Sentence(Panel):
    app: BaimoApp
    margin = 0

    def draw(self, width: int, height: int) -> list[Strip]:
        from game.tui.base_app import SMALLEST

        size = self.app.size
        numbers = {"width": SMALLEST[0], "height": SMALLEST[1], "columns": size.width, "rows": size.height}
        tongue, p = self.app.tongue, palette_of(self)
        base = ink(p.text, p.panel)
        lines = wrap(tongue.say("ui.error.too-small", **numbers), max(2, width - 2))
        if len(lines) > height:  # a shorter one rather than half a sentence
            lines = wrap(tongue.say("ui.error.too-small-short", **numbers), width)
        top = [blank(width, base)] * max(0, (height - len(lines)) // 2)
        return [*top, *(row([(line, base)], width, base, align="center") for line in lines)]


class SmallScreen(Screen[None]):
    """Covers whatever was there; that stays as it is underneath."""

    app: BaimoApp
    covers = True
    """For the app, which looks whether it stands before importing it."""

    def compose(self) -> ComposeResult:
        yield _Sentence()

    def retell(self) -> None:
        """Say it in the other language."""
        self.query_one(_Sentence).changed()
