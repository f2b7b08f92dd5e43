"""What only a process of its own can show: what it imports, how it is started, and streams that are not as usual."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import tomli
from shell import ROOT, child, valid

from game.table.lock import Lock

HEAVY = ("textual", "numpy", "rich", "aiohttp", "altair")


def imported(code: str) -> set[str]:
    """Top-level packages that a child process has imported after ``code``."""
    tail = "\nimport sys, json; print('\\n' + json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    done = subprocess.run(
        [sys.executable, "-c", code + tail], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["auto", "--help"], ["lab", "facts", "--help"]])
def test_help_and_versions_are_light(args: list[str]) -> None:
    found = imported(f"from game.cli import main\nassert main({args!r}) == 0")
    assert not found & set(HEAVY)
    assert "game" in found and "argparse" in found


def test_listing_runs_is_light(tmp_path: Path) -> None:
    assert child("auto", "--scenario", "first-lesson", "--seed", "1", "--out", tmp_path / "a.baimo").code == 0
    found = imported(
        "from pathlib import Path\nfrom game.table.listing import list_runs\n"
        f"(entry,) = list_runs(Path({str(tmp_path)!r}))\nassert entry.played == 5 and entry.ending and entry.row"
    )
    assert not found & set(HEAVY)


def test_reading_a_run_is_light(tmp_path: Path) -> None:
    assert child("auto", "--scenario", "first-lesson", "--seed", "1", "--out", tmp_path / "a.baimo").code == 0
    found = imported(
        "from pathlib import Path\nfrom game.table.runfile import verify_chain\n"
        f"assert verify_chain(Path({str(tmp_path / 'a.baimo')!r})) == []"
    )
    assert not found & set(HEAVY)


def test_codex_needs_no_screen_and_no_arrays() -> None:
    assert not imported("from game.cli import main\nassert main(['codex', 'price']) == 0") & set(HEAVY)


def test_a_control_that_can_fail() -> None:
    """The look at what was imported does see both."""
    assert {"numpy"} <= imported("from game.cli import main\nassert main(['lab', 'facts', '--seeds', '1']) == 0")
    assert {"textual"} <= imported("import game.tui.app")


def test_headless_modules_import_no_screen() -> None:
    names = []
    for path in sorted((ROOT / "game").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "tui" not in parts and parts[-1] != "__main__" and "_content" not in parts:
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    assert len(names) > 60 and "game.table.local" in names
    found = imported("import importlib\n" + "\n".join(f"importlib.import_module({n!r})" for n in names))
    assert "textual" not in found and "rich" not in found
    assert "numpy" in found


def test_a_whole_automatic_game_imports_no_screen(tmp_path: Path) -> None:
    path = str(tmp_path / "a.baimo")
    found = imported(
        "from game.cli import main\n"
        f"assert main(['auto', '--scenario', 'first-lesson', '--seed', '1', '--out', {path!r}, '--json']) == 0\n"
        f"assert main(['replay', '--check', {path!r}]) == 0"
    )
    assert not found & {"textual", "rich"}


# ways to start it -------------------------------------------------------------------------------------------------


def test_as_a_module() -> None:
    result = child("--version")
    assert result.code == 0 and result.out.startswith("baimo ") and result.err == ""
    assert child("auto", "--policy", "x").code == 2
    document = child("auto", "--scenario", "first-lesson", "--seed", "7", "--json").document
    again = child("auto", "--scenario", "first-lesson", "--seed", "7", "--json").document
    assert valid(document, "auto") == again, "the same in another process"


def test_the_entry_point() -> None:
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, function = project["scripts"]["baimo"].split(":")
    start = f"import sys; from {module} import {function}; sys.argv[0] = 'baimo'; sys.exit({function}())"
    result = child("--version", entry=("-c", start))
    assert result == child("--version")
    assert child("replay", "/no/such/file", entry=("-c", start)).code == 2
    installed = shutil.which("baimo", path=str(Path(sys.executable).parent))
    if installed:
        done = subprocess.run([installed, "--version"], capture_output=True, text=True, timeout=120, check=True)
        assert done.stdout.startswith("baimo ")


# streams ----------------------------------------------------------------------------------------------------------

PLAIN = [
    {"LANG": "C", "LC_ALL": "C"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "gbk:strict"},
]


@pytest.mark.parametrize("env", PLAIN, ids=["C", "ascii", "gbk"])
def test_any_locale(env: dict[str, str]) -> None:
    result = child("codex", "价格", "--lang", "zh", env=env)
    assert (result.code, result.err) == (0, "") and "价格" in result.out
    found = child("codex", "price", "--lang", "zh", "--json", env=env)
    assert found.code == 0 and valid(found.document, "codex")["hits"]
    wrong = child("auto", "--scenario", "战争", env=env)
    assert wrong.code == 2 and "Traceback" not in wrong.err and wrong.err.startswith("baimo: ")
    assert "百模大战" in child("--help", env=env).out


def test_a_locale_that_cannot_read_its_arguments_still_gets_an_answer() -> None:
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    for args in (("codex", "价格"), ("codex", "价格", "--json"), ("codex", "price", "--lang", "zh"), ("check",)):
        result = child(*args, env=env)
        assert (result.code, result.err) == (0, "") and result.out
    for args in (("auto", "--scenario", "战争"), ("replay", "没有.baimo"), ("auto", "--seed", "三班"), ("--战",)):
        result = child(*args, env=env)
        assert result.code == 2 and result.sentence


def test_the_locale_chooses_the_language() -> None:
    assert "没有找到" in child("codex", "zzzz", env={"LC_ALL": "zh_CN.UTF-8"}).out
    assert "nothing found" in child("codex", "zzzz", env={"LC_ALL": "en_GB.UTF-8"}).out
    assert "nothing found" in child("codex", "zzzz", env={"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}).out
    assert "没有找到" in child("codex", "zzzz", "--lang", "zh", env={"LC_ALL": "en_GB.UTF-8"}).out


@pytest.mark.skipif(os.name == "nt", reason="pipes and devices of POSIX systems")
@pytest.mark.parametrize("buffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(
    "args",
    [("--help",), ("--version",), ("codex", "model"), ("check",), ("replay", "/no/such/file"),
     ("auto", "--scenario", "first-lesson", "--seed", "1"),
     ("auto", "--scenario", "first-lesson", "--seed", "1", "--json")],
    ids=["help", "version", "codex", "check", "replay", "auto", "json"],
)  # fmt: skip
def test_a_reader_that_has_left_is_no_trouble(args: tuple[str, ...], buffered: str) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "game", *args], cwd=ROOT, stdout=write, stderr=subprocess.PIPE, timeout=120,
            check=False, env={**os.environ, "PYTHONUNBUFFERED": buffered},
        )  # fmt: skip
    finally:
        os.close(write)
    failed = args[0] == "replay"
    assert done.returncode == (2 if failed else 0), done.stderr
    assert done.stderr.count(b"\n") == failed and b"Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("args", [("--help",), ("codex", "model"), ("auto", "--scenario", "first-lesson", "--json")])
def test_a_full_disk_under_standard_output(args: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "game", *args], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, timeout=120,
            check=False, env={**os.environ, "PYTHONUNBUFFERED": ""},
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith(b"baimo: standard output cannot be written") and done.stderr.count(b"\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="closing a descriptor in the shell")
def test_no_standard_output_at_all() -> None:
    for args in ("--help", "codex x", "auto --scenario first-lesson --json", "--version"):
        done = subprocess.run(
            ["sh", "-c", f'exec "$0" -m game {args} >&-', sys.executable], cwd=ROOT, stderr=subprocess.PIPE,
            timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0 and b"Traceback" not in done.stderr, done.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")
def test_control_c_is_quiet_and_leaves_a_run_that_can_be_read(tmp_path: Path) -> None:
    import signal

    path = tmp_path / "a.baimo"
    with subprocess.Popen(
        [sys.executable, "-m", "game", "auto", "--seed", "1", "--out", path], cwd=ROOT, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        while running.poll() is None and not path.exists():
            pass
        running.send_signal(signal.SIGINT)
        err = running.communicate(timeout=60)[1]
    assert running.returncode in (130, 0) and err == b""
    assert child("replay", "--check", path).code == 0
    Lock.take(path).release()  # the file that stands for it may be left, the lock itself is not
    assert [p.name for p in tmp_path.iterdir()] == ["a.baimo"]
