"""Where a number on a screen leads: the codex entry (kind, id) behind ledger lines, causes and parts of value."""

from __future__ import annotations

from typing import Final

Source = tuple[str, str]

LINES: Final[dict[str, Source]] = {
    "tokens": ("lever", "price.token"), "app": ("lever", "price.app"), "solutions": ("lever", "price.solution"),
    "tenders": ("lever", "tender.bids"), "funding": ("lever", "finance.raise"), "borrowing": ("lever", "finance.borrow"),
    "interest": ("lever", "finance.borrow"), "compute": ("lever", "compute.domestic"), "rent": ("lever", "compute.cloud"),
    "rent_income": ("lever", "compute.cloud"), "overflow": ("term", "unserved"), "energy": ("term", "utilisation"),
    "wages": ("lever", "staff.developers"), "research": ("lever", "research.budget"), "knowledge": ("term", "knowledge"),
    "community": ("lever", "community.budget"), "marketing": ("lever", "tender.bids"), "fixed": ("term", "cost"),
    "switching": ("lever", "route"),
}  # fmt: skip

CAUSES: Final[dict[str, Source]] = {
    "price": ("lever", "price.token"), "quality": ("term", "capability"), "trust": ("term", "trust"),
    "community": ("term", "community"), "reach": ("lever", "staff.developers"), "habit": ("term", "share"),
    "events": ("term", "share"), "others": ("term", "share"), "pipeline": ("term", "pilots"),
}  # fmt: skip

VALUE: Final[dict[str, Source]] = {
    "cash": ("term", "cash"), "debt": ("term", "cash"), "revenue": ("term", "revenue"), "growth": ("term", "revenue"),
    "capability": ("term", "capability"), "knowledge": ("term", "knowledge"), "research": ("lever", "research.budget"),
    "community": ("term", "community"), "credibility": ("term", "credibility"), "sentiment": ("term", "sentiment"),
    "founders_share": ("term", "founders_share"), "ownership": ("term", "founders_share"),
}  # fmt: skip


def of_line(line: str) -> Source:
    """What is behind a ledger line."""
    return LINES.get(line, ("term", "cash"))


def of_cause(cause: str) -> Source:
    """What is behind a cause of a share's change."""
    return CAUSES.get(cause, ("term", "share"))


def of_value(part: str) -> Source:
    """What is behind a part of value."""
    return VALUE.get(part, ("term", "value"))
