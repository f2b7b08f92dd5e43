"""Regret of many runs at a small budget, run by run over all cores, in the order given; and the forks of some of them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from game.lab.analysis.model import Analysis, Budget, QuarterAnalysis
from game.lab.analysis.reading import opened
from game.lab.analysis.run import steps
from game.lab.classwork.forks import Fork, fork
from game.lab.classwork.verify import content_of
from game.lab.pool import stream
from game.table.errors import RunError
from game.table.runfile import read_run

if TYPE_CHECKING:
    from game.content import Content


@dataclass(frozen=True)
class Task:
    """One run, as it travels to a worker."""

    directory: str
    overlay: str
    path: str
    checksum: str
    """Of the run that was verified: a file that changed since is another."""
    budget: Budget
    forked: int = -1
    """Place among the pupils of a run that is forked as well, at its largest regret; else -1."""


def regrets(
    content: Content, files: Sequence[tuple[str, str, int]], budget: Budget, processes: int | None = None
) -> Generator[tuple[int, tuple[Analysis, Fork | None] | None], None, None]:
    """(place, (whole analysis, fork)) of every (path, checksum, ``Task.forked``) as they are done; None where one cannot
    be analysed. Closing the generator ends the work.
    """
    overlay = str(content.overlay) if content.overlay else ""
    tasks = [Task(str(content.directory), overlay, path, checksum, budget, forked) for path, checksum, forked in files]
    return stream(analyse, tasks, processes=processes)


def largest(analysis: Analysis) -> list[QuarterAnalysis]:
    """Quarters with regret, the largest first; those that may be chance after all that are surely none."""
    return sorted(
        (q for q in analysis.quarters if q.regret is not None and q.regret.mean > 0),
        key=lambda q: (not q.regret.low > 0, -q.regret.mean),  # type: ignore[union-attr]
    )  # fmt: skip


def analyse(task: Task) -> tuple[Analysis, Fork | None] | None:
    """One run; None where the file is gone or is another by now."""
    content = content_of(task.directory, task.overlay)
    try:
        run = read_run(Path(task.path))
        if run.last_checksum != task.checksum:
            return None
        found = opened(content, run)
        *_, whole = steps(content, found, task.budget)
        quarters = largest(whole) if task.forked >= 0 else []
        return whole, fork(found, task.forked, quarters[0].quarter) if quarters else None
    except (RunError, ArithmeticError, LookupError, ValueError):
        return None
