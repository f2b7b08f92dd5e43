"""Whom to hand the pen to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.strip import Strip

from game.classroom.messages import Mate, Pen
from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import fit
from game.tui.room_words import role_name
from game.tui.screens.base import BaimoModal

if TYPE_CHECKING:
    from game.tui.seat_app import SeatApp


class _Mates(Panel, can_focus=True):
    app: SeatApp
    margin = 3
    cursor = 0

    @property
    def mates(self) -> list[Mate]:
        """Everybody of the team but the reader."""
        now = self.app.now
        return [mate for mate in now.mates if mate.id != now.member] if now is not None else []

    def draw(self, width: int, height: int) -> list[Strip]:
        p, say = self.palette, self.app.tongue.say
        base = ink(p.text, p.panel)
        out = [blank(width, base), row([(say("class.seat.pen-to"), ink(p.gold, bold=True))], width, base), blank(width, base)]
        self.cursor = min(self.cursor, max(0, len(self.mates) - 1))
        for n, mate in enumerate(self.mates[: height - 4]):
            here = n == self.cursor
            ground = ink(p.text, p.selection) if here else base
            lead: Part = (f"{self.glyphs.focus if here else ' '} {n + 1} ", ink(p.gold, bold=True))
            role = role_name(self.app.content, self.app.tongue, mate.role)
            note = "" if mate.here else say("class.seat.away")
            parts: list[Part] = [lead, (fit(mate.name, 24), ink(p.text, bold=here)), ("  ", ink()), (role, ink(p.dim)),
                                 (f"  {note}" if note else "", ink(p.dim))]  # fmt: skip
            self.mark(0, width, len(out), n)
            out.append(row(parts, width, ground))
        if not self.mates:
            out.append(row([(say("class.seat.alone"), ink(p.dim))], width, base))
        return out

    def on_key(self, event: events.Key) -> None:
        if event.key in ("up", "down"):
            self.cursor = min(max(0, self.cursor + (1 if event.key == "down" else -1)), max(0, len(self.mates) - 1))
            self.changed()
        elif event.key == "enter":
            self.hand(self.cursor)
        elif event.character is not None and event.character in "12345678":
            self.hand(int(event.character) - 1)
        else:
            return
        event.stop()
        event.prevent_default()

    def hand(self, n: int) -> None:
        """Hand the pen to one of them."""
        if 0 <= n < len(self.mates):
            self.app.wish(Pen(self.mates[n].id))
            self.screen.dismiss(None)


class PenScreen(BaimoModal[None]):
    """See module."""

    which = "pen"
    DEFAULT_CSS = """
    PenScreen _Mates { width: 60; height: 13; }
    PenScreen _Mates:nocolor { border: round $foreground; height: 15; }
    """

    def body(self) -> ComposeResult:
        yield _Mates()

    def tell(self) -> None:
        panel = self.query_one(_Mates)
        panel.changed()
        panel.focus()

    def on_panel_hit(self, event: Panel.Hit) -> None:
        """A name was clicked."""
        event.stop()
        self.query_one(_Mates).hand(event.payload)
