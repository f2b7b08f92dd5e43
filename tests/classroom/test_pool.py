"""Futures for a class: whose turn it is and how many, what a process keeps, and that fans are those of the table itself."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import sys

import msgspec
import pytest
from serving import run

from game.classroom import fan_worker as worker
from game.classroom.fan_queue import FanQueue, Job, budget
from game.classroom.fan_worker import FanRequest, Outlooks, Player, Stopped
from game.classroom.pool import FanPool
from game.content import Content
from game.table.fans import Prospect
from game.table.local import market_for, seats_of
from game.table.table import Table
from game.table.wire import Draft


def job(owner: str, home: str = "") -> Job:
    return Job(owner, home or owner)


def test_more_seats_get_fewer_futures_and_never_less_than_a_hundred() -> None:
    assert [budget(n, 1) for n in (1, 2, 3, 4, 8, 9, 1000)] == [1000, 500, 500, 250, 250, 100, 100]
    found = [budget(n, 2) for n in range(1, 400)]
    assert found == sorted(found, reverse=True) and found[-1] == 100


def test_a_newer_draft_stands_where_the_older_stood() -> None:
    queue = FanQueue(1)
    for owner in "abc":
        queue.put(job(owner))
    newer = job("a")
    old, playing = queue.put(newer)
    assert old is not None and old.owner == "a" and playing is None
    assert queue.next(0, [0]) is newer, "asking often neither loses nor wins a place"
    assert newer.games == 500
    assert queue.put(job("a"))[1] == 0, "the process that plays the older one should stop"
    assert [queue.done(0), queue.next(0, [0]).owner] == [newer, "b"]  # type: ignore[union-attr]


def test_one_owner_is_never_played_twice_at_once() -> None:
    queue = FanQueue(2)
    queue.put(job("a"))
    assert queue.next(0, []) is not None
    queue.put(job("a"))
    assert queue.next(1, [0, 1]) is None
    queue.done(0)
    assert queue.next(1, []) is not None


def test_jobs_go_where_their_view_is_kept_unless_many_wait() -> None:
    queue = FanQueue(2)
    homes: dict[int, list[str]] = {0: [], 1: []}
    for n in range(40):
        homes[queue.home(job("x", f"h{n}"))].append(f"h{n}")
    for n, home in enumerate(homes[0][:3]):
        queue.put(job(f"o{n}", home))
    assert queue.next(1, [0, 1]) is None, "the other process is idle and will take it"
    assert queue.next(0, [0, 1]).owner == "o0"  # type: ignore[union-attr]
    assert queue.next(1, [0, 1]).owner == "o1", "two wait for a busy one"  # type: ignore[union-attr]
    queue.done(1)
    assert queue.next(1, [0, 1]) is None, "one may wait"
    assert queue.next(1, [1]).owner == "o2", "not for a dead one"  # type: ignore[union-attr]


def test_a_dropped_job_is_not_played_and_a_dead_process_costs_one_more_try() -> None:
    queue = FanQueue(1)
    first, second = job("a"), job("b")
    queue.put(first)
    queue.put(second)
    assert queue.drop(first) is None and queue.next(0, [0]) is second
    assert queue.died(0) is None and queue.next(0, [0]) is second, "played again"
    assert queue.died(0) is second, "not a third time"
    queue.put(second)
    second.tries = 0
    queue.next(0, [0])
    queue.put(job("b"))
    assert queue.died(0) is second, "the newer one is played instead"


def test_what_is_kept_is_bounded_in_games() -> None:
    kept = Outlooks(2500)
    for n, games in enumerate((1000, 1000, 250, 500, 100)):
        kept.put(n, Prospect(None, [], games))  # type: ignore[arg-type]
        assert kept.games <= 2500
    assert kept.get(0) is None and kept.get(1) is not None and kept.get(4) is not None
    kept.put(9, Prospect(None, [], 1000))  # type: ignore[arg-type]
    assert kept.get(2) is None and kept.get(1) is not None, "the one used longest ago goes first"


def table(content: Content, seed: str = "8") -> Table:
    market = market_for(content, "price-war", "lab-spin-off", "manager", "none", "0")
    return Table.new(market, seats_of(content, market, "human"), seed=seed)


def request(there: Table, rules: bytes, games: int = 100, **levers: float) -> FanRequest:
    market = there.market
    return FanRequest(
        rules, market.scenario, list(market.backgrounds), market.difficulty, market.assume,  # type: ignore[attr-defined]
        market.pack(there.state), list(there.head.seats), 0, levers, games,
    )  # fmt: skip


def test_fans_stop_between_quarters_and_know_only_the_view(shipped: Content) -> None:
    there = table(shipped)
    player = Player(shipped, 2500)
    digest = b"d" * worker.DIGEST
    player.learn(digest + pickle.dumps(there.market.source))  # type: ignore[attr-defined]
    asked = 0

    def pause() -> None:
        nonlocal asked
        asked += 1
        if asked == 3:
            raise Stopped

    found = []
    try:
        for fans in player.fans(request(there, digest), pause):
            found.append(fans)
    except Stopped:
        pass
    assert found == [] and asked == 3
    fans = list(player.fans(request(there, digest), lambda: None))
    assert [(f.games, f.wanted) for f in fans] == [(100, 100)] * 2 and fans[-1].unaided is not None
    assert player.outlooks.games == 100, "made once, at the games of the budget"
    # rivals' cash is hidden: with other books behind the same view the fans are the same
    state = there.state
    cash = state.cash.copy()
    cash[1:] += 12_345_678_00
    packed = there.market.pack(state.evolve(cash=cash))
    assert packed != there.market.pack(state)
    twin = msgspec.structs.replace(request(there, digest), state=packed)
    assert list(player.fans(twin, lambda: None)) == fans
    faulty = request(there, digest, **{"price.token": -5.0})
    assert list(player.fans(faulty, lambda: None)) == fans, "a faulty lever counts as it stands"


def test_the_pool_gives_what_the_table_gives_and_survives_its_process(shipped: Content) -> None:
    async def play() -> None:
        there = table(shipped)
        draft = Draft(there.quarter, {"price.token": 2.0})
        pool = FanPool(processes=1)
        assert [f async for f in pool.fans("a", there, 0, draft)] == [], "not started"
        await pool.start()
        try:
            older = pool.fans("a", there, 0, Draft(there.quarter, {"price.token": 1.0}))
            newer = pool.fans("a", there, 0, draft)
            assert [f async for f in older] == []
            found = [f async for f in newer]
            assert [(f.games, f.wanted) for f in found] == [(250, 1000), (1000, 1000), (1000, 1000)]
            assert found[-1] == list(there.futures(0, draft))[-1]
            assert [f async for f in pool.fans("a", there, 0, Draft(there.quarter + 1))] == []
            stream = pool.fans("b", there, 0, draft)
            await anext(stream)
            before = pool.pids[0]
            os.kill(before, signal.SIGTERM)
            after = [f async for f in stream]
            assert after[-1] == found[-1] and pool.pids[0] != before
            await stream.aclose()  # type: ignore[attr-defined]
            crowd = [asyncio.create_task(_last(pool, there, f"m{n}", n)) for n in range(3)]
            assert [fans.wanted for fans in await asyncio.gather(*crowd)] == [1000, 500, 1000], "fewer while others wait"
        finally:
            await pool.close()
        assert pool.pids == []

    async def _last(pool: FanPool, there: Table, owner: str, number: int):  # type: ignore[no-untyped-def]
        return [f async for f in pool.fans(owner, there, 0, Draft(there.quarter, {"price.token": 1.0 + number / 10}))][-1]

    run(play, 60)


@pytest.mark.parametrize("command", [[sys.executable, "-c", "import sys; sys.exit(3)"], ["no-such-program-of-ours"]])
def test_a_process_that_never_starts_is_told_by_no_fans(shipped: Content, command: list[str]) -> None:
    async def play() -> None:
        pool = FanPool(processes=1, command=command, pause=0.0)
        await pool.start()
        there = table(shipped)
        assert [f async for f in pool.fans("a", there, 0, Draft(there.quarter))] == []
        await pool.close()

    run(play)
