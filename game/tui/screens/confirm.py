"""Before a quarter ends: what is about to be spent, what to beware of, what changes, and room for one line of why."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import Any

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.strip import Strip
from textual.widgets import Input

from game.language import clean_text
from game.table.wire import Preview
from game.tui.cautions import cautions
from game.tui.kit.draw import Part, blank, ink, row, split_row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, fit, wrap
from game.tui.kit.waterfall import Step, waterfall
from game.tui.screens.base import BaimoModal
from game.tui.session import CHOICES, Session
from game.tui.widgets import lever_rows as lr
from game.tui.widgets.amounts import minus, unit_for
from game.tui.widgets.strips import answer_words

REASON = 120
"""Cells that a reason may have."""


class BillPanel(Panel, can_focus=True):
    """The bill as a waterfall, the changes, the warnings."""

    margin = 3

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.preview: Preview | None = None
        self.top = 0
        self._beyond = 0

    @property
    def session(self) -> Session:
        """The game at hand."""
        session: Session = self.app.session  # type: ignore[attr-defined]
        return session

    def needed(self, width: int) -> int:
        """Rows wanted at a width."""
        return len(self._written(width - 2 * self.margin, 99))

    def draw(self, width: int, height: int) -> list[Strip]:
        rows = self._written(width, height)
        if len(rows) <= height:
            self.top = self._beyond = 0
            return rows
        room = height - 1
        self._beyond = len(rows) - room
        self.top = min(max(0, self.top), self._beyond)
        base = ink(self.palette.text, self.palette.panel)
        said = self.app.tongue.say("tui.close.more", **{"from": self.top + 1, "to": self.top + room, "count": len(rows)})  # type: ignore[attr-defined]
        return [*rows[self.top : self.top + room], row([(said, ink(self.palette.dim))], width, base)]

    def on_key(self, event: events.Key) -> None:
        steps = {"up": -1, "down": 1, "pageup": -8, "pagedown": 8, "home": -999, "end": 999}
        if event.key in steps and self._beyond:
            self.roll(steps[event.key])
            event.stop()
            event.prevent_default()

    def roll(self, step: int) -> None:
        """Move the part that shows, where not all of it fits."""
        self.top = min(max(0, self.top + step), self._beyond)
        self.changed()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.roll(2)
        event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.roll(-2)
        event.stop()

    def _written(self, width: int, height: int) -> list[Strip]:
        p, tongue, session = self.palette, self.app.tongue, self.session  # type: ignore[attr-defined]
        base = ink(p.text, p.panel)
        title = tongue.say("ui.close.title", quarter=session.view.quarter)
        out = [
            blank(width, base),
            split_row([(title, ink(p.gold, bold=True))], [(tongue.say("ui.close.spend"), ink(p.dim))], width, base),
            row([(self.glyphs.thin * width, ink(p.line))], width, base),
        ]
        preview = self.preview
        if preview is None:
            return [*out, row([(tongue.say("ui.menu.loading"), ink(p.dim))], width, base)]
        tail: list[Strip] = []
        notes = [(text, p.cinnabar) for text in cautions(preview.errors, tongue)]
        notes += [(text, p.gold) for text in cautions(preview.warnings, tongue)]
        for text, colour in notes:
            said = wrap(text, width - 2)
            tail += [row([("! " if n == 0 else "  ", ink(colour, bold=True)), (line, ink(colour))], width, base)
                     for n, line in enumerate(said)]  # fmt: skip
        tail = [row([(line, ink(p.text))], width, base) for line in wrap(self._ahead(), width)] + tail
        changes = self._changes(width)
        lines = [line for line in preview.lines if line.amount_fen]
        managed = self._managed(preview)
        tail = [row([(line, ink(p.gold))], width, base) for text in managed for line in wrap(text, width)] + tail
        room = height - len(out) - 1 - len(tail) - (1 if tail else 0) - len(changes) - (1 if changes else 0)
        room = max(4, min(room, len(lines) + 2))
        amounts = [session.view.own.cash, *(line.amount_fen / 100 for line in lines)]
        unit, write = unit_for(amounts, tongue)
        out += waterfall(
            Step(tongue.say("ui.board.cash"), amounts[0]),
            [Step(tongue.term("line", line.id), line.amount_fen / 100) for line in lines],
            tongue.say("ui.close.cash-after"), width, room, p, unit=unit, fmt=write, other=tongue.say("tui.others"),
            glyphs=self.glyphs,
        )  # fmt: skip
        levels = list(accumulate(amounts))
        foot: list[Part] = [(tongue.say("tui.close.torn"), ink(p.faint))] if min(levels) > 0.6 * max(levels) else []
        signed: Part = (f"{tongue.say('tui.close.contracted')} {tongue.money(session.view.own.contracted)}", ink(p.dim))
        out.append(split_row([signed], foot, width, base))
        if changes:
            out += [blank(width, base), *changes]
        if tail:
            out += [blank(width, base), *tail]
        return out

    def _ahead(self) -> str:
        """The worst tenth of futures and the chance of ruin, as soon as they are played."""
        tongue, fans = self.app.tongue, self.session.foretold  # type: ignore[attr-defined]
        if fans is None:
            return tongue.say("futures.close-working")
        said = tongue.say("futures.close-worst", amount=fans.worst[0], chance=fans.bankrupt[-1], quarters=len(fans.bankrupt))
        alone = tongue.say("futures.close-alone", chance=fans.unaided)
        return minus(said + ("" if tongue.lang == "zh" else " ") + alone, plain=self.glyphs.plain)

    def _managed(self, preview: Preview) -> list[str]:
        """What default management does about money where the player has five levers."""
        tongue, session = self.app.tongue, self.session  # type: ignore[attr-defined]
        if session.view.levers != "five":
            return []
        said = []
        for line in preview.lines:
            amount = line.amount_fen / 100
            if line.id == "funding":
                said.append(tongue.say("tui.close.raises" if amount else "tui.close.raises-some", amount=amount))
            elif line.id == "borrowing":
                word = "borrows-some" if not amount else "borrows" if amount > 0 else "repays"
                said.append(tongue.say(f"tui.close.{word}", amount=abs(amount)))
        return [tongue.say("tui.close.manages", what=tongue.join(said))] if said else []

    def _changes(self, width: int) -> list[Strip]:
        """What differs from last quarter, two in a row."""
        p, tongue, session = self.palette, self.app.tongue, self.session  # type: ignore[attr-defined]
        base = ink(p.text, p.panel)
        cells: list[tuple[str, str]] = []
        for one in lr.rows_of(session, tongue):
            if not lr.changed(session, one):
                continue
            old, new = lr.read(session, one, stands=True), lr.read(session, one)
            before = lr.shown(session, tongue, one, old) if not math.isnan(old) else tongue.say("tui.none")
            cells.append((lr.full_name(tongue, one), f"{before} {self.glyphs.right} {lr.shown(session, tongue, one, new)}"))
        if any(name in session.levers for name in CHOICES):
            cells.append((tongue.say("ui.screen.distress" if "distress.choice" in session.levers else "ui.screen.card"),
                          answer_words(self.app)))  # type: ignore[arg-type]
        if not cells:
            return [row([(tongue.say("ui.board.no-change"), ink(p.dim))], width, base)]
        half = (width - 3) // 2
        two = all(cell_width(a) + cell_width(b) + 2 <= half for a, b in cells) and len(cells) > 1
        shown = cells  # what does not fit is scrolled to
        out = []
        for k in range(0, len(shown), 2 if two else 1):
            parts: list[Part] = []
            for n, (name, change) in enumerate(shown[k : k + (2 if two else 1)]):
                size = half if two else width
                parts.append(("   " if n else "", base))
                parts += [(fit(name, max(size - cell_width(change), 4)), ink(p.dim)), (change, ink(p.text, bold=True))]
            out.append(row(parts, width, base))
        return out


class ConfirmScreen(BaimoModal[bool]):
    """Dismisses with True when the quarter is to end; what was typed stays in the session either way."""

    which = "close"
    CSS_PATH = "confirm.tcss"

    def body(self) -> ComposeResult:
        with Vertical(id="sheet"):
            yield BillPanel(id="bill")
            yield Input(id="reason", max_length=REASON)
            yield Panel(id="edge")

    def on_mount(self) -> None:
        super().on_mount()
        field = self.query_one("#reason", Input)
        assert self.app.session is not None
        field.value = self.app.session.reason
        self.query_one(BillPanel).focus()
        self._look()
        self._foresee()

    @work(exclusive=True)
    async def _look(self) -> None:
        session = self.app.session
        assert session is not None
        preview = await session.preview()
        panel = self.query_one(BillPanel)
        panel.preview = preview
        panel.changed()
        self._shape()

    @work(exclusive=True, group="futures")
    async def _foresee(self) -> None:
        session = self.app.session
        assert session is not None
        async for _ in session.foresee():
            for panel in self.query(BillPanel):
                panel.changed()

    def on_resize(self) -> None:
        self._shape()

    def _shape(self) -> None:
        width = min(80, self.size.width - 2)
        sheet, panel = self.query_one("#sheet"), self.query_one(BillPanel)
        sheet.styles.width = width
        sheet.styles.height = min(panel.needed(width) + 4, self.size.height - 1)
        panel.changed()

    def tell(self) -> None:
        self.query_one("#reason", Input).placeholder = self.tongue.say("ui.close.reason")
        self.query_one(BillPanel).changed()

    def action_confirm(self) -> None:
        """End the quarter, unless the seat would refuse it."""
        self._end()

    def on_input_submitted(self) -> None:
        """Enter in the line of reason ends the quarter too."""
        self._end()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Kept at once, so that Escape loses nothing."""
        if self.app.session is not None:
            self.app.session.reason = clean_text(event.value, REASON)

    def _end(self) -> None:
        preview = self.query_one(BillPanel).preview
        if preview is None:
            return
        if preview.errors:
            self.app.bell()  # the sheet itself says what is wrong
            self.query_one(BillPanel).roll(999)
            return
        self.dismiss(True)
