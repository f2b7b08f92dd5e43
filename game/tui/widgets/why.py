"""Why the share moved: the causes of the last report in words and bars, as a strip or as a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip

from game.engine.names import SEGMENTS
from game.table.wire import Report, ShareChange
from game.tui.kit.bars import diverging_bar, hbar
from game.tui.kit.draw import Part, blank, ink, row, split_row
from game.tui.kit.text import cell_width, fit, wrap
from game.tui.kit.waterfall import round_to_sum
from game.tui.widgets.amounts import minus
from game.tui.widgets.board import BoardPanel

if TYPE_CHECKING:
    from game.language import Tongue


def change_of(report: Report | None, segment: str) -> ShareChange | None:
    """The share change to speak of: that of the segment looked at, else the one that moved most."""
    if report is None or not report.shares:
        return None
    wanted = next((s for s in report.shares if s.segment == segment), None)
    return wanted or max(report.shares, key=lambda s: (abs(s.after - s.before), -SEGMENTS.index(s.segment)))


def tenths(change: ShareChange) -> list[tuple[str, float]]:
    """Causes in percentage points with one decimal, rounded so that they add up to the change as it is shown."""
    names = list(change.causes)
    total = shown_change(change.before, change.after)
    try:
        units = round_to_sum([100 * change.causes[n] for n in names], total, 0.1)
    except ValueError:  # the causes do not add up: plain rounding shows what there is
        units = [round(1000 * change.causes[n]) for n in names]
    return [(name, unit / 10) for name, unit in zip(names, units, strict=True)]


def shown_change(before: float, after: float) -> float:
    """The change in percentage points as it is shown: between the two shares as they are shown."""
    return (round(1000 * after) - round(1000 * before)) / 10


def total_of(causes: list[tuple[str, float]]) -> float:
    """The change as shown: the sum of the causes as shown."""
    return round(sum(value for _, value in causes), 1)


def points(value: float, tongue: Tongue) -> str:
    """Percentage points with their sign, the decimal only where it says something."""
    said = minus(tongue.signed(value, 0 if value == int(value) else 1))
    return f"{said}点" if tongue.lang == "zh" else f"{said} {tongue.plural(abs(value), 'point|points')}"


def sentence(change: ShareChange, tongue: Tongue) -> str:
    """The largest push and the largest drag in words."""
    causes = [c for c in tenths(change) if c[1]]
    if not causes:
        return tongue.say("ui.report.no-share-change")
    best, worst = max(causes, key=lambda c: c[1]), min(causes, key=lambda c: c[1])
    said = []
    if best[1] > 0:
        said.append(tongue.say("tui.why.push", cause=tongue.term("cause", best[0]), points=points(best[1], tongue)))
    if worst[1] < 0:
        said.append(tongue.say("tui.why.drag", cause=tongue.term("cause", worst[0]), points=points(worst[1], tongue)))
    return ("；" if tongue.lang == "zh" else "; ").join(said)


class WhyPanel(BoardPanel):
    """A strip where it is low and wide, a column of diverging bars where it is narrow."""

    def load(self) -> None:
        """Say everything anew."""
        self.name_it(self.app.tongue.say("ui.panel.why-share"), "")
        session = self.app.session
        if session is not None:
            change = change_of(session.report, session.segment)
            tongue = self.app.tongue
            if change is not None:
                total = minus(tongue.signed(total_of(tenths(change))), plain=self.glyphs.plain)
                self.name_it(f"{tongue.say('ui.panel.why-share')} {total}", f"{tongue.segment(change.segment)} · w")
        self.changed()

    @property
    def source(self) -> tuple[str, str]:
        """What the panel is about, for the codex."""
        return ("term", "share")

    @property
    def why(self) -> tuple[str, str]:
        """The number that the panel explains, with its segment."""
        session = self.app.session
        change = change_of(session.report, session.segment) if session is not None else None
        return ("share", change.segment) if change is not None else ("", "")

    def draw(self, width: int, height: int) -> list[Strip]:
        session = self.app.session
        if session is None:
            return []
        tongue, p = self.app.tongue, self.palette
        base = ink(p.text, p.panel)
        change = change_of(session.report, session.segment)
        if change is None:
            lines = wrap(tongue.say("tui.why.nothing-yet"), width)
            return [row([(line, ink(p.dim))], width, base) for line in lines]
        for y in range(height):
            self.mark(0, width, y, ("why", *self.why))
        causes = tenths(change)
        if height >= 5:
            return self._column(change, causes, width, height)
        return self._strip(change, causes, width, height)

    def _strip(self, change: ShareChange, causes: list[tuple[str, float]], width: int, height: int) -> list[Strip]:
        tongue, p, g = self.app.tongue, self.palette, self.glyphs
        base = ink(p.text, p.panel)
        shown = sorted((c for c in causes if c[1]), key=lambda c: -abs(c[1]))
        words = [(tongue.find(f"tui.cause.{name}") or tongue.term("cause", name), value) for name, value in shown]
        # As many causes as have room for name, number and a bar of at least two cells.
        fixed = [cell_width(name) + 1 + 4 + 1 for name, _ in words]
        while words and sum(fixed[: len(words)]) + 2 * (len(words) - 1) + 2 * len(words) > width:
            words.pop()
        room = width - sum(fixed[: len(words)]) - 3 * (len(words) - 1)
        reach = sum(abs(v) for _, v in words) or 1.0
        parts: list[Part] = []
        for n, (name, value) in enumerate(words):
            colour = p.jade if value > 0 else p.cinnabar if value < 0 else p.dim
            size = max(1, min(24, int(room * abs(value) / reach))) if value else 0
            if n:
                parts.append(("   ", base))
            parts += [(f"{name} ", ink(p.dim)), (fit(minus(tongue.signed(value), plain=g.plain), 4, "right") + " ", ink(colour, bold=True)),
                      (hbar(1.0, 1.0, size, g), ink(colour))]  # fmt: skip
        rows = [row(parts, width, base)]
        tail = tongue.say("tui.why.flows", kept=change.kept, won=change.won, lost=change.lost, unserved=change.unserved)  # fmt: skip
        said = sentence(change, tongue)
        right: list[Part] = [(tail, ink(p.dim))] if cell_width(tail) + cell_width(said) + 3 <= width else []
        rows.append(split_row([(said, ink(p.text))], right, width, base))
        return rows[:height]

    def _column(self, change: ShareChange, causes: list[tuple[str, float]], width: int, height: int) -> list[Strip]:
        tongue, p, g = self.app.tongue, self.palette, self.glyphs
        base = ink(p.text, p.panel)
        out = [row([(line, ink(p.text))], width, base) for line in wrap(sentence(change, tongue), width)]
        out.append(blank(width, base))
        causes = [c for c in causes if c[1]] or causes[:1]
        called = {name: tongue.find(f"tui.cause.{name}") or tongue.term("cause", name) for name, _ in causes}
        names = min(max(map(cell_width, called.values())), width // 2)
        reach = max((abs(v) for _, v in causes), default=1.0) or 1.0
        for name, value in causes:
            bar = max(3, width - names - 7)
            colour = p.jade if value > 0 else p.cinnabar if value < 0 else p.dim
            out.append(row([
                (fit(called[name], names), ink(p.dim)), (" ", base),
                *diverging_bar(value, reach, bar, p, glyphs=g), (fit(minus(tongue.signed(value), plain=g.plain), 6, "right"), ink(colour, bold=True)),
            ], width, base))  # fmt: skip
        flows = [("kept", change.kept), ("won", change.won), ("lost", -change.lost), ("unserved", -change.unserved)]
        if len(out) + 1 + len(flows) <= height:
            out.append(blank(width, base))
            for name, value in flows:
                out.append(split_row([(tongue.term("flow", name), ink(p.dim))],
                                     [(f"{tongue.number(100 * abs(value), 1)}", ink(p.text))], width, base))  # fmt: skip
        return out[:height]
