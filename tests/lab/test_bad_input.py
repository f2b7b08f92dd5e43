"""What people hand to the laboratory and to the documentation: damaged, forged or meant for somewhere else."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from game.cli import main
from game.content import Content, load
from game.content.check import check
from game.content.ranges import of_unit
from game.engine.draws import seed_array, seed_words
from game.engine.names import quarter_label
from game.engine.rules import Rules
from game.engine.start import begin
from game.lab import starts
from game.lab.commands import facts
from game.lab.commands_theses import theses
from game.lab.commands_whatif import whatif_lines
from game.lab.starts import make_starts
from game.lab.whatif import whatif
from game.table.auto import auto
from game.table.lines import Head, Line, Quarter, Reason, decode_line, encode_reason, seal

LESSON = {"scenario": "first-lesson", "background": "lab-spin-off", "difficulty": "manager", "assume": "none"}
TEXT = '{ zh = "因为如此。", en = "Because of this." }'


@pytest.fixture(scope="module")
def lines(shipped: Content, tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    """The lines of an honest run."""
    path = tmp_path_factory.mktemp("runs") / "honest.baimo"
    auto(shipped, policy="thumb", seed="1", out=path, **LESSON)
    return [decode_line(raw) for raw in path.read_bytes().splitlines()]


def forged(path: Path, lines: list[Line]) -> Path:
    """A file whose every checksum fits."""
    last, out = "", []
    for line in lines:
        if isinstance(line, Reason):
            out.append(encode_reason(line))
            continue
        raw, last = seal(line, last)
        out.append(raw)
    path.write_bytes(b"\n".join(out) + b"\n")
    return path


def parts(lines: list[Line]) -> tuple[Head, list[Quarter]]:
    head = lines[0]
    assert isinstance(head, Head)
    return head, [line for line in lines if isinstance(line, Quarter)]


def test_a_run_with_more_quarters_than_its_scenario_is_left_out(
    shipped: Content, tmp_path: Path, lines: list[Line]
) -> None:
    """One such file among a class's must not cost the others their result."""
    head, quarters = parts(lines)
    last = quarters[-1]
    more = [
        replace(last, quarter=last.quarter + i, label=quarter_label(last.quarter + i), decisions=[{} for _ in head.seats])
        for i in range(1, 40)
    ]
    forged(tmp_path / "a.baimo", [head, *quarters, *more])
    forged(tmp_path / "b.baimo", [head, *quarters])
    later = [replace(q, quarter=q.quarter + 4, label=quarter_label(q.quarter + 4)) for q in quarters]
    forged(tmp_path / "c.baimo", [replace(head, first=head.first + 4), *later])
    report = whatif(shipped, tmp_path, ["wage=*1.1"], processes=1)
    assert [r.file for r in report.runs] == ["b.baimo"]
    assert [s.file for s in report.skipped] == ["a.baimo", "c.baimo"]
    assert all("first-lesson" in s.why for s in report.skipped)


def test_a_seed_as_typed_cannot_act_on_a_terminal(shipped: Content, tmp_path: Path, lines: list[Line]) -> None:
    head, quarters = parts(lines)
    path = forged(tmp_path / "a.baimo", [replace(head, seed_text="7\x1b[2J\x07\u202e\nx"), *quarters])
    report = whatif(shipped, path, ["wage=*1.1"])
    assert all(line.isprintable() for line in whatif_lines(report, False))
    assert report.runs[0].seed == "7?[2J???x"


def test_start_states_of_own_content_go_into_own_content(
    shipped: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first_day(content: Content, rules: Rules, seeds: int, quarter: int) -> object:
        state = begin(rules, seed_array([seed_words(i) for i in range(seeds)]))
        return state.evolve(status=state.status + dead)

    monkeypatch.setattr(starts, "_play_to", first_day)
    (tmp_path / "parameters.toml").write_text("schema = 1\n", "utf-8")
    content = load(overlay=tmp_path)
    before = {p: p.read_bytes() for p in (shipped.directory / "starts").iterdir()}
    dead = np.int8(0)
    made = [path for path, _ in make_starts(content, 3)]
    assert made and all(path.parent == tmp_path / "starts" for path in made)
    dead = np.int8(1)
    with pytest.raises(ValueError, match="on none of 3 seeds"):
        list(make_starts(content, 3))
    assert before == {p: p.read_bytes() for p in (shipped.directory / "starts").iterdir()}


def test_without_standard_error_there_is_no_progress_and_no_fault(
    shipped: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    asked = argparse.Namespace(quick=False, seeds=2, json=True)
    printed: list[object] = []
    assert facts(asked, shipped, LESSON, 1, printed.append) == 0
    monkeypatch.setattr("game.lab.theses.scatter", lambda work, items, processes, progress: _heard(work, items, progress))
    assert theses(asked, _one_thesis(shipped), LESSON, 1, printed.append) == 0
    assert len(printed) == 2


def _heard(work: object, items: object, progress: object) -> list[object]:
    found = [work(item) for item in items]  # type: ignore[operator, attr-defined]
    assert progress is None, "nobody is there to hear it"
    return found


def _one_thesis(content: Content) -> Content:
    import dataclasses

    label = "open-source-low-conversion"
    return dataclasses.replace(content, theses={label: content.theses[label]})


def test_content_that_only_the_rules_refuse_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = f'schema = 1\n[[parameter]]\nid = "brand_new"\ngroup = "delivery"\nunit = "CNY"\nstatus = "assumed"\nname = {TEXT}\nnote = {TEXT}\nvalue = 1\n'
    (tmp_path / "parameters.toml").write_text(entry, "utf-8")
    for tool in ("facts", "magnitudes", "ladder"):
        assert main(["lab", tool, "--seeds", "1", "--content", str(tmp_path)]) == 2
        out, err = capsys.readouterr()
        assert out == "" and "the rules read no such parameter" in err and err.count("\n") == 1


def test_a_unit_of_nothing_but_a_slash_is_only_a_strange_unit() -> None:
    assert of_unit("/") == of_unit("utility")
    assert of_unit("CNY/month")[0] == 0.0


@pytest.mark.parametrize("change", ['firms = [{ field = "route", set = 99 }]', 'levers = [{ lever = "route", set = -1 }]'])
def test_a_route_by_number_has_to_exist(tmp_path: Path, change: str) -> None:
    (tmp_path / "theses.toml").write_text(
        f'schema = 1\n[[expression]]\nid = "data-drift"\nexpressed_by = ["mechanism:accuracy"]\n[expression.contrast]\n'
        f'what = {TEXT}\nmeasure = "accuracy"\nsegment = "finance"\nexpected_sign = 1\n[expression.contrast.high]\n{change}\n',
        "utf-8",
    )
    assert any("is no route" in p.message for p in check(overlay=tmp_path).problems if p.severity == "error")
