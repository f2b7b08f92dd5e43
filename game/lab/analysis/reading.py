"""Opening a run to look at it: nothing is ever written, and what cannot be used is left out and said.

A file that is being played on, torn, damaged after its first quarters, forked, undone, of older rules or of content
that is not here opens as far as it goes. Only a file of which nothing can be read is refused, in one sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from game.table.errors import Damaged, Foreign, RunError
from game.table.local import market_of
from game.table.runfile import MAX_FILE, RunFile, need_file, read_run, run_of
from game.table.table import HUMAN, Table
from game.table.wire import Message

if TYPE_CHECKING:
    from game.content import Content
    from game.table.market import EngineMarket

PROGRAM = "analysis"


@dataclass(frozen=True)
class Opened:
    """A run as far as it can be used; ``table`` and ``market`` are None where its history is all there is."""

    run: RunFile
    table: Table | None
    market: EngineMarket | None
    notices: tuple[Message, ...]


def open_run(content: Content, path: Path) -> Opened:
    """The run in a file. Raises `RunError` where nothing of it can be read."""
    run, damage = _read(Path(path))
    return opened(content, run, damage)


def opened(content: Content, run: RunFile, damage: tuple[Message, ...] = ()) -> Opened:
    """As `open_run`, from a run that is already here (`game.table.table.Table.record`)."""
    head, notices = run.head, list(damage)
    if run.torn or run.unended:
        notices.append(Message("analysis.notice.torn", {"line": len(run.lines) + 1}))
    if head.undone:
        notices.append(Message("analysis.notice.undone"))
    if head.parent is not None:
        notices.append(Message("analysis.notice.fork", {"quarter": head.parent.quarter}))
    if head.seats[head.firm] != HUMAN:
        notices.append(Message("analysis.notice.policy", {"policy": head.seats[head.firm]}))
    if run.end is None and len(run.quarters) < head.quarters:
        notices.append(Message("analysis.notice.running", {"count": len(run.quarters), "quarters": head.quarters}))
    try:
        market = market_of(content, head, PROGRAM, run.path.name)
        table = Table.resume(market, run)
    except Foreign as error:
        notices.append(Message("analysis.notice.foreign", {"name": str(error.values.get("name", ""))}))
        return Opened(run, None, None, tuple(notices))
    except Damaged as error:
        notices.append(Message("analysis.notice.state", {"line": error.line}))
        return Opened(run, None, None, tuple(notices))
    if other := len(run.quarters) - len(table.decided(head.firm)):
        notices.append(Message("analysis.notice.older-rules", {"count": other}))
    return Opened(run, table, market, tuple(notices))


def _read(path: Path) -> tuple[RunFile, tuple[Message, ...]]:
    """The run, or of a damaged one what stands before the damage."""
    try:
        return read_run(path), ()
    except Damaged as error:
        if error.line <= 1:
            raise
        run = _before(path, error)
        return run, (Message("analysis.notice.damaged", {"line": error.line}),)


def _before(path: Path, error: Damaged) -> RunFile:
    try:
        need_file(path)
        with path.open("rb") as file:
            lines = file.read(MAX_FILE).split(b"\n")[: error.line - 1]
        run = run_of(path, b"".join(line + b"\n" for line in lines))
    except OSError:
        raise error from None
    except RunError:
        raise error from None
    return run
