"""Several people's firms at one table, cards for all, second firms and absent teams: played, recorded, recomputed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from game.content import Content
from game.engine.names import LEVER
from game.engine.outside import FIRM_AXIS
from game.engine.state import ARRAYS
from game.table.auto import replay_report
from game.table.contract import HUMAN
from game.table.errors import DraftError, Foreign, UndoForbidden
from game.table.lines import FORMAT, PLAIN, Dealt, FoundAgain, Head, Managed, seal_bytes
from game.table.local import LocalHost, market_for, market_of, room_market, seats_of
from game.table.market import EngineMarket
from game.table.replay import replay
from game.table.runfile import read_run
from game.table.table import Table
from game.table.wire import Draft

TEAMS = ["lab-spin-off", "app-team", "domain-insiders"]
IDS = ["t1", "t2", "t3"]
BAN = "ban-tightens"


def war_room(content: Content, scenario: str = "price-war", backgrounds: list[str] = TEAMS, **more: Any) -> EngineMarket:
    return room_market(content, scenario, backgrounds, "apprentice", "none", "1", seats=IDS[: len(backgrounds)], **more)


def table_at(market: EngineMarket, content: Content, path: Path | None = None, **more: Any) -> Table:
    return Table.new(market, seats_of(content, market, HUMAN), seed="7", path=path, to_the_end=True, **more)


def decide(table: Table, firm: int, **levers: float) -> None:
    """A draft that answers what has to be answered."""
    answers = dict(levers)
    if table.market.card(table.state, firm):
        ways = table.market.open_choices(table.state, firm)
        answers["card.choice"] = float(ways.index(True))
    if table.market.distressed(table.state, firm):
        answers["distress.choice"] = 4.0
    table.submit(firm, Draft(table.quarter, answers))


def close(table: Table, absent: tuple[int, ...] = ()) -> None:
    for firm in table.waiting:
        if firm not in absent:
            decide(table, firm)
    table.stand_in()
    table.step()


# who sits there -------------------------------------------------------------------------------------------------------


def test_every_firm_of_a_later_scenario_begins_in_its_own_start(shipped: Content) -> None:
    market = war_room(shipped)
    s = market.begin(market.seed("7"))
    assert market.firms[:3] == IDS and len(market.firms) == 12 and s.cash.shape[0] == 12
    for row, background in enumerate(TEAMS):
        alone = market_for(shipped, "price-war", background, "apprentice", "none", "1")
        own = alone.begin(alone.seed("7"))
        for name in ("cash", "debt", "staff", "knowledge", "lnc", "due", "levers", "route", "founders"):
            axis = FIRM_AXIS[name]
            np.testing.assert_array_equal(
                np.take(getattr(s, name), row, axis=axis), np.take(getattr(own, name), 0, axis=axis), err_msg=name
            )
    assert int(s.cash.sum()) + int(s.accounts.sum()) == 0
    one = room_market(shipped, "price-war", ["app-team"], "apprentice", "none", "1")
    two = market_for(shipped, "price-war", "app-team", "apprentice", "none", "1")
    assert one.pack(one.begin(one.seed("7"))) == two.pack(two.begin(two.seed("7")))


def test_it_does_not_matter_who_sits_where(shipped: Content) -> None:
    one = war_room(shipped)
    two = war_room(shipped, backgrounds=[TEAMS[2], TEAMS[0], TEAMS[1]])
    a, b = one.begin(one.seed("7")), two.begin(two.seed("7"))
    order = [1, 2, 0, *range(3, 12)]
    for name in ARRAYS:
        if name in ("card", "coming"):  # drawn by row
            continue
        moved = np.take(getattr(b, name), order, axis=FIRM_AXIS[name]) if name in FIRM_AXIS else getattr(b, name)
        np.testing.assert_allclose(moved, getattr(a, name), rtol=1e-12, equal_nan=True, err_msg=name)


@pytest.mark.parametrize("scenario", ["war", "price-war", "open-roads", "first-lesson"])
def test_twelve_teams_fill_a_table(shipped: Content, scenario: str) -> None:
    market = room_market(shipped, scenario, ["lab-spin-off"] * 12, "apprentice", "none", "1", seats=[f"t{n}" for n in range(12)])
    table = Table.new(market, seats_of(shipped, market, HUMAN), seed="7", to_the_end=True)
    views = [table.view(f) for f in range(12)]
    assert all(v.background == "lab-spin-off" and v.firm == f for f, v in enumerate(views))
    table.stand_in()
    table.step()
    assert table.played == 1


def test_views_and_heads_know_every_background(shipped: Content, tmp_path: Path) -> None:
    market = war_room(shipped)
    with table_at(market, shipped, tmp_path / "a.baimo") as table:
        assert [table.view(f).background for f in range(4)] == [*TEAMS, ""]
        close(table)
    head = read_run(tmp_path / "a.baimo").head
    assert head.backgrounds == TEAMS and head.own_background == TEAMS[0] and head.format == FORMAT
    again = market_of(shipped, head, "1")
    assert again.firms == market.firms and again.backgrounds == TEAMS and again.levers == market.levers
    with pytest.raises(Foreign):
        market_of(shipped, msgspec.structs.replace(head, background="lab-spin-off nobody"), "1")
    with pytest.raises(Foreign):
        market_of(shipped, msgspec.structs.replace(head, levers="six"), "1")


@pytest.mark.parametrize(("backgrounds", "seats"), [
    ([], None), (["lab-spin-off"] * 13, None), (TEAMS, ["a", "b"]), (TEAMS, ["a", "b", "b"]), (TEAMS, ["a", "b", "yunshan"]),
])
def test_what_does_not_fit_a_table_is_refused(shipped: Content, backgrounds: list[str], seats: list[str] | None) -> None:
    with pytest.raises(ValueError):
        room_market(shipped, "price-war", backgrounds, "apprentice", "none", "1", seats=seats)


@pytest.mark.parametrize(("scenario", "levers"), [("price-war", "all"), ("open-roads", "five")])
def test_levers_of_a_scenario_can_be_overridden(shipped: Content, tmp_path: Path, scenario: str, levers: str) -> None:
    market = market_for(shipped, scenario, "lab-spin-off", "apprentice", "none", "1", levers)
    plain = market_for(shipped, scenario, "lab-spin-off", "apprentice", "none", "1")
    assert market.levers == levers != plain.levers and market.digest == plain.digest
    path = tmp_path / "a.baimo"
    with Table.new(market, seats_of(shipped, market, HUMAN), seed="7", path=path) as table:
        for _ in range(2):
            close(table)
    run = read_run(path)
    assert run.head.levers == levers and run.head.format == PLAIN
    assert replay(market_of(shipped, run.head, "1"), run, check=True).difference is None
    with pytest.raises(Foreign):
        replay(plain, run, check=True)
    # a head that says otherwise is found, for default management would have run the rest otherwise
    path.write_bytes(resealed(path.read_bytes(), 0, {"levers": plain.levers}))
    forged = read_run(path)
    assert replay(market_of(shipped, forged.head, "1"), forged, check=True).difference is not None


def resealed(data: bytes, line: int, changes: dict[str, Any]) -> bytes:
    """A run with one line changed and every checksum made again."""
    checksum, out = "", []
    for number, raw in enumerate(data.splitlines()):
        item = msgspec.json.decode(raw)
        if "checksum" in item:
            del item["checksum"]
            if number == line:
                item.update(changes)
            raw, checksum = seal_bytes(msgspec.json.encode(item)[:-1], checksum)
        out.append(raw + b"\n")
    return b"".join(out)


# from outside ---------------------------------------------------------------------------------------------------------


def test_a_planned_card_lies_on_every_desk_and_nobody_foresees_it(shipped: Content) -> None:
    market = war_room(shipped)
    told, untold = table_at(market, shipped, planned={5: [BAN]}), table_at(market, shipped)
    assert told.head.planned == {5: [BAN]}
    assert msgspec.json.encode(told.view(1)) == msgspec.json.encode(untold.view(1))
    draft = Draft(told.quarter, {})
    assert list(told.futures(1, draft)) == list(untold.futures(1, draft))
    close(told)
    assert [market.card(told.state, f) for f in range(12)] == [BAN] * 12 and told.dealt() == [BAN] and told.done() == []
    assert told.view(2).card is not None and told.view(2).card.id == BAN
    with pytest.raises(ValueError):
        table_at(market, shipped, planned={5: ["no such card"]})
    with pytest.raises(ValueError):
        table_at(market, shipped, planned={99: [BAN]})


def test_a_room_is_played_recorded_and_recomputed(shipped: Content, tmp_path: Path) -> None:
    market = war_room(shipped)
    path = tmp_path / "room.baimo"
    with table_at(market, shipped, path, planned={7: [BAN]}, assignment="a1") as table:
        close(table)
        table.deal("dirty-data" if "dirty-data" in market.dealable else market.dealable[0])
        live = table.dealt()
        decide(table, 0)
        with pytest.raises(DraftError, match="deal-late"):
            table.deal(BAN)
        table.manage(1)
        with pytest.raises(DraftError, match="no-seat"):
            table.manage(1)
        assert table.waiting == [2] and table.done() == [Dealt(live[0]), Managed(1)]
        table.stand_in()
        table.step()
        assert table.done(1) == [Dealt(live[0]), Managed(1)] and table.done() == [] and table.dealt(1) == live
        managed = table.past(1)[1][1]
        assert managed == market.decide(table.past(1)[0], {1: "default"})[1]
        table.manage(1)
        decide(table, 1)  # they are back
        assert table.done() == []
        while not table.over:
            close(table)
    run = read_run(path)
    assert run.head.format == FORMAT and run.head.assignment == "a1" and len(run.quarters) == 8 and run.end
    assert replay(market_of(shipped, run.head, "1"), run, check=True).difference is None
    # resumed from any quarter it is the same table
    for quarters in (2, 3):
        lines = path.read_bytes().splitlines(keepends=True)
        part = tmp_path / f"part{quarters}.baimo"
        part.write_bytes(b"".join(lines[: 1 + quarters]))
        with Table.resume(market, part) as again:
            assert again.played == quarters and again.dealt(1) == live and again.done(1) == run.quarters[1].outside
            for firm in range(3):
                again.report(firm)
    for line, changes in (
        (2, {"outside": []}), (2, {"outside": [{"act": "dealt", "card": BAN}, {"act": "managed", "firm": 1}]}),
        (2, {"outside": [{"act": "dealt", "card": live[0]}]}), (3, {"outside": [{"act": "managed", "firm": 0}]}),
        (2, {"outside": [{"act": "dealt", "card": live[0]}, {"act": "managed", "firm": 5}]}),
        (3, {"outside": [{"act": "found-again", "firm": 0}]}), (3, {"outside": [{"act": "dealt", "card": "unheard"}]}),
        (0, {"planned": {}}), (0, {"planned": {"6": [BAN]}}), (0, {"planned": {"7": ["unheard"]}}),
    ):  # fmt: skip
        forged = tmp_path / "forged.baimo"
        forged.write_bytes(resealed(path.read_bytes(), line, changes))
        other = read_run(forged)
        try:
            assert replay(market, other, check=True).difference is not None, changes
        except Foreign:
            assert "unheard" in str(changes)


def test_forks_get_the_cards_of_outside_again(shipped: Content) -> None:
    market = war_room(shipped)
    table = table_at(market, shipped, planned={6: [BAN]})
    first = table.quarter
    other = next(card for card in market.dealable if card != BAN)
    close(table)
    table.deal(other)
    close(table)
    table.deal(other)
    early, late, now = table.fork(first), table.undo(first + 1), table.fork(first + 2)
    assert early.head.planned == late.head.planned == {6: [BAN, other], first + 1: [other]}
    assert now.head.planned == {6: [BAN, other]} and early.dealt() == [] and late.dealt() == [other]
    close(late)
    assert late.record.run().quarters[1].digest == table.record.run().quarters[1].digest
    assert replay(market, late.record.run(), check=True).difference is None


def test_a_firm_is_founded_again_once(shipped: Content, tmp_path: Path) -> None:
    market = war_room(shipped, levers="all")
    path = tmp_path / "a.baimo"
    with table_at(market, shipped, path) as table:
        while table.ending(2) != "bankrupt":
            assert table.reentry_terms(2) is None
            top = {n: table.view(2).limits[n].high for n in ("research.budget", "community.budget")}
            decide(table, 2, **top)
            close(table)
        assert not table.over and table.waiting == [0, 1]
        with pytest.raises(DraftError, match=r"draft\.over"):
            table.submit(2, Draft(table.quarter, {}))
        # receivers see on, and have nothing to decide
        gone = table.view(2)
        assert gone.ended == "bankrupt" and gone.card is None and gone.own.cash == 0.0
        assert list(table.futures(2, Draft(table.quarter, {}))) == [] and table.report(2) is not None
        terms = table.reentry_terms(2)
        assert terms is not None
        before = table.state
        table.found_again(2)
        assert table.done() == [FoundAgain(2)] and table.ending(2) == "" and 2 in table.waiting
        own = table.view(2).own
        assert own.cash == terms.cash and own.founders_share == terms.founders_share and sum(own.staff.values()) == terms.people
        assert int(table.state.cash.sum()) + int(table.state.accounts.sum()) == 0
        assert int(before.cash.sum()) + int(before.accounts.sum()) == 0
        for again in (2, 0):
            with pytest.raises(DraftError, match="no-second-firm"):
                table.found_again(again)
        close(table)
        changes = table.changes(2)
        assert changes is not None
        for change in changes.rows:
            assert table.explain(2, change.what, change.segment) is not None
        report = table.report(2)
        assert report is not None and report.opening_fen == round(terms.cash * 100)
        while not table.over:
            close(table)
    run = read_run(path)
    assert replay(market, run, check=True).difference is None and len(run.quarters) == market.quarters


def test_a_class_run_is_played_on_alone_with_the_others_managed(shipped: Content, tmp_path: Path) -> None:
    market = war_room(shipped)
    path = tmp_path / "a.baimo"
    with table_at(market, shipped, path, planned={6: [BAN]}) as table:
        close(table)
    host = LocalHost(shipped, tmp_path, "1")

    async def go() -> None:
        seat = await host.fork(path, table.head.first + 1)
        view = await seat.view()
        levers = {"card.choice": 0.0} if view.card else {}
        await asyncio.wait_for(seat.submit(Draft(view.quarter, levers)), 60)

    asyncio.run(go())
    assert host.table is not None and host.table.done(1) == [Managed(1), Managed(2)]
    assert host.table.head.planned == {6: [BAN]}
    run = host.table.record.run()
    assert replay(market, run, check=True).difference is None
    host.close()
    document, _, complaint = replay_report(shipped, host.run_file() or next(p for p in tmp_path.glob("*.baimo") if p != path), check=True)
    assert document["ok"] and not complaint


def test_a_room_plays_to_the_end_without_anybody(shipped: Content) -> None:
    market = war_room(shipped, backgrounds=["app-team"], levers="all")
    table = table_at(market, shipped)
    while not table.over:
        if table.waiting:
            decide(table, 0, **{n: table.view(0).limits[n].high for n in ("research.budget", "community.budget")})
        table.step()
    assert table.played == market.quarters and table.ending(0) == "bankrupt"
    assert replay(market, table.record.run(), check=True).difference is None


def test_a_game_that_is_no_room_takes_nothing_from_outside(shipped: Content) -> None:
    market = market_for(shipped, "first-lesson", "lab-spin-off", "apprentice", "none", "1")
    table = Table.new(market, seats_of(shipped, market, HUMAN), seed="7", assignment="a", undo="forbidden")
    assert table.head.format == PLAIN and table.head.undo == "forbidden"
    for act in (lambda: table.deal(BAN), lambda: table.manage(0), lambda: table.found_again(0)):
        with pytest.raises(DraftError, match="no-room"):
            act()
    close(table)
    with pytest.raises(UndoForbidden):
        table.undo(table.head.first)
    assert table.fork(table.head.first).head.undo == "forbidden"


def test_a_plain_run_is_written_as_ever(shipped: Content) -> None:
    market = market_for(shipped, "first-lesson", "lab-spin-off", "apprentice", "none", "1")
    table = Table.new(market, seats_of(shipped, market, HUMAN), seed="7")
    close(table)
    head, quarter = map(msgspec.json.decode, table.record.run().lines[:2])
    assert list(head)[-2:] == ["player", "checksum"] and list(quarter)[-2:] == ["state", "checksum"]
    assert head["format"] == 1 and not {"assignment", "planned", "opening"} & head.keys()


@pytest.mark.parametrize("changes", [
    {"planned": {"5": [BAN]}}, {"to_the_end": True}, {"opening": "AAAA"}, {"undo": "sometimes"},
])
def test_a_plain_head_says_nothing_that_older_programs_would_not_know(shipped: Content, changes: dict[str, Any]) -> None:
    market = market_for(shipped, "first-lesson", "lab-spin-off", "apprentice", "none", "1")
    table = Table.new(market, seats_of(shipped, market, HUMAN), seed="7")
    raw = table.record.run().lines[0]
    from game.table.errors import Damaged
    from game.table.runfile import run_of

    with pytest.raises(Damaged):
        run_of(Path("a.baimo"), resealed(raw + b"\n", 0, changes))


def test_lever_rows_are_there(shipped: Content) -> None:
    assert {"card.choice", "distress.choice"} <= LEVER.keys() and Head.__struct_fields__[-1] == "to_the_end"
