"""Numbers that add up as they are shown: rounding by largest remainder."""

from __future__ import annotations

import math
from collections.abc import Sequence


def whole_units(parts: Sequence[float], unit: float, goal: int) -> list[int]:
    """Each part in whole ``unit``s that add up to ``goal`` units, the change as it is shown.

    Each is rounded down and the units that are missing go to the largest remainders; where the goal is itself the
    difference of two rounded numbers there may be one more or less than parts to give it to, and then the largest part
    bears it. Parts that are nothing stay nothing. Raises ValueError for numbers that are not finite or no unit.

    >>> whole_units([1.24, 2.33, -0.51], 0.1, 31), whole_units([0.04, 0.0], 0.1, 1)
    ([13, 23, -5], [1, 0])
    """
    if unit <= 0 or not all(math.isfinite(p) for p in parts):
        raise ValueError("whole_units wants finite numbers and a positive unit")
    exact = [round(p / unit, 6) for p in parts]
    out = [math.floor(e) for e in exact]
    some = [i for i, e in enumerate(exact) if e]
    missing = goal - sum(out)
    by_rest = sorted(some, key=lambda i: (-(exact[i] - out[i]), i))
    step = 1 if missing > 0 else -1
    for i in by_rest[:missing] if missing > 0 else by_rest[::-1][:-missing]:
        out[i] += step
    left = goal - sum(out)
    if left and some:
        out[max(some, key=lambda i: abs(exact[i]))] += left
    return out
