"""The charts of a class: survival, the spread beside bots, prices, who decided what, and what a fork shows.

Lines of pupils look alike on purpose: who is who stands at their ends, in a title under the pointer and in the table
beside them; no colour tells it. Bots are bands, dots and dashes, pupils solid lines and diamonds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from game.lab.classwork.forks import STEPS, Fork, Way
from game.lab.classwork.model import Band, ClassReport, Field, Pupil, Spread
from game.pages import svg
from game.pages.analysis_charts import Chart
from game.pages.class_words import ROWS, name_of, numbered, turn_of
from game.table.wire import Row

if TYPE_CHECKING:
    from game.language import Tongue

NAMED: Final = 16
"""Pupils whose names stand at the ends of their lines; of more, only the pointer and the table tell."""
DECADES: Final = (3, 1)
"""Powers of ten below and above the opening price that the empty frame shows; what came is not betrayed by it."""


def _chart(tongue: Tongue, key: str, drawn: svg.Plot, **told: object) -> Chart:
    name = tongue.say(f"class_page.chart.{key}")
    return Chart(key, name, tongue.say(f"class_page.chart.{key}-note"),
                 drawn.svg(name, tongue.say(f"class_page.chart.{key}-told", **told)))  # type: ignore[arg-type]  # fmt: skip


def field(spread: Spread, policy: str, luck: str) -> Field | None:
    """A group of bots, or None where it has not played."""
    return next((f for f in spread.bots if f.policy == policy and f.luck == luck), None)


# survival -------------------------------------------------------------------------------------------------------------


def survival(report: ClassReport, spread: Spread, tongue: Tongue) -> Chart:
    """Share still trading after each quarter: the class, bots on its seed, bots on other seeds."""
    labels = [tongue.quarter(q, "short") for q in spread.quarters]
    plot = svg.Plot(labels, [0.0, 1.0], lambda v: tongue.percent(v, 0), height=230, ticks=(0.0, 0.25, 0.5, 0.75, 1.0))
    for luck, kind in (("other", "s2"), ("same", "s1")):
        bots = field(spread, "", luck)
        if bots is not None:
            plot.steps(bots.alive, kind, tongue.say(f"class_page.bots.{luck}"), 1.0)
    plot.steps(spread.pupils.alive, "s0 main", tongue.say("class_page.class"), 1.0)
    at: dict[int, list[Pupil]] = {}
    for p in report.pupils:
        if p.bankrupt is not None and p.bankrupt in spread.quarters:
            at.setdefault(spread.quarters.index(p.bankrupt), []).append(p)
    for i, gone in at.items():
        level = spread.pupils.alive[i] if i < len(spread.pupils.alive) else 0.0
        x, y = plot.x(i), plot.y(level)
        plot.raw(f'<g class="gone"><title>{escape(tongue.join([numbered(p) for p in gone]))}</title>'
                 f'<path class="cross" d="M{x - 5:.1f} {y - 5:.1f}l10 10m0 -10l-10 10"/></g>')  # fmt: skip
        who = " ".join(str(p.place + 1) for p in gone[:6]) + (" …" if len(gone) > 6 else "")
        plot.text(x, y + 20, who, "tick middle")
    alive = spread.pupils.alive
    same = field(spread, "", "same")
    return _chart(tongue, "survival", plot, share=alive[-1] if alive else None, bots=same.alive[-1] if same and same.alive else None,
                  count=sum(p.bankrupt is not None for p in report.pupils))  # fmt: skip


# the class beside bots ------------------------------------------------------------------------------------------------

_READ: Final[dict[str, Callable[[Row], float]]] = {"value": lambda r: r.value, "cash": lambda r: r.cash}


def spread_of(report: ClassReport, spread: Spread, what: str, tongue: Tongue) -> Chart:
    """Value or cash of every pupil over the fan of bots on the same seed."""
    read = _READ[what]
    labels = [tongue.quarter(q, "short") for q in spread.quarters]
    lines = [_along(p, spread.quarters, read) for p in report.pupils]
    bots = field(spread, "", "same")
    bands: list[Band] = getattr(bots, what) if bots is not None else []
    drawn = [v for line in lines for v in line] + [x for b in bands for x in (b.low, b.high)]
    plot = svg.Plot(labels, drawn, tongue.money, height=330)
    if bots is not None:
        at = {b.quarter: b for b in bands}
        there = [at.get(q) for q in spread.quarters]
        plot.band([b.low if b else None for b in there], [b.high if b else None for b in there], "fan")
        plot.band([b.quarter_low if b else None for b in there], [b.quarter_high if b else None for b in there], "fan")
        plot.line([b.median if b else None for b in there], "s1", "" if len(report.pupils) <= NAMED else tongue.say("class_page.bots.middle"))
    _pupils(plot, report.pupils, lines, tongue.money)
    last = [v for line in lines for v in line[-1:] if v is not None]
    return _chart(tongue, what, plot, least=min(last, default=None), most=max(last, default=None),
                  median=bands[-1].median if bands else None)  # fmt: skip


def _along(pupil: Pupil, quarters: Sequence[int], read: Callable[[Row], float]) -> list[float | None]:
    at = {r.quarter: read(r) for r in pupil.rows}
    return [at.get(q) for q in quarters]


def _pupils(
    plot: svg.Plot, pupils: Sequence[Pupil], lines: Sequence[Sequence[float | None]], words: svg.Words, quiet: bool = False
) -> None:
    """A line for each pupil with a title, a mark at its end, and a label with a leader where there are few."""
    ends: list[tuple[float, int, float]] = []
    for p, line in zip(pupils, lines, strict=True):
        shown = [(i, v) for i, v in enumerate(line) if v is not None and (v > 0 or not plot.log)]
        if not shown:
            continue
        d = "M" + "L".join(f"{plot.x(i):.1f} {plot.y(v):.1f}" for i, v in shown)
        i, v = shown[-1]
        x, y = plot.x(i), plot.y(v)
        end = f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8" if p.bankrupt is not None else f"M{x:.1f} {y - 4:.1f}l4 4l-4 4l-4 -4Z"
        kind = "cross" if p.bankrupt is not None else "tip"
        title = f"{numbered(p)} · {words(v)}"
        plot.raw(f'<g class="pupil"><title>{escape(title)}</title><path class="hit" d="{d}"/><path class="own" d="{d}"/>'
                 f'<path class="{kind}" d="{end}"/></g>')  # fmt: skip
        ends.append((y, p.place, x))
    if quiet or len(pupils) > NAMED:
        return
    by = {p.place: p for p in pupils}
    where = {(round(y, 3), place): x for y, place, x in ends}
    gap = min(13.0, (plot.height - svg.TOP - svg.BOTTOM) / max(len(ends), 1))
    sortable = [(y, str(place), "who") for y, place, _ in ends]
    for (y, place, kind), (true, _, _) in zip(
        svg.apart(sortable, svg.TOP, plot.height - svg.BOTTOM, gap), sorted(sortable), strict=True
    ):
        x = where[round(true, 3), int(place)]
        left = svg.WIDTH - svg.RIGHT + 4
        plot.raw(f'<path class="lead" d="M{x + 6:.1f} {true:.1f}L{left - 8} {y:.1f}H{left}"/>')
        plot.text(left + 3, y + 4, _short(by[int(place)]), f"label {kind}")


def _short(pupil: Pupil) -> str:
    from game.language.clean import clean_text

    number, name = str(pupil.place + 1), clean_text(name_of(pupil), 8)
    return name if name == number else f"{number}. {name}"


def strip(report: ClassReport, spread: Spread, tongue: Tongue) -> Chart | None:
    """Where everybody stands at the end: pupils, bots on the same seed one by one, bots on other seeds as an interval."""
    done = [p for p in report.pupils if p.played >= len(spread.quarters) or p.ending]
    policies = list(dict.fromkeys(b.policy for b in spread.games))
    other = [(p, f) for p in policies if (f := field(spread, p, "other")) is not None and f.value]
    if not done and not policies:
        return None
    points = [p.value for p in done] + [b.value[-1] for b in spread.games if b.value]
    points += [x for _, f in other for x in (f.value[-1].low, f.value[-1].high)]
    ticks = svg.nice_ticks(min(points, default=0.0), max(points, default=1.0))
    low, high = ticks[0], ticks[-1]
    left, right, step = 170.0, 700.0, 30.0
    rows = 1 + len(policies) + len(other)
    height = int(step * rows + 46)

    def x(v: float) -> float:
        return left + (v - low) / (high - low) * (right - left)

    out = [f'<path class="grid" d="M{x(t):.1f} 8V{height - 28}"/>'
           f'<text class="tick middle" x="{x(t):.1f}" y="{height - 12}">{escape(tongue.money(t))}</text>' for t in ticks]  # fmt: skip

    def label(row: int, words: str, kind: str = "") -> float:
        y = 24 + row * step
        out.append(f'<text class="label {kind}" x="8" y="{y + 4:.1f}">{escape(words)}</text>')
        return y

    y = label(0, tongue.say("class_page.class"), "s0")
    for p in done:
        out.append(f'<g class="pupil"><title>{escape(f"{numbered(p)} · {tongue.money(p.value)}")}</title>'
                   f'<path class="tip" d="M{x(p.value):.1f} {y - 7:.1f}l5 7l-5 7l-5 -7Z"/></g>')  # fmt: skip
    for n, policy in enumerate(policies, 1):
        y = label(n, tongue.say("class_page.bots.of", policy=tongue.say(f"term.policy.{policy}")))
        for b in spread.games:
            if b.policy == policy and b.value:
                said = tongue.money(b.value[-1])
                said = f"{tongue.firm(b.habits)} · {said}" if b.habits else said
                out.append(f'<g><title>{escape(said)}</title><circle class="bot" cx="{x(b.value[-1]):.1f}" cy="{y:.1f}" r="4"/></g>')
    for n, (policy, f) in enumerate(other, 1 + len(policies)):
        y = label(n, tongue.say("class_page.bots.elsewhere", policy=tongue.say(f"term.policy.{policy}")))
        e = f.value[-1]
        d = f"M{x(e.low):.1f} {y:.1f}H{x(e.high):.1f}M{x(e.low):.1f} {y - 5:.1f}v10M{x(e.high):.1f} {y - 5:.1f}v10M{x(e.median):.1f} {y - 7:.1f}v14"
        out.append(f'<path class="whisker interval" d="{d}"/>')
    name = tongue.say("class_page.chart.strip")
    told = tongue.say("class_page.chart.strip-told", count=len(done), games=len(spread.games), seeds=spread.seeds)
    note = tongue.say("class_page.chart.strip-note", seeds=spread.seeds)
    return Chart("strip", name, note, svg.drawing(svg.WIDTH, height, name, told, "".join(out)))


# prices ---------------------------------------------------------------------------------------------------------------


def price_ticks(report: ClassReport) -> list[float]:
    """Powers of ten around the opening price, the same for the frame and the truth; from nothing that came later."""
    opening = next((p.rows[0].token_price for p in report.pupils if p.rows and p.rows[0].token_price > 0), 10.0)
    at = math.floor(math.log10(opening) + 1e-9)
    return [10.0**n for n in range(at - DECADES[0], at + DECADES[1] + 1)]


def _price_plot(report: ClassReport, spread: Spread, tongue: Tongue) -> svg.Plot:
    labels = [tongue.quarter(spread.quarters[0] - 1, "short"), *(tongue.quarter(q, "short") for q in spread.quarters)]
    plot = svg.Plot(labels, [], tongue.price, log=True, height=430, ticks=price_ticks(report), every=1)
    for tick in plot.ticks[:-1]:
        for k in (2.0, 5.0):
            plot.raw(f'<path class="grid fine" d="M{svg.LEFT} {plot.y(k * tick):.1f}H{svg.WIDTH - svg.RIGHT}"/>')
    for i in range(len(labels)):
        plot.raw(f'<path class="grid fine" d="M{plot.x(i):.1f} {svg.TOP}V{plot.height - svg.BOTTOM}"/>')
    opening = next((p.rows[0].token_price for p in report.pupils if p.rows), 0.0)
    if opening > 0:
        plot.dot(0, opening, "s3", r=4.5)
        plot.text(plot.x(0) + 9, plot.y(opening) - 7, tongue.price(opening), "label")
    return plot


def price_frame(report: ClassReport, spread: Spread, tongue: Tongue) -> Chart:
    """The empty frame for the class's drawing: the opening price, and room."""
    return _chart(tongue, "frame", _price_plot(report, spread, tongue))


def price_truth(report: ClassReport, spread: Spread, tongue: Tongue) -> Chart:
    """What the markets did: every pupil's own market, the class's middle, and the lowest offer."""
    plot = _price_plot(report, spread, tongue)
    quarters = [spread.quarters[0] - 1, *spread.quarters]
    lines = [_along(p, quarters, lambda r: r.token_price) for p in report.pupils]
    _pupils(plot, report.pupils, lines, tongue.price, quiet=True)
    opening = next((p.rows[0].token_price for p in report.pupils if p.rows), None)
    plot.line([None, *spread.pupils.low_price], "s2", tongue.say("class_page.price.lowest"))
    plot.line([opening, *spread.pupils.price], "s3 main", tongue.say("class_page.price.middle"), dots=True)
    price = spread.pupils.price
    return _chart(tongue, "truth", plot, first=tongue.price(opening), last=tongue.price(price[-1] if price else None),
                  low=tongue.price(spread.pupils.low_price[-1] if spread.pupils.low_price else None))  # fmt: skip


def own_prices(report: ClassReport, spread: Spread, tongue: Tongue) -> Chart:
    """Every pupil's own price beside the middle of the market."""
    labels = [tongue.quarter(q, "short") for q in spread.quarters]
    lines = [[v if v is not None and v > 0 else None for v in _along(p, spread.quarters, lambda r: r.own_price)] for p in report.pupils]
    plot = svg.Plot(labels, [v for line in lines for v in [*line, *spread.pupils.price]], tongue.price, log=True, height=300)
    plot.line(list(spread.pupils.price), "s3 main", "" if len(report.pupils) <= NAMED else tongue.say("class_page.price.middle"))
    _pupils(plot, report.pupils, lines, tongue.price)
    free = [numbered(p) for p in report.pupils if any(r.own_price <= 0 for r in p.rows[1:])]
    shown = [v for line in lines for v in line if v is not None]
    return _chart(tongue, "prices", plot, least=tongue.price(min(shown, default=None)), most=tongue.price(max(shown, default=None)),
                  free=tongue.join(free) or "--")  # fmt: skip


# who decided what -----------------------------------------------------------------------------------------------------


def decisions(report: ClassReport, tongue: Tongue) -> Chart:
    """For each group of levers and quarter how many pupils moved it up, and how many down."""
    assert report.asked is not None
    first, count = report.asked.first, report.asked.quarters
    quarters = range(first, first + count)
    groups = [g for g in ROWS if g != "money" or report.asked.levers == "all"]
    many = max(len(report.pupils), 1)
    left, right, tall, top = 112.0, 706.0, 66.0, 26.0
    wide = (right - left) / count
    height = int(top + tall * len(groups) + 8)
    out = [f'<text class="tick middle" x="{left + (i + 0.5) * wide:.1f}" y="14">{escape(tongue.quarter(q, "short"))}</text>'
           for i, q in enumerate(quarters)]  # fmt: skip
    most = {g: (0, first) for g in groups}
    for r, group in enumerate(groups):
        middle = top + tall * r + tall / 2.0
        out.append(f'<text class="label" x="8" y="{middle + 4:.1f}">{escape(tongue.say(f"class_page.row.{group}"))}</text>')
        out.append(f'<path class="axis" d="M{left} {middle:.1f}H{right}"/>')
        for i, q in enumerate(quarters):
            turns = [(p, turn_of(d, group)) for p in report.pupils for d in p.decided if d.quarter == q]
            for way, kind in ((1, "up"), (-1, "down")):
                who = [p for p, t in turns if t == way]
                if not who:
                    continue
                size = 19.0 * len(who) / many
                size = max(size, 2.0)
                x, y = left + i * wide + wide * 0.22, middle - size if way > 0 else middle
                names = tongue.join([numbered(p) for p in who[:30]]) + (" …" if len(who) > 30 else "")
                out.append(f'<g><title>{escape(names)}</title><rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{wide * 0.56:.1f}" height="{size:.1f}"/>'
                           f'<text class="tick middle" x="{x + wide * 0.28:.1f}" y="{(y - 3.5) if way > 0 else (y + size + 12):.1f}">{len(who)}</text></g>')  # fmt: skip
                if len(who) > most[group][0]:
                    most[group] = (len(who), q)
    name = tongue.say("class_page.chart.decisions")
    told = tongue.join([
        tongue.say("class_page.chart.decisions-told", row=tongue.say(f"class_page.row.{g}"), count=n, quarter=q)
        for g, (n, q) in most.items() if n
    ]) or name  # fmt: skip
    return Chart("decisions", name, tongue.say("class_page.chart.decisions-note"),
                 svg.drawing(svg.WIDTH, height, name, told, "".join(out)))  # fmt: skip


# forks ----------------------------------------------------------------------------------------------------------------


def fork_charts(fork: Fork, tongue: Tongue) -> Iterator[Chart]:
    """What was done and the alternative: value quarter by quarter, and where their futures end."""
    ways: list[tuple[Way, str, float]] = [(fork.done, "done", -0.17)]
    if fork.better is not None:
        ways.append((fork.better, "other", 0.17))
    labels = [tongue.quarter(fork.quarter + n, "short") for n in range(len(fork.done.value))]
    drawn = [x for w, _, _ in ways for r in w.value for x in (r.low, r.high)] + [v for w, _, _ in ways for v in w.true]
    plot = svg.Plot(labels, drawn, tongue.money, height=250, zero=min(drawn, default=0.0) < 0.3 * max(drawn, default=0.0))
    for way, kind, shift in ways:
        for n, r in enumerate(way.value):
            plot.bar(n + shift, r.low, r.high, f"way {kind}", half=15.0)
            y = plot.y(r.median)
            plot.raw(f'<path class="median" d="M{plot.x(n + shift) - 15:.1f} {y:.1f}h30"/>')
            if n < len(way.true):
                plot.diamond(n + shift, way.true[n], "true")
        if way.value:
            plot.text(plot.x(len(way.value) - 1 + shift), plot.y(way.value[-1].high) - 6,
                      tongue.say(f"class_page.fork.{kind}-short"), "tick middle")  # fmt: skip
    yield _chart(tongue, "fork", plot, done=tongue.money(fork.done.value[-1].median),
                 other=tongue.money(fork.better.value[-1].median if fork.better else None))  # fmt: skip
    if fork.better is not None:
        yield _ends(fork, fork.done, fork.better, tongue)


def _ends(fork: Fork, done: Way, other: Way, tongue: Tongue) -> Chart:
    """A mirrored histogram: what was done above the line, the alternative below it."""
    height, left, right, middle, tall = 236, 112.0, 706.0, 112.0, 84.0
    most = max(max(done.ends), max(other.ends), 1)
    wide = (right - left) / STEPS
    out: list[str] = []
    for way, kind, sign in ((done, "done", -1.0), (other, "other", 1.0)):
        for n, count in enumerate(way.ends):
            if not count:
                continue
            size = max(tall * count / most, 0.75)
            y = middle - size if sign < 0 else middle
            out.append(f'<rect class="way {kind}" x="{left + n * wide + 0.8:.1f}" y="{y:.1f}" width="{wide - 1.6:.1f}" height="{size:.1f}"/>')
            if count / max(fork.games, 1) >= 0.04:
                out.append(f'<text class="tick middle" x="{left + (n + 0.5) * wide:.1f}" '
                           f'y="{(y - 3) if sign < 0 else (y + size + 11):.1f}">{escape(tongue.count(count))}</text>')  # fmt: skip
        out.append(f'<text class="label" x="8" y="{middle + sign * 34 + 4:.1f}">{escape(tongue.say(f"class_page.fork.{kind}"))}</text>')
    out.append(f'<path class="axis" d="M{left} {middle:.1f}H{right}"/>')
    for n in range(0, STEPS + 1, 5):
        x = left + n * wide
        value = fork.low + (fork.high - fork.low) * n / STEPS
        kind = "tick end" if n == STEPS else "tick middle"
        out.append(f'<text class="{kind}" x="{x:.1f}" y="{height - 6}">{escape(tongue.money(value))}</text>')
    name = tongue.say("class_page.chart.ends")
    told = tongue.say("class_page.chart.ends-told", games=fork.games, share=fork.ahead_in)
    return Chart("ends", name, tongue.say("class_page.chart.ends-note", games=fork.games),
                 svg.drawing(svg.WIDTH, height, name, told, "".join(out)))  # fmt: skip


# one pupil ------------------------------------------------------------------------------------------------------------


def pupil_value(pupil: Pupil, spread: Spread | None, tongue: Tongue) -> Chart:
    """A pupil's value over the class's middle half, with what the futures of each plan let one expect, and the marks."""
    from game.language.analysis import mark

    rows = pupil.rows[1:]
    labels = [tongue.quarter(r.quarter, "short") for r in rows]
    at = {b.quarter: b for b in spread.pupils.value} if spread is not None else {}
    class_bands = [at.get(r.quarter) for r in rows]
    quarters = {q.quarter: q for q in pupil.analysis.quarters}
    fans = [q.fan[0] if (q := quarters.get(r.quarter)) is not None and q.fan else None for r in rows]
    values = [r.value for r in rows]
    plot = svg.Plot(labels, [*values, *(b.quarter_high for b in class_bands if b), *(f.high for f in fans if f)], tongue.money, height=200)
    plot.band([b.quarter_low if b else None for b in class_bands], [b.quarter_high if b else None for b in class_bands], "fan")
    for i, f in enumerate(fans):
        if f is not None:
            plot.whisker(i, f.low, f.high, "far", cap=4.0)
    plot.line(values, "s0", tongue.say("class_page.own"), dots=True)
    for i, r in enumerate(rows):
        q = quarters.get(r.quarter)
        if q is not None and q.verdict in ("inaccuracy", "mistake", "blunder"):
            plot.text(plot.x(i), plot.y(values[i]) - 9, mark(q), f"mark {q.verdict}")
    return _chart(tongue, "own", plot, first=values[0] if values else None, last=values[-1] if values else None)
