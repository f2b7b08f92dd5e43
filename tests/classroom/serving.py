"""A room's server on a free port of the loopback interface, and plain ways to speak to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from fake_room import CODE, FakeRoom

from game.classroom.address import Address
from game.classroom.guard import Guard
from game.classroom.limits import Limits
from game.classroom.listen import Listener
from game.classroom.server import RoomServer
from game.classroom.web_link import SUBPROTOCOL
from game.content import Content

TEACHER = "the-teachers-token"


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Serving:
    """A server under test; ``peer`` is the address that requests seem to come from."""

    def __init__(self, room: Any, content: Content, limits: Limits | None, terminals: Any) -> None:
        self.room, self.clock, self.peer = room, Clock(), "127.0.0.1"
        self.guard = Guard(frozenset({"192.168.7.7"}), 0)
        self.server = RoomServer(
            room, content, self.guard, lang="en", teacher=TEACHER, limits=limits or Limits(), clock=self.clock,
            peer=lambda request: self.peer, terminals=terminals,
        )  # fmt: skip
        self.http: aiohttp.ClientSession = None  # type: ignore[assignment]

    @property
    def counted(self) -> Any:
        return self.server.counted

    @property
    def port(self) -> int:
        return self.guard.port

    @property
    def address(self) -> Address:
        return Address("127.0.0.1", self.port)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return self.address.url(path)

    async def get(self, path: str, **headers: str) -> tuple[int, str, Any]:
        async with self.http.get(self.url(path), headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text(), answer.headers

    async def post(self, path: str, data: Any, **headers: str) -> tuple[int, str, Any]:
        async with self.http.post(self.url(path), data=data, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text(), answer.headers

    def socket(self, secret: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {secret}", **more.pop("headers", {})}
        return self.http.ws_connect(self.address.url("/api/ws", socket=True), protocols=(SUBPROTOCOL,), headers=headers, **more)

    async def raw(self, data: bytes, enough: int = 65536) -> bytes:
        """Bytes sent as they are; what comes back until the server ends or pauses after an answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(data)
            await writer.drain()
            return await asyncio.wait_for(reader.read(enough), 5)
        finally:
            writer.close()


@asynccontextmanager
async def serving(
    content: Content, room: Any = None, limits: Limits | None = None, terminals: Any = None, port: int = 0
) -> AsyncIterator[Serving]:
    there = Serving(room or FakeRoom(), content, limits, terminals)
    listener = Listener(there.server.app(), there.server.limits, there.counted)
    there.guard.port = await listener.start(["127.0.0.1"], port)
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as there.http:
            yield there
    finally:
        await there.room.close()
        await listener.close()


def run(play: Callable[[], Awaitable[None]], seconds: float = 30) -> None:
    asyncio.run(asyncio.wait_for(play(), seconds))  # type: ignore[arg-type]


__all__ = ["CODE", "TEACHER", "Clock", "FakeRoom", "Serving", "run", "serving"]
