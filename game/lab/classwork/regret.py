"""Regret of many runs at a small budget, run by run over all cores, in the order given."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from game.lab.analysis.model import Analysis, Budget
from game.lab.analysis.reading import opened
from game.lab.analysis.run import steps
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


def regrets(
    content: Content, files: Sequence[tuple[str, str]], budget: Budget, processes: int | None = None
) -> Generator[tuple[int, Analysis | None], None, None]:
    """(place, whole analysis) of every (path, checksum) as they are done; None where one cannot be analysed.

    Closing the generator ends the work.
    """
    overlay = str(content.overlay) if content.overlay else ""
    tasks = [Task(str(content.directory), overlay, path, checksum, budget) for path, checksum in files]
    return stream(analyse, tasks, processes=processes)


def analyse(task: Task) -> Analysis | None:
    """One run; None where the file is gone or is another by now."""
    content = content_of(task.directory, task.overlay)
    try:
        run = read_run(Path(task.path))
        if run.last_checksum != task.checksum:
            return None
        *_, whole = steps(content, opened(content, run), task.budget)
    except (RunError, ArithmeticError, LookupError, ValueError):
        return None
    return whole
