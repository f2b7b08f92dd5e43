"""Who analyses runs for the screens: a process of its own, so that the interface waits for nothing."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from game.lab.analysis.model import FULL, QUICK, Budget
from game.lab.analysis.worker import HEAD, Ask, Told, command, framed, length

if TYPE_CHECKING:
    from game.content import Content

BUDGETS = (QUICK, FULL)
"""What a screen asks for: something soon, then the fuller numbers in its place."""


class Broken(RuntimeError):
    """The process ended before it had told everything."""


class Analyst(Protocol):
    """Tells of runs as they are analysed; whoever stops listening stops the work."""

    def listen(self, files: Sequence[Path], budgets: Sequence[Budget] = BUDGETS) -> AsyncGenerator[Told, None]:
        """News until everything is analysed. Raises `Broken` where that fails."""


class ProcessAnalyst:
    """See `game.lab.analysis.worker`. Closing the iterator, or cancelling its task, kills the process at once."""

    def __init__(self, content: Content) -> None:
        self.content = content

    async def listen(self, files: Sequence[Path], budgets: Sequence[Budget] = BUDGETS) -> AsyncGenerator[Told, None]:
        """See `Analyst`."""
        overlay = self.content.overlay
        ask = Ask(
            [str(Path(f).absolute()) for f in files], str(self.content.directory.absolute()), list(budgets),
            str(overlay.absolute()) if overlay is not None else "",
        )  # fmt: skip
        try:
            process = await asyncio.create_subprocess_exec(
                *command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except (OSError, NotImplementedError) as error:
            raise Broken(str(error)) from error
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(framed(ask))
            await process.stdin.drain()
            while (told := await _next(process.stdout)) is not None:
                yield told
            if await process.wait():
                raise Broken(f"exit code {process.returncode}")
        except (ConnectionError, asyncio.IncompleteReadError, msgspec.DecodeError, ValueError) as error:
            raise Broken(str(error)) from error
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()


async def _next(stream: asyncio.StreamReader) -> Told | None:
    try:
        head = await stream.readexactly(HEAD)
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    return msgspec.msgpack.decode(await stream.readexactly(length(head)), type=Told)
