"""Step 8: tenders, as scoring auctions with sealed bids (Che 1993)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.engine.compute import DOMESTIC, IMPORT
from game.engine.names import LEVER
from game.engine.numeric import Array, exp, log, ratio
from game.engine.quarter_draws import LOTS, QuarterDraws
from game.engine.rules import Rules
from game.engine.state import State


class Awards(NamedTuple):
    """Outcome of a quarter's tenders."""

    income: Array
    """(F, G) CNY at the prices bid."""
    won: Array
    """(F, G) bundles won."""
    cost: Array
    """(F, G) CNY of integration bought in, the cost of promising too much included."""
    bids: Array
    """(F, G) bids handed in."""
    overpromised: Array
    """(F, G) share of the awards whose promised quality was not met."""


def domestic_share(s: State) -> Array:
    """(F, G) share of own machines that are domestic: controllable compute counts with state clients."""
    own = s.due[:, DOMESTIC, 0]
    return ratio(own, own + s.due[:, IMPORT, 0])


def award(rules: Rules, s: State, levers: Array, acc: Array, draws: QuarterDraws) -> Awards:
    """Lots in the order of publication; a firm bids for the first ``tender.bids`` of them.

    Each lot is a bundle of projects: its tail, a stated share, goes to unnamed integrators; the rest to the highest
    score among the firms whose people can still carry it.
    """
    p, t = rules.params, rules.traits
    alive = s.alive
    wanted = np.where(alive, np.rint(levers[LEVER["tender.bids"]]), 0.0)
    index = np.maximum(levers[LEVER["tender.price"]], 0.3)
    promised = levers[LEVER["tender.quality"]]
    domestic = p.tender_domestic * domestic_share(s)
    trust = p.tender_trust * (s.trust + t.state_access)
    incumbent = p.tender_incumbent * log(1.0 + s.tender_count)
    base = trust + domestic + incumbent - p.tender_price * log(index) + p.tender_quality * promised
    sizes = exp(p.tender_spread * draws["tender_size"] - 0.5 * p.tender_spread * p.tender_spread)
    sizes = sizes * (p.tender_market[s.quarter] * (1.0 - p.tender_tail) / p.tender_lots)
    noise = p.tender_noise * draws["tender_noise"].reshape(-1, *alive.shape)
    edges = np.add.accumulate(p.tender_segments)
    room = s.staff * p.tender_staff
    income = np.zeros(alive.shape)
    won, cost, over, bids = income.copy(), income.copy(), income.copy(), income.copy()
    games = np.arange(alive.shape[1])
    for lot in range(min(int(p.tender_lots), LOTS)):
        segment = np.minimum(np.searchsorted(edges, draws["tender_segment"][lot] * edges[-1], side="right"), 7)
        size = sizes[lot]
        quality = acc[:, segment, games]
        asked = p.tender_asked + p.tender_asked_span * draws["tender_terms"][lot]
        place = room[:, segment, games]
        bidding = (wanted > lot) & alive
        bids += bidding
        able = bidding & (np.maximum(quality, promised - p.tender_slack) >= asked) & (place >= size)
        score = np.where(able, base + p.tender_accuracy * quality + noise[lot], -1e9)
        winner = np.argmax(score, axis=0)
        taken = able[winner, games]
        f, g = winner[taken], games[taken]
        value = size[taken] * index[f, g]
        missing = np.maximum(promised[f, g] - quality[f, g], 0.0)
        income[f, g] += value
        won[f, g] += 1.0
        cost[f, g] += size[taken] * (p.tender_cost + missing)
        over[f, g] += missing
        room[f, segment[taken], g] -= size[taken]
    return Awards(income, won, cost, bids, over)
