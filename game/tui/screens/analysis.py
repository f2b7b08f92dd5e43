"""The analysis board: a run quarter by quarter as it is analysed by a process of its own; fork from any quarter.

Nothing is written here but a fork, which is a run of its own. Leaving the screen ends the work at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import aclosing
from pathlib import Path

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from game.tui.analyst import Broken, ProcessAnalyst
from game.tui.kit.chrome import Title
from game.tui.kit.panel import Panel
from game.tui.screens.analysis_base import BoardView
from game.tui.screens.analysis_compare import ComparePanel
from game.tui.screens.analysis_decisions import DecisionsPanel, QuarterPanel
from game.tui.screens.analysis_scores import GuidancePanel, LuckPanel
from game.tui.screens.analysis_state import Board
from game.tui.screens.analysis_value import PAGES, TabsPanel, TurnsPanel, ValuePanel
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import title

WIDE = 112
"""Columns from which the quarter at hand stands opened beside the table."""


class AnalysisScreen(BaimoScreen[None]):
    """Up to four runs, by their files."""

    which = "analysis"
    CSS_PATH = "analysis.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012

    def __init__(self, files: Sequence[Path], page: str = "value") -> None:
        super().__init__()
        self.files = tuple(files)
        self.board = Board()
        self.page = PAGES.index(page)
        self.opened = False
        """Whether the quarter at hand has the page to itself, where it does not stand beside the table anyway."""

    def body(self) -> ComposeResult:
        yield TabsPanel(self.board, id="tabs")
        with Vertical(id="value"):
            yield ValuePanel(self.board)
            yield TurnsPanel(self.board)
        with Horizontal(id="decisions"):
            yield DecisionsPanel(self.board)
            yield QuarterPanel(self.board)
        yield LuckPanel(self.board)
        yield GuidancePanel(self.board)
        yield ComparePanel(self.board)

    def on_mount(self) -> None:
        self._arrange()
        super().on_mount()
        self._listen()

    def title_line(self) -> Title:
        return title(self.tongue, self.tongue.say("ui.screen.analysis"), "")

    def idle_keys(self) -> Iterable[str]:
        if len(self.board.runs) < 2:
            yield "other-run"
        if PAGES[self.page] not in ("value", "decisions", "compare"):
            yield "unfold"
        if not self.board.quarters:
            yield "fork-here"

    def tell(self) -> None:
        self.reload()

    def reload(self) -> None:
        """Let every panel say everything anew; those that are hidden draw when they are seen."""
        for panel in self.query(BoardView):
            panel.load()

    # the work ---------------------------------------------------------------------------------------------------------
    @work(exclusive=True, group="analysis")
    async def _listen(self) -> None:
        """Take what is told until all is told; the end of this task is the end of the process."""
        analyst = getattr(self.app, "analyst", None) or ProcessAnalyst(self.app.content)
        try:
            async with aclosing(analyst.listen(self.files)) as news:
                async for told in news:
                    first = not self.board.quarters
                    self.board.take(told)
                    if told.refused is not None:
                        self.app.tell(self.tongue.message(told.refused), bad=True)
                    if first:
                        self.retell()
                    else:
                        self.reload()
        except Broken:
            self.board.broken = True
            self.app.tell(self.tongue.say("screens.analysis.broken-told"), bad=True)
        self.board.over = True
        self.retell()

    # pages ------------------------------------------------------------------------------------------------------------
    @property
    def beside(self) -> bool:
        """Whether there is room for table and quarter at once."""
        return self.size.width >= WIDE

    def on_resize(self, event: events.Resize) -> None:
        self._arrange()
        self.reload()

    def _arrange(self) -> None:
        """Show the page at hand and give it the keyboard."""
        name = PAGES[self.page]
        views = {
            "value": self.query_one("#value"), "decisions": self.query_one("#decisions"), "luck": self.query_one(LuckPanel),
            "guidance": self.query_one(GuidancePanel), "compare": self.query_one(ComparePanel),
        }  # fmt: skip
        for key, view in views.items():
            view.display = key == name
        table, quarter = self.query_one(DecisionsPanel), self.query_one(QuarterPanel)
        table.display = self.beside or not self.opened
        quarter.display = self.beside or self.opened
        tabs = self.query_one(TabsPanel)
        tabs.page = self.page
        tabs.changed()
        main: Panel
        if name == "value":
            main = self.query_one(ValuePanel)
        elif name == "decisions":
            main = quarter if self.opened else table
        else:
            kinds = {"luck": LuckPanel, "guidance": GuidancePanel, "compare": ComparePanel}
            main = self.query_one(kinds[name])
        for view in self.query(BoardView):
            view.rule_from = 99 if self.size.height < 30 else 8
        if self.focused is not main:
            main.focus()

    def _turned(self) -> None:
        self._arrange()
        self.retell()

    def action_page(self, number: int) -> None:
        """To a page by its number."""
        self.page, self.opened = number % len(PAGES), False
        self._turned()

    def action_across(self, step: int) -> None:
        """To the next page; with a quarter opened, to the next quarter."""
        if self.opened:
            self.board.move(step)
            self.query_one(QuarterPanel).top = 0
            self.reload()
        else:
            self.action_page(self.page + step)

    def action_pages(self) -> None:
        """One page further: what a click on the key bar does."""
        self.action_page(self.page + 1)

    def action_move(self, step: int) -> None:
        """Another quarter; where a page has a text to scroll, its next line; where it has runs, another run."""
        name = PAGES[self.page]
        if name in ("luck", "guidance") or (name == "decisions" and self.opened):
            kinds = {"luck": LuckPanel, "guidance": GuidancePanel, "decisions": QuarterPanel}
            self.query_one(kinds[name]).roll(step)
        elif name == "compare":
            self.action_other_run(1 if step > 0 else -1)
        else:
            self.board.move(step)
            self._moved()

    def _moved(self) -> None:
        self.query_one(QuarterPanel).top = 0
        self.reload()

    def action_turn(self, step: int) -> None:
        """To the next turning point; in a text, a page."""
        name = PAGES[self.page]
        if name in ("luck", "guidance") or (name == "decisions" and self.opened):
            kinds = {"luck": LuckPanel, "guidance": GuidancePanel, "decisions": QuarterPanel}
            panel = self.query_one(kinds[name])
            panel.roll(step * max(1, panel.size.height - 3))
        elif name != "compare":
            self.board.turn(step)
            self._moved()

    def action_unfold(self) -> None:
        """Open the quarter at hand; on the page that compares, look at the run under the cursor."""
        name = PAGES[self.page]
        if not self.board.quarters or name in ("luck", "guidance"):
            return
        if name == "compare":
            if len(self.board.runs) > 1:
                self.action_page(0)
            return
        self.page, self.opened = PAGES.index("decisions"), True
        self.query_one(QuarterPanel).top = 0
        self._turned()

    def action_other_run(self, step: int = 1) -> None:
        """Turn to another of the runs."""
        if len(self.board.runs) > 1:
            self.board.other(step)
            self._moved()

    def action_back(self) -> None:
        """Close the quarter that is opened, else leave; what is not computed by then never is."""
        if self.opened:
            self.opened = False
            self._turned()
        else:
            self.app.back()

    def action_fork_here(self) -> None:
        """Play on from the quarter at hand in a run of its own, this one being its ghost."""
        here = self.board.quarter
        if here is None:
            return
        path = self.files[self.board.place]
        self.app.ask(
            self.tongue.say("ui.confirm.fork", quarter=here.quarter), lambda: self.app.fork_from(here.quarter, path)
        )

    def on_panel_hit(self, event: Panel.Hit) -> None:
        """Clicks on what panels marked."""
        event.stop()
        kind, what = event.payload
        if kind == "page":
            self.action_page(what)
        elif kind == "run":
            if self.board.place == what:
                self.action_unfold()
            else:
                self.board.other(sorted(self.board.runs).index(what) - sorted(self.board.runs).index(self.board.place))
                self._moved()
        elif kind == "go":
            self.board.go_to(what)
            self._moved()
        elif kind == "quarter":
            again = self.board.cursor == what
            self.board.cursor = what
            self._moved()
            if again and (event.chain > 1 or PAGES[self.page] == "decisions"):
                self.action_unfold()
