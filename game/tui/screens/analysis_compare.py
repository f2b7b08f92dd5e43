"""The last page of the analysis: up to four runs side by side, or a fork beside the run that it left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textual.strip import Strip

from game.language import clean_text
from game.pages.analysis_text import compared_row
from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.lines import Series, braille_lines, series_ink
from game.tui.kit.text import cell_width, fit
from game.tui.screens.analysis_base import BoardView
from game.tui.screens.analysis_value import short_quarters
from game.tui.screens.analysis_words import amounts, name_of
from game.tui.widgets.position import money_axis

KEYS = ("value", "luck-short", "skill-short", "blunders", "mistakes", "regret-sum", "undone")


class ComparePanel(BoardView):
    """Values of the runs as lines with marks of their own, where they part, and a table; up and down choose a run."""

    def load(self) -> None:
        board = self.board
        self.head(self.say("compare.title"), str(len(board.runs)) if len(board.runs) > 1 else "")
        self.changed()

    def wheel(self, step: int) -> None:
        screen: Any = self.screen
        screen.action_other_run(step)

    def draw(self, width: int, height: int) -> list[Strip]:
        board = self.board
        if len(board.runs) < 2 and not board.ghost:
            return self.empty(self.say("compare.alone"), width)
        told = list(self._told(width))
        table = list(self._table(width)) if len(board.runs) > 1 else []
        rows: list[Strip] = []
        tall = min(height - len(told) - len(table) - 2, 26)
        if tall >= 5:
            rows += self._chart(width, tall)
            rows.append(blank(width, self.base))
        rows += told
        if table:
            rows.append(blank(width, self.base))
            start = len(rows)
            rows += table
            for n, place in enumerate(sorted(board.runs)):
                self.mark(0, width, start + 1 + n, ("run", place))
        return rows[:height]

    def _series(self) -> list[Series]:
        """The lines, each with a short name of its own."""
        board, tongue = self.board, self.tongue
        if len(board.runs) < 2:
            assert board.run is not None
            first = [q.quarter for q in board.quarters]
            at = {r.quarter: r.value for r in board.ghost}
            end = max([*first, *at], default=0)
            numbers = range(first[0] if first else end, end + 1)
            own = {q.quarter: q.row.value for q in board.quarters}
            return [Series(self.say("compare.this"), [own.get(n) for n in numbers]),
                    Series(self.say("compare.parent"), [at.get(n) for n in numbers])]  # fmt: skip
        numbers = self._numbers()
        out = []
        for n, place in enumerate(sorted(board.runs)):
            at = {q.quarter: q.row.value for q in board.runs[place].quarters}
            out.append(Series(f"{n + 1} {name_of(board.runs[place], tongue)}", [at.get(q) for q in numbers]))
        return out

    def _numbers(self) -> range:
        board = self.board
        every = [q.quarter for a in board.runs.values() for q in a.quarters] + [r.quarter for r in board.ghost]
        own = [q.quarter for a in board.runs.values() for q in a.quarters]
        return range(min(own, default=0), max(every, default=-1) + 1)

    def _chart(self, width: int, height: int) -> list[Strip]:
        ticks = short_quarters(self.tongue, list(self._numbers()))
        return braille_lines(
            self._series(), width, height, self.palette, fmt=money_axis(self.tongue), ticks=ticks, glyphs=self.glyphs,
        )  # fmt: skip

    def _told(self, width: int) -> Iterator[Strip]:
        board, p, tongue, say = self.board, self.palette, self.tongue, self.say
        size = min(width, 110)
        if len(board.runs) < 2:
            run = board.run
            assert run is not None
            if run.head.origin is not None:
                yield from self.lines(say("compare.parent-told", quarter=run.head.origin.quarter), size, p.text)
            common = {q.quarter: q.row.value for q in board.quarters}
            both = [r for r in board.ghost if r.quarter in common]
            if both:
                last = both[-1]
                yield from self.lines(say("compare.parent-end", quarter=last.quarter, own=common[last.quarter], other=last.value), size, p.text)
            return
        found = board.comparison
        if found is None:
            return
        for notice in found.notices:
            yield from self.lines(f"! {tongue.message(notice)}", size, p.dim)
        for link in found.links:
            yield from self.lines(say("compare.link", child=link.child + 1, parent=link.parent + 1, quarter=link.quarter), size, p.text)
        if found.split is not None:
            yield from self.lines(say("compare.split", quarter=found.split), size, p.text)
        elif found.same_luck:
            yield from self.lines(say("compare.same"), size, p.text)

    def _table(self, width: int) -> Iterator[Strip]:
        board, p, g, tongue = self.board, self.palette, self.glyphs, self.tongue
        places = sorted(board.runs)
        lost = amounts(tongue, [_lost(board.runs[x]) for x in places])
        cells = []
        for n, place in enumerate(places):
            shown = list(compared_row(board.runs[place], tongue)[1:])
            shown[KEYS.index("regret-sum")] = lost[n]
            cells.append(shown)
        heads = [tongue.say(f"analysis.text.{k}") for k in KEYS]
        keep = [i for i in range(len(KEYS)) if i < len(KEYS) - 1 or any(c[i] for c in cells)]
        sizes = {i: max(cell_width(c[i]) for c in (heads, *cells)) for i in keep}
        while sum(sizes.values()) + 2 * len(sizes) + 14 > width and len(sizes) > 3:
            sizes.popitem()
        name = max(10, min(36, width - 4 - sum(sizes.values()) - 2 * len(sizes)))
        dim = ink(p.dim)
        yield row([(" " * (3 + name), dim), *(("  " + fit(heads[i], s, "right"), dim) for i, s in sizes.items())], width, self.base)
        for n, place in enumerate(places):
            here = place == board.place
            ground = p.selection if here else p.panel
            sign, colour = series_ink(Series("", ()), n, p, g)
            called = f"{n + 1} {name_of(board.runs[place], tongue)} · {clean_text(board.runs[place].head.file.removesuffix('.baimo'), 40)}"
            parts: list[Part] = [(g.focus if here else " ", ink(p.gold, ground)), (f"{sign} ", ink(colour, ground, bold=True)),
                                 (fit(called, name, ellipsis=g.ellipsis), ink(p.gold if here else p.text, ground, bold=here))]  # fmt: skip
            parts += [("  " + fit(cells[n][i], s, "right"), ink(p.text, ground)) for i, s in sizes.items()]
            yield row(parts, width, ink(p.text, ground))


def _lost(analysis: Any) -> float:
    """Regret of the marked quarters together, CNY."""
    return sum(q.regret.mean for q in analysis.quarters if q.regret and q.verdict not in ("", "best", "ok"))
