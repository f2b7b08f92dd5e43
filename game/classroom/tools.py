"""The arguments of every ``baimo class`` tool, and which module runs it; nothing heavy is imported before it runs.

A tool's module is named, not imported, for some stand in `game.tui`, which this package may not import. Its function of
the tool's name takes the arguments, the content and the language, and returns the exit code; what a user can mend it
raises as `game.classroom.errors.ClassError`.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from game.content import Content


@dataclass(frozen=True)
class Tool:
    """One tool: its name, what it does, the module that runs it, and its options."""

    name: str
    what: str
    module: str
    options: tuple[str, ...]


TOOLS: Final[dict[str, Tool]] = {t.name: t for t in (
    Tool("assign", "write an assignment that pupils open with baimo play FILE", "game.classroom.assign_command",
         ("scenario", "seed", "background", "difficulty", "assume", "levers", "card", "undo", "deadline", "title", "out",
          "content", "lang")),
    Tool("report", "verify a pack of runs and write the page and the table of a class", "game.classroom.report_command",
         ("folder", "assignment", "html", "csv", "grades", "rubric", "quizzed", "deep", "content", "lang")),
    Tool("quiz", "six questions before a lesson, or after it from a pupil's own run, with the key",
         "game.classroom.quiz_command", ("assignment", "run", "html", "content", "lang")),
    Tool("lessons", "lesson plans, role sheets, worksheets and the answer key, to read and to print",
         "game.classroom.lessons_command", ("sheet", "page", "runs", "content", "lang")),
    Tool("host", "open a room on this machine, or go on with one, and teach in it", "game.tui.host_command",
         ("scenario", "mode", "difficulty", "assume", "seed", "levers", "background", "teams", "seconds", "card", "room",
          "bind", "port", "name", "cert", "key", "headless", "content", "lang")),
    Tool("join", "join a room by its address and code, or go back to one's place in it", "game.tui.join_command",
         ("address", "code", "nickname", "team", "plain", "content", "lang")),
    Tool("forget", "remove names and texts from a run, a room's file or a pack's room.json, for good",
         "game.classroom.forget_command", ("subject", "content", "lang")),
    Tool("kit", "fill a folder for a stick or a share: the game, its libraries, start scripts, the assignment",
         "game.classroom.kit_command", ("kit", "asked", "content", "lang")),
    Tool("export", "take the pack of runs out of a room's file", "game.classroom.export_command", ("store", "into", "content", "lang")),
)}  # fmt: skip


def add_class(
    tools: Any, shape: type[argparse.HelpFormatter], path: Callable[[str], Path], seed: Callable[[str], str],
    run: Callable[[argparse.Namespace], int],
) -> list[argparse.ArgumentParser]:
    """Add a parser for each tool to ``tools``, the subparsers of ``baimo class``."""
    options: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
        "scenario": (("--scenario",), {"metavar": "ID", "help": "price-war, first-lesson, two-rounds, ..."}),
        "background": (("--background",), {"metavar": "ID", "help": "lab-spin-off (default), ..."}),
        "difficulty": (("--difficulty",), {"metavar": "ID", "help": "apprentice, manager (default), founder, legend"}),
        "assume": (("--assume",), {"metavar": "ID", "help": "whom to believe; none by default"}),
        "seed": (("--seed",), {"type": seed, "metavar": "N", "help": "luck; drawn by default"}),
        "levers": (("--levers",), {"choices": ("five", "all"), "help": "as the scenario says by default"}),
        "folder": (("folder",), {"type": path, "metavar": "FOLDER", "help": "what the pupils handed in"}),
        "assignment": (("--assignment",), {"type": path, "metavar": "FILE", "help": "what was asked of everybody"}),
        "subject": (("subject",), {"type": path, "metavar": "FILE"}),
        "kit": (("kit",), {"type": path, "metavar": "DIR", "help": "a folder that is not there yet, or empty"}),
        "asked": (("--assignment",), {"type": path, "metavar": "FILE", "required": True, "help": "what baimo class assign wrote"}),
        "html": (("--html",), {"type": path, "metavar": "FILE", "help": "write one self-contained page in both languages"}),
        "csv": (("--csv",), {"type": path, "metavar": "FILE", "help": "write a table, one row a file"}),
        "deep": (("--deep",), {"action": "store_true", "help": "recompute every decision of rivals that plan"}),
        "run": (("--run",), {"type": path, "dest": "of_run", "metavar": "FILE", "help": "a pupil's run, or a folder of runs"}),
        "grades": (("--grades",), {"type": path, "metavar": "FILE", "help": "write the grade sheet as a table"}),
        "rubric": (("--rubric",), {"type": path, "metavar": "FILE", "help": "what a grade is made of, an edited copy"}),
        "quizzed": (("--quiz",), {"type": path, "dest": "quizzed", "metavar": "FILE", "help": "results of the quiz after, a table: file or name, points, of"}),
        "card": (("--card",), {"metavar": "QUARTER:ID", "action": "append", "default": [],
                               "help": "a card dealt to all in that quarter of the scenario; may be given again"}),
        "undo": (("--undo",), {"choices": ("forbidden", "marked"), "default": "marked",
                               "help": "whether a quarter may be taken back (runs are marked, the default)"}),
        "deadline": (("--deadline",), {"metavar": "DATE", "default": "", "help": "printed; nothing enforces it"}),
        "title": (("--title",), {"metavar": "TEXT", "default": "", "help": "what pupils see it called"}),
        "address": (("address",), {"metavar": "ADDRESS", "help": "as the teacher's screen shows it, such as 192.168.1.5:8100; "
                                                                 "or the link by which a place is given back"}),
        "code": (("code",), {"metavar": "CODE", "nargs": "?", "default": "", "help": "the room's code, such as K7QM-2XRD-9"}),
        "nickname": (("--name",), {"metavar": "NAME", "dest": "nickname", "default": "", "help": "a nickname or a number"}),
        "team": (("--team",), {"metavar": "N", "default": "", "help": "number of a team; the room chooses by default"}),
        "plain": (("--plain",), {"action": "store_true", "help": "prompts and text, for screen readers and pipes"}),
        "out": (("--out",), {"type": path, "metavar": "FILE", "required": True}),
        "sheet": (("id",), {"nargs": "?", "metavar": "ID", "help": "a sheet; all are listed without it"}),
        "page": (("--html",), {"type": path, "metavar": "FILE", "help": "write one self-contained page, fit to be printed"}),
        "runs": (("--runs",), {"type": path, "metavar": "DIR", "help": "play the answer key's forks and write them as run files"}),
        "mode": (("--mode",), {"choices": ("shared", "parallel"), "default": "shared",
                               "help": "teams in one market (default), or each in its own under the same luck"}),
        "teams": (("--teams",), {"type": _whole, "metavar": "N", "default": 6, "help": "6 by default"}),
        "seconds": (("--seconds",), {"type": _seconds, "metavar": "S", "help": "clock of a quarter; none by default"}),
        "room": (("--room",), {"type": path, "metavar": "FILE", "help": "the room's file; one that is there is gone on with"}),
        "store": (("store",), {"type": path, "metavar": "ROOM", "help": "the room's file"}),
        "into": (("into",), {"type": path, "metavar": "FOLDER", "help": "where the runs go"}),
        "bind": (("--bind",), {"metavar": "ADDRESS", "default": "0.0.0.0", "help": "all of this machine's by default"}),
        "port": (("--port",), {"type": _whole, "metavar": "N", "help": "8100, or the next that is free"}),
        "name": (("--name",), {"metavar": "HOST", "default": "", "help": "name by which pupils reach this machine, if it has one"}),
        "cert": (("--cert",), {"type": path, "metavar": "FILE", "help": "certificate chain (PEM): the room speaks https"}),
        "key": (("--key",), {"type": path, "metavar": "FILE", "help": "its key, where it is in a file of its own"}),
        "headless": (("--headless",), {"action": "store_true", "help": "no dashboard; commands come over the loopback interface"}),
        "content": (("--content",), {"type": path, "metavar": "DIR", "help": "own content, laid over the shipped"}),
        "lang": (("--lang",), {"choices": ("zh", "en")}),
    }
    made = []
    for tool in TOOLS.values():
        parser = tools.add_parser(tool.name, help=tool.what, formatter_class=shape)
        for name in tool.options:
            flags, extra = options[name]
            parser.add_argument(*flags, **extra)
        parser.set_defaults(run=run, tool=tool.name)
        made.append(parser)
    return made


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:7]) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 5 <= number <= 7200:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 5 to 7200")
    return number


def run_tool(args: argparse.Namespace, content: Content, lang: str) -> int:
    """Run the tool that ``args`` names; the exit code."""
    tool = TOOLS[args.tool]
    work = getattr(importlib.import_module(tool.module), tool.name)
    code: int = work(args, content, lang)
    return code
