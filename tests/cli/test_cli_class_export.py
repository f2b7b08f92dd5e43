"""``baimo class export``: a room's file becomes a pack that every other tool reads."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from game.classroom import messages as m
from game.classroom.plan import Plan
from game.classroom.room import Room
from game.cli import main
from game.content import load
from game.table.wire import Draft


async def played(path: Path) -> None:
    """A room of two teams in which one quarter was played, not in the debrief yet."""
    room = await Room.create(load(), Plan(scenario="first-lesson", teams=2, seed="00" * 16), path)
    place = await room.join(m.Join(m.PROTOCOL, room.code, "小王"))
    link = await room.connect(place.member, "api")
    await room.teach(m.Open())
    answer = await link.ask(m.See())
    quarter = msgspec.json.decode(answer.body)["quarter"]
    assert not (await link.ask(m.Decide(Draft(quarter)))).faults
    await room.teach(m.Close())
    await room.close()


def test_the_pack_of_a_room_is_verified_by_replay(tmp_path: Path, capsys) -> None:
    asyncio.run(played(tmp_path / "room"))
    assert main(["class", "export", str(tmp_path / "room"), str(tmp_path / "pack"), "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "keep them to yourself" in told
    runs = sorted((tmp_path / "pack").glob("*.baimo"))
    assert [run.name for run in runs] == ["team-01.baimo"], "nobody ever sat in the second team"
    for run in runs:
        assert main(["replay", "--check", str(run)]) == 0
    assert "小王" not in "".join(run.read_text(encoding="utf-8") for run in runs)


def test_what_is_no_room_is_told_in_one_sentence(tmp_path: Path, capsys) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("homework", encoding="utf-8")
    assert main(["class", "export", str(file), str(tmp_path / "pack"), "--lang", "en"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert file.read_text(encoding="utf-8") == "homework" and not (tmp_path / "pack").exists()
    assert main(["class", "export", str(tmp_path / "none"), str(tmp_path / "pack")]) == 2
