"""The newest of something, for whoever follows: those who are slow miss what is in between and never fall behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Newest(Generic[T]):
    """One value at a time. Every `follow` gets the present one first, then each newest; ends after `end`."""

    def __init__(self) -> None:
        self._value: T | None = None
        self._number = 0
        self._ended = False
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def value(self) -> T | None:
        """The present value."""
        return self._value

    @property
    def ended(self) -> bool:
        """Whether nothing comes any more."""
        return self._ended

    def put(self, value: T) -> None:
        """A newer value; nothing after the end."""
        if not self._ended:
            self._value, self._number = value, self._number + 1
            self._wake()

    def end(self, value: T | None = None) -> None:
        """The last value, or the end without one."""
        if self._ended:
            return
        if value is not None:
            self.put(value)
        self._ended = True
        self._wake()

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(None)

    async def follow(self) -> AsyncIterator[T]:
        """The present value and every newer one."""
        seen = 0
        while True:
            if self._value is not None and self._number > seen:
                seen = self._number
                yield self._value
                continue
            if self._ended:
                return
            news: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(news)
            await news
