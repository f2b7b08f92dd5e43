"""The second of two rounds: all teams in one market, each with what its firm has become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.classroom.errors import ClassError
from game.classroom.tables import markets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from game.classroom.hall import Hall
    from game.classroom.plan import Plan
    from game.classroom.store import Op
    from game.content import Content
    from game.table.market import EngineMarket


def next_round(hall: Hall) -> list[Op]:
    """Seat the teams in the shared market of the second round; what the store has to keep. Raises `ClassError`."""
    raise ClassError("class.room.one-round")


def round_markets(content: Content, plan: Plan, round: int, runs: Mapping[int, Sequence[bytes]]) -> list[EngineMarket]:
    """The markets of a round, as they were founded."""
    return markets(content, plan)
