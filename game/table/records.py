"""One's own finished runs, best first, by scenario and level: undone runs and forks stay in and stay marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from game.table.achievements import own
from game.table.daily import founded, worth
from game.table.listing import Listed


@dataclass(frozen=True)
class Group:
    """Finished runs of one scenario at one level under one overlay of assumptions."""

    scenario: str
    difficulty: str
    assume: str
    runs: Sequence[Listed]


def records(runs: Iterable[Listed], scenarios: Sequence[str] = (), levels: Sequence[str] = ()) -> list[Group]:
    """Groups in the order of ``scenarios`` and ``levels`` (unknown ones last), each by value, the older first of equals.

    Runs that nobody played, that go on, or that cannot be read are not here; the list of runs has them.
    """
    found: dict[tuple[str, str, str], list[Listed]] = {}
    for run in runs:
        if run.ending and run.trouble is None and run.head is not None and own(run):
            found.setdefault((run.head.scenario, run.head.difficulty, run.head.assume), []).append(run)

    def place(names: Sequence[str], name: str) -> tuple[int, str]:
        return (names.index(name) if name in names else len(names)), name

    order = sorted(found, key=lambda key: (place(scenarios, key[0]), place(levels, key[1]), key[2] != "none", key[2]))
    return [Group(*key, sorted(found[key], key=lambda run: (*(-x for x in worth(run)), *founded(run)))) for key in order]
