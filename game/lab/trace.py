"""What is kept of a batch of games for measuring: a few arrays a quarter, never whole states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.engine import derive
from game.engine.draws import seed_array, seed_words
from game.engine.finance import parent_budget
from game.engine.names import FIN, LINE, LINES, MED
from game.engine.numeric import Array
from game.engine.play import OPERATING, REVENUE, play_quarter
from game.engine.quantities import runway
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import State
from game.foresight.decide import decide_all
from game.lab.entries import Entries

CHUNK = 1000
"""Games in a batch: arrays of this width stay in cache (model: what decides speed)."""
POOLS = ("tokens", "rent_income", "solutions", "tenders")
"""Ledger lines of which a trace keeps every firm's income."""


@dataclass(frozen=True)
class Trace:
    """Quarter by quarter, Q quarters of G games; money in CNY."""

    first: int
    clouds: Array
    """(F,) 1 for cloud giants."""
    price: Array
    """(Q, F, G) token prices."""
    cost: Array
    """(Q, F, G) cost to serve a million tokens."""
    live: Array
    """(Q, G) models on the market."""
    status: Array
    """(Q, F, G)."""
    route: Array
    """(Q, F, G)."""
    value: Array
    """(Q, F, G)."""
    rank: Array
    """(Q, F, G)."""
    runway: Array
    """(Q, F, G)."""
    revenue: Array
    """(Q, F, G)."""
    profit: Array
    """(Q, F, G) revenue less operating cost."""
    lines: Array
    """(Q, L, G) ledger lines, summed over firms."""
    tenders: Array
    """(Q, F, G) tender income so far."""
    developers: Array
    """(Q, F, G) paying developers."""
    hosted: Array
    """(Q, F, G) developers who run the firm's release themselves."""
    outside: Array
    """(Q, G) developers on other open weights."""
    signed: Array
    """(Q, G) contracts ever signed."""
    started: Array
    """(Q, G) projects ever started."""
    users: Array
    """(Q, G) people using an assistant."""
    equity: Array
    """(Q, F, G) equity value."""
    volume: Array
    """(Q, F, G) tokens ever served, millions."""
    tender_count: Array
    """(Q, F, G) tenders won so far."""
    income: Array
    """(Q, 4, F, G) by `POOLS`."""
    raised: Array
    """(Q, F, G) money from investors, a parent's budget left out."""
    open_lead: Array
    """(Q, F, G) log effective compute of a firm's best release less that of the best foreign open model."""
    marks: NDArray[np.uint8]
    """(Q, F, verticals, G) uint8, see `game.lab.entries`."""
    medical: Array
    """(Q, 2, G) accuracy in medicine: the best specialist's, and a general model's of the best capability."""
    finance_fee: Array
    """(Q, F, G) yearly rent of a finance client; 0 where the firm has none."""

    def at(self, label: str) -> int:
        """Row of a quarter such as ``2024Q4``. Raises LookupError where the scenario has no such quarter."""
        row = (int(label[:4]) - 2023) * 4 + int(label[5]) - 1 - self.first
        if not 0 <= row < len(self.live):
            raise LookupError(f"{label} lies outside the scenario")
        return row

    def year(self, year: int) -> slice:
        """Rows of a whole year. Raises LookupError where the scenario does not hold it whole."""
        first = self.at(f"{year}Q1")
        self.at(f"{year}Q4")
        return slice(first, first + 4)


def simulate(
    rules: Rules, seeds: Sequence[int], seats: Sequence[str], progress: Callable[[int], None] | None = None
) -> Trace:
    """Play ``seeds`` with the policies named in ``seats`` (one a firm), in chunks; chunks never change a result."""
    parts = []
    for start in range(0, len(seeds), CHUNK):
        parts.append(_chunk(rules, seeds[start : start + CHUNK], tuple(seats)))
        if progress:
            progress(min(start + CHUNK, len(seeds)))
    joined = {n: np.concatenate([p[n] for p in parts], axis=-1) for n in parts[0]}
    return Trace(first=rules.first, clouds=rules.traits.cloud[:, 0], **joined)


def _chunk(rules: Rules, seeds: Sequence[int], seats: tuple[str, ...]) -> dict[str, Array]:
    state = begin(rules, seed_array([seed_words(s) for s in seeds]))
    entries = Entries(rules, state)
    rows: list[dict[str, NDArray[Any]]] = []
    for _ in range(rules.quarters):
        state, ledger = play_quarter(rules, state, decide_all(rules, state, seats))
        marks: NDArray[Any] = entries.mark(state)
        rows.append({**_row(rules, state, ledger.lines), "marks": marks})
    return {n: np.stack([r[n] for r in rows]) for n in rows[0]}


def _row(rules: Rules, s: State, lines: Array) -> dict[str, Array]:
    revenue = lines[REVENUE].sum(axis=0) / 100.0
    return {
        "price": s.price[0], "cost": derive.token_cost(rules, s), "live": derive.live_models(s),
        "status": s.status.astype(float), "route": s.route.astype(float), "value": derive.value(s),
        "rank": derive.ranks(s).astype(float), "runway": runway(s), "revenue": revenue,
        "profit": revenue + lines[OPERATING].sum(axis=0) / 100.0, "lines": lines.sum(axis=1) / 100.0,
        "tenders": s.tender_value, "developers": s.customers[:, 0], "hosted": s.hosted[:, 0], "outside": s.outside[0],
        "signed": s.signed[:, 2:].sum(axis=(0, 1)), "started": s.started[:, 2:].sum(axis=(0, 1)),
        "users": s.adopters[1], "equity": np.where(s.alive, s.equity, 0.0), "volume": s.volume,
        "tender_count": s.tender_count, "income": lines[[LINE[n] for n in POOLS]] / 100.0,
        "raised": lines[LINE["funding"]] / 100.0 - np.where(s.alive, parent_budget(rules, s.quarter - 1), 0.0),
        "open_lead": s.released - rules.params.foreign_open[s.quarter - 1], "medical": _medical(rules, s),
        "finance_fee": np.where(s.customers[:, FIN] >= 1.0, 4.0 * rules.params.rent[FIN] * s.price[2], 0.0),
    }


def _medical(rules: Rules, s: State) -> Array:
    p = rules.params
    cap = derive.capability(rules, s.lnc)
    accuracy = derive.accuracy(rules, cap, s.knowledge, s.freshness)[:, MED]
    general = p.general_floor + p.general_slope * cap
    return np.stack([np.where(s.alive, x, 0.0).max(axis=0) for x in (accuracy, general)])


LINE_ROWS = {name: row for row, name in enumerate(LINES)}
