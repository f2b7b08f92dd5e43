"""Random levers: a third of them jump every quarter, anywhere from half to twice their standing value."""

from __future__ import annotations

import numpy as np

from game.engine.names import LEVER, LEVERS
from game.engine.numeric import Array, exp
from game.engine.rules import Rules
from game.engine.view import View

_LN2 = 0.6931471805599453


def decide(rules: Rules, view: View, chance: Array) -> Array:
    """Policy ``random``; ``chance`` is (levers, N, G) uniform numbers."""
    own = view.own
    jump = chance < 1.0 / 3.0
    # Below a third the same number serves again as the size of the jump.
    size = exp((chance * 3.0 * 2.0 - 1.0) * _LN2)
    out = np.where(jump, (own.levers + 1e-3 * np.minimum(own.high, 1e9)) * size, own.levers)
    for name, choices in (("route", 4), ("card.choice", 3), ("distress.choice", 5)):
        row = LEVER[name]
        out[row] = np.floor(chance[row] * choices)
    row = LEVER["route"]
    out[row] = np.where(chance[LEVER["compute.term"]] < 0.05, out[row], own.levers[row])
    row = LEVER["finance.raise"]
    out[row] = np.where(chance[row] < 0.4, own.high[row] * chance[row] * 2.5, 0.0)
    row = LEVER["finance.borrow"]
    out[row] = 0.0
    for row, name in enumerate(LEVERS):
        if name.startswith("guidance."):
            out[row] = np.nan
    return np.where(np.isnan(out), out, np.minimum(np.maximum(out, own.low), own.high))
