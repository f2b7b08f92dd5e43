"""A question with yes and no, and nothing done by accident: Enter is yes only because the question stands alone."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.strip import Strip

from game.tui.kit.draw import ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import wrap
from game.tui.screens.base import BaimoModal


class _Question(Panel, can_focus=True):
    margin = 3

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def draw(self, width: int, height: int) -> list[Strip]:
        base = ink(self.palette.text, self.palette.panel)
        blank = row([], width, base)
        return [blank, *(row([(line, base)], width, base) for line in wrap(self.text, width))]


class AskScreen(BaimoModal[bool]):
    """Dismisses with True after a yes."""

    which = "ask"
    DEFAULT_CSS = """
    AskScreen _Question { width: 60; height: 7; }
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def body(self) -> ComposeResult:
        yield _Question(self.text)

    def action_yes(self) -> None:
        """Yes."""
        self.dismiss(True)
