"""Bad input: one sentence on standard error that says what to do, the right exit code, never a traceback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from shell import ROOT, child, refused, run

UNKNOWN = {
    "scenario": ("wra", "war"), "background": ("lab-spinoff", "lab-spin-off"), "difficulty": ("manger", "manager"),
    "assume": ("nnone", "none"),
}  # fmt: skip


@pytest.mark.parametrize("option", UNKNOWN)
@pytest.mark.parametrize("command", [(), ("play",), ("auto",)], ids=["baimo", "play", "auto"])
def test_unknown_ids(command: tuple[str, ...], option: str) -> None:
    wrong, meant = UNKNOWN[option]
    said = refused(run(*command, f"--{option}", wrong), repr(wrong), f"did you mean {meant!r}?", "known: ")
    assert meant in said.split("known: ")[1]


def test_ids_that_resemble_nothing_are_answered_with_those_there_are() -> None:
    said = refused(run("auto", "--scenario", "monopoly"), "'monopoly'", "war", "price-war", "first-lesson")
    assert "did you mean" not in said
    refused(run("auto", "--difficulty", "emperor"), "'emperor'", "founder, legend")
    refused(run("auto", "--policy", "ractive"), "'ractive'", "did you mean 'reactive'?", "thumb")
    refused(run("auto", "--policy", "oracle"), "'oracle'", "known: default, random, thumb, reactive, planner")
    refused(run("lab", "facts", "--scenario", "wra"), "did you mean 'war'?")
    refused(run("lab", "facts", "--assume", "nonne"), "did you mean 'none'?")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("rpelay",), ("'rpelay'", "did you mean 'replay'?")),
        (("lab", "fcats"), ("'fcats'", "did you mean 'facts'?")),
        (("lab",), ("TOOL",)),
        (("--frob",), ("--frob",)),
        (("auto", "--frob"), ("--frob",)),
        (("auto", "extra"), ("extra",)),
        (("auto", "--policy"), ("--policy",)),
        (("auto", "--seed", ""), ("--seed", "a number or a short text")),
        (("auto", "--seed", "   "), ("--seed", "a number or a short text")),
        (("auto", "--seed", "a\nb"), ("--seed", "a number or a short text")),
        (("auto", "--seed", "7" * 65), ("--seed", "a number or a short text")),
        (("auto", "--seed", "\x1b[31m"), ("--seed", "a number or a short text")),
        (("replay",), ("FILE",)),
        (("replay", "a", "b"), ("b",)),
        (("play", "--lang", "fr"), ("'fr'", "'zh', 'en'")),
        (("codex", "--lang", "fr"), ("'fr'",)),
        (("lab", "facts", "--seeds", "0"), ("'0'", "whole number")),
        (("lab", "facts", "--seeds", "many"), ("'many'", "whole number")),
        (("lab", "facts", "--seeds", "1e9"), ("'1e9'", "whole number")),
    ],
)
def test_bad_usage(args: tuple[str, ...], words: tuple[str, ...]) -> None:
    refused(run(*args), *words, "--help")


def test_bad_usage_in_a_process_of_its_own() -> None:
    refused(child("auto", "--frob"), "--frob")
    refused(child("replay", "/no/such/file"), "file")


def test_a_file_that_is_not_there_or_a_folder(tmp_path: Path) -> None:
    for command in ("replay", "play"):
        refused(run(command, tmp_path / "nowhere.baimo"), "nowhere.baimo", "No such file")
        refused(run(command, tmp_path), tmp_path.name, "cannot be read")
        refused(run(command, tmp_path / "nowhere" / "a.baimo"), "a.baimo", "No such file")
    (tmp_path / "note.txt").write_text("a list of things to do")
    refused(run("play", tmp_path / "note.txt"), "note.txt", "not a run")
    refused(run("play", "--plain", tmp_path / "note.txt"), "note.txt", "not a run")


def test_a_device_is_no_run() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no devices here")
    for name in ("zero", "null"):
        refused(run("replay", f"/dev/{name}"), name)
        refused(run("play", f"/dev/{name}"), name)


def test_an_existing_file_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.baimo"
    path.write_text("precious")
    refused(run("auto", "--scenario", "first-lesson", "--out", path), "a.baimo exists already")
    refused(run("auto", "--scenario", "first-lesson", "--out", tmp_path), "exists already")
    refused(run("auto", "--scenario", "first-lesson", "--out", ""), "--out")
    assert path.read_text() == "precious"


def test_a_place_that_takes_no_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    places = [tmp_path / "no" / "such" / "a.baimo", tmp_path / "file" / "a.baimo", tmp_path / ("x" * 300)]
    if Path("/proc/self").is_dir():
        places.append(Path("/proc/a.baimo"))
    for place in places:
        said = refused(run("auto", "--scenario", "first-lesson", "--out", place), place.name, "cannot be written")
        assert "next quarter" not in said, "there is no game to go on with"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_run_that_another_game_is_writing(tmp_path: Path) -> None:
    from game.table.lock import Lock

    lock = Lock.take(tmp_path / "a.baimo")
    try:
        refused(run("auto", "--scenario", "first-lesson", "--out", tmp_path / "a.baimo"), "open in another game")
    finally:
        lock.release()


def test_a_content_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "nowhere", tmp_path / "file", tmp_path / ("x" * 300)):
        for command in ((), ("play",), ("auto",), ("codex", "x"), ("check",), ("check", "--json"), ("lab", "facts")):
            refused(run(*command, "--content", place), place.name, "not a folder of content")
    refused(run("replay", "x", "--content", tmp_path / "nowhere"), "not a folder of content")


def test_options_before_the_command_hold() -> None:
    short = ("--scenario", "first-lesson")
    assert run("--seed", "7", *short, "auto").out == run("auto", "--seed", "7", *short).out
    assert run("--seed", "8", *short, "auto", "--seed", "7").out == run("auto", "--seed", "7", *short).out
    refused(run("--content", "/no/such/folder", "check"), "/no/such/folder")
    refused(run("--scenario", "wra", "auto"), "'wra'")


def test_help_names_every_command() -> None:
    out = run("--help").out
    for word in ("play", "auto", "replay", "codex", "check", "lab", "--lang", "--plain", "--saves"):
        assert word in out
    for command in (("play",), ("auto",), ("replay",), ("codex",), ("check",), ("lab",), ("lab", "facts")):
        result = run(*command, "--help")
        assert (result.code, result.err) == (0, "") and result.out.startswith("usage: baimo")


def test_the_planner_and_its_level_are_named() -> None:
    out = run("auto", "--help").out
    assert "legend" in out and "planner" in out


def test_version() -> None:
    import game
    from game.content.digest import rules_digest
    from game.content.load import load
    from game.engine.version import RULES_VERSION

    result = run("--version")
    assert (result.code, result.err) == (0, "")
    found = re.fullmatch(r"baimo (\S+), rules (\d+), digest ([0-9a-f]{64})\n", result.out)
    assert found and found.groups() == (game.__version__, str(RULES_VERSION), rules_digest(load()))


def test_no_path_of_this_machine_in_a_message() -> None:
    assert str(ROOT) not in run("--help").out + run("check").out + run("auto", "--policy", "x").err
