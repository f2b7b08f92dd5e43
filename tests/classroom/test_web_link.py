"""Reaching a room over the network: joining, playing a whole game, losing the connection, every sentence of refusal."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from typing import get_args

import pytest
from serving import CODE, FakeRoom, run, serving

from game.classroom import messages as m
from game.classroom import web_link
from game.classroom.address import Address
from game.classroom.client import RoomSeat
from game.classroom.errors import ClassError
from game.classroom.web_link import WebLink, inert, join_room, one_time, redeem_link
from game.content import Content
from game.table.wire import Draft


def wish(name: str = "小明", code: str = CODE, protocol: int = m.PROTOCOL) -> m.Join:
    return m.Join(protocol, code, name)


async def soon(seconds: float) -> None:
    """In place of waiting between tries."""
    await asyncio.sleep(0)


def link(address: Address, secret: str) -> WebLink:
    return WebLink(address, secret, rest=soon)


async def fails(work: object) -> str:
    with pytest.raises(ClassError) as caught:
        await work  # type: ignore[misc]
    return caught.value.message.id


def test_a_whole_game_over_the_network(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            seats = []
            for name in ("a", "b"):
                place = await join_room(there.address, wish(name))
                seats.append(RoomSeat(link(there.address, place.secret)))
            one, two = seats
            for quarter in range(4, 10):
                assert (await one.view()).quarter == quarter
                assert not (await one.preview(Draft(quarter, {"price": 0.2}))).errors
                assert [f.games async for f in one.futures(Draft(quarter, {"price": 0.2}))][-1] == 1000
                reports = await asyncio.gather(one.submit(Draft(quarter, {"price": 0.2})), two.submit(Draft(quarter)))
                assert {r.quarter for r in reports} == {quarter}
            assert (await one.present()).phase == "debrief"
            for seat in seats:
                await seat.close()

    run(play)


def test_what_a_room_says_does_nothing_to_a_terminal(shipped: Content) -> None:
    """A room that cleans nothing, as an impostor's would."""
    bad = "a\x1b]0;x\x07b\x9b2J\u202ec\\u001b"

    async def play() -> None:
        async with serving(shipped) as there:
            place = await join_room(there.address, m.Join(m.PROTOCOL, CODE, bad))
            reached = link(there.address, place.secret)
            told = await anext(reached.pushes())
            assert isinstance(told, m.Now) and told.name == "a ]0;x b 2J c\\u001b", "what was typed as text stays text"
            await reached.close()

    run(play)
    for text in (bad, "\\\x1b", "百模 \\n [b]x[/b]", "\x00\x7f"):
        for plain in (True, False):
            read = json.loads(inert(json.dumps(text, ensure_ascii=not plain)))
            assert read == re.sub("[\x00-\x1f\x7f-\x9f\u202e]", " ", text)


def test_what_was_asked_while_the_connection_was_down_is_answered_after(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            place = await join_room(there.address, wish())
            mine = link(there.address, place.secret)
            seat = RoomSeat(mine)
            await seat.view()
            there.room.hold = asyncio.Event()  # asked, and not answered when the line is cut
            waiting = asyncio.create_task(seat.view())
            while len(there.room.connections["m0"].asked) < 2:
                await asyncio.sleep(0)
            for open_socket in tuple(there.server._open):
                open_socket._req.transport.abort()
            while mine.epoch < 2:
                await asyncio.sleep(0.001)
            there.room.hold.set()
            assert (await waiting).quarter == 4 and mine.connected and mine.trouble is None
            await seat.close()

    run(play)


def test_a_server_that_starts_again_on_its_port_gets_its_members_back(shipped: Content) -> None:
    async def play() -> None:
        room = FakeRoom()
        async with serving(shipped, room) as there:
            port, place = there.port, await join_room(there.address, wish())
            mine = link(there.address, place.secret)
            seat = RoomSeat(mine)
            assert (await seat.view()).quarter == 4
            room.close = soon_closed  # type: ignore[method-assign,assignment]
        while mine.connected:
            await asyncio.sleep(0.001)
        waiting = asyncio.create_task(seat.view())
        async with serving(shipped, room, port=port):
            assert (await waiting).quarter == 4 and mine.epoch == 2
            await seat.close()

    async def soon_closed() -> None:
        """A room that was killed tells nobody."""

    run(play)


def test_newer_connections_and_removed_members_do_not_come_back(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            place = await join_room(there.address, wish())
            old, new = link(there.address, place.secret), link(there.address, place.secret)
            await old.connect()
            await new.connect()
            heard = [p async for p in old.pushes()]
            assert isinstance(heard[-1], m.Gone) and heard[-1].why == "newer" and not old.connected
            with pytest.raises(ConnectionError):
                await old.ask(m.See())
            there.room.removed.add("m0")
            for open_socket in tuple(there.server._open):
                open_socket._req.transport.abort()
            last = [p async for p in new.pushes()][-1]
            assert isinstance(last, m.Gone) and last.why == "removed" and last.message.id == "class.join.no-place"
            assert await fails(link(there.address, place.secret).connect()) == "class.join.no-place"

    run(play)


def test_a_room_that_is_over(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            place = await join_room(there.address, wish())
            there.room.code = ""
            assert await fails(join_room(there.address, wish())) == "class.join.over"
            mine = link(there.address, place.secret)
            assert await fails(mine.connect()) == "class.join.over" and mine.gone and mine.gone.why == "over"

    run(play)


def test_wrong_codes_and_names(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            assert await fails(join_room(there.address, wish(code="AAAA-AAAA-A"))) == "class.join.code"
            assert (await join_room(there.address, wish(code=CODE))).member == "m0"

    run(play)


@pytest.mark.parametrize(("theirs", "sentence"), [(0, "class.join.older-room"), (9, "class.join.newer-room")])
def test_programs_of_another_version(
    shipped: Content, monkeypatch: pytest.MonkeyPatch, theirs: int, sentence: str
) -> None:
    """The client believes the version that the room says."""

    async def play() -> None:
        async with serving(shipped) as there:
            place = await join_room(there.address, wish())
            room = m.PROTOCOL
            monkeypatch.setattr(web_link, "_protocol", lambda headers: theirs)
            assert await fails(join_room(there.address, wish(protocol=theirs or 5))) == sentence
            monkeypatch.setattr(web_link, "SUBPROTOCOL", "baimo.77")
            mine = link(there.address, place.secret)
            assert await fails(mine.connect()) == sentence and mine.gone and mine.gone.why == "protocol"
            assert room == m.PROTOCOL

    run(play)


def test_the_room_tells_older_and_newer_programs(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            for protocol, sentence in ((0, "newer-room"), (m.PROTOCOL + 1, "older-room")):
                body = b'{"protocol": %d, "what": "a newer program says more"}' % protocol
                status, text, headers = await there.post("/api/join", body)
                assert status == 426 and sentence in text and headers["Baimo-Protocol"] == str(m.PROTOCOL)

    run(play)


def test_where_there_is_no_room(shipped: Content) -> None:
    async def play() -> None:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            nobody = Address("127.0.0.1", held.getsockname()[1])
            assert await fails(join_room(nobody, wish())) == "class.join.no-room"
            assert await fails(link(nobody, "x").connect()) == "class.join.no-room"
        assert await fails(join_room("no room", wish())) == "class.join.address"

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
            await writer.drain()
            writer.close()

        async def gone(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

        for answer, sentence in ((silent, "class.join.not-a-room"), (gone, "class.join.no-room")):
            other = await asyncio.start_server(answer, "127.0.0.1", 0)
            address = Address("127.0.0.1", other.sockets[0].getsockname()[1])
            assert await fails(join_room(address, wish())) == sentence
            assert await fails(link(address, "x").connect()) == sentence
            other.close()
        async with serving(shipped) as there:  # https to a room without
            secured = Address("127.0.0.1", there.port, secure=True)
            assert await fails(join_room(secured, wish())) in ("class.join.certificate", "class.join.no-room")

    run(play)


def test_waits_grow_and_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        waits: list[float] = []

        async def rest(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 12:
                mine.gone = m.Gone("over", web_link.Message("class.join.over"))

        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            mine = WebLink(Address("127.0.0.1", held.getsockname()[1]), "x", rest=rest, chance=lambda: 1.0)
            with pytest.raises(ConnectionError):
                await mine.ask(m.See())
        assert waits == sorted(waits) and waits[0] == 0.5 and waits[-1] == web_link.LONGEST_WAIT == waits[-3]

    run(play)


def test_a_place_given_back_to_a_program(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            place = await join_room(there.address, wish())
            token = await there.room.teach(m.Restore("m0"))
            found = one_time(there.url(f"/j/{token}"))
            assert found == (there.address, token)
            assert await redeem_link(*found) == place
            assert await fails(redeem_link(*found)) == "class.join.link-used"
            await there.room.teach(m.Restore("m0"))
            status, text, _ = await there.get("/j/token-1", Accept="application/json", **{"Sec-Fetch-Mode": "cors"})
            assert status == 303 and place.secret not in text, "a page's script gets the cookie only"

    run(play)


@pytest.mark.parametrize("link", ["http://h/j/", "http://h/J/x", "h:8100", "http://h/j/a/b", "http://h/j/a?b", "/j"])
def test_what_is_no_link_of_a_place(link: str) -> None:
    assert one_time(link) is None


def test_every_sentence_is_in_the_locale(shipped: Content) -> None:
    for key in ("address", "no-room", "no-such-name", "no-answer", "not-a-room", "certificate", "newer-room", "older-room",
                "no-place", "over", "full", "lost", "refused", "closed", "code", "wait", "busy", "unreadable", "link-used"):
        assert f"class.join.{key}" in shipped.locale, key


def test_requests_are_those_of_the_contract() -> None:
    """The note on repeating speaks of every request there is."""
    assert {kind.__name__ for kind in get_args(m.Request)} == {
        "See", "Recall", "Past", "Cost", "Foresee", "Explain", "Changed", "Save", "Decide", "Reconsider", "Guess", "Argue",
        "Pen", "Reenter", "Briefing",
    }  # fmt: skip
