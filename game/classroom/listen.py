"""The sockets of a room: at the door a porter counts connections and waits for a whole head, so that neither a thousand
idle connections nor one that sends a letter a minute reaches the web server."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from aiohttp import web

from game.classroom.guard import plain_address
from game.classroom.limits import Limits

LONGEST_HEAD: Final = 16 * 1024
TLS_HELLO: Final = b"\x16\x03"


class _Door:
    """Connections that are open, by address."""

    def __init__(self, limits: Limits, counted: Counter[str]) -> None:
        self.limits, self.counted = limits, counted
        self._open: dict[str, list[asyncio.BaseTransport]] = {}

    def enter(self, transport: asyncio.BaseTransport) -> bool:
        """Whether one more is let in."""
        peer = transport.get_extra_info("peername")
        key = plain_address(peer[0] if peer else "")
        for name in (key, *([] if len(self._open) < 64 else list(self._open))):
            there = [t for t in self._open.get(name, ()) if not t.is_closing()]
            if there:
                self._open[name] = there
            else:
                self._open.pop(name, None)
        mine = self._open.setdefault(key, [])
        in_all = sum(len(there) for there in self._open.values())
        if len(mine) >= self.limits.transports_of_address or in_all >= self.limits.transports:
            self.counted["too many connections"] += 1
            return False
        mine.append(transport)
        return True


class _Porter(asyncio.Protocol):
    """Holds a connection until its first head is whole, then hands it to the web server."""

    def __init__(self, door: _Door, make: Callable[[], asyncio.Protocol]) -> None:
        self._door, self._make = door, make
        self._head = bytearray()
        self._transport: asyncio.Transport | None = None
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not self._door.enter(transport):
            transport.abort()
            return
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(self._door.limits.slow_body, self._end, "slow heads")

    def _end(self, why: str) -> None:
        self._door.counted[why] += 1
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._head += data
        if self._head.startswith(TLS_HELLO):  # https was typed, and here is none
            self._end("TLS where there is none")
        elif b"\r\n\r\n" in self._head or b"\n\n" in self._head:
            self._hand_over()
        elif len(self._head) > LONGEST_HEAD:
            self._end("long heads")

    def _hand_over(self) -> None:
        assert self._transport is not None
        if self._patience is not None:
            self._patience.cancel()
        if self._transport.is_closing():
            return
        handler = self._make()
        self._transport.set_protocol(handler)
        handler.connection_made(self._transport)
        handler.data_received(bytes(self._head))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._patience is not None:
            self._patience.cancel()


class Listener:
    """The sockets that a web application listens on."""

    def __init__(self, app: web.Application, limits: Limits, counted: Counter[str]) -> None:
        self._runner = web.AppRunner(
            app, access_log=None, handle_signals=False, keepalive_timeout=30.0, max_line_size=4096, max_field_size=8190,
            shutdown_timeout=2.0, logger=logging.getLogger("baimo.http"),
        )  # fmt: skip
        self._door = _Door(limits, counted)
        self._servers: list[asyncio.Server] = []

    async def start(self, hosts: Sequence[str], port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen on every one of ``hosts``; the port (drawn where 0 is asked for). Raises OSError, and then listens nowhere."""
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        make = self._runner.server
        assert make is not None
        try:
            for host in hosts:
                more = {"ssl_handshake_timeout": 10.0} if tls else {}
                server = await loop.create_server(
                    lambda: _Porter(self._door, make), host, port, ssl=tls, backlog=256, **more
                )
                self._servers.append(server)
                port = port or server.sockets[0].getsockname()[1]
        except BaseException:
            await self.close()
            raise
        return port

    async def close(self) -> None:
        """Let nobody in any more, end what is open."""
        for server in self._servers:
            server.close()
        await self._runner.cleanup()
        self._servers = []
