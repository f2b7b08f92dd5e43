"""Third page of the market: public series over all quarters, and the industry's real course dotted over them."""

from __future__ import annotations

from textual.strip import Strip

from game.content.figures import format_figure
from game.content.ghosts import Mark
from game.tui.kit.bars import spark
from game.tui.kit.course import Axes, Course, Stop, course_chart
from game.tui.kit.draw import Part, beside, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, fit, wrap
from game.tui.screens.market_facts import FORMS, SERIES, Past, short_date
from game.tui.screens.market_panels import Page
from game.tui.screens.market_words import brief_figure, doubt_sign, line_name


class TimePage(Page):
    """Up and down choose the series, left and right a mark of the real course, Enter opens its figure."""

    def __init__(self) -> None:
        super().__init__("time")
        self.at = 0
        self.mark_at = 0
        self.levels: list[tuple[Mark, float]] = []
        self._top = 0

    @property
    def series(self) -> str:
        """The series that is shown large."""
        return SERIES[self.at]

    def prepare(self) -> None:
        assert self.past is not None
        self.levels = self.past.levels(self.series)
        self.mark_at = min(self.mark_at, max(0, len(self.levels) - 1))

    def move(self, step: int) -> None:
        self.at = min(max(self.at + step, 0), len(SERIES) - 1)
        self.mark_at = 0
        self.prepare()

    def turn(self, step: int) -> None:
        if self.levels:
            self.mark_at = (self.mark_at + step) % len(self.levels)

    def source(self) -> tuple[str, str]:
        if self.levels:
            return ("figure", self.levels[self.mark_at][0].figure)
        return ("segment", self.segment)

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        kind, place = event.payload
        if kind == "series":
            self.at, self.mark_at = place, 0
            self.prepare()
        elif self.mark_at == place:
            self.action_open()
        else:
            self.mark_at = place
        self.changed()

    # drawing ----------------------------------------------------------------------------------------------------------
    def draw(self, width: int, height: int) -> list[Strip]:
        past, p = self.past, self.palette
        if past is None:
            return []
        base = ink(p.text, p.panel)
        left = 36 if width >= 150 else 30 if width >= 100 else 22
        right = width - left - 3
        notes = self._notes(past, right, 5 if height < 26 else 7)
        self._shift = left + 3
        chart = [self._heading(past, right), *self._chart(past, right, height - 1 - len(notes))]
        wall = [row([(f" {self.glyphs.bar} ", ink(p.line))], 3, base)] * height
        return beside([self._list(past, left, height), wall, [*chart, *notes]], [left, 3, right], base)

    def _list(self, past: Past, width: int, height: int) -> list[Strip]:
        """Every series with its present value and its shape."""
        p, g, tongue, say = self.palette, self.glyphs, self.tongue, self.tongue.say
        base = ink(p.text, p.panel)
        tall = 2 if height >= 2 * len(SERIES) + 2 else 1
        out = [self.heading(say("market.public"), "", width)]
        names = max(cell_width(say(f"market.series.{s}")) for s in SERIES)
        for i, series in enumerate(SERIES):
            here = i == self.at
            ground = p.selection if here else p.panel
            values = past.main(series) or past.strands(series)[0].values
            now = values.get(past.now)
            shown = tongue.write(now, FORMS[series]) if now is not None else g.flat
            room = width - 2 - names - cell_width(shown) - 2
            shape = ""
            if tall == 2 or room >= 6:
                shape = spark([values[q] for q in sorted(values)], min(20, room if tall == 1 else width - 4), glyphs=g)[0].lstrip()
            style = ink(p.gold if here else p.text, ground, bold=here)
            parts: list[Part] = [(f"{g.right if here else ' '} ", style), (fit(say(f"market.series.{series}"), width - 3 - cell_width(shown)), style),
                                 (f" {shown}", ink(p.text, ground, bold=True))]  # fmt: skip
            self.mark(0, width, len(out), ("series", i))
            out.append(row(parts, width, ink(p.text, ground)))
            if tall == 2:
                self.mark(0, width, len(out), ("series", i))
                out.append(row([("  ", base), (shape, ink(p.sea))], width, base))
        if past.missing:
            out.append(self.empty(width))
            out += [row([(line, ink(p.dim))], width, base) for line in wrap(say("market.missing", count=past.missing), width)]
        return out[:height]

    def _heading(self, past: Past, width: int) -> Strip:
        log = past.axes(self.series)[2]
        note = self.tongue.say("market.log") if log else ""
        return self.heading(self.tongue.say(f"market.series-long.{self.series}"), note, width)

    def _chart(self, past: Past, width: int, height: int) -> list[Strip]:
        p, tongue = self.palette, self.tongue
        series = self.series
        courses = []
        inks = iter((p.gold, *p.series[1:]) if series != "live-models" else p.series[1:])
        for strand in past.strands(series):
            if strand.faint:
                courses.append(Course("", strand.values, p.faint, faint=True))
            else:
                courses.append(Course(line_name(past, tongue, strand.key), strand.values, next(inks, p.dim)))
        traces: dict[str, list[Stop]] = {}
        for i, (mark, level) in enumerate(self.levels):
            label = brief_figure(past.content.figures[mark.figure], tongue.lang) + doubt_sign(mark)
            traces.setdefault(mark.ghost, []).append(Stop(mark.at, max(mark.first, past.first), level, label, i))
        low, high, log = past.axes(series)
        ticks = {q: tongue.quarter(q, "short") for q in range(past.first, past.last + 1) if q >= 0 and q % 4 == 0}
        return course_chart(
            courses, tuple(map(tuple, traces.values())), Axes(past.first, past.last, low, high, log), width, height, p,
            fmt=lambda v: tongue.write(v, FORMS[series]), ticks=ticks, now=past.now,
            chosen=self.mark_at if self.levels else None,
            hit=lambda x0, x1, y, what: self.mark(self._shift + x0, self._shift + x1, y + 1, ("mark", what)), glyphs=self.glyphs,
        )  # fmt: skip

    _shift = 0

    def _notes(self, past: Past, width: int, height: int) -> list[Strip]:
        """What the chosen mark is, which figure it comes from, and how it may count differently."""
        p, g, tongue, say = self.palette, self.glyphs, self.tongue, self.tongue.say
        base = ink(p.text, p.panel)
        if not self.levels:
            quiet = [row([(line, ink(p.dim))], width, base) for line in wrap(say("market.no-marks"), width)]
            return [*quiet, *([self.empty(width)] * (height - len(quiet)))][:height]
        mark, _ = self.levels[self.mark_at]
        ghost = past.content.ghosts[mark.ghost]
        figure = past.content.figures[mark.figure]
        when = short_date(mark.at) if mark.first == mark.at else f"{short_date(mark.first)}–{short_date(mark.at)}"
        lead: list[Part] = [
            (f"{g.marks[0]} ", ink(p.gold, bold=True)), (f"{self.mark_at + 1}/{len(self.levels)} ", ink(p.dim)),
            (tongue.pick(ghost.name), ink(p.gold, bold=True)),
            (f"  {format_figure(figure, tongue.lang)}", ink(p.text, bold=True)), (f"  {when}", ink(p.dim)),
        ]  # fmt: skip
        said = [tongue.text(figure.claim)] if height > 5 else []
        if ghost.note is not None:
            said.append(tongue.text(ghost.note))
        if mark.disowned:
            said.append(say("market.disowned"))
        elif mark.doubted:
            said.append(say("market.doubted"))
        if mark.read:
            said.append(say("market.read"))
        joiner = "" if tongue.lang == "zh" else " "
        lines = [row(lead, width, base)]
        lines += [row([(line, ink(p.dim))], width, base) for line in wrap(joiner.join(said), width)][: height - 1]
        top = self.size.height - height
        for y in range(height):
            self.mark(self._left(), self._left() + width, top + y, ("mark", self.mark_at))
        return [*lines, *([self.empty(width)] * (height - len(lines)))]

    def _left(self) -> int:
        width = self.size.width - 2 * self.margin
        return (36 if width >= 150 else 30 if width >= 100 else 22) + 3
