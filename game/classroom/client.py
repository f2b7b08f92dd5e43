"""A member's seat over any `Link`: the same door as at a table in this process, so that the same screens serve a class.

No numpy and no network in it; the links are made elsewhere (`game.classroom.web_link`, pipes, a `Room` in this process).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, TypeVar

import msgspec

from game.classroom import messages as m
from game.classroom.link import Link
from game.classroom.mailbox import Mailbox
from game.table.errors import DraftError
from game.table.market_history import MarketHistory
from game.table.wire import Changes, Draft, Event, Explanation, Fans, Message, Preview, Report, SeatView

T = TypeVar("T")
FINAL = ("debrief", "over")
"""Phases after which nobody decides any more."""


class RoomSeat:
    """The right of a team to decide for its firm, as one member has it: a `game.table.seat.Seat`.

    Everything that a seat of a table can, and what is of a class beside it: saving the draft, the pen, forecasts and
    reasons. Faults that the room finds are raised as `DraftError`; a place that is gone for good as ConnectionError.
    """

    def __init__(self, link: Link) -> None:
        self.link = link
        self.now: m.Now | None = None
        """The newest of what the room pushed."""
        self.gone: m.Gone | None = None
        """Why the place cannot be reached any more, once it is so."""
        self._boxes: set[Mailbox[m.Push]] = set()
        self._pump: asyncio.Task[None] | None = None
        self._first = asyncio.Event()

    # what the room pushes

    def pushes(self) -> AsyncIterator[m.Push]:
        """What the room pushes from this call on, the newest first if there is one; ends after `Gone`.

        Whoever is slow gets the newest only.
        """
        self._listen()
        box: Mailbox[m.Push] = Mailbox(gone=lambda: self._boxes.discard(box))
        self._boxes.add(box)
        if self.now is not None:
            box.put(self.now)
        if self.gone is not None:
            box.put(self.gone)
        if self._pump is not None and self._pump.done():
            box.close()
        return box

    async def present(self) -> m.Now:
        """The newest `Now`, waiting for the first. Raises ConnectionError where the place is gone."""
        self._listen()
        await self._first.wait()
        if self.now is None:
            raise ConnectionError(self.gone.why if self.gone else "closed")
        return self.now

    def _listen(self) -> None:
        if self._pump is None:
            self._pump = asyncio.create_task(self._follow(), name="room seat")

    async def _follow(self) -> None:
        try:
            async for push in self.link.pushes():
                if isinstance(push, m.Now):
                    if self.now is not None and push.version < self.now.version:
                        continue  # of before a reconnection
                    self.now = push
                else:
                    self.gone = push
                self._first.set()
                for box in tuple(self._boxes):
                    box.put(push)
        except ConnectionError:
            pass  # told to whoever asks
        finally:
            self._first.set()
            for box in tuple(self._boxes):
                box.close()

    async def close(self) -> None:
        """Leave; the place stays."""
        await self.link.close()
        if self._pump is not None:
            self._pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._pump

    # the seat

    async def view(self) -> SeatView:
        """See `Seat`."""
        return await self._ask(m.See(), SeatView)

    async def submit(self, draft: Draft) -> Report:
        """See `Seat`: the team has decided; the report when the quarter has closed, with or without the other teams.

        Raises `DraftError` with ``class.withdrawn`` where the team takes the decision back in the meantime, and
        ConnectionError where the place is gone.
        """
        box = self.pushes()
        try:
            before, epoch = await self.present(), getattr(self.link, "epoch", 0)
            try:
                await self._ask(m.Decide(draft), None)
            except DraftError as error:
                # Said twice because the first answer was lost on the way, and the quarter closed in between.
                if epoch == getattr(self.link, "epoch", 0) or not _other_quarter(error):
                    raise
            await self._closed(box, before, draft.quarter)
        finally:
            await box.aclose()
        report = await self.last_report()
        if report is None:
            raise DraftError([Message("draft.over")])
        return report

    async def _closed(self, box: AsyncIterator[m.Push], before: m.Now, quarter: int) -> None:
        decided = False
        async for push in box:
            if not isinstance(push, m.Now):
                break
            if push.round != before.round or push.quarter > quarter or push.ended or push.phase in FINAL:
                return
            if push.phase == "between" and push.version > before.version:
                return
            if decided and not push.decided and push.phase == "open":
                raise DraftError([Message("class.withdrawn")])
            decided = decided or push.decided
        raise ConnectionError(self.gone.why if self.gone else "closed")

    async def preview(self, draft: Draft) -> Preview:
        """See `Seat`."""
        return await self._ask(m.Cost(draft), Preview)

    def futures(self, draft: Draft) -> AsyncIterator[Fans]:
        """See `Seat`."""
        return self.link.futures(m.Foresee(draft))

    async def last_report(self) -> Report | None:
        """See `Seat`."""
        return await self._ask(m.Recall(), Report | None)

    async def market_history(self) -> MarketHistory:
        """See `Seat`."""
        return await self._ask(m.Past(), MarketHistory)

    async def explain(self, what: str, segment: str = "") -> Explanation | None:
        """See `Seat`."""
        return await self._ask(m.Explain(what, segment), Explanation | None)

    async def changes(self) -> Changes | None:
        """See `Seat`."""
        return await self._ask(m.Changed(), Changes | None)

    def events(self) -> AsyncIterator[Event]:
        """See `Seat`. Of two rounds, the second goes on with the same events; ends after ``game-over``."""
        return self._events(self.pushes(), self.now)

    async def _events(self, pushes: AsyncIterator[m.Push], last: m.Now | None) -> AsyncIterator[Event]:
        async for push in pushes:
            if not isinstance(push, m.Now):
                yield Event("notice", last.quarter if last else 0, push.message)
                break
            for event in _between(last, push):
                yield event
            last = push
            if push.phase in FINAL:
                break
        yield Event("game-over", last.quarter if last else 0)

    # what is of a class

    async def save(self, draft: Draft) -> None:
        """Keep the team's draft as it stands."""
        await self._ask(m.Save(draft), None)

    async def withdraw(self) -> None:
        """Take the team's decision back."""
        await self._ask(m.Reconsider(), None)

    async def guess(self, quarter: int, what: str, low: float, high: float) -> None:
        """The member's own forecast; see `game.classroom.messages.Guess`."""
        await self._ask(m.Guess(quarter, what, low, high), None)  # type: ignore[arg-type]

    async def argue(self, quarter: int, text: str) -> None:
        """The member's own reason."""
        await self._ask(m.Argue(quarter, text), None)

    async def pen(self, to: str = "") -> None:
        """Take the pen, or hand it to a mate."""
        await self._ask(m.Pen(to), None)

    async def reenter(self) -> None:
        """Found a small firm again after the team's firm has ended."""
        await self._ask(m.Reenter(), None)

    async def briefing(self) -> m.Sheet:
        """What the member's role knows."""
        return await self._ask(m.Briefing(), m.Sheet)

    async def _ask(self, request: m.Request, kind: Any) -> Any:
        self._listen()
        answer = await self.link.ask(request)
        if answer.faults:
            raise DraftError(answer.faults)
        return None if kind is None else msgspec.json.decode(bytes(answer.body), type=kind)


def _other_quarter(error: DraftError) -> bool:
    return any(m.id == "draft.other-quarter" for m in error.messages)


def _between(last: m.Now | None, now: m.Now) -> list[Event]:
    """What happened between two looks at a room."""
    if last is None:
        return [Event("notice", now.quarter, now.notice)] if now.notice else []
    found = []
    if now.quarter > last.quarter:
        found += [Event("quarter-closed", quarter) for quarter in range(last.quarter, now.quarter)]
    elif now.ended and not last.ended:
        found.append(Event("quarter-closed", now.quarter))
    if now.phase == "open" and (last.phase != "open" or now.quarter > last.quarter):
        found.append(Event("quarter-opened", now.quarter))
    if now.notice and now.notice != last.notice:
        found.append(Event("notice", now.quarter, now.notice))
    return found
