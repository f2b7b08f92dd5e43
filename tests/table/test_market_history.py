"""The public past of the market: what the views of each time showed, nothing hidden, the same after every detour."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from engine_market import market
from test_market import SEATS, draft, new, play

from game.engine import derive
from game.engine.names import ROUTES, SEGMENTS, SOURCES, STATUSES
from game.engine.view import benchmark
from game.table.market_history import (
    DEEP_CUT,
    HISTORY_VERSION,
    LAUNCH,
    Happening,
    MarketHistory,
    MarketQuarter,
    happenings,
    route_since,
)
from game.table.seat import EncodedSeat, Host
from game.table.table import Table
from game.table.wire import Firm, Market, SeatView, decode, encode


def past(table: Table, firm: int = 0) -> MarketHistory:
    return table.market.market_history(table, firm)


def watched(quarters: int = 99) -> tuple[Table, list[SeatView]]:
    """A table played on, and every view that its seat had."""
    table, views = new(), []
    views.append(table.view(0))
    while not table.over and len(views) <= quarters:
        play(table, 1)
        views.append(table.view(0))
    return table, views


def test_it_is_the_public_half_of_every_view_of_its_time() -> None:
    table, views = watched()
    found = past(table)
    assert found.version == HISTORY_VERSION and found.missing == 0
    assert len(found.quarters) == len(views) == table.played + 1 > 5
    for quarter, view in zip(found.quarters, views, strict=True):
        assert quarter.quarter == view.quarter - 1
        assert quarter.market == view.market and quarter.firms == view.firms
        assert quarter.headlines == view.headlines


def test_against_plain_loops_over_the_states() -> None:
    table, _ = watched()
    rules, found = table.market.source, past(table)
    states = [table.past(n)[0] for n in range(table.played)] + [table.state]
    for state, quarter in zip(states, found.quarters, strict=True):
        trading = [f for f in range(rules.firms) if state.status[f, 0] == 0]
        fringe = round(float(sum(float(x) for x in state.fringe[:, 0])))
        assert quarter.market.live_models == fringe + len(trading)
        prices = sorted(float(state.price[0, f, 0]) for f in trading)
        if prices:
            half = len(prices) // 2
            assert prices[(len(prices) - 1) // 2] <= quarter.market.token_price <= prices[half]
        assert quarter.market.compute_price == {
            s: pytest.approx(float(state.compute_price[0]) * float(rules.params.source_price[i]))
            for i, s in enumerate(SOURCES)
        }
        boards = benchmark(rules, state)
        for f, firm in enumerate(quarter.firms):
            assert firm.status == STATUSES[state.status[f, 0]] and firm.route == ROUTES[state.route[f, 0]]
            assert firm.price_token == float(state.price[0, f, 0])
            if f:
                assert firm.capability == float(boards[f, 0])
            for v, segment in enumerate(SEGMENTS):
                users = sum(float(state.customers[g, v, 0] + state.hosted[g, v, 0]) for g in range(rules.firms))
                users += float(state.outside[v, 0])
                paying = float(state.customers[f, v, 0])
                assert firm.share[segment] == pytest.approx(paying / users if users else 0.0)
        for segment, rest in quarter.market.outside.items():
            if quarter.market.adopters[segment] > 0:
                assert rest + sum(f.share[segment] for f in quarter.firms) == pytest.approx(1.0)


def test_what_others_hide_does_not_show() -> None:
    table = play(new(), 4)
    before = past(table)
    for place in range(table.played):
        table._packed[place] = table.market.pack(_doubled(table.past(place)[0]))
    table._state = _doubled(table.state)
    after = past(table)
    for one, other in zip(before.quarters, after.quarters, strict=True):
        assert one.market == other.market and one.headlines == other.headlines
        public = [(f.status, f.route, f.price_token, f.price_app, f.price_solution, f.share, f.capability, f.trust,
                   f.community, f.tells) for f in one.firms]  # fmt: skip
        assert public == [(f.status, f.route, f.price_token, f.price_app, f.price_solution, f.share, f.capability,
                           f.trust, f.community, f.tells) for f in other.firms]  # fmt: skip


def _doubled(state):  # type: ignore[no-untyped-def]
    """The state with everything doubled that rivals keep to themselves."""
    hidden = {}
    for name in ("cash", "debt", "lne", "safety", "credibility", "revenue", "cost", "knowledge", "freshness", "pilots",
                 "leads", "staff", "hiring", "due", "bill", "levers", "unserved", "margin", "volume"):  # fmt: skip
        array = getattr(state, name).copy()
        rows = (slice(None), slice(1, None)) if name == "levers" else (slice(1, None),)
        array[rows] = array[rows] * 2
        hidden[name] = array
    return state.evolve(**hidden)


def test_rivals_are_seen_through_the_benchmark_only() -> None:
    table = play(new(), 3)
    exact = np.asarray(derive.skills(table.market.source, table.state))[:, 0]
    firms = past(table).quarters[-1].firms
    assert firms[0].capability == exact[0]
    assert all(firms[f].capability != exact[f] for f in range(1, len(firms)))
    other = past(table, 2).quarters[-1].firms
    assert other[2].capability == exact[2] and other[0].capability != exact[0]


def test_through_bytes() -> None:
    async def ask() -> None:
        table = play(new(), 4)
        host = Host(table)
        coded = EncodedSeat(host.seat(0))
        history = await coded.market_history()
        assert history == past(table) and coded.bytes == len(encode(history))
        assert decode(encode(history), MarketHistory) == history
        await coded.submit(draft(await coded.view()))
        assert len((await coded.market_history()).quarters) == 6

    asyncio.run(asyncio.wait_for(ask(), 20))


def test_after_stopping_undo_and_fork_the_past_is_the_same(tmp_path: Path) -> None:
    table = play(new(tmp_path / "a.baimo"), 5)
    whole = past(table)
    table.close()
    with Table.resume(market(cash=3e9), tmp_path / "a.baimo") as again:
        assert past(again) == whole
        with again.fork(again.quarter - 2) as fork:
            assert past(fork).quarters == whole.quarters[:4]
        with again.undo(again.quarter - 1) as undone:
            assert past(undone).quarters == whole.quarters[:5]
            play(undone, 1, price_token=1.0)
            assert past(undone).quarters[:5] == whole.quarters[:5] and past(undone).quarters[5] != whole.quarters[5]


def test_quarters_of_older_rules_are_left_out_and_counted(tmp_path: Path) -> None:
    play(new(tmp_path / "a.baimo"), 3).close()
    younger = market(cash=3e9)
    younger.digest = "f" * 64
    with Table.resume(younger, tmp_path / "a.baimo") as table:
        found = past(table)
        assert found.missing == 3 and [q.quarter for q in found.quarters] == [table.quarter - 1]
        play(table, 2)
        found = past(table)
        assert found.missing == 3 and len(found.quarters) == 3
        assert found.quarters[0].headlines is not None and found.quarters[-1].quarter == table.quarter - 1


# what happened --------------------------------------------------------------------------------------------------------
def _market(best_open: float = 0.5, imports: float = 1.0) -> Market:
    return Market(50, 5.0, 1.0, 0.7, best_open, 0.8, {}, imports, {}, {}, {}, [])


def _firm(index: int, price: float = 10.0, capability: float = 0.5, route: str = "closed", status: str = "active") -> Firm:
    return Firm(index, ("own", "yunshan", "shenyan")[index], "", status, route, price, 0.0, 1.0, {}, capability, 0.5, 1.0, 1)


def _history(*quarters: tuple[Market, list[Firm]]) -> MarketHistory:
    return MarketHistory(1, [MarketQuarter(n, m, f) for n, (m, f) in enumerate(quarters)])


def test_every_kind_of_happening_and_its_threshold() -> None:
    history = _history(
        (_market(), [_firm(0), _firm(1, capability=0.6), _firm(2)]),
        (_market(0.529), [_firm(0, 7.01), _firm(1, 7.0, 0.6), _firm(2, capability=0.549)]),
        (_market(0.56, 0.9), [_firm(0, 0.0, 0.62, "open"), _firm(1, 7.0, 0.6), _firm(2, 10.0, 0.6)]),
        (_market(0.56, 0.9), [_firm(0, 0.0, 0.62, "hybrid"), _firm(1, status="bankrupt"), _firm(2, 9.0, 0.61)]),
    )
    found = [(h.quarter, h.kind, h.firm, h.own) for h in happenings(history, 0)]
    assert found == [
        (1, "cut", "yunshan", False), (2, "opens", "own", True), (2, "free", "own", True), (2, "launch", "own", True),
        (2, "launch", "shenyan", False), (2, "lead", "own", True), (2, "open-best", "", False), (2, "imports", "", False),
        (3, "bankrupt", "yunshan", False), (3, "closes", "own", True),
    ]  # fmt: skip
    cut = happenings(history, 0)[0]
    assert cut == Happening(1, "cut", "yunshan", False, {"old": 10.0, "new": 7.0, "change": pytest.approx(DEEP_CUT)})
    assert route_since(history, 0) == 3 and route_since(history, 1) is None


def test_happenings_of_a_game_by_plain_comparison() -> None:
    table, views = watched()
    found = happenings(past(table), 0)
    for before, after in pairwise(views):
        here = [h for h in found if h.quarter == after.quarter - 1]
        cuts = {b.id for a, b in zip(before.firms, after.firms, strict=True)
                if b.status == "active" and a.price_token > 0 and b.price_token <= a.price_token * (1 - DEEP_CUT)}  # fmt: skip
        assert {h.firm for h in here if h.kind in ("cut", "free")} == cuts
        launched = {b.id for a, b in zip(before.firms, after.firms, strict=True)
                    if b.status == "active" and b.capability - a.capability >= LAUNCH}  # fmt: skip
        assert {h.firm for h in here if h.kind == "launch"} == launched
        gone = {b.id for a, b in zip(before.firms, after.firms, strict=True) if a.status == "active" != b.status}
        assert {h.firm for h in here if h.kind in STATUSES} == gone
    assert found, "a game in which nothing happens tests nothing"


def test_a_view_is_no_larger_for_it() -> None:
    assert "market_history" not in {f.name for f in msgspec.structs.fields(SeatView)}
    assert SEATS[0] == "human"
