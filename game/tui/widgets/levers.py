"""The lever panel: one widget that draws all its rows, owns the cursor, scrolls, and edits in place."""

from __future__ import annotations

import math
import unicodedata
from typing import Any, ClassVar

from textual import events
from textual.message import Message

from game.tui.kit.bars import slider_value
from game.tui.widgets import lever_rows as lr
from game.tui.widgets.lever_paint import DrawnLevers

DIGITS = frozenset("0123456789.,-+¥万亿%kKmMbB")


class LeverPanel(DrawnLevers, can_focus=True):
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

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._dragging: int | None = None

    # The game ---------------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Take rows and words from the game at hand; the cursor stays on its lever where it can."""
        session = self.session
        if session is None:
            return
        here = self.rows[self.cursor].id if self.rows else ""
        self.rows = lr.rows_of(session, self.app.tongue)
        names = [r.id for r in self.rows]
        self.cursor = names.index(here) if here in names else min(self.cursor, max(0, len(names) - 1))
        self.typed = self.trouble = self.said = ""
        self._tell()

    def complain(self, text: str) -> None:
        """Say what is wrong in the note line, until the next key."""
        self.trouble = text
        self.changed()
        self.post_message(self.Moved())

    def _tell(self) -> None:
        session = self.session
        if session is None:
            return
        count, say = session.changes, self.app.tongue.say
        self.head(say("ui.panel.decisions"), say("ui.board.changes", count=count) if count else say("ui.board.no-change"))
        self.changed()
        self.post_message(self.Moved())

    def go_to(self, lever: str) -> None:
        """Put the cursor on a lever."""
        for n, one in enumerate(self.rows):
            if lever == one.id or lever in one.levers:
                self._go(n)
                return

    # Moving and editing -------------------------------------------------------------------------------------------------

    def _go(self, n: int) -> None:
        n = min(max(0, n), len(self.rows) - 1)
        if n != self.cursor:
            self.cursor = n
            self.typed = self.trouble = self.said = ""
            self.changed()
            self.post_message(self.Moved())

    def _put(self, value: float, said: str = "") -> None:
        one, session = self.row, self.session
        if one is None or session is None:
            return
        self.typed = self.trouble = ""
        self.said = said
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
            self.typed = self.trouble = self.said = ""
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
            self.typed = ""
            self.complain(str(fault))
        else:
            self._put(*lr.held(session, self.app.tongue, one, value))
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
        self.trouble = self.said = ""
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

    # Jumping --------------------------------------------------------------------------------------------------------------

    def rows_to_jump(self) -> list[int]:
        self._ensure()
        return sorted({r.payload[1] for r in self._regions if r.payload[0] == "row"})

    def place_of(self, row: int) -> tuple[int, int]:
        return next((r.x0, r.y) for r in self._regions if r.payload == ("row", row))

    def jump_to(self, row: int) -> None:
        self._go(row)

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
        if kind == "page":  # the bar at the side: so far down the list
            n = round(n * (len(self.rows) - 1) / max(1, self._room - 1))
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
