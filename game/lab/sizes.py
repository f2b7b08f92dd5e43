"""What a row of the orders of magnitude holds; apart from what measures it, for documents that only show it."""

from __future__ import annotations

import msgspec


class Size(msgspec.Struct, frozen=True):
    """One row in one year over seeds."""

    median: float
    p10: float
    p90: float


class Beside(msgspec.Struct, frozen=True):
    """A figure beside a row: its number, and the row's median in ``year`` ÷ that number; null outside the years."""

    figure: str
    year: int
    value: float
    ratio: float | None
