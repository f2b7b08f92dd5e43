"""What an agent does: one number in [-1, 1] a lever, in the order of `game.engine.names.LEVERS`.

For a lever that stands, 0 leaves it where it is, -1 is the least and 1 the most that the firm may take now; between
them the square of the number moves it, for fine steps near what stands and bold ones at the ends. Money asked for
(``finance.raise``, ``finance.borrow``) never stands: 0 asks for none. ``card.choice`` and ``distress.choice`` run
evenly from the first choice (-1) to the last (1) and are rounded.

Guidance is an interval about what the firm last closed with: 0 is that number, and -1 and 1 lie twice its size (at
least `LEAST_SPREAD` either way) below and above. An interval whose upper end is not above its lower is none, so an
action of zeros gives no guidance.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from game.engine.names import LEVER, LEVERS
from game.engine.numeric import Array, clip
from game.engine.view import View

LEAST_SPREAD: Final = 2e7
"""CNY."""
ONCE: Final = (LEVER["finance.raise"], LEVER["finance.borrow"])
CHOICES: Final = (LEVER["card.choice"], LEVER["distress.choice"])
GUIDANCE: Final = ("cash", "revenue")


def decode(view: View, actions: NDArray[Any]) -> Array:
    """Decisions (levers, N, G) from ``actions`` (N, G, levers), numbers outside [-1, 1] cut.

    Raises ValueError for another shape and for what is not a number.
    """
    own = view.own
    wanted = np.asarray(actions, dtype=np.float64)
    expected = (*own.cash.shape, len(LEVERS))
    if wanted.shape != expected:
        raise ValueError(f"actions of shape {wanted.shape} do not fit; {expected} are wanted, one number a lever")
    if np.isnan(wanted).any():
        raise ValueError(f"the action for {LEVERS[int(np.nonzero(np.isnan(wanted))[-1][0])]} is not a number")
    a = clip(np.moveaxis(wanted, -1, 0), -1.0, 1.0)
    base: Array = own.levers.copy()
    base[list(ONCE)] = 0.0
    base = clip(np.nan_to_num(base), own.low, own.high)
    reach = np.where(a > 0, own.high - base, base - own.low)
    out: Array = base + np.sign(a) * np.square(a) * reach
    for row in CHOICES:
        out[row] = own.low[row] + 0.5 * (a[row] + 1.0) * (own.high[row] - own.low[row])
    for name, last in zip(GUIDANCE, (own.cash, own.revenue), strict=True):
        spread = np.maximum(2.0 * np.abs(last), LEAST_SPREAD)
        rows = [LEVER[f"guidance.{name}.{end}"] for end in ("low", "high")]
        given = a[rows[1]] > a[rows[0]]
        for row in rows:
            bound = clip(last + a[row] * spread, own.low[row], own.high[row])
            out[row] = np.where(given, bound, np.nan)
    return out
