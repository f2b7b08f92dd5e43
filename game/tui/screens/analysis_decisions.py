"""The second page of the analysis: a table of quarters, and one quarter opened in full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textual.strip import Strip

from game.lab.analysis.model import Answer, Measured, QuarterAnalysis
from game.language import clean_text
from game.language.analysis import card_words, choice_words, mark, move_words, verdict_words
from game.tui.kit.axes import nice_range
from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.text import cell_width, fit
from game.tui.kit.whisker import whisker
from game.tui.screens.analysis_base import BoardView
from game.tui.screens.analysis_state import LOSING
from game.tui.screens.analysis_words import amounts, verdict_colour, verdict_text

MOVES = 8
"""Levers of a better plan that are named when a quarter is opened."""
REASON_CELLS = 600


class DecisionsPanel(BoardView):
    """A row a quarter: sign and word, regret with its interval, the better plan; hindsight apart behind a rule."""

    def load(self) -> None:
        note = "decisions.note" if self.size.width >= 90 else "decisions.note-short"
        self.head(self.say("decisions.title"), self.say(note))
        self.changed()

    def wheel(self, step: int) -> None:
        self.board.move(step)
        screen: Any = self.screen
        screen.reload()

    def draw(self, width: int, height: int) -> list[Strip]:
        board, tongue = self.board, self.tongue
        quarters = board.quarters
        if not quarters:
            return self.empty(self.say("nothing" if board.run is not None else "reading"), width)
        columns = self._columns(width, quarters)
        foot = self._foot(width) if height >= 8 else []
        room = height - 1 - len(foot)
        rows = [self._row(q, n, columns, width) for n, q in enumerate(quarters)]
        shown = self.window(rows, room, width, (board.cursor, board.cursor + 1))
        for y in range(len(shown)):
            self.mark(0, width, y + 1, ("quarter", self.top + y))
        heads = {c: tongue.say(f"screens.analysis.decisions.{c}") for c in columns if c not in ("bar", "rule")}
        parts: list[Part] = [(" ", self.base)]
        for name, size in columns.items():
            text = self.glyphs.bar if name == "rule" else heads.get(name, "")
            right = name in ("regret", "hindsight")
            colour = self.palette.line if name == "rule" else self.palette.dim
            parts += [(fit(text, size, "right" if right else "left"), ink(colour)), (" ", self.base)]
        gap = max(0, room - len(shown))
        return [row(parts, width, self.base), *shown, *[blank(width, self.base)] * gap, *foot]

    def _columns(self, width: int, quarters: list[QuarterAnalysis]) -> dict[str, int]:
        """Widths of the columns that there is room for, in their order."""
        over = self.board.over
        money = max([cell_width(_money(self, q.regret)) for q in quarters if q.regret] + [cell_width(self.say("decisions.regret"))])
        later = max([cell_width(self._hindsight(q)) for q in quarters] + [cell_width(self.say("decisions.hindsight"))])
        verdict = max(cell_width(verdict_text(self.tongue, q, over=over)) for q in quarters)
        columns = {"quarter": 5, "verdict": verdict, "regret": money, "bar": 0, "better": 0, "rule": 1, "hindsight": later}
        spare = width - 2 - sum(columns.values()) - len(columns)
        columns["bar"] = min(max(spare // 2, 12), 30)
        spare -= columns["bar"]
        columns["better"] = min(max(0, spare), 34)
        if columns["better"] < 8:
            columns["bar"] += columns["better"]
            del columns["better"]
        spare -= columns.get("better", 0)
        if spare > 24:
            columns["reason"] = spare - 1
        return columns

    def _row(self, q: QuarterAnalysis, n: int, columns: dict[str, int], width: int) -> Strip:
        p, g, tongue = self.palette, self.glyphs, self.tongue
        here = n == self.board.cursor
        ground = p.selection if here else p.panel
        colour = verdict_colour(q.verdict, p) if q.analysed else p.dim
        plain, dim = ink(p.text, ground), ink(p.dim, ground)
        parts: list[Part] = [(g.focus if here else " ", ink(p.gold, ground, bold=True))]
        for name, size in columns.items():
            if name == "quarter":
                parts.append((fit(tongue.quarter(q.quarter, "short"), size), ink(p.gold if here else p.text, ground, bold=here)))
            elif name == "verdict":
                text = fit(verdict_text(tongue, q, over=self.board.over), size, ellipsis=g.ellipsis)
                parts.append((text, ink(colour, ground, bold=q.verdict in LOSING)))
            elif name == "regret":
                parts.append((fit(_money(self, q.regret), size, "right"), plain))
            elif name == "bar":
                parts += self._bar(q, size, colour, ground)
            elif name == "better":
                parts.append((fit(self._better(q), size, ellipsis=g.ellipsis), dim if q.verdict not in LOSING else plain))
            elif name == "rule":
                parts.append((g.bar, ink(p.line, ground)))
            elif name == "hindsight":
                parts.append((fit(self._hindsight(q), size, "right"), dim))
            else:
                parts.append((fit(clean_text(q.reason, size + 8), size, ellipsis=g.ellipsis), dim))
            parts.append((" ", plain))
        return row(parts, width, plain, ellipsis=g.ellipsis)

    def _bar(self, q: QuarterAnalysis, size: int, colour: str, ground: str) -> list[Part]:
        if q.regret is None:
            return [(" " * size, ink(None, ground))]
        known = [r for other in self.board.quarters if (r := other.regret)]
        low, high = nice_range(min(0.0, *(r.low for r in known)), max(1.0, *(r.high for r in known)))
        low = min(low, -(high - low) / 40)  # room for nought's own line
        r = q.regret
        return whisker(r.low, r.mean, r.high, (low, high), size, self.palette, colour=colour, bg=ground, glyphs=self.glyphs)

    def _better(self, q: QuarterAnalysis) -> str:
        if q.best is None:
            return ""
        return self.say("decisions.own") if q.best.label == "own" else self.tongue.say(f"analysis.plan.{q.best.label}")

    def _hindsight(self, q: QuarterAnalysis) -> str:
        return "--" if q.hindsight is None else amounts(self.tongue, [q.hindsight], sign=True)[0]

    def _foot(self, width: int) -> list[Strip]:
        """The reason typed in the quarter at hand, in one line."""
        here, p = self.board.quarter, self.palette
        if here is None:
            return []
        said = clean_text(here.reason, REASON_CELLS) if here.reason else ""
        lead = self.say("decisions.said") if said else ""
        return [
            row([(self.glyphs.thin * width, ink(p.line))], width, self.base),
            row([(lead, ink(p.dim)), (said or self.say("decisions.unsaid"), ink(p.text if said else p.dim))], width, self.base,
                ellipsis=self.glyphs.ellipsis),
        ]


def _money(view: BoardView, measured: Measured | None) -> str:
    return "--" if measured is None else amounts(view.tongue, [measured.mean])[0]


class QuarterPanel(BoardView):
    """One quarter in full; arrows scroll it, and left and right go on to its neighbours."""

    def load(self) -> None:
        here = self.board.quarter
        opened = getattr(self.screen, "opened", False)
        self.head(self.say("quarter.title", quarter=here.quarter) if here else "", self.say("quarter.note") if opened else "")
        self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        here = self.board.quarter
        if here is None:
            return []
        rows = list(self._told(here, min(width - 1, 96)))
        return self.window([strip.adjust_cell_length(width, self.base) for strip in rows], height, width)

    # what it says -----------------------------------------------------------------------------------------------------
    def _told(self, q: QuarterAnalysis, width: int) -> Iterator[Strip]:
        p, tongue, say = self.palette, self.tongue, self.say
        if q.analysed:
            sign = f"{mark(q)} " if mark(q) else ""
            yield from self.lines(f"{sign}{verdict_words(tongue, q)}", width, verdict_colour(q.verdict, p), bold=True)
        elif q.note is not None:
            yield from self.lines(tongue.message(q.note), width, p.dim)
        else:
            yield from self.lines(say("not-yet"), width, p.dim)
        if q.fan:
            value, low, high = amounts(tongue, (q.row.value, q.fan[0].low, q.fan[0].high))
            yield from self.lines(say("quarter.expected", value=value, low=low, high=high), width, p.dim)
        if q.analysed and q.best is not None:
            yield blank(width, self.base)
            yield from self._better(q, width)
            yield row([(self.glyphs.thin * width, ink(p.line))], width, self.base)
            yield from self._hindsight(q, width)
        for answer in q.answers:
            yield blank(width, self.base)
            yield from self._answer(q, answer, width)
        if q.guidance:
            yield blank(width, self.base)
            yield from self.lines(say("quarter.guidance"), width, p.gold, bold=True)
            for g in q.guidance:
                low, high, *came = amounts(tongue, [g.low, g.high, *([g.actual] if g.actual is not None else [])])
                if not came:
                    text = say("quarter.guidance-open", what=g.what, low=low, high=high)
                else:
                    held = say("quarter.held" if g.low <= (g.actual or 0.0) <= g.high else "quarter.missed")
                    text = say("quarter.guidance-line", what=g.what, low=low, high=high, actual=came[0], held=held)
                yield from self.lines(text, width, p.text)
        if q.reason:
            yield blank(width, self.base)
            yield from self.lines(say("quarter.reason"), width, p.gold, bold=True)
            lead: list[Part] = [(f"{self.glyphs.bar} ", ink(p.line))]
            yield from self.lines(clean_text(q.reason, REASON_CELLS), width, p.text, lead=lead, hang=2)
        yield blank(width, self.base)
        yield from self.lines(say("quarter.fork"), width, p.dim)

    def _better(self, q: QuarterAnalysis, width: int) -> Iterator[Strip]:
        p, tongue, say = self.palette, self.tongue, self.say
        assert q.best is not None
        own = q.best.label == "own"
        if own:
            yield from self.lines(say("quarter.best"), width, p.text)
        else:
            plan = tongue.say(f"analysis.plan.{q.best.label}")
            yield from self.lines(say("quarter.better", plan=plan), width, p.text, bold=True)
            if q.regret is not None:
                low, mean, high = amounts(tongue, (q.regret.low, q.regret.mean, q.regret.high))
                text = say("quarter.regret", mean=mean, low=low, high=high)
                share = say("quarter.regret-share", share=q.share)
                colon = "，" if tongue.lang == "zh" else ", "
                yield from self.lines(f"{text}{colon}{share}", width, p.text)
                if not q.regret.sure:
                    yield from self.lines(say("quarter.chance"), width, p.dim)
        ruin = say("quarter.ruin-own", done=q.ruin) if own else say("quarter.ruin", done=q.ruin, better=q.best.ruin)
        yield from self.lines(f"{ruin} · {say('quarter.ahead', count=q.ahead)}", width, p.dim)
        if q.gain is not None:
            low, mean, high = amounts(tongue, (q.gain.low, q.gain.mean, q.gain.high), sign=True)
            yield from self.lines(say("quarter.gain", mean=mean, low=low, high=high), width, p.dim)
        if not own and q.best.moves:
            yield blank(width, self.base)
            yield from self.lines(say("quarter.levers"), width, p.gold, bold=True)
            for move in q.best.moves[:MOVES]:
                lead: list[Part] = [(f"{self.glyphs.right} ", ink(p.sea))]
                yield from self.lines(move_words(tongue, q, move), width, p.text, lead=lead, hang=2)

    def _hindsight(self, q: QuarterAnalysis, width: int) -> Iterator[Strip]:
        p, say = self.palette, self.say
        yield from self.lines(say("quarter.hindsight"), width, p.dim, bold=True)
        if q.hindsight is None:
            text = say("quarter.hindsight-unknown")
        elif q.hindsight == 0.0:
            text = say("quarter.hindsight-none")
        else:
            text = say("quarter.hindsight-more" if q.hindsight > 0 else "quarter.hindsight-less", amount=abs(q.hindsight))
        yield from self.lines(text, width, p.dim)

    def _answer(self, q: QuarterAnalysis, answer: Answer, width: int) -> Iterator[Strip]:
        """What lay on the desk: the choice made first, then each other with its worth against it."""
        p, g, tongue, say = self.palette, self.glyphs, self.tongue, self.say
        yield from self.lines(say("quarter.desk", title=card_words(tongue, answer.card)), width, p.gold, bold=True)
        ends = [x for o in answer.options if o.worth for x in (o.worth.low, o.worth.high)]
        limits = nice_range(min([0.0, *ends]), max([0.0, *ends])) if ends else (0.0, 1.0)
        for o in sorted(answer.options, key=lambda o: (o.index != answer.choice, o.index)):
            name = choice_words(tongue, answer.card, o.index)
            if o.index == answer.choice:
                lead: list[Part] = [(f"{g.knob} ", ink(p.gold))]
                yield from self.lines(f"{name} · {say('quarter.chosen')}", width, p.text, lead=lead, hang=2)
                continue
            yield from self.lines(name, width, p.text, lead=[(f"{g.marks[4]} ", ink(p.dim))], hang=2)
            if o.worth is None:
                if not o.allowed:
                    yield from self.lines(say("quarter.closed"), width, p.dim, hang=2)
                continue
            low, mean, high = amounts(tongue, (o.worth.low, o.worth.mean, o.worth.high), sign=True)
            text = say("quarter.against", mean=mean, low=low, high=high)
            if not o.worth.sure:
                text = f"{text} · {say('quarter.within')}"
            colour = p.dim if not o.worth.sure else p.jade if o.worth.mean > 0 else p.cinnabar
            size = min(24, width - 4 - cell_width(text))
            if size >= 10:
                bar = whisker(o.worth.low, o.worth.mean, o.worth.high, limits, size, p, colour=colour, glyphs=g)
                yield row([("  ", self.base), *bar, ("  ", self.base), (text, ink(p.text))], width, self.base)
            else:
                yield from self.lines(text, width, p.text, hang=2)
