"""The record of a room beside the runs of its teams, as a pack holds it: `RECORD` in the pack's folder.

Runs tell what firms did; this tells of people: names, roles, every member's forecasts with scores, every member's
reasons with the salted hash that the room kept when they were given. Names and texts stand in ``names``, ``said`` and
``told`` alone and can be emptied (`forget_record`), which leaves everything else, and every hash, as it was.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import msgspec

from game.classroom.errors import ClassError
from game.table.files import replace_file
from game.table.lines import hash_reason

RECORD: Final = "room.json"
RECORD_VERSION: Final = 1
_MOST: Final = 64 * 2**20


class PackTeam(msgspec.Struct, frozen=True):
    """A team; ``files`` are its runs in the pack, one a round."""

    id: str
    number: int
    firm: str
    members: list[str]
    files: list[str]
    absent: int
    reentered: bool


class PackMember(msgspec.Struct, frozen=True):
    """A member."""

    id: str
    number: int
    team: str
    role: str


class PackForecast(msgspec.Struct, frozen=True):
    """A member's 80 % interval for the end of ``quarter``; scores are None until it had ended."""

    member: str
    round: int
    quarter: int
    what: str
    """``cash``, ``revenue`` (CNY), or ``price`` (median token price, CNY per million tokens)."""
    low: float
    high: float
    actual: float | None
    score: float | None
    """Interval score, lower is better (Gneiting and Raftery 2007)."""
    naive: float | None
    """That of the naive interval around the number before."""


class PackReason(msgspec.Struct, frozen=True):
    """That a member gave a reason: the hash of salt and text."""

    member: str
    round: int
    quarter: int
    hash: str


class Said(msgspec.Struct, frozen=True):
    """The text of a reason, and its salt."""

    member: str
    round: int
    quarter: int
    salt: str
    text: str


class Record(msgspec.Struct, frozen=True):
    """Everything beside the runs."""

    version: int
    program: str
    room: str
    """Random id of the room."""
    scenario: str
    mode: str
    difficulty: str
    assume: str
    levers: str
    background: str
    phase: str
    round: int
    first_quarter: int
    quarters: int
    teams: list[PackTeam]
    members: list[PackMember]
    forecasts: list[PackForecast]
    reasons: list[PackReason]
    names: dict[str, str] = {}
    """Of teams and members, by id."""
    said: list[Said] = []
    told: list[str] = []
    """What the teacher told the class."""

    def text_of(self, member: str, quarter: int, round: int = 1) -> str:
        """What a member gave as reason; empty where nothing, or where it is not what was hashed."""
        hashes = {(r.member, r.round, r.quarter): r.hash for r in self.reasons}
        for said in self.said:
            key = said.member, said.round, said.quarter
            if key == (member, round, quarter) and hash_reason(said.salt, said.text) == hashes.get(key):
                return said.text
        return ""


def read_record(folder: Path) -> Record | None:
    """The record in a pack's folder; None where there is none. Raises `ClassError` for one that cannot be read."""
    path = folder / RECORD
    try:
        if not path.is_file():
            return None
        if os.stat(path).st_size > _MOST:
            raise ClassError("class.room.record", file=path.name)
        found = msgspec.json.decode(path.read_bytes(), type=Record)
    except (OSError, UnicodeDecodeError, RecursionError, msgspec.MsgspecError) as error:
        raise ClassError("class.room.record", file=path.name) from error
    if found.version != RECORD_VERSION:
        raise ClassError("class.room.record", file=path.name)
    return found


def write_record(folder: Path, record: Record) -> Path:
    """Write a record into a pack's folder. Raises `OSError`."""
    path = folder / RECORD
    replace_file(path, msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n")
    return path


def forget_record(path: Path) -> int:
    """Empty names and texts of a pack's record; how many there were. Raises `ClassError`."""
    record = read_record(path.parent)
    if record is None or path.name != RECORD:
        raise ClassError("class.room.record", file=path.name)
    count = len(record.names) + len(record.said) + len(record.told)
    try:
        write_record(path.parent, msgspec.structs.replace(record, names={}, said=[], told=[]))
    except OSError as error:
        raise ClassError("class.room.export", file=path.name) from error
    return count
