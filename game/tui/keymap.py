"""Keys of one's own: ``keys.toml`` in the user's configuration folder gives actions other keys.

Each line names an action of `game.tui.actions` and keys for it, the first of which stands on the key bar::

    close = ["ctrl+e"]
    market = "k"

They come before the usual ones, which stay unless another action of the screen got them. The file is taken whole or
not at all: what is wrong with it is one sentence, and the usual keys then hold. Textual's own ``set_keymap`` is not
used: it looks at letters before a line of text that is being typed in has seen them.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from game.language.clean import clean_text
from game.table.files import new_file
from game.table.wire import Message
from game.tui import actions

Keymap = Mapping[str, tuple[str, ...]]
"""Keys, by Textual's names, of the actions that have other than the usual ones."""

NAMED: Final = frozenset((
    "enter", "space", "tab", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown", "up", "down", "left",
    "right", "escape", *(f"f{n}" for n in range(1, 25)),
))  # fmt: skip
MODIFIERS: Final = ("ctrl", "alt", "shift")
RESERVED: Final = frozenset((
    "ctrl+c", "ctrl+q", "up", "down", "left", "right", "home", "end", "pageup", "pagedown", "shift+left", "shift+right",
    "escape", "enter", "space", "tab", "shift+tab", "backspace", "delete", *"0123456789", "full_stop", "minus",
))  # fmt: skip
"""Keys that the screens need for themselves: to move, to choose, to type numbers, to go back and to leave."""
_RENAMED: Final = {
    "solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at", "hyphen_minus": "minus",
    "plus_sign": "plus", "low_line": "underscore",
}  # fmt: skip
_CHARACTERS: Final = {
    _RENAMED.get(name, name): char
    for char in map(chr, range(33, 127)) if not char.isalnum()
    for name in [unicodedata.name(char).lower().replace("-", "_").replace(" ", "_")]
}  # fmt: skip
"""The signs of a keyboard by Textual's names."""
_SHOWN: Final = {
    "enter": "Enter", "space": "Space", "tab": "Tab", "backspace": "Bksp", "delete": "Del", "insert": "Ins",
    "pageup": "PgUp", "pagedown": "PgDn", "escape": "Esc", "home": "Home", "end": "End", "up": "↑", "down": "↓",
    "left": "←", "right": "→",
}  # fmt: skip
FILE: Final = "keys.toml"
LARGEST: Final = 100_000
"""Bytes that such a file may have."""


class KeysError(Exception):
    """What is wrong with a file of keys, as a sentence to be."""

    def __init__(self, id: str, **args: str) -> None:
        super().__init__(id)
        self.message = Message(f"looks.keys.{id}", {name: clean_text(text, 60) for name, text in args.items()})


def key_name(text: str) -> str:
    """A key as Textual calls it, of what a person writes: ``?``, ``ctrl+e``, ``F5``, ``Enter``; empty if it is none.

    >>> key_name("?"), key_name("Ctrl+E"), key_name("F5"), key_name("L"), key_name("nonsense")
    ('question_mark', 'ctrl+e', 'f5', 'L', '')
    """
    *before, last = text.split("+") if len(text) > 1 and not text.endswith("++") else [text]
    held = [word.strip().lower() for word in before]
    last = last.strip() if len(text) > 1 else text
    if len(set(held)) < len(held) or any(word not in MODIFIERS for word in held):
        return ""
    if len(last) == 1:
        if not last.isprintable() or last == " " or ord(last) > 126:
            return ""  # a letter of another alphabet comes from an input method, or on one keyboard only
        if not last.isalnum():
            last = next(name for name, char in _CHARACTERS.items() if char == last)
        elif held:
            last = last.lower()
    elif last.lower() in NAMED:
        last = last.lower()
    elif last not in _CHARACTERS:
        return ""
    return "+".join([*(m for m in MODIFIERS if m in held), last])


def shown_key(key: str) -> str:
    """A key as it is printed: ``^R``, ``F4``, ``?``, ``Enter``."""
    *held, last = key.split("+")
    name = _SHOWN.get(last) or _CHARACTERS.get(last) or (last.upper() if re.fullmatch(r"f\d+", last) else last)
    if held == ["ctrl"] and len(name) == 1:
        return f"^{name.upper()}"
    return "+".join([*(word.capitalize() for word in held), name])


def read_keymap(path: Path) -> Keymap:
    """The keys in a file; none where there is no file. Raises `KeysError` with the first fault."""
    try:
        if stat.S_ISFIFO(os.stat(path).st_mode):
            raise KeysError("unread", file=path.name, why=os.strerror(errno.EINVAL))  # it would keep us waiting
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise KeysError("unread", file=path.name, why=error.strerror or str(error)) from error
    if len(data) > LARGEST:
        raise KeysError("large", file=path.name)
    import tomllib

    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise KeysError("not-toml", file=path.name, why=str(error).splitlines()[0] if str(error) else "?") from error
    return checked(table, path.name)


def checked(table: Mapping[str, object], file: str) -> Keymap:
    """The keys of a decoded file. Raises `KeysError` for an unknown action, a key that is none or is needed, a conflict."""
    known = {action.id: action for action in actions.ACTIONS}
    keymap: dict[str, tuple[str, ...]] = {}
    for name, value in table.items():
        if name not in known:
            if near := get_close_matches(name, sorted(changeable()), n=1):
                raise KeysError("unknown-near", file=file, action=name, near=near[0])
            raise KeysError("unknown", file=file, action=name)
        if name not in changeable():
            raise KeysError("fixed", file=file, action=name)
        written = [value] if isinstance(value, str) else value
        if not isinstance(written, list) or not written or not all(isinstance(one, str) for one in written):
            raise KeysError("shape", file=file, action=name)
        keys = []
        for one in written:
            key = key_name(one)
            if not key:
                raise KeysError("no-key", file=file, action=name, key=one)
            if key in RESERVED and key not in known[name].keys:
                raise KeysError("reserved", file=file, action=name, key=one)
            if key not in keys:
                keys.append(key)
        keymap[name] = tuple(keys)
    for screen in actions.SCREENS:
        taken: dict[str, str] = {}
        usual = actions.of(screen)
        for action in usual:
            for key in keymap.get(action.id, ()):
                if taken.setdefault(key, action.id) != action.id:
                    raise KeysError("conflict", file=file, key=shown_key(key), screen=screen, one=taken[key], other=action.id)
        for before, action in zip(usual, actions.of(screen, keymap), strict=True):
            if before.keys and not action.keys:
                raise KeysError("last", file=file, key=shown_key(before.keys[0]), screen=screen, action=action.id,
                                other=taken[before.keys[0]])  # fmt: skip
    return keymap


def changeable() -> frozenset[str]:
    """Actions that may have other keys: those that no panel handles by itself."""
    return frozenset(action.id for action in actions.ACTIONS if action.bound)


def template(say: Callable[[str], str]) -> str:
    """A file of keys with every line commented out; ``say`` gives the text of a message id."""
    lines = [f"# {say('looks.keys.head')}", f"# {say('looks.keys.rules')}"]
    for action in actions.ACTIONS:
        if action.bound:
            keys = ", ".join(f'"{key}"' for key in action.keys)
            lines += ["", f"# {say(action.help)}", f"# {action.id} = [{keys}]"]
    return "\n".join(lines) + "\n"


def write_template(path: Path, say: Callable[[str], str]) -> bool:
    """Write a file of keys where there is none; whether it was written. Raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        new_file(path, template(say).encode())
    except FileExistsError:
        return False
    return True
