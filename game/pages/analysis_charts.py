"""The charts of an analysis: each a name, words for those who do not see it, and the SVG."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from game.lab.analysis.model import Analysis, Comparison, Luck, QuarterAnalysis, lived
from game.language.analysis import mark
from game.pages import svg
from game.table.wire import Guidance, Row

if TYPE_CHECKING:
    from game.language import Tongue

MARKED: Final = ("inaccuracy", "mistake", "blunder")
LONGEST: Final = 12.0
"""Quarters of runway that the chart shows; more is as good as that."""


@dataclass(frozen=True)
class Chart:
    """One chart in one language."""

    id: str
    name: str
    note: str
    """What is drawn how."""
    svg: str


def charts(analysis: Analysis, tongue: Tongue, only: Collection[str] = ()) -> Iterator[Chart]:
    """The charts of one run, those without anything to show left out; ``only`` those of some ids, or all."""
    analysis = msgspec.structs.replace(analysis, quarters=lived(analysis))
    if not analysis.quarters:
        return
    makers = {"value": _value, "regret": _regret, "cash": _cash, "runway": _runway, "share": _share, "prices": _prices}
    for id, make in makers.items():
        chart = make(analysis, tongue) if not only or id in only else None
        if chart is not None:
            yield chart
    for what in ("cash", "revenue"):
        chart = _guidance(analysis, tongue, what) if not only or f"guidance-{what}" in only else None
        if chart is not None:
            yield chart
    if analysis.luck is not None and (not only or "luck" in only):
        yield _luck(analysis.luck, tongue)


def _chart(tongue: Tongue, key: str, drawn: svg.Plot, **told: object) -> Chart:
    name = tongue.say(f"analysis.page.{key}")
    words = tongue.say(f"analysis.page.{key}-told", **told)  # type: ignore[arg-type]
    return Chart(key, name, tongue.say(f"analysis.page.{key}-note"), drawn.svg(name, words))


def _labels(quarters: Sequence[QuarterAnalysis], tongue: Tongue) -> list[str]:
    return [tongue.quarter(q.quarter, "short") for q in quarters]


def _ends(values: Sequence[float | None]) -> dict[str, float | None]:
    there = [v for v in values if v is not None]
    if not there:
        return {"first": None, "last": None, "least": None, "most": None}
    return {"first": there[0], "last": there[-1], "least": min(there), "most": max(there)}


def _value(a: Analysis, tongue: Tongue) -> Chart:
    quarters = a.quarters
    values = [q.row.value for q in quarters]
    fans = [q.fan[0] if q.fan else None for q in quarters]
    far: dict[int, QuarterAnalysis] = {}
    for i, q in enumerate(quarters):
        if len(q.fan) > 1 and i + len(q.fan) - 1 < len(quarters):
            far[i + len(q.fan) - 1] = q
    highs = [f.high if f else None for f in fans]
    plot = svg.Plot(
        _labels(quarters, tongue), [*values, *highs, *(q.fan[-1].high for q in far.values())], tongue.money, height=260
    )
    for place, q in far.items():
        end = q.fan[-1]
        plot.whisker(place, end.low, end.high, "far", cap=2.0)
        plot.dot(place, end.median, "far", r=1.8)
    plot.band([f.low if f else None for f in fans], highs, "fan")
    plot.line([f.median if f else None for f in fans], "middle")
    plot.line(values, "s0", tongue.say("analysis.text.value"), dots=True)
    for i, q in enumerate(quarters):
        if q.verdict in MARKED:
            plot.text(plot.x(i), plot.y(values[i]) - 9, mark(q), f"mark {q.verdict}")
    marked = [q for q in quarters if q.verdict in ("mistake", "blunder")]
    return _chart(tongue, "value", plot, **_ends(values), count=len(marked),
                  quarters=tongue.join([tongue.quarter(q.quarter) for q in marked]) or "--")  # fmt: skip


def _regret(a: Analysis, tongue: Tongue) -> Chart | None:
    quarters = a.quarters
    if not any(q.regret for q in quarters):
        return None
    ends = [x for q in quarters if q.regret for x in (q.regret.low, q.regret.high, q.hindsight or 0.0)]
    plot = svg.Plot(_labels(quarters, tongue), ends, tongue.money)
    for i, q in enumerate(quarters):
        if q.regret is None:
            continue
        kind = q.verdict if q.verdict in MARKED else "calm"
        plot.bar(i, 0.0, q.regret.mean, f"bar {kind}", half=7.0)
        plot.whisker(i, q.regret.low, q.regret.high, "interval")
        if q.hindsight is not None:
            plot.diamond(i, q.hindsight, "hindsight", shift=11.0)
        if q.verdict in MARKED:
            plot.text(plot.x(i), plot.y(max(q.regret.high, 0.0)) - 5, mark(q), f"mark {q.verdict}")
    worst = max((q for q in quarters if q.regret), key=lambda q: q.regret.mean if q.regret else 0.0)
    assert worst.regret is not None
    return _chart(tongue, "regret", plot, quarter=worst.quarter, amount=worst.regret.mean)


def _cash(a: Analysis, tongue: Tongue) -> Chart:
    cash, revenue = [q.row.cash for q in a.quarters], [q.row.revenue for q in a.quarters]
    cost = [q.cost for q in a.quarters]
    plot = svg.Plot(_labels(a.quarters, tongue), [*cash, *revenue, *cost], tongue.money)
    plot.line(cost, "s2", tongue.say("analysis.page.cost"))
    plot.line(revenue, "s1", tongue.say("analysis.page.revenue"))
    plot.line(cash, "s0", tongue.say("analysis.page.cash-short"), dots=True)
    return _chart(tongue, "cash", plot, **_ends(cash))


def _runway(a: Analysis, tongue: Tongue) -> Chart | None:
    shown = [q for q in a.quarters if q.cost is not None]
    if not shown:
        return None
    plot = svg.Plot(_labels(a.quarters, tongue), [], lambda v: tongue.number(v, 0), height=150, ticks=(0.0, 3.0, 6.0, 9.0, 12.0))
    for i, q in enumerate(a.quarters):
        if q.cost is None:
            continue
        left = LONGEST if q.runway is None else min(q.runway, LONGEST)
        plot.bar(i, 0.0, left, "bar long" if q.runway is None else "bar short" if left < 3.0 else "bar calm", half=7.0)
    short = [q for q in shown if q.runway is not None]
    least = min(short, key=lambda q: q.runway or 0.0) if short else None
    return _chart(tongue, "runway", plot, least=tongue.number(least.runway, 1) if least else "--",
                  quarter=least.quarter if least else None)  # fmt: skip


def _share(a: Analysis, tongue: Tongue) -> Chart | None:
    share = [q.row.share for q in a.quarters]
    if all(s is None for s in share):
        return None
    fine = 1 if max(s for s in share if s is not None) < 0.05 else 0
    plot = svg.Plot(_labels(a.quarters, tongue), share, lambda v: tongue.percent(v, fine))
    plot.line(share, "s0", tongue.say("analysis.page.share-short"), dots=True)
    return _chart(tongue, "share", plot, **_ends(share))


def _prices(a: Analysis, tongue: Tongue) -> Chart | None:
    own, market = [q.row.own_price for q in a.quarters], [q.row.token_price for q in a.quarters]
    if not any(p > 0 for p in (*own, *market)):
        return None
    plot = svg.Plot(_labels(a.quarters, tongue), [*own, *market], tongue.price, log=True)
    plot.line(market, "s3", tongue.say("analysis.page.market"))
    plot.line(own, "s0", tongue.say("analysis.page.own"), dots=True)
    for i, price in enumerate(own):
        if price <= 0:  # a logarithm has no nought: it stands at the foot
            plot.text(plot.x(i), plot.height - svg.BOTTOM - 3, tongue.price(0.0), "tick middle")
    return _chart(tongue, "prices", plot, **{k: tongue.price(v) for k, v in _ends(own).items()},
                  median=tongue.price(market[-1]))  # fmt: skip


def _guidance(a: Analysis, tongue: Tongue, what: str) -> Chart | None:
    given = {g.quarter: g for q in a.quarters for g in q.guidance if g.what == what}
    if not given:
        return None
    places = [i for i, q in enumerate(a.quarters) if q.quarter - 1 in given]
    shown: list[tuple[int, Guidance]] = [(i, given[a.quarters[i].quarter - 1]) for i in places]
    if not shown:
        return None
    actual = [getattr(q.row, what) for q in a.quarters]
    most = max(abs(v) for v in actual) or 1.0
    limit = [min(max(x, -2.0 * most), 3.0 * most) for _, g in shown for x in (g.low, g.high)]
    plot = svg.Plot(_labels(a.quarters, tongue), [*actual, *limit], tongue.money)
    for i, g in shown:
        if g.game_low is not None and g.game_high is not None:
            plot.bar(i, g.game_low, g.game_high, "game", half=8.0)
        plot.whisker(i, g.naive_low, g.naive_high, "naive", shift=8.0, cap=2.0)
        plot.whisker(i, g.low, g.high, "given", cap=4.0)
    for i, v in enumerate(actual):
        plot.dot(i, v, "s0", r=2.8)
    total = next((t for t in a.guidance if t.what == what), None)
    return _chart(tongue, f"guidance-{what}", plot, count=total.count if total else 0, held=total.held if total else 0)


def _luck(luck: Luck, tongue: Tongue) -> Chart:
    """Where the run and the standard policies stand on the scale; an arrow of luck and one of skill."""
    rows = [*((tongue.say(f"term.policy.{p.policy}"), p.scaled, p.mean) for p in luck.policies)]
    points = [luck.scaled, *(x for _, here, mean in rows for x in (here, mean.low, mean.high))]
    ticks = svg.nice_ticks(min(points), max(points))
    low, high = ticks[0], ticks[-1]
    left, right, step = 150.0, 700.0, 30.0
    height = int(step * (len(rows) + 1) + 44)

    def x(v: float) -> float:
        return left + (v - low) / (high - low) * (right - left)

    out: list[str] = []
    for tick in ticks:
        out.append(f'<path class="grid" d="M{x(tick):.1f} 8V{height - 28}"/>')
        out.append(f'<text class="tick middle" x="{x(tick):.1f}" y="{height - 12}">{svg.escape(tongue.number(tick, 1))}</text>')
    for i, (name, here, mean) in enumerate(rows):
        y = 24 + i * step
        out.append(f'<text class="label" x="8" y="{y + 4:.1f}">{svg.escape(name)}</text>')
        d = f"M{x(mean.low):.1f} {y:.1f}H{x(mean.high):.1f}M{x(mean.low):.1f} {y - 5:.1f}v10M{x(mean.high):.1f} {y - 5:.1f}v10"
        out.append(f'<path class="whisker interval" d="{d}"/>')
        out.append(f'<circle class="s1" cx="{x(here):.1f}" cy="{y:.1f}" r="4.5"/>')
    y = 24 + len(rows) * step
    out.append(f'<text class="label s0" x="8" y="{y + 4:.1f}">{svg.escape(tongue.say("analysis.page.you"))}</text>')
    out.append(f'<path class="s0" d="M{x(luck.scaled):.1f} {y - 7:.1f}l7 7l-7 7l-7 -7Z"/>')
    name = tongue.say("analysis.page.luck")
    told = tongue.say("analysis.page.luck-told", luck=tongue.signed(luck.luck.mean, 2), skill=tongue.signed(luck.skill, 2))
    return Chart("luck", name, tongue.say("analysis.page.luck-note"), svg.drawing(svg.WIDTH, height, name, told, "".join(out)))


# several runs ---------------------------------------------------------------------------------------------------------


def compared(comparison: Comparison, names: Sequence[str], tongue: Tongue) -> Iterator[Chart]:
    """Value, cash, share and price of the runs in one chart each."""
    quarters = sorted({q.quarter for a in comparison.runs for q in lived(a)})
    if not quarters:
        return
    labels = [tongue.quarter(q, "short") for q in quarters]
    ways: tuple[tuple[str, Callable[[Row], float | None], svg.Words, bool], ...] = (
        ("value", lambda r: r.value, tongue.money, False), ("cash", lambda r: r.cash, tongue.money, False),
        ("share", lambda r: r.share, lambda v: tongue.percent(v, 0), False),
        ("prices", lambda r: r.own_price, tongue.price, True),
    )  # fmt: skip
    for key, read, words, log in ways:
        lines = []
        for a in comparison.runs:
            at = {q.quarter: q.row for q in lived(a)}
            lines.append([read(at[q]) if q in at else None for q in quarters])
        if all(v is None for line in lines for v in line):
            continue
        plot = svg.Plot(labels, [v for line in lines for v in line], words, log=log, height=240)
        if comparison.split is not None and comparison.split in quarters:
            x = plot.x(quarters.index(comparison.split) - 0.5)
            plot.raw(f'<path class="split" d="M{x:.1f} {svg.TOP}V{plot.height - svg.BOTTOM}"/>')
        for i, line in reversed(list(enumerate(lines))):
            plot.line(line, f"s{i}", f"{i + 1} {names[i]}"[:14], dots=i == 0)
        name = tongue.say("analysis.text.cash" if key == "cash" else f"analysis.page.{key}")
        told = tongue.join([f"{n}: {words(line[-1]) if line[-1] is not None else '--'}" for n, line in zip(names, lines)])
        yield Chart(f"compare-{key}", name, tongue.say("analysis.page.compare-note"), plot.svg(name, told))
