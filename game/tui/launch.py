"""Opening the game in a terminal, or as plain text: what ``baimo`` and ``baimo play`` start."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from game import __version__
from game.content import Content, content_directory
from game.language import Tongue, clean_text
from game.table.assignment import (
    Assignment,
    AssignmentError,
    founding_of,
    going_on,
    looks_like_assignment,
    played_with,
    read_assignment,
)
from game.table.founding import Founding
from game.table.local import LocalHost
from game.table.runfile import read_run
from game.table.settings import read_settings
from game.tui.keymap import KeysError, read_keymap
from game.tui.keys_command import keys_file
from game.tui.watched import Watched, watched


def saves_folder(given: Path | None) -> Path:
    """Where runs land: the folder asked for, ``saves/`` of a checkout, else the user's data folder."""
    if given is not None:
        return given
    root = content_directory().parent
    if (root / "pyproject.toml").is_file() and (root / "saves").is_dir():
        return root / "saves"
    import platformdirs

    return Path(platformdirs.user_data_dir("baimo", appauthor=False)) / "saves"


def settings_file() -> Path:
    """Where settings are kept."""
    import platformdirs

    return Path(platformdirs.user_config_dir("baimo", appauthor=False)) / "settings.json"


def play(args: argparse.Namespace, content: Content, ids: dict[str, str], lang: str) -> int:
    """Play on the terminal; the exit code. Raises `RunError` for a FILE that cannot be read."""
    saves, settings = saves_folder(args.saves), settings_file()
    if args.saves is not None and (fault := _unusable(saves)) is not None:  # the usual folder: the table tells
        text = Tongue(lang, content=content).say("screens.launch.saves", folder=str(saves), why=fault)
        print(f"baimo: {clean_text(text, 1000)}", file=sys.stderr)
        return 2
    kept = read_settings(settings)
    host = LocalHost(content, saves, __version__, settings=settings)
    file = getattr(args, "file", None)
    if file is not None and looks_like_assignment(file):
        host.close()
        return _assigned(args, content, lang, saves, kept, file)
    if file is not None:
        run = read_run(file)  # a file that is no run is told before a screen opens
        if watched(run.head):
            text = Tongue(lang, content=content).message(Watched(file.name).message())
            print(f"baimo: {clean_text(text, 1000)}", file=sys.stderr)
            return 2
    chosen = {kind: value for kind, value in ids.items() if getattr(args, kind) is not None}
    try:
        if args.plain:
            founding = Founding(**ids, seed=args.seed or "") if chosen or args.seed else None
            if args.daily:
                file, founding = _daily(host)
            return _plain(content, host, lang, file, founding, kept)
        if not _has_terminal():
            print("baimo: the screens need a terminal; baimo play --plain plays without one.", file=sys.stderr)
            return 2
        code, then = _screens(content, host, kept, saves, lang, file, chosen, ids, args.seed, daily=args.daily)
    finally:
        host.close()
    return go_on(then, args.content) if then else code


def go_on(then: Sequence[str], content: Path | None) -> int:
    """Another command of ``baimo`` in this one's place; its exit code. Ctrl-C is for that command to understand."""
    more = ["--content", str(content)] if content is not None else []
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, lambda *_: None)  # a handler, for to ignore it would be inherited
    return subprocess.call([sys.executable, "-m", "game", *then, *more])


def _assigned(
    args: argparse.Namespace, content: Content, lang: str, saves: Path, kept: dict[str, str], file: Path
) -> int:
    """Play an assignment: go on with one's own run of it, else found it; the exit code."""
    from game.classroom.assign_command import told

    tongue = Tongue(lang, content=content)
    try:
        plan = read_assignment(file)
        with played_with(plan, content) as theirs:
            host = LocalHost(theirs, saves, __version__, settings=settings_file())
            try:
                going = going_on(plan, host.list_runs())
                path = going.path if going is not None else None
                founding = founding_of(plan, theirs) if path is None else None
                tongue = Tongue(lang, content=theirs)
                if args.plain:
                    asked = [*told(plan, tongue), *([tongue.say("class.assignment.goes-on", file=path.name)] if path else [])]
                    return _plain(theirs, host, lang, path, founding, kept, asked)
                if not _has_terminal():
                    print("baimo: the screens need a terminal; baimo play --plain plays without one.", file=sys.stderr)
                    return 2
                code, then = _screens(theirs, host, kept, saves, lang, path, {}, {}, None, founding=founding, plan=plan)
            finally:
                host.close()
            return go_on(then, args.content) if then else code
    except AssignmentError as error:
        print(f"baimo: {clean_text(tongue.message(error.message), 1000)}{'。' if lang == 'zh' else '.'}", file=sys.stderr)
        return 2


def _daily(host: LocalHost) -> tuple[Path | None, Founding | None]:
    """Today's market: a try that is not over to go on with, else the game to found."""
    from game.table.daily import days, today

    day = date.today()
    going = next((d.open for d in days(host.list_runs()) if d.day == day), None)
    return (going.path, None) if going is not None else (None, today(day))


def _unusable(saves: Path) -> str | None:
    """Why runs cannot be kept in a folder, in the words of the system; None where they can."""
    try:
        saves.mkdir(parents=True, exist_ok=True)
        next(saves.iterdir(), None)
    except OSError as error:
        return error.strerror or str(error)
    return None if os.access(saves, os.W_OK | os.X_OK) else os.strerror(errno.EACCES)


def _has_terminal() -> bool:
    """Whether somebody can see screens and press keys; a driver of its own (the browser's) answers for itself."""
    if os.environ.get("TEXTUAL_DRIVER"):
        return True
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _leave_when_told(leave: Callable[[], None]) -> None:
    """End as after quitting when the system asks, so that the terminal is left as it was found.

    A terminal that was closed (SIGHUP) is another matter: nothing is left to restore, and dying at once is best.
    """
    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # not on every system
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, leave)


def _interrupted(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _plain(
    content: Content, host: LocalHost, lang: str, file: Path | None, founding: Founding | None, kept: dict[str, str],
    asked: Sequence[str] = (),
) -> int:  # fmt: skip
    from game.tui.plain import play_plain

    with contextlib.suppress(ValueError):
        # asyncio takes Python's own handler away, and Ctrl-C at a prompt would wait for the next line; not this one
        signal.signal(signal.SIGINT, _interrupted)
    return play_plain(
        host, content, Tongue(lang, content=content), sys.stdin, sys.stdout, founding=founding, file=file,
        advice=kept.get("advice") != "no", asked=asked,
    )  # fmt: skip


def _screens(
    content: Content, host: LocalHost, kept: dict[str, str], saves: Path, lang: str, file: Path | None,
    chosen: dict[str, str], ids: dict[str, str], seed: str | None, *, daily: bool = False,
    founding: Founding | None = None, plan: Assignment | None = None,
) -> tuple[int, tuple[str, ...]]:  # fmt: skip
    """The exit code, and the command to go on with, if any."""
    from game.tui.app import BaimoApp

    app = BaimoApp(
        content, host, lang=lang, theme=kept.get("theme", "ink-night"), saves=saves,
        plain_borders=kept.get("plain") == "yes", hints=kept.get("hints") != "no",
    )  # fmt: skip

    def opening() -> None:
        _leave_when_told(app.exit)
        if fault is not None:
            app.tell(app.tongue.message(fault), bad=True)
        if daily:
            app.play_daily()
        elif file is not None:
            app.resume(file)
        elif founding is not None and plan is not None:
            app.begin_assigned(founding, plan)
        elif chosen or seed:
            app.begin(Founding(**ids, seed=seed or ""))

    app.opening = opening
    app.settings, app.keys_file = settings_file(), keys_file()
    fault = None
    app.own_keys = kept.get("keys") != "usual"
    if app.own_keys:
        try:
            app.keymap = read_keymap(app.keys_file)
        except KeysError as error:
            fault = error.message
    app.move(kept.get("motion") == "full")
    app.always, app.whole = kept.get("hints") == "always", kept.get("rows") == "all"
    app.advice = kept.get("advice") != "no"
    app.run()
    return app.return_code or 0, app.then
