"""Saved runs: a list, and of the chosen one its history to look through, quarter by quarter, to fork or to undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.strip import Strip

from game.lab.analysis.model import MOST_RUNS
from game.language import clean_text
from game.table.errors import RunError
from game.table.listing import Listed
from game.table.runfile import RunFile, read_run
from game.tui.kit.chrome import Title
from game.tui.kit.draw import Part, blank, ink, row, split_row
from game.tui.kit.lines import Series, braille_lines
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, cut, fit, wrap
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import title
from game.tui.screens.market_panels import year_ticks
from game.tui.screens.run_words import RunLine, marks_of, run_line

if TYPE_CHECKING:
    from game.table.wire import Row

PER_RUN: Final = 3
"""Rows of the screen a run takes in the list: two of words and one of air."""


class ListPanel(Panel, can_focus=True):
    """The runs; Enter goes on with one, right goes to its history."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False), Binding("down", "move(1)", show=False),
        Binding("home", "move(-9999)", show=False), Binding("end", "move(9999)", show=False),
        Binding("pageup", "move(-5)", show=False), Binding("pagedown", "move(5)", show=False),
        Binding("enter", "open", show=False), Binding("right,tab", "history", show=False),
    ]  # fmt: skip

    class Moved(Message):
        """Another run is under the cursor."""

    class Open(Message):
        """Go on with the run under the cursor."""

    class History(Message):
        """To the history."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lines: Sequence[RunLine] = ()
        self.empty = ""
        self.cursor = 0
        self._top = 0

    def show(self, lines: Sequence[RunLine], empty: str) -> None:
        """Show a list; the cursor stays where it can."""
        self.lines, self.empty = tuple(lines), empty
        self.cursor = min(self.cursor, max(0, len(lines) - 1))
        self.changed()

    def action_move(self, step: int) -> None:
        self.cursor = min(max(self.cursor + step, 0), max(0, len(self.lines) - 1))
        self.changed()
        self.post_message(self.Moved())

    def action_open(self) -> None:
        if self.lines:
            self.post_message(self.Open())

    def action_history(self) -> None:
        if self.lines:
            self.post_message(self.History())

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        again = self.cursor == event.payload
        self.cursor = event.payload
        self.changed()
        self.post_message(self.Open() if again and event.chain > 1 else self.Moved())

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        if not self.lines:
            return [blank(width, base), *(row([(line, ink(p.dim))], width, base) for line in wrap(self.empty, width))]
        room = max(1, (height + 1) // PER_RUN)
        self._top = max(0, min(max(self._top, self.cursor - room + 1), self.cursor, len(self.lines) - 1))
        rows: list[Strip] = []
        for i in range(self._top, min(self._top + room, len(self.lines))):
            line, here = self.lines[i], i == self.cursor
            ground = p.selection if here else p.panel
            style = ink(p.text, ground)
            mark: Part = (g.focus if here and self.has_focus else " ", ink(p.gold, ground, bold=True))
            name = ink(p.gold if here else p.text, ground, bold=True)
            state = ink(p.cinnabar if line.bad else p.dim, ground)
            right: list[Part] = [(line.right, state), (" ", style)]
            room_name = width - cell_width(line.right) - 3
            rows.append(split_row([mark, (cut(line.name, room_name, g.ellipsis), name)], right, width, style))
            tail: list[Part] = [(line.state, ink(p.text, ground)), (" ", style)] if line.state else []
            below = cut(line.below, width - 2 - (cell_width(line.state) + 2 if line.state else 0), g.ellipsis)
            rows.append(split_row([(" ", style), (below, ink(p.dim, ground))], tail, width, style))
            for y in (len(rows) - 2, len(rows) - 1):
                self.mark(0, width, y, i)
            rows.append(blank(width, base))
        return rows[:height]


class HistoryPanel(Panel, can_focus=True):
    """A run's quarters, read-only: what was had at the end of each; fork or undo at the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False), Binding("down", "move(1)", show=False),
        Binding("home", "move(-9999)", show=False), Binding("end", "move(9999)", show=False),
        Binding("left,tab", "leave", show=False), Binding("enter", "app.none", show=False),
    ]  # fmt: skip

    class Leave(Message):
        """Back to the list."""

    class Moved(Message):
        """Another quarter is under the cursor."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.heads: tuple[str, ...] = ()
        self.cells: tuple[tuple[str, ...], ...] = ()
        self.values: tuple[float, ...] = ()
        self.ticks: tuple[str, ...] = ()
        self.notes: tuple[tuple[str, str], ...] = ()
        self.chart = ""
        self.money: Any = str
        self.cursor = 0
        self._top = 0

    def show(
        self, heads: tuple[str, ...], cells: tuple[tuple[str, ...], ...], notes: tuple[tuple[str, str], ...],
        chart: str = "", values: tuple[float, ...] = (), ticks: tuple[str, ...] = (), money: Any = str,
        keep: bool = False,
    ) -> None:  # fmt: skip
        """Show a history; notes as (role, text) stand above it."""
        self.heads, self.cells, self.notes = heads, cells, notes
        self.chart, self.values, self.ticks, self.money = chart, values, ticks, money
        self.cursor = min(self.cursor, max(0, len(cells) - 1)) if keep else max(0, len(cells) - 1)
        self.changed()

    def action_move(self, step: int) -> None:
        self.cursor = min(max(self.cursor + step, 0), max(0, len(self.cells) - 1))
        self.changed()
        self.post_message(self.Moved())

    def action_leave(self) -> None:
        self.post_message(self.Leave())

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        self.cursor = event.payload
        self.focus()
        self.changed()
        self.post_message(self.Moved())

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        inks = {"body": ink(p.text), "dim": ink(p.dim), "bad": ink(p.cinnabar)}
        rows = [
            row([(line, inks[role])], width, base) for role, text in self.notes for line in wrap(text, min(width, 84))
        ]
        if not self.cells:
            return rows
        rows.append(blank(width, base))
        wide = height - len(rows) - len(self.cells) - 1
        if len(self.values) > 1 and wide >= 7:
            tall = min(max(12, height * 2 // 5), wide - 2)
            rows.append(row([(self.chart, ink(p.text, bold=True))], width, base))
            rows += braille_lines(
                [Series(self.chart, self.values)], width, tall, p, fmt=self.money, ticks=self.ticks, names=False,
                mark_every=0, glyphs=g,
            )  # fmt: skip
            rows.append(blank(width, base))
        sizes = [max(cell_width(c) for c in column) for column in zip(self.heads, *self.cells)]
        while sum(sizes) + 2 * len(sizes) > width and len(sizes) > 3:
            sizes.pop()
        gap = min(4, (width - 1 - sum(sizes)) // max(1, len(sizes)))

        def line(cells: Sequence[str]) -> str:
            return (" " * gap).join(
                fit(c, s, "left" if i == 0 else "right") for i, (c, s) in enumerate(zip(cells, sizes))
            )

        rows.append(row([(" " + line(self.heads), ink(p.dim))], width, base))
        room = max(1, height - len(rows))
        self._top = max(0, min(max(self._top, self.cursor - room + 1), self.cursor, len(self.cells) - room))
        for i in range(self._top, min(self._top + room, len(self.cells))):
            here = i == self.cursor and self.has_focus
            ground = p.selection if here else p.panel
            style = ink(p.gold if here else p.text, ground, bold=here)
            rows.append(
                row(
                    [(g.focus if here else " ", ink(p.gold, ground)), (line(self.cells[i]), style)],
                    width,
                    ink(p.text, ground),
                )
            )
            self.mark(0, width, len(rows) - 1, i)
        return rows


class RunsScreen(BaimoScreen[None]):
    """Runs newest first; nothing here changes a file: forks and undone runs are new ones."""

    which = "runs"
    CSS_PATH = "runs.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (160, "-huge")]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Listed] = []
        self._read: dict[Any, RunFile | RunError] = {}
        self.picked: list[Path] = []
        """Runs to be compared, in the order in which they were picked."""

    def body(self) -> ComposeResult:
        with Horizontal(id="halves"):
            yield ListPanel()
            yield HistoryPanel()

    def on_mount(self) -> None:
        self.query_one(ListPanel).focus()

    def title_line(self) -> Title:
        say = self.tongue.say
        return title(self.tongue, say("ui.screen.runs"), say("ui.runs.first-try"))

    def tell(self) -> None:
        self.runs = list(self.app.host.list_runs())
        say = self.tongue.say
        panel = self.query_one(ListPanel)
        panel.head(say("ui.screen.runs"), say("screens.title.runs-note", count=len(self.runs)) if self.runs else "")
        lines = [run_line(entry, self.tongue) for entry in self.runs]
        for i, entry in enumerate(self.runs):
            if entry.path in self.picked:
                lines[i] = replace(lines[i], name=f"[{self.picked.index(entry.path) + 1}] {lines[i].name}")
        panel.show(lines, say("screens.runs.none"))
        self._history(keep=bool(self.query_one(HistoryPanel).cells))

    @property
    def current(self) -> Listed | None:
        """The run under the cursor."""
        at = self.query_one(ListPanel).cursor
        return self.runs[at] if at < len(self.runs) else None

    # history ----------------------------------------------------------------------------------------------------------
    def whole(self, entry: Listed) -> RunFile | RunError:
        """The whole file, read when it is first looked at."""
        key = (entry.path, entry.changed)
        if key not in self._read:
            try:
                self._read[key] = read_run(entry.path)
            except RunError as error:
                self._read[key] = error
        return self._read[key]

    def rows(self, entry: Listed) -> list[Row]:
        """Headline numbers of the run's firm, quarter by quarter."""
        found = self.whole(entry)
        if isinstance(found, RunError):
            return []
        return [q.rows[found.head.firm] for q in found.quarters if found.head.firm in q.rows]

    def _history(self, *, keep: bool = False) -> None:
        panel, tongue, say = self.query_one(HistoryPanel), self.tongue, self.tongue.say
        entry = self.current
        panel.head(say("screens.runs.history"), "")
        if entry is None:
            panel.show((), (), (("dim", say("screens.runs.explain")),))
            return
        found = self.whole(entry)
        if isinstance(found, RunError):
            panel.show((), (), (("bad", tongue.message(found.message())), ("dim", say("screens.runs.untouched"))))
            return
        rows = self.rows(entry)
        heads = tuple(say(f"screens.runs.{k}") for k in ("quarter", "value", "cash", "revenue", "share", "rank"))
        cells = tuple(
            (tongue.quarter(r.quarter), tongue.money(r.value), tongue.money(r.cash), tongue.money(r.revenue),
             tongue.percent(r.share), str(r.rank)) for r in rows
        )  # fmt: skip
        panel.head(note=clean_text(entry.path.name, 40))
        panel.show(
            heads, cells, self._notes(entry, found), say("ui.analysis.value-over-time"), tuple(r.value for r in rows),
            year_ticks(tongue, [r.quarter for r in rows]), tongue.money, keep,
        )  # fmt: skip

    def _notes(self, entry: Listed, found: RunFile) -> tuple[tuple[str, str], ...]:
        tongue, say, head = self.tongue, self.tongue.say, found.head
        made = "，" if tongue.lang == "zh" else ", "
        words = [tongue.scenario(head.scenario), tongue.background(head.own_background), tongue.difficulty(head.difficulty)]
        words.append(say("ui.board.seed", seed=head.seed_text or head.seed[:8]))
        notes = [("body", made.join(words))]
        if entry.changed:
            when = datetime.fromtimestamp(entry.changed).strftime("%Y-%m-%d %H:%M")
            notes.append(("dim", say("screens.runs.written", when=when)))
        notes += [("dim", say(f"screens.runs.mark-{mark}")) for mark in marks_of(entry) if mark != "damaged"]
        if entry.torn:
            notes.append(("bad", say("screens.runs.torn")))
        if found.marked:
            notes.append(("dim", say("screens.runs.rules")))
        if not found.quarters:
            notes.append(("dim", say("screens.runs.unplayed")))
        return tuple(notes)

    # going about ------------------------------------------------------------------------------------------------------
    def on_list_panel_moved(self) -> None:
        self._history()

    def on_list_panel_history(self) -> None:
        self.query_one(HistoryPanel).focus()

    def on_history_panel_leave(self) -> None:
        self.query_one(ListPanel).focus()

    def on_list_panel_open(self) -> None:
        entry = self.current
        if entry is not None and self._usable(entry):
            self.app.resume(entry.path)

    def _usable(self, entry: Listed) -> bool:
        found = self.whole(entry)
        if isinstance(found, RunError):
            self.app.tell(self.tongue.message(found.message()), bad=True)
            return False
        return True

    def _chosen_quarter(self, entry: Listed) -> int | None:
        rows, at = self.rows(entry), self.query_one(HistoryPanel).cursor
        return rows[at].quarter if at < len(rows) else None

    def action_fork(self) -> None:
        """A new run from the start of the quarter under the cursor, under the same luck."""
        entry = self.current
        if entry is None or not self._usable(entry):
            return
        quarter = self._chosen_quarter(entry)
        if quarter is None:
            self.app.tell(self.tongue.say("screens.runs.unplayed"))
            return
        path = entry.path
        self.app.ask(self.tongue.say("ui.confirm.fork", quarter=quarter), lambda: self.app.fork_from(quarter, path))

    def action_undo(self) -> None:
        """The run again from the start of the quarter under the cursor, marked as undone."""
        entry = self.current
        if entry is None or not self._usable(entry):
            return
        quarter = self._chosen_quarter(entry)
        if quarter is None:
            self.app.tell(self.tongue.say("screens.runs.unplayed"))
            return
        path, host = entry.path, self.app.host

        async def again() -> Any:
            await host.open_run(path)
            return await host.undo(quarter)

        def sit() -> None:
            self.app._sit(again)

        self.app.ask(self.tongue.say("ui.confirm.undo", quarter=quarter), sit)

    def action_pick(self) -> None:
        """Pick the run under the cursor for comparing, or drop it again."""
        entry = self.current
        if entry is None or not self._usable(entry):
            return
        if entry.path in self.picked:
            self.picked.remove(entry.path)
        elif len(self.picked) < MOST_RUNS:
            self.picked.append(entry.path)
        else:
            self.app.tell(self.tongue.say("screens.runs.enough", count=MOST_RUNS))
        self.tell()

    def action_open_analysis(self) -> None:
        """Analyse the runs that are picked, or the one under the cursor."""
        listed = {entry.path for entry in self.runs}
        files = [path for path in self.picked if path in listed]
        entry = self.current
        if not files and entry is not None and self._usable(entry):
            files = [entry.path]
        if files:
            self.app.open_analysis(*files)

    def action_delete(self) -> None:
        """Delete the file, after asking."""
        entry = self.current
        if entry is None:
            return

        def gone() -> None:
            try:
                entry.path.unlink()
            except OSError as error:
                self.app.tell(
                    self.tongue.say("run.unreadable", file=entry.path.name, why=error.strerror or ""), bad=True
                )
            self.tell()

        self.app.ask(self.tongue.say("ui.confirm.delete", file=clean_text(entry.path.name, 40)), gone)
