"""How the lever panel looks: heads, rows with their sliders, and what is said of the row under the cursor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.style import Style
from textual.strip import Strip

from game.tui.kit.bars import slider
from game.tui.kit.draw import Part, blank, ink, row, split_row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, fit, wrap
from game.tui.kit.theme import Palette
from game.tui.session import Session
from game.tui.widgets import lever_notes
from game.tui.widgets import lever_rows as lr

if TYPE_CHECKING:
    from game.tui.app import BaimoApp


def told_ink(role: str, p: Palette) -> Style:
    """The ink of a line on the focused row."""
    if role in ("bad", "said"):
        return ink(p.cinnabar if role == "bad" else p.gold, bold=True)
    return ink(p.text if role == "note" else p.dim)


def fitted(blocks: Sequence[tuple[str, str]], width: int, height: int) -> list[tuple[str, str]]:
    """Lines on the focused row, wrapped: facts of the note go first where they do not fit, then what it does."""
    told = list(blocks)
    while True:
        lines = [(role, line) for role, text in told for line in wrap(text, width)]
        if len(lines) <= height:
            return lines
        long = next((n for n, (role, text) in enumerate(told) if role == "note" and " · " in text), None)
        if long is not None:
            told[long] = ("note", told[long][1].rpartition(" · ")[0])
        elif len(told) > 1:
            told.pop()
        else:
            return lines[:height]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row's slider lies, for the mouse: content columns and the span of values."""

    x0: int
    width: int
    span: tuple[float, float]


class DrawnLevers(Panel):
    """The drawing half of `game.tui.widgets.levers.LeverPanel`; it changes nothing but where the list is scrolled."""

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
        self.said = ""
        """What became of the last number typed, where it was brought inside the range."""
        self._lines: list[tuple[str, int]] = []
        self._room = 1
        self._places: dict[int, Place] = {}
        self._foot_rows = 0

    @property
    def session(self) -> Session | None:
        """The game at hand."""
        return self.app.session

    @property
    def row(self) -> lr.LeverRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

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
            said = (tongue.say("ui.board.type-value"), lr.range_line(session, tongue, one))
            return [("note", " · ".join(filter(None, said)))]
        lines = []
        if one.locked:
            segment = one.id.partition(".")[2]
            lines.append(("bad", tongue.say("ui.error.locked", why=tongue.say(one.locked, segment=segment))))
        else:
            if self.said:
                lines.append(("said", self.said))
            lines.append(("note", self._known(one)))
        return [*lines, ("help", lr.help_line(tongue, one))]

    def _known(self, one: lr.LeverRow) -> str:
        """What the row takes now, and what is known of it."""
        assert self.session is not None
        tongue = self.app.tongue
        return " · ".join(filter(None, (lr.range_line(self.session, tongue, one), lever_notes.note(self.session, tongue, one))))

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
                self.mark(width - 2, width, y, ("page", y))
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
        notes = [len(wrap(self._known(one), width)) for one in self.rows]
        return min(max(a + b for a, b in zip(lines, notes, strict=True)), max(4, self.size.height // 4))

    def _foot(self, width: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel)
        lines = [row([(line, told_ink(role, p))], width, base)
                 for role, line in fitted(self.focus_lines(), width, self._foot_rows)]  # fmt: skip
        return (lines + [blank(width, base)] * self._foot_rows)[: self._foot_rows]

    def _head(self, n: int, width: int) -> Strip:
        p, tongue, one = self.palette, self.app.tongue, self.rows[n]
        base = ink(p.text, p.panel)
        name = tongue.say(f"tui.group.{one.group}")
        if one.group == "guidance":
            name = lever_notes.spoken_of(self.app.session, tongue, "head")  # type: ignore[arg-type]
            name = name if cell_width(name) <= width else tongue.say("tui.group.guidance")
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
        shown = ("~" if one.id in session.filled else "") + lr.shown(session, tongue, one, value)
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
        span = lr.span_of(session, one, value, stands)
        ghost = lr.position(one, stands, span) if moved and not math.isnan(stands) else None
        place = lr.position(one, value, span)
        if math.isnan(value):
            bar: list[Part] = [(self.glyphs.thin * track, ink(p.line, ground))]
        else:
            bar = slider(place, track, p, ghost=ghost, active=lit, bg=ground, glyphs=self.glyphs)
        self._places[n] = Place(x0, track, span)
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
