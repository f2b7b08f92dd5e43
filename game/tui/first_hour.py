"""The application's part of the first hour: whom to teach, which rows show, what the adviser says, today's market."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue
    from game.table.adviser import Advice
    from game.table.adviser_desk import Parameters
    from game.table.founding import Founding
    from game.tui.session import Session


class FirstHour:
    """Mixed into `game.tui.base_app.BaseApp`, which has what is only named here; today's market needs a host."""

    content: Content
    host: Any
    hints: bool
    session: Session | None
    always = False
    """Whether the guide is for every game and not for the first alone."""
    whole = False
    """Whether a guided quarter shows every row all the same."""
    advice = True
    """Whether the adviser speaks in the boardroom."""
    clock: Callable[[], date] = staticmethod(date.today)
    """The local date, for today's market."""
    _quarter = -1
    _parameters: tuple[str, Parameters] | None = None

    if TYPE_CHECKING:
        screen: Screen[Any]
        tongue: Tongue

        def tell(self, text: str, *, bad: bool = False) -> None: ...
        def back(self) -> None: ...
        def resume(self, path: Path) -> None: ...
        def begin(self, founding: Founding) -> None: ...
        def remember(self, setting: str, value: str) -> None: ...

    @property
    def visited(self) -> set[str]:
        """Screens opened in the quarter at hand, and other things that a step of the guide may ask for."""
        if not hasattr(self, "_visited"):
            self._visited: set[str] = set()
        return self._visited

    def today(self) -> date:
        """The date of today's market."""
        return self.clock()

    def play_daily(self) -> None:
        """Today's market: go on with a try that is not over, else begin one."""
        from game.table.daily import days, today

        day = self.today()
        going = next((d.open for d in days(self.host.list_runs()) if d.day == day), None)
        if going is not None:
            self.resume(going.path)
        else:
            self.begin(today(day))

    def _novice(self) -> bool:
        """Whether the guide is for whoever sits down now: a first game here, or every game if so chosen."""
        from game.tui.guide import experienced

        record = getattr(getattr(self.host, "table", None), "record", None)
        path = getattr(record, "path", None)
        return self.always or not experienced(self.host.list_runs(), path.name if path is not None else "")

    def stage_rows(self) -> None:
        """Show the rows that the guide wants in this quarter, or all of them; a new quarter begins its steps anew."""
        from game.tui.guide import rows_for

        session = self.session
        if session is None:
            return
        guided = session.teaching and self.hints and not self.whole and not session.over
        session.shown = rows_for(self.content, session.view) if guided else ()
        if self._quarter != session.view.quarter:
            self._quarter = session.view.quarter
            self.visited.clear()

    def toggle_rows(self) -> None:
        """Every row of guided quarters, or only those that they teach; kept for the next time."""
        session = self.session
        if session is None or not session.teaching or not (session.shown or self.whole):
            self.tell(self.tongue.say("hour.rows-never"))
            return
        self.whole = not self.whole
        self.visited.add("rows")
        self.remember("rows", "all" if self.whole else "steps")
        self.tell(self.tongue.say("hour.rows-all" if self.whole else "hour.rows-steps"))

    def show_rows(self, lever: str) -> None:
        """Bring back every row, because a lever that is put away is to be looked at."""
        session = self.session
        if session is not None and session.shown:
            self.whole = True
            self.tell(self.tongue.say("hour.rows-all"))

    def advice_now(self, *, full: bool = False) -> list[Advice]:
        """The adviser's pieces on the draft at hand; none where it is off, unless all it has to say is asked for."""
        from game.content.resolve import parameter_values
        from game.table.adviser import advise

        session = self.session
        if session is None or not (full or self.advice):
            return []
        assume = session.view.assume if session.view.assume in self.content.assumptions else "none"
        if self._parameters is None or self._parameters[0] != assume:
            self._parameters = assume, parameter_values(self.content, assume)
        return advise(
            session.view, self._parameters[1], draft=session.levers, report=session.report, bill=session.bill,
            before=session.before,
        )  # fmt: skip

    def toggle_advice(self) -> None:
        """The adviser speaks in the boardroom, or not; kept for the next time."""
        self.advice = not self.advice
        self.remember("advice", "yes" if self.advice else "no")
        self.tell(self.tongue.say("advice.on" if self.advice else "advice.off"))

    def look_at(self, lever: str) -> None:
        """Back to the boardroom, at a lever."""
        from game.tui.screens.boardroom import BoardroomScreen

        self.back()
        if isinstance(self.screen, BoardroomScreen):
            self.screen.go_to_lever(lever)
