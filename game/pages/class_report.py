"""The report of a class as one HTML file: what a teacher opens after the lesson, in both languages, and prints.

In the order of the debrief: what was handed in and verified, the class's drawing of the price and the truth, survival,
the spread beside bots, who decided what, the forks of the best and the worst run, the debrief's questions, the grade
sheet, and a page for every pupil in the order of names: rank stands nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Final, TypeAlias

from game import __version__
from game.lab.analysis.model import QuarterAnalysis
from game.lab.classwork.forks import Fork
from game.lab.classwork.graded import Member, graded
from game.lab.classwork.model import COUNTED, ClassReport, Extreme, Pupil, Spread
from game.lab.classwork.rubric import Rubric
from game.language.analysis import plan_words
from game.language.clean import clean_text
from game.pages import class_charts as charts
from game.pages.analysis_charts import Chart
from game.pages.bilingual import document, facts, figure, items, paragraph, table
from game.pages.class_debrief import debrief
from game.pages.class_grades import Quizzed, sheet
from game.pages.class_pupils import pupil_page
from game.pages.class_style import STYLE
from game.pages.class_words import desk, facts_of, moves, name_of, numbered

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Lang, Tongue

HEAD: Final = "<!DOCTYPE html>\n<!-- baimo class report -->\n"
"""How every page of this kind begins; only such a file is written over."""
MOST_IN_TABLE: Final = 60
"""Pupils whose decisions stand in one table; of more, their own pages tell."""
Kept: TypeAlias = dict[tuple[str, int], tuple[Pupil, "Spread | None", str]]
"""Pages of pupils by language and place, with what they were made of."""
SECTIONS: Final = ("draw", "survival", "spread", "decided", "forks", "debrief", "grades", "pupils")


def class_report_page(
    content: Content, report: ClassReport, lang: Lang = "zh", *, forks: Sequence[Fork] = (), rubric: Rubric | None = None,
    quizzed: Quizzed | None = None, members: Sequence[Member] = (), kept: Kept | None = None,
) -> str:
    """The page; ``lang`` is shown first.

    ``forks`` of the best and the worst run (`game.lab.classwork.forks.fork`) are left out until they have been played,
    and the page says so. Without ``rubric`` the shipped one is taken; ``quizzed`` holds results of the quiz after,
    ``members`` those of a room, each marked by their own forecasts and reasons.
    A page that is made again and again is given the same ``kept`` each time, and makes only what has changed.
    """
    from game.lab.classwork.rubric import read_rubric

    rubric = rubric or read_rubric(content)
    return document(
        content, lang, head=HEAD, style=STYLE, title=lambda t: _title(report, t),
        body=lambda t: _body(content, report, t, forks, rubric, quizzed or {}, members, {} if kept is None else kept),
    )  # fmt: skip


def _title(report: ClassReport, tongue: Tongue) -> str:
    return tongue.say("class_page.title")


def _id(tongue: Tongue, name: str) -> str:
    return f"{tongue.lang}-{name}"


def _section(tongue: Tongue, name: str, kind: str = "", lead: str = "") -> str:
    """The opening of a section with its heading and what it is for, in other words where ``lead`` names them."""
    head, lead = tongue.say(f"class_page.section.{name}"), lead or name
    known = tongue.find(f"class_page.lead.{lead}")
    said = f'<p class="lead">{escape(tongue.say(f"class_page.lead.{lead}"))}</p>' if known else ""
    return f'<section class="{kind}"><h2 id="{_id(tongue, name)}">{escape(head)}</h2>{said}'


def figures(shown: Iterator[Chart] | Sequence[Chart], kind: str = "chart") -> str:
    """Charts as they stand in the page; on a narrow screen they are wide enough to be read."""
    return "".join(f'<div class="{kind}">{figure(c.name, c.note, c.svg)}</div>' for c in shown)


def _body(
    content: Content, report: ClassReport, tongue: Tongue, forks: Sequence[Fork], rubric: Rubric, quizzed: Quizzed,
    members: Sequence[Member], kept: Kept,
) -> Iterator[str]:  # fmt: skip
    yield from _head(report, tongue)
    spread = report.spread
    if spread is not None and report.pupils:
        yield from _draw(report, spread, tongue)
        yield from _survival(report, spread, tongue)
        yield from _spread(report, spread, tongue)
        yield from _decided(report, tongue)
        yield from _forks(report, forks, tongue)
    if report.pupils:
        yield from debrief(content, report, tongue, _section(tongue, "debrief", "sheet"))
        yield from sheet(graded(report, members), rubric, quizzed, tongue, _section(tongue, "grades", "sheet"))
        yield _section(tongue, "pupils", "pupils new") + "</section>"
        for p in report.pupils:
            yield _kept(report, p, tongue, [m for m in members if m.file == p.file], kept)
    yield f"<footer>{paragraph(tongue.say('analysis.page.how'))}<p>baimo {escape(__version__)}</p></footer>"


def _kept(report: ClassReport, pupil: Pupil, tongue: Tongue, members: Sequence[Member], kept: Kept) -> str:
    """A pupil's page, the one made before where nothing in it has changed."""
    key = tongue.lang, pupil.place
    before = kept.get(key)
    if before is not None and before[0] == pupil and before[1] is report.spread:
        return before[2]
    html = "".join(pupil_page(report, pupil, tongue, members))
    kept[key] = pupil, report.spread, html
    return html


# what was handed in ---------------------------------------------------------------------------------------------------


def _head(report: ClassReport, tongue: Tongue) -> Iterator[str]:
    asked = report.asked
    title = clean_text(asked.title, 80) if asked is not None else ""
    yield f"<h1>{escape(title or tongue.say('class_page.title'))}</h1>"
    about = [tongue.say("class_page.title")] if title else []
    about.append(clean_text(report.folder, 60))
    if asked is not None and asked.id:
        about.append(tongue.say("class_page.head.assignment", name=clean_text(asked.id, 40)))
    yield paragraph(" · ".join(a for a in about if a), "about")
    yield from _progress(report, tongue)
    counted = [f for f in report.files if f.verdict in COUNTED]
    unfinished = sum("unfinished" in p.marks for p in report.pupils)
    yield facts([
        (tongue.say("class_page.head.counted"), tongue.count(len(counted))),
        (tongue.say("class_page.head.left-out"), tongue.count(len(report.files) - len(counted))),
        (tongue.say("class_page.head.survived"), f"{sum(p.bankrupt is None for p in report.pupils)} / {len(report.pupils)}"),
        (tongue.say("class_page.head.unfinished"), tongue.count(unfinished)),
    ])  # fmt: skip
    yield facts(facts_of(report, tongue), "plain")
    if report.pupils:
        links = "".join(
            f'<li><a href="#{_id(tongue, s)}">{escape(tongue.say(f"class_page.section.{s}"))}</a></li>' for s in SECTIONS
        )
        yield f'<nav class="contents" aria-label="{escape(tongue.say("class_page.contents"))}"><ol>{links}</ol></nav>'
    yield _section(tongue, "verified")
    yield items((tongue.message(m) for m in report.notices), "notices")
    yield paragraph(tongue.say(f"class_page.verified.{report.rivals}", count=len(counted), files=len(report.files)))
    out = [f for f in report.files if f.verdict not in COUNTED]
    if out:
        yield f"<h3>{escape(tongue.say('class_page.verified.left-out'))}</h3>"
        head = [tongue.say(f"class_page.table.{k}") for k in ("file", "verdict", "why")]
        yield table(head, [(clean_text(f.file, 80), tongue.say(f"class_page.verdict.{f.verdict}"), tongue.message(f.sentence))
                           for f in out], "files")  # fmt: skip
    remarked = [f for f in counted if f.remarks]
    if remarked:
        yield f"<h3>{escape(tongue.say('class_page.verified.remarks'))}</h3>"
        head = [tongue.say(f"class_page.table.{k}") for k in ("file", "pupil", "remark")]
        yield table(head, [(clean_text(f.file, 80), clean_text(f.player, 40) or "–", " ".join(tongue.message(m) for m in f.remarks))
                           for f in remarked], "files")  # fmt: skip
    yield f'<div class="paper">{paragraph(tongue.message(report.proof))}</div></section>'


def _progress(report: ClassReport, tongue: Tongue) -> Iterator[str]:
    p = report.progress
    if p.stage != "done":
        said = tongue.say(f"class_page.progress.{p.stage}", done=p.done, of=p.of)
        if p.budget:
            said += tongue.say("class_page.progress.budget", budget=p.budget, select=p.select, measure=p.measure)
        yield paragraph(said + tongue.say("class_page.progress.again"), "wait")
    elif p.budget:
        yield paragraph(tongue.say("class_page.progress.done", budget=p.budget, select=p.select, measure=p.measure), "about")
    if p.left_out:
        yield items([tongue.say("class_page.progress.left-out", count=p.left_out)], "notices")


# the drawing, and the truth -------------------------------------------------------------------------------------------


def _draw(report: ClassReport, spread: Spread, tongue: Tongue) -> Iterator[str]:
    yield _section(tongue, "draw", "sheet alone frame")
    fields = "".join(f"<span>{escape(tongue.say(f'class_page.draw.{k}'))}</span>" for k in ("name", "survive"))
    yield f'<div class="hand">{fields}</div>'
    yield figures([charts.price_frame(report, spread, tongue)])
    yield "</section>"
    yield f'<details class="look"><summary>{escape(tongue.say("class_page.draw.look"))}</summary><div class="in">'
    yield figures([charts.price_truth(report, spread, tongue)])
    yield paragraph(tongue.say("class_page.draw.luck", count=len(report.pupils)))
    yield items(_shocks(report, tongue))
    yield f"{paragraph(tongue.say('class_page.draw.compare'))}</div></details>"


def _shocks(report: ClassReport, tongue: Tongue) -> Iterator[str]:
    """What fell on all alike: cards that the assignment deals, and the rivals' fates."""
    asked = report.asked
    for quarter, cards in sorted((asked.planned if asked is not None else {}).items()):
        for card in cards:
            yield tongue.say("class_page.draw.dealt", quarter=quarter, card=tongue.card(card).title)
    fates = [f for f in (report.spread.rivals if report.spread is not None else []) if f.of]
    same = [f for f in fates if f.alive in (0, f.of)]
    for alive, key in ((True, "all-alive"), (False, "all-gone")):
        names = [tongue.firm(f.firm) for f in same if (f.alive == f.of) is alive]
        if names:
            yield tongue.say(f"class_page.draw.{key}", list=tongue.join(names))
    mixed = [f"{tongue.firm(f.firm)} {f.alive}/{f.of}" for f in fates if f not in same]
    if mixed:
        yield tongue.say("class_page.draw.some-gone", list=tongue.join(mixed))


# survival and spread --------------------------------------------------------------------------------------------------


def _survival(report: ClassReport, spread: Spread, tongue: Tongue) -> Iterator[str]:
    yield _section(tongue, "survival", "new")
    yield figures([charts.survival(report, spread, tongue)])
    gone = [p for p in report.pupils if p.bankrupt is not None]
    if gone:
        told = [tongue.say("class_page.survival.gone", who=numbered(p), quarter=p.bankrupt) for p in gone]
        yield items(told)
    yield "</section>"


def _spread(report: ClassReport, spread: Spread, tongue: Tongue) -> Iterator[str]:
    shared = report.asked is not None and bool(report.asked.firms)
    yield _section(tongue, "spread", lead="spread-shared" if shared else "")
    if not spread.bots:
        yield paragraph(tongue.say("class_page.spread.waiting"), "wait")
    shown = [charts.spread_of(report, spread, what, tongue) for what in ("value", "cash")]
    strip = charts.strip(report, spread, tongue)
    yield figures([*shown, *([strip] if strip is not None else [])])
    rows = [
        (numbered(p), tongue.money(p.value), tongue.money(p.cash), tongue.count(p.played),
         tongue.ending(p.ending) if p.ending else tongue.say("class_page.going-on"))
        for p in report.pupils
    ]  # fmt: skip
    head = [tongue.say(f"class_page.table.{k}") for k in ("pupil", "value", "cash", "played", "ending")]
    yield table(head, rows, "numbers") + "</section>"


# who decided what -----------------------------------------------------------------------------------------------------


def _decided(report: ClassReport, tongue: Tongue) -> Iterator[str]:
    if report.asked is None:
        return
    yield _section(tongue, "decided", "new")
    shown = [charts.decisions(report, tongue)]
    if report.spread is not None:
        shown.append(charts.own_prices(report, report.spread, tongue))
    yield figures(shown)
    yield from _cards(report, tongue)
    if len(report.pupils) <= MOST_IN_TABLE:
        yield f"<h3>{escape(tongue.say('class_page.decided.table'))}</h3>"
        yield _matrix(report, tongue)
    yield "</section>"


def _cards(report: ClassReport, tongue: Tongue) -> Iterator[str]:
    """Every card that came up, who chose what: the commonest first."""
    from game.language.analysis import card_words, choice_words

    found: dict[str, dict[int | None, list[Pupil]]] = {}
    for p in report.pupils:
        for d in p.decided:
            if d.card:
                found.setdefault(d.card, {}).setdefault(d.choice, []).append(p)
    if not found:
        return
    ordered = sorted(found.items(), key=lambda kv: (-sum(len(v) for v in kv[1].values()), kv[0]))
    yield f"<h3>{escape(tongue.say('class_page.decided.cards'))}</h3>"
    rows = []
    for card, choices in ordered[:20]:
        told = []
        for choice, who in sorted(choices.items(), key=lambda kv: (-len(kv[1]), -1 if kv[0] is None else kv[0])):
            label = choice_words(tongue, card, choice) if choice is not None else tongue.say("class_page.no-answer")
            names = tongue.join([name_of(p) for p in who[:8]]) + (" …" if len(who) > 8 else "")
            told.append(tongue.say("class_page.decided.chose", choice=label, count=len(who), who=names))
        rows.append((card_words(tongue, card), tongue.count(sum(len(w) for w in choices.values())),
                     tongue.say("class_page.stop").join(told)))  # fmt: skip
    head = [tongue.say(f"class_page.table.{k}") for k in ("card", "times", "chosen")]
    yield table(head, rows, "files")


def _matrix(report: ClassReport, tongue: Tongue) -> str:
    """A table pupil × quarter: what was moved most."""
    assert report.asked is not None
    quarters = range(report.asked.first, report.asked.first + report.asked.quarters)
    top = "".join(f'<th scope="col">{escape(tongue.quarter(q, "short"))}</th>' for q in quarters)
    rows = []
    for p in report.pupils:
        at = {d.quarter: d for d in p.decided}
        cells = []
        for q in quarters:
            d = at.get(q)
            if d is None:
                cells.append("<td></td>")
                continue
            told = moves(d, tongue, 3)
            lines = [escape(t) for t in told] or [f'<span class="dim">{escape(tongue.say("class_page.nothing-moved"))}</span>']
            lines += [f'<span class="dim">{escape(t)}</span>' for t in desk(d, tongue, "answered-short")]
            cells.append(f"<td><ul>{''.join(f'<li>{t}</li>' for t in lines)}</ul></td>")
        rows.append(f'<tr><th scope="row">{escape(numbered(p))}</th>{"".join(cells)}</tr>')
    head = escape(tongue.say("class_page.table.pupil"))
    return (f'<div class="wide"><table class="who"><thead><tr><th scope="col">{head}</th>{top}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table></div>")  # fmt: skip


# forks ----------------------------------------------------------------------------------------------------------------


def _forks(report: ClassReport, forks: Sequence[Fork], tongue: Tongue) -> Iterator[str]:
    yield _section(tongue, "forks", "new")
    ends = [("best", report.best), ("worst", report.worst)]
    if report.best is not None and report.worst is not None and report.best.pupil == report.worst.pupil:
        ends = ends[:1]
    for key, extreme in ends:
        if extreme is not None:
            yield from _fork(report, key, extreme, forks, tongue)
    yield "</section>"


def _fork(report: ClassReport, key: str, extreme: Extreme, forks: Sequence[Fork], tongue: Tongue) -> Iterator[str]:
    p = next((p for p in report.pupils if p.place == extreme.pupil), None)
    if p is None or extreme.quarter is None:
        return
    q: QuarterAnalysis | None = next((x for x in p.analysis.quarters if x.quarter == extreme.quarter), None)
    fork = next((f for f in forks if f.pupil == extreme.pupil and f.quarter == extreme.quarter), None)
    yield f'<div class="fork"><h3>{escape(tongue.say(f"class_page.fork.{key}", who=numbered(p), quarter=extreme.quarter))}</h3>'
    decided = next((d for d in p.decided if d.quarter == extreme.quarter), None)
    told = [*moves(decided, tongue), *desk(decided, tongue)] if decided is not None else []
    said = tongue.say("class_page.stop").join(told) or tongue.say("class_page.nothing-moved")
    yield f'<p><b>{escape(tongue.say("class_page.fork.did"))}</b>{escape(said)}</p>'
    if decided is not None and decided.reason:
        yield f"<blockquote>{escape(clean_text(decided.reason, 600))}</blockquote>"
    if q is not None and q.regret is not None:
        yield paragraph(tongue.say("class_page.fork.regret", amount=q.regret.mean, low=q.regret.low, high=q.regret.high)
                        + tongue.say("class_page.fork.sure" if extreme.sure else "class_page.fork.chance"))  # fmt: skip
    else:
        yield paragraph(tongue.say("class_page.fork.swing"), "about")
    yield paragraph(tongue.say("class_page.fork.ask"))
    if fork is None:
        yield paragraph(tongue.say("class_page.fork.waiting"), "wait") + "</div>"
        return
    yield f'<details class="look"><summary>{escape(tongue.say("class_page.fork.look", games=fork.games))}</summary><div class="in">'
    yield from _revealed(fork, q, tongue)
    yield "</div></details></div>"


def _revealed(fork: Fork, q: QuarterAnalysis | None, tongue: Tongue) -> Iterator[str]:
    if fork.better is None or fork.plan is None:
        yield paragraph(tongue.say("class_page.fork.none"))
    else:
        import msgspec

        plan = plan_words(tongue, msgspec.structs.replace(q, best=fork.plan), 5) if q is not None else ""
        yield f'<p class="move"><b>{escape(tongue.say("class_page.fork.alternative"))}</b>{escape(plan)}</p>'
        d = fork.difference
        verdict = "class_page.fork.choice" if d.sure else "class_page.fork.luck"
        yield paragraph(tongue.say("class_page.fork.result", games=fork.games, share=fork.ahead_in, amount=d.mean, low=d.low, high=d.high)
                        + tongue.say(verdict))  # fmt: skip
        ruin = (fork.done.ruin[-1], fork.better.ruin[-1]) if fork.done.ruin and fork.better.ruin else None
        if ruin is not None and max(ruin) >= 0.005:
            yield paragraph(tongue.say("class_page.fork.ruin", done=tongue.percent(ruin[0], 0), other=tongue.percent(ruin[1], 0)))
        if fork.done.true and fork.better.true:
            yield paragraph(tongue.say("class_page.fork.true", done=tongue.money(fork.done.true[-1]), other=tongue.money(fork.better.true[-1])))
    yield figures(charts.fork_charts(fork, tongue))
    yield paragraph(tongue.say("class_page.fork.how", select=fork.select, games=fork.games), "about")
