"""The run that a fork came from, found by its checksum in the same folder: its quarters are the fork's ghost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.table.errors import RunError
from game.table.listing import list_runs
from game.table.runfile import RunFile, read_run

if TYPE_CHECKING:
    from pathlib import Path

    from game.table.lines import Head
    from game.table.wire import Row


def parent_of(head: Head, folder: Path) -> RunFile | None:
    """The run in ``folder`` that a fork left; None where it is not there, cannot be read, or is no fork.

    A fork names the checksum of the line after which it left, and no other run has that one: forks chain their lines
    anew. Of several copies of the parent the one that was played furthest is meant.
    """
    origin = head.parent
    if origin is None:
        return None
    played = origin.quarter - head.first
    best: RunFile | None = None
    for entry in list_runs(folder):
        other = entry.head
        if other is None or entry.trouble is not None or (other.seed, other.scenario) != (head.seed, head.scenario):
            continue
        if other == head:  # itself
            continue
        try:
            run = read_run(entry.path)
        except RunError:
            continue
        sums = run.checksums
        shared = 0 <= played < len(sums) and sums[played] == origin.checksum
        if shared and (best is None or len(run.quarters) > len(best.quarters)):
            best = run
    return best


def parent_rows(run: RunFile) -> list[Row]:
    """Headline numbers of the parent's firm at the end of each of its quarters; empty where there is no parent.

    The parent is looked for beside the run.
    """
    parent = parent_of(run.head, run.path.parent)
    if parent is None:
        return []
    firm = parent.head.firm
    return [q.rows[firm] for q in parent.quarters if firm in q.rows]
