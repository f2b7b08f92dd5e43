"""The shipped content, decoded once and kept: reading it again takes a fraction of parsing and checking it.

The store is one file in the user's cache folder. It counts only for exactly the bytes it was made of: its key is a digest
of every content file, of the modules that read and check content, and of the program's version; its own bytes have a
digest too. What is missing, of another key, damaged or unreadable is passed over, and the content is read as ever. An
overlay (``--content``) is never stored.
"""

from __future__ import annotations

import contextlib
import os
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import msgspec

from . import layout
from . import schema as s
from .book import FIELDS, Content
from .load import content_directory, load
from .problems import Problem

TABLES: Final = tuple(name for name in FIELDS.values() if name in Content.__dataclass_fields__)
"""Tables of `Content` that are read at once; what is read on first use is not stored."""
SIZE: Final = 32
"""Bytes of a digest."""


def load_shipped(store: Path | None = None) -> Content:
    """The shipped content, from the store where that is right, else as `load` reads it; then stored for the next time.

    ``store`` is the file to keep it in; the user's cache folder by default. Raises `ContentError` as `load`.
    """
    directory = content_directory()
    place = store or cache_file()
    key = content_key(directory)
    content = _stored(place, key, directory)
    if content is None:
        content = load()
        _keep(place, key, content)
    return content


def cache_file() -> Path:
    """Where the decoded content is kept."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("baimo", appauthor=False)) / "content.msgpack"


def content_key(directory: Path) -> bytes:
    """Digest of all that decoded content depends on: the files' bytes, the modules that read them, the version."""
    from game import __version__

    found = blake2b(__version__.encode(), digest_size=SIZE)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        stat = path.stat()
        found.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    for path in sorted(directory.rglob("*.toml")):
        data = path.read_bytes()
        found.update(f"{path.relative_to(directory).as_posix()} {len(data)}\n".encode())
        found.update(data)
    return found.digest()


@lru_cache(maxsize=1)
def _shape() -> Any:
    """The type of what is stored: every table of `Content` with its entries' type, and the interface messages."""
    fields = [(name, dict[str, layout.KINDS[kind]]) for kind, name in FIELDS.items() if name in TABLES]  # type: ignore[valid-type]
    return msgspec.defstruct(
        "Stored", [*fields, ("files", list[tuple[str, str, str]]), ("warnings", list[Problem]), ("messages", dict[str, s.Text])]
    )


def _stored(place: Path, key: bytes, directory: Path) -> Content | None:
    """What is in the store under a key, or None."""
    try:
        data = place.read_bytes()
    except OSError:
        return None
    body = memoryview(data)[2 * SIZE :]
    if data[:SIZE] != key or data[SIZE : 2 * SIZE] != blake2b(body, digest_size=SIZE).digest():
        return None
    try:
        kept = msgspec.msgpack.decode(body, type=_shape())
    except (msgspec.MsgspecError, RecursionError):
        return None
    tables = {name: getattr(kept, name) for name in TABLES}
    files = {(kind, name): file for kind, name, file in kept.files}
    content = Content(directory=directory, files=files, warnings=tuple(kept.warnings), **tables)
    content.__dict__["locale"] = kept.messages  # where `Content.locale` keeps them once they were read
    return content


def _keep(place: Path, key: bytes, content: Content) -> None:
    """Put content into the store; a disk that refuses is no matter."""
    files = [(kind, name, file) for (kind, name), file in content.files.items()]
    tables = {name: dict(getattr(content, name)) for name in TABLES}
    stored = _shape()(files=files, warnings=list(content.warnings), messages=dict(content.locale), **tables)
    body = msgspec.msgpack.encode(stored)
    beside = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(key + blake2b(body, digest_size=SIZE).digest() + body)
        os.replace(beside, place)
    except OSError:
        with contextlib.suppress(OSError):  # where it could not be written, there may be no folder to take it from
            beside.unlink()
