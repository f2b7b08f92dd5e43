"""A real terminal for tests: tmux, real keys, the characters that stand on the screen. Waits for markers, never sleeps.

Each terminal is a tmux server of its own (a socket in the test's folder), so tests run side by side.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
"""Seconds until a marker that does not come is a failure."""
DROPPED = ("LC_", "XDG_", "TMUX", "PYTHON", "COLUMNS", "LINES", "NO_COLOR", "TEXTUAL", "BAIMO")
"""Beginnings of what the game does not inherit from whoever runs the tests."""
PAUSE = 0.03
"""Seconds between two looks."""


def need_tmux() -> str:
    """Path of tmux; where there is none the test is skipped, or fails if BAIMO_NO_SKIP is set."""
    found = shutil.which("tmux")
    if found and os.name != "nt":
        return found
    reason = "tmux is not installed: the game is not tried with real keys (Debian: apt-get install tmux)"
    if os.environ.get("BAIMO_NO_SKIP") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


class Terminal:
    """One terminal; see `terminal`."""

    def __init__(self, home: Path, env: Mapping[str, str]) -> None:
        self.home = home
        self._sockets = tempfile.mkdtemp(prefix="tmux-")  # short: the path of a socket may have 100 characters or so
        self._tmux = [need_tmux(), "-S", f"{self._sockets}/tmux", "-f", os.devnull]
        self._env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(DROPPED)},
            "HOME": str(home), "LANG": "C.UTF-8", "ENV": str(home / "shell"), "TERM": "xterm-256color",
            "COLORTERM": "truecolor", "PYTHONPYCACHEPREFIX": os.environ.get("PYTHONPYCACHEPREFIX", ""), **env,
        }  # fmt: skip
        (home / "shell").write_text("PS1='READY> '\n")  # what an interactive sh reads first

    def do(self, *args: str) -> str:
        """A command to tmux; its output."""
        done = subprocess.run(
            [*self._tmux, *args], env=self._env, capture_output=True, text=True, encoding="utf-8", timeout=30,
            check=False,
        )  # fmt: skip
        if done.returncode:
            raise AssertionError(f"tmux {args[0]}: {done.stderr}")
        return done.stdout

    def start(self, command: str, size: tuple[int, int]) -> None:
        """Open the terminal with a command in it; it stays on screen when that ends."""
        width, height = map(str, size)
        self.do("new-session", "-d", "-x", width, "-y", height, "-c", str(ROOT), "sh -c " + shlex.quote(command),
                ";", "set", "-g", "remain-on-exit", "on", ";", "set", "-g", "window-size", "manual",
                ";", "set", "-g", "status", "off", ";", "set", "-sg", "escape-time", "0")  # fmt: skip

    def keys(self, *names: str) -> None:
        """Press keys, by tmux's names (``Enter``, ``Down``, ``C-c``, ``F1``, ``q``)."""
        self.do("send-keys", *names)

    def type(self, text: str) -> None:
        """Type text as it is."""
        self.do("send-keys", "-l", text)

    def resize(self, width: int, height: int) -> None:
        """Make the terminal another size."""
        self.do("resize-window", "-x", str(width), "-y", str(height))

    def screen(self) -> str:
        """What stands on the screen, a line a row."""
        return self.do("capture-pane", "-p")

    def tell(self, what: str) -> str:
        """A value of tmux's formats, such as ``alternate_on``."""
        return self.do("display-message", "-p", f"#{{{what}}}").strip()

    @property
    def pid(self) -> int:
        """The process started in the terminal."""
        return int(self.tell("pane_pid"))

    def wait(self, *markers: str | Callable[[str], object], without: str = "", patience: float = PATIENCE) -> str:
        """Look until all markers are on the screen (and ``without`` is not); the screen then.

        A marker that comes not in time fails with the last screen.
        """
        end = time.monotonic() + patience
        while True:
            shown = self.screen()
            there = all(m in shown if isinstance(m, str) else m(shown) for m in markers)
            if there and not (without and without in shown):
                return shown
            if time.monotonic() > end:
                wanted = ", ".join(repr(m) if isinstance(m, str) else m.__name__ for m in markers)
                raise AssertionError(f"not on the screen after {patience:g} s: {wanted}\n{shown}")
            time.sleep(PAUSE)

    def wait_until(self, holds: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
        """Look until something holds."""
        end = time.monotonic() + patience
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"after {patience:g} s still not: {what}\n{self.screen()}")
            time.sleep(PAUSE)

    def close(self) -> None:
        """End everything in it."""
        with contextlib.suppress(AssertionError, OSError, subprocess.TimeoutExpired):
            self.do("kill-server")
        shutil.rmtree(self._sockets, ignore_errors=True)


@contextlib.contextmanager
def terminal(
    home: Path, command: str, size: tuple[int, int] = (80, 24), env: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """A terminal with a command in it, closed at the end."""
    home.mkdir(parents=True, exist_ok=True)
    it = Terminal(home, env or {})
    try:
        it.start(command, size)
        yield it
    finally:
        it.close()


def ended(pid: int) -> bool:
    """Whether a process has ended, even if nobody has asked for its exit code yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    with contextlib.suppress(OSError):  # no /proc on some systems: there a process without a parent soon goes
        return _stat(pid)[0] == "Z"
    return False


def child_of(pid: int) -> int:
    """The one child of a process."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("no /proc here to find the game's process in")
    others = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdecimal()]
    found = []
    for other in others:
        with contextlib.suppress(OSError):
            if _stat(other)[1] == str(pid):
                found.append(other)
    (one,) = found
    return one


def _stat(pid: int) -> list[str]:
    """State and parent of a process, and what else the system tells after its name."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def flat(shown: str) -> str:
    """A screen without line breaks, spaces and the bar beside a notice: for sentences that may be wrapped."""
    return re.sub(r"[\s▌]", "", shown)


def game(*args: str | Path) -> str:
    """The command that starts the game, for a shell."""
    return shlex.join([sys.executable, "-m", "game", *map(str, args)])
