"""Fans through the door: newest wins, nothing starves, and nothing is in them that the view does not hold."""

from __future__ import annotations

import asyncio
import pickle
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from fake_market import FakeMarket

from game.content import Content, load
from game.engine.names import DISTRESS, LEVER
from game.engine.play import play_quarter
from game.engine.state import State
from game.engine.view import OWN_FIELDS, PUBLIC_FIELDS, observe
from game.foresight import futures as module
from game.policies import decide_all
from game.table import fan_thread, fans
from game.table.fan_thread import Forecasts, Superseded
from game.table.local import market_for
from game.table.market import EngineMarket
from game.table.seat import EncodedSeat, Host, Seat
from game.table.table import Table
from game.table.wire import Draft, Fans

ALONE = {0: "human", 1: "thumb", 2: "reactive"}


def run(play: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(play(), 30))  # type: ignore[arg-type]


def some(games: int) -> Fans:
    band = [[0.0] * 5]
    return Fans(1, 4, games, 1000, band, band, band, band, {}, [0.0], [0.0])


async def counted(found: object) -> list[int]:
    return [f.games async for f in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize("wrap", [lambda seat: seat, EncodedSeat])
def test_a_first_fan_then_all_of_them(wrap: Callable[[Seat], Seat]) -> None:
    async def play() -> None:
        seat = wrap(Host(Table.new(FakeMarket(), ALONE, seed="7")).seat(0))
        view = await seat.view()
        got = [f async for f in seat.futures(Draft(view.quarter, {"price": 2.5}))]
        assert [f.games for f in got] == [250, 1000] and got[-1].cash == [[2.5] * 5]
        assert await counted(seat.futures(Draft(view.quarter + 1))) == []  # of another quarter nothing is said

    run(play)


def test_a_newer_draft_ends_an_older_one() -> None:
    async def play() -> None:
        there = Forecasts()
        at_work, go_on = threading.Event(), threading.Event()

        def slow(pause: Callable[[], None]) -> Iterator[Fans]:
            yield some(250)
            at_work.set()
            go_on.wait(20)
            pause()
            yield some(1000)

        first = there.ask(slow)
        assert (await anext(first)).games == 250
        await asyncio.to_thread(at_work.wait, 20)
        second = there.ask(lambda pause: iter([some(500)]))
        third = there.ask(lambda pause: iter([some(750)]))
        go_on.set()
        assert await counted(first) == []
        assert await counted(second) == []  # nobody played it: a newer one had come
        assert await counted(third) == [750]

    run(play)


def test_a_key_that_is_held_down_still_sees_fans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing has been shown for a while the draft at work reaches its first fan; otherwise it gives way."""

    async def first_of(clock: float) -> list[int]:
        there = Forecasts()
        monkeypatch.setattr(fan_thread.time, "monotonic", lambda: clock)
        at_work, go_on = threading.Event(), threading.Event()

        def slow(pause: Callable[[], None]) -> Iterator[Fans]:
            at_work.set()
            go_on.wait(20)
            pause()
            yield some(250)
            pause()
            yield some(1000)

        first = there.ask(slow)
        await asyncio.to_thread(at_work.wait, 20)
        second = there.ask(lambda pause: iter([some(750)]))
        go_on.set()
        seen = await counted(first)
        assert await counted(second) == [750]
        return seen

    async def play() -> None:
        assert await first_of(fan_thread.HUNGER * 2) == [250]
        assert await first_of(fan_thread.HUNGER / 2) == []

    run(play)


def test_who_stops_listening_stops_the_work() -> None:
    async def play() -> None:
        there = Forecasts()
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        go_on = threading.Event()

        def endless(pause: Callable[[], None]) -> Iterator[Fans]:
            try:
                yield some(250)
                go_on.wait(20)
                pause()
                raise AssertionError("went on for nobody")
            except Superseded:
                loop.call_soon_threadsafe(ended.set)
                raise

        found = there.ask(endless)
        assert (await anext(found)).games == 250
        await found.aclose()  # type: ignore[attr-defined]
        go_on.set()
        await ended.wait()

    run(play)


def test_what_goes_wrong_is_raised_where_it_is_awaited() -> None:
    def broken(pause: Callable[[], None]) -> Iterator[Fans]:
        raise LookupError("no such table")

    async def play() -> None:
        there = Forecasts()
        with pytest.raises(LookupError):
            await counted(there.ask(broken))
        assert await counted(there.ask(lambda pause: iter([some(1)]))) == [1]  # the thread lives on

    run(play)


@pytest.fixture(scope="module")
def content() -> Content:
    return load()


@pytest.fixture(scope="module")
def table(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    market = market_for(content, "war", "lab-spin-off", "manager", "none", "0")
    seats = {0: "human", **dict.fromkeys(range(1, len(market.firms)), "thumb")}
    path: Path = tmp_path_factory.mktemp("saves") / "a.baimo"
    with Table.new(market, seats, seed="7", path=path) as table:
        for _ in range(2):
            levers = {"card.choice": 0.0} if market.card(table.state, 0) else {}
            if market.distressed(table.state, 0):
                levers["distress.choice"] = 0.0
            table.submit(0, Draft(table.quarter, levers))
            table.step()
        yield table


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fans, "GAMES", 48)
    monkeypatch.setattr(fans, "FIRST", 16)


def ahead(table: Table, state: State, levers: dict[str, float]) -> list[Fans]:
    market = table.market
    assert isinstance(market, EngineMarket)
    there = fans.prospect(market, state, 0, tuple(table.head.seats), 48)
    return list(fans.fans(market, there, 0, levers))


def test_bands_are_the_quantiles_of_the_futures(table: Table, quick: None) -> None:
    market = table.market
    first, whole, last = ahead(table, table.state, {"price.token": 12.0})
    assert (first.games, whole.games, whole.wanted) == (16, 48, 48)
    assert whole.unaided is None and last == msgspec.structs.replace(whole, unaided=last.unaided)
    view = observe(market.source, table.state, (0,))
    plan = fans.planned(market, table.state, 0, {"price.token": 12.0})
    all_of = module.futures(market.source, view, plan, tuple(table.head.seats), games=48)
    for name in ("cash", "revenue", "value"):
        for quarter, band in enumerate(getattr(whole, name)):
            assert band == [float(np.quantile(getattr(all_of, name)[quarter], q)) for q in (0.1, 0.25, 0.5, 0.75, 0.9)]
    assert whole.bankrupt == [float((row != 0).mean()) for row in all_of.bankrupt]
    assert whole.worst == [float(np.sort(row)[:5].mean()) for row in all_of.cash]
    assert set(whole.share) == set(market.content.segments) and len(whole.cash) == 4


def test_ruin_without_new_money_is_ruin_where_nobody_raises_borrows_or_is_bridged(table: Table, quick: None) -> None:
    """Against a plain loop: the same luck, the own levers of money and distress held at nothing after the first quarter."""
    market, state = table.market, table.state
    rules, seats = market.source, tuple(table.head.seats)
    last = ahead(table, state, {})[-1]
    part = fans.prospect(market, state, 0, seats, 48).parts[0]
    plan = fans.planned(market, state, 0, {}).reshape(-1, 1)
    way = module.directions(rules, part.view, module.settled(part.view, plan)).spread(part.sample.games)
    decisions = part.rivals.copy()
    decisions[:, 0] = np.repeat(plan, part.sample.games, axis=-1)
    now, _ = play_quarter(rules, part.sample, decisions)
    for _ in range(3):
        decisions = decide_all(rules, now, part.seats, skip=(0,))
        mine = module.follow(rules, observe(rules, now, (0,)), way)[:, 0]
        for name in ("finance.raise", "finance.borrow"):
            mine[LEVER[name]] = np.minimum(mine[LEVER[name]], 0.0)
        mine[LEVER["distress.choice"]] = DISTRESS.index("none")
        decisions[:, 0] = mine
        now, _ = play_quarter(rules, now, decisions)
    assert last.unaided == float((now.status[0] == 1).mean())
    assert last.unaided > last.bankrupt[-1] + 0.5  # the firm burns its cash in a year, and rounds are what saves it


def test_a_lever_moves_the_fan_and_a_faulty_one_counts_as_it_stands(table: Table, quick: None) -> None:
    plain = ahead(table, table.state, {})[-1]
    assert ahead(table, table.state, {"research.budget": 9e7})[-1].cash[0][2] < plain.cash[0][2]
    faulty = list(table.futures(0, Draft(table.quarter, {"price.token": -5.0, "no.such": 1.0})))
    assert faulty[-1].cash == list(table.futures(0, Draft(table.quarter)))[-1].cash


def test_fans_know_only_the_view(table: Table, quick: None) -> None:
    """Everything hidden is changed, the view is not: neither are the fans."""
    market, state = table.market, table.state
    rng = np.random.default_rng(5)
    others = slice(1, None)
    hidden = {}
    for name in ("cash", "debt", "cash_before"):
        array = getattr(state, name).copy()
        array[others] = array[others] * 3 + 12_345_678
        hidden[name] = array
    for name in ("knowledge", "freshness", "leads", "pilots", "research_capital", "safety", "revenue", "cost"):
        array = getattr(state, name).copy()
        array[others] = array[others] * rng.uniform(0.2, 0.9, array[others].shape)
        hidden[name] = array
    other = state.evolve(**hidden)
    one, two = (observe(market.source, s, (0,)) for s in (state, other))
    unlike = [n for n in OWN_FIELDS if not np.array_equal(getattr(one.own, n), getattr(two.own, n), equal_nan=True)]
    unlike += [n for n in PUBLIC_FIELDS if not np.array_equal(getattr(one.public, n), getattr(two.public, n))]
    assert unlike == []
    assert ahead(table, other, {"price.token": 9.0}) == ahead(table, state, {"price.token": 9.0})
    seen = state.evolve(cash=state.cash + 100)
    assert ahead(table, seen, {"price.token": 9.0}) != ahead(table, state, {"price.token": 9.0})


def test_a_sealed_view_reaches_nothing(table: Table) -> None:
    from game.foresight.views import sealed

    view = observe(table.market.source, table.state, (0,))
    closed = sealed(view)
    assert "_ask" not in closed.own.__dict__ and set(closed.own.__dict__) == set(OWN_FIELDS)
    again = pickle.loads(pickle.dumps(view))
    assert all(np.array_equal(getattr(closed.own, n), getattr(again.own, n), equal_nan=True) for n in OWN_FIELDS)
    assert not any(np.shares_memory(getattr(closed.own, n), getattr(view.own, n)) for n in OWN_FIELDS)
