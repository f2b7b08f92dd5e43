"""The analysis of whole runs: a planted blunder is found, nothing is written, what cannot be used is said."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest
from analysis_builders import TINY, play

from game.content import Content
from game.lab.analysis import baselines, luck
from game.lab.analysis.model import Analysis, Budget
from game.lab.analysis.reading import open_run, opened
from game.lab.analysis.run import analyse, compare, steps
from game.lab.analysis.turns import turning_points
from game.table.errors import NotARun, RunError
from game.table.local import market_for
from game.table.runfile import read_run
from game.table.table import Table
from game.table.wire import SeatView, encode

WRONG = 2
"""Quarters played before the planted blunder."""
LITTLE = Budget("little", select=24, measure=48, seeds=4, planner_seeds=0)


def ruinous(view: SeatView) -> dict[str, float]:
    """Sensible standing levers, but in one quarter tokens for nothing and nobody left to sell."""
    if view.quarter - view.first_quarter != WRONG:
        return {}
    return {"price.token": 0.0, **{n: 0.0 for n in view.standing if n.startswith("staff.") and not view.limits[n].locked}}


def mended(view: SeatView) -> dict[str, float]:
    """The quarter after the blunder everything stands as it did before."""
    if view.quarter - view.first_quarter != WRONG + 1:
        return ruinous(view)
    return {"price.token": 40.0, "staff.developers": 20.0}


@pytest.fixture(scope="module")
def path(shipped: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("runs") / "ruin.baimo"
    play(shipped, file, moves=ruinous, reason="<script>alert(1)</script> [b]白给[/b]", player="<i>小王</i>")
    return file


@pytest.fixture(scope="module")
def whole(shipped: Content, path: Path) -> Analysis:
    return list(steps(shipped, path, TINY))[-1]


def test_a_planted_blunder_is_found_in_its_quarter(whole: Analysis) -> None:
    verdicts = [q.verdict for q in whole.quarters]
    assert verdicts[WRONG] == "blunder"
    worst = max((q for q in whole.quarters if q.quarter <= whole.head.first + WRONG), key=lambda q: q.share)
    assert worst.quarter == whole.head.first + WRONG
    wrong = whole.quarters[WRONG]
    assert wrong.regret and wrong.regret.low > 0 and wrong.best and wrong.best.label != "own"
    assert any(m.lever.startswith("staff.") for m in wrong.best.moves)
    assert any(t.kind == "blunder" and t.quarter == wrong.quarter for t in whole.turns)
    assert wrong.hindsight and wrong.hindsight > 0, "and so it was on the true seed"


def test_it_fills_step_by_step(shipped: Content, path: Path, whole: Analysis) -> None:
    shown = list(steps(shipped, path, TINY))
    assert [a.done for a in shown] == [0, 1, 2, 3, 4, 5] and {a.steps for a in shown} == {5}
    assert [sum(q.analysed for q in a.quarters) for a in shown] == [0, 1, 2, 3, 4, 4]
    assert all(len(a.quarters) == 4 and a.quarters[0].row == whole.quarters[0].row for a in shown)
    half = next(a for a in shown if a.done == 2)
    assert half.quarters[:2] == whole.quarters[:2] and half.quarters[3].regret is None
    assert encode(shown[-1]) == encode(whole), "equal runs, equal analyses, to the bit"


def test_on_many_cores_it_is_the_same(shipped: Content, path: Path, whole: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[int, int]] = []
    assert encode(analyse(shipped, path, TINY, processes=2, progress=lambda *a: heard.append(a))) == encode(whole)
    assert heard[-1] == (4, 4)


def test_the_record_is_shown_as_it_stands(shipped: Content, path: Path, whole: Analysis) -> None:
    run = read_run(path)
    assert [q.row for q in whole.quarters] == [q.rows[0] for q in run.quarters]
    assert whole.head.player == "<i>小王</i>" and whole.quarters[0].reason.startswith("<script>")
    assert whole.opening and whole.opening.quarter == whole.head.first - 1
    cash = [g for q in whole.quarters for g in q.guidance]
    assert len(cash) == 4 and cash[0].actual == whole.quarters[1].row.cash and cash[3].actual is None
    assert all(g.game_low is not None and g.game_low < g.game_high for g in cash[:3])
    (total,) = whole.guidance
    assert (total.what, total.count, total.game_count) == ("cash", 3, 3)
    assert {m.id for m in whole.notices} == {"analysis.notice.running", "analysis.notice.luck-budget"}


def test_nothing_is_ever_written(shipped: Content, path: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.baimo"
    torn.write_bytes(path.read_bytes() + b'{"kind":"quarter","quarter":9')
    for file in (path, torn):
        before, beside = hashlib.sha256(file.read_bytes()).hexdigest(), sorted(file.parent.iterdir())
        stat = file.stat()
        list(steps(shipped, file, TINY))
        assert hashlib.sha256(file.read_bytes()).hexdigest() == before and file.stat().st_mtime_ns == stat.st_mtime_ns
        assert sorted(file.parent.iterdir()) == beside
    assert "analysis.notice.torn" in {m.id for m in open_run(shipped, torn).notices}


def test_a_damaged_run_is_used_as_far_as_it_goes(shipped: Content, path: Path, whole: Analysis, tmp_path: Path) -> None:
    lines = path.read_bytes().split(b"\n")
    place = next(i for i, raw in enumerate(lines) if raw.startswith(b'{"kind":"quarter","quarter":6'))
    lines[place] = lines[place].replace(b'"label":"2024Q3"', b'"label":"2024Q1"')
    bad = tmp_path / "bad.baimo"
    bad.write_bytes(b"\n".join(lines))
    found = list(steps(shipped, bad, TINY))[-1]
    assert found.quarters == [
        msgspec.structs.replace(q, guidance=[g if g.quarter == 4 else first_only(g) for g in q.guidance])
        for q in whole.quarters[:2]
    ] or [q.row for q in found.quarters] == [q.row for q in whole.quarters[:2]]
    assert next(m for m in found.notices if m.id == "analysis.notice.damaged").args == {"line": place + 1}


def first_only(g: msgspec.Struct) -> msgspec.Struct:
    return msgspec.structs.replace(g, actual=None, score=None, naive=None, game=None)


def test_what_is_no_run_is_one_sentence(shipped: Content, path: Path, tmp_path: Path) -> None:
    other = tmp_path / "x.baimo"
    other.write_bytes(b"hello\n")
    with pytest.raises(NotARun):
        open_run(shipped, other)
    other.write_bytes(path.read_bytes().replace(b'"scenario":"price-war"', b'"scenario":"price-peace"', 1))
    with pytest.raises(RunError) as told:  # its head is damaged: nothing of it can be believed
        open_run(shipped, other)
    assert str(told.value).count(".") == 2 and "\n" not in str(told.value)
    with pytest.raises(RunError):
        open_run(shipped, tmp_path / "nowhere.baimo")


def test_a_run_of_other_rules_shows_its_history(shipped: Content, path: Path) -> None:
    run = read_run(path)
    from dataclasses import replace

    older = replace(run, head=msgspec.structs.replace(run.head, digest="0" * 64, rules="1"))
    found = list(steps(shipped, opened(shipped, older), TINY))[-1]
    assert [q.row for q in found.quarters] == [q.rows[0] for q in run.quarters]
    assert {q.note.id for q in found.quarters if q.note} == {"analysis.note.rules"} and not any(q.analysed for q in found.quarters)
    assert "analysis.notice.older-rules" in {m.id for m in found.notices} and found.luck is None
    foreign = replace(run, head=msgspec.structs.replace(run.head, scenario="price-peace"))
    found = list(steps(shipped, opened(shipped, foreign), TINY))[-1]
    assert "analysis.notice.foreign" in {m.id for m in found.notices}
    assert {q.note.id for q in found.quarters if q.note} == {"analysis.note.history"}


def test_forks_are_marked_and_compared(shipped: Content, path: Path, tmp_path: Path) -> None:
    run = read_run(path)
    market = market_for(shipped, "price-war", "lab-spin-off", "manager", "none", "1")
    table = Table.resume(market, run)
    for name, again in (("fork", table.fork), ("undo", table.undo)):
        other = again(run.head.first + WRONG, path=tmp_path / f"{name}.baimo")
        play_on(other)
    both = [open_run(shipped, p) for p in (path, tmp_path / "fork.baimo", tmp_path / "undo.baimo")]
    analyses = [next(steps(shipped, o, TINY)) for o in both]
    assert [m.id for m in analyses[2].notices][:2] == ["analysis.notice.undone", "analysis.notice.fork"]
    found = compare(both, analyses)
    assert found.same_luck and found.split == run.head.first + WRONG
    assert [(k.child, k.parent, k.quarter) for k in found.links] == [(1, 0, 6), (2, 0, 6)]
    assert compare(both[:1], analyses[:1]).split is None
    for count in (0, 5):
        with pytest.raises(ValueError):
            compare((both * 2)[:count], (analyses * 2)[:count])


def play_on(table: Table) -> None:
    from game.table.wire import Draft

    view = table.view(0)
    moves = {"card.choice": 0.0} if view.card else {}
    if view.card:
        moves["card.choice"] = next(float(c.index) for c in view.card.choices if c.allowed)
    table.submit(0, Draft(view.quarter, moves))
    table.step()
    table.close()


def test_another_seed_is_another_luck(shipped: Content, path: Path, tmp_path: Path) -> None:
    play(shipped, tmp_path / "b.baimo", seed="5", quarters=1)
    both = [open_run(shipped, p) for p in (path, tmp_path / "b.baimo")]
    found = compare(both, [next(steps(shipped, o, TINY)) for o in both])
    assert not found.same_luck and found.split is None
    assert [m.id for m in found.notices] == ["analysis.notice.other-luck"]


# luck -----------------------------------------------------------------------------------------------------------------


def test_luck_is_the_seeds_and_skill_the_players(shipped: Content, path: Path, tmp_path: Path) -> None:
    play(shipped, tmp_path / "calm.baimo", seed="4", quarters=4)
    ruin, calm = (list(steps(shipped, p, LITTLE))[-1].luck for p in (path, tmp_path / "calm.baimo"))
    assert ruin and calm and ruin.luck == calm.luck and ruin.policies == calm.policies, "a common seed, a common luck"
    assert ruin.skill < calm.skill, "who gave everything away was the worse player"
    assert [p.policy for p in calm.policies] == ["thumb", "reactive"] and calm.played == 4 and not calm.stored
    level = sum(p.scaled for p in calm.policies) / 2
    assert calm.skill == pytest.approx(calm.scaled - level)
    assert calm.luck.mean == pytest.approx(level - sum(p.mean.mean for p in calm.policies) / 2)
    assert calm.luck.low < calm.luck.mean < calm.luck.high


def test_measured_baselines_are_kept_and_read_again(shipped: Content, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = list(steps(shipped, path, LITTLE))[-1].luck
    monkeypatch.setattr(luck, "measure", lambda *_, **__: pytest.fail("they are in the cache"))
    assert list(steps(shipped, path, LITTLE))[-1].luck == first
    assert list(steps(shipped, path, TINY))[-1].luck == first, "what is there costs nothing"


def test_baselines_of_other_rules_are_stale(shipped: Content, tmp_path: Path) -> None:
    made, told = baselines.make(shipped, "first-lesson", "lab-spin-off", 2, folder=tmp_path / "b", processes=1)
    there = msgspec.json.decode(made.read_bytes(), type=baselines.Baselines)
    assert there.provenance == "derived" and "thumb" in told
    setting = baselines.Setting("first-lesson", "lab-spin-off", "manager", "none")
    assert baselines._find(there, setting, there.digest) == there.baselines[0]
    assert baselines._find(there, setting, "0" * 64) is None
    assert baselines._find(there, msgspec.structs.replace(setting, assume="cautious"), there.digest) is None
    made.write_bytes(b"{broken")
    assert baselines._read(made) is None, "a file that cannot be read is measured again"


def test_turning_points_stay_few(whole: Analysis) -> None:
    many = turning_points(whole.opening, whole.quarters * 9, "bankrupt")
    assert len(many) <= 12 and many[-1].kind == "ending"
    assert [t.quarter for t in many] == sorted(t.quarter for t in many)
