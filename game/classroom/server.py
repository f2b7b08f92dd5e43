"""A room on the network: pages, joining, members' WebSockets. Decides nothing: that is the room's.

Every request passes `game.classroom.entrance` first. Members prove themselves by their secret alone, as a Bearer token
(programs) or a cookie that scripts cannot read and other sites cannot send (browsers). The projector and the teacher's
commands are in `game.classroom.staff_pages`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable
from importlib import import_module
from math import ceil
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import parse_qs

import msgspec
from aiohttp import WSMsgType, web

from game.classroom import join_page, member_socket
from game.classroom import messages as m
from game.classroom.entrance import Entrance, Peer, Refused, browses, farewell, html, kind_of, log, upgrades
from game.classroom.errors import ClassError
from game.classroom.guard import Guard, headers
from game.classroom.limits import Bucket, Buckets, Cap, Clock, Limits, WrongCodes
from game.classroom.secret import same_code
from game.classroom.staff_pages import Projector, Teacher
from game.classroom.web_link import SUBPROTOCOL
from game.language import LANGS, Tongue, clean_text
from game.pages import board
from game.table.wire import Message

if TYPE_CHECKING:
    from game.classroom.room import Room
    from game.content import Content

COOKIE_AGE: Final = 24 * 3600
A_KEY: Final = 64
"""Bytes of a browser's message that count as one key: its screen draws after every key of a long one, too."""


class Terminals(Protocol):
    """What is needed of `game.classroom.hosts.Hosts`."""

    async def attach(self, ws: web.WebSocketResponse, open_link: Callable[[], Awaitable[Any]], *, lang: str) -> None:
        """Be the seat of a browser until its WebSocket closes."""


class _Asking(msgspec.Struct):
    """As much of a `Join` as tells whether the rest can be understood."""

    protocol: int = 0


class RoomServer:
    """The web application of a room; `app` makes it, a runner of aiohttp runs it."""

    def __init__(
        self, room: Room, content: Content, guard: Guard, *, lang: str = "zh", teacher: str = "",
        terminals: Terminals | None = None, limits: Limits | None = None, clock: Clock | None = None,
        peer: Peer = lambda request: request.remote,
    ) -> None:  # fmt: skip
        """``teacher`` is the teacher's token, empty for none. ``peer`` says where a request comes from."""
        self.room, self.content, self.guard, self.lang = room, content, guard, lang
        self.terminals = terminals
        self.limits = limits = limits or Limits()
        self.address = ""
        """What pupils type, as the projector shows it; set once the port is known."""
        time: dict[str, Any] = {"clock": clock} if clock else {}
        self._time = time
        tongues = {code: Tongue(code, content=content) for code in LANGS}
        self.entrance = Entrance(guard, tongues, lang, limits, peer, time)
        self.projector = Projector(room, content, self.entrance, limits, lambda: self.address)
        self.teacher = Teacher(room, self.entrance, teacher)
        self._joins, self._all_joins = Buckets(*limits.joins, **time), Bucket(*limits.all_joins, **time)
        self._wrong = WrongCodes(**time)
        self._sockets = Cap(limits.sockets, limits.sockets_of_address)
        self._open: set[web.WebSocketResponse] = set()
        self._statics = {
            **join_page.STATICS, **_statics("game.classroom.play_page"),
            board.SCRIPT_PATH: (board.BOARD_SCRIPT.encode, "text/javascript; charset=utf-8"),
            board.STYLE_PATH: (board.BOARD_STYLE.encode, "text/css; charset=utf-8"),
        }  # fmt: skip

    @property
    def counted(self) -> Counter[str]:
        """What was refused, by kind."""
        return self.entrance.counted

    def app(self) -> web.Application:
        """The application, new each time."""
        app = web.Application(middlewares=[self.entrance.checked], client_max_size=m.MAX_MESSAGE)
        app.on_response_prepare.append(self.entrance.prepared)
        app.on_shutdown.append(self._shut)
        app.add_routes([
            web.get("/", self._join_page), web.post("/api/join", self._join), web.get("/api/ws", self._member),
            web.get("/j/{token}", self._redeem, allow_head=False), web.get("/play", self._play),
            web.get("/play/plain", self._plain), web.get("/play/ws", self._terminal), web.get("/check", self._check),
            web.get("/static/{name}", self._static), *self.projector.routes(), *self.teacher.routes(),
        ])  # fmt: skip
        return app

    async def _shut(self, _: web.Application) -> None:
        await asyncio.gather(*(farewell(socket, 1001) for socket in (*self._open, *self.projector.open)))

    # pages

    async def _join_page(self, request: web.Request) -> web.Response:
        return self._form(request)

    def _form(self, request: web.Request, status: int = 200, fault: Message | None = None, **typed: str) -> web.Response:
        lang = typed.pop("lang", "")
        tongue = self.entrance.tongues.get(lang) or self.entrance.tongue(request)
        teams = [(team.id, _team_name(tongue, team.name)) for team in self.room.desk().teams]
        text = join_page.join_page(
            tongue, teams, secure=self.guard.secure, seated=self._cookie_member(request) is not None,
            fault=tongue.message(fault) if fault else "", **typed,
        )  # fmt: skip
        # with "no-referrer" a browser would send "null" as Origin of the form
        return html(text, status, {"Referrer-Policy": "same-origin"})

    async def _static(self, request: web.Request) -> web.Response:
        found = self._statics.get(f"/static/{request.match_info['name']}")
        if found is None:
            raise web.HTTPNotFound
        data, kind = found
        content_type, _, charset = kind.partition("; charset=")
        return web.Response(body=data(), content_type=content_type, charset=charset or None,
                            headers={"Cache-Control": "no-cache"})  # fmt: skip

    async def _play(self, request: web.Request) -> web.Response:
        # A link clicked on another site brings no cookie along with the first page; the page's own socket then does.
        linked = request.headers.get("Sec-Fetch-Site") == "cross-site"
        if self._cookie_member(request) is None and not linked:
            if request.method == "HEAD":  # the page asks whether it still has a seat
                raise web.HTTPUnauthorized
            return web.Response(status=303, headers={"Location": "/"})
        play_page = import_module("game.classroom.play_page")
        own = headers(request.headers["Host"], self.guard.secure, own_styles=True)
        return html(play_page.play_page(self.entrance.tongue(request).lang), 200, own)

    async def _plain(self, request: web.Request) -> web.Response:
        return html(import_module("game.classroom.play_page").plain_page(self.entrance.tongue(request).lang))

    async def _check(self, request: web.Request) -> web.Response:
        return web.json_response({"room": "baimo", "protocol": m.PROTOCOL})

    # joining

    async def _join(self, request: web.Request) -> web.Response:
        address = self.entrance.caller(request)
        form = request.content_type == "application/x-www-form-urlencoded"
        typed: dict[str, str] = {}
        try:
            data = await asyncio.wait_for(request.read(), self.limits.slow_body)
        except TimeoutError:
            raise Refused(408, "class.join.unreadable", "slow body") from None
        try:
            wish = _form_wish(data, typed) if form else _wish(data)
            place = await self._seat(address, wish)
        except Refused as refused:
            if not form or refused.status == 426:
                raise
            self.counted[refused.kind] += 1
            return self._form(request, refused.status, refused.message, **typed)
        self.counted["joined"] += 1
        if form:
            lang = typed["lang"] or self.entrance.tongue(request).lang
            response = web.Response(status=303, headers={"Location": f"/play?lang={lang}"})
            response.set_cookie("baimo-lang", lang, max_age=COOKIE_AGE, path="/", samesite="Strict")
        elif "Origin" in request.headers:  # a browser's script has no business with the secret
            response = web.json_response({"member": place.member, "team": place.team, "protocol": m.PROTOCOL})
        else:
            return web.Response(body=msgspec.json.encode(place), content_type="application/json")
        self._give_cookie(response, place)
        return response

    async def _seat(self, address: str, wish: m.Join) -> m.Place:
        if (pause := self._wrong.wait(address)) > 0:
            raise Refused(429, "class.join.wait", "wrong codes", retry=ceil(pause), seconds=ceil(pause))
        if not self._joins.take(address) or not self._all_joins.take():
            raise Refused(429, "class.join.busy", "joins too fast", retry=3)
        if not self.room.code:
            raise Refused(410, "class.join.over", "room over")
        if not same_code(wish.code, self.room.code):
            self._wrong.wrong(address)
            raise Refused(403, "class.join.code", "wrong code")
        self._wrong.right(address)
        try:
            return await self.room.join(wish)
        except ClassError as error:
            raise Refused(409, error.message.id, "not joined", **error.message.args) from error

    async def _redeem(self, request: web.Request) -> web.Response:
        fetched_ahead = {request.headers.get("Sec-Purpose", ""), request.headers.get("Purpose", "")} - {""}
        place = None if fetched_ahead else self.room.redeem(request.match_info["token"][:200])
        if place is None:
            raise Refused(410, "class.join.link-used", "used link")
        await self.room.kept()
        if request.headers.get("Accept") == "application/json" and not browses(request):
            return web.Response(body=msgspec.json.encode(place), content_type="application/json")
        response = web.Response(status=303, headers={"Location": "/play"})
        self._give_cookie(response, place)
        return response

    # members

    @property
    def cookie(self) -> str:
        """Name of the cookie: rooms on two ports of one machine do not take each other's."""
        return f"{'__Host-' if self.guard.secure else ''}baimo-{self.guard.port}"

    def _give_cookie(self, response: web.Response, place: m.Place) -> None:
        response.set_cookie(
            self.cookie, place.secret, max_age=COOKIE_AGE, path="/", httponly=True, samesite="Strict",
            secure=self.guard.secure,
        )  # fmt: skip

    def _cookie_member(self, request: web.Request) -> str | None:
        secret = request.cookies.get(self.cookie, "")
        return self.room.member_of(secret) if 0 < len(secret) <= 256 else None

    def _member_by_token(self, request: web.Request) -> str | None:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        return self.room.member_of(secret) if kind == "Bearer" and 0 < len(secret) <= 256 else None

    async def _member(self, request: web.Request) -> web.StreamResponse:
        offered = [p.strip() for p in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
        if SUBPROTOCOL not in offered:
            raise Refused(426, _older(offered), "other protocol")
        bearer = "Authorization" in request.headers
        member = self._member_by_token(request) if bearer else self._cookie_member(request)
        way = "browser" if not bearer else "terminal" if request.headers.get("Baimo-Way") == "terminal" else "api"
        socket = web.WebSocketResponse(protocols=(SUBPROTOCOL,), max_msg_size=m.MAX_MESSAGE, heartbeat=20.0, compress=False)

        async def talk(member: str) -> None:
            connection = await self.room.connect(member, way)
            try:
                bucket = Bucket(*self.limits.messages, **self._time)
                await member_socket.serve(socket, connection, self.limits, bucket, self.counted, _abort(request))
            finally:
                await connection.close()

        return await self._serve(request, socket, member, talk)

    async def _terminal(self, request: web.Request) -> web.StreamResponse:
        terminals = self.terminals
        if terminals is None:
            raise web.HTTPNotFound
        if "Origin" not in request.headers:
            raise Refused(403, "class.page.refused-origin", "no Origin")
        bucket, lang = Bucket(*self.limits.frames, **self._time), self.entrance.tongue(request).lang
        socket = Metered(bucket, self.counted, max_msg_size=m.MAX_MESSAGE, heartbeat=20.0, compress=False)

        async def talk(member: str) -> None:
            await terminals.attach(socket, lambda: self.room.connect(member, "browser"), lang=lang)

        return await self._serve(request, socket, self._cookie_member(request), talk)

    async def _serve(
        self, request: web.Request, socket: web.WebSocketResponse, member: str | None,
        talk: Callable[[str], Awaitable[None]],
    ) -> web.StreamResponse:  # fmt: skip
        """A member's socket, counted while it is open. Raises `Refused` before it is."""
        if not self.room.code:
            raise Refused(410, "class.join.over", "room over")
        if member is None:
            raise Refused(401, "class.page.no-seat", "no seat")
        if not upgrades(request):
            raise Refused(400, "class.page.bad-request", "no WebSocket")
        with self._sockets.one(self.entrance.caller(request)) as room_for_one:
            if not room_for_one:
                raise Refused(503, "class.join.full", "too many sockets", retry=5)
            await socket.prepare(request)
            self._open.add(socket)
            try:
                await talk(member)
            except ClassError as error:  # gone between the door and the seat
                self.counted[f"not connected: {error.message.id}"] += 1
            except Exception:  # the answer has begun: nothing but the end can be told any more
                log.exception("fault in %s", kind_of(request))
                self.counted["faults of our own"] += 1
            finally:
                self._open.discard(socket)
            await farewell(socket)
        return socket


class Metered(web.WebSocketResponse):
    """A WebSocket that is closed when more comes than a person types."""

    def __init__(self, bucket: Bucket, counted: Counter[str], **settings: Any) -> None:
        super().__init__(**settings)
        self._bucket, self._counted = bucket, counted

    async def receive(self, timeout: float | None = None) -> Any:
        """See `web.WebSocketResponse.receive`."""
        message = await super().receive(timeout)
        data = message.type in (WSMsgType.TEXT, WSMsgType.BINARY)
        if data and not self._bucket.take(max(1.0, len(message.data) / A_KEY)):
            self._counted["keys too fast"] += 1
            with contextlib.suppress(TimeoutError, ConnectionError, RuntimeError):
                await asyncio.wait_for(self.send_str('["baimo", {"gone": "flood"}]'), 1.0)
                await asyncio.wait_for(self.close(code=member_socket.CODES["flood"]), 2.0)
            return await super().receive(timeout)
        return message


def _wish(data: bytes) -> m.Join:
    try:
        asking = msgspec.json.decode(data, type=_Asking)
        if asking.protocol != m.PROTOCOL:
            key = "class.join.older-room" if asking.protocol > m.PROTOCOL else "class.join.newer-room"
            raise Refused(426, key, "other protocol")
        return msgspec.json.decode(data, type=m.Join)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        raise Refused(400, "class.join.unreadable", "malformed join") from None


def _form_wish(data: bytes, typed: dict[str, str]) -> m.Join:
    typed.update(dict.fromkeys(("code", "name", "team", "lang"), ""))
    try:
        fields = parse_qs(data.decode(), max_num_fields=12, strict_parsing=False)
        typed.update({name: fields[name][0] for name in typed if name in fields})
        if typed["lang"] not in ("zh", "en"):
            typed["lang"] = ""
        wish = m.Join(m.PROTOCOL, typed["code"], typed["name"], typed["team"], program="browser")
        return msgspec.convert(msgspec.to_builtins(wish), type=m.Join)  # bounds are checked on the way in
    except (ValueError, msgspec.MsgspecError):
        typed.update({name: value[:64] for name, value in typed.items()})
        raise Refused(400, "class.join.unreadable", "malformed join") from None


def _team_name(tongue: Tongue, name: str) -> str:
    return tongue.say("class.page.team-number", number=name) if name.isdecimal() else clean_text(name, 2 * m.MAX_NAME)


def _older(offered: list[str]) -> str:
    numbers = [int(p[6:]) for p in offered if p.startswith("baimo.") and p[6:].isdecimal() and len(p) < 12]
    return "class.join.older-room" if numbers and max(numbers) > m.PROTOCOL else "class.join.newer-room"


def _abort(request: web.Request) -> Callable[[], None]:
    transport = request.transport
    return transport.abort if transport is not None else lambda: None


def _statics(module: str) -> dict[str, Any]:
    try:
        return dict(import_module(module).STATICS)
    except ModuleNotFoundError:
        return {}
