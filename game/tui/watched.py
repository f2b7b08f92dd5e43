"""Runs that no person plays: policies made every decision, so there is no seat to sit down in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from game.table.contract import HUMAN
from game.table.errors import RunError
from game.table.lines import Head
from game.table.listing import glance

if TYPE_CHECKING:
    from game.table.seat import Seat
    from game.tui.app import Host


class Watched(RunError):
    """No person decides for any firm of the run."""

    id = "screens.runs.watched"
    text = "Nobody plays in {file}: policies made every decision. It can be looked through, not played on."

    def __init__(self, file: str) -> None:
        super().__init__(file=file)


def watched(head: Head | None) -> bool:
    """Whether a head says so; None, of a run that cannot be read, says nothing."""
    return head is not None and 0 <= head.firm < len(head.seats) and head.seats[head.firm] != HUMAN


def need_person(path: Path) -> None:
    """Raises `Watched` for a run that no person plays. What else may be wrong with it shows when it is opened."""
    if watched(glance(path).head):
        raise Watched(path.name)


async def open_run(host: Host, path: Path) -> Seat:
    """The seat in a run. Raises `RunError` where there is none to sit down in."""
    need_person(path)
    return await host.open_run(path)


async def fork_run(host: Host, path: Path | None, quarter: int) -> Seat:
    """The seat in a fork, which has the seats of its parent. Raises `RunError` where that has none for a person."""
    if path is not None:
        need_person(path)
    return await host.fork(path, quarter)
