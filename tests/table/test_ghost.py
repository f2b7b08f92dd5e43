"""The parent of a fork is found by its checksum beside it, whatever its file is called, and by nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from game.content import Content
from game.table.founding import Founding
from game.table.ghost import parent_of, parent_rows
from game.table.local import LocalHost
from game.table.runfile import SUFFIX, read_run
from game.table.wire import Draft


def test_the_parent_of_a_fork(shipped: Content, tmp_path: Path) -> None:
    async def play() -> tuple[Path, Path]:
        host = LocalHost(shipped, tmp_path, "t")
        seat = await host.new_game(Founding(scenario="first-lesson", seed="3"))
        for _ in range(3):
            view = await seat.view()
            levers = {"card.choice": 0.0} if view.card else {}
            await seat.submit(Draft(view.quarter, levers))
        parent = host.run_file()
        assert parent is not None and parent_rows(read_run(parent)) == [], "no fork, no ghost"
        first = (await seat.view()).first_quarter
        await host.fork(None, first + 1)
        fork = host.run_file()
        assert fork is not None and fork != parent
        rows = parent_rows(read_run(fork))
        assert [r.quarter for r in rows] == [first, first + 1, first + 2]
        host.close()
        return parent, fork

    parent, fork = asyncio.run(play())
    run = read_run(fork)
    rows = parent_rows(run)
    assert [r.value for r in rows] == [q.rows[0].value for q in read_run(parent).quarters]
    moved = parent.rename(tmp_path / f"another name{SUFFIX}")
    assert len(parent_rows(run)) == 3, "a name is nothing"
    (tmp_path / f"broken{SUFFIX}").write_bytes(moved.read_bytes()[:300])
    assert len(parent_rows(run)) == 3
    other = msgspec.structs.replace(run.head.parent, checksum="0" * 64)  # type: ignore[type-var]
    assert parent_of(msgspec.structs.replace(run.head, parent=other), tmp_path) is None
    moved.unlink()
    assert parent_rows(run) == [], "where it is not, nothing is said"
    assert parent_of(read_run(fork).head, tmp_path / "nowhere") is None
