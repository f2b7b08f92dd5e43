"""The report of a quarter: where the cash went, why the share moved, what the value is made of, what happened."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.strip import Strip

from game.table.wire import Report, ShareChange
from game.tui.kit.bars import diverging_bar
from game.tui.kit.chrome import Title
from game.tui.kit.draw import Part, blank, ink, row, split_row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, fit, wrap
from game.tui.kit.waterfall import Step, waterfall
from game.tui.screens.base import BaimoScreen
from game.tui.widgets import sources
from game.tui.widgets.amounts import minus, unit_for
from game.tui.widgets.gazette import kind_of, mark_of, sorted_headlines
from game.tui.widgets.sheet import Entry, Sheet
from game.tui.widgets.why import change_of, sentence, tenths, total_of


class ReportScreen(BaimoScreen[None]):
    """Two columns where there is room, one that scrolls where there is not. Enter and Escape both lead on."""

    which = "report"
    CSS_PATH = "report.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-broad")]  # noqa: RUF012

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report
        self._laid: bool | None = None
        """Whether the sheets were last laid out for a narrow screen; None before that."""

    def body(self) -> ComposeResult:
        with Horizontal(id="pages"):
            with Vertical(id="left"):
                yield Sheet(id="books")
                yield Sheet(id="events")
            yield Sheet(id="causes")

    def title_line(self) -> Title:
        say = self.tongue.say
        title = say("ui.report.title", quarter=self.report.quarter)
        return Title(say("ui.app.name"), self.byline, title, say("ui.report.adds-up") if self.size.width >= 150 else "")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#books", Sheet).focus()

    def on_resize(self) -> None:
        if self.is_mounted:
            self.retell()

    def tell(self) -> None:
        say = self.tongue.say
        books, causes, events = (self.query_one(f"#{name}", Sheet) for name in ("books", "causes", "events"))
        narrow = self.size.width < 110
        again = self._laid == narrow  # another language, or back from an answer: the reader stays where they were
        self._laid = narrow
        causes.display = events.display = not narrow
        if narrow:
            books.head("", "")
            (books.again if again else books.show)(self._events, self._cash, self._share, self._value, self._forecasts)
        else:
            books.head(say("ui.panel.cash"), self._signed_money(self.report.closing_fen - self.report.opening_fen))
            (books.again if again else books.show)(self._cash_rows, self._forecasts)
            causes.head(*self._share_head())
            (causes.again if again else causes.show)(self._share_rows, self._value)
            events.head(say("ui.panel.messages"), "")
            (events.again if again else events.show)(self._event_rows)
            wanted = len(self._event_rows(max(20, self.size.width // 2 - 4), 99)) + 2
            events.styles.height = min(max(wanted + (1 if wanted >= 7 else 0), 4), self.size.height * 2 // 5)

    # Sections -------------------------------------------------------------------------------------------------------------

    def _heading(self, text: str, tail: str, width: int) -> Entry:
        p = self._panel.palette
        return Entry(split_row([(text, ink(p.gold, bold=True))], [(tail, ink(p.text, bold=True))], width, ink(p.text, p.panel)))

    @property
    def _panel(self) -> Panel:
        return self.query_one("#books", Sheet)

    def _signed_money(self, fen: int) -> str:
        return minus(self.tongue.money(fen / 100, sign=True), plain=self._panel.glyphs.plain)

    def _cash(self, width: int, height: int) -> Sequence[Entry]:
        change = self._signed_money(self.report.closing_fen - self.report.opening_fen)
        return [self._heading(self.tongue.say("ui.panel.cash"), change, width), *self._cash_rows(width, height)]

    def _cash_rows(self, width: int, height: int) -> Sequence[Entry]:
        """The waterfall: a row a ledger line, each leading to its term."""
        tongue, panel, report = self.tongue, self._panel, self.report
        amounts = [report.opening_fen / 100, *(line.amount_fen / 100 for line in report.lines), report.closing_fen / 100]
        unit, write = unit_for(amounts, tongue)
        lines = [line for line in report.lines if line.amount_fen]
        steps = [Step(tongue.term("line", line.id), line.amount_fen / 100) for line in lines]
        strips = waterfall(
            Step(tongue.say("ui.report.opening"), amounts[0]), steps, tongue.say("ui.report.closing"), width,
            self._rows_for(len(steps), "#books"), panel.palette, unit=unit, fmt=write, glyphs=panel.glyphs,
        )  # fmt: skip
        found = [("term", "cash"), *(sources.of_line(line.id) for line in lines), ("term", "cash")]
        asked = [("cash", "", ""), *(("cash", "", f"line.{line.id}") for line in lines), ("cash", "", "")]
        return _spread(strips, found, asked)

    def _rows_for(self, steps: int, sheet: str) -> int:
        """Rows of a waterfall: with a thread between its bars where the sheet has room for that."""
        return 2 * (steps + 2) - 1 if self.query_one(sheet, Sheet).airy else steps + 2

    @property
    def _second(self) -> str:
        """The sheet that share and value stand on."""
        return "#books" if self.size.width < 110 else "#causes"

    def _share_head(self) -> tuple[str, str]:
        tongue = self.tongue
        change = self._main()
        if change is None:
            return tongue.say("ui.panel.why-share"), ""
        return tongue.say("ui.panel.why-share"), f"{tongue.segment(change.segment)} {minus(tongue.signed(total_of(tenths(change))), plain=self._panel.glyphs.plain)}"

    def _main(self) -> ShareChange | None:
        session = self.app.session
        return change_of(self.report, session.main_trade if session is not None else "developers")

    def _share(self, width: int, height: int) -> Sequence[Entry]:
        return [self._heading(*self._share_head(), width), *self._share_rows(width, height)]

    def _share_rows(self, width: int, height: int) -> Sequence[Entry]:
        """Flows first, then causes; both add up as shown. The other markets follow in a line each."""
        tongue, panel = self.tongue, self._panel
        p = panel.palette
        base = ink(p.text, p.panel)
        change = self._main()
        if change is None:
            return [Entry(row([(tongue.say("ui.report.no-share-change"), ink(p.dim))], width, base))]
        out = [Entry(row([(line, ink(p.text))], width, base)) for line in wrap(sentence(change, tongue), width)]
        causes = [c for c in tenths(change) if c[1]]
        if not causes:  # it did not move: there is nothing to take apart
            return [*out, *self._others(change, width)]
        out += self._flows(change, width)
        out.append(Entry(blank(width, base)))
        names = min(max(cell_width(tongue.term("cause", n)) for n, _v in causes), width // 2)
        reach = max((abs(v) for _n, v in causes), default=0.0) or 1.0
        for name, value in causes:
            colour = p.jade if value > 0 else p.cinnabar if value < 0 else p.dim
            out.append(Entry(row([
                (fit(tongue.term("cause", name), names), ink(p.dim)), ("  ", base),
                (fit(minus(tongue.signed(value), plain=panel.glyphs.plain), 5, "right"), ink(colour, bold=True)), ("  ", base),
                *diverging_bar(value, reach, min(max(3, width - names - 9), 48), p, glyphs=panel.glyphs),
            ], width, base), sources.of_cause(name), ("share", change.segment, f"cause.{name}")))  # fmt: skip
        out += self._others(change, width)
        return out

    def _flows(self, change: ShareChange, width: int) -> list[Entry]:
        """Kept, won, lost, unserved as a waterfall from the share before to the share after."""
        tongue, panel = self.tongue, self._panel
        parts = [("lost", -change.lost), ("won", change.won), ("unserved", -change.unserved)]
        if abs(change.before + sum(v for _, v in parts) - change.after) > 5e-4:  # kept, won and lost count otherwise here
            parts = [("won", change.after - change.before)]
        parts = [(name, value) for name, value in parts if abs(value) >= 5e-4] or parts[:1]
        steps = [Step(tongue.term("flow", name), 100 * value) for name, value in parts]
        strips = waterfall(
            Step(tongue.say("ui.report.before"), 100 * change.before), steps, tongue.say("ui.report.after"), width,
            self._rows_for(len(steps), self._second), panel.palette, unit=0.1, fmt=lambda n: f"{n / 10:.1f}%", glyphs=panel.glyphs,
        )  # fmt: skip
        count = len(steps) + 2
        return _spread(strips, [("term", "share")] * count, [("share", change.segment, "")] * count)

    def _others(self, main: ShareChange, width: int) -> list[Entry]:
        tongue, p = self.tongue, self._panel.palette
        base = ink(p.text, p.panel)
        out = []
        for change in self.report.shares:
            if change.segment == main.segment:
                continue
            total = total_of(tenths(change))
            if not total and not change.before and not change.after:
                continue
            colour = p.jade if total > 0 else p.cinnabar if total < 0 else p.dim
            left: list[Part] = [(tongue.segment(change.segment), ink(p.dim))]
            right: list[Part] = [
                (f"{tongue.percent(change.before)} {self._panel.glyphs.right} {tongue.percent(change.after)}", ink(p.text)),
                (fit(minus(tongue.signed(total), plain=self._panel.glyphs.plain), 7, "right"), ink(colour, bold=True)),
            ]
            out.append(Entry(split_row(left, right, width, base), ("segment", change.segment), ("share", change.segment, "")))
        return [Entry(blank(width, base)), *out] if out else []

    def _value(self, width: int, height: int) -> Sequence[Entry]:
        """What moved the value, from before to after."""
        tongue, panel, report = self.tongue, self._panel, self.report
        if not report.value_parts:
            return []
        amounts = [report.value_before, *report.value_parts.values(), report.value_after]
        unit, write = unit_for(amounts, tongue)
        # parts that would show as nothing are left out; what they hold is less than what is shown
        parts = {name: value for name, value in report.value_parts.items() if abs(value) >= unit / 2}
        if parts:  # the end stays exact: the largest takes what the others held
            most = max(parts, key=lambda name: abs(parts[name]))
            parts[most] += report.value_after - report.value_before - sum(parts.values())
        steps = [Step(tongue.term("value-part", name), value) for name, value in parts.items()]
        strips = waterfall(
            Step(tongue.say("ui.report.before"), report.value_before), steps, tongue.say("ui.report.after"), width,
            self._rows_for(len(steps), self._second), panel.palette, unit=unit, fmt=write, glyphs=panel.glyphs,
        )  # fmt: skip
        head = self._heading(
            tongue.say("ui.panel.why-value"), self._signed_money(round(100 * (report.value_after - report.value_before))), width
        )
        found = [("term", "value"), *map(sources.of_value, parts), ("term", "value")]
        asked = [("value", "", ""), *(("value", "", f"value-part.{name}") for name in parts), ("value", "", "")]
        return [head, *_spread(strips, found, asked)]

    def _forecasts(self, width: int, height: int) -> Sequence[Entry]:
        """Guidance given and how it was met; a lower score is the better one."""
        tongue, p = self.tongue, self._panel.palette
        if not self.report.forecasts:
            return []
        base = ink(p.text, p.panel)
        out = [self._heading(tongue.say("ui.panel.guidance"), "", width)]
        for f in self.report.forecasts:
            hit = f.low <= f.actual <= f.high
            left: list[Part] = [
                (f"{tongue.quantity(f.what)} ", ink(p.dim)),
                (tongue.say("ui.board.range", low=minus(tongue.money(f.low)), high=minus(tongue.money(f.high))), ink(p.text)),
            ]
            word = tongue.say("tui.report.hit" if hit else "tui.report.missed", actual=f.actual)
            out.append(Entry(split_row(left, [(word, ink(p.jade if hit else p.cinnabar, bold=True))], width, base),
                             ("term", "credibility"), ("credibility", "", f"part.guidance-{f.what}")))  # fmt: skip
            score = tongue.say("tui.report.score-better" if f.score < f.naive else "tui.report.score-worse")
            out.append(Entry(row([("  " + score, ink(p.dim))], width, base)))
        return out

    def _events(self, width: int, height: int) -> Sequence[Entry]:
        return [self._heading(self.tongue.say("ui.panel.messages"), "", width), *self._event_rows(width, height)]

    def _event_rows(self, width: int, height: int) -> Sequence[Entry]:
        """What others did and what chance drew; a card leads to its page."""
        tongue, panel = self.tongue, self._panel
        p = panel.palette
        base = ink(p.text, p.panel)
        messages = sorted_headlines(list(self.report.messages))
        if not messages:
            return [Entry(row([(tongue.say("ui.board.no-news"), ink(p.dim))], width, base))]
        out: list[Entry] = []
        for message in messages:
            sign, colour = mark_of(kind_of(message), p, panel.glyphs)
            source = ("card", str(message.args["card"])) if "card" in message.args else ("", "")
            if not source[0] and isinstance(message.args.get("segment"), str):
                source = ("segment", str(message.args["segment"]))
            for n, line in enumerate(wrap(tongue.message(message), width - 2)):
                strip = row([(f"{sign} " if n == 0 else "  ", ink(colour, bold=True)), (line, ink(p.text))], width, base)
                out.append(Entry(strip, source if n == 0 else ("", "")))
        return out

    # Keys -----------------------------------------------------------------------------------------------------------------

    def action_go_on(self) -> None:
        """Why the number under the cursor moved; where there is none, back to the boardroom."""
        sheet = self.focused
        if isinstance(sheet, Sheet) and sheet.why[0]:
            self.app.open_why(*sheet.why)
        else:
            self.dismiss(None)

    def action_open_why(self) -> None:
        """Why the number under the cursor moved, or every number that moved."""
        sheet = self.focused
        self.app.open_why(*(sheet.why if isinstance(sheet, Sheet) else ()))

    def action_back(self) -> None:
        self.dismiss(None)

    def action_open_source(self) -> None:
        """The codex entry behind the row under the cursor."""
        sheet = self.focused
        kind, name = sheet.source if isinstance(sheet, Sheet) else ("", "")
        self.app.open_codex(kind, name)

    def on_panel_hit(self, event: Panel.Hit) -> None:
        """A second click on a row opens it."""
        if isinstance(event.panel, Sheet):
            if event.panel.why[0]:
                self.app.open_why(*event.panel.why)
            else:
                self.app.open_codex(*event.panel.source)


def _spread(
    strips: Sequence[Strip], found: Sequence[sources.Source], asked: Sequence[tuple[str, str, str]]
) -> list[Entry]:
    """Rows of a waterfall with what is behind each; rows of thread between them have nothing behind them."""
    stride = 2 if len(strips) > len(found) else 1
    return [
        Entry(s, found[n // stride], asked[n // stride]) if n % stride == 0 else Entry(s) for n, s in enumerate(strips)
    ]
