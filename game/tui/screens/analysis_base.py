"""The base of the analysis panels: each is one widget that draws rows of its own, scrolls, and moves one cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip

from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import wrap

if TYPE_CHECKING:
    from game.language import Tongue
    from game.tui.app import BaimoApp
    from game.tui.screens.analysis_state import Board


class BoardView(Panel, can_focus=True):
    """A panel of the analysis. Keys are those of the screen, so they are the same wherever the focus is."""

    app: BaimoApp
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "screen.move(-1)", show=False), Binding("down", "screen.move(1)", show=False),
        Binding("home", "screen.move(-9999)", show=False), Binding("end", "screen.move(9999)", show=False),
        Binding("pageup", "screen.turn(-1)", show=False), Binding("pagedown", "screen.turn(1)", show=False),
        Binding("left", "screen.across(-1)", show=False), Binding("right", "screen.across(1)", show=False),
        Binding("enter", "screen.unfold", show=False), Binding("tab", "screen.other_run", show=False),
        *(Binding(str(n), f"screen.page({n - 1})", show=False) for n in range(1, 6)),
    ]  # fmt: skip

    def __init__(self, board: Board, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.board = board
        self.top = 0
        self._longest = 0

    @property
    def tongue(self) -> Tongue:
        """Who speaks."""
        return self.app.tongue

    def say(self, key: str, **args: Any) -> str:
        """A sentence of this screen."""
        return self.tongue.say(f"screens.analysis.{key}", **args)

    def load(self) -> None:
        """Say everything anew: another language, other numbers, another quarter."""
        self.changed()

    @property
    def base(self) -> Style:
        """Text on the panel's ground."""
        return ink(self.palette.text, self.palette.panel)

    def lines(self, text: str, width: int, colour: str, *, bold: bool = False, lead: Sequence[Part] = (), hang: int = 0) -> list[Strip]:
        """A paragraph wrapped; ``lead`` stands before its first line, which must be ``hang`` cells wide."""
        out = []
        for n, line in enumerate(wrap(text, max(2, width - hang))):
            parts = [*lead] if lead and n == 0 else [(" " * hang, self.base)]
            out.append(row([*parts, (line, ink(colour, bold=bold))], width, self.base))
        return out

    def window(self, rows: Sequence[Strip], height: int, width: int, keep: tuple[int, int] | None = None) -> list[Strip]:
        """The rows that are seen, from `top` on; ``keep`` are rows that must be among them."""
        if keep is not None:
            self.top = min(max(self.top, keep[1] - height), keep[0])
        self._longest = max(0, len(rows) - height)
        self.top = min(max(self.top, 0), self._longest)
        shown = list(rows[self.top : self.top + height])
        if not self._longest:
            return shown
        p, g = self.palette, self.glyphs
        size = max(1, height * height // len(rows))
        start = round(self.top * (height - size) / self._longest)
        out = []
        for y, strip in enumerate(shown):
            knob = start <= y < start + size
            bar = row([(g.full if knob and g.plain else "▐" if knob else " ", ink(p.line))], 1, self.base)
            out.append(Strip.join([strip.crop(0, width - 1).adjust_cell_length(width - 1, self.base), bar]))
        return out

    def roll(self, step: int) -> bool:
        """Scroll; whether that moved anything."""
        top = min(max(self.top + step, 0), self._longest)
        if top == self.top:
            return False
        self.top = top
        self.changed()
        return True

    def empty(self, text: str, width: int) -> list[Strip]:
        """Nothing to show, and why."""
        return [blank(width, self.base), *self.lines(text, min(width, 76), self.palette.dim)]

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.wheel(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.wheel(-1)

    def wheel(self, step: int) -> None:
        """The wheel scrolls where there is something to scroll."""
        self.roll(2 * step)
