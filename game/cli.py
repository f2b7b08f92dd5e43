"""The command line. Nothing heavy is imported before it is needed: help, versions and lists load no numpy, no textual.

Errors are one sentence on standard error: exit 2 for bad usage and input that cannot be read, 1 for a failed check.
"""

from __future__ import annotations

import argparse
import errno
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from game import __version__
from game.classroom.tools import add_class
from game.lab.tools import add_tools
from game.language.output import clean, print_json

if TYPE_CHECKING:
    from game.content import Content, ContentError

BAD_INPUT = 2
FAILED = 1


class Trouble(Exception):
    """Something the user can mend; shown as one sentence."""

    def __init__(self, text: str, code: int = BAD_INPUT) -> None:
        super().__init__(text)
        self.code = code


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; the exit code."""
    _speak_utf8()
    try:
        code = _run(argv)
        if sys.stdout is not None:  # None where it was closed before we came
            sys.stdout.flush()  # here, where a reader that has left or a full disk can still be answered
        return code
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.ENOSPC, errno.EIO, errno.EFBIG):
            raise
        # what is left in the buffer goes nowhere instead of failing again when the program ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # the reader of a pipe has left; nothing more can be said to it
            return 0
        print(f"baimo: standard output cannot be written: {error.strerror}.", file=sys.stderr)
        return FAILED


def _run(argv: Sequence[str] | None) -> int:
    try:
        args = _parser().parse_args(argv)
        return int(args.run(args))
    except SystemExit as leaving:  # argparse leaves so after help, versions and bad usage
        return leaving.code if isinstance(leaving.code, int) else 0
    except Trouble as trouble:
        print(f"baimo: {clean(trouble)}", file=sys.stderr)
        return trouble.code


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:  # what is piped in is text as we write it, whatever a Windows code page says
        if sys.stdin is not None and hasattr(sys.stdin, "reconfigure") and not sys.stdin.isatty():
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    except (OSError, ValueError):  # closed, or read from already
        pass


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from game.content.digest import rules_digest

        print(f"baimo {__version__}, rules {_rules_version()}, digest {rules_digest(_content(None))}")
        parser.exit(0)


class _Parser(argparse.ArgumentParser):
    """As argparse's, but bad usage is one sentence, with a guess at what was meant."""

    def error(self, message: str) -> NoReturn:
        choice = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        hint = _meant(choice[1], re.findall(r"'(.*?)'", choice[2])) if choice else ""
        raise Trouble(f"{message}{hint} (see {self.prog} --help)")


def _rules_version() -> int:
    from game.engine.version import RULES_VERSION

    return RULES_VERSION


def _parser() -> argparse.ArgumentParser:
    shape = argparse.HelpFormatter
    if sys.stdout is not None and sys.stdout.isatty():
        try:
            from rich_argparse import RichHelpFormatter as shape  # type: ignore[no-redef]
        except ImportError:
            pass
    parser = _Parser(
        "baimo", description="Baimo 百模大战: run a Chinese LLM startup through the war of the hundred models.",
        formatter_class=shape,
    )  # fmt: skip
    parser.add_argument("--version", action=_Version, nargs=0, help="program, rules version and rules digest")
    _play_options(parser)
    parser.set_defaults(run=_play)
    commands = parser.add_subparsers(metavar="COMMAND")

    play = commands.add_parser("play", help="play, or go on with a run", formatter_class=shape)
    play.add_argument("file", nargs="?", type=_path, metavar="FILE", help="a run to go on with")
    _play_options(play)
    play.set_defaults(run=_play)

    auto = commands.add_parser("auto", help="let a policy play firm 0", formatter_class=shape)
    _game_options(auto)
    auto.add_argument("--policy", default="reactive", metavar="NAME", help="default, random, thumb, reactive or planner")
    auto.add_argument("--out", type=_path, metavar="FILE", help="write the run")
    auto.add_argument("--content", type=_path, metavar="DIR", help="own content, laid over the shipped")
    auto.add_argument("--json", action="store_true")
    auto.set_defaults(run=_auto)

    replay = commands.add_parser("replay", help="play a run's record again", formatter_class=shape)
    replay.add_argument("file", type=_path, metavar="FILE")
    replay.add_argument("--check", action="store_true", help="recompute everything and name the first difference")
    replay.add_argument("--content", type=_path, metavar="DIR")
    replay.add_argument("--json", action="store_true")
    replay.set_defaults(run=_replay)

    analyse = commands.add_parser("analyse", help="regret, luck and skill, guidance of a run, or of several side by side",
                                  formatter_class=shape)  # fmt: skip
    analyse.add_argument("files", nargs="+", type=_path, metavar="FILE", help="one to four runs")
    analyse.add_argument("--html", type=_path, metavar="PAGE", help="write one self-contained page in both languages")
    analyse.add_argument("--budget", choices=("quick", "full", "thorough"), default="full", help="how much is computed")
    analyse.add_argument("--lang", choices=("zh", "en"))
    analyse.add_argument("--content", type=_path, metavar="DIR")
    analyse.add_argument("--json", action="store_true")
    analyse.set_defaults(run=_analyse)

    codex = commands.add_parser("codex", help="search the codex and print its pages", formatter_class=shape)
    codex.add_argument("words", nargs="*", metavar="WORDS")
    codex.add_argument("--lang", choices=("zh", "en"))
    codex.add_argument("--content", type=_path, metavar="DIR")
    codex.add_argument("--json", action="store_true")
    codex.set_defaults(run=_codex)

    keys = commands.add_parser("keys", help="the keys of the screens, and how to have others", formatter_class=shape)
    keys.add_argument("--write", action="store_true", help="write a keys.toml to fill in, where there is none")
    keys.add_argument("--lang", choices=("zh", "en"))
    keys.add_argument("--content", type=_path, metavar="DIR")
    keys.set_defaults(run=_keys)

    check = commands.add_parser("check", help="check content", formatter_class=shape)
    check.add_argument("--content", type=_path, metavar="DIR")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=_check)

    odd = commands.add_parser("odd", help="the model's own documentation", formatter_class=shape)
    odd.add_argument("--lang", choices=("zh", "en"))
    odd.add_argument("--html", type=_path, metavar="FILE", help="write one self-contained page")
    odd.add_argument("--out", type=_path, metavar="FILE", help="write Markdown to a file")
    odd.add_argument("--content", type=_path, metavar="DIR")
    odd.set_defaults(run=_odd)

    lab = commands.add_parser("lab", help="many games at once", formatter_class=shape)
    tools = lab.add_subparsers(metavar="TOOL", required=True)
    lab_tools = add_tools(tools, shape, _path, _count, _lab)
    group = commands.add_parser("class", help="assignments, packs of runs, rooms and lessons", formatter_class=shape)
    lessons = group.add_subparsers(metavar="TOOL", required=True)
    class_tools = add_class(lessons, shape, _path, _seed, _class)
    said = {action.dest for action in parser._actions}
    for command in (play, auto, replay, analyse, codex, keys, check, odd, *lab_tools, *class_tools):
        for action in command._actions:
            if action.dest in said:  # what stands before the command's name holds unless it is said again after it
                action.default = argparse.SUPPRESS
    return parser


def _path(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("a name is missing: '' names no file and no folder")
    return Path(text)


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 100000")
    return number


def _seed(text: str) -> str:
    if not text.strip() or len(text) > 64 or not text.isprintable():
        raise argparse.ArgumentTypeError("a seed is a number or a short text")
    return text.strip()


def _game_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scenario", default=None, metavar="ID", help="war (default), price-war, open-roads, ...")
    parser.add_argument("--background", default=None, metavar="ID", help="lab-spin-off (default), ...")
    parser.add_argument("--difficulty", default=None, metavar="ID", help="apprentice, manager (default), founder, legend")
    parser.add_argument("--assume", default=None, metavar="ID", help="whom to believe; none by default")
    parser.add_argument("--seed", type=_seed, default=None, metavar="N", help="luck; drawn by default")


def _play_options(parser: argparse.ArgumentParser) -> None:
    _game_options(parser)
    parser.add_argument("--lang", choices=("zh", "en"))
    parser.add_argument("--saves", type=_path, metavar="DIR", help="folder of runs")
    parser.add_argument("--content", type=_path, metavar="DIR", help="own content, laid over the shipped")
    parser.add_argument("--plain", action="store_true", help="the whole game as prompts and text")
    parser.add_argument("--daily", action="store_true", help="today's market: the seed is the date")


# content and ids ------------------------------------------------------------------------------------------------------


def _content(overlay: Path | None) -> Content:
    from game.content import load

    if overlay is not None and not os.path.isdir(overlay):
        raise Trouble(f"{overlay} is not a folder of content.")
    with _one_sentence():
        return load(overlay=overlay)


@contextmanager
def _one_sentence() -> Iterator[None]:
    """What content and run files raise, as what the user is told."""
    from game.content import ContentError
    from game.table.errors import RunError

    try:
        yield
    except ContentError as error:
        raise Trouble(_first_fault(error)) from error
    except RunError as error:
        raise Trouble(str(error)) from error


def _first_fault(error: ContentError) -> str:
    """The first fault of a content in one sentence; `baimo check` lists them all."""
    faults = [p for p in error.problems if p.severity == "error"] or list(error.problems)
    more = f" ({len(faults) - 1} more; see baimo check)" if len(faults) > 1 else ""
    place = ": ".join(part for part in (faults[0].file, faults[0].key) if part)
    return f"the content cannot be used: {place}: {faults[0].message}{more}"


DEFAULTS = {"scenario": "war", "background": "lab-spin-off", "difficulty": "manager", "assume": "none"}
NAMES = {"assume": "assumptions overlay"}


def _ids(args: argparse.Namespace, content: Content) -> dict[str, str]:
    """The ids of a game, defaults filled in; each must exist."""
    known = {"scenario": content.scenarios, "background": content.backgrounds, "difficulty": content.difficulties,
             "assume": content.assumptions}
    ids = {}
    for kind, options in known.items():
        value = getattr(args, kind, None) or DEFAULTS[kind]
        if value not in options:
            raise Trouble(f"there is no {NAMES.get(kind, kind)} {value!r}{_meant(value, list(options))} (known: {', '.join(options)})")
        ids[kind] = value
    return ids


def _meant(word: str, known: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _language(args: argparse.Namespace, kept: dict[str, str] | None = None) -> str:
    if getattr(args, "lang", None):
        return str(args.lang)
    if kept and kept.get("lang") in ("zh", "en"):
        return kept["lang"]
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"


# commands -------------------------------------------------------------------------------------------------------------


def _play(args: argparse.Namespace) -> int:
    from game.content.cache import load_shipped
    from game.table.settings import read_settings
    from game.tui.launch import play, settings_file

    if args.content is None:  # what most people start: not parsed again each time
        with _one_sentence():
            content = load_shipped()
    else:
        content = _content(args.content)
    lang = _language(args, read_settings(settings_file()))
    with _one_sentence():
        return play(args, content, _ids(args, content), lang)


def _auto(args: argparse.Namespace) -> int:
    from game.table.auto import auto, auto_lines
    from game.table.errors import SaveError

    content = _content(args.content)
    ids = _ids(args, content)
    from game.foresight.decide import NAMES as policies

    if args.policy not in policies:
        raise Trouble(f"there is no policy {args.policy!r}{_meant(args.policy, list(policies))}"
                      f" (known: {', '.join(policies)})")
    if args.out is not None and os.path.lexists(args.out):
        raise Trouble(f"{args.out} exists already; choose another name, runs are never written over.")
    with _one_sentence():
        try:
            result = auto(content, policy=args.policy, seed=args.seed, out=args.out, **ids)
        except SaveError as error:
            raise Trouble(f"{args.out} cannot be written: {SaveError.REASONS[error.why]}.") from error
    if args.json:
        print_json(result)
    else:
        print("\n".join(clean(line) for line in auto_lines(result)))
    return 0


def _replay(args: argparse.Namespace) -> int:
    from game.table.auto import damage_report, replay_report
    from game.table.errors import Damaged

    content = _content(args.content)
    with _one_sentence():
        try:
            result, lines, complaint = replay_report(content, args.file, check=args.check)
        except Damaged as error:
            if args.check and args.json:
                print_json(damage_report(error))
            raise Trouble(str(error), FAILED if args.check else BAD_INPUT) from error
    if args.json:
        print_json(result)
    else:
        print("\n".join(clean(line) for line in lines))
    if complaint:
        raise Trouble(complaint, FAILED if args.check else 0)
    return 0


def _analyse(args: argparse.Namespace) -> int:
    from game.lab.pool import PoolError
    from game.pages.analyse_command import analyse

    content = _content(args.content)
    try:
        with _one_sentence():
            return analyse(args, content, _language(args))
    except PoolError as error:
        raise Trouble(str(error)) from error


def _codex(args: argparse.Namespace) -> int:
    from game.content.search import Hit, exact, search
    from game.language import Tongue
    from game.tui.screens.codex_text import address, document, name, page_lines

    content = _content(args.content)
    lang = _language(args)
    tongue = Tongue(lang, content=content)
    words = " ".join(args.words).encode(errors="replace").decode()
    place = address(content, words)
    hits = [Hit(*place, name(content, tongue, *place), 0)] if place else search(content, words, lang)
    if not hits and words.isascii():
        from game.content.sounds import sounds

        hits = search(content, words, lang, sounds=sounds(content))
    one = place or ((hits[0].kind, hits[0].id) if hits and (len(hits) == 1 or exact(hits[0])) else None)
    if args.json:
        shown = document(content, tongue, *one) if one else None
        print_json({"words": words, "lang": lang, "hits": hits, "page": shown})
        return 0
    if one:
        for line in page_lines(content, tongue, *one):
            print(line[: len(line) - len(line.lstrip(" "))] + clean(line))
        hits = hits[1:]
        if hits:
            print()
            print("also found" if lang == "en" else "另有")
    elif not hits:
        print("nothing found" if lang == "en" else "没有找到")
    for hit in hits:
        print(f"{clean(hit.kind):12} {clean(hit.id):40} {clean(hit.title)}")
    return 0


def _keys(args: argparse.Namespace) -> int:
    from game.tui.keys_command import keys

    return keys(args, _content(args.content), _language(args))


def _check(args: argparse.Namespace) -> int:
    from game.content.check import check
    from game.content.layout import holds_content

    if args.content is not None and not os.path.isdir(args.content):
        raise Trouble(f"{args.content} is not a folder of content.")
    if args.content is not None and not holds_content(args.content):
        raise Trouble(f"{args.content} holds no content (a folder of content is laid out like content/).")
    report = check(overlay=args.content)
    errors = [p for p in report.problems if p.severity == "error"]
    if args.json:
        counts = {n: report.counts.get(n, 0) for n in ("figures", "figures_used", "cards", "scenarios", "rivals",
                                                       "parameters", "theses")}
        print_json({**counts, "errors": [{"file": p.file, "key": p.key, "message": p.message} for p in errors]})
    else:
        for p in report.problems:
            print(f"{p.severity}: {clean(p.file)}: {clean(p.key)}: {clean(p.message)}")
        print(", ".join(f"{n} {v}" for n, v in report.counts.items()))
        print(f"{len(errors)} errors")
    return FAILED if errors else 0


def _odd(args: argparse.Namespace) -> int:
    from game.pages.commands import odd

    return odd(args, _content(args.content), _language(args))


def _lab(args: argparse.Namespace) -> int:
    from game.lab.extras import MissingLibrary
    from game.lab.pool import PoolError
    from game.lab.tools import run_tool

    content = _content(getattr(args, "content", None))
    ids = _ids(args, content)
    try:
        with _one_sentence():
            return run_tool(args, content, ids, _rules_version(), print_json)
    except (PoolError, MissingLibrary) as error:
        raise Trouble(str(error)) from error


def _class(args: argparse.Namespace) -> int:
    from game.classroom.errors import ClassError
    from game.classroom.tools import run_tool
    from game.lab.pool import PoolError
    from game.language import Tongue

    content, lang = _content(getattr(args, "content", None)), _language(args)
    try:
        with _one_sentence():
            return run_tool(args, content, lang)
    except ClassError as error:
        raise Trouble(Tongue(lang, content=content).message(error.message).rstrip("。.") + ("。" if lang == "zh" else ".")) from error
    except PoolError as error:
        raise Trouble(str(error)) from error
