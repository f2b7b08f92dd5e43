"""``baimo play ASSIGNMENT --plain``: founded as asked, gone on with, undo refused, one sentence for what cannot be used."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from shell import run

from game.table.assignment import encode, id_of, read_assignment
from game.table.runfile import read_run


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    own = tmp_path / "our class" / "locale"
    own.mkdir(parents=True)
    (own / "x.toml").write_text('[mine]\nword = { zh = "词", en = "word" }\n', "utf-8")
    path = tmp_path / "lesson"
    done = run(
        "class", "assign", "--scenario", "first-lesson", "--seed", "7", "--background", "app-team", "--levers", "all",
        "--card", "2:ban-tightens", "--undo", "forbidden", "--deadline", "2026-03-06", "--title", "Lesson one",
        "--content", str(own.parent), "--out", str(path),
    )  # fmt: skip
    assert done.code == 0, done.err
    return path


def play(plan: Path, saves: Path, typed: str, monkeypatch: pytest.MonkeyPatch, lang: str = "en") -> tuple[int, str, str]:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    done = run("play", str(plan), "--plain", "--saves", str(saves), "--lang", lang)
    return done.code, done.out, done.err


def test_it_is_founded_as_asked_and_gone_on_with(plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saves = tmp_path / "saves"
    code, out, err = play(plan, saves, " 17\u202e 号\nend\ny\nundo\ny\nfork\ny\nquit\n", monkeypatch)
    assert (code, err) == (0, "")
    for word in ("Lesson one", "Due 2026-03-06", "cannot be taken back", "Your name or number", "no quarter can be taken back"):
        assert word in out
    assert "ban" not in out.split("Your name")[0]  # which card comes is no business of the pupil's yet
    file, fork = sorted(saves.glob("*.baimo"), key=lambda path: read_run(path).head.parent is not None)
    assert read_run(fork).head.parent is not None  # to try another way is no undo; it does not count
    before = read_run(file)
    head, asked = before.head, read_assignment(plan)
    assert (head.player, head.assignment, head.undo, head.levers) == ("17 号", asked.id, "forbidden", "all")
    assert (head.scenario, head.background, head.seed_text) == ("first-lesson", "app-team", "7")
    assert head.planned == {head.first + 1: ["ban-tightens"]} and len(before.quarters) == 1
    code, out, err = play(plan, saves, "choose 1\nend\ny\nquit\n", monkeypatch)
    assert (code, err) == (0, "") and f"Going on with {file.name}" in out and "Your name" not in out
    assert set(saves.glob("*.baimo")) == {file, fork}
    assert read_run(file).quarters[1].cards == {0: "ban-tightens"}


def test_the_end_of_the_input_founds_nothing(plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert play(plan, tmp_path / "saves", "", monkeypatch)[0] == 0
    assert not [p for p in (tmp_path / "saves").iterdir() if p.suffix == ".baimo"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_cannot_be_used_is_told_in_one_sentence(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    good = read_assignment(plan)
    for name, data in {
        "edited": plan.read_bytes().replace(b'"7"', b'"8"'), "cut": plan.read_bytes()[:200],
        "escaping": encode(_signed(msgspec.structs.replace(good, texts={"../x.toml": "x = 1"}))),
        "other rules": encode(_signed(msgspec.structs.replace(good, digest="0" * 64))),
        "broken content": encode(_signed(msgspec.structs.replace(good, texts={"rivals.toml": "= 1"}))),
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(data)
        code, out, err = play(tmp_path / name, tmp_path / "saves", "x\n", monkeypatch, lang)
        assert code == 2 and out == "" and err.startswith("baimo: ") and err.count("\n") == 1, (name, err)
    assert not (tmp_path / "x.toml").exists() and not (tmp_path.parent / "x.toml").exists()


def _signed(plan):  # type: ignore[no-untyped-def]
    return msgspec.structs.replace(plan, id=id_of(plan))
