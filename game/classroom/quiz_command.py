"""``baimo class quiz``: six questions before a lesson, or six after it from a pupil's own run, with the answer key."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from game.classroom.errors import ClassError
from game.language import Lang, Tongue, clean_text
from game.pages.analyse_command import ours
from game.table.assignment import AssignmentError, played_with, read_assignment
from game.table.errors import RunError
from game.table.files import replace_file

if TYPE_CHECKING:
    from game.content import Content
    from game.pages.class_quiz import Paper

SUFFIX = ".baimo"
MOST = 400
"""Runs of one folder that are asked about; no class has more."""


def quiz(args: argparse.Namespace, content: Content, lang: Lang) -> int:
    """Print the quiz, or write it: before a lesson, or after it from ``args.of_run``, a run or a folder of runs."""
    from game.pages.class_quiz import HEAD

    if args.html is not None and not ours(args.html, HEAD):
        raise ClassError("class_quiz.error.exists", file=args.html.name)
    try:
        plan = read_assignment(args.assignment) if args.assignment is not None else None
        with played_with(plan, content) as theirs:
            return _told(args, theirs, lang, plan.title if plan is not None else "")
    except AssignmentError as error:
        raise ClassError(error.message.id, **error.message.args) from error


def _told(args: argparse.Namespace, content: Content, lang: Lang, title: str) -> int:
    from game.lab.classwork.quiz import before, read_quiz
    from game.pages.class_quiz import Paper, quiz_lines, quiz_page

    tongue = Tongue(lang, content=content)
    _, problems = read_quiz(content)
    if problems:
        raise ClassError("class_quiz.error.broken", file=problems[0].file, why=f"{problems[0].key} {problems[0].message}".strip())
    papers = [Paper(title, "", before(content), False)] if args.of_run is None else list(_after(args.of_run, content, title, tongue))
    if not papers:
        raise ClassError("class_quiz.error.nothing", file=args.of_run.name or str(args.of_run)[-60:])
    if args.html is None:
        print("\n".join(quiz_lines(papers, tongue)))
        return 0
    try:
        replace_file(args.html, quiz_page(content, papers, lang).encode())
    except OSError as error:
        raise ClassError("class_quiz.error.not-written", file=args.html.name, why=error.strerror or str(error)) from error
    return 0


def _after(place: Path, content: Content, title: str, tongue: Tongue) -> Iterator[Paper]:
    """A paper for every run; what cannot be read is named on standard error, and alone in its place is the error."""
    from game.lab.analysis.model import QUICK
    from game.lab.analysis.reading import open_run
    from game.lab.analysis.run import analyse
    from game.lab.classwork.quiz import after
    from game.lab.progress import progress_line
    from game.pages.class_quiz import Paper

    files = sorted(p for p in place.iterdir() if p.name.endswith(SUFFIX))[:MOST] if place.is_dir() else [place]
    for file in files:
        try:
            opened = open_run(content, file)
        except RunError as error:
            if not place.is_dir():
                raise ClassError(error.id, **error.values) from error
            print(f"baimo: {clean_text(tongue.message(error.message()), 300)}", file=sys.stderr)
            continue
        name = clean_text(opened.run.head.player, 40) or clean_text(file.name.removesuffix(SUFFIX), 40)
        found = analyse(content, opened, QUICK, progress=progress_line(name))
        questions = after(content, opened, found)
        if questions:
            yield Paper(title, name, questions, True)

