"""The three panels of the market screen: the table, the charts and what is being said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from game.tui.kit.bars import hbar
from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.lines import Series, braille_lines, series_ink
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, fit, wrap

if TYPE_CHECKING:
    from game.language import Tongue
    from game.table.wire import Firm

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

    BINDINGS: ClassVar[list[BindingType]] = [
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
        self.note = ""
        self.cursor = 0
        self._top = 0
        self._placed: tuple[str, int] = ("", 0)

    def show(
        self, tabs: tuple[tuple[str, str, bool], ...], segment: str, heads: tuple[str, ...], lines: tuple[Line, ...],
        foot: tuple[str, ...], note: str = "",
    ) -> None:  # fmt: skip
        """Show a segment: tabs as (id, name, open), columns, lines, and sentences for the foot."""
        if segment != self.segment:
            self.cursor = next((i for i, line in enumerate(lines) if line.kind == "own"), 0)
        self.tabs, self.segment, self.heads, self.lines, self.foot, self.note = tabs, segment, heads, lines, foot, note
        self.cursor = min(self.cursor, max(0, self.last))
        self.changed()

    @property
    def _rest(self) -> int:
        return sum(line.kind == "rest" for line in self.lines)

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
        if not self.heads:
            return []
        rows = [self._tabs(width)]
        if height >= 16:
            rows.append(row([(g.thin * width, ink(p.line))], width, base))
        foot = bool(self.foot) and height >= 10
        room = height - len(rows) - 1 - foot
        # marks of what is left out stand in a margin of their own
        wide = width - 2 if sum(line.kind != "rest" for line in self.lines) + self._rest > room else width
        sizes = self._sizes(wide)
        names, bar, columns, gap = sizes
        parts: list[Part] = [
            (fit(self.heads[0], names), ink(p.dim)), (" " * (bar + 2), base),
            (fit(self.heads[1], 5, "right"), ink(p.dim)), ("  ", base),
        ]  # fmt: skip
        parts += [(" " * gap + fit(head, size, "right"), ink(p.dim)) for head, size in zip(self.heads[2:], columns)]
        rows.append(row(parts, width, base))
        shown = self._window(max(1, room))
        firms = [i for i in shown if self.lines[i].kind != "rest"]
        jumps = {b: g.up for a, b in pairwise(firms) if b > a + 1}  # what is left out above and below
        if firms and any(line.kind != "rest" for line in self.lines[firms[-1] + 1 :]):
            jumps[firms[-1]] = g.down if firms[-1] not in jumps else "↕"
        for i in shown:
            line = self._line(i, wide, sizes)
            if wide < width:
                line = Strip.join([line, row([(f" {jumps.get(i, ' ')}", ink(p.gold))], 2, base)])
            rows.append(line)
            if self.lines[i].firm is not None:
                self.mark(0, width, len(rows) - 1, i)
        if foot:
            rows += [blank(width, base)] * (height - len(rows) - 1)
            text = ""
            for more in self.foot:
                if not text or cell_width(text) + 3 + cell_width(more) <= width:
                    text += f" {g.dot} {more}" if text else more
            rows.append(row([(text, ink(p.dim))], width, base))
        return rows

    def _window(self, room: int) -> list[int]:
        """Which lines are shown: the first three, those around the cursor, and the rest of the world always."""
        firms = [i for i, line in enumerate(self.lines) if line.kind != "rest"]
        rest = [i for i, line in enumerate(self.lines) if line.kind == "rest"]
        free = max(1, room - len(rest))
        pinned = 0 if len(firms) <= free or free < 5 else 3
        free -= pinned
        at = max(self.cursor, pinned)
        if self._placed != (self.segment, room):  # oneself with as many neighbours above as below
            self._placed = self.segment, room
            self._top = at - free // 2
        self._top = max(pinned, min(max(self._top, at - free + 1), at, len(firms) - free))
        return [*firms[:pinned], *firms[self._top : self._top + free], *rest][:room]

    def _sizes(self, width: int) -> tuple[int, int, list[int], int]:
        """Widths of name, bar and columns, and the gap before a column; the last columns go where room is short."""
        names = min(
            14, max([cell_width(line.name) for line in self.lines] + [cell_width(head) for head in self.heads[:1]])
        )
        columns = [
            max(
                [cell_width(head)]
                + [cell_width(line.cells[i]) for line in self.lines if i < len(line.cells) and len(line.cells) > 1]
            )
            for i, head in enumerate(self.heads[2:])
        ]
        while columns and names + 9 + sum(columns) + 2 * len(columns) + 9 > width:
            columns.pop()
        spare = width - names - 9 - sum(columns) - 2 * len(columns)
        bar = max(0, min(48, spare if spare < 30 else spare - 2 * len(columns)))
        gap = min(4, (width - names - 9 - bar - sum(columns)) // max(1, len(columns)))
        return names, bar, columns, gap

    def _line(self, i: int, width: int, sizes: tuple[int, int, list[int], int]) -> Strip:
        p, g = self.palette, self.glyphs
        names, bar, columns, gap = sizes
        line = self.lines[i]
        here = i == self.cursor and line.firm is not None
        ground = p.selection if here else p.panel
        gone, own = line.kind in ("gone", "rest"), line.kind == "own"
        name = ink(p.gold if own else p.dim if gone else p.text, ground, bold=own)
        colour = p.gold if own else p.line if gone else p.sea
        share = f"{line.share * 100:.1f}" if line.share >= TINY else g.flat
        if line.kind == "rest":  # what the rounded firms leave of a hundred
            firms = sum(round(o.share * 100, 1) for o in self.lines if o.kind != "rest" and o.share >= TINY)
            share = f"{max(0.0, 100.0 - firms):.1f}"
        arrow, tint = " ", p.dim
        if line.change is not None and abs(line.change) >= TINY:
            arrow, tint = (g.up, p.jade) if line.change > 0 else (g.down, p.cinnabar)
        top = max((other.share for other in self.lines), default=1.0)
        parts: list[Part] = [
            (fit(line.name, names), name), (" ", name), (hbar(line.share, top, bar, g), ink(colour, ground)),
            (" ", name), (fit(share, 5, "right"), ink(p.text if not gone else p.dim, ground, bold=not gone)),
            (f" {arrow}", ink(tint, ground)),
        ]  # fmt: skip
        style = ink(p.dim if gone else p.text, ground)
        if len(line.cells) == 1:  # one word for a firm that is gone
            parts.append((" " * gap + line.cells[0], style))
        else:
            parts += [(" " * gap + fit(cell, size, "right"), style) for cell, size in zip(line.cells, columns)]
        return row(parts, width, ink(p.text, ground))

    def _tabs(self, width: int) -> Strip:
        """Names of the segments; where they do not all fit, those from where the chosen one does."""
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        here = next((i for i, tab in enumerate(self.tabs) if tab[0] == self.segment), 0)
        gap = next((n for n in (3, 2) if sum(cell_width(tab[1]) + n for tab in self.tabs) - n <= width), 2)

        def needed(start: int, stop: int) -> int:
            return sum(cell_width(tab[1]) + gap for tab in self.tabs[start:stop])

        start = 0
        while start < here and needed(start, here + 1) + 4 > width:
            start += 1
        parts: list[Part] = [(f"{g.left} ", ink(p.dim))] if start else []
        at = 2 if start else 0
        for i in range(start, len(self.tabs)):
            name, text, is_open = self.tabs[i]
            last = i == len(self.tabs) - 1
            if at + cell_width(text) + (0 if last else 2) > width:
                parts.append((g.right, ink(p.dim)))
                break
            style = ink(p.gold, bold=True, underline=True) if i == here else ink(p.text if is_open else p.faint)
            parts += [(text, style), (" " * gap, base)]
            self.mark(at, at + cell_width(text), 0, name)
            at += cell_width(text) + gap
        else:
            if self.note and at + cell_width(self.note) <= width:
                parts += [(" " * (width - at - cell_width(self.note)), base), (self.note, ink(p.dim))]
        return row(parts, width, base)


class ChartPanel(Panel):
    """Two charts of the past: the token price on a logarithmic scale, and how many models still live."""

    rule_from = 11

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.prices: tuple[Series, ...] = ()
        self.models: Series | None = None
        self.ticks: tuple[str, ...] = ()
        self.names = ("", "")
        self.price_format: Any = str

    def show(
        self, prices: tuple[Series, ...], models: Series, ticks: tuple[str, ...], names: tuple[str, str], fmt: Any
    ) -> None:
        """Show other histories."""
        self.prices, self.models, self.ticks, self.names, self.price_format = prices, models, ticks, names, fmt
        self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        if self.models is None:
            return []
        both = height >= 11
        upper = (height - 3) * 2 // 3 if both else height - 1
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

    rule_from = 11

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.items: tuple[tuple[str, str], ...] = ()

    def show(self, items: tuple[tuple[str, str], ...]) -> None:
        """Lines as (mark, text): ``firm``, ``shares``, ``tell``, ``news``, ``odds``, ``dim``, or empty for a gap."""
        self.items = items
        self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        marks = {
            "tell": ("!", p.cinnabar),
            "news": (g.dot, p.dim),
            "odds": (g.marks[2], p.gold),
            "shares": (g.marks[1], p.sea),
        }
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
                rows.append(
                    row([((sign if i == 0 else "").ljust(lead), ink(colour, bold=True)), (line, style)], width, base)
                )
        return rows
