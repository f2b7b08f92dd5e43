"""Forgers' tools: a run changed and its checksums made again, so that only playing it again can tell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from game.table.lines import Line, Reason, decode_line, encode_reason, seal
from game.table.runfile import read_run


def rechain(source: Path, target: Path, change: Callable[[int, Line], Line | None]) -> Path:
    """``source`` with every line (counted from 1) as ``change`` makes it, None to leave it out; the chain is whole."""
    checksum, out = "", []
    for number, raw in enumerate(read_run(source).lines, 1):
        line = change(number, decode_line(raw))
        if line is None:
            continue
        if isinstance(line, Reason):
            out.append(encode_reason(line))
        else:
            raw, checksum = seal(line, checksum)
            out.append(raw)
    target.write_bytes(b"".join(raw + b"\n" for raw in out))
    assert read_run(target)  # whole, as far as anyone can tell without playing it
    return target
