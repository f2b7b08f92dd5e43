"""From a key to the fan of the moved plan: the first one, and the full one, until the panel has drawn it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from tests.bench.inside import in_the_boardroom
from tests.bench.probes import Row

POLL = 0.005
"""Seconds between looks: the looking itself takes from what is measured."""


def fan_rows(size: tuple[int, int], runs: int) -> list[Row]:
    """Times of the first and of the full fan after a lever step, each to a price that was not asked about before."""
    first: list[float] = []
    full: list[float] = []

    async def use(app: Any, pilot: Any) -> None:
        from textual.events import Key

        from game.tui.widgets.futures import FuturesPanel
        from game.tui.widgets.levers import LeverPanel

        session, panel = app.session, app.screen.query_one(FuturesPanel)
        app.screen.query_one(LeverPanel).go_to("price.token")
        come: list[tuple[float, Any]] = []
        drawn = panel.draw

        def seen(width: int, height: int) -> Any:
            rows = drawn(width, height)
            come.append((time.perf_counter(), session.fans))
            return rows

        panel.draw = seen
        for _ in range(runs):
            while session.foretold is None:
                await asyncio.sleep(POLL)
            await pilot.pause(0.2)
            before = session.fans
            come.clear()
            start = time.perf_counter()
            app.post_message(Key("right", None))
            while not any(fans is not before and fans.games >= fans.wanted for _, fans in come):
                await asyncio.sleep(POLL)
            new = [(at, fans) for at, fans in come if fans is not before]
            first.append(1e3 * (new[0][0] - start))
            full.append(1e3 * (next(at for at, fans in new if fans.games >= fans.wanted) - start))

    in_the_boardroom(size, use)
    return [Row("key to first fan", tuple(first)), Row("key to full fan", tuple(full))]
