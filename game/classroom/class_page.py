"""The page and the grade sheet of ``baimo class report``: what is asked for is checked first, then written again and again
as the report fills."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from game.classroom.errors import ClassError
from game.classroom.pack import Record, read_record
from game.lab.classwork.graded import Foretold, Member, graded
from game.lab.classwork.rubric import RubricError, read_rubric

if TYPE_CHECKING:
    from game.content import Content
    from game.lab.classwork.forks import Fork
    from game.lab.classwork.model import ClassReport
    from game.language import Lang
    from game.pages.class_report import Kept

MOST: Final = 256 * 1024
"""Bytes of a table of quiz results."""
NAMES: Final = {
    "file": ("file", "文件"), "name": ("name", "名字", "姓名", "学号", "player"), "points": ("points", "得分", "分数"), "of": ("of", "满分"),
}  # fmt: skip
"""Heads of the columns of quiz results, in either language."""


class ClassPage:
    """What ``--html`` and ``--grades`` ask for. Raises `ClassError` where a rubric or results cannot be used."""

    def __init__(self, args: argparse.Namespace, content: Content, lang: Lang) -> None:
        self.content, self.lang = content, lang
        try:
            self.rubric = read_rubric(content, args.rubric)
        except RubricError as error:
            raise ClassError(error.message.id, **error.message.args) from error
        self._kept: Kept = {}
        self._record = _record(args.folder)
        self._results = read_results(args.quizzed) if args.quizzed is not None else []

    def page(self, report: ClassReport, forks: Sequence[Fork] = ()) -> bytes:
        """The page as far as the report goes, with the forks of the best and the worst run that have been played."""
        from game.pages.class_report import class_report_page

        return class_report_page(
            self.content, report, self.lang, forks=forks, rubric=self.rubric, quizzed=self.quizzed(report),
            members=self.members, kept=self._kept,
        ).encode()

    def sheet(self, report: ClassReport) -> bytes:
        """The grade sheet as CSV in UTF-8 with its mark, so that spreadsheets read Chinese."""
        from game.language import Tongue
        from game.pages.class_grades import grades_csv

        text = grades_csv(graded(report, self.members), self.rubric, self.quizzed(report), Tongue(self.lang, content=self.content))
        return b"\xef\xbb\xbf" + text.encode()

    @property
    def members(self) -> list[Member]:
        """Members of a room's teams, where the folder holds the record of a room."""
        return members_of(self._record) if self._record is not None else []

    def quizzed(self, report: ClassReport) -> dict[str, float]:
        """Results by the key of the grade sheet's row. Raises `ClassError` where a line names nobody, or several."""
        found: dict[str, float] = {}
        rows = graded(report, self.members)
        for row, (name, share) in enumerate(self._results, 2):
            who = [
                g.key for g in rows
                if name and name in ((g.name,) if g.name else (g.pupil.file, g.pupil.file.rpartition("/")[2], g.pupil.player))
            ]  # fmt: skip
            if len(who) != 1 or who[0] in found:
                why = "nobody" if not who else "twice" if len(who) == 1 else "several"
                raise ClassError(f"class_page.quiz.{why}", line=row, name=name[:60])
            found[who[0]] = share
        return found


def _record(folder: Path) -> Record | None:
    """The record of a room in a pack's folder; one that is damaged tells of nobody."""
    try:
        return read_record(folder)
    except ClassError:
        return None


def members_of(record: Record) -> list[Member]:
    """Every member of every team, once for each of the team's runs: a round's forecasts belong to that round's run."""
    out = []
    for team in record.teams:
        for round, file in enumerate(team.files, 1):
            for member in (m for m in record.members if m.team == team.id):
                mine = [f for f in record.forecasts if f.member == member.id and f.round == round]
                written = {r.quarter for r in record.reasons if r.member == member.id and r.round == round}
                out.append(Member(
                    member.id, record.names.get(member.id, "") or str(member.number), file,
                    [Foretold(f.quarter, f.what, f.low, f.high, f.actual, f.score, f.naive) for f in mine],
                    {q: record.text_of(member.id, q, round) for q in sorted(written)},
                ))  # fmt: skip
    return out


def read_results(path: Path) -> list[tuple[str, float]]:
    """(file or name, share of the points 0..1) of every row of a table of quiz results: CSV with a head.

    Columns are ``file`` or ``name``, ``points`` and, if these are not out of 100, ``of``; a row without points is left
    out. Raises `ClassError`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST + 1)
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise ClassError("class_page.quiz.unreadable", file=path.name) from error
    if len(data) > MOST:
        raise ClassError("class_page.quiz.unreadable", file=path.name)
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise ClassError("class_page.quiz.unreadable", file=path.name) from error
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    at = {key: next((i for i, h in enumerate(head) if h in names), None) for key, names in NAMES.items()}
    who = at["file"] if at["file"] is not None else at["name"]
    if who is None or at["points"] is None:
        raise ClassError("class_page.quiz.head", file=path.name)
    out = []
    for number, row in enumerate(rows[1:], 2):
        cells = dict(enumerate(row))
        points, most = cells.get(at["points"], "").strip(), cells.get(at["of"], "").strip() if at["of"] is not None else ""
        if not points:
            continue
        share = _share(points, most)
        if share is None:
            raise ClassError("class_page.quiz.points", file=path.name, line=number)
        out.append((cells.get(who, "").strip().removeprefix("'"), share))
    return out


def _share(points: str, most: str) -> float | None:
    """Points as a share of what there was to get; None where that is no number from 0 to 1."""
    try:
        share = float(points.removesuffix("%")) / (float(most) if most else 100.0)
    except (ValueError, ZeroDivisionError):
        return None
    return share if 0.0 <= share <= 1.0 else None
