"""The market as the boardroom shows it: who holds how much of one segment, at what price, on which route."""

from __future__ import annotations

from textual.message import Message
from textual.strip import Strip

from game.table.wire import Firm
from game.tui.kit.bars import hbar
from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.text import cell_width, fit
from game.tui.widgets.board import BoardPanel
from game.tui.widgets.marks import arrow

PRICES = {"developers": "price_token", "consumers": "price_app"}


class MarketPanel(BoardPanel):
    """Bars of shares in `Session.segment`; left and right look at another segment."""

    def load(self) -> None:
        """Say everything anew."""
        session, tongue = self.app.session, self.app.tongue
        if session is None:
            return
        g = self.glyphs
        self.name_it(tongue.say("ui.panel.market"), f"{g.left} {tongue.segment(session.segment)} {g.right}")
        self.changed()

    @property
    def source(self) -> tuple[str, str]:
        """What the panel is about, for the codex."""
        return ("segment", self.app.session.segment if self.app.session else "")

    def key_left(self) -> None:
        self.turn(-1)

    def key_right(self) -> None:
        self.turn(1)

    def turn(self, step: int) -> None:
        """Look at the next segment."""
        session = self.app.session
        if session is None:
            return
        names = session.view.market.open_segments or ["developers"]
        place = names.index(session.segment) if session.segment in names else 0
        session.segment = names[(place + step) % len(names)]
        self.load()
        self.post_message(self.Turned())

    class Turned(Message):
        """The segment looked at has changed."""

    def draw(self, width: int, height: int) -> list[Strip]:
        session = self.app.session
        if session is None:
            return []
        view, tongue, p, g = session.view, self.app.tongue, self.palette, self.glyphs
        base = ink(p.text, p.panel)
        segment = session.segment
        before = {f.index: f.share.get(segment, 0.0) for f in session.before.firms} if session.before else {}
        firms = sorted((f for f in view.firms if f.status == "active"), key=lambda f: (-f.share.get(segment, 0.0), f.rank))
        if sum(f.share.get(segment, 0.0) for f in firms) > 0.005:  # before anybody has customers all are worth a line
            firms = [f for f in firms if f.share.get(segment, 0.0) > 0 or f.index == view.firm]
        foot = self._foot(width)
        if height < 12:
            foot = foot[: max(0, height - 6)]
        space = 1 if foot and height > len(firms) + 2 + len(foot) else 0
        room = height - len(foot) - space
        outside = view.market.outside.get(segment, 0.0)
        outside = outside if outside <= 1.0 else 0.0  # a number of users is no share: then it is part of the rest
        extra = 1 + (outside > 0.0005)
        shown = firms if len(firms) + extra <= room else firms[: max(1, room - extra)]
        mine = next((f for f in firms if f.index == view.firm), None)
        if mine is not None and mine not in shown:
            shown = [*shown[:-1], mine]
        rest = max(0.0, 1.0 - outside - sum(f.share.get(segment, 0.0) for f in shown))
        fringe = max(0, view.market.live_models - len(shown))
        names = max([cell_width(self._called(f)) for f in shown] + [cell_width(tongue.say("ui.board.rest", count=fringe)),
                    cell_width(tongue.say("tui.board.outside")) if outside > 0.0005 else 0])  # fmt: skip
        names = min(names, max(8, width // 2 - 4))
        prices = [self._price(f) for f in shown]
        price_width = max([cell_width(x) for x in prices] or [0])
        routes = max((cell_width(tongue.route(f.route, short=True)) for f in shown), default=0)
        numbers = 5
        bar = width - names - numbers - 4
        with_price = bar - price_width - 1 >= 4
        bar -= price_width + 1 if with_price else 0
        with_route = bar - routes - 1 >= 6
        bar -= routes + 1 if with_route else 0
        bar = min(bar, 40)
        top = max([f.share.get(segment, 0.0) for f in shown] + [rest, outside, 0.01])
        out: list[Strip] = []
        for f, price in zip(shown, prices, strict=True):
            own = f.index == view.firm
            ground = p.selection if own else p.panel
            share = f.share.get(segment, 0.0)
            change = share - before[f.index] if f.index in before else None
            sign = arrow(change, p, g, still=0.0005)
            parts: list[Part] = [
                (fit(self._called(f), names), ink(p.gold if own else p.text, ground, bold=own)), (" ", ink(None, ground)),
                (hbar(share, top, bar, g), ink(p.gold if own else p.sea, ground)),
                (fit(tongue.number(100 * share, 1), numbers, "right"), ink(p.text, ground, bold=True)), (" ", ink(None, ground)),
                (sign[0], sign[1] + ink(None, ground)), (" ", ink(None, ground)),
            ]
            if with_price:
                parts.append((fit(price, price_width, "right"), ink(p.text if own else p.dim, ground)))
            if with_route:
                parts.append((" " + fit(tongue.route(f.route, short=True), routes), ink(p.dim, ground)))
            self.mark(0, width, len(out), ("firm", f.id))
            out.append(row(parts, width, ink(p.text, ground)))
        taken = 1.0 - rest - outside
        for name, share in () if taken <= 0.005 else ((tongue.say("ui.board.rest", count=fringe), rest), (tongue.say("tui.board.outside"), outside)):
            if share > 0.0005 and len(out) < room:
                out.append(row([
                    (fit(name, names), ink(p.dim)), (" ", base), (hbar(share, top, bar, g), ink(p.sea_mid)),
                    (fit(tongue.number(100 * share, 1), numbers, "right"), ink(p.dim)),
                ], width, base))  # fmt: skip
        out += [blank(width, base)] * (height - len(foot) - len(out))
        return [*out, *foot]

    def _called(self, firm: Firm) -> str:
        """A firm's name; one's own, unless it was given one, is just you."""
        session, tongue = self.app.session, self.app.tongue
        if session is not None and firm.index == session.view.firm and firm.id not in session.names:
            return tongue.say("ui.app.you")
        return tongue.firm(firm.id)

    def _price(self, firm: Firm) -> str:
        session, tongue = self.app.session, self.app.tongue
        assert session is not None
        field = PRICES.get(session.segment, "price_solution")
        value = getattr(firm, field)
        return tongue.price(value) if field != "price_solution" else f"×{tongue.number(value, 2)}"

    def _foot(self, width: int) -> list[Strip]:
        """Where the frontier is, where one stands, what open models give away; and the price level."""
        session, tongue, p = self.app.session, self.app.tongue, self.palette
        assert session is not None
        market, own = session.view.market, session.view.own
        base = ink(p.text, p.panel)

        def points(value: float) -> str:
            return tongue.write(value, "points")

        items = [
            f"{tongue.say('ui.board.frontier')} {points(market.frontier)}",
            f"{tongue.say('tui.board.you')} {points(own.capability)}",
            f"{tongue.say('ui.board.best-open')} {points(market.best_open)}",
            tongue.say("tui.board.median", price=market.token_price),
            tongue.say("tui.board.lowest", price=market.token_price_low),
            tongue.say("tui.board.imports", share=market.import_open),
        ]
        lines: list[str] = []
        for item in items:
            joined = f"{lines[-1]} · {item}" if lines else item
            if lines and cell_width(joined) <= width:
                lines[-1] = joined
            else:
                lines.append(item)
        return [row([(line, ink(p.dim))], width, base) for line in lines]
