"""How far a tool is, as one line on standard error that rewrites itself; silent where nobody looks."""

from __future__ import annotations

import sys
from collections.abc import Callable


def progress_line(what: str = "") -> Callable[[int, int], None] | None:
    """A listener for (done, total), or None where standard error is closed or no terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    lead = f"{what} " if what else ""

    def say(done: int, total: int) -> None:
        print(f"\r{lead}{done}/{total}   ", end="" if done < total else "\n", file=sys.stderr, flush=True)

    return say
