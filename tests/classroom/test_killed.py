"""A real process with a real room, killed by the system the moment it has acknowledged something."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from room_kit import newcomer, opened, run, settle

from game.content import Content

SCRIPT = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from room_kit import created, decide, newcomer, settle
from game.classroom.messages import Argue, Close, Open
from game.content.load import load

async def go():
    room = await created(load(), Path({path!r}), teams=3)
    places = [await newcomer(room, str(n)) for n in range(3)]
    print(*(place.secret for place, _ in places), flush=True)
    await room.teach(Open())
    await room.teach(Close())
    await room.teach(Open(600.0))
    await places[0][1].ask(Argue(1, "reason"))
    for number, (_, link) in enumerate(places[:2]):
        answer = await decide(link, **{{"price.token": 6.0 + number}})
        assert not answer.faults
        print("decided", flush=True)
    sys.stdin.read()

asyncio.run(go())
"""


@pytest.mark.parametrize("decided", [1])
def test_nothing_acknowledged_is_lost(shipped: Content, tmp_path: Path, decided: int) -> None:
    path = tmp_path / "a.room"
    code = SCRIPT.format(tests=str(Path(__file__).parent), path=str(path))
    child = subprocess.Popen(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        secrets = child.stdout.readline().split()
        for _ in range(decided):
            assert child.stdout.readline() == "decided\n"
    finally:
        child.kill()
        child.communicate(timeout=30)

    async def go() -> None:
        room = await opened(shipped, path)
        desk = room.desk()
        assert (desk.phase, desk.quarter, desk.paused) == ("open", 1, True) and desk.left is not None and 590 < desk.left <= 600
        assert [t.decided for t in desk.teams][:decided] == [True] * decided and not desk.teams[2].decided
        assert [room.member_of(secret) for secret in secrets] == ["m1", "m2", "m3"] and desk.teams[0].members[0].reason
        drafts = [team.draft.levers["price.token"] for team in room._hall.teams if team.draft]
        assert drafts[:decided] == [6.0, 7.0][:decided]
        await newcomer(room, "late")
        await settle(room)
        await room.close()

    run(go())
