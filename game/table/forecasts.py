"""The game's own forecast beside a seat's guidance, for whoever wants it in play: from the view of the time alone.

Each interval needs the futures of the plan that was then chosen, a few hundred of two quarters, so this takes a moment
for every quarter that was not asked for before (the table keeps what was found) and belongs on a thread of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import numpy as np

from game.engine.view import observe
from game.foresight.futures import FIRST, futures
from game.table.guidance import beside, given
from game.table.market import array_of
from game.table.wire import Guidance

if TYPE_CHECKING:
    from game.table.market import EngineMarket
    from game.table.table import Table

MARKS: Final = (0.1, 0.9)
Ends = dict[str, tuple[float, float]]

_found: WeakKeyDictionary[Table, dict[tuple[int, int, int], Ends | None]] = WeakKeyDictionary()
"""By table: (firm, quarters played, futures)."""


def guidance_beside(market: EngineMarket, table: Table, firm: int, games: int = FIRST) -> list[Guidance]:
    """Every interval that a firm has given (as `SeatView.guidance`), with the game's own forecast of that moment.

    ``games`` futures are played for each quarter. An interval for a quarter that the scenario does not have, or that
    other rules played, stays without one.
    """
    decided = table.decided(firm)
    kept = _found.setdefault(table, {})
    out = []
    for one in given(decided, table.history(firm), market.source):
        key = (firm, one.quarter - table.head.first, games)
        if key not in kept:
            kept[key] = _forecast(market, table, *key)
        ends = kept[key]
        out.append(one if ends is None else beside(one, *ends[one.what]))
    return out


def _forecast(market: EngineMarket, table: Table, firm: int, played: int, games: int) -> Ends | None:
    """The 10 % and 90 % marks of cash and revenue at the end of the next quarter, of what was chosen."""
    try:
        state, decisions = table.past(played)
    except LookupError:
        return None
    view = observe(market.source, state, (firm,))
    plan = array_of(decisions)[:, firm, 0]
    found = futures(market.source, view, plan, tuple(table.head.seats), games=games, quarters=2)
    if len(found.cash) < 2:
        return None
    ends = {name: np.quantile(getattr(found, name)[1], MARKS) for name in ("cash", "revenue")}
    return {name: (float(low), float(high)) for name, (low, high) in ends.items()}
