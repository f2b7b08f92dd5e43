"""The public past of a market: what crosses the border to a seat about earlier quarters, and what happened in them.

Typed messages without numpy, beside those of `game.table.wire`. A `MarketQuarter` holds the public half of the view
of its time and nothing else: rivals by their public benchmark, prices, routes and shares, never by their books.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import msgspec

from game.engine.names import ROUTES
from game.table.wire import Firm, Market, Message

HISTORY_VERSION: Final = 1
DEEP_CUT: Final = 0.3
"""Fall of a token price within a quarter from which on it counts as a cut of its own."""
LAUNCH: Final = 0.05
"""Rise on the public benchmark within a quarter that is read as a new model: well beyond the benchmark's own error."""
OPEN_LEAP: Final = 0.03
"""Rise of the best open model within a quarter that counts as a release; that number has no error."""


class MarketQuarter(msgspec.Struct, frozen=True):
    """What everybody knew at the end of ``quarter`` (the quarter before the first is the opening).

    ``firms`` is what the seat's view of that time showed: the own row's capability is exact, the others' noisy.
    """

    quarter: int
    market: Market
    firms: list[Firm]
    headlines: list[Message] = []


class MarketHistory(msgspec.Struct, frozen=True):
    """The public past, oldest first, without holes, up to the quarter just ended.

    ``missing`` counts the quarters at the front that other rules played and that are therefore left out.
    """

    version: int
    quarters: list[MarketQuarter]
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Happening:
    """One public event. ``kind`` is one of `KINDS`; ``firm`` is the firm's id, empty where it is nobody's.

    ``args`` holds what the sentence needs: ``old`` and ``new`` (route ids, prices, capabilities or shares) and
    ``change`` (a share, positive).
    """

    quarter: int
    kind: str
    firm: str = ""
    own: bool = False
    args: dict[str, float | str] = field(default_factory=dict)


KINDS: Final = ("bankrupt", "acquired", "merged", "opens", "closes", "cut", "free", "launch", "lead", "open-best",
                "imports")  # fmt: skip
"""Kinds of happenings in the order in which those of one quarter are told: the gravest first."""


def happenings(history: MarketHistory, own: int) -> list[Happening]:
    """Public events in order of time, then of `KINDS`, worked out from neighbouring quarters.

    ``own`` is the row of the seat's own firm. Exits, changes of route, price cuts of `DEEP_CUT` and more, new models
    (`LAUNCH` on the public benchmark), a new leader of that benchmark, leaps of the best open model and changes in how
    much imported compute is delivered.
    """
    out: list[Happening] = []
    leader = ""
    for before, after in pairwise(history.quarters):
        if not leader:
            leader = _first(before.firms)
        found = [h for a, b in zip(before.firms, after.firms, strict=True) for h in _of_firm(after.quarter, a, b, own)]
        best = _first(after.firms)
        record = max((f.capability for f in before.firms if f.status == "active"), default=0.0)
        now = max((f.capability for f in after.firms if f.status == "active"), default=0.0)
        if best and best != leader and now > record:
            mine = any(f.id == best and f.index == own for f in after.firms)
            found.append(Happening(after.quarter, "lead", best, mine, {"new": now}))
            leader = best
        found += _of_market(after.quarter, before.market, after.market)
        out += sorted(found, key=lambda h: KINDS.index(h.kind))
    return out


def _first(firms: Sequence[Firm]) -> str:
    """Id of the firm that leads the public benchmark, empty if none trades."""
    trading = [f for f in firms if f.status == "active"]
    return max(trading, key=lambda f: f.capability).id if trading else ""


def _of_firm(quarter: int, before: Firm, after: Firm, own: int) -> Iterator[Happening]:
    mine = after.index == own
    if before.status == "active" and after.status != "active":
        yield Happening(quarter, after.status, after.id, mine)
    if after.status != "active":
        return
    if before.route != after.route:
        wider = ROUTES.index(after.route) > ROUTES.index(before.route)
        kind = "opens" if wider else "closes"
        yield Happening(quarter, kind, after.id, mine, {"old": before.route, "new": after.route})
    was, now = before.price_token, after.price_token
    if was > 0 and now <= 0:
        yield Happening(quarter, "free", after.id, mine, {"old": was})
    elif was > 0 and 1.0 - now / was >= DEEP_CUT:
        yield Happening(quarter, "cut", after.id, mine, {"old": was, "new": now, "change": 1.0 - now / was})
    if after.capability - before.capability >= LAUNCH:
        yield Happening(quarter, "launch", after.id, mine, {"old": before.capability, "new": after.capability})


def _of_market(quarter: int, before: Market, after: Market) -> Iterator[Happening]:
    if after.best_open - before.best_open >= OPEN_LEAP:
        yield Happening(quarter, "open-best", args={"old": before.best_open, "new": after.best_open})
    if after.import_open != before.import_open:
        yield Happening(quarter, "imports", args={"old": before.import_open, "new": after.import_open})


def route_since(history: MarketHistory, firm: int) -> int | None:
    """Quarter at whose end a firm's present route first stood; None where it did already when the record begins."""
    since = None
    for before, after in pairwise(history.quarters):
        if before.firms[firm].route != after.firms[firm].route:
            since = after.quarter
    return since
