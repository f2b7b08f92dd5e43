"""How a firm that is still there has ended: one of four, tried from the last, the niche master without a threshold."""

from __future__ import annotations

import numpy as np

from game.engine import derive
from game.engine.names import ROUTES
from game.engine.rules import Rules
from game.engine.state import State


def surviving(rules: Rules, state: State, firm: int) -> str:
    """Ending of a firm that trades after the last quarter.

    An open-source legend has opened at least its base and gathered the largest community, above a stated size. A
    listed company is worth a stated amount and earns more than it spends. A national champion leads in what the state
    has bought, or in value. Everybody else who lasted is master of a niche.
    """
    p = rules.params
    alive = state.alive[:, 0]
    community = float(state.community[firm, 0])
    opened = int(state.route[firm, 0]) >= ROUTES.index("layered")
    if opened and community >= p.legend_community and _leads(state.community[:, 0], firm, alive):
        return "open-source-legend"
    if state.equity[firm, 0] >= p.listing_equity and state.revenue[firm, 0] >= state.cost[firm, 0]:
        return "listed-company"
    if derive.ranks(state)[firm, 0] == 1 or _leads(state.tender_value[:, 0], firm, alive):
        return "national-champion"
    return "niche-master"


def _leads(values: np.ndarray, firm: int, alive: np.ndarray) -> bool:
    others = np.where(alive, values, 0.0)
    others[firm] = 0.0
    return bool(values[firm] > others.max())
