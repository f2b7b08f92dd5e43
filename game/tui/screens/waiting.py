"""One sentence while other firms still think: the quarter ends when they have decided, and the keys wait with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.strip import Strip

from game.tui.kit.draw import blank, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import wrap

if TYPE_CHECKING:
    from game.tui.app import BaimoApp

class _Sentence(Panel):
    app: BaimoApp
    margin = 3

    def draw(self, width: int, height: int) -> list[Strip]:
        base = ink(self.palette.text, self.palette.panel)
        lines = wrap(self.app.tongue.say("tui.closing"), width)
        return [blank(width, base), *(row([(line, base)], width, base) for line in lines)]


class WaitScreen(ModalScreen[None]):
    """Stands over the boardroom until the one that opened it takes it away; no key does."""

    app: BaimoApp
    DEFAULT_CSS = """
    WaitScreen { align: center middle; }
    WaitScreen _Sentence { width: 60; height: 4; }
    """

    def compose(self) -> ComposeResult:
        yield _Sentence()

    def retell(self) -> None:
        """Say it in the other language."""
        self.query_one(_Sentence).changed()

    def leave(self) -> None:
        """Go, with whatever has come to stand over it."""
        while self in self.app.screen_stack:
            self.app.pop_screen()
