"""What can go wrong with a class, each in one sentence of the locale (``class.*`` in `content/locale/class.toml`)."""

from __future__ import annotations

from game.table.wire import Message


class ClassError(Exception):
    """Something that a teacher or a pupil can mend; ``message`` is an id of the locale with its arguments."""

    def __init__(self, id: str, /, **args: float | int | str) -> None:
        super().__init__(f"{id} {args}" if args else id)
        self.message = Message(id, args)
