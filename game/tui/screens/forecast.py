"""A member's own forecast, as 80 % intervals, and the reason in own words: everybody of a team gives one, pen or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.strip import Strip
from textual.widgets import Input

from game.classroom.messages import MAX_TEXT, Argue, Guess
from game.language import clean_text
from game.tui.kit.draw import blank, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import wrap
from game.tui.plain_words import number
from game.tui.screens.base import BaimoModal
from game.tui.widgets.amounts import minus

if TYPE_CHECKING:
    from game.tui.seat_app import SeatApp

RECEIVER = ("price",)
TEAM = ("cash", "revenue")


class _Head(Panel):
    app: SeatApp
    margin = 2
    trouble = ""

    def needed(self, width: int) -> int:
        """Rows wanted at a width."""
        return len(self.draw(width - 2 * self.margin, 99))

    def draw(self, width: int, height: int) -> list[Strip]:
        p, say, app = self.palette, self.app.tongue.say, self.app
        base = ink(p.text, p.panel)
        session, now = app.session, app.now
        assert session is not None and now is not None
        quarter = app.tongue.quarter(session.view.quarter, "long")
        out = [blank(width, base), row([(say("class.seat.forecast.title", quarter=quarter), ink(p.gold, bold=True))], width, base)]
        told = say("class.seat.forecast.price" if now.receiver else "class.seat.forecast.how")
        out += [row([(line, base)], width, base) for line in wrap(told, width)]
        own, market = session.view.own, session.view.market
        if now.receiver:
            last = say("class.seat.forecast.last-price", price=market.token_price)
        else:
            last = minus(say("class.seat.forecast.last", cash=own.cash, revenue=own.revenue), plain=self.glyphs.plain)
        out += [row([(line, ink(p.dim))], width, base) for line in wrap(last, width)]
        if self.trouble:
            out += [row([(f"! {line}", ink(p.cinnabar, bold=True))], width, base) for line in wrap(self.trouble, width - 2)]
        return [*out, blank(width, base)]


class _Name(Panel):
    """What stands over a line to fill in."""

    margin = 2
    text = ""

    def draw(self, width: int, height: int) -> list[Strip]:
        return [row([(self.text, ink(self.palette.text, bold=True))], width, ink(self.palette.text, self.palette.panel))]


class ForecastScreen(BaimoModal[None]):
    """One line an interval and one for the reason. Enter hands everything in; Escape leaves, and nothing typed is kept."""

    which = "forecast"
    app: SeatApp  # type: ignore[assignment]
    CSS_PATH = "forecast.tcss"

    @property
    def asked(self) -> tuple[str, ...]:
        """What is forecast."""
        now = self.app.now
        return RECEIVER if now is not None and now.receiver else TEAM

    def body(self) -> ComposeResult:
        with Vertical(id="sheet"):
            yield _Head()
            for what in (*self.asked, "reason"):
                yield _Name(id=f"name-{what}")
                yield Input(id=f"of-{what}", max_length=MAX_TEXT if what == "reason" else 48, select_on_focus=False)

    def on_mount(self) -> None:
        super().on_mount()
        now = self.app.now
        assert now is not None
        for what in self.asked:
            if what in now.forecast:
                low, high = now.forecast[what]
                self.query_one(f"#of-{what}", Input).value = f"{written(low, self.tongue.lang)} {written(high, self.tongue.lang)}"
        self.query_one("#of-reason", Input).value = now.reason
        self.query_one(f"#of-{self.asked[0]}", Input).focus()

    def tell(self) -> None:
        say = self.tongue.say
        for what in (*self.asked, "reason"):
            self.query_one(f"#of-{what}", Input).placeholder = say(f"class.seat.forecast.such.{what}")
            name = self.query_one(f"#name-{what}", _Name)
            name.text = say(f"class.seat.forecast.of.{what}")
            name.changed()
        self._shape()

    def on_resize(self) -> None:
        self._shape()

    def _shape(self) -> None:
        head, width = self.query_one(_Head), min(76, self.size.width - 2)
        self.query_one("#sheet").styles.width = width
        head.styles.height = head.needed(width)
        head.changed()

    def complain(self, text: str) -> None:
        """Say what is wrong, until the next try."""
        self.query_one(_Head).trouble = text
        self._shape()
        self.app.bell()

    def on_key(self, event: events.Key) -> None:
        if event.key in ("up", "down"):
            event.stop()
            (self.focus_next if event.key == "down" else self.focus_previous)(Input)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a line goes to the next, and hands in from the last."""
        event.stop()
        if event.input.id == "of-reason":
            self.action_hand_in()
        else:
            self.focus_next(Input)

    def action_hand_in(self) -> None:
        """Hand in whatever was filled in."""
        self.run_worker(self._hand_in(), exclusive=True)

    async def _hand_in(self) -> None:
        session, now, say = self.app.session, self.app.now, self.tongue.say
        if session is None or now is None:
            return
        quarter = session.view.quarter
        asked: list[Guess | Argue] = []
        for what in self.asked:
            field = self.query_one(f"#of-{what}", Input)
            if not field.value.strip():
                continue
            ends = interval(field.value)
            if ends is None:
                field.focus()
                self.complain(say("class.seat.forecast.bad"))
                return
            if now.forecast.get(what) != ends:
                asked.append(Guess(quarter, what, *ends))  # type: ignore[arg-type]
        reason = clean_text(self.query_one("#of-reason", Input).value, MAX_TEXT)
        if reason != now.reason:
            asked.append(Argue(quarter, reason))
        if not asked and not now.forecast:
            self.complain(say("class.seat.forecast.empty"))
            return
        for one in asked:
            faults = await self.app.request(one)
            if faults:
                self.complain(" ".join(faults))
                return
        self.app.tell(say("class.seat.forecast.done"))
        if self.is_current:
            self.dismiss(None)


def interval(text: str) -> tuple[float, float] | None:
    """Two numbers as people write an interval, the lower first; None where there are not two.

    >>> interval("3亿 4.2亿"), interval("250M to 300M"), interval("-2000万 ~ 1000万"), interval("12")
    ((300000000.0, 420000000.0), (250000000.0, 300000000.0), (-20000000.0, 10000000.0), None)
    """
    for word in ("到", "至", "～", "~", "–", "—", " to ", ";", "；", "/"):
        text = text.replace(word, " ")
    ends = [number(part) for part in text.split()]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return None
    return min(ends[0], ends[1]), max(ends[0], ends[1])


def written(value: float, lang: str) -> str:
    """A number as `interval` reads it, in the largest unit that it reaches; no digit is lost.

    >>> written(1.25e8, "zh"), written(-3e6, "en"), written(2.5, "en")
    ('1.25亿', '-3M', '2.5')
    """
    units = ((1e8, "亿"), (1e4, "万")) if lang == "zh" else ((1e9, "B"), (1e6, "M"), (1e3, "K"))
    size, unit = next(((size, unit) for size, unit in units if abs(value) >= size), (1.0, ""))
    return f"{value / size:.12g}{unit}"
