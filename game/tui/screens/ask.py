"""A question with yes and no, and nothing done by accident: Enter is yes only because the question stands alone."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.strip import Strip

from game.tui import actions
from game.tui.kit.draw import Part, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, wrap
from game.tui.screens.base import BaimoModal


class _Question(Panel, can_focus=True):
    margin = 3

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.answers: tuple[tuple[str, str, bool], ...] = ()
        """Key as printed, word, and what it means."""

    def draw(self, width: int, height: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel)
        blank = row([], width, base)
        said = [row([(line, base)], width, base) for line in wrap(self.text, width)][: height - 3]
        out = [blank, *said, *[blank] * (height - 2 - len(said))]
        parts: list[Part] = []
        at = 0
        for key, word, answer in self.answers:
            size = cell_width(key) + cell_width(word) + 3
            parts += [(f" {key} ", ink(p.gold, p.selection, bold=True)), (f"{word} ", ink(p.text, p.selection)), ("   ", base)]
            self.mark(at, at + size, len(out) - 1, answer)
            at += size + 3
        return [*out[:-1], row(parts, width, base), blank]


class AskScreen(BaimoModal[bool]):
    """Dismisses with True after a yes."""

    which = "ask"
    DEFAULT_CSS = """
    AskScreen _Question { width: 60; height: 8; }
    AskScreen _Question:nocolor { border: round $foreground; height: 10; }
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def body(self) -> ComposeResult:
        yield _Question(self.text)

    def tell(self) -> None:
        say = self.tongue.say
        panel = self.query_one(_Question)
        keys = {action.id: action.shown for action in actions.of(self.which, self.app.keymap)}
        panel.answers = ((keys["yes"], say("tui.key.yes.label"), True), (keys["back"], say("looks.no"), False))
        panel.changed()

    def on_panel_hit(self, event: Panel.Hit) -> None:
        """An answer was clicked."""
        event.stop()
        self.dismiss(bool(event.payload))

    def action_yes(self) -> None:
        """Yes."""
        self.dismiss(True)
