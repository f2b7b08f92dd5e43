"""The grade sheet of a class: what is automatic is added up, the rest are empty cells beside what was written and came.

No program marks sentences: of every pupil the two quarters of largest regret or surprise stand with the reason beside
the outcome, and the teacher fills in the cells. Rank counts nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Final, TypeAlias

from game.lab.classwork.graded import Graded
from game.lab.classwork.model import Pupil
from game.lab.classwork.rubric import Part, Rubric
from game.language.clean import clean_text
from game.language.output import spreadsheet
from game.pages.bilingual import items, paragraph
from game.pages.class_words import NAME_CELLS, NONE, REASON_CELLS, name_of, numbered

if TYPE_CHECKING:
    from game.language import Tongue

Quizzed: TypeAlias = Mapping[str, float]
"""Result of the quiz after, 0..1, by ``Graded.key``; who is not in it was not marked yet."""
TWO: Final = 2
"""Quarters of each pupil whose reasons are marked."""


def who_is(one: Graded) -> str:
    """Who a row is about, with the number that charts show: a member of a team, or the run's own name."""
    member = clean_text(one.name, NAME_CELLS)
    return f"{numbered(one.pupil)} · {member}" if member else numbered(one.pupil)


def automatic(one: Graded, rubric: Rubric, quizzed: Quizzed) -> dict[str, float]:
    """Points that need no teacher, by part; a quiz only where its result is at hand."""
    points: dict[str, float] = {}
    for part in rubric.part:
        if part.way == "forecasts":
            mark = one.found.mark
            if mark is not None:
                points[part.id] = round(mark * rubric.worth(part), 1)
        elif part.way == "quiz" and one.key in quizzed:
            points[part.id] = round(quizzed[one.key] * rubric.worth(part), 1)
        elif part.way == "rank":
            points[part.id] = 0.0
    return points


def sheet(rows: Sequence[Graded], rubric: Rubric, quizzed: Quizzed, tongue: Tongue, opening: str) -> Iterator[str]:
    """The section; ``opening`` is its heading as HTML."""
    yield opening
    yield items(
        tongue.say("class_page.grades.part", name=tongue.pick(p.name), share=p.weight, what=tongue.pick(p.what)) for p in rubric.part
    )
    yield _table(rows, rubric, quizzed, tongue)
    if any(p.way == "forecasts" for p in rubric.part):
        yield f"<h3>{escape(tongue.say('class_page.grades.how'))}</h3>"
        yield paragraph(tongue.say("class_page.grades.formula"))
        yield f'<p class="sum">{escape(tongue.say("class_page.grades.formula-sum"))}</p>'
        yield paragraph(tongue.say("class_page.grades.formula-mark"))
    reasons = [p for p in rubric.part if p.way == "teacher" and p.criterion]
    if reasons:
        yield f'<h3 class="new">{escape(tongue.say("class_page.grades.beside"))}</h3>'
        yield paragraph(tongue.say("class_page.grades.beside-how"))
        yield items(
            tongue.say("class_page.grades.criterion", name=tongue.pick(c.name), what=tongue.pick(c.what)) for p in reasons for c in p.criterion
        )
        for one in rows:
            yield _card(one, reasons, rubric, tongue)
    yield "</section>"


def _table(graded: Sequence[Graded], rubric: Rubric, quizzed: Quizzed, tongue: Tongue) -> str:
    heads = [tongue.say("class_page.table.pupil")]
    heads += [f"{tongue.pick(p.name)} {_points(rubric.worth(p), tongue)}" for p in rubric.part]
    heads += [tongue.say("class_page.grades.automatic"), f"{tongue.say('class_page.grades.total')} {_points(rubric.points, tongue)}"]
    top = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    rows = []
    for one in graded:
        got = automatic(one, rubric, quizzed)
        cells = [f'<th scope="row">{escape(who_is(one))}</th>']
        for part in rubric.part:
            cells.append(f"<td>{escape(_points(got[part.id], tongue))}</td>" if part.id in got else '<td class="empty"></td>')
        cells.append(f'<td><b>{escape(_points(sum(got.values()), tongue))}</b></td><td class="empty"></td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f'<div class="wide"><table class="grades"><thead><tr>{top}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def _points(points: float, tongue: Tongue) -> str:
    return tongue.number(points, 0 if points == int(points) else 1)


def _card(one: Graded, parts: list[Part], rubric: Rubric, tongue: Tongue) -> str:
    """One row's two quarters with the reasons beside the outcomes, and the cells."""
    first, pupil = parts[0], one.pupil
    out = [f'<div class="marking"><h4>{escape(who_is(one))}</h4><div class="two">']
    for n in pupil.notable[:TWO]:
        out.append("<div>")
        out.append(f"<p><b>{escape(tongue.message(n.message))}</b></p>")
        reason = clean_text(one.reasons.get(n.quarter, ""), REASON_CELLS)
        out.append(f"<blockquote>{escape(reason)}</blockquote>" if reason else f'<p class="about">{escape(tongue.say("class_page.no-reason"))}</p>')
        out.append(f"<p>{escape(_outcome(pupil, n.quarter, tongue))}</p>")
        out.append(_cells(first, tongue))
        out.append("</div>")
    out.append("</div>")
    for part in parts[1:]:
        name = f"{tongue.pick(part.name)} {_points(rubric.worth(part), tongue)}"
        out.append(f'<div class="essay"><p class="about">{escape(name)}</p>{_cells(part, tongue)}</div>')
    return "".join([*out, "</div>"])


def _cells(part: Part, tongue: Tongue) -> str:
    return f'<div class="cells">{"".join(f"<span>{escape(tongue.pick(c.name))}</span>" for c in part.criterion)}</div>'


def _outcome(pupil: Pupil, quarter: int, tongue: Tongue) -> str:
    rows = {r.quarter: r for r in pupil.rows}
    now, before = rows.get(quarter), rows.get(quarter - 1)
    if now is None or before is None:
        return NONE
    return tongue.say("class_page.grades.outcome", value=tongue.money(now.value), before=tongue.money(before.value),
                      cash=tongue.money(now.cash), cash_before=tongue.money(before.cash))  # fmt: skip


# the same as a file ---------------------------------------------------------------------------------------------------


def grades_csv(rows: Sequence[Graded], rubric: Rubric, quizzed: Quizzed, tongue: Tongue) -> str:
    """The grade sheet as CSV with a head; text that a spreadsheet would take for a formula is quoted."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    heads = [tongue.say(f"class_page.csv.{k}") for k in ("number", "pupil", "member", "file", "played")]
    for n in range(TWO):
        heads += [f"{tongue.say(f'class_page.csv.{k}')} {n + 1}" for k in ("quarter", "why", "reason", "outcome")]
        heads += [f"{tongue.pick(c.name)} {n + 1}" for c in _first(rubric)]
    heads += [tongue.say(f"class_page.csv.{k}") for k in ("due", "given", "scored", "held")]
    heads += [f"{tongue.pick(p.name)} / {_points(rubric.worth(p), tongue)}" for p in rubric.part]
    heads += [tongue.say("class_page.grades.automatic"), tongue.say("class_page.grades.total")]
    write([spreadsheet(h) for h in heads])
    for one in rows:
        got, found, p = automatic(one, rubric, quizzed), one.found, one.pupil
        row: list[str | float | int] = [
            p.place + 1, spreadsheet(name_of(p)), spreadsheet(clean_text(one.name, NAME_CELLS)), spreadsheet(clean_text(p.file, 120)),
            p.played,
        ]  # fmt: skip
        for n in range(TWO):
            row += _notable(one, n, rubric, tongue)
        row += [found.due, found.given, found.scored, found.held]
        row += [got.get(part.id, "") for part in rubric.part]
        row += [round(sum(got.values()), 1), ""]
        write(row)
    return out.getvalue()


def _first(rubric: Rubric) -> list[Part]:
    found = next((p for p in rubric.part if p.way == "teacher" and p.criterion), None)
    return list(found.criterion) if found is not None else []  # type: ignore[arg-type]


def _notable(one: Graded, place: int, rubric: Rubric, tongue: Tongue) -> list[str | float | int]:
    empty: list[str | float | int] = ["" for _ in _first(rubric)]
    if place >= len(one.pupil.notable):
        return ["", "", "", "", *empty]
    n = one.pupil.notable[place]
    reason = clean_text(one.reasons.get(n.quarter, ""), REASON_CELLS)
    told = [tongue.quarter(n.quarter), tongue.message(n.message), reason, _outcome(one.pupil, n.quarter, tongue)]
    return [*(spreadsheet(t) for t in told), *empty]
