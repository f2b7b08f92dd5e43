"""A sheet: sections of rows under headings, with a cursor over the rows that lead on to the codex, and scrolling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.strip import Strip

from game.tui.kit.draw import blank, ink, row
from game.tui.kit.panel import Panel


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: how it is drawn, and the codex entry (kind, id) behind it, if there is one."""

    strip: Strip
    source: tuple[str, str] = ("", "")
    why: tuple[str, str, str] = ("", "", "")
    """The number, its segment and the part of it that the row shows, where it can be explained."""


Maker = Callable[[int, int], Sequence[Entry]]
"""Rows of a section for a width and the rows that may be used."""


class Sheet(Panel, can_focus=True):
    """Sections one below the other. Arrows go from row to row, page keys by the page; what does not fit scrolls."""

    def __init__(self, *sections: Maker, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sections = sections
        self.cursor = -1
        self.top = 0
        self.airy = False
        """Whether sections may spread their rows: there is room for all of them."""
        self._entries: list[Entry] = []
        self._room = 1

    def show(self, *sections: Maker) -> None:
        """Show other sections, from the top."""
        self.sections = sections
        self.cursor, self.top = -1, 0
        self.changed()

    def again(self, *sections: Maker) -> None:
        """Show the same sections in other words, without moving the reader."""
        self.sections = sections
        self.changed()

    @property
    def source(self) -> tuple[str, str]:
        """The codex entry of the row under the cursor."""
        return self._entries[self.cursor].source if 0 <= self.cursor < len(self._entries) else ("", "")

    @property
    def why(self) -> tuple[str, str, str]:
        """What the row under the cursor explains."""
        return self._entries[self.cursor].why if 0 <= self.cursor < len(self._entries) else ("", "", "")

    @property
    def entries(self) -> list[Entry]:
        """The rows as they were last drawn."""
        return self._entries

    def draw(self, width: int, height: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel)
        self.airy = True
        entries = self._make(width, height)
        if len(entries) > height:
            self.airy = False
            entries = self._make(width, height)
        if len(entries) > height:
            entries = self._make(width - 2, height)
        self._entries, self._room = entries, height
        more = len(entries) > height
        self.top = min(max(0, self.top), max(0, len(entries) - height))
        if self.has_focus and self.cursor >= 0:
            if self.cursor < self.top:
                self.top = self.cursor
            elif self.cursor >= self.top + height:
                self.top = self.cursor - height + 1
        out: list[Strip] = []
        size = max(1, height * height // max(1, len(entries)))
        start = round(self.top * (height - size) / max(1, len(entries) - height)) if more else 0
        for y, entry in enumerate(entries[self.top : self.top + height]):
            lit = self.has_focus and self.top + y == self.cursor
            strip = entry.strip.apply_style(ink(None, p.selection)) if lit else entry.strip
            if lit:
                strip = Strip([type(s)(s.text, (s.style or base) + ink(None, p.selection)) for s in entry.strip], width)
            if more:
                strip = strip.adjust_cell_length(width - 2, base)
                bar = ink(p.dim if start <= y < start + size else p.line)
                strip = Strip.join([strip, blank(1, base), row([(self.glyphs.bar, bar)], 1, base)])
            out.append(strip)
            self.mark(0, width, y, ("entry", self.top + y))
        return out

    def _make(self, width: int, height: int) -> list[Entry]:
        base = ink(self.palette.text, self.palette.panel)
        made = [list(section(width, height)) for section in self.sections]
        made = [rows for rows in made if rows]
        # Air between sections wherever there is room for it.
        air = 1
        out: list[Entry] = []
        for n, rows in enumerate(made):
            if n:
                out += [Entry(blank(width, base))] * air
            out += rows
        return out

    # Moving -------------------------------------------------------------------------------------------------------------

    def _step(self, step: int) -> None:
        place = self.cursor
        while 0 <= (place := place + step) < len(self._entries):
            if self._entries[place].source[0]:
                if abs(place - self.cursor) > self._room and self.cursor >= 0:
                    break
                self.cursor = place
                self.changed()
                return
        self._roll(step)

    def _roll(self, step: int) -> None:
        self.top = min(max(0, self.top + step), max(0, len(self._entries) - self._room))
        if self.cursor >= 0 and not self.top <= self.cursor < self.top + self._room:
            self.cursor = -1 if self.top == 0 and step < 0 else min(max(self.cursor, self.top), self.top + self._room - 1)
        self.changed()

    def on_key(self, event: events.Key) -> None:
        steps = {"up": -1, "down": 1}
        pages = {"pageup": -self._room, "pagedown": self._room, "home": -9999, "end": 9999}
        if event.key in steps:
            self._step(steps[event.key])
        elif event.key in pages:
            self._roll(pages[event.key])
        else:
            return
        event.stop()
        event.prevent_default()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._roll(2)
        event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._roll(-2)
        event.stop()

    def on_click(self, event: events.Click) -> None:
        region = self.region_at(event.x, event.y)
        if region is None:
            return
        event.stop()
        event.prevent_default()
        place = region.payload[1]
        if place < len(self._entries) and self._entries[place].source[0]:
            if place == self.cursor:
                self.post_message(self.Hit(self, region, event.x, event))
            self.cursor = place
            self.changed()
