"""The market: who sells what to whom at which price, where prices went, and what is being whispered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.strip import Strip

from game.engine.names import SEGMENTS, VERTICALS
from game.tui.kit.bars import hbar
from game.tui.kit.chrome import Title
from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.lines import Series, braille_lines, series_ink
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, fit, wrap
from game.tui.screens.base import BaimoScreen
from game.tui.screens.market_facts import ordered, price_of, remainder

if TYPE_CHECKING:
    from game.language import Tongue
    from game.table.wire import Firm, SeatView

TINY: Final = 0.0005
"""A share below which a row is not worth its line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table, said in words already."""

    name: str
    share: float
    cells: tuple[str, ...] = ()
    kind: str = "rival"
    """``own``, ``rival``, ``gone`` or ``rest``."""
    change: float | None = None
    firm: Any = None


def year_ticks(tongue: Tongue, quarters: Sequence[int]) -> tuple[str, ...]:
    """Labels under a chart by quarter: the first point and every first quarter of a year."""
    return tuple(
        tongue.quarter(q, "short") if q >= 0 and (i == 0 or q % 4 == 0) else "" for i, q in enumerate(quarters)
    )  # fmt: skip


class TablePanel(Panel, can_focus=True):
    """Firms of one segment, largest share first; up and down choose one, left and right change the segment."""

    BINDINGS = [
        Binding("up", "move(-1)", show=False), Binding("down", "move(1)", show=False),
        Binding("left", "segment(-1)", show=False), Binding("right", "segment(1)", show=False),
        Binding("enter", "open", show=False),
    ]  # fmt: skip

    class Segment(Message):
        """Another segment is wanted: one further, or one by name."""

        def __init__(self, step: int = 0, name: str = "") -> None:
            super().__init__()
            self.step, self.name = step, name

    class Moved(Message):
        """Another firm is under the cursor."""

    class Open(Message):
        """The firm under the cursor is to be looked up."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tabs: tuple[tuple[str, str, bool], ...] = ()
        self.segment = ""
        self.heads: tuple[str, ...] = ()
        self.lines: tuple[Line, ...] = ()
        self.foot: tuple[str, ...] = ()
        self.cursor = 0

    def show(
        self, tabs: tuple[tuple[str, str, bool], ...], segment: str, heads: tuple[str, ...], lines: tuple[Line, ...],
        foot: tuple[str, ...],
    ) -> None:  # fmt: skip
        """Show a segment: tabs as (id, name, open), columns, lines, and sentences for the foot."""
        if segment != self.segment:
            self.cursor = next((i for i, line in enumerate(lines) if line.kind == "own"), 0)
        self.tabs, self.segment, self.heads, self.lines, self.foot = tabs, segment, heads, lines, foot
        self.cursor = min(self.cursor, max(0, self.last))
        self.changed()

    @property
    def last(self) -> int:
        """The last line that the cursor may stand on."""
        return max((i for i, line in enumerate(self.lines) if line.firm is not None), default=0)

    @property
    def current(self) -> Firm | None:
        """The firm under the cursor."""
        found: Firm | None = self.lines[self.cursor].firm if self.cursor < len(self.lines) else None
        return found

    def action_move(self, step: int) -> None:
        self.cursor = min(max(self.cursor + step, 0), self.last)
        self.changed()
        self.post_message(self.Moved())

    def action_segment(self, step: int) -> None:
        self.post_message(self.Segment(step))

    def action_open(self) -> None:
        self.post_message(self.Open())

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        if isinstance(event.payload, str):
            self.post_message(self.Segment(name=event.payload))
            return
        if self.cursor == event.payload:
            self.action_open()
        self.cursor = event.payload
        self.changed()
        self.post_message(self.Moved())

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        rows = [self._tabs(width)]
        room = height - 2 - (1 if self.foot else 0)
        lines = list(enumerate(self.lines))
        if len(lines) > room:  # the rest of the world stays in sight, the smallest firms go
            rest = [pair for pair in lines if pair[1].kind == "rest"]
            lines = [pair for pair in lines if pair[1].kind != "rest"][: max(1, room - len(rest))] + rest
        names = max([cell_width(line.name) for line in self.lines] + [cell_width(self.heads[0]) if self.heads else 0])
        names = min(names, 14)
        columns = [
            max([cell_width(head)] + [cell_width(line.cells[i]) for line in self.lines if i < len(line.cells)])
            for i, head in enumerate(self.heads[2:])
        ]
        fixed = names + 2 + 7 + 2 + sum(columns) + 2 * len(columns)
        while columns and width - fixed < 9:
            fixed -= columns.pop() + 2
        bar = max(0, min(40, width - fixed - 2))
        top = max((line.share for line in self.lines), default=1.0)
        parts: list[Part] = [(fit(self.heads[0], names), ink(p.dim)), (" " * (bar + 2), base), (fit(self.heads[1], 7, "right"), ink(p.dim))]
        parts += [("  " + fit(head, size, "right"), ink(p.dim)) for head, size in zip(self.heads[2:], columns)]
        rows.append(row(parts, width, base))
        for i, line in lines:
            here = i == self.cursor and line.firm is not None
            ground = p.selection if here else p.panel
            gone, own = line.kind in ("gone", "rest"), line.kind == "own"
            name = ink(p.gold if own else p.dim if gone else p.text, ground, bold=own)
            colour = p.gold if own else p.line if gone else p.sea
            share = f"{line.share * 100:.1f}" if line.share >= TINY else "–" if not g.plain else "-"
            arrow, tint = " ", p.dim
            if line.change is not None and abs(line.change) >= TINY:
                arrow, tint = (g.up, p.jade) if line.change > 0 else (g.down, p.cinnabar)
            parts = [
                (fit(line.name, names), name), (" ", name), (hbar(line.share, top, bar, g), ink(colour, ground)),
                (" ", name), (fit(share, 5, "right"), ink(p.text if not gone else p.dim, ground, bold=not gone)),
                (f" {arrow}", ink(tint, ground)),
            ]  # fmt: skip
            parts += [
                ("  " + fit(cell, size, "right"), ink(p.dim if gone else p.text, ground)) for cell, size in zip(line.cells, columns)
            ]
            rows.append(row(parts, width, ink(p.text, ground)))
            if line.firm is not None:
                self.mark(0, width, len(rows) - 1, i)
        if self.foot and len(rows) < height:
            rows += [blank(width, base)] * (height - len(rows) - 1)
            text = self.foot[0]
            for more in self.foot[1:]:
                if cell_width(text) + 3 + cell_width(more) <= width:
                    text += f" {g.dot} {more}"
            rows.append(row([(text, ink(p.dim))], width, base))
        return rows

    def _tabs(self, width: int) -> Strip:
        p = self.palette
        base = ink(p.text, p.panel)
        gap = 3 if sum(cell_width(name) + 3 for _, name, _ in self.tabs) <= width else 2
        parts: list[Part] = []
        at = 0
        for name, text, is_open in self.tabs:
            here = name == self.segment
            style = ink(p.gold, bold=True, underline=True) if here else ink(p.text if is_open else p.faint)
            parts += [(text, style), (" " * gap, base)]
            self.mark(at, at + cell_width(text), 0, name)
            at += cell_width(text) + gap
        return row(parts, width, base)


class ChartPanel(Panel):
    """Two charts of the past: the token price on a logarithmic scale, and how many models still live."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.prices: tuple[Series, ...] = ()
        self.models: Series | None = None
        self.ticks: tuple[str, ...] = ()
        self.names = ("", "")
        self.price_format: Any = str

    def show(self, prices: tuple[Series, ...], models: Series, ticks: tuple[str, ...], names: tuple[str, str], fmt: Any) -> None:
        """Show other histories."""
        self.prices, self.models, self.ticks, self.names, self.price_format = prices, models, ticks, names, fmt
        self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        if self.models is None:
            return []
        both = height >= 11
        upper = (height - 3) * 3 // 5 if both else height - 1
        rows = [self._heading(self.names[0], self.prices, width)]
        rows += braille_lines(
            self.prices, width, max(3, upper), p, log=True, fmt=self.price_format, ticks=self.ticks, names=False,
            mark_every=4, glyphs=g,
        )  # fmt: skip
        if both:
            rows += [blank(width, base), row([(self.names[1], ink(p.text, bold=True))], width, base)]
            rows += braille_lines(
                [Series(self.models.name, self.models.values, p.sea)], width, height - len(rows), p, floor=0,
                fmt=lambda v: f"{v:.0f}", ticks=self.ticks, names=False, mark_every=0, glyphs=g,
            )  # fmt: skip
        return rows

    def _heading(self, title: str, series: tuple[Series, ...], width: int) -> Strip:
        p = self.palette
        parts: list[Part] = [(title, ink(p.text, bold=True))]
        for i, one in enumerate(series):
            mark, colour = series_ink(one, i, p, self.glyphs)
            parts += [("  ", ink(p.text)), (mark, ink(colour)), (f" {one.name}", ink(p.dim))]
        return row(parts, width, ink(p.text, p.panel))


class NewsPanel(Panel):
    """What is known of the firm under the cursor, then what the paper says."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.items: tuple[tuple[str, str], ...] = ()

    def show(self, items: tuple[tuple[str, str], ...]) -> None:
        """Lines as (mark, text): marks are ``firm``, ``tell``, ``news``, ``odds``, ``dim`` or empty for a gap."""
        self.items = items
        self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        marks = {"tell": ("!", p.cinnabar), "news": (g.dot, p.dim), "odds": (g.marks[2], p.gold)}
        rows: list[Strip] = []
        for mark, text in self.items:
            if not mark:
                if rows and height - len(rows) > 3:
                    rows.append(blank(width, base))
                continue
            if mark == "firm":
                rows.append(row([(text, ink(p.text, bold=True))], width, base))
                continue
            sign, colour = marks.get(mark, ("", p.dim))
            lead = 2 if sign else 0
            style = ink(p.dim if mark == "dim" else p.text)
            for i, line in enumerate(wrap(text, width - lead)):
                rows.append(row([((sign if i == 0 else "").ljust(lead), ink(colour, bold=True)), (line, style)], width, base))
        return rows


class MarketScreen(BaimoScreen[None]):
    """One segment at a time, everything from the seat's view."""

    which = "market"
    CSS_PATH = "market.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]

    def __init__(self, segment: str = "") -> None:
        super().__init__()
        self.segment = segment if segment in SEGMENTS else ""

    def body(self) -> ComposeResult:
        yield TablePanel()
        with Horizontal(id="low"):
            yield ChartPanel()
            yield NewsPanel()

    def on_mount(self) -> None:
        session = self.app.session
        if not self.segment and session is not None:
            self.segment = session.segment
        self.query_one(TablePanel).focus()

    @property
    def view(self) -> SeatView | None:
        """The seat's view, if a game is at hand."""
        return self.app.session.view if self.app.session is not None else None

    def segments(self) -> list[str]:
        """Segments of this scenario in their order."""
        view = self.view
        return [s for s in SEGMENTS if view is not None and (s in view.market.potential or s in view.market.open_segments)]

    def title_line(self) -> Title:
        view, say = self.view, self.tongue.say
        where = f"{say('ui.screen.market')} · {self.tongue.quarter(view.quarter, 'long')}" if view else say("ui.screen.market")
        return Title(say("ui.app.name"), "BAIMO", where, say("ui.market.live-models", count=view.market.live_models) if view else "")

    # telling ----------------------------------------------------------------------------------------------------------
    def tell(self) -> None:
        view = self.view
        if view is None:
            return
        tongue, say = self.tongue, self.tongue.say
        if self.segment not in self.segments():
            self.segment = next(iter(view.market.open_segments), SEGMENTS[0])
        tabs = tuple((s, tongue.segment(s), s in view.market.open_segments) for s in self.segments())
        heads = tuple(say(f"ui.market.{k}") for k in ("firm", "share", "price", "capability", "route", "trust", "community", "rank"))
        panel = self.query_one(TablePanel)
        panel.head(tongue.segment(self.segment), self._extent(view))
        panel.show(tabs, self.segment, heads, tuple(self._lines(view)), self._foot(view))
        self._charts(view)
        self._news(view)

    def _extent(self, view: SeatView) -> str:
        if self.segment not in view.market.open_segments:
            return self.tongue.say("screens.market.closed")
        have, may = view.market.adopters.get(self.segment, 0.0), view.market.potential.get(self.segment, 0.0)
        return self.tongue.say("ui.market.adopters", count=self.tongue.count(have), potential=self.tongue.count(may))

    def _lines(self, view: SeatView) -> list[Line]:
        tongue = self.tongue
        before = self.app.session.before if self.app.session else None
        was = {f.index: f.share.get(self.segment, 0.0) for f in before.firms} if before is not None else {}
        out = []
        for firm in ordered(view, self.segment):
            share = firm.share.get(self.segment, 0.0)
            gone = firm.status != "active"
            own = firm.index == view.firm
            if gone:
                cells: tuple[str, ...] = (tongue.term("status", firm.status),)
            else:
                price = price_of(firm, self.segment)
                asked = f"×{tongue.number(price, 2)}" if self.segment in VERTICALS else tongue.price(price)
                cells = (
                    asked, tongue.write(firm.capability, "points"), tongue.route(firm.route, short=True),
                    tongue.write(firm.trust, "points"), tongue.number(firm.community), str(firm.rank),
                )  # fmt: skip
            name = tongue.term("firm", "own-short") if own else tongue.firm(firm.id)
            change = share - was[firm.index] if firm.index in was and not gone else None
            out.append(Line(name, 0.0 if gone else share, cells, "own" if own else "gone" if gone else "rival", change, firm))
        rest, outside = remainder(view, self.segment), view.market.outside.get(self.segment, 0.0)
        if outside >= TINY:
            out.append(Line(tongue.term("firm", "outside"), outside, kind="rest"))
        if rest >= TINY:
            out.append(Line(tongue.term("firm", "tail" if self.segment in VERTICALS else "fringe"), rest, kind="rest"))
        return out

    def _foot(self, view: SeatView) -> tuple[str, ...]:
        say, m = self.tongue.say, view.market
        unit = say(f"screens.market.price-{'solution' if self.segment in VERTICALS else self.segment}")
        front = say("screens.market.frontier", frontier=self.tongue.write(m.frontier, "points"), open=self.tongue.write(m.best_open, "points"))
        return (
            unit, front, say("ui.market.sentiment", sentiment=m.sentiment), say("ui.market.import-open", share=m.import_open),
            say("ui.market.noisy"),
        )  # fmt: skip

    def _charts(self, view: SeatView) -> None:
        tongue, say = self.tongue, self.tongue.say
        past = view.history
        ticks = year_ticks(tongue, [r.quarter for r in past])
        # the first series takes the colour of what is one's own, whatever the theme
        prices = (
            Series(tongue.term("firm", "own-short"), [r.own_price if r.own_price > 0 else None for r in past]),
            Series(say("screens.market.median"), [r.token_price for r in past]),
        )
        panel = self.query_one(ChartPanel)
        panel.head(say("ui.panel.history"), say("screens.market.log"))
        names = (say("screens.market.token-price"), say("screens.market.live-models"))
        panel.show(prices, Series(names[1], [float(r.live_models) for r in past]), ticks, names, tongue.price)

    def _news(self, view: SeatView) -> None:
        tongue, say = self.tongue, self.tongue.say
        firm = self.query_one(TablePanel).current
        items: list[tuple[str, str]] = []
        if firm is not None:
            items += self._firm(view, firm)
        marks = {"card.headline": "odds", "tell": "tell"}
        news = [(marks.get(m.id, "news"), tongue.message(m)) for m in view.headlines]
        others = [(m, t) for m, t in news if m == "odds"] + [(m, t) for m, t in news if m == "tell"] + [
            (m, t) for m, t in news if m == "news"
        ]  # fmt: skip
        if others and items:
            items.append(("", ""))
        seen = {text for _, text in items}
        items += [(mark, text) for mark, text in others if text not in seen]
        panel = self.query_one(NewsPanel)
        panel.head(say("screens.market.heard"), say("ui.app.paper"))
        panel.show(tuple(items) or (("dim", say("ui.board.no-news")),))

    def _firm(self, view: SeatView, firm: Firm) -> list[tuple[str, str]]:
        tongue, say = self.tongue, self.tongue.say
        if firm.index == view.firm:
            return []
        rival = self.app.content.rivals.get(firm.id)
        items = [("firm", tongue.firm(firm.id, short=False))]
        if rival is not None:
            items.append(("dim", tongue.text(rival.temper)))
        tells = [("tell", tongue.message(m)) for m in firm.tells]
        return items + (tells or [("dim", say("ui.market.no-tells"))])

    # going about ------------------------------------------------------------------------------------------------------
    def on_table_panel_segment(self, event: TablePanel.Segment) -> None:
        there = self.segments()
        if not there:
            return
        if event.name:
            self.segment = event.name
        else:
            at = there.index(self.segment) if self.segment in there else 0
            self.segment = there[(at + event.step) % len(there)]
        if self.app.session is not None:
            self.app.session.segment = self.segment
        self.tell()

    def action_next_segment(self) -> None:
        """One segment further."""
        self.on_table_panel_segment(TablePanel.Segment(1))

    def key_tab(self) -> None:
        self.action_next_segment()

    def on_table_panel_moved(self) -> None:
        if self.view is not None:
            self._news(self.view)

    def on_table_panel_open(self) -> None:
        firm = self.query_one(TablePanel).current
        if firm is not None and firm.id in self.app.content.rivals:
            self.app.open_codex("rival", firm.id)
        else:
            self.app.open_codex("segment", self.segment)

    def action_open_source(self) -> None:
        """The codex at the segment: what it is and which levers and cards touch it."""
        self.app.open_codex("segment", self.segment)
