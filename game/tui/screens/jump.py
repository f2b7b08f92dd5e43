"""Jumping: every panel bears a digit and every row of the levers a letter for a moment; that key goes there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from textual import events
from textual.app import ComposeResult

from game.tui.kit.panel import Panel
from game.tui.screens.base import BaimoModal

DIGITS: Final = "123456789"
LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

Target = tuple[Panel, Any]
"""A panel, and the row in it or None for the panel itself."""


def targets(screen: Any) -> dict[str, Target]:
    """Where one can jump on a screen, by the key that goes there: panels from left to right, then rows from the top."""
    panels = [p for p in screen.query(Panel) if p.can_focus and p.display and p.size.width and p.size.height]
    panels.sort(key=lambda p: (p.region.x, p.region.y))
    found: dict[str, Target] = {key: (panel, None) for key, panel in zip(DIGITS, panels)}
    rows = [(panel, row) for panel in panels for row in panel.rows_to_jump()]
    found |= dict(zip(LETTERS, rows))
    return found


def label(found: Mapping[str, Target]) -> None:
    """Let panels show the keys that go to them and to their rows."""
    for key, (panel, row) in found.items():
        x, y = (0, 0) if row is None else panel.place_of(row)
        panel.labels[y] = (x, key)
        panel.refresh()


def unlabel(found: Mapping[str, Target]) -> None:
    """Take them away again."""
    for panel, _ in found.values():
        panel.labels.clear()
        panel.refresh()


class JumpScreen(BaimoModal[Target]):
    """Waits for one key over the screen below, which stays as it is; any other key, and a click, goes back."""

    which = "jump"

    def __init__(self, found: Mapping[str, Target]) -> None:
        super().__init__()
        self.found = found

    def body(self) -> ComposeResult:
        return iter(())

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss(self.found.get(event.character or ""))

    def on_click(self) -> None:
        self.dismiss(None)
