"""A pack out of a room: a run file a team in which somebody sat (of a shared market too), and the record of its people.

A run of a shared market is written once for each team, as the run about that team's firm: the head says so, and the
chain is sealed anew from there. Only the team's own reasons are in it. ``player`` in the head is the team's number, for
a name in the chain could never be forgotten; names stand in `game.classroom.pack.RECORD`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from game import __version__
from game.classroom.errors import ClassError
from game.classroom.pack import (
    RECORD,
    RECORD_VERSION,
    PackForecast,
    PackMember,
    PackReason,
    PackTeam,
    Record,
    Said,
    read_record,
    write_record,
)
from game.classroom.rows import Saved, load
from game.classroom.tables import is_shared
from game.classroom.views import firm_id
from game.table.files import replace_file
from game.table.lines import Head, Reason, decode_line, seal, seal_bytes, unseal
from game.table.runfile import SUFFIX

if TYPE_CHECKING:
    from game.classroom.hall import Hall
    from game.classroom.people import Team


async def export(hall: Hall, folder: Path) -> list[Path]:
    """Write the pack into ``folder``, in place of an older one of the same room; the files written.

    Raises `ClassError` where the folder holds files of the same names that are another's, or takes none.
    """
    try:
        saved = await hall.store.read(load)
    except sqlite3.Error as error:
        raise ClassError("class.store.unreadable", file=hall.store.path.name) from error
    runs = dict(saved.runs)
    for place, table in enumerate(hall.tables):  # what the disk has not taken yet is in the pack all the same
        runs[hall.round, place] = list(table.record.lines)
    seated = {member.team for member in hall.members.values()}  # where nobody ever sat, nobody handed anything in
    files = {
        (team.id, round): (name_of(team, round, hall.rounds), run_of_team(runs[round, place], row, str(team.number)))
        for round in range(1, hall.round + 1)
        for team in hall.teams if team.id in seated
        for place, row in [_seat(hall, team, round)]
    }
    record = _record(hall, saved, {key: name for key, (name, _) in files.items()})
    return await asyncio.to_thread(_write, folder, record, [(name, data) for name, data in files.values()])


def name_of(team: Team, round: int, rounds: int) -> str:
    """What a team's run file is called: a number, never a name."""
    return f"team-{team.number:02d}{f'-round-{round}' if rounds > 1 else ''}{SUFFIX}"


def _seat(hall: Hall, team: Team, round: int) -> tuple[int, int]:
    return (0, team.number - 1) if is_shared(hall.plan, round) else (team.number - 1, 0)


def run_of_team(lines: Sequence[bytes], firm: int, player: str) -> bytes:
    """The bytes of a run file about one firm, from the lines of a run about another of the same table."""
    head = decode_line(lines[0])
    assert isinstance(head, Head), "a run begins with its head"
    raw, checksum = seal(msgspec.structs.replace(head, firm=firm, player=player), "")
    out = [raw]
    for raw in lines[1:]:
        parts = unseal(raw)
        if parts is not None:
            raw, checksum = seal_bytes(parts[0], checksum)
            out.append(raw)
        else:
            reason = decode_line(raw)
            if isinstance(reason, Reason) and reason.firm == firm:
                out.append(raw)
    return b"".join(raw + b"\n" for raw in out)


def _record(hall: Hall, saved: Saved, files: dict[tuple[str, int], str]) -> Record:
    people = list(hall.members.values())
    names = {m.id: m.name for m in people if m.name} | {t.id: t.name for t in hall.teams if t.name}
    table = hall.tables[0]
    return Record(
        RECORD_VERSION, __version__, hall.id, hall.plan.scenario, hall.plan.mode, hall.plan.difficulty,
        hall.plan.assume, table.head.levers, hall.plan.background, hall.phase, hall.round, table.head.first,
        table.head.quarters,
        [
            PackTeam(t.id, t.number, firm_id(hall, t), [m.id for m in t.members],
                     [files[t.id, r] for r in range(1, hall.round + 1) if (t.id, r) in files], t.absent, t.reentered)
            for t in hall.teams
        ],
        [PackMember(m.id, m.number, m.team, m.role) for m in people],
        [PackForecast(f.member, f.round, f.quarter, f.what, f.low, f.high, f.actual, f.score, f.naive)
         for f in saved.forecasts],
        [PackReason(m, r, q, hash) for (m, r, q), (hash, _, _) in sorted(saved.reasons.items())],
        names,
        [Said(m, r, q, salt, text) for (m, r, q), (_, salt, text) in sorted(saved.reasons.items()) if salt],
        [text for _, _, _, text in saved.told if text],
    )  # fmt: skip


def _write(folder: Path, record: Record, files: Sequence[tuple[str, bytes]]) -> list[Path]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = read_record(folder)
        if there is None or there.room != record.room:
            for name in (RECORD, *(name for name, _ in files)):
                if (folder / name).exists():
                    raise ClassError("class.room.export-there", file=name)
        written = [folder / name for name, _ in files]
        for path, (_, data) in zip(written, files):
            replace_file(path, data)
        return [*written, write_record(folder, record)]
    except OSError as error:
        raise ClassError("class.room.export", file=folder.name) from error
