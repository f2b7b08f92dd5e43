"""What the game remembers of a player between sessions: a small TOML file in the user's configuration folder.

A file that cannot be read or written is no reason for a crash: the game then goes on with what it has, and a file that
it could not read is left as it is.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

import tomli

KNOWN: Final[dict[str, tuple[str, ...]]] = {
    "lang": ("zh", "en"),
    "theme": ("ink-night", "ink-day", "ink-contrast", "ink-okabe"),
    "plain": ("no", "yes"),
    "motion": ("reduced", "full"),
    "hints": ("yes", "no"),
}
"""Settings with their values, the default first."""


def settings_path() -> Path:
    """Where settings are kept."""
    from platformdirs import user_config_path

    return user_config_path("baimo", appauthor=False) / "settings.toml"


class Settings:
    """Settings by name; reading and writing never raise.

    ``trouble`` says in a word why a file was not used: ``unreadable`` or ``unwritable``, empty where all is well.
    """

    def __init__(self, path: Path | None = None) -> None:
        try:
            self.path: Path | None = path if path is not None else settings_path()
        except (OSError, RuntimeError, ImportError):
            self.path = None
        self.trouble = ""
        self._values: dict[str, str] = {}
        self._read()

    def _read(self) -> None:
        if self.path is None:
            return
        try:
            raw = tomli.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError, RecursionError, ValueError):
            self.trouble = "unreadable"
            return
        for name, value in raw.items():
            if name in KNOWN and value in KNOWN[name]:
                self._values[name] = str(value)

    def get(self, name: str) -> str:
        """The value of a setting, or its default; empty for a name that is none."""
        return self._values.get(name) or next(iter(KNOWN.get(name, ("",))))

    def chosen(self, name: str) -> bool:
        """Whether somebody chose the value, so that what the system says does not count."""
        return name in self._values

    def remember(self, name: str, value: str) -> None:
        """Keep a value; an unknown name or value is passed over. A file that could not be read is not written over."""
        if value not in KNOWN.get(name, ()):
            return
        self._values[name] = value
        if self.path is None or self.trouble == "unreadable":
            return
        text = "".join(f'{key} = "{self._values[key]}"\n' for key in KNOWN if key in self._values)
        beside = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}.tmp")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text("# Baimo 百模大战\n" + text, encoding="utf-8")
            os.replace(beside, self.path)
            self.trouble = ""
        except OSError:
            self.trouble = "unwritable"
            try:
                beside.unlink(missing_ok=True)
            except OSError:
                pass
