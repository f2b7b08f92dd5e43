"""Help: every key of the screen below, made from the table of actions."""

from __future__ import annotations

from textual.app import ComposeResult

from game.tui import actions
from game.tui.kit.paper import Paper, Para
from game.tui.kit.text import cell_width
from game.tui.screens.base import BaimoModal


class HelpScreen(BaimoModal[None]):
    """``of`` is the name of the screen explained."""

    which = "help"
    DEFAULT_CSS = """
    HelpScreen Paper { width: 78; max-width: 96%; max-height: 90%; background: $surface; padding: 1 2; }
    """

    def __init__(self, of: str = "boardroom") -> None:
        super().__init__()
        self.of = of

    def body(self) -> ComposeResult:
        yield Paper(id="text", margin=2, measure=72)

    def tell(self) -> None:
        tongue = self.tongue
        known = actions.of(self.of, self.app.keymap) if self.of in (*actions.SCREENS, *actions.OWN) else []
        known = [action for action in known if action.id not in self.app.without]
        shown = [" ".join(filter(None, (a.shown, a.twins))) for a in known]
        column = max((cell_width(s) for s in shown), default=0) + 2
        paras = [Para(tongue.say("tui.help.title", screen=tongue.say(f"ui.screen.{screen_key(self.of)}")), "title"), Para("")]
        for action, keys in zip(known, shown, strict=True):
            lead = keys + " " * (column - cell_width(keys))
            text = tongue.say(action.help)
            paras.append(Para(f"{lead}{text}", "body", 0, column))
        paras += [Para(""), Para(tongue.say("tui.help.twins"), "dim"), Para(tongue.say(self.app.plain_note), "dim")]
        paper = self.query_one(Paper)
        paper.show(paras)
        paper.focus()
        self.call_after_refresh(self._fit)

    def on_resize(self) -> None:
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """As high as what it says: a few keys are no reason for a whole page."""
        for paper in self.query(Paper):
            paper.styles.height = max(3, paper.line_count) + 2


def screen_key(name: str) -> str:
    """The key of a screen's name in the locale."""
    return {"close": "close-quarter", "ask": "boardroom", "reading": "gazette"}.get(name, name)
