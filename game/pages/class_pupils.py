"""A pupil's own page: decisions, reasons beside outcomes, forecasts scored, regret with its interval, turning points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from game.lab.analysis.model import QuarterAnalysis
from game.lab.classwork.graded import Member, of_member
from game.lab.classwork.model import ClassReport, Decided, Pupil
from game.lab.classwork.rubric import calibration
from game.language.analysis import mark, plan_words, turn_words, verdict_words
from game.language.clean import clean_text
from game.pages import analysis_charts, analysis_text, class_charts
from game.pages.bilingual import facts, figure, items, paragraph, table
from game.pages.class_words import NAME_CELLS, NONE, REASON_CELLS, desk, moves, numbered, reason_of
from game.table.wire import Guidance

if TYPE_CHECKING:
    from game.language import Tongue

SHOWN = ("regret", "guidance-cash", "guidance-revenue")
"""Charts of the analysis that a pupil's page has beside its own."""


def pupil_page(
    report: ClassReport, pupil: Pupil, tongue: Tongue, members: Sequence[Member] = ()
) -> Iterator[str]:
    """One pupil's page, or a team's with its ``members``."""
    yield f'<section class="run"><h3 class="name" id="{tongue.lang}-p{pupil.place + 1}">{escape(numbered(pupil))}</h3>'
    about = [clean_text(pupil.file, 80), tongue.say("class_page.pupil.played", count=pupil.played, of=pupil.analysis.head.quarters)]
    if pupil.ending:
        about.append(tongue.ending(pupil.ending))
    yield paragraph(" · ".join(about), "about")
    entry = next((f for f in report.files if f.pupil == pupil.place), None)
    if entry is not None and entry.remarks:
        yield paragraph(" ".join(tongue.message(m) for m in entry.remarks), "marks")
    yield _numbers(pupil, tongue)
    waiting = bool(pupil.analysis.quarters) and not any(q.analysed for q in pupil.analysis.quarters)
    if waiting:
        yield paragraph(tongue.say("class_page.pupil.waiting"), "wait")
    yield _chart(class_charts.pupil_value(pupil, report.spread, tongue))
    if pupil.analysis.turns:
        yield f"<h4>{escape(tongue.say('analysis.text.turns'))}</h4>"
        told = "".join(
            f'<li class="turn {escape(t.kind)}"><b>{escape(tongue.say(f"analysis.kind.{t.kind}"))}</b> {escape(turn_words(tongue, t))}</li>'
            for t in pupil.analysis.turns
        )
        yield f"<ol>{told}</ol>"
    yield f"<h4>{escape(tongue.say('class_page.pupil.quarters'))}</h4>"
    quarters = {q.quarter: q for q in pupil.analysis.quarters}
    for d in pupil.decided:
        yield _quarter(pupil, d, quarters.get(d.quarter), tongue)
    yield from _members(pupil, members, tongue)
    if not waiting:
        yield "".join(_chart(c) for c in analysis_charts.charts(pupil.analysis, tongue, SHOWN))
    for key, lines in (("guidance", analysis_text.guidance_lines), ("luck", analysis_text.luck_lines)):
        if shown := list(lines(pupil.analysis, tongue))[2:]:
            yield f"<h4>{escape(tongue.say(f'analysis.text.{key}'))}</h4>{items(t.strip() for t in shown)}"
    yield "</section>"


def _chart(chart: analysis_charts.Chart) -> str:
    return f'<div class="chart {escape(chart.id)}">{figure(chart.name, chart.note, chart.svg)}</div>'


def _numbers(pupil: Pupil, tongue: Tongue) -> str:
    big = [(tongue.say("analysis.text.value"), tongue.money(pupil.value)), (tongue.say("analysis.text.cash"), tongue.money(pupil.cash))]
    found = calibration((g for q in pupil.analysis.quarters for g in q.guidance), [d.quarter for d in pupil.decided])
    if found.scored:
        big.append((tongue.say("class_page.pupil.held"), f"{found.held} / {found.scored}"))
    verdicts = [q.verdict for q in pupil.analysis.quarters]
    if any(q.analysed for q in pupil.analysis.quarters):
        big.append((tongue.say("analysis.text.blunders"), tongue.count(verdicts.count("blunder"))))
        big.append((tongue.say("analysis.text.mistakes"), tongue.count(verdicts.count("mistake"))))
    if pupil.analysis.luck is not None:
        big.append((tongue.say("analysis.text.luck-short"), tongue.signed(pupil.analysis.luck.luck.mean, 2)))
        big.append((tongue.say("analysis.text.skill-short"), tongue.signed(pupil.analysis.luck.skill, 2)))
    return facts(big)


def _quarter(pupil: Pupil, decided: Decided, q: QuarterAnalysis | None, tongue: Tongue) -> str:
    """One quarter: what was decided and why, beside what came of it."""
    sign = f'<span class="sign mark {escape(q.verdict)}">{escape(mark(q))}</span>' if q is not None and mark(q) else ""
    told = moves(decided, tongue)
    done = escape(tongue.say("class_page.stop").join(told)) if told else f'<span class="none">{escape(tongue.say("class_page.nothing-moved"))}</span>'
    left = [f'<p class="moves">{done}</p>', *(f"<p>{escape(t)}</p>" for t in desk(decided, tongue))]
    left += [f"<p>{escape(tongue.say('class_page.pupil.dealt', card=tongue.card(c).title))}</p>" for c in decided.dealt]
    reason = reason_of(decided)
    left.append(f"<blockquote>{escape(reason)}</blockquote>" if reason else f'<p class="none">{escape(tongue.say("class_page.no-reason"))}</p>')
    came = "".join(f"<span><b>{escape(k)}</b> {escape(v)}</span>" for k, v in _outcome(pupil, decided, tongue))
    right: list[tuple[str, str]] = []
    given = [g for x in pupil.analysis.quarters if x.quarter == decided.quarter for g in x.guidance]
    right += [_forecast(g, bool(pupil.ending), tongue) for g in given]
    if q is not None and q.regret is not None:
        right.append((tongue.say("analysis.text.regret"), tongue.say("class_page.pupil.regret", amount=q.regret.mean, low=q.regret.low, high=q.regret.high, verdict=verdict_words(tongue, q))))
        if q.verdict in ("inaccuracy", "mistake", "blunder"):
            right.append((tongue.say("class_page.pupil.better"), plan_words(tongue, q)))
    elif q is not None and q.note is not None:
        right.append(("", tongue.message(q.note)))
    cells = f"<li>{came}</li>" + "".join(f"<li>{f'<b>{escape(k)}</b> ' if k else ''}{escape(v)}</li>" for k, v in right)
    return (
        f'<div class="q"><h4>{sign}{escape(tongue.quarter(decided.quarter))}</h4><div>{"".join(left)}</div><ul>{cells}</ul></div>'
    )


def _outcome(pupil: Pupil, decided: Decided, tongue: Tongue) -> Iterator[tuple[str, str]]:
    rows = {r.quarter: r for r in pupil.rows}
    now, before = rows.get(decided.quarter), rows.get(decided.quarter - 1)
    if now is None:
        return
    for name, key in (("value", "value"), ("cash", "cash")):
        change = getattr(now, key) - getattr(before, key) if before is not None else 0.0
        yield tongue.say(f"analysis.text.{name}"), tongue.say("class_page.pupil.changed", amount=getattr(now, key), change=change)
    if now.share is not None:
        yield tongue.say("class_page.pupil.share"), tongue.percent(now.share)


def _forecast(g: Guidance, over: bool, tongue: Tongue) -> tuple[str, str]:
    name = tongue.say("class_page.pupil.forecast", what=tongue.say(f"term.guidance.{g.what}"), quarter=tongue.quarter(g.quarter + 1, "short"))
    said = f"{tongue.money(g.low)} … {tongue.money(g.high)}"
    if g.actual is None:
        return name, tongue.say("class_page.pupil.unscored" if over else "class_page.pupil.open", interval=said)
    held = g.low <= g.actual <= g.high
    return name, tongue.say("class_page.pupil.held-line" if held else "class_page.pupil.missed-line", interval=said, amount=g.actual)


def _members(pupil: Pupil, members: Sequence[Member], tongue: Tongue) -> Iterator[str]:
    """What each member of a team foretold and wrote."""
    if not members:
        return
    yield f"<h4>{escape(tongue.say('class_page.pupil.members'))}</h4>"
    quarters = [d.quarter for d in pupil.decided]
    rows = []
    for m in members:
        found = of_member(m.forecasts, quarters)
        stop = tongue.say("class_page.stop")
        told = stop.join(
            tongue.say("class_page.here.one", who=clean_text(text, REASON_CELLS // 3), quarter=tongue.quarter(q, "short"))
            for q, text in sorted(m.reasons.items()) if clean_text(text, 10)
        )  # fmt: skip
        rows.append((clean_text(m.name, NAME_CELLS) or NONE, f"{found.given} / {found.due}", f"{found.held} / {found.scored}", told or NONE))
    head = [tongue.say(f"class_page.pupil.{k}") for k in ("member", "given", "held", "wrote")]
    yield table(head, rows, "files")
