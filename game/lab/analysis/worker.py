"""An analysis in a process of its own, for screens that must not wait and may end it at any moment.

Whoever asks starts `command`, writes one framed `Ask` to its input and keeps that input open; framed `Told`s come back.
The process ends when it has told everything, when its input is closed (whoever asked is gone) or when it is killed; it
starts no other processes, so nothing outlives it. It writes no run, and nothing else but what `baselines` keeps.

A frame is its length in four bytes, most significant first, and then msgpack.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, TypeVar

import msgspec

from game.lab.analysis.model import Analysis, Budget, Comparison
from game.table.errors import RunError
from game.table.ghost import parent_rows
from game.table.wire import Message, Row

if TYPE_CHECKING:
    from game.lab.analysis.reading import Opened

HEAD: Final = 4
"""Bytes of a frame's length."""
LONGEST: Final = 64 * 2**20
"""Bytes of a frame at most; an analysis of a whole campaign takes less than a hundredth of that."""
T = TypeVar("T")
R = TypeVar("R")


class Ask(msgspec.Struct, frozen=True):
    """What is to be analysed."""

    files: list[str]
    directory: str
    """Folder of the shipped content."""
    budgets: list[Budget]
    """One pass over all runs with each."""
    overlay: str = ""
    """Folder of own content laid over it; empty for none."""


class Told(msgspec.Struct, frozen=True):
    """One piece of news: a run as far as it is analysed, how runs compare, or why a file cannot be analysed."""

    place: int = 0
    """Of the run in ``Ask.files``."""
    round: int = 0
    """Of the budget in ``Ask.budgets``."""
    analysis: Analysis | None = None
    comparison: Comparison | None = None
    """Comes once, before the first quarter is analysed, with nothing analysed in it."""
    ghost: list[Row] = []
    """With the comparison, for one run that is a fork: the quarters that its parent really had."""
    refused: Message | None = None


def command() -> list[str]:
    """The command line; ``-P`` and the folder of the package keep a stranger's ``game`` in the current folder out."""
    root = str(Path(__file__).resolve().parents[3])
    code = "import sys; sys.path.insert(0, sys.argv[1]); from game.lab.analysis.worker import main; main()"
    return [sys.executable, "-P", "-c", code, root]


def framed(message: Ask | Told) -> bytes:
    """A message as it travels."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(HEAD, "big") + body


def read_frame(stream: BinaryIO, kind: type[T]) -> T | None:
    """The next message; None at the end of the stream.

    Raises `msgspec.ValidationError` or `msgspec.DecodeError` where it holds something else.
    """
    head = stream.read(HEAD)
    if len(head) < HEAD:
        return None
    return msgspec.msgpack.decode(stream.read(length(head)), type=kind)


def length(head: bytes) -> int:
    """Bytes of the frame that ``head`` opens. Raises ValueError for more than any analysis has."""
    size = int.from_bytes(head, "big")
    if size > LONGEST:
        raise ValueError("a frame that is too long")
    return size


def main() -> None:
    """Serve one `Ask` from standard input."""
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115  # nothing may print between the frames
    ask = read_frame(source, Ask)
    if ask is None:
        return
    threading.Thread(target=_end_with, args=(source,), daemon=True).start()

    def tell(told: Told) -> None:
        try:
            sink.write(framed(told))
            sink.flush()
        except OSError:  # nobody reads any more; any other trouble of the disk is no end, but a failure
            os._exit(0)

    _gently()
    serve(ask, tell)


def _end_with(source: BinaryIO) -> None:
    """End at once when whoever asked is gone."""
    # the bare descriptor: a thread that waits inside a buffered reader would make the interpreter's end a crash
    while os.read(source.fileno(), 4096):
        pass
    os._exit(0)


def _gently() -> None:
    """Leave the processor to the interface where both want it; where the system has no such thing, go on."""
    nice = getattr(os, "nice", None)
    if nice is not None:
        nice(5)


class _Here:
    """Everything in this process: see `game.lab.pool.elsewhere`."""

    def workers(self) -> int:
        return 1

    def scatter(
        self, work: Callable[[T], R], items: Sequence[T], progress: Callable[[int, int], None] | None
    ) -> list[R]:
        out = []
        for done, item in enumerate(items, 1):
            out.append(work(item))
            if progress:
                progress(done, len(items))
        return out


def serve(ask: Ask, tell: Callable[[Told], None]) -> None:
    """Analyse and tell: first what the records say, then every run with each budget in turn."""
    from game.content import load
    from game.lab.analysis.reading import open_run
    from game.lab.analysis.run import compare, steps
    from game.lab.pool import elsewhere

    content = load(Path(ask.directory), Path(ask.overlay) if ask.overlay else None)
    opened: dict[int, Opened] = {}
    for place, file in enumerate(ask.files):
        try:
            opened[place] = open_run(content, Path(file))
        except RunError as error:
            tell(Told(place, refused=error.message()))
    if not opened:
        return
    bare: list[Analysis] = []
    for place, one in opened.items():
        bare.append(next(steps(content, one, ask.budgets[0])))
        tell(Told(place, analysis=bare[-1]))
    ghost = parent_rows(next(iter(opened.values())).run) if len(opened) == 1 else []
    tell(Told(next(iter(opened)), comparison=compare(list(opened.values()), bare), ghost=ghost))
    with elsewhere(_Here()):
        for number, budget in enumerate(ask.budgets):
            for place, one in opened.items():
                for analysis in steps(content, one, budget):
                    tell(Told(place, number, analysis))
