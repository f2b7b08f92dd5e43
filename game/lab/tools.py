"""The arguments of every ``baimo lab`` tool, and which function runs it; nothing heavy is imported before it runs."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from game.content import Content


@dataclass(frozen=True)
class Tool:
    """One tool: its name, what it answers, the module of `game.lab` that runs it, and its options."""

    name: str
    what: str
    module: str
    options: tuple[str, ...]
    seeds: int | None = None
    """Default of ``--seeds``; None leaves it to the tool."""
    no_seeds: bool = False


GAME: Final = ("scenario", "assume", "content", "json")
TOOLS: Final[dict[str, Tool]] = {
    t.name: t
    for t in (
        Tool("facts", "does the market reproduce the articles?", "commands", ("quick", "cluster", *GAME), 500),
        Tool("theses", "which claims of the articles hold in the market?", "commands_theses",
             ("quick", "assume", "content", "cluster", "json"), 200),
        Tool("ladder", "does the better thinker win?", "commands_balance",
             ("scenario", "background", "assume", "content", "cluster", "json"), 40),
        Tool("balance", "is there a recipe, too much luck, a useless lever?", "commands_balance",
             ("quick", "planner-seeds", "only", "content", "cluster", "json")),
        Tool("futures", "do outcomes fall where the futures say?", "commands_futures",
             ("quick", "assume", "content", "cluster", "json"), 2000),
        Tool("calibrate", "fit the free parameters to the facts that are not held out", "commands_calibrate",
             ("evaluations", "out", "cluster", *GAME), 100),
        Tool("sensitivity", "which parameter drives which fact?", "commands_calibrate", ("cluster", *GAME), 40),
        Tool("magnitudes", "orders of magnitude, beside the figures", "commands_whatif", GAME, 100),
        Tool("whatif", "play runs again under a changed parameter", "commands_whatif", ("file", "set", "content", "cluster", "json"),
             no_seeds=True),
        Tool("starts", "make the start states of later scenarios again", "commands", ("content",), 500),
        Tool("baselines", "make the means of the standard policies again, from which luck is counted",
             "commands_analysis", ("scenario", "background", "content", "cluster"), 200),
        Tool("bench", "measure speed on this machine", "commands", ("json",), no_seeds=True),
    )
}


def add_tools(
    tools: Any, shape: type[argparse.HelpFormatter], path: Callable[[str], Path], count: Callable[[str], int],
    run: Callable[[argparse.Namespace], int],
) -> list[argparse.ArgumentParser]:
    """Add a parser for each tool to ``tools``, the subparsers of ``baimo lab``."""
    options: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
        "quick": (("--quick",), {"action": "store_true", "help": "fewer seeds"}),
        "planner-seeds": (("--planner-seeds",), {"type": count, "metavar": "N", "help": "of planners, who think long"}),
        "scenario": (("--scenario",), {"metavar": "ID", "help": "war (default), price-war, open-roads, ..."}),
        "background": (("--background",), {"metavar": "ID", "help": "lab-spin-off (default), ..."}),
        "assume": (("--assume",), {"metavar": "ID", "help": "whom to believe; none by default"}),
        "only": (("--only",), {"metavar": "LETTERS", "help": "measures by letter, such as a,c"}),
        "evaluations": (("--evaluations",), {"type": count, "default": 400, "metavar": "N", "help": "of the objective"}),
        "out": (("--out",), {"type": path, "metavar": "DIR", "help": "write the proposal as content of one's own"}),
        "file": (("file",), {"type": path, "metavar": "FILE|FOLDER", "help": "a run, or a folder of runs"}),
        "set": (("--set",), {"action": "append", "metavar": "PARAMETER=VALUE", "required": True,
                             "help": "such as wage=90000 or rent.finance=*1.2; may be said again"}),
        "content": (("--content",), {"type": path, "metavar": "DIR"}),
        "cluster": (("--cluster",), {"metavar": "ADDRESS", "help": "on a Dask cluster, such as tcp://host:8786"}),
        "json": (("--json",), {"action": "store_true"}),
    }  # fmt: skip
    made = []
    for tool in TOOLS.values():
        parser = tools.add_parser(tool.name, help=tool.what, formatter_class=shape)
        if not tool.no_seeds:
            parser.add_argument("--seeds", type=count, default=tool.seeds, metavar="N")
        for name in tool.options:
            flags, extra = options[name]
            parser.add_argument(*flags, **extra)
        parser.set_defaults(run=run, tool=tool.name)
        made.append(parser)
    return made


def run_tool(
    args: argparse.Namespace, content: Content, ids: Mapping[str, str], rules: int, print_json: Callable[[Any], None]
) -> int:
    """Run the tool that ``args`` names; returns the exit code."""
    tool = TOOLS[args.tool]
    work = getattr(importlib.import_module(f"game.lab.{tool.module}"), tool.name)
    from game.lab.cluster import on_cluster

    with on_cluster(getattr(args, "cluster", None)):
        code: int = work(args, content, ids, rules, print_json)
    return code
