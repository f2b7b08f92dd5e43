"""What a room shows and answers on the teacher's own machine: the projector's board, and the teacher's commands."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec
from aiohttp import WSMsgType, web

from game.classroom import messages as m
from game.classroom.entrance import Entrance, Refused, farewell, html, upgrades
from game.classroom.errors import ClassError
from game.classroom.guard import LOOPBACK
from game.classroom.limits import Cap, Limits
from game.pages import board
from game.pages.bilingual import POLICY
from game.pages.lessons import for_the_wall, lesson_page

if TYPE_CHECKING:
    from game.classroom.room import Room
    from game.content import Content


class Projector:
    """The board. The room's code is on it on the teacher's own machine alone, where the projector hangs."""

    def __init__(self, room: Room, content: Content, entrance: Entrance, limits: Limits, address: Callable[[], str]) -> None:
        """``address`` is what pupils type."""
        self._room, self._content, self._entrance, self._limits = room, content, entrance, limits
        self._address = address
        self._there = Cap(limits.boards, limits.boards)
        self.open: set[web.WebSocketResponse] = set()

    def routes(self) -> list[web.RouteDef]:
        """What it answers."""
        return [
            web.get("/board", self._page), web.get("/board/ws", self._socket), web.get(board.QR_PATH, self._qr),
            web.get("/lessons/{id}", self._sheet),
        ]  # fmt: skip

    async def _page(self, request: web.Request) -> web.Response:
        lang = self._entrance.tongue(request).lang
        return html(board.board_page(self._content, lang, address=self._address()))

    async def _qr(self, request: web.Request) -> web.Response:
        code = f"#{self._room.code}" if self._entrance.from_here(request) and self._room.code else ""
        return web.Response(text=board.qr_svg(f"{self._address()}/{code}"), content_type="image/svg+xml")

    async def _sheet(self, request: web.Request) -> web.Response:
        """A lesson sheet for the wall, on the teacher's own machine; never a briefing and never an answer."""
        label = request.match_info["id"]
        if not self._entrance.from_here(request) or label not in for_the_wall(self._content):
            raise web.HTTPNotFound
        lang = self._entrance.tongue(request).lang
        text = await asyncio.to_thread(lesson_page, self._content, label, lang, (lang,))
        return html(text, more={"Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'"})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if "Origin" not in request.headers or not upgrades(request):
            raise Refused(403, "class.page.refused-origin", "no Origin")
        with self._there.one(self._entrance.caller(request)) as room_for_one:
            if not room_for_one:
                raise Refused(503, "class.join.full", "too many boards", retry=5)
            socket = web.WebSocketResponse(max_msg_size=1024, heartbeat=20.0, compress=False)
            await socket.prepare(request)
            self.open.add(socket)
            writer = asyncio.create_task(self._show(socket, self._entrance.from_here(request)))
            try:
                async for frame in socket:
                    if writer.done() or frame.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                        break  # nothing is to be said here
            finally:
                self.open.discard(socket)
                writer.cancel()
                await asyncio.gather(writer, return_exceptions=True)
            await farewell(socket)
        return socket

    async def _show(self, socket: web.WebSocketResponse, shows_code: bool) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError, TimeoutError):
            async for found in self._room.boards():
                shown = found if shows_code else msgspec.structs.replace(found, code="")
                await asyncio.wait_for(socket.send_str(msgspec.json.encode(shown).decode()), self._limits.stalled)
        await farewell(socket)


class Teacher:
    """The teacher's commands: from this machine to itself, under a name that a machine calls itself by, with the token that
    stands in the teacher's file. Nothing that passed a proxy is from here."""

    def __init__(self, room: Room, entrance: Entrance, token: str) -> None:
        self._room, self._entrance, self.token = room, entrance, token

    def routes(self) -> list[web.RouteDef]:
        """What it answers."""
        return [
            web.post("/teach", self._needed(self._teach)), web.get("/teach/desk", self._needed(self._desk)),
            web.get("/teach/counts", self._needed(self._counts)),
        ]  # fmt: skip

    def _needed(self, handler: Callable[[web.Request], Awaitable[web.Response]]):  # type: ignore[no-untyped-def]
        async def only(request: web.Request) -> web.Response:
            if not self._is_teacher(request):
                raise Refused(403, "class.page.no-teacher", "no teacher")
            return await handler(request)

        return only

    def _is_teacher(self, request: web.Request) -> bool:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        right = hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())
        here = self._entrance.from_here(request) and self._entrance.guard.host(request.headers["Host"]) in LOOPBACK
        return bool(self.token) and right and kind == "Bearer" and here

    async def _teach(self, request: web.Request) -> web.Response:
        try:
            command = msgspec.json.decode(await request.read(), type=m.Command)
        except (msgspec.MsgspecError, RecursionError, UnicodeError):
            raise Refused(400, "class.page.bad-request", "malformed command") from None
        try:
            told = await self._room.teach(command)
        except ClassError as error:
            raise Refused(409, error.message.id, "not done", **error.message.args) from error
        return web.json_response({"told": told})

    async def _desk(self, request: web.Request) -> web.Response:
        return web.Response(body=msgspec.json.encode(self._room.desk()), content_type="application/json")

    async def _counts(self, request: web.Request) -> web.Response:
        return web.json_response(dict(self._entrance.counted))
