"""Whether a folder stands on a network drive, where a database in one file is not safe: locks and syncs lie there.

Linux says so in ``/proc/mounts``, macOS through ``mount``, Windows by the path (``\\\\server\\share``) or by the kind of
the drive. What cannot be told counts as local. The branches of Windows and macOS are tested with their systems' answers
written down; they have not been run there.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

NETWORK: Final = frozenset({
    "nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "afpfs", "webdav", "davfs", "davfs2", "ncpfs", "ncp",
    "9p", "drvfs", "ceph", "glusterfs", "lustre", "beegfs", "gpfs", "ocfs2", "gfs2", "sshfs", "rclone", "s3fs", "vboxsf",
    "prl_fs", "vmhgfs",
})  # fmt: skip
"""Names of file systems that live on another machine, as systems spell them (after ``fuse.``, where they are that)."""
_REMOTE: Final = 4
"""What Windows calls the kind of a drive that is on the network."""


def network_kind(path: Path) -> str:
    """The kind of network drive that ``path`` (a file, there or not) stands on; empty for a local one."""
    folder = Path(os.path.realpath(path.parent))
    if sys.platform == "win32":
        return kind_on_windows(str(folder))
    try:
        if sys.platform == "darwin":
            told = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5, check=False).stdout
            return kind_of(str(folder), mounts_of_macos(told))
        return kind_of(str(folder), mounts_of_linux(Path("/proc/mounts").read_text("utf-8", "replace")))
    except (OSError, subprocess.SubprocessError):
        return ""


def kind_of(folder: str, mounts: list[tuple[str, str]]) -> str:
    """The network kind of the mount that a folder is under, of (where, kind); the last of equals hides the others.

    >>> kind_of("/home/x/share/class", [("/", "ext4"), ("/home/x/share", "fuse.sshfs")])
    'sshfs'
    """
    best, found = -1, ""
    for where, kind in mounts:
        root = where.rstrip("/")
        if (folder == where or folder.startswith(f"{root}/")) and len(root) >= best:
            best, found = len(root), kind
    plain = found.lower().removeprefix("fuse.").removeprefix("fuseblk.")
    return plain if plain in NETWORK else ""


def mounts_of_linux(text: str) -> list[tuple[str, str]]:
    """(where, kind) of every line of ``/proc/mounts``; blanks in it are written as octal numbers."""
    rows = [line.split(" ") for line in text.splitlines()]
    return [
        (re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), row[1]), row[2]) for row in rows if len(row) > 2
    ]


def mounts_of_macos(text: str) -> list[tuple[str, str]]:
    """(where, kind) of every line that ``mount`` prints: ``//u@server/s on /Volumes/s (smbfs, nodev)``."""
    return [(m[1], m[2]) for m in re.finditer(r"^.+? on (/.*) \(([^,)]+)[^)]*\)$", text, re.MULTILINE)]


def kind_on_windows(folder: str, remote: bool | None = None) -> str:
    """``smb`` for a share or a drive letter of one. ``remote`` is what Windows says of the drive; asked if left out."""
    plain = folder.replace("/", "\\")
    if plain.upper().startswith("\\\\?\\UNC\\") or (plain.startswith("\\\\") and plain[2:4] not in ("?\\", ".\\")):
        return "smb"
    if remote is None:
        remote = _asked_windows(plain.removeprefix("\\\\?\\").removeprefix("\\\\.\\")[:3])
    return "smb" if remote else ""


def _asked_windows(drive: str) -> bool:
    try:
        import ctypes

        return bool(ctypes.windll.kernel32.GetDriveTypeW(drive) == _REMOTE)  # type: ignore[attr-defined]
    except (ImportError, AttributeError, OSError):
        return False
