"""A game at the screen: the seat, what it sees, and the draft of the quarter. No widget is known here."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from game.engine.names import VERTICALS
from game.table.market_history import MarketHistory
from game.table.wire import Draft, Fans, Preview, Report, Row, SeatView

if TYPE_CHECKING:
    from game.table.seat import Seat


def spent(bill: Preview) -> float:
    """CNY that a preview pays out."""
    return -sum(min(line.amount_fen, 0) for line in bill.lines) / 100.0


GUIDANCE = ("guidance.cash.low", "guidance.cash.high", "guidance.revenue.low", "guidance.revenue.high")
"""Levers without a standing value: no guidance is a choice of its own."""
PATIENCE = 0.3
"""Seconds that a quarter may take before it is said that other firms still think; most are over sooner."""
KEPT = 64
"""Drafts of a quarter whose fans are kept."""
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
    """Whether the guide is wanted: the first game of a new player."""
    shown: tuple[str, ...] = ()
    """Ids of the rows that show in a guided quarter; empty for all. What does not show stands."""
    segment: str = "developers"
    """The market that boardroom and market screen look at."""
    before: SeatView | None = None
    """The view of the quarter before, for arrows; None in the first one."""
    bill: Preview | None = None
    """What the draft would spend, as last previewed; None until the first preview of the quarter has come."""
    standing_bill: Preview | None = None
    """The same with nothing changed."""
    fans: Fans | None = None
    """What may come of the draft, as far as it has been played ahead; of an earlier draft until the first of this one."""
    ghost: Fans | None = None
    """The same with nothing changed."""
    foreseen: dict[frozenset[tuple[str, float]], Fans] = field(default_factory=dict)
    """Whole fans of drafts of this quarter, so that a lever moved back is answered at once."""
    ghost_run: Sequence[Row] = ()
    """Of a fork, what the run that it left really came to, quarter by quarter; charts of the past show it as dots."""
    filled: set[str] = field(default_factory=set)
    """Ends of guidance that were put in by themselves, because only the other end was given."""
    pending: dict[str, float] = field(default_factory=dict)
    """Guidance given with the last draft: it is scored when the quarter at hand ends."""

    past: MarketHistory | None = None
    """The public past of the market, once somebody asked for it."""

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
        self.filled.discard(lever)

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

    async def look_ahead(self) -> bool:
        """Preview the draft into `bill`; whether what it says still stands, for a newer draft may have come."""
        quarter, levers = self.view.quarter, dict(self.levers)
        if self.standing_bill is None:
            self.standing_bill = await self.seat.preview(Draft(quarter))
        bill = await self.preview()
        if quarter != self.view.quarter or levers != self.levers:
            return False
        self.bill = bill
        return True

    async def look_back(self) -> MarketHistory:
        """The public past of the market up to the quarter at hand, asked for once a quarter."""
        if self.past is None or self.past.quarters[-1].quarter != self.view.quarter - 1:
            self.past = await self.seat.market_history()
        return self.past

    @property
    def foretold(self) -> Fans | None:
        """Whole fans of the draft as it is now; None as long as they are not all there."""
        return self.foreseen.get(frozenset(self.levers.items()))

    async def foresee(self) -> AsyncIterator[Fans]:
        """Play the draft ahead into `fans`, first a few futures, then all of them; the plan with nothing changed comes
        first, for it is what the draft is shown against. Ends early where a newer draft is asked about."""
        if self.ghost is None:
            async for fans in self._ahead({}):
                yield fans
        if self.levers or self.ghost is None or self.ghost.unaided is None:  # a draft may have called it off
            async for fans in self._ahead(dict(self.levers)):
                yield fans
        elif self.fans is not self.ghost:
            self.fans = self.ghost
            yield self.ghost

    async def _ahead(self, levers: dict[str, float]) -> AsyncIterator[Fans]:
        """Fans of one draft of the quarter at hand."""
        quarter, key = self.view.quarter, frozenset(levers.items())
        if (known := self.foreseen.get(key)) is not None:
            self.fans = known
            yield known
            return
        async with aclosing(self.seat.futures(Draft(quarter, levers))) as found:
            async for fans in found:
                if quarter != self.view.quarter:
                    return
                self.fans = fans
                if not levers:
                    self.ghost = fans
                if fans.games >= fans.wanted and fans.unaided is not None:
                    if len(self.foreseen) >= KEPT:
                        del self.foreseen[next(iter(self.foreseen))]
                    self.foreseen[key] = fans
                yield fans

    def runway(self) -> float | None:
        """Quarters of cash at the net spend of the draft: what it pays less last quarter's revenue; None where cash lasts."""
        if self.bill is None:
            return self.view.own.runway
        burn = spent(self.bill) - self.view.own.revenue
        return max(self.view.own.cash, 0.0) / burn if burn > 0 else None

    @property
    def main_trade(self) -> str:
        """The segment the firm earns most in: developers until something else brings in more."""
        own, report = self.view.own, self.report
        if report is None:
            return "developers"
        earned = {line.id: line.amount_fen for line in report.lines}
        contracts = {s: n for s, n in own.customers.items() if s in VERTICALS and n > 0}
        best = max(contracts, key=lambda s: contracts[s], default="")
        trades = [("developers", earned.get("tokens", 0)), ("consumers", earned.get("app", 0))]
        if best:
            trades.append((best, earned.get("solutions", 0)))
        name, amount = max(trades, key=lambda t: t[1])
        return name if amount > 0 else "developers"

    async def close(self) -> Report:
        """End the quarter; the session then stands at the next one.

        Raises `game.table.errors.DraftError` with every fault of the draft, which stays as it was.
        """
        report = await self.seat.submit(self.draft())
        self.before, self.report = self.view, report
        self.pending = {name: self.levers[name] for name in GUIDANCE if name in self.levers}
        self.levers, self.reason, self.filled = {}, "", set()
        self.bill = self.standing_bill = None
        self.fans = self.ghost = None
        self.foreseen = {}
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
