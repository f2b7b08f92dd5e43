"""Programs that take part in a room as members do: they see a `SeatView`, decide by a simple habit, forecast and reason."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field

from game.classroom import messages as m
from game.classroom.client import RoomSeat
from game.table.errors import DraftError
from game.table.wire import Draft, Report, SeatView

LEAN = 4.0
"""Quarters of cash below which a bot asks for a round."""


def decided(view: SeatView, temper: float) -> Draft:
    """What a bot decides: near the market's price by its temper (0..1, low is dear), research in step with cash, money asked
    for when it runs out, the first open choice of every card."""
    levers: dict[str, float] = {}

    def move(name: str, value: float) -> None:
        limit = view.limits.get(name)
        if limit is None or limit.locked:
            return
        value = min(max(value, limit.low), limit.high)
        if limit.step >= 1.0:
            value = min(max(float(round(value)), limit.low), limit.high)
        levers[name] = value

    move("price.token", max(view.own.unit_cost, view.market.token_price) * (1.25 - 0.4 * temper))
    move("research.budget", max(view.own.cash, 0.0) * (0.04 + 0.06 * temper))
    if view.own.runway is not None and view.own.runway < LEAN:
        move("finance.raise", max(view.own.cost, 1e7) * 2)
    if view.card is not None:
        levers["card.choice"] = float(next(c.index for c in view.card.choices if c.allowed))
    if view.distress is not None:
        levers["distress.choice"] = float(next(c.index for c in view.distress.choices if c.allowed))
    return Draft(view.quarter, levers, "the bot's habit")


@dataclass
class Bot:
    """A member that plays by itself; the one with the pen decides, all forecast and reason."""

    seat: RoomSeat
    temper: float = 0.5
    reports: list[Report] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def play(self, quarters: int = 1000) -> None:
        """Take part until the playing ends, or for so many quarters."""
        done = 0
        quarter = -1
        async for push in self.seat.pushes():
            if isinstance(push, m.Gone) or push.phase in ("debrief", "over") or done >= quarters:
                return
            if push.phase != "open" or push.paused or push.quarter == quarter:
                continue
            quarter = push.quarter
            with contextlib.suppress(ConnectionError):
                await self._quarter(push)
            done += 1

    async def _quarter(self, now: m.Now) -> None:
        if now.receiver:
            if now.terms is not None and now.pen:
                await self._try(self.seat.reenter())
            await self._try(self.seat.guess(now.quarter, "price", 0.5, 20.0))
            return
        view = await self.seat.view()
        cash = max(view.own.cash, 1e6)
        await self._try(self.seat.guess(now.quarter, "cash", 0.6 * cash, 1.4 * cash))
        await self._try(self.seat.argue(now.quarter, f"price {view.market.token_price:.1f}"))
        if now.pen:
            try:
                self.reports.append(await self.seat.submit(decided(view, self.temper)))
            except DraftError as error:
                self.faults += [fault.id for fault in error.messages]

    async def _try(self, work) -> None:  # type: ignore[no-untyped-def]
        try:
            await work
        except DraftError as error:
            self.faults += [fault.id for fault in error.messages]
