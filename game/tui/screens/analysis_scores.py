"""Pages three and four of the analysis: luck and skill beside the standard policies, and guidance over time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.strip import Strip

from game.lab.analysis.model import SCALE, Luck
from game.pages.analysis_text import guidance_lines
from game.table.guidance import held
from game.tui.kit.axes import Frame, tick_row
from game.tui.kit.draw import Part, beside, blank, ink, merge, row
from game.tui.kit.lines import legend
from game.tui.kit.text import cell_width, fit
from game.tui.kit.whisker import place, whisker
from game.tui.screens.analysis_base import BoardView
from game.tui.screens.analysis_words import amounts

if TYPE_CHECKING:
    from game.table.wire import Guidance

_STEPS = (1.0, 2.0, 5.0)


class LuckPanel(BoardView):
    """Where the run and the standard policies stand on one scale, then luck and skill as bars, then one sentence."""

    def load(self) -> None:
        self.head(self.say("luck.title"), self.say("luck.note", scale=SCALE))
        self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        run = self.board.run
        luck = run.luck if run is not None else None
        if luck is None:
            over = self.board.over
            rows = self.empty(self.say("luck.missing" if over else "luck.pending"), width)
            if run is not None and over:
                for notice in run.notices:
                    if "luck" in notice.id:
                        rows += self.lines(self.tongue.message(notice), min(width, 76), self.palette.dim)
            return rows
        rows = list(self._told(luck, min(width, 120)))
        if len(rows) + 2 < height:
            rows = [blank(width, self.base), *rows]
        return self.window([strip.adjust_cell_length(width, self.base) for strip in rows], height, width)

    def _who(self) -> str:
        run = self.board.run
        assert run is not None
        return self.say("luck.you") if run.head.seat == "human" else self.say("luck.policy", policy=run.head.seat)

    def _told(self, luck: Luck, width: int) -> Iterator[Strip]:
        p, g, tongue, say = self.palette, self.glyphs, self.tongue, self.say
        names = [tongue.say(f"term.policy.{x.policy}") for x in luck.policies]
        column = min(max(map(cell_width, [*names, self._who()])), 24) + 2
        plot = width - column - 2
        points = [luck.scaled, *(v for x in luck.policies for v in (x.scaled, x.mean.low, x.mean.high))]
        low, high = min(points), max(points)
        air = max(0.05, (high - low) * 0.06)
        limits = low - air, high + air
        for name, one in zip(names, luck.policies):
            cells = whisker(one.mean.low, one.mean.mean, one.mean.high, limits, plot, p, colour=p.dim, bar=False, knob=g.thin, glyphs=g)
            spread = [part for text, style in cells for part in [(c, style) for c in text]]
            spread[place(one.scaled, *limits, plot)] = (g.marks[4], ink(p.sea, bold=True))
            yield row([(fit(name, column, ellipsis=g.ellipsis), ink(p.text)), *merge_parts(spread)], width, self.base)
        dots: list[Part] = [(g.grid, ink(p.line))] * plot
        dots[place(luck.scaled, *limits, plot)] = (g.marks[3], ink(p.gold, bold=True))
        yield row([(fit(self._who(), column, ellipsis=g.ellipsis), ink(p.gold, bold=True)), *merge_parts(dots)], width, self.base)
        ticks, labels = self._ticks(limits, plot)
        yield tick_row(Frame(column, plot, 0, 1, True), column + plot, ticks, labels, p, self.base)
        yield from legend([
            (g.marks[4], p.sea, say("luck.legend-here")), (g.thin * 2, p.text, say("luck.legend-usual")), (g.marks[3], p.gold, self._who()),
        ], width, p)  # fmt: skip
        yield blank(width, self.base)
        reach = max(0.1, abs(luck.luck.low), abs(luck.luck.high), abs(luck.skill)) * 1.05
        head = max(cell_width(say("luck.luck")), cell_width(say("luck.skill"))) + 2
        sign = lambda v: tongue.signed(v, 2)  # noqa: E731
        for name, value, ends in (("luck", luck.luck.mean, luck.luck), ("skill", luck.skill, None)):
            bounds = (ends.low, ends.high) if ends else (value, value)
            text = f"{sign(value)} ({sign(bounds[0])} … {sign(bounds[1])})" if ends else sign(value)
            size = max(10, min(64, width - head - 26))
            bar = whisker(bounds[0], value, bounds[1], (-reach, reach), size, p, colour=p.jade if value >= 0 else p.cinnabar, glyphs=g)
            strong = ink(p.text, bold=True)
            yield row([(fit(say(f"luck.{name}"), head), strong), *bar, ("  ", self.base), (text, strong)], width, self.base)
        yield blank(width, self.base)
        factors = [tongue.number(math.exp(v), 2) for v in (luck.luck.mean, luck.skill)]
        yield from self.lines(say("luck.told", luck=factors[0], skill=factors[1], who=self._who()), width, p.text)
        if not luck.luck.sure:
            yield from self.lines(say("luck.even"), width, p.dim)
        yield blank(width, self.base)
        for one in luck.policies:
            said = tongue.say("analysis.text.luck-policy", policy=one.policy, value=one.value, seeds=one.seeds,
                              here=tongue.number(one.scaled, 2), mean=tongue.number(one.mean.mean, 2))  # fmt: skip
            yield from self.lines(said, width, p.dim)

    def _ticks(self, limits: tuple[float, float], plot: int) -> tuple[list[float], list[str]]:
        """Places and labels of round amounts of money on the scale."""
        places, labels = [], []
        for power in range(5, 14):
            for step in _STEPS:
                at = math.log1p(step * 10.0**power / SCALE)
                if limits[0] <= at <= limits[1]:
                    places.append((at - limits[0]) / (limits[1] - limits[0]) * (plot - 1))
                    labels.append(self.tongue.money(step * 10.0**power))
        return places, labels


def merge_parts(parts: list[Part]) -> list[Part]:
    """Neighbours of one style joined."""
    return [(segment.text, segment.style or ink()) for segment in merge(parts)]


class GuidancePanel(BoardView):
    """Every interval against what came, on one scale a quantity: own, the game's own forecast, and the naive score."""

    def load(self) -> None:
        self.head(self.say("tab.guidance"), self.say("guidance.lower"))
        self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        run = self.board.run
        given = [g for q in self.board.quarters for g in q.guidance]
        if run is None or not given:
            return self.empty(self.say("guidance.none"), width)
        p, g = self.palette, self.glyphs
        kinds = [w for w in ("cash", "revenue") if any(x.what == w for x in given)]
        two = len(kinds) == 2 and width >= 150
        size = (width - 3) // 2 if two else width - 1
        blocks = [list(self._block(w, [x for x in given if x.what == w], size)) for w in kinds]
        rows: list[Strip] = []
        if two:
            rows = beside(blocks, [size, size], self.base, gap=2)
        else:
            for block in blocks:
                rows += [*([blank(size, self.base)] if rows else []), *block]
        # sentences first: what it comes to, then quarter by quarter
        told = [line.strip() for line in list(guidance_lines(run, self.tongue))[2:]]
        top = [strip for line in told for strip in self.lines(line, min(width - 1, 116), p.text)]
        names = (self.say("guidance.legend-yours"), self.say("guidance.legend-game"), self.say("guidance.legend-actual"))
        marks = legend([(f"{g.thin}{g.thin}", p.text, names[0]), (g.outer * 2, p.sea_mid, names[1]), (g.knob, p.gold, names[2])], width - 1, p)
        rows = [*top, *marks, blank(width, self.base), *rows]
        return self.window([strip.adjust_cell_length(width, self.base) for strip in rows], height, width)

    def _block(self, what: str, given: list[Guidance], width: int) -> Iterator[Strip]:
        p, g, tongue, say = self.palette, self.glyphs, self.tongue, self.say
        actual = [x.actual for x in given if x.actual is not None]
        most = max([abs(v) for v in actual], default=max(abs(x.high) for x in given)) or 1.0
        ends = [min(max(v, -2.0 * most), 3.0 * most) for x in given for v in (x.low, x.high)] + actual
        limits = min(ends), max(max(ends), min(ends) + 1.0)
        money = [amounts(tongue, [v])[0] for v in actual]
        scores = {x.quarter: amounts(tongue, [v for v in (x.score, x.game, x.naive) if v is not None]) for x in given}
        column = max([cell_width(s) for row_ in scores.values() for s in row_] + [cell_width(say(f"guidance.{k}")) for k in ("yours", "game", "naive")])
        came = max([cell_width(m) for m in money] + [cell_width(say("guidance.came"))])
        word = max(cell_width(say(f"guidance.{k}")) for k in ("hit", "miss", "due")) + 2
        lead = max(5, cell_width(say("guidance.about")))
        plot = max(8, width - lead - word - came - 3 * (column + 1) - 5)
        yield from self.lines(say("guidance.title", what=what), width, p.gold, bold=True)
        dim = ink(p.dim)
        heads: list[Part] = [
            (fit(say("guidance.about"), lead), dim), (" " * (plot + 2 + word), dim), (fit(say("guidance.came"), came, "right"), dim),
        ]  # fmt: skip
        heads += [(" " + fit(say(f"guidance.{k}"), column, "right"), dim) for k in ("yours", "game", "naive")]
        yield row(heads, width, self.base)
        for x in given:
            label, ground = tongue.quarter(x.quarter + 1, "short"), p.panel
            cells = [part for text, style in self._line(x, limits, plot) for part in [(c, style) for c in text]]
            if x.actual is None:
                said, colour = f"{g.dot} {say('guidance.due')}", p.dim
            elif held(x):
                said, colour = f"{g.knob} {say('guidance.hit')}", p.jade
            else:
                said, colour = f"x {say('guidance.miss')}", p.cinnabar
            parts: list[Part] = [(fit(label, lead), ink(p.text)), (" ", self.base), *merge_parts(cells), (" ", self.base)]
            parts.append((fit(said, word), ink(colour, ground)))
            parts.append((fit(amounts(tongue, [x.actual])[0] if x.actual is not None else "--", came, "right"), ink(p.text)))
            known = iter(scores[x.quarter])
            best = min([v for v in (x.score, x.game, x.naive) if v is not None], default=None)
            for v in (x.score, x.game, x.naive):
                text = next(known) if v is not None else "--"
                first = v is not None and v == best
                parts.append((" " + fit(text, column, "right"), ink(p.text if first else p.dim, bold=first)))
            yield row(parts, width, self.base)

    def _line(self, x: Guidance, limits: tuple[float, float], plot: int) -> list[Part]:
        """The game's band as shade, one's own interval as a line over it, what came as a knob."""
        p, g = self.palette, self.glyphs
        cells: list[Part] = [(" ", self.base)] * plot
        spot = lambda v: place(v, *limits, plot)  # noqa: E731
        if x.game_low is not None and x.game_high is not None:
            for n in range(spot(x.game_low), spot(x.game_high) + 1):
                cells[n] = (g.outer, ink(p.sea_mid))
        ends = ("[", "]") if g.plain else ("├", "┤")
        start, stop = spot(x.low), spot(x.high)
        for n in range(start, stop + 1):
            cells[n] = (g.thin, ink(p.text))
        cells[start], cells[stop] = (ends[0], ink(p.text)), (ends[1], ink(p.text))
        if x.actual is not None:
            inside = held(x)
            cells[spot(x.actual)] = (g.knob if inside else "x", ink(p.jade if inside else p.cinnabar, bold=True))
        return cells
