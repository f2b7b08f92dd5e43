"""The public past of a table, out of its packed states: for each quarter the public half of the view of its time.

Everything goes through `game.engine.view.publish` and the functions of `game.table.sight` that read it, so nothing
can be in the past that was not in a view. Quarters that other rules played are left out and counted: what these rules
would make of such a state, nobody saw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.engine.view import publish
from game.table import sight
from game.table.market_history import HISTORY_VERSION, MarketHistory, MarketQuarter

if TYPE_CHECKING:
    from game.engine.state import State
    from game.table.market import EngineMarket
    from game.table.table import Table


def history(market: EngineMarket, table: Table, firm: int) -> MarketHistory:
    """The public past as ``firm`` saw it, the opening first where these rules can read it."""
    states = _states(table)
    humans = set(table.humans)
    quarters = []
    for place, state in enumerate(states):
        public = publish(market.source, state)
        quarters.append(MarketQuarter(
            quarter=state.quarter - 1, market=sight.facts(market.source, public, state.quarter),
            firms=sight.firms(market, state, public, firm, humans),
            headlines=sight.gazette(market, states[place - 1] if place else None, state, firm),
        ))  # fmt: skip
    return MarketHistory(HISTORY_VERSION, quarters, table.played + 1 - len(quarters))


def _states(table: Table) -> list[State]:
    """States that the rules at hand can read, up to the present one."""
    states: list[State] = []
    for played in range(table.played):
        try:
            states.append(table.past(played)[0])
        except LookupError:
            states.clear()
    return [*states, table.state]
