"""The gazette: the headlines of the quarter, wrapped, whole or not at all."""

from __future__ import annotations

from textual.strip import Strip

from game.table.wire import Message
from game.tui.kit.draw import blank, ink, row
from game.tui.kit.text import wrap
from game.tui.kit.theme import Glyphs, Palette
from game.tui.widgets.board import BoardPanel

_ORDER = {"card": 0, "distress": 0, "own": 1, "guidance": 1, "event": 2, "tell": 3, "gazette": 4}


def kind_of(message: Message) -> str:
    """What sort of headline a message is: card, own, event, tell, gazette."""
    head = message.id.partition(".")[0]
    return "gazette" if head == "headline" else head if head in _ORDER else "event"


def mark_of(kind: str, p: Palette, glyphs: Glyphs) -> tuple[str, str]:
    """Sign and colour of a sort of headline."""
    signs = ("!", "*", "-", "?", ".") if glyphs.plain else ("!", "◆", "▪", "○", "·")
    colours = {"card": p.cinnabar, "distress": p.cinnabar, "own": p.gold, "guidance": p.gold, "event": p.sea, "tell": p.jade}
    return signs[_ORDER.get(kind, 4)], colours.get(kind, p.dim)


def sorted_headlines(messages: list[Message]) -> list[Message]:
    """What concerns one most comes first; within a sort the paper's order stays."""
    return sorted(messages, key=lambda m: _ORDER[kind_of(m)])


class GazettePanel(BoardPanel):
    """Headlines of the quarter; what does not fit is counted, not cut."""

    def load(self) -> None:
        """Say everything anew."""
        session, tongue = self.app.session, self.app.tongue
        if session is not None:
            self.name_it(tongue.say("ui.panel.gazette"), f"{self.app.key('gazette')} {tongue.say('ui.button.all-text')}")
            self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        session = self.app.session
        if session is None:
            return []
        tongue, p = self.app.tongue, self.palette
        base = ink(p.text, p.panel)
        messages = sorted_headlines(session.view.headlines)
        if not messages:
            return [row([(tongue.say("ui.board.no-news"), ink(p.dim))], width, base)]
        blocks = []
        for message in messages:
            kind = kind_of(message)
            sign, colour = mark_of(kind, p, self.glyphs)
            lines = wrap(tongue.message(message), width - 2)
            strong = kind not in ("gazette",)
            block = [
                row([(f"{sign} " if n == 0 else "  ", ink(colour, bold=True)), (line, ink(p.text if strong else p.dim))],
                    width, base) for n, line in enumerate(lines)
            ]  # fmt: skip
            blocks.append(block)
        airy = sum(map(len, blocks)) + len(blocks) - 1 <= height
        out: list[Strip] = []
        left = 0
        for n, block in enumerate(blocks):
            gap = 1 if airy and out else 0
            last = n == len(blocks) - 1 and not left
            if not left and len(out) + gap + len(block) <= height - (0 if last else 1):
                out += [blank(width, base)] * gap + block
            else:
                left += 1
        if left:
            out.append(row([(tongue.say("tui.board.more-news", count=left), ink(p.dim))], width, base))
        self.mark(0, width, max(0, len(out) - 1), "all")
        for y in range(len(out)):
            self.mark(0, width, y, "all")
        return out
