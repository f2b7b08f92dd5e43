"""A room under load on one machine, loopback only: ``python tests/bench/room_load.py --browsers 40 --api 56``.

Starts ``baimo class host --headless`` in a process of its own, lets members join at a steady rate (browsers by the form and
the protocol of the terminal's page, programs over ``/api/ws``), presses keys in every browser, closes quarters as the
teacher, and prints a table of what it took. Every loop is bounded, and so is the whole (``--limit`` seconds).

First frame: from the opening of the browser's WebSocket to the first picture. Key: from a key to the first bytes that
change the picture. Closed: from the teacher's command to the last member's `Now` of the next quarter (programs), and to the
last browser's first bytes after it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

sys.path.insert(0, str(Path(__file__).parents[2]))

from game.classroom import messages as m
from game.classroom.client import RoomSeat
from game.classroom.web_link import WebLink, join_room
from tests.bench.room_bots import decided

PICTURE = 400
"""Bytes from which on a message counts as the first picture; the terminal is set up with less."""
KEYS = ("\x1b[B", "\x1b[A")
PATIENCE = 90.0
"""Seconds after which something that does not come counts as never."""


@dataclass
class Browser:
    """A browser that shows nothing, as the room sees one."""

    name: str
    opened: float = 0.0
    first: float | None = None
    keys: list[float] = field(default_factory=list)
    lost: int = 0
    queue: int = 0
    """Most places before it that the page was told of."""
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    heard_at: float = 0.0
    bytes: int = 0
    ws: aiohttp.ClientWebSocketResponse | None = None
    task: asyncio.Task[None] | None = None

    async def join(self, http: aiohttp.ClientSession, base: str, code: str) -> None:
        """Take a seat by the form, then open the terminal's socket with the cookie."""
        form = {"code": code, "name": self.name, "lang": "en"}
        async with http.post(f"{base}/api/join", data=form, headers={"Origin": base}, allow_redirects=False) as answer:
            if answer.status != 303:
                raise RuntimeError(f"{self.name}: {answer.status} {await answer.text()}")
            cookie = "; ".join(value.partition(";")[0] for value in answer.headers.getall("Set-Cookie"))
        self.opened = time.monotonic()
        self.ws = await http.ws_connect(f"{base}/play/ws", headers={"Origin": base, "Cookie": cookie}, max_msg_size=0)
        await self.ws.send_str(json.dumps(["resize", {"width": 120, "height": 40}]))
        self.task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.ws is not None
        async for message in self.ws:
            now = time.monotonic()
            if message.type is aiohttp.WSMsgType.TEXT:
                with contextlib.suppress(ValueError, KeyError, TypeError, IndexError):
                    self.queue = max(self.queue, int(json.loads(message.data)[1].get("wait", 0)))
            elif message.type is aiohttp.WSMsgType.BINARY:
                self.bytes += len(message.data)
                if self.first is None and self.bytes > PICTURE:
                    self.first = now - self.opened
                self.heard_at = now
                self.heard.set()

    async def press(self, key: str) -> None:
        """A key, and how long it takes to the first bytes after it."""
        assert self.ws is not None
        self.heard.clear()
        begun = time.monotonic()
        await self.ws.send_str(json.dumps(["stdin", key]))
        try:
            await asyncio.wait_for(self.heard.wait(), 5.0)
            self.keys.append(self.heard_at - begun)
        except TimeoutError:
            self.lost += 1


@dataclass
class Program:
    """A member over ``/api/ws``."""

    seat: RoomSeat
    temper: float
    at: dict[int, float] = field(default_factory=dict)
    """When the first `Now` of a quarter came."""
    task: asyncio.Task[None] | None = None
    fans: list[int] = field(default_factory=list)

    async def watch(self) -> None:
        async for push in self.seat.pushes():
            if isinstance(push, m.Now):
                self.at.setdefault(push.quarter, time.monotonic())

    async def think(self) -> None:
        """Preview a draft and ask for its futures, as a person does."""
        view = await self.seat.view()
        draft = decided(view, self.temper)
        await self.seat.preview(draft)
        async for fans in self.seat.futures(draft):
            self.fans.append(fans.wanted)
            break

    async def decide(self) -> None:
        with contextlib.suppress(Exception):
            await self.seat.link.ask(m.Decide(decided(await self.seat.view(), self.temper)))


def resident(pid: int) -> tuple[float, float]:
    """MB of a process: resident, and its fair share of what processes share (both the same where the system does not say)."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        kb = {line.split(":")[0]: int(line.split()[1]) for line in text.splitlines()[1:] if line.endswith("kB")}
        return kb["Rss"] / 1024, kb["Pss"] / 1024
    except (OSError, KeyError, ValueError, IndexError):
        return 0.0, 0.0


def children(pid: int) -> dict[int, str]:
    """Children of a process and their command lines (Linux)."""
    found: dict[int, str] = {}
    with contextlib.suppress(OSError):
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError, IndexError):
                    if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == pid:
                        found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def cpu(pid: int) -> float:
    """Seconds of processor that a process has used (Linux)."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


class Load:
    """One run."""

    def __init__(self, args: argparse.Namespace, folder: Path) -> None:
        self.args, self.room = args, folder / "load.room"
        self.browsers: list[Browser] = []
        self.programs: list[Program] = []
        self.rows: list[tuple[str, str, str]] = []
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """The room's process."""
        members = self.args.browsers + self.args.api
        teams = self.args.teams or -(-members // 8)
        mode = "shared" if teams <= 12 else "parallel"
        self.child = subprocess.Popen(
            [sys.executable, "-m", "game", "class", "host", "--headless", "--lang", "en", "--bind", "127.0.0.1", "--teams",
             str(max(teams, 2)), "--mode", mode, "--scenario", self.args.scenario, "--room", str(self.room)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        self.rows.append(("room", f"{mode}, {max(teams, 2)} teams, {self.args.browsers} browsers, {self.args.api} programs", ""))

    async def told(self) -> dict[str, Any]:
        """What the teacher's file says, once it is there."""
        file = self.room.with_name(self.room.name + ".teacher")
        for _ in range(int(PATIENCE / 0.1)):
            if file.exists() and (text := file.read_text()).endswith("}"):
                return dict(json.loads(text))
            await asyncio.sleep(0.1)
        raise RuntimeError("the room did not open")

    async def teach(self, http: aiohttp.ClientSession, command: m.Command) -> None:
        """A command of the teacher's."""
        async with http.post(f"{self.base}/teach", data=msgspec.json.encode(command), headers=self.mine) as answer:
            if answer.status != 200:
                raise RuntimeError(f"{command}: {await answer.text()}")

    async def desk(self, http: aiohttp.ClientSession) -> m.Desk:
        async with http.get(f"{self.base}/teach/desk", headers=self.mine) as answer:
            return msgspec.json.decode(await answer.read(), type=m.Desk)

    async def run(self) -> None:
        """Everything, one after the other."""
        told = await self.told()
        self.base, self.mine = told["address"], {"Authorization": f"Bearer {told['token']}"}
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http:
            await self._ready(http)
            await self._join(http, (await self.desk(http)).code)
            await self._open(http)
            await self._keys()
            self._memory()
            await self._close(http)
            for command in (m.Close(), m.Debrief(), m.Finish()):
                await self.teach(http, command)
            for browser in self.browsers:
                if browser.task is not None:
                    browser.task.cancel()
            for program in self.programs:
                await program.seat.close()

    async def _open(self, http: aiohttp.ClientSession) -> None:
        """Open the first quarter: every browser builds its boardroom at the same moment. Keys come once people have looked."""
        for browser in self.browsers:
            browser.heard.clear()
        begun = time.monotonic()
        await self.teach(http, m.Open())
        seen = await asyncio.gather(*(self._after(b, begun) for b in self.browsers))
        if seen:
            self.rows.append(("opened, drawn in every browser", spread(seen, 1.0, "s"), ""))
        await asyncio.sleep(self.args.look)

    async def _ready(self, http: aiohttp.ClientSession) -> None:
        """Wait until the room answers and its host processes are there: a teacher opens the room before the class comes."""
        assert self.child is not None
        for _ in range(int(PATIENCE / 0.2)):
            with contextlib.suppress(aiohttp.ClientError):
                async with http.get(f"{self.base}/check") as answer:
                    if answer.status == 200:
                        break
            await asyncio.sleep(0.2)
        await asyncio.sleep(self.args.warm)

    async def _join(self, http: aiohttp.ClientSession, code: str) -> None:
        """Browsers and programs in turn, at the rate asked for."""
        total = self.args.browsers + self.args.api
        kinds = ["b"] * self.args.browsers + ["p"] * self.args.api
        order = sorted(range(total), key=lambda n: (n * 0.618) % 1.0)  # well mixed, the same every time
        begun = time.monotonic()
        opening: list[asyncio.Task[Any]] = []
        for place, n in enumerate(order):
            await asyncio.sleep(max(0.0, begun + place / self.args.rate - time.monotonic()))
            opening.append(asyncio.create_task(self._one(http, kinds[n], n, code)))
        for result in await asyncio.wait_for(asyncio.gather(*opening, return_exceptions=True), PATIENCE):
            if isinstance(result, BaseException):
                self.rows.append(("fault", f"{type(result).__name__}: {result}"[:120], ""))
        for _ in range(int(PATIENCE / 0.1)):
            if all(b.first is not None for b in self.browsers):
                break
            await asyncio.sleep(0.1)
        firsts = [b.first for b in self.browsers if b.first is not None]
        if self.browsers:
            self.rows.append(("first frame", spread(firsts, 1.0, "s"), "median 1.5 s"))
            never = len(self.browsers) - len(firsts)
            self.rows.append(("of those, never", str(never), "0"))
            self.rows.append(("longest queue shown", str(max(b.queue for b in self.browsers)), ""))

    async def _one(self, http: aiohttp.ClientSession, kind: str, n: int, code: str) -> None:
        if kind == "b":
            browser = Browser(f"b{n}")
            self.browsers.append(browser)
            await browser.join(http, self.base, code)
            return
        place = await join_room(self.base, m.Join(m.PROTOCOL, code, f"p{n}"))
        program = Program(RoomSeat(WebLink(self.base, place.secret, way="api")), (n % 7) / 7)
        self.programs.append(program)
        program.task = asyncio.create_task(program.watch())

    async def _keys(self) -> None:
        """Every browser presses a key every ``pace`` seconds, each at its own moment, while programs preview and ask for futures."""
        end = time.monotonic() + self.args.seconds
        before = self._processors()

        async def typing(browser: Browser, n: int) -> None:
            await asyncio.sleep(self.args.pace * n / max(len(self.browsers), 1))
            turn = 0
            while time.monotonic() < end:
                begun = time.monotonic()
                await browser.press(KEYS[turn % 2])
                turn += 1
                await asyncio.sleep(max(0.0, begun + self.args.pace - time.monotonic()))

        async def thinking(program: Program, n: int) -> None:
            await asyncio.sleep(self.args.seconds * n / max(len(self.programs), 1))
            if time.monotonic() < end:
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(program.think(), self.args.seconds)

        begun = time.monotonic()
        work = [typing(b, n) for n, b in enumerate(self.browsers)] + [thinking(p, n) for n, p in enumerate(self.programs)]
        await asyncio.gather(*work)
        took = time.monotonic() - begun
        keys = [t for b in self.browsers for t in b.keys]
        if keys:
            self.rows.append(("key", spread(keys, 1000.0, "ms"), "p95 250 ms"))
            self.rows.append(("keys without an answer", f"{sum(b.lost for b in self.browsers)} besides {len(keys)}", "0"))
        wanted = [w for p in self.programs for w in p.fans]
        if wanted:
            counts = {w: wanted.count(w) for w in sorted(set(wanted), reverse=True)}
            self.rows.append(("futures given to programs", ", ".join(f"{w}: {n}" for w, n in counts.items()), "never below 100"))
        after = self._processors()
        used = ", ".join(f"{name} {100 * (after[name] - before.get(name, 0)) / took:.0f} %" for name in after)
        self.rows.append(("processor while typing", used, ""))
        presses = len(keys) + sum(b.lost for b in self.browsers)
        if presses:
            cost = 1000 * (after["hosts"] - before["hosts"]) / presses
            self.rows.append(("processor of the hosts", f"{cost:.1f} ms a key, {presses / took:.1f} keys a second", ""))

    def _processors(self) -> dict[str, float]:
        assert self.child is not None
        found = {"server": cpu(self.child.pid), "hosts": 0.0, "futures": 0.0}
        for pid, command in children(self.child.pid).items():
            name = "hosts" if "seat_host" in command else "futures" if "fan_worker" in command else ""
            if name:
                found[name] += cpu(pid)
        return found

    def _memory(self) -> None:
        assert self.child is not None
        kinds = {"hosts": "seat_host", "futures": "fan_worker"}
        there = children(self.child.pid)
        for name, word in kinds.items():
            sizes = [resident(pid) for pid, command in there.items() if word in command]
            if sizes:
                rss, pss = (sum(s[k] for s in sizes) for k in (0, 1))
                each = f"; {rss / len(self.browsers):.1f} MB a browser" if name == "hosts" and self.browsers else ""
                goal = "30 MB a connection" if name == "hosts" else ""
                self.rows.append((f"memory of {name}", f"{len(sizes)} processes, {rss:.0f} MB resident ({pss:.0f} shared out){each}", goal))
        rss, pss = resident(self.child.pid)
        self.rows.append(("memory of the server", f"{rss:.0f} MB resident ({pss:.0f} shared out)", ""))

    async def _close(self, http: aiohttp.ClientSession) -> None:
        """The teacher closes quarters; until the last member has seen it."""
        times, seen, commands = [], [], []
        for _ in range(self.args.quarters):
            quarter = (await self.desk(http)).quarter
            await asyncio.gather(*(p.decide() for p in self.programs[:12]))
            for browser in self.browsers:
                browser.heard.clear()
            begun = time.monotonic()
            with contextlib.suppress(RuntimeError):  # the last who decided has closed it already
                await self.teach(http, m.Close())
            commands.append(time.monotonic() - begun)
            for _ in range(2000):
                if all(quarter + 1 in p.at for p in self.programs):
                    break
                await asyncio.sleep(0.01)
            if self.programs:
                times.append(max(p.at.get(quarter + 1, begun + PATIENCE) for p in self.programs) - begun)
            waits = await asyncio.gather(*(self._after(b, begun) for b in self.browsers))
            seen += [max(waits)] if waits else []
            await asyncio.sleep(0.5)
            await self.teach(http, m.Open())
            await asyncio.sleep(1.0)
        if times:
            self.rows.append(("closed, told to every program", spread(times, 1.0, "s"), "1 s"))
        if seen:
            self.rows.append(("closed, drawn in every browser", spread(seen, 1.0, "s"), "1 s"))
        self.rows.append(("the command itself", spread(commands, 1.0, "s"), ""))

    async def _after(self, browser: Browser, begun: float) -> float:
        try:
            await asyncio.wait_for(browser.heard.wait(), 20.0)
        except TimeoutError:
            return PATIENCE
        return browser.heard_at - begun


def spread(values: Sequence[float], scale: float, unit: str) -> str:
    """Median, 95 per cent and greatest of times."""
    if not values:
        return "--"
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    digits = 2 if scale == 1.0 else 0
    return f"median {statistics.median(ordered) * scale:.{digits}f}, p95 {p95 * scale:.{digits}f}, most {ordered[-1] * scale:.{digits}f} {unit}"


def main() -> int:
    """Run, print, end what was started."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--browsers", type=int, default=40)
    parser.add_argument("--api", type=int, default=56)
    parser.add_argument("--teams", type=int, default=0, help="as many as the members need by default")
    parser.add_argument("--rate", type=float, default=2.0, help="joins a second")
    parser.add_argument("--seconds", type=float, default=20.0, help="of typing")
    parser.add_argument("--pace", type=float, default=2.0, help="seconds between two keys of a browser")
    parser.add_argument("--look", type=float, default=5.0, help="seconds between the opening and the first key")
    parser.add_argument("--quarters", type=int, default=3, help="to close")
    parser.add_argument("--warm", type=float, default=8.0, help="seconds between the opening and the first join")
    parser.add_argument("--scenario", default="price-war")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for everything")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="baimo-load-") as folder:
        load = Load(args, Path(folder))
        load.start()
        assert load.child is not None
        try:
            asyncio.run(asyncio.wait_for(load.run(), args.limit))
        except (TimeoutError, RuntimeError) as error:
            load.rows.append(("ended early", f"{type(error).__name__}: {error}"[:200], ""))
        finally:
            load.child.terminate()
            try:
                load.child.wait(15)
            except subprocess.TimeoutExpired:
                load.child.kill()
                load.child.wait()
        log = load.room.with_name(load.room.name + ".log")
        if log.exists():
            load.rows.append(("faults logged", log.read_text(encoding="utf-8")[-600:].replace("\n", " / "), "none"))
    width = max(len(row[0]) for row in load.rows)
    for name, value, goal in load.rows:
        print(f"{name:<{width}}  {value}{f'   (goal: {goal})' if goal else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
