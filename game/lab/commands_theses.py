"""What ``baimo lab theses`` runs and prints; `game.cli` reads the arguments."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from game.lab.progress import progress_line

if TYPE_CHECKING:
    from game.content import Content
    from game.lab.theses import ThesisResult


def theses(
    args: argparse.Namespace, content: Content, ids: Mapping[str, str], rules: int, print_json: Callable[[Any], None]
) -> int:
    """Do the articles' causal claims hold in this market?

    Reads ``seeds``, ``quick``, ``json`` and, where there is one, ``lang`` of ``args``, ``assume`` of ``ids``.
    """
    from game.lab.theses import FIRST_SEED, QUICK_SEEDS, measure_theses

    seeds = QUICK_SEEDS if args.quick else args.seeds

    report = measure_theses(
        content, range(FIRST_SEED, FIRST_SEED + seeds), assume=ids["assume"], rules_version=rules, progress=progress_line()
    )
    if args.json:
        print_json(report)
        return 0
    print(
        f"{len(report.theses)} theses, {report.causal} causal, {report.holding} hold over {report.seeds} seeds, "
        f"assumptions {report.assume}, rules {report.rules}"
    )
    for result in report.theses:
        print(_line(result))
        if result.holds is False and result.note is not None:
            print(f"{'':4}{result.note[getattr(args, 'lang', None) or 'en']}")
    return 0


def _line(r: ThesisResult) -> str:
    if r.expected_sign is None:
        return f"{r.id:42} {'not causal':13} expressed by {', '.join(r.expressed_by)}"
    effect = "      -" if r.effect is None else f"{r.effect:+9.4f} [{r.low:+.4f}, {r.high:+.4f}]"
    sign = "+" if r.expected_sign > 0 else "-"
    return f"{r.id:42} {(r.verdict or '').upper() if not r.holds else r.verdict:13} {sign} {effect:32} {r.measure}"
