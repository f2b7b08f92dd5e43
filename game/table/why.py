"""Why share and value moved, from the ledgers of a quarter and the one before: sums that are exact by construction.

Own terms appear singly; whatever rivals, newcomers and the growth of the market did is one remainder, ``others``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from game.engine import derive
from game.engine.choice import TERMS
from game.engine.names import SEGMENTS, VERTICALS
from game.engine.numeric import log, osum
from game.engine.play import Ledger
from game.engine.rules import Rules
from game.engine.state import CHANNEL, State
from game.engine.valuation import PARTS, equity_parts
from game.engine.view import benchmark
from game.table.wire import ShareChange


def shares(
    rules: Rules, before: State, after: State, ledger: Ledger, earlier: Ledger | None, firm: int
) -> list[ShareChange]:
    """Change of the firm's share in every segment of the scenario in which it has or had customers.

    Flows: ``before = kept + lost`` and ``after = kept + won - unserved``; what the growth of the market dilutes counts
    as lost. Causes add up to ``after - before``.
    """
    was, now = derive.shares(before)[firm, :, 0], derive.shares(after)[firm, :, 0]
    total = users(after)
    out = []
    for v, segment in enumerate(SEGMENTS):
        if not rules.segments[v, 0] or (was[v] == 0 and now[v] == 0):
            continue
        b, a, whole = float(was[v]), float(now[v]), max(float(total[v]), 1e-9)
        stay = 1.0 - min(float(rules.params.churn[v]) * (1.0 + float(before.shifts[CHANNEL["churn"], 0, firm, 0])), 1.0)
        if segment in VERTICALS:
            stay = 1.0  # contracts end by neglect, not by choice
        kept = min(float(before.customers[firm, v, 0]) * stay / whole, b, a)
        missed = 0.0
        if segment not in VERTICALS:
            gone = rules.params.outage_loss * float(ledger.unserved[firm, 0])
            missed = a * gone / (1.0 - gone)
        causes = _causes(rules, before, after, ledger, earlier, firm, v, stay)
        causes["others"] = (a - b) - _total(causes)
        out.append(ShareChange(segment, b, a, kept, a - kept + missed, b - kept, missed, causes))
    return out


def users(state: State) -> np.ndarray:
    """(V,) users of a segment who pay a firm, host a release themselves or use the outside good."""
    whole: np.ndarray = (osum(state.customers) + osum(state.hosted) + state.outside)[:, 0]
    return whole


def _causes(
    rules: Rules, before: State, after: State, ledger: Ledger, earlier: Ledger | None, firm: int, v: int, stay: float
) -> dict[str, float]:
    whole = (float(users(before)[v]), float(users(after)[v]))
    if min(whole) <= 0:
        return {}
    if SEGMENTS[v] in VERTICALS:
        # contracts come from people and pilots, quarters after a choice: what was signed and kept, by own doing
        change = float(after.customers[firm, v, 0]) - float(before.customers[firm, v, 0])
        return {"pipeline": change * 0.5 * (1.0 / whole[0] + 1.0 / whole[1])}
    if earlier is None:
        return {}
    chosen = np.array([float(x.choice.share[firm, v, 0]) for x in (earlier, ledger)])
    if chosen.min() <= 0:
        return {}
    # of all users the part that chose now; a share's change is its logarithmic mean times the change of its logarithm
    part = min(max(1.0 - stay * whole[0] / whole[1], 0.0), 1.0)
    logs = log(chosen)
    gap = float(logs[1] - logs[0])
    mean = float(chosen[1] - chosen[0]) / gap if abs(gap) > 1e-12 else float(chosen[1])
    scale = part * mean / rules.params.nest
    return {t: scale * float(ledger.terms[t][firm, v, 0] - earlier.terms[t][firm, v, 0]) for t in TERMS}


def value_parts(rules: Rules, before: State, after: State, firm: int) -> dict[str, float]:
    """What moved value = founders' share × equity + paid out; the parts add up to its change.

    The own books come first, read with the mood, the year and the best rival of the quarter. ``market`` is what a year
    that counts rank less and revenue more did to the same books. Equity follows its parts with inertia: ``smoothing``
    is what it still had to make up, moods included. The remainder is ``rivals``: how they did is not visible.
    """
    was, now = (float(derive.value(s)[firm, 0]) for s in (before, after))
    paid = float(after.paid_out[firm, 0] - before.paid_out[firm, 0]) / 100.0
    parts = {"paid_out": paid} if paid else {}
    if not after.alive[firm, 0]:
        return {**parts, "events": (now - was) - paid}
    held = [float(s.founders[firm, 0]) for s in (before, after)]
    equity = [float(s.equity[firm, 0]) for s in (before, after)]
    if held[0] != held[1]:
        parts["founders_share"] = (held[1] - held[0]) * 0.5 * (equity[0] + equity[1])
    weight = 0.5 * (held[0] + held[1]) * (1.0 - rules.params.equity_smooth)
    # The best rival is a public estimate, and the same at both ends: what rivals did shows in the remainder only.
    field = np.maximum(benchmark(rules, before).max(axis=0), derive.capability(rules, before.lnc)[firm])
    # A quarter's value is appraised before its mood and date move on.
    old = _own_parts(rules, before, field, firm)
    new = _own_parts(rules, after.evolve(sentiment=before.sentiment, quarter=before.quarter), field, firm)
    dated = _own_parts(rules, before.evolve(quarter=max(before.quarter - 1, 0)), field, firm)
    parts |= {name: weight * (new[name] - old[name]) for name in PARTS}
    parts["market"] = weight * (_total(old) - _total(dated))
    parts["smoothing"] = weight * (_total(dated) - equity[0])
    parts["rivals"] = (now - was) - _total(parts)
    return parts


def _own_parts(rules: Rules, state: State, field: np.ndarray, firm: int) -> dict[str, float]:
    return {name: float(part[firm, 0]) for name, part in equity_parts(rules, state, field).items()}


def _total(parts: Mapping[str, float]) -> float:
    total = 0.0
    for value in parts.values():
        total += value
    return total
