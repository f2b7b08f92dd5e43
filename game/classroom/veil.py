"""What a seat of a room does not see yet: the luck before the debrief, and the order of firms while the ranking is hidden.

Hidden means nowhere. Every number is taken out from which the order by value can be read:

- ``rank`` of every firm, one's own too, in the view, in its history and in the market's past (0 stands for *not shown*);
- the band of the rank in the fans (zeros), the headline that another firm has taken first place, the report's sentences
  on one's own rise and fall, and the explanation and the change of ``rank``.

One's own value, its parts and its explanation stay: they tell nothing of others. What is public of others in any game
(prices, shares, capability, trust, who has gone) stays too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from game.table.market_history import MarketHistory
from game.table.wire import Changes, Explanation, Fans, Firm, Message, Report, Row, SeatView

HIDDEN: Final = frozenset({"event.leader-changed", "own.rank-up", "own.rank-down"})
"""Sentences that tell the order."""


def view(seen: SeatView, seed: bool, ranking: bool) -> SeatView:
    """A view without what may not be shown: the seed unless ``seed``, the order unless ``ranking``."""
    if not seed:
        seen = replace(seen, seed="")
    if ranking:
        return seen
    return replace(
        seen, firms=_firms(seen.firms), history=[_row(row) for row in seen.history], headlines=_told(seen.headlines)
    )


def history(past: MarketHistory, ranking: bool) -> MarketHistory:
    """The public past without the order."""
    if ranking:
        return past
    return replace(
        past, quarters=[replace(q, firms=_firms(q.firms), headlines=_told(q.headlines)) for q in past.quarters]
    )


def report(told: Report | None, ranking: bool) -> Report | None:
    """A report without the order."""
    return told if told is None or ranking else replace(told, messages=_told(told.messages))


def fans(found: Fans, ranking: bool) -> Fans:
    """Fans without the order."""
    return found if ranking else replace(found, rank=[[0.0] * len(band) for band in found.rank])


def explanation(found: Explanation | None, ranking: bool) -> Explanation | None:
    """Nothing where the order is asked for."""
    return found if ranking or found is None or found.what != "rank" else None


def changes(found: Changes | None, ranking: bool) -> Changes | None:
    """Without the rank among them."""
    return found if ranking or found is None else replace(found, rows=[r for r in found.rows if r.what != "rank"])


def _firms(firms: Sequence[Firm]) -> list[Firm]:
    return [replace(firm, rank=0) for firm in firms]


def _row(row: Row) -> Row:
    return replace(row, rank=0)


def _told(messages: Sequence[Message]) -> list[Message]:
    return [m for m in messages if m.id not in HIDDEN]
