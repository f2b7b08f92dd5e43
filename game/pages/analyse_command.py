"""What ``baimo analyse`` does; `game.cli` reads the arguments."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from game.language.output import clean, print_json

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Lang


def analyse(args: argparse.Namespace, content: Content, lang: Lang) -> int:
    """Analyse one to four runs: text, ``--json``, ``--html FILE``. Raises `RunError` where one cannot be read at all.

    A page that is there is written over, for it holds nothing but what a run says; any other file stays. Exit code 2
    where a file cannot be written.
    """
    from game.lab.analysis import run
    from game.lab.analysis.model import BUDGETS, MOST_RUNS
    from game.lab.analysis.reading import open_run
    from game.lab.progress import progress_line
    from game.language import Tongue
    from game.pages.analysis import HEAD, page
    from game.pages.analysis_text import text

    if len(args.files) > MOST_RUNS:
        return _refuse(f"up to {MOST_RUNS} runs are compared, not {len(args.files)}.")
    if args.html is not None and not ours(args.html, HEAD):
        return _refuse(f"{clean(args.html)} exists already and is no such page; choose another name.")
    opened = [open_run(content, path) for path in args.files]
    budget = BUDGETS[args.budget]
    analyses = [
        run.analyse(content, one, budget, progress=progress_line(clean(one.run.path.name)),
                    luck_progress=progress_line("baselines"))
        for one in opened
    ]  # fmt: skip
    comparison = run.compare(opened, analyses)
    if args.html is not None:
        try:
            args.html.write_text(page(content, comparison, lang), encoding="utf-8", newline="\n")
        except OSError as error:
            return _refuse(f"{clean(args.html)} cannot be written: {error.strerror or error}.")
    if args.json:
        print_json(comparison)
    elif args.html is None:
        print("\n".join(text(comparison, Tongue(lang, content=content))))
    return 0


def _refuse(sentence: str) -> int:
    print(f"baimo: {sentence}", file=sys.stderr)
    return 2


def ours(path: Path, head: str) -> bool:
    """Whether ``path`` may take a page: there is no such file, or it begins as a page of ours does."""
    if not os.path.isfile(path):  # pathlib's own raises for a name that is too long
        return not os.path.lexists(path)
    try:
        with path.open("rb") as file:
            return file.read(2 * len(head)).replace(b"\r\n", b"\n").startswith(head.encode())
    except OSError:
        return True  # said when it is written
