"""What can go wrong with a run file: one class a cause, each a sentence in English and a message for the locale."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from typing import ClassVar, Final

from game.table.wire import Message

WHY: Final = {
    "checksum": "its checksum does not fit its text",
    "repeat": "it repeats an earlier line",
    "order": "it does not follow the line before it",
    "fields": "it does not hold what a line of a run holds",
    "sequence": "its quarter does not follow the quarter before it",
    "reason": "the reason does not fit the hash given when it was written",
    "after-end": "the run had already ended",
    "cut": "it is cut short",
    "newline": "the line's end is missing",
    "state": "the market's state cannot be read",
}
"""Causes of damage to a line, by the id that `Damaged` and `Fault` carry."""


class RunError(Exception):
    """Any fault of a run file.

    ``id`` is a dotted path of the locale and ``values`` its arguments; ``str()`` is the English sentence.
    """

    id: ClassVar[str] = "run.error"
    text: ClassVar[str] = "{file}: the run cannot be used."

    def __init__(self, **values: str | int) -> None:
        self.values: dict[str, str | int] = values
        super().__init__(self.text.format(**values))

    def message(self) -> Message:
        """The same as a message for the locale."""
        return Message(self.id, dict(self.values))


class NotARun(RunError):
    """The file is something else."""

    id = "run.not-a-run"
    text = "{file} is not a run of this game."

    def __init__(self, file: str) -> None:
        super().__init__(file=file)


class Unreadable(RunError):
    """The file could not be read at all."""

    id = "run.unreadable"
    text = "{file} cannot be read: {why}."

    def __init__(self, file: str, why: str) -> None:
        super().__init__(file=file, why=why)


class NewerFormat(RunError):
    """An intact run of a later program."""

    id = "run.newer-format"
    text = (
        "{file} was written by a newer version of the game ({program}, format {format}); this one reads up to {known}."
    )

    def __init__(self, file: str, format: int, known: int, program: str) -> None:
        super().__init__(file=file, format=format, known=known, program=program)


class Damaged(RunError):
    """A line is not what was written; ``line`` counts from 1, ``why`` is a key of `WHY`."""

    id = "run.damaged"
    text = "{file} is damaged at line {line}: {reason}."

    def __init__(self, file: str, line: int, why: str) -> None:
        self.line, self.why = line, why
        super().__init__(file=file, line=line, why=why, reason=WHY[why])


class Foreign(RunError):
    """An intact run of content that is not here (scenario, overlay, policy) or of rules whose state differs."""

    id = "run.foreign"
    text = "{file} was played with {what} {name}, which is not here."

    def __init__(self, file: str, what: str, name: str) -> None:
        super().__init__(file=file, what=what, name=name)


class LockedError(RunError):
    """Somebody else is writing to the run: offer a fork."""

    id = "run.locked"
    text = "{file} is open in another game. It can be forked and played on in a file of its own."

    def __init__(self, file: str) -> None:
        super().__init__(file=file)


class UndoForbidden(RunError):
    """The game was founded so that no quarter can be taken back."""

    id = "run.undo-forbidden"
    text = "In this game no quarter can be taken back."

    def __init__(self, file: str) -> None:
        super().__init__(file=file)


class SaveError(RunError):
    """The run could not be written; nothing is lost as long as the game stays open, and the next save tries again.

    ``why`` is one of ``disk-full``, ``read-only``, ``exists``, ``changed``, ``failed``.
    """

    id = "run.not-saved"
    text = "{file} is not saved: {reason}. The game goes on and the next quarter tries again."
    REASONS: ClassVar[dict[str, str]] = {
        "disk-full": "the disk is full",
        "read-only": "the folder or file cannot be written to",
        "exists": "another file has this name",
        "changed": "the file was changed by something else",
        "failed": "the disk did not take it",
    }

    def __init__(self, file: str, why: str) -> None:
        self.why = why
        super().__init__(file=file, why=why, reason=self.REASONS[why])

    @classmethod
    def of(cls, file: str, error: OSError) -> SaveError:
        """The save error that an operating system's error means."""
        if error.errno in (errno.ENOSPC, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC, errno.EFBIG):
            return cls(file, "disk-full")
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR):
            return cls(file, "read-only")
        return cls(file, "failed")


class DraftError(Exception):
    """A draft that cannot be taken; ``messages`` names every fault."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = list(messages)
        super().__init__("; ".join(m.id for m in self.messages))
