"""``baimo lab ladder`` and ``baimo lab balance``: what they run and print; `game.cli` reads the arguments."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from game.lab.progress import progress_line

if TYPE_CHECKING:
    from game.content import Content
    from game.lab.balance.finding import Finding


def _overlay(args: argparse.Namespace) -> str | None:
    folder = getattr(args, "content", None)
    return str(folder) if folder is not None else None


def ladder(
    args: argparse.Namespace, content: Content, ids: Mapping[str, str], rules: int, print_json: Callable[[Any], None]
) -> int:
    """Does each policy beat the one below it?"""
    from game.lab.balance.record import Place
    from game.lab.ladder import measure_ladder

    place = Place(ids["scenario"], ids["background"], ids["assume"], _overlay(args))
    report = measure_ladder(place, args.seeds, rules_version=rules, progress=progress_line())
    if args.json:
        print_json(report)
        return 0
    print(f"{args.seeds} seeds of {place}, rivals at level manager, rules {rules}; intervals are 90 %")
    print(f"{'policy':10} {'bankrupt':>22} {'median value':>14} {'p10':>10} {'p90':>10} {'median rank':>12}")
    for r in report.rungs:
        broke = f"{r.bankrupt:.2f} [{r.bankrupt_interval[0]:.2f}, {r.bankrupt_interval[1]:.2f}]"
        print(f"{r.policy:10} {broke:>22} {_money(r.value_median):>14} {_money(r.value_p10):>10} "
              f"{_money(r.value_p90):>10} {r.rank_median:12.1f}")
    for p in report.pairs:
        verdict = "met" if p.met else "MISSED"
        print(f"{p.higher:9} wins against {p.lower:9} {p.win:6.2f} [{p.interval[0]:.2f}, {p.interval[1]:.2f}]"
              f"  of {p.seeds} seeds  wanted >= 0.6  {verdict}")
    return 0


def _money(cny: float) -> str:
    return f"{cny / 1e6:,.0f} M"


def balance(
    args: argparse.Namespace, content: Content, ids: Mapping[str, str], rules: int, print_json: Callable[[Any], None]
) -> int:
    """Is the game balanced? Measures (a) to (k) of the model. 2 where a letter does not exist."""
    from game.lab.balance.letters import LETTERS, measure_balance
    from game.lab.balance.plan import plan_of

    letters = [part.strip() for part in args.only.split(",") if part.strip()] if args.only is not None else list(LETTERS)
    unknown = [part for part in letters if part not in LETTERS]
    if unknown or not letters:
        print(f"baimo: there is no measure {unknown[0] if unknown else args.only!r} (known: {', '.join(LETTERS)})",
              file=sys.stderr)
        return 2
    plan = plan_of(args.seeds, args.quick, _overlay(args), getattr(args, "planner_seeds", None))
    report = measure_balance(plan, letters, rules_version=rules, progress=progress_line())
    if args.json:
        print_json(report)
        return 0
    print(f"{plan.seeds} seeds ({plan.planner_seeds} of the planner, {plan.static_seeds} of statics), rules {rules}; "
          "intervals are 90 %")
    for m in report.measures:
        for f in m.findings:
            print(finding_line(f))
        if "why" in m.details:
            print(f"   {m.details['why']}")
    return 0


def finding_line(f: Finding) -> str:
    """Letter, what, value, interval, wanted, and met or by how much it is missed."""
    value = "-" if f.value is None else f"{f.value:.3f}"
    spread = "" if f.interval is None else f"[{f.interval[0]:.3f}, {f.interval[1]:.3f}]"
    if not f.judged:
        verdict = "reported"
    elif f.met is None:
        verdict = "not measured"
    elif f.met:
        verdict = "met"
    else:
        verdict = f"MISSED by {f.distance:.3f}" if f.distance else "MISSED: the interval reaches beyond"
    return f"{f.id}  {f.what:72} {value:>9} {spread:18}  wanted {f.wanted:11}  {verdict}"
