"""A host process: many light seat applications on one event loop, each the screen of a browser. No numpy.

Started by `game.classroom.hosts` as ``python -m game.tui.seat_host``; it knows neither room nor network, only frames on its
standard input and output (`game.classroom.pipes`). What one application does wrong ends that application alone. It reads
content, writes no file, and ends when its input does.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import queue
import signal
import struct
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
import textual.app
from textual._styles_cache import StylesCache
from textual.filter import ANSIToTruecolor

from game.classroom import messages as m
from game.classroom import pipes
from game.classroom.mailbox import Mailbox
from game.content import Content
from game.table.wire import Fans
from game.tui.pipe_driver import PipeDriver

BEHIND: Final = 8 * 1024 * 1024
"""Bytes that wait to be written, of all applications, before the server counts as gone."""
RARELY: Final = (50_000, 20, 50)
"""Objects and rounds between two looks for garbage: a row of a terminal is sixteen objects that need no looking after, and
each of Python's usual looks goes through all that the applications hold."""
SWEEP_AFTER: Final = 2.0
"""Seconds after an application's end that what it left is taken away."""


class PipeLink:
    """A `game.classroom.link.Link` through the process's pipe; the server holds the connection itself."""

    connected = True
    epoch = 0

    def __init__(self, send: Callable[[int, bytes], None]) -> None:
        """``send`` takes the kind and the body of a frame."""
        self._send = send
        self._number = 0
        self._waiting: dict[int, asyncio.Future[m.Answer]] = {}
        self._fans: dict[int, asyncio.Queue[Fans | None]] = {}
        self._boxes: set[Mailbox[m.Push]] = set()
        self._last: dict[type, m.Push] = {}
        self._closed = False

    def _ask(self, request: m.Request) -> tuple[int, asyncio.Future[m.Answer]]:
        if self._closed:
            raise ConnectionError("closed")
        self._number = (self._number + 1) % 2**31
        future: asyncio.Future[m.Answer] = asyncio.get_running_loop().create_future()
        self._waiting[self._number] = future
        self._send(pipes.ASKED, msgspec.json.encode(m.Asked(self._number, request)))
        return self._number, future

    def _drop(self, number: int) -> None:
        if self._waiting.pop(number, None) is not None and not self._closed:
            self._send(pipes.DROPPED, struct.pack("<I", number))

    async def ask(self, request: m.Request) -> m.Answer:
        """See `Link`."""
        number, future = self._ask(request)
        try:
            return await future
        finally:
            self._drop(number)

    async def futures(self, request: m.Foresee) -> AsyncIterator[Fans]:
        """See `Link`."""
        number, future = self._ask(request)
        waiting: asyncio.Queue[Fans | None] = asyncio.Queue()
        self._fans[number] = waiting
        future.add_done_callback(lambda _: waiting.put_nowait(None))
        try:
            while (fans := await waiting.get()) is not None:
                yield fans
        finally:
            del self._fans[number]
            self._drop(number)
            future.cancel()

    def pushes(self) -> AsyncIterator[m.Push]:
        """See `Link`."""
        box: Mailbox[m.Push] = Mailbox(gone=lambda: self._boxes.discard(box))
        self._boxes.add(box)
        for push in self._last.values():
            box.put(push)
        return box

    async def close(self) -> None:
        """See `Link`."""
        self.end()

    def hear(self, heard: m.FromRoom) -> None:
        """What the server passed on."""
        if isinstance(heard, m.Part):
            if (waiting := self._fans.get(heard.id)) is not None:
                waiting.put_nowait(heard.fans)
        elif isinstance(heard, m.Answer):
            future = self._waiting.pop(heard.id, None)
            if future is not None and not future.done():
                future.set_result(heard)
        else:
            self._last[type(heard)] = heard
            for box in tuple(self._boxes):
                box.put(heard)

    def end(self) -> None:
        """Nothing comes any more."""
        self._closed = True
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("closed"))
                future.exception()
        for box in tuple(self._boxes):
            box.close()


class Opening(msgspec.Struct, frozen=True):
    """What an application begins with."""

    width: int
    height: int
    lang: str


class _Desk:
    """One application and its browser."""

    def __init__(self, house: House, number: int, opening: Opening) -> None:
        from game.classroom.client import RoomSeat
        from game.tui.seat_app import SeatApp

        self._house, self._number = house, number
        self.link = PipeLink(lambda kind, body: house.send(number, kind, body))
        self.app = SeatApp(house.content, RoomSeat(self.link), lang="en" if opening.lang == "en" else "zh", way="browser")
        self.app.wire = lambda data: house.send(number, pipes.DRAWN, data)
        self.app.driver_class = PipeDriver
        self._size = (min(max(opening.width, 1), 500), min(max(opening.height, 1), 300))
        self.task = asyncio.create_task(self._run(), name=f"seat {number}")

    @property
    def driver(self) -> PipeDriver | None:
        """The driver, once the application runs."""
        driver = self.app._driver
        return driver if isinstance(driver, PipeDriver) else None

    async def _run(self) -> None:
        said = ""
        try:
            await self.app.run_async(size=self._size)
            said = self.app.fault
        except asyncio.CancelledError:
            raise
        except Exception:
            said = "fault"
            traceback.print_exc()
        finally:
            self.link.end()
            self._house.ended(self._number, said)

    def take(self, frame: pipes.Frame) -> None:
        """A frame from the server."""
        if frame.kind == pipes.TOLD:
            self.link.hear(msgspec.json.decode(frame.body, type=m.FromRoom))
            return
        if frame.kind == pipes.CLOSE:
            self.close()
            return
        driver = self.driver
        if driver is None:
            if frame.kind == pipes.SIZE:
                self._size = struct.unpack("<HH", frame.body)
            return
        if frame.kind == pipes.KEYS:
            driver.keys(frame.body.decode("utf-8", "ignore"))
        elif frame.kind == pipes.SIZE:
            width, height = struct.unpack("<HH", frame.body)
            driver.resize(min(max(width, 1), 500), min(max(height, 1), 300))
        elif frame.kind in (pipes.FOCUS, pipes.BLUR):
            driver.look(frame.kind == pipes.FOCUS)
        elif frame.kind in (pipes.HOLD, pipes.GO):
            driver.hold(frame.kind == pipes.HOLD)

    def close(self) -> None:
        """End the application."""
        self.link.end()
        if self.app.is_running:
            self.app.exit()
        else:
            self.task.cancel()


class House:
    """The applications of a process."""

    def __init__(self, content: Content, write: Callable[[bytes], None]) -> None:
        self.content = content
        self._write = write
        self.desks: dict[int, _Desk] = {}
        self._sweep: asyncio.TimerHandle | None = None

    def send(self, connection: int, kind: int, body: bytes = b"") -> None:
        """A frame to the server."""
        self._write(pipes.pack(connection, kind, body))

    def ended(self, number: int, said: str) -> None:
        """An application has ended."""
        if self.desks.pop(number, None) is not None:
            self.send(number, pipes.ENDED, said.encode())
            if self._sweep is None:
                self._sweep = asyncio.get_running_loop().call_later(SWEEP_AFTER, self._swept)

    def _swept(self) -> None:
        """An application is one great knot of objects: taken away at once, before the next ones come.

        Textual keeps the rows of widgets that are gone in caches of its own, keyed by them; these are emptied.
        """
        self._sweep = None
        for kept in (StylesCache.get_inner_outer, ANSIToTruecolor.truecolor_style):
            if (clear := getattr(kept, "cache_clear", None)) is not None:
                clear()
        gc.collect()

    def take(self, frame: pipes.Frame) -> None:
        """A frame from the server; what is wrong with it harms its application at most."""
        if frame.connection == 0:
            if frame.kind == pipes.PING:
                self.send(0, pipes.PONG)
            return
        try:
            if frame.kind == pipes.OPEN:
                opening = msgspec.json.decode(frame.body, type=Opening)
                self.desks[frame.connection] = _Desk(self, frame.connection, opening)
            elif (desk := self.desks.get(frame.connection)) is not None:
                desk.take(frame)
        except Exception:
            traceback.print_exc()
            if (desk := self.desks.get(frame.connection)) is not None:
                desk.close()
            else:
                self.send(frame.connection, pipes.ENDED, b"fault")

    async def close(self) -> None:
        """End all applications."""
        tasks = [desk.task for desk in self.desks.values()]
        for desk in list(self.desks.values()):
            desk.close()
        if tasks:
            await asyncio.wait(tasks, timeout=2)


class _Writer:
    """Writes on a thread of its own, so that a slow server never holds up the applications."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._put = self._done = 0  # each counted on one thread only
        self.thread = threading.Thread(target=self._run, name="frames out", daemon=True)
        self.thread.start()

    def write(self, data: bytes) -> None:
        """Write soon. A server that has not read for so long that `BEHIND` is passed is gone, and so are we."""
        self._put += len(data)
        if self._put - self._done > BEHIND:
            os._exit(3)
        self._queue.put(data)

    def close(self) -> None:
        """Write what there is, then no more."""
        self._queue.put(None)
        self.thread.join(2)

    def _run(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while (data := self._queue.get()) is not None:
                self._stream.write(data)
                self._done += len(data)
                if self._queue.empty():
                    self._stream.flush()


async def serve(content: Content, source: BinaryIO, sink: BinaryIO) -> None:
    """Take frames until the source ends."""
    loop = asyncio.get_running_loop()
    writer = _Writer(sink)
    house = House(content, writer.write)
    over = asyncio.Event()

    def take(found: list[pipes.Frame]) -> None:
        for frame in found:
            house.take(frame)

    def read() -> None:
        frames = pipes.Frames()
        with contextlib.suppress(OSError, ValueError, RuntimeError, pipes.FrameError):
            while data := source.read1(65536):  # type: ignore[attr-defined]
                if found := frames.feed(data):
                    loop.call_soon_threadsafe(take, found)
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(over.set)

    threading.Thread(target=read, name="frames in", daemon=True).start()
    warm(content)
    gc.collect()
    gc.freeze()  # what all applications share is never looked at again
    gc.set_threshold(*RARELY)
    house.send(0, pipes.READY)
    await over.wait()
    await house.close()
    writer.close()


def warm(content: Content) -> None:
    """Import what the first screens need, before the first browser comes."""
    import game.tui.screens.confirm
    import game.tui.screens.report
    import game.tui.screens.room
    import game.tui.screens.seat_board
    import game.tui.seat_app

    _ = content.locale, game.tui.seat_app


@contextlib.contextmanager
def _nothing(_: Any) -> Any:
    yield None


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes, kept for frames alone: nobody else reads the input, and what is printed goes where errors go."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(source.fileno(), os.O_BINARY)
        msvcrt.setmode(sink.fileno(), os.O_BINARY)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return source, sink


def main(arguments: Sequence[str]) -> int:
    """Serve until the input ends. ``arguments``: where decoded content is kept, and a folder of own content or nothing."""
    source, sink = _streams()
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever stops the server closes our input
    # Each application would put itself in the place of the process's output, one over the other.
    textual.app.redirect_stdout = textual.app.redirect_stderr = _nothing  # type: ignore[attr-defined, assignment]
    from game.content import load
    from game.content.cache import load_shipped

    store, own = Path(arguments[0]), arguments[1]
    content = load(overlay=Path(own)) if own else load_shipped(store)
    asyncio.run(serve(content, source, sink))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
