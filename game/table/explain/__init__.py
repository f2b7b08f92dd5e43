"""Why a number is what it is: exact sums, with the formula of each part and the values of its symbols.

`explain` takes the `Evidence` of a quarter, which holds what the firm's views hold and nothing else, and gives a message
of `game.table.wire`. The engine is not asked to play: each part is worked out from the books before and after, so that
what is not visible can only show as one remainder.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from game.engine.names import LEVER, SEGMENTS, VERTICALS
from game.table.explain import customers, ledger, machines, research, standing, worth
from game.table.explain.account import Account
from game.table.explain.evidence import Evidence, gather, revealed
from game.table.wire import WIRE_VERSION, Change, Changes, Explanation

Names = tuple[str, ...]
"""Ids of the firms of the table."""
Read = Callable[[Evidence, int], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that can be opened: how it is written, how it is read before and after, and who explains it."""

    way: str
    read: Read
    make: Callable[[Evidence, int, Names], Explanation]
    where: Names = ()
    """Segments that have one each; empty for one number of the firm."""
    importance: float = 1.0
    """How much more a change of it matters than a usual one."""
    state: bool = False
    """Whether what is explained is how it stands, not how it moved."""


def _books(name: str) -> Read:
    return lambda e, v: (e.had(name, *_at(v)), e.has(name, *_at(v)))


def _at(v: int) -> tuple[int, ...]:
    return (v,) if v >= 0 else ()


def _public(name: str) -> Read:
    return lambda e, v: (e.public(name, e.firm, *_at(v)), e.public_now(name, e.firm, *_at(v)))


def _runway(e: Evidence, v: int) -> tuple[float, float]:
    ends = [(e.had("cost") - e.had("revenue"), e.had("cash")), (e.has("cost") - e.has("revenue"), e.has("cash"))]
    if e.had("cost") == 0.0 and e.had("revenue") == 0.0:  # nothing was played before: no burn to measure it by
        ends[0] = (ends[1][0], ends[1][1])
    was, now = (max(cash, 0.0) / burn if burn > 0 else math.inf for burn, cash in ends)
    return was, now


def _efficiency(e: Evidence, v: int) -> tuple[float, float]:
    return math.exp(e.had("lne")), math.exp(e.has("lne"))


def _margin(e: Evidence, v: int) -> tuple[float, float]:
    return float(e.was.own.levers[LEVER["price.token"], 0, 0]) - e.had("token_cost"), e.lever("price.token") - e.has("token_cost")


def _firm(make: Callable[[Evidence], Explanation]) -> Callable[[Evidence, int, Names], Explanation]:
    return lambda e, v, names: make(e)


def _segment(make: Callable[[Evidence, int], Explanation]) -> Callable[[Evidence, int, Names], Explanation]:
    return lambda e, v, names: make(e, v)


QUANTITIES: Final[Mapping[str, Quantity]] = {
    "cash": Quantity("money", _books("cash"), _firm(ledger.cash), importance=1.6),
    "revenue": Quantity("money", _books("revenue"), _firm(ledger.revenue), importance=1.3),
    "cost": Quantity("money", _books("cost"), _firm(ledger.cost)),
    "value": Quantity("money", _books("value"), _firm(worth.value), importance=1.6),
    "equity": Quantity("money", _books("equity"), _firm(worth.equity), importance=0.7, state=True),
    "founders_share": Quantity("percent", _books("founders"), _firm(ledger.founders_share), importance=1.2),
    "debt": Quantity("money", _books("debt"), _firm(ledger.debt)),
    "runway": Quantity("quarters", _runway, _firm(ledger.runway), importance=1.2),
    "share": Quantity("share", _public("share"), _segment(customers.share), SEGMENTS, 1.4),
    "rank": Quantity("rank", _public("rank"), lambda e, v, names: standing.rank(e, names), importance=1.2),
    "customers": Quantity("count", _books("customers"), _segment(customers.customers), SEGMENTS, 0.8),
    "leads": Quantity("count", _books("leads"), _segment(customers.leads), VERTICALS, 0.4),
    "pilots": Quantity("count", _books("pilots"), _segment(customers.pilots), VERTICALS, 0.5),
    "capability": Quantity("points", _books("capability"), _firm(research.capability)),
    "efficiency": Quantity("number", _efficiency, _firm(research.efficiency), importance=0.7),
    "safety": Quantity("percent", _books("safety"), _firm(research.safety), importance=0.5),
    "knowledge": Quantity("number", _books("knowledge"), _segment(research.knowledge), VERTICALS, 0.6),
    "freshness": Quantity("percent", _books("freshness"), _segment(research.freshness), VERTICALS, 0.6),
    "accuracy": Quantity("percent", _books("accuracy"), _segment(research.accuracy), VERTICALS, 0.8),
    "trust": Quantity("percent", _books("trust"), _firm(standing.trust)),
    "community": Quantity("number", _books("community"), _firm(standing.community), importance=0.8),
    "credibility": Quantity("percent", _books("credibility"), _firm(standing.credibility)),
    "unit_cost": Quantity("price", _books("token_cost"), _firm(machines.unit_cost), importance=0.8),
    "unit_margin": Quantity("price", _margin, _firm(machines.unit_margin), importance=0.8),
    "utilisation": Quantity("percent", _books("utilisation"), _firm(machines.utilisation), importance=0.4, state=True),
    "unserved": Quantity("percent", _books("unserved"), _firm(machines.unserved), importance=1.3, state=True),
    "capacity": Quantity("flops", _books("machines"), _firm(machines.capacity), importance=0.5),
}  # fmt: skip
"""Every number that can be opened, in the order in which they are listed where none matters more."""
EXTRA: Final[Mapping[str, Callable[[Evidence, str], Explanation]]] = {
    "tokens": lambda e, segment: machines.tokens(e), "line": ledger.line,
}  # fmt: skip
"""What is opened from within another explanation only: tokens a developer, a ledger line."""

BOOKED: Final = frozenset({"cash", "revenue", "cost", "debt", "value", "equity", "rank", "share", "runway"})
"""Numbers that a firm's last quarter still explains; the rest of a firm that has gone is one part, its end."""
MOST: Final = 3.0
"""Usual changes that a change counts for at most, so that a small number that doubled is not the news of the quarter."""
_USUAL: Final = {"percent": 0.03, "share": 0.02, "points": 0.03, "rank": 1.5, "quarters": 1.5}
"""A usual change of a quarter; of the others about a sixth of what there is."""


def explain(e: Evidence, what: str, segment: str, names: Names) -> Explanation:
    """Why ``what`` is what it is. Raises LookupError for a number, or a segment of it, that there is none of."""
    if what in EXTRA:
        return EXTRA[what](e, segment)
    if what not in QUANTITIES:
        raise LookupError(f"there is nothing to explain called {what}")
    quantity = QUANTITIES[what]
    if (segment not in quantity.where) if quantity.where else bool(segment):
        raise LookupError(f"{what} has no segment {segment}")
    v = SEGMENTS.index(segment) if segment else -1
    if segment and not e.rules.segments[v, 0]:
        raise LookupError(f"this scenario has no segment {segment}")
    if not e.alive and what not in BOOKED:
        before, after = quantity.read(e, v)
        return Account(e, what, quantity.way, before, after, segment=segment).done("part.ended", "others")
    return quantity.make(e, v, names)


def changes(e: Evidence) -> Changes:
    """Every number of the quarter that can be opened, what mattered most first."""
    rows = [row for name in QUANTITIES for row in _changes_of(e, name)]
    rows.sort(key=lambda row: -row.weight)
    return Changes(WIRE_VERSION, e.was.quarter, rows)


def _changes_of(e: Evidence, name: str) -> Iterator[Change]:
    quantity = QUANTITIES[name]
    for segment in quantity.where or ("",):
        v = SEGMENTS.index(segment) if segment else -1
        if segment and not e.rules.segments[v, 0]:
            continue
        before, after = quantity.read(e, v)
        if segment and not before and not after:
            continue
        weight = quantity.importance * _weight(quantity.way, before, after)
        finite = [x if abs(x) < 1e300 else 1e300 for x in (before, after)]
        yield Change(name, segment, quantity.way, finite[0], finite[1], weight)


def _weight(way: str, before: float, after: float) -> float:
    if before == after:
        return 0.0
    if max(abs(before), abs(after)) > 1e300:
        return 1.0
    usual = _USUAL.get(way)
    if usual is None:
        usual = 0.15 * max(abs(before), abs(after)) + (1e5 if way == "money" else 1.0 if way == "count" else 1e-9)
    return min(abs(after - before) / usual, MOST)


__all__ = ["EXTRA", "QUANTITIES", "Evidence", "changes", "explain", "gather", "revealed"]
