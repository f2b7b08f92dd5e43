"""The room's pages and sockets as an honest browser and an honest program see them."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import aiohttp
import msgspec
import pytest
from serving import CODE, TEACHER, Serving, run, serving

from game.classroom import messages as m
from game.classroom.guard import Guard, is_loopback, plain_address
from game.classroom.limits import Bucket, Buckets, Cap, WrongCodes
from game.classroom.web_link import SUBPROTOCOL
from game.content import Content


async def seated(there: Serving, **more: str) -> tuple[str, Any]:
    """A browser takes a place by the form; its cookie, and the answer's headers."""
    form = {"code": CODE, "name": "小明", "team": "", "lang": "zh", **more}
    status, _, headers = await there.post("/api/join", form, Origin=there.origin)
    assert status == 303
    found = next(c for c in headers.getall("Set-Cookie") if c.startswith(there.server.cookie))
    return found, headers


def test_the_form_needs_no_script(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            status, page, headers = await there.get("/", Accept="text/html", **{"Accept-Language": "zh-CN,en;q=0.5"})
            assert status == 200 and 'lang="zh-CN"' in page and "口令" in page and "没有加密" in page
            assert "<script>" not in page and " style=" not in page and "http://" not in page and "https://" not in page
            assert headers["Referrer-Policy"] == "same-origin", "with no-referrer the form's Origin would be null"
            status, page, _ = await there.get("/?lang=en")
            assert 'lang="en"' in page and "Room code" in page and '<option value="t1">Team 1</option>' in page
            cookie, headers = await seated(there)
            assert headers["Location"] == "/play?lang=zh"
            assert re.search(r"HttpOnly.*SameSite=Strict", cookie) and "Path=/" in cookie and "Secure" not in cookie
            secret = cookie.partition("=")[2].partition(";")[0]
            assert there.room.member_of(secret) == "m0" and there.room.names["m0"] == "小明"
            _, page, _ = await there.get("/", Cookie=cookie.partition(";")[0])
            assert "/play?lang=" in page, "who has a place already finds the way back"
            status, page, _ = await there.post("/api/join", {"code": "X", "name": "小红", "team": "t1", "lang": "zh"},
                                               Origin=there.origin)  # fmt: skip
            assert status == 403 and 'value="小红"' in page and 'value="t1" selected' in page, "nothing is typed twice"

    run(play)


def test_a_script_of_the_page_never_sees_the_secret(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            body = msgspec.json.encode(m.Join(m.PROTOCOL, CODE, "a"))
            status, text, headers = await there.post("/api/join", body, Origin=there.origin)
            assert status == 200 and set(json.loads(text)) == {"member", "team", "protocol"}
            assert there.room.places["m0"].secret in headers["Set-Cookie"]
            status, text, headers = await there.post("/api/join", body)  # a program
            assert json.loads(text)["secret"] == there.room.places["m1"].secret and "Set-Cookie" not in headers

    run(play)


def test_with_tls_the_cookie_is_bound_to_it(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            there.guard.secure = True
            origin = f"https://127.0.0.1:{there.port}"
            status, _, headers = await there.post("/api/join", {"code": CODE, "name": "a"}, Origin=origin)
            cookie = headers.getall("Set-Cookie")[-1]
            assert status == 303 and cookie.startswith("__Host-baimo-") and "Secure" in cookie
            status, page, _ = await there.get("/?lang=en")
            assert "The connection is encrypted" in page and "not encrypted" not in page

    run(play)


def test_every_answer_is_strict(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            place = await there.room.join(m.Join(1, CODE, "a"))
            answers = [(await there.get(path))[2] for path in ("/", "/check", "/nowhere", "/j/x", "/play", "/static/join.js")]
            answers.append((await there.post("/api/join", b"{"))[2])
            async with there.socket(place.secret) as ws:
                answers.append(ws._response.headers)
            for headers in answers:
                policy = headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe-eval" not in policy
                assert headers["X-Content-Type-Options"] == "nosniff" and headers["Server"] == "Baimo"
                assert headers["Baimo-Protocol"] == "1" and headers["Referrer-Policy"] in ("no-referrer", "same-origin")
            assert [h["Cache-Control"] for h in answers[:-3]] == ["no-store"] * 5

    run(play)


def test_statics_have_their_types(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            for name, kind in {"join.css": "text/css", "join.js": "text/javascript"}.items():
                status, text, headers = await there.get(f"/static/{name}")
                assert status == 200 and headers["Content-Type"].startswith(kind) and len(text) > 300
                assert "http://" not in text and "https://" not in text and "@import" not in text

    run(play)


def test_a_cookie_opens_a_socket_and_another_machine_sees_no_code(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            cookie, _ = await seated(there)
            headers = {"Cookie": cookie.partition(";")[0], "Origin": there.origin}
            async with there.http.ws_connect(there.address.url("/api/ws", socket=True), headers=headers,
                                             protocols=(SUBPROTOCOL,)) as ws:  # fmt: skip
                told = json.loads((await ws.receive()).data)
                assert told["kind"] == "now" and told["member"] == "m0"
                assert there.room.connections["m0"].way == "browser"
            proxied = {"x-forwarded-for": "192.168.7.30"}
            for peer, more, code in (("127.0.0.1", {}, CODE), ("192.168.7.30", {}, ""), ("127.0.0.1", proxied, "")):
                there.peer, headers = peer, {**headers, **more}
                async with there.http.ws_connect(there.address.url("/board/ws", socket=True), headers=headers) as ws:
                    board = msgspec.json.decode((await ws.receive()).data, type=m.Board)
                    assert board.code == code and board.scenario == "war"
                    there.room.tell()
                    newer = msgspec.json.decode((await ws.receive()).data, type=m.Board)
                    assert newer.version > board.version

    run(play)


def test_the_terminals_page_is_for_who_has_a_seat(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            assert (await there.get("/play"))[0] == 303
            async with there.http.head(there.url("/play"), allow_redirects=False) as looked:
                assert looked.status == 401, "the page asks why its socket is refused"
            status, page, headers = await there.get("/play", **{"Sec-Fetch-Site": "cross-site"})
            assert status == 200, "a link clicked elsewhere brings its cookie with the second request only"
            cookie, _ = await seated(there)
            status, page, headers = await there.get("/play?lang=zh", Cookie=cookie.partition(";")[0])
            assert status == 200 and 'lang="zh-CN"' in page and "/static/play.js" in page
            assert "script-src 'self';" in headers["Content-Security-Policy"] and there.room.places["m0"].secret not in page
            for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
                status, _, headers = await there.get(path)
                assert status == 200 and headers["Content-Type"].startswith("text/"), path
            assert (await there.get("/play/plain"))[0] == 200

    run(play)


def test_a_terminal_gets_the_members_connection_and_language(shipped: Content) -> None:
    class Terminals:
        async def attach(self, ws: Any, open_link: Any, *, lang: str) -> None:
            link = await open_link()
            await ws.send_str(f"{link.member} {link.way} {lang}")
            await link.close()

    async def play() -> None:
        async with serving(shipped, terminals=Terminals()) as there:
            _, headers = await seated(there)
            cookies = "; ".join(value.partition(";")[0] for value in headers.getall("Set-Cookie"))
            socket = there.address.url("/play/ws", socket=True)
            async with there.http.ws_connect(socket, headers={"Origin": there.origin, "Cookie": cookies}) as ws:
                assert (await ws.receive()).data == "m0 browser zh"
                assert (await ws.receive()).type is aiohttp.WSMsgType.CLOSE
            for wrong in ({"Cookie": cookies}, {"Origin": there.origin}, {"Origin": "http://evil", "Cookie": cookies}):
                with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                    await there.http.ws_connect(socket, headers=wrong)
                assert caught.value.status in (401, 403)

    run(play)


def test_the_board_shows_the_code_here_alone(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            there.server.address = "http://192.168.7.7:8100"
            status, page, _ = await there.get("/board?lang=zh")
            assert status == 200 and "http://192.168.7.7:8100" in page and CODE not in page
            here = await there.get("/board/qr.svg")
            there.peer = "192.168.7.30"
            elsewhere = await there.get("/board/qr.svg")
            assert here[0] == elsewhere[0] == 200 and here[1] != elsewhere[1]
            assert here[2]["Content-Type"].startswith("image/svg+xml")
            for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
                assert (await there.get(path))[0] == 200, path

    run(play)


def test_the_teacher_on_the_machine_itself(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            mine = {"Authorization": f"Bearer {TEACHER}"}
            await there.room.join(m.Join(1, CODE, "a"))
            status, text, _ = await there.post("/teach", msgspec.json.encode(m.Restore("m0")), **mine)
            assert (status, json.loads(text)) == (200, {"told": "token-1"})
            status, text, _ = await there.post("/teach", msgspec.json.encode(m.Deal("flood")), **mine)
            assert status == 409 and json.loads(text)["error"]["id"] == "class.room.no-card"
            status, text, _ = await there.get("/teach/desk", **mine)
            assert msgspec.json.decode(text, type=m.Desk) == there.room.desk()
            status, text, _ = await there.get("/teach/counts", **mine)
            assert status == 200 and json.loads(text)["not done"] == 1
            there.server.teacher.token = ""  # a room without such a token has no such teacher
            assert (await there.get("/teach/desk", Authorization="Bearer "))[0] == 403

    run(play)


def test_a_newer_request_for_fans_ends_the_older(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            place = await there.room.join(m.Join(1, CODE, "a"))
            never, asked = asyncio.Event(), []

            async with there.socket(place.secret) as ws:
                await ws.receive()

                async def futures(request: m.Foresee):  # type: ignore[no-untyped-def]
                    asked.append(request.draft.levers["price"])
                    if asked[-1] == 1.0:
                        await never.wait()
                    yield there.room.host.table.market.futures(there.room.host.table, 0, request.draft.levers).__next__()

                there.room.connections["m0"].futures = futures
                for number in (1, 2):
                    request = m.Foresee(m.Draft(4, {"price": float(number)}))
                    await ws.send_str(msgspec.json.encode(m.Asked(number, request)).decode())
                told = [msgspec.json.decode((await ws.receive()).data, type=m.FromRoom) for _ in range(3)]
                assert [(type(t), t.id) for t in told] == [(m.Answer, 1), (m.Part, 2), (m.Answer, 2)]  # type: ignore[union-attr]
                assert asked[-1] == 2.0

    run(play)


def test_no_names_or_secrets_are_logged(shipped: Content, caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            await seated(there, name="Ottilie")
            place = there.room.places["m0"]
            there.room.tokens["token-9"] = "m0"
            await there.get("/j/token-9")
            async with there.socket(place.secret) as ws:
                await ws.receive()

    caplog.set_level("DEBUG", logger="baimo")
    run(play)
    text = "\n".join(record.getMessage() for record in caplog.records)
    assert "POST /api/join 303" in text and "GET /j/{token} 303" in text
    for secret in ("Ottilie", "token-9", "secret-0", CODE, "127.0.0.1"):
        assert secret not in text


# the parts, one by one ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("header", "host"), [
    ("192.168.7.7:8100", "192.168.7.7"), ("localhost:8100", "localhost"), ("[::1]:8100", "::1"), ("127.0.0.1:8100", "127.0.0.1"),
    ("LOCALHOST:8100", "localhost"), ("[fd00::7]:8100", "fd00::7"), ("[FD00:0::7]:8100", "fd00::7"),
    ("192.168.7.7", None), ("192.168.7.7:80", None), ("192.168.7.7.evil.example:8100", None), ("evil:8100", None),
    ("127.0.0.1:8100@evil", None), ("evil@127.0.0.1:8100", None), ("127.0.0.1:8100/x", None), ("", None), (":8100", None),
    ("127.0.0.1:notaport", None), ("127.0.0.1:99999", None), ("[::1", None), ("192.168.7.7:8100 ", None),
])  # fmt: skip
def test_hosts(header: str, host: str | None) -> None:
    assert Guard(frozenset({"192.168.7.7", "fd00::7"}), 8100).host(header) == host


def test_an_address_that_the_machine_got_later_is_let_in() -> None:
    later = Guard(frozenset(), 8100, again=lambda: frozenset({"10.0.0.9"}))
    assert later.host("10.0.0.9:8100") == "10.0.0.9" and later.host("evil:8100") is None


@pytest.mark.parametrize(("origin", "host", "fine"), [
    ("http://192.168.7.7:8100", "192.168.7.7:8100", True), ("http://[::1]:8100", "[::1]:8100", True),
    ("http://localhost:8100", "192.168.7.7:8100", False), ("https://192.168.7.7:8100", "192.168.7.7:8100", False),
    ("null", "192.168.7.7:8100", False), ("http://192.168.7.7:8100.evil", "192.168.7.7:8100", False),
    ("http://192.168.7.7:8100/", "192.168.7.7:8100", False), ("", "192.168.7.7:8100", False), ("http://", "", False),
    ("http://x@192.168.7.7:8100", "192.168.7.7:8100", False), ("http://192.168.7.7", "192.168.7.7:8100", False),
])  # fmt: skip
def test_origins(origin: str, host: str, fine: bool) -> None:
    assert Guard(frozenset({"192.168.7.7"}), 8100).origin(origin, host) is fine


def test_where_a_request_comes_from() -> None:
    assert is_loopback("127.0.0.1") and is_loopback("::1") and is_loopback("127.9.9.9") and is_loopback("::ffff:127.0.0.1")
    for other in ("192.168.7.7", "::ffff:192.168.7.7", "fe80::1%lo", "", None, "localhost", "unix"):
        assert not is_loopback(other)
    assert plain_address("::ffff:10.0.0.1") == "10.0.0.1" and plain_address("fe80::1%eth0") == "fe80::1"


def test_buckets_fill_with_time() -> None:
    clock = [0.0]
    one = Bucket(2.0, 3.0, lambda: clock[0])
    assert [one.take() for _ in range(4)] == [True, True, True, False]
    clock[0] = 0.5
    assert [one.take(), one.take()] == [True, False]
    clock[0] = 100.0
    assert [one.take() for _ in range(4)] == [True, True, True, False], "and no further than the burst"
    many = Buckets(1.0, 1.0, lambda: clock[0])
    assert many.take("a") and many.take("b") and not many.take("a")
    for n in range(5000):
        many.take(str(n))
    assert len(many._of) <= 4096


def test_wrong_codes_wait_longer_and_longer() -> None:
    clock = [0.0]
    wrong = WrongCodes(lambda: clock[0])
    waits = []
    for _ in range(20):
        wrong.wrong("a")
        waits.append(wrong.wait("a"))
        clock[0] += 120.0
    assert waits[:7] == [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 4.0] and waits[-1] == 600.0
    assert wrong.wait("b") == 0.0
    wrong.right("a")
    clock[0] += 10_000
    assert wrong.wait("a") == 0.0


def test_caps_count_who_is_there() -> None:
    cap = Cap(3, 2)
    with cap.one("a") as first, cap.one("a") as second, cap.one("a") as third, cap.one("b") as fourth, cap.one("c") as fifth:
        assert (first, second, third, fourth, fifth) == (True, True, False, True, False)
    assert cap.free("a") and not cap.there, aiohttp.__version__
