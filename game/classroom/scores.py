"""Members' forecasts against what came: interval scores beside the naive forecast's, for the debrief.

A member says an 80 % interval for a number at the end of the quarter at hand; the score is that of Gneiting and Raftery
(2007), lower is better, as for a firm's own guidance. The naive interval is what guidance is compared with, too: around
the last number known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from game.classroom import rows
from game.engine.finance import interval_score, naive_interval

if TYPE_CHECKING:
    from game.classroom.hall import Hall
    from game.classroom.store import Op
    from game.engine.rules import Rules
    from game.table.wire import Row

_ROW: Final = {"cash": "cash", "revenue": "revenue", "price": "token_price"}


def number_of(row: Row, what: str) -> float:
    """The number that a forecast is about."""
    return float(getattr(row, _ROW[what]))


def naive_of(rules: Rules, what: str, known: float) -> tuple[float, float]:
    """The naive 80 % interval around the last number; of a price the same share of it, without the floor for money."""
    if what == "price":
        width = rules.params.naive_width * known
        return known - width, known + width
    low, high = naive_interval(rules, known)  # type: ignore[arg-type]
    return float(low), float(high)


def score_forecasts(hall: Hall) -> list[Op]:
    """What came of every forecast for the quarter just played, for the store."""
    ops = []
    for member in hall.members.values():
        if member.removed or not member.forecast:
            continue
        table, firm = hall.seat(hall.team_of(member))
        before, after = table.history(firm)[-2:]
        for what, (low, high) in member.forecast.items():
            known, actual = number_of(before, what), number_of(after, what)
            naive = naive_of(table.market.source, what, known)
            ops.append(rows.scored(
                member, hall.round, after.quarter, what, actual, float(interval_score(low, high, actual)),
                float(interval_score(*naive, actual)),
            ))  # fmt: skip
    return ops
