"""The lesson script beside the desk: which minute it is, what the teacher and the class do now, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual.strip import Strip

from game.tui.desk.panels import Listing
from game.tui.kit.draw import blank, ink, row, split_row
from game.tui.kit.text import cell_width, wrap


@dataclass(frozen=True, slots=True)
class Piece:
    """Minutes of a lesson in one language: from ``begin`` to ``end``, who does what."""

    begin: int
    end: int
    teacher: str
    students: str
    program: str = ""


def now_at(pieces: Sequence[Piece], minute: float) -> int:
    """Which piece a minute falls into; the last one after the end, -1 where there is none."""
    return next((i for i, piece in enumerate(pieces) if minute < piece.end), len(pieces) - 1)


class ScriptPanel(Listing):
    """The plan by the minute. It follows the clock until the teacher steps through it; then it stays where it was put."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.held = False
        """Whether the teacher has taken the place of the clock."""

    @property
    def pieces(self) -> Sequence[Piece]:
        """The plan in the language of the moment."""
        return self.app.pieces

    def count(self) -> int:
        return len(self.pieces)

    def step(self, by: int) -> None:
        self.held = True
        super().step(by)
        if self.cursor == now_at(self.pieces, self.app.minute()):
            self.held = False

    def take(self) -> None:
        """Enter: the lesson is at this piece now."""
        if self.pieces:
            self.app.set_minute(self.pieces[self.cursor].begin)
            self.held = False
            self.tick()

    def tick(self) -> None:
        """Another minute may have begun."""
        if not self.held and (at := max(0, now_at(self.pieces, self.app.minute()))) != self.cursor:
            self.cursor = at
            self.changed()
        self.head(note=self.say("desk.script.minute", minute=str(int(self.app.minute()))) if self.pieces else "")

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        if not self.pieces:
            return self.text_rows(self.say("desk.script.none"), width, ink(p.dim), 6)
        here = min(max(0, self.cursor), len(self.pieces) - 1)
        out: list[Strip] = []
        for i in range(here, len(self.pieces)):
            piece = self.pieces[i]
            ground = p.selection if i == here and self.has_focus else p.panel
            start = len(out)
            label = f"{piece.begin}–{piece.end}" if not g.plain else f"{piece.begin}-{piece.end}"
            title = self.say("desk.script.now" if i == here and not self.held else "desk.script.next" if i == here + 1 else "desk.script.later")
            if i > here + 1 and height - len(out) < 4:
                break
            mark = g.focus if i == here and self.has_focus else " "
            out.append(split_row(
                [(mark, ink(p.gold, ground)), (label, ink(p.gold if i == here else p.dim, ground, bold=i == here))],
                [(title, ink(p.gold if i == here else p.dim, ground))], width, ink(p.text, ground),
            ))  # fmt: skip
            who = (("teacher", piece.teacher), ("students", piece.students), ("program", piece.program))
            for kind, text in who:
                if not text or (i > here and kind == "program"):
                    continue
                lead = self.say(f"desk.script.{kind}")
                size = cell_width(lead) + 1
                lines = wrap(text, width - size - 1)
                for k, line in enumerate(lines):
                    head = (" " + lead + " ") if k == 0 else " " * (size + 1)
                    out.append(row([(head, ink(p.dim)), (line, ink(p.text if i == here else p.dim))], width, base))
            self.mark_rows(start, len(out), i, width)
            if len(out) >= height:
                break
            out.append(blank(width, base))
        return out[:height]

    def mark_rows(self, start: int, stop: int, payload: int, width: int) -> None:
        """Make rows clickable."""
        for y in range(start, stop):
            self.mark(0, width, y, payload)
