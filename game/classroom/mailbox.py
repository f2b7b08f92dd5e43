"""The newest of what was sent: a reader that is slow misses what has been replaced, and never makes a queue grow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(AsyncIterator[T], Generic[T]):
    """Holds one item of each class; a newer one of the class takes its place. Read by one reader, in order of coming."""

    def __init__(self, gone: Callable[[], None] = lambda: None) -> None:
        self._items: dict[type, T] = {}
        self._news = asyncio.Event()
        self._closed = False
        self._gone = gone

    def put(self, item: T) -> None:
        """Send; what is sent after `close` is lost."""
        if self._closed:
            return
        self._items.pop(type(item), None)
        self._items[type(item)] = item
        self._news.set()

    def close(self) -> None:
        """Nothing more comes; what is there may still be read."""
        self._closed = True
        self._news.set()

    async def __anext__(self) -> T:
        while not self._items:
            if self._closed:
                self._gone()
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._items.pop(next(iter(self._items)))

    async def aclose(self) -> None:
        """The reader leaves."""
        self._closed = True
        self._items.clear()
        self._gone()
