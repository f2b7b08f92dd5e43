"""A folder for a stick or a share: the game, every library it needs, a start script a system, the assignment, a sheet.

What is fetched, pip fetches on the teacher's machine, as it is set up there. Wheels are taken for the systems and
versions of Python in `SYSTEMS` and `PYTHONS`; Python itself is not in the kit. pip reads conditions such as "on Windows"
for the machine it runs on, so what libraries want on another system alone is looked up in their own metadata.
"""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Final

from game.classroom.errors import ClassError

SYSTEMS: Final[dict[str, tuple[str, ...]]] = {
    "windows": ("win_amd64",), "macos-intel": ("macosx_12_0_x86_64",), "macos-arm": ("macosx_12_0_arm64",),
    "linux": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
}  # fmt: skip
"""Systems and the tags that wheels for them bear, newest first."""
PYTHONS: Final = ("3.11", "3.12", "3.13")
WHEELS: Final = "wheels"
ASSIGNMENT: Final = "assignment.baimo-assignment"
_ONLY: Final = {
    "windows": re.compile(r"""(platform_system\s*==\s*["']Windows["']|sys_platform\s*==\s*["']win32["']|os_name\s*==\s*["']nt["'])"""),
    "macos": re.compile(r"""(platform_system\s*==\s*["']Darwin["']|sys_platform\s*==\s*["']darwin["'])"""),
    "linux": re.compile(r"""(platform_system\s*==\s*["']Linux["']|sys_platform\s*==\s*["']linux["'])"""),
}  # fmt: skip
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SKIP: Final = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")

Run = Callable[[Sequence[str]], None]
"""Runs a command to its end. Raises `ClassError` where it fails."""


def pip() -> list[str]:
    """The command that pip answers to: this Python's own, else the one that the system finds. Raises `ClassError`."""
    import shutil
    from importlib.util import find_spec

    if find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    for name in ("pip3", "pip"):
        if found := shutil.which(name):
            return [found]
    raise ClassError("class.kit.no-pip")


def run_command(command: Sequence[str]) -> None:
    """Run pip. Raises `ClassError` with the last thing it said where it fails."""
    try:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    except OSError as error:
        raise ClassError("class.kit.pip", why=error.strerror or str(error)) from error
    if done.returncode:
        said = [line for line in done.stderr.decode(errors="replace").splitlines() if line.strip()]
        raise ClassError("class.kit.pip", why=(said[-1] if said else str(done.returncode))[:200].rstrip("."))


def checkout() -> Path | None:
    """The folder of the sources, where the game runs from them; None where it is installed."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() and (root / "content").is_dir() else None


def own_wheel(tool: Sequence[str], folder: Path, run: Run) -> Path:
    """The game's own wheel in ``folder``: built by pip from a checkout, else put together from what is installed."""
    root = checkout()
    if root is None:
        return packed(metadata.distribution("baimo"), folder)
    run([*tool, "wheel", "--no-deps", "--disable-pip-version-check", "--no-input", "--wheel-dir", str(folder), str(root)])
    found = sorted(folder.glob("baimo-*.whl"))
    if not found:
        raise ClassError("class.kit.no-wheel")
    return found[-1]


def packed(dist: metadata.Distribution, folder: Path) -> Path:
    """A wheel out of an installed distribution of pure Python. Raises `ClassError` where its files are not there."""
    path = folder / f"{dist.name}-{dist.version}-py3-none-any.whl"
    records, record = [], ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for file in sorted(dist.files or (), key=str):
            name = file.as_posix()
            if name.endswith("/RECORD"):
                record = name
            if name.startswith("..") or name.endswith(".pyc") or Path(name).name in _SKIP:
                continue  # what installing made: scripts, compiled files, notes of the installer
            try:
                data = Path(str(file.locate())).read_bytes()
            except OSError as error:
                raise ClassError("class.kit.no-wheel") from error
            wheel.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            records.append(f"{name},sha256={digest},{len(data)}")
        if not record or not any(r.startswith("game/") for r in records):
            raise ClassError("class.kit.no-wheel")
        wheel.writestr(record, "\n".join([*records, f"{record},,"]) + "\n")
    return path


def downloads(tool: Sequence[str], wants: Sequence[str], folder: Path, system: str, python: str) -> list[str]:
    """The command that fetches the wheels of ``wants``, and of all that they need, for one system and Python."""
    tags = [part for tag in SYSTEMS[system] for part in ("--platform", tag)]
    return [
        *tool, "download", "--disable-pip-version-check", "--no-input", "--only-binary=:all:", "--implementation", "cp",
        "--python-version", python, *tags, "--dest", str(folder), *wants,
    ]  # fmt: skip


def fetch(
    tool: Sequence[str], wheel: Path, folder: Path, run: Run, *, systems: Sequence[str] = tuple(SYSTEMS),
    pythons: Sequence[str] = PYTHONS, tell: Callable[[int, int], None] = lambda done, of: None,
) -> None:  # fmt: skip
    """Every wheel that the game needs on ``systems`` under ``pythons``, beside its own. Raises `ClassError`."""
    of, done = len(systems) * len(pythons), 0
    for system in systems:
        for python in pythons:
            run(downloads(tool, [str(wheel)], folder, system, python))
            asked: set[str] = set()
            while more := sorted(set(only_there(folder, system)) - asked):  # and what these need in turn
                run(downloads(tool, more, folder, system, python))
                asked.update(more)
            done += 1
            tell(done, of)


def only_there(folder: Path, system: str) -> Iterator[str]:
    """What the wheels in ``folder`` want on ``system`` alone, as pip is asked for it."""
    here = _ONLY[system.partition("-")[0]]
    for path in sorted(folder.glob("*.whl")):
        for line in _wants(path):
            want, _, condition = line.partition(";")
            if "extra" not in condition and here.search(condition) and _NAME.match(want.strip()):
                yield re.sub(r"[\s()]", "", want)


def _wants(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as wheel:
            name = next((n for n in wheel.namelist() if n.endswith(".dist-info/METADATA")), None)
            text = wheel.read(name).decode("utf-8", "replace") if name else ""
    except (OSError, zipfile.BadZipFile):
        return []
    head = text.partition("\n\n")[0]
    return [line.partition(":")[2].strip() for line in head.splitlines() if line.startswith("Requires-Dist:")]
