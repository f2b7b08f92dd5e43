"""A scenario in two rounds: markets of a round each, and a shared table of what the firms of the first have become."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from game.content import Content
from game.content.digest import rules_digest
from game.engine.outside import FIRM_AXIS
from game.engine.state import unpack
from game.table.contract import HUMAN
from game.table.errors import Foreign
from game.table.lines import FORMAT, pack_state, unpack_state
from game.table.local import LocalHost, market_for, market_of, room_market, seats_of
from game.table.market import EngineMarket
from game.table.replay import replay
from game.table.rounds import FIRST, SECOND, descends, merge_round
from game.table.runfile import read_run
from game.table.table import Table
from game.table.wire import Draft

TEAMS = {"t1": "lab-spin-off", "t2": "app-team", "t3": "state-veteran"}
HELD = ("customers", "hosted", "leads", "pilots")


def market(content: Content, number: int, *ids: str) -> EngineMarket:
    return room_market(
        content, "two-rounds", [TEAMS[i] for i in ids], "manager", "none", "1", seats=list(ids), round=number
    )


def play(table: Table, **levers: float) -> Table:
    while not table.over:
        for firm in table.waiting:
            if table.market.card(table.state, firm) or table.market.distressed(table.state, firm):
                table.manage(firm)
            else:
                table.submit(firm, Draft(table.quarter, levers))
        table.step()
    return table


@pytest.fixture(scope="module")
def first(shipped: Content, tmp_path_factory: pytest.TempPathFactory) -> list[Table]:
    """Three teams at the end of the first round, each in a market of its own under the same luck."""
    folder = tmp_path_factory.mktemp("first")
    tables = []
    for number, name in enumerate(TEAMS):
        at = market(shipped, FIRST, name)
        table = Table.new(at, seats_of(shipped, at, HUMAN), seed="class", to_the_end=True, path=folder / f"{name}.baimo")
        tables.append(play(table, **{"price.token": 20.0 + number}))
        table.close()
    return tables


def second(content: Content, tables: list[Table], path: Path | None = None, order: tuple[int, ...] = (0, 1, 2)) -> Table:
    names = list(TEAMS)
    at = market(content, SECOND, *(names[n] for n in order))
    return merge_round(at, [(tables[n], 0) for n in order], seats_of(content, at, HUMAN), seed="later", path=path)


def test_the_rounds_share_the_quarters_of_the_scenario(shipped: Content, first: list[Table]) -> None:
    plan = shipped.scenarios["two-rounds"]
    one, two = market(shipped, FIRST, "t1"), market(shipped, SECOND, "t1")
    assert one.first + one.quarters == two.first and one.quarters + two.quarters == plan.quarters == 12
    assert {len(t.record.run().quarters) for t in first} == {6} and all(t.record.run().end for t in first)
    for table in first:
        run = table.record.run()
        assert replay(market_of(shipped, run.head, "1"), run, check=True).difference is None
    with pytest.raises(ValueError):
        room_market(shipped, "war", ["app-team"], "manager", "none", "1", round=1)
    with pytest.raises(ValueError):
        room_market(shipped, "two-rounds", ["app-team"], "manager", "none", "1", round=3)


def test_every_firm_brings_what_it_has_become(shipped: Content, first: list[Table]) -> None:
    table = second(shipped, first)
    s = table.state
    assert table.quarter == s.quarter == 6 and len(table.waiting) == 3
    assert int(s.cash.sum()) + int(s.accounts.sum()) == 0
    for row, before in enumerate(first):
        was = before.state
        for name, axis in FIRM_AXIS.items():
            if name in (*HELD, "card", "coming", "guidance", "distress"):
                continue
            np.testing.assert_array_equal(
                np.take(getattr(s, name), row, axis=axis), np.take(getattr(was, name), 0, axis=axis), err_msg=name)
        for name in HELD:
            assert np.all(getattr(s, name)[row] <= getattr(was, name)[0] + 1e-9)
        row_now, row_then = table.history(row)[0], before.history(0)[-1]
        assert (row_now.cash, row_now.value, row_now.capability) == (row_then.cash, row_then.value, row_then.capability)
    assert (s.card == -1).all() and (s.coming >= 0).any()


def test_the_second_round_replays_from_its_opening(shipped: Content, first: list[Table], tmp_path: Path) -> None:
    path = tmp_path / "second.baimo"
    with second(shipped, first, path) as table:
        play(table)
    run = read_run(path)
    assert run.head.format == FORMAT and run.head.opening and (run.head.first, run.head.quarters) == (6, 6)
    again = LocalHost(shipped, tmp_path, "1").market_of(run.head, path)
    assert replay(again, run, check=True).difference is None and run.end
    with Table.resume(again, path) as resumed:
        assert resumed.over and resumed.history(2) == table.history(2) and resumed.report(1, 0) is not None
        fork = resumed.fork(7)
        assert fork.quarter == 7 and fork.head.opening == run.head.opening
    parents = [(t.record.run(), 0) for t in first]
    assert descends(again, run, parents)
    assert not descends(again, run, parents[::-1]) and not descends(again, run, parents[:2])
    # another opening under the same parents is found
    state = unpack(unpack_state(run.head.opening))
    rich = pack_state(again.pack(state.evolve(cash=state.cash + 100_000_000)))
    from dataclasses import replace

    forged = replace(run, head=msgspec.structs.replace(run.head, opening=rich))
    assert not descends(again, forged, parents) and replay(again, forged, check=True).difference is not None


def test_it_does_not_matter_in_which_order_teams_sit(shipped: Content, first: list[Table]) -> None:
    one, two = second(shipped, first).state, second(shipped, first, order=(2, 0, 1)).state
    order = [1, 2, 0]
    for name, axis in FIRM_AXIS.items():
        if name in ("card", "coming", *HELD):  # cards are drawn by row; bots' holdings differ with the luck of their rows
            continue
        a, b = (np.take(getattr(s, name), range(3), axis=axis) for s in (one, two))
        np.testing.assert_array_equal(np.take(b, order, axis=axis), a, err_msg=name)


def test_forecasts_of_the_first_quarter_know_nothing_of_what_others_bring(shipped: Content, first: list[Table]) -> None:
    table = second(shipped, first)
    s = table.state
    poor = table.market.source.start
    # other cash, debt and knowledge of a rival team, which nobody can see: the same view and the same futures
    cash, knowledge = s.cash.copy(), s.knowledge.copy()
    cash[1] += 10**12
    knowledge[1] += 5.0
    other = pack_state(table.market.pack(s.evolve(cash=cash, knowledge=knowledge)))
    twin = Table.new(table.market, dict(enumerate(table.head.seats)), seed="later", opening=other, to_the_end=True)
    a, b = table.view(0), twin.view(0)
    assert a == b and poor is not None
    draft = Draft(table.quarter, {})
    assert list(table.futures(0, draft)) == list(twin.futures(0, draft))


def test_tables_that_do_not_stand_at_the_middle_are_refused(shipped: Content, first: list[Table]) -> None:
    at = market(shipped, SECOND, "t1", "t2")
    seats = seats_of(shipped, at, HUMAN)
    early = Table.new(market(shipped, FIRST, "t1"), seats_of(shipped, market(shipped, FIRST, "t1"), HUMAN), seed="1")
    war = market_for(shipped, "war", "lab-spin-off", "manager", "none", "1")
    other = Table.new(war, seats_of(shipped, war, HUMAN), seed="1")
    for teams in ([(early, 0), (first[1], 0)], [(other, 0), (first[1], 0)], [(first[1], 0), (first[0], 0)],
                  [(first[0], 0)], [(first[0], 1), (first[1], 0)], [(t, 0) for t in first]):
        with pytest.raises(ValueError):
            merge_round(at, teams, seats, seed="1")


def test_a_bankrupt_team_comes_along_and_may_found_again(shipped: Content, first: list[Table]) -> None:
    at = market(shipped, FIRST, "t2")
    table = Table.new(at, seats_of(shipped, at, HUMAN), seed="class", to_the_end=True)
    while not table.over:
        if table.waiting:
            limits = table.view(0).limits
            draft = {"research.budget": limits["research.budget"].high}
            if table.market.card(table.state, 0):
                draft["card.choice"] = float(table.market.open_choices(table.state, 0).index(True))
            if table.market.distressed(table.state, 0):
                draft["distress.choice"] = 4.0
            table.submit(0, Draft(table.quarter, draft))
        table.step()
    assert table.ending(0) == "bankrupt"
    both = merge_round(
        (two := market(shipped, SECOND, "t1", "t2")), [(first[0], 0), (table, 0)], seats_of(shipped, two, HUMAN), seed="x"
    )
    assert both.ending(1) == "bankrupt" and both.waiting == [0] and both.ending(0) == ""
    both.found_again(1)
    assert both.waiting == [0, 1]
    play(both)
    assert replay(two, both.record.run(), check=True).difference is None


def test_a_late_scenario_orphans_no_run(shipped: Content) -> None:
    assert shipped.scenarios["two-rounds"].apart
    assert rules_digest(shipped) == rules_digest(shipped, "war") != rules_digest(shipped, "two-rounds")
    alone = market_for(shipped, "two-rounds", "lab-spin-off", "manager", "none", "1")
    assert alone.digest == rules_digest(shipped, "two-rounds") and (alone.first, alone.quarters) == (0, 12)
    head = Table.new(alone, seats_of(shipped, alone, HUMAN), seed="1").head
    assert market_of(shipped, head, "1").quarters == 12
    with pytest.raises(Foreign):
        market_of(shipped, msgspec.structs.replace(head, scenario="three-rounds"), "1")
