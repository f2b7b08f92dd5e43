"""The boardroom inside this process, headless: where there are no pseudo-terminals, and to see when a fan has come."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.bench.probes import Row

Use = Callable[[Any, Any], Awaitable[None]]


def in_the_boardroom(size: tuple[int, int], use: Use) -> None:
    """Open a game of the price war and use it: ``use(app, pilot)``."""
    from game.content import load
    from game.table.founding import Founding
    from game.table.local import LocalHost
    from game.tui.app import BaimoApp

    async def go() -> None:
        content = load()
        with tempfile.TemporaryDirectory(prefix="baimo-latency-") as folder:
            host = LocalHost(content, Path(folder), "0")
            app = BaimoApp(content, host, lang="en", saves=Path(folder))
            async with app.run_test(size=size) as pilot:
                app.begin(Founding("price-war", "lab-spin-off", "manager", "none", "8"))
                while getattr(app.screen, "which", "") != "boardroom":
                    await pilot.pause(0.02)
                await pilot.pause(0.5)
                await use(app, pilot)
                host.close()

    asyncio.run(go())


def keys_inside(size: tuple[int, int], runs: int) -> list[Row]:
    """Row moves and lever steps until everything that they caused has been handled."""
    rows: dict[str, list[float]] = {}

    async def use(app: Any, pilot: Any) -> None:
        for name, keys in (("row move", ("down", "up")), ("lever step", ("right", "left"))):
            for n in range(runs):
                start = time.perf_counter()
                await pilot.press(keys[n % 2])
                rows.setdefault(f"key to repaint: {name}", []).append(1e3 * (time.perf_counter() - start))

    in_the_boardroom(size, use)
    return [Row(name, tuple(times)) for name, times in rows.items()]
