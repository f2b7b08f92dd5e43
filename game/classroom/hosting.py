"""A room on this machine, from its file to its addresses: everything that ``baimo class host`` starts, and ends again."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import logging
import os
import secrets
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aiohttp.http_exceptions import HttpProcessingError

from game.classroom.address import PORT, Address, parse_address
from game.classroom.errors import ClassError
from game.classroom.guard import Guard
from game.classroom.limits import Limits
from game.classroom.listen import Listener
from game.classroom.network import ANY, Reach, own_addresses, printed, reach
from game.classroom.plan import Plan
from game.classroom.pool import FanPool
from game.classroom.room import Room
from game.classroom.server import RoomServer
from game.table.files import new_file

if TYPE_CHECKING:
    from game.content import Content

TRIES: Final = 20
"""Ports that are tried, one after the other, where none was asked for."""
LOOPBACK: Final = "127.0.0.1"
LOOK_AGAIN: Final = 10.0
"""Seconds between two looks for new addresses of this machine."""
TEACHER_SUFFIX: Final = ".teacher"
"""Of the file beside the room's store that holds the teacher's token while the room is open."""


@dataclass(frozen=True)
class Wishes:
    """How a room is to be hosted."""

    path: Path
    """The room's store; one that is there already is gone on with."""
    plan: Plan
    bind: str = "0.0.0.0"
    port: int | None = None
    """None for the usual one, or the next that is free."""
    name: str = ""
    """Name or address by which pupils reach this machine, where it cannot know that itself."""
    cert: Path | None = None
    key: Path | None = None
    content: Path | None = None
    """Folder of own content."""
    lang: str = "zh"
    browsers: int = 2
    """Host processes for browser seats; 0 for none."""
    pools: int = 1
    """Processes that play futures."""


@dataclass
class Hosted:
    """A room that is open."""

    room: Room
    server: RoomServer
    addresses: list[Address]
    """Under which pupils reach it, the likeliest first."""
    bind: str
    went_on: bool
    """Whether the room was there already."""
    teacher_file: Path
    terminals: Any = None
    pool: FanPool | None = None
    troubles: list[str] = field(default_factory=list)

    async def check(self) -> Reach:
        """Whether pupils can reach it; see `game.classroom.network.reach`."""
        own = {*await asyncio.to_thread(own_addresses, "::"), LOOPBACK, "::1", *(a.host for a in self.addresses)}
        return await reach(self.bind, self.addresses, len(self.server.entrance.seen - own))

    def invitation(self) -> str:
        """The address that a QR brings: the code stands behind the #, which no browser sends anywhere."""
        return f"{self.addresses[0].url('/')}#{self.room.code}" if self.addresses else ""


@asynccontextmanager
async def hosted(content: Content, wishes: Wishes) -> AsyncIterator[Hosted]:
    """A room, open while the block runs. Raises `ClassError` with one sentence for whatever stands in the way."""
    tls = _tls(wishes)
    given = [parse_address(wishes.name).host] if wishes.name else []
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(_faults_kept(wishes.path.with_name(wishes.path.name + ".log")))
        pool = FanPool(wishes.content, processes=wishes.pools) if wishes.pools else None
        went_on = wishes.path.exists()
        if went_on:
            room = await Room.open(content, wishes.path, fans=pool)
        else:
            room = await Room.create(content, wishes.plan, wishes.path, fans=pool)
        stack.push_async_callback(room.close)
        token = secrets.token_urlsafe(32)
        guard = Guard(frozenset(), 0, tls is not None)
        server = RoomServer(room, content, guard, lang=wishes.lang, teacher=token, limits=Limits())
        try:
            listener, port = await _listening(server, wishes, tls)
        except ClassError:
            if not went_on:  # made a moment ago; what could not be opened is not gone on with
                await room.close()
                _remove(wishes.path)
            raise
        stack.push_async_callback(listener.close)
        guard.port = port
        names = list(dict.fromkeys([*given, *await asyncio.to_thread(own_addresses, wishes.bind)]))
        guard.names, guard.again = frozenset(names), _now_and_then(wishes.bind)
        there = Hosted(
            room, server, printed(names, port, tls is not None), wishes.bind, went_on,
            wishes.path.with_name(wishes.path.name + TEACHER_SUFFIX), pool=pool,
        )  # fmt: skip
        server.address = str(there.addresses[0] if there.addresses else Address(LOOPBACK, port, tls is not None)).rstrip("/")
        _keep_token(there.teacher_file, port, tls is not None, token)
        stack.callback(_forget, there.teacher_file)
        if pool is not None:
            await pool.start()
            stack.push_async_callback(pool.close)
        if wishes.browsers:
            await _with_browsers(there, wishes, stack)
        yield there
        await room.close()  # tells everybody, while they can still hear it


def _now_and_then(bind: str) -> Callable[[], frozenset[str]]:
    """Looks for new addresses of this machine, every `LOOK_AGAIN` seconds at most, whoever makes it ask."""
    looked = [time.monotonic()]

    def again() -> frozenset[str]:
        if time.monotonic() - looked[0] < LOOK_AGAIN:
            return frozenset()
        looked[0] = time.monotonic()
        return frozenset(own_addresses(bind, names=False))

    return again


async def _with_browsers(there: Hosted, wishes: Wishes, stack: contextlib.AsyncExitStack) -> None:
    """Start the host processes beside; browsers that come before they are ready wait in their queue."""
    try:
        hosts = import_module("game.classroom.hosts").Hosts(processes=wishes.browsers, content=wishes.content)
    except ModuleNotFoundError as error:
        there.troubles.append(str(error))
        return

    async def start() -> None:
        try:
            await hosts.start()
        except OSError as error:
            there.troubles.append(str(error))
            there.server.terminals = None

    starting = asyncio.create_task(start(), name="host processes")

    async def close() -> None:
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await hosts.close()

    stack.push_async_callback(close)
    there.terminals = there.server.terminals = hosts


class _OwnFile(RotatingFileHandler):
    """A log that its owner alone may read, where the system knows such modes."""

    def _open(self) -> Any:
        return open(self.baseFilename, self.mode, encoding=self.encoding, opener=lambda path, how: os.open(path, how, 0o600))


def _without_requests(record: logging.LogRecord) -> bool:
    """Nothing of what came over the network is kept: the web server would write down the line that it could not read,
    with the token or the secret in it, and whence it came."""
    if not record.name.startswith("baimo.http"):
        return True
    if record.exc_info and isinstance(record.exc_info[1], HttpProcessingError):
        return False
    record.msg, record.args = "fault of the web server", ()
    return True


@contextlib.contextmanager
def _faults_kept(path: Path) -> Iterator[None]:
    """Faults of the program itself go to a file beside the room's, made with the first; never to the terminal, where a
    dashboard may stand. Requests are not logged."""
    logger = logging.getLogger("baimo")
    handler = _OwnFile(path, maxBytes=200_000, backupCount=1, delay=True, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
    handler.setLevel(logging.WARNING)
    handler.addFilter(_without_requests)
    logger.addHandler(handler)
    logger.propagate, before = False, logger.propagate
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = before
        handler.close()


# sockets --------------------------------------------------------------------------------------------------------------
async def _listening(server: RoomServer, wishes: Wishes, tls: ssl.SSLContext | None) -> tuple[Listener, int]:
    """Listen where it is wished, and always on the loopback interface, where the teacher's own programs are."""
    hosts = [wishes.bind]
    if not wishes.bind.strip():  # would be every address
        raise ClassError("class.host.bind", address=wishes.bind)
    if wishes.bind == "::":
        hosts.append("0.0.0.0")
    elif wishes.bind not in (*ANY, LOOPBACK, "localhost"):
        hosts.append(LOOPBACK)
    usual = wishes.port is None
    ports = range(PORT, min(PORT + TRIES, 65536)) if usual else [wishes.port or 0]
    for port in ports:
        listener = Listener(server.app(), server.limits, server.counted)
        try:
            return listener, await listener.start(hosts, port, tls)
        except UnicodeError as error:  # no name at all
            raise ClassError("class.host.bind", address=wishes.bind[:80]) from error
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", -1)) and usual:
                continue
            raise _blocked(error, wishes.bind, port) from error
    raise ClassError("class.host.ports-taken", first=str(PORT), last=str(PORT + TRIES - 1))


def _blocked(error: OSError, bind: str, port: int) -> ClassError:
    code = error.errno
    if code in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", -1)):
        return ClassError("class.host.port-taken", port=str(port))
    if code in (errno.EACCES, getattr(errno, "WSAEACCES", -1)):
        return ClassError("class.host.port-forbidden", port=str(port))
    if code in (errno.EADDRNOTAVAIL, getattr(errno, "WSAEADDRNOTAVAIL", -1)) or isinstance(error, socket.gaierror):
        return ClassError("class.host.bind", address=bind)
    return ClassError("class.host.no-socket", address=bind, port=str(port), why=error.strerror or str(error))


def _tls(wishes: Wishes) -> ssl.SSLContext | None:
    """The certificate, if one is given. Raises `ClassError` where it cannot be used."""
    if wishes.cert is None and wishes.key is None:
        return None
    if wishes.cert is None:
        raise ClassError("class.host.key-alone")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2

    def no_password() -> str:
        raise ssl.SSLError("a password would be needed")

    try:
        context.load_cert_chain(wishes.cert, wishes.key, no_password)
    except (OSError, ssl.SSLError, ValueError) as error:
        why = getattr(error, "reason", "") or getattr(error, "strerror", "") or str(error)
        raise ClassError("class.host.cert", file=wishes.cert.name, why=str(why)) from error
    return context


# the teacher's token --------------------------------------------------------------------------------------------------
def _keep_token(path: Path, port: int, secure: bool, token: str) -> None:
    """A file that only its owner reads, where the system knows owners. Raises `ClassError`."""
    text = json.dumps({"address": Address(LOOPBACK, port, secure).url(""), "token": token, "pid": os.getpid()})
    _forget(path)  # of a process that was killed; the room's store is ours alone by now
    old = os.umask(0o077)
    try:
        new_file(path, text.encode())
        with contextlib.suppress(OSError):
            path.chmod(0o600)
    except OSError as error:
        raise ClassError("class.host.no-token", file=path.name, why=error.strerror or str(error)) from error
    finally:
        os.umask(old)


def _remove(store: Path) -> None:
    for path in (store, *(store.with_name(store.name + more) for more in ("-wal", "-shm"))):
        _forget(path)


def _forget(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


# waiting --------------------------------------------------------------------------------------------------------------
async def until_over(room: Room) -> None:
    """Returns once the teacher has closed the room for good."""
    async for desk in room.desks():
        if desk.phase == "over":
            return


def on_leaving(leave: Callable[[], None], *, hangup: bool = True) -> Callable[[], None]:
    """Have ``leave`` called on the loop when the system or Ctrl-C asks the program to end; call the result to undo it.

    Without ``hangup`` a terminal that is taken away ends the program at once, as a kill does and with as little lost: what
    draws on a terminal could wait for ever for one that is gone, with the room's file and port still held.
    """
    import signal

    loop = asyncio.get_running_loop()
    names = [n for n in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, n) and (hangup or n != "SIGHUP")]
    kept: dict[int, Any] = {}
    for name in names:
        number = getattr(signal, name)
        try:
            loop.add_signal_handler(number, leave)
            kept[number] = None
        except (NotImplementedError, RuntimeError, ValueError):  # Windows
            with contextlib.suppress(ValueError, OSError):
                kept[number] = signal.signal(number, lambda *_: loop.call_soon_threadsafe(leave))

    def undo() -> None:
        for number, handler in kept.items():
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.remove_signal_handler(number)
            if handler is not None:
                with contextlib.suppress(ValueError, OSError):
                    signal.signal(number, handler)

    return undo
