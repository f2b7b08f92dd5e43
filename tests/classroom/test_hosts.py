"""Browser seats: real host processes, the room and the browsers in the test's hands."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import WSMsgType

from game.classroom import messages as m
from game.classroom.errors import ClassError
from game.classroom.host_process import scrubbed
from game.classroom.hosts import Hosts
from tests.tui.room_fake import FakeRoom


class FakeSocket:
    """What of an `aiohttp.web.WebSocketResponse` a seat uses; the test is the browser."""

    def __init__(self) -> None:
        self.drawn = bytearray()
        self.said: list[dict[str, Any]] = []
        self.pongs = 0
        self.closed = False
        self.slow: asyncio.Event | None = None
        self._typed: asyncio.Queue[Any] = asyncio.Queue()

    def type(self, *message: Any) -> None:
        """Send as textual-serve's page does."""
        self._typed.put_nowait(SimpleNamespace(type=WSMsgType.TEXT, data=json.dumps(message)))

    def raw(self, data: str) -> None:
        """Send anything."""
        self._typed.put_nowait(SimpleNamespace(type=WSMsgType.TEXT, data=data))

    async def send_bytes(self, data: bytes) -> None:
        if self.slow is not None:
            await self.slow.wait()
        self.drawn += data

    async def send_str(self, data: str) -> None:
        kind, what = json.loads(data)
        if kind == "baimo":
            self.said.append(what)
        else:
            self.pongs += 1

    async def close(self) -> None:
        self.closed = True
        self._typed.put_nowait(None)

    def __aiter__(self) -> FakeSocket:
        return self

    async def __anext__(self) -> Any:
        message = await self._typed.get()
        if message is None:
            raise StopAsyncIteration
        return message

    def shows(self, text: str) -> bool:
        """Whether something was drawn since `clear`."""
        return text.encode() in bytes(self.drawn)


async def until(true: Callable[[], object]) -> None:
    """Wait for another process; bounded."""
    for _ in range(3000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("not so after a while")


class House:
    """Hosts with a room behind them."""

    def __init__(self, hosts: Hosts, room: FakeRoom) -> None:
        self.hosts, self.room = hosts, room
        self.tasks: list[asyncio.Task[None]] = []

    async def browser(self, member: str, *, drawn: bool = True) -> FakeSocket:
        """A browser comes."""
        socket = FakeSocket()

        async def link() -> Any:
            return self.room.link(member)

        self.tasks.append(asyncio.create_task(self.hosts.attach(socket, link, lang="en")))  # type: ignore[arg-type]
        socket.type("resize", {"width": 80, "height": 24})
        if drawn:
            await until(lambda: socket.shows("Waiting for the teacher"))
        return socket


def in_a_house(use: Callable[[House], Awaitable[None]], processes: int = 1) -> None:
    async def go() -> None:
        hosts = Hosts(processes=processes)
        await hosts.start()
        house = House(hosts, FakeRoom())
        try:
            await use(house)
        finally:
            for task in house.tasks:
                task.cancel()
            await asyncio.gather(*house.tasks, return_exceptions=True)
            await hosts.close()
        assert not hosts.pids

    asyncio.run(go())


def test_two_browsers_in_one_process_play_a_quarter() -> None:
    async def use(house: House) -> None:
        room = house.room
        one = await house.browser("m1")
        two = await house.browser("m2")
        for nested in ("[" * 16_000, "[" + "1" * 16_000 + "]", '["ping", ' + "9" * 4000 + "]", '["stdin", "\\ud800"]'):
            one.raw(nested)
        assert len(house.hosts.pids) == 1 and {"wait": 0} in one.said
        room.open(120)
        await until(lambda: one.shows("A thousand futures") and two.shows("looking on"))
        one.type("stdin", "\x1b[B\x1b[C")  # down, right
        await until(lambda: room.draft is not None)
        two.type("ping", "1")
        await until(lambda: two.pongs == 1)
        for hostile in ('["stdin"]', '["resize", {"width": "a"}]', '["resize", {"width": -5, "height": 99999}]', "[", "{}", "[[]]",
                        '["stdin", 5]', '["nonsense", {}]', '["stdin", "' + "x" * 20000 + '"]', "null", '["stdin", "\\u0000\\ud800"]'):  # fmt: skip
            two.raw(hostile)
        two.type("resize", {"width": 100, "height": 30})
        two.drawn.clear()
        await room.close()
        await until(lambda: one.shows("Closing") and two.shows("Closing"))
        assert not house.hosts.faults

    in_a_house(use)


def test_a_fault_in_one_application_is_its_own_and_a_dead_process_is_replaced() -> None:
    async def use(house: House) -> None:
        room = house.room
        one, two = await house.browser("m1"), await house.browser("m2")
        room.open(120)
        await until(lambda: one.shows("A thousand futures") and two.shows("looking on"))
        view, room.seat.view = room.seat.view, _broken  # type: ignore[method-assign]
        two.drawn.clear()
        room.links["m2"].push(m.Now(**{**_fields(room.now("m2")), "round": 2}))  # looks again, and gets what is no view
        await until(lambda: {"again": "fault"} in two.said)
        room.seat.view = view  # type: ignore[method-assign]
        one.drawn.clear()
        one.type("stdin", "\x1b[B")
        await until(lambda: one.drawn)
        assert {"again": "fault"} not in one.said
        (pid,) = house.hosts.pids
        os.kill(pid, signal.SIGTERM)
        one.drawn.clear()
        await until(lambda: house.hosts.pids not in ([], [pid]) and one.shows("A thousand futures"))
        assert {"again": "process"} in one.said and not one.closed

    in_a_house(use)


async def _broken() -> Any:
    return "no view"


def _fields(now: m.Now) -> dict[str, Any]:
    return {name: getattr(now, name) for name in now.__struct_fields__}


def test_the_newer_connection_wins_and_a_slow_browser_is_sent_no_more_than_it_takes() -> None:
    async def use(house: House) -> None:
        room = house.room
        one = await house.browser("m1")
        newer = await house.browser("m1")
        await until(lambda: one.closed)
        assert any(said.get("gone") == "newer" for said in one.said)
        newer.slow = asyncio.Event()
        room.open(120)
        for n in range(60):  # a picture each
            newer.type("resize", {"width": 200 + n % 2, "height": 60})
        await until(lambda: len(house.room.asked) > 2)
        newer.drawn.clear()
        newer.slow.set()
        newer.slow = None
        await until(lambda: newer.shows("A thousand futures"))
        assert not newer.closed and len(newer.drawn) < 3_000_000

    in_a_house(use)


def test_who_has_no_place_is_told_and_sent_away() -> None:
    async def go() -> None:
        socket = FakeSocket()

        async def link() -> Any:
            raise ClassError("class.join.over")

        hosts = Hosts()
        hosts._begun.set()
        await hosts.attach(socket, link, lang="zh")  # type: ignore[arg-type]
        assert socket.said == [{"gone": "refused", "id": "class.join.over"}] and socket.closed

    asyncio.run(go())


def test_a_host_process_is_given_nothing_of_the_teachers(tmp_path: Path) -> None:
    kept = scrubbed(tmp_path, {"SYSTEMROOT": "C:\\Windows", "TOKEN": "secret", "HOME": "/home/teacher", "PATH": "/bin"})
    assert "secret" not in kept.values() and kept["HOME"] == str(tmp_path) and "PATH" not in kept
    assert kept["SYSTEMROOT"] == "C:\\Windows"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_names_no_address_outside_and_holds_no_script(lang: str) -> None:
    from game.classroom.play_page import FONTS, POLICY, STATICS, plain_page, play_page

    for page in (play_page(lang), plain_page(lang)):  # type: ignore[arg-type]
        assert "http:" not in page and "https:" not in page and "<style" not in page and not re.search(r"\son\w+=", page)
        assert "<script>" not in page and "javascript:" not in page
    assert "unsafe-eval" not in POLICY and "script-src 'self';" in POLICY
    script = STATICS["/static/terminal.js"][0]().decode()
    assert FONTS in script and "Roboto Mono" not in script, "textual-serve's script has changed: look at `terminal_script`"
    assert "new WebSocket(" in script and "-first-byte" in script
    for address, (body, kind) in STATICS.items():
        assert body() and address.startswith("/static/") and kind


