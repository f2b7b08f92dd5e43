"""``baimo keys``: which keys there are, where to write others, and a file to fill in. Loads neither textual nor numpy."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from game.content import Content
from game.language import Tongue
from game.language.output import clean
from game.tui import actions
from game.tui.keymap import FILE, KeysError, read_keymap, write_template


def keys_file() -> Path:
    """Where a player's own keys are written."""
    import platformdirs

    return Path(platformdirs.user_config_dir("baimo", appauthor=False)) / FILE


def keys(args: argparse.Namespace, content: Content, lang: str) -> int:
    """Show the keys that hold, or write a file to fill in; the exit code, 2 where the file is wrong."""
    tongue, path = Tongue(lang, content=content), keys_file()
    if args.write:
        try:
            done = write_template(path, tongue.say)
        except OSError as error:
            print(f"baimo: {clean(path)}: {error.strerror or error}", file=sys.stderr)
            return 2
        print(clean(tongue.say("looks.keys.written" if done else "looks.keys.there", file=str(path))))
        return 0
    try:
        keymap = read_keymap(path)
    except KeysError as fault:
        print(f"baimo: {clean(tongue.message(fault.message))}", file=sys.stderr)
        return 2
    print(clean(path))
    told: set[str] = set()
    for screen in actions.SCREENS:
        for action in actions.of(screen, keymap):
            if action.bound and action.id not in told:
                told.add(action.id)
                print(f"{action.id:12} {' '.join(action.keys):28} {clean(tongue.say(action.help))}")
    return 0
