"""What ``baimo check`` prints follows its schema; loading is lazy and light."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from content_builders import tree, write

from game.content import ContentError, load
from game.content.check import check, require

SCHEMA = Path(__file__).parents[1] / "schemas" / "check.json"


def valid(report: object) -> dict[str, Any]:
    jsonschema = pytest.importorskip("jsonschema")
    printed: dict[str, Any] = json.loads(msgspec.json.encode(report))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(printed)
    return printed


def test_a_report_of_faults(tmp_path: Path) -> None:
    files = tree()
    files["cards/deck.toml"]["card"][0].pop("odds")
    files["locale/ui.toml"] = {"menu": {"new": {"zh": "新"}}}
    report = check(write(tmp_path / "content", files))
    printed = valid(report)
    assert not printed["ok"]
    assert printed["digest"] == ""
    keys = [p["key"] for p in printed["problems"]]
    assert "card[first-card].odds" in keys
    assert "menu.new.en" in keys
    with pytest.raises(ContentError):
        require(report)


def test_the_schema_refuses_what_is_not_a_report() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    good = {"version": 1, "ok": False, "digest": "", "counts": {}, "problems": []}
    assert validator.is_valid(good)
    for change in ({"ok": True}, {"version": 2}, {"digest": "abc"}, {"more": 1}, {"problems": [{"file": "x"}]}):
        assert not validator.is_valid({**good, **change})


def test_the_rules_own_parameters_are_compared(tmp_path: Path) -> None:
    """The test folder's parameters are not the engine's: each side of the difference is told."""
    report = check(write(tmp_path / "content", tree()))
    messages = {p.key: p.message for p in report.problems}
    assert "the rules read no such parameter" in messages["parameter[plain]"]
    assert any("is missing; the rules read" in m for m in messages.values())


def test_locale_is_read_on_first_use(tmp_path: Path) -> None:
    files = tree()
    files["locale/ui.toml"] = "broken = ["
    content = load(write(tmp_path / "content", files))
    with pytest.raises(ContentError, match=r"ui\.toml"):
        _ = content.locale


def test_loading_needs_no_numpy(tmp_path: Path) -> None:
    """Listing runs and printing help load content, and must not wait for numpy or a screen."""
    folder = write(tmp_path / "content", tree())
    program = (
        "import sys; from pathlib import Path; from game.content import load; "
        f"c = load(Path({str(folder)!r})); c.locale; c.counts(); "
        "from game.content.digest import rules_digest; rules_digest(c); "
        "from game.content.search import search; search(c, 'x', 'en'); "
        "print(sorted({'numpy', 'textual', 'rich'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "[]"


def test_content_is_immutable(tmp_path: Path) -> None:
    content = load(write(tmp_path / "content", tree()))
    with pytest.raises(AttributeError):
        content.cards["first-card"].weight = 1.0  # type: ignore[misc]
    with pytest.raises(AttributeError):
        content.overlay = None  # type: ignore[misc]
    with pytest.raises(KeyError):
        content.segments["finance"].name["fr"]
