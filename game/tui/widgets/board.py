"""The base of the boardroom's panels that may have to share one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip

from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width
from game.tui.kit.theme import Glyphs, Palette

if TYPE_CHECKING:
    from game.tui.app import BaimoApp


class BoardPanel(Panel, can_focus=True):
    """A panel whose head also says which of the panels in its place it is, as far as there is room."""

    app: BaimoApp
    tab = ""
    """Such as ``Tab 2/4``; empty where it has a place of its own."""
    notes: tuple[str, ...] = ()
    """What may stand at the right of the head, the fullest first."""

    def load(self) -> None:
        """Say everything anew."""

    def name_it(self, title: str, note: str = "") -> None:
        """Set title and note."""
        self.notes = ("  ".join(filter(None, (note, self.tab))), self.tab or note)
        self.head(title, self.notes[0])
        self.changed()

    def _draw_all(self, p: Palette, glyphs: Glyphs) -> list[Strip]:
        room = self.size.width - 2 * self.margin - cell_width(self._title) - 2
        self._note = next((note for note in self.notes if cell_width(note) <= room), "")
        return super()._draw_all(p, glyphs)
