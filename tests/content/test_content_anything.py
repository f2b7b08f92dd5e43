"""Whatever stands in a file, reading it ends in a list of placed faults and never in a crash."""

from __future__ import annotations

import sys
from itertools import cycle
from pathlib import Path

import pytest
from content_builders import leaf_paths, replaced, tree, write

from game.content import ContentError, content_directory
from game.content.digest import rules_digest
from game.content.load import collect

ODD = ("x", [], {}, True, -1.5, float("nan"), ["a"], [1], {"zh": "a"}, {"figure": "premium"}, "2023Q1", 10**30)


def test_odd_values_everywhere(tmp_path: Path) -> None:
    folder, right = tmp_path / "content", tree()
    write(folder, right)
    odd = cycle(ODD)
    faults = 0
    for turn, (path, value) in enumerate(leaf_paths(right)):
        name = path[0]
        if turn % 2 and name in ("figures.toml", "endings.toml", "segments.toml", "facts.toml", "theses.toml"):
            continue
        if name == "locale/ui.toml" or (path[:2] == ("levers.toml", "lever") and path[2] > 3):
            continue
        strange = next(odd)
        if path[-2:-1] == ("segments",) and isinstance(strange, dict):
            continue  # the writer of these tests takes a list that begins with a table for entries
        write(folder, {name: replaced(right, path, strange)[name]})
        content, problems = collect(folder)
        assert content is not None
        for problem in problems:
            assert (tmp_path / problem.file).exists(), problem
            assert problem.message, problem
        if isinstance(value, (str, bool)) and isinstance(strange, (list, dict)) and path[-1] not in ("route", "cards"):
            assert any(p.severity == "error" for p in problems), (path, strange)
        if not any(p.severity == "error" for p in problems):
            rules_digest(content)
        faults += bool(problems)
        write(folder, {name: right[name]})
    assert faults > 200
    assert collect(folder)[1] == []


@pytest.mark.parametrize(
    "source",
    ["", "x", "[[card]]", "card = [1, 2]", "[card]\nid = 'x'", "[[card]]\nid = []", "\x00", "[[card]]\nid=1\nid=2", "[[]]"],
)
def test_odd_files(tmp_path: Path, source: str) -> None:
    content, problems = collect(write(tmp_path / "content", {**tree(), "cards/odd.toml": source}))
    assert content is not None
    assert bool(problems) == (source != "")
    assert all(p.file == "content/cards/odd.toml" for p in problems)


def test_where_the_shipped_content_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the package in a checkout, inside it in a wheel; the wheel's own goes first."""
    module = tmp_path / "game" / "content" / "load.py"
    monkeypatch.setattr(sys.modules["game.content.load"], "__file__", str(module))
    with pytest.raises(ContentError, match="not found"):
        content_directory()
    write(tmp_path / "content", {"figures.toml": ""})
    assert content_directory() == tmp_path.resolve() / "content"
    write(tmp_path / "game" / "_content", {"figures.toml": ""})
    assert content_directory() == tmp_path.resolve() / "game" / "_content"
