"""What is wrong with a content folder: where, what, and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Literal

import msgspec

Severity = Literal["error", "warning"]


class Problem(msgspec.Struct, frozen=True, order=True):
    """One fault: the file, the key inside it, a sentence saying what is wrong and what would be right."""

    file: str
    key: str
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.message}" if self.severity == "error" else f"{place}: {self.severity}: {self.message}"


class ContentError(Exception):
    """A content folder that cannot be used; `problems` holds every fault found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(p) for p in self.problems) or "content cannot be used")


def did_you_mean(word: str, options: Iterable[str], *, limit: int = 8) -> str:
    """The end of a message about an unknown word: the nearest option, or the options if they are few.

    >>> did_you_mean("trsut", ["trust", "cash"])
    "; did you mean 'trust'?"
    """
    known = [str(o) for o in options]
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"; did you mean '{near[0]}'?"
    if 0 < len(known) <= limit:
        return "; allowed: " + ", ".join(known)
    return ""
