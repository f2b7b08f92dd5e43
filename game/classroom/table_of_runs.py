"""The table of a class, one row a file: for spreadsheets, with nothing in it that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

from game.engine.names import quarter_label
from game.lab.classwork.model import ClassReport, FileEntry, Pupil
from game.language import Tongue
from game.language.output import spreadsheet


def table(report: ClassReport, tongue: Tongue) -> bytes:
    """The table in UTF-8 with its mark, so that spreadsheets read Chinese: pupils first, then what does not count."""
    quarters = report.spread.quarters if report.spread is not None else []
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    names = ("player", "file", "verdict", "remark", "marks", "played", "ending", "ruined", "value", "cash", "rank",
             "regret", "regret-quarter", "regret-done", "luck", "skill", "intervals", "held", "score", "naive", "reasons")  # fmt: skip
    head = [tongue.say(f"class.table.{name}") for name in names]
    writer.writerow([*head, *(f"{tongue.say('class.table.value')} {quarter_label(q)}" for q in quarters)])
    by_file = {f.pupil: f for f in report.files if f.pupil is not None}
    for pupil in report.pupils:
        writer.writerow(_row(pupil, by_file[pupil.place], tongue, quarters))
    for entry in report.files:
        if entry.pupil is None:
            writer.writerow([*_lead(entry, tongue), *[""] * (len(names) - 5 + len(quarters))])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _lead(entry: FileEntry, tongue: Tongue) -> list[str]:
    said = " ".join([tongue.message(entry.sentence), *(tongue.message(m) for m in entry.remarks)])
    return [spreadsheet(entry.player), spreadsheet(entry.file), entry.verdict, spreadsheet(said), " ".join(entry.marks)]


def _row(pupil: Pupil, entry: FileEntry, tongue: Tongue, quarters: list[int]) -> list[object]:
    analysis = pupil.analysis
    known = [q for q in analysis.quarters if q.regret is not None]
    cash = next((t for t in analysis.guidance if t.what == "cash"), None)
    at = {r.quarter: r.value for r in pupil.rows}
    worst = max(known, key=lambda q: q.regret.mean if q.regret else 0.0, default=None)
    return [
        *_lead(entry, tongue), pupil.played, spreadsheet(tongue.ending(pupil.ending)) if pupil.ending else "",
        quarter_label(pupil.bankrupt) if pupil.bankrupt is not None else "", _whole(pupil.value), _whole(pupil.cash),
        pupil.rank, _whole(sum(max(q.regret.mean, 0.0) for q in known if q.regret)) if known else "",
        quarter_label(worst.quarter) if worst is not None else "", f"{len(known)}/{len(analysis.quarters)}",
        f"{analysis.luck.luck.mean:.3f}" if analysis.luck else "", f"{analysis.luck.skill:.3f}" if analysis.luck else "",
        cash.count if cash else 0, cash.held if cash else 0, _whole(cash.score) if cash else "",
        _whole(cash.naive) if cash else "", sum(bool(d.reason) for d in pupil.decided),
        *(_whole(at[q]) if q in at else "" for q in quarters),
    ]  # fmt: skip


def _whole(value: float) -> int:
    return round(value)
