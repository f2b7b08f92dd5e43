"""A member's link to a room over the network: joining, the handshake, and a connection that mends itself.

A request whose answer has not come when the connection breaks is asked again, with the same number, once it is mended.
That is right because every request may be repeated: most only look; a draft, a decision, a forecast, a reason and the
pen are what was said last, so saying it twice changes nothing; a second founding is refused the second time, and `Now`
shows that it took place. They are asked in the order in which they were asked first.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import ssl
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import aiohttp
import msgspec

from game.classroom import messages as m
from game.classroom.address import Address, parse_address
from game.classroom.errors import ClassError
from game.classroom.mailbox import Mailbox
from game.table.wire import Fans, Message

FIRST_WAIT: Final = 0.25
LONGEST_WAIT: Final = 8.0
"""Seconds between tries to reach a room again: doubled each time, a random part of it waited, so that a class does not
come back all at once."""
TIMEOUT: Final = 10.0
"""Seconds for a room to answer a handshake."""
LARGEST: Final = 16 * 1024 * 1024
"""Bytes of one message from a room; the history of a market is the largest."""
SUBPROTOCOL: Final = f"baimo.{m.PROTOCOL}"
VERSION_HEADER: Final = "Baimo-Protocol"
"""Says the room's protocol in every answer of a room; what has none is no room."""


_ACTS: Final = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u(?:00[01][0-9a-f]|007f|00[89][0-9a-f]|202[a-e]|206[6-9])"
    "|[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", re.IGNORECASE
)  # fmt: skip


def inert(data: str) -> str:
    """JSON without any character, plain or written as a number, that could do something to a terminal: a room is as
    strange to a pupil's machine as a pupil is to the room's.

    >>> inert(r'"a\\u001b[2Jb\\\\u001b"')
    '"a [2Jb\\\\\\\\u001b"'
    """
    return _ACTS.sub(r"\1 ", data)


class Refusal(msgspec.Struct, frozen=True):
    """Why a room does not do what it was asked, as JSON."""

    error: Message
    protocol: int = m.PROTOCOL


async def join_room(address: str | Address, wish: m.Join) -> m.Place:
    """Take a place. Raises `ClassError` with one sentence: wrong code, no room there, a newer room, an older one."""
    there = parse_address(address) if isinstance(address, str) else address
    headers = {"Content-Type": "application/json"}
    return await _place(there, lambda session: session.post(
        there.url("/api/join"), data=msgspec.json.encode(wish), headers=headers, allow_redirects=False
    ))  # fmt: skip


def one_time(link: str) -> tuple[Address, str] | None:
    """The address and the token of a link by which a teacher gives a place back; None where it is no such link.

    >>> one_time("http://192.168.1.5:8100/j/TOKEN")
    (Address(host='192.168.1.5', port=8100, secure=False), 'TOKEN')
    """
    start, mark, token = link.strip().partition("/j/")
    return (parse_address(start), token) if mark and re.fullmatch(r"[\w-]{1,200}", token) else None


async def redeem_link(address: Address, token: str) -> m.Place:
    """The place behind a link that works once, for a program. Raises `ClassError`, also where it has been used."""
    headers = {"Accept": "application/json"}
    return await _place(address, lambda session: session.get(
        address.url(f"/j/{token}"), headers=headers, allow_redirects=False
    ))  # fmt: skip


async def _place(there: Address, ask: Callable[[aiohttp.ClientSession], Any]) -> m.Place:
    try:
        async with _session() as session, ask(session) as response:
            room = _protocol(response.headers)
            if room is None:
                raise ClassError("class.join.not-a-room", address=str(there))
            body = await response.content.read(m.MAX_MESSAGE)
            status = response.status
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        raise ClassError(*_unreached(error), address=str(there)) from error
    told_of = inert(body.decode("utf-8", "replace"))
    if status == 200:
        try:
            return msgspec.json.decode(told_of, type=m.Place)
        except msgspec.MsgspecError as error:
            raise ClassError("class.join.not-a-room", address=str(there)) from error
    if room != m.PROTOCOL:
        raise ClassError(*_other_version(room))
    try:
        told = msgspec.json.decode(told_of, type=Refusal).error
    except msgspec.MsgspecError:
        told = Message("class.join.refused", {"status": status})
    raise ClassError(told.id, **told.args)


class WebLink:
    """A `Link` over a WebSocket; see the module for what it repeats. Made by `connect`, or lazily by the first request."""

    def __init__(
        self, address: str | Address, secret: str, *, way: str = "terminal",
        rest: Callable[[float], Any] = asyncio.sleep, chance: Callable[[], float] = random.random,
        changed: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """``way`` is ``terminal`` where a person sits, ``api`` where a program decides (a quarter does not wait for the
        forecasts of those); ``changed`` is called whenever the connection is lost or mended."""
        self.address = parse_address(address) if isinstance(address, str) else address
        self._way = way
        self.connected = False
        self.trouble: Message | None = None
        """Why the room is not reached at the moment, in one sentence."""
        self.gone: m.Gone | None = None
        """Why it will not be reached any more."""
        self.epoch = 0
        """Counts the connections."""
        self._secret = secret
        self._rest, self._chance, self._changed = rest, chance, changed
        self._numbers = 0
        self._asked: dict[int, tuple[bytes, asyncio.Future[m.Answer]]] = {}
        self._fans: tuple[int, asyncio.Queue[Fans | None]] | None = None
        self._boxes: set[Mailbox[m.Push]] = set()
        self._now: m.Now | None = None
        self._outbox: asyncio.Queue[bytes] | None = None
        """What is to be sent, while connected."""
        self._task: asyncio.Task[None] | None = None
        self._reached = asyncio.Event()

    # the link

    async def connect(self) -> None:
        """Reach the room once. Raises `ClassError` where that does not work at the first try."""
        self._begin()
        await self._reached.wait()
        if not self.connected:
            told = self.gone.message if self.gone else self.trouble or Message("class.join.closed")
            await self.close()
            raise ClassError(told.id, **told.args)

    async def ask(self, request: m.Request) -> m.Answer:
        """See `Link`."""
        self._begin()
        number, future = self._send(request)
        try:
            return await future
        finally:
            self._asked.pop(number, None)

    async def futures(self, request: m.Foresee) -> AsyncIterator[Fans]:
        """See `Link`."""
        self._begin()
        if self._fans is not None:
            self._fans[1].put_nowait(None)
        queue: asyncio.Queue[Fans | None] = asyncio.Queue()
        number, future = self._send(request)
        self._fans = (number, queue)
        future.add_done_callback(lambda _: queue.put_nowait(None))
        try:
            while (fans := await queue.get()) is not None:
                yield fans
            if future.done() and not future.cancelled() and (error := future.exception()) is not None:
                raise error
        finally:
            self._asked.pop(number, None)
            future.cancel()
            if self._fans is not None and self._fans[0] == number:
                self._fans = None

    def pushes(self) -> AsyncIterator[m.Push]:
        """See `Link`."""
        self._begin()
        box: Mailbox[m.Push] = Mailbox(gone=lambda: self._boxes.discard(box))
        self._boxes.add(box)
        for push in (self._now, self.gone):
            if push is not None:
                box.put(push)
        if self.gone is not None:
            box.close()
        return box

    async def close(self) -> None:
        """See `Link`."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._end(None)

    # the connection

    def _begin(self) -> None:
        if self._task is None and self.gone is None:
            self._task = asyncio.create_task(self._live(), name="web link")

    def _send(self, request: m.Request) -> tuple[int, asyncio.Future[m.Answer]]:
        future: asyncio.Future[m.Answer] = asyncio.get_running_loop().create_future()
        self._numbers = (self._numbers + 1) % 2**31
        number = self._numbers
        if self.gone is not None or self._task is None:
            raise ConnectionError(self.gone.why if self.gone else "closed")
        data = msgspec.json.encode(m.Asked(number, request))
        self._asked[number] = (data, future)
        if self._outbox is not None:
            self._outbox.put_nowait(data)
        return number, future

    async def _live(self) -> None:
        wait = FIRST_WAIT
        async with _session() as session:
            while self.gone is None:
                epoch = self.epoch
                await self._once(session)
                self.connected, self._outbox = False, None
                self._reached.set()
                if self.gone is not None:
                    break
                self._changed()
                wait = FIRST_WAIT if self.epoch > epoch else min(2 * wait, LONGEST_WAIT)
                await self._rest(wait * (0.5 + 0.5 * self._chance()))
        self._end(self.gone)

    async def _once(self, session: aiohttp.ClientSession) -> None:
        """One connection, from handshake to end; what came of it stands in ``gone`` or ``trouble``."""
        try:
            async with session.ws_connect(
                self.address.url("/api/ws", socket=True), protocols=(SUBPROTOCOL,), max_msg_size=LARGEST, heartbeat=15.0,
                headers={"Authorization": f"Bearer {self._secret}", "Baimo-Way": self._way},
                timeout=aiohttp.ClientWSTimeout(ws_close=2.0),
            ) as socket:  # fmt: skip
                await self._serve(socket)
                self.trouble = Message("class.join.lost", {"address": str(self.address)})
        except aiohttp.WSServerHandshakeError as error:
            self._refused(error)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            self.trouble = Message(*_unreached(error), {"address": str(self.address)})

    async def _serve(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.connected, self.trouble, self._outbox = True, None, asyncio.Queue()
        self.epoch += 1
        for data, _ in self._asked.values():
            self._outbox.put_nowait(data)
        self._reached.set()
        self._changed()
        writer = asyncio.create_task(self._write(socket, self._outbox), name="web link writer")
        try:
            async for frame in socket:
                if frame.type is aiohttp.WSMsgType.TEXT:
                    with contextlib.suppress(msgspec.MsgspecError):  # of a room that says more than this program knows
                        self._hear(msgspec.json.decode(inert(frame.data), type=m.FromRoom))
                if self.gone is not None:
                    return
        finally:
            writer.cancel()

    @staticmethod
    async def _write(socket: aiohttp.ClientWebSocketResponse, outbox: asyncio.Queue[bytes]) -> None:
        with contextlib.suppress(ConnectionError, aiohttp.ClientError, RuntimeError):  # asked again once mended
            while True:
                await socket.send_str((await outbox.get()).decode())

    def _hear(self, heard: m.FromRoom) -> None:
        if isinstance(heard, m.Answer):
            _, future = self._asked.pop(heard.id, (b"", None))
            if future is not None and not future.done():
                future.set_result(heard)
        elif isinstance(heard, m.Part):
            if self._fans is not None and self._fans[0] == heard.id:
                self._fans[1].put_nowait(heard.fans)
        else:
            if isinstance(heard, m.Gone):
                self.gone = heard
            else:
                self._now = heard
            for box in tuple(self._boxes):
                box.put(heard)

    def _refused(self, error: aiohttp.WSServerHandshakeError) -> None:
        room = _protocol(error.headers)
        if room is None:  # another program has the port; where a room was before, it may come back
            self.trouble = Message("class.join.not-a-room", {"address": str(self.address)})
        elif room != m.PROTOCOL:
            self.gone = m.Gone("protocol", Message(*_other_version(room)))
        elif error.status == 401:
            self.gone = m.Gone("removed", Message("class.join.no-place"))
        elif error.status == 410:
            self.gone = m.Gone("over", Message("class.join.over"))
        elif error.status in (429, 503):
            self.trouble = Message("class.join.full")
        else:
            self.trouble = Message("class.join.refused", {"status": error.status})

    def _end(self, gone: m.Gone | None) -> None:
        """Nothing comes any more: whoever waits is told."""
        self.connected, self._outbox = False, None
        self._reached.set()
        for _, future in self._asked.values():
            if not future.done():
                future.set_exception(ConnectionError(gone.why if gone else "closed"))
                future.exception()  # seen here; whoever waits still gets it
        for box in tuple(self._boxes):
            if gone is not None:
                box.put(gone)
            box.close()
        self._changed()


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=TIMEOUT, connect=TIMEOUT, sock_read=None),
        trust_env=False, cookie_jar=aiohttp.DummyCookieJar(),
    )  # fmt: skip


def _protocol(headers: Any) -> int | None:
    try:
        return int(headers.get(VERSION_HEADER, "")) if headers is not None else None
    except ValueError:
        return None


def _other_version(room: int) -> tuple[str]:
    return ("class.join.newer-room",) if room > m.PROTOCOL else ("class.join.older-room",)


def _unreached(error: Exception) -> tuple[str]:
    """The sentence for an address at which no room was reached."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError | ssl.SSLError):
        return ("class.join.certificate",)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return ("class.join.no-such-name",)
    if isinstance(error, TimeoutError):
        return ("class.join.no-answer",)
    if isinstance(error, aiohttp.ClientConnectorError | ConnectionError):
        return ("class.join.no-room",)
    if isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError):
        return ("class.join.no-room",)
    return ("class.join.not-a-room",)
