"""``baimo class export``: the pack out of a room's file, for a room that is not open: a run a team and the record beside."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

from game.language import Lang, Tongue

if TYPE_CHECKING:
    from game.content import Content


def export(args: argparse.Namespace, content: Content, lang: Lang) -> int:
    """Write the pack of the room in ``args.store`` into ``args.into``; the exit code. Raises `ClassError`.

    The room stays as it was. The runs name the seed, so a room that goes on should keep its pack to the teacher.
    """
    written, phase = asyncio.run(_export(args, content))
    say = Tongue(lang, content=content).say
    print(say("class.export.written", number=len(written), folder=str(args.into)))
    if phase not in ("debrief", "over"):
        print(say("class.export.early"))
    return 0


async def _export(args: argparse.Namespace, content: Content) -> tuple[list[object], str]:
    from game.classroom.room import Room

    room = await Room.open(content, args.store)
    try:
        return list(await room.export(args.into)), room.desk().phase
    finally:
        await room.close()
