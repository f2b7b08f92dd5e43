"""What ``baimo lab whatif`` and ``baimo lab magnitudes`` run and print; `game.cli` reads the arguments."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from game.lab.progress import progress_line

if TYPE_CHECKING:
    from game.content import Content
    from game.lab.magnitudes import Magnitudes
    from game.lab.whatif import Outcome, RunOutcome, WhatIf

BAD_INPUT = 2
OLDER = "played by other rules: its decisions are replayed under the present ones, before and after the change"


def whatif(
    args: argparse.Namespace, content: Content, ids: Mapping[str, str], rules: int, print_json: Callable[[Any], None]
) -> int:
    """Runs replayed under a changed parameter. Reads ``file``, ``set`` (a list of texts) and ``json`` of ``args``."""
    from game.lab.whatif import Unusable
    from game.lab.whatif import whatif as replay

    try:
        report = replay(content, args.file, args.set or [], rules_version=rules, progress=progress_line())
    except Unusable as error:
        print(f"baimo: {error}", file=sys.stderr)
        return BAD_INPUT
    for left in report.skipped:
        print(f"baimo: left out: {left.why}", file=sys.stderr)
    if args.json:
        print_json(report)
    else:
        print("\n".join(whatif_lines(report, args.file.is_dir())))
    return 0


def whatif_lines(report: WhatIf, folder: bool) -> Iterator[str]:
    """The report for people: what was changed, each run's firms, the order of the runs of a folder."""
    for c in report.changes:
        yield f"{c.parameter}{'.' + c.entry if c.entry else ''}: {c.before:g} becomes {c.after:g}"
    for run in report.runs:
        yield ""
        yield from _run_lines(run, folder)
    if folder:
        yield ""
        yield f"{'order of the runs':40} {'before':>18} {'recorded levers':>18} {'policies anew':>18}"
        for p in report.ranking:
            cells = ((p.value_before, p.before), (p.value_recorded, p.recorded), (p.value_anew, p.anew))
            yield f"{p.file:40} " + " ".join(f"{v / 1e6:11,.1f}M #{n:<4}" for v, n in cells)


def _run_lines(run: RunOutcome, folder: bool) -> Iterator[str]:
    marks = ", undone" if run.undone else ""
    yield f"{run.file}: {run.scenario}, seed {run.seed}, {run.background}, {run.quarters} quarters{marks}"
    if run.older_rules:
        yield f"  {OLDER}"
    elif run.reproduced is False:
        yield "  its record cannot be reproduced (see baimo replay --check); the replay counts"
    yield f"  {'firm':22} {'decided by':10} {'before':>18} {'recorded levers':>18} {'policies anew':>18}"
    shown = [run.firms[run.firm]] if folder else sorted(run.firms, key=lambda f: f.before.rank)
    for firm in shown:
        cells = " ".join(_cell(o) for o in (firm.before, firm.recorded, firm.anew))
        yield f"{'* ' if firm is run.firms[run.firm] else '  '}{firm.id:22} {firm.decided_by:10} {cells}"


def _cell(o: Outcome) -> str:
    end = "" if o.status == "active" else o.status[0].upper()
    return f"{o.value / 1e6:11,.1f}M #{o.rank:<2}{end:2}"


def magnitudes(
    args: argparse.Namespace, content: Content, ids: Mapping[str, str], rules: int, print_json: Callable[[Any], None]
) -> int:
    """Orders of magnitude beside the figures. Reads ``seeds`` and ``json`` of ``args``, ``scenario`` and ``assume``."""
    from game.lab.magnitudes import measure

    report = measure(
        content, range(1, args.seeds + 1), scenario=ids["scenario"], assume=ids["assume"], rules_version=rules,
        progress=progress_line(),
    )  # fmt: skip
    if args.json:
        print_json(report)
    else:
        print("\n".join(magnitude_lines(report)))
    return 0


def magnitude_lines(report: Magnitudes) -> Iterator[str]:
    """The table for people: a row a thing, a column a year, then the figures it can be laid beside."""
    yield (f"medians of {report.seeds} seeds of {report.scenario}, assumptions {report.assume}, rules {report.rules}; "
           "a figure follows with its year and the ratio of ours to it")  # fmt: skip
    yield f"{'':54} {'unit':28}" + "".join(f"{year:>10}" for year in report.years)
    for row in report.rows:
        cells = ""
        for year in report.years:
            size = row.sizes.get(str(year))
            cells += f"{short(size.median) if size else '-':>10}"
        beside = "; ".join(
            f"{b.figure} {short(b.value)} ({b.year}" + (f", x{b.ratio:.2g})" if b.ratio is not None else ")")
            for b in row.figures
        )
        given = f"from {', '.join(row.inputs)}" if row.inputs else ""
        yield f"{row.name['en']:54} {row.unit:28}{cells}  {'; '.join(p for p in (beside, given) if p)}".rstrip()


def short(number: float) -> str:
    """Three digits with K, M, B or T.

    >>> short(6467000000.0), short(0.95), short(-1.2e6)
    ('6.47B', '0.95', '-1.2M')
    """
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")):
        if abs(number) >= size:
            return f"{number / size:.3g}{letter}"
    return f"{number:.3g}"
