"""A member's places on this machine: what `baimo class join` keeps so that joining again returns to the same place.

One small file a place in the user's configuration folder, readable by that user alone (where the system knows such modes),
named by a hash of the room's address and code, so that nobody who looks at the folder learns a code from it.
"""

from __future__ import annotations

import contextlib
import os
import stat
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec

from game.classroom.secret import bare_code

LARGEST: Final = 4096
"""Bytes of a file that may be one of ours."""


class Kept(msgspec.Struct, frozen=True):
    """A place as it is kept."""

    address: str
    member: str
    team: str
    name: str
    secret: str


def places_folder() -> Path:
    """Where places are kept."""
    import platformdirs

    return Path(platformdirs.user_config_dir("baimo", appauthor=False)) / "places"


def place_file(folder: Path, address: str, code: str) -> Path:
    """The file of the place in a room."""
    digest = blake2b(f"{address}\0{bare_code(code)}".encode("utf-8", "replace"), digest_size=16, person=b"baimo place")
    return folder / f"{digest.hexdigest()}.json"


def kept_place(folder: Path, address: str, code: str) -> Kept | None:
    """The place kept for a room, or None; what cannot be read counts as none."""
    path = place_file(folder, address, code)
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            return None
        return msgspec.json.decode(path.read_bytes(), type=Kept)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def keep_place(folder: Path, address: str, code: str, place: Kept) -> bool:
    """Keep a place; whether that worked. Only the user may read the file, from its first byte on."""
    path = place_file(folder, address, code)
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(place))
        os.replace(beside, path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        return False
    return True


def forget_place(folder: Path, address: str, code: str) -> None:
    """Forget the place in a room, because the room is over or the place is gone."""
    with contextlib.suppress(OSError):
        place_file(folder, address, code).unlink()
