"""The analysis of one to four runs as one HTML file: both languages, charts as SVG, no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from game import __version__
from game.lab.analysis.model import Analysis, Comparison, QuarterAnalysis, lived
from game.language.analysis import card_words, choice_words, interval_words, mark, plan_words, turn_words, verdict_words
from game.language.clean import clean_text
from game.pages import analysis_text as plain
from game.pages.analysis_charts import Chart, charts, compared
from game.pages.analysis_style import STYLE
from game.pages.bilingual import document, facts, figure, items, table

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Lang, Tongue

HEAD: Final = '<!DOCTYPE html>\n<!-- baimo analyse -->\n'
"""How every page of this kind begins; only such a file is written over."""
CELLS: Final = 600
"""Cells of a reason that are shown."""


def page(content: Content, comparison: Comparison, lang: Lang) -> str:
    """The page; ``lang`` is shown first."""
    return document(
        content, lang, head=HEAD, style=STYLE, title=lambda t: t.say("analysis.page.title"),
        body=lambda t: _body(comparison, t),
    )  # fmt: skip


def _body(comparison: Comparison, tongue: Tongue) -> Iterator[str]:
    yield f"<h1>{escape(tongue.say('analysis.page.title'))}</h1>"
    names = _names(comparison, tongue)
    if len(comparison.runs) > 1:
        yield from _side_by_side(comparison, names, tongue)
    for i, analysis in enumerate(comparison.runs):
        yield from _run(analysis, names[i] if len(names) > 1 else "", tongue)
    yield f'<footer><p>{escape(tongue.say("analysis.page.how"))}</p><p>baimo {escape(__version__)}</p></footer>'


def _names(comparison: Comparison, tongue: Tongue) -> list[str]:
    """A short name for each run: its player, or its file where players are not enough to tell them apart."""
    players = [clean_text(a.head.player, 20) for a in comparison.runs]
    if all(players) and len(set(players)) == len(players):
        return players
    return [clean_text(a.head.file.removesuffix(".baimo"), 20) for a in comparison.runs]


def _side_by_side(comparison: Comparison, names: Sequence[str], tongue: Tongue) -> Iterator[str]:
    yield f"<section><h2>{escape(tongue.say('analysis.text.compare'))}</h2>"
    yield _notices([tongue.message(m) for m in comparison.notices])
    yield items(list(plain.comparison_lines(comparison, tongue)))
    keys = ("run", "value", "luck-short", "skill-short", "blunders", "mistakes", "regret-sum", "undone")
    rows = [(f"{i + 1} {names[i]}", *plain.compared_row(a, tongue)[1:]) for i, a in enumerate(comparison.runs)]
    yield table([tongue.say(f"analysis.text.{k}") for k in keys], rows)
    yield from (_figure(c) for c in compared(comparison, names, tongue))
    yield "</section>"


def _run(analysis: Analysis, name: str, tongue: Tongue) -> Iterator[str]:
    h = analysis.head
    title = name or clean_text(h.player, 40) or clean_text(h.file, 60)
    yield f'<section class="run"><h2>{escape(title)}</h2>'
    about = [plain.title_of(analysis, tongue)]
    if h.created:
        about.append(clean_text(h.created, 40)[:16].replace("T", " "))
    if h.ending:
        about.append(tongue.ending(h.ending))
    yield f'<p class="about">{escape(" · ".join(about))}</p>'
    yield _notices([tongue.message(m) for m in analysis.notices])
    if analysis.quarters:
        yield _headline(analysis, tongue)
    if analysis.turns:
        yield f"<h3>{escape(tongue.say('analysis.text.turns'))}</h3>"
        told = [
            f'<li class="turn {escape(t.kind)}"><b>{escape(tongue.say(f"analysis.kind.{t.kind}"))}</b> {escape(turn_words(tongue, t))}</li>'
            for t in analysis.turns
        ]
        yield f"<ol>{''.join(told)}</ol>"
    yield from (_figure(c) for c in charts(analysis, tongue))
    for key, lines in (("guidance", plain.guidance_lines), ("luck", plain.luck_lines)):
        if lines_told := list(lines(analysis, tongue))[2:]:
            yield f"<h3>{escape(tongue.say(f'analysis.text.{key}'))}</h3>{items(t.strip() for t in lines_told)}"
    yield from _decisions(analysis, tongue)
    if any(q.analysed for q in analysis.quarters):
        b = analysis.budget
        said = tongue.say("analysis.budget.said", budget=b.id, select=b.select, measure=b.measure)
        yield f'<p class="about">{escape(said)}</p>'
    yield "</section>"


def _headline(analysis: Analysis, tongue: Tongue) -> str:
    """A few large numbers."""
    last, marks = analysis.quarters[-1].row, [q.verdict for q in analysis.quarters]
    big = [
        (tongue.say("analysis.text.value"), tongue.money(last.value)),
        (tongue.say("analysis.text.rank"), tongue.count(last.rank)),
        (tongue.say("analysis.text.blunders"), tongue.count(marks.count("blunder"))),
        (tongue.say("analysis.text.mistakes"), tongue.count(marks.count("mistake"))),
    ]
    if analysis.luck is not None:
        big.append((tongue.say("analysis.text.luck-short"), tongue.signed(analysis.luck.luck.mean, 2)))
        big.append((tongue.say("analysis.text.skill-short"), tongue.signed(analysis.luck.skill, 2)))
    return facts(big)


def _decisions(analysis: Analysis, tongue: Tongue) -> Iterator[str]:
    """Every quarter in numbers, then what could have been done, what lay on the desk, and why."""
    quarters = lived(analysis)
    if not quarters:
        return
    yield f"<h3>{escape(tongue.say('analysis.page.numbers'))}</h3>"
    keys = ("quarter", "verdict", "value", "expected", "regret", "interval", "hindsight", "ruin", "cash", "share", "rank")
    yield table([tongue.say(f"analysis.text.{k}") for k in keys], [_numbers(q, tongue) for q in quarters], "numbers")
    told = [(q, parts) for q in quarters if (parts := list(_quarter(q, tongue)))]
    if told:
        yield f"<h3>{escape(tongue.say('analysis.page.decisions'))}</h3>"
    for q, parts in told:
        sign = f' <span class="mark {escape(q.verdict)}">{escape(mark(q))}</span>' if mark(q) else ""
        yield f'<div class="quarter"><h4>{escape(tongue.quarter(q.quarter, "long"))}{sign}</h4>{"".join(parts)}</div>'


def _numbers(q: QuarterAnalysis, tongue: Tongue) -> tuple[str, ...]:
    row = q.row
    expected = f"{tongue.money(q.fan[0].low)} … {tongue.money(q.fan[0].high)}" if q.fan else plain.NONE
    return (
        tongue.quarter(q.quarter), f"{mark(q)} {verdict_words(tongue, q)}".strip(), tongue.money(row.value), expected,
        tongue.money(q.regret.mean) if q.regret else plain.NONE, interval_words(tongue, q.regret),
        plain.NONE if q.hindsight is None else tongue.money(q.hindsight),
        tongue.percent(q.ruin, 0) if q.analysed else plain.NONE, tongue.money(row.cash),
        tongue.percent(row.share) if row.share is not None else plain.NONE, tongue.count(row.rank),
    )  # fmt: skip


def _quarter(q: QuarterAnalysis, tongue: Tongue) -> Iterator[str]:
    if q.note is not None:
        yield f"<p>{escape(tongue.message(q.note))}</p>"
    if q.verdict in ("inaccuracy", "mistake", "blunder"):
        yield f'<p><b>{escape(tongue.say("analysis.page.better"))}</b>{escape(plan_words(tongue, q, 5))}</p>'
    for answer in q.answers:
        others = [
            tongue.say(
                "analysis.page.other" if o.worth.sure else "analysis.page.other-chance",
                choice=choice_words(tongue, answer.card, o.index), amount=o.worth.mean,
            )
            for o in answer.options if o.worth is not None
        ]
        taken = choice_words(tongue, answer.card, answer.choice)
        line = tongue.say("analysis.page.answer", title=card_words(tongue, answer.card), choice=taken)
        if others:
            line += tongue.say("analysis.page.others", list=tongue.say("analysis.page.stop").join(others))
        yield f"<p>{escape(line)}</p>"
    if q.reason:
        yield f'<blockquote>{escape(clean_text(q.reason, CELLS))}</blockquote>'


def _figure(chart: Chart) -> str:
    return figure(chart.name, chart.note, chart.svg)


def _notices(lines: Sequence[str]) -> str:
    return items(lines, "notices")
