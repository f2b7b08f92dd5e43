"""``baimo play --plain`` through a pipe: the whole game as text, in both languages, without a terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from terminal import ROOT

from game.content.load import load
from game.language import Tongue
from game.table.auto import replay_report
from game.table.runfile import RunFile, read_run

CONTENT = load()
TONGUES = {lang: Tongue(lang, content=CONTENT) for lang in ("zh", "en")}
LANGS = tuple(TONGUES)
LESSON = ("--scenario", "first-lesson", "--seed", "7")

QUARTER = {
    "en": ["choose 1", "choose 1", "token price {price}", "reason cheap first", "end y"],
    "zh": ["选 1", "选 1", "词元价 {price}", "理由 先便宜", "结束 y"],
}
"""What is typed in a quarter: the first way of whatever lies on the desk, a price, why, and its end."""
LOOKS = {
    "en": ["help", "show", "levers", "card", "guidance cash 100M 300M", "bill", "market finance", "news",
           "codex price war", "open 1", "report", "runs", "save", "nonsense"],
    "zh": ["帮助", "局面", "决策", "案头", "预告 现金 1亿 3亿", "账单", "市场 金融", "日报", "百科 价格战", "打开 1", "季报", "棋谱",
           "保存", "胡言乱语"],
}  # fmt: skip


def plain(home: Path, lang: str, typed: Sequence[str], *args: str | Path, code: int = 0) -> str:
    """What the plain game says to these lines."""
    home.mkdir(exist_ok=True)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "XDG_", "LANG"))} | {"HOME": str(home)}
    options = ("--plain", "--lang", lang, "--saves", home / "saves", *args)
    done = subprocess.run(
        [sys.executable, "-m", "game", "play", *map(str, options)], cwd=ROOT, env=env,
        input="".join(line + "\n" for line in typed).encode(), capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in out + err, err
    assert done.returncode == code, (out, err)
    assert err == "" or code, err
    assert "\x1b" not in out, "no colour and no cursor movement"
    assert not re.search(r"\{[a-z_]+(:[^}]*)?\}", out), "a hole in a text was not filled"
    return out


def campaign(lang: str, quarters: int = 5) -> list[str]:
    return [line.format(price=30 - 2 * q) for q in range(quarters) for line in QUARTER[lang]]


def the_run(home: Path) -> tuple[Path, RunFile]:
    (path,) = (home / "saves").glob("*.baimo")
    return path, read_run(path)


def replayed(path: Path) -> dict[str, Any]:
    """The run recomputed, as ``replay --check`` does it, and found as recorded."""
    found, _, complaint = replay_report(CONTENT, path, check=True)
    assert found["ok"] and not complaint, complaint
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_a_whole_campaign(tmp_path: Path, lang: str) -> None:
    tongue = TONGUES[lang]
    told = plain(tmp_path, lang, [*campaign(lang), "quit"], *LESSON)
    for quarter in range(5):
        assert tongue.say("ui.report.title", quarter=quarter) in told
    assert tongue.say("screens.plain.ask-over")[:8] in told
    path, run = the_run(tmp_path)
    assert [list(q.drafts[0]) for q in run.quarters].count(["price.token"]) >= 2
    assert [q.drafts[0]["price.token"] for q in run.quarters] == [30.0 - 2 * q for q in range(5)]
    assert len(run.reasons) == 5
    found = replayed(path)
    assert found["ending"] and tongue.text(CONTENT.endings[found["ending"]].name) in told
    assert path.parent.joinpath(f".{path.name}.lock").exists() is False


def test_both_languages_play_the_same_game(tmp_path: Path) -> None:
    digests = []
    for lang in LANGS:
        plain(tmp_path / lang, lang, campaign(lang), *LESSON)
        digests.append([q.digest for q in the_run(tmp_path / lang)[1].quarters])
    assert digests[0] == digests[1] and len(digests[0]) == 5


@pytest.mark.parametrize("lang", LANGS)
def test_every_command_answers_in_its_language(tmp_path: Path, lang: str) -> None:
    told = plain(tmp_path, lang, [*LOOKS[lang], *campaign(lang, 1), *LOOKS[lang], "lang"], *LESSON)
    chinese = len(re.findall(r"[\u4e00-\u9fff]", told))
    assert (chinese > 400) == (lang == "zh")
    before, _, _ = told.rpartition(TONGUES["en" if lang == "zh" else "zh"].say("screens.plain.spoken"))
    assert before, "the last command switched the language"
    if lang == "en":
        assert len(re.findall(r"[\u4e00-\u9fff]", before)) < 60, "names of the game and of a language only"


def test_without_a_game_named_it_asks(tmp_path: Path) -> None:
    en = TONGUES["en"]
    usual = [""] * sum(len(t) > 1 for t in (CONTENT.backgrounds, CONTENT.difficulties, CONTENT.assumptions))
    founding = ["first-lesson", *usual, "7", "Moonlight"]
    first = plain(tmp_path, "en", ["new", *founding, *campaign("en", 2)])
    assert en.say("screens.plain.ask") in first
    path, run = the_run(tmp_path)
    assert (run.head.scenario, run.head.seed_text, run.head.player, len(run.quarters)) == (
        "first-lesson", "7", "Moonlight", 2
    )  # fmt: skip
    again = plain(tmp_path, "en", ["continue 1", "choose 1", "end y"])
    assert "Moonlight" in again or path.stem in again
    assert len(the_run(tmp_path)[1].quarters) == 3
    replayed(path)


def test_the_input_may_end_anywhere(tmp_path: Path) -> None:
    lines = campaign("en", 2)
    for cut in (0, 4, 7):
        home = tmp_path / str(cut)
        plain(home, "en", lines[:cut], *LESSON)
        path, run = the_run(home)
        assert len(run.quarters) == sum(line == "end y" for line in lines[:cut])
        replayed(path)


def test_a_run_is_gone_on_with_by_name(tmp_path: Path) -> None:
    plain(tmp_path, "en", campaign("en", 2), *LESSON)
    path, _ = the_run(tmp_path)
    plain(tmp_path, "en", campaign("en", 3), path)
    assert replayed(path)["quarters"] == 5


def test_undo_and_fork_make_runs_of_their_own(tmp_path: Path) -> None:
    plain(tmp_path, "en", [*campaign("en", 3), "undo", "y", "choose 1", "end y", "quit"], *LESSON)
    runs = sorted((tmp_path / "saves").glob("*.baimo"), key=lambda p: read_run(p).head.undone)
    assert [read_run(p).head.undone for p in runs] == [False, True]
    assert [replayed(p)["quarters"] for p in runs] == [3, 3]


def test_hostile_lines_are_answered(tmp_path: Path) -> None:
    hostile = [
        "[@click=app.quit()]x[/]", "\x1b[31mred", "set", "set route", "set route 99", "price.token nan",
        "price.token -1", "price.token 1e400", "token price inf", "choose 99", "choose x", "open 99", "continue 99",
        "fork 99", "undo 99", "market nowhere", "guidance cash 3 1", "guidance cash nan nan", "codex " + "价" * 4000,
        "9" * 5000, "reset nothing", "%s %d {0}", "\u202e\u200b", "reason \x00\x1b]0;title\x07", "12 6 7 8",
    ]  # fmt: skip
    plain(tmp_path, "en", [*hostile, "end y", *hostile, "end y"], *LESSON)
    path, run = the_run(tmp_path)
    assert len(run.quarters) == 2
    replayed(path)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    env = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "game", "play", "--plain", "--lang", "zh", "--saves", tmp_path / "saves", *LESSON],
        cwd=ROOT, env=env, input=b"\xff\xfe\x80\n\xc3\x28\nend y\n", capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and b"Traceback" not in done.stderr, done.stderr
    assert len(the_run(tmp_path)[1].quarters) == 1


def test_a_narrow_encoding(tmp_path: Path) -> None:
    env = {**os.environ, "HOME": str(tmp_path), "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-m", "game", "play", "--plain", "--lang", "zh", "--saves", tmp_path / "saves", *LESSON],
        cwd=ROOT, env=env, input=b"end y\n", capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and done.stderr == b""


def test_a_reader_that_leaves(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "game", "play", "--plain", "--saves", tmp_path / "saves", *LESSON], cwd=ROOT,
            env={**os.environ, "HOME": str(tmp_path)}, input=b"end y\n" * 3, stdout=write, stderr=subprocess.PIPE,
            timeout=120, check=False,
        )  # fmt: skip
    finally:
        os.close(write)
    assert done.returncode == 0 and done.stderr == b""


def test_screens_without_a_terminal_say_what_to_do(tmp_path: Path) -> None:
    for args in ([], ["play"], list(LESSON)):
        done = subprocess.run(
            [sys.executable, "-m", "game", *args], cwd=ROOT, env={**os.environ, "HOME": str(tmp_path)},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"--plain" in done.stderr and done.stderr.count(b"\n") == 1


# disks ------------------------------------------------------------------------------------------------------------


def unusable() -> list[Path]:
    """Folders in which nobody can write, root neither."""
    return [Path("/proc/sys"), Path("/proc/nowhere")] if Path("/proc/sys").is_dir() else []


@pytest.mark.parametrize("lang", LANGS)
def test_a_folder_that_cannot_be_used_is_told_before_the_game_begins(tmp_path: Path, lang: str) -> None:
    taken = tmp_path / "taken"
    taken.write_text("precious")
    for folder in (taken, taken / "below", *unusable()):
        for args in ((), ("--plain",), ("play", "--plain", *LESSON)):
            done = subprocess.run(
                [sys.executable, "-m", "game", *args, "--lang", lang, "--saves", folder], cwd=ROOT, input=b"end y\n",
                env={**os.environ, "HOME": str(tmp_path)}, capture_output=True, timeout=60, check=False,
            )  # fmt: skip
            told = done.stderr.decode()
            assert (done.returncode, done.stdout) == (2, b""), told
            assert told.count("\n") == 1 and str(folder) in told and "--saves" in told
            assert ("用不了" in told) == (lang == "zh")
    assert taken.read_text() == "precious"


@pytest.mark.parametrize("lang", LANGS)
def test_a_folder_that_goes_away_is_told_and_the_game_goes_on(tmp_path: Path, lang: str) -> None:
    tongue = TONGUES[lang]
    saves, away = tmp_path / "saves", tmp_path / "away"
    args = ["play", "--plain", "--lang", lang, "--saves", str(saves), *LESSON]
    with subprocess.Popen(
        [sys.executable, "-m", "game", *args], cwd=ROOT, env={**os.environ, "HOME": str(tmp_path)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as running:  # fmt: skip
        assert running.stdin and running.stdout
        told = ""
        for quarter in range(3):
            prompt = tongue.say("ui.plain.prompt", quarter=quarter)
            while prompt not in told:
                more = running.stdout.read1()
                assert more, told
                told += more.decode()
            if quarter == 1:
                saves.rename(away)
                saves.write_text("something else")
            running.stdin.write("".join(line + "\n" for line in campaign(lang, 1)).encode())
            running.stdin.flush()
        rest, _ = running.communicate(timeout=60)
    told += rest.decode()
    assert tongue.say("ui.report.title", quarter=2) in told, "the game goes on"
    assert tongue.say("run.not-saved", file="@", why="read-only")[1:] in told
    assert saves.read_text() == "something else" and "Traceback" not in told


def test_a_torn_tail_is_set_aside_and_play_goes_on(tmp_path: Path) -> None:
    plain(tmp_path, "en", campaign("en", 2), *LESSON)
    path, _ = the_run(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    plain(tmp_path, "en", campaign("en", 1), path)
    assert replayed(path)["quarters"] == 2
    assert len(list((tmp_path / "saves").glob("*.torn-1"))) == 1


def test_a_torn_tail_is_told(tmp_path: Path) -> None:
    plain(tmp_path, "en", campaign("en", 2), *LESSON)
    path, _ = the_run(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    assert "cut short" in plain(tmp_path, "en", [], path)
