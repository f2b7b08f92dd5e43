"""What reaches a real terminal where there are no colours, or few: the codes themselves, with real keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from terminal import game, need_tmux, terminal

CODES = re.compile(r"\x1b\[([0-9;:]*)m")


@pytest.fixture(autouse=True)
def with_tmux() -> None:
    need_tmux()


def looks(tmp_path: Path, **env: str) -> tuple[set[str], str]:
    """Codes of style on the title with a moved cursor, and what can be read there."""
    tmp_path.joinpath("saves").mkdir(parents=True)
    words = " ".join(f"{name}={value}" for name, value in env.items())
    command = f"env -u COLORTERM {words} " + game("--lang", "en", "--saves", tmp_path / "saves")
    with terminal(tmp_path, command, (80, 24), {"COLORTERM": ""}) as it:
        it.wait("Models there will be")
        it.keys("Down")
        it.wait(lambda s: "2  New game" in s)
        it.keys("8")
        it.wait("Language", "Colour-blind")
        shown = it.do("capture-pane", "-e", "-p")
    return set(CODES.findall(shown)), CODES.sub("", shown)


@pytest.mark.parametrize("term", ["xterm-256color", "screen-256color", "linux"])
def test_no_color_sends_no_colour_and_the_cursor_is_seen(term: str, tmp_path: Path) -> None:
    codes, shown = looks(tmp_path, NO_COLOR="1", TERM=term)
    parts = {part for code in codes for part in re.split("[;:]", code)}
    assert parts <= {"", "0", "1", "4", "7", "22", "24", "27", "39", "49"}, codes
    assert "7" in parts, "the chosen row is reversed"
    assert "NO_COLOR" in shown
    if term == "linux":
        assert not re.search("[─█▌●]", shown), "a console's font has none of these"


def test_sixteen_colours_are_asked_for_by_number(tmp_path: Path) -> None:
    codes, shown = looks(tmp_path, TERM="xterm")
    assert not any(code.startswith(("38", "48")) or ";38" in code or ";48" in code for code in codes), codes
    assert any("44" in code.split(";") for code in codes), "the chosen row stands on blue"
    assert "16 colours" in shown


def test_two_hundred_and_fifty_six(tmp_path: Path) -> None:
    codes, shown = looks(tmp_path, TERM="screen-256color")
    assert any("48;5" in code for code in codes) and not any("8;2;" in code for code in codes), codes
    assert "256 colours" in shown
