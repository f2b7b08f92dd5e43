"""What a player set once and for all: a small JSON file in the user's configuration folder.

A file that is there but cannot be read is somebody's: it is never written over. Settings then hold until the program
ends, and whoever asks is told.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

from game.table.files import replace_file


def read_settings(path: Path) -> dict[str, str]:
    """Settings kept earlier; an unreadable file counts as none."""
    return _read(path) or {}


def damaged(path: Path) -> bool:
    """Whether there is something at ``path`` that holds no settings."""
    return _read(path) is None


def keep_setting(path: Path, setting: str, value: str) -> bool:
    """Keep a setting; whether it is on disk now. A disk that refuses is no reason to stop, nor is a damaged file."""
    kept = _read(path)
    if kept is None:
        return False
    data = json.dumps({**kept, setting: value}, ensure_ascii=False, indent=1).encode(errors="replace")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(Path(os.path.realpath(path)), data)
    except OSError:
        return False
    return True


def _read(path: Path) -> dict[str, str] | None:
    """What stands in the file: nothing where there is no file or an empty one, None where it holds no settings."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None  # a pipe would keep us waiting
        data = path.read_bytes()
        if not data.strip():
            return {}
        kept = json.loads(data.decode("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        return None
    return {str(k): str(v) for k, v in kept.items()} if isinstance(kept, dict) else None
