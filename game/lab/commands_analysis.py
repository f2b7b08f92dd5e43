"""What ``baimo lab baselines`` does; `game.cli` reads the arguments."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from game.lab.progress import progress_line

if TYPE_CHECKING:
    from game.content import Content


def baselines(
    args: argparse.Namespace, content: Content, ids: Mapping[str, str], rules: int, print_json: Callable[[Any], None]
) -> int:
    """Play the standard policies over many seeds and write the shipped baselines of a scenario (of all by default)."""
    from game.lab.analysis.baselines import make

    scenarios = [ids["scenario"]] if args.scenario else list(content.scenarios)
    try:
        for scenario in scenarios:
            path, told = make(content, scenario, ids["background"], args.seeds, progress=progress_line(scenario))
            print(f"{path}: {told}")
    except OSError as error:
        if error.filename is None:  # standard output's
            raise
        print(f"baimo: {error.filename} cannot be written: {error.strerror or error}.", file=sys.stderr)
        return 2
    return 0
