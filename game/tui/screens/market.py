"""The market: who sells what to whom at which price, where prices went, and what is being whispered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal

from game.engine.names import SEGMENTS, VERTICALS
from game.tui.kit.chrome import Title
from game.tui.kit.lines import Series
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import headed, title
from game.tui.screens.market_facts import ordered, price_of, remainder, remainder_name
from game.tui.screens.market_panels import TINY, ChartPanel, Line, NewsPanel, TablePanel, year_ticks

if TYPE_CHECKING:
    from game.table.wire import Firm, SeatView


class MarketScreen(BaimoScreen[None]):
    """One segment at a time, everything from the seat's view."""

    which = "market"
    CSS_PATH = "market.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (28, "-middle"), (34, "-tall")]  # noqa: RUF012

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
        return [
            s for s in SEGMENTS if view is not None and (s in view.market.potential or s in view.market.open_segments)
        ]

    def title_line(self) -> Title:
        view, say = self.view, self.tongue.say
        where = (
            f"{say('ui.screen.market')} · {self.tongue.quarter(view.quarter, 'long')}"
            if view
            else say("ui.screen.market")
        )
        return title(self.tongue, where, say("ui.market.live-models", count=view.market.live_models) if view else "")

    # telling ----------------------------------------------------------------------------------------------------------
    def tell(self) -> None:
        view = self.view
        if view is None:
            return
        tongue, say = self.tongue, self.tongue.say
        if self.segment not in self.segments():
            self.segment = next(iter(view.market.open_segments), SEGMENTS[0])
        tabs = tuple((s, tongue.segment(s), s in view.market.open_segments) for s in self.segments())
        heads = tuple(
            say(f"ui.market.{k}")
            for k in ("firm", "share", "price", "capability", "route", "trust", "community", "rank")
        )
        panel = self.query_one(TablePanel)
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
            name = self._called(firm)
            change = share - was[firm.index] if firm.index in was and not gone else None
            out.append(
                Line(name, 0.0 if gone else share, cells, "own" if own else "gone" if gone else "rival", change, firm)
            )
        rest = remainder(view, self.segment)
        if rest >= TINY:
            out.append(Line(tongue.term("firm", remainder_name(self.segment)), rest, kind="rest"))
        return out

    def _foot(self, view: SeatView) -> tuple[str, ...]:
        say, m = self.tongue.say, view.market
        size = self._extent(view)
        unit = say(f"screens.market.price-{'solution' if self.segment in VERTICALS else self.segment}")
        front = say(
            "screens.market.frontier",
            frontier=self.tongue.write(m.frontier, "points"),
            open=self.tongue.write(m.best_open, "points"),
        )
        return (
            unit, size, front, say("ui.market.sentiment", sentiment=m.sentiment),
            say("ui.market.import-open", share=m.import_open),
            say("ui.market.noisy"),
        )  # fmt: skip

    def _charts(self, view: SeatView) -> None:
        tongue, say = self.tongue, self.tongue.say
        past = view.history
        ticks = year_ticks(tongue, [r.quarter for r in past])
        own = next((self._called(f) for f in view.firms if f.index == view.firm), tongue.term("firm", "own-short"))
        # the first series takes the colour of what is one's own, whatever the theme
        prices = (
            Series(own, [r.own_price if r.own_price > 0 else None for r in past]),
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

    def _called(self, firm: Firm, *, short: bool = True) -> str:
        """A firm's name; one's own goes by the same one everywhere on the screen."""
        own = self.view is not None and firm.index == self.view.firm
        if own and firm.id not in self.tongue.names:
            return self.tongue.term("firm", "own-short")
        return self.tongue.firm(firm.id, short=short or own)

    def _firm(self, view: SeatView, firm: Firm) -> list[tuple[str, str]]:
        tongue, say = self.tongue, self.tongue.say
        own = firm.index == view.firm
        held = [(seg, firm.share.get(seg, 0.0)) for seg in view.market.open_segments]
        shares = " · ".join(f"{tongue.segment(seg)} {tongue.percent(part)}" for seg, part in held if part >= TINY)
        rival = self.app.content.rivals.get(firm.id)
        items = [("firm", headed(self._called(firm, short=False), tongue.lang))]
        if rival is not None:
            items += [("dim", tongue.text(rival.temper)), ("dim", tongue.text(rival.memory))]
        tells = [("tell", tongue.message(m)) for m in firm.tells]
        items += tells or ([] if own else [("dim", say("ui.market.no-tells"))])
        return [*items, ("shares", shares)] if shares else items

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
