"""Writing a run: one writer a file, a line a quarter, on disk when `append` returns.

The writer keeps every line in memory. Where the disk takes none (full, read-only, gone), `append` raises `SaveError`,
the line stays pending, the game goes on, and the next append writes all that is missing.

>>> with RunWriter.create(path, head) as run:          # doctest: +SKIP
...     run.append(quarter, [Reason(0, 3, salt, "cheap compute first")])
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from game.table import files
from game.table.errors import LockedError, RunError, SaveError
from game.table.lines import (
    Chained,
    End,
    Head,
    Parent,
    Quarter,
    Reason,
    Rules,
    decode_line,
    encode_reason,
    fits,
    seal,
    seal_bytes,
    unseal,
)
from game.table.lock import Lock
from game.table.outside import still_planned
from game.table.runfile import RunFile, read_run, run_of
from game.table.wire import Message


class RunWriter:
    """The one writer of a run file. Made by `create` or `open`, never directly."""

    def __init__(self, path: Path | None) -> None:
        # a link is followed, so that putting a whole file in its place does not cut the link
        self.path = Path(os.path.realpath(path)) if path else Path()
        self._kept = path is not None
        self.notices: list[Message] = []
        """What a person should be told: a torn tail set aside."""
        self.trouble: RunError | None = None
        """Why the last save did not work, or None."""
        self._lines: list[bytes] = []
        self._saved = 0
        """Lines on disk, with this many bytes:"""
        self._size = 0
        self._checksum = ""
        self._ended = False
        self._lock: Lock | None = None
        self._rough: RunFile | None = None
        """The run as found, while what is to be set aside could not be."""

    @classmethod
    def create(cls, path: Path | None, head: Head, lines: Sequence[Chained | Reason] = ()) -> Self:
        """Begin a run, with these lines after its head (a fork's shared past); without a path in memory only.

        Never raises for the disk: ``trouble`` says so, and the next append tries again. A file that is already there
        is never touched (``trouble.why`` is ``exists``; see `move`). Raises `LockedError` if someone is writing there.
        """
        writer = cls(path)
        for line in (head, *lines):
            writer._add(line)
        writer._try()
        return writer

    @classmethod
    def of(cls, run: RunFile) -> Self:
        """A run as read, to go on with in memory only."""
        writer = cls(None)
        writer._load(run)
        return writer

    @classmethod
    def open(cls, path: Path) -> tuple[Self, RunFile]:
        """Go on with a run; a torn tail is set aside first.

        Raises what `read_run` raises, and `LockedError`: then offer a fork. Where the folder takes no lock (read-only)
        the run opens and ``trouble`` says that nothing is saved.
        """
        writer = cls(path)
        try:
            writer._lock = Lock.take(writer.path)
        except OSError as error:
            writer.trouble = SaveError.of(writer.path.name, error)
        try:
            run = read_run(writer.path)
        except BaseException:
            writer.close()
            raise
        writer._load(run)
        if run.torn or run.unended or run.migrated is not None:
            writer._rough = run
            if writer._lock:
                writer._try()
        return writer, run

    @property
    def pending(self) -> int:
        """Lines that are not on disk yet (of a run that has a file)."""
        return len(self._lines) - self._saved

    @property
    def unsaved(self) -> int:
        """Quarters, and the end, that would be lost if the writer were let go now; none of a run without a file."""
        marks = (b'{"kind":"quarter"', b'{"kind":"end"')
        return sum(raw.startswith(marks) for raw in self._lines[self._saved :]) if self._kept else 0

    @property
    def lines(self) -> Sequence[bytes]:
        """Every line so far, saved or not, without newlines."""
        return self._lines

    @property
    def ended(self) -> bool:
        """Whether the run has its closing line."""
        return self._ended

    @property
    def checksum(self) -> str:
        """Checksum of the last line of the chain."""
        return self._checksum

    def append(self, quarter: Quarter, reasons: Sequence[Reason] = ()) -> None:
        """A quarter that has ended, with the reasons given in it.

        Raises `SaveError` or `LockedError` if it is not on disk (it is kept and tried again), `ValueError` if it is
        no line of a run.
        """
        for reason in reasons:
            if reason.quarter != quarter.quarter or not fits(reason, quarter.reasons.get(reason.firm, "")):
                raise ValueError(f"reason of firm {reason.firm} does not belong to quarter {quarter.label}")
        self._add(quarter)
        for reason in sorted(reasons, key=lambda r: r.firm):
            self._add(reason)
        self.save()

    def change_rules(self, rules: Rules) -> None:
        """Mark that the quarters to come are played by other rules; saved with the next of them."""
        self._add(rules)

    def finish(self, end: End) -> None:
        """The closing line. Raises as `append`."""
        self._add(end)
        self._ended = True
        self.save()

    def save(self) -> None:
        """Bring everything pending to disk. Raises `SaveError` or `LockedError`, also kept in ``trouble``."""
        self._try()
        if self.trouble:
            raise self.trouble

    def move(self, path: Path) -> None:
        """Go on in another file, written whole (when the first place takes no more). Raises as `save`."""
        other = type(self)(path)
        other._lines = self._lines
        try:
            other.save()
        except RunError:
            other.close()
            raise
        self.close()
        self.path, self._lock, self._saved, self._size = other.path, other._lock, other._saved, other._size
        self.trouble, self._rough, self._kept = None, None, True

    def run(self) -> RunFile:
        """The run so far, saved or not."""
        return run_of(self.path, b"".join(raw + b"\n" for raw in self._lines))

    def close(self) -> None:
        """Let others write. What is pending stays in memory only."""
        if self._lock:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _load(self, run: RunFile) -> None:
        self._lines, self._checksum, self._ended = list(run.lines), run.last_checksum, run.end is not None
        self._saved, self._size = len(run.lines), run.size

    def _add(self, line: Chained | Reason) -> None:
        if self._ended:
            raise ValueError("the run has ended")
        if isinstance(line, Reason):
            raw, checksum = encode_reason(line), self._checksum
        else:
            raw, checksum = seal(line, self._checksum)
        if decode_line(raw) != line:
            raise ValueError("a number that is not finite, or a text that is none")  # JSON would not give it back
        self._lines.append(raw)
        self._checksum = checksum
        self._ended = isinstance(line, End)

    def _try(self) -> None:
        self.trouble = None
        try:
            self._save()
        except LockedError as error:
            self.trouble = error
            if not self._saved:
                raise
        except SaveError as error:
            self.trouble = error
        except OSError as error:
            self.trouble = SaveError.of(self.path.name, error)

    def _save(self) -> None:
        if not self._kept or (not self.pending and not self._rough):
            return
        if self._lock is None:
            self._lock = Lock.take(self.path)
        if self._rough:
            self._mend(self._rough)
            self._rough = None
            if not self.pending:
                return
        data = b"".join(raw + b"\n" for raw in self._lines[self._saved :])
        if not self._saved:
            self._save_first(data)
        elif not self.path.exists():
            # removed while we played: everything is still here
            data = b"".join(raw + b"\n" for raw in self._lines)
            files.replace_file(self.path, data)  # where this fails, the place in the old file is still known
            self._size = 0
        else:
            self._check_ours(data)
            files.append_at(self.path, self._size, data)
        self._size += len(data)
        self._saved = len(self._lines)

    def _save_first(self, data: bytes) -> None:
        if self.path.exists():
            raise SaveError(self.path.name, "exists")
        # whole, so that no run without a head is ever seen
        files.replace_file(self.path, data)

    def _check_ours(self, data: bytes) -> None:
        """The file is as we left it, except for what a failed save of ours may have added."""
        with self.path.open("rb") as file:
            ends = self._lines[self._saved - 1][-80:] + b"\n"
            file.seek(self._size - len(ends))
            ours = file.read(len(ends)) == ends
            more = file.read(len(data) + 1)
        if not ours or not data.startswith(more):
            raise SaveError(self.path.name, "changed")

    def _mend(self, run: RunFile) -> None:
        """Write the file again as this program would, and keep beside it what that leaves out. Raises `OSError`."""
        found = self.path.read_bytes()
        again = run_of(self.path, found)
        if (again.lines, again.torn) != (run.lines, run.torn):
            raise SaveError(self.path.name, "changed")
        if run.migrated is not None:
            kept = files.aside(self.path, f"format{run.migrated}", found)
            told = Message("run.migrated", {"file": self.path.name, "format": run.migrated, "kept": kept.name})
            self.notices.append(told)
        elif run.torn:
            kept = files.aside(self.path, "torn", run.torn)
            line = len(run.lines) + 1
            self.notices.append(Message("run.torn", {"file": self.path.name, "line": line, "kept": kept.name}))
        files.replace_file(self.path, b"".join(raw + b"\n" for raw in run.lines))


def fork_lines(run: RunFile, played: int) -> list[Chained | Reason]:
    """The lines of a run's first ``played`` quarters (without head and end)."""
    lines: list[Chained | Reason] = []
    for number, quarter in enumerate(run.quarters[:played]):
        lines += [rules for before, rules in run.rules if before == number]
        lines.append(quarter)
        given = [(quarter.quarter, firm) for firm in sorted(quarter.reasons)]
        lines += [run.reasons[key] for key in given if key in run.reasons]
    return lines


def fork_run(
    run: RunFile, played: int, path: Path | None, created: str, undone: bool = False,
    also: Mapping[int, Sequence[str]] = {},
) -> RunWriter:  # fmt: skip
    """A new run that shares the first ``played`` quarters and the luck of ``run`` and names it as its parent.

    ``undone`` marks it as a game in which a quarter was taken back; once marked, all that descends from it is. Cards
    that were dealt live later on (``also``: in the quarter at hand) are planned in it.
    """
    if not 0 <= played <= len(run.quarters):
        raise ValueError(f"the run has {len(run.quarters)} quarters, not {played}")
    parent = Parent(run.checksums[played], run.head.first + played)
    head = msgspec.structs.replace(
        run.head, parent=parent, created=created, undone=undone or run.head.undone,
        planned=still_planned(run.head, run.quarters[played:], also),
    )  # fmt: skip
    return RunWriter.create(path, head, fork_lines(run, played))


def drop_reasons(path: Path) -> int:
    """Remove every reason from a run and leave its chain whole; how many there were.

    Raises what `RunWriter.open` raises, and `SaveError`.
    """
    writer, run = RunWriter.open(path)
    with writer:
        if writer.trouble:
            raise writer.trouble
        kept = [raw for raw in run.lines if not isinstance(decode_line(raw), Reason)]
        try:
            files.replace_file(writer.path, b"".join(raw + b"\n" for raw in kept))
        except OSError as error:
            raise SaveError.of(path.name, error) from error
        return len(run.lines) - len(kept)


def forget_person(path: Path) -> int:
    """Remove the player's name and every reason from a run for good; how many there were. It verifies as before.

    Reasons stand outside the chain, so without a name their lines are left out and nothing else changes. The name
    stands in the head: without it the chain is sealed anew from there, line by line. Every decision, state and number
    stays to the bit, so that playing it again finds the same; what does change are the checksums, so that a fork made
    before no longer names its parent, and a copy kept elsewhere is the same run by its states, not by its checksums.

    What the disk itself keeps of the old file's blocks is out of reach of any program. Raises what `RunWriter.open`
    raises, and `SaveError`.
    """
    writer, run = RunWriter.open(path)
    with writer:
        if writer.trouble:
            raise writer.trouble
        count, checksum, kept = 0, "", []
        for raw in run.lines:
            line = decode_line(raw)
            if isinstance(line, Reason):
                count += 1
                continue
            if isinstance(line, Head) and line.player:
                count += 1
                raw, checksum = seal(msgspec.structs.replace(line, player=""), "")
            elif checksum:
                body, _ = unseal(raw) or (raw, "")
                raw, checksum = seal_bytes(body, checksum)
            kept.append(raw)
        try:
            files.replace_file(writer.path, b"".join(raw + b"\n" for raw in kept))
        except OSError as error:
            raise SaveError.of(path.name, error) from error
        return count
