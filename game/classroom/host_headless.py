"""A room without a dashboard: what it prints, and how it waits for its teacher's commands over the loopback interface."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, TextIO

from game.classroom.hosting import Hosted, Wishes, hosted, on_leaving, until_over
from game.language import Tongue, clean_text

if TYPE_CHECKING:
    from game.content import Content


def qr(text: str) -> str:
    """A QR code of half blocks, dark on light whatever the terminal's colours are."""
    import segno

    out = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(out, compact=True, border=2)
    return out.getvalue().rstrip("\n")


def told(there: Hosted, wishes: Wishes, tongue: Tongue, with_qr: bool) -> list[str]:
    """What the teacher has to know, a line each."""
    say = tongue.say
    lines = [say("class.host.gone-on" if there.went_on else "class.host.opened", file=wishes.path.name), ""]
    lines += [say("class.host.address", address=str(address)) for address in there.addresses[:4]]
    lines += [say("class.host.code", code=there.room.code)] if there.room.code else []
    if with_qr and there.addresses and there.room.code:
        lines += ["", qr(there.invitation()), ""]
    if there.addresses and there.room.code:
        lines += [say("class.host.join", address=there.addresses[0].netloc, code=there.room.code)]
    lines += [say("class.host.board", address=f"http{'s' if there.server.guard.secure else ''}://localhost:{there.server.guard.port}/board")]
    if not there.server.guard.secure:
        lines += [say("class.host.plain")]
    lines += [say("class.host.teacher", file=there.teacher_file.name)]
    return lines


async def serve(content: Content, wishes: Wishes, tongue: Tongue, out: TextIO) -> int:
    """Host a room until its teacher closes it or the system ends the program; the exit code. Raises `ClassError`."""
    async with hosted(content, wishes) as there:
        leaving = asyncio.Event()
        undo = on_leaving(leaving.set)
        try:
            for line in told(there, wishes, tongue, out.isatty()):
                print(line, file=out)
            print(tongue.message((await there.check()).said), file=out, flush=True)
            ends = [asyncio.create_task(leaving.wait()), asyncio.create_task(until_over(there.room))]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for task in ends:
                task.cancel()
            over = there.room.desk().phase == "over"
            print(tongue.say("class.host.over" if over else "class.host.left", file=wishes.path.name), file=out, flush=True)
            for trouble in there.troubles:
                print(clean_text(trouble, 300), file=out, flush=True)
        finally:
            undo()
    return 0
