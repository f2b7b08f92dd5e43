"""Runs replayed under a changed parameter: recorded levers, policies deciding anew, order before and after."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from game import __version__
from game.content import Content, load
from game.content.resolve import parameter_values
from game.engine import derive
from game.lab.commands_whatif import whatif as command
from game.lab.settings import read_setting, with_settings
from game.lab.whatif import Outcome, Placing, Unusable, placings, play_again, whatif
from game.table.auto import auto
from game.table.local import market_for, seats_of
from game.table.market import EngineMarket
from game.table.runfile import read_run
from game.table.seat import Draft
from game.table.table import HUMAN, Table

SCHEMAS = Path(__file__).parents[1] / "schemas"
LESSON = {"scenario": "first-lesson", "background": "lab-spin-off", "difficulty": "manager", "assume": "none"}


@pytest.fixture(scope="module")
def pack(shipped: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three runs by policies."""
    folder = tmp_path_factory.mktemp("pack")
    for seed, policy in ((1, "thumb"), (2, "reactive"), (3, "default")):
        auto(shipped, policy=policy, seed=str(seed), out=folder / f"{policy}.baimo", **LESSON)
    return folder


def test_a_change_to_what_it_is_changes_nothing(shipped: Content, pack: Path) -> None:
    same = parameter_values(shipped)["wage"]
    run = whatif(shipped, pack / "thumb.baimo", [f"wage={same!r}"]).runs[0]
    assert run.reproduced is True and not run.older_rules
    assert all(f.before == f.recorded == f.anew for f in run.firms)
    assert sorted(f.before.rank for f in run.firms) == list(range(1, len(run.firms) + 1))


def test_before_is_what_was_recorded(shipped: Content, pack: Path) -> None:
    path = pack / "reactive.baimo"
    run, record = whatif(shipped, path, ["wage=*1.1"]).runs[0], read_run(path)
    own = record.quarters[-1].rows[0]
    assert (run.firms[0].before.value, run.firms[0].before.rank) == (own.value, own.rank)
    assert [f.decided_by for f in run.firms] == record.head.seats
    assert (run.seed, run.scenario, run.quarters) == (record.head.seed_text, "first-lesson", len(record.quarters))


def test_recorded_levers_stand_and_policies_answer(shipped: Content, pack: Path) -> None:
    """Without cloud value clouds price otherwise; a naive twin plays both ways by the engine's own calls."""
    path, change = pack / "thumb.baimo", "cloud_customer_value=0"
    run = whatif(shipped, path, [change]).runs[0]
    record = read_run(path)
    market = market_for(shipped, *(LESSON[k] for k in ("scenario", "background", "difficulty", "assume")), __version__)
    rules = with_settings(shipped, market.source, "none", [read_setting(shipped, change)])
    other = EngineMarket(rules, shipped, scenario="first-lesson", backgrounds=["lab-spin-off"], difficulty="manager")
    finals = []
    for anew in (False, True):
        state = other.begin(record.head.seed)
        for played in range(len(record.quarters)):
            given = record.decisions(played)
            if anew:
                decided = other.decide(state, dict(enumerate(record.head.seats)))
                given = [decided[f] for f in range(len(given))]
            state, _ = other.play(state, given)
        finals.append(derive.value(state)[:, 0].tolist())
    assert [f.recorded.value for f in run.firms] == finals[0]
    assert [f.anew.value for f in run.firms] == finals[1]
    assert finals[0] != finals[1], "no policy minded"
    # cloud value is an argument of prices only: the market itself does not know it
    assert finals[0] == [f.before.value for f in run.firms]


def test_people_keep_their_levers(shipped: Content, tmp_path: Path) -> None:
    market = market_for(shipped, *(LESSON[k] for k in ("scenario", "background", "difficulty", "assume")), __version__)
    path = tmp_path / "human.baimo"
    with Table.new(market, seats_of(shipped, market, HUMAN), seed="9", created="2026-01-01", path=path) as table:
        while not table.over:
            levers = {"price.token": 3.0 + table.quarter}
            if market.card(table.state, 0):
                levers["card.choice"] = 0.0
            table.submit(0, Draft(table.quarter, levers, ""))
            table.step()
    record = read_run(path)
    asked: list[set[int]] = []
    decide = EngineMarket.decide

    class Listening(EngineMarket):
        def decide(self, state: Any, seats: Any) -> Any:
            asked.append(set(seats))
            return decide(self, state, seats)

    other = Listening(market.source, shipped, scenario="first-lesson", backgrounds=["lab-spin-off"],
                      difficulty="manager")  # fmt: skip
    state = play_again(other, record, anew=True)
    assert asked == [set(range(1, len(market.firms)))] * len(record.quarters)
    assert state.price[0, 0, 0] == record.decisions(len(record.quarters) - 1)[0]["price.token"]
    run = whatif(shipped, path, ["wage=*1.5"]).runs[0]
    assert run.firms[0].decided_by == HUMAN and run.firms[0].recorded.value != run.firms[0].before.value


def test_a_folder_is_ranked_and_what_is_bad_is_left_out(shipped: Content, pack: Path, tmp_path: Path) -> None:
    for path in pack.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    whole = (pack / "thumb.baimo").read_bytes()
    (tmp_path / "torn.baimo").write_bytes(whole[:400])
    (tmp_path / "other.baimo").write_text("hello", encoding="utf-8")
    (tmp_path / "note.txt").write_text("hello", encoding="utf-8")
    report = whatif(shipped, tmp_path, ["rent.finance=*2", "wage=90000"], processes=1)
    assert [r.file for r in report.runs] == ["default.baimo", "reactive.baimo", "thumb.baimo"]
    assert sorted(s.file for s in report.skipped) == ["other.baimo", "torn.baimo"]
    assert all(s.why.endswith(".") and s.file in s.why for s in report.skipped)
    assert [p.before for p in report.ranking] == [1, 2, 3]
    for way in ("before", "recorded", "anew"):
        values = {getattr(p, way): getattr(p, f"value_{way}") for p in report.ranking}
        assert sorted(values) == [1, 2, 3] and values[1] >= values[2] >= values[3]
    assert [(c.parameter, c.entry) for c in report.changes] == [("rent", "finance"), ("wage", "")]
    document = json.loads(msgspec.json.encode(report))
    jsonschema.validate(document, json.loads((SCHEMAS / "whatif.json").read_text(encoding="utf-8")))
    assert set(document) == {"rules", "changes", "runs", "ranking", "skipped"}


def test_of_two_bankrupt_the_one_that_lasted_longer_is_ahead(shipped: Content, pack: Path) -> None:
    run = whatif(shipped, pack / "thumb.baimo", ["wage=*1.1"]).runs[0]

    def ended(name: str, quarter: int, value: float, status: str) -> Any:
        outcome = Outcome(value, 1, status, quarter)
        firm = msgspec.structs.replace(run.firms[0], before=outcome, recorded=outcome, anew=outcome)
        return msgspec.structs.replace(run, file=name, firms=[firm], firm=0)

    runs = [ended("a", 3, 0.0, "bankrupt"), ended("b", 9, 0.0, "bankrupt"), ended("c", -1, 5.0, "active")]
    places: list[Placing] = placings(runs)
    assert [(p.file, p.before) for p in places] == [("c", 1), ("b", 2), ("a", 3)]
    other = msgspec.structs.replace(runs[0], scenario="war")
    assert [(p.file, p.before) for p in placings([*runs[1:], other])] == [("c", 1), ("b", 2), ("a", 1)]


def test_a_run_of_older_rules_says_so(pack: Path, tmp_path: Path) -> None:
    """Other content, other digest: decisions are replayed under the rules at hand, before and after."""
    (tmp_path / "assumptions").mkdir()
    (tmp_path / "assumptions" / "mine.toml").write_text(
        'id = "mine"\nname = { zh = "我", en = "Mine" }\ntext = { zh = "我", en = "Mine" }\n[set]\nwage = 90000\n',
        encoding="utf-8",
    )
    run = whatif(load(overlay=tmp_path), pack / "thumb.baimo", ["wage=*1.1"]).runs[0]
    assert run.older_rules and run.reproduced is None


def test_a_record_that_does_not_come_out_is_told(
    shipped: Content, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("game.lab.whatif.digest_of", lambda packed: "another")
    assert whatif(shipped, pack / "thumb.baimo", ["wage=*1.1"]).runs[0].reproduced is False


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("wagee=1", "no parameter 'wagee'; did you mean 'wage'?"),
        ("wage", "write parameter=value"),
        ("=3", "write parameter=value"),
        ("wage=", "write parameter=value"),
        ("wage=much", "'much' is no number"),
        ("wage=0", "'wage' may be 5,000 to 2,000,000"),
        ("wage=nan", "may be 5,000"),
        ("wage=*1000", "may be 5,000"),
        ("wage.finance=90000", "is one number, not a table"),
        ("rent=3", "is a table by segment; name an entry, such as rent.developers"),
        ("rent.finanse=3", "no entry 'finanse'; did you mean 'finance'?"),
        ("churn.finance=1.2", "may be 0 to 1"),
        ("sentiment_path.2039Q1=1", "no entry '2039Q1'"),
    ],
)
def test_a_setting_that_cannot_be_is_one_sentence(shipped: Content, pack: Path, setting: str, words: str) -> None:
    with pytest.raises(Unusable) as caught:
        whatif(shipped, pack / "thumb.baimo", [setting])
    said = str(caught.value)
    assert words in said and "\n" not in said and said[-1] in ".?"


def test_settings_build_on_each_other(shipped: Content, pack: Path) -> None:
    base = parameter_values(shipped)["rent"]
    report = whatif(shipped, pack / "thumb.baimo", ["rent=*2", "rent.finance=*3", "sentiment_path.2023Q3=0.5"])
    after = {(c.parameter, c.entry): c.after for c in report.changes}
    assert after["rent", "finance"] == 6.0 * base[2] and after["rent", "medical"] == 2.0 * base[3]  # type: ignore[index]
    assert after["sentiment_path", "2023Q3"] == 0.5


def test_the_command(shipped: Content, pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(file: Path, *settings: str, as_json: bool = False) -> tuple[int, str, str]:
        args = argparse.Namespace(file=file, set=list(settings) or None, json=as_json)
        code = command(args, shipped, {}, 1, lambda r: print(msgspec.json.encode(r).decode()))
        return (code, *capsys.readouterr())

    code, out, err = run(pack / "thumb.baimo", "wage=*1.2", as_json=True)
    assert (code, err, json.loads(out)["rules"]) == (0, "", 1)
    code, out, err = run(pack / "thumb.baimo", "wage=*1.2")
    assert code == 0 and out.count("\n") >= 12 and "wage: 110000 becomes 132000" in out.replace(",", "")
    for bad in ((pack / "thumb.baimo",), (tmp_path, "wage=*1.2"), (tmp_path / "no.baimo", "wage=*1.2")):
        code, out, err = run(bad[0], *bad[1:])  # type: ignore[arg-type]
        assert (code, out, err.count("\n")) == (2, "", 1) and err.startswith("baimo: ")
