"""A game at the screen of a member of a class: its draft is the team's, written by who holds the pen."""

from __future__ import annotations

from collections.abc import Callable

from game.table.wire import Draft, Report, SeatView
from game.tui.session import GUIDANCE, Session


def _nothing() -> None:
    return None


class RoomSession(Session):
    """As `Session`; but nothing moves in it while it is not `writable`, and `moved` is called when something did.

    It is never closed: the room closes quarters, and `turn` takes up what came of that.
    """

    writable: bool = False
    """Whether this member holds the pen of a quarter that is open and not decided."""
    moved: Callable[[], None] = staticmethod(_nothing)
    """Called after every change of the draft by this member."""

    def set(self, lever: str, value: float) -> None:
        """See `Session`; without the pen nothing happens."""
        if self.writable:
            super().set(lever, value)
            self.moved()

    def reset(self, lever: str) -> None:
        """See `Session`; without the pen nothing happens."""
        if self.writable:
            super().reset(lever)
            self.moved()

    def take(self, draft: Draft | None) -> bool:
        """Take the team's draft in place of one's own; whether that changed anything."""
        levers = dict(draft.levers) if draft is not None else {}
        reason = draft.reason if draft is not None else ""
        if levers == self.levers and reason == self.reason:
            return False
        self.levers, self.reason, self.filled = levers, reason, set()
        return True

    def turn(self, view: SeatView, report: Report | None) -> None:
        """A quarter was closed, by whomever: stand at the next one."""
        same = report is None or (self.report is not None and self.report.quarter == report.quarter)
        self.before, self.report = (None if same else self.view), report
        self.pending = {name: self.levers[name] for name in GUIDANCE if name in self.levers}
        self.levers, self.reason, self.filled = {}, "", set()
        self.look_anew(view)

    def look_anew(self, view: SeatView) -> None:
        """The same quarter with something new in it (a card was dealt): the draft stays, what hung on the view goes."""
        self.view = view
        self.bill = self.standing_bill = None
        self.fans = self.ghost = None
        self.foreseen = {}
