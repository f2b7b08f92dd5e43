"""The desk: clock, ways in, teams, members, the class's news and the lesson script on one screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from game.classroom.messages import Clock, Close, Deal, Debrief, Finish, NextRound, Open, Pause, Ranking, Tell
from game.tui.desk import words
from game.tui.desk.dialogs import FieldScreen, seconds_field
from game.tui.desk.panels import ClockPanel, JoinPanel, NewsPanel
from game.tui.desk.people import MemberTasks
from game.tui.desk.script import ScriptPanel
from game.tui.desk.state import LONGEST, SHORTEST, awaited, clock_text, idle, people
from game.tui.desk.teams import MembersPanel, TeamsPanel
from game.tui.kit.chrome import Title
from game.tui.kit.panel import Panel
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import headed

if TYPE_CHECKING:
    from game.classroom.messages import Desk
    from game.tui.dashboard import DashboardApp

MORE = 60.0
"""Seconds that one key gives the class in addition."""


class DeskScreen(MemberTasks, BaimoScreen[None]):
    """What the teacher looks at during the lesson."""

    which = "desk"
    live = True
    """Told anew whenever the room changes."""
    CSS_PATH = "desk.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (170, "-huge")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]  # noqa: RUF012
    app: DashboardApp

    def body(self) -> ComposeResult:
        with Horizontal(id="desk"):
            with Vertical(id="left"):
                yield ClockPanel(id="clock")
                yield JoinPanel(id="join")
                yield NewsPanel(id="news")
                yield ScriptPanel(id="script")
            with Vertical(id="middle"):
                yield TeamsPanel(id="teams")
                yield MembersPanel(id="members")
                yield NewsPanel(id="told")
            yield ScriptPanel(id="plan")

    def on_mount(self) -> None:
        self.say_first()
        self.query_one(TeamsPanel).focus()

    @property
    def desk(self) -> Desk:
        """The desk as it is now."""
        return self.app.shown.desk

    # telling ----------------------------------------------------------------------------------------------------------
    def title_line(self) -> Title:
        say, desk = self.tongue.say, self.desk
        centre = f"{self.tongue.scenario(desk.scenario)} · {words.where(self.tongue, desk)} · {words.phase(self.tongue, desk)}"
        here, total = people(desk)
        return Title(say("ui.app.name"), self.byline, centre, say("desk.people", here=str(here), total=str(total)))

    def idle_keys(self) -> Iterable[str]:
        return idle(self.desk) | {"panel", "select"}

    def tell(self) -> None:
        say, tongue, desk = self.tongue.say, self.tongue, self.desk
        self.set_class(self.app.script, "-script")
        self.query_one(ClockPanel).head(headed(words.phase(tongue, desk), tongue.lang), words.where(tongue, desk))
        self.query_one(JoinPanel).head(say("desk.panel.join"), say("desk.panel.join-note"))
        for news in self.query(NewsPanel):
            news.head(say("desk.panel.news"), "")
        ready = say("desk.decided-of", count=str(len(desk.teams)))
        self.query_one(TeamsPanel).head(say("desk.panel.teams"), say("desk.values-on") if self.app.values else ready)
        members = self.query_one(MembersPanel)
        members.follow(self.query_one(TeamsPanel).team)
        team = members.team
        members.head(words.team_name(tongue, team) if team is not None else say("desk.panel.members"), say("desk.panel.members-note"))
        for panel in self.query(Panel):
            panel.changed()
        for script in self.query(ScriptPanel):
            script.head(say("desk.panel.script"))
            script.tick()

    def tick(self) -> None:
        """Another moment has passed."""
        for panel in self.query(ClockPanel):
            panel.tick()
        for script in self.query(ScriptPanel):
            if script.display:
                script.tick()

    def on_resize(self) -> None:
        self.tell()

    def on_key(self, event: events.Key) -> None:
        if event.key in ("tab", "shift+tab"):
            event.stop()
            event.prevent_default()
            shown = [one for one in (*self.query(TeamsPanel), *self.query(MembersPanel), *self.query(ScriptPanel)) if one.display]
            at = next((i for i, one in enumerate(shown) if one.has_focus), -1)
            shown[(at + (1 if event.key == "tab" else -1)) % len(shown)].focus()

    # the quarter ------------------------------------------------------------------------------------------------------
    def _not_now(self, id: str) -> bool:
        """Tell where a key has nothing to do in this phase."""
        if id in idle(self.desk):
            self.app.tell(self.tongue.say("desk.not-now", phase=words.phase(self.tongue, self.desk)))
            return True
        return False

    def action_open_quarter(self) -> None:
        """Ask for the clock, then open the next quarter."""
        if self._not_now("open"):
            return
        say = self.tongue.say
        desk = self.desk

        async def opened(text: str) -> None:
            seconds = seconds_field(text)
            if await self.app.teach(Open(seconds)) is not None and seconds is None and self.desk.left is not None:
                await self.app.teach(Clock(None))  # the room had a clock of its own for quarters without one

        now = self.app.seconds
        note = say("desk.open.nobody") if not people(desk)[0] else say("desk.open.note")
        self.app.push_screen(FieldScreen(
            "desk.open.title", note, clock_text(now) if now is not None else "", seconds_field, opened,
            args={"quarter": desk.quarter, "low": str(SHORTEST), "high": str(LONGEST)}, fault="desk.clock.fault",
        ))  # fmt: skip

    def action_close_quarter(self) -> None:
        """Close the quarter; where teams have not decided, name them first."""
        if self._not_now("close"):
            return
        waiting = awaited(self.desk)
        if waiting:
            names = words.listed(self.tongue, [words.team_name(self.tongue, t) for t in waiting])
            text = self.tongue.say("desk.close.waiting", count=len(waiting), names=names)
        else:
            text = self.tongue.say("desk.close.ready")
        self.app.ask(text, lambda: self.app.teach(Close()))

    async def action_pause(self) -> None:
        """Stop the clock, or let it go on."""
        if not self._not_now("pause"):
            await self.app.teach(Pause(not self.desk.paused))

    def action_clock(self) -> None:
        """Set the clock, or take it away."""
        if self._not_now("clock"):
            return

        async def done(text: str) -> None:
            await self.app.teach(Clock(seconds_field(text)))

        left = self.app.shown.left(self.app.now())
        self.app.push_screen(FieldScreen(
            "desk.clock.title", self.tongue.say("desk.clock.note"), clock_text(max(left, 5.0)) if left is not None else "",
            seconds_field, done, args={"low": str(SHORTEST), "high": str(LONGEST)}, fault="desk.clock.fault",
        ))  # fmt: skip

    async def action_longer(self) -> None:
        """A minute more."""
        if self._not_now("longer"):
            return
        left = self.app.shown.left(self.app.now())
        if left is None:
            self.app.tell(self.tongue.say("desk.clock.none"))
        else:
            await self.app.teach(Clock(min(LONGEST, left + MORE)))

    def action_next_round(self) -> None:
        """Seat all teams in one market."""
        if not self._not_now("next-round"):
            self.app.ask(self.tongue.say("desk.ask.next-round"), lambda: self.app.teach(NextRound()))

    # the class --------------------------------------------------------------------------------------------------------
    def action_deal(self) -> None:
        """Choose a card for all."""
        if self._not_now("deal"):
            return
        if not self.desk.cards:
            self.app.tell(self.tongue.say("desk.cards.none"))
            return
        from game.tui.desk.cards import CardsScreen

        async def chosen(card: str | None) -> None:
            if card:
                await self.app.teach(Deal(card))

        self.app.push_screen(CardsScreen(list(self.desk.cards)), chosen)

    def action_message(self) -> None:
        """Tell the class something."""
        if self._not_now("tell"):
            return

        async def done(text: str) -> None:
            await self.app.teach(Tell(text))

        def read(text: str) -> str:
            if not text.strip():
                raise ValueError(text)
            return text

        self.app.push_screen(FieldScreen("desk.tell.title", self.tongue.say("desk.tell.note"), "", read, done, fault="desk.tell.fault", most=500))

    async def action_ranking(self) -> None:
        """Show or hide the ranking."""
        if not self._not_now("ranking"):
            await self.app.teach(Ranking(not self.desk.ranking))

    def action_join(self) -> None:
        """Address, code and QR over the whole screen."""
        if not self._not_now("join"):
            from game.tui.desk.joining import JoinScreen

            self.app.push_screen(JoinScreen())

    def action_qr(self) -> None:
        """Show or hide the QR code on the desk."""
        self.app.qr = not self.app.qr
        self.query_one(JoinPanel).changed()

    def action_values(self) -> None:
        """Show or hide ranks, values and cash of the teams, on this screen only."""
        if self._not_now("values"):
            return
        if self.app.values:
            self.app.values = False
            self.tell()
            return

        def shown() -> None:
            self.app.values = True
            self.tell()

        self.app.ask(self.tongue.say("desk.ask.values"), shown)

    def action_script(self) -> None:
        """The lesson script in place of the ways in and the news; on a large screen it has a place of its own."""
        self.app.script = not self.app.script
        if isinstance(self.focused, ScriptPanel):
            self.query_one(TeamsPanel).focus()
        self.tell()

    async def action_check(self) -> None:
        """Look again whether pupils can reach the room."""
        self.app.look_again()

    # the end ----------------------------------------------------------------------------------------------------------
    def action_debrief(self) -> None:
        """End the playing, then talk it over; once told, back to the talk."""
        if self.desk.phase == "debrief":
            self.open_debrief()
            return
        if self._not_now("debrief"):
            return

        async def ended() -> None:
            if await self.app.teach(Debrief()) is not None:
                self.open_debrief()

        self.app.ask(self.tongue.say("desk.ask.debrief"), ended)

    def open_debrief(self) -> None:
        """Feelings, facts, transfer."""
        from game.tui.desk.debrief import DebriefScreen

        self.app.push_screen(DebriefScreen())

    def action_export(self) -> None:
        """Write every team's run into a folder."""
        if self._not_now("export"):
            return

        def read(text: str) -> str:
            if not text.strip():
                raise ValueError(text)
            return text

        self.app.push_screen(FieldScreen(
            "desk.export.title", self.tongue.say("desk.export.note"), str(self.app.export_folder()), read, self.app.export,
            fault="desk.export.fault", most=400,
        ))  # fmt: skip

    def action_finish(self) -> None:
        """Close the room for good."""
        if not self._not_now("finish"):
            self.app.ask(self.tongue.say("desk.ask.finish"), lambda: self.app.teach(Finish()))

    def action_back(self) -> None:
        """Escape: nothing lies under the desk; leaving is another key."""
        self.app.tell(self.tongue.say("desk.leave-key"))
