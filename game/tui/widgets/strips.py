"""Thin strips of the boardroom: the line on the focused lever, the hint of the first quarters, the card that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import events
from textual.strip import Strip

from game.tui.kit.draw import Part, blank, ink, row, split_row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, cut, wrap
from game.tui.widgets.lever_paint import fitted, told_ink

if TYPE_CHECKING:
    from game.tui.app import BaimoApp

HINTS: dict[int, tuple[tuple[str, tuple[str, ...]], ...]] = {
    0: (("price", ("price.token",)), ("research", ("research.budget",)), ("close", ())),
    1: (("report", ()), ("compute", ("compute.domestic", "compute.cloud", "five.compute")),
        ("focus", ("knowledge.finance", "knowledge.medical", "five.focus")),
        ("guidance", ("guidance.cash.low", "guidance.cash.high"))),
    2: (("rivals", ()), ("route", ("route",)), ("finance", ("finance.raise",)), ("own-way", ())),
}  # fmt: skip
"""Hints of the first quarters, with the rows they are about."""


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


class HintStrip(Panel):
    """One hint at a time in the first three quarters of a first game; a click or h brings the next."""

    app: BaimoApp
    margin = 0

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.place = 0
        self._quarter = -1

    @property
    def hints(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The hints of the quarter, none where nobody is to be taught."""
        session = self.app.session
        if session is None or not session.teaching or not self.app.hints:
            return ()
        return HINTS.get(session.view.quarter - session.view.first_quarter, ())

    @property
    def rows(self) -> tuple[str, ...]:
        """Rows that the hint shown is about."""
        return self.hints[self.place][1] if self.place < len(self.hints) else ()

    @property
    def wanted(self) -> bool:
        """Whether there is a hint to show."""
        return self.place < len(self.hints)

    def load(self) -> None:
        """Begin anew in a new quarter, and go on where the row hinted at has been moved."""
        session = self.app.session
        if session is not None and session.view.quarter != self._quarter:
            self._quarter, self.place = session.view.quarter, 0
        self.follow()
        self.changed()

    def follow(self) -> None:
        """Go on once the player has done what the hint asks."""
        session = self.app.session
        while session is not None and self.wanted and self.rows and any(session.changed(name) for name in self.rows):
            self.place += 1
            self.changed()

    def next(self) -> None:
        """The next hint, or none."""
        self.place = min(self.place + 1, len(self.hints))
        self.changed()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        event.prevent_default()
        self.app.call_later(self.app.run_action, "screen.next_hint")

    def needed(self, width: int) -> int:
        """Rows that the hint takes at a width."""
        return len(self._parts(width)[2]) if self.wanted else 0

    def _parts(self, width: int) -> tuple[str, str, list[str]]:
        """What leads, what ends the first line, and the lines between."""
        session, tongue = self.app.session, self.app.tongue
        assert session is not None
        quarter = session.view.quarter - session.view.first_quarter + 1
        lead = f" {tongue.say('ui.panel.hint')} {self.place + 1}/{len(self.hints)}  "
        tail = f"{self.app.key('hint')} {tongue.say('tui.hint.next')} "
        text = tongue.say(f"tui.hint.q{quarter}.{self.hints[self.place][0]}")
        return lead, tail, wrap(text, max(20, width - cell_width(lead) - cell_width(tail) - 2))

    def draw(self, width: int, height: int) -> list[Strip]:
        p = self.palette
        if not self.wanted:
            return []
        base = ink(p.text, p.panel_alt)
        lead, tail, lines = self._parts(width)
        out = []
        for n, line in enumerate(lines[:height]):
            left: list[Part] = [(lead if n == 0 else " " * cell_width(lead), ink(p.gold, bold=True)), (line, ink(p.text))]
            out.append(split_row(left, [(tail, ink(p.dim))] if n == 0 else [], width, base))
        return [*out, *[blank(width, base)] * (height - len(out))]


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
