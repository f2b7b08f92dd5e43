"""The game in a real terminal, with real keys, in both languages at 80×24."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from terminal import PATIENCE, PAUSE, ROOT, Terminal, child_of, ended, flat, game, need_tmux, terminal

from game.content.load import load
from game.language import Tongue
from game.table.runfile import read_run

CONTENT = load()
TONGUES = {lang: Tongue(lang, content=CONTENT) for lang in ("zh", "en")}
LANGS = tuple(TONGUES)
LESSON = ("--scenario", "first-lesson", "--seed", "7")


@pytest.fixture(autouse=True)
def with_tmux() -> None:
    need_tmux()


class Words:
    """What stands on the screens in one language."""

    def __init__(self, lang: str) -> None:
        self.tongue = TONGUES[lang]
        say = self.tongue.say
        self.new, self.go_on = say("ui.menu.new"), say("ui.menu.continue")
        self.title = say("screens.title.motto")
        self.founding = say("screens.founding.label.background")
        self.lesson = self.tongue.pick(CONTENT.scenarios["first-lesson"].name)
        self.unchanged = say("ui.board.no-change")
        self.decisions = say("ui.panel.decisions")
        self.decide = say("tui.key.decide.label")
        self.ask_quit = say("ui.confirm.quit")
        assert not [w for w in vars(self).values() if isinstance(w, str) and w.startswith(("ui.", "tui.", "screens."))]

    def board(self, turn: int, quarters: int = 5) -> str:
        return self.tongue.say("ui.board.turn", turn=turn, quarters=quarters)

    def changes(self, count: int) -> str:
        return self.tongue.say("ui.board.changes", count=count)

    def close(self, quarter: int) -> str:
        return self.tongue.say("ui.close.title", quarter=quarter)

    def report(self, quarter: int) -> str:
        return self.tongue.say("ui.report.title", quarter=quarter)


@contextlib.contextmanager
def playing(home: Path, lang: str, *args: str | Path, size: tuple[int, int] = (80, 24)) -> Iterator[Terminal]:
    """The game alone in a terminal; its process is the terminal's."""
    command = "exec " + game("--lang", lang, "--saves", home / "saves", *args)
    with terminal(home, command, size) as it:
        yield it


@contextlib.contextmanager
def in_a_shell(home: Path) -> Iterator[Terminal]:
    """A terminal with a shell that has told its settings."""
    with terminal(home, "exec sh -i") as it:
        it.wait("READY>")
        yield it


def settings_of(it: Terminal, home: Path, name: str) -> str:
    """What ``stty`` says of the terminal now."""
    path = home / f"{name}.txt"
    it.type(f"stty -a > {path}; clear")
    it.keys("Enter")
    it.wait_until(lambda: path.exists() and path.read_text().endswith("\n"), "stty has answered")
    return path.read_text()


def quarter(it: Terminal, words: Words, number: int) -> None:
    """Close the quarter of this number (0 first) from the boardroom, read the report, and be back."""
    it.wait(words.board(number + 1), words.decisions)
    to_the_bill(it, words, number)
    it.keys("Enter")
    it.wait(words.report(number))
    it.keys("Enter")
    it.wait(words.board(number + 2), words.decisions)


def to_the_bill(it: Terminal, words: Words, number: int) -> None:
    """From the boardroom to the question whether to close; the first way is taken of whatever lies on the desk."""
    for _ in range(3):
        it.keys("Enter")
        if words.close(number) in it.wait(lambda s: words.close(number) in s or words.decide in s):
            return
        it.keys("1", "Enter")
        # The last answer goes on to the question by itself; another card or the boardroom may come first.
        if words.close(number) in it.wait(
            lambda s: words.close(number) in s or (words.board(number + 1) in s and words.decide not in s)
        ):
            return
    raise AssertionError(f"cards without end\n{it.screen()}")


def the_run(home: Path) -> Path:
    """The one run there is."""
    (path,) = (home / "saves").glob("*.baimo")
    return path


def checked(path: Path) -> int:
    """Quarters of a run that ``replay --check`` believes."""
    done = subprocess.run(
        [sys.executable, "-m", "game", "replay", "--check", path], cwd=ROOT, capture_output=True, text=True,
        encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return len(read_run(path).quarters)


def kill(it: Terminal) -> None:
    """As ``kill -9`` does it."""
    pid = it.pid
    os.kill(pid, signal.SIGKILL)
    it.wait_until(lambda: ended(pid), "the game is dead")


def no_traceback(shown: str) -> None:
    for word in ("Traceback", "Error", "locals ─", "❱"):
        assert word not in shown, shown


# ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_a_first_game_from_the_shell_and_back(tmp_path: Path, lang: str) -> None:
    words, other = Words(lang), Words("en" if lang == "zh" else "zh")
    with in_a_shell(tmp_path) as it:
        before = settings_of(it, tmp_path, "before")
        it.wait("READY>")
        it.type(game("--lang", lang, "--saves", tmp_path / "saves") + "; echo left with $?")
        it.keys("Enter")
        it.wait(words.title, words.new)
        assert it.tell("alternate_on") == "1"
        it.keys("Enter")
        it.wait(words.founding)
        for _ in range(len(CONTENT.scenarios)):
            if f"◂ {words.lesson}" in it.screen():
                break
            shown = it.screen()
            it.keys("Right")
            it.wait(lambda s, was=shown: s != was)
        it.wait(f"◂ {words.lesson}")
        it.keys("Enter")
        it.wait(words.board(1), words.unchanged)

        it.keys("Right")
        it.wait(words.changes(1))
        it.keys("F7")
        it.wait(other.board(1), other.changes(1))
        it.keys("F7")
        it.wait(words.board(1), words.changes(1))
        it.keys("Enter")
        it.wait(words.close(0), "▸")
        it.keys("Enter")
        it.wait(words.report(0), words.tongue.say("ui.report.opening"))
        it.keys("Enter")
        it.wait(words.board(2), words.unchanged)
        it.keys("q")
        assert left(it.wait(left, "READY>")) == "0"
        assert (it.tell("alternate_on"), it.tell("cursor_flag"), it.tell("mouse_any_flag")) == ("0", "1", "0")
        no_traceback(it.screen())
        assert settings_of(it, tmp_path, "after") == before

        path = the_run(tmp_path)
        kept = read_run(path).quarters[0]
        assert list(kept.drafts[0]) == ["price.token"] and checked(path) == 1
        it.type(game("--saves", tmp_path / "saves"))
        it.keys("Enter")
        it.wait(words.go_on, words.lesson)
        it.keys("Enter")
        it.wait(words.board(2), words.unchanged)
        quarter(it, words, 1)
        it.type("; echo left again with $?")  # read by the shell once the game is gone
        it.keys("C-c")
        it.wait("READY>", without=words.board(3))
    assert the_run(tmp_path) == path and checked(path) == 2


@pytest.mark.parametrize("lang", LANGS)
def test_killed_in_the_middle_of_a_quarter(tmp_path: Path, lang: str) -> None:
    words = Words(lang)
    with playing(tmp_path, lang, *LESSON) as it:
        quarter(it, words, 0)
        quarter(it, words, 1)
        stands = it.wait(words.board(3), words.unchanged)
        it.keys("Right", "Right")
        it.wait(words.changes(1))
        kill(it)
    path = the_run(tmp_path)
    assert checked(path) == 2
    with playing(tmp_path, lang) as it:
        it.wait(words.go_on, words.lesson)
        it.keys("Enter")
        again = it.wait(words.board(3), words.unchanged)
        cash = re.compile(r"¥[\d.,]+[MBK万亿]*")
        assert cash.findall(again.splitlines()[1]) == cash.findall(stands.splitlines()[1])
        no_traceback(again)
        quarter(it, words, 2)
    assert the_run(tmp_path) == path and checked(path) == 3


def test_killed_on_every_other_screen(tmp_path: Path) -> None:
    """Before anything is decided, while the bill is shown, and over the report: what was closed is there."""
    words = Words("en")
    steps: list[tuple[tuple[str, ...], Callable[[], str], int]] = [
        ((), lambda: words.board(1), 0),
        (("Enter",), lambda: words.close(0), 0),
        (("Enter",), lambda: words.report(0), 1),
    ]
    for stop in range(len(steps)):
        home = tmp_path / str(stop)
        with playing(home, "en", *LESSON) as it:
            for keys, marker, _ in steps[: stop + 1]:
                for key in keys:
                    it.keys(key)
                it.wait(marker())
            kill(it)
        assert checked(the_run(home)) == steps[stop][2]
        with playing(home, "en") as it:
            it.wait(words.go_on, words.lesson)
            it.keys("Enter")
            it.wait(words.board(steps[stop][2] + 1), words.decisions)


@pytest.mark.parametrize("how", ["C-c", "C-q", "TERM"])
def test_leaving_in_a_hurry_restores_the_terminal(tmp_path: Path, how: str) -> None:
    words = Words("en")
    with in_a_shell(tmp_path) as it:
        before = settings_of(it, tmp_path, "before")
        it.wait("READY>")
        it.type(game("--lang", "en", "--saves", tmp_path / "saves", *LESSON) + "; echo left with $?")
        it.keys("Enter")
        it.wait(words.board(1))
        it.keys("Right")
        it.wait(words.changes(1))
        it.keys("Enter")
        it.wait(words.close(0))
        if how == "TERM":
            os.kill(child_of(it.pid), signal.SIGTERM)
        else:
            it.keys(how)
        shown = it.wait(left, "READY>")
        no_traceback(shown)
        assert left(shown) in ("0", "130", "143")
        assert (it.tell("alternate_on"), it.tell("cursor_flag"), it.tell("mouse_any_flag")) == ("0", "1", "0")
        assert settings_of(it, tmp_path, "after") == before
    assert checked(the_run(tmp_path)) == 0


def left(shown: str) -> str:
    """The exit code that the shell has told, or nothing."""
    found = re.search(r"left with (\d+)", shown)
    return found[1] if found else ""


def test_control_c_on_the_title(tmp_path: Path) -> None:
    words = Words("zh")
    with in_a_shell(tmp_path) as it:
        it.type(game("--lang", "zh", "--saves", tmp_path / "saves") + "; echo left with $?")
        it.keys("Enter")
        it.wait(words.title)
        it.keys("C-c")
        shown = it.wait(left, "READY>")
        assert left(shown) in ("0", "130")
        no_traceback(shown)


def test_a_terminal_that_is_closed_leaves_nothing_running(tmp_path: Path) -> None:
    words = Words("en")
    with playing(tmp_path, "en", *LESSON) as it:
        quarter(it, words, 0)
        pid = it.pid
        it.close()
        end = time.monotonic() + PATIENCE
        while not ended(pid):
            assert time.monotonic() < end, "the game still runs"
            time.sleep(PAUSE)
    assert checked(the_run(tmp_path)) == 1


def test_the_plain_game_at_a_terminal(tmp_path: Path) -> None:
    words = Words("zh")
    with in_a_shell(tmp_path) as it:
        it.type(game("play", "--plain", "--lang", "zh", "--saves", tmp_path / "saves", *LESSON) + "; echo left with $?")
        it.keys("Enter")
        it.wait(words.tongue.say("ui.plain.prompt", quarter=0))
        it.type("结束 y")
        it.keys("Enter")
        it.wait(words.tongue.say("ui.plain.prompt", quarter=1))
        it.type("词元")
        it.keys("C-c")
        shown = it.wait(left, "READY>")
        assert left(shown) in ("0", "130")
        no_traceback(shown)
    assert checked(the_run(tmp_path)) == 1


def test_quitting_with_a_draft_asks_first(tmp_path: Path) -> None:
    words = Words("en")
    with playing(tmp_path, "en", *LESSON) as it:
        it.wait(words.board(1))
        it.keys("Right")
        it.wait(words.changes(1))
        it.keys("q")
        it.wait(words.ask_quit[:30])
        it.keys("Escape")
        it.wait(words.changes(1), without=words.ask_quit[:30])
        it.keys("q")
        it.wait(words.ask_quit[:30])
        pid = it.pid
        it.keys("y")
        it.wait_until(lambda: ended(pid), "the game has left")


@pytest.mark.parametrize("lang", LANGS)
def test_too_small_a_terminal_says_the_size_needed(tmp_path: Path, lang: str) -> None:
    words = Words(lang)

    def needed(columns: int, rows: int) -> str:
        return words.tongue.say("ui.error.too-small", width=80, height=24, columns=columns, rows=rows)

    with playing(tmp_path, lang, size=(70, 20)) as it:
        it.wait(needed(70, 20), without=words.title)
        it.resize(80, 24)
        it.wait(words.title, words.new)
    with playing(tmp_path, lang, *LESSON) as it:
        it.wait(words.board(1), words.decisions)
        it.keys("Right")
        it.wait(words.changes(1))
        for size in ((79, 24), (80, 23), (40, 10)):
            it.resize(*size)
            it.wait(lambda s, size=size: flat(needed(*size)) in flat(s), without=words.decisions)
        it.resize(12, 3)
        it.wait("80×24" if lang == "zh" else "80x24")
        it.resize(120, 40)
        it.wait(words.board(1), words.changes(1))
        no_traceback(it.screen())


def test_too_small_a_terminal_from_the_command_line(tmp_path: Path) -> None:
    words = Words("en")
    with playing(tmp_path, "en", *LESSON, size=(70, 20)) as it:
        it.wait_until(lambda: any((tmp_path / "saves").glob("*.baimo")), "the game has begun")
        it.wait("80x24 are needed", without=words.decisions, patience=8)


# disks that take nothing ------------------------------------------------------------------------------------------


def unsaved(tongue: Tongue) -> str:
    """What follows the file's name in the sentence that tells it, without spaces."""
    return flat(tongue.say("run.not-saved", file="@", why="read-only"))[1:9]


@pytest.mark.parametrize("lang", LANGS)
def test_a_file_where_the_folder_should_be(tmp_path: Path, lang: str) -> None:
    (tmp_path / "saves").write_text("precious")
    with in_a_shell(tmp_path) as it:
        it.type(game("--lang", lang, "--saves", tmp_path / "saves") + "; echo left with $?")
        it.keys("Enter")
        shown = it.wait(left, "READY>")
        assert left(shown) == "2" and it.tell("alternate_on") == "0" and "Traceback" not in shown
    assert (tmp_path / "saves").read_text() == "precious"


@pytest.mark.parametrize("lang", LANGS)
def test_a_folder_that_goes_away_is_told_and_the_game_goes_on(tmp_path: Path, lang: str) -> None:
    words = Words(lang)
    saves, away = tmp_path / "saves", tmp_path / "away"
    with playing(tmp_path, lang, *LESSON) as it:
        quarter(it, words, 0)
        saves.rename(away)
        saves.write_text("something else")
        to_the_bill(it, words, 1)
        it.keys("Enter")
        it.wait(words.report(1), lambda s: unsaved(words.tongue) in flat(s))
        it.keys("Enter")
        quarter(it, words, 2)
        no_traceback(it.screen())
    assert saves.read_text() == "something else"
    assert checked(next(away.glob("*.baimo"))) == 1


def test_a_folder_that_goes_away_and_comes_back(tmp_path: Path) -> None:
    words = Words("en")
    saves, away = tmp_path / "saves", tmp_path / "away"
    with playing(tmp_path, "en", *LESSON) as it:
        quarter(it, words, 0)
        saves.rename(away)
        saves.write_text("something else")
        quarter(it, words, 1)
        saves.unlink()
        away.rename(saves)
        quarter(it, words, 2)
        no_traceback(it.screen())
    assert checked(the_run(tmp_path)) == 3, "what was missing has been written"


# files that are in use or damaged ---------------------------------------------------------------------------------


def test_a_run_that_is_open_elsewhere(tmp_path: Path) -> None:
    words = Words("en")
    with playing(tmp_path / "one", "en", *LESSON) as first:
        quarter(first, words, 0)
        path = the_run(tmp_path / "one")
        command = "exec " + game("play", path, "--lang", "en", "--saves", tmp_path / "one" / "saves")
        with terminal(tmp_path / "two", command) as second:
            second.wait(lambda s: "openinanother" in flat(s))
            no_traceback(second.screen())
        quarter(first, words, 1)
    assert checked(path) == 2


def test_a_torn_tail_is_set_aside_and_play_goes_on(tmp_path: Path) -> None:
    words = Words("en")
    with playing(tmp_path, "en", *LESSON) as it:
        quarter(it, words, 0)
        quarter(it, words, 1)
    path = the_run(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-200])
    with playing(tmp_path, "en", "play", path) as it:
        it.wait(words.board(2), words.decisions)
        no_traceback(it.screen())
        (kept,) = (tmp_path / "saves").glob("*.torn-1")
        assert whole.endswith(kept.read_bytes() + whole[-200:])
        quarter(it, words, 1)
    assert checked(path) == 2


def test_a_torn_tail_is_told(tmp_path: Path) -> None:
    words = Words("en")
    with playing(tmp_path, "en", *LESSON) as it:
        quarter(it, words, 0)
        quarter(it, words, 1)
    path = the_run(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    with playing(tmp_path, "en", "play", path) as it:
        it.wait(lambda s: re.search("cut.*short", flat(s)), patience=8)
