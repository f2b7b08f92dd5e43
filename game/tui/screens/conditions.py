"""Quantities and conditions asked of a `SeatView`: what goals and epilogues need, without the engine."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from game.engine.names import ROUTES, VERTICALS

if TYPE_CHECKING:
    from game.table.wire import Firm, Row, SeatView

OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}

GONE: Final = ("bankrupt", "acquired", "merged")
"""Endings after which the firm no longer trades under its founders."""

ENDLESS: Final = 99.0
"""Quarters of cash where cash does not fall, as the rules count it."""


def own_firm(view: SeatView) -> Firm | None:
    """The seat's own row among the firms."""
    return next((firm for firm in view.firms if firm.index == view.firm), None)


def focus(view: SeatView) -> str:
    """The vertical with most people; the first of them where nobody works in any."""
    return max(VERTICALS, key=lambda v: view.own.staff.get(v, 0))


def price_fall(history: Iterable[Row]) -> float:
    """How far the median token price fell over the last quarter, as a share."""
    prices = [row.token_price for row in history][-2:]
    if len(prices) < 2 or prices[0] <= 0:
        return 0.0
    return 1.0 - prices[1] / prices[0]


def quantity(view: SeatView, what: str, segment: str = "") -> float | None:
    """A quantity of conditions and goals as the seat knows it; None for a word that a view cannot answer.

    What a view does not hold is answered by what comes nearest: ``cloud_price_fall`` by the public median, ``released``
    by the route, ``margin`` by that on tokens. Tenders won over the years are not in a view at all.
    """
    own, market = view.own, view.market
    firm = own_firm(view)
    if segment == "focus":
        segment = focus(view)
    by_segment: dict[str, Any] = {
        "share": firm.share if firm else {},
        "staff": own.staff,
        "customers": own.customers,
        "leads": own.leads,
        "pilots": own.pilots,
        "knowledge": own.knowledge,
        "freshness": own.freshness,
        "accuracy": own.accuracy,
        "compute": own.compute,
    }
    if what in by_segment:
        return float(by_segment[what].get(segment, 0.0))
    if what == "runway":
        return ENDLESS if own.runway is None else own.runway
    if what == "rank":
        return float(firm.rank) if firm and firm.rank else None  # 0: a class whose ranking is hidden
    plain: dict[str, float] = {
        "route": view.standing.get("route", 0.0),
        "capability_gap": market.frontier - own.capability,
        "best_open_gap": own.capability - market.best_open,
        "sentiment": market.sentiment,
        "live_models": float(market.live_models),
        "import_open": market.import_open,
        "price_fall": price_fall(view.history),
        "cloud_price_fall": price_fall(view.history),
        "alive_quarters": float(view.quarter - view.first_quarter), "own_cost": own.unit_cost,
        "token_price": view.standing.get("price.token", 0.0),
        "margin": own.unit_margin / (own.unit_margin + own.unit_cost) if own.unit_margin + own.unit_cost > 0 else 0.0,
        "released": float(view.standing.get("route", 0.0) >= ROUTES.index("layered")),
        "solution_share": own.contracted / own.revenue if own.revenue > 0 else 0.0,
    }  # fmt: skip
    if what in plain:
        return plain[what]
    value = getattr(own, what, None)
    return float(value) if isinstance(value, (int, float)) else None


def holds(view: SeatView, condition: Any) -> bool:
    """Whether a condition of content (``what op value``, maybe in a segment) holds; False where it cannot be asked."""
    value = quantity(view, condition.what, condition.segment)
    compare = OPERATORS.get(condition.op)
    return value is not None and compare is not None and compare(value, condition.number)


def judge(host: Any, view: SeatView) -> Callable[[Any], bool]:
    """Who says whether a condition of an epilogue holds: the host, if it offers ``holds``, else the view.

    A host knows the firm's last living quarter; the view of a firm that is gone is emptied of people and compute.
    """
    ask = getattr(host, "holds", None)
    return ask if ask is not None else lambda condition: holds(view, condition)


def goals(view: SeatView, scenario: Any, host: Any = None) -> list[tuple[Any, bool]]:
    """Goals of a scenario with whether each is met; those that nobody here can judge are left out.

    To have lasted is to trade at the end, whatever the last living quarter was like; a bankrupt firm has met nothing.
    """
    ask = getattr(host, "holds", None)
    met: list[tuple[Any, bool]] = []
    for goal in scenario.goals if scenario is not None else ():
        value, compare = quantity(view, goal.what, goal.segment), OPERATORS[goal.op]
        if view.ended == "bankrupt" or (goal.id == "survive" and view.ended in GONE):
            met.append((goal, False))
        elif ask is not None:
            met.append((goal, bool(ask(goal))))
        elif value is not None:
            met.append((goal, compare(value, _number(goal.value))))
    return met


def _number(value: float | str) -> float:
    if isinstance(value, str):
        return float(ROUTES.index(value)) if value in ROUTES else 0.0
    return float(value)
