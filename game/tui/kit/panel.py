"""The base of every panel: one widget that draws its own rows, caches them and knows its clicks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from game.tui.kit.chrome import glyphs_of, palette_of
from game.tui.kit.draw import Part, blank, fill, ink, row, split_row
from game.tui.kit.text import cell_width, cut
from game.tui.kit.theme import Glyphs, Palette


@dataclass(frozen=True, slots=True)
class Region:
    """Cells `x0` to `x1` (without) of row `y` in a panel; a click there means `payload`."""

    x0: int
    x1: int
    y: int
    payload: Any


class Panel(Widget):
    """A titled panel.  Override `draw`; call `changed` when what it shows has changed.

    `draw(width, height)` returns at most `height` strips for the room inside the margins.  While
    drawing it may call `mark` to make cells clickable; a click posts `Panel.Hit`.  Rows are kept
    until size, theme, glyphs, focus or content change.
    """

    DEFAULT_CSS = """
    Panel { width: 1fr; height: 1fr; }
    """
    ALLOW_SELECT = False
    margin = 1  # empty cells at the left and at the right
    rule_from = 8  # panels of at least so many rows have a line under their title

    class Hit(Message):
        """A click on a marked region; `at` is 0 at its left edge and 1 at its right one."""

        def __init__(self, panel: Panel, region: Region, x: int, event: events.Click) -> None:
            super().__init__()
            self.panel = panel
            self.payload = region.payload
            self.x = x - region.x0
            self.at = self.x / max(1, region.x1 - region.x0 - 1)
            self.shift = event.shift
            self.chain = event.chain

        @property
        def control(self) -> Panel:
            return self.panel

    def __init__(self, title: str = "", note: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._title, self._note = title, note
        self._revision = 0
        self._rows: tuple[object, list[Strip]] | None = None
        self._regions: list[Region] = []
        self._origin = (0, 0)
        self.labels: dict[int, tuple[int, str]] = {}
        """Keys shown for a moment over the rows: row to (column, key)."""
        self.drawn = 0  # how often it was drawn, for tests of the cache

    # What a subclass uses -----------------------------------------------------------------------

    def draw(self, width: int, height: int) -> list[Strip]:
        """The rows inside the panel."""
        return []

    def mark(self, x0: int, x1: int, y: int, payload: Any) -> None:
        """Make cells `x0` to `x1` (without) of content row `y` clickable.  Only while drawing."""
        dx, dy = self._origin
        self._regions.append(Region(x0 + dx, x1 + dx, y + dy, payload))

    def changed(self) -> None:
        """What the panel shows has changed: draw it anew."""
        self._revision += 1
        self.refresh()

    def head(self, title: str | None = None, note: str | None = None) -> None:
        """Change title or note."""
        fresh = (self._title if title is None else title, self._note if note is None else note)
        if fresh != (self._title, self._note):
            self._title, self._note = fresh
            self.changed()

    @property
    def palette(self) -> Palette:
        """The colours to draw with."""
        return palette_of(self)

    @property
    def glyphs(self) -> Glyphs:
        """The characters to draw with."""
        return glyphs_of(self)

    def region_at(self, x: int, y: int) -> Region | None:
        """The region at a cell of the panel; of two that overlap, the one marked later."""
        self._ensure()
        for region in reversed(self._regions):
            if region.y == y and region.x0 <= x < region.x1:
                return region
        return None

    # What Textual calls ------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        rows = self._ensure()
        if 0 <= y < len(rows):
            return self._labelled(rows[y], *self.labels[y]) if y in self.labels else rows[y]
        return blank(self.size.width, ink(self.palette.text, self.palette.panel))

    def _labelled(self, strip: Strip, x: int, key: str) -> Strip:
        p = self.palette
        mark = row([(f" {key} ", ink(p.ground, p.gold, bold=True))], 3, ink(p.text, p.panel))
        return Strip.join([strip.crop(0, x), mark, strip.crop(x + 3, strip.cell_length)])

    # Where the keyboard can jump: panels whose rows are places of their own override these three.

    def rows_to_jump(self) -> list[Any]:
        """Rows that can be seen now and can be jumped to."""
        return []

    def place_of(self, row: Any) -> tuple[int, int]:
        """Column and row where the key of such a row is shown."""
        raise NotImplementedError

    def jump_to(self, row: Any) -> None:
        """Put the cursor on such a row."""

    def on_click(self, event: events.Click) -> None:
        region = self.region_at(event.x, event.y)
        if region is not None:
            event.stop()
            self.post_message(self.Hit(self, region, event.x, event))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    # Drawing -----------------------------------------------------------------------------------

    def _ensure(self) -> list[Strip]:
        p, glyphs = self.palette, self.glyphs
        key = (self.size, p.name, glyphs.plain, self.has_focus, self._revision)
        if self._rows is None or self._rows[0] != key:
            self._rows = key, self._draw_all(p, glyphs)
        return self._rows[1]

    def _draw_all(self, p: Palette, glyphs: Glyphs) -> list[Strip]:
        width, height = self.size
        base = ink(p.text, p.panel)
        self._regions = []
        self.drawn += 1
        if width <= 0 or height <= 0:
            return []
        top: list[Strip] = []
        margin = self.margin if width > 2 * self.margin + 4 else 0
        inner = width - 2 * margin
        edge = blank(margin, base)
        if self._title:
            mark = glyphs.focus if self.has_focus else " "
            lead: list[Part] = [(mark if margin else "", ink(p.gold, bold=True))]
            # The title stays whole as long as it can: the note gives way.
            room = inner - cell_width(self._title) - 2
            note = cut(self._note, room, glyphs.ellipsis) if room >= 4 else ""
            title: Part = (cut(self._title, inner, glyphs.ellipsis), ink(p.gold, bold=True))
            tail: list[Part] = [(note, ink(p.dim)), (" " * margin, base)] if note else []
            top.append(split_row([*lead, title], tail, width, base))
            if height >= self.rule_from:
                top.append(row([(glyphs.thin * width, ink(p.line))], width, base))
        self._origin = (margin, len(top))
        body = fill(self.draw(inner, height - len(top)), inner, height - len(top), base)
        return [*top, *(Strip.join([edge, strip, edge]) for strip in body)]
