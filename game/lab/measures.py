"""What facts may measure: a closed list of functions from a trace to one number a game."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from game.engine.numeric import Array
from game.lab.entries import PROTOTYPE, SCALE, waiting_time
from game.lab.trace import LINE_ROWS, POOLS, Trace

Measure = Callable[[Trace], Array]


def live(label: str) -> Measure:
    """Models on the market at the end of a quarter, fringe included."""
    return lambda t: t.live[t.at(label)]


def cloud_cut(year: int) -> Measure:
    """Fall of the lowest token price among cloud giants from the end of the year before to the end of ``year``."""

    def measure(t: Trace) -> Array:
        clouds = t.clouds > 0
        before, after = t.price[t.at(f"{year - 1}Q4")][clouds], t.price[t.at(f"{year}Q4")][clouds]
        return 1.0 - after.min(axis=0) / before.min(axis=0)

    return measure


def losing(year: int) -> Measure:
    """Share of the firms trading at the end of ``year`` whose operating result of the year was negative."""

    def measure(t: Trace) -> Array:
        result = t.profit[t.year(year)].sum(axis=0)
        trading = t.status[t.at(f"{year}Q4")] == 0
        return (trading & (result < 0)).sum(axis=0) / np.maximum(trading.sum(axis=0), 1)

    return measure


def startups_alive(label: str) -> Measure:
    """Share of start-ups (all firms but cloud giants) still trading at the end of a quarter."""
    return lambda t: (t.status[t.at(label)][t.clouds == 0] == 0).mean(axis=0)


def market_growth(first: int, last: int) -> Measure:
    """Yearly growth of the spend modelled: all revenue of firms plus the compute they buy."""

    def spend(t: Trace, year: int) -> Array:
        rows = t.year(year)
        bought = sum(-t.lines[rows, LINE_ROWS[n]].sum(axis=0) for n in ("compute", "overflow", "energy"))
        return t.revenue[rows].sum(axis=(0, 1)) + bought

    return lambda t: (spend(t, last) / spend(t, first)) ** (1.0 / (last - first)) - 1.0


def open_commercialisation(label: str) -> Measure:
    """Paying ÷ (paying + self-hosting) developers of open releases: firms that open at least their base, and the
    outside good."""

    def measure(t: Trace) -> Array:
        row = t.at(label)
        opened = t.route[row] >= 2
        paying = (t.developers[row] * opened).sum(axis=0)
        return paying / (paying + (t.hosted[row] * opened).sum(axis=0) + t.outside[row])

    return measure


def application_commercialisation(label: str) -> Measure:
    """Contracts ever signed ÷ projects ever started in the verticals."""
    return lambda t: t.signed[t.at(label)] / t.started[t.at(label)]


def tender_lead(year: int) -> Measure:
    """Tender income of the year's first ÷ that of the second to sixth together."""

    def measure(t: Trace) -> Array:
        won = np.sort(t.tenders[t.at(f"{year}Q4")] - t.tenders[t.at(f"{year - 1}Q4")], axis=0)[::-1]
        return won[0] / np.maximum(won[1:6].sum(axis=0), 1.0)

    return measure


def tight_runway() -> Measure:
    """Median over quarters of the median runway of start-ups still trading, in quarters."""

    def measure(t: Trace) -> Array:
        start = (t.clouds == 0)[None, :, None] & (t.status == 0)
        masked = np.ma.masked_array(np.minimum(t.runway, 40.0), ~start)
        return np.ma.median(np.ma.median(masked, axis=1), axis=0).filled(0.0)

    return measure


def clouds_lead(year: int) -> Measure:
    """Median price cut of cloud giants within ``year`` less that of start-ups still trading at its end."""

    def measure(t: Trace) -> Array:
        before, after = t.at(f"{year - 1}Q4"), t.at(f"{year}Q4")
        cut = 1.0 - t.price[after] / np.maximum(t.price[before], 1e-9)
        trading = (t.clouds == 0)[:, None] & (t.status[after] == 0)
        ours = np.ma.median(np.ma.masked_array(cut, ~trading), axis=0).filled(0.0)
        return np.median(cut[t.clouds > 0], axis=0) - ours

    return measure


def lowest_price(label: str) -> Measure:
    """Lowest token price among start-ups still trading, CNY per million; 1e6 where none is left."""

    def measure(t: Trace) -> Array:
        row = t.at(label)
        trading = (t.clouds == 0)[:, None] & (t.status[row] == 0)
        return np.where(trading, t.price[row], 1e6).min(axis=0)

    return measure


def below_average(label: str) -> Measure:
    """How far the lowest token price lies below the mean of all firms still trading, as a share of that mean."""

    def measure(t: Trace) -> Array:
        row = t.at(label)
        trading = t.status[row] == 0
        mean = (t.price[row] * trading).sum(axis=0) / np.maximum(trading.sum(axis=0), 1)
        return 1.0 - np.where(trading, t.price[row], np.inf).min(axis=0) / np.maximum(mean, 1e-9)

    return measure


def token_growth(year: int) -> Measure:
    """Tokens served in ``year`` ÷ those served in the year before."""

    def measure(t: Trace) -> Array:
        end = [t.volume[t.at(f"{y}Q4")].sum(axis=0) for y in (year - 2, year - 1, year)]
        return (end[2] - end[1]) / np.maximum(end[1] - end[0], 1.0)

    return measure


def cloud_token_revenue(first: int, last: int) -> Measure:
    """CNY a year that all cloud giants together take for tokens, mean of ``first`` to ``last``."""
    row = POOLS.index("tokens")

    def measure(t: Trace) -> Array:
        years = [t.income[t.year(y), row][:, t.clouds > 0].sum(axis=(0, 1)) for y in range(first, last + 1)]
        return np.mean(years, axis=0)

    return measure


def cloud_growth(first: str, last: str) -> Measure:
    """Slowest growth over four quarters of the cloud giants' revenue, over the quarters ``first`` to ``last``."""

    def measure(t: Trace) -> Array:
        revenue = t.revenue[:, t.clouds > 0].sum(axis=1)
        rows = np.arange(t.at(first), t.at(last) + 1)
        if rows[0] < 4:
            raise LookupError(f"{first} has no quarter a year before it in the scenario")
        return (revenue[rows] / np.maximum(revenue[rows - 4], 1.0) - 1.0).min(axis=0)

    return measure


def _bill(t: Trace, rows: slice | int, names: tuple[str, ...] = ("compute", "overflow", "energy")) -> Array:
    """CNY paid to sellers of machines and power."""
    return sum(-t.lines[rows, LINE_ROWS[n]] for n in names)  # type: ignore[return-value]


def compute_sales(year: int) -> Measure:
    """Growth of what is paid for machines and power, last quarter of ``year`` over that of the year before."""
    return lambda t: _bill(t, t.at(f"{year}Q4")) / _bill(t, t.at(f"{year - 1}Q4")) - 1.0


def sellers_gain(year: int) -> Measure:
    """`compute_sales` less the growth of the median start-up's equity value over the same four quarters."""

    def measure(t: Trace) -> Array:
        before, after = (t.equity[t.at(f"{y}Q4")][t.clouds == 0] for y in (year - 1, year))
        growth = np.ma.masked_array(after / np.maximum(before, 1.0) - 1.0, before <= 0)
        return compute_sales(year)(t) - np.ma.median(growth, axis=0).filled(-1.0)

    return measure


def compute_burden(year: int) -> Measure:
    """Growth of the yearly bill for machines and power over the year before."""
    return lambda t: _bill(t, t.year(year)).sum(axis=0) / _bill(t, t.year(year - 1)).sum(axis=0) - 1.0


def _hosts(t: Trace, year: int) -> tuple[slice, NDArray[np.bool_]]:
    """Rows of a year, and (quarters, F, G) True for cloud giants that open at least their tools in it."""
    rows = t.year(year)
    return rows, (t.clouds > 0)[None, :, None] & (t.route[rows] >= 1)


def solutions_largest(year: int) -> Measure:
    """Open hosts' income from solutions and tenders ÷ the larger of that from tokens and from rented machines."""

    def measure(t: Trace) -> Array:
        rows, hosts = _hosts(t, year)
        pool = {n: (t.income[rows, k] * hosts).sum(axis=(0, 1)) for k, n in enumerate(POOLS)}
        return (pool["solutions"] + pool["tenders"]) / np.maximum(np.maximum(pool["tokens"], pool["rent_income"]), 1.0)

    return measure


def rent_over_tokens(year: int) -> Measure:
    """Open hosts' income from rented machines less their profit on tokens (price less cost to serve), CNY."""

    def measure(t: Trace) -> Array:
        rows, hosts = _hosts(t, year)
        profit = t.income[rows, POOLS.index("tokens")] * (1.0 - t.cost[rows] / np.maximum(t.price[rows], 1e-9))
        return ((t.income[rows, POOLS.index("rent_income")] - profit) * hosts).sum(axis=(0, 1))

    return measure


def leader_lots(year: int) -> Measure:
    """Tenders won by the year's first by value ÷ tenders won by the six who won most."""

    def measure(t: Trace) -> Array:
        rows = t.at(f"{year}Q4"), t.at(f"{year - 1}Q4")
        value, count = t.tenders[rows[0]] - t.tenders[rows[1]], t.tender_count[rows[0]] - t.tender_count[rows[1]]
        first = np.take_along_axis(count, np.argmax(value, axis=0)[None], 0)[0]
        return first / np.maximum(np.sort(count, axis=0)[::-1][:6].sum(axis=0), 1.0)

    return measure


def big_firms(year: int) -> Measure:
    """Share of the cloud giants in what business clients pay: solutions and tenders."""

    def measure(t: Trace) -> Array:
        paid = t.income[t.year(year), POOLS.index("solutions") :].sum(axis=(0, 1))
        return paid[t.clouds > 0].sum(axis=0) / np.maximum(paid.sum(axis=0), 1.0)

    return measure


def open_below_applications(label: str) -> Measure:
    """`open_commercialisation` ÷ `application_commercialisation`."""
    return lambda t: open_commercialisation(label)(t) / application_commercialisation(label)(t)


def third_valuation(label: str) -> Measure:
    """Equity value of the third most valuable start-up, CNY."""
    return lambda t: np.sort(t.equity[t.at(label)][t.clouds == 0], axis=0)[-3]


def money_raised(year: int) -> Measure:
    """What start-ups raised from investors in ``year`` ÷ the year before."""

    def measure(t: Trace) -> Array:
        got = [t.raised[t.year(y)][:, t.clouds == 0].sum(axis=(0, 1)) for y in (year, year - 1)]
        return got[0] / np.maximum(got[1], 1.0)

    return measure


def open_lead(label: str, place: int) -> Measure:
    """Log effective compute by which the ``place``-th best domestic release leads the best foreign one."""
    return lambda t: np.sort(t.open_lead[t.at(label)], axis=0)[-place]


def years_to(event: int) -> Measure:
    """Kaplan-Meier median of the years from entering a segment to an event, see `game.lab.entries`."""
    return lambda t: waiting_time(t.marks, event) / 4.0


def users(label: str) -> Measure:
    """People using an assistant."""
    return lambda t: t.users[t.at(label)]


def finance_fee(year: int) -> Measure:
    """Median yearly rent of a finance client of firms that open their base (layered), CNY; 0 where there is none."""

    def measure(t: Trace) -> Array:
        rows = t.year(year)
        fee = np.ma.masked_array(t.finance_fee[rows], (t.route[rows] != 2) | (t.finance_fee[rows] <= 0))
        return np.ma.median(fee.reshape(-1, fee.shape[-1]), axis=0).filled(0.0)

    return measure


MEASURES: Final[dict[str, Measure]] = {
    "live-2023q2": live("2023Q2"),
    "live-2023q4": live("2023Q4"),
    "live-2024q2": live("2024Q2"),
    "cloud-cut-2024": cloud_cut(2024),
    "losing-2024": losing(2024),
    "startups-alive-2025q4": startups_alive("2025Q4"),
    "runway-startups": tight_runway(),
    "growth-2023-2025": market_growth(2023, 2025),
    "open-commercialisation-2025": open_commercialisation("2025Q4"),
    "application-commercialisation-2025": application_commercialisation("2025Q4"),
    "tender-lead-2024": tender_lead(2024),
    "live-2024q4": live("2024Q4"),
    "clouds-lead-2024": clouds_lead(2024),
    "lowest-price-2025q2": lowest_price("2025Q2"),
    "below-average-2024q4": below_average("2024Q4"),
    "token-growth-2025": token_growth(2025),
    "cloud-token-revenue-2026": cloud_token_revenue(2026, 2027),
    "cloud-growth-2024": cloud_growth("2024Q1", "2025Q3"),
    "compute-sales-2024": compute_sales(2024),
    "sellers-gain-2024": sellers_gain(2024),
    "compute-burden-2025": compute_burden(2025),
    "solutions-largest-2025": solutions_largest(2025),
    "rent-over-tokens-2025": rent_over_tokens(2025),
    "leader-lots-2024": leader_lots(2024),
    "big-firms-2024": big_firms(2024),
    "open-below-applications-2025": open_below_applications("2025Q4"),
    "third-valuation-2024": third_valuation("2024Q4"),
    "money-raised-2025": money_raised(2025),
    "open-first-2024q2": open_lead("2024Q2", 1),
    "open-fifth-2025q3": open_lead("2025Q3", 5),
    "years-to-prototype": years_to(PROTOTYPE),
    "years-to-scale": years_to(SCALE),
    "scale-over-prototype": lambda t: waiting_time(t.marks, SCALE) / np.maximum(waiting_time(t.marks, PROTOTYPE), 1.0),
    "users-2024": users("2024Q4"),
    "medical-specialist-2025": lambda t: t.medical[t.at("2025Q2"), 0],
    "general-model-2024": lambda t: t.medical[t.at("2024Q2"), 1],
    "finance-fee-2025": finance_fee(2025),
}
"""Measures by the name that a fact uses."""
