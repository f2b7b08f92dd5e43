"""The report on facts as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from game.lab.facts import FactReport, FactResult


def number(value: float | None) -> str:
    """A measured number in at most nine characters.

    >>> number(0.8941), number(1882460372.2), number(None), number(-0.2961)
    ('0.894', '1.88e9', '-', '-0.296')
    """
    if value is None:
        return "-"
    if abs(value) < 1e5:
        return f"{value:.4g}" if abs(value) >= 1000 else f"{value:.3f}".rstrip("0").rstrip(".") or "0"
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def verdict(fact: FactResult) -> str:
    """``met``, ``MISSED by ...`` with the distance to the band, or ``-`` where nothing could be measured."""
    if fact.met is None:
        return "-"
    return "met" if fact.met else f"MISSED by {number(fact.distance)}"


def lines(report: FactReport) -> Iterator[str]:
    """A line for every fact, the count, then the reasons of those missed."""
    yield f"{report.seeds} seeds of {report.scenario}, assumptions {report.assume}, rules {report.rules}"
    yield f"{'fact':25} {'status':9} {'use':8} {'median':>9} {'p10':>9} {'p90':>9}   {'band':20} verdict"
    for f in report.facts:
        use = "fitted" if f.fitted else "held out"
        band = f"{number(f.low)} to {number(f.high)}"
        caution = f"  (caution: {', '.join(f.cautions)})" if f.cautions and f.met is False else ""
        yield (
            f"{f.id:25} {f.status:9} {use:8} {number(f.median):>9} {number(f.p10):>9} {number(f.p90):>9}   {band:20} "
            f"{verdict(f)}{caution}"
        )
    emergent = [f for f in report.facts if f.status == "emergent" and f.met is not None]
    yield f"emergent facts: {len(emergent)}, met {sum(f.met is True for f in emergent)}"
    for f in report.facts:
        if f.met is False:
            yield f"missed {f.id}: {f.reason.en if f.reason else 'no reason is known yet'}"
