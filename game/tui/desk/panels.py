"""The left of the desk: the clock, how pupils come in, and what the class was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import events
from textual.strip import Strip

from game.language import clean_text
from game.tui.desk import words
from game.tui.desk.state import Shown, awaited, clock_text, deciding, done, people
from game.tui.kit.bars import hbar
from game.tui.kit.bigtext import big, scale_for, size
from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.qr import qr_size, qr_strips
from game.tui.kit.text import cell_width, cut, wrap

if TYPE_CHECKING:
    from game.tui.dashboard import DashboardApp

URGENT = 30.0
"""Seconds from which on the clock is marked."""


class DeskPanel(Panel):
    """A panel that reads the desk of its app; a click on what it marked runs that action of the screen."""

    app: DashboardApp
    rule_from = 999

    @property
    def shown(self) -> Shown:
        """The desk as it is now."""
        return self.app.shown

    def say(self, key: str, **args: Any) -> str:
        """A text of the locale."""
        return self.app.tongue.say(key, **args)

    def text_rows(self, text: str, width: int, style: Any, most: int = 9) -> list[Strip]:
        """A text as rows; one that is longer ends in an ellipsis."""
        base = ink(self.palette.text, self.palette.panel)
        lines = wrap(text, width)
        if len(lines) > most:
            lines = [*lines[: most - 1], cut(lines[most - 1] + self.glyphs.ellipsis * 2, width, self.glyphs.ellipsis)]
        return [row([(line, style)], width, base) for line in lines]

    async def on_panel_hit(self, event: Panel.Hit) -> None:
        """Carry out what was clicked."""
        if isinstance(event.payload, str):
            event.stop()
            await self.screen.run_action(event.payload)


class ClockPanel(DeskPanel):
    """Phase and quarter, the time left as large as there is room, who has decided, and what comes next."""

    def tick(self) -> None:
        """Draw anew where another second has begun."""
        if self.face() != self._face:
            self.changed()

    _face: tuple[str, str] = ("", "")

    def face(self) -> tuple[str, str]:
        """(what stands in large digits, its id of the locale)."""
        desk = self.shown.desk
        left = self.shown.left(self.app.now())
        if desk.phase == "lobby":
            return str(people(desk)[1]), "lobby"
        if desk.phase == "open" and left is not None:
            return clock_text(left), "paused" if desk.paused else "left"
        if desk.phase == "open":
            teams = deciding(desk)
            return f"{len(teams) - len(awaited(desk))}/{len(teams)}", "paused" if desk.paused else "decided"
        return f"{min(done(desk) + (desk.phase == 'closing'), desk.quarters)}/{desk.quarters}", desk.phase

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        self._face = text, kind = self.face()
        left = self.shown.left(self.app.now())
        urgent = kind == "left" and left is not None and left <= URGENT
        colour = p.cinnabar if urgent else p.dim if kind == "paused" else p.gold
        foot = self._foot(width)
        caption = self.say(f"desk.face.{kind}", count=len(awaited(self.shown.desk)))
        room = height - len(foot) - 1
        scale = scale_for(text, width, room)
        out: list[Strip] = []
        if scale:
            high = size(text, scale)[1]
            spare = room - high
            out += [blank(width, base)] * (spare // 2)
            drawn = big(text, scale, plain=g.plain)
            out += [row([(line, ink(colour, p.panel))], width, base, align="center") for line in drawn]
            out += [blank(width, base)] * (room - len(out) if spare > 3 else 0)
        else:
            out.append(row([(text, ink(colour, bold=True))], width, base, align="center"))
        if urgent:
            caption = f"{g.down} {self.say('desk.face.urgent')}"
        out.append(row([(caption, ink(colour if urgent else p.text))], width, base, align="center"))
        out += [blank(width, base)] * max(0, height - len(out) - len(foot))
        at = len(out)
        self.mark(0, width, at + len(foot) - 1, self._action)
        return [*out, *foot]

    _action = ""

    def _foot(self, width: int) -> list[Strip]:
        """The bar of who has decided, and what to do next."""
        p, g, tongue, desk = self.palette, self.glyphs, self.app.tongue, self.shown.desk
        base = ink(p.text, p.panel)
        rows: list[Strip] = []
        teams, waiting = deciding(desk), awaited(desk)
        if desk.phase in ("open", "closing") and teams:
            count = f"{len(teams) - len(waiting)}/{len(teams)}"
            label = self.say("desk.decided")
            size = max(4, width - cell_width(label) - cell_width(count) - 2)
            bar = hbar(len(teams) - len(waiting), len(teams), size, g)
            rows.append(row([
                (f"{label} ", ink(p.dim)), (bar + " " * (size - cell_width(bar)), ink(p.jade, p.panel_alt)),
                (f" {count}", ink(p.text, bold=True)),
            ], width, base))  # fmt: skip
        text, self._action = words.what_next(tongue, desk)
        style = ink(p.gold, p.selection, bold=True) if self._action else ink(p.dim)
        line: list[Part] = [(f" {g.right} ", style), (text + " ", style)] if self._action else [(text, style)]
        rows.append(row(line, width, base))
        return rows


class JoinPanel(DeskPanel):
    """Address, code, whether the network lets pupils in, and the QR code where there is room for it."""

    def draw(self, width: int, height: int) -> list[Strip]:
        p, app, desk = self.palette, self.app, self.shown.desk
        base = ink(p.text, p.panel)
        out: list[Strip] = []
        if not desk.code:
            return self.text_rows(self.say("desk.join.over"), width, ink(p.dim))
        for i, address in enumerate(app.addresses[: 1 + (height >= 8)]):
            out.append(row([(address, ink(p.text if i == 0 else p.dim, bold=i == 0))], width, base))
        out.append(row([(self.say("desk.join.code") + " ", ink(p.dim)), (desk.code, ink(p.gold, bold=True))], width, base))
        good = app.reached
        mark, colour = {None: ("·", p.dim), True: ("●", p.jade), False: ("×", p.cinnabar)}[good]
        if self.glyphs.plain:
            mark = {None: ".", True: "o", False: "x"}[good]
        start = len(out)
        lines = wrap(app.check_said, width - 2)[: max(1, 3 if height >= 8 else height - len(out))]
        for i, line in enumerate(lines):
            out.append(row([((f"{mark} " if i == 0 else "  "), ink(colour)), (line, ink(p.dim if good is not False else p.text))], width, base))
        for y in range(start):
            self.mark(0, width, y, "join")
        for y in range(start, len(out)):
            self.mark(0, width, y, "check")
        if app.qr and not self.glyphs.plain and height - len(out) >= 3:  # ASCII makes no code that a camera reads
            room = height - len(out) - 1
            code = qr_strips(app.join_url, width, room) if qr_size(app.join_url)[0] else []
            if code:
                pad = (width - code[0].cell_length) // 2
                out += [blank(width, base)] * max(0, (height - len(out) - len(code)) // 2)
                for strip in code:
                    self.mark(pad, pad + strip.cell_length, len(out), "join")
                    out.append(Strip.join([blank(pad, base), strip, blank(width - pad - strip.cell_length, base)]))
            else:
                self.mark(0, width, len(out), "join")
                out.append(row([(self.say("desk.join.larger"), ink(p.dim))], width, base))
        return out


class NewsPanel(DeskPanel):
    """What the class was told and dealt, whether it sees the ranking, and what the store could not keep."""

    def draw(self, width: int, height: int) -> list[Strip]:
        p, tongue, desk = self.palette, self.app.tongue, self.shown.desk
        base = ink(p.text, p.panel)
        out: list[Strip] = []
        if desk.trouble is not None:
            out += self.text_rows(f"{'x' if self.glyphs.plain else '×'} {tongue.message(desk.trouble)}", width, ink(p.cinnabar, bold=True), 3)
        if desk.seed:
            out += self.text_rows(self.say("desk.seed", seed=desk.seed), width, ink(p.gold), 2)
        for cards, label in ((desk.dealt, "desk.dealt"), (desk.planned, "desk.planned")):
            if cards:
                titles = tongue.join([tongue.card(card).title for card in cards])
                out += self.text_rows(self.say(label, cards=titles), width, ink(p.text), 2)
        plain = self.glyphs.plain
        mark = ("o" if plain else "○") if desk.ranking else self.glyphs.dot
        ranking = f"{mark} {self.say('desk.ranking.shown' if desk.ranking else 'desk.ranking.hidden')}"
        y = len(out)
        out.append(row([(ranking, ink(p.dim))], width, base))
        self.mark(0, width, y, "ranking")
        for told in reversed(desk.told):
            if len(out) >= height:
                break
            text = clean_text(told.text, 4000)
            out += self.text_rows(f"{told.number}. {text}", width, ink(p.text if told is desk.told[-1] else p.dim), 3)
        if not desk.told and len(out) < height:
            out.append(row([(self.say("desk.told-nothing"), ink(p.faint))], width, base))
        return out


class Listing(DeskPanel, can_focus=True):
    """A panel with a cursor over its rows."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cursor = 0
        self.top = 0

    def count(self) -> int:
        """How many rows the cursor can stand on."""
        return 0

    def step(self, by: int) -> None:
        """Move the cursor; it stops at both ends."""
        self.cursor = min(max(0, self.cursor + by), max(0, self.count() - 1))
        self.changed()
        self.moved()

    def moved(self) -> None:
        """The cursor stands on another row."""

    def take(self) -> None:
        """Enter on the row."""

    def window(self, rows: int) -> range:
        """The rows that are seen when so many fit, the cursor among them."""
        self.cursor = min(max(0, self.cursor), max(0, self.count() - 1))
        self.top = min(max(self.top, self.cursor - rows + 1), self.cursor, max(0, self.count() - rows))
        self.top = max(0, self.top)
        return range(self.top, min(self.count(), self.top + rows))

    def on_key(self, event: events.Key) -> None:
        steps = {"up": -1, "down": 1, "pageup": -8, "pagedown": 8, "home": -999, "end": 999}
        if event.key in steps:
            self.step(steps[event.key])
        elif event.key == "enter":
            self.take()
        else:
            return
        event.stop()
        event.prevent_default()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.step(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.step(-1)

    async def on_panel_hit(self, event: Panel.Hit) -> None:
        """A click puts the cursor on a row; a click on the row at the cursor takes it."""
        if not isinstance(event.payload, int):
            await super().on_panel_hit(event)
            return
        event.stop()
        again = event.payload == self.cursor and self.has_focus_before
        self.cursor = event.payload
        self.changed()
        self.moved()
        if again:
            self.take()
        self.has_focus_before = True

    has_focus_before = False
    """Whether a click has been on this panel since it got the keyboard: the first one only chooses."""

    def on_blur(self) -> None:
        self.has_focus_before = False
        self.refresh()
