"""A headless Chromium, driven over its debugging protocol: open a page, type keys, look at it. For the lead's own eyes and
for whole lessons; the suite does not run it.

``python -m tests.bench.browser URL --shot FILE [STEP ...]`` with steps ``key:Enter``, ``type:TEXT``, ``wait:SECONDS``,
``text:WORDS`` (until the terminal shows them), ``shot:FILE``, ``size:WIDTHxHEIGHT``.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = next((p for p in ("chromium", "chromium-browser", "google-chrome") if shutil.which(p)), "chromium")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-port=0",
)  # fmt: skip
CODES = {
    "Enter": (13, "\r"), "Escape": (27, ""), "Tab": (9, ""), "Backspace": (8, ""), "ArrowUp": (38, ""), "ArrowDown": (40, ""),
    "ArrowLeft": (37, ""), "ArrowRight": (39, ""), **{f"F{n}": (111 + n, "") for n in range(1, 13)}, "Home": (36, ""),
    "End": (35, ""), "PageUp": (33, ""), "PageDown": (34, ""), "Delete": (46, ""), "Insert": (45, ""),
}  # fmt: skip
READ = "(() => { const t = window.__terminals && window.__terminals[0]; return t || ''; })()"


class Page:
    """One page of the browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.console: list[str] = []
        """What the page complained of."""
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                future = self._waiting.pop(told["id"], None)
                if future is not None and not future.done():
                    future.set_result(told)
            elif told.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled"):
                self.console.append(json.dumps(told["params"])[:400])

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Ask the browser; its answer."""
        self._number += 1
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[self._number] = future
        await self._socket.send_str(json.dumps({"id": self._number, "method": method, "params": arguments}))
        told = await asyncio.wait_for(future, 30)
        if "error" in told:
            raise RuntimeError(f"{method}: {told['error']}")
        return told.get("result", {})

    async def evaluate(self, script: str) -> Any:
        """The value of an expression on the page."""
        told = await self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        return told.get("result", {}).get("value")

    async def open(self, address: str) -> None:
        """Go to an address."""
        for domain in ("Page", "Runtime", "Log"):
            await self.call(f"{domain}.enable")
        await self.call("Page.navigate", url=address)

    async def size(self, width: int, height: int) -> None:
        """The page's size in pixels."""
        await self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    async def key(self, name: str) -> None:
        """Press a key by its name (``Enter``, ``ArrowDown``, ``F9``), or a character."""
        code, text = CODES.get(name, (ord(name.upper()[0]) if len(name) == 1 else 0, name if len(name) == 1 else ""))
        base = {"key": name, "windowsVirtualKeyCode": code, "code": name if name in CODES else ""}
        await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **base)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **base)

    async def type(self, text: str) -> None:
        """Type a text as an input method gives it."""
        await self.call("Input.insertText", text=text)

    async def click(self, x: float, y: float) -> None:
        """Click at a place."""
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def shot(self, file: Path) -> None:
        """A picture of the page."""
        told = await self.call("Page.captureScreenshot", format="png")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(told["data"]))

    async def note(self) -> str:
        """What the page says over the terminal; empty where it says nothing."""
        return str(await self.evaluate("document.getElementById('note')?.hidden ? '' : document.getElementById('said')?.textContent") or "")

    async def until_drawn(self, seconds: float = 20.0) -> bool:
        """Wait until the terminal has drawn and the page says nothing over it."""
        return await self.until("document.body.classList.contains('-first-byte') && document.getElementById('note').hidden", seconds)

    async def until(self, script: str, seconds: float = 20.0) -> bool:
        """Wait until an expression is true; whether it became so."""
        end = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < end:
            if await self.evaluate(f"Boolean({script})"):
                return True
            await asyncio.sleep(0.1)
        return False


class Browser:
    """A Chromium of one's own; pages in contexts of their own, so that each has its own cookies."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="baimo-chromium-", ignore_cleanup_errors=True)
        self._process: asyncio.subprocess.Process | None = None
        self._session: aiohttp.ClientSession | None = None
        self._main: Page | None = None
        self._port = 0

    async def __aenter__(self) -> Browser:
        self._process = await asyncio.create_subprocess_exec(
            CHROMIUM, *FLAGS, f"--user-data-dir={self._folder.name}", "about:blank",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stderr is not None
        while line := await asyncio.wait_for(self._process.stderr.readline(), 60):
            text = line.decode("utf-8", "replace")
            if "listening on" in text:
                address = text.split("listening on", 1)[1].strip()
                break
        else:
            raise RuntimeError("Chromium did not start")
        self._drain = asyncio.create_task(self._process.stderr.read())
        self._port = int(address.split(":")[2].split("/")[0])
        self._session = aiohttp.ClientSession()
        self._main = Page(await self._session.ws_connect(address, max_msg_size=0))
        return self

    async def page(self, width: int = 1280, height: int = 800) -> Page:
        """A new page with cookies of its own."""
        assert self._main is not None and self._session is not None
        context = (await self._main.call("Target.createBrowserContext"))["browserContextId"]
        target = (await self._main.call("Target.createTarget", url="about:blank", browserContextId=context))["targetId"]
        page = Page(await self._session.ws_connect(f"ws://127.0.0.1:{self._port}/devtools/page/{target}", max_msg_size=0))
        await page.size(width, height)
        return page

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), 10)
        self._folder.cleanup()


async def _run(address: str, steps: list[str], shot: Path | None) -> int:
    async with Browser() as browser:
        page = await browser.page()
        await page.open(address)
        await page.until_drawn()
        for step in steps:
            kind, _, rest = step.partition(":")
            if kind == "key":
                await page.key(rest)
            elif kind == "type":
                await page.type(rest)
            elif kind == "wait":
                await asyncio.sleep(float(rest))
            elif kind == "shot":
                await page.shot(Path(rest))
            elif kind == "size":
                width, _, height = rest.partition("x")
                await page.size(int(width), int(height))
            else:
                print(f"no such step: {step}", file=sys.stderr)
                return 2
        if shot is not None:
            await page.shot(shot)
        for line in page.console:
            print(line)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("steps", nargs="*")
    parser.add_argument("--shot", type=Path)
    given = parser.parse_args()
    sys.exit(asyncio.run(_run(given.address, given.steps, given.shot)))
