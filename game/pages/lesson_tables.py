"""Sheets that are made of other content: themes, levers, the blank curve, the worksheet on numbers, the glossary."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from game.content.figures import format_figure
from game.content.search import words_of

from .lesson_blocks import Block, table
from .lesson_text import NOTHING, Filler
from .svg import Plot

if TYPE_CHECKING:
    from game.content import schema as s
    from game.content import schema_lessons as sl

CURVE_HEIGHT = 470


def themes(fill: Filler) -> Iterator[Block]:
    """The themes, each with the theses that it gathers."""
    t, content = fill.tongue, fill.content
    yield Block("lead", t.say("class.lessons.themes.lead"))
    for theme in content.lessons.themes.values():
        yield Block("head", fill.text(theme.name), label=theme.id.upper())
        yield Block("text", fill.text(theme.text))
        rows = []
        for label in theme.theses:
            thesis = content.theses[label]
            rows.append((t.pick(thesis.claim), t.join([_short(fill, a) for a in thesis.articles])))
        yield table([t.say("class.lessons.themes.thesis"), t.say("class.lessons.themes.articles")], rows, kind="theses")


def _short(fill: Filler, article: str) -> str:
    """An article by the name of the role that has read it; else by its outlet."""
    for role in fill.content.lessons.readers:
        if role.article == article:
            return fill.text(role.name)
    return fill.tongue.pick(fill.content.articles[article].outlet)


# levers ---------------------------------------------------------------------------------------------------------------
def levers(fill: Filler) -> Iterator[Block]:
    """What a pupil needs beside the panel: the five rows, then every lever."""
    t, content = fill.tongue, fill.content
    head = [t.say(f"class.lessons.levers.{k}") for k in ("lever", "does", "unit", "range", "remember")]
    yield Block("lead", t.say("class.lessons.levers.lead"))
    yield Block("head", t.say("class.lessons.levers.five"))
    yield table(head, (_five(fill, row) for row in content.five.values()), kind="levers")
    yield Block("head", t.say("class.lessons.levers.every"))
    yield table(head, _every(fill), kind="levers")


def _five(fill: Filler, row: s.FiveRow) -> tuple[str, ...]:
    t, first = fill.tongue, fill.content.levers[row.moves[0]]
    said = t.text(row.help)
    if len(row.moves) == 1:
        return (t.pick(row.name), f"{said}\n{t.text(first.help)}", _unit(fill, first), _range(fill, first), _message(fill, first.id))
    panel = t.say("class.lessons.levers.panel")
    unit = {_unit(fill, fill.content.levers[m]) for m in row.moves}
    return (t.pick(row.name), said, unit.pop() if len(unit) == 1 else panel, panel, _message(fill, row.moves[0]))


def _every(fill: Filler) -> Iterator[tuple[str, ...]]:
    """Every lever that a person moves by hand; those that differ by trade alone stand once."""
    t, seen = fill.tongue, set()
    for lever in fill.content.levers.values():
        family, _, trade = lever.id.partition(".")
        if lever.kind == "choice" or family == "guidance":
            continue
        name = t.pick(lever.name)
        if family in ("knowledge", "staff") and trade in fill.content.segments and trade not in ("developers", "consumers"):
            if family in seen:
                continue
            seen.add(family)
            name = t.say(f"class.lessons.levers.{family}")
        yield (name, t.text(lever.help), _unit(fill, lever), _range(fill, lever), _message(fill, lever.id))


def _unit(fill: Filler, lever: s.Lever) -> str:
    return fill.tongue.pick(lever.unit)


def _range(fill: Filler, lever: s.Lever) -> str:
    t = fill.tongue
    ways = {"money": t.money, "price": t.price, "flops": t.flops, "route": lambda v: t.route(int(v))}
    way = ways.get(lever.kind, t.number)
    return t.say("class.lessons.levers.range-of", low=way(lever.low), high=way(lever.high))


def _message(fill: Filler, lever: str) -> str:
    guide = fill.content.guide_of.get(("lever", lever))
    return fill.tongue.text(guide.message) if guide is not None else NOTHING


# the blank curve ------------------------------------------------------------------------------------------------------
def curve(fill: Filler) -> Iterator[Block]:
    """Axes of the token price over the quarters of the first plan's scenario, with the opening marked and nothing else."""
    t = fill.tongue
    yield Block("lead", t.say("class.lessons.curve.lead"))
    yield Block("ask", t.say("class.lessons.curve.team"), count=1, kind="name")
    plan = next(iter(fill.content.lessons.plans.values()), None)
    if plan is not None:
        yield Block("curve", t.say("class.lessons.curve.printed"), svg=blank_curve(fill, plan.scenario), note=t.scenario(plan.scenario))
    for key in ("steepest", "ours", "left"):
        yield Block("ask", t.say(f"class.lessons.curve.{key}"), count=1)


def blank_curve(fill: Filler, scenario: str) -> str:
    """The SVG: quarters along x with the opening before them, prices from a thousandth of the opening to ten times it."""
    from game.content.vocabulary import parse_quarter

    t, entry = fill.tongue, fill.content.scenarios[scenario]
    first = parse_quarter(entry.first)
    opening = opening_price(fill, scenario)
    top = 10.0 ** _power_above(opening)
    ticks = [top / 10.0**n for n in range(4, -1, -1)]
    labels = [t.say("class.lessons.curve.opening"), *(t.quarter(first + n, "short") for n in range(entry.quarters))]
    plot = Plot(labels, [], t.price, height=CURVE_HEIGHT, zero=False, log=True, ticks=ticks, every=1)
    for low in ticks[:-1]:
        for m in range(2, 10):
            plot.raw(f'<path class="fine" d="M{plot.x(-0.5):.1f} {plot.y(low * m):.1f}H{plot.x(len(labels) - 0.5):.1f}"/>')
    for n in range(len(labels)):
        plot.raw(f'<path class="grid" d="M{plot.x(n):.1f} {plot.y(ticks[0]):.1f}V{plot.y(ticks[-1]):.1f}"/>')
    plot.dot(0, opening, "s0", r=5)
    plot.text(plot.x(0) + 9, plot.y(opening) - 8, t.price(opening), "label")
    unit = t.pick(fill.content.levers["price.token"].unit)
    name = t.say("class.lessons.curve.axis", unit=unit)
    plot.text(plot.x(0), 11, name, "tick")
    return plot.svg(name, t.say("class.lessons.curve.told", price=t.price(opening)))


def _power_above(value: float) -> int:
    return math.floor(math.log10(value)) + 1


def opening_price(fill: Filler, scenario: str) -> float:
    """Median token price on the first day of a scenario, CNY per million tokens; the same for every seed."""
    from game import __version__
    from game.engine import derive
    from game.table.local import market_for

    content = fill.content
    market = market_for(content, scenario, next(iter(content.backgrounds)), next(iter(content.difficulties)), "none", __version__)
    return float(derive.median_price(market.begin(market.seed("1")))[0])


# reading numbers ------------------------------------------------------------------------------------------------------
def numbers(fill: Filler) -> Iterator[Block]:
    """The worksheet: numbers as claimed, three boxes to fill, a question."""
    t = fill.tongue
    yield Block("lead", t.say("class.lessons.numbers.lead"))
    head = [t.say(f"class.lessons.numbers.{k}") for k in ("figure", "claim", "counts", "when", "who")]
    for number, exercise in enumerate(fill.content.lessons.exercises.values(), 1):
        yield Block("head", fill.text(exercise.name), label=str(number), kind="exercise")
        rows = [(_value(fill, f), _claim(fill, f), "", "", "") for f in exercise.figures]
        yield table(head, rows, kind="boxes")
        yield Block("ask", fill.text(exercise.ask), count=2)


def numbers_key(fill: Filler) -> Iterator[Block]:
    """The key: the boxes filled as far as the articles allow, what differs, the cautions."""
    t = fill.tongue
    yield Block("lead", t.say("class.lessons.numbers.key-lead"))
    head = [t.say(f"class.lessons.numbers.{k}") for k in ("figure", "claim", "when", "who", "article")]
    for number, exercise in enumerate(fill.content.lessons.exercises.values(), 1):
        yield Block("head", fill.text(exercise.name), label=str(number), kind="exercise")
        yield table(head, (_source(fill, f) for f in exercise.figures), kind="sources")
        yield Block("key", fill.text(exercise.key), label=t.say("class.lessons.answers.answer"))
        yield Block("text", t.say("class.lessons.numbers.differs", what=_differs(fill, exercise)), kind="differs")
        for label in exercise.cautions:
            yield Block("aside", t.pick(fill.content.cautions[label].why), label=t.say("class.lessons.numbers.caution"), link=("caution", label))


def _differs(fill: Filler, exercise: sl.Exercise) -> str:
    return fill.tongue.join([fill.tongue.say(f"class.lessons.numbers.{k}") for k in exercise.differs])


def _value(fill: Filler, figure: str) -> str:
    return format_figure(fill.content.figures[figure], fill.tongue.lang)


def _claim(fill: Filler, figure: str) -> str:
    return fill.tongue.pick(fill.content.figures[figure].claim)


def _source(fill: Filler, label: str) -> tuple[str, ...]:
    t, figure = fill.tongue, fill.content.figures[label]
    return (_value(fill, label), t.pick(figure.claim), t.pick(figure.when), t.pick(figure.attributed_to), _short(fill, figure.article))


# glossary -------------------------------------------------------------------------------------------------------------
def glossary(fill: Filler) -> Iterator[Block]:
    """Every word in both languages, with what it means in the one at hand."""
    t, known = fill.tongue, words_of(fill.content)
    yield Block("lead", t.say("class.lessons.glossary.lead"))
    rows = []
    for word in fill.content.lessons.words.values():
        name, text = (known[word.term].name, known[word.term].text) if word.term else (word.name, word.text)
        assert name is not None
        pair = (name.zh, name.en) if t.lang == "zh" else (name.en, name.zh)
        rows.append((*pair, fill.text(text)))
    first, second = ("zh", "en") if t.lang == "zh" else ("en", "zh")
    head = [t.say(f"class.lessons.glossary.{k}") for k in (first, second, "meaning")]
    yield table(head, rows, kind="glossary")
