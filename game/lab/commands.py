"""What ``baimo lab`` runs and prints; `game.cli` reads the arguments."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from game.lab.progress import progress_line

if TYPE_CHECKING:
    from game.content import Content

BAD_INPUT = 2
FAILED = 1


def facts(
    args: argparse.Namespace, content: Content, ids: Mapping[str, str], rules: int, print_json: Callable[[Any], None]
) -> int:
    """Does the market reproduce the articles?"""
    from game.lab.fact_table import lines
    from game.lab.facts import FIRST_SEED, QUICK_SEEDS, measure_facts

    seeds = QUICK_SEEDS if args.quick else args.seeds

    report = measure_facts(
        content, range(FIRST_SEED, FIRST_SEED + seeds), scenario=ids["scenario"], assume=ids["assume"],
        rules_version=rules, progress=progress_line(),
    )  # fmt: skip
    if args.json:
        print_json(report)
        return 0
    print("\n".join(lines(report)))
    return 0


def starts(
    args: argparse.Namespace, content: Content, ids: Mapping[str, str], rules: int, print_json: Callable[[Any], None]
) -> int:
    """Make the start states of later scenarios again."""
    from game.lab.starts import make_starts

    try:
        for path, what in make_starts(content, args.seeds):
            print(f"{path}: {what}")
    except ValueError as error:
        print(f"baimo: {error}.", file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        if error.filename is None:  # standard output's
            raise
        print(f"baimo: {error.filename} cannot be written: {error.strerror or error}.", file=sys.stderr)
        return BAD_INPUT
    return 0


def bench(
    args: argparse.Namespace, content: Content, ids: Mapping[str, str], rules: int, print_json: Callable[[Any], None]
) -> int:
    """Measure speed on this machine."""
    import subprocess

    from game.lab.bench import bench as measure

    try:
        result = measure(content)
    except (RuntimeError, subprocess.SubprocessError) as error:
        print(f"baimo: {str(error).rstrip('.')}.", file=sys.stderr)
        return FAILED
    if args.json:
        print_json(result)
    else:
        for name, value in result.items():
            if not isinstance(value, dict):
                print(f"{name:28} {value:12.3f}  ratio {result['ratios'][name]:.4g}")
    return 0
