"""A room small enough to see through, with the face of `game.classroom.room.Room`: one market of three firms, two of
them of people, a member each, on `FakeMarket`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
from fake_market import FakeMarket

from game.classroom import messages as m
from game.classroom.errors import ClassError
from game.classroom.mailbox import Mailbox
from game.table.errors import DraftError
from game.table.seat import Host
from game.table.table import Table
from game.table.wire import Draft, Fans, Message

CODE = "K7QM-2XRD-9"


class FakeConnection:
    """A `Connection` of a `FakeRoom`."""

    def __init__(self, room: FakeRoom, member: str, way: str) -> None:
        self.room, self.member, self.way = room, member, way
        self.box: Mailbox[m.Push] = Mailbox()
        self.asked: list[m.Request] = []
        self.box.put(room.now(member))

    async def ask(self, request: m.Request) -> m.Answer:
        self.asked.append(request)
        if self.room.hold is not None:
            await self.room.hold.wait()
        try:
            body = await self.room.answer(self.member, request)
        except DraftError as error:
            return m.Answer(0, faults=error.messages)
        return m.Answer(0, msgspec.Raw(msgspec.json.encode(body)))

    async def futures(self, request: m.Foresee) -> AsyncIterator[Fans]:
        async for fans in self.room.host.seat(self.room.firm(self.member)).futures(request.draft):
            yield fans

    def pushes(self) -> AsyncIterator[m.Push]:
        return self.box

    async def close(self) -> None:
        self.box.close()
        if self.room.connections.get(self.member) is self:
            del self.room.connections[self.member]


class FakeRoom:
    """See `game.classroom.room.Room`."""

    def __init__(self) -> None:
        self.code = CODE
        self.host = Host(Table.new(FakeMarket(), {0: "human", 1: "thumb", 2: "human"}, seed="7"))
        self.places: dict[str, m.Place] = {}
        self.names: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.connections: dict[str, FakeConnection] = {}
        self.drafts: dict[int, Draft] = {}
        self.decided: set[int] = set()
        self.phase: m.Phase = "open"
        self.version = 1
        self.hold: asyncio.Event | None = None
        """What every answer waits for, where a test wants that."""
        self.commands: list[m.Command] = []
        self.boxes: list[Mailbox[Any]] = []
        self.removed: set[str] = set()
        self.padding = 0
        """Bytes of every `Now` beside the usual."""

    # people

    async def join(self, wish: m.Join) -> m.Place:
        if wish.code != self.code:
            raise ClassError("class.room.code")
        number = len(self.places)
        member = f"m{number}"
        place = m.Place(member, f"t{number % 2}", f"secret-{number}-of-{id(self)}")
        self.places[member], self.names[member] = place, wish.name
        self.tell()
        return place

    def member_of(self, secret: str) -> str | None:
        return next((p.member for p in self.places.values() if p.secret == secret and p.member not in self.removed), None)

    async def connect(self, member: str, way: str) -> FakeConnection:
        if (old := self.connections.get(member)) is not None:
            old.box.put(m.Gone("newer", Message("class.room.newer")))
            old.box.close()
        new = self.connections[member] = FakeConnection(self, member, way)
        return new

    async def kept(self) -> None:
        pass

    def redeem(self, token: str) -> m.Place | None:
        member = self.tokens.pop(token, None)
        return self.places[member] if member else None

    def firm(self, member: str) -> int:
        return 0 if self.places[member].team == "t0" else 2

    async def answer(self, member: str, request: m.Request) -> Any:
        firm = self.firm(member)
        seat, table = self.host.seat(firm), self.host.table
        match request:
            case m.See():
                return await seat.view()
            case m.Recall():
                return await seat.last_report()
            case m.Cost(draft):
                return await seat.preview(draft)
            case m.Save(draft):
                self.drafts[firm] = draft
                self.tell()
            case m.Decide(draft):
                table.submit(firm, draft)
                self.decided.add(firm)
                self.tell()
                if not table.waiting:
                    await self.close_quarter()
            case m.Reconsider():
                table.withdraw(firm)
                self.decided.discard(firm)
                self.tell()
            case m.Briefing():
                return m.Sheet("ceo")
            case m.Explain() | m.Changed():
                return None
            case _:
                raise DraftError([Message("class.room.no")])
        return None

    async def close_quarter(self) -> None:
        await self.host.close_quarter()
        self.decided.clear()
        self.drafts.clear()
        if self.host.table.over:
            self.phase = "debrief"
        self.tell()

    async def teach(self, command: m.Command) -> str:
        self.commands.append(command)
        if isinstance(command, m.Close):
            await self.close_quarter()
        if isinstance(command, m.Restore):
            self.tokens["token-1"] = command.member
            return "token-1"
        if isinstance(command, m.Deal):
            raise ClassError("class.room.no-card", card=command.card)
        return ""

    def now(self, member: str) -> m.Now:
        table, firm = self.host.table, self.firm(member)
        return m.Now(
            self.version, self.phase, False, "shared", "war", 1, table.quarter, table.head.first, table.head.quarters, None,
            member, self.names[member], f"t{firm}", "Team", firm, "ceo", True, firm in self.decided, [], [],
            self.drafts.get(firm), reason="x" * self.padding, ended=bool(table.ending(firm)),
        )  # fmt: skip

    def tell(self) -> None:
        self.version += 1
        for member, connection in self.connections.items():
            connection.box.put(self.now(member))
        for box in self.boxes:
            box.put(self.board())

    def desk(self) -> m.Desk:
        table = self.host.table
        members = [m.DeskMember(i, n, "ceo", True, i in self.connections) for i, n in self.names.items()]
        teams = [m.DeskTeam("t0", "Team 0", "own", members, False, False, "active", 0, 1, 0.0, 0.0),
                 m.DeskTeam("t1", "Team 1", "lab", [], False, False, "active", 0, 1, 0.0, 0.0)]  # fmt: skip
        return m.Desk(self.version, "war", "shared", "manager", "none", "all", self.code, self.phase, False, 1, 1,
                      table.quarter, 4, 6, None, False, teams)  # fmt: skip

    def board(self) -> m.Board:
        return m.Board(self.version, "war", self.phase, False, 1, self.host.table.quarter, 4, 6, None, self.code, [])

    def boards(self) -> AsyncIterator[m.Board]:
        box: Mailbox[m.Board] = Mailbox()
        box.put(self.board())
        self.boxes.append(box)
        return box

    async def export(self, folder: Path) -> list[Path]:
        return []

    async def close(self) -> None:
        for member, connection in list(self.connections.items()):
            with contextlib.suppress(KeyError):
                connection.box.put(m.Gone("over", Message("class.room.over", {"member": member})))
                connection.box.close()
