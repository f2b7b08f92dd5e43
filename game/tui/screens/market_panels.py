"""What the pages of the market screen share: the row of tabs, and a panel that is one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from game.tui.kit.draw import Part, blank, ink, row, split_row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, wrap
from game.tui.screens.market_words import who

if TYPE_CHECKING:
    from game.language import Tongue
    from game.tui.screens.market_facts import Past

PAGES: Final = ("matrix", "firm", "time", "events", "course")
"""Pages of the screen in the order of their digits."""
TINY: Final = 0.0005
"""A share below which a row is not worth its line."""


def year_ticks(tongue: Tongue, quarters: Sequence[int]) -> tuple[str, ...]:
    """Labels under a chart by quarter: the first point and every first quarter of a year."""
    return tuple(
        tongue.quarter(q, "short") if q >= 0 and (i == 0 or q % 4 == 0) else "" for i, q in enumerate(quarters)
    )  # fmt: skip


class PageTabs(Panel, can_focus=False):
    """The names of the pages, the open one set off; a click opens one."""

    margin = 1

    def __init__(self) -> None:
        super().__init__(id="tabs")
        self.names: tuple[str, ...] = ()
        self.at = 0
        self.note = ""

    def show(self, names: tuple[str, ...], at: int, note: str) -> None:
        """Show the tabs, the one at ``at`` open."""
        self.names, self.at, self.note = names, at, note
        self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel)
        gap = 3 if sum(cell_width(n) + 5 for n in self.names) <= width else 2
        parts: list[Part] = []
        x = 0
        for i, name in enumerate(self.names):
            here = i == self.at
            text = f"{i + 1} {name}"
            parts += [(f"{i + 1} ", ink(p.gold)), (name, ink(p.gold if here else p.text, bold=here, underline=here))]
            self.mark(x, x + cell_width(text), 0, PAGES[i])
            parts.append((" " * gap, base))
            x += cell_width(text) + gap
        note = self.note if x + cell_width(self.note) <= width else ""
        return [split_row(parts, [(note, ink(p.dim))] if note else [], width, base)]


class Page(Panel, can_focus=True):
    """One page: it draws everything itself and moves its own cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False), Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-8)", show=False), Binding("pagedown", "move(8)", show=False),
        Binding("home", "move(-999)", show=False), Binding("end", "move(999)", show=False),
        Binding("left", "turn(-1)", show=False), Binding("right", "turn(1)", show=False),
        Binding("enter", "open", show=False),
    ]  # fmt: skip
    rule_from = 999

    class Open(Message):
        """An entry of the codex is wanted."""

        def __init__(self, kind: str, id: str) -> None:
            super().__init__()
            self.kind, self.id = kind, id

    class Firm(Message):
        """A firm is chosen; with ``show`` its page is wanted."""

        def __init__(self, index: int, show: bool = False) -> None:
            super().__init__()
            self.index, self.show = index, show

    class Segment(Message):
        """A segment is chosen."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self.past: Past | None = None
        self.chosen = 0
        """Row of the firm that the screen looks at."""
        self.segment = "developers"

    def load(self, past: Past, chosen: int, segment: str) -> None:
        """Show the market as it is known now."""
        self.past, self.chosen, self.segment = past, chosen, segment
        self.prepare()
        self.changed()

    def prepare(self) -> None:
        """Work out what is to be drawn."""

    def move(self, step: int) -> None:
        """Up or down."""

    def turn(self, step: int) -> None:
        """Left or right."""

    def source(self) -> tuple[str, str]:
        """The entry of the codex that the page is about now."""
        return ("segment", self.segment)

    # what Textual calls -----------------------------------------------------------------------------------------------
    def action_move(self, step: int) -> None:
        if self.past is not None:
            self.move(step)
            self.changed()

    def action_turn(self, step: int) -> None:
        if self.past is not None:
            self.turn(step)
            self.changed()

    def action_open(self) -> None:
        if self.past is not None:
            self.post_message(self.Open(*self.source()))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_move(-1)

    # what pages draw with ---------------------------------------------------------------------------------------------
    @property
    def tongue(self) -> Tongue:
        """Who speaks."""
        tongue: Tongue = self.app.tongue  # type: ignore[attr-defined]
        return tongue

    def heading(self, text: str, note: str, width: int) -> Strip:
        """A heading with a note at its right, which gives way where both have no room."""
        p = self.palette
        note = note if cell_width(text) + 2 + cell_width(note) <= width else ""
        left: list[Part] = [(text, ink(p.gold, bold=True))]
        return split_row(left, [(note, ink(p.dim))] if note else [], width, ink(p.text, p.panel))

    def rule(self, width: int) -> Strip:
        """A thin line."""
        p = self.palette
        return row([(self.glyphs.thin * width, ink(p.line))], width, ink(p.text, p.panel))

    def empty(self, width: int) -> Strip:
        """An empty row."""
        return blank(width, ink(self.palette.text, self.palette.panel))

    def called(self, index: int, *, short: bool = True) -> str:
        """A firm's name."""
        assert self.past is not None
        return who(self.tongue, self.past.firm(index), self.past.view.firm, short=short)


def fitting(items: Sequence[str], width: int, joiner: str) -> str:
    """As many of the first items as one line holds."""
    line = ""
    for item in items:
        longer = f"{line}{joiner}{item}" if line else item
        if cell_width(longer) > width and line:
            break
        line = longer
    return line


def flowing(items: Sequence[str], width: int, joiner: str) -> list[str]:
    """Items as lines, none torn apart unless it is wider than a line."""
    lines: list[str] = []
    for item in items:
        longer = f"{lines[-1]}{joiner}{item}" if lines else item
        if lines and cell_width(longer) <= width:
            lines[-1] = longer
        else:
            lines += wrap(item, width)
    return lines


__all__ = ["PAGES", "TINY", "Page", "PageTabs", "fitting", "flowing", "year_ticks"]
