"""The two halves of the codex: the list of entries and the page, each one widget that draws itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from game.tui.kit.draw import Part, blank, ink, row, split_row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, cut, wrap
from game.tui.screens.codex_index import Entry
from game.tui.screens.codex_lines import Line, lay
from game.tui.screens.codex_piece import Link, Piece

LEAST = 24
"""Cells of a list under which a row has room for nothing but the name."""


class EntryList(Panel, can_focus=True):
    """At most 200 entries under one kind; arrows move, left and right change the kind, Enter reads."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False), Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False), Binding("pagedown", "move(10)", show=False),
        Binding("home", "move(-9999)", show=False), Binding("end", "move(9999)", show=False),
        Binding("left", "kind(-1)", show=False), Binding("right", "kind(1)", show=False),
        Binding("enter", "read", show=False), Binding("f,f8", "first_link", show=False),
    ]  # fmt: skip

    class Moved(Message):
        """Another entry is under the cursor."""

        def __init__(self, entry: Entry) -> None:
            super().__init__()
            self.entry = entry

    class Read(Message):
        """The entry under the cursor is wanted for reading."""

    class First(Message):
        """The first thing that the page of the entry under the cursor leads on to is wanted."""

    class Kind(Message):
        """Another kind is wanted: ``step`` to the left or right."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Up(Message):
        """The cursor wants to leave upwards, to the search field."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.entries: Sequence[Entry] = ()
        self.cursor = 0
        self.away = False
        """Whether the page shows an entry that is not in the list."""
        self.kind = ""
        self.empty = ""
        self._top = 0
        self._short: Callable[[str], str] = str

    def show(self, entries: Sequence[Entry], *, kind: str, empty: str, short: Callable[[str], str]) -> None:
        """Show other entries, the cursor on the first; ``short`` names a kind in two or four cells."""
        self.entries, self.kind, self.empty, self._short = tuple(entries), kind, empty, short
        self.cursor = self._top = 0
        self.away = False
        self.changed()

    def put_cursor(self, link: Link) -> None:
        """The cursor on an entry, or out of sight where it is not listed; nothing is announced."""
        places = [i for i, entry in enumerate(self.entries) if (entry.kind, entry.id) == link]
        self.away = not places
        self.cursor = places[0] if places else self.cursor
        self.changed()

    @property
    def current(self) -> Entry | None:
        """The entry under the cursor."""
        return self.entries[self.cursor] if self.cursor < len(self.entries) else None

    def action_move(self, step: int) -> None:
        if self.away and self.entries:
            self._to(self.cursor)
            return
        if step == -1 and self.cursor == 0:
            self.post_message(self.Up())
            return
        at = min(max(self.cursor + step, 0), max(0, len(self.entries) - 1))
        if at != self.cursor:
            self._to(at)

    def _to(self, at: int) -> None:
        self.cursor, self.away = at, False
        self.changed()
        if self.current is not None:
            self.post_message(self.Moved(self.current))

    def action_kind(self, step: int) -> None:
        self.post_message(self.Kind(step))

    def action_first_link(self) -> None:
        if self.current is not None:
            self.post_message(self.First())

    def action_read(self) -> None:
        if self.current is not None:
            self.post_message(self.Read())

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        self.focus()
        if isinstance(event.payload, int):
            self._to(event.payload)
        else:
            self.action_kind(-1 if event.payload == "left" else 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        if self.cursor:
            self.action_move(-min(3, self.cursor))

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        name = self._short(self.kind)
        arrows = p.gold if self.has_focus else p.dim
        head: list[Part] = [
            (f"{g.left} ", ink(arrows, bold=True)),
            (name, ink(p.text, bold=True)),
            (f" {g.right}", ink(arrows, bold=True)),
        ]
        out = [row(head, width, base)]
        self.mark(0, 2, 0, "left")
        self.mark(3, 4 + cell_width(name), 0, "right")
        if not self.entries:
            out.append(blank(width, base))
            out += [row([(line, ink(p.dim))], width, base) for line in wrap(self.empty, width)]
            return out
        room = max(1, height - 1)
        self._top = min(max(self._top, self.cursor - room + 1), self.cursor)
        self._top = max(0, min(self._top, len(self.entries) - room))
        for i in range(self._top, min(self._top + room, len(self.entries))):
            entry, here = self.entries[i], i == self.cursor and not self.away
            ground = p.selection if here else p.panel
            line = ink(p.text, ground)
            lead = ink(p.gold, ground, bold=True)
            mark = g.focus if here and self.has_focus else " "
            # a figure is told by its value, the rest by its kind; a value too long for the margin is on the page
            word = entry.note if 0 < cell_width(entry.note) <= 12 else "" if self.kind else self._short(entry.kind)
            tag: list[Part] = [(f" {word}", ink(p.dim, ground))] if word and width >= LEAST else []
            label = ink(p.gold if here else p.text, ground, bold=here)
            out.append(split_row([(mark, lead), (cut(entry.name, width, g.ellipsis), label)], tag, width, line))
            self.mark(0, width, len(out) - 1, i)
        return out


class LinkPage(Panel, can_focus=True):
    """A page with links: up and down go from link to link and scroll on, Enter follows, the mouse too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", show=False), Binding("down", "step(1)", show=False),
        Binding("pageup", "scroll(-1)", show=False), Binding("pagedown,space", "scroll(1)", show=False),
        Binding("home", "ends(0)", show=False), Binding("end", "ends(1)", show=False),
        Binding("enter,right,f,f8", "follow", show=False), Binding("left", "leave", show=False),
    ]  # fmt: skip
    measure = 76
    wide_measure = 96
    """Cells of a line of text, and where the page is wide enough to look empty with that."""

    class Follow(Message):
        """A link is to be opened."""

        def __init__(self, link: Link) -> None:
            super().__init__()
            self.link = link

    class Leave(Message):
        """Back to the list."""

    class Pointed(Message):
        """Another link is under the cursor, or none."""

        def __init__(self, link: Link | None) -> None:
            super().__init__()
            self.link = link

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pieces: Sequence[Piece] = ()
        self._at = -1
        self.first = 0
        self._lines: list[Line] = []
        self._laid: object = None

    @property
    def at(self) -> int:
        """Place of the link under the cursor, -1 for none yet."""
        return self._at

    @at.setter
    def at(self, place: int) -> None:
        self._at = place
        links = self.links
        self.post_message(self.Pointed(links[place] if 0 <= place < len(links) else None))

    def show(self, pieces: Sequence[Piece]) -> None:
        """Show another page from its top."""
        self.pieces, self.at, self.first, self._laid = tuple(pieces), -1, 0, None
        self.changed()

    @property
    def links(self) -> list[Link]:
        """Its links in order."""
        return [piece.link for piece in self.pieces if piece.link is not None]

    # laying out -------------------------------------------------------------------------------------------------------
    def _lay(self, width: int) -> None:
        key = (width, id(self.pieces), self.glyphs.plain)
        if key == self._laid:
            return
        self._laid = key
        self._lines = lay(self.pieces, min(width, self.measure if width < 110 else self.wide_measure), self.glyphs.right + " ", self.glyphs.bar + " ")

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        room = width - 2
        self._lay(room)
        self.first = max(0, min(self.first, len(self._lines) - height))
        more = len(self._lines) > height
        inks = {
            "title": ink(p.gold, bold=True), "value": ink(p.text, bold=True), "head": ink(p.text, bold=True),
            "body": ink(p.text), "dim": ink(p.dim), "bad": ink(p.cinnabar), "label": ink(p.dim), "arrow": ink(p.sea),
            "cell": ink(p.text), "equation": ink(p.text), "message": ink(p.gold, bold=True), "item": ink(p.text),
        }  # fmt: skip
        out: list[Strip] = []
        knob = _thumb(self.first, height, len(self._lines))
        for y in range(height):
            index = self.first + y
            line = self._lines[index] if index < len(self._lines) else Line(())
            here = line.link >= 0 and line.link == self.at and self.has_focus
            base = ink(p.text, p.selection if here else p.panel)
            parts: list[Part] = []
            for text, role in line.parts:
                if here and role == "arrow" and text.strip():
                    text = f"{g.knob} "  # a mark beside the colour
                style = ink(p.gold, bold=True) if here and role in ("body", "arrow") else inks[role]
                if line.link >= 0 and role == "body" and not here:
                    style = ink(p.sea)
                parts.append((text, style))
            edge = (g.bar if g.plain else "▐") if more and knob[0] <= y < knob[1] else " "
            body = row(parts, width - 1, base, ellipsis=g.ellipsis)
            out.append(Strip.join([body, row([(edge, ink(p.line))], 1, ink(p.text, p.panel))]))
            if line.link >= 0:
                self.mark(0, width, y, line.link)
        return out

    # moving -----------------------------------------------------------------------------------------------------------
    @property
    def _height(self) -> int:
        return max(1, self.size.height - (2 if self.size.height >= self.rule_from else 1))

    def _ready(self) -> None:
        """Lay out before moving: a key may come before the first drawing."""
        margin = self.margin if self.size.width > 2 * self.margin + 4 else 0
        self._lay(self.size.width - 2 * margin - 2)

    def action_step(self, step: int) -> None:
        """To the next link if it is near enough to be seen, else a line further."""
        self._ready()
        wanted = self.at + step
        where = (
            [i for i, line in enumerate(self._lines) if line.link == wanted] if 0 <= wanted < len(self.links) else []
        )
        if where:
            low, high = self.first, self.first + self._height
            if low - 1 <= where[0] and where[-1] <= high:
                self.at = wanted
                if where[0] < low:
                    self.first = where[0]
                elif where[-1] >= high:
                    self.first = where[-1] - self._height + 1
                self.changed()
                return
        self.first += step
        self.changed()

    def action_scroll(self, way: int) -> None:
        self._ready()
        self.first = max(0, min(self.first + way * max(1, self._height - 1), len(self._lines) - self._height))
        self._cursor_into_view()

    def action_ends(self, end: int) -> None:
        self._ready()
        self.first = max(0, len(self._lines) - self._height) if end else 0
        self._cursor_into_view()

    def _cursor_into_view(self) -> None:
        seen = [line.link for line in self._lines[self.first : self.first + self._height] if line.link >= 0]
        if seen and self.at not in seen:
            self.at = seen[0]
        self.changed()

    def action_follow(self) -> None:
        links = self.links
        if not links:
            return
        if not 0 <= self.at < len(links):
            self.at = 0
            self._ready()
            where = next(i for i, line in enumerate(self._lines) if line.link == 0)
            if not self.first <= where < self.first + self._height:
                self.first = max(0, where - self._height // 2)
            self.changed()
            return
        self.post_message(self.Follow(links[self.at]))

    def action_leave(self) -> None:
        self.post_message(self.Leave())

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        self.at = int(event.payload)
        self.post_message(self.Follow(self.links[self.at]))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.first += 3
        self.changed()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.first = max(0, self.first - 3)
        self.changed()


class Tip(Panel):
    """One sentence on what the link under the cursor leads to: the name in gold, the sentence after it."""

    rule_from = 999

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.name_and_text = ("", "")

    def tell(self, name: str, text: str) -> None:
        """Say something else, or with empty texts nothing."""
        if (name, text) != self.name_and_text:
            self.name_and_text = (name, text)
            self.changed()

    def render_line(self, y: int) -> Strip:
        p, g = self.palette, self.glyphs
        width = self.size.width
        name, text = self.name_and_text
        lead: list[Part] = [(" ", ink(p.text)), (f"{name}  " if name else "", ink(p.gold, bold=True))]
        room = width - 2 - cell_width(lead[1][0])
        lines = wrap(text, max(8, room)) if text else [""]
        if y < len(lines) and y < self.size.height:
            said = lines[y]
            if y == self.size.height - 1 and len(lines) > self.size.height:
                gap = " " if said[-1:].isascii() and lines[y + 1][:1].isascii() else ""
                said = cut(said + gap + lines[y + 1], room, g.ellipsis)
            first = lead if y == 0 else [(" " * (1 + cell_width(lead[1][0])), ink(p.text))]
            return row([*first, (said, ink(p.dim))], width, ink(p.text, p.ground), ellipsis=g.ellipsis)
        return blank(width, ink(p.text, p.ground))


def _thumb(offset: int, height: int, total: int) -> tuple[int, int]:
    """Rows of the scroll bar's thumb."""
    if total <= height or not height:
        return 0, 0
    size = max(1, height * height // total)
    top = round(offset / (total - height) * (height - size))
    return top, top + size
