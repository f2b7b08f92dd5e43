"""What ``baimo lab futures`` runs and prints; `game.cli` reads the arguments."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from game.lab.progress import progress_line

if TYPE_CHECKING:
    from game.content import Content
    from game.lab.calibration import Cell, FuturesReport


def futures(
    args: argparse.Namespace, content: Content, ids: Mapping[str, str], rules: int, print_json: Callable[[Any], None]
) -> int:
    """Are the futures honest? Reads ``seeds``, ``quick`` and ``json`` of ``args``, ``assume`` of ``ids``."""
    from game.lab.calibration import FIRST_SEED, QUICK_SEEDS, measure_futures

    seeds = QUICK_SEEDS if args.quick else args.seeds
    report = measure_futures(
        content, range(FIRST_SEED, FIRST_SEED + seeds), assume=ids["assume"], rules_version=rules,
        progress=progress_line(),
    )  # fmt: skip
    if args.json:
        print_json(report)
    else:
        print("\n".join(lines(report)))
    return 0


def lines(report: FuturesReport) -> Iterator[str]:
    """The report for people: a line a cell, misses with their distance; then bankruptcy, then rivals' hidden numbers."""
    yield (
        f"{report.seeds} seeds of {report.scenario}, level {report.level}, assumptions {report.assume}, "
        f"rules {report.rules}; {report.futures} of {report.shown} futures a forecast; "
        f"so many seeds know a mark to {report.sampling:.1f} points"
    )
    yield f"{'start':8} {'ahead':>5} {'measure':17} {'forecasts':>9} {'<10%':>6} {'<50%':>6} {'<90%':>6}  within {report.tolerance:g} points"
    yield from _cells(report.cells)
    yield f"cells: {len(report.cells)}, met {report.met}"
    yield "by kind of plan, the start quarters together"
    for plan, cells in report.by_plan.items():
        worst = max(cells, key=lambda c: abs(c.off), default=None)
        if worst is not None:
            yield (
                f"{plan:8} {sum(c.met for c in cells)} of {len(cells)} met; furthest off {worst.off:+.1f} "
                f"({worst.measure}, {worst.ahead} ahead, {worst.forecasts} forecasts)"
            )
    yield f"{'start':8} {'ahead':>5} {'bankruptcy':17} {'foretold':>9} {'came':>6} {'Brier':>7} {'climatology':>11}"
    for r in report.bankruptcy:
        yield (
            f"{r.quarter:8} {r.ahead:5} {'':17} {r.foretold:9.3f} {r.happened:6.3f} {r.brier:7.4f} {r.climatology:11.4f}"
        )
        for b in r.bins if r.happened > 0.0 else ():
            chance = f"foretold {b.low:.0%} to {b.high:.0%}"
            yield f"{'':14} {chance:21} {b.foretold:5.3f} {b.happened:6.3f}   ({b.forecasts})"
    yield f"{'start':8} {'hidden number of rivals':23} {'claimed':>8} {'inside':>7}"
    for h in report.hidden:
        yield f"{h.quarter:8} {h.what:23} {h.claimed:8.2f} {h.inside:7.3f}   ({h.rivals})"


def _cells(cells: Sequence[Cell]) -> Iterator[str]:
    for c in cells:
        marks = " ".join(f"{b:6.1f}" for b in c.below)
        verdict = "met" if c.met else f"MISSED by {abs(c.off):.1f} points"
        yield f"{c.quarter:8} {c.ahead:5} {c.measure:17} {c.forecasts:9} {marks}  {verdict}"
