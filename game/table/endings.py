"""How a firm that is still there has ended, by comparison with the others at the table; no thresholds."""

from __future__ import annotations

import numpy as np

from game.engine import derive
from game.engine.names import ROUTES, VERTICALS
from game.engine.rules import Rules
from game.engine.state import State


def surviving(rules: Rules, state: State, firm: int) -> str:
    """Ending of a firm that trades after the last quarter.

    An open-source legend is fully open and has the largest community; a national champion leads by value, or by what
    the state bought; a niche master leads an industry; everybody else has become a listed company.
    """
    alive = state.alive[:, 0]
    if ROUTES[int(state.route[firm, 0])] == "open" and _leads(state.community[:, 0], firm, alive):
        return "open-source-legend"
    if derive.ranks(state)[firm, 0] == 1 or _leads(state.tender_value[:, 0], firm, alive):
        return "national-champion"
    share = derive.shares(state)[:, :, 0]
    industries = range(share.shape[1] - len(VERTICALS), share.shape[1])
    if any(_leads(share[:, v], firm, alive) for v in industries if rules.segments[v, 0]):
        return "niche-master"
    return "listed-company"


def _leads(values: np.ndarray, firm: int, alive: np.ndarray) -> bool:
    others = np.where(alive, values, 0.0)
    others[firm] = 0.0
    return bool(values[firm] > others.max())
