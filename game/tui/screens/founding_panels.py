"""The two halves of the founding screen: the form and what its choices mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, cut, fit, wrap

FIELDS = ("scenario", "background", "difficulty", "assumptions", "seed", "name", "language")
"""Lines of the form in their order."""
TYPED = ("seed", "name")
"""Those that hold text."""


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the form: what it is, what stands in it, and whether arrows have another choice."""

    id: str
    label: str
    value: str
    typed: bool = False
    arrows: bool = True


class FormPanel(Panel, can_focus=True):
    """The lines: up and down choose one, left and right change it, letters are typed where a line is text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False), Binding("down", "move(1)", show=False),
        Binding("left", "change(-1)", show=False), Binding("right", "change(1)", show=False),
        Binding("enter", "enter", show=False),
        Binding("pageup", "page(-1)", show=False), Binding("pagedown", "page(1)", show=False),
    ]  # fmt: skip

    class Change(Message):
        """Another value is wanted for a line."""

        def __init__(self, field: str, step: int) -> None:
            super().__init__()
            self.field, self.step = field, step

    class Typed(Message):
        """A line of text has changed."""

        def __init__(self, field: str, text: str) -> None:
            super().__init__()
            self.field, self.text = field, text

    class Moved(Message):
        """Another line has the cursor."""

    class Page(Message):
        """The other half is to be scrolled."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Found(Message):
        """Everything is as wanted."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields: tuple[Field, ...] = ()
        self.cursor = 0
        self.button = ""
        self.notes: tuple[tuple[tuple[str, str], ...], ...] = ()

    def show(self, fields: tuple[Field, ...], button: str, notes: tuple[tuple[tuple[str, str], ...], ...]) -> None:
        """Show other words or values; notes are blocks of (text, role), the last one the most important."""
        self.fields, self.button, self.notes = fields, button, notes
        self.changed()

    @property
    def current(self) -> str:
        """Id of the line under the cursor; ``begin`` on the button below them."""
        if not self.fields:
            return FIELDS[0]
        return self.fields[self.cursor].id if self.cursor < len(self.fields) else "begin"

    def action_move(self, step: int) -> None:
        self.cursor = (self.cursor + step) % (len(self.fields) + 1)
        self.changed()
        self.post_message(self.Moved())

    def action_change(self, step: int) -> None:
        if self.cursor < len(self.fields) and self.fields[self.cursor].arrows:
            self.post_message(self.Change(self.current, step))

    def action_page(self, step: int) -> None:
        self.post_message(self.Page(step))

    def action_enter(self) -> None:
        """On a line of text Enter confirms it and goes on to the next line; anywhere else it founds."""
        if self.current in TYPED:
            self.action_move(1)
        else:
            self.action_found()

    def action_found(self) -> None:
        self.post_message(self.Found())

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return self.current in TYPED and character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        field = self.current
        if field not in TYPED:
            return
        text = self.fields[self.cursor].value
        if event.is_printable and event.character:
            event.stop()
            event.prevent_default()
            self._type(text + event.character)
        elif event.key in ("backspace", "delete"):
            event.stop()
            event.prevent_default()
            self._type(text[:-1] if event.key == "backspace" else "")

    def on_paste(self, event: events.Paste) -> None:
        if self.current in TYPED:
            event.stop()
            event.prevent_default()
            self._type(self.fields[self.cursor].value + " ".join(event.text.split()))

    def _type(self, text: str) -> None:
        """Take a text at once: the next key may come before the screen has answered this one."""
        place = self.cursor
        self.fields = (*self.fields[:place], replace(self.fields[place], value=text), *self.fields[place + 1 :])
        self.changed()
        self.post_message(self.Typed(self.current, text))

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        kind, place = event.payload
        if kind == "found":
            self.action_found()
            return
        self.cursor = place
        self.changed()
        self.post_message(self.Moved())
        if kind != "row":
            self.action_change(-1 if kind == "left" else 1)

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        airy = height >= 2 * len(self.fields) + 5
        names = max((cell_width(f.label) for f in self.fields), default=0) + 2
        rows: list[Strip] = [blank(width, base)] if airy else []
        spare = height - 2 * len(self.fields) - 2
        for i, field in enumerate(self.fields):
            here = i == self.cursor
            ground = p.selection if here else p.panel
            line = ink(p.text, ground)
            arrow = ink(p.gold if here else p.faint, ground, bold=here)
            room = width - names - 5
            more: list[str] = []
            if field.typed and here and self.has_focus:
                value = field.value
                while cell_width(value) > room - 1:
                    value = value[1:]
                shown: list[Part] = [
                    (value, ink(p.text, ground, bold=True)),
                    (" ", ink(p.ground, p.gold)),
                ]
            else:
                lines = wrap(field.value, room) if airy else []  # a long name goes on in the row below
                if len(lines) > 2:  # the rest in rows of their own, while there are any
                    extra = max(0, min(len(lines) - 2, spare))
                    lines[extra + 1 :] = [" ".join(lines[extra + 1 :])]
                    spare -= extra
                more = lines[1:]
                shown = [(lines[0] if lines else cut(field.value, room, g.ellipsis), ink(p.gold if here else p.text, ground, bold=here))]
            size = sum(cell_width(text) for text, _ in shown)
            parts: list[Part] = [
                (g.focus if here and self.has_focus else " ", ink(p.gold, ground)),
                (fit(field.label, names), ink(p.text if here else p.dim, ground)),
                (f"{g.left} " if field.arrows else "  ", arrow), *shown,
                (" " * max(0, room - size), line), (f" {g.right}" if field.arrows else "  ", arrow),
            ]  # fmt: skip
            y = len(rows)
            rows.append(row(parts, width, line))
            self.mark(0, width, y, ("row", i))
            self.mark(names + 1, names + 3, y, ("left", i))
            self.mark(width - 2, width, y, ("right", i))
            if airy:
                lead = (" " * (names + 3), line)
                face = ink(p.gold if here else p.text, ground, bold=here)
                rows += [row([lead, (cut(text, room, g.ellipsis), face)], width, line) for text in more]
                rows += [] if more else [blank(width, base)]
        if not airy:
            rows.append(blank(width, base))
        here = self.cursor >= len(self.fields)
        label = f"{g.focus if here else ' '} {self.button}  "
        text = self.current in TYPED
        self.mark(0, cell_width(label) + 1, len(rows), ("found", 0))
        face = ink(p.gold, p.selection, bold=True) if text else ink(p.ground, p.gold, bold=True, underline=here)
        rows.append(row([(" ", base), (label, face), ("" if text else "  Enter", ink(p.dim))], width, base))
        blocks = [[line for text, role in note for line in self._noted(text, role, width)] for note in self.notes]
        free = height - len(rows) - 1
        kept = [
            block for i, block in enumerate(blocks) if sum(len(b) + 1 for b in (*blocks[:i], block, blocks[-1])) <= free
        ]
        kept = kept if blocks and blocks[-1] in kept else [b for b in blocks[-1:] if len(b) <= free]
        for i, block in enumerate(kept):
            last = i == len(kept) - 1
            rows += [blank(width, base)] * (height - len(rows) - len(block) if last else 2 if i == 0 else 1)
            rows += block
        return rows

    def _noted(self, text: str, role: str, width: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel)
        style = {"head": ink(p.gold, bold=True), "dim": ink(p.dim)}.get(role, ink(p.text))
        return [row([(" ", base), (line, style)], width, base) for line in wrap(text, width - 1)]


class StartPanel(Panel):
    """What the chosen line means, and underneath what one starts with."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.paras: tuple[tuple[str, str, str], ...] = ()
        self.facts: tuple[tuple[str, str, float | None], ...] = ()
        self.heading = ""
        self.choices: tuple[tuple[str, bool], ...] = ()
        self.first = 0
        """First row shown where not all of them fit."""

    def show(
        self, paras: tuple[tuple[str, str, str], ...], heading: str, facts: tuple[tuple[str, str, float | None], ...],
        choices: tuple[tuple[str, bool], ...] = (),
    ) -> None:  # fmt: skip
        """Paragraphs as (label, text, role); facts as (label, value, part of the most); choices by name."""
        if (paras, facts) != (self.paras, self.facts):
            self.first = 0
        self.paras, self.heading, self.facts, self.choices = paras, heading, facts, choices
        self.changed()

    def page(self, step: int) -> None:
        """Scroll, where there is more than fits."""
        self.first = max(0, self.first + step * max(1, self.size.height - 4))
        self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        """Text above, facts below: bars where there is room, else pairs; what still does not fit is scrolled to."""
        base = ink(self.palette.text, self.palette.panel)
        layouts = [
            (self._said(width, loose=True, named=True), self._facts(width)),
            (self._said(width, loose=True, named=True), self._pairs(width, True)),
            (self._said(width, loose=True), self._facts(width)),
            (self._said(width, loose=True), self._pairs(width, True)),
            (self._said(width), self._pairs(width, True)), (self._said(width, tight=True), self._pairs(width, True)),
        ]  # fmt: skip
        said, below = next(
            (pair for pair in layouts if len(pair[0]) + len(pair[1]) + (pair is not layouts[-1]) <= height), layouts[-1]
        )
        if len(said) + len(below) > height:
            return self._scrolled([*said, *below], width, height)
        self.first = 0
        gap = height - len(said) - len(below)
        return [*said, *([blank(width, base)] * min(gap, 2)), *below]

    def _scrolled(self, rows: list[Strip], width: int, height: int) -> list[Strip]:
        """As many rows as fit, and under them the keys that show the others."""
        p, g = self.palette, self.glyphs
        room = height - 1
        self.first = max(0, min(self.first, len(rows) - room))
        marks = [f"{g.up} PgUp"] if self.first else []
        marks += [f"{g.down} PgDn"] if self.first + room < len(rows) else []
        foot = row([("  ".join(marks), ink(p.gold, p.panel))], width, ink(p.text, p.panel), align="right")
        return [*rows[self.first : self.first + room], foot]

    def _said(self, width: int, *, loose: bool = False, tight: bool = False, named: bool = False) -> list[Strip]:
        """The paragraphs; with ``named`` the names of all choices come first."""
        p = self.palette
        base = ink(p.text, p.panel)
        inks = {"body": ink(p.text), "good": ink(p.jade), "bad": ink(p.cinnabar), "dim": ink(p.dim)}
        rows: list[Strip] = []
        if named and self.choices:
            rows += [self._choice(line, width) for line in self._packed(width)]
            rows.append(blank(width, base))
        measure = min(width, 84)
        for i, (label, text, role) in enumerate(self.paras):
            if i and (loose or not label) and not tight:
                rows.append(blank(width, base))
            size = cell_width(label) + 2 if label else 0
            for k, line in enumerate(wrap(text, measure - size)):
                lead = fit(label, size) if k == 0 else " " * size
                body = ink(p.text) if label else inks[role]
                rows.append(row([(lead, inks[role] if label else base), (line, body)], width, base))
        return rows

    def _packed(self, width: int) -> list[list[tuple[str, bool]]]:
        """Names of all choices of the line, as many on a row as fit."""
        lines: list[list[tuple[str, bool]]] = [[]]
        used = 0
        for name, chosen in self.choices:
            size = cell_width(name) + 3
            if used and used + size - 3 > width:
                lines.append([])
                used = 0
            lines[-1].append((name, chosen))
            used += size
        return lines

    def _choice(self, line: list[tuple[str, bool]], width: int) -> Strip:
        p = self.palette
        parts: list[Part] = []
        for name, chosen in line:
            style = ink(p.gold, bold=True, underline=True) if chosen else ink(p.dim)
            parts += [(name, style), ("   ", ink(p.text))]
        return row(parts, width, ink(p.text, p.panel))

    def _heading(self, width: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel)
        return [
            row([(self.heading, ink(p.gold, bold=True))], width, base),
            row([(self.glyphs.thin * width, ink(p.line))], width, base),
        ]  # fmt: skip

    def _pairs(self, width: int, words: bool) -> list[Strip]:
        """The facts with numbers two on a row; those in words after them, if wanted."""
        p = self.palette
        base = ink(p.text, p.panel)
        numbers = [(name, value) for name, value, part in self.facts if part is not None]
        others = [(name, value) for name, value, part in self.facts if part is None]
        rows = self._heading(width)
        half = (len(numbers) + 1) // 2
        columns = [numbers[:half], numbers[half:]]
        names = [max((cell_width(name) for name, _ in column), default=0) + 1 for column in columns]
        values = [max((cell_width(value) for _, value in column), default=0) for column in columns]
        left = max(names[0] + values[0] + 2, min(width // 2, width - names[1] - values[1]))
        for y in range(half):
            parts: list[Part] = []
            for k, column in enumerate(columns):
                for name, value in column[y : y + 1]:
                    size = left - names[0] if k == 0 else values[1]
                    parts += [(fit(name, names[k]), ink(p.dim)), (fit(value, size), ink(p.text, bold=True))]
            rows.append(row(parts, width, base))
        size = max((cell_width(name) for name, _ in others), default=0) + 2
        for name, value in others if words else others[:1]:
            for k, line in enumerate(wrap(value, width - size)):
                rows.append(row([(fit(name if k == 0 else "", size), ink(p.dim)), (line, ink(p.text))], width, base))
        return rows

    def _facts(self, width: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        rows = self._heading(width)
        names = max((cell_width(name) for name, _, _ in self.facts), default=0) + 2
        values = max((cell_width(v) for _, v, part in self.facts if part is not None), default=0)
        bar = min(32, width - names - values - 3)
        airy = self.size.height >= 34
        for name, value, part in self.facts:
            if part is None:
                for k, line in enumerate(wrap(value, width - names)):
                    rows.append(
                        row([(fit(name if k == 0 else "", names), ink(p.dim)), (line, ink(p.text))], width, base)
                    )
            else:
                parts: list[Part] = [
                    (fit(name, names), ink(p.dim)),
                    (fit(value, values, "right"), ink(p.text, bold=True)),
                ]
                if bar >= 6:
                    full = max(1, round(part * bar)) if part > 0 else 0
                    parts += [("  ", base), (g.heavy * full, ink(p.sea)), (g.thin * (bar - full), ink(p.line))]
                rows.append(row(parts, width, base))
            if airy:
                rows.append(blank(width, base))
        return rows
