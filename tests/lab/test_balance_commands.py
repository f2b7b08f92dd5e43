"""The two commands print plain lines, or one struct; a wrong letter is one sentence."""

from __future__ import annotations

import argparse
from typing import Any

import msgspec
import pytest

from game.content import Content
from game.lab import ladder as ladder_module
from game.lab.commands_balance import balance, ladder

IDS = {"scenario": "first-lesson", "background": "app-team", "assume": "none"}


def asked(**given: Any) -> argparse.Namespace:
    return argparse.Namespace(**{"seeds": 3, "quick": False, "only": None, "json": False, "content": None, **given})


def test_a_letter_that_does_not_exist_is_one_sentence(shipped: Content, capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in ("z", "a,zz", ","):
        assert balance(asked(only=wrong), shipped, IDS, 1, print) == 2
        out, err = capsys.readouterr()
        assert out == "" and err.startswith("baimo: there is no measure") and err.count("\n") == 1


def test_balance_prints_a_line_a_finding(shipped: Content, capsys: pytest.CaptureFixture[str]) -> None:
    assert balance(asked(only="j"), shipped, IDS, 1, print) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.startswith("3 seeds") and len(lines) == 8
    for line in lines:
        assert line.startswith("j  ") and "wanted > 0" in line and ("met" in line or "MISSED" in line)


def test_balance_as_a_struct(shipped: Content) -> None:
    printed: list[Any] = []
    assert balance(asked(only="j", json=True), shipped, IDS, 7, printed.append) == 0
    document = msgspec.json.decode(msgspec.json.encode(printed[0]))
    assert document["rules"] == 7 and [m["id"] for m in document["measures"]] == ["j"]
    assert {"id", "what", "value", "interval", "wanted", "met", "distance", "judged"} == set(
        document["measures"][0]["findings"][0]
    )


def test_ladder_prints_rungs_and_pairs(
    shipped: Content, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ladder_module, "POLICIES", ("thumb", "reactive"))
    assert ladder(asked(), shipped, IDS, 1, print) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "first-lesson/app-team/none" in lines[0] and len(lines) == 5
    assert lines[2].startswith("thumb") and lines[-1].startswith("reactive  wins against thumb")
    printed: list[Any] = []
    assert ladder(asked(json=True), shipped, IDS, 1, printed.append) == 0
    assert [r["policy"] for r in msgspec.to_builtins(printed[0])["rungs"]] == ["thumb", "reactive"]
