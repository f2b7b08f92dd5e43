"""The front page says nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "README.zh.md")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere_and_nothing_is_left_to_fill_in(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert len(links) >= 5
    assert [link for link in links if not (ROOT / link).is_file()] == []
    assert "@@" not in text


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_are_those_of_the_program(page: str) -> None:
    from game.cli import _parser

    text = (ROOT / page).read_text(encoding="utf-8")
    commands = re.findall(r"^baimo (play|auto|replay|codex|check|odd)", text, re.MULTILINE)
    assert sorted(set(commands)) == ["auto", "check", "codex", "odd", "play", "replay"]
    for words in (["odd"], *(["lab", tool] for tool in ("facts", "theses", "ladder", "balance", "futures", "starts", "bench"))):
        assert "baimo " + " ".join(words) in text
        assert callable(_parser().parse_args(words).run)


def test_the_sample_run_passes_its_check() -> None:
    from game.content import load
    from game.table.auto import replay_report

    result, *_ = replay_report(load(), ROOT / "saves" / "sample.baimo", check=True)
    assert result["ok"] and result["same_rules"] and result["replayed"] == 20
