"""The one door for screens and remote clients: a seat, asynchronous, in messages of `game.table.wire`."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from typing import Protocol, TypeVar

import msgspec

from game.table.contract import SLOW
from game.table.errors import DraftError
from game.table.fan_thread import Forecasts
from game.table.market_history import MarketHistory
from game.table.table import Table
from game.table.wire import Changes, Draft, Event, Explanation, Fans, Message, Preview, Report, SeatView, decode, encode

M = TypeVar("M", bound=msgspec.Struct)


class Seat(Protocol):
    """The right to decide for a firm."""

    async def view(self) -> SeatView:
        """Everything the seat may know at the start of the quarter."""

    async def submit(self, draft: Draft) -> Report:
        """Decide; the report when the quarter is over, which with several people may take a while.

        Raises `DraftError` with every fault of the draft. Submitting again before the quarter closes replaces it.
        """

    async def preview(self, draft: Draft) -> Preview:
        """What a draft would spend at once, and what is wrong with it."""

    def futures(self, draft: Draft) -> AsyncIterator[Fans]:
        """What may come of a draft: a first fan soon, then one over all futures. Asking again ends what was asked
        before; nothing comes where nothing is left to decide."""

    async def last_report(self) -> Report | None:
        """The report of the quarter before this one, None at the start (or where other rules played it)."""

    async def market_history(self) -> MarketHistory:
        """What was public in every quarter so far; asked for when somebody looks at the past of the market."""

    async def explain(self, what: str, segment: str = "") -> Explanation | None:
        """Why a number of the last quarter is what it is; None where there is no such number or no last quarter."""

    async def changes(self) -> Changes | None:
        """Every number of the last quarter that can be explained, what mattered most first."""

    def events(self) -> AsyncIterator[Event]:
        """What happens at the table from this call on; ends after ``game-over``."""


class Host:
    """A table and the people around it: one event loop, one quarter at a time."""

    def __init__(self, table: Table, *, alone: bool = False) -> None:
        self.table = table
        self._alone = alone
        """Whether nobody else is there: default management decides for the other people's firms."""
        self._closing = asyncio.Lock()
        self._closed: asyncio.Future[None] | None = None
        self._listeners: list[asyncio.Queue[Event]] = []
        self._told: str = ""

    def seat(self, firm: int) -> LocalSeat:
        """The seat of a firm that people run."""
        if firm not in self.table.humans:
            raise LookupError(f"no person runs firm {firm}")
        return LocalSeat(self, firm)

    async def think(self) -> None:
        """Let the other firms decide while people still think."""
        await asyncio.to_thread(self.table.prepare)

    def think_ahead(self) -> None:
        """Let planners begin now, on a thread of their own: they are asked again when the quarter is played.

        The thread holds up nobody who leaves in the meantime.
        """
        if not self.table.over and SLOW.intersection(self.table.head.seats):
            threading.Thread(target=self._prepare, name="planners", daemon=True).start()

    def _prepare(self) -> None:
        # What goes wrong here goes wrong again, and is told, when the quarter is played.
        with contextlib.suppress(Exception):
            self.table.prepare()

    async def close_quarter(self) -> list[int]:
        """Play the quarter now, levers left standing where someone has not decided; who those are."""
        missing = self.table.stand_in()
        await self._play(self.table.quarter)
        return missing

    async def decide(self, firm: int, draft: Draft) -> Report:
        """See `Seat.submit`."""
        async with self._closing:  # not while a quarter is being played
            self.table.submit(firm, draft)
            for absent in self.table.waiting if self._alone else ():
                self.table.manage(absent)
            quarter, played = draft.quarter, self.table.played
            if self._closed is None:
                self._closed = asyncio.get_running_loop().create_future()
            closed = self._closed
        if not self.table.waiting:
            await self._play(quarter)
        await asyncio.shield(closed)
        report = self.table.report(firm, played)
        assert report is not None, "a quarter just played by these rules has a report"
        return report

    async def _play(self, quarter: int) -> None:
        async with self._closing:
            if self.table.over or self.table.quarter != quarter or self.table.waiting:
                return  # someone else closed it, or took a draft back
            closed, self._closed = self._closed, None
            try:
                # off the loop: planners may think, and a disk may be slow
                await asyncio.to_thread(self.table.step)
            except BaseException as error:
                if closed and not closed.done():
                    closed.set_exception(error)
                    closed.exception()  # seen here; whoever waits still gets it
                raise
            if closed and not closed.done():
                closed.set_result(None)
            self._tell(Event("quarter-closed", quarter))
            self._tell_trouble(quarter)
            self._tell(Event("game-over" if self.table.over else "quarter-opened", self.table.quarter))
            self.think_ahead()

    def _tell_trouble(self, quarter: int) -> None:
        trouble = self.table.trouble
        if trouble:
            self._tell(Event("notice", quarter, trouble.message()))
        elif self._told:
            self._tell(Event("notice", quarter, Message("run.saved-again", {"file": self.table.record.path.name})))
        self._told = str(trouble or "")

    def _tell(self, event: Event) -> None:
        for queue in self._listeners:
            queue.put_nowait(event)

    def listen(self) -> AsyncIterator[Event]:
        """See `Seat.events`."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self._listeners.append(queue)  # at the call, so that nothing between it and the first wait is missed
        told = [*self.table.notices, *([self.table.trouble.message()] if self.table.trouble else [])]
        for message in told:
            queue.put_nowait(Event("notice", self.table.quarter, message))
        if self.table.over:
            queue.put_nowait(Event("game-over", self.table.quarter))
        return self._follow(queue)

    async def _follow(self, queue: asyncio.Queue[Event]) -> AsyncIterator[Event]:
        try:
            while True:
                event = await queue.get()
                yield event
                if event.kind == "game-over":
                    return
        finally:
            self._listeners.remove(queue)


class LocalSeat:
    """A seat at a table in this process."""

    def __init__(self, host: Host, firm: int) -> None:
        self._host, self.firm = host, firm
        self._forecasts = Forecasts()

    async def view(self) -> SeatView:
        """See `Seat`."""
        return self._host.table.view(self.firm)

    async def submit(self, draft: Draft) -> Report:
        """See `Seat`."""
        return await self._host.decide(self.firm, draft)

    async def preview(self, draft: Draft) -> Preview:
        """See `Seat`."""
        return self._host.table.preview(self.firm, draft)

    def futures(self, draft: Draft) -> AsyncIterator[Fans]:
        """See `Seat`."""
        table = self._host.table
        return self._forecasts.ask(lambda pause: table.futures(self.firm, draft, pause))

    async def last_report(self) -> Report | None:
        """See `Seat`."""
        return self._host.table.report(self.firm) if self._host.table.played else None

    async def market_history(self) -> MarketHistory:
        """See `Seat`."""
        table = self._host.table
        async with self._host._closing:  # not while a quarter is being played
            return await asyncio.to_thread(table.market.market_history, table, self.firm)

    async def explain(self, what: str, segment: str = "") -> Explanation | None:
        """See `Seat`."""
        return self._host.table.explain(self.firm, what, segment)

    async def changes(self) -> Changes | None:
        """See `Seat`."""
        return self._host.table.changes(self.firm)

    def events(self) -> AsyncIterator[Event]:
        """See `Seat`."""
        return self._host.listen()


class EncodedSeat:
    """A seat behind bytes: every message is encoded and decoded on its way in and out, as over a wire."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self.bytes = 0
        """Bytes that went to and fro."""

    def _pass(self, message: M) -> M:
        data = encode(message)
        self.bytes += len(data)
        back = decode(data, type(message))
        if back != message:
            raise ValueError(f"{type(message).__name__} changes on the wire")
        return back

    async def view(self) -> SeatView:
        """See `Seat`."""
        return self._pass(await self._seat.view())

    async def submit(self, draft: Draft) -> Report:
        """See `Seat`."""
        try:
            return self._pass(await self._seat.submit(self._pass(draft)))
        except DraftError as error:
            raise DraftError([self._pass(m) for m in error.messages]) from error

    async def preview(self, draft: Draft) -> Preview:
        """See `Seat`."""
        return self._pass(await self._seat.preview(self._pass(draft)))

    async def futures(self, draft: Draft) -> AsyncIterator[Fans]:
        """See `Seat`."""
        async with contextlib.aclosing(self._seat.futures(self._pass(draft))) as found:
            async for fans in found:
                yield self._pass(fans)

    async def last_report(self) -> Report | None:
        """See `Seat`."""
        report = await self._seat.last_report()
        return self._pass(report) if report else None

    async def market_history(self) -> MarketHistory:
        """See `Seat`."""
        return self._pass(await self._seat.market_history())

    async def explain(self, what: str, segment: str = "") -> Explanation | None:
        """See `Seat`."""
        told = await self._seat.explain(what, segment)
        return self._pass(told) if told else None

    async def changes(self) -> Changes | None:
        """See `Seat`."""
        told = await self._seat.changes()
        return self._pass(told) if told else None

    def events(self) -> AsyncIterator[Event]:
        """See `Seat`."""
        return self._follow(self._seat.events())

    async def _follow(self, events: AsyncIterator[Event]) -> AsyncIterator[Event]:
        async for event in events:
            yield self._pass(event)
