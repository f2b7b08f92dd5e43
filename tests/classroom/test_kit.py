"""The kit: what pip is asked for, what lies in the folder, what the scripts say. No network: pip is a stand-in."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Sequence
from email.parser import Parser
from importlib import metadata
from pathlib import Path

import pytest

from game import __version__
from game.classroom import kit as parts
from game.classroom.errors import ClassError
from game.classroom.kit_command import _need_new, build
from game.classroom.kit_files import posix, sheet, windows
from game.content import Content
from game.table.assignment import Assignment, assignment, read_assignment


def wheel(path: Path, *wants: str) -> Path:
    name, version = path.name.split("-")[:2]
    text = f"Metadata-Version: 2.1\nName: {name}\n" + "".join(f"Requires-Dist: {w}\n" for w in wants) + "\nRequires-Dist: no\n"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(f"{name}-{version}.dist-info/METADATA", text)
    return path


class FakePip:
    """Writes a wheel for every name asked for, and remembers the commands."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []

    def __call__(self, command: Sequence[str]) -> None:
        self.commands.append(list(command))
        if "wheel" in command:
            wheel(Path(command[command.index("--wheel-dir") + 1]) / f"baimo-{__version__}-py3-none-any.whl",
                  "portalocker<5,>=3", "numpy>=2")  # fmt: skip
            return
        folder = Path(command[command.index("--dest") + 1])
        wheel(folder / "portalocker-3.0-py3-none-any.whl", 'pywin32>=226; platform_system == "Windows"',
              'redis; extra == "redis" and platform_system == "Windows"')  # fmt: skip
        for want in command[command.index("--dest") + 2 :]:
            if want.startswith("pywin32"):
                wheel(folder / "pywin32-308-cp313-cp313-win_amd64.whl", "deeper (>=1.0) ; sys_platform == 'win32'")
            elif want.startswith("deeper"):
                wheel(folder / "deeper-1.0-py3-none-any.whl")


@pytest.fixture(scope="module")
def plan(shipped: Content) -> Assignment:
    return assignment(
        shipped, scenario="price-war", background="lab-spin-off", difficulty="manager", assume="none", levers="", seed="7",
        cards=[], undo="marked", deadline="2026-03-06", title="<b>一课</b>", program="1",
    )  # fmt: skip


def test_the_folder_holds_everything(shipped: Content, plan: Assignment, tmp_path: Path) -> None:
    pip, folder = FakePip(), tmp_path / "kit"
    folder.mkdir()  # empty is as good as none
    build(plan, shipped, folder, ["pip"], pip)
    assert sorted(p.name for p in folder.iterdir()) == [
        parts.ASSIGNMENT, "sheet.html", "start.bat", "start.command", "start.sh", "wheels"
    ]  # fmt: skip
    assert read_assignment(folder / parts.ASSIGNMENT) == plan
    assert f"baimo-{__version__}-py3-none-any.whl" in {p.name for p in (folder / "wheels").iterdir()}
    assert [p for p in tmp_path.iterdir() if p != folder] == []  # nothing is left beside it


def test_every_system_and_python_is_asked_for(shipped: Content, plan: Assignment, tmp_path: Path) -> None:
    pip = FakePip()
    build(plan, shipped, tmp_path / "kit", ["pip"], pip)
    first, *rest = pip.commands
    assert first[:2] == ["pip", "wheel"] and "--no-deps" in first
    asked = set()
    for command in rest:
        assert command[1] == "download" and "--only-binary=:all:" in command
        python = command[command.index("--python-version") + 1]
        tags = [command[i + 1] for i, part in enumerate(command) if part == "--platform"]
        system = next(s for s, known in parts.SYSTEMS.items() if list(known) == tags)
        asked.add((system, python))
        extra = command[command.index("--dest") + 2 :]
        assert system == "windows" or len(extra) == 1
    assert asked == {(s, p) for s in parts.SYSTEMS for p in parts.PYTHONS}
    on_windows = [c[c.index("--dest") + 2 :] for c in rest if "win_amd64" in c and parts.PYTHONS[0] in c]
    assert [[w for w in wants if ".whl" not in w] for wants in on_windows] == [[], ["pywin32>=226"], ["deeper>=1.0"]]


def test_no_command_and_no_file_names_a_place_to_fetch_from(shipped: Content, plan: Assignment, tmp_path: Path) -> None:
    pip = FakePip()
    build(plan, shipped, tmp_path / "kit", ["pip"], pip)
    for text in (*(" ".join(c) for c in pip.commands), windows("1").decode(), posix("1").decode()):
        assert "://" not in text and "index-url" not in text


def test_scripts_install_from_the_folder_alone_and_play_the_assignment() -> None:
    for script in (windows("1.2"), posix("1.2")):
        text = script.decode("ascii")
        assert "--no-index" in text and "--find-links" in text and parts.ASSIGNMENT in text and "1.2" in text
    assert windows("1").count(b"\r\n") == windows("1").count(b"\n") and b"\r" not in posix("1")
    labels = set(re.findall(rb"goto (\w+)", windows("1")))
    assert labels == set(re.findall(rb"(?m)^:(\w+)", windows("1")))


def test_the_shell_understands_the_script(tmp_path: Path) -> None:
    try:
        done = subprocess.run(["sh", "-n"], input=posix("1"), capture_output=True, timeout=20, check=False)
    except OSError:
        pytest.skip("no shell here")
    assert done.returncode == 0, done.stderr


def test_the_sheet_is_in_both_languages_and_inert(shipped: Content, plan: Assignment) -> None:
    text = sheet(plan, shipped).decode()
    assert "&lt;b&gt;一课" in text and "<b>" not in text and "<script" not in text
    for word in ("start.bat", "start.command", "sh start.sh", "2026-03-06", "交上", "Hand in"):
        assert word in text


def test_a_failing_pip_leaves_nothing_behind(shipped: Content, plan: Assignment, tmp_path: Path) -> None:
    def fail(command: Sequence[str]) -> None:
        raise ClassError("class.kit.pip", why="no network")

    with pytest.raises(ClassError):
        build(plan, shipped, tmp_path / "kit", ["pip"], fail)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    for folder in (tmp_path, tmp_path / "mine", tmp_path / "none" / "kit"):
        with pytest.raises(ClassError):
            _need_new(folder)


def test_what_pip_says_last_is_told() -> None:
    import sys

    with pytest.raises(ClassError) as caught:
        parts.run_command([sys.executable, "-c", "import sys; sys.exit('first\\nERROR: the last thing.')"])
    assert caught.value.message.args["why"] == "ERROR: the last thing"
    with pytest.raises(ClassError):
        parts.run_command(["there-is-no-such-program"])


def test_an_installed_game_is_packed_into_a_wheel_again(tmp_path: Path) -> None:
    site = tmp_path / "site-packages"
    info = site / "baimo-9.dist-info"
    (site / "game" / "__pycache__").mkdir(parents=True)
    info.mkdir()
    (site / "game" / "__init__.py").write_text("x = 1\n")
    (site / "game" / "__pycache__" / "x.pyc").write_bytes(b"x")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: baimo\nVersion: 9\n")
    (info / "INSTALLER").write_text("pip")
    (info / "RECORD").write_text("../../bin/baimo,,\ngame/__init__.py,,\ngame/__pycache__/x.pyc,,\n"
                                 "baimo-9.dist-info/METADATA,,\nbaimo-9.dist-info/INSTALLER,,\nbaimo-9.dist-info/RECORD,,\n")
    dist = metadata.PathDistribution(info)
    path = parts.packed(dist, tmp_path)
    assert path.name == "baimo-9-py3-none-any.whl"
    with zipfile.ZipFile(path) as file:
        assert sorted(file.namelist()) == ["baimo-9.dist-info/METADATA", "baimo-9.dist-info/RECORD", "game/__init__.py"]
        assert Parser().parsestr(file.read("baimo-9.dist-info/METADATA").decode())["Name"] == "baimo"
    (site / "game" / "__init__.py").unlink()
    with pytest.raises(ClassError):
        parts.packed(dist, tmp_path)
