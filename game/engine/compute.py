"""Step 3: compute contracts arrive, are paid, and new ones are signed; all sunk once signed (Sterman et al. 2007)."""

from __future__ import annotations

from typing import Final

import numpy as np

from game.engine.books import Books
from game.engine.names import LEVER, SOURCES
from game.engine.numeric import Array, clip, osum
from game.engine.rules import Rules
from game.engine.state import CHANNEL, HORIZON, State, moved_on, roomy

CLOUD: Final = SOURCES.index("cloud")
POOL: Final = SOURCES.index("pool")
DOMESTIC: Final = SOURCES.index("domestic")
IMPORT: Final = SOURCES.index("import")


def delivered(rules: Rules, s: State) -> Array:
    """(F, G) PFLOP/s of training-grade throughput this quarter: contracted × chip ratio × framework support."""
    p = rules.params
    ratio = p.source_delivery.copy()
    ratio[DOMESTIC] = ratio[DOMESTIC] * p.framework_support[s.quarter]
    # Everybody in the pool queues behind everybody else.
    crowd = osum(s.due[:, POOL, 0])
    queue = p.pool_limit / np.maximum(crowd, p.pool_limit)
    by_source = s.due[:, :, 0] * ratio[:, None]
    by_source[:, POOL] = by_source[:, POOL] * queue
    return osum(by_source, 1) * (1.0 + s.shifts[CHANNEL["capacity"], 0])


def energy(rules: Rules, s: State) -> Array:
    """(F, G) CNY of electricity for the contracted machines."""
    return osum(s.due[:, :, 0] * rules.params.source_energy[:, None], 1)


def contract_price(rules: Rules, s: State, term: Array) -> Array:
    """(F, S, G) CNY per PFLOP/s and quarter for contracts signed now over ``term`` quarters."""
    p = rules.params
    longer = 1.0 - p.term_discount * (term - 1.0)
    dear = 1.0 + s.shifts[CHANNEL["compute_price"], 0]
    return (s.compute_price * longer * dear)[:, None] * p.source_price[:, None]


def import_share(rules: Rules, s: State) -> Array:
    """(F, G) share of an import order that is filled this quarter."""
    open_now = rules.params.import_supply[s.quarter] * rules.traits.import_access
    return clip(open_now * (1.0 + s.shifts[CHANNEL["import_supply"], 0]), 0.0, 1.0)


def order(rules: Rules, s: State, levers: Array) -> State:
    """Sign contracts so that each source stands at its lever's capacity once the order arrives.

    A lever is the capacity wanted; what is already under contract for the quarter of arrival counts, nothing is
    cancelled. Imports are filled only by `import_share`.
    """
    want = levers[LEVER["compute.import"] : LEVER["compute.import"] + len(SOURCES)]
    term = clip(np.rint(levers[LEVER["compute.term"]]), 1.0, 4.0)
    price = contract_price(rules, s, term)
    due, bill = roomy(s.due, 2), roomy(s.bill, 2)
    gone = ~s.alive
    # A term is four quarters at most.
    runs = [term > quarters for quarters in range(4)]
    for row in range(len(SOURCES)):
        lead = int(rules.params.lead[row])
        size = np.maximum(want[row] - due[:, row, lead], 0.0)
        np.copyto(size, 0.0, where=gone)
        if row == IMPORT:
            size *= import_share(rules, s)
        cost = size * price[:, row]
        for ahead, running in zip(range(lead, HORIZON), runs):
            now, owed = due[:, row, ahead], bill[:, row, ahead]
            now += size * running
            owed += cost * running
    return s.evolve(due=due, bill=bill)


def pay(rules: Rules, s: State, books: Books) -> None:
    """Pay this quarter's contracts: own and pooled machines to suppliers, cloud machines to the cloud firms."""
    alive = s.alive
    own = np.where(alive, s.bill[:, IMPORT, 0] + s.bill[:, DOMESTIC, 0] + s.bill[:, POOL, 0], 0.0)
    books.post("compute", -own, "suppliers")
    books.rent(np.where(alive, s.bill[:, CLOUD, 0], 0.0), np.where(alive, rules.traits.cloud, 0.0))
    books.post("energy", -np.where(alive, energy(rules, s), 0.0), "suppliers")


def advance(s: State) -> State:
    """A quarter has passed: contracts move one slot nearer."""
    return s.evolve(due=moved_on(s.due, 2), bill=moved_on(s.bill, 2))
