"""Thin strips of the boardroom: the line on the focused lever, the card that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import events
from textual.strip import Strip

from game.tui.kit.draw import blank, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, cut
from game.tui.widgets.lever_paint import fitted, told_ink

if TYPE_CHECKING:
    from game.tui.app import BaimoApp


class FootStrip(Panel):
    """Two lines on the focused lever, where its panel is too narrow to hold them."""

    app: BaimoApp
    margin = 0

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lines: list[tuple[str, str]] = []

    def show(self, lines: list[tuple[str, str]]) -> None:
        """Say other lines."""
        if lines != self.lines:
            self.lines = lines
            self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel_alt)
        out = [row([(" ", base), (line, told_ink(role, p))], width, base)
               for role, line in fitted(self.lines, width - 2, height)]  # fmt: skip
        return [*out, *[blank(width, base)] * (height - len(out))][:height]


class NoticeStrip(Panel):
    """One line on the card that waits on the desk; a click opens it."""

    app: BaimoApp

    @property
    def wanted(self) -> bool:
        """Whether there is a card, answered or not."""
        session = self.app.session
        return session is not None and (session.view.card is not None or session.view.distress is not None)

    def load(self) -> None:
        """Say it anew."""
        self.changed()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        event.prevent_default()
        self.app.call_later(self.app.run_action, "screen.open_card")

    def draw(self, width: int, height: int) -> list[Strip]:
        session, tongue, p = self.app.session, self.app.tongue, self.palette
        if session is None or not self.wanted:
            return []
        base = ink(p.text, p.panel)
        waiting = session.unanswered
        tail = f" e {tongue.say('ui.button.open')}"
        room = width - cell_width(tail)
        if waiting == "distress":
            text, colour = tongue.say("tui.notice.distress"), p.cinnabar
        elif waiting == "card":
            assert session.view.card is not None
            text, colour = tongue.say("tui.notice.card", title=tongue.card(session.view.card.id).title), p.cinnabar
        else:
            text, colour = tongue.say("tui.notice.answered", answer=answer_words(self.app)), p.jade
        if cell_width(text) > room and waiting == "card":
            text = tongue.card(session.view.card.id).title  # type: ignore[union-attr]
        return [row([(cut(text, room), ink(colour, bold=True)), (" " * max(0, room - cell_width(text)), base),
                     (tail, ink(p.gold))], width, base)]  # fmt: skip


def answer_words(app: BaimoApp) -> str:
    """What was chosen on the card at hand, in words."""
    session, tongue = app.session, app.tongue
    assert session is not None
    if session.view.distress is not None and "distress.choice" in session.levers:
        from game.engine.names import DISTRESS

        return tongue.say(f"distress.names.{DISTRESS[int(session.levers['distress.choice'])]}")
    if session.view.card is not None and "card.choice" in session.levers:
        choices = tongue.card(session.view.card.id).choices
        index = int(session.levers["card.choice"])
        return choices[index][0] if index < len(choices) else str(index + 1)
    return ""
