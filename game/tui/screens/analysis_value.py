"""The first page of the analysis: tabs above, value against what was expected of it, turning points in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.strip import Strip

from game.lab.analysis.model import QuarterAnalysis
from game.language.analysis import mark, turn_words
from game.tui.kit.draw import Part, blank, ink, split_row
from game.tui.kit.lines import legend
from game.tui.kit.past import Band, Past, columns, layout, past_lines
from game.tui.kit.text import cell_width
from game.tui.screens.analysis_base import BoardView
from game.tui.screens.analysis_words import amounts, name_of, turn_sign, verdict_colour
from game.tui.widgets.position import money_axis

if TYPE_CHECKING:
    from game.language import Tongue
    from game.table.wire import Row
    from game.tui.screens.analysis_state import Board

PAGES = ("value", "decisions", "luck", "guidance", "compare")


def short_quarters(tongue: Tongue, quarters: list[int]) -> list[str]:
    """Labels under a chart: the year with each first quarter, the rest short."""
    return [
        tongue.quarter(q, "short") if n == 0 or q % 4 == 0 else f"Q{q % 4 + 1}" for n, q in enumerate(quarters) if q >= 0
    ]


class TabsPanel(BoardView):
    """Which pages there are, how far the work has got, whose run this is and what must be said of it."""

    can_focus = False

    def __init__(self, board: Board, **kwargs: Any) -> None:
        super().__init__(board, **kwargs)
        self.page = 0

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        left: list[Part] = []
        at = 0
        for n, page in enumerate(PAGES):
            here = n == self.page
            name, ground = self.say(f"tab.{page}"), p.selection if here else p.panel
            text = f"{g.focus if here else ' '}{n + 1} {name} "
            left.append((f"{text[0]}{n + 1} ", ink(p.gold, ground, bold=here)))
            left.append((f"{name} ", ink(p.gold if here else p.text, ground, bold=here)))
            self.mark(at, at + cell_width(text), 0, ("page", n))
            at += cell_width(text)
        words = next((w for w in self._progress() if cell_width(w) + at + 2 <= width), "")
        rows = [split_row(left, [(words, ink(p.dim))] if words else [], width, self.base)]
        if height > 1:
            rows.append(self._about(width))
        return rows

    def _progress(self) -> list[str]:
        """How far the work has got, the fullest words first."""
        board, say = self.board, self.say
        run = board.run
        if board.broken:
            return [say("broken")]
        if run is None:
            return [say("reading")] if not board.over else [""]
        args: dict[str, Any] = {"budget": run.budget.id, "done": run.done, "steps": run.steps}
        if board.over:
            return [say("done", **args)]
        if run.done >= run.steps - 1 and run.done < run.steps:
            return [say("counting-luck", **args), say("progress-short", **args)]
        return [say("progress", **args), say("progress-short", **args)]

    def _about(self, width: int) -> Strip:
        board, tongue, p = self.board, self.tongue, self.palette
        run = board.run
        if run is None:
            return blank(width, self.base)
        head = run.head
        seed = tongue.say("ui.board.seed", seed=head.seed)
        scenario, level = tongue.scenario(head.scenario), tongue.difficulty(head.difficulty)
        ending = [tongue.ending(head.ending)] if head.ending else []
        name = name_of(run, tongue)
        ways = ([name, scenario, level, seed, *ending], [name, scenario, seed, *ending], [name, seed, *ending])
        notices = [tongue.message(m) for m in run.notices]
        tail: list[Part] = []
        if len(board.runs) > 1:
            places = sorted(board.runs)
            tail = [(self.say("which", n=places.index(board.place) + 1, of=len(places)), ink(p.gold)), (" Tab", ink(p.dim))]
        spare = width - 1 - sum(cell_width(t) for t, _ in tail)
        said = next((s for s in map(" · ".join, ways) if cell_width(s) <= spare), " · ".join(ways[-1]))
        room = width - cell_width(said) - 3 - sum(cell_width(t) for t, _ in tail)
        more = f"   ! {notices[0]}" if notices and room > 12 else ""
        return split_row([(said, ink(p.text)), (more, ink(p.dim))], tail, width, self.base)


class ValuePanel(BoardView):
    """Value as a line, the band it was expected in, the fan that opened at the cursor, and the parent's run as dots."""

    def load(self) -> None:
        self.head(self.say("tab.value"), self._reading())
        self.changed()

    def _reading(self) -> str:
        """The quarter at hand in numbers."""
        here = self.board.quarter
        if here is None:
            return ""
        if not here.fan:
            return self.say("at", quarter=here.quarter, value=here.row.value)
        low, high = amounts(self.tongue, (here.fan[0].low, here.fan[0].high))
        return self.say("at-expected", quarter=here.quarter, value=here.row.value, low=low, high=high)

    def draw(self, width: int, height: int) -> list[Strip]:
        board = self.board
        quarters = board.quarters
        if not quarters:
            return self.empty(self.say("nothing") if board.run is not None else self.say("reading"), width)
        numbers, past = self._past(quarters)
        ticks = short_quarters(self.tongue, numbers)
        legends = self._legend(width) if height >= 8 else []
        tall = height - len(legends)
        axis = money_axis(self.tongue)
        rows = past_lines(past, width, tall, self.palette, fmt=axis, ticks=ticks, glyphs=self.glyphs)
        box, _, _ = layout(past, width, tall, fmt=axis, ticks=ticks)
        places = [round(x) + box.gutter for x in columns(box, len(numbers))]
        for i in range(len(quarters)):
            left = (places[i - 1] + places[i]) // 2 + 1 if i else 0
            right = (places[i] + places[i + 1]) // 2 + 1 if i + 1 < len(places) else width
            for y in range(tall):
                self.mark(left, right, y, ("quarter", i))
        return rows + legends

    def _past(self, quarters: list[QuarterAnalysis]) -> tuple[list[int], Past]:
        """The quarters shown (those that the last fan reaches too), and what is drawn of them."""
        board, p, g = self.board, self.palette, self.glyphs
        first = quarters[0].quarter
        here = board.cursor
        fan = quarters[here].fan if 0 <= here < len(quarters) else []
        count = max(len(quarters), here + len(fan))
        values: list[float | None] = [q.row.value for q in quarters]
        low: list[float | None] = [None] * count
        high: list[float | None] = [None] * count
        middle: list[float | None] = [None] * count
        if fan:
            before = quarters[here - 1].row.value if here else board.run.opening.value if board.run and board.run.opening else None
            if here and before is not None:
                low[here - 1] = high[here - 1] = middle[here - 1] = before
            for n, mark_ in enumerate(fan):
                low[here + n], high[here + n], middle[here + n] = mark_.low, mark_.high, mark_.median
        each = Band([q.fan[0].low if q.fan else None for q in quarters], [q.fan[0].high if q.fan else None for q in quarters], p.sea_dark)
        signs = {}
        run = board.run
        at = {q.quarter: i for i, q in enumerate(quarters)}
        for turn in reversed(run.turns if run is not None else []):
            if turn.quarter in at:
                signs[at[turn.quarter]] = turn_sign(turn.kind, p, g)
        for i, q in enumerate(quarters):
            if q.verdict in ("inaccuracy", "mistake", "blunder"):
                signs[i] = mark(q), verdict_colour(q.verdict, p)
        ghosts = [_on(rows, first, len(quarters)) for rows in board.ghosts()]
        past = Past(values, (each, Band(low, high, p.sea_mid)), middle, ghosts, signs, here if here >= 0 else None)
        return [first + n for n in range(count)], past

    def _legend(self, width: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        entries = [
            (g.heavy * 2, p.gold, self.say("legend.value")),
            (g.outer if g.shades else g.full, p.sea_mid if g.shades else p.sea_dark, self.say("legend.quarter")),
            (g.inner if g.shades else g.full, p.sea_mid, self.say("legend.fan")),
        ]
        if not g.plain:
            entries.append((g.grid * 2, p.sea, self.say("legend.middle")))
        if self.board.ghosts():
            entries.append((g.dot * 2, p.text, self.say("legend.others" if len(self.board.runs) > 1 else "legend.parent")))
        return legend(entries, width, p)[:2]


def _on(rows: list[Row], first: int, count: int) -> list[float | None]:
    """Values of another run in the quarters of this one."""
    at = {r.quarter: r.value for r in rows}
    return [at.get(first + n) for n in range(count)]


class TurnsPanel(BoardView):
    """Turning points in words; those of the quarter at hand are lit."""

    def load(self) -> None:
        run = self.board.run
        self.head(self.say("turns.title"), str(len(run.turns)) if run is not None and run.turns else "")
        self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        board, p = self.board, self.palette
        run = board.run
        if run is None or not run.turns:
            waiting = not board.over and any(not q.analysed and q.note is None for q in board.quarters)
            return self.empty(self.say("turns.not-yet" if waiting or run is None else "turns.none"), width)
        rows: list[Strip] = []
        owner: list[int] = []
        lit: list[int] = []
        now = board.quarter.quarter if board.quarter is not None else None
        for turn in run.turns:
            sign, colour = turn_sign(turn.kind, p, self.glyphs)
            here = turn.quarter == now
            lead: list[Part] = [(f"{sign:2} "[: 3 - (cell_width(sign) - len(sign))], ink(colour, bold=True))]
            block = self.lines(turn_words(self.tongue, turn), min(width - 1, 110), p.gold if here else p.text, lead=lead, hang=3)
            if here:
                lit += range(len(rows), len(rows) + len(block))
            owner += [turn.quarter] * len(block)
            rows += [strip.adjust_cell_length(width, self.base) for strip in block]
        keep = (lit[0], lit[-1] + 1) if lit else None
        for n in lit:
            rows[n] = Strip([type(s)(s.text, (s.style or self.base) + ink(None, p.selection)) for s in rows[n]], width)
        shown = self.window(rows, height, width, keep)
        for y in range(len(shown)):
            self.mark(0, width, y, ("go", owner[self.top + y]))
        return shown
