"""``baimo class report``: a folder of runs verified, beside bots, with regret; a page, a table, and a summary in words."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from game.classroom.class_page import ClassPage
from game.classroom.errors import ClassError
from game.classroom.pack import RECORD, read_record
from game.classroom.table_of_runs import table
from game.language import Lang, Tongue, clean_text
from game.pages.analyse_command import ours
from game.table.assignment import AssignmentError, played_with, read_assignment
from game.table.files import new_file, replace_file
from game.table.wire import Message

if TYPE_CHECKING:
    from game.content import Content
    from game.lab.classwork.forks import Fork
    from game.lab.classwork.model import ClassReport

TYPED: Final = 1200
"""Cells of what a pupil typed that are kept."""
AGAIN: Final = 5.0
"""Seconds between two writings of the page while regret comes in, at least."""
SPARED: Final = 9.0
"""Times what a writing took: a large class's page takes no more than a tenth of the time."""


def report(args: argparse.Namespace, content: Content, lang: Lang) -> int:
    """Report on the runs in ``args.folder``; the exit code, 1 where not one of them counts."""
    from game.lab.classwork.folder import TooMany
    from game.lab.classwork.report import lying_there, reports
    from game.pages.class_report import HEAD

    if not args.folder.is_dir():
        raise ClassError("class.report.no-folder", folder=str(args.folder)[-120:])
    _may_be_new(args.csv)
    _may_be_new(args.grades)
    if args.html is not None and not ours(args.html, HEAD):
        raise ClassError("class.report.page-exists", file=args.html.name)
    notices: list[Message] = []
    try:
        plan = read_assignment(args.assignment) if args.assignment is not None else None
        if plan is None and (plan := lying_there(args.folder)) is not None:
            notices.append(Message("class.notice.found-assignment", {"title": plan.title or plan.id}))
        with played_with(plan, content) as theirs:
            tongue = Tongue(lang, content=theirs)
            out, names = _Out(args, theirs, tongue, lang), names_in(args.folder)
            last = None
            for last in reports(
                theirs, args.folder, plan, deep=args.deep, tell=teller(tongue), clean=lambda text: clean_text(text, TYPED),
                notices=notices, names=names, records=(RECORD,) if names else (), forked=out.forks.append,
            ):  # fmt: skip
                out.write(last)
            assert last is not None
            print("\n".join(summary(last, tongue)))
    except AssignmentError as error:
        raise ClassError(error.message.id, **error.message.args) from error
    except TooMany:
        raise ClassError("class.report.too-many", folder=str(args.folder)[-120:]) from None
    except OSError as error:
        raise ClassError("class.report.unreadable", folder=str(args.folder)[-120:], why=error.strerror or str(error)) from error
    return 0 if last.pupils else 1


def teller(tongue: Tongue) -> Callable[[str, int, int], None]:
    """Progress on one line of standard error that rewrites itself; silent where nobody looks."""
    if sys.stderr is None or not sys.stderr.isatty():
        return lambda stage, done, of: None
    before = ""

    def tell(stage: str, done: int, of: int) -> None:
        nonlocal before
        lead = "\n" if before and before != stage else "\r"
        before = stage
        print(f"{lead}{tongue.say(f'class.report.stage.{stage}')} {done}/{of}   ", end="" if done < of else "\n",
              file=sys.stderr, flush=True)  # fmt: skip
        if done >= of:
            before = ""

    return tell


def _may_be_new(path: Path | None) -> None:
    """Refuse a table that is there: a teacher may have written into it. Raises `ClassError`."""
    if path is not None and os.path.lexists(path):
        raise ClassError("class.report.exists", file=path.name)


class _Out:
    """The files of a report: written as soon as there is something to show, then again with more, each time whole."""

    def __init__(self, args: argparse.Namespace, content: Content, tongue: Tongue, lang: Lang) -> None:
        self.args, self.content, self.tongue = args, content, tongue
        self._page = ClassPage(args, content, lang)
        self._next = 0.0
        self._there: set[Path] = set()
        self.forks: list[Fork] = []
        """Of the best and the worst run, as far as they have been played."""

    def write(self, report: ClassReport) -> None:
        """Write what is due. Raises `ClassError` where the disk refuses."""
        done = report.progress.stage == "done"
        began = time.monotonic()
        if not done and began < self._next:
            return
        if self.args.csv is not None:
            self._write(self.args.csv, table(report, self.tongue))
        if self.args.html is not None:
            _put(self.args.html, self._page.page(report, self.forks), fresh=False)
        if self.args.grades is not None:
            self._write(self.args.grades, self._page.sheet(report))
        self._next = time.monotonic() + max(AGAIN, SPARED * (time.monotonic() - began))

    def _write(self, path: Path, data: bytes) -> None:
        """A table: new the first time, then in place of what stood there."""
        _put(path, data, fresh=path not in self._there)
        self._there.add(path)


def names_in(folder: Path) -> dict[str, str]:
    """Number and name of every team, by run file, where the folder is a room's pack; a record that is damaged names none."""
    try:
        record = read_record(folder)
    except ClassError:
        return {}
    if record is None:
        return {}
    return {
        file: f"{team.number} {record.names.get(team.id, '')}".strip() for team in record.teams for file in team.files
    }  # fmt: skip


def _put(path: Path, data: bytes, *, fresh: bool) -> None:
    try:
        (new_file if fresh else replace_file)(path, data)
    except FileExistsError:
        raise ClassError("class.report.exists", file=path.name) from None
    except OSError as error:
        raise ClassError("class.report.not-written", file=path.name, why=error.strerror or str(error)) from error


def summary(report: ClassReport, tongue: Tongue) -> list[str]:
    """The report in a few lines: what counts and what does not and why, the class beside bots, what was computed."""
    say, lines = tongue.say, []
    asked = report.asked
    if asked is not None:
        lines.append(say("class.report.asked", title=asked.title, scenario=asked.scenario, seed=asked.seed, count=asked.quarters)
                     if asked.title else
                     say("class.report.asked-bare", scenario=asked.scenario, seed=asked.seed, count=asked.quarters))  # fmt: skip
    lines += [tongue.message(notice) for notice in report.notices]
    lines.append(say("class.report.files", files=len(report.files), count=len(report.pupils)))
    lines += [f"  {tongue.message(f.sentence)}" for f in report.files if f.pupil is None]
    marked = [f for f in report.files if f.pupil is not None and f.marks]
    colon = "：" if tongue.lang == "zh" else ": "
    lines += [f"  {clean_text(f.file, 60)}{colon}{' '.join(tongue.message(m) for m in f.remarks)}" for f in marked]
    lines += _beside(report, tongue)
    progress = report.progress
    if progress.budget:
        lines.append(say("class.report.budget", count=progress.of - progress.left_out, budget=say(f"analysis.budget.{progress.budget}"),
                         select=progress.select, measure=progress.measure))  # fmt: skip
        if progress.left_out:
            lines.append(say("class.report.left-out", count=progress.left_out))
    if report.pupils:
        lines.append(say(f"class.report.rivals-{report.rivals}"))
        lines.append(tongue.message(report.proof))
    return lines


def _beside(report: ClassReport, tongue: Tongue) -> list[str]:
    """The class and the bots at the end: survival and value."""
    if report.spread is None:
        return []
    lines = []
    for field in (report.spread.pupils, *(f for f in report.spread.bots if not f.policy)):
        key = field.who if field.who == "class" else f"bots-{field.luck}"
        last = field.value[-1] if field.value else None
        if last is not None and last.games:
            lines.append(tongue.say(
                f"class.report.field-{key}", count=field.games, alive=field.alive[-1], low=last.low, median=last.median,
                high=last.high,
            ))  # fmt: skip
    return lines
