"""`Paper`: long text to read, wrapped by our rule and drawn line by line from a cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from game.tui.kit.chrome import glyphs_of, palette_of
from game.tui.kit.draw import blank, ink, row
from game.tui.kit.text import wrap
from game.tui.kit.theme import Palette

Role = Literal["body", "title", "head", "dim", "good", "bad", "key"]


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph: its text, its role, and how far it and its later lines are indented."""

    text: str
    role: Role = "body"
    indent: int = 0
    hang: int = 0


def role_ink(role: Role, p: Palette) -> Style:
    """The style of a role."""
    return {
        "body": ink(p.text), "title": ink(p.gold, bold=True), "head": ink(p.text, bold=True),
        "dim": ink(p.dim), "good": ink(p.jade), "bad": ink(p.cinnabar), "key": ink(p.gold),
    }[role]  # fmt: skip


class Paper(ScrollView, can_focus=True):
    """Scrollable text.  Arrows, page keys, Home, End and the wheel move it; nothing is animated."""

    DEFAULT_CSS = """
    Paper {
        width: 1fr; height: 1fr; overflow-x: hidden; overflow-y: auto;
        scrollbar-gutter: stable; scrollbar-size-vertical: 1;
    }
    """
    ALLOW_SELECT = False

    def __init__(
        self, text: str | Sequence[Para] = "", *, measure: int = 84, margin: int = 1, **kwargs: Any
    ) -> None:
        """`measure` is the longest line in cells: a longer one tires the eye."""
        super().__init__(**kwargs)
        self._measure, self._margin = measure, margin
        self._paras = _paras(text)
        self._lines: list[tuple[str, Role]] = []
        self._wrapped_for: tuple[int, int] | None = None
        self._revision = 0
        self._strips: dict[tuple[int, str, int], Strip] = {}

    def show(self, text: str | Sequence[Para], *, top: bool = True) -> None:
        """Show another text, from its top unless told otherwise."""
        self._paras = _paras(text)
        self._revision += 1
        if self.is_mounted:
            self._wrap()
            if top:
                self.scroll_to(y=0, animate=False, immediate=True)
            self.refresh()

    @property
    def line_count(self) -> int:
        """The lines that the text takes at this width."""
        return len(self._lines)

    def on_resize(self, event: events.Resize) -> None:
        self._wrap()

    def _wrap(self) -> None:
        width = self.scrollable_content_region.width
        key = (width, self._revision)
        if width <= 0 or key == self._wrapped_for:
            return
        self._wrapped_for = key
        self._strips.clear()
        room = max(2, min(width - 2 * self._margin, self._measure))
        self._lines = [
            (" " * para.indent + line, para.role)
            for para in self._paras
            for line in wrap(para.text, room - para.indent, hang=para.hang)
        ]
        self.virtual_size = Size(width, len(self._lines))

    def render_line(self, y: int) -> Strip:
        p = palette_of(self)
        width = self.size.width
        base = ink(p.text, p.panel)
        index = self.scroll_offset.y + y
        if not 0 <= index < len(self._lines):
            return blank(width, base)
        key = (index, p.name, width)
        strip = self._strips.get(key)
        if strip is None:
            text, role = self._lines[index]
            parts = [(" " * self._margin, base), (text, role_ink(role, p))]
            strip = row(parts, width, base, ellipsis=glyphs_of(self).ellipsis)
            self._strips[key] = strip
        return strip

    # Moving is at once: an animated scroll draws many frames over a slow line.

    def _go(self, y: float) -> None:
        self.scroll_to(y=y, animate=False, immediate=True)

    def action_scroll_up(self) -> None:
        self._go(self.scroll_offset.y - 1)

    def action_scroll_down(self) -> None:
        self._go(self.scroll_offset.y + 1)

    def action_page_up(self) -> None:
        self._go(self.scroll_offset.y - max(1, self.size.height - 1))

    def action_page_down(self) -> None:
        self._go(self.scroll_offset.y + max(1, self.size.height - 1))

    def action_scroll_home(self) -> None:
        self._go(0)

    def action_scroll_end(self) -> None:
        self._go(self.max_scroll_y)


def _paras(text: str | Sequence[Para]) -> tuple[Para, ...]:
    return (Para(text),) if isinstance(text, str) else tuple(text)
