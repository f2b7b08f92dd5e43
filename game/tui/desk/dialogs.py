"""What lies over the desk: a line to type into, and a short list to choose from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widgets import Input

from game.tui.desk.panels import Listing
from game.tui.desk.state import seconds_of
from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, fit, wrap
from game.tui.screens.base import BaimoModal

if TYPE_CHECKING:
    from game.tui.dashboard import DashboardApp


def seconds_field(text: str) -> float | None:
    """Seconds as typed. Raises ValueError."""
    return seconds_of(text)


class Words(Panel):
    """The explanation over the line, and below it what is wrong with it."""

    margin = 2
    rule_from = 999

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.text = self.fault = ""

    def draw(self, width: int, height: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel)
        said = [row([(line, ink(p.dim))], width, base) for line in wrap(self.text, width)] if self.text else []
        bad = [row([(line, ink(p.cinnabar))], width, base) for line in wrap(self.fault, width)] if self.fault else []
        return [*bad, *said][:height]

    def say(self, title: str, text: str) -> None:
        """Say something; what was wrong stays."""
        self.text = text
        self.head(title)
        self.changed()

    def fail(self, fault: str) -> None:
        """Say what is wrong, or that nothing is."""
        self.fault = fault
        self.changed()


class FieldScreen(BaimoModal[None]):
    """One line to type. ``read`` raises ValueError for what cannot be taken; then the fault is told and nothing done."""

    which = "field"
    app: DashboardApp
    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    FieldScreen #sheet { width: 72; max-width: 96%; height: 8; background: $surface; padding: 0; layout: vertical; }
    FieldScreen Words { height: 1fr; }
    FieldScreen #head { height: 2; }
    FieldScreen Input { width: 1fr; margin: 0 2; background: $boost; }
    FieldScreen #sheet:nocolor { border: round $foreground; height: 10; }
    """

    def __init__(
        self, title: str, note: str, value: str, read: Callable[[str], Any], then: Callable[[str], Awaitable[None]],
        *, fault: str, args: Mapping[str, Any] | None = None, most: int = 40,
    ) -> None:  # fmt: skip
        super().__init__()
        self.title_id, self.note, self.value, self.read, self.then = title, note, value, read, then
        self.fault_id, self.args, self.most = fault, dict(args or {}), most

    def body(self) -> ComposeResult:
        from textual.containers import Vertical

        with Vertical(id="sheet"):
            yield Words(id="head")
            yield Input(self.value, max_length=self.most, select_on_focus=True)
            yield Words(id="foot")

    def tell(self) -> None:
        say = self.tongue.say
        self.query_one("#head", Words).say(say(self.title_id, **self.args), "")
        self.query_one("#foot", Words).say("", self.note)

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            self.read(event.value)
        except ValueError:
            self.query_one("#foot", Words).fail(self.tongue.say(self.fault_id, **self.args))
            return
        self.dismiss(None)
        await self.then(event.value)


class _Menu(Listing):
    margin = 2

    def __init__(self, items: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self.items = items

    def count(self) -> int:
        return len(self.items)

    def take(self) -> None:
        if self.items:
            self.screen.dismiss(self.items[self.cursor][0])

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character in "123456789" and int(event.character) <= len(self.items):
            event.stop()
            self.cursor = int(event.character) - 1
            self.take()
            return
        super().on_key(event)

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        label = min(width - 6, max((cell_width(i[1]) for i in self.items), default=0) + 2)
        out: list[Strip] = [blank(width, base)]
        for i in self.window(max(1, height - 2)):
            here = i == self.cursor
            ground = p.selection if here else p.panel
            _, name, note = self.items[i]
            digit = str(i + 1) if i < 9 else " "
            parts: list[Part] = [
                (g.focus if here else " ", ink(p.gold, ground)), (f" {digit} ", ink(p.gold, ground)),
                (fit(name, label), ink(p.text, ground, bold=here)), (note, ink(p.dim, ground)),
            ]  # fmt: skip
            self.mark(0, width, len(out), i)
            out.append(row(parts, width, ink(p.text, ground), ellipsis=g.ellipsis))
        return out


class MenuScreen(BaimoModal[str]):
    """A short list; dismisses with the id taken."""

    which = "menu"
    app: DashboardApp
    DEFAULT_CSS = """
    MenuScreen _Menu { width: 76; max-width: 96%; height: 8; }
    MenuScreen _Menu:nocolor { border: round $foreground; height: 10; }
    """

    def __init__(self, title: str, items: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self.title_text, self.items = title, items

    def body(self) -> ComposeResult:
        yield _Menu(self.items)

    def tell(self) -> None:
        menu = self.query_one(_Menu)
        menu.head(self.title_text)
        menu.styles.height = min(len(self.items) + 4, max(6, self.app.size.height - 4))
        menu.focus()
