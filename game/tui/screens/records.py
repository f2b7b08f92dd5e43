"""One's own runs compared: today's market and earlier days, records by scenario and level, achievements over all runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from game.table.achievements import collect
from game.tui.kit.chrome import Title
from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, cut, fit, wrap
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import title
from game.tui.screens.records_words import Line, day_lines, earned_lines, record_lines

if TYPE_CHECKING:
    from game.table.achievements import Earned

PAGES: Final = ("daily", "records", "earned")


class RecordsPanel(Panel, can_focus=True):
    """The pages of the screen side by side; left and right turn them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False), Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False), Binding("pagedown", "move(10)", show=False),
        Binding("home", "move(-9999)", show=False), Binding("end", "move(9999)", show=False),
        Binding("left", "turn(-1)", show=False), Binding("right,tab", "turn(1)", show=False),
        Binding("enter,space", "open", show=False),
    ]  # fmt: skip

    class Turn(Message):
        """Another page."""

        def __init__(self, page: int) -> None:
            super().__init__()
            self.page = page

    class Open(Message):
        """What a line leads to."""

        def __init__(self, target: tuple[str, Any]) -> None:
            super().__init__()
            self.target = target

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tabs: tuple[str, ...] = ()
        self.page = 0
        self.lines: tuple[Line, ...] = ()
        self.foot = ""
        self.cursor = 0
        self._top = 0

    def show(self, tabs: tuple[str, ...], page: int, lines: tuple[Line, ...], foot: str, at: Any = None) -> None:
        """Show a page; the cursor stays where it can, or goes to the line that leads to ``at``."""
        if page != self.page:
            self.cursor = self._top = 0
        elif at is None and self.lines:
            at = self.lines[self.cursor].target  # earned ones move up once the runs are read
        self.tabs, self.page, self.lines, self.foot = tabs, page, lines, foot
        if at is not None:
            self.cursor = next((i for i, line in enumerate(lines) if line.target == at), self.cursor)
        self.cursor = min(self.cursor, max(0, len(lines) - 1))
        if lines and lines[self.cursor].target is None:
            self.cursor = next((i for i, line in enumerate(lines) if line.target is not None), 0)
        self.changed()

    def action_move(self, step: int) -> None:
        """To the next line that leads somewhere."""
        open_ = [i for i, line in enumerate(self.lines) if line.target is not None]
        if not open_:
            return
        here = open_.index(self.cursor) if self.cursor in open_ else 0
        self.cursor = open_[min(max(here + step, 0), len(open_) - 1)]
        self.changed()

    def action_turn(self, step: int) -> None:
        self.post_message(self.Turn((self.page + step) % len(PAGES)))

    def action_open(self) -> None:
        target = self.lines[self.cursor].target if self.lines else None
        if target is not None:
            self.post_message(self.Open(target))

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        kind, at = event.payload
        if kind == "tab":
            self.post_message(self.Turn(at))
        elif self.lines[at].target is not None:
            again, self.cursor = self.cursor == at, at
            self.changed()
            if again or self.lines[at].target == ("play", None):
                self.action_open()

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        parts: list[Part] = [(" ", base)]
        at = 1
        for n, tab in enumerate(self.tabs):
            text = f" {tab} "
            here = n == self.page
            parts += [(text, ink(p.gold if here else p.dim, p.selection if here else p.panel, bold=here)), ("  ", base)]
            self.mark(at, at + cell_width(text), 0, ("tab", n))
            at += cell_width(text) + 2
        out = [row(parts, width, base), blank(width, base)]
        below = self.lines[self.cursor].below if self.lines else ""
        told = [line for text in (below, self.foot) if text for line in wrap(text, min(width - 2, 100))]
        foot = [row([(" " + line, ink(p.dim))], width, base) for line in told[: max(2, height // 4)]]
        room = max(1, height - len(out) - len(foot) - 1)
        first = next((i for i, line in enumerate(self.lines) if line.target is not None), 0)
        self._top = max(0, min(max(self._top, self.cursor - room + 1), self.cursor, len(self.lines) - room))
        if self.cursor == first:
            self._top = 0  # the heads above the first line that leads anywhere
        sizes = self._sizes(width)
        for i in range(self._top, min(self._top + room, len(self.lines))):
            out.append(self._line(i, width, sizes))
            self.mark(0, width, len(out) - 1, ("line", i))
        out += [blank(width, base)] * max(0, height - len(out) - len(foot))
        return [*out, *foot][:height] if g else out

    def _sizes(self, width: int) -> list[int]:
        """Widths of the columns: each as wide as its widest cell, the longest giving way."""
        columns: list[int] = []
        for line in self.lines:
            if len(line.cells) < 2:
                continue
            for n, cell in enumerate(line.cells):
                if n == len(columns):
                    columns.append(0)
                columns[n] = max(columns[n], cell_width(cell))
        spare = width - 3 - sum(columns) - 2 * max(0, len(columns) - 1)
        if spare < 0 and columns:
            widest = columns.index(max(columns))
            columns[widest] = max(8, columns[widest] + spare)
        return columns

    def _line(self, i: int, width: int, sizes: list[int]) -> Strip:
        p, g = self.palette, self.glyphs
        line, here = self.lines[i], i == self.cursor and self.lines[i].target is not None
        ground = p.selection if here else p.panel
        base = ink(p.text, ground)
        colour = {"head": p.gold, "dim": p.dim, "good": p.jade}.get(line.role, p.text)
        style = ink(p.gold if here else colour, ground, bold=line.role == "head" or here)
        mark: Part = (g.focus if here and self.has_focus else " ", ink(p.gold, ground, bold=True))
        if len(line.cells) < 2:
            text = line.cells[0] if line.cells else ""
            return row([mark, (" " + cut(text, width - 3, g.ellipsis), style)], width, base)
        cells = [("+" if g.plain and c == "✓" else c) for c in line.cells]
        text = "  ".join(fit(cut(c, s, g.ellipsis), s) for c, s in zip(cells, sizes, strict=False))
        return row([mark, (" " + text, style)], width, base)


class RecordsScreen(BaimoScreen[None]):
    """See module."""

    which = "records"

    def __init__(self, page: str = "daily", at: Any = None) -> None:
        super().__init__()
        self.page = PAGES.index(page) if page in PAGES else 0
        self._at = at
        self._earned: dict[str, Earned] | None = None

    def body(self) -> ComposeResult:
        yield RecordsPanel()

    def on_mount(self) -> None:
        self.query_one(RecordsPanel).focus()
        self._collect()

    def title_line(self) -> Title:
        return title(self.tongue, self.tongue.say("ui.screen.records"), "")

    def tell(self) -> None:
        app, say = self.app, self.tongue.say
        runs, page = list(app.host.list_runs()), PAGES[self.page]
        if page == "daily":
            lines, foot = day_lines(self.tongue, app.content, runs, app.today()), say("hour.daily.first")
        elif page == "records":
            lines, foot = record_lines(self.tongue, app.content, runs), say("hour.records.marked")
        else:
            lines, foot = earned_lines(self.tongue, app.content, self._earned or {}), say("hour.earned.legend")
            if self._earned is None:
                foot = say("hour.earned.reading")
        tabs = tuple(say(f"hour.page.{name}") for name in PAGES)
        self.query_one(RecordsPanel).show(tabs, self.page, tuple(lines), foot, self._at)
        self._at = None

    @work(thread=True, group="earned", exclusive=True)
    def _collect(self) -> None:
        """Read every finished run off the interface's thread: it takes a while with many."""
        app = self.app
        found = collect(app.host.list_runs(), list(app.content.achievements.values()))
        app.call_from_thread(self._know, found)

    def _know(self, found: dict[str, Earned]) -> None:
        self._earned = found
        if self.query(RecordsPanel):  # the screen may have closed meanwhile
            self.tell()

    def on_records_panel_turn(self, event: RecordsPanel.Turn) -> None:
        self.page = event.page
        self.tell()

    def on_records_panel_open(self, event: RecordsPanel.Open) -> None:
        kind, what = event.target
        if kind == "play":
            self.app.play_daily()
        elif kind == "run":
            self.app.resume(what)
        elif kind == "thesis":
            self.app.open_codex("thesis", what)
