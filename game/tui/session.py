"""A game at the screen: the seat, what it sees, and the draft of the quarter. No widget is known here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from game.table.seat import Seat
from game.table.wire import Draft, Preview, Report, SeatView

GUIDANCE = ("guidance.cash.low", "guidance.cash.high", "guidance.revenue.low", "guidance.revenue.high")
"""Levers without a standing value: no guidance is a choice of its own."""
CHOICES = ("card.choice", "distress.choice")
"""Levers that are answers to a card; they never stand."""


@dataclass
class Session:
    """One seat being played. `start` makes it; `close` ends the quarter; the draft lives here between screens."""

    seat: Seat
    view: SeatView
    report: Report | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of firms that people run, by firm id."""
    levers: dict[str, float] = field(default_factory=dict)
    """What differs from the standing values."""
    reason: str = ""
    teaching: bool = False
    """Whether the hint strip is wanted: the first game of a new player."""
    segment: str = "developers"
    """The market that boardroom and market screen look at."""
    before: SeatView | None = None
    """The view of the quarter before, for arrows; None in the first one."""

    @classmethod
    async def start(cls, seat: Seat, names: Mapping[str, str] | None = None, *, teaching: bool = False) -> Session:
        """A session at a seat, with its view and its last report."""
        return cls(seat, await seat.view(), await seat.last_report(), names or {}, teaching=teaching)

    # the draft --------------------------------------------------------------------------------------------------------
    def standing(self, lever: str) -> float:
        """Value of a lever as it stands; not-a-number where it has none (guidance, answers to cards)."""
        value = self.view.standing.get(lever)
        if lever in GUIDANCE or lever in CHOICES or value is None:
            return math.nan
        return value

    def value(self, lever: str) -> float:
        """Value of a lever in the draft."""
        return self.levers[lever] if lever in self.levers else self.standing(lever)

    def set(self, lever: str, value: float) -> None:
        """Put a lever in the draft; its standing value takes it out again."""
        stands = self.standing(lever)
        if math.isnan(value) or value == stands:
            self.levers.pop(lever, None)
        else:
            self.levers[lever] = value

    def reset(self, lever: str) -> None:
        """Let a lever stand."""
        self.levers.pop(lever, None)

    def changed(self, lever: str) -> bool:
        """Whether the draft moves a lever."""
        return lever in self.levers

    @property
    def changes(self) -> int:
        """How many levers the draft moves, answers to cards not counted."""
        return sum(lever not in CHOICES for lever in self.levers)

    @property
    def unanswered(self) -> str:
        """``distress`` or ``card`` where such a card waits for an answer, else empty."""
        if self.view.distress is not None and "distress.choice" not in self.levers:
            return "distress"
        if self.view.card is not None and "card.choice" not in self.levers:
            return "card"
        return ""

    def draft(self) -> Draft:
        """The draft as the seat takes it."""
        return Draft(self.view.quarter, dict(self.levers), self.reason)

    # the quarter ------------------------------------------------------------------------------------------------------
    async def preview(self) -> Preview:
        """What ending the quarter would spend at once."""
        return await self.seat.preview(self.draft())

    async def close(self) -> Report:
        """End the quarter; the session then stands at the next one.

        Raises `game.table.errors.DraftError` with every fault of the draft, which stays as it was.
        """
        report = await self.seat.submit(self.draft())
        self.before, self.report = self.view, report
        self.levers, self.reason = {}, ""
        self.view = await self.seat.view()
        return report

    @property
    def first_quarter(self) -> bool:
        """Whether nothing has been decided yet."""
        return self.view.quarter == self.view.first_quarter

    @property
    def over(self) -> bool:
        """Whether the game is over for this seat."""
        return bool(self.view.ended)
