"""A room without a market: one team at a fake seat, rivals that are names, and the teacher's hand in the test's."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from game.classroom import messages as m
from game.classroom.mailbox import Mailbox
from game.table.errors import DraftError
from game.table.wire import Draft, Fans, Message
from tests.tui.fake import FakeSeat

NOTHING = msgspec.Raw(b"null")


class FakeRoom:
    """One team with ``members``; the test opens and closes quarters and everybody is pushed what is new."""

    def __init__(self, members: tuple[str, ...] = ("小雨", "Anna", "7号"), seat: FakeSeat | None = None, rivals: int = 5) -> None:
        self.seat = seat or FakeSeat(quarters=8, levers_shown="five")
        self.members = {f"m{n}": name for n, name in enumerate(members, 1)}
        self.pen = "m1"
        self.phase: str = "lobby"
        self.paused = self.decided = self.receiver = False
        self.draft: Draft | None = None
        self.saved = 0
        self.left: float | None = None
        self.told: list[m.Told] = []
        self.dealt: list[str] = []
        self.stood_in = ""
        self.terms: m.Terms | None = None
        self.notice: Message | None = None
        self.seed = ""
        self.forecasts: dict[str, dict[str, tuple[float, float]]] = {}
        self.reasons: dict[str, str] = {}
        self.asked: list[tuple[str, m.Request]] = []
        self.links: dict[str, FakeLink] = {}
        self.names = ["云上一队", "Blue River", "三班四组", "清风", "Lab 5", "长名字的队伍一二三四", "Seven", "八队", "Nine", "十队", "十一队"]
        self._count = itertools.count(1)
        self.rivals = rivals

    def link(self, member: str = "m1") -> FakeLink:
        """A member's connection; the newer one wins."""
        old = self.links.get(member)
        if old is not None:
            old.push(m.Gone("newer", Message("class.seat.gone.closed")))
        self.links[member] = FakeLink(self, member)
        self.tell()
        return self.links[member]

    def now(self, member: str) -> m.Now:
        """What a member sees."""
        mates = [
            m.Mate(i, name, "", i == self.pen, i in self.links, bool(self.forecasts.get(i)), i in self.reasons)
            for i, name in self.members.items()
        ]
        rivals = [m.Rival(f"t{n}", self.names[n], f"firm{n}", n % 2 == 0 and self.phase == "open", n != 3) for n in range(self.rivals)]
        return m.Now(
            next(self._count), self.phase, self.paused, "shared", "price-war", 1, self.seat.quarter, self.seat.first,
            self.seat.quarters, self.left, member, self.members[member], "t9", "我们队", 0, "", member == self.pen, self.decided,
            mates, rivals, draft=self.draft, saved=self.saved, stood_in=self.stood_in, receiver=self.receiver, terms=self.terms,
            told=self.told, dealt=self.dealt, names={"own": "我们队"}, notice=self.notice,
            forecast=self.forecasts.get(member, {}), reason=self.reasons.get(member, ""), seed=self.seed,
        )  # type: ignore[arg-type]  # fmt: skip

    def tell(self, **changes: Any) -> None:
        """Change something of the room and push it to everybody."""
        for name, value in changes.items():
            setattr(self, name, value)
        for member, link in self.links.items():
            link.push(self.now(member))

    def open(self, seconds: float | None = None) -> None:
        """The teacher opens a quarter."""
        self.tell(phase="open", left=seconds, decided=False, stood_in="")

    async def close(self) -> None:
        """The quarter closes, with what there is."""
        stood_in = "" if self.decided else "draft" if self.draft else "standing"
        draft = self.draft or Draft(self.seat.quarter)
        await self.seat.submit(msgspec.structs.replace(draft, quarter=self.seat.quarter))
        self.forecasts, self.reasons = {}, {}
        self.tell(phase="between", decided=False, draft=None, saved=0, stood_in=stood_in, left=None, dealt=[])

    async def answer(self, member: str, request: m.Request) -> Any:
        """What the room says to a request; a `DraftError` for what it refuses."""
        seat = self.seat
        if isinstance(request, m.See):
            return await seat.view()
        if isinstance(request, m.Recall):
            return await seat.last_report()
        if isinstance(request, m.Past):
            return await seat.market_history()
        if isinstance(request, m.Cost):
            return await seat.preview(request.draft)
        if isinstance(request, m.Explain):
            return await seat.explain(request.what, request.segment)
        if isinstance(request, m.Changed):
            return await seat.changes()
        if isinstance(request, m.Briefing):
            return m.Sheet("", "")
        if isinstance(request, m.Save | m.Decide | m.Reconsider) and member != self.pen:
            raise DraftError([Message("class.seat.no-pen")])
        if isinstance(request, m.Save):
            self.tell(draft=request.draft, saved=self.saved + 1)
        elif isinstance(request, m.Decide):
            self.tell(draft=request.draft, decided=True)
        elif isinstance(request, m.Reconsider):
            self.tell(decided=False)
        elif isinstance(request, m.Guess):
            self.forecasts.setdefault(member, {})[request.what] = (request.low, request.high)
            self.tell()
        elif isinstance(request, m.Argue):
            self.reasons[member] = request.text
            self.tell()
        elif isinstance(request, m.Pen):
            if request.to or self.pen not in self.links:
                self.tell(pen=request.to or member)
            elif self.pen != member:
                raise DraftError([Message("class.seat.pen-of", {"name": self.members[self.pen]})])
        return None


class FakeLink:
    """See `game.classroom.link.Link`."""

    def __init__(self, room: FakeRoom, member: str) -> None:
        self.room, self.member = room, member
        self.connected = True
        self._boxes: set[Mailbox[m.Push]] = set()
        self._last: dict[type, m.Push] = {}

    def push(self, push: m.Push) -> None:
        """The room has something new."""
        self._last[type(push)] = push
        for box in tuple(self._boxes):
            box.put(push)

    async def ask(self, request: m.Request) -> m.Answer:
        self.room.asked.append((self.member, request))
        try:
            body = await self.room.answer(self.member, request)
        except DraftError as error:
            return m.Answer(0, faults=list(error.messages))
        return m.Answer(0, msgspec.Raw(msgspec.json.encode(body)))

    async def futures(self, request: m.Foresee) -> AsyncIterator[Fans]:
        async for fans in self.room.seat.futures(request.draft):
            yield fans

    def pushes(self) -> AsyncIterator[m.Push]:
        box: Mailbox[m.Push] = Mailbox(gone=lambda: self._boxes.discard(box))
        self._boxes.add(box)
        for push in self._last.values():
            box.put(push)
        return box

    async def close(self) -> None:
        for box in tuple(self._boxes):
            box.close()
