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


STEPS = 3
"""Dots that come one after the other, where things may move."""


class _Sentence(Panel):
    app: BaimoApp
    margin = 3
    step = 0

    def on_mount(self) -> None:
        if self.app.moves:
            self.set_interval(0.4, self.go_on)

    def go_on(self) -> None:
        """One more dot, or from the first again."""
        self.step = (self.step + 1) % (STEPS + 1)
        self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel)
        lines = wrap(self.app.tongue.say("tui.closing"), width)
        dots = row([(f" {self.glyphs.dot}" * self.step, ink(p.gold, bold=True))], width, base)
        return [blank(width, base), *(row([(line, base)], width, base) for line in lines), dots]


class WaitScreen(ModalScreen[None]):
    """Stands over the boardroom until the one that opened it takes it away; no key does."""

    app: BaimoApp
    DEFAULT_CSS = """
    WaitScreen { align: center middle; }
    WaitScreen _Sentence { width: 60; height: 5; }
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
