"""The boardroom: where a quarter is decided. Everything it shows comes from the seat's view and last report."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Container

from game.tui.kit.chrome import Title
from game.tui.kit.panel import Panel
from game.tui.screens.base import BaimoScreen
from game.tui.screens.waiting import WaitScreen
from game.tui.session import PATIENCE, Session
from game.tui.widgets.board import BoardPanel
from game.tui.widgets.counsel import HintStrip
from game.tui.widgets.futures import FuturesPanel
from game.tui.widgets.gazette import GazettePanel, sorted_headlines
from game.tui.widgets.headline import Headline
from game.tui.widgets.levers import LeverPanel
from game.tui.widgets.market import MarketPanel
from game.tui.widgets.position import PositionPanel
from game.tui.widgets.strips import FootStrip, NoticeStrip
from game.tui.widgets.why import WhyPanel

PREVIEW_AFTER = 0.06
"""Seconds that the keys must rest before the draft is previewed."""
SIZES = ("-small", "-medium", "-wide", "-huge")
SIDE = {
    "-small": ("futures", "position", "market", "gazette", "why"),
    "-medium": ("futures", "position", "market", "gazette"),
    "-wide": ("futures", "position"),
}
"""Panels that share one place, by size; one of them shows at a time."""


def size_class(width: int, height: int) -> str:
    """The layout for a terminal: 80×24, 100×30, 120×40 and 200×60 are what each is drawn for."""
    across = 0 if width < 100 else 1 if width < 118 else 2 if width < 180 else 3
    down = 0 if height < 29 else 1 if height < 37 else 2 if height < 52 else 3
    return SIZES[min(across, down)]


class BoardroomScreen(BaimoScreen[None]):
    """See module."""

    which = "boardroom"
    CSS_PATH = "boardroom.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.side = 0
        self.size_name = SIZES[2]
        self._playing = False

    @property
    def session(self) -> Session:
        """The game at hand. Raises RuntimeError without one."""
        if self.app.session is None:
            raise RuntimeError("the boardroom needs a game")
        return self.app.session

    def body(self) -> ComposeResult:
        yield Headline(id="headline")
        yield HintStrip(id="hint")
        with Container(id="desk"):
            yield LeverPanel(id="levers")
            yield FuturesPanel(id="futures", classes="shared")
            yield PositionPanel(id="position", classes="shared")
            yield MarketPanel(id="market", classes="shared")
            yield GazettePanel(id="gazette", classes="shared")
            yield WhyPanel(id="why", classes="shared")
            yield NoticeStrip(id="notice")
        yield FootStrip(id="foot")

    def on_mount(self) -> None:
        self.lay(self.size.width, self.size.height)
        super().on_mount()
        levers = self.query_one(LeverPanel)
        levers.focus()
        self._lead()
        self._listen()
        if not self.session.first_quarter and self.session.unanswered == "distress":
            self.action_open_card()

    @work(group="events")
    async def _listen(self) -> None:
        """Pass on what the table has to say (a run that was not saved, and that it is saved again)."""
        async for event in self.session.seat.events():
            if event.kind == "notice" and event.message is not None:
                self.app.tell(self.tongue.message(event.message), bad=event.message.id != "run.saved-again")

    def on_screen_resume(self) -> None:
        """Back from another screen: a step of the guide may have asked for it."""
        if self.is_mounted and self.app.session is not None and self.query(HintStrip):
            self.query_one(HintStrip).follow()
            self._show_hint()

    def on_resize(self, event: events.Resize) -> None:
        self.lay(event.size.width, event.size.height)

    # Showing ----------------------------------------------------------------------------------------------------------

    def title_line(self) -> Title:
        tongue, view = self.tongue, self.session.view
        say = tongue.say
        turn = say("ui.board.turn", turn=view.quarter - view.first_quarter + 1, quarters=view.quarters)
        right = [tongue.difficulty(view.difficulty), say("ui.board.seed", seed=view.seed), turn]
        if self.size.width < 100:
            right = [turn]
        centre = f"{tongue.quarter(view.quarter, 'long')} · {tongue.act(view.act)}"
        if self.size.width < 100:
            centre = f"{tongue.quarter(view.quarter, 'long')} · {say(f'tui.act.{view.act}')}"
        return Title(say("ui.app.name"), self.byline, centre, " · ".join(right))

    def idle_keys(self) -> Iterable[str]:
        session = self.session
        if session.view.card is None and session.view.distress is None:
            yield "card"
        if session.report is None:
            yield "report"
            yield "why"
        if session.first_quarter:
            yield "undo"
            yield "analysis-now"
        if not session.shown and not self.app.whole:
            yield "rows"

    def tell(self) -> None:
        self.app.stage_rows()
        for kind in (Headline, HintStrip, LeverPanel, FuturesPanel, PositionPanel, MarketPanel, GazettePanel, NoticeStrip, WhyPanel):
            panel: Any = self.query_one(kind)
            panel.load()
        self._arrange()
        self._say_focus()
        self._look_ahead()
        self._foresee()

    def lay(self, width: int, height: int) -> None:
        """Choose the layout for a size."""
        self.size_name = size_class(width, height)
        for name in SIZES:
            self.set_class(name == self.size_name, name)
        if self.is_mounted:
            self._arrange()
            if self.app.session is not None:
                self.retell()

    def _arrange(self) -> None:
        """Which panels show: by size, by what there is to say, and by the place that several share."""
        small = self.size_name == SIZES[0]
        shared = SIDE.get(self.size_name, ())
        self.side %= max(1, len(shared))
        notice = self.query_one(NoticeStrip)
        # A hint takes the strip's place: while there is one there is little to explain.
        explained = self.session.report is not None
        for name in ("futures", "position", "market", "gazette", "why"):
            panel = self.query_one(f"#{name}", BoardPanel)
            panel.display = shared.index(name) == self.side if name in shared else name != "why" or explained
            key = "b" if self.size_name == "-wide" else "Tab"
            tab = f"{key} {shared.index(name) + 1}/{len(shared)}" if name in shared else ""
            if tab != panel.tab:
                panel.tab = tab
                panel.load()
        self._show_hint()
        notice.display = notice.wanted
        self.set_class(notice.wanted, "-notice")
        self.set_class(not explained, "-nowhy")
        desk = self.query_one("#desk")
        # The notice stands under the shared panels; the strip comes last where it spans the desk.
        why = self.query_one(WhyPanel)
        if small:
            desk.move_child(why, before=notice)
        else:
            desk.move_child(why, after=notice)
        # A grid fills its rows in order: where futures and position stand one above the other, the market comes between.
        after = "#market" if self.size_name == SIZES[3] else "#futures"
        desk.move_child(self.query_one(PositionPanel), after=self.query_one(after))
        self.query_one(FootStrip).display = small
        levers = self.query_one(LeverPanel)
        levers.foot = not small
        for each in self.query(Panel):
            each.rule_from = 99 if small else 8
            each.changed()

    def _say_focus(self) -> None:
        levers = self.query_one(LeverPanel)
        self.query_one(FootStrip).show(levers.focus_lines())

    def on_lever_panel_moved(self) -> None:
        """Another row: its line; a step of the guide that is done gives way."""
        one = self.query_one(LeverPanel).row
        if one is not None and self.query_one(HintStrip).moved_to(one.id):
            self._show_hint()
        self._say_focus()

    def on_lever_panel_changed(self) -> None:
        """A lever moved: what hangs on it."""
        self._say_focus()
        self._tell_books()
        self._foresee()
        self._look_ahead()

    def _tell_books(self) -> None:
        """What hangs on the draft: margin, this quarter's bill, runway."""
        self.query_one(Headline).load()
        self.query_one(PositionPanel).load()
        self.query_one(HintStrip).follow()
        self._show_hint()

    @work(exclusive=True, group="preview")
    async def _look_ahead(self) -> None:
        """Preview the draft once the keys rest a moment; a newer draft calls this one off."""
        await asyncio.sleep(PREVIEW_AFTER)
        known = not self.session.over and await self.session.look_ahead()
        if known and self.query(Headline):  # the screen may have closed meanwhile
            self._tell_books()

    @work(exclusive=True, group="futures")
    async def _foresee(self) -> None:
        """Play the draft ahead, on a thread of the seat's; a newer draft calls this one off."""
        if self.session.over:
            return
        async for _ in self.session.foresee():
            for panel in self.query(FuturesPanel):  # the screen may have closed meanwhile
                panel.load()

    def _show_hint(self) -> None:
        """The hint as high as its text, and its mark on the rows that it is about."""
        hint, levers = self.query_one(HintStrip), self.query_one(LeverPanel)
        wide = SIZES.index(self.size_name) >= 2
        hint.roomy, hint.goals = 2 if wide else 1, wide
        hint.display = hint.wanted
        if hint.wanted:
            hint.styles.height = hint.needed(self.size.width - 2)
        if levers.only != hint.rows:
            levers.only = hint.rows
            levers.changed()

    def on_market_panel_turned(self) -> None:
        """Another segment: the causes speak of it too."""
        self.query_one(WhyPanel).load()

    # Keys -------------------------------------------------------------------------------------------------------------

    async def action_close_quarter(self) -> None:
        """Confirm, having answered the card first."""
        levers = self.query_one(LeverPanel)
        if levers.take_typed() or self._playing:
            return
        if self.session.over:
            self.app.open_end()
        elif self.session.unanswered:
            self._card(then_close=True)
        else:
            self._confirm()

    def _confirm(self) -> None:
        self.app.push_screen(self.app.make("close"), self._decided)

    def _decided(self, yes: bool | None) -> None:
        if yes:
            self._play()
        else:
            self.retell()

    @work(exclusive=True, group="quarter")
    async def _play(self) -> None:
        from game.table.errors import DraftError

        self._playing = True
        waiting = WaitScreen()
        slow = self.set_timer(PATIENCE, lambda: self.app.push_screen(waiting))
        try:
            report = await self.session.close()
        except DraftError as fault:
            self.query_one(LeverPanel).complain(" ".join(self.tongue.message(m) for m in fault.messages))
            return
        finally:
            self._playing = False
            slow.stop()
            waiting.leave()
        self.app.retell()
        self.app.push_screen(self.app.make("report", report=report), self._read)

    def _read(self, _: object = None) -> None:
        """After the report: the end, or what cannot wait."""
        if self.session.over:
            self.app.open_end()
            return
        self.retell()
        if self.session.unanswered == "distress":
            self.action_open_card()

    def action_open_card(self) -> None:
        """The card on the desk."""
        if self.session.view.card is None and self.session.view.distress is None:
            self.query_one(LeverPanel).complain(self.tongue.say("tui.nothing-pending"))
        else:
            self._card()

    def _card(self, *, then_close: bool = False) -> None:
        distress = self.session.view.distress is not None and (
            self.session.unanswered == "distress" or self.session.view.card is None
        )

        def answered(choice: int | None) -> None:
            if choice is None:
                return
            self.session.set("distress.choice" if distress else "card.choice", float(choice))
            self.retell()
            if self.session.unanswered:
                self.app.ask(self._next_card(), lambda: self._card(then_close=then_close))
            elif then_close:
                self._confirm()

        self.app.push_screen(self.app.make("card", distress=distress), answered)

    def _next_card(self) -> str:
        """What is said before a second card opens."""
        view, say = self.session.view, self.tongue.say
        if self.session.unanswered == "distress" or view.card is None:
            return say("tui.card.another", title=say("distress.title"))
        return say("tui.card.another", title=self.tongue.card(view.card.id).title)

    def action_back(self) -> None:
        """To the title, but not by accident."""
        self.app.ask(self.tongue.say("tui.confirm.leave"), self.app.back)

    def action_open_report(self) -> None:
        """The last report again."""
        if self.session.report is None:
            self.query_one(LeverPanel).complain(self.tongue.say("tui.no-report"))
        else:
            self.app.open_report()

    def action_open_why(self) -> None:
        """Why the number under the cursor moved, or every number that moved."""
        panel = self.focused
        what, segment = getattr(panel, "why", ("", ""))
        self._why(what, segment)

    def _why(self, what: str, segment: str) -> None:
        if self.session.report is None:
            self.query_one(LeverPanel).complain(self.tongue.say("tui.no-report"))
        else:
            self.app.open_why(what, segment)

    def action_open_gazette(self) -> None:
        """The gazette in full."""
        say = self.tongue.say
        texts = [self.tongue.message(m) for m in sorted_headlines(self.session.view.headlines)]
        self.app.show("reading", title="ui.panel.gazette", texts=texts or [say("ui.board.no-news")])

    def action_open_source(self) -> None:
        """The codex entry of what the cursor is on."""
        panel = self.focused
        if isinstance(panel, LeverPanel) and panel.row is not None:
            self.app.open_codex("lever", panel.row.levers[0])
        else:
            kind, name = getattr(panel, "source", ("", ""))
            self.app.open_codex(kind, name)

    def action_next_panel(self) -> None:
        """Where panels share a place, the next of them; else the focus goes to the next panel."""
        if self.size_name in SIDE and self.size_name != "-wide":
            self.action_turn_page()
        else:
            self.focus_next()

    def action_turn_page(self) -> None:
        """The next of the panels that share one place."""
        if self.size_name in SIDE:
            focused = self.focused is not None and self.focused.id in SIDE[self.size_name]
            self.side = (self.side + 1) % len(SIDE[self.size_name])
            self._arrange()
            if focused:  # the panel that had the keyboard has gone
                self.query_one(f"#{SIDE[self.size_name][self.side]}").focus()

    def action_reset_row(self) -> None:
        """The row under the cursor stands again."""
        self.query_one(LeverPanel).reset_row()

    def action_reset_all(self) -> None:
        """Every row stands again."""
        if self.session.changes:
            self.app.ask(self.tongue.say("ui.confirm.reset"), self.query_one(LeverPanel).reset_all)

    def action_open_analysis(self) -> None:
        """The analysis of the game so far."""
        if self.session.first_quarter:
            self.query_one(LeverPanel).complain(self.tongue.say("screens.analysis.nothing-saved"))
        else:
            self.app.open_analysis()

    def action_next_hint(self) -> None:
        """The next step of the guide."""
        self.query_one(HintStrip).next()
        self._lead()
        self._arrange()

    def _lead(self) -> None:
        """The cursor to the row that the guide's step is about."""
        for name in self.query_one(HintStrip).rows:
            if any(row.id == name for row in self.query_one(LeverPanel).rows):
                self.query_one(LeverPanel).go_to(name)
                return

    def action_open_advice(self) -> None:
        """All that the adviser has to say."""
        self.app.show("advice")

    def action_toggle_rows(self) -> None:
        """Every row of a guided quarter, or only those that it teaches."""
        self.app.toggle_rows()
        self.retell()

    def go_to_lever(self, lever: str) -> None:
        """The cursor to a lever, its row brought back where it was put away."""
        panel = self.query_one(LeverPanel)
        if not any(lever == row.id or lever in row.levers for row in panel.rows):
            self.app.show_rows(lever)
            self.retell()
        panel.go_to(lever)
        panel.focus()

    def action_undo(self) -> None:
        """The quarter before again, as a new run."""
        if not self.session.first_quarter:
            quarter = self.session.view.quarter - 1
            self.app.ask(self.tongue.say("ui.confirm.undo", quarter=quarter), lambda: self.app.undo_to(quarter))

    def on_panel_hit(self, event: Panel.Hit) -> None:
        """Clicks on what panels marked."""
        payload = event.payload
        if payload == "report":
            self.action_open_report()
        elif payload == "all":
            self.action_open_gazette()
        elif isinstance(payload, tuple) and payload[0] == "advice":
            self.go_to_lever(payload[1])
        elif isinstance(payload, tuple) and payload[0] == "firm":
            self.app.open_market(self.session.segment)
        elif isinstance(payload, tuple) and payload[0] == "why" and self.session.report is not None:
            self._why(payload[1], payload[2])
        elif isinstance(payload, tuple) and payload[0] == "why":
            self.app.open_codex("term", payload[1])
        elif isinstance(payload, tuple) and payload[0] in ("term", "segment"):
            self.app.open_codex(*payload)
