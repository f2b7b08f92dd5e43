"""``baimo class forget``: names and texts out of a run, a room's file or a pack's record, for good."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from game.classroom.errors import ClassError
from game.language import Lang, Tongue

if TYPE_CHECKING:
    from game.content import Content

ASIDE: Final = ("torn", "format")
"""Kinds of files that a run leaves beside it (`game.table.files.aside`)."""


def forget(args: argparse.Namespace, content: Content, lang: Lang) -> int:
    """Forget the people of ``args.subject`` and say how much there was; the exit code. Raises `ClassError`, `RunError`."""
    path: Path = args.subject
    kind, work = _of(path)
    tongue = Tongue(lang, content=content)
    count = work(path)
    print(tongue.say(f"class.forget.{kind}", file=path.name, count=count))
    if kind == "run":
        for left in beside(path):
            print(tongue.say("class.forget.beside", file=left.name))
    print(tongue.say("class.forget.elsewhere"))
    return 0


def _of(path: Path) -> tuple[str, Callable[[Path], int]]:
    """What a file is, and who forgets its people. Raises `ClassError` for what is none of ours."""
    from game.classroom import pack, store
    from game.table.runfile import BLOCK, looks_like_run
    from game.table.writer import forget_person

    if path.is_dir():
        raise ClassError("class.forget.folder", file=path.name)
    if not path.is_file():
        raise ClassError("class.no-file", file=path.name)
    if path.name == pack.RECORD:
        return "record", pack.forget_record
    if store.is_store(path):
        return "room", store.forget
    try:
        with path.open("rb") as file:
            start = file.read(BLOCK)
    except OSError as error:
        raise ClassError("class.no-file", file=path.name) from error
    if looks_like_run(start):
        return "run", forget_person
    raise ClassError("class.forget.unknown", file=path.name)


def beside(path: Path) -> list[Path]:
    """Files that were set aside from a run and may hold the same name and texts."""
    try:
        return sorted(
            p for p in path.parent.iterdir() if any(p.name.startswith(f"{path.name}.{kind}") for kind in ASIDE)
        )
    except OSError:
        return []
