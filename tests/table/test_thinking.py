"""Planners begin when a quarter opens, and what they decide then is what they would decide when asked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from typing import Any

from fake_market import FakeMarket

from game.table.lines import Levers
from game.table.seat import Host
from game.table.table import Table
from game.table.wire import Draft

SEATS = {0: "human", 1: "planner", 2: "thumb"}


class Planned(FakeMarket):
    """Knows planners, who do as reactive firms do."""

    def __init__(self) -> None:
        super().__init__()
        self.policies = ("thumb", "reactive", "planner")

    def decide(self, state: Any, seats: Mapping[int, str]) -> dict[int, Levers]:
        return super().decide(state, {f: "reactive" if who == "planner" else who for f, who in seats.items()})


class Slow(Planned):
    """Decides only when it may, and remembers on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.may, self.asked = threading.Event(), threading.Event()
        self.threads: list[str] = []

    def decide(self, state: Any, seats: Mapping[int, str]) -> dict[int, Levers]:
        self.threads.append(threading.current_thread().name)
        self.asked.set()
        assert self.may.wait(20)
        return super().decide(state, seats)


def test_they_think_while_people_do_and_only_once_a_quarter() -> None:
    market = Slow()
    there = Host(Table.new(market, SEATS, seed="7"))
    there.think_ahead()
    assert market.asked.wait(20) and there.table.played == 0, "nobody waits for them"
    market.may.set()

    async def play() -> None:
        for number in range(market.quarters):
            await there.seat(0).submit(Draft(4 + number, {"price": 0.5}))

    asyncio.run(asyncio.wait_for(play(), 20))
    assert there.table.over and len(market.threads) == market.quarters
    assert market.threads[0] == "planners"
    plain = Table.new(Planned(), SEATS, seed="7")
    while not plain.over:
        plain.submit(0, Draft(plain.quarter, {"price": 0.5}))
        plain.step()
    assert plain.state == there.table.state


def test_quick_policies_are_asked_when_the_quarter_is_played() -> None:
    market = Slow()
    market.may.set()
    Host(Table.new(market, {0: "human", 1: "thumb", 2: "reactive"}, seed="7")).think_ahead()
    assert not market.asked.wait(0.05)


def test_what_goes_wrong_while_thinking_is_told_when_the_quarter_is_played() -> None:
    class Broken(Slow):
        def decide(self, state: Any, seats: Mapping[int, str]) -> dict[int, Levers]:
            self.asked.set()
            raise KeyError("lever")

    market = Broken()
    there = Host(Table.new(market, SEATS, seed="7"))
    there.think_ahead()
    assert market.asked.wait(20)

    async def play() -> str:
        try:
            await there.seat(0).submit(Draft(4, {}))
        except KeyError as error:
            return str(error)
        return ""

    assert "lever" in asyncio.run(asyncio.wait_for(play(), 20))

