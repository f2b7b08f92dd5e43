"""What is timed of the interface: the program in a pseudo-terminal, its keys, and when it has finished drawing.

A terminal that answers nothing is enough. A frame counts as drawn when its last byte has come: the first burst of bytes
after a key, which ends where nothing more comes for `GAP` seconds. Without pseudo-terminals (Windows) the same keys are
pressed inside the process, which times less: no bytes, no terminal.
"""

from __future__ import annotations

import contextlib
import os
import select
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
GAP: Final = 0.03
"""Seconds of silence that end a burst: shorter than the pause after which a draft is previewed."""
PATIENCE: Final = 60.0
"""Seconds after which a program that shows nothing counts as stuck."""
KEYS: Final = {
    "up": b"\x1b[A", "down": b"\x1b[B", "right": b"\x1b[C", "left": b"\x1b[D", "enter": b"\r", "escape": b"\x1b",
    "f1": b"\x1bOP", "f3": b"\x1bOR", "f4": b"\x1bOS", "f5": b"\x1b[15~",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """Times of one thing, in milliseconds."""

    name: str
    times: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        """What nineteen of twenty stay under."""
        return sorted(self.times)[min(len(self.times) - 1, round(0.95 * (len(self.times) - 1)))]


class Pty:
    """A program in a pseudo-terminal."""

    def __init__(self, command: Sequence[str], home: Path, size: tuple[int, int]) -> None:
        import fcntl
        import pty
        import struct
        import termios

        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TEXTUAL", "XDG_", "NO_COLOR", "COLUMNS", "LINES"))}
        env = {**kept, "HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.process = subprocess.Popen(
            list(command), cwd=ROOT, env=env, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        self.seen = b""

    def read(self, patience: float) -> bytes:
        """Bytes that come within so many seconds; empty if none do."""
        ready, _, _ = select.select([self.master], [], [], patience)
        if not ready:
            return b""
        try:
            return os.read(self.master, 1 << 16)
        except OSError:
            return b""

    def wait(self, text: str) -> None:
        """Until a text was written. Raises RuntimeError where it does not come."""
        end, want = time.monotonic() + PATIENCE, text.encode()
        while want not in self.seen:
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(f"the program did not write {text!r}")
            self.seen += self.read(0.2)

    def quiet(self, seconds: float = 0.4) -> None:
        """Until nothing has come for so long."""
        while self.read(seconds):
            pass

    def press(self, key: str) -> float:
        """Milliseconds from a key to the last byte of the first burst that it brings."""
        start = time.perf_counter()
        os.write(self.master, KEYS.get(key, key.encode()))
        last, patience = 0.0, PATIENCE
        while data := self.read(patience):
            last, patience = time.perf_counter(), GAP
            self.seen = (self.seen + data)[-(1 << 16) :]
        if not last:
            raise RuntimeError(f"nothing was drawn after {key}")
        return 1e3 * (last - start)

    def close(self) -> None:
        """End the program."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        if self.process.poll() is None:
            self.process.kill()
        os.close(self.master)


@contextlib.contextmanager
def game(home: Path, size: tuple[int, int], *args: str) -> Iterator[Pty]:
    """The game, as ``baimo ARGS`` starts it."""
    it = Pty([sys.executable, "-m", "game", "--lang", "en", "--saves", str(home / "saves"), *args], home, size)
    try:
        yield it
    finally:
        it.close()


def keys_in_the_boardroom(home: Path, size: tuple[int, int], runs: int) -> list[Row]:
    """Row moves, lever steps, and the way to other screens and back, with a quarter played."""
    rows: dict[str, list[float]] = {}

    def time_of(name: str, it: Pty, key: str) -> None:
        rows.setdefault(name, []).append(it.press(key))
        it.quiet(0.25)

    with game(home, size, "--seed", "8", "--scenario", "price-war") as it:
        it.wait("Baimo")
        it.quiet(2.0)
        for n in range(runs):
            time_of("key to repaint: row move", it, "down" if n % 2 == 0 else "up")
        for n in range(runs):
            time_of("key to repaint: lever step", it, "right" if n % 2 == 0 else "left")
        for name, key in (("market", "f4"), ("codex", "f5"), ("help", "f1")):
            for _ in range(max(5, runs // 3)):
                time_of(f"boardroom to {name}", it, key)
                time_of(f"{name} to boardroom", it, "escape")
    return [Row(name, tuple(times)) for name, times in rows.items()]


def first_frames(home: Path, runs: int) -> list[Row]:
    """The first frame of the title and of a bare Textual app as whole processes, in turns."""
    from game.lab.bench import BARE, first_frame

    commands = {
        "first frame of the title": ["-m", "game", "play", "--saves", str(home / "saves")],
        "first frame of a bare app": ["-c", BARE],
    }
    spans: dict[str, list[float]] = {name: [] for name in commands}
    for n in range(runs + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            first_frame(command, home)
            if n:  # the first pair compiles and fills caches
                spans[name].append(1e3 * (time.perf_counter() - start))
    return [Row(name, tuple(times)) for name, times in spans.items()]
