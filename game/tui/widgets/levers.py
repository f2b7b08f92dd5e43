"""The lever panel: one widget that draws all its rows, owns the cursor, scrolls, and edits in place."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.message import Message
from textual.strip import Strip

from game.tui.kit.bars import slider, slider_value
from game.tui.kit.draw import Part, blank, ink, row, split_row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, fit, wrap
from game.tui.session import Session
from game.tui.widgets import lever_notes
from game.tui.widgets import lever_rows as lr

if TYPE_CHECKING:
    from game.tui.app import BaimoApp

DIGITS = frozenset("0123456789.,-+¥万亿%kKmMbB")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row's slider lies, for the mouse: content columns and the span of values."""

    x0: int
    width: int
    span: tuple[float, float]


class LeverPanel(Panel, can_focus=True):
    """Rows of levers. Posts `Changed` after every edit and `Moved` when the cursor is on another row.

    ``foot`` off leaves the lines on the focused row to someone else (`focus_lines`), where the panel is narrow.
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar = []

    class Changed(Message):
        """A lever moved; None stands for all of them."""

        def __init__(self, row: lr.LeverRow | None) -> None:
            super().__init__()
            self.row = row

    class Moved(Message):
        """The cursor, or what is said of its row, has changed."""

    app: BaimoApp

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows: list[lr.LeverRow] = []
        self.cursor = 0
        self.top = 0
        self.foot = True
        self.only: tuple[str, ...] = ()
        """Ids of the rows that the hint of the moment is about: they carry a mark."""
        self.typed = ""
        self.trouble = ""
        self._lines: list[tuple[str, int]] = []
        self._room = 1
        self._places: dict[int, _Place] = {}
        self._dragging: int | None = None
        self._foot_rows = 0

    # The game ---------------------------------------------------------------------------------------------------------

    @property
    def session(self) -> Session | None:
        """The game at hand."""
        return self.app.session

    def load(self) -> None:
        """Take rows and words from the game at hand; the cursor stays on its lever where it can."""
        session = self.session
        if session is None:
            return
        here = self.rows[self.cursor].id if self.rows else ""
        self.rows = lr.rows_of(session, self.app.tongue)
        names = [r.id for r in self.rows]
        self.cursor = names.index(here) if here in names else min(self.cursor, max(0, len(names) - 1))
        self.typed = self.trouble = ""
        self._tell()

    def _lay(self, room: int = 0) -> None:
        """Heads and rows in the order drawn, as ("head", n) of the group's first row or ("row", n).

        A lesson has few rows: where there is room its groups stand apart and each row has its note under it.
        """
        groups = len({one.group for one in self.rows})
        told = len(self.rows) * 2 + groups * 2 - 1 <= room
        airy = told or len(self.rows) + groups * 2 - 1 <= room
        self._lines = []
        group = None
        for n, one in enumerate(self.rows):
            if one.group != group:
                if airy and group is not None:
                    self._lines.append(("air", n))
                group = one.group
                self._lines.append(("head", n))
            self._lines.append(("row", n))
            if told and one.group != "guidance":
                self._lines.append(("note", n))

    def _tell(self) -> None:
        session = self.session
        if session is None:
            return
        count, say = session.changes, self.app.tongue.say
        self.head(say("ui.panel.decisions"), say("ui.board.changes", count=count) if count else say("ui.board.no-change"))
        self.changed()
        self.post_message(self.Moved())

    @property
    def row(self) -> lr.LeverRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def go_to(self, lever: str) -> None:
        """Put the cursor on a lever."""
        for n, one in enumerate(self.rows):
            if lever == one.id or lever in one.levers:
                self._go(n)
                return

    # What is said of the row under the cursor ---------------------------------------------------------------------------

    def focus_lines(self) -> list[tuple[str, str]]:
        """(role, text) of what is said of the row: ``bad``, ``note`` or ``help``."""
        one, session = self.row, self.session
        if one is None or session is None:
            return []
        tongue = self.app.tongue
        if self.trouble:
            return [("bad", self.trouble)]
        if self.typed:
            low, high = lr.range_words(session, tongue, one)
            return [("note", f"{tongue.say('ui.board.type-value')}　{tongue.say('ui.board.range', low=low, high=high)}")]
        lines = []
        if one.locked:
            segment = one.id.partition(".")[2]
            lines.append(("bad", tongue.say("ui.error.locked", why=tongue.say(one.locked, segment=segment))))
        else:
            known = lever_notes.note(session, tongue, one)
            if known:
                lines.append(("note", known))
        return [*lines, ("help", lr.help_line(tongue, one))]

    # Drawing ------------------------------------------------------------------------------------------------------------

    def draw(self, width: int, height: int) -> list[Strip]:
        session = self.session
        if session is None or not self.rows:
            return []
        p = self.palette
        base = ink(p.text, p.panel)
        self._foot_rows = self._foot_size(width) if self.foot else 0
        if height - self._foot_rows - 1 < 6:
            self._foot_rows = 0
        self._room = max(1, height - (self._foot_rows + 1 if self._foot_rows else 0))
        self._lay(self._room)
        self._scroll_to_cursor()
        self._places = {}
        out: list[Strip] = []
        more = len(self._lines) > self._room
        inner = width - (2 if more else 0)
        bar = self._scrollbar() if more else []
        for y in range(self._room):
            index = self.top + y
            if index >= len(self._lines):
                out.append(blank(width, base))
                continue
            kind, n = self._lines[index]
            if kind == "row":
                strip = self._row(n, inner, y)
            else:
                strip = self._head(n, inner) if kind == "head" else self._note_line(n, inner, kind)
            if more:
                strip = Strip.join([strip, blank(1, base), row([bar[y]], 1, base)])
            out.append(strip)
        if self._foot_rows:
            out.append(row([(self.glyphs.thin * width, ink(p.line))], width, base))
            out += self._foot(width)
        return out

    def _scrollbar(self) -> list[Part]:
        p, total, room = self.palette, len(self._lines), self._room
        size = max(1, round(room * room / total))
        start = round(self.top * (room - size) / max(1, total - room))
        return [(self.glyphs.bar, ink(p.dim if start <= y < start + size else p.line)) for y in range(room)]

    def _scroll_to_cursor(self) -> None:
        place = self._lines.index(("row", self.cursor))
        first = place - 1 if place and self._lines[place - 1][0] == "head" else place
        if first < self.top:
            self.top = first
        elif place >= self.top + self._room:
            self.top = place - self._room + 1
        self.top = min(max(0, self.top), max(0, len(self._lines) - self._room))

    def _foot_size(self, width: int) -> int:
        tongue = self.app.tongue
        lines = [len(wrap(lr.help_line(tongue, one), width)) for one in self.rows]
        notes = [len(wrap(lever_notes.note(self.app.session, tongue, one), width)) for one in self.rows]  # type: ignore[arg-type]
        return max(a + b for a, b in zip(lines, notes, strict=True))

    def _foot(self, width: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel)
        inks = {"bad": ink(p.cinnabar, bold=True), "note": ink(p.text), "help": ink(p.dim)}
        lines = [
            row([(line, inks[role])], width, base)
            for role, text in self.focus_lines() for line in wrap(text, width)
        ]  # fmt: skip
        return (lines + [blank(width, base)] * self._foot_rows)[: self._foot_rows]

    def _head(self, n: int, width: int) -> Strip:
        p, tongue, one = self.palette, self.app.tongue, self.rows[n]
        base = ink(p.text, p.panel)
        name = tongue.say(f"tui.group.{one.group}")
        note = lever_notes.group_note(self.app.session, tongue, one.group)  # type: ignore[arg-type]
        tail = [(note, ink(p.dim))] if note and cell_width(note) + cell_width(name) + 3 <= width else []
        return split_row([(name, ink(p.text, bold=True))], tail, width, base)

    def _note_line(self, n: int, width: int, kind: str) -> Strip:
        p, session = self.palette, self.session
        base = ink(p.text, p.panel)
        if kind == "air" or session is None:
            return blank(width, base)
        names = self._columns(width)[0]
        text = lever_notes.note(session, self.app.tongue, self.rows[n])
        pieces = text.split(" · ")
        while pieces and cell_width(" · ".join(pieces)) > width - names - 2:  # whole facts, as many as fit
            pieces.pop()
        return row([(" " * (names + 2), base), (" · ".join(pieces), ink(p.faint))], width, base)

    def _row(self, n: int, width: int, y: int) -> Strip:
        session, tongue, p, one = self.session, self.app.tongue, self.palette, self.rows[n]
        assert session is not None
        here = n == self.cursor
        lit = here and self.has_focus
        ground = p.selection if lit else p.panel_alt if here else p.panel
        base = ink(p.text, ground)
        moved = lr.changed(session, one)
        names, values, units = self._columns(width)
        mark = "*" if self.glyphs.plain else "•"
        sign: Part = (mark, ink(p.gold, ground, bold=True)) if moved else (
            (self.glyphs.right, ink(p.jade, ground, bold=True)) if one.id in self.only else (" ", base)
        )  # fmt: skip
        name_ink = ink(p.gold if lit or moved else p.faint if one.locked else p.text if here else p.dim, ground, bold=lit)
        parts: list[Part] = [sign, (fit(lr.label(tongue, one), names), name_ink), (" ", base)]
        room = width - 1 - names - 1
        self.mark(0, width, y, ("row", n))
        if one.locked:
            return row([*parts, (self._lock_words(one, room), ink(p.faint, ground))], width, base)
        if here and self.typed:
            box = fit(f"{self.typed}▏" if not self.glyphs.plain else f"{self.typed}_", min(room, 16))
            return row([*parts, (box, ink(p.text, p.panel_alt if lit else ground, bold=True))], width, base)
        value, stands = lr.read(session, one), lr.read(session, one, stands=True)
        x0 = 1 + names + 1
        unit_part: Part = (" " + fit(lr.unit(tongue, one), units - 1), ink(p.dim, ground)) if units else ("", base)
        shown = lr.shown(session, tongue, one, value)
        bright = ink(p.gold if moved else p.text, ground, bold=True)
        if one.kind in lr.ENUMS:
            size = room - units
            left, right = self.glyphs.left, self.glyphs.right
            arrow = ink(p.gold if lit else p.dim, ground)
            word = fit(shown, min(size - 4, max(10, cell_width(shown))), "center")
            self.mark(x0, x0 + 2, y, ("step", n, -1))
            end = x0 + 2 + cell_width(word)
            self.mark(end, end + 2, y, ("step", n, 1))
            text: list[Part] = [(f"{left} ", arrow), (word, bright), (f" {right}", arrow)]
            before = ""
            if moved and not math.isnan(stands):
                before = f"  {tongue.say('tui.note.was', value=lr.shown(session, tongue, one, stands))}"
            rest = size - 4 - cell_width(word)
            text.append((fit(before, rest), ink(p.dim, ground)))
            return row([*parts, *text, unit_part], width, base)
        if cell_width(shown) > values:
            values, units = max(values, min(cell_width(shown), room - 6)), 0
            unit_part = ("", base)
        track = min(room - values - 1 - units, 36)
        span = lr.window(one, value, stands)
        ghost = lr.position(one, stands, span) if moved and not math.isnan(stands) else None
        place = lr.position(one, value, span)
        if math.isnan(value):
            bar: list[Part] = [(self.glyphs.thin * track, ink(p.line, ground))]
        else:
            bar = slider(place, track, p, ghost=ghost, active=lit, bg=ground, glyphs=self.glyphs)
        self._places[n] = _Place(x0, track, span)
        self.mark(x0, x0 + track, y, ("slide", n))
        number = fit(shown, values, "right")
        dim = ink(p.faint, ground) if math.isnan(value) else bright
        return row([*parts, *bar, (" ", base), (number, dim), unit_part], width, base)

    def _columns(self, width: int) -> tuple[int, int, int]:
        """Cells of names, values and units."""
        tongue = self.app.tongue
        names = min(max((cell_width(lr.label(tongue, one)) for one in self.rows), default=8), max(14, width // 3))
        units = max((cell_width(lr.unit(tongue, one)) for one in self.rows), default=0) + 1
        return names, 9, units if width - names - 9 - units >= 16 else 0

    def _lock_words(self, one: lr.LeverRow, room: int) -> str:
        tongue = self.app.tongue
        why = tongue.say(one.locked, segment=one.id.partition(".")[2])
        if cell_width(why) <= room:
            return why
        return tongue.find(f"tui.{one.locked}") or tongue.say("ui.state.locked")

    # Moving and editing -------------------------------------------------------------------------------------------------

    def _go(self, n: int) -> None:
        n = min(max(0, n), len(self.rows) - 1)
        if n != self.cursor:
            self.cursor = n
            self.typed = self.trouble = ""
            self.changed()
            self.post_message(self.Moved())

    def _put(self, value: float) -> None:
        one, session = self.row, self.session
        if one is None or session is None:
            return
        self.typed = self.trouble = ""
        lr.write(session, one, value)
        self._tell()
        self.post_message(self.Changed(one))

    def step(self, steps: int, *, big: bool = False) -> None:
        """Move the row under the cursor by steps; a locked one says why."""
        one, session = self.row, self.session
        if one is None or session is None:
            return
        if one.locked:
            self._tell()
            self.app.bell()
            return
        value = lr.read(session, one)
        if math.isnan(value):
            self._put(lr.nice(lr.guess(session, one.id)))
            return
        self._put(lr.stepped(one, value, lr.read(session, one, stands=True), steps, big=big))

    def reset_row(self) -> None:
        """Let the row under the cursor stand."""
        one, session = self.row, self.session
        if one is not None and session is not None:
            lr.reset(session, one)
            self.typed = self.trouble = ""
            self._tell()
            self.post_message(self.Changed(one))

    def reset_all(self) -> None:
        """Let every row stand; answers to cards stay."""
        if self.session is not None:
            for one in self.rows:
                lr.reset(self.session, one)
            self._tell()
            self.post_message(self.Changed(None))

    def take_typed(self) -> bool:
        """Take what was typed as the value; False if nothing was being typed."""
        one, session = self.row, self.session
        if not self.typed or one is None or session is None:
            return False
        try:
            value = lr.parse(session, self.app.tongue, one, self.typed)
        except lr.BadInput as fault:
            self.trouble, self.typed = str(fault), ""
            self.changed()
            self.post_message(self.Moved())
        else:
            self._put(value)
        return True

    def drop_typed(self) -> bool:
        """Forget what was typed; False if there was nothing to forget."""
        if not self.typed and not self.trouble:
            return False
        self.typed = self.trouble = ""
        self.changed()
        self.post_message(self.Moved())
        return True

    def _type(self, char: str) -> None:
        one = self.row
        if one is None:
            return
        if one.locked:
            self.app.bell()
            return
        self.trouble = ""
        self.typed = (self.typed + char)[:14]
        self.changed()
        self.post_message(self.Moved())

    def on_key(self, event: events.Key) -> None:
        moves = {"up": -1, "down": 1, "pageup": -self._room, "pagedown": self._room}
        steps = {"left": (-1, False), "right": (1, False), "shift+left": (-1, True), "shift+right": (1, True)}
        one = self.row
        if one is None:
            return
        if event.key in moves:
            self._go(self.cursor + moves[event.key])
        elif event.key in steps:
            count, big = steps[event.key]
            self.step(count, big=big)
        elif event.key in ("home", "end"):
            if not one.locked:
                self._put(one.low if event.key == "home" else one.high)
        elif event.key == "backspace" and self.typed:
            self.typed = self.typed[:-1]
            self.changed()
            self.post_message(self.Moved())
        elif event.key == "enter" and self.typed:
            self.take_typed()
        elif event.key == "escape" and (self.typed or self.trouble):
            self.drop_typed()
        elif event.character and self._starts_number(unicodedata.normalize("NFKC", event.character)):
            self._type(unicodedata.normalize("NFKC", event.character))  # an input method may send wide digits
        else:
            return
        event.stop()
        event.prevent_default()

    def _starts_number(self, char: str) -> bool:
        if self.typed:
            return char in DIGITS
        return (char.isascii() and char.isdigit()) or char in ".-¥"

    # Mouse ---------------------------------------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """Nothing: pressing is enough, see `on_mouse_down`."""
        event.stop()
        event.prevent_default()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        region = self.region_at(event.x, event.y)
        if region is None:
            return
        self.focus()
        kind, n = region.payload[0], region.payload[1]
        self._go(n)
        if kind == "step":
            self.step(region.payload[2])
        elif kind == "slide":
            self._dragging = n
            self.capture_mouse()
            self._slide(event.x)
        event.stop()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragging is not None:
            self._slide(event.x)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self._dragging is not None:
            self._dragging = None
            self.release_mouse()

    def _slide(self, x: int) -> None:
        n = self._dragging
        place = self._places.get(n) if n is not None else None
        if n is None or place is None:
            return
        at = slider_value(x - self.margin - place.x0, place.width)
        value = lr.value_at(self.rows[n], at, place.span)
        session = self.session
        if session is not None:
            stands = lr.read(session, self.rows[n], stands=True)
            # the cell of the standing value means that value and no other
            if not math.isnan(stands) and round(lr.position(self.rows[n], stands, place.span) * (place.width - 1)) == round(
                at * (place.width - 1)
            ):
                value = stands
        self._put(value)

    def _wheel(self, direction: int, event: events.MouseEvent) -> None:
        """The wheel steps the slider that it is over, else moves the list."""
        region = self.region_at(event.x, event.y)
        if region is not None and region.payload[0] == "slide" and region.payload[1] == self.cursor:
            self.step(-direction)
        else:
            self._go(self.cursor + direction)
        event.stop()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(1, event)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(-1, event)
