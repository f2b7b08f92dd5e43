"""Every verdict, each on a fault planted in a sound run; and that a sound run is none of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from game.content import Content
from game.lab.classwork.folder import judge_outside, look
from game.lab.classwork.model import Asked
from game.lab.classwork.verify import Judged, _sample, judge, market_of
from game.table.lines import End, Head, Line, Quarter, pack_state, seal_bytes, unseal
from game.table.local import market_for
from game.table.market import EngineMarket
from game.table.runfile import MAX_FILE, read_run
from game.table.table import HUMAN, Table, digest_of
from game.table.wire import Draft
from tests.lab.classwork.forging import rechain


@pytest.fixture(scope="module")
def market(shipped: Content, asked: Asked) -> EngineMarket:
    return market_of(shipped, asked)


@pytest.fixture
def verdict(shipped: Content, market: EngineMarket, asked: Asked) -> Callable[..., Judged]:
    def of(path: Path, wanted: Asked = asked, drawn: int = 0, deep: bool = False) -> Judged:
        return judge(shipped, market, wanted, path, path.name, 1, drawn, deep)

    return of


def replace(line: Any, **changes: Any) -> Any:
    return msgspec.structs.replace(line, **changes)


def quarter(number: int, **changes: Any) -> Callable[[int, Line], Line]:
    """A change of the ``number``-th quarter, counted from 0; each a value or a function of the old one."""
    seen = -1

    def change(_: int, line: Line) -> Line:
        nonlocal seen
        if not isinstance(line, Quarter):
            return line
        seen += 1
        if seen != number:
            return line
        return replace(line, **{k: v(getattr(line, k)) if callable(v) else v for k, v in changes.items()})

    return change


def test_a_sound_run_counts_with_everything_it_says(runs: Path, verdict: Callable[..., Judged], asked: Asked) -> None:
    path = runs / "pupil-001.baimo"
    found, run = verdict(path), read_run(path)
    pupil = found.pupil
    assert found.entry.verdict == "ok" and pupil is not None and found.entry.marks == []
    assert [r.quarter for r in pupil.rows] == list(range(asked.first - 1, asked.first + 8))
    assert pupil.rows[1:] == [q.rows[0] for q in run.quarters] and len(pupil.lowest) == len(pupil.decided) == 8
    assert pupil.value == run.quarters[-1].rows[0].value and pupil.ending == run.end.endings[0]  # type: ignore[union-attr]
    assert all(low <= row.token_price for low, row in zip(pupil.lowest, pupil.rows[1:], strict=True))
    assert {d.quarter: d.reason for d in pupil.decided if d.reason} == {q: r.text for (q, _), r in run.reasons.items()}
    for told, line in zip(pupil.decided, run.quarters, strict=True):
        assert told.card == line.cards.get(0, "") and (told.choice is None) == (not told.card)
        moved = {m.lever: m.after for m in told.moved}
        assert moved.items() <= line.drafts[0].items() and all(m.before != m.after for m in told.moved)
    assert len(pupil.analysis.quarters) == 8 and not any(q.analysed for q in pupil.analysis.quarters)


FORGERIES: dict[str, tuple[str, Callable[[int, Line], Line]]] = {
    "a result that is too good": (
        "numbers", quarter(3, rows=lambda r: {f: replace(x, value=x.value + 1.0) for f, x in r.items()})),
    "a rival that decided worse": (
        "decisions", quarter(2, decisions=lambda d: [d[0], {**d[1], "price.token": 99.0}, *d[2:]])),
    "decisions that nobody could submit": (
        "levers", quarter(2, decisions=lambda d: [{**d[0], "staff.research": 1e9}, *d[1:]])),
    "levers that were hidden": ("levers", quarter(1, drafts={0: {"staff.consumers": 3.0}})),
    "a card that was not there": ("cards", quarter(0, cards={0: "shake-out"})),
    "another state": ("state", quarter(4, digest="0" * 64)),
    "an ending that was not": (
        "ending", lambda n, line: replace(line, endings={0: "national-champion"}) if isinstance(line, End) else line),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_forgeries_with_sound_checksums_are_found_by_playing(
    name: str, runs: Path, tmp_path: Path, verdict: Callable[..., Judged]
) -> None:
    what, change = FORGERIES[name]
    found = verdict(rechain(runs / "pupil-001.baimo", tmp_path / "x.baimo", change))
    assert (found.entry.verdict, found.pupil) == ("forged", None)
    assert found.entry.sentence.args["what"] == what and found.entry.line == found.entry.sentence.args["line"]


def test_a_longer_history_than_the_scenario_has_is_refused(
    runs: Path, tmp_path: Path, verdict: Callable[..., Judged]
) -> None:
    def change(_: int, line: Line) -> Line:
        return replace(line, quarters=7) if isinstance(line, Head) else line

    found = verdict(rechain(runs / "pupil-001.baimo", tmp_path / "x.baimo", change))
    assert found.entry.verdict == "forged" and found.entry.sentence.args["what"] == "start"


def test_damage_is_told_from_forgery(runs: Path, tmp_path: Path, verdict: Callable[..., Judged]) -> None:
    data = (runs / "pupil-001.baimo").read_bytes()
    path = tmp_path / "x.baimo"
    path.write_bytes(data.replace(b'"trust":0.', b'"trust":1.', 1))
    found = verdict(path)
    assert (found.entry.verdict, found.entry.line) == ("damaged", 2) and found.pupil is None


HEADS: dict[str, dict[str, Any]] = {
    "scenario": {"scenario": "open-roads"}, "background": {"background": "app-team"},
    "difficulty": {"difficulty": "founder"}, "assume": {"assume": "x"}, "levers": {"levers": "all"},
    "seed": {"seed": "0" * 32}, "seats": {"seats": [HUMAN, *["default"] * 11]},
}  # fmt: skip


@pytest.mark.parametrize("what", HEADS)
def test_runs_of_another_assignment_say_what_differs(
    what: str, runs: Path, tmp_path: Path, verdict: Callable[..., Judged]
) -> None:
    def change(_: int, line: Line) -> Line:
        return replace(line, **HEADS[what]) if isinstance(line, Head) else line

    found = verdict(rechain(runs / "pupil-001.baimo", tmp_path / "x.baimo", change))
    assert (found.entry.verdict, found.entry.sentence.args["what"]) == ("other", what)


def test_cards_that_were_not_asked_for_are_named(runs: Path, tmp_path: Path, verdict: Callable[..., Judged]) -> None:
    def change(_: int, line: Line) -> Line:
        return replace(line, format=2, planned={4: ["ban-tightens"]}) if isinstance(line, Head) else line

    told = verdict(rechain(runs / "pupil-001.baimo", tmp_path / "x.baimo", change)).entry.sentence
    assert (told.id, told.args["theirs"]) == ("class.file.cards-more", "2024Q1 ban-tightens")


def test_rivals_that_people_steer_are_another_assignment(
    runs: Path, tmp_path: Path, verdict: Callable[..., Judged]
) -> None:
    """Whoever steers the rivals too can ruin them, and every decision could be submitted."""
    seats = [HUMAN] * 12

    def change(_: int, line: Line) -> Line:
        return replace(line, seats=seats) if isinstance(line, Head) else line

    found = verdict(rechain(runs / "pupil-001.baimo", tmp_path / "x.baimo", change))
    assert (found.entry.verdict, found.entry.sentence.args["what"]) == ("other", "seats")


def test_runs_of_other_rules_are_named_and_not_counted(
    runs: Path, tmp_path: Path, verdict: Callable[..., Judged]
) -> None:
    def change(_: int, line: Line) -> Line:
        return replace(line, digest="0" * 64) if isinstance(line, Head) else line

    assert verdict(rechain(runs / "pupil-001.baimo", tmp_path / "x.baimo", change)).entry.verdict == "rules"


def test_undone_and_forked_runs_are_marked_or_refused(
    shipped: Content, market: EngineMarket, runs: Path, tmp_path: Path, asked: Asked, verdict: Callable[..., Judged]
) -> None:
    run = read_run(runs / "pupil-001.baimo")
    for name in ("undo", "fork"):
        with Table.resume(market, run) as table, getattr(table, name)(asked.first + 6, path=tmp_path / name) as again:
            again.submit(0, Draft(again.quarter, {"card.choice": 0.0} if market.card(again.state, 0) else {}))
            again.step()
        mark = "undone" if name == "undo" else "fork"
        found = verdict(tmp_path / name)
        assert found.entry.verdict == "ok" and found.entry.marks == ["unfinished", mark]
        assert verdict(tmp_path / name, replace(asked, undo="forbidden")).entry.verdict == "forbidden"


def test_unfinished_torn_and_unnamed_runs_count_and_are_marked(
    runs: Path, tmp_path: Path, verdict: Callable[..., Judged]
) -> None:
    assert verdict(runs / "pupil-005.baimo").entry.marks == ["unfinished"]
    data = (runs / "pupil-001.baimo").read_bytes()
    torn = tmp_path / "torn.baimo"
    torn.write_bytes(data[: len(data) * 2 // 3])
    assert verdict(torn).entry.marks == ["unfinished", "torn"]
    rechain(runs / "pupil-001.baimo", tmp_path / "x", lambda n, x: replace(x, player=" ") if isinstance(x, Head) else x)
    assert verdict(tmp_path / "x").entry.marks == ["unnamed"]


def test_a_run_without_a_quarter_is_none(runs: Path, tmp_path: Path, verdict: Callable[..., Judged]) -> None:
    rechain(runs / "pupil-001.baimo", tmp_path / "x", lambda n, line: line if n == 1 else None)
    assert verdict(tmp_path / "x").entry.verdict == "no-run"


# rivals that plan -----------------------------------------------------------------------------------------------------


def test_of_planners_one_decision_is_drawn_and_all_are_computed_when_asked(
    shipped: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = market_for(shipped, "price-war", "lab-spin-off", "legend", "none", "test")
    seats = {**dict.fromkeys(range(len(market.firms)), "thumb"), 0: HUMAN, 5: "planner"}
    with Table.new(market, seats, seed="1", path=tmp_path / "run") as table:
        for _ in range(2):
            table.submit(0, Draft(table.quarter, {"card.choice": 0.0} if market.card(table.state, 0) else {}))
            table.step()
    asked = Asked("", "", "price-war", "lab-spin-off", "legend", "none", "five", "1", 4, 8, {}, "marked", "", market.digest,
                  True)  # fmt: skip

    def change(_: int, line: Line) -> Line:
        """The planner of a forged second quarter; the state that follows from it is made again."""
        if not isinstance(line, Quarter) or line.quarter != 5:
            return line
        forged = [dict(d) for d in line.decisions]
        forged[5]["price.token"] = 1.0
        run = read_run(tmp_path / "run")
        full = run.decisions(1)
        full[5] = {**full[5], "price.token": 1.0}
        state, _ = market.play(market.play(market.begin(run.head.seed), run.decisions(0))[0], full)
        packed = market.pack(state)
        rows = {0: market.row(state, 0)}
        return replace(line, decisions=forged, digest=digest_of(packed), state=pack_state(packed), rows=rows)

    forged = rechain(tmp_path / "run", tmp_path / "forged", change)
    run = read_run(forged)
    assert {_sample(run, n) for n in range(40)} == {(4, 5), (5, 5)}
    hit = next(n for n in range(9) if _sample(run, n) == (5, 5))
    miss = next(n for n in range(9) if _sample(run, n) == (4, 5))

    def of(path: Path, drawn: int, deep: bool = False) -> str:
        return judge(shipped, market, asked, path, "x", 1, drawn, deep).entry.verdict

    assert of(tmp_path / "run", hit) == "other"  # eleven rivals should plan, not one
    monkeypatch.setattr("game.lab.classwork.verify.seats_of", lambda *_: seats)
    assert of(tmp_path / "run", hit) == of(forged, miss) == "ok"
    assert of(forged, hit) == of(forged, miss, deep=True) == "forged"
    found = judge(shipped, market, asked, tmp_path / "run", "x", 1, hit, False)
    assert found.entry.marks == ["unfinished", "unnamed", "partly"]
    assert found.entry.sentence.args["quarter"] == 5


# what is no run -------------------------------------------------------------------------------------------------------


def test_everything_in_a_folder_is_named(runs: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.baimo").write_bytes(b"")
    (tmp_path / "text.txt").write_text("价格战")
    (tmp_path / "bin.baimo").write_bytes(bytes(range(256)) * 99)
    (tmp_path / "nothing").mkdir()
    (tmp_path / "pupil" / "deeper" / "deepest" / "abyss").mkdir(parents=True)
    (tmp_path / "pupil" / "run.baimo").write_bytes((runs / "pupil-001.baimo").read_bytes())
    with (tmp_path / "huge.baimo").open("wb") as file:
        file.write((runs / "pupil-001.baimo").read_bytes())
        file.truncate(MAX_FILE + 1)  # a hole, that takes no room
    said = {f.entry.file: (f.entry.verdict, f.entry.sentence.id.rpartition(".")[2]) for f in look(tmp_path)}
    assert said == {
        "bin.baimo": ("no-run", "no-run"), "empty.baimo": ("no-run", "empty"), "huge.baimo": ("no-run", "huge"),
        "nothing": ("no-run", "folder"), "pupil/deeper/deepest/abyss": ("no-run", "folder"),
        "pupil/run.baimo": ("ok", "ok"), "text.txt": ("no-run", "no-run"),
    }  # fmt: skip


def test_links_and_pipes_are_not_followed(runs: Path, tmp_path: Path) -> None:
    try:
        os.symlink(runs / "pupil-001.baimo", tmp_path / "link.baimo")
        os.symlink(runs, tmp_path / "folder")
        os.mkfifo(tmp_path / "pipe.baimo")
    except (OSError, AttributeError):
        pytest.skip("no links or pipes here")
    said = {f.entry.file: f.entry.sentence.id.rpartition(".")[2] for f in look(tmp_path)}
    assert said == {"link.baimo": "link", "folder": "link", "pipe.baimo": "special"}


def test_a_newer_run_is_named_as_one(runs: Path, tmp_path: Path) -> None:
    raw = (runs / "pupil-001.baimo").read_bytes().split(b"\n", 1)[0]
    body, _ = unseal(raw)  # type: ignore[misc]
    head, _ = seal_bytes(body.replace(b'"format":1', b'"format":99'), "")
    (tmp_path / "x.baimo").write_bytes(head + b"\n")
    found = judge_outside(tmp_path / "x.baimo", "x.baimo")
    assert (found.entry.verdict, found.entry.sentence.id) == ("unreadable", "class.file.newer")
