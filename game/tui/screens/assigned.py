"""What an assignment asks, and who plays it: told before the first quarter, answered with Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.strip import Strip
from textual.widgets import Input

from game.classroom.assign_command import told
from game.language import clean_text
from game.tui.kit.draw import ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import wrap
from game.tui.screens.base import BaimoModal

if TYPE_CHECKING:
    from game.table.assignment import Assignment

NAME: Final = 24
"""Cells of a name or number."""


class _Asked(Panel):
    margin = 2

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def draw(self, width: int, height: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel)
        out = [row([(part, base)], width, base) for line in self.lines for part in wrap(line, width)]
        if len(out) > height - 2:  # what is wanted last always shows
            out = out[: height - 3]
        last = [row([(part, ink(p.gold, p.panel))], width, base) for part in wrap(self.question, width)]
        return [*out, row([], width, base), *last][:height]

    question = ""


class AssignedScreen(BaimoModal[str]):
    """Dismisses with the name or number that was typed (it may be empty), with None after Escape."""

    which = "ask"
    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    AssignedScreen #sheet { width: 66; max-width: 96%; height: auto; background: $surface; layout: vertical; }
    AssignedScreen _Asked { height: 16; }
    AssignedScreen Input { width: 1fr; margin: 0 2 1 2; background: $boost; }
    AssignedScreen #sheet:nocolor { border: round $foreground; }
    """

    def __init__(self, plan: Assignment) -> None:
        super().__init__()
        self.plan = plan

    def body(self) -> ComposeResult:
        with Vertical(id="sheet"):
            yield _Asked()
            yield Input(max_length=60)

    def tell(self) -> None:
        say = self.tongue.say
        panel = self.query_one(_Asked)
        panel.head(clean_text(self.plan.title, 60) or say("class.assignment.head"))
        panel.lines = told(self.plan, self.tongue)[1 if self.plan.title else 0 :]
        panel.question = say("class.assignment.who")
        need = sum(len(wrap(line, 58)) for line in (*panel.lines, panel.question)) + 4
        panel.styles.height = max(8, min(need, self.app.size.height - 8))
        panel.changed()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter founds the game."""
        event.stop()
        self.dismiss(clean_text(event.value, NAME))

    def action_yes(self) -> None:
        """The key bar's word for Enter was clicked."""
        self.dismiss(clean_text(self.query_one(Input).value, NAME))
