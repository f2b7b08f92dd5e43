"""The position: what the firm has been and is. Its own history and its books; nothing here looks ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.strip import Strip

from game.content import Content
from game.content.resolve import number
from game.engine.names import VERTICALS
from game.table.wire import SeatView
from game.tui.kit.axes import Format, frame, left_labels, nice_range, tick_row
from game.tui.kit.bars import hbar
from game.tui.kit.draw import Part, blank, ink, merge, row, split_row
from game.tui.kit.lines import Series, braille_lines
from game.tui.kit.past import Past, past_lines
from game.tui.kit.text import cell_width, fit, wrap
from game.tui.kit.theme import Glyphs, Palette
from game.tui.session import Session, spent
from game.tui.widgets.amounts import minus
from game.tui.widgets.board import BoardPanel
from game.tui.widgets.lever_notes import pending_words

if TYPE_CHECKING:
    from game.language import Tongue

AHEAD = 4
"""Quarters by which the ghost of a fork's parent may be ahead."""
SPAN = 8
"""Quarters that the charts show at least, so that a young firm's line does not fill the sky."""


COLUMNS = (("customers", 5, 4, 5), ("pilots", 4, 3, 4), ("leads", 4, 4, 5), ("list", 6, 4, 5), ("accuracy", 4, 3, 4),
           ("freshness", 4, 5, 4))  # fmt: skip
"""Columns of the table of markets with the least cells of each: at ease, and where it is narrow in English and Chinese."""


_ASKED = (("unit_margin", "unit_cost"), ("", ""), ("utilisation", "unserved"))
"""What the facts of each row explain when they are clicked, left and right."""


class PositionPanel(BoardPanel):
    """Charts of cash and revenue, unit margin, and the table of markets. Up and down choose a market."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cursor = 0

    def load(self) -> None:
        """Say everything anew."""
        self.name_it(self.app.tongue.say("tui.panel.position"))
        self.changed()

    @property
    def source(self) -> tuple[str, str]:
        """What the row under the cursor is about, for the codex."""
        markets = self._markets()
        return ("segment", markets[min(self.cursor, len(markets) - 1)]) if markets else ("term", "cash")

    @property
    def why(self) -> tuple[str, str]:
        """The number that the row under the cursor shows first."""
        kind, name = self.source
        return ("customers", name) if kind == "segment" else ("cash", "")

    def _markets(self) -> list[str]:
        session = self.app.session
        if session is None:
            return []
        view = session.view
        return [s for s in view.market.open_segments if s in view.own.customers or s in view.own.leads]

    def key_up(self) -> None:
        self._go(-1)

    def key_down(self) -> None:
        self._go(1)

    def _go(self, step: int) -> None:
        markets = self._markets()
        if markets:
            self.cursor = (self.cursor + step) % len(markets)
            self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        session = self.app.session
        if session is None:
            return []
        view, tongue, p = session.view, self.app.tongue, self.palette
        base = ink(p.text, p.panel)
        markets = self._markets()
        facts = _facts(session, tongue, p, width, self.glyphs)
        # The table keeps its rows; the charts take what is left, down to four rows each.
        spare = height - len(facts) - 1 - (len(markets) + 1) - 1
        tight = spare < 5 and len(view.history) > 1
        if tight:  # a chart is worth more than the last of the facts
            facts = facts[:3]
            spare = height - len(facts) - (len(markets) + 1)
        out: list[Strip] = []
        if len(view.history) < 2:
            out += self._opening(view, width, max(spare, 0))
        elif spare >= 9:
            first = (spare + 1) // 2 + (1 if spare > 14 else 0)
            out += self._cash(view, width, first)
            out += self._revenue(view, width, spare - first)
        elif spare >= 4:
            out += self._cash(view, width, spare)
        if out and not tight:
            out.append(blank(width, base))
        room = height - len(out)
        if room < len(facts) + 1 + len(markets) + 1:
            facts = facts[: max(0, room - len(markets) - 1)]
        for y, pair in zip(range(len(out), len(out) + len(facts)), _ASKED):
            for half, what in enumerate(pair):
                if what:
                    self.mark(half * (width // 2), width // 2 if not half else width, y, ("why", what, ""))
        out += facts
        if len(out) + len(markets) + 2 <= height:
            out.append(blank(width, base))
        out += self._table(view, markets, width, height - len(out), len(out))
        return out

    # Parts ----------------------------------------------------------------------------------------------------------------

    def _opening(self, view: SeatView, width: int, height: int) -> list[Strip]:
        """In the first quarter there is no history: who one is stands here instead."""
        p, tongue = self.palette, self.app.tongue
        base = ink(p.text, p.panel)
        entry = self.app.content.backgrounds.get(view.background)
        if entry is None or height < 3:
            return []
        out = [row([(tongue.pick(entry.name), ink(p.text, bold=True))], width, base)]
        blocks = [[row([(line, ink(p.dim))], width, base) for line in wrap(tongue.text(entry.text), width)]]
        for label, text, colour in (
            (tongue.say("ui.founding.strengths"), entry.strengths, p.jade),
            (tongue.say("ui.founding.debts"), entry.debts, p.cinnabar),
        ):
            lead = f"{label}　" if tongue.lang == "zh" else f"{label}: "
            lines = wrap(lead + tongue.text(text), width, hang=2)
            block = [row([(lead, ink(colour)), (lines[0][len(lead) :], ink(p.text))], width, base)]
            blocks.append([*block, *(row([(line, ink(p.text))], width, base) for line in lines[1:])])
        # What one has and owes says more than the story; whole paragraphs only.
        if 1 + sum(map(len, blocks)) > height:
            blocks = blocks[1:]
        while blocks and 1 + sum(map(len, blocks)) > height:
            blocks.pop()
        if not blocks:
            return []
        airy = 1 + sum(map(len, blocks)) + len(blocks) <= height
        for n, block in enumerate(blocks):
            out += [blank(width, base)] * (1 if airy and n else 0) + block
        return out

    def _cash(self, view: SeatView, width: int, height: int) -> list[Strip]:
        tongue, p = self.app.tongue, self.palette
        values = [r.cash for r in view.history]
        head = self._chart_head(tongue.say("ui.board.cash"), tongue.money(values[-1]), width, ghost=bool(self._ghost(view)))
        count = self._count(view)
        padded: list[float | None] = [*values, *[None] * (count - len(values))]
        if ghost := self._ghost(view):
            past = Past(padded, ghosts=[ghost])
            return [head, *past_lines(past, width, height - 1, p, fmt=money_axis(tongue), ticks=ticks(view, count, tongue),
                                      floor=0.0, glyphs=self.glyphs)]  # fmt: skip
        line = Series("", padded, p.gold)
        chart = braille_lines(
            [line], width, height - 1, p, fmt=money_axis(tongue), ticks=ticks(view, count, tongue), floor=0.0, names=False,
            mark_every=0, glyphs=self.glyphs,
        )  # fmt: skip
        return [head, *chart]

    def _revenue(self, view: SeatView, width: int, height: int) -> list[Strip]:
        tongue, p = self.app.tongue, self.palette
        values = [r.revenue for r in view.history[1:]]
        head = self._chart_head(tongue.say("ui.board.quarterly-revenue"), tongue.money(values[-1] if values else None), width)
        count = self._count(view)
        padded: list[float | None] = [None, *values, *[None] * (count - len(values) - 1)]
        return [head, *columns_chart(padded, width, height - 1, p, fmt=money_axis(tongue), glyphs=self.glyphs)]

    def _count(self, view: SeatView) -> int:
        """Points of the charts: the quarters so far, and a few that the ghost is ahead."""
        return max(SPAN, len(view.history), len(self._ghost(view)))

    def _ghost(self, view: SeatView) -> list[float | None]:
        """Cash of the run that this one left, point by point and at most a year ahead; empty where there is none."""
        session = self.app.session
        at = {r.quarter: r.cash for r in session.ghost_run} if session is not None else {}
        if not at or not view.history:
            return []
        first = view.history[0].quarter
        last = min(max(at), view.history[-1].quarter + AHEAD)
        return [at.get(quarter) for quarter in range(first, last + 1)]

    def _chart_head(self, name: str, value: str, width: int, *, ghost: bool = False) -> Strip:
        p = self.palette
        called: list[Part] = [(name, ink(p.text, bold=True))]
        if ghost:
            mark = self.glyphs.dot * 2
            called += [(f"  {mark} {self.app.tongue.say('screens.analysis.legend.parent')}", ink(p.dim))]
        return split_row(called, [(minus(value, plain=self.glyphs.plain), ink(p.text, bold=True))], width, ink(p.text, p.panel))

    def _table(self, view: SeatView, markets: Sequence[str], width: int, height: int, top: int) -> list[Strip]:
        """Markets: customers or contracts, pilots, leads, accuracy with its bar, freshness."""
        tongue, p, own = self.app.tongue, self.palette, view.own
        base = ink(p.text, p.panel)
        if height < 2:
            return []
        called = {s: tongue.segment(s) for s in markets}
        names = max(map(cell_width, called.values()), default=4)
        columns = self._columns(width - names)
        short = len(columns) < len(COLUMNS)
        if short:  # short names and heads where the table is narrow
            called = {s: tongue.find(f"tui.segment-short.{s}") or called[s] for s in markets}
            names = max(map(cell_width, called.values()), default=4)
            columns = self._columns(width - names, short=True)
        head = "tui.board-short" if short else "tui.board"
        rents = _rents(self.app.content)
        price = self.app.session.value("price.solution") if self.app.session is not None else 1.0
        used = names + sum(size + 1 for size in columns.values())
        bar = min(width - used - 1, 14) if "accuracy" in columns else 0
        bar = bar if bar >= 4 else 0
        dim = ink(p.dim)
        titles: list[Part] = [(" " * names, dim)]
        for column, size in columns.items():
            titles.append((" " + fit(tongue.say(f"{head}.{column}"), size, "right"), dim))
            if column == "accuracy" and bar:
                titles.append((" " * (bar + 1), dim))
        out = [row(titles, width, base)]
        shown = markets if len(markets) < height else markets[: height - 1]
        for n, name in enumerate(shown):
            here = self.has_focus and n == min(self.cursor, len(markets) - 1)
            ground = p.selection if here else p.panel
            vertical = name in VERTICALS
            active = own.customers.get(name, 0) > 0 or own.pilots.get(name, 0) > 0 or own.knowledge.get(name, 0) > 0
            known = vertical and active
            colour = p.text if active else p.dim
            parts: list[Part] = [(fit(called[name], names), ink(p.gold if here else colour, ground))]
            for column, size in columns.items():
                if column == "accuracy":
                    value = own.accuracy.get(name) if known else None
                    text = _bare(tongue.percent(value, 0), short) if value is not None else ""
                    parts.append((" " + fit(text, size, "right"), ink(p.text, ground, bold=True)))
                    if bar:
                        text = hbar(value, 1.0, bar, self.glyphs) if value is not None else " " * bar
                        parts.append((" " + text, ink(p.sea, ground)))
                elif column == "freshness":
                    parts.append(self._fresh(own.freshness.get(name) if known else None, size, ground, short))
                elif column == "list":
                    rent = rents.get(name, 0.0) * (1.0 if price != price else price)
                    parts.append((" " + fit(few(rent, tongue) if rent > 0 else "", size, "right"), ink(colour, ground)))
                else:
                    amount = getattr(own, column).get(name, 0)
                    text = "" if column == "pilots" and not vertical else few(amount, tongue)
                    parts.append((" " + fit(text, size, "right"), ink(colour, ground)))
            out.append(row(parts, width, ink(p.text, ground)))
            self.mark(0, width, top + 1 + n, ("segment", name))
            at = names
            for column, size in columns.items():
                if column != "list":
                    self.mark(at + 1, at + 1 + size, top + 1 + n, ("why", column, name))
                at += 1 + size + (1 + bar if column == "accuracy" and bar else 0)
        return out

    def _columns(self, room: int, *, short: bool = False) -> dict[str, int]:
        """The columns that there is room for, in their order; what is said elsewhere too gives way first."""
        tongue = self.app.tongue
        head = "tui.board-short" if short else "tui.board"
        sizes = {
            name: max(cell_width(tongue.say(f"{head}.{name}")), (tight if tongue.lang == "en" else tight_zh) if short else least)
            for name, least, tight, tight_zh in COLUMNS
        }
        for name in ("pilots", "freshness", "leads"):
            if sum(size + 1 for size in sizes.values()) > room:
                del sizes[name]
        return sizes

    def _fresh(self, fresh: float | None, size: int, ground: str, short: bool) -> Part:
        p = self.palette
        text = _bare(self.app.tongue.percent(fresh, 0), short) if fresh is not None else ""
        return " " + fit(text, size, "right"), ink(p.cinnabar if fresh is not None and fresh < 0.6 else p.dim, ground)


def _bare(text: str, short: bool) -> str:
    """Per cent without its sign where a column is too narrow for it."""
    return text.removesuffix("%") if short else text


def few(amount: float, tongue: Tongue) -> str:
    """How many, in at most five cells: 1.2k, 0.1万."""
    if amount < 1000:
        return f"{amount:.0f}"
    steps = ((1e8, "亿"), (1e4, "万")) if tongue.lang == "zh" else ((1e9, "B"), (1e6, "M"), (1e3, "k"))
    unit, word = next((step for step in steps if amount >= 0.9995 * step[0]), steps[-1])
    value = amount / unit
    return (f"{value:.1f}".removesuffix(".0") if value < 9.95 else f"{value:.0f}") + word


def _rents(content: Content) -> dict[str, float]:
    """List price of a contract a quarter by segment, at a solution price of one."""
    parameter = content.parameters.get("rent")
    if parameter is None or not isinstance(parameter.values, Mapping):
        return {}
    return {name: number(content, value) for name, value in parameter.values.items()}


def _facts(session: Session, tongue: Tongue, p: Palette, width: int, glyphs: Glyphs) -> list[Strip]:
    """Two columns of small facts, of the draft where it moves them: margin and cost, what is to be paid and what is
    signed, use and what was turned away; and guidance that waits for its score. Of each the fullest words that fit."""
    view = session.view
    own = view.own
    under = ink(p.text, p.panel)

    def was(old: str, new: str) -> tuple[str, ...]:
        old, new = (minus(text, plain=glyphs.plain) for text in (old, new))
        return (new,) if old == new else (f"{old} {glyphs.right} {new}", f"{old}{glyphs.right}{new}", f"{glyphs.right}{new}")

    price = session.value("price.token")
    stands_at = session.standing("price.token")
    margin = own.unit_margin if price != price else price - own.unit_cost
    stood = margin if stands_at != stands_at else stands_at - own.unit_cost
    plain_price = lambda v: tongue.number(v, 1) if abs(v) >= 0.1 else tongue.number(v)  # noqa: E731
    bill, stands = session.bill, session.standing_bill
    due = spent(bill) if bill is not None else own.committed
    before = spent(stands) if stands is not None else due
    full = own.unserved > 0.0005
    used = (tongue.percent(own.utilisation, 0),)
    if full:
        need = own.capacity / max(1.0 - own.unserved, 0.05)
        used = (tongue.say("tui.board.full-need", amount=need), tongue.say("tui.board.full"))
    pairs: list[tuple[str, tuple[str, ...], str]] = [
        (tongue.say("tui.board.margin"), was(plain_price(stood), plain_price(margin)), p.jade if margin > 0 else p.cinnabar),
        (tongue.say("tui.board.unit-cost"), (tongue.price(own.unit_cost),), p.text),
        (tongue.say("tui.board.committed"), was(tongue.money(before), tongue.money(due)), p.text),
        (tongue.say("tui.board.contracted"), (tongue.money(own.contracted),), p.text),
        (tongue.say("tui.board.utilisation"), used, p.cinnabar if full else p.text),
        (tongue.say("tui.board.unserved"), (tongue.percent(own.unserved),), p.cinnabar if own.unserved > 0.02 else p.text),
    ]  # fmt: skip
    out = []
    for left, right in zip(pairs[::2], pairs[1::2], strict=True):
        last = cell_width(right[0]) + cell_width(right[1][-1]) + 1
        fits = [v for v in left[1] if cell_width(left[0]) + 1 + cell_width(v) + 2 + last <= width]
        value = fits[0] if fits else left[1][-1]
        first = max((width - 2) // 2, cell_width(left[0]) + 1 + cell_width(value))
        first = min(first, max(width - 2 - last, 4))
        rest = max(width - 2 - first, 0)
        out.append(row([
            (fit(left[0], max(first - cell_width(value), 0)), ink(p.dim)), (value, ink(left[2], bold=True)), ("  ", ink(p.text)),
            (fit(right[0], max(rest - cell_width(right[1][-1]), 0)), ink(p.dim)), (right[1][-1], ink(right[2], bold=True)),
        ], width, under))  # fmt: skip
    for text in pending_words(session, tongue):
        for line in wrap(tongue.say("tui.board.pending", text=minus(text, plain=glyphs.plain)), width):
            out.append(row([(line, ink(p.dim))], width, under))
    return out


def money_axis(tongue: Tongue) -> Format:
    """Money as an axis writes it: bare of the sign, nought alone."""
    room = 7 if tongue.lang == "zh" else 5  # one width for all charts, so that their quarters stand under each other

    def write(value: float) -> str:
        text = tongue.money(value).replace("¥", "") if abs(value) >= 1 else "0"
        return " " * (room - cell_width(text)) + text

    return write


def ticks(view: SeatView, count: int, tongue: Tongue) -> list[str]:
    """Quarter labels under a chart: the year with every first quarter, the rest short."""
    first = view.history[0].quarter if view.history else view.first_quarter - 1
    labels = []
    for n in range(count):
        quarter = first + n
        if quarter < 0:
            labels.append("")
        else:
            labels.append(tongue.quarter(quarter, "short") if quarter % 4 == 0 else f"Q{quarter % 4 + 1}")
    return labels


def columns_chart(
    values: Sequence[float | None], width: int, height: int, p: Palette, *, fmt: Format, ticks: Sequence[str] = (),
    glyphs: Glyphs,
) -> list[Strip]:  # fmt: skip
    """Upright bars from nought, a value each; exactly ``height`` rows of ``width`` cells."""
    base = ink(p.text, p.panel)
    known = [v for v in values if v is not None]
    if width <= 0 or height <= 0 or not known:
        return [blank(width, base)] * max(0, height)
    low, high = nice_range(min(0.0, *known), max(*known, 0.0) if len(known) > 1 else max(known[0], 1.0))
    low = max(low, 0.0)
    labels = (fmt(low), fmt((low + high) / 2), fmt(high))
    box = frame(width, height, labels, (), ticks)
    gutter = left_labels(box, labels, ink(p.dim, p.panel))
    count = len(values)
    centre = [i * (box.plot - 1) / max(1, count - 1) for i in range(count)]
    size = max(1, min(3, (box.plot // max(1, count)) - 1))
    cells: dict[int, float] = {}
    last = {}
    for i, value in enumerate(values):
        if value is None:
            continue
        start = min(max(0, round(centre[i] - (size - 1) / 2)), box.plot - size)
        for x in range(start, start + size):
            cells[x] = max(0.0, value - low) / max(high - low, 1e-9)
            last[x] = i == len(known)
    out = []
    for y in range(box.rows):
        parts = gutter[y]
        for x in range(box.plot):
            level = round(cells.get(x, 0.0) * box.rows * 8) if x in cells else 0
            part = min(max(level - 8 * (box.rows - 1 - y), 0), 8)
            colour = p.gold if last.get(x) else p.sea
            if part >= 8 or (part and glyphs.plain):
                parts.append((glyphs.full, ink(colour, p.panel)))
            elif part:
                parts.append((glyphs.levels[part - 1], ink(colour, p.panel)))
            elif y in (box.middle, 0) or y == box.rows - 1:
                parts.append((glyphs.grid, ink(p.line, p.panel)))
            else:
                parts.append((" ", base))
        out.append(Strip(merge(parts), width))
    if box.axis:
        out.append(tick_row(box, width, centre, ticks, p, base))
    return out
