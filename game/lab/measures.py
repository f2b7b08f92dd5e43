"""What facts may measure: a closed list of functions from a trace to one number a game."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from game.engine.numeric import Array
from game.lab.trace import LINE_ROWS, Trace

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
}
"""Measures by the name that a fact uses."""
