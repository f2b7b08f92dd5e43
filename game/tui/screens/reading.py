"""Something to read over the screen below: long text, closed by Escape."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from game.tui.kit.paper import Paper, Para
from game.tui.screens.base import BaimoModal


class ReadingScreen(BaimoModal[None]):
    """Paragraphs under a title. ``title`` is a message id; the paragraphs are sentences already."""

    which = "reading"
    DEFAULT_CSS = """
    ReadingScreen Paper { width: 80%; max-width: 92; height: 80%; background: $surface; padding: 1 2; }
    """

    def __init__(self, title: str, texts: Sequence[str]) -> None:
        super().__init__()
        self.heading, self.texts = title, tuple(texts)

    def body(self) -> ComposeResult:
        yield Paper(id="text", margin=2)

    def tell(self) -> None:
        paras = [Para(self.tongue.say(self.heading), "title"), Para("")]
        for text in self.texts:
            paras += [Para(text, "body", 0, 0), Para("")]
        self.query_one(Paper).show(paras)
        self.query_one(Paper).focus()
