"""The debrief in its order: feelings, facts, transfer, with the questions of the lessons and what this class can look at.

Questions are content (``content/lessons``); what stands under one of them was counted from the report at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from game.lab.classwork.model import ClassReport, Pupil
from game.pages.bilingual import paragraph
from game.pages.class_words import numbered

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue

STEPS: Final = ("feelings", "facts", "transfer")
CUT: Final = 0.5
"""Share by which an own price has to fall in a quarter to count as a cut that answers the price war."""


def debrief(content: Content, report: ClassReport, tongue: Tongue, opening: str) -> Iterator[str]:
    """The section; ``opening`` is its heading as HTML."""
    yield opening
    asked = questions(content)
    yield '<ol class="steps3">'
    for step in STEPS:
        yield f"<li><h3>{escape(tongue.say(f'class_page.debrief.{step}'))}</h3>{paragraph(tongue.say(f'class_page.debrief.{step}-how'))}"
        if step == "facts":
            yield f"<p>{''.join(_links(tongue))}</p>"
        mine = [q for q in asked if q.step == step]
        if mine:
            yield f'<ol class="ask">{"".join(_question(q, report, tongue) for q in mine)}</ol>'
        yield "</li>"
    yield "</ol></section>"


def questions(content: Content) -> list[Any]:
    """Questions of the debrief in the order of content; none where content has no lessons."""
    lessons = getattr(content, "lessons", None)
    return list(lessons.questions.values()) if lessons is not None else []


def _links(tongue: Tongue) -> Iterator[str]:
    """Where on the page the facts stand, in the order in which a class looks at them."""
    yield escape(tongue.say("class_page.debrief.look"))
    stop = "、" if tongue.lang == "zh" else ", "
    yield stop.join(
        f'<a href="#{tongue.lang}-{name}">{escape(tongue.say(f"class_page.section.{name}"))}</a>'
        for name in ("draw", "survival", "spread", "decided", "forks")
    )


def _question(q: Any, report: ClassReport, tongue: Tongue) -> str:
    said = f"<b>{escape(tongue.text(q.ask))}</b>"
    here = HERE.get(q.id)
    told = here(report, tongue) if here is not None and report.pupils else ""
    if told:
        said += f'<p class="here"><b>{escape(tongue.say("class_page.debrief.here"))}</b>{escape(told)}</p>'
    return f"<li>{said}<p class=\"listen\">{escape(tongue.text(q.listen))}</p></li>"


# what this class shows of a question ----------------------------------------------------------------------------------


def _deciding(report: ClassReport, tongue: Tongue) -> str:
    told = [tongue.say("class_page.here.one", who=numbered(p), quarter=tongue.quarter(p.worst, "short")) for p in report.pupils if p.worst is not None][:12]
    return tongue.say("class_page.here.deciding", list=tongue.join(told)) if told else ""


def cutters(pupils: Sequence[Pupil], by: float = CUT) -> list[Pupil]:
    """Pupils whose own token price fell in some quarter by at least ``by`` of itself."""
    return [p for p in pupils if any(b.own_price > 0 and a.own_price <= (1 - by) * b.own_price for b, a in zip(p.rows, p.rows[1:]))]


def _cut(report: ClassReport, tongue: Tongue) -> str:
    did = cutters(report.pupils)
    rest = [p for p in report.pupils if p not in did]
    if not did or not rest:
        return tongue.say("class_page.here.cut-all" if did else "class_page.here.cut-none", by=CUT)
    return tongue.say(
        "class_page.here.cut", by=CUT, count=len(did), others=tongue.count(len(rest)),
        did=tongue.money(median(p.value for p in did)), rest=tongue.money(median(p.value for p in rest)),
        gone=tongue.count(sum(p.bankrupt is not None for p in did)), lost=tongue.count(sum(p.bankrupt is not None for p in rest)),
    )  # fmt: skip


def _seed(report: ClassReport, tongue: Tongue) -> str:
    spread = report.spread
    if spread is None or not spread.pupils.value:
        return ""
    told = [_span("class", spread.pupils.value[-1], tongue)]
    told += [_span(f.luck, f.value[-1], tongue) for f in spread.bots if not f.policy and f.value]
    return tongue.say("class_page.stop").join(told) + tongue.say("class_page.full-stop")


def _span(who: str, band: Any, tongue: Tongue) -> str:
    return tongue.say(f"class_page.here.span-{who}", low=tongue.money(band.low), high=tongue.money(band.high), count=band.games)


def _few(report: ClassReport, tongue: Tongue) -> str:
    alive = sum(p.bankrupt is None for p in report.pupils)
    told = tongue.say("class_page.here.few", alive=tongue.count(alive), count=len(report.pupils))
    spread = report.spread
    for f in spread.bots if spread is not None else []:
        if not f.policy and f.alive:
            told += tongue.say(f"class_page.here.few-{f.luck}", share=f.alive[-1])
    return told


def _still(report: ClassReport, tongue: Tongue) -> str:
    if report.best is None:
        return ""
    p = next((p for p in report.pupils if p.place == report.best.pupil), None)
    if p is None:
        return ""

    def held(one: Pupil) -> int:
        return sum(all(m.lever != "price.token" for m in d.moved) for d in one.decided)

    return tongue.say("class_page.here.still", who=numbered(p), count=held(p), quarters=tongue.count(len(p.decided)),
                      middle=tongue.number(median(held(x) for x in report.pupils), 0))  # fmt: skip


HERE: Final[dict[str, Callable[[ClassReport, Any], str]]] = {
    "deciding-quarter": _deciding, "matching-the-cut": _cut, "seed-or-policy": _seed, "law-or-parameters": _few,
    "not-done": _still,
}
"""What the report shows of a question, by the question's id."""
