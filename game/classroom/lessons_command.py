"""What ``baimo class lessons`` does: lists the sheets, prints one as text, writes them as a page, plays the key's forks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, cast

from game.classroom.errors import ClassError
from game.content.check_lessons import lesson_problems
from game.content.lessons import sheet_ids
from game.language import LANGS, Tongue, cell_width
from game.language.output import clean

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Lang


def lessons(args: argparse.Namespace, content: Content, lang: str) -> int:
    """``lessons [ID] [--html FILE] [--runs DIR] [--lang zh|en]``.

    Without an id the sheets are listed; ``--html`` then writes all of them. With ``--lang`` a page has that language only.
    ``--runs`` takes the id of a demonstration, or none for all. Raises `ClassError` for an id that there is not, a fault in
    the lessons, and a file that cannot be written.
    """
    faults = [p for p in lesson_problems(content) if p.severity == "error"]
    if faults:
        raise ClassError("class.lessons.faulty", fault=clean(str(faults[0])))
    tongue = Tongue(cast("Lang", lang), content=content)
    if args.runs is not None:
        return _runs(content, tongue, args.id, args.runs)
    known = sheet_ids(content.lessons)
    if args.id and args.id not in known:
        raise ClassError("class.lessons.no-sheet", id=clean(args.id), known=tongue.join(known))
    if args.html is not None:
        return _page(content, tongue, args)
    from game.pages.lesson_sheets import listed, plain, sheet

    if args.id:
        print(plain(sheet(content, tongue, args.id)), end="")
        return 0
    rows = [(label, name, tongue.say(f"class.lessons.{audience}")) for label, name, audience in listed(content, tongue)]
    wide = [max(cell_width(row[n]) for row in rows) for n in (0, 1)]
    for label, name, audience in rows:
        print(f"{label}{' ' * (wide[0] - cell_width(label))}  {name}{' ' * (wide[1] - cell_width(name))}  {audience}")
    return 0


def _page(content: Content, tongue: Tongue, args: argparse.Namespace) -> int:
    from game.pages.lessons import HEAD, lesson_page

    path: Path = args.html
    langs = (tongue.lang,) if args.lang else LANGS
    text = lesson_page(content, args.id or "", tongue.lang, langs)
    try:
        if path.exists():
            with path.open("rb") as file:
                if not file.read(len(HEAD) + 8).replace(b"\r\n", b"\n").startswith(HEAD.encode()):
                    raise ClassError("class.lessons.exists", file=clean(path))
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ClassError("class.lessons.no-write", file=clean(path), why=error.strerror or str(error)) from error
    print(tongue.say("class.lessons.written", file=clean(path)))
    return 0


def _runs(content: Content, tongue: Tongue, label: str | None, folder: Path) -> int:
    from game.lab.classwork.demonstrations import run_name, write_runs
    from game.table.errors import RunError

    playable = {d.id: d for d in content.lessons.demonstrations.values() if any(not b.times for b in d.branches)}
    if label and label not in playable:
        raise ClassError("class.lessons.no-runs", id=clean(label), known=tongue.join(playable))
    wanted = [playable[label]] if label else list(playable.values())
    for path in (folder / run_name(d, b) for d in wanted for b in d.branches):
        if path.exists():
            raise ClassError("class.lessons.run-exists", file=clean(path))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for demonstration in wanted:
            for path in write_runs(content, demonstration, folder):
                print(tongue.say("class.lessons.written", file=clean(path)))
    except (OSError, RunError) as error:
        raise ClassError("class.lessons.no-write", file=clean(folder), why=clean(str(error))) from error
    return 0
