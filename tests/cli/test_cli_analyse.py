"""``baimo analyse``: one document, one page, one sentence where it cannot; no file that is not its own is touched."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from shell import refused, run, valid

from game.content import Content
from game.lab.analysis import model
from tests.lab.analysis.analysis_builders import TINY, play

FIRST = ["version", "runs", "same_luck", "split", "links", "notices"]


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(model.BUDGETS, "quick", TINY)
    monkeypatch.setattr("game.lab.analysis.luck.shipped", lambda *_: None)


@pytest.fixture(scope="module")
def file(shipped: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs") / "one.baimo"
    play(shipped, path, quarters=2, reason="便宜 <b>x</b>", player="小王")
    return path


def test_json_follows_its_schema(file: Path) -> None:
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    result = run("analyse", file, file, "--budget", "quick", "--json")
    found = valid(result.document, "analyse")
    assert (result.code, result.err) == (0, "")
    assert list(found) == FIRST and len(found["runs"]) == 2 and found["same_luck"] is True
    assert found["runs"][0] == found["runs"][1], "equal runs, equal analyses"
    quarters = found["runs"][0]["quarters"]
    assert len(quarters) == 2 and all(q["analysed"] and q["regret"]["low"] <= q["regret"]["high"] for q in quarters)
    assert found["runs"][0]["budget"]["id"] == "tiny"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before and list(file.parent.iterdir()) == [file]


def test_text_in_both_languages(file: Path) -> None:
    for lang, said in (("zh", "悔值"), ("en", "regret")):
        result = run("analyse", file, "--budget", "quick", "--lang", lang)
        assert result.code == 0 and said in result.out and "one.baimo" in result.out and result.err == ""


def test_a_page_is_written_and_written_over_but_nothing_else(file: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    for _ in range(2):
        result = run("analyse", file, "--budget", "quick", "--html", page)
        assert (result.code, result.out, result.err) == (0, "", "")
    assert page.read_bytes().startswith(b"<!DOCTYPE html>\n<!-- baimo analyse -->")
    other = tmp_path / "essay.html"
    other.write_text("<!DOCTYPE html>\n<p>mine</p>", encoding="utf-8")
    for target in (other, file, tmp_path):
        before = target.read_bytes() if target.is_file() else b""
        refused(run("analyse", file, "--budget", "quick", "--html", target), "exists already")
        assert not target.is_file() or target.read_bytes() == before
    refused(run("analyse", file, "--budget", "quick", "--html", tmp_path / "no" / "page.html"), "cannot be written")
    refused(run("analyse", file, "--budget", "quick", "--html", tmp_path / ("x" * 300)), "cannot be written")


def test_bad_input_is_one_sentence(file: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.baimo"
    text.write_bytes(b"hello")
    refused(run("analyse", text), "is not a run")
    refused(run("analyse", tmp_path / "none.baimo"), "cannot be read")
    refused(run("analyse", tmp_path), "cannot be read")
    refused(run("analyse", *[file] * 5), "4 runs")
    refused(run("analyse"), "FILE")
    refused(run("analyse", file, "--budget", "huge"), "huge")
    cut = tmp_path / "cut.baimo"
    cut.write_bytes(file.read_bytes()[:300])
    refused(run("analyse", cut))


def test_a_schema_that_only_grows() -> None:
    import json

    from shell import SCHEMAS

    schema = json.loads((SCHEMAS / "analyse.json").read_text(encoding="utf-8"))
    assert set(FIRST) <= set(schema["required"])
    made = model.Comparison
    assert {f for f in made.__struct_fields__} == set(schema["properties"])
    for name, kind in (("QuarterAnalysis", model.QuarterAnalysis), ("Analysis", model.Analysis), ("RunHead", model.RunHead)):
        assert set(kind.__struct_fields__) == set(schema["$defs"][name]["required"])
