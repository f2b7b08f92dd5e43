"""Keys of one's own: what the file may say, and that what is shown is what works."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from textual.keys import _character_to_key

from game.tui import actions
from game.tui.app import BaimoApp
from game.tui.keymap import KeysError, changeable, checked, key_name, read_keymap, shown_key, template, write_template
from game.tui.kit.chrome import KeyBar
from game.tui.screens.options import OptionsPanel
from tests.tui.fake import FakeHost
from tests.tui.screen_kit import content, on, played, text


def test_keys_are_called_as_textual_calls_them() -> None:
    for char in map(chr, range(33, 127)):
        if char != "+":
            assert key_name(char) == _character_to_key(char), char
    assert key_name("+") == "plus"
    for written, name in {"F5": "f5", "Ctrl+E": "ctrl+e", "shift+F5": "shift+f5", "alt+ctrl+x": "ctrl+alt+x", "PageUp": "pageup",
                          "question_mark": "question_mark", "L": "L"}.items():  # fmt: skip
        assert key_name(written) == name
    for wrong in ("", " ", "f99", "中", "ctrl+", "hyper+x", "ctrl+ctrl+x", "ab", "\x1b", "ctrl+中", "é"):
        assert key_name(wrong) == "", wrong
    assert [shown_key(k) for k in ("ctrl+r", "f4", "question_mark", "enter", "m", "ctrl+f5")] == ["^R", "F4", "?", "Enter", "m", "Ctrl+F5"]


@pytest.mark.parametrize(("table", "fault", "named"), [
    ({"markt": "k"}, "unknown-near", "market"), ({"[@click]": "k"}, "unknown", "[@click]"), ({"select": "k"}, "fixed", "select"),
    ({"market": 3}, "shape", "market"), ({"market": []}, "shape", "market"), ({"market": ["k", 4]}, "shape", "market"),
    ({"market": {"k": 1}}, "shape", "market"), ({"market": "foo"}, "no-key", "foo"), ({"market": "enter"}, "reserved", "enter"),
    ({"market": "7"}, "reserved", "7"), ({"market": "ctrl+c"}, "reserved", "ctrl+c"), ({"help": "escape"}, "reserved", "escape"),
    ({"market": "k", "codex": ["y", "k"]}, "conflict", "codex"), ({"theme": "k", "yes": "k"}, "conflict", "ask"),
])  # fmt: skip
def test_what_is_wrong_is_said(table: dict[str, object], fault: str, named: str) -> None:
    with pytest.raises(KeysError) as found:
        checked(table, "keys.toml")
    assert found.value.message.id == f"looks.keys.{fault}"
    assert named in found.value.message.args.values() and found.value.message.args["file"] == "keys.toml"


def test_keys_of_different_screens_do_not_meet() -> None:
    assert checked({"confirm": "k", "market": "k"}, "f") == {"confirm": ("k",), "market": ("k",)}


def test_usual_keys_stay_but_for_those_that_were_given_away() -> None:
    keymap = checked({"codex": ["m", "ctrl+e"], "quit": "Q"}, "f")
    board = {a.id: a for a in actions.of("boardroom", keymap)}
    assert board["codex"].keys == ("m", "ctrl+e", "c", "f5") and board["codex"].shown == "m"
    assert board["market"].keys == ("f4",) and board["market"].shown == "F4"
    assert board["quit"].keys == ("Q", "q")
    assert {a.id: a.keys for a in actions.of("title", keymap)}["theme"] == ("t", "f10")


@pytest.mark.parametrize("data", [b"\xff", b"market = ", b"a" * 200_000, b"[" * 5000])
def test_files_that_are_none(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    assert read_keymap(path) == {}
    path.write_bytes(data)
    with pytest.raises(KeysError):
        read_keymap(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(KeysError):
        read_keymap(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_does_not_keep_the_game_waiting(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    os.mkfifo(path)
    holder = os.open(path, os.O_RDWR)  # so that the test fails instead of waiting where the pipe is opened
    try:
        os.write(holder, b"market = ")
        with pytest.raises(KeysError) as found:
            read_keymap(path)
    finally:
        os.close(holder)
    assert found.value.message.id == "looks.keys.unread"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_is_a_file_of_the_usual_keys(lang: str, tmp_path: Path) -> None:
    from game.language import Tongue

    said = template(Tongue(lang, content=content()).say)
    assert tomllib.loads(said) == {}, "nothing is changed by it"
    bare = "\n".join(line[2:] for line in said.split("\n") if line.startswith("# ") and " = [" in line)
    table = tomllib.loads(bare)
    assert set(table) == changeable()
    for screen in actions.SCREENS:
        assert actions.of(screen, checked(table, "f")) == actions.of(screen)
    path = tmp_path / "deep" / "keys.toml"
    assert write_template(path, lambda id: id) and not write_template(path, lambda id: "§§§")
    assert "§§§" not in path.read_text("utf-8")


def test_what_is_shown_is_what_works() -> None:
    session = asyncio.run(played(2))
    assert session.view.card is not None, "a card comes before the bill"

    async def use(app: BaimoApp, pilot) -> None:
        app.keymap = checked({"market": "k", "codex": "m", "close": "ctrl+e", "back": "b", "help": "ctrl+h"}, "f")
        app.show("boardroom")
        await pilot.pause()
        bar = app.screen.query_one(KeyBar)
        labels = {key.action: key.label for key in bar._keys}
        assert labels["app.open_market"] == "k" and labels["close_quarter"] == "^E" and labels["back"] == "b"
        for key, screen in (("k", "market"), ("f4", "market"), ("m", "codex"), ("c", "codex"), ("ctrl+e", "card"), ("enter", "card"),
                            ("ctrl+h", "help"), ("f1", "help")):  # fmt: skip
            await pilot.press(key)
            await pilot.pause()
            assert app.screen.which == screen, key
            if screen == "help":
                said = text(app)
                assert "k F4" in said and "^E Enter" in said and "m c F5" in said and "b Esc" in said
            if screen == "codex":
                await pilot.press("f3", "k", "m", "b")
                assert app.screen.query_one("Input").value == "kmb", "letters are text while one types"
                await pilot.press("escape", "escape")
            else:
                await pilot.press("b" if screen == "market" else "escape")
            await pilot.pause()
            assert app.screen.which == "boardroom", key

    on("title", use, session=session)


def test_the_options_write_a_file_to_fill_in(tmp_path: Path) -> None:
    host = FakeHost()

    async def use(app: BaimoApp, pilot) -> None:
        app.keys_file = tmp_path / "keys.toml"
        app.screen.tell()
        panel = app.screen.query_one(OptionsPanel)
        panel.cursor = next(i for i, row in enumerate(panel.rows) if row.id == "keys")
        assert panel.rows[panel.cursor].chosen == 0, "no file yet"
        await pilot.press("right")
        assert app.keys_file.exists() and host.settings["keys"] == "own" and panel.rows[panel.cursor].chosen == 1
        await pilot.press("left")
        assert host.settings["keys"] == "usual" and app.keys_file.exists()

    on("options", use, host=host)


def test_the_command_loads_neither_textual_nor_numpy() -> None:
    code = "import sys, game.tui.keys_command; print([m for m in ('textual', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
