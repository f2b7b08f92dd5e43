"""What a comparison may look at: a closed list of functions from a record to one number a game.

Each takes the rows of the firms meant, the row of the quarter and that of the segment (0 where it has none); not-a-number
where the firms meant are gone. Names and units stand in content/theses.toml; logs are natural, of 1 + amount ÷ 10 million
CNY where money is meant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from game.engine.numeric import Array
from game.lab.record import Record

ThesisMeasure = Callable[[Record, list[int], int, int], Array]
UNIT: Final = 1e7
YEAR: Final = 4


def _scale(money: Array) -> Array:
    return np.asarray(np.log1p(np.maximum(money, 0.0) / UNIT))


def _ratio(top: Array, bottom: Array) -> Array:
    return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1.0), np.nan)


def _log(x: Array) -> Array:
    return np.where(x > 0, np.log(np.where(x > 0, x, 1.0)), np.nan)


def _trading(r: Record, rows: list[int], q: int) -> Array:
    return np.asarray(r.status[q][rows] == 0)


def _mean(values: Array, mask: Array) -> Array:
    """Mean over firms (axis 0) where ``mask``; not-a-number where there is none."""
    return _ratio(np.where(mask, values, 0.0).sum(axis=0), mask.sum(axis=0).astype(float))


def _year(values: Array, q: int) -> Array:
    return np.asarray(values[max(q - YEAR + 1, 0) : q + 1].sum(axis=0))


def _others(r: Record, rows: list[int]) -> list[int]:
    return [f for f in range(len(r.clouds)) if r.clouds[f] == 0 and f not in rows]


def value(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Mean of the firms' value, on the log scale."""
    return np.asarray(_scale(r.value[q][rows]).mean(axis=0))


def trading(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Share of the firms still trading."""
    return np.asarray(_trading(r, rows, q).mean(axis=0))


def live_models(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Models on the market, fringe included."""
    return np.asarray(r.live[q], dtype=float)


def revenue(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Revenue of the year ending with the quarter, all firms meant together, on the log scale."""
    return _scale(_year(r.revenue, q)[rows].sum(axis=0))


def margin(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Gross margin of the year, pooled."""
    return _ratio(_year(r.gross, q)[rows].sum(axis=0), _year(r.revenue, q)[rows].sum(axis=0))


def losing(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Share of the firms still trading whose operating result of the year was negative."""
    return _mean((_year(r.profit, q)[rows] < 0).astype(float), _trading(r, rows, q))


def price_cut(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Fall of the firms' lowest token price within the year."""
    return np.asarray(1.0 - r.price[q][rows].min(axis=0) / r.price[max(q - YEAR, 0)][rows].min(axis=0))


def token_price(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Log of the median token price of the firms still trading."""
    prices = np.where(_trading(r, rows, q), r.price[q][rows], np.nan)
    return _log(_median(prices))


def _median(values: Array) -> Array:
    """Median over firms of what is a number."""
    ordered = np.sort(values, axis=0)
    count = (~np.isnan(values)).sum(axis=0)
    low, high = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, len(values) - 1)
    pick = [np.take_along_axis(ordered, i[None], 0)[0] for i in (low, high)]
    return np.where(count > 0, (pick[0] + pick[1]) / 2.0, np.nan)


def token_cost(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Mean log cost of a million tokens."""
    return _mean(np.log(r.cost[q][rows]), _trading(r, rows, q))


def cost_lead(r: Record, rows: list[int], q: int, v: int) -> Array:
    """How much cheaper the firms serve than the other start-ups, in logs."""
    return token_cost(r, _others(r, rows), q, v) - token_cost(r, rows, q, v)


def capability(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Mean capability of the firms still trading."""
    return _mean(r.capability[q][rows], _trading(r, rows, q))


def frontier(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Best capability among the firms still trading."""
    best = np.where(_trading(r, rows, q), r.capability[q][rows], -1.0).max(axis=0)
    return np.where(best >= 0, best, np.nan)


def capability_gap(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Best less median capability among the firms still trading."""
    values = np.where(_trading(r, rows, q), r.capability[q][rows], np.nan)
    return frontier(r, rows, q, v) - _median(values)


def accuracy(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Mean accuracy in a segment."""
    return _mean(r.accuracy[q][rows, v], _trading(r, rows, q))


def community(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Mean log of 1 + community in thousand developers."""
    return _mean(np.log1p(r.community[q][rows]), _trading(r, rows, q))


def paying_share(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Paying developers ÷ all developers who chose the firms."""
    paying = r.customers[q][rows, 0].sum(axis=0)
    return _ratio(paying, paying + r.hosted[q][rows, 0].sum(axis=0))


def users(r: Record, rows: list[int], q: int, v: int) -> Array:
    """The firms' share of all users of a segment, paying or hosting themselves."""
    every = (r.customers[q][:, v] + r.hosted[q][:, v]).sum(axis=0) + r.outside[q][v]
    return _ratio((r.customers[q][rows, v] + r.hosted[q][rows, v]).sum(axis=0), every)


def self_hosting(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Share of all users of a segment who run open weights themselves."""
    own = r.hosted[q][:, v].sum(axis=0) + r.outside[q][v]
    return _ratio(own, own + r.customers[q][:, v].sum(axis=0))


def contracts(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Log of 1 + contracts ever signed."""
    return np.asarray(np.log1p(r.signed[q][rows].sum(axis=0)))


def running(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Log of 1 + customers (or contracts running) in a segment."""
    return np.asarray(np.log1p(np.maximum(r.customers[q][rows, v].sum(axis=0), 0.0)))


def effort(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Log of person-quarters in the verticals per contract signed, since the start."""
    people = r.people[: q + 1][:, rows].sum(axis=(0, 1))
    return _log(people / np.maximum(r.signed[q][rows].sum(axis=0), 1.0))


def adoption(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Log of 1 + users or projects of a segment, whoever serves them."""
    return np.asarray(np.log1p(r.adopters[q][v]))


def tokens(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Log of 1 + million tokens served within the year."""
    before = r.volume[q - YEAR][rows].sum(axis=0) if q >= YEAR else 0.0
    return np.asarray(np.log1p(np.maximum(r.volume[q][rows].sum(axis=0) - before, 0.0)))


def tender_income(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Tender income so far, on the log scale."""
    return _scale(r.tenders[q][rows].sum(axis=0))


def tender_lead(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Log of the year's first by tender income ÷ second to sixth together."""
    before = r.tenders[q - YEAR] if q >= YEAR else 0.0
    won = np.sort(r.tenders[q] - before, axis=0)[::-1]
    return _log(_ratio(won[0], won[1:6].sum(axis=0)))


def delivered(r: Record, rows: list[int], q: int, v: int) -> Array:
    """PFLOP/s that arrive ÷ PFLOP/s under contract."""
    on = _trading(r, rows, q)
    return _ratio((r.delivered[q][rows] * on).sum(axis=0), (r.contracted[q][rows] * on).sum(axis=0))


def compute_paid(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Log of CNY a quarter per PFLOP/s that arrives."""
    on = _trading(r, rows, q)
    return _log(_ratio((r.bill[q][rows] * on).sum(axis=0), (r.delivered[q][rows] * on).sum(axis=0)))


def compute_spend(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Spending on compute since the start, on the log scale."""
    return _scale(r.machines[: q + 1][:, rows].sum(axis=(0, 1)))


def domestic(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Domestic share of own machines, pooled."""
    home = r.domestic[q][rows].sum(axis=0)
    return _ratio(home, home + r.imported[q][rows].sum(axis=0))


def unserved(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Share of demand turned away, mean over firms trading and quarters so far."""
    on = r.status[: q + 1][:, rows] == 0
    total = on.sum(axis=(0, 1)).astype(float)
    return _ratio((r.unserved[: q + 1][:, rows] * on).sum(axis=(0, 1)), total)


def fill(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Share of a round that investors would fill, mean over the year and the firms still trading."""
    first = max(q - YEAR + 1, 0)
    return _mean(r.fill[first : q + 1][:, rows].mean(axis=0), _trading(r, rows, q))


def multiple(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Equity over revenue a year, in logs."""
    return _mean(_scale(r.equity[q][rows]) - _scale(4.0 * r.revenue[q][rows]), _trading(r, rows, q))


def equity_lead(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Mean equity of the firms less that of the other start-ups, on the log scale."""
    others = _others(r, rows)
    mine, theirs = (_mean(_scale(r.equity[q][x]), _trading(r, x, q)) for x in (rows, others))
    return mine - theirs


def rank_pull(r: Record, rows: list[int], q: int, v: int) -> Array:
    """Spearman's rank correlation of capability with equity among the firms still trading; at least three."""
    on = _trading(r, rows, q)
    x, y = (_ranks(np.where(on, a[q][rows], np.nan)) for a in (r.capability, r.equity))
    count = on.sum(axis=0)
    x, y = (np.where(on, a - _mean(a, on), 0.0) for a in (x, y))
    spread = np.sqrt((x * x).sum(axis=0) * (y * y).sum(axis=0))
    return np.where(count >= 3, _ratio((x * y).sum(axis=0), spread), np.nan)


def _ranks(values: Array) -> Array:
    """Ranks over firms, 0 lowest; not-a-number last."""
    order = np.argsort(values, axis=0, kind="stable")
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, np.arange(len(values), dtype=float)[:, None] + np.zeros(values.shape), 0)
    return ranks


MEASURES: Final[dict[str, ThesisMeasure]] = {
    "value": value, "trading": trading, "live-models": live_models, "revenue": revenue, "margin": margin,
    "losing": losing, "price-cut": price_cut, "token-price": token_price, "token-cost": token_cost,
    "cost-lead": cost_lead, "capability": capability, "frontier": frontier, "capability-gap": capability_gap,
    "accuracy": accuracy, "community": community, "paying-share": paying_share, "users": users,
    "self-hosting": self_hosting, "contracts": contracts, "running": running, "effort": effort, "adoption": adoption,
    "tokens": tokens, "tender-income": tender_income, "tender-lead": tender_lead, "delivered": delivered,
    "compute-paid": compute_paid, "compute-spend": compute_spend, "domestic": domestic, "unserved": unserved,
    "fill": fill, "multiple": multiple, "equity-lead": equity_lead, "rank-pull": rank_pull,
}
"""Measures by the id that content gives them."""
