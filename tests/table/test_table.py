"""Turn order, record, undo, fork, replay: against a market small enough to see through."""

from __future__ import annotations

import errno
import itertools
import os
from pathlib import Path

import msgspec
import pytest
from fake_market import FakeMarket

from game.table import files
from game.table.errors import DraftError, Foreign, LockedError
from game.table.lines import End, Quarter, decode_line, seal, unpack_state
from game.table.replay import replay
from game.table.runfile import read_run, run_of, verify_chain
from game.table.table import Table
from game.table.wire import Draft

SEATS = {0: "human", 1: "thumb", 2: "reactive"}
TWO = {0: "human", 1: "thumb", 2: "human"}


def new(path: Path | None = None, seats: dict[int, str] = SEATS, market: FakeMarket | None = None) -> Table:
    count = itertools.count()
    return Table.new(
        market or FakeMarket(), seats, seed="七", created="2026-01-05", path=path, salt=lambda: f"{next(count):032x}"
    )


def play(table: Table, quarters: int, price: float = 0.5, reason: str = "") -> Table:
    for _ in range(quarters):
        for firm in table.waiting:
            table.submit(firm, Draft(table.quarter, {"price": price + table.played / 3}, reason))
        table.step()
    return table


def states(table: Table) -> list[bytes]:
    return [*map(table.market.pack, replay(table.market, table.record.run()).states)]


def test_a_campaign_is_on_record(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    with play(new(path), 6, reason="便宜") as table:
        assert table.over and table.ending(0) == "niche-master" and table.trouble is None
    run = read_run(path)
    assert len(run.quarters) == 6 and run.end == End({0: "niche-master"}, {0: table.history(0)[-1]})
    assert run.head.seats == ["human", "thumb", "reactive"] and run.head.seed_text == "七"
    assert run.decisions(2)[0] == {"price": 0.5 + 2 / 3, "gift": None}
    assert [len(d) for d in run.quarters[1].decisions] == [1, 1, 1]  # only what changed
    assert {r.text for r in run.reasons.values()} == {"便宜"} and len(run.reasons) == 6
    assert len({r.salt for r in run.reasons.values()}) == 6
    assert [r.quarter for r in table.history(0)] == [3, 4, 5, 6, 7, 8, 9]
    assert run.quarters[1].cards == {0: "flood"} and run.quarters[0].cards == {}


def test_everyone_decides_before_the_quarter_is_played() -> None:
    table = new(seats=TWO)
    assert table.waiting == [0, 2]
    table.submit(0, Draft(4, {"price": 1.0}))
    with pytest.raises(ValueError, match="not decided"):
        table.step()
    table.submit(2, Draft(4, {}))
    table.withdraw(0)
    assert table.waiting == [0]
    table.submit(0, Draft(4, {"price": 2.0}))
    table.submit(0, Draft(4, {"price": 3.0}))  # the last word counts
    table.step()
    assert table.record.run().decisions(0)[0]["price"] == 3.0


def test_clock_leaves_levers_standing() -> None:
    table = new(seats=TWO)
    table.submit(0, Draft(4, {"price": 5.0}))
    assert table.stand_in() == [2]
    table.step()
    assert table.record.run().decisions(0)[2] == {"price": 1.0, "gift": None}


def test_drafts_are_judged() -> None:
    table = new()
    for firm, draft, ids in (
        (0, Draft(4, {"prize": 1.0, "price": -1.0}), ["draft.unknown", "draft.range"]),
        (0, Draft(5, {}), ["draft.other-quarter"]),
        (1, Draft(4, {}), ["draft.no-seat"]),
    ):
        with pytest.raises(DraftError) as caught:
            table.submit(firm, draft)
        assert [m.id for m in caught.value.messages] == ids
    play(table, 6)
    with pytest.raises(DraftError):
        table.submit(0, Draft(10, {}))
    with pytest.raises(ValueError, match="over"):
        table.step()


def test_a_broke_firm_ends_a_game_of_one_but_not_of_two() -> None:
    alone = play(new(), 1, price=99.0)
    assert alone.over and alone.ending(0) == "bankrupt" and alone.record.ended
    two = new(seats=TWO)
    two.submit(0, Draft(4, {"price": 99.0}))
    two.submit(2, Draft(4, {"price": 0.1}))
    two.step()
    assert not two.over and two.waiting == [2] and two.ending(0) == "bankrupt"
    play(two, 5, price=0.0)
    assert two.over and two.record.run().end == End(
        {0: "bankrupt", 2: "niche-master"}, {0: two.history(0)[-1], 2: two.history(2)[-1]}
    )


def test_policies_may_think_ahead_and_decide_once() -> None:
    class Counting(FakeMarket):
        asked = 0

        def decide(self, s, seats):  # type: ignore[no-untyped-def]
            self.asked += 1
            return super().decide(s, seats)

    market = Counting()
    table = new(market=market)
    for quarter in range(3):
        table.prepare()
        table.prepare()
        play(table, 1)
        assert market.asked == quarter + 1


@pytest.mark.parametrize("stop", range(6))
def test_stopping_after_any_quarter_changes_nothing(tmp_path: Path, stop: int) -> None:
    twin = play(new(tmp_path / "twin.baimo"), 6)
    path = tmp_path / "a.baimo"
    play(new(path), stop).close()
    with Table.resume(FakeMarket(), path) as table:
        assert table.played == stop and table.history(0) == twin.history(0)[: stop + 1]
        if stop:
            assert table.report(0) == twin.report(0, stop - 1)
        play(table, 6 - stop)
    assert path.read_bytes() == (tmp_path / "twin.baimo").read_bytes()


def test_resume_of_a_finished_run(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    play(new(path), 6).close()
    data = path.read_bytes()
    with Table.resume(FakeMarket(), path) as table:
        assert table.over and table.ending(0) == "niche-master" and table.report(0) is not None
    assert path.read_bytes() == data


def test_resume_in_memory_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    play(new(path), 2).close()
    data = path.read_bytes()
    table = play(Table.resume(FakeMarket(), read_run(path)), 4)
    assert table.over and path.read_bytes() == data and len(list(tmp_path.iterdir())) == 1


def test_undo_is_a_new_run_with_the_same_luck(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    with play(new(path), 4, price=0.2) as first:
        data = path.read_bytes()
        with first.undo(6, created="2026-01-06", path=tmp_path / "b.baimo") as again:
            assert again.quarter == 6 and again.head.undone and not first.head.undone
            parent = again.head.parent
            assert parent is not None and parent.quarter == 6
            assert parent.checksum == read_run(path).checksums[2]
            assert again.head.seed == first.head.seed and again.head.created == "2026-01-06"
            play(again, 2, price=0.2)
            assert again.history(0) == first.history(0)
        assert path.read_bytes() == data
        run = read_run(tmp_path / "b.baimo")
        assert run.quarters == read_run(path).quarters and replay(FakeMarket(), run, check=True).difference is None


def test_fork_from_every_quarter_of_a_finished_game(tmp_path: Path) -> None:
    table = play(new(), 6)
    for quarter in range(4, 11):
        fork = table.fork(quarter)
        assert fork.quarter == quarter and not fork.head.undone and fork.over == (quarter == 10)
        assert fork.history(0) == table.history(0)[: quarter - 3]
    with pytest.raises(ValueError):
        table.fork(11)
    changed = play(table.fork(6), 4, price=0.0)
    assert changed.history(0)[:3] == table.history(0)[:3] and changed.history(0)[3:] != table.history(0)[3:]


def test_report_of_any_quarter() -> None:
    table = play(new(), 4)
    for played in range(4):
        report = table.report(0, played)
        assert report is not None and report.quarter == 4 + played
        assert report.opening_fen == round(100 * table.history(0)[played].cash)
        assert report.closing_fen == round(100 * table.history(0)[played + 1].cash)
    assert table.report(0, 4) is None and table.report(0, -1) is None


def test_full_disk_does_not_stop_the_game(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.baimo"
    with play(new(path), 1) as table:
        with monkeypatch.context() as full:
            full.setattr(files, "write_all", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
            play(table, 2)
            assert table.trouble is not None and table.played == 3 and len(read_run(path).quarters) == 1
        play(table, 1)
        assert table.trouble is None
    assert len(read_run(path).quarters) == 4 and verify_chain(path) == []


def test_second_opener_may_fork(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    with play(new(path), 2):
        with pytest.raises(LockedError):
            Table.resume(FakeMarket(), path)
        other = Table.resume(FakeMarket(), read_run(path)).fork(6, path=tmp_path / "b.baimo")
        with other:
            play(other, 1)
    assert len(read_run(tmp_path / "b.baimo").quarters) == 3
    Table.resume(FakeMarket(), path).close()


def test_failed_resume_gives_the_file_back(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    play(new(path), 1).close()
    other = FakeMarket()
    other.scenario = "price-war"
    with pytest.raises(Foreign, match="war"):
        Table.resume(other, path)
    Table.resume(FakeMarket(), path).close()
    assert os.listdir(tmp_path) == ["a.baimo"]


def test_newer_rules_go_on_from_the_last_state_and_say_so(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    play(new(path), 3, price=0.1).close()
    newer = FakeMarket("c" * 64, ("new-card", "gift", "flood"), bonus=2.0)
    data = path.read_bytes()
    with Table.resume(newer, path) as table:
        assert path.read_bytes() == data  # looking changes nothing
        assert [r.quarter for r in table.history(0)] == [4, 5, 6] and table.report(0) is None
        assert newer.card(table.state, 0) == "flood"  # the same card under its new number
        play(table, 1, price=0.1)
        assert table.report(0) is not None
    with Table.resume(newer, path) as table:  # the change is on record once
        assert table.report(0) is not None and table.report(0, 2) is None
        play(table, 1, price=0.1)
    run = read_run(path)
    assert run.marked and [n for n, _ in run.rules] == [3] and verify_chain(path) == []
    checked = replay(newer, run, check=True)
    assert checked.difference is None and checked.since == 3 and checked.believed == 2
    older = replay(FakeMarket(), run, check=True)
    assert older.since == 5 and older.believed == 0
    fork = play(Table.resume(newer, run).fork(8), 1)
    assert fork.record.run().marked


def test_a_run_of_older_rules_without_a_quarter_begins_anew_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    new(path).close()
    newer = FakeMarket("c" * 64, ("new-card",), bonus=1.0)
    with Table.resume(newer, path) as table:
        assert [m.id for m in table.notices] == ["run.older-rules"]
        play(table, 2)
    run = read_run(path)
    assert [n for n, _ in run.rules] == [0] and run.digest == newer.digest
    assert replay(newer, run, check=True).difference is None
    with Table.resume(newer, path) as table:
        assert table.notices == [] and table.report(0, 0) is not None


def test_replay_reproduces(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    play(new(path, TWO), 6, price=0.3, reason="because").close()
    run = read_run(path)
    for check in (False, True):
        again = replay(FakeMarket(), run, check)
        assert again.difference is None and again.believed == 6 and again.since == 0
    assert [FakeMarket().pack(s) for s in again.states[1:]] == [run.state(n + 1) for n in range(6)]


def forge(path: Path, number: int, **changes: object) -> None:
    """Change a chained line and make every checksum after it again, as a patient forger would."""
    lines, checksum, out = path.read_bytes().splitlines(), "", []
    count = -1
    for raw in lines:
        line = decode_line(raw)
        count += isinstance(line, Quarter)
        if isinstance(line, Quarter) and count == number:
            line = msgspec.structs.replace(line, **changes)
        raw, checksum = seal(line, checksum)  # type: ignore[arg-type]
        out.append(raw + b"\n")
    path.write_bytes(b"".join(out))


FORGERIES = {
    "decisions": lambda q: {"decisions": [q.decisions[0], {"price": 0.0}, q.decisions[2]]},
    "levers": lambda q: {"decisions": [{"price": -5.0}, *q.decisions[1:]]},
    "state": lambda q: {"decisions": [{"price": 0.0}, *q.decisions[1:]], "drafts": {0: {"price": 0.0}}},
    "levers-drafts": lambda q: {"drafts": {0: {"price": 7.0}}},
    "levers-absent": lambda q: {"drafts": {}},
    "state-alone": lambda q: {"digest": "0" * 64},
    "numbers": lambda q: {"rows": {0: msgspec.structs.replace(q.rows[0], cash=1e9)}},
    "cards": lambda q: {"cards": {0: "never"}},
}


@pytest.mark.parametrize("kind", list(FORGERIES))
@pytest.mark.parametrize("number", [1, 3])
def test_forgery_that_fits_the_chain_is_found_by_playing(tmp_path: Path, kind: str, number: int) -> None:
    path = tmp_path / "a.baimo"
    play(new(path), 6, price=0.1).close()
    forge(path, number, **FORGERIES[kind](read_run(path).quarters[number]))
    assert verify_chain(path) == []
    run = read_run(path)
    found = replay(FakeMarket(), run, check=True)
    assert found.difference is not None
    assert (found.difference.line, found.difference.quarter) == (run.line_of(number + 1), 4 + number)
    assert found.difference.what == kind.split("-")[0]
    assert found.believed == number
    assert replay(FakeMarket(), run).difference is None  # a quick replay only plays


def test_forged_ending_and_torn_tail_fail_the_check(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    play(new(path), 6, price=0.1).close()
    lines = path.read_bytes().splitlines()
    last = read_run(path)
    assert last.end is not None
    before = msgspec.json.decode(lines[-2])["checksum"]
    lines[-1] = seal(msgspec.structs.replace(last.end, endings={0: "listed-company"}), before)[0]
    run = run_of(path, b"\n".join(lines) + b"\n")
    found = replay(FakeMarket(), run, check=True).difference
    assert found is not None and found.what == "ending" and found.line == 8
    torn = run_of(path, b"\n".join(lines[:-1]) + b"\n" + lines[-1][:50])
    found = replay(FakeMarket(), torn, check=True).difference
    assert found is not None and found.what == "torn" and found.line == 8


def test_states_in_the_file_are_the_markets() -> None:
    table = play(new(), 3)
    assert [unpack_state(q.state) for q in table.record.run().quarters] == states(table)[1:]


def test_seats_must_be_filled() -> None:
    with pytest.raises(ValueError, match="every firm"):
        Table.new(FakeMarket(), {0: "human"})


def test_a_table_of_policies_alone() -> None:
    table = Table.new(FakeMarket(), {0: "thumb", 1: "thumb", 2: "reactive"}, firm=2)
    for _ in range(6):
        table.step()
    assert table.over and table.ending(2) and [r.quarter for r in table.history(2)] == list(range(3, 10))
