"""First page of the market: every firm's share of every segment, a number in each cell and its weight as a shade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.style import Style
from textual.strip import Strip

from game.engine.names import VERTICALS
from game.tui.kit.course import Axes, Course, course_chart
from game.tui.kit.draw import Part, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, fit, wrap
from game.tui.kit.theme import Palette, contrast
from game.tui.screens.brand import headed
from game.tui.screens.market_facts import Past, Values, ordered, price_of, remainder_name, segments_of, thousandths
from game.tui.screens.market_panels import Page, fitting, flowing

if TYPE_CHECKING:
    from game.table.wire import Firm

STEPS: Final = (0.02, 0.05, 0.1, 0.2, 0.35)
"""Shares from which a cell is shaded one step deeper."""
SIDE: Final = 38
"""Least width of the notes beside the table."""


def mixed(one: str, other: str, part: float) -> str:
    """A colour between two, ``part`` of the way."""
    a, b = (tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (one, other))
    return "#" + "".join(f"{round(x + (y - x) * part):02x}" for x, y in zip(a, b, strict=True))


def shade(share: float, p: Palette, under: str) -> Style:
    """Ground and ink of a cell on the ground ``under``: the deeper the larger, and always legible."""
    step = sum(share >= s for s in STEPS)
    if not step:
        return ink(p.dim, under)
    ground = mixed(p.panel, p.sea_mid, step / len(STEPS))
    return ink(legible((p.text, p.ground), ground), ground)


def legible(wanted: tuple[str, ...], ground: str) -> str:
    """The first of the wanted inks that can be read on a ground; black or white where none can."""
    best = max((*wanted, "#ffffff", "#000000"), key=lambda c: contrast(c, ground))
    return next((c for c in wanted if contrast(c, ground) >= 4.5), best)


class MatrixPage(Page):
    """Firms down, segments across; left and right choose the segment that the rows are sorted by."""

    def __init__(self) -> None:
        super().__init__("matrix")
        self.firms: list[Firm] = []
        self.columns: dict[str, tuple[dict[int, int], int] | None] = {}

    def prepare(self) -> None:
        assert self.past is not None
        view = self.past.view
        self.firms = ordered(view, self.segment)
        self.columns = {s: thousandths(view, s) for s in segments_of(view)}

    @property
    def cursor(self) -> int:
        """Place of the chosen firm in the rows."""
        return next((i for i, f in enumerate(self.firms) if f.index == self.chosen), 0)

    def move(self, step: int) -> None:
        place = min(max(self.cursor + step, 0), len(self.firms) - 1)
        self.post_message(self.Firm(self.firms[place].index))

    def turn(self, step: int) -> None:
        names = list(self.columns)
        place = names.index(self.segment) if self.segment in names else 0
        self.post_message(self.Segment(names[(place + step) % len(names)]))

    def action_open(self) -> None:
        if self.past is not None:
            self.post_message(self.Firm(self.chosen, show=True))

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        kind, what = event.payload
        if kind == "segment":
            self.post_message(self.Segment(what))
        else:
            self.post_message(self.Firm(what, show=what == self.chosen))

    # drawing ----------------------------------------------------------------------------------------------------------
    def draw(self, width: int, height: int) -> list[Strip]:
        past = self.past
        if past is None or not self.columns:
            return []
        beside = width >= 76 + SIDE
        table = width - SIDE - 3 if beside else width
        if beside:
            table = min(table, 10 + 4 + 12 * len(self.columns))
        rows = self._table(past, table, height)
        if beside and height - len(rows) >= 9:
            rows += [self.empty(table), *self._history(past, table, height - len(rows) - 1)]
        if not beside:
            left = height - len(rows) - 1
            if left >= 2:
                rows += [self.rule(width), *self._notes(past, width, left)]
            return rows
        side = width - table - 3
        notes = self._notes(past, side, height)
        gap = ink(self.palette.line, self.palette.panel)
        out = []
        for y in range(height):
            left = rows[y].adjust_cell_length(table, gap) if y < len(rows) else self.empty(table)
            right = notes[y] if y < len(notes) else self.empty(side)
            out.append(Strip.join([left, row([(f" {self.glyphs.bar} ", gap)], 3, gap), right]))
        return out

    def _history(self, past: Past, width: int, height: int) -> list[Strip]:
        """How the shares of the chosen segment came about: its three largest firms, one's own and the rest."""
        p, tongue, say = self.palette, self.tongue, self.tongue.say
        mine = past.view.firm
        shown = [f.index for f in self.firms if f.status == "active" and f.index != mine][:3]
        if self.chosen != mine and self.chosen not in shown:
            shown[-1:] = [self.chosen]
        inks = dict(zip(shown, p.series[1:], strict=False))
        courses = [Course(self.called(mine), self._shares(past, mine), p.gold)]
        courses += [Course(self.called(f), self._shares(past, f), inks[f]) for f in shown]
        courses += [Course("", self._shares(past, f.index), p.faint, faint=True) for f in self.firms if f.index not in (mine, *shown)]
        ticks = {q: tongue.quarter(q, "short") for q in range(past.first, past.last + 1) if q >= 0 and q % 4 == 0}
        axes = Axes(past.first, past.last, 0.0, 1.0)
        title = say("market.share-course", segment=self.segment)
        return [
            self.heading(title, "", width),
            *course_chart(courses, (), axes, width, height - 1, p, fmt=lambda v: tongue.percent(v, 0), ticks=ticks,
                          now=past.now, glyphs=self.glyphs),
        ]  # fmt: skip

    def _shares(self, past: Past, index: int) -> Values:
        """A firm's share of the chosen segment by quarter, once the segment has users."""
        if past.history is None:
            return {}
        used = {q.quarter for q in past.history.quarters if q.market.adopters.get(self.segment, 0.0) > 0}
        return {q: v for q, v in past.of_firm(index, lambda f: f.share.get(self.segment, 0.0)).items() if q in used}

    def _table(self, past: Past, width: int, height: int) -> list[Strip]:
        p, g, tongue, view = self.palette, self.glyphs, self.tongue, past.view
        base = ink(p.text, p.panel)
        names = min(13, max([cell_width(self.called(f.index)) for f in self.firms] + [6])) + 2
        each = max(5, (width - names) // len(self.columns))
        width = names + each * len(self.columns)
        before = self._before(past)
        head: list[Part] = [(fit(f"  {tongue.say('ui.market.firm')}", names), ink(p.dim))]
        x = names
        for segment in self.columns:
            here = segment == self.segment
            room = each - 1
            text = tongue.segment(segment)
            if cell_width(text) > room - (1 if here else 0):
                text = tongue.say(f"market.short.{segment}")
            text = f"{text}{g.down}" if here else text
            colour = p.gold if here else p.text if segment in view.market.open_segments else p.faint
            head += [(" ", base), (fit(text, room, "right"), ink(colour, bold=here, underline=here))]
            self.mark(x, x + each, 0, ("segment", segment))
            x += each
        out = [row(head, width, base)]
        airy = height >= len(self.firms) + 12
        if airy:
            out.append(self.rule(width))
        for firm in self.firms:
            self.mark(0, width, len(out), ("firm", firm.index))
            out.append(self._firm(past, firm, names, each, width, before))
        if airy:
            out.append(self.rule(width))
        rest: list[Part] = [(fit(f"  {tongue.say('market.rest')}", names), ink(p.dim))]
        total: list[Part] = [(fit(f"  {tongue.say('market.total')}", names), ink(p.dim))]
        users: list[Part] = [(fit(f"  {tongue.say('market.users')}", names), ink(p.dim))]
        tail = "  " if each >= 8 else ""  # under the numbers, not under their arrows
        for segment, column in self.columns.items():
            shown = f"{column[1] / 10:.1f}" if column is not None else g.flat
            rest += [(" ", base), (fit(shown + tail, each - 1, "right"), ink(p.dim))]
            whole = sum(column[0].values()) + column[1] if column is not None else 0
            total += [(" ", base), (fit((f"{whole / 10:.1f}" if whole else g.flat) + tail, each - 1, "right"), ink(p.dim))]
            have = view.market.adopters.get(segment, 0.0)
            text = tongue.count(have) if have > 0 else g.flat
            users += [(" ", base), (fit(text, each - 1, "right", g.ellipsis), ink(p.dim))]
        return [*out, row(rest, width, base), row(total, width, base), row(users, width, base)]

    def _before(self, past: Past) -> dict[tuple[int, str], float]:
        history = past.history
        if history is None or len(history.quarters) < 2:
            return {}
        return {(f.index, s): share for f in history.quarters[-2].firms for s, share in f.share.items()}

    def _firm(
        self, past: Past, firm: Firm, names: int, each: int, width: int, before: dict[tuple[int, str], float]
    ) -> Strip:
        p, g = self.palette, self.glyphs
        own, gone, here = firm.index == past.view.firm, firm.status != "active", firm.index == self.chosen
        ground = p.selection if here else p.panel
        sign = g.right if here else g.marks[0] if own else " "  # told without colour too
        lead = ink(p.gold if own else p.dim if gone else p.text, ground, bold=own or here)
        parts: list[Part] = [(fit(f"{sign} {self.called(firm.index)}", names), lead)]
        if gone:
            said = self.tongue.term("status", firm.status)
            return row([*parts, (f" {said}", ink(p.dim, ground))], width, ink(p.dim, ground))
        for segment, column in self.columns.items():
            tenths = column[0].get(firm.index, 0) if column is not None else 0
            text = f"{tenths / 10:.1f}" if tenths else g.flat if column is not None else ""
            style = shade(tenths / 1000, p, ground)
            arrow, tint = " ", p.dim
            change = firm.share.get(segment, 0.0) - before.get((firm.index, segment), firm.share.get(segment, 0.0))
            if each >= 8 and tenths and abs(change) >= 0.0015:
                arrow, tint = (g.up, p.jade) if change > 0 else (g.down, p.cinnabar)
            tail = 2 if each >= 8 else 0
            parts.append((" ", ink(p.text, ground)))
            parts.append((fit(text, each - 1 - tail, "right"), style + ink(None, None, bold=own)))
            if tail:
                under = style.bgcolor.name if style.bgcolor is not None else ground
                cell = style + ink(tint if contrast(tint, under) >= 3 else legible((p.text, p.ground), under))
                parts.append((f"{arrow} ", cell))
        return row(parts, width, ink(p.text, ground))

    def _notes(self, past: Past, width: int, height: int) -> list[Strip]:
        """The firm under the cursor, then the segment that the rows are sorted by."""
        p, g, tongue, say = self.palette, self.glyphs, self.tongue, self.tongue.say
        base = ink(p.text, p.panel)
        view, firm = past.view, past.firm(self.chosen)
        m = view.market
        out = [self.heading(headed(self.called(firm.index, short=False), tongue.lang), "", width)]
        if firm.status == "active":
            price = price_of(firm, self.segment)
            asked = f"×{tongue.number(price, 2)}" if self.segment in VERTICALS else tongue.price(price)
            facts = [
                f"{say('ui.market.price')} {asked}", f"{say('ui.market.capability')} {tongue.write(firm.capability, 'points')}",
                tongue.route(firm.route), f"{say('ui.market.trust')} {tongue.write(firm.trust, 'points')}",
                *([f"{say('ui.market.rank')} {firm.rank}"] if firm.rank else []),
            ]  # fmt: skip
        else:
            facts = [tongue.term("status", firm.status)]
        lines = [("", p.text, line) for line in flowing(facts, width, f" {g.dot} ")]
        tells = [("!", p.cinnabar, tongue.message(t)) for t in firm.tells]
        market: list[tuple[str, str, str]] = []
        users = say("screens.market.closed")
        if self.segment in m.open_segments:
            have, may = m.adopters.get(self.segment, 0.0), m.potential.get(self.segment, 0.0)
            users = say("ui.market.adopters", count=tongue.count(have), potential=tongue.count(may))
        unit = say(f"screens.market.price-{'solution' if self.segment in VERTICALS else self.segment}")
        rest = say("market.rest-is", who=tongue.term("firm", remainder_name(self.segment)))
        market = [("", p.text, users), ("", p.dim, unit), ("", p.dim, rest)]
        if height <= 5:  # the foot of a small screen
            room = height - 1
            body = [*lines[:2], *self._wrapped(tells, width)][: room - 1]
            name = headed(tongue.segment(self.segment), tongue.lang)
            about = fitting((f"{name}{say('market.colon')}{users}", rest), width, f" {g.dot} ")
            body = [*body, ("", p.dim, about)]
            return [*out, *(self._line(n, width) for n in body[:room])]
        out += [self._line(n, width) for n in [*lines, *self._wrapped(tells or [("", p.dim, say("ui.market.no-tells"))], width)]]
        out += [self.empty(width), self.heading(headed(tongue.segment(self.segment), tongue.lang), "", width)]
        out += [self._line(n, width) for n in self._wrapped(market, width)]
        front = say("screens.market.frontier", frontier=tongue.write(m.frontier, "points"), open=tongue.write(m.best_open, "points"))
        whole = [
            say("ui.market.live-models", count=m.live_models),
            say("ui.market.median-price", price=m.token_price) + say("market.comma") + say("ui.market.low-price", price=m.token_price_low),
            front, say("ui.market.sentiment", sentiment=m.sentiment) + say("market.comma") + say("ui.market.import-open", share=m.import_open),
            say("ui.market.noisy"),
        ]  # fmt: skip
        out += [self.empty(width), self.heading(say("market.whole"), "", width)]
        out += [self._line(n, width) for n in self._wrapped([("", p.text, t) for t in whole[:-1]] + [("", p.dim, whole[-1])], width)]
        news = [(g.dot, p.dim, tongue.message(h)) for h in view.headlines]
        shown = self._wrapped(news, width)
        if height - len(out) >= 4 and shown:
            out += [self.empty(width), self.heading(say("ui.app.paper"), "", width)]
            out += [self._line(n, width) for n in shown[: height - len(out)]]
        return [strip if strip.cell_length == width else row([], width, base) for strip in out[:height]]

    @staticmethod
    def _wrapped(items: list[tuple[str, str, str]], width: int) -> list[tuple[str, str, str]]:
        out = []
        for sign, colour, text in items:
            lead = 2 if sign else 0
            for i, line in enumerate(wrap(text, max(4, width - lead))):
                out.append((sign if i == 0 else " " if lead else "", colour, line))
        return out

    def _line(self, note: tuple[str, str, str], width: int) -> Strip:
        p = self.palette
        sign, colour, text = note
        lead: list[Part] = [(f"{sign} ", ink(colour, bold=True))] if sign else []
        style = ink(p.text if sign else colour)
        return row([*lead, (text, style)], width, ink(p.text, p.panel))
