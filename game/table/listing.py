"""Lists of runs, quickly: of each file the head and the last numbers. No numpy, no content."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec

from game.table.errors import NotARun, RunError, Unreadable
from game.table.lines import Head, unseal
from game.table.runfile import BLOCK, SUFFIX, looks_like_run, need_file, run_of
from game.table.wire import Row

STEP: Final = 64 * 2**10
"""Bytes read at a time from a file's end."""


class _Last(msgspec.Struct, tag_field="kind", tag="quarter"):
    quarter: int
    rows: dict[int, Row]


class _LastEnd(msgspec.Struct, tag_field="kind", tag="end"):
    endings: dict[int, str]
    rows: dict[int, Row]


class _LastRules(msgspec.Struct, tag_field="kind", tag="rules"):
    pass


_last_decoder = msgspec.json.Decoder(_Last | _LastEnd | _LastRules)


@dataclass(frozen=True)
class Listed:
    """What a list shows of one file: ``head`` and the last numbers, or why it cannot be shown."""

    path: Path
    head: Head | None = None
    played: int = 0
    """Quarters played."""
    row: Row | None = None
    """Numbers of the run's own firm at the last quarter's end."""
    ending: str = ""
    torn: bool = False
    trouble: RunError | None = None
    changed: float = 0.0
    """When the file was last written, seconds since 1970, for sorting."""


def list_runs(folder: Path) -> list[Listed]:
    """Runs of a folder, last written first, quickly: the head is checked, the rest is not read but for its end.

    Never raises: a file that cannot be read is listed with its trouble, a folder that cannot be read is empty.
    """
    try:
        paths = [p for p in Path(folder).iterdir() if p.name.endswith(SUFFIX) and not p.name.startswith(".")]
    except OSError:
        return []
    return sorted(map(glance, paths), key=lambda entry: (-entry.changed, entry.path.name))


def glance(path: Path) -> Listed:
    """One entry of `list_runs`."""
    try:
        need_file(path)
        with path.open("rb") as file:
            stat = os.fstat(file.fileno())
            start = file.readline(BLOCK)
            if not looks_like_run(start):
                raise NotARun(path.name)
            head = run_of(path, start).head
            last, torn = _last_line(file.fileno(), len(start), stat.st_size)
    except RunError as error:
        return Listed(path, trouble=error)
    except OSError as error:
        return Listed(path, trouble=Unreadable(path.name, error.strerror or str(error)))
    entry = Listed(path, head, torn=torn, changed=stat.st_mtime)
    return _shown(entry, head, last) if last else entry


def _shown(entry: Listed, head: Head, line: _Last | _LastEnd) -> Listed:
    row = line.rows.get(head.firm)
    reached = line.quarter if isinstance(line, _Last) else max((r.quarter for r in line.rows.values()), default=None)
    played = 0 if reached is None else reached - head.first + 1
    ending = line.endings.get(head.firm, "") if isinstance(line, _LastEnd) else ""
    return replace(entry, played=played, row=row, ending=ending)


def _last_line(handle: int, start: int, size: int) -> tuple[_Last | _LastEnd | None, bool]:
    """Last quarter or end in the bytes from ``start``, and whether a torn tail follows it."""
    torn = False
    for raw, whole in _backwards(handle, start, size):
        try:
            line = _last_decoder.decode(raw) if unseal(raw) else None
        except (msgspec.DecodeError, UnicodeDecodeError):
            line = None
        if isinstance(line, _Last | _LastEnd):
            return line, torn
        torn = torn or not whole
    return None, torn


def _backwards(handle: int, start: int, size: int) -> Iterator[tuple[bytes, bool]]:
    """Lines between two places of a file, last first, each with whether a newline ends it."""
    with os.fdopen(os.dup(handle), "rb") as file:
        held, place, whole = b"", size, False
        while place > start:
            step = min(STEP, place - start)
            place -= step
            file.seek(place)
            held = file.read(step) + held
            held, *parts = held.split(b"\n")
            for raw in reversed(parts):
                if raw or whole:
                    yield raw, whole
                whole = True
        if held:
            yield held, whole
