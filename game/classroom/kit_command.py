"""``baimo class kit``: everything a room without a network needs, in one folder."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from game import __version__
from game.classroom import kit as parts
from game.classroom.errors import ClassError
from game.classroom.kit_files import posix, sheet, windows
from game.lab.progress import progress_line
from game.language import Lang, Tongue
from game.table.assignment import Assignment, AssignmentError, encode, played_with, read_assignment

if TYPE_CHECKING:
    from game.content import Content


def kit(args: argparse.Namespace, content: Content, lang: Lang) -> int:
    """Fill ``args.kit`` and say what is in it; the exit code. Raises `ClassError`."""
    tongue = Tongue(lang, content=content)
    try:
        plan = read_assignment(args.assignment)
        with played_with(plan, content) as theirs:
            _need_new(args.kit)
            tool = parts.pip()
            print(tongue.say("class.kit.fetching"))
            build(plan, theirs, args.kit, tool, parts.run_command)
    except AssignmentError as error:
        raise ClassError(error.message.id, **error.message.args) from error
    size = sum(f.stat().st_size for f in args.kit.rglob("*") if f.is_file())
    count = len(list((args.kit / parts.WHEELS).iterdir()))
    print(tongue.say("class.kit.done", folder=str(args.kit), count=count, size=round(size / 2**20)))
    print(tongue.say("class.kit.python", low=parts.PYTHONS[0], high=parts.PYTHONS[-1]))
    return 0


def _need_new(folder: Path) -> None:
    """Raises `ClassError` where something lies in ``folder``, or where it cannot be made."""
    if os.path.lexists(folder) and (not folder.is_dir() or folder.is_symlink() or any(folder.iterdir())):
        raise ClassError("class.kit.exists", folder=folder.name)
    if not folder.resolve().parent.is_dir():
        raise ClassError("class.kit.not-written", folder=folder.name, why=os.strerror(2))


def build(
    plan: Assignment, content: Content, folder: Path, tool: Sequence[str], run: parts.Run, *,
    systems: Sequence[str] = tuple(parts.SYSTEMS), pythons: Sequence[str] = parts.PYTHONS,
) -> None:  # fmt: skip
    """The kit in ``folder``: made beside it and put in its place when it is whole. Raises `ClassError`."""
    try:
        with tempfile.TemporaryDirectory(prefix=".baimo-kit-", dir=folder.resolve().parent) as made:
            here = Path(made) / "kit"
            wheels = here / parts.WHEELS
            wheels.mkdir(parents=True)
            own = parts.own_wheel(tool, wheels, run)
            tell = progress_line("pip") or (lambda done, of: None)
            parts.fetch(tool, own, wheels, run, systems=systems, pythons=pythons, tell=tell)
            (here / parts.ASSIGNMENT).write_bytes(encode(plan))
            (here / "start.bat").write_bytes(windows(__version__))
            for name in ("start.sh", "start.command"):
                (here / name).write_bytes(posix(__version__))
                (here / name).chmod(0o755)
            (here / "sheet.html").write_bytes(sheet(plan, content))
            if folder.exists():
                folder.rmdir()
            shutil.move(here, folder)
    except OSError as error:
        raise ClassError("class.kit.not-written", folder=folder.name, why=error.strerror or str(error)) from error
