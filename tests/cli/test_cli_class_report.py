"""``baimo class report``: the summary, the table and its inert cells, and one sentence for every bad input."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import msgspec
import pytest
from shell import run

from game.content import Content
from game.table.assignment import decode, encode, id_of, read_assignment
from game.table.lines import seal_bytes, unseal
from tests.bench.pack import make


@pytest.fixture(autouse=True)
def one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("game.lab.pool.cores", lambda: 1)


@pytest.fixture(scope="module")
def pack(shipped: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed-in")
    make(shipped, folder, range(2), difficulty="founder", quarters=1)
    raw, _ = (folder / "pupil-001.baimo").read_bytes().split(b"\n", 1)
    body, _sum = unseal(raw)  # type: ignore[misc]
    head, _ = seal_bytes(body.replace("王小明".encode(), b"=HYPERLINK(0)"), "")
    (folder / "pupil-001.baimo").write_bytes(head + b"\n")  # a name that a spreadsheet would run, and nothing else
    (folder / "+essay.txt").write_text("x")
    return folder


def rows(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(("lang", "words"), [
    ("en", ("Of 3 files 1 counts", "No file can prove", "Bots on the same seed", "quick")),
    ("zh", ("3件里有1局计入", "证明不了", "程序在同一种子上", "悔值")),
])  # fmt: skip
def test_the_summary_and_the_table(pack: Path, tmp_path: Path, lang: str, words: tuple[str, ...]) -> None:
    out, page = tmp_path / "class.csv", tmp_path / "class.html"
    done = run("class", "report", str(pack), "--csv", str(out), "--html", str(page), "--lang", lang)
    assert (done.code, done.err) == (0, "")
    for word in (*words, "pupil-001.baimo", "+essay.txt"):
        assert word in done.out
    text = page.read_text("utf-8")
    assert text.startswith("<!DOCTYPE html>") and "+essay.txt" in text
    assert run("class", "report", str(tmp_path), "--html", str(page)).code == 1  # a page of ours is written over
    assert page.read_text("utf-8") != text
    head, *body = rows(out)
    assert [row[2] for row in body] == ["ok", "no-run", "no-run"] and {len(r) for r in body} == {len(head)}
    cells = [cell for row in body for cell in row]
    assert "'=HYPERLINK(0)" in cells and "'+essay.txt" in cells
    assert not [c for c in cells if c[:1] in "=+@\t" and c]


def test_a_table_that_is_there_is_not_touched(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("grades")
    done = run("class", "report", str(pack), "--csv", str(tmp_path / "mine.csv"))
    assert done.code == 2 and "mine.csv" in done.sentence and (tmp_path / "mine.csv").read_text() == "grades"
    done = run("class", "report", str(pack), "--html", str(tmp_path / "mine.csv"))
    assert done.code == 2 and "no such page" in done.sentence and (tmp_path / "mine.csv").read_text() == "grades"


def test_the_assignment_is_read_and_checked(pack: Path, tmp_path: Path) -> None:
    plan = tmp_path / "a.assignment"
    assert run("class", "assign", "--scenario", "price-war", "--seed", "1", "--out", str(plan)).code == 0
    done = run("class", "report", str(pack), "--assignment", str(plan))
    assert done.code == 1 and "another assignment" in done.out
    other = msgspec.structs.replace(read_assignment(plan), digest="0" * 64)
    other = msgspec.structs.replace(other, id=id_of(other))
    assert decode(encode(other), "x") == other
    (tmp_path / "b.assignment").write_bytes(encode(other))
    assert "other rules" in run("class", "report", str(pack), "--assignment", str(tmp_path / "b.assignment")).sentence


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("nowhere",), "not a folder"), ((), "FOLDER"), ((".", "--assignment", "nothing"), "cannot be read"),
        ((".", "--csv", ""), "name is missing"), ((".", "--lang", "fr"), "invalid choice"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_in_one_sentence(args: tuple[str, ...], word: str) -> None:
    done = run("class", "report", *args)
    assert done.code == 2 and word in done.sentence


def test_a_folder_without_runs_fails_and_says_what_lay_there(tmp_path: Path) -> None:
    (tmp_path / "essay.txt").write_text("x")
    done = run("class", "report", str(tmp_path))
    assert done.code == 1 and "essay.txt is not a run" in done.out
