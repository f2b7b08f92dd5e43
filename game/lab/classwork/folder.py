"""What lies in a folder that pupils handed in: everything is named, nothing is followed, nothing is dropped."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from game.lab.classwork.model import FileEntry
from game.table.assignment import looks_like_assignment
from game.table.errors import Damaged, NewerFormat, NotARun, RunError
from game.table.lines import Head
from game.table.listing import glance
from game.table.runfile import MAX_FILE
from game.table.wire import Message

DEEPEST: Final = 3
"""Folders within each other that are looked into: school platforms hand out a folder a pupil."""
MOST: Final = 5000
"""Files that are looked at; a class is far smaller, and a wrong folder far larger."""


@dataclass(frozen=True)
class Found:
    """One thing in the folder: the head of what may be a run, or at once why it is none."""

    path: Path
    entry: FileEntry
    head: Head | None = None
    assignment: bool = False


class TooMany(Exception):
    """A folder that is no class's."""


def look(folder: Path) -> list[Found]:
    """Everything below ``folder``, by name. Raises `TooMany`, and `OSError` where the folder itself cannot be read."""
    found = []
    for path in _walk(folder, folder, 0):
        found.append(judge_outside(path, path.relative_to(folder).as_posix()))
        if len(found) > MOST:
            raise TooMany
    return sorted(found, key=lambda f: f.entry.file)


def _walk(root: Path, folder: Path, deep: int) -> Iterator[Path]:
    """Files, and of folders those that are not looked into."""
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        if folder == root:
            raise
        yield folder
        return
    if not inside and folder != root:
        yield folder
    for path in inside:
        if path.is_dir() and not path.is_symlink() and deep < DEEPEST:
            yield from _walk(root, path, deep + 1)
        else:
            yield path


def judge_outside(path: Path, name: str) -> Found:
    """What can be said of one thing without reading all of it."""

    def no(verdict: str, sentence: str, size: int = 0, **args: float | int | str) -> Found:
        return Found(path, FileEntry(name, size, verdict, Message(f"class.file.{sentence}", {"file": name, **args})))  # type: ignore[arg-type]

    try:
        what = os.lstat(path)
    except OSError as error:
        return no("unreadable", "unreadable", why=error.strerror or str(error))
    if stat.S_ISLNK(what.st_mode):
        return no("no-run", "link")
    if stat.S_ISDIR(what.st_mode):
        return no("no-run", "folder")
    if not stat.S_ISREG(what.st_mode):
        return no("no-run", "special")
    size = what.st_size
    if not size:
        return no("no-run", "empty")
    if size > MAX_FILE:
        return no("no-run", "huge", size)
    listed = glance(path)
    trouble = listed.trouble
    if trouble is None:
        return Found(path, FileEntry(name, size, "ok", Message("class.file.ok", {"file": name})), listed.head)
    if isinstance(trouble, NotARun) and looks_like_assignment(path):
        return Found(path, FileEntry(name, size, "no-run", Message("class.file.assignment", {"file": name})),
                     assignment=True)  # fmt: skip
    return Found(path, of_trouble(name, size, trouble))


def of_trouble(name: str, size: int, trouble: RunError) -> FileEntry:
    """The verdict on a file that cannot be read as a run."""

    def entry(verdict: str, sentence: str, **args: float | int | str) -> FileEntry:
        line = args.get("line")
        return FileEntry(
            name, size, verdict, Message(f"class.file.{sentence}", {"file": name, **args}),  # type: ignore[arg-type]
            line=line if isinstance(line, int) else None,
        )  # fmt: skip

    if isinstance(trouble, Damaged):
        return entry("damaged", "damaged", line=trouble.line, why=trouble.why)
    if isinstance(trouble, NewerFormat):
        return entry("unreadable", "newer", program=str(trouble.values["program"])[:40])
    if isinstance(trouble, NotARun):
        return entry("no-run", "no-run")
    return entry("unreadable", "unreadable", why=str(trouble.values.get("why", ""))[:200])
