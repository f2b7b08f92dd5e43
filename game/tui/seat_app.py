"""The application of a member of a class: the room's screens and no others.

The room decides what stands on the screen: every push of a `Now` may move the member on. There is no palette, no file, no
option that is kept, no picture, no way out to an address; what is shown of other people was cleaned by the room and is
never markup.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Literal

from textual import work
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import WorkerFailed

from game.classroom import messages as m
from game.content import Content
from game.language import Lang
from game.table.errors import DraftError
from game.table.wire import Draft, Message
from game.tui.base_app import THEMES, BaseApp
from game.tui.room_session import RoomSession
from game.tui.room_words import named

if TYPE_CHECKING:
    from game.classroom.client import RoomSeat

SAVE_AFTER: Final = 0.6
"""Seconds that the keys must rest before the draft is saved to the room."""
TOLD_FOR: Final = 12
"""Seconds that what the teacher says stands over the screen; it stays on the room's screen."""
QUIET: Final = frozenset({"debrief", "over"})
"""Phases in which nobody decides any more."""


class SeatApp(BaseApp):
    """A member's screens. ``way`` is ``browser``, where closing the page is the way out, or ``terminal``."""

    CSS_PATH = ["app.tcss", *(f"screens/{name}.tcss" for name in ("room", "boardroom", "report", "confirm", "forecast"))]  # noqa: RUF012
    board = "seat"
    plain_note = "class.seat.plain-note"
    wire: Callable[[bytes], None]
    """Takes what is drawn, where the terminal is a browser (`game.tui.pipe_driver`)."""

    def __init__(
        self, content: Content, seat: RoomSeat, *, lang: Lang = "zh", theme: str = THEMES[0], plain_borders: bool = False,
        way: Literal["browser", "terminal"] = "terminal",
    ) -> None:  # fmt: skip
        super().__init__(content, lang=lang, theme=theme, plain_borders=plain_borders, start="room")
        self.seat, self.way = seat, way
        self.now: m.Now | None = None
        """The newest that the room has pushed."""
        self.gone: m.Gone | None = None
        """Why the room cannot be reached any more."""
        self.fault = ""
        """Set by a fault of the program, which ends the application."""
        self.without = frozenset({"screenshot", "rows", "undo", "analysis-now"} | ({"quit"} if way == "browser" else set()))
        self.session: RoomSession | None = None
        self._deadline: float | None = None
        self._told_to = -1
        self._saving: Timer | None = None
        self._sent: Draft | None = None
        self._key: tuple[object, ...] = ()
        self._seated = ""
        """The team whose books the session holds: every team's firm may be row 0 of a market of its own."""
        self._unread = False
        """Whether a report lies open that nobody asked for."""
        self._reported: tuple[int, int | None] = (0, None)
        """Round and quarter of the last report known; a newer one opens by itself."""

    # what can go wrong ------------------------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        """What a screen asked of the room and did not get is no fault of the program: it is told, and the screen stays."""
        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(cause, ConnectionError):
            if self.gone is None and self.screen_stack and self.is_running:
                self.tell(self.tongue.say("class.seat.unreached"), bad=True)
        elif isinstance(cause, DraftError):
            if self.screen_stack:
                self.tell(" ".join(self.tongue.message(fault) for fault in cause.messages), bad=True)
        else:
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """A fault of the program: in a browser the server opens the seat again, in a terminal a sentence says so."""
        self.fault = "fault"
        if self.way == "browser":
            traceback.print_exc()  # where the host process's errors go; nobody else reads them
            self._close_messages_no_wait()
        else:
            super()._fatal_error()

    async def action_quit(self) -> None:
        """In a terminal, quit: the place stays. A browser's page is closed like any other."""
        if self.way == "terminal":
            self.exit()

    async def action_leave(self) -> None:
        """As `action_quit`, after a question."""
        if self.way == "terminal":
            self.ask(self.tongue.say("class.seat.leave"), self.exit)

    def action_picture(self) -> None:
        """No files here."""

    # following the room -----------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        self._follow()
        self.set_interval(1.0, self._tick)

    @work(group="room", exit_on_error=True)
    async def _follow(self) -> None:
        async for push in self.seat.pushes():
            if isinstance(push, m.Gone):
                self.gone = push
                break
            await self._take(push)
        if self.gone is None:
            self.gone = m.Gone("over", Message("class.seat.gone.closed"))
        if self.screen_stack:
            self._to_room()
            self.retell()

    async def _take(self, now: m.Now) -> None:
        """The room has changed."""
        now = named(now, self.tongue)
        before, self.now = self.now, now
        self._deadline = None if now.left is None or now.paused else time.monotonic() + now.left
        if now.phase != "lobby":
            key = (now.round, now.quarter, now.phase in QUIET, now.ended, tuple(now.dealt), now.receiver, now.firm, now.team)
            if key != self._key and await self._look(before, now):
                self._key = key
        if not self.screen_stack:  # on the way out
            return
        self._take_draft(before, now)
        self._steer(before, now)
        self._measure(self.size.width, self.size.height)  # what covered everything may have gone with the rest
        self._say_news(before, now)
        self._retell_room()

    async def _look(self, before: m.Now | None, now: m.Now) -> bool:
        """Take the view anew, and what came of the quarter that closed; whether that worked."""
        try:
            view = await self.seat.view()
            session = self.session
            if session is None:
                self.session = RoomSession(self.seat, view, await self.seat.last_report(), now.names)
                self.session.moved = self.save_soon
            elif view.quarter != session.view.quarter or view.ended != session.view.ended or self._seated != now.team:
                session.turn(view, await self.seat.last_report())
            else:
                session.look_anew(view)
        except DraftError:
            return False  # not now: the room says so by its next push
        except ConnectionError:
            return False
        assert self.session is not None
        self.session.names, self._seated = now.names, now.team
        self._told = None
        return True

    def _take_draft(self, before: m.Now | None, now: m.Now) -> None:
        """The team's draft as the room has it: for who only looks on, and for who has just come or taken the pen."""
        session = self.session
        if session is None:
            return
        session.writable = now.pen and not now.decided and not now.receiver and now.phase == "open"
        fresh = before is None or before.quarter != now.quarter or before.round != now.round or before.phase == "lobby"
        mine = now.pen and before is not None and before.pen
        if fresh or not mine or now.decided:
            draft = now.draft if now.draft is not None and now.draft.quarter == session.view.quarter else None
            if session.take(draft):
                board = self._board()
                if board is not None:
                    board.retell()

    def _steer(self, before: m.Now | None, now: m.Now) -> None:
        """Move the member on, where the room has moved on."""
        session = self.session
        first = before is None
        turned = before is not None and (before.round, before.quarter) != (now.round, now.quarter)
        ended = before is not None and not before.ended and now.ended
        quiet = now.phase in QUIET or now.phase == "lobby"
        leaves = turned or ended or (before is not None and before.receiver != now.receiver)
        report = session.report if session is not None else None
        known, self._reported = self._reported, (now.round, report.quarter if report is not None else None)
        if not first and report is not None and known != self._reported and before.round == now.round:  # type: ignore[union-attr]
            self._over_room(self.make("report", report=report))
            self._unread = True
            return
        if leaves or (quiet and self._board() is not None):
            self._to_room()
        opened = now.phase == "open" and (first or before.phase != "open" or (before.decided and not now.decided))  # type: ignore[union-attr]
        if opened and not now.decided:
            if getattr(self.screen, "which", "") == "room":
                self._read()
            elif not first:
                self.tell(self.tongue.say("class.seat.opened", quarter=now.quarter))

    def _over_room(self, screen: Screen[Any]) -> None:
        """Put a screen over the room's own, in place of whatever lies over it; what lies beneath is not drawn for that."""
        while len(self.screen_stack) > 3:
            self.pop_screen()
        if len(self.screen_stack) > 2:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def came_back(self) -> None:
        """The room's own screen is at hand again: after a report to the boardroom, where there is something to decide."""
        if self._unread:
            self._unread = False
            self._read()

    def _read(self) -> None:
        """Nothing is left to read: to the boardroom, where there is something to decide."""
        if self.may_decide:
            self.open_board()

    def open_board(self) -> None:
        """The boardroom: one for the whole game, put aside and taken up again, for making it anew each quarter is slow."""
        board = self._board()
        if board is not None:
            while self.screen is not board:
                self.pop_screen()
            return
        if not self.is_screen_installed(self.board):
            self.install_screen(self.make(self.board), self.board)
        self.visited.add(self.board)
        self._over_room(self.get_screen(self.board))
        session = self.session
        if session is not None and session.writable and session.unanswered == "distress" and not session.first_quarter:
            self.call_later(self._show_distress)

    def _show_distress(self) -> None:
        board = self._board()
        if board is not None and self.screen is board:
            board.action_open_card()

    @property
    def may_decide(self) -> bool:
        """Whether the quarter is open for this team."""
        now, session = self.now, self.session
        return (
            now is not None and session is not None and self.gone is None and now.phase == "open" and not now.decided
            and not now.receiver and not now.ended and not session.over
        )  # fmt: skip

    def _board(self) -> Any:
        """The boardroom, where it is open."""
        return next((screen for screen in self.screen_stack if getattr(screen, "which", "") == self.board), None)

    def _to_room(self) -> None:
        """Back to the room's own screen, whatever lies over it."""
        while len(self.screen_stack) > 2:
            self.pop_screen()

    def _say_news(self, before: m.Now | None, now: m.Now) -> None:
        """What the teacher has said since, and what else nobody should miss."""
        say = self.tongue.say
        seen = getattr(self.screen, "which", "") == "room"  # where it stands already
        for told in now.told:
            if told.number > self._told_to and before is not None and not seen:
                self.notify(told.text, title=say("class.seat.teacher"), timeout=TOLD_FOR, markup=False)
        self._told_to = max([self._told_to, *(told.number for told in now.told)])
        if before is None:
            return
        for card in now.dealt:
            if card not in before.dealt and before.quarter == now.quarter:
                self.notify(say("class.seat.dealt", title=self.tongue.card(card).title), timeout=TOLD_FOR, markup=False)
        if now.paused != before.paused:
            self.tell(say("class.seat.paused" if now.paused else "class.seat.goes-on"))
        if now.pen != before.pen:
            self.tell(say("class.seat.pen-mine" if now.pen else "class.seat.pen-gone"))
        if now.stood_in and (now.quarter, now.stood_in) != (before.quarter, before.stood_in):
            self.tell(say(f"class.seat.stood-in.{now.stood_in}"), bad=True)
        if now.notice is not None and now.notice != before.notice:
            self.tell(self.tongue.message(now.notice), bad=True)

    def _retell_room(self) -> None:
        """Say again what shows the room; other screens have their own news."""
        screen = self.screen  # the room's own tells itself anew when it is at hand again
        if getattr(screen, "which", "") in ("room", "pen"):
            screen.retell()  # type: ignore[attr-defined]
        self._tick()

    # the clock --------------------------------------------------------------------------------------------------------

    @property
    def left(self) -> int | None:
        """Whole seconds until the clock closes the quarter; None without a clock."""
        if self.now is None or self.now.left is None:
            return None
        if self._deadline is None:
            return max(0, round(self.now.left))
        return max(0, round(self._deadline - time.monotonic()))

    @property
    def connected(self) -> bool:
        """Whether the room is reached at the moment."""
        return bool(getattr(self.seat.link, "connected", True))

    def _tick(self) -> None:
        if not self.screen_stack:  # on the way out
            return
        screen = self.screen
        if hasattr(screen, "tell_clock"):
            screen.tell_clock()

    def clock_words(self) -> str:
        """The clock, or why there is none, in few cells; empty where there is nothing to say."""
        say, now = self.tongue.say, self.now
        if self.gone is not None:  # nothing is tried any more, and the screen says why
            return ""
        if not self.connected:
            return say("class.seat.clock.lost")
        if now is None or now.phase not in ("open", "closing"):
            return ""
        if now.phase == "closing":
            return say("class.seat.clock.closing")
        left = self.left
        clock = "" if left is None else f"{left // 60}:{left % 60:02d}"
        if now.paused:
            return say("class.seat.clock.paused", clock=clock)
        return say("class.seat.clock.left", clock=clock) if clock else say("class.seat.clock.none")

    # asking the room --------------------------------------------------------------------------------------------------

    async def request(self, request: m.Request) -> list[str]:
        """Ask the room for something that it answers with nothing; the faults, one sentence each."""
        try:
            answer = await self.seat.link.ask(request)
        except ConnectionError:
            return [self.tongue.say("class.seat.unreached")]
        return [self.tongue.message(fault) for fault in answer.faults]

    def save_soon(self) -> None:
        """The draft moved: save it to the room once the keys rest."""
        if self._saving is not None:
            self._saving.stop()
        self._saving = self.set_timer(SAVE_AFTER, self._save)

    @work(group="save", exclusive=True, exit_on_error=True)
    async def _save(self) -> None:
        session = self.session
        if session is None or not session.writable:
            return
        draft = session.draft()
        if draft != self._sent:
            self._sent = draft
            for fault in await self.request(m.Save(draft)):
                self.tell(fault, bad=True)

    async def decide(self) -> list[str]:
        """Hand the draft in for the team; the faults."""
        if self._saving is not None:
            self._saving.stop()
        session = self.session
        if session is None or not session.writable:
            return [self.tongue.say("class.seat.no-pen")]
        faults = await self.request(m.Decide(session.draft()))
        if not faults:
            session.writable = False
            self._sent = session.draft()
            self._to_room()
            if self.now is not None and not (self.now.forecast and self.now.reason) and getattr(self.screen, "which", "") == "room":
                self.open_forecast()
        return faults

    @work(group="ask", exit_on_error=True)
    async def wish(self, request: m.Request) -> None:
        """Ask the room for something; what it refuses is told."""
        for fault in await self.request(request):
            self.tell(fault, bad=True)

    # screens of a class -----------------------------------------------------------------------------------------------

    def open_forecast(self) -> None:
        """The member's own forecast and reason."""
        now = self.now
        if now is None or now.phase not in ("open", "closing") or self.session is None:
            self.tell(self.tongue.say("class.seat.not-open"))
        elif getattr(self.screen, "which", "") != "forecast":
            self.show("forecast")

    def open_pen(self) -> None:
        """Take the pen, or hand it on."""
        now = self.now
        if now is None:
            return
        if now.pen:
            self.show("pen")
        else:
            self.wish(m.Pen())

    @work(group="ask", exit_on_error=True)
    async def open_briefing(self) -> None:
        """What the member's role knows."""
        from game.tui.room_words import briefing

        try:
            sheet = await self.seat.briefing()
        except (DraftError, ConnectionError) as error:
            faults = error.messages if isinstance(error, DraftError) else [Message("class.seat.unreached")]
            self.tell(" ".join(self.tongue.message(fault) for fault in faults), bad=True)
            return
        if getattr(self.screen, "which", "") not in ("reading", "ask"):
            self.show("reading", title="class.seat.briefing", texts=briefing(self.content, self.tongue, sheet))

    def open_end(self) -> None:
        """The room's screen says how it ended."""
        self._to_room()

    action_open_forecast = open_forecast
    action_open_pen = open_pen

    def action_open_briefing(self) -> None:
        """See `open_briefing`."""
        self.open_briefing()

    def stage_rows(self) -> None:
        """Nobody is taught row by row in a class: the teacher does that."""

    def show_rows(self, lever: str) -> None:
        """Every row shows."""

    def open_codex(self, kind: str = "", id: str = "") -> None:
        """See `BaseApp`; the room's own screen knows no entry."""
        super().open_codex(kind, id)

    action_open_codex = open_codex
