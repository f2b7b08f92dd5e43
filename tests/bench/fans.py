"""From a key to the fan of the moved plan: the first one, and the full one."""

from __future__ import annotations

from tests.bench.probes import Row


def fan_rows(size: tuple[int, int], runs: int) -> tuple[list[Row], str]:
    """Times of the first and of the full fan after a lever step; and why there are none, where the boardroom has no fans."""
    return [], "The boardroom draws no fans yet: key to first and to full fan are left out."
