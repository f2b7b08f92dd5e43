"""Bytes to disk so that a crash or a full disk loses nothing that was there before."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path
from typing import Final

_BINARY: Final = getattr(os, "O_BINARY", 0)


def write_all(handle: int, data: bytes) -> None:
    """All of ``data`` at a handle's place. Raises `OSError`; some of it may then be written."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def replace_file(path: Path, data: bytes) -> None:
    """A whole file: written beside ``path``, brought to disk, then put in its place in one step.

    Raises `OSError` and leaves whatever was at ``path`` as it was.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        _write_new(beside, data)
        os.replace(beside, path)
    except OSError:
        _remove(beside)
        raise
    _sync_folder(path.parent)


def new_file(path: Path, data: bytes) -> None:
    """A file that was not there before. Raises `FileExistsError` or another `OSError`, and then leaves none."""
    try:
        _write_new(path, data)
    except FileExistsError:
        raise
    except OSError:
        _remove(path)
        raise
    _sync_folder(path.parent)


def append_at(path: Path, size: int, data: bytes) -> None:
    """Bytes at place ``size`` of a file, on disk when this returns; anything after that place is cut off.

    Raises `OSError`; the file is then cut back to ``size`` as far as the disk lets us.
    """
    handle = os.open(path, os.O_RDWR | _BINARY)
    try:
        try:
            os.ftruncate(handle, size)
            os.lseek(handle, size, os.SEEK_SET)
            write_all(handle, data)
            os.fsync(handle)
        except OSError:
            _cut(handle, size)
            raise
    finally:
        os.close(handle)


def aside(path: Path, kind: str, data: bytes) -> Path:
    """Keep bytes in the first free ``NAME.KIND-N`` beside ``path``; its path. Raises `OSError`."""
    number = 1
    while True:
        place = path.with_name(f"{path.name}.{kind}-{number}")
        try:
            new_file(place, data)
            return place
        except FileExistsError:
            number += 1


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """A path in ``folder`` that no file has: ``STEM`` or ``STEM-2`` and so on, made of letters every system takes."""
    stem = re.sub(r"[^\w.-]+", "-", stem).strip("-.")[:60] or "run"
    path, number = Path(folder) / f"{stem}{suffix}", 1
    while path.exists():
        number += 1
        path = Path(folder) / f"{stem}-{number}{suffix}"
    return path


def _write_new(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o644)
    try:
        write_all(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)


def _cut(handle: int, size: int) -> None:
    with contextlib.suppress(OSError):  # else the next save cuts it, and a reader takes it for a torn tail
        os.ftruncate(handle, size)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # folders cannot be opened there; the replacement is in the journal
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass  # some network drives refuse; the file itself is on disk
    finally:
        os.close(handle)
