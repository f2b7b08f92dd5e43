"""How a member's program reaches a room: over a network, through a pipe, or in the same process. One shape for all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from game.classroom.messages import Answer, Foresee, Push, Request
from game.table.wire import Fans


class Link(Protocol):
    """A member's connection to a room."""

    async def ask(self, request: Request) -> Answer:
        """The room's answer; faults stand in it. Waits while the connection is being mended.

        Raises ConnectionError where the place is gone for good.
        """

    def futures(self, request: Foresee) -> AsyncIterator[Fans]:
        """Fans as they come, better and better; a newer call ends an older one."""

    def pushes(self) -> AsyncIterator[Push]:
        """Everything the room pushes from now on, the present `Now` first; ends after `Gone`."""

    async def close(self) -> None:
        """Leave the connection; the place stays."""


class LinkState(Protocol):
    """What a program may show of its connection."""

    @property
    def connected(self) -> bool:
        """Whether the room is reached at the moment."""
