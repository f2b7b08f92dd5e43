"""Files, folders, names and streams that are not what they should be: a sentence, never a traceback or a wait."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from shell import ROOT, child, refused, run

from game.cli import _speak_utf8
from game.table.local import LocalHost
from game.table.settings import damaged, read_settings

LESSON = ("--scenario", "first-lesson", "--seed", "7")
EVIL = "x\x1b[2Jy\u202ez\x9b1m"


def pipe(path: Path) -> Path:
    """A named pipe, which nobody writes to."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes here")
    os.mkfifo(path)
    return path


def test_what_was_typed_does_not_act_on_the_terminal() -> None:
    for args in (("auto", "--scenario", EVIL), ("replay", EVIL), (EVIL,), ("check", "--content", EVIL),
                 ("auto", "--policy", EVIL), ("lab", "facts", "--seeds", EVIL)):  # fmt: skip
        said = refused(run(*args))
        assert said.isprintable(), said
    found = run("codex", EVIL, "--json")
    assert found.document["words"] == EVIL and found.out.replace("\n", "").isprintable()


def test_what_content_holds_does_not_act_on_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "figures.toml").write_text('"\\u001b[2J\\u202e" = 1\n', encoding="utf-8")
    for out in (run("check", "--content", tmp_path), run("check", "--content", tmp_path, "--json")):
        assert out.code == 1 and out.out.replace("\n", "").isprintable()


def test_names_that_are_empty() -> None:
    for args in (("replay", ""), ("play", ""), ("check", "--content", ""), ("auto", "--out", ""), ("--saves", "")):
        refused(run(*args), "name is missing")


def test_a_folder_without_content(tmp_path: Path) -> None:
    (tmp_path / "passwd").write_text("root")
    (tmp_path / "network").mkdir()
    (tmp_path / "tools.toml").write_text("a = 1")
    for more in ((), ("--json",)):
        refused(run("check", "--content", tmp_path, *more), str(tmp_path), "no content")


def test_pipes_and_devices(tmp_path: Path) -> None:
    path = pipe(tmp_path / "a.baimo")
    for file in (path, Path("/dev/zero"), Path("/dev/null")):
        for more in ((), ("--check",)):
            refused(run("replay", file, *more), "not a regular file")
    (listed,) = LocalHost(None, tmp_path, "0").list_runs()  # type: ignore[arg-type]
    assert "not a regular file" in str(listed.trouble)
    (tmp_path / "over" / "cards").mkdir(parents=True)
    pipe(tmp_path / "over" / "cards" / "a.toml")
    assert "not a regular file" in run("check", "--content", tmp_path / "over").out


def test_settings_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    assert read_settings(path) == {}
    for data in (b"[" * 200_000, b'{"a":' * 200_000, b"\xff", b"[]", b""):
        path.write_bytes(data)
        assert read_settings(path) == {}
        assert damaged(path) == bool(data)
        host = LocalHost(None, tmp_path, "0", settings=path)  # type: ignore[arg-type]
        assert host.remember("lang", "zh") == (not data)
        assert path.read_bytes() == data or not data, "what could not be read is never written over"
    assert read_settings(path) == {"lang": "zh"}
    assert host.remember("theme", "ink-day") and read_settings(path) == {"lang": "zh", "theme": "ink-day"}
    assert [p.name for p in tmp_path.iterdir()] == ["settings.json"]
    assert read_settings(pipe(tmp_path / "pipe")) == {}


def test_what_is_piped_in_is_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    piped = io.TextIOWrapper(io.BytesIO("选 1\n".encode()), encoding="cp1252")
    monkeypatch.setattr(sys, "stdin", piped)
    _speak_utf8()
    assert piped.readline() == "选 1\n"
    monkeypatch.setattr(sys, "stdin", None)
    _speak_utf8()


def test_a_home_that_cannot_be_made(tmp_path: Path) -> None:
    """The game is played in memory and says so."""
    if not Path("/proc/self").is_dir():
        pytest.skip("no folder here in which nobody can write")
    start = ("import sys, game.tui.launch as l; from pathlib import Path; "
             "l.saves_folder = lambda given: given or Path('/proc/nope/saves'); "
             "from game.cli import main; sys.exit(main())")  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", start, "play", "--plain", "--lang", "en", *LESSON], cwd=ROOT, capture_output=True,
        input=b"choose 1\nend y\nsave\nquit\n", env={**os.environ, "HOME": "/proc/nope"}, timeout=120, check=False,
    )  # fmt: skip
    said = done.stdout.decode()
    assert done.returncode == 0 and b"Traceback" not in done.stderr, done.stderr
    assert said.count("is not saved") == 3, said  # at the start, after the quarter, and to the word save
    assert "there is nothing to do" not in said
    assert child("play", "--plain", "--saves", "/proc/nope", *LESSON).code == 2
