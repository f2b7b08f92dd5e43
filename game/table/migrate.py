"""All migrations of run files, in order.

A step takes the lines of a file of one format as plain objects and gives those of the next format; checksums are made
again. Old *rules* need no step: such a run opens, shows its history and goes on from its last state, and a line of
kind ``rules`` marks where the rules changed (`game.table.table.Table.resume`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import msgspec

from game.table.lines import PLAIN, REASON_MARK, seal_bytes

Object: TypeAlias = dict[str, Any]
Step: TypeAlias = Callable[[list[Object]], list[Object]]

STEPS: dict[int, Step] = {}
"""From format N to N + 1. Empty: format 1 is the first, and formats 1 and 2 are both read as they stand: what 2 may
hold more, 1 does not hold."""


def known(format: int) -> bool:
    """Whether a file of an older format can be brought up to this one."""
    return format < PLAIN and all(number in STEPS for number in range(format, PLAIN))


def upgrade(lines: Sequence[bytes], format: int) -> list[bytes]:
    """Lines of a file as the oldest format that is still written has them, with a chain of their own."""
    objects: list[Object] = [msgspec.json.decode(raw) for raw in lines]
    for number in range(format, PLAIN):
        objects = STEPS[number](objects)
    checksum, out = "", []
    for item in objects:
        item.pop("checksum", None)
        raw = msgspec.json.encode(item)
        if not raw.startswith(REASON_MARK):
            raw, checksum = seal_bytes(raw[:-1], checksum)
        out.append(raw)
    return out
