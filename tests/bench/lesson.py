"""A whole lesson, as a class has it: one host, twelve teams, four of them in browsers, four in terminals, four programs.

``python -m tests.bench.lesson [--out DIR] [--quarters N]`` opens ``price-war`` in a shared market on the loopback
interface, deals a card to all in the fourth quarter, kills the host in the third and two members' programs in the fifth,
takes the pack out after the last quarter, writes the class's report and takes pictures on the way. Every wait is bounded.
Needs tmux and Chromium; the suite does not run it. Prints what happened, a line each.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from game.classroom import messages as m
from game.classroom.client import RoomSeat
from game.classroom.web_link import WebLink, join_room
from game.table.errors import DraftError
from game.table.wire import Draft
from tests.bench.browser import Browser, Page

TEAMS, WAYS = 12, 4
KILL_HOST, DEAL, KILL_CLIENTS = 3, 4, 5
CARD = "ban-tightens"


def say(text: str) -> None:
    """A line of what happened, with the time."""
    print(f"[{time.monotonic() - START:6.1f} s] {text}", flush=True)


START = time.monotonic()


async def until(holds: Callable[[], Awaitable[object]], seconds: float, what: str) -> float:
    """Wait until something holds; the seconds it took. Raises TimeoutError with what it was."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if await holds():
            return time.monotonic() - begun
        await asyncio.sleep(0.05)
    raise TimeoutError(what)


class HostProcess:
    """The teacher's program, without its dashboard; its commands go over the loopback interface."""

    def __init__(self, folder: Path, port: int, card: str) -> None:
        self.room, self.port, self.card = folder / "room.baimo-room", port, card
        self.log = folder / "host.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.session = aiohttp.ClientSession()
        self.token = ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> float:
        """Start it, or go on with the room; the seconds until it answers."""
        command = [
            sys.executable, "-m", "game", "class", "host", "--headless", "--scenario", "price-war", "--teams", str(TEAMS),
            "--bind", "127.0.0.1", "--port", str(self.port), "--room", str(self.room), "--lang", "zh",
        ]  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        teacher = self.room.with_name(self.room.name + ".teacher")
        pid = self.process.pid

        async def up() -> bool:
            try:
                told = json.loads(teacher.read_text(encoding="utf-8"))
                if told["pid"] != pid:
                    return False
                self.token = told["token"]
                return bool(await self.desk())
            except (OSError, ValueError, aiohttp.ClientError):
                return False

        return await until(up, 60, f"the host answers; see {self.log}")

    def kill(self) -> None:
        """As a power cut: nothing is said to it."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    async def teach(self, command: msgspec.Struct) -> str:
        async with self.session.post(
            f"{self.address}/teach", data=msgspec.json.encode(command),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        ) as response:  # fmt: skip
            body = await response.text()
            if response.status != 200:
                raise RuntimeError(f"{type(command).__name__}: {response.status} {body}")
            return str(json.loads(body)["told"])

    async def desk(self) -> m.Desk:
        async with self.session.get(f"{self.address}/teach/desk", headers={"Authorization": f"Bearer {self.token}"}) as response:
            return msgspec.json.decode(await response.read(), type=m.Desk)

    async def decided(self, name: str) -> bool:
        """Whether the team has decided in which a member of this name sits."""
        return any(t.decided or t.status != "active" for t in (await self.desk()).teams if any(p.name == name for p in t.members))

    async def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
        await self.session.close()


class Program:
    """A member that is a program: decides from what it sees, forecasts and says why."""

    def __init__(self, host: HostProcess, name: str, number: int) -> None:
        self.host, self.name, self.number = host, name, number
        self.seat: RoomSeat | None = None
        self.seen: list[float] = []

    async def join(self, code: str) -> None:
        place = await join_room(self.host.address, m.Join(m.PROTOCOL, code, self.name, f"seat-{self.number}"))
        link = WebLink(self.host.address, place.secret)
        await link.connect()
        self.seat = RoomSeat(link)

    async def play(self, quarter: int) -> None:
        assert self.seat is not None
        view = await self.seat.view()
        if view.ended:
            return
        levers: dict[str, float] = {}
        for lever, offer in (("card.choice", view.card), ("distress.choice", view.distress)):
            if offer is not None:
                levers[lever] = float(next(c.index for c in offer.choices if c.allowed))
        price, limit = view.standing["price.token"], view.limits["price.token"]
        if not limit.locked and view.quarter > view.first_quarter:
            levers["price.token"] = max(limit.low, min(limit.high, price * (0.9 if self.number % 2 else 0.97)))
        await self.seat.guess(view.quarter, "cash", view.own.cash * 0.7, view.own.cash * 1.1)
        await self.seat.argue(view.quarter, "价格跟到第三低，现金够用。" if self.number % 2 else "=1+1 [b]hold[/b] the margin")
        try:
            await self.seat._ask(m.Decide(Draft(view.quarter, levers)), None)
        except DraftError as error:
            say(f"  {self.name}: {error}")

    async def leave(self) -> None:
        if self.seat is not None:
            await self.seat.close()


class Terminal:
    """A member at a terminal: ``baimo class join`` with real keys, under tmux."""

    def __init__(self, host: HostProcess, name: str, number: int, folder: Path) -> None:
        self.host, self.name, self.number = host, name, number
        self.home = folder / f"home-{number}"
        self.home.mkdir()
        self.tmux = ["tmux", "-S", str(folder / f"tmux-{number}"), "-f", os.devnull]

    def do(self, *args: str) -> str:
        done = subprocess.run([*self.tmux, *args], capture_output=True, text=True, timeout=30, check=False, encoding="utf-8",
                              env={**os.environ, "HOME": str(self.home), "LANG": "C.UTF-8", "XDG_CONFIG_HOME": str(self.home),
                                   "XDG_DATA_HOME": str(self.home), "XDG_CACHE_HOME": str(self.home)})  # fmt: skip
        return done.stdout

    async def join(self, code: str) -> None:
        size = ("120", "40") if self.number % 2 else ("80", "24")
        command = f"{sys.executable} -m game class join {self.host.address} {code} --name {self.name} --team {self.number} --lang {'zh' if self.number % 2 else 'en'}"
        await asyncio.to_thread(self.do, "new-session", "-d", "-x", size[0], "-y", size[1], command)
        await until(self.here, 40, f"{self.name} is here")

    async def here(self) -> bool:
        return any(p.here for t in (await self.host.desk()).teams for p in t.members if p.name == self.name)

    async def keys(self, *names: str) -> None:
        await asyncio.to_thread(self.do, "send-keys", *names)

    async def play(self, quarter: int) -> None:
        await by_keys(self.host, self.name, quarter, self.keys, {"ArrowRight": "Right", "ArrowDown": "Down"})

    async def shot(self, file: Path) -> None:
        text = await asyncio.to_thread(self.do, "capture-pane", "-p")
        file.with_suffix(".txt").write_text(text, encoding="utf-8")

    async def leave(self) -> None:
        await asyncio.to_thread(self.do, "kill-server")


class BrowserSeat:
    """A member in a browser: the page's form, then keys."""

    def __init__(self, host: HostProcess, name: str, number: int, browser: Browser) -> None:
        self.host, self.name, self.number, self.browser = host, name, number, browser
        self.page: Page | None = None
        self.first_frame = 0.0

    async def join(self, code: str) -> None:
        self.page = page = await self.browser.page(1280, 800)
        await page.open(f"{self.host.address}/?lang={'zh' if self.number % 2 else 'en'}#{code}")
        await page.until("document.getElementById('code') && document.getElementById('code').value")
        begun = time.monotonic()
        await page.evaluate(
            f"document.getElementById('name').value = {json.dumps(self.name)};"
            f"document.getElementById('team').value = 'seat-{self.number}'; document.querySelector('form').requestSubmit()"
        )
        if not await page.until("document.body.classList.contains('-first-byte')", 40):
            raise TimeoutError(f"{self.name}: no first frame: {await page.note()}; {page.console[-3:]}")
        self.first_frame = time.monotonic() - begun

    async def keys(self, *names: str) -> None:
        assert self.page is not None
        for name in names:
            await self.page.key(name)

    async def play(self, quarter: int) -> None:
        await by_keys(self.host, self.name, quarter, self.keys, {})

    async def again(self) -> None:
        """Close the page and open it again: the cookie brings the member back."""
        assert self.page is not None
        await self.page.call("Page.navigate", url="about:blank")
        await self.page.call("Page.navigate", url=f"{self.host.address}/play")
        if not await self.page.until("document.body.classList.contains('-first-byte')", 40):
            raise TimeoutError(f"{self.name}: not back: {await self.page.note()}")

    async def shot(self, file: Path) -> None:
        assert self.page is not None
        await self.page.shot(file)

    async def leave(self) -> None:
        if self.page is not None:
            await self.page.call("Page.navigate", url="about:blank")


async def by_keys(host: HostProcess, name: str, quarter: int, keys: Callable[..., Awaitable[None]], other: dict[str, str]) -> None:
    """Move a lever and press Enter until the team has decided: card, bill and all."""
    if quarter > 1:
        await keys("Enter")  # on from the report
        await asyncio.sleep(0.8)
    await keys(other.get("ArrowRight", "ArrowRight"))
    for press in range(14):
        if await host.decided(name):
            return
        await keys("Enter")
        for _ in range(12):
            await asyncio.sleep(0.1)
            if await host.decided(name):
                return
        if press % 2:
            await keys("1")
    say(f"  {name} did not come to decide")


async def lesson(out: Path, quarters: int, card: str) -> int:
    """The lesson; 0 where everything went as it should."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="baimo-lesson-"))
    host = HostProcess(folder, port, card)
    say(f"host answers after {await host.start():.1f} s; files in {folder}")
    people: list[Any] = []
    faults = 0
    async with Browser() as browser:
        try:
            code = (await host.desk()).code
            for n in range(1, TEAMS + 1):
                kind = (n - 1) // WAYS
                person: Any = (
                    BrowserSeat(host, f"web{n}", n, browser) if kind == 0
                    else Terminal(host, f"term{n}", n, folder) if kind == 1 else Program(host, f"api{n}", n)
                )  # fmt: skip
                await person.join(code)
                people.append(person)
            frames = [p.first_frame for p in people if isinstance(p, BrowserSeat)]
            say(f"{len(people)} teams are here; browsers' first frame {statistics.median(frames):.2f} s (median), {max(frames):.2f} at most")
            await people[0].shot(out / "lobby.png")
            shown: list[float] = []
            for quarter in range(1, quarters + 1):
                if quarter == DEAL:
                    await host.teach(m.Deal(card))
                await host.teach(m.Open(600.0))
                await until(lambda: _opened(host), 20, "the quarter opens")
                if quarter == DEAL:
                    say(f"  dealt to all: {(await host.desk()).dealt}")
                    await asyncio.sleep(1.0)
                    await people[0].shot(out / "card.png")
                    await people[4].shot(out / "card-terminal.png")
                if quarter == KILL_HOST:
                    await asyncio.gather(*(p.play(quarter) for p in people[:2] + people[4:6] + people[8:10]))
                    before = {t.id for t in (await host.desk()).teams if t.decided}
                    host.kill()
                    back = await host.start()
                    after = {t.id for t in (await host.desk()).teams if t.decided}
                    faults += before != after
                    here = await until(lambda: _all_here(host), 60, "everybody is back")
                    say(f"  host killed with {len(before)} teams decided; {len(after)} are on its return, {back:.1f} s later; all back after {here:.1f} s more")
                    if (await host.desk()).paused:
                        await host.teach(m.Pause(False))
                if quarter == KILL_CLIENTS:
                    await people[5].leave()
                    await people[1].leave()
                    await asyncio.sleep(0.5)
                    await people[5].join(code)
                    await people[1].again()
                    gone = [t.id for t in (await host.desk()).teams if not any(p.here for p in t.members)]
                    faults += bool(gone)
                    say(f"  a terminal and a browser were killed and came back to their places; missing: {gone or 'nobody'}")
                await asyncio.gather(*(p.play(quarter) for p in people))
                desk = await host.desk()
                waiting = [t.id for t in desk.teams if not t.decided and t.status == "active"]
                if desk.phase == "open":
                    await host.teach(m.Close())
                begun = time.monotonic()
                await until(lambda q=desk.quarter: _closed(host, q), 30, "the quarter closes")
                shown.append(time.monotonic() - begun)
                desk = await host.desk()
                say(f"quarter {quarter}: waited for {waiting or 'nobody'}; trading {sum(t.status == 'active' for t in desk.teams)} of {TEAMS}")
                if quarter in (1, quarters):
                    await asyncio.sleep(1.5)
                    await people[0].shot(out / f"report-{quarter}.png")
                    await people[1].shot(out / f"report-en-{quarter}.png")
                    await people[4].shot(out / f"report-terminal-{quarter}.png")
            say(f"from the last decision to the closed quarter: {statistics.median(shown):.2f} s (median), {max(shown):.2f} at most")
            await host.teach(m.Debrief())
            await asyncio.sleep(1.0)
            await people[0].shot(out / "debrief.png")
            board = await browser.page(1920, 1080)
            await board.open(f"{host.address}/board?lang=zh")
            await asyncio.sleep(1.5)
            await board.shot(out / "board.png")
            counts = await host.desk()
            say(f"debrief: {len(counts.teams)} teams, seed told: {bool(counts.seed)}")
        finally:
            for person in people:
                await person.leave()
            await host.stop()
        faults += await report(browser, folder, out)
    say(f"{faults} faults")
    return 1 if faults else 0


async def _opened(host: HostProcess) -> bool:
    return (await host.desk()).phase == "open"


async def _closed(host: HostProcess, quarter: int) -> bool:
    desk = await host.desk()
    return desk.phase not in ("open", "closing") or desk.quarter > quarter


async def _all_here(host: HostProcess) -> bool:
    return all(any(p.here for p in t.members) for t in (await host.desk()).teams)


async def report(browser: Browser, folder: Path, out: Path) -> int:
    """Take the pack out of the room's file, check every run, write the report and look at it; how much was wrong."""
    pack, page = folder / "pack", out / "report.html"
    wrong = 0
    for command in (
        ["class", "export", str(folder / "room.baimo-room"), str(pack)],
        ["class", "report", str(pack), "--html", str(page), "--csv", str(out / "report.csv"), "--lang", "zh"],
        *[["replay", "--check", str(run)] for run in sorted(pack.glob("*.baimo"))[:3]],
    ):
        begun = time.monotonic()
        done = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-m", "game", *command], capture_output=True, text=True, timeout=400, check=False,
            encoding="utf-8",
        )  # fmt: skip
        wrong += done.returncode != 0
        say(f"{' '.join(command[:2])}: exit {done.returncode} after {time.monotonic() - begun:.1f} s {done.stderr[-300:].strip()}")
    if page.exists():
        view = await browser.page(1280, 1600)
        await view.open(page.resolve().as_uri())
        await view.until("document.readyState === 'complete'")
        await view.shot(out / "report.png")
    return wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("lesson"))
    parser.add_argument("--quarters", type=int, default=8)
    parser.add_argument("--card", default=CARD)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    sys.exit(asyncio.run(lesson(given.out, given.quarters, given.card)))
