"""What the command adds to the report: forks once their quarter is known, quiz results read and refused, files kept."""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path

import msgspec
import pytest

from game.classroom import class_page as made
from game.classroom.class_page import ClassPage, read_results
from game.classroom.errors import ClassError
from game.content import Content
from game.lab.analysis.reading import open_run
from game.language import LANGS, Tongue
from tests.lab.analysis.analysis_builders import play
from tests.lab.classwork.made import made_report


def args(folder: Path, **changes: object) -> argparse.Namespace:
    return argparse.Namespace(**{"html": None, "grades": None, "rubric": None, "quizzed": None, "folder": folder, **changes})


def refused(content: Content, error: ClassError) -> str:
    said = [Tongue(lang, content=content).message(error.message) for lang in LANGS]
    assert all("class_page" not in s and "--" not in s and "\n" not in s for s in said), said
    return error.message.id.rpartition(".")[2]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("file,points\na.baimo,80\n", [("a.baimo", 0.8)]),
        ("\ufeff名字,得分,满分\r\n林一,15,20\r\n17,,20\r\n", [("林一", 0.75)]),
        ("of,name,points\n5,Ada,5\n,Grace,50%\n", [("Ada", 1.0), ("Grace", 0.5)]),
        ("file,points\n'=x.baimo,10\n", [("=x.baimo", 0.1)]),
        ("file,points\n", []),
    ],
)  # fmt: skip
def test_quiz_results_are_read(tmp_path: Path, text: str, found: list[tuple[str, float]]) -> None:
    path = tmp_path / "q.csv"
    path.write_text(text, encoding="utf-8")
    assert read_results(path) == found


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"name,score\na,1\n", "head"), (b"", "head"), (b"name,points\na,101\n", "points"), (b"name,points\na,-1\n", "points"),
        (b"name,points\na,nan\n", "points"), (b"name,points,of\na,1,0\n", "points"), (b"name,points\na,much\n", "points"),
        (b"\xff\xfe\x00", "unreadable"), (b"name,points\n" + b"a,1\n" * 90_000, "unreadable"),
    ],
)  # fmt: skip
def test_quiz_results_that_are_wrong_are_refused(shipped: Content, tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "q.csv"
    path.write_bytes(data)
    with pytest.raises(ClassError) as caught:
        read_results(path)
    assert refused(shipped, caught.value) == why


def test_results_find_their_pupil_or_say_why_not(shipped: Content, tmp_path: Path) -> None:
    report = made_report()

    def page(text: str) -> ClassPage:
        path = tmp_path / "q.csv"
        path.write_text(text, encoding="utf-8")
        return ClassPage(args(tmp_path, quizzed=path), shipped, "en")

    good = page("name,points\n王小明,70\npupil-0.baimo,90\n")
    assert good.quizzed(report) == {5: 0.7, 0: 0.9}
    rows = list(csv.reader(io.StringIO(good.sheet(report).decode("utf-8-sig"))))
    assert rows[1][rows[0].index("Quiz after / 20")] == "18.0"
    for text, why in (("name,points\nnobody,1\n", "nobody"), ("name,points\nAda,1\nAda,2\n", "twice")):
        with pytest.raises(ClassError) as caught:
            page(text).quizzed(report)
        assert refused(shipped, caught.value) == why
    twins = msgspec.structs.replace(report, pupils=[msgspec.structs.replace(p, player="x") for p in report.pupils])
    with pytest.raises(ClassError) as caught:
        page("name,points\nx,1\n").quizzed(twins)
    assert refused(shipped, caught.value) == "several"


def test_a_rubric_that_grades_rank_is_refused_before_anything_is_computed(shipped: Content, tmp_path: Path) -> None:
    text = (shipped.directory / "lessons/grading/rubric.toml").read_text(encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(text.replace("weight = 0.0", "weight = 0.1").replace("weight = 0.4", "weight = 0.3"), encoding="utf-8")
    with pytest.raises(ClassError) as caught:
        ClassPage(args(tmp_path, rubric=path), shipped, "zh")
    assert refused(shipped, caught.value) == "rank"


def test_forks_are_played_once_and_only_when_their_quarter_is_known(
    shipped: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr("game.lab.classwork.forks.fork", lambda opened, pupil, quarter: asked.append((pupil, quarter)))
    for p in made_report().pupils:
        play(shipped, tmp_path / p.file, quarters=1)
    page = ClassPage(args(tmp_path), shipped, "en")
    early = made_report("regret")
    assert early.best is not None and early.worst is not None
    page.page(early)
    assert asked == [], "neither of the two runs is analysed yet"
    done = made_report()
    page.page(done)
    page.page(done)
    assert asked == [(e.pupil, e.quarter) for e in (done.best, done.worst) if e is not None]


def test_a_run_that_is_gone_leaves_its_fork_out(shipped: Content, tmp_path: Path) -> None:
    page = ClassPage(args(tmp_path), shipped, "en")
    assert b"has not been played" in page.page(made_report())
    assert made.__doc__ and open_run
