"""The headline cards: six numbers of the firm with their change and their past, drawn as one widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.strip import Strip

from game.table.wire import Row
from game.tui.kit.bars import hbar, spark
from game.tui.kit.draw import Part, beside, blank, ink, split_row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width
from game.tui.session import spent
from game.tui.widgets.amounts import minus
from game.tui.widgets.marks import arrow
from game.tui.widgets.why import shown_change

if TYPE_CHECKING:
    from game.language import Tongue
    from game.tui.app import BaimoApp

RUNWAY_SHOWN = 12.0
"""Quarters that fill the runway's bar."""


@dataclass(frozen=True, slots=True)
class Card:
    """One headline number: what it is, how it stands, how it moved, and what lies behind."""

    term: str
    label: str
    value: str
    change: float | None
    moved: str
    below: str
    past: tuple[float, ...]
    still: float = 0.0
    alarm: bool = False
    gauge: float | None = None
    """Drawn as a bar 0..1 where there is no past to draw."""
    short: str = ""
    """The label where there are two rows only, ``name`` then standing in the second."""
    name: str = ""


class Headline(Panel):
    """Cards side by side. A click on one opens its term."""

    app: BaimoApp
    margin = 0

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cards: list[Card] = []

    def load(self) -> None:
        """Take the numbers from the game at hand."""
        if self.app.session is not None:
            self.cards = cards(self.app, self.app.tongue)
            self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        p = self.palette
        ground = ink(p.text, p.ground)
        if not self.cards:
            return [blank(width, ground)] * height
        gap = 1 if width < 110 else 2
        edge = 1
        count = len(self.cards)
        room = width - 2 * edge - gap * (count - 1)
        sizes = [room // count + (1 if i < room % count else 0) for i in range(count)]
        tall = height >= 3
        blocks = [self._card(card, size, height, tall) for card, size in zip(self.cards, sizes, strict=True)]
        x = edge
        for card, size in zip(self.cards, sizes, strict=True):
            for y in range(height):
                self.mark(x, x + size, y, ("why", card.term, self.app.session.main_trade if card.term == "share" and self.app.session else ""))
            x += size + gap
        side = blank(edge, ground)
        return [Strip.join([side, strip, side]) for strip in beside(blocks, sizes, ground, gap)]

    def _card(self, card: Card, width: int, height: int, tall: bool) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel if tall else p.ground)
        pad = 1 if tall else 0
        inner = width - 2 * pad
        space = blank(pad, base)
        sign, sign_ink = arrow(card.change, p, g, still=card.still)
        label: Part = (card.label, ink(p.dim))
        value: Part = (minus(card.value, plain=g.plain), ink(p.cinnabar if card.alarm else p.text, bold=True))
        still = card.change is None or abs(card.change) <= card.still
        moved: list[Part] = [(sign if still else f"{sign}{card.moved}", sign_ink)]
        if not tall:
            if card.short and cell_width(card.label) + 1 + cell_width(card.value) > inner:
                under: list[Part] = [(card.name + " ", ink(p.dim)), *moved]
                return [split_row([(card.short, ink(p.dim))], [value], inner, base), split_row(under, [], inner, base)][:height]
            top = split_row([label], [value], inner, base)
            tail = self._past(card, inner - cell_width(moved[0][0]) - 1, 1)
            return [top, split_row(moved, tail[0], inner, base)][:height]
        spark_width = min(inner // 2 - 1, max(4, 2 * len(card.past))) if card.gauge is None else inner // 2 - 1
        spark_width = min(spark_width, inner - cell_width(card.value) - 1)
        tails = self._past(card, spark_width, 2)
        rows = [split_row([label], moved if card.change is not None else [], inner, base)]
        rows.append(split_row([value], tails[0], inner, base))
        below = card.below if cell_width(card.below) <= inner - spark_width - 1 else ""
        rows.append(split_row([(below, ink(p.dim))], tails[1], inner, base))
        rows += [blank(inner, base)] * (height - len(rows))
        return [Strip.join([space, strip, space]) for strip in rows[:height]]

    def _past(self, card: Card, width: int, rows: int) -> list[list[Part]]:
        p, g = self.palette, self.glyphs
        if width < 3:
            return [[] for _ in range(rows)]
        colour = p.cinnabar if card.alarm else p.sea
        if card.gauge is not None:
            bar = hbar(card.gauge, 1.0, width, g)
            done = len(bar.rstrip())
            parts: list[Part] = [(bar[:done], ink(colour)), (g.empty * (width - done), ink(p.line))]
            return [[] for _ in range(rows - 1)] + [parts]
        if len(card.past) < 2:
            return [[] for _ in range(rows)]
        return [[(text, ink(colour))] for text in spark(card.past, width, rows, glyphs=g)]


def cards(app: BaimoApp, tongue: Tongue) -> list[Card]:
    """The six cards of the game at hand."""
    session = app.session
    assert session is not None
    view, own, say = session.view, session.view.own, tongue.say
    past = view.history
    points: Callable[[float], str] = lambda v: tongue.write(abs(v), "points")  # noqa: E731
    cash = _series(past, lambda r: r.cash)
    value = _series(past, lambda r: r.value)
    share = _series(past, lambda r: r.share if r.share is not None else 0.0)
    trust = _series(past, lambda r: r.trust)
    rank = _series(past, lambda r: float(r.rank))
    d_cash, d_value, d_share, d_trust, d_rank = (_last(s) for s in (cash, value, share, trust, rank))
    if d_share is not None:
        d_share = shown_change(*share[-2:]) / 100
    rivals = sum(f.status == "active" for f in view.firms)
    mine = next((f for f in view.firms if f.index == view.firm), None)
    trade = session.main_trade
    held = mine.share.get(trade) if mine is not None else None
    if trade != "developers":  # the history speaks of developers: here only the view before knows
        earlier = next((f for f in session.before.firms if f.index == view.firm), None) if session.before else None
        share = tuple(f.share.get(trade, 0.0) for f in (earlier, mine) if f is not None)
        d_share = shown_change(*share) / 100 if len(share) > 1 else None
    segment = tongue.segment(trade) if tongue.lang == "zh" else tongue.find(f"tui.segment-short.{trade}") or tongue.segment(trade)
    shown_rank = mine.rank if mine is not None else past[-1].rank if past else 0
    runway = session.runway()
    words = runway_words(runway, tongue)
    due = spent(session.bill) if session.bill is not None else own.committed
    d_run = None
    if session.standing_bill is not None and session.changes:  # what the draft does to it
        burn = spent(session.standing_bill) - own.revenue
        if burn > 0 and runway is not None:
            d_run = runway - max(own.cash, 0.0) / burn
    return [
        Card("cash", say("ui.board.cash"), tongue.money(own.cash), d_cash, tongue.money(abs(d_cash or 0)),
             say("tui.board.due", amount=due), cash, alarm=own.cash < 0),
        Card("runway", say("ui.board.runway"), words, d_run, tongue.number(abs(d_run or 0), 1), "", (), still=0.05,
             alarm=runway is not None and runway < 3,
             gauge=1.0 if runway is None else min(runway / RUNWAY_SHOWN, 1.0)),
        Card("value", say("ui.board.value"), tongue.money(own.value), d_value,
             tongue.percent(abs(d_value / value[-2]), 0) if d_value is not None and len(value) > 1 and value[-2] else "",
             say("tui.board.held", share=own.founders_share), value),
        Card("share", f"{say('ui.board.share')} {segment}", tongue.percent(held if held is not None else share[-1] if share else None),
             d_share, points(d_share or 0), "", share, still=0.0005, short=segment, name=say("ui.board.share")),
        Card("trust", say("ui.board.trust"), tongue.percent(own.trust, 0), d_trust, points(d_trust or 0),
             say("tui.board.credibility", value=tongue.percent(own.credibility, 0)), trust, still=0.0005),
        Card("rank", say("ui.board.rank"), f"{shown_rank}/{rivals}" if shown_rank else "–", -d_rank if d_rank and shown_rank else None, tongue.number(abs(d_rank or 0), 0),
             say("tui.board.live", count=view.market.live_models), tuple(-r for r in rank) if shown_rank else ()),
    ]  # fmt: skip


def runway_words(runway: float | None, tongue: Tongue) -> str:
    """A runway in words: it is ample where cash does not fall."""
    if runway is None or runway > 40:
        return tongue.say("ui.state.endless")
    return tongue.say("tui.board.quarters", runway=tongue.number(runway, 1))


def _series(past: Sequence[Row], pick: Callable[[Row], float]) -> tuple[float, ...]:
    return tuple(pick(r) for r in past)


def _last(values: Sequence[float]) -> float | None:
    return values[-1] - values[-2] if len(values) > 1 else None


