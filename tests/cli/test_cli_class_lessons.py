"""`baimo class lessons`: lists, prints, writes a page, plays forks; bad input gets one sentence."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from shell import run

from game.cli import _parser
from game.content import load
from game.content.lessons import sheet_ids
from game.pages.lessons import HEAD


def test_sheets_are_listed_and_printed() -> None:
    found = run("class", "lessons", "--lang", "en")
    assert found.code == 0
    assert [line.split()[0] for line in found.out.splitlines()] == sheet_ids(load().lessons)
    sheet = run("class", "lessons", "reader-open-roads", "--lang", "zh")
    assert sheet.code == 0 and sheet.out.startswith("# 开源派\n") and "{" not in sheet.out


def test_a_page_is_written_and_only_over_its_like(tmp_path: Path) -> None:
    page = tmp_path / "sheets.html"
    for _ in range(2):
        assert run("class", "lessons", "--html", str(page)).code == 0
    assert page.read_text("utf-8").startswith(HEAD)
    one = tmp_path / "one.html"
    assert run("class", "lessons", "questions", "--html", str(one), "--lang", "en").code == 0
    assert 'lang="zh' not in one.read_text("utf-8")
    other = tmp_path / "mine.html"
    other.write_text("mine", "utf-8")
    found = run("class", "lessons", "--html", str(other), "--lang", "en")
    assert found.code == 2 and "mine.html" in found.err and other.read_text("utf-8") == "mine"


@pytest.mark.parametrize("bad", [("class", "lessons", "nothing"), ("class", "lessons", "nothing", "--runs", "x"),
                                 ("class", "lessons", "--html", "/nowhere/at/all.html")])  # fmt: skip
def test_bad_input_gets_one_sentence(bad: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = run(*bad, "--lang", "en")
    assert found.code == 2 and found.out == "" and len(found.err.strip().splitlines()) == 1
    assert "Traceback" not in found.err and list(tmp_path.iterdir()) == []


def test_forks_are_written_and_never_over_a_run(tmp_path: Path) -> None:
    found = run("class", "lessons", "knowledge-fades", "--runs", str(tmp_path / "forks"), "--lang", "en")
    assert found.code == 0
    files = sorted(p.name for p in (tmp_path / "forks").iterdir() if p.suffix == ".baimo")
    assert files == ["knowledge-fades-keep.baimo", "knowledge-fades-stop.baimo"]
    again = run("class", "lessons", "knowledge-fades", "--runs", str(tmp_path / "forks"), "--lang", "en")
    assert again.code == 2 and "knowledge-fades-keep.baimo" in again.err


def test_an_overlay_with_a_fault_is_not_printed(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "mine.toml").write_text('[[objective]]\nid = "o1"\ntext = { zh = "九成。", en = "95%." }\n', "utf-8")
    found = run("class", "lessons", "--content", str(tmp_path), "--lang", "en")
    assert found.code == 2 and "mine.toml" in found.err and len(found.err.strip().splitlines()) == 1


def test_every_command_in_a_lesson_is_one_of_the_program() -> None:
    """Commands that lessons tell a teacher to type are understood."""
    lessons = load().lessons
    commands = [c for plan in lessons.plans.values() for c in (*plan.commands, *(x for step in plan.steps for x in step.commands))]
    commands += [c for handout in lessons.handouts.values() for section in handout.sections for c in section.commands]
    assert len(commands) > 8
    for command in commands:
        args = _parser().parse_args(command.split()[1:])
        assert isinstance(args, argparse.Namespace)
