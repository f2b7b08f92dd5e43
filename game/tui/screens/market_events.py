"""Fourth page of the market: a line of time with this game's public events on one side and the real ones on the other."""

from __future__ import annotations

from dataclasses import dataclass

from textual.strip import Strip

from game.content.ghosts import Mark, marks
from game.table.wire import Message
from game.tui.kit.draw import Part, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import fit, wrap
from game.tui.screens.market_facts import short_date
from game.tui.screens.market_panels import Page
from game.tui.screens.market_words import subject, told

SPINE = 9
"""Cells of the column of dates in the middle."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One quarter: what happened here, what happened in the real course, and what the gazette wrote."""

    quarter: int
    here: tuple[tuple[str, str, bool], ...] = ()
    """(kind, sentence, whether it is one's own)."""
    there: tuple[tuple[str, Mark], ...] = ()
    """(name, mark)."""
    headlines: tuple[Message, ...] = ()


class EventsPage(Page):
    """Up and down go from quarter to quarter, left and right through the real events of one; Enter opens the figure."""

    def __init__(self) -> None:
        super().__init__("events")
        self.moments: list[Moment] = []
        self.at = -1
        self.real_at = 0
        self._top = 0

    def prepare(self) -> None:
        past = self.past
        assert past is not None
        tongue = self.tongue
        mine = subject(past, tongue)
        real = [(tongue.pick(past.content.ghosts[m.ghost].name), m) for m in marks(past.content, "events")]
        written = {q.quarter: q.headlines for q in past.history.quarters} if past.history is not None else {}
        quarters = range(min([past.first, *(m.at for _, m in real)]), past.last + 1)
        self.moments = [
            Moment(
                quarter,
                tuple(told(tongue, [h for h in past.happened if h.quarter == quarter], mine)),
                tuple((name, m) for name, m in real if m.at == quarter), tuple(written.get(quarter, ())),
            )
            for quarter in quarters
        ]  # fmt: skip
        self.moments = [m for m in self.moments if m.quarter >= past.first or m.there]
        if self.at < 0:
            self.at = next((i for i, m in enumerate(self.moments) if m.quarter == past.now), len(self.moments) - 1)
        self.at = min(self.at, len(self.moments) - 1)

    def move(self, step: int) -> None:
        self.at = min(max(self.at + step, 0), len(self.moments) - 1)
        self.real_at = 0

    def turn(self, step: int) -> None:
        there = self.moments[self.at].there
        if there:
            self.real_at = (self.real_at + step) % len(there)

    def source(self) -> tuple[str, str]:
        there = self.moments[self.at].there if self.moments else ()
        return ("figure", there[self.real_at][1].figure) if there else ("segment", self.segment)

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        place, real = event.payload
        if real is not None and (place, real) == (self.at, self.real_at):
            self.action_open()
        self.at, self.real_at = place, real or 0
        self.changed()

    # drawing ----------------------------------------------------------------------------------------------------------
    def draw(self, width: int, height: int) -> list[Strip]:
        past, p = self.past, self.palette
        if past is None or not self.moments:
            return []
        say, base = self.tongue.say, ink(p.text, p.panel)
        side = (width - SPINE) // 2
        foot = self._foot(width, 6 if height < 26 else 9)
        room = height - len(foot) - 2
        head: list[Part] = [
            (fit(say("market.this-game"), side, "right"), ink(p.gold, bold=True)), (" " * SPINE, base),
            (say("market.real-course"), ink(p.text, bold=True)),
        ]  # fmt: skip
        out = [row(head, width, base)]
        self._keep_whole(side, width - side - SPINE, room)
        for i in range(self._top, len(self.moments)):
            block = self._rows_of(i, side, width - side - SPINE, width, len(out))
            if len(out) + len(block) > room + 1:
                out += block[: room + 1 - len(out)]
                break
            out += block
        out += [self.empty(width)] * (height - len(foot) - 1 - len(out))
        return [*out, self.rule(width), *foot]

    def _keep_whole(self, left: int, right: int, room: int) -> None:
        """The first quarter shown, such that the one under the cursor is whole."""
        self._top = min(self._top, self.at)
        while self._top < self.at and sum(self._high(i, left, right) for i in range(self._top, self.at + 1)) > room:
            self._top += 1

    def _sides(self, i: int, left: int, right: int) -> tuple[list[tuple[str, str, bool]], list[tuple[str, int, bool]]]:
        """Wrapped lines of both sides: (text, kind, own) and (text, place, first line)."""
        moment = self.moments[i]
        here = [(line, kind, own) for kind, text, own in moment.here for line in wrap(text, left)]
        there = [
            (line, k, n == 0) for k, (name, _) in enumerate(moment.there) for n, line in enumerate(wrap(name, right - 2))
        ]
        return here, there

    def _high(self, i: int, left: int, right: int) -> int:
        return max(1, *map(len, self._sides(i, left, right)))

    def _rows_of(self, i: int, left: int, right: int, width: int, y: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        assert self.past is not None
        moment, here = self.moments[i], i == self.at
        mine, real = self._sides(i, left, right)
        ground = p.selection if here else p.panel
        future = moment.quarter > self.past.now
        grave = {"bankrupt": p.cinnabar, "acquired": p.cinnabar, "merged": p.cinnabar}
        out = []
        for n in range(max(1, len(mine), len(real))):
            text, kind, own = mine[n] if n < len(mine) else ("", "", False)
            name, k, first = real[n] if n < len(real) else ("", 0, False)
            label = short_date(moment.quarter) if n == 0 else ""
            spine = f" {label:^5} " if label else f"   {g.bar}   "
            shown = here and first and k == self.real_at
            sign = (g.marks[0] if shown else g.marks[4]) if first else " "
            self.mark(0, left + SPINE, y + n, (i, None))
            self.mark(left + SPINE, width, y + n, (i, k if name else None))
            out.append(row([
                (fit(text, left, "right"), ink(grave.get(kind, p.gold if own else p.text), ground, bold=own)),
                (f" {spine} ", ink(p.gold if here else p.faint if future else p.dim, ground, bold=here)),
                (f"{sign} ", ink(p.gold if shown else p.dim, ground)), (fit(name, right - 2), ink(p.gold if shown else p.text, ground)),
            ], width, ink(p.text, ground)))  # fmt: skip
        return out

    def _foot(self, width: int, height: int) -> list[Strip]:
        """What the gazette wrote in the quarter under the cursor, and the claim behind the real event."""
        past, p, g, tongue, say = self.past, self.palette, self.glyphs, self.tongue, self.tongue.say
        assert past is not None
        base = ink(p.text, p.panel)
        moment = self.moments[self.at]
        out = []
        if moment.there:
            _, mark = moment.there[min(self.real_at, len(moment.there) - 1)]
            ghost = past.content.ghosts[mark.ghost]
            claim = tongue.text(past.content.figures[mark.figure].claim)
            note = tongue.text(ghost.note) if ghost.note is not None else ""
            lines = wrap(claim + ("" if tongue.lang == "zh" else " ") + note, width - 2)[:2]
            out += [
                row([(f"{g.marks[4]} " if i == 0 else "  ", ink(p.gold)), (line, ink(p.dim))], width, base)
                for i, line in enumerate(lines)
            ]
        if moment.quarter > past.now:
            out.append(row([(say("market.to-come"), ink(p.dim))], width, base))
        elif not moment.headlines:
            lost = past.missing and moment.quarter >= past.first
            out.append(row([(say("market.missing", count=past.missing) if lost else say("ui.board.no-news"), ink(p.dim))], width, base))
        for message in moment.headlines:
            lines = wrap(tongue.message(message), width - 2)
            if len(out) + len(lines) > height:
                break
            out += [
                row([(f"{g.dot} " if i == 0 else "  ", ink(p.dim)), (line, ink(p.text))], width, base)
                for i, line in enumerate(lines)
            ]
        return [*out, *([self.empty(width)] * (height - len(out)))][:height]
