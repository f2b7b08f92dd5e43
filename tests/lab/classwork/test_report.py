"""The report of a folder: nothing dropped, copies counted once, best and worst, regret filled in run by run."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from game.classroom.export import run_of_team
from game.content import Content
from game.lab.analysis.model import Budget, Measured, Range
from game.lab.classwork.folder import TooMany
from game.lab.classwork.model import ClassReport
from game.lab.classwork.report import asked_by, extremes, lying_there, most_common, reports, with_notable
from game.table.assignment import PlannedCard, assignment, write_assignment
from game.table.lines import Dealt, Head, Quarter
from game.table.local import room_market, seats_of
from game.table.runfile import read_run
from game.table.table import HUMAN, Table
from game.table.wire import Draft
from tests.bench.pack import make
from tests.lab.classwork.forging import rechain
from tests.lab.classwork.made import made_report

TINY = Budget("tiny", select=4, measure=8, seeds=0, planner_seeds=0)


@pytest.fixture(scope="module")
def pack(shipped: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Short runs of a setting without baselines, quick to analyse, and one of everything that does not count."""
    folder = tmp_path_factory.mktemp("pack") / "class 7b"
    folder.mkdir()
    make(shipped, folder, range(4), difficulty="founder", quarters=2)
    one = folder / "pupil-001.baimo"
    shutil.copy(one, folder / "z copy.baimo")
    data = one.read_bytes()
    (folder / "y earlier save.baimo").write_bytes(b"".join(line + b"\n" for line in data.split(b"\n")[:2]))
    (folder / "broken.baimo").write_bytes(data.replace(b'"rank":', b'"rink":', 1))
    (folder / "essay.docx").write_bytes(b"PK\x03\x04")
    rechain(one, folder / "forged.baimo", lambda n, x: msgspec.structs.replace(
        x, rows={0: msgspec.structs.replace(x.rows[0], rank=1, value=9e12)}) if isinstance(x, Quarter) else x)  # fmt: skip
    rechain(folder / "pupil-002.baimo", folder / "twin.baimo", lambda n, x: msgspec.structs.replace(
        x, player="=cmd()\u202e x") if isinstance(x, Head) else x)  # fmt: skip
    (folder / "pupil 9").mkdir()
    make(shipped, folder / "pupil 9", range(1), seed="other", quarters=1)
    return folder


@pytest.fixture(scope="module")
def stages(shipped: Content, pack: Path) -> list[ClassReport]:
    return list(reports(
        shipped, pack, None, budget=TINY, seeds=2, processes=1, clean=lambda text: text.replace("\u202e", ""),
        drawn=lambda: 0,
    ))  # fmt: skip


def test_every_file_is_named_with_its_verdict(stages: list[ClassReport], pack: Path) -> None:
    report = stages[0]
    assert {f.file: f.verdict for f in report.files} == {
        **{f"pupil-00{n}.baimo": "ok" for n in range(4)}, "twin.baimo": "ok", "z copy.baimo": "duplicate",
        "y earlier save.baimo": "duplicate", "broken.baimo": "damaged", "essay.docx": "no-run", "forged.baimo": "forged",
        "pupil 9/pupil-000.baimo": "other",
    }  # fmt: skip
    assert len(report.files) == sum(p.is_file() for p in pack.rglob("*"))
    by = {f.file: f for f in report.files}
    assert by["z copy.baimo"].of == by["y earlier save.baimo"].of == "pupil-001.baimo"
    assert by["twin.baimo"].marks == ["unfinished", "twin"] and by["twin.baimo"].remarks[1].args["other"] == "pupil-002.baimo"
    assert report.folder == "class 7b" and report.rivals == "recomputed"
    assert [n.id for n in report.notices] == ["class.notice.no-assignment"]


def test_what_pupils_typed_is_cleaned_everywhere(stages: list[ClassReport]) -> None:
    twin = next(p for p in stages[-1].pupils if p.file == "twin.baimo")
    assert twin.player == twin.analysis.head.player == "=cmd() x"
    assert b"\\u202e" not in msgspec.json.encode(stages[-1]) and "\u202e" not in msgspec.json.encode(stages[-1]).decode()


def test_pupils_stand_by_name_and_their_files_point_to_them(stages: list[ClassReport]) -> None:
    report = stages[-1]
    names = [p.player for p in report.pupils]
    assert names == sorted(names) and [p.place for p in report.pupils] == list(range(5))
    for entry in report.files:
        if entry.pupil is not None:
            assert report.pupils[entry.pupil].file == entry.file


def test_regret_comes_run_by_run_the_extremes_first(stages: list[ClassReport]) -> None:
    done = [sum(p.analysis.done == p.analysis.steps for p in r.pupils) for r in stages]
    assert done == list(range(6))
    assert [(r.progress.stage, r.progress.done, r.progress.of) for r in stages] == [
        *(("regret", n, 5) for n in range(5)), ("done", 5, 5)
    ]  # fmt: skip
    first, last = stages[0], stages[-1]
    assert first.best is not None and first.worst is not None
    assert stages[1].pupils[first.best.pupil].analysis.quarters[0].analysed
    assert last.progress.budget == "tiny" and last.progress.left_out == 0
    assert first.spread == last.spread and first.spread is not None
    for pupil in last.pupils:
        assert all(q.analysed for q in pupil.analysis.quarters) and pupil.analysis.budget == TINY
        assert len(pupil.notable) == 2 and pupil.notable[0].quarter < pupil.notable[1].quarter


def test_a_file_that_changed_since_is_left_out_and_counted(shipped: Content, pack: Path, tmp_path: Path) -> None:
    for n in (1, 2):
        shutil.copy(pack / f"pupil-00{n}.baimo", tmp_path)
    coming = reports(shipped, tmp_path, None, budget=TINY, seeds=2, processes=1)
    next(coming)
    shutil.copy(pack / "pupil-003.baimo", tmp_path / "pupil-001.baimo")
    (tmp_path / "pupil-002.baimo").unlink()
    *_, last = coming
    assert (last.progress.stage, last.progress.left_out) == ("done", 2)
    assert len(last.pupils) == 2 and not any(q.analysed for p in last.pupils for q in p.analysis.quarters)


def test_several_workers_find_what_one_finds(
    shipped: Content, pack: Path, stages: list[ClassReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("game.lab.classwork.report.FILES", 1)
    again = next(reports(
        shipped, pack, None, budget=TINY, seeds=2, processes=2, clean=lambda text: text.replace("\u202e", ""), drawn=lambda: 0
    ))  # fmt: skip
    assert again == stages[0]


def test_without_a_run_there_is_still_a_report(shipped: Content, tmp_path: Path) -> None:
    (tmp_path / "essay.docx").write_bytes(b"x")
    (report,) = reports(shipped, tmp_path, None)
    assert (report.asked, report.spread, report.pupils, report.progress.stage) == (None, None, [], "done")
    assert [f.verdict for f in report.files] == ["no-run"]


def test_far_too_many_files_are_no_class(shipped: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("game.lab.classwork.folder.MOST", 3)
    for n in range(4):
        (tmp_path / f"{n}").write_bytes(b"")
    with pytest.raises(TooMany):
        next(reports(shipped, tmp_path, None))


# what was asked -------------------------------------------------------------------------------------------------------


def planned(content: Content, **changes: Any) -> Any:
    given: dict[str, Any] = {
        "scenario": "price-war", "background": "lab-spin-off", "difficulty": "manager", "assume": "none", "levers": "",
        "seed": "2024", "cards": [], "undo": "marked", "deadline": "", "title": "t", "program": "1",
    }  # fmt: skip
    return assignment(content, **{**given, **changes})


def test_an_assignment_decides_what_counts(shipped: Content, runs: Path) -> None:
    report = next(reports(shipped, runs, planned(shipped, seed="2025"), seeds=2, processes=1))
    assert {f.verdict for f in report.files} == {"other"} and not report.pupils
    assert {f.sentence.args["what"] for f in report.files} == {"seed"}


def test_the_assignment_that_lies_there_is_found(shipped: Content, tmp_path: Path) -> None:
    plan = planned(shipped)
    assert lying_there(tmp_path) is None
    write_assignment(plan, tmp_path / "a.assignment")
    write_assignment(plan, tmp_path / "the same again")
    assert lying_there(tmp_path) == plan
    write_assignment(planned(shipped, seed="2025"), tmp_path / "another")
    assert lying_there(tmp_path) is None


def test_what_most_runs_have_in_common(shipped: Content, runs: Path) -> None:
    heads = [read_run(path).head for path in sorted(runs.iterdir())]
    other = msgspec.structs.replace(heads[0], seed="0" * 32, seed_text="zero")
    found = most_common(shipped, [other, *heads[:2], other, heads[2]])
    assert found is not None and found.seed == "2024" and not found.given
    assert most_common(shipped, [msgspec.structs.replace(heads[0], digest="0")]) is None
    asked = asked_by(shipped, planned(shipped))
    assert (asked.first, asked.quarters, asked.levers, asked.given) == (4, 8, "five", True)


# what follows ---------------------------------------------------------------------------------------------------------


def test_best_and_worst_are_of_first_tries_played_to_the_end() -> None:
    pupils = made_report().pupils
    best, worst = extremes(pupils)
    assert best is not None and worst is not None
    clean = [p for p in pupils if p.place not in (4, 6)]  # unfinished, undone
    assert pupils[best.pupil].value == max(p.value for p in clean) and worst.pupil == 3  # who went under
    assert extremes(pupils[:1])[1] is None and extremes([]) == (None, None)


def test_notable_quarters_are_the_largest_regret_and_the_largest_surprise() -> None:
    pupil = made_report().pupils[0]
    quarters = list(pupil.analysis.quarters)
    for n, (regret, high) in enumerate([(5e6, 1e12), (9e7, 1e12), (8e7, 1e12), (1e6, 10.0)]):
        quarters[n] = msgspec.structs.replace(
            quarters[n], regret=Measured(regret, regret / 2, regret * 2), fan=[Range(0.0, 1.0, high)]
        )  # fmt: skip
    for n in range(4, 8):
        quarters[n] = msgspec.structs.replace(quarters[n], regret=None, analysed=False, fan=[])
    changed = msgspec.structs.replace(pupil, analysis=msgspec.structs.replace(pupil.analysis, quarters=quarters))
    found = with_notable(changed, {})
    assert [(n.quarter, n.why) for n in found.notable] == [(5, "regret"), (7, "surprise")] and found.worst == 5
    assert found.notable[1].amount == pytest.approx(quarters[3].row.value - 10.0)


def test_before_there_is_regret_the_swings_against_the_class_are_notable() -> None:
    pupil = made_report("spread").pupils[3]
    middle = {r.quarter: 3.0 for r in pupil.rows}
    found = with_notable(pupil, middle)
    assert {n.why for n in found.notable} == {"swing"} and found.worst == pupil.bankrupt


# out of a room --------------------------------------------------------------------------------------------------------


def room(content: Content, folder: Path, *, acts: bool = True) -> None:
    """Two quarters of a market that two teams share, a card dealt live, one run for each team."""
    market = room_market(content, "price-war", ["lab-spin-off"] * 2, "manager", "none", "x", "", ["team-1", "team-2"])
    seats = seats_of(content, market, HUMAN)
    with Table.new(market, seats, seed="ab" * 16, to_the_end=True, planned={4: ["ban-tightens"]}) as table:
        for _ in range(2):
            if acts and table.played:
                table.deal("shake-out")
            for firm in table.waiting:
                answer = {"card.choice": 0.0} if market.card(table.state, firm) else {}
                table.submit(firm, Draft(table.quarter, answer, f"reason of {firm}"))
            table.step()
        lines = table.record.lines
    for firm in (0, 1):
        (folder / f"team-0{firm + 1}.baimo").write_bytes(run_of_team(lines, firm, str(firm + 1)))


def test_a_pack_out_of_a_shared_room_counts_every_team(shipped: Content, tmp_path: Path) -> None:
    room(shipped, tmp_path)
    report = next(reports(
        shipped, tmp_path, None, budget=None, seeds=2, processes=1, names={"team-02.baimo": "2 北斗"}
    ))  # fmt: skip
    assert [(f.file, f.verdict, f.marks) for f in report.files] == [
        ("team-01.baimo", "ok", ["unfinished"]), ("team-02.baimo", "ok", ["unfinished"])
    ]  # fmt: skip
    assert report.asked is not None and report.asked.room and report.asked.firms == ["team-1", "team-2"]
    one, two = report.pupils
    assert (one.player, two.player, two.analysis.head.player) == ("1", "2 北斗", "2 北斗")
    assert [d.dealt for d in two.decided] == [["ban-tightens"], ["shake-out"]]
    assert [d.reason for d in two.decided] == ["reason of 1"] * 2 and one.rows != two.rows
    assert report.spread is not None and len(report.spread.rivals) == 10 and report.spread.games


def test_nobody_deals_cards_in_a_game_of_ones_own(shipped: Content, runs: Path, tmp_path: Path) -> None:
    def change(_: int, line: Any) -> Any:
        if isinstance(line, Head):
            return msgspec.structs.replace(line, format=2, planned={7: ["ban-tightens"]})
        first = isinstance(line, Quarter) and line.quarter == 4
        return msgspec.structs.replace(line, outside=[Dealt("shake-out")]) if first else line

    rechain(runs / "pupil-001.baimo", tmp_path / "x.baimo", change)
    (entry,) = next(reports(shipped, tmp_path, None, budget=None, seeds=2, processes=1)).files
    assert (entry.verdict, entry.sentence.args["what"], entry.line) == ("forged", "outside", 2)


def test_bots_are_dealt_the_planned_cards_too(shipped: Content, runs: Path, tmp_path: Path) -> None:
    plain = next(reports(shipped, runs, planned(shipped), budget=None, seeds=2, processes=1)).spread
    plan = planned(shipped, cards=[PlannedCard(2, "ban-tightens")])
    make(shipped, tmp_path, range(1), quarters=2, planned=plan.planned(shipped), assignment=plan.id)
    report = next(reports(shipped, tmp_path, plan, budget=None, seeds=2, processes=1))
    assert [f.verdict for f in report.files] == ["ok"]
    assert plain is not None and report.spread is not None
    before, after = plain.games[0].value, report.spread.games[0].value
    assert before[0] == after[0] and before[1] != after[1]
    assert report.pupils[0].decided[1].card == "ban-tightens"
