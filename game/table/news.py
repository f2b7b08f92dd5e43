"""What the gazette says of a quarter: only changes between two public sides of the market."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from game.engine.names import ROUTES, STATUSES
from game.engine.view import Public
from game.table.wire import Message

if TYPE_CHECKING:
    from game.table.market import EngineMarket

NOTABLE = 0.05
"""Relative change of a price that is news."""
MOST = 6
"""Headlines of this kind a quarter: the gravest first."""


def between(market: EngineMarket, before: Public, after: Public, quarter: int, firm: int) -> list[Message]:
    """Public events of the quarter before ``quarter``, gravest first, those of ``firm`` itself left out."""
    others = [f for f in range(len(market.firms)) if f != firm]
    found: list[Message] = []
    for f in others:
        status = STATUSES[int(after.status[f, 0])]
        if before.status[f, 0] == 0 and status != "active":
            kind = "exit" if status == "bankrupt" else f"firm-{status}"
            found.append(Message(f"event.{kind}", {"firm": market.firms[f]}))
    found += _imports(market, quarter)
    for f in others:
        if after.status[f, 0] == 0 and before.route[f, 0] != after.route[f, 0]:
            found.append(Message("event.route-changed",
                                 {"firm": market.firms[f], "route": ROUTES[int(after.route[f, 0])]}))
    leader = int(np.argmin(after.rank[:, 0]))
    if leader != int(np.argmin(before.rank[:, 0])):
        found.append(Message("event.leader-changed", {"firm": market.firms[leader]}))
    prices = [m for f in others if after.status[f, 0] == 0 and (m := _price(market, before, after, f))]
    prices.sort(key=lambda m: -float(m.args.get("change", 1.0)))
    found += prices
    was, now = int(before.live_models[0]), int(after.live_models[0])
    if now < was:
        found.append(Message("event.fringe-exits", {"count": was - now, "live_models": now}))
    return found[:MOST]


def _price(market: EngineMarket, before: Public, after: Public, f: int) -> Message | None:
    was, now = float(before.price[0, f, 0]), float(after.price[0, f, 0])
    if was <= 0 or abs(now / was - 1.0) < NOTABLE:
        return None
    if now <= 0:
        return Message("event.price-free", {"firm": market.firms[f]})
    kind = "event.price-cut" if now < was else "event.price-rise"
    return Message(kind, {"firm": market.firms[f], "change": abs(now / was - 1.0), "price": now})


def _imports(market: EngineMarket, quarter: int) -> list[Message]:
    supply = market.source.params.import_supply
    if not 0 < quarter < len(supply) or supply[quarter] == supply[quarter - 1]:
        return []
    now = min(float(supply[quarter]), 1.0)
    if now <= 0:
        return [Message("event.ban-complete")]
    return [Message("event.ban-tightened" if supply[quarter] < supply[quarter - 1] else "event.ban-eased",
                    {"import_open": now})]  # fmt: skip
