"""Opening a room on this machine: addresses, ports, certificates, the teacher's token; and a host that is killed."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from serving import run

from game.classroom import host_headless, hosting, network
from game.classroom import messages as m
from game.classroom.address import Address
from game.classroom.client import RoomSeat
from game.classroom.errors import ClassError
from game.classroom.hosting import Wishes, hosted
from game.classroom.plan import Plan
from game.classroom.web_link import WebLink, join_room
from game.content import Content
from game.language import Tongue
from game.table.wire import Draft

PEM = Path(__file__).with_name("localhost.pem")
"""Certificate and key of localhost, for these tests alone."""


def wishes(tmp_path: Path, **more: Any) -> Wishes:
    usual = Wishes(tmp_path / "a.room", Plan(teams=2), bind="127.0.0.1", lang="en", browsers=0, pools=0)
    return replace(usual, **more)


def test_a_room_is_open_while_the_block_runs(shipped: Content, tmp_path: Path) -> None:
    async def play() -> None:
        async with hosted(shipped, wishes(tmp_path)) as there:
            assert [a.host for a in there.addresses] == ["127.0.0.1"] and not there.went_on
            place = await join_room(there.addresses[0], m.Join(m.PROTOCOL, there.room.code, "a"))
            token = json.loads(there.teacher_file.read_text())
            assert os.name == "nt" or there.teacher_file.stat().st_mode & 0o777 == 0o600
            async with aiohttp.ClientSession() as http:
                mine = {"Authorization": f"Bearer {token['token']}"}
                async with http.post(token["address"] + "/teach", data=b'{"do": "open"}', headers=mine) as answer:
                    assert answer.status == 200
            assert there.room.desk().phase == "open"
            seat = RoomSeat(WebLink(there.addresses[0], place.secret))
            assert (await seat.view()).quarter == there.room.desk().quarter
            await seat.close()
            told = host_headless.told(there, wishes(tmp_path), Tongue("en", content=shipped), with_qr=True)
            assert any(there.room.code in line for line in told) and any("Not encrypted" in line for line in told)
            assert any(line.count("▀") + line.count("▄") + line.count("█") > 10 for line in told), "a code to photograph"
            assert there.invitation().endswith(f"/#{there.room.code}")
            assert (await there.check()).said.id == "class.reach.local-only"
            file = there.teacher_file
        assert not file.exists()
        async with hosted(shipped, wishes(tmp_path)) as there:
            assert there.went_on and there.room.member_of(place.secret) == place.member

    run(play)


def test_the_log_of_faults_holds_nothing_that_came_over_the_network(shipped: Content, tmp_path: Path) -> None:
    async def play() -> None:
        async with hosted(shipped, wishes(tmp_path)) as there:
            host = f"Host: 127.0.0.1:{there.server.guard.port}\r\n".encode()
            for head in (b"GET / HTTP/1.1\r\n" + host + b"Authorization: Bearer SECRET\x00", b"GET /j/SECRET HTTP/9.9\r\n" + host,
                         b"GET /j/SECRET\x00 HTTP/1.1\r\n" + host):  # fmt: skip
                reader, writer = await asyncio.open_connection("127.0.0.1", there.server.guard.port)
                writer.write(head + b"\r\n\r\n")
                assert b" 400 " in await reader.read(200)
                writer.close()
            logging.getLogger("baimo.http").error("Error handling request from %s", "192.168.7.30")
            logging.getLogger("baimo.room").error("fault in /play")
        kept = tmp_path / "a.room.log"
        text = kept.read_text()
        assert "fault in /play" in text and "fault of the web server" in text
        assert "SECRET" not in text and "192.168.7.30" not in text and "127.0.0.1" not in text
        assert os.name == "nt" or kept.stat().st_mode & 0o777 == 0o600

    run(play)


def test_what_stands_in_the_way_is_one_sentence(shipped: Content, tmp_path: Path) -> None:
    async def refused(**more: Any) -> str:
        with pytest.raises(ClassError) as caught:
            async with hosted(shipped, wishes(tmp_path, **more)):
                pass
        for lang in ("zh", "en"):
            said = Tongue(lang, content=shipped).message(caught.value.message)  # type: ignore[arg-type]
            assert said and "{" not in said and "class." not in said
        return caught.value.message.id

    async def play() -> None:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            held.listen()
            taken = held.getsockname()[1]
            assert await refused(port=taken) == "class.host.port-taken"
            hosting.PORT, usual = taken, hosting.PORT
            try:
                async with hosted(shipped, wishes(tmp_path)) as there:
                    assert there.addresses[0].port > taken, "the next that is free"
                hosting.TRIES, tries = 1, hosting.TRIES
                assert await refused() == "class.host.ports-taken"
            finally:
                hosting.PORT, hosting.TRIES = usual, tries
        assert await refused(bind="192.0.2.99") == "class.host.bind"
        assert await refused(bind="no such name") == "class.host.bind"
        assert await refused(key=PEM) == "class.host.key-alone"
        assert await refused(cert=tmp_path / "none.pem") == "class.host.cert"
        (tmp_path / "bad.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        assert await refused(cert=tmp_path / "bad.pem") == "class.host.cert"
        (tmp_path / "no.room").write_text("no room")
        assert (await refused(path=tmp_path / "no.room")).startswith("class.store.")
        async with hosted(shipped, wishes(tmp_path)):
            assert await refused() == "class.store.open"
        assert not list(tmp_path.glob("*.teacher"))

    run(play)


def test_with_a_certificate_the_room_speaks_https(shipped: Content, tmp_path: Path) -> None:
    async def play() -> None:
        async with hosted(shipped, wishes(tmp_path, cert=PEM, name="localhost")) as there:
            first = there.addresses[0]
            assert first.secure and first.host == "localhost"
            with pytest.raises(ClassError) as caught:
                await join_room(first, m.Join(m.PROTOCOL, there.room.code, "a"))
            assert caught.value.message.id == "class.join.certificate"
            trusted = ssl.create_default_context(cafile=PEM)
            async with aiohttp.ClientSession() as http, http.get(first.url("/?lang=en"), ssl=trusted) as answer:
                assert answer.status == 200 and "The connection is encrypted" in await answer.text()
                assert "wss://localhost" in answer.headers["Content-Security-Policy"]
            plain = replace(first, secure=False)
            with pytest.raises(ClassError):
                await join_room(plain, m.Join(m.PROTOCOL, there.room.code, "a"))

    run(play)


def test_the_teachers_machine_is_heard_whatever_the_room_is_bound_to(
    shipped: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound: list[Any] = []

    class Listener:
        def __init__(self, *_: Any) -> None: ...

        async def start(self, hosts: list[str], port: int, tls: Any) -> int:
            bound.append(hosts)
            return 8111

        async def close(self) -> None: ...

    monkeypatch.setattr(hosting, "Listener", Listener)

    async def play() -> None:
        for n, bind in enumerate(("0.0.0.0", "::", "127.0.0.1", "192.168.7.7")):
            async with hosted(shipped, wishes(tmp_path, bind=bind, path=tmp_path / f"{n}.room")) as there:
                assert all(not a.host.startswith("127.") for a in there.addresses) or bind == "127.0.0.1"
        assert bound == [["0.0.0.0"], ["::", "0.0.0.0"], ["127.0.0.1"], ["192.168.7.7", "127.0.0.1"]]

    run(play)


@pytest.mark.parametrize(("hosts", "answers", "others", "good", "sentence"), [
    ([], True, 0, False, "no-network"), (["127.0.0.1"], True, 0, False, "local-only"), (["192.168.7.7"], False, 0, False, "blocked"),
    (["169.254.3.4"], True, 0, False, "link-local"), (["100.64.1.1"], True, 0, None, "shared"), (["8.8.8.8"], True, 0, None, "public"),
    (["192.168.7.7"], True, 0, None, "own"), (["10.1.2.3"], True, 3, True, "others"), (["room.school"], True, 0, None, "own"),
])  # fmt: skip
def test_what_can_be_said_of_being_reached(
    hosts: list[str], answers: bool, others: int, good: bool | None, sentence: str, shipped: Content,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async def answer(address: Address) -> bool:
        return answers

    monkeypatch.setattr(network, "_answers", answer)
    found = asyncio.run(network.reach("0.0.0.0", network.printed(hosts, 8100, False), others))
    assert found.good is good and found.said.id == f"class.reach.{sentence}"
    assert "8,100" not in Tongue("en", content=shipped).message(found.said)


def test_a_room_is_told_from_another_program() -> None:
    async def play() -> None:
        async def other(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(other, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        assert not await network._answers(Address("127.0.0.1", port))
        server.close()
        await server.wait_closed()
        assert not await network._answers(Address("127.0.0.1", port))

    run(play)


def test_own_addresses_are_those_that_others_can_use() -> None:
    for found in (network.own_addresses("0.0.0.0"), network.own_addresses("::")):
        assert all(network._useful(a) for a in found) and len(found) == len(set(found))
    assert network.own_addresses("192.168.7.7") == ["192.168.7.7"]
    order = ["169.254.1.1", "fd00::1", "8.8.8.8", "192.168.1.2"]
    assert sorted(order, key=network._rank) == ["192.168.1.2", "8.8.8.8", "fd00::1", "169.254.1.1"]


def test_a_killed_host_goes_on_with_everything_acknowledged(tmp_path: Path) -> None:
    """The whole command: opened, joined, decided, killed, opened again; the member's link mends itself meanwhile."""
    room = tmp_path / "lesson.room"

    def start(*more: str) -> subprocess.Popen[str]:
        arguments = ["class", "host", "--headless", "--lang", "en", "--bind", "127.0.0.1", "--teams", "2", "--room", str(room)]
        return subprocess.Popen([sys.executable, "-m", "game", *arguments, *more], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, encoding="utf-8")  # fmt: skip

    async def opened(child: subprocess.Popen[str]) -> tuple[Address, str]:
        code = ""
        assert child.stdout is not None
        for line in child.stdout:
            code = line.split()[-1] if line.startswith("Code") else code
            if "open on 127.0.0.1 alone" in line:
                break
        told = json.loads(room.with_name(room.name + ".teacher").read_text())
        return Address("127.0.0.1", int(told["address"].rpartition(":")[2])), code

    async def teach(command: m.Command) -> None:
        told = json.loads(room.with_name(room.name + ".teacher").read_text())
        async with aiohttp.ClientSession() as http, http.post(
            told["address"] + "/teach", data=msgspec.json.encode(command), headers={"Authorization": f"Bearer {told['token']}"}
        ) as answer:
            assert answer.status == 200, await answer.text()

    async def play() -> None:
        child = start()
        try:
            address, code = await opened(child)
            place = await join_room(address, m.Join(m.PROTOCOL, code, "a", team="seat-1"))
            link = WebLink(address, place.secret)
            seat = RoomSeat(link)
            await teach(m.Open())
            quarter = (await seat.view()).quarter
            draft = Draft(quarter, {"price.token": 6.0}, "because")
            await seat.save(draft)
            await seat.argue(quarter, "we wait")
            child.kill()
            child.wait(20)
            while link.connected:
                await asyncio.sleep(0.01)
            child = start("--port", str(address.port))
            again, same = await opened(child)
            assert (again, same) == (address, code)
            now = await seat.present()
            while link.epoch < 2 or not link.connected:
                await asyncio.sleep(0.01)
            assert (await seat.view()).quarter == quarter
            now = await seat.present()
            assert now.draft == draft and now.reason == "we wait" and now.phase == "open" and now.pen
            await teach(m.Debrief()) if now.phase == "debrief" else None
            child.send_signal(signal.SIGTERM if os.name != "nt" else signal.CTRL_BREAK_EVENT)
            out, err = child.communicate(timeout=20)
            assert child.returncode == 0 and "goes on with it" in out and err == ""
            assert not room.with_name(room.name + ".teacher").exists()
            await seat.close()
        finally:
            child.kill()
            child.communicate()

    run(play, 60)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, game.cli; game.cli.main(['class', 'host', '--help']);"
        "print({'aiohttp', 'segno', 'textual', 'textual_serve', 'numpy', 'sqlite3'} & set(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.rstrip().endswith("set()") and "--headless" in out


@pytest.mark.parametrize("wrong", [
    ("--teams", "0"), ("--teams", "many"), ("--port", "70000"), ("--seconds", "1"), ("--scenario", "nowhere"), ("--teams", "99"),
    ("--card", "nonsense"), ("--card", "1:no-such-card"), ("--mode", "chess"), ("--room", "/nowhere/at/all.room"),
    ("--bind", "192.0.2.99"), ("--bind", ""), ("--bind", "x" * 70), ("--name", "a b"),
])  # fmt: skip
def test_bad_arguments_are_one_sentence(wrong: tuple[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from game.cli import main

    room = () if wrong[0] == "--room" else ("--room", str(tmp_path / "a.room"))
    assert main(["class", "host", "--headless", "--lang", "en", *room, *wrong]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("baimo: ") and told.err.count("\n") == 1 and not re.search(r"class\.[a-z]", told.err)
    assert not list(tmp_path.glob("a.room*")), "nothing is left that the next room would go on with"


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no terminal is hung up on this system")
def test_a_terminal_taken_away_ends_a_program_that_draws_on_it_at_once() -> None:
    async def kept(hangup: bool) -> tuple[bool, bool]:
        before = signal.getsignal(signal.SIGHUP)
        undo = hosting.on_leaving(lambda: None, hangup=hangup)
        try:
            return signal.getsignal(signal.SIGHUP) is before, signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        finally:
            undo()

    assert asyncio.run(kept(hangup=False)) == (True, False)
    assert asyncio.run(kept(hangup=True)) == (False, False)
