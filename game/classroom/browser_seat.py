"""A browser at a room: its WebSocket, the member's connection, and the application in a host process between them.

What is drawn waits here for a browser that is slow, up to a bound; what the application asks of the room is asked over the
member's own `Connection`, so that nothing of another member can be reached from it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from game.classroom import messages as m
from game.classroom import pipes
from game.classroom.host_process import HostProcess
from game.table.wire import Fans, Message

if TYPE_CHECKING:
    from aiohttp import web

HIGH: Final = 512 * 1024
"""Bytes that may wait for a browser before its application is told to draw nothing."""
LOW: Final = 64 * 1024
"""Bytes at which it draws again."""
MOST_ASKED: Final = 64
"""Questions of one application that may be open at once."""
MOST_TYPED: Final = 16 * 1024
"""Bytes of one message from a browser; more is no typing."""
FIRST_SIZE: Final = 3.0
"""Seconds to wait for a browser to say how large its terminal is."""
FIRST_PICTURE: Final = 10.0
"""Seconds after which the next browser's application is begun though this one's has drawn nothing."""
FAULTS: Final = 3
"""Faults of one browser's application within `FAULTS_WITHIN` seconds, after which it is not begun again by itself."""
FAULTS_WITHIN: Final = 60.0


class Reached(Protocol):
    """What is needed of a `Connection`."""

    async def ask(self, request: m.Request) -> m.Answer: ...
    def futures(self, request: m.Foresee) -> AsyncIterator[Fans]: ...
    def pushes(self) -> AsyncIterator[m.Push]: ...
    async def close(self) -> None: ...


class _Opening(msgspec.Struct, frozen=True):
    """See `game.tui.seat_host.Opening`, which is of another process."""

    width: int
    height: int
    lang: str


class House(Protocol):
    """What is needed of `game.classroom.hosts.Hosts`."""

    def emptiest(self) -> HostProcess: ...
    def number(self) -> int: ...
    def note(self, line: str) -> None: ...


class BrowserSeat:
    """A browser, the member's connection, and the application between them."""

    def __init__(self, hosts: House, ws: web.WebSocketResponse, link: Reached, lang: str) -> None:
        self._hosts, self._ws, self._link, self._lang = hosts, ws, link, lang
        self._number = 0
        """Of the application at hand; every one has a number of its own."""
        self._process: HostProcess | None = None
        self._size = (80, 24)
        self._sized, self._drawn = asyncio.Event(), asyncio.Event()
        self._asked: dict[int, asyncio.Task[None]] = {}
        self._last: dict[type, m.Push] = {}
        self._out: deque[bytes | str] = deque()
        self._waiting = 0
        self._news = asyncio.Event()
        self._held = False
        self._gone = False
        self._faults: deque[float] = deque(maxlen=FAULTS)
        self._tasks: set[asyncio.Task[None]] = set()

    # living

    def stop(self) -> None:
        """No process will ever be there."""
        self.page({"gone": "none"})
        self._gone = True
        self._news.set()

    async def live(self) -> None:
        """Until the browser goes, or may not stay."""
        writer = asyncio.create_task(self._write(), name="to a browser")
        self._tasks.add(writer)
        self._spawn(self._follow())
        self._spawn(self._begin())
        reader = asyncio.create_task(self._read(), name="from a browser")
        self._tasks.add(reader)
        await asyncio.wait([writer, reader], return_when=asyncio.FIRST_COMPLETED)

    async def leave(self) -> None:
        """End the application and all that was asked."""
        self._gone = True
        self._end_application()
        tasks = [*self._tasks, *self._asked.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(ConnectionError, RuntimeError):
            await self._ws.close()

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _begin(self) -> None:
        """Begin the application when it is its turn; the page is told how many are before it."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._sized.wait(), FIRST_SIZE)
        process, opened = self._hosts.emptiest(), False
        process.waiting.append(self)
        try:
            _tell_places(process)
            await process.ready.wait()
            async with process.turn:
                if self._gone or not process.ready.is_set():
                    return
                opened = True
                self._process, self._number = process, self._hosts.number()
                process.seats[self._number] = self
                self._drawn.clear()
                opening = _Opening(*self._size, self._lang)
                process.send(self._number, pipes.OPEN, msgspec.json.encode(opening))
                for push in self._last.values():
                    process.send(self._number, pipes.TOLD, msgspec.json.encode(push))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._drawn.wait(), FIRST_PICTURE)
        finally:
            process.waiting.remove(self)
            _tell_places(process)
            if not self._gone and not opened:  # the process died meanwhile: another one
                self._spawn(self._begin())

    def _end_application(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.seats.pop(self._number, None)
            process.send(self._number, pipes.CLOSE)
        self._drawn.set()

    def _forget(self) -> None:
        """The application is no more: nothing it still says is heard, nothing it asked is answered."""
        if self._process is not None:
            self._process.seats.pop(self._number, None)
            self._process = None
        self._drawn.set()
        for task in self._asked.values():
            task.cancel()
        self._asked = {}

    def lost(self) -> None:
        """The process died: what was asked is asked again by the next application."""
        if self._process is None:
            return
        self._forget()
        if not self._gone:
            self.page({"again": "process"})
            self._spawn(self._begin())

    # from the browser

    async def _read(self) -> None:
        from aiohttp import WSMsgType

        async for message in self._ws:
            if message.type is not WSMsgType.TEXT or len(message.data) > MOST_TYPED:
                continue
            try:
                said = json.loads(message.data)
            except (ValueError, RecursionError):
                continue
            if isinstance(said, list) and said and isinstance(said[0], str):
                self._take(said[0], said[1] if len(said) > 1 else None)

    def _take(self, kind: str, what: Any) -> None:
        if kind == "stdin" and isinstance(what, str):
            self._send(pipes.KEYS, what.encode("utf-8", "ignore"))
        elif kind == "resize" and isinstance(what, dict):
            width, height = what.get("width"), what.get("height")
            if isinstance(width, int) and isinstance(height, int):
                self._size = (min(max(width, 1), 500), min(max(height, 1), 300))
                self._sized.set()
                self._send(pipes.SIZE, struct.pack("<HH", *self._size))
        elif kind == "ping" and isinstance(what, str | int | float):
            self._put(json.dumps(["pong", str(what)[:32]]))
        elif kind in ("focus", "blur"):
            self._send(pipes.FOCUS if kind == "focus" else pipes.BLUR)

    def _send(self, kind: int, body: bytes = b"") -> None:
        if self._process is not None:
            self._process.send(self._number, kind, body)

    # to the browser

    def page(self, said: dict[str, Any]) -> None:
        """Say something to the page around the terminal."""
        self._put(json.dumps(["baimo", said]))

    def _put(self, data: bytes | str) -> None:
        self._out.append(data)
        self._waiting += len(data)
        self._news.set()
        if self._waiting > HIGH and not self._held:
            self._held = True
            self._send(pipes.HOLD)
        if self._waiting > 8 * HIGH:  # it draws nothing, and still does not read: it is not there
            self._gone = True
            self._out.clear()
            self._spawn(self._ws.close())

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            while not self._ws.closed:
                while self._out:
                    data = self._out.popleft()
                    if isinstance(data, str):
                        await self._ws.send_str(data)
                    else:
                        joined = [data]
                        while self._out and isinstance(self._out[0], bytes) and sum(map(len, joined)) < 65536:
                            joined.append(self._out.popleft())  # type: ignore[arg-type]
                        data = b"".join(joined)
                        await self._ws.send_bytes(data)
                    self._waiting -= len(data)
                    if self._held and self._waiting < LOW:
                        self._held = False
                        self._send(pipes.GO)
                if self._gone:
                    await self._ws.close()
                    return
                self._news.clear()
                await self._news.wait()

    # from the room

    async def _follow(self) -> None:
        """Pass on what the room pushes; a newer connection ends this one."""
        async for push in self._link.pushes():
            self._last[type(push)] = push
            self._send(pipes.TOLD, msgspec.json.encode(push))
            if isinstance(push, m.Gone):
                self.page({"gone": push.why, "id": push.message.id})
                self._gone = True
                self._news.set()
                return

    # from the application

    def hear(self, frame: pipes.Frame) -> None:
        """A frame of this seat's application."""
        if frame.kind == pipes.DRAWN:
            if len(frame.body) > 256:  # more than the terminal's modes
                self._drawn.set()
            self._put(frame.body)
        elif frame.kind == pipes.ASKED:
            self._ask(frame.body)
        elif frame.kind == pipes.DROPPED:
            (number,) = struct.unpack("<I", frame.body)
            if (task := self._asked.get(number)) is not None:
                task.cancel()
        elif frame.kind == pipes.ENDED:
            self._ended(frame.body.decode("utf-8", "replace"))

    def _ask(self, body: bytes) -> None:
        try:
            asked = msgspec.json.decode(body, type=m.Asked)
        except msgspec.MsgspecError:
            return
        if len(self._asked) >= MOST_ASKED or asked.id in self._asked:
            self._tell(m.Answer(asked.id, faults=[Message("class.seat.busy")]))
            return
        number, request = asked.id, asked.request
        if isinstance(request, m.Foresee):
            work = partial(self._foresee, number, request)
        else:
            work = partial(self._answer, number, request)
        task = asyncio.create_task(self._safely(number, work), name="a question of a seat")
        self._asked[asked.id] = task
        asked_now = self._asked
        task.add_done_callback(lambda _: asked_now.pop(asked.id, None))

    async def _safely(self, number: int, work: Callable[[], Awaitable[None]]) -> None:
        """A fault of the room's own is no reason for an application to wait for ever."""
        try:
            await work()
        except ConnectionError:
            return  # the application is told why, if it may stay
        except Exception as error:
            self._hosts.note(f"{type(error).__name__}: {error}")
            self._tell(m.Answer(number, faults=[Message("class.seat.fault")]))

    async def _answer(self, number: int, request: m.Request) -> None:
        self._tell(msgspec.structs.replace(await self._link.ask(request), id=number))

    async def _foresee(self, number: int, request: m.Foresee) -> None:
        async with contextlib.aclosing(self._link.futures(request)) as found:  # type: ignore[type-var]
            async for fans in found:
                self._tell(m.Part(number, fans))
        self._tell(m.Answer(number))

    def _tell(self, told: m.FromRoom) -> None:
        self._send(pipes.TOLD, msgspec.json.encode(told))

    def _ended(self, said: str) -> None:
        """The application ended though the browser is there: begin it again, unless it keeps failing."""
        self._forget()
        if self._gone:
            return
        self._faults.append(time.monotonic())
        if len(self._faults) == FAULTS and self._faults[-1] - self._faults[0] < FAULTS_WITHIN:
            self.page({"gone": "fault"})
            self._gone = True
            self._news.set()
        else:
            self.page({"again": "fault" if said else "left"})
            self._spawn(self._begin())


def _tell_places(process: HostProcess) -> None:
    """Tell every browser that waits how many are before it; the one whose application begins is told 0."""
    for place, seat in enumerate(process.waiting):
        seat.page({"wait": place})


async def tell_page(ws: web.WebSocketResponse, said: dict[str, Any]) -> None:
    """Say something to the page around the terminal."""
    with contextlib.suppress(ConnectionError, RuntimeError):
        await ws.send_str(json.dumps(["baimo", said]))
