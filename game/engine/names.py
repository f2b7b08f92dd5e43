"""The fixed vocabulary of the market: axes, levers, ledger lines, outside accounts.

Order matters: a name's position is its row in every array of the engine, so a change of order is a change of rules.
"""

from __future__ import annotations

from typing import Final

SEGMENTS: Final = (
    "developers", "consumers", "finance", "medical", "manufacturing", "government", "education", "devices",
)
"""Markets a firm sells to; the V axis. Tokens sell to developers, an app to consumers, solutions to the rest."""

VERTICALS: Final = SEGMENTS[2:]
"""Segments in which a firm sells solutions: they have knowledge, pilots and contracts."""

DEV, APP = 0, 1
FIN, MED, MAN, GOV, EDU, DEVICES = range(2, 8)

SOURCES: Final = ("import", "domestic", "cloud", "pool")
"""Where compute comes from; the S axis."""

ROUTES: Final = ("closed", "hybrid", "layered", "open")
"""Closed; closed core with open tools; open base with paid industry models; fully open."""

LEVERS: Final = (
    "route", "price.token", "price.app", "price.solution",
    "research.budget", "research.scale", "research.efficiency", "research.safety",
    *(f"knowledge.{v}" for v in VERTICALS),
    "community.budget",
    *(f"staff.{v}" for v in SEGMENTS),
    *(f"compute.{s}" for s in SOURCES), "compute.term",
    "tender.bids", "tender.price", "tender.quality",
    "finance.raise", "finance.borrow",
    "guidance.cash.low", "guidance.cash.high", "guidance.revenue.low", "guidance.revenue.high",
    "card.choice", "distress.choice",
)
"""Every lever of one firm in one quarter, in row order of the decision array (levers, firms, games)."""

LEVER: Final = {name: row for row, name in enumerate(LEVERS)}
"""Row of each lever."""

LINES: Final = (
    "tokens", "app", "solutions", "tenders", "rent_income", "funding", "borrowing", "grants", "events_in",
    "compute", "rent", "overflow", "energy", "wages", "research", "knowledge", "community", "marketing",
    "fixed", "interest", "switching", "events_out", "sale",
)
"""Ledger lines; inflows to a firm are positive."""

LINE: Final = {name: row for row, name in enumerate(LINES)}

ACCOUNTS: Final = ("customers", "investors", "lenders", "suppliers", "staff", "state")
"""Outside accounts, the other side of every flow that is not between two firms."""

STATUSES: Final = ("active", "bankrupt", "acquired", "merged")
"""What a firm is; all but the first are final."""

DISTRESS: Final = ("bridge", "down-round", "sell-unit", "sell-firm", "none")
"""Choices of the distress card, by the value of lever ``distress.choice``."""

ENDINGS: Final = (
    "bankrupt", "acquired", "merged", "niche-master", "national-champion", "listed-company", "open-source-legend",
)

FIRST_YEAR: Final = 2023
QUARTERS: Final = 20


def quarter_label(quarter: int) -> str:
    """Name of a quarter: 0 is ``2023Q1``.

    >>> quarter_label(5)
    '2024Q2'
    """
    return f"{FIRST_YEAR + quarter // 4}Q{quarter % 4 + 1}"
