"""What is kept of a batch of games for measuring: a few arrays a quarter, never whole states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from game.engine import derive
from game.engine.draws import seed_array, seed_words
from game.engine.names import LINES
from game.engine.numeric import Array
from game.engine.play import OPERATING, REVENUE, play_quarter
from game.engine.quantities import runway
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import State
from game.policies import decide_all

CHUNK = 500
"""Games in a batch: arrays of this width stay in cache (model: what decides speed)."""


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
    rows: list[dict[str, Array]] = []
    for _ in range(rules.quarters):
        state, ledger = play_quarter(rules, state, decide_all(rules, state, seats))
        rows.append(_row(rules, state, ledger.lines))
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
        "users": s.adopters[1],
    }


LINE_ROWS = {name: row for row, name in enumerate(LINES)}
