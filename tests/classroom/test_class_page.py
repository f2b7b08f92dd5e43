"""What the command adds to the report: a rubric and quiz results read or refused, files written again or kept."""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path

import msgspec
import pytest

from game.classroom.class_page import ClassPage, read_results
from game.classroom.errors import ClassError
from game.content import Content
from game.language import LANGS, Tongue
from game.table.assignment import assignment, write_assignment
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
    assert good.quizzed(report) == {"5": 0.7, "0": 0.9}
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


def test_a_rooms_record_gives_every_member_a_row(shipped: Content, tmp_path: Path) -> None:
    from game.classroom import pack
    from game.table.lines import hash_reason

    report = made_report()
    first = report.pupils[0]
    said = pack.Said("m1", 1, first.decided[1].quarter, "0" * 32, "守住现金")
    forged = pack.Said("m2", 1, first.decided[1].quarter, "0" * 32, "never said")
    record = pack.Record(
        1, "0", "r", "price-war", "parallel", "manager", "none", "five", "lab-spin-off", "debrief", 1, 4, 8,
        [pack.PackTeam("t1", 1, "player", ["m1", "m2"], [first.file], 0, False)],
        [pack.PackMember("m1", 1, "t1", "ceo"), pack.PackMember("m2", 2, "t1", "cfo")],
        [pack.PackForecast("m1", 1, d.quarter, "cash", 1.0, 3.0, 2.0, 2.0, 6.0) for d in first.decided]
        + [pack.PackForecast("m2", 2, d.quarter, "cash", 1.0, 3.0, 2.0, 2.0, 6.0) for d in first.decided],
        [pack.PackReason(s.member, 1, s.quarter, hash_reason("0" * 32, "守住现金")) for s in (said, forged)],
        {"m1": "小林"}, [said, forged], [],
    )  # fmt: skip
    pack.write_record(tmp_path, record)
    results = tmp_path / "q.csv"
    results.write_text("name,points\n小林,60\n2,50\n", encoding="utf-8")
    page = ClassPage(args(tmp_path, quizzed=results), shipped, "en")
    one, two = page.members
    assert (one.name, two.name) == ("小林", "2"), "who was forgotten keeps a number"
    assert one.reasons == {said.quarter: "守住现金"} and two.reasons == {said.quarter: ""}, "what was not hashed was not said"
    assert len(one.forecasts) == 8 and two.forecasts == [], "another round's forecasts belong to another run"
    assert page.quizzed(report) == {"0/m1": 0.6, "0/m2": 0.5}
    rows = list(csv.reader(io.StringIO(page.sheet(report).decode("utf-8-sig"))))
    assert rows[1][rows[0].index("Forecasts / 20")] == "15.0" and rows[2][rows[0].index("Forecasts / 20")] == "0.0"
    (tmp_path / pack.RECORD).write_bytes(b"{broken")
    assert ClassPage(args(tmp_path), shipped, "en").members == []


# the command ----------------------------------------------------------------------------------------------------------


def told(folder: Path, **changes: object) -> argparse.Namespace:
    return args(folder, **{"assignment": None, "csv": None, "deep": False, **changes})


def test_the_page_is_written_early_and_again_and_tables_are_never_written_over(
    shipped: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from game.classroom import report_command
    from game.pages.class_report import HEAD

    page, grades = tmp_path / "out.html", tmp_path / "grades.csv"
    seen: list[str] = []

    def reports(*_: object, **__: object) -> object:
        for stage in ("spread", "regret", "done"):
            yield made_report(stage)
            seen.append(page.read_text(encoding="utf-8"))

    monkeypatch.setattr("game.lab.classwork.report.reports", reports)
    monkeypatch.setattr("game.lab.classwork.report.lying_there", lambda _: None)
    monkeypatch.setattr(report_command, "AGAIN", 0.0)
    monkeypatch.setattr(report_command, "SPARED", 0.0)
    wanted = told(tmp_path, html=page, grades=grades)
    assert report_command.report(wanted, shipped, "en") == 0
    assert all(s.startswith(HEAD) for s in seen) and len(set(seen)) == 3
    assert "Regret is still being computed" in seen[1] and "Regret is still being computed: " not in seen[2]
    assert grades.read_bytes().startswith(b"\xef\xbb\xbf") and page.stat().st_size > 100_000
    with pytest.raises(ClassError) as caught:
        report_command.report(wanted, shipped, "en")
    assert caught.value.message.id == "class.report.exists", "a teacher may have filled the sheet in"
    assert report_command.report(told(tmp_path, html=page), shipped, "en") == 0, "the page holds nothing of the teacher's"
    page.write_text("my own page", encoding="utf-8")
    with pytest.raises(ClassError) as caught:
        report_command.report(told(tmp_path, html=page), shipped, "en")
    assert caught.value.message.id == "class.report.page-exists" and page.read_text(encoding="utf-8") == "my own page"
    capsys.readouterr()


def test_the_quiz_before_as_text_and_as_a_page(shipped: Content, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from game.classroom.quiz_command import quiz

    def asked(**changes: object) -> argparse.Namespace:
        return argparse.Namespace(**{"assignment": None, "of_run": None, "html": None, **changes})

    assert quiz(asked(), shipped, "zh") == 0
    assert "87.5%" in capsys.readouterr().out
    plan = assignment(shipped, scenario="price-war", background="lab-spin-off", difficulty="manager", assume="none", levers="",
                      seed="1", cards=[], undo="marked", deadline="", title="第三课 <b>", program="0")  # fmt: skip
    write_assignment(plan, tmp_path / "lesson")
    assert quiz(asked(assignment=tmp_path / "lesson"), shipped, "zh") == 0
    assert capsys.readouterr().out.startswith("第三课 <b> · 课前小测")
    page = tmp_path / "q.html"
    for _ in range(2):
        assert quiz(asked(html=page), shipped, "en") == 0
    assert "87.5%" in page.read_text(encoding="utf-8")
    page.write_text("mine", encoding="utf-8")
    for wrong, why in ((asked(html=page), "exists"), (asked(of_run=tmp_path), "nothing"), (asked(html=tmp_path / "no" / "q.html"), "not-written")):
        with pytest.raises(ClassError) as caught:
            quiz(wrong, shipped, "zh")
        said = [Tongue(lang, content=shipped).message(caught.value.message) for lang in LANGS]
        assert caught.value.message.id == f"class_quiz.error.{why}" and all("--" not in s and "class_" not in s for s in said)


def test_the_quiz_after_asks_about_every_run_of_a_folder(
    shipped: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from game.classroom.quiz_command import quiz
    from game.lab.analysis.run import steps

    play(shipped, tmp_path / "a.baimo", quarters=2, player="林一")
    play(shipped, tmp_path / "b.baimo", quarters=2, player="<17>")
    (tmp_path / "c.baimo").write_bytes(b"no run")
    bare = argparse.Namespace(assignment=None, of_run=tmp_path, html=None)
    monkeypatch.setattr("game.lab.analysis.run.analyse", lambda content, opened, *_, **__: next(steps(content, opened)))
    assert quiz(bare, shipped, "en") == 0
    out, err = capsys.readouterr()
    assert "Quiz after · 林一" in out and "Quiz after · <17>" in out and "c.baimo" in err
