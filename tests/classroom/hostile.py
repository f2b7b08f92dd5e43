"""What a hostile pupil, page or program may send to a room, and what each gets: one table, run by `test_hostile`.

``python tests/classroom/hostile.py`` (with tests/classroom and tests/table on the path) prints it as Markdown.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from serving import CODE, TEACHER, Serving

from game.classroom import messages as m
from game.classroom.limits import Limits
from game.classroom.web_link import SUBPROTOCOL, join_room

Do = Callable[[Serving], Awaitable[str]]


@dataclass(frozen=True)
class Case:
    """Something hostile, how it is done, and what it gets."""

    what: str
    do: Do
    gets: str
    counted: str = ""
    """The kind under which the room counts it, if it does."""
    limits: Limits | None = None


# requests -------------------------------------------------------------------------------------------------------------
def outcome(status: int, text: str) -> str:
    """A status and the sentence's id."""
    try:
        return f"{status} {json.loads(text)['error']['id']}"
    except (ValueError, KeyError, TypeError):
        return str(status)


def get(path: str, **headers: str) -> Do:
    async def do(there: Serving) -> str:
        named = {name.replace("_", "-"): value.format(port=there.port) for name, value in headers.items()}
        status, text, _ = await there.get(path, **named)
        return outcome(status, text)

    return do


def post(path: str, data: Any, **headers: str) -> Do:
    async def do(there: Serving) -> str:
        named = {name.replace("_", "-"): value.format(port=there.port) for name, value in headers.items()}
        status, text, _ = await there.post(path, data, **named)
        return outcome(status, text)

    return do


def raw(data: bytes) -> Do:
    async def do(there: Serving) -> str:
        answer = await there.raw(data.replace(b"PORT", str(there.port).encode()))
        return answer.split(b"\r\n", 1)[0].decode() if answer else "connection closed"

    return do


def wish(code: str = CODE, name: str = "x", **more: Any) -> bytes:
    return json.dumps({"protocol": m.PROTOCOL, "code": code, "name": name, **more}).encode()


def from_elsewhere(do: Do, address: str = "192.168.7.30") -> Do:
    async def elsewhere(there: Serving) -> str:
        there.peer = address
        return await do(there)

    return elsewhere


async def guess_codes(there: Serving) -> str:
    """Codes one after the other, without waiting, then with; from elsewhere the right code still opens."""
    statuses = []
    for n in range(12):
        status, _, headers = await there.post("/api/join", wish(code=f"AAAA-AAAA-{n % 10}"))
        statuses.append(status)
    pause = int(headers["Retry-After"])
    right = (await there.post("/api/join", wish()))[0]
    there.peer = "192.168.7.31"
    other = (await there.post("/api/join", wish()))[0]
    return f"{statuses.count(403)} times 403, then 429 (wait {pause} s), also for the right code: {right}; elsewhere: {other}"


async def guess_together(there: Serving) -> str:
    """A thousand addresses, a wrong code each."""
    refused = 0
    for n in range(70):
        there.peer = f"10.0.{n // 250}.{n % 250}"
        refused += (await there.post("/api/join", wish(code="ZZZZ-ZZZZ-Z")))[0] == 403
    waiting = (await there.post("/api/join", wish()))[0]
    there.clock.now += 61
    return f"{refused} guesses a minute in all, then {waiting}; after the minute {(await there.post('/api/join', wish()))[0]}"


async def join_flood(there: Serving) -> str:
    statuses = [(await there.post("/api/join", wish(name=f"n{n}")))[0] for n in range(66)]
    return f"{statuses.count(200)} join, then {statuses[-1]}"


async def request_flood(there: Serving) -> str:
    statuses = [(await there.get("/check"))[0] for _ in range(30)]
    return f"{statuses.count(200)} answered, then {statuses[-1]}"


async def replayed_link(there: Serving) -> str:
    await join_room(there.address, m.Join(m.PROTOCOL, CODE, "a"))
    await there.room.teach(m.Restore("m0"))
    first, _, headers = await there.get("/j/token-1")
    second, text, later = await there.get("/j/token-1")
    assert "Set-Cookie" in headers and "Set-Cookie" not in later
    return f"first {first} with the cookie, then {outcome(second, text)} without"


async def fetched_ahead(there: Serving) -> str:
    await join_room(there.address, m.Join(m.PROTOCOL, CODE, "a"))
    await there.room.teach(m.Restore("m0"))
    before = (await there.get("/j/token-1", **{"Sec-Purpose": "prefetch"}))[0]
    async with there.http.head(there.url("/j/token-1")) as head:
        looked = head.status
    return f"prefetch {before}, HEAD {looked}, then {(await there.get('/j/token-1'))[0]}"


async def cookie_of_another_room(there: Serving) -> str:
    there.server.terminals = Terminals()
    cookies = {"Cookie": f"{there.server.cookie}=another-rooms-secret; baimo-1=x"}
    page = (await there.get("/play", **cookies))[0]
    status, text, _ = await upgrade(there, "/play/ws", Origin=there.origin, **cookies)
    return f"page {page} to the form, socket {outcome(status, text)}"


async def upgrade(there: Serving, path: str, **headers: str) -> tuple[int, str, Any]:
    named = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
             "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", **headers}  # fmt: skip
    return await there.get(path, **named)


def cookie_socket(origin: str | None, **more: str) -> Do:
    async def do(there: Serving) -> str:
        place = await join_room(there.address, m.Join(m.PROTOCOL, CODE, "a"))
        headers = {"Cookie": f"{there.server.cookie}={place.secret}", "Sec-WebSocket-Protocol": SUBPROTOCOL, **more}
        if origin is not None:
            headers["Origin"] = origin.format(port=there.port)
        status, text, _ = await upgrade(there, "/api/ws", **headers)
        return outcome(status, text)

    return do


def closing(*parts: bytes, end: bool = False) -> Do:
    """Bytes after which the server is expected to answer or to end the connection by itself; with ``end`` both."""

    async def do(there: Serving) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", there.port)
        try:
            for part in parts:
                writer.write(part.replace(b"PORT", str(there.port).encode()))
            answer = await asyncio.wait_for(reader.read(65536), 5)
            if end:
                while await asyncio.wait_for(reader.read(65536), 5):
                    pass
            first = answer.split(b"\r\n", 1)[0].decode() if answer else "connection closed"
            return f"{first}, then closed" if end else first
        except ConnectionError:
            return "connection closed"
        finally:
            writer.close()

    return do


# messages -------------------------------------------------------------------------------------------------------------
async def talk(there: Serving, frames: list[str | bytes], *, name: str = "a") -> str:
    """A member sends frames; what comes back, and whether the member can still ask something afterwards."""
    place = await join_room(there.address, m.Join(m.PROTOCOL, CODE, name))
    answers: list[str] = []
    async with there.socket(place.secret) as ws:
        for frame in frames:
            await (ws.send_str(frame) if isinstance(frame, str) else ws.send_bytes(frame))
        with_end = json.dumps({"id": 77, "request": {"ask": "briefing"}})
        try:
            await ws.send_str(with_end)
        except ConnectionError:
            pass
        async for message in ws:
            if message.type is not aiohttp.WSMsgType.TEXT:
                break
            told = json.loads(message.data)
            if told["kind"] == "answer" and told["id"] == 77:
                return f"{', '.join(answers) or 'nothing'}; the connection stays"
            if told["kind"] == "answer":
                answers.append(",".join(f["id"] for f in told["faults"]) or "done")
            elif told["kind"] == "gone":
                answers.append(f"gone: {told['why']}")
        return f"{', '.join(dict.fromkeys(answers)) or 'nothing'}; closed with {ws.close_code}"


def say(*frames: str | bytes) -> Do:
    async def do(there: Serving) -> str:
        return await talk(there, list(frames))

    return do


def ask(request: Any, number: Any = 1) -> Do:
    return say(json.dumps({"id": number, "request": request}))


async def other_member(there: Serving) -> str:
    """Nothing in a message names who asks: an id of another changes nothing."""
    mine = await join_room(there.address, m.Join(m.PROTOCOL, CODE, "a"))
    await join_room(there.address, m.Join(m.PROTOCOL, CODE, "b"))
    async with there.socket(mine.secret) as ws:
        await ws.send_str(json.dumps({"id": 1, "member": "m1", "request": {"ask": "save", "member": "m1", "firm": 2, "team": "t1",
                                                                          "draft": {"quarter": 4, "levers": {"price": 9.0}}}}))  # fmt: skip
        async for message in ws:
            if json.loads(message.data)["kind"] == "answer":
                break
    return "counts as the sender's own" if set(there.room.drafts) == {0} else "harm done"


async def two_connections(there: Serving) -> str:
    place = await join_room(there.address, m.Join(m.PROTOCOL, CODE, "a"))
    async with there.socket(place.secret) as old, there.socket(place.secret) as new:
        told = [json.loads(x.data) async for x in old if x.type is aiohttp.WSMsgType.TEXT]
        await new.send_str(json.dumps({"id": 1, "request": {"ask": "briefing"}}))
        fine = False
        async for message in new:
            if json.loads(message.data)["kind"] == "answer":
                fine = True
                break
        return f"the older: gone {told[-1]['why']}, closed with {old.close_code}; the newer: {'answered' if fine else 'nothing'}"


async def slow_reader(there: Serving) -> str:
    """Asks and never reads: what waits for it is bounded, then it is dropped; another member is not held up."""
    place = await join_room(there.address, m.Join(m.PROTOCOL, CODE, "slow"))
    other = await join_room(there.address, m.Join(m.PROTOCOL, CODE, "quick"))
    there.room.padding = 60_000
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(sock, ("127.0.0.1", there.port))
    head = (
        f"GET /api/ws HTTP/1.1\r\nHost: 127.0.0.1:{there.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        f"Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\nAuthorization: Bearer {place.secret}\r\n\r\n"
    )
    try:
        await loop.sock_sendall(sock, head.encode())
        while there.room.places["m0"].member not in there.room.connections:
            await asyncio.sleep(0.001)
        async with there.socket(other.secret) as ws:
            heard = 0
            for _ in range(3000):
                there.room.tell()
                await asyncio.sleep(0)
                if there.counted["slow readers"]:
                    break
                if not ws.closed and heard < 5:
                    await ws.receive(timeout=5)
                    heard += 1
                await asyncio.sleep(0.001)
        return f"dropped; the other heard {'all along' if heard else 'nothing'}"
    finally:
        sock.close()


async def idle_connections(there: Serving) -> str:
    opened = [await asyncio.open_connection("127.0.0.1", there.port) for _ in range(6)]
    try:
        ended = 0
        for reader, _ in opened:
            try:
                ended += await asyncio.wait_for(reader.read(10), 0.15) == b""
            except TimeoutError:
                pass
            except ConnectionError:
                ended += 1
        return f"{6 - ended} may wait, {ended} refused at the door"
    finally:
        for _, writer in opened:
            writer.close()


async def many_sockets(there: Serving) -> str:
    places = [await join_room(there.address, m.Join(m.PROTOCOL, CODE, f"n{n}")) for n in range(3)]
    async with there.socket(places[0].secret), there.socket(places[1].secret):
        try:
            async with there.socket(places[2].secret):
                return "let in"
        except aiohttp.WSServerHandshakeError as error:
            return f"two let in, the third {error.status}"


class Terminals:
    """A terminal in which everything typed is forgotten."""

    async def attach(self, ws: Any, open_link: Any, *, lang: str) -> None:
        async for _ in ws:
            pass


async def terminal_flood(there: Serving, text: str = "x", times: int = 60) -> str:
    there.server.terminals = Terminals()
    place = await join_room(there.address, m.Join(m.PROTOCOL, CODE, "a"))
    headers = {"Cookie": f"{there.server.cookie}={place.secret}", "Origin": there.origin}
    async with there.http.ws_connect(there.address.url("/play/ws", socket=True), headers=headers) as ws:
        for _ in range(times):
            await ws.send_str(json.dumps(["stdin", text]))
        told = [x.data async for x in ws if x.type is aiohttp.WSMsgType.TEXT]
        return f"{told[0]}, closed with {ws.close_code}"


async def terminal_books(there: Serving) -> str:
    return await terminal_flood(there, "x" * 16_000, 12)


FRAME = struct.pack("!BBQ", 0x81, 0xFF, 2**62) + b"abcd"
LITTLE = replace(Limits(), slow_body=0.1)
DEEP = '{"id": 1, "request": ' + '{"ask": "view", "x": ' * 2500 + "1" + "}" * 2500 + "}"
LONG = {"ask": "reason", "quarter": 4, "text": "长" * 501}
HERE = "http://127.0.0.1:{port}"

CASES: list[Case] = [
    # who may speak at all
    Case("a Host that is not printed (rebinding)", get("/", Host="evil.example:{port}"), "421 class.page.refused-host", "foreign Host"),
    Case("the right Host with another port", get("/", Host="127.0.0.1:1"), "421 class.page.refused-host", "foreign Host"),
    Case("a Host with a user in it", get("/", Host="a@127.0.0.1:{port}"), "421 class.page.refused-host", "foreign Host"),
    Case("two Hosts", raw(b"GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: evil\r\nConnection: close\r\n\r\n"),
         "HTTP/1.0 400 Bad Request"),
    Case("no Host", raw(b"GET / HTTP/1.0\r\n\r\n"), "HTTP/1.0 421 Misdirected Request", "foreign Host"),
    Case("POST from a page of another site", post("/api/join", wish(), Origin="http://evil.example"),
         "403 class.page.refused-origin", "foreign Origin"),
    Case("POST from a page of another port", post("/api/join", wish(), Origin="http://127.0.0.1:1"),
         "403 class.page.refused-origin", "foreign Origin"),
    Case("POST from a sandboxed page (Origin: null)", post("/api/join", wish(), Origin="null"),
         "403 class.page.refused-origin", "foreign Origin"),
    Case("POST of a browser without Origin", post("/api/join", wish(), Sec_Fetch_Mode="cors"),
         "403 class.page.refused-origin", "no Origin"),
    Case("a form of another site (Sec-Fetch-Site)", post("/api/join", wish(), Origin=HERE, Sec_Fetch_Site="cross-site"),
         "403 class.page.refused-origin", "foreign page"),
    Case("a member's WebSocket from a page of another site", cookie_socket("http://evil.example"),
         "403 class.page.refused-origin", "foreign Origin"),
    Case("a member's WebSocket with a cookie and no Origin", cookie_socket(None), "403 class.page.refused-origin", "no Origin"),
    Case("a member's WebSocket from https to http", cookie_socket("https://127.0.0.1:{port}"),
         "403 class.page.refused-origin", "foreign Origin"),
    Case("the cookie of another room", cookie_of_another_room, "page 303 to the form, socket 401 class.page.no-seat"),
    Case("the projector's WebSocket without Origin", get("/board/ws", Upgrade="websocket"),
         "403 class.page.refused-origin", "no Origin"),
    # the teacher
    Case("the teacher's command with a wrong token", post("/teach", b'{"do": "finish"}', Authorization="Bearer wrong"),
         "403 class.page.no-teacher", "no teacher"),
    Case("the teacher's command without a token", post("/teach", b'{"do": "finish"}'), "403 class.page.no-teacher", "no teacher"),
    Case("the teacher's command with the token, from another machine",
         from_elsewhere(post("/teach", b'{"do": "finish"}', Authorization=f"Bearer {TEACHER}")),
         "403 class.page.no-teacher", "no teacher"),
    Case("the same under the machine's own network address", from_elsewhere(
        post("/teach", b'{"do": "finish"}', Authorization=f"Bearer {TEACHER}", Host="192.168.7.7:{port}"), "192.168.7.7"),
         "403 class.page.no-teacher", "no teacher"),
    Case("the same from this machine through a proxy", post("/teach", b'{"do": "finish"}', Authorization=f"Bearer {TEACHER}",
         X_Forwarded_For="192.168.7.30"), "403 class.page.no-teacher", "no teacher"),
    Case("the same from this machine with the network's Host", post("/teach", b'{"do": "finish"}',
         Authorization=f"Bearer {TEACHER}", Host="192.168.7.7:{port}"), "403 class.page.no-teacher", "no teacher"),
    Case("the desk from another machine", from_elsewhere(get("/teach/desk", Authorization=f"Bearer {TEACHER}")),
         "403 class.page.no-teacher", "no teacher"),
    Case("a teacher's command that is none", post("/teach", b'{"do": "give-me-all"}', Authorization=f"Bearer {TEACHER}"),
         "400 class.page.bad-request", "malformed command"),
    # joining
    Case("twelve wrong codes", guess_codes,
         "5 times 403, then 429 (wait 1 s), also for the right code: 429; elsewhere: 200", "wrong code"),
    Case("wrong codes from many addresses", guess_together, "60 guesses a minute in all, then 429; after the minute 200"),
    Case("a flood of joins", join_flood, "60 join, then 429", "joins too fast"),
    Case("a join that is no JSON", post("/api/join", b"\xff\xfe{{"), "400 class.join.unreadable", "malformed join"),
    Case("a join with a list for a name", post("/api/join", wish(name=["a"])), "400 class.join.unreadable", "malformed join"),  # type: ignore[arg-type]
    Case("a join that says more than it may", post("/api/join", wish(admin=True)), "400 class.join.unreadable", "malformed join"),
    Case("a join nested ten thousand deep", post("/api/join", b'{"protocol":1,"x":' + b"[" * 20000 + b"]" * 20000 + b"}"),
         "400 class.join.unreadable", "malformed join"),
    Case("a name of 100,000 characters", post("/api/join", wish(name="x" * 100_000)), "413 class.page.too-large", "too large"),
    Case("a name of 1,000 characters", post("/api/join", wish(name="x" * 1000)), "400 class.join.unreadable", "malformed join"),
    Case("a code of 1,000 characters", post("/api/join", wish(code="A" * 1000)), "400 class.join.unreadable", "malformed join"),
    Case("a one-time link used twice", replayed_link, "first 303 with the cookie, then 410 class.join.link-used without", "used link"),
    Case("a one-time link looked at by a program before the pupil", fetched_ahead, "prefetch 410, HEAD 405, then 303"),
    Case("a guessed one-time link", get("/j/AAAA"), "410 class.join.link-used", "used link"),
    # paths and bodies
    Case("path traversal below static", raw(b"GET /static/../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nConnection: close\r\n\r\n"),
         "HTTP/1.1 404 Not Found", "status 404"),
    Case("path traversal, escaped", raw(b"GET /static/%2e%2e%2f%2e%2e%2fserver.py HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nConnection: close\r\n\r\n"),
         "HTTP/1.1 404 Not Found", "status 404"),
    Case("the static folder itself", get("/static/"), "404 class.page.not-found", "status 404"),
    Case("a page that is not there", get("/admin"), "404 class.page.not-found", "status 404"),
    Case("a method that is not meant", post("/check", b""), "405 class.page.not-found", "status 405"),
    Case("TLS to a port without", closing(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), "connection closed", "TLS where there is none"),
    Case("binary rubbish instead of HTTP", closing(bytes(range(256)) * 3 + b"\r\n\r\n"), "HTTP/1.0 400 Bad Request"),
    Case("a head without end", closing(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 4000), "connection closed", "long heads"),
    Case("a letter a minute", closing(b"GET / HT"), "connection closed", "slow heads", LITTLE),
    Case("a body that is not packed as its head says", raw(
        b"POST /api/join HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde"),
         "HTTP/1.1 400 Bad Request", "unreadable body"),
    Case("a body that never comes", closing(b"POST /api/join HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 900\r\n\r\n{"),
         "HTTP/1.1 408 Request Timeout", "slow body", LITTLE),
    Case("many idle connections", idle_connections, "4 may wait, 2 refused at the door", "too many connections",
         replace(Limits(), transports_of_address=4)),
    Case("requests without end", request_flood, "20 answered, then 429", "requests too fast", replace(Limits(), requests=(1.0, 20.0))),
    # messages of a member
    Case("no JSON", say("{{{"), "class.bad-message; the connection stays", "malformed messages"),
    Case("binary rubbish", say(bytes(range(256))), "class.bad-message; the connection stays", "malformed messages"),
    Case("a list", say("[1, 2, 3]"), "class.bad-message; the connection stays", "malformed messages"),
    Case("an unknown request", ask({"ask": "sudo"}), "class.bad-message; the connection stays", "malformed messages"),
    Case("a request without a tag", ask({"draft": 1}), "class.bad-message; the connection stays", "malformed messages"),
    Case("a negative number", ask({"ask": "view"}, -5), "class.bad-message; the connection stays", "malformed messages"),
    Case("a number of 400 digits", say('{"id": 1, "request": {"ask": "forecast", "quarter": 4, "what": "cash", "low": 1' + "0" * 400
         + ', "high": 2}}'), "class.bad-message; the connection stays", "malformed messages"),
    Case("not a number (NaN)", say('{"id": 1, "request": {"ask": "save", "draft": {"quarter": 4, "levers": {"price": NaN}}}}'),
         "class.bad-message; the connection stays", "malformed messages"),
    Case("text where a number stands", ask({"ask": "save", "draft": {"quarter": 4, "levers": {"price": "free"}}}),
         "class.bad-message; the connection stays", "malformed messages"),
    Case("nested 2,500 deep", say(DEEP), "class.bad-message; the connection stays", "malformed messages"),
    Case("a reason of 501 characters", ask(LONG), "class.bad-message; the connection stays", "malformed messages"),
    Case("a forecast of something else", ask({"ask": "forecast", "quarter": 4, "what": "rival", "low": 1, "high": 2}),
         "class.bad-message; the connection stays", "malformed messages"),
    Case("a message of 70,000 bytes", say("x" * 70_000), "nothing; closed with 1009"),
    Case("twenty malformed messages", say(*["{"] * 25), "class.bad-message, gone: flood; closed with 4008",
         "malformed messages without end"),
    Case("messages without end", say(*[json.dumps({"id": 1, "request": {"ask": "briefing"}})] * 60),
         "done, gone: flood; closed with 4008", "messages too fast", replace(Limits(), messages=(1.0, 40.0))),
    Case("a frame that says it has 4 exabytes", closing(
        b"GET /board/ws HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nOrigin: http://127.0.0.1:PORT\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" + FRAME, end=True),
         "HTTP/1.1 101 Switching Protocols, then closed"),
    Case("a draft of a quarter that is not open", ask({"ask": "decide", "draft": {"quarter": 99, "levers": {}}}),
         "draft.other-quarter; the connection stays"),
    Case("a draft with levers that do not exist", ask({"ask": "decide", "draft": {"quarter": 4, "levers": {"__proto__": 1}}}),
         "draft.unknown; the connection stays"),
    Case("a message that names another member, team and firm", other_member, "counts as the sender's own"),
    Case("two connections of one member", two_connections, "the older: gone newer, closed with 4001; the newer: answered"),
    Case("a reader that does not read", slow_reader, "dropped; the other heard all along", "slow readers",
         replace(Limits(), stalled=0.3, messages=(1e6, 1e6))),
    Case("more sockets than are allowed", many_sockets, "two let in, the third 503", "too many sockets",
         replace(Limits(), sockets_of_address=2)),
    Case("a few messages of 16,000 keys each", terminal_books, '["baimo", {"gone": "flood"}], closed with 4008', "keys too fast"),
    Case("keys without end in a browser's terminal", terminal_flood, '["baimo", {"gone": "flood"}], closed with 4008',
         "keys too fast", replace(Limits(), frames=(1.0, 40.0))),
]  # fmt: skip


def main() -> None:
    """Run every case and print the table."""
    from serving import run, serving

    from game.content.load import load

    content = load()
    print("| sent | got |\n|---|---|")
    for case in CASES:
        got = ""

        async def play(case: Case = case) -> None:
            nonlocal got
            async with serving(content, limits=case.limits) as there:
                got = await case.do(there)

        run(play)
        print(f"| {case.what} | {got}{'' if got == case.gets else ' (expected: ' + case.gets + ')'} |")


if __name__ == "__main__":
    main()
