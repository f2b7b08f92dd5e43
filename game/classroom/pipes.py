"""Frames between the room's server and a host process of browser seats, over the process's standard input and output.

A frame is a head (connection, kind, length) and that many bytes. Connection 0 is the process itself. Both sides bound what
they read: a frame that is longer than `MAX_FRAME` ends the process, for nothing of ours is.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

HEAD: Final = struct.Struct("<IBI")
MAX_FRAME: Final = 4 * 1024 * 1024
"""Bytes of a frame: the whole market's history is a few hundred thousand."""

# from the server
OPEN: Final = 1
"""Begin an application: JSON of `Opening`."""
KEYS: Final = 2
"""What the terminal of the browser sent, as UTF-8."""
SIZE: Final = 3
"""Columns and rows, two little-endian unsigned 16-bit numbers."""
FOCUS: Final = 4
BLUR: Final = 5
CLOSE: Final = 6
"""End the application."""
TOLD: Final = 7
"""JSON of a `FromRoom`."""
HOLD: Final = 8
"""The browser is slow: draw nothing until `GO`."""
GO: Final = 9
PING: Final = 10
"""Are you there? (connection 0)"""

# from the process
READY: Final = 32
"""The process has loaded what it needs (connection 0)."""
DRAWN: Final = 33
"""Bytes for the terminal of the browser."""
ASKED: Final = 34
"""JSON of an `Asked`."""
DROPPED: Final = 35
"""The application no longer waits for an answer: its number, little-endian unsigned 32-bit."""
ENDED: Final = 36
"""The application has ended; a sentence why, or nothing."""
PONG: Final = 37
"""Still here (connection 0)."""


class FrameError(Exception):
    """A frame that is too long."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame."""

    connection: int
    kind: int
    body: bytes = b""


def pack(connection: int, kind: int, body: bytes = b"") -> bytes:
    """The bytes of a frame. Raises `FrameError` for one that is too long."""
    if len(body) > MAX_FRAME:
        raise FrameError(f"{len(body)} bytes")
    return HEAD.pack(connection, kind, len(body)) + body


class Frames:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete now. Raises `FrameError` for one that is too long."""
        self._rest += data
        found: list[Frame] = []
        at = 0
        while len(self._rest) - at >= HEAD.size:
            connection, kind, length = HEAD.unpack_from(self._rest, at)
            if length > MAX_FRAME:
                raise FrameError(f"{length} bytes")
            end = at + HEAD.size + length
            if len(self._rest) < end:
                break
            found.append(Frame(connection, kind, bytes(self._rest[at + HEAD.size : end])))
            at = end
        del self._rest[:at]
        return found
