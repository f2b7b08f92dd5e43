"""The strip above the desk: in a first game the guide's step, after it the adviser's word; under both the goals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import events
from textual.strip import Strip

from game.language.counsel import advice_words
from game.table.adviser import Advice
from game.tui import guide
from game.tui.kit.draw import Part, blank, ink, row, split_row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, cut, wrap
from game.tui.progress import goal_parts

if TYPE_CHECKING:
    from game.tui.app import BaimoApp


class HintStrip(Panel):
    """One step of the guide at a time, or at most two pieces of advice, and the scenario's goals where there is room.

    ``roomy`` is the number of pieces that may show; ``goals`` whether the goals have a line.
    """

    app: BaimoApp
    margin = 0

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.guide = guide.Guide()
        self.pieces: list[Advice] = []
        self.roomy = 1
        self.goals = False

    # the guide --------------------------------------------------------------------------------------------------------
    @property
    def teaching(self) -> bool:
        """Whether a step of the guide shows."""
        session = self.app.session
        return session is not None and session.teaching and self.app.hints and self.guide.step is not None

    @property
    def rows(self) -> tuple[str, ...]:
        """Rows that the step at hand is about."""
        step = self.guide.step
        return tuple(step.rows) if self.teaching and step is not None else ()

    @property
    def wanted(self) -> bool:
        """Whether there is anything to say."""
        return self.teaching or bool(self.pieces) or (self.goals and bool(self._goals()))

    def load(self) -> None:
        """Begin anew in a new quarter, go on where the player has done what a step asks, and reckon again."""
        session = self.app.session
        if session is None:
            return
        self.guide.begin(self.app.content, session.view)
        self.follow()

    def follow(self) -> None:
        """Take up what the draft, or a screen that was opened, has changed."""
        session = self.app.session
        if session is None:
            return
        if self.guide.quarter == session.view.quarter:
            self.guide.events |= self.app.visited
            self.guide.follow(session)
        self.pieces = self.app.advice_now() if not self.teaching else []
        self.changed()

    def moved_to(self, row_id: str) -> bool:
        """The cursor has gone to a row: a step that is done gives way to the next; True where it did."""
        session = self.app.session
        if session is None or not self.teaching or not self.guide.done(session) or not self.guide.leave(row_id):
            return False
        self.follow()
        return True

    def next(self) -> None:
        """The next step, or none."""
        self.guide.next()
        self.follow()

    def on_click(self, event: events.Click) -> None:
        region = self.region_at(event.x, event.y)
        event.stop()
        event.prevent_default()
        if region is not None:
            self.post_message(self.Hit(self, region, event.x, event))
        elif self.teaching:
            self.app.call_later(self.app.run_action, "screen.next_hint")
        else:
            self.app.call_later(self.app.run_action, "screen.open_advice")

    # drawing ----------------------------------------------------------------------------------------------------------
    def needed(self, width: int) -> int:
        """Rows that it takes at a width."""
        lines = len(self._step(width)[2]) if self.teaching else min(len(self.pieces), self.roomy)
        return lines + (self.goals and bool(self._goals()))

    def _goals(self, numbers: bool = True) -> list[tuple[bool, str]]:
        session = self.app.session
        if session is None or session.over:
            return []
        return goal_parts(session.view, self.app.content, self.app.tongue, numbers=numbers)

    def _step(self, width: int) -> tuple[str, str, list[str], bool]:
        """What leads, what ends the first line, the lines between, and whether they answer the player."""
        session, tongue, step = self.app.session, self.app.tongue, self.guide.step
        assert session is not None and step is not None
        done = self.guide.done(session)
        lead = f" {tongue.say('hour.guide')} {self.guide.place + 1}/{len(self.guide.steps)}  "
        tail = f"{self.app.key('hint')} {tongue.say('tui.hint.next')} "
        text = guide.words(session, tongue, step, done)
        return lead, tail, wrap(text, max(20, width - cell_width(lead) - cell_width(tail) - 2)), done

    def draw(self, width: int, height: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel_alt)
        out: list[Strip] = []
        if self.teaching:
            lead, tail, lines, done = self._step(width)
            for n, line in enumerate(lines[:height]):
                mark = lead if n == 0 else " " * cell_width(lead)
                left: list[Part] = [(mark, ink(p.gold, bold=True)), (line, ink(p.jade if done else p.text))]
                out.append(split_row(left, [(tail, ink(p.dim))] if n == 0 else [], width, base))
        else:
            for n, piece in enumerate(self.pieces[: self.roomy]):
                out.append(self._piece(n, piece, width))
        if self.goals and len(out) < height and (parts := self._goals()):
            out.append(self._goal_line(parts, width))
        return [*out, *[blank(width, base)] * (height - len(out))][:height]

    def _piece(self, n: int, piece: Advice, width: int) -> Strip:
        """One line: the sentence and its sum where both fit, else the sum under the name of its lever, else the sentence."""
        p, tongue = self.palette, self.app.tongue
        base = ink(p.text, p.panel_alt)
        said, sum_ = advice_words(tongue, piece)
        title = tongue.say("advice.title")
        lead = f" {title}  " if n == 0 else " " * (cell_width(title) + 3)
        tail = f"{self.app.key('advice')} {tongue.say('advice.count', count=len(self.pieces))} " if n == 0 else ""
        if tail and width < 100:
            tail = f"{self.app.key('advice')} {len(self.pieces)} "
        room = width - cell_width(lead) - (cell_width(tail) + 1 if tail else 0)
        parts: list[Part] = [(lead, ink(p.gold, bold=True))]
        if cell_width(said) + 2 + cell_width(sum_) <= room:
            parts += [(said + "  ", ink(p.text, bold=True)), (sum_, ink(p.dim))]
        elif cell_width(named := f"{tongue.lever(piece.lever)}{'：' if tongue.lang == 'zh' else ': '}") + cell_width(sum_) <= room:
            parts += [(named, ink(p.text, bold=True)), (sum_, ink(p.text))]
        else:
            parts.append((cut(said, room, self.glyphs.ellipsis), ink(p.text, bold=True)))
        self.mark(0, width - cell_width(tail), n, ("advice", piece.lever))
        return split_row(parts, [(tail, ink(p.dim))] if tail else [], width, base)

    def _goal_line(self, goals: list[tuple[bool, str]], width: int) -> Strip:
        p, g, tongue = self.palette, self.glyphs, self.app.tongue
        base = ink(p.text, p.panel_alt)
        parts: list[Part] = [(f" {tongue.say('hour.goals')}  ", ink(p.gold, bold=True))]
        if cell_width(parts[0][0]) + sum(cell_width(text) + 5 for _, text in goals) - 3 > width:
            goals = self._goals(numbers=False)  # the numbers stand in the headline as well
        for met, text in goals:
            mark = ("+" if g.plain else "✓") if met else ("-" if g.plain else "·")
            parts += [(f"{mark} ", ink(p.jade if met else p.dim, bold=True)), (text + "   ", ink(p.text if met else p.dim))]
        return row(parts, width, base)
