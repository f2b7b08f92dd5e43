"""Reading run files, whole and checked. No numpy, no content, no writing.

>>> read_run(path).head.scenario            # doctest: +SKIP
'war'
>>> [str(f) for f in verify_chain(path)]    # doctest: +SKIP
['line 7: its checksum does not fit its text']

Checksums find damage, not forgery: whoever recomputes them all can write any history, and whole lines cut off the end
leave a shorter run that is as good as any. Only playing the decisions again (`game.table.replay`) finds the first;
nothing finds the second, unless the run had its closing line.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from game.engine.names import quarter_label
from game.table import migrate
from game.table.errors import WHY, Damaged, NewerFormat, NotARun, Unreadable
from game.table.lines import (
    FORBIDDEN,
    FORMAT,
    FORMATS,
    HEAD_MARK,
    MARKED,
    PLAIN,
    REASON_MARK,
    End,
    Head,
    Levers,
    Line,
    Quarter,
    Reason,
    Rules,
    decode_line,
    encode_reason,
    fits,
    link,
    unpack_state,
    unseal,
)

SUFFIX: Final = ".baimo"
"""How names of run files end."""
MAX_FILE: Final = 64 * 2**20
BLOCK: Final = 64 * 2**10
_SEED: Final = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file: ``line`` counts from 1, ``why`` is a key of `errors.WHY`."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"line {self.line}: {WHY[self.why]}"


@dataclass(frozen=True)
class RunFile:
    """A run as read: its lines in order, whole up to ``size``; ``torn`` is what follows (a save that a crash cut)."""

    path: Path
    head: Head
    quarters: tuple[Quarter, ...]
    rules: tuple[tuple[int, Rules], ...]
    """Changes of rules, each with the number of quarters played before it."""
    end: End | None
    reasons: Mapping[tuple[int, int], Reason]
    """By quarter and firm, where still present."""
    checksums: tuple[str, ...]
    """Checksum after the head and after each quarter; the line of a change of rules belongs to the next quarter."""
    lines: tuple[bytes, ...]
    """Every whole line, without its newline."""
    last_checksum: str
    torn: bytes = b""
    unended: bool = False
    """Whether the last line is whole but for its newline."""
    migrated: int | None = None
    """Format of the file if it is an older one; ``lines`` are then as this program writes them."""

    @property
    def size(self) -> int:
        """Bytes of the whole lines with their newlines."""
        return sum(map(len, self.lines)) + len(self.lines)

    @property
    def marked(self) -> bool:
        """Whether rules changed on the way."""
        return bool(self.rules)

    @property
    def digest(self) -> str:
        """Digest of the rules that its last quarter was played by."""
        return self.rules[-1][1].digest if self.rules else self.head.digest

    def decisions(self, played: int) -> list[Levers]:
        """Every lever of every firm in the quarter after ``played`` quarters."""
        return whole_decisions([q.decisions for q in self.quarters[: played + 1]])

    def state(self, played: int) -> bytes:
        """Packed state after ``played`` quarters, at least one.

        Raises `Damaged` if it does not unpack.
        """
        try:
            return unpack_state(self.quarters[played - 1].state)
        except ValueError as error:
            raise Damaged(self.path.name, self.line_of(played), "state") from error

    def line_of(self, played: int) -> int:
        """Line, from 1, of the quarter after which ``played`` quarters are over; 1 for the head."""
        if not played:
            return 1
        mark = b'{"kind":"quarter","quarter":%d,' % self.quarters[played - 1].quarter
        return 1 + next(i for i, raw in enumerate(self.lines) if raw.startswith(mark))


def whole_decisions(changes: Sequence[Sequence[Levers]]) -> list[Levers]:
    """Every lever of every firm after a series of quarters that each give changes only."""
    standing: list[Levers] = [{} for _ in changes[0]]
    for quarter in changes:
        standing = [{**old, **new} for old, new in zip(standing, quarter, strict=True)]
    return standing


def changed_levers(now: Levers, before: Levers) -> Levers:
    """Levers of ``now`` whose value differs to the bit from ``before``."""
    return {k: v for k, v in now.items() if k not in before or not same_value(before[k], v)}


def same_value(a: float | None, b: float | None) -> bool:
    """Whether two values of a lever are the same to the bit (0.0 and -0.0 are equal and not the same)."""
    return a is b or (a is not None and b is not None and float(a).hex() == float(b).hex())


@dataclass
class _Scan:
    """What one pass over the bytes found; faults in order of line."""

    faults: list[Fault] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    head: Head | None = None
    quarters: list[Quarter] = field(default_factory=list)
    rules: list[tuple[int, Rules]] = field(default_factory=list)
    end: End | None = None
    reasons: dict[tuple[int, int], Reason] = field(default_factory=dict)
    checksums: list[str] = field(default_factory=list)
    last: str | None = ""
    """Checksum to link the next line to; None after a line whose own is lost."""
    torn: bytes = b""
    unended: bool = False
    newer: tuple[int, str] | None = None
    older: int | None = None
    _placed: tuple[int, int] = (-1, -1)

    def fault(self, why: str) -> None:
        self.faults.append(Fault(len(self.lines), why))

    def take(self, raw: bytes, stated: Sequence[str]) -> None:
        """Check one whole line and keep it."""
        self.lines.append(raw)
        parts = unseal(raw)
        if parts is None:
            self._loose(raw)
            return
        body, checksum = parts
        before, self.last = self.last, checksum
        if before is not None and link(body, before) != checksum:
            # why is worth a search once only: it is for a person to read
            self.fault("checksum" if self.faults else self._why(body, checksum, stated))
            return
        if len(self.lines) == 1 and (format := _format(body)) not in FORMATS:
            self.newer = (format, _program(body)) if format > FORMAT else None
            self.older = format if migrate.known(format) else None
        if self.newer or self.older is not None:
            return
        try:
            line = decode_line(raw)
        except msgspec.DecodeError:
            self.fault("fields")
            return
        self._chained(line, checksum)

    def _why(self, body: bytes, checksum: str, stated: Sequence[str]) -> str:
        if checksum in stated[: len(self.lines) - 1]:
            return "repeat"
        return "order" if any(link(body, other) == checksum for other in ("", *stated)) else "checksum"

    def _chained(self, line: Line, checksum: str) -> None:
        first = len(self.lines) == 1
        if first != isinstance(line, Head) or (isinstance(line, Head) and line.format not in FORMATS):
            self.fault("fields")
        elif self.end is not None:
            self.fault("after-end")
        elif isinstance(line, Head):
            if not _sound(line):
                self.fault("fields")
            self.head = line
            self.checksums.append(checksum)
        elif isinstance(line, Quarter):
            self._quarter(line, checksum)
        elif isinstance(line, Rules):
            self.rules.append((len(self.quarters), line))
        elif isinstance(line, End):
            self.end = line
        else:
            self.fault("fields")  # a reason with a checksum

    def _quarter(self, line: Quarter, checksum: str) -> None:
        if self.head and not self.faults:
            if line.quarter != self.head.first + len(self.quarters):
                self.fault("sequence")
            elif (
                len(line.decisions) != len(self.head.seats) or line.label != quarter_label(line.quarter)
                or (line.outside and self.head.format == PLAIN)
            ):  # fmt: skip
                self.fault("fields")
        self.quarters.append(line)
        self.checksums.append(checksum)
        self._placed = (line.quarter, -1)

    def _loose(self, raw: bytes) -> None:
        """A line without a checksum: a reason, or a line that lost its own."""
        if (self.newer or self.older is not None) and raw.startswith(REASON_MARK):
            return
        try:
            line = decode_line(raw)
        except msgspec.DecodeError:
            line = None
        if not isinstance(line, Reason):
            self.fault("checksum")
            self.last = None
        elif (line.quarter, line.firm) in self.reasons:
            self.fault("repeat")
        elif not self.quarters or line.quarter != self._placed[0] or line.firm <= self._placed[1]:
            self.fault("order")
        elif encode_reason(line) != raw or not fits(line, self.quarters[-1].reasons.get(line.firm, "")):
            self.fault("reason")
        else:
            self.reasons[line.quarter, line.firm] = line
            self._placed = (line.quarter, line.firm)


def _sound(head: Head) -> bool:
    """Whether a head's seed is one, its seats and its firm are there, and its format is that of what it says."""
    return (
        bool(_SEED.match(head.seed)) and len(head.seats) == len(head.firms) and 0 <= head.firm < len(head.firms)
        and head.undo in (MARKED, FORBIDDEN) and (head.plain or head.format != PLAIN)
    )  # fmt: skip


def _format(body: bytes) -> int:
    digits = body[len(HEAD_MARK) :].split(b",", 1)[0] if body.startswith(HEAD_MARK) else b""
    return int(digits) if digits.isdigit() and len(digits) < 10 else FORMAT


def _program(body: bytes) -> str:
    try:
        return str(msgspec.json.decode(body + b"}").get("program", "?"))
    except (msgspec.DecodeError, AttributeError):
        return "?"


def scan(data: bytes) -> _Scan:
    """One pass over a file's bytes. Raises nothing; what is wrong is in ``faults``, ``torn`` and ``unended``."""
    *whole, rest = data.split(b"\n")
    stated = [parts[1] if (parts := unseal(raw)) else "" for raw in whole]
    found = _Scan()
    for raw in whole:
        found.take(raw, stated)
    if rest and not found.newer:
        _tail(found, rest, stated)
    return found


def _tail(found: _Scan, rest: bytes, stated: Sequence[str]) -> None:
    """Bytes after the last newline: a whole line that lost only its newline, or a torn one."""
    trial = _Scan(
        lines=list(found.lines), head=found.head, quarters=list(found.quarters), end=found.end,
        reasons=dict(found.reasons), last=found.last, older=found.older, _placed=found._placed,
    )  # fmt: skip
    trial.take(rest, stated)
    if trial.faults or found.faults:
        found.torn = rest
    else:
        found.unended = True
        found.take(rest, stated)


def looks_like_run(start: bytes) -> bool:
    """Whether bytes begin as a run does, even if a character is damaged or the fields stand in another order."""
    if b'"seed_text":' in start and b'"scenario":' in start:
        return True
    half = len(HEAD_MARK) // 2
    return HEAD_MARK[:half] in start[: 2 * half] or HEAD_MARK[half:] in start[: 3 * half]


def read_run(path: Path) -> RunFile:
    """The run in a file, every checksum and every reason checked.

    Tolerates a torn tail only (``torn``); raises `Damaged` with the first line that is wrong, `NotARun`,
    `NewerFormat` or `Unreadable`.
    """
    path = Path(path)
    return run_of(path, _bytes(path))


def run_of(path: Path, data: bytes) -> RunFile:
    """As `read_run`, from bytes that are already here."""
    found = _judge(path, data)
    if found.faults:
        raise Damaged(path.name, found.faults[0].line, found.faults[0].why)
    migrated = found.older
    if migrated is not None:
        found = _migrated(path, found, migrated)
    if found.head is None:
        raise Damaged(path.name, 1, "cut")
    return RunFile(
        path, found.head, tuple(found.quarters), tuple(found.rules), found.end, found.reasons,
        tuple(found.checksums), tuple(found.lines), found.last or "", found.torn, found.unended, migrated,
    )  # fmt: skip


def _migrated(path: Path, found: _Scan, format: int) -> _Scan:
    new = scan(b"".join(raw + b"\n" for raw in migrate.upgrade(found.lines, format)))
    if new.faults:
        raise Damaged(path.name, new.faults[0].line, new.faults[0].why)
    new.torn, new.unended = found.torn, found.unended
    return new


def verify_chain(path: Path) -> list[Fault]:
    """Everything wrong with the bytes of a run, in order; empty for an intact file. A torn tail counts.

    Raises `NotARun`, `NewerFormat` or `Unreadable`. A line is judged against what the line before it states, so that
    one changed line is one fault.
    """
    path = Path(path)
    found = _judge(path, _bytes(path))
    faults = list(found.faults)
    if found.torn:
        faults.append(Fault(len(found.lines) + 1, "cut"))
    if found.unended:
        faults.append(Fault(len(found.lines), "newline"))
    return faults


def _judge(path: Path, data: bytes) -> _Scan:
    if not looks_like_run(data):
        raise NotARun(path.name)
    found = scan(data)
    if found.newer:
        raise NewerFormat(path.name, found.newer[0], FORMAT, found.newer[1])
    return found


def need_file(path: Path) -> None:
    """Refuse what would keep a reader waiting or never end. Raises `Unreadable`, or `OSError` where nothing is there."""
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # a folder says so itself
        raise Unreadable(path.name, "it is not a regular file")


def _bytes(path: Path) -> bytes:
    try:
        need_file(path)
        with path.open("rb") as file:
            if not looks_like_run(file.read(BLOCK)):
                raise NotARun(path.name)
            if os.fstat(file.fileno()).st_size > MAX_FILE:
                raise Unreadable(path.name, "it is far larger than any run")
            file.seek(0)
            return file.read()
    except OSError as error:
        raise Unreadable(path.name, error.strerror or str(error)) from error
