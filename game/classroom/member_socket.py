"""One member's WebSocket: messages in, bounded and typed; answers and pushes out, the newest winning, slow readers dropped."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable

import msgspec
from aiohttp import WSMsgType, web

from game.classroom import messages as m
from game.classroom.limits import Bucket, Limits
from game.classroom.link import Link
from game.table.wire import Message

log = logging.getLogger("baimo.room")
NOBODY = -1
"""Number of an answer to a message in which no number could be read."""
TRY_LATER = 1013
CODES = {"newer": 4001, "removed": 4002, "over": 4003, "protocol": 4004, "flood": 4008}
"""Close codes, for a browser's script that cannot read the rest."""


class _Numbered(msgspec.Struct):
    id: int = NOBODY


class Outbox:
    """What is to be sent: answers in their order, of `Now` and of each request's fans the newest only."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._slots: dict[object, bytes] = {}
        self._bytes = 0
        self._news = asyncio.Event()
        self._last = False
        self.full = asyncio.Event()
        """Set once more waits than a reader may leave."""

    def put(self, message: m.FromRoom) -> None:
        """Send."""
        if self._last:
            return
        slot: object = object()
        if isinstance(message, m.Now):
            slot = "now"
        elif isinstance(message, m.Part):
            slot = message.id
        old = self._slots.pop(slot, b"")
        data = self._slots[slot] = msgspec.json.encode(message)
        self._bytes += len(data) - len(old)
        self._last = isinstance(message, m.Gone)
        self._news.set()
        if len(self._slots) > self._limits.waiting or self._bytes > self._limits.waiting_bytes:
            self.full.set()

    async def get(self) -> tuple[bytes, bool]:
        """The next message, and whether it is the last."""
        while not self._slots:
            self._news.clear()
            await self._news.wait()
        data = self._slots.pop(next(iter(self._slots)))
        self._bytes -= len(data)
        return data, self._last and not self._slots


async def serve(
    socket: web.WebSocketResponse, link: Link, limits: Limits, bucket: Bucket, counted: Counter[str],
    drop: Callable[[], None],
) -> None:  # fmt: skip
    """Carry a member's messages until one side ends. Closes neither ``link`` nor what it leads to.

    ``drop`` ends the connection without waiting for a reader that does not read.
    """
    talk = _Talk(socket, link, limits, bucket, counted)
    write, full = asyncio.create_task(talk.write()), asyncio.create_task(talk.out.full.wait())
    tasks = [asyncio.create_task(talk.read()), asyncio.create_task(talk.push()), write, full]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if talk.leaving and not done & {write, full}:  # `Gone` is still on its way
            await asyncio.wait([write, full], timeout=limits.stalled, return_when=asyncio.FIRST_COMPLETED)
        slow = full.done() or (write.done() and isinstance(write.exception(), TimeoutError))
    finally:
        for task in (*tasks, *talk.playing.values()):
            task.cancel()
        ends = await asyncio.gather(*tasks, *talk.playing.values(), return_exceptions=True)
    if slow:
        counted["slow readers"] += 1
        drop()
        return
    with contextlib.suppress(TimeoutError, ConnectionError, RuntimeError):
        await asyncio.wait_for(socket.close(code=talk.code), 5.0)
    for end in ends:
        if isinstance(end, Exception) and not isinstance(end, ConnectionError | RuntimeError | TimeoutError):
            raise end


class _Talk:
    def __init__(
        self, socket: web.WebSocketResponse, link: Link, limits: Limits, bucket: Bucket, counted: Counter[str]
    ) -> None:
        self.socket, self.link, self.limits, self.bucket, self.counted = socket, link, limits, bucket, counted
        self.out = Outbox(limits)
        self.playing: dict[int, asyncio.Task[None]] = {}
        """Fans that are being made, by the request's number: the newest, if any."""
        self.leaving = False
        self.code = 1000
        self.malformed = 0

    async def read(self) -> None:
        async for frame in self.socket:
            if frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                break
            if not self.bucket.take():
                return self.flood("messages too fast")
            asked = self.understood(frame.data if frame.type is WSMsgType.TEXT else None)
            if asked is None:
                self.malformed += 1
                if self.malformed >= self.limits.malformed:
                    return self.flood("malformed messages without end")
            elif isinstance(asked.request, m.Foresee):
                for number, older in tuple(self.playing.items()):
                    older.cancel()
                    self.out.put(m.Answer(number))  # here, for a task that never began says nothing
                    del self.playing[number]
                self.playing[asked.id] = asyncio.create_task(self.foresee(asked.id, asked.request))
            else:
                answer = await self.link.ask(asked.request)
                self.out.put(msgspec.structs.replace(answer, id=asked.id))
        return None

    def understood(self, data: str | None) -> m.Asked | None:
        """The message, or None after it has been answered that it is none."""
        number = NOBODY
        if data is not None:
            try:
                return msgspec.json.decode(data, type=m.Asked)
            except (msgspec.MsgspecError, RecursionError, UnicodeError):
                with contextlib.suppress(msgspec.MsgspecError, RecursionError, UnicodeError):
                    number = msgspec.json.decode(data, type=_Numbered).id
        self.counted["malformed messages"] += 1
        self.out.put(m.Answer(number, faults=[Message("class.bad-message")]))
        return None

    def flood(self, why: str) -> None:
        self.counted[why] += 1
        self.put_gone(m.Gone("flood", Message("class.flood")))

    def put_gone(self, gone: m.Gone) -> None:
        self.leaving, self.code = True, CODES[gone.why]
        self.out.put(gone)

    async def foresee(self, number: int, request: m.Foresee) -> None:
        try:
            async for fans in self.link.futures(request):
                self.out.put(m.Part(number, fans))
        except ConnectionError:
            pass  # told by the pushes
        except Exception:
            log.exception("fault in futures")
            self.counted["faults of our own"] += 1
        self.out.put(m.Answer(number))
        self.playing.pop(number, None)

    async def push(self) -> None:
        async for push in self.link.pushes():
            if isinstance(push, m.Gone):
                self.put_gone(push)
            else:
                self.out.put(push)

    async def write(self) -> None:
        while True:
            data, last = await self.out.get()
            await asyncio.wait_for(self.socket.send_str(data.decode()), self.limits.stalled)
            if last:
                return
