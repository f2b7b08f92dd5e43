"""What ``baimo lab calibrate`` and ``baimo lab sensitivity`` run and print."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from game.lab.progress import progress_line

if TYPE_CHECKING:
    from game.content import Content
    from game.lab.calibrate_fit import CalibrationReport
    from game.lab.sensitivity import SensitivityReport

BAD_INPUT = 2
TOP = 4
"""Drivers shown for each output."""


def calibrate(
    args: argparse.Namespace, content: Content, ids: Mapping[str, str], rules: int, print_json: Callable[[Any], None]
) -> int:
    """Fit the free parameters to the facts that are not held out, and report; writes no parameter."""
    from game.lab.calibrate_fit import calibrate as fit
    from game.lab.calibrate_fit import overlay_text
    from game.lab.extras import MissingLibrary

    if args.out is not None and os.path.lexists(args.out):
        return _sorry(f"{args.out} exists already; choose another name, nothing is written over.")
    try:
        report = fit(
            content, seeds=args.seeds, evaluations=args.evaluations, scenario=ids["scenario"], assume=ids["assume"],
            rules_version=rules, progress=_progress,
        )  # fmt: skip
    except (MissingLibrary, ValueError) as error:
        return _sorry(str(error))
    if args.out is not None:
        try:
            folder = os.path.join(args.out, "assumptions")
            os.makedirs(folder)
            with open(os.path.join(folder, "fitted.toml"), "w", encoding="utf-8", newline="\n") as file:
                file.write(overlay_text(report))
        except OSError as error:
            return _sorry(f"{args.out} cannot be written: {error.strerror or error}.")
    if args.json:
        print_json(report)
    else:
        print("\n".join(calibration_lines(report)))
        if args.out is not None:
            print(f"proposal written; try it with: baimo lab facts --content {args.out} --assume fitted")
    return 0


def sensitivity(
    args: argparse.Namespace, content: Content, ids: Mapping[str, str], rules: int, print_json: Callable[[Any], None]
) -> int:
    """Which parameters drive which fact, and the player's value."""
    from game.lab.extras import MissingLibrary
    from game.lab.sensitivity import sensitivity as study

    try:
        report = study(
            content, seeds=args.seeds, scenario=ids["scenario"], assume=ids["assume"], rules_version=rules,
            progress=lambda done, total: _progress("evaluations", done, total),
        )  # fmt: skip
    except (MissingLibrary, ValueError) as error:
        return _sorry(str(error))
    if args.json:
        print_json(report)
    else:
        print("\n".join(sensitivity_lines(report)))
    return 0


def calibration_lines(report: CalibrationReport) -> Iterator[str]:
    """Objectives, facts and parameters in columns."""
    from game.lab.fact_table import number

    yield f"{report.seeds} seeds of {report.scenario}, assumptions {report.assume}, {report.evaluations} evaluations"
    yield f"objective on the seeds of the fit: {report.objective_before:.4f} before, {report.objective_after:.4f} after"
    yield f"objective on fresh seeds:          {report.fresh_before:.4f} before, {report.fresh_after:.4f} after"
    yield (
        f"held-out facts on fresh seeds:     {report.held_out_before:.4f} before, {report.held_out_after:.4f} after "
        f"(looks: {report.looks_at_held_out})"
    )
    if report.fresh_after >= report.fresh_before:
        yield "the proposal is no better on fresh seeds: it fits its own luck; give more --seeds and do not use it"
    if not report.converged:
        yield "the search is unfinished: a profile met something clearly better; give more --evaluations"
    yield ""
    yield f"{'fact':25} {'use':8} {'before':>9} {'after':>9}   {'z before':>8} {'z after':>8}   met (z within -1 to 1)"
    for f in report.facts:
        met = {True: "met", False: "missed"}
        yield (
            f"{f.id:25} {'fitted' if f.fitted else 'held out':8} {number(f.before):>9} {number(f.after):>9}   "
            f"{f.z_before:8.2f} {f.z_after:8.2f}   {met[f.met_before]} -> {met[f.met_after]}"
        )
    yield f"met before {sum(f.met_before for f in report.facts)}, after {sum(f.met_after for f in report.facts)}"
    yield ""
    yield f"{'parameter':40} {'before':>9} {'proposed':>9}   {'within sampling error':22} {'box':20} identified"
    for p in report.parameters:
        name = f"{p.parameter}.{p.entry}" if p.entry else p.parameter
        inside = f"{number(p.range_low)} to {number(p.range_high)}"
        yield (
            f"{name:40} {number(p.before):>9} {number(p.after):>9}   {inside:22} "
            f"{number(p.low) + ' to ' + number(p.high):20} {'yes' if p.identified else 'not identified'}"
        )
    yield ""
    yield "profiles: value objective (* told apart from the fit)"
    for p in report.parameters:
        points = "  ".join(f"{number(x.value)} {x.objective:.3f}{'' if x.within else '*'}" for x in p.profile)
        yield f"{p.id:20} {points}"


def sensitivity_lines(report: SensitivityReport) -> Iterator[str]:
    """A line for each output with its strongest drivers, sign of the mean effect before the strength."""
    yield f"{report.seeds} seeds of {report.scenario}, assumptions {report.assume}, {report.evaluations} evaluations"
    yield f"{report.method}; effects from one end of the box to the other, facts in half widths of their bands"
    for output in report.outputs:
        top = [d for d in output.drivers[:TOP] if d.strength > 0]
        shown = "  ".join(f"{'+' if d.direction >= 0 else '-'}{d.strength:.2f} {d.parameter}" for d in top)
        yield f"{output.id:25} {shown or 'nothing moves it'}"


def _sorry(sentence: str) -> int:
    print(f"baimo: {sentence}", file=sys.stderr)
    return BAD_INPUT


def _progress(what: str, done: int, total: int) -> None:
    say = progress_line(what)
    if say:
        say(done, total)
