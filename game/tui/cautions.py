"""Warnings before a quarter ends as sentences: what holds for several industries is said once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from game.language import Tongue
    from game.table.wire import Message

_UPKEEP = "warn.upkeep"


def cautions(messages: Sequence[Message], tongue: Tongue) -> list[str]:
    """The sentences in their order; of those on upkeep one, where the first stood, that names every industry."""
    lacking = [str(m.args["segment"]) for m in messages if m.id == _UPKEEP]
    said = []
    for message in messages:
        if message.id != _UPKEEP or len(lacking) < 2:
            said.append(tongue.message(message))
        elif message.args["segment"] == lacking[0]:
            said.append(tongue.say("warn.upkeeps", segments=tongue.join(tongue.segment(s) for s in lacking)))
    return said
