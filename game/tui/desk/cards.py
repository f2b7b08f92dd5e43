"""A card for all: every card that can be dealt, with its text and its choices, and a question before it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.strip import Strip

from game.tui.desk.panels import Listing
from game.tui.kit.chrome import Title
from game.tui.kit.draw import Part, ink, row
from game.tui.kit.paper import Paper, Para
from game.tui.kit.text import fit
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import title

if TYPE_CHECKING:
    from game.tui.dashboard import DashboardApp


class _Cards(Listing):
    def __init__(self, cards: list[str]) -> None:
        super().__init__(id="cards")
        self.cards = cards

    def count(self) -> int:
        return len(self.cards)

    def moved(self) -> None:
        self.screen.tell()  # type: ignore[attr-defined]

    def take(self) -> None:
        self.screen.deal(self.cards[self.cursor])  # type: ignore[attr-defined]

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g, tongue = self.palette, self.glyphs, self.app.tongue
        out = []
        dealt = {*self.shown.desk.dealt, *self.shown.desk.planned}
        for i in self.window(height):
            here = i == self.cursor
            ground = p.selection if here else p.panel
            mark = ("o" if g.plain else "●") if self.cards[i] in dealt else " "
            parts: list[Part] = [
                (g.focus if here else " ", ink(p.gold, ground)), (f"{mark} ", ink(p.gold, ground)),
                (fit(tongue.card(self.cards[i]).title, width - 3, ellipsis=g.ellipsis), ink(p.text, ground, bold=here)),
            ]  # fmt: skip
            self.mark(0, width, len(out), i)
            out.append(row(parts, width, ink(p.text, ground)))
        return out


class CardsScreen(BaimoScreen[str]):
    """Dismisses with the card's id after a yes."""

    which = "cards"
    app: DashboardApp
    DEFAULT_CSS = """
    CardsScreen Horizontal { width: 1fr; height: 1fr; }
    CardsScreen #cards { width: 30; margin-right: 1; }
    CardsScreen Paper { background: $surface; padding: 0 1; }
    """

    def __init__(self, cards: list[str]) -> None:
        super().__init__()
        self.cards = cards

    def body(self) -> ComposeResult:
        with Horizontal():
            yield _Cards(self.cards)
            yield Paper(id="text", measure=72)

    def title_line(self) -> Title:
        return title(self.tongue, self.tongue.say("desk.cards.title"), self.tongue.say("desk.cards.count", count=len(self.cards)))

    def on_mount(self) -> None:
        self.say_first()
        self.query_one(_Cards).focus()

    def tell(self) -> None:
        tongue = self.tongue
        cards = self.query_one(_Cards)
        cards.head(tongue.say("desk.cards.panel"))
        cards.changed()
        card = tongue.card(self.cards[min(cards.cursor, len(self.cards) - 1)])
        paras = [Para(card.title, "title"), Para(""), Para(card.text), Para("")]
        if card.headline:
            paras += [Para(tongue.say("desk.cards.headline", text=card.headline), "dim"), Para("")]
        for i, (label, text) in enumerate(card.choices):
            paras += [Para(f"{i + 1}  {label}", "head", 0, 3), Para(text, "body", 3)]
        paras += [Para(""), Para(tongue.say("desk.cards.note"), "dim")]
        self.query_one(Paper).show(paras)

    def deal(self, card: str) -> None:
        """Ask, then leave with the card."""
        name = self.tongue.card(card).title
        self.app.ask(self.tongue.say("desk.ask.deal", name=name), lambda: self.dismiss(card) and None)
