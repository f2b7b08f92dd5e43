"""Fifth page of the market: every number of the real course beside what this game made of it, with its doubts."""

from __future__ import annotations

from dataclasses import dataclass

from rich.style import Style
from textual.strip import Strip

from game.content.figures import format_figure
from game.content.ghosts import Mark, marks
from game.tui.kit.draw import Part, ink, row, split_row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, fit, wrap
from game.tui.screens.market_facts import Past, date
from game.tui.screens.market_panels import Page
from game.tui.screens.market_words import brief_figure, doubt_sign, here_text, signs


@dataclass(frozen=True, slots=True)
class Line:
    """One number: what it is, when, as stated, here, who says so, and the mark itself."""

    name: str
    when: str
    stated: str
    here: str
    who: str
    mark: Mark
    brief: str
    """As stated, without bound and unit, where room is short."""


class CoursePage(Page):
    """Up and down choose a number, Enter opens its figure."""

    def __init__(self) -> None:
        super().__init__("course")
        self.lines: list[Line] = []
        self.at = 0
        self._top = 0

    def prepare(self) -> None:
        past = self.past
        assert past is not None
        tongue = self.tongue
        self.lines = []
        for mark in marks(past.content):
            if mark.series == "events":
                continue
            figure = past.content.figures[mark.figure]
            when = date(mark.at) if mark.first == mark.at else f"{date(mark.first)[:4]}–{date(mark.at)[2:4]}" if (
                date(mark.first)[:4] != date(mark.at)[:4]
            ) else date(mark.at)[:4]  # fmt: skip
            stated = format_figure(figure, tongue.lang)
            self.lines.append(Line(
                tongue.pick(past.content.ghosts[mark.ghost].name), when, stated + doubt_sign(mark),
                here_text(past, tongue, mark), tongue.text(figure.attributed_to), mark,
                brief_figure(figure, tongue.lang) + doubt_sign(mark),
            ))  # fmt: skip
        self.at = min(self.at, max(0, len(self.lines) - 1))

    def move(self, step: int) -> None:
        self.at = min(max(self.at + step, 0), len(self.lines) - 1)

    def turn(self, step: int) -> None:
        self.move(step)

    def source(self) -> tuple[str, str]:
        return ("figure", self.lines[self.at].mark.figure) if self.lines else ("segment", self.segment)

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        if event.payload == self.at:
            self.action_open()
        self.at = event.payload
        self.changed()

    # drawing ----------------------------------------------------------------------------------------------------------
    def draw(self, width: int, height: int) -> list[Strip]:
        past, p = self.past, self.palette
        if past is None or not self.lines:
            return []
        say, base = self.tongue.say, ink(p.text, p.panel)
        foot = self._foot(past, width, 7 if height < 26 else 11)
        heads = tuple(say(f"market.head.{k}") for k in ("what", "when", "stated", "here", "who"))
        sizes, gap, brief = self._sizes(heads, width)
        out = [row(self._cells("  ", heads, sizes, gap, [ink(p.dim)] * 5), width, base)]
        room = height - len(foot) - 2
        self._top = max(min(self._top, self.at), self.at - room + 1, 0)
        self._top = min(self._top, max(0, len(self.lines) - room))
        for i in range(self._top, min(len(self.lines), self._top + room)):
            line, here = self.lines[i], i == self.at
            ground = p.selection if here else p.panel
            styles = [ink(p.gold if here else p.text, ground, bold=here), ink(p.dim, ground), ink(p.text, ground, bold=True),
                      ink(p.sea if line.mark.series != "none" else p.dim, ground), ink(p.dim, ground)]  # fmt: skip
            self.mark(0, width, len(out), i)
            sign = f"{self.glyphs.right if here else ' '} "
            out.append(row(self._cells(sign, (line.name, line.when, line.brief if brief else line.stated, line.here, line.who), sizes, gap, styles), width, ink(p.text, ground)))
        out += [self.empty(width)] * (height - len(foot) - 1 - len(out))
        meaning = signs(self.tongue)
        rule: Part = (self.glyphs.thin * (width - cell_width(meaning) - 1), ink(p.line))
        return [*out, split_row([rule], [(meaning, ink(p.dim))], width, base), *foot]

    def _sizes(self, heads: tuple[str, ...], width: int) -> tuple[list[int], int, bool]:
        """Widths of the columns, the gap between two, and whether numbers are said in brief.

        Where room is short the last column goes first, then bounds and units, then the ends of names.
        """
        table = [(x.name, x.when, x.stated, x.here, x.who) for x in self.lines]
        sizes = [max(map(cell_width, column)) for column in zip(heads, *table, strict=True)]
        brief = width - 2 - sum(sizes[:4]) - 9 < 0
        if brief:
            sizes[2] = max([cell_width(heads[2]), *(cell_width(x.brief) for x in self.lines)])
            sizes[0] = min(sizes[0], max(12, width - 2 - sum(sizes[1:4]) - 6))
        gap = 2 if brief else 3
        spare = width - 2 - sum(sizes[:4]) - 4 * gap
        if spare < 16:
            return sizes[:4], gap, brief
        sizes[4] = min(sizes[4], spare)
        return sizes, min(6, gap + (spare - sizes[4]) // 5), brief

    @staticmethod
    def _cells(sign: str, cells: tuple[str, ...], sizes: list[int], gap: int, styles: list[Style]) -> list[Part]:
        parts: list[Part] = [(sign, styles[0])]
        for i, (cell, size, style) in enumerate(zip(cells, sizes, styles, strict=False)):
            parts += [(" " * gap if i else "", style), (fit(cell, size, "right" if i == 2 else "left"), style)]
        return parts

    def _foot(self, past: Past, width: int, height: int) -> list[Strip]:
        """The figure under the cursor: claim, as printed, where, how reliable, and what is doubtful."""
        p, tongue, say = self.palette, self.tongue, self.tongue.say
        base = ink(p.text, p.panel)
        mark = self.lines[self.at].mark
        figure = past.content.figures[mark.figure]
        article = past.content.articles[figure.article]
        ghost = past.content.ghosts[mark.ghost]
        texts: list[tuple[str, str]] = [("", tongue.text(figure.claim))]
        if ghost.note is not None:
            texts.append((say("market.differs"), tongue.text(ghost.note)))
        for caution in past.content.cautions_of(mark.figure)[:2]:
            texts.append((say("ui.why.caution"), tongue.text(caution.why)))
        if mark.read:
            texts.append((say("market.input"), say("market.read")))
        texts.append((say("ui.why.article"), f"{tongue.pick(article.title)}{say('market.comma')}{article.approx_date}{say('market.stop')}"
                      f"{tongue.text(article.reliability)}"))  # fmt: skip
        out: list[Strip] = []
        for label, text in texts:
            lead = f"{label}{say('market.colon')}" if label else ""
            lines = wrap(lead + text, width)
            for i, line in enumerate(lines):
                if i == 0 and lead and line.startswith(lead):
                    out.append(row([(lead, ink(p.gold)), (line[len(lead):], ink(p.dim))], width, base))
                else:
                    out.append(row([(line, ink(p.text if not lead else p.dim))], width, base))
        return [*out, *([self.empty(width)] * (height - len(out)))][:height]
