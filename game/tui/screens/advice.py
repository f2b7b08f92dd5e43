"""All that the adviser has to say: each piece with its arithmetic, the lever to look at and the page it rests on."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from game.language.counsel import advice_words
from game.table.adviser import Advice
from game.tui.kit.chrome import Title
from game.tui.kit.draw import Part, blank, ink, row, split_row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, wrap
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import title


class AdvicePanel(Panel, can_focus=True):
    """The pieces, most money first; Enter goes to the lever of the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False), Binding("down", "move(1)", show=False),
        Binding("home", "move(-99)", show=False), Binding("end", "move(99)", show=False),
        Binding("enter", "look", show=False),
    ]  # fmt: skip

    class Look(Message):
        """To the lever of a piece."""

        def __init__(self, piece: Advice) -> None:
            super().__init__()
            self.piece = piece

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pieces: tuple[Advice, ...] = ()
        self.cursor = 0
        self._top = 0

    def show(self, pieces: tuple[Advice, ...]) -> None:
        """Show other pieces."""
        self.pieces = pieces
        self.cursor = min(self.cursor, max(0, len(pieces) - 1))
        self.changed()

    @property
    def piece(self) -> Advice | None:
        """The piece under the cursor."""
        return self.pieces[self.cursor] if self.pieces else None

    def action_move(self, step: int) -> None:
        self.cursor = min(max(self.cursor + step, 0), max(0, len(self.pieces) - 1))
        self.changed()

    def action_look(self) -> None:
        if self.piece is not None:
            self.post_message(self.Look(self.piece))

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character in "123456789" and int(event.character) <= len(self.pieces):
            event.stop()
            self.cursor = int(event.character) - 1
            self.changed()

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        again = self.cursor == event.payload
        self.cursor = event.payload
        self.changed()
        if again and event.chain > 1:
            self.action_look()

    def _block(self, i: int, piece: Advice, width: int) -> list[Strip]:
        """One piece: its sentence, its sum, and where to look; a blank row after it."""
        p, g, tongue = self.palette, self.glyphs, self.app.tongue  # type: ignore[attr-defined]
        here = i == self.cursor
        ground = p.selection if here else p.panel
        style = ink(p.text, ground)
        said, sum_ = advice_words(tongue, piece)
        mark = g.focus if here and self.has_focus else " "
        head: list[Part] = [(f"{mark}{i + 1}  ", ink(p.gold, ground, bold=True)), (said, ink(p.gold if here else p.text, ground, bold=True))]
        stake = tongue.say("advice.stake", stake=piece.stake) if piece.stake >= 1e4 else ""
        room = width - 6
        if cell_width(said) + cell_width(stake) + 8 > width:
            stake = ""
        lines = [split_row(head, [(stake + " ", ink(p.dim, ground))] if stake else [], width, style)]
        lines += [row([("    ", style), (line, style)], width, style) for line in wrap(sum_, min(room, 100))]
        look = f"{g.right} {tongue.say('advice.look', lever=piece.lever)}"
        lines.append(row([("    ", style), (look, ink(p.sea, ground))], width, style))
        return [*lines, blank(width, ink(p.text, p.panel))]

    def draw(self, width: int, height: int) -> list[Strip]:
        p, tongue = self.palette, self.app.tongue  # type: ignore[attr-defined]
        base = ink(p.text, p.panel)
        foot = [row([(" " + line, ink(p.dim))], width, base) for line in wrap(tongue.say("advice.honest"), min(width - 2, 96))]
        room = height - len(foot) - 1
        if not self.pieces:
            body = [blank(width, base), row([(" " + tongue.say("advice.none"), ink(p.text))], width, base)]
            return [*body, *[blank(width, base)] * (room - len(body) + 1), *foot]
        blocks = [self._block(i, piece, width) for i, piece in enumerate(self.pieces)]
        self._top = min(self._top, self.cursor)
        while sum(len(b) for b in blocks[self._top : self.cursor + 1]) > room and self._top < self.cursor:
            self._top += 1
        rows: list[Strip] = []
        for i in range(self._top, len(blocks)):
            for strip in blocks[i]:
                if len(rows) < room:
                    self.mark(0, width, len(rows), i)
                    rows.append(strip)
        return [*rows, *[blank(width, base)] * (room - len(rows) + 1), *foot]


class AdviceScreen(BaimoScreen[None]):
    """See module."""

    which = "advice"

    def body(self) -> ComposeResult:
        yield AdvicePanel()

    def on_mount(self) -> None:
        self.query_one(AdvicePanel).focus()

    def title_line(self) -> Title:
        say = self.tongue.say
        return title(self.tongue, say("advice.title"), say("ui.state.on" if self.app.advice else "ui.state.off"))

    def tell(self) -> None:
        panel = self.query_one(AdvicePanel)
        pieces = tuple(self.app.advice_now(full=True))
        panel.head(self.tongue.say("advice.title"), self.tongue.say("advice.count", count=len(pieces)))
        panel.show(pieces)

    def on_advice_panel_look(self, event: AdvicePanel.Look) -> None:
        self.app.look_at(event.piece.lever)

    def action_open_source(self) -> None:
        """The page of the codex that the piece under the cursor rests on."""
        piece = self.query_one(AdvicePanel).piece
        if piece is not None:
            self.app.open_codex(*piece.term)

    def action_toggle_advice(self) -> None:
        """The adviser speaks in the boardroom, or not; kept for the next time."""
        self.app.toggle_advice()
        self.retell()
