"""What is kept of a batch of games for comparing sides: a few arrays a quarter, never whole states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from game.engine import compute, derive, finance
from game.engine.draws import seed_array, seed_words
from game.engine.names import LINE, VERTICALS
from game.engine.numeric import Array
from game.engine.play import OPERATING, REVENUE, VARIABLE, Ledger, play_quarter
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import State
from game.lab.sides import Move, alter, deal_cards, planned
from game.policies import decide_all

CHUNK = 250
"""Games in a batch: arrays of this width stay in cache."""
_COMPUTE = [LINE[name] for name in ("compute", "rent", "overflow", "energy")]
_SOLD = slice(2, 2 + len(VERTICALS))


@dataclass(frozen=True)
class Record:
    """Ends of quarters, Q of them; F firms, V segments, G games. Money in CNY, flows a quarter."""

    first: int
    clouds: Array
    """(F,) 1 for cloud giants."""
    status: Array
    """(Q, F, G), as are all below unless said otherwise."""
    value: Array
    equity: Array
    revenue: Array
    gross: Array
    """Revenue less variable cost."""
    profit: Array
    """Revenue less operating cost."""
    machines: Array
    """Spent on compute and its electricity."""
    price: Array
    """Of tokens."""
    cost: Array
    """To serve a million tokens."""
    capability: Array
    accuracy: Array
    """(Q, F, V, G)."""
    community: Array
    customers: Array
    """(Q, F, V, G)."""
    hosted: Array
    """(Q, F, V, G) users who run the firm's release themselves."""
    outside: Array
    """(Q, V, G) users of other open weights."""
    adopters: Array
    """(Q, V, G)."""
    people: Array
    """Staff in verticals."""
    signed: Array
    """Contracts ever signed."""
    tenders: Array
    """Tender income so far."""
    contracted: Array
    """PFLOP/s under contract."""
    delivered: Array
    """PFLOP/s that arrive."""
    bill: Array
    """For those contracts."""
    domestic: Array
    """PFLOP/s of own machines that are domestic."""
    imported: Array
    unserved: Array
    volume: Array
    """Million tokens served so far."""
    fill: Array
    """Share of a round that investors are expected to fill."""
    live: Array
    """(Q, G) models on the market."""

    def at(self, quarter: int | None) -> int:
        """Row of a quarter by its index from 2023Q1, the last one for None. Raises LookupError outside the record."""
        row = len(self.live) - 1 if quarter is None else quarter - self.first
        if not 0 <= row < len(self.live):
            raise LookupError(f"quarter {quarter} lies outside the scenario")
        return row


def play(
    rules: Rules, seeds: Sequence[int], seats: Sequence[str], moves: tuple[Move, ...] = (),
    answers: tuple[tuple[int, int], ...] = (), dealt: tuple[tuple[int, int], ...] = (),
) -> Record:
    """Play ``seeds`` with the policies named in ``seats`` (one a firm), levers changed by ``moves`` and ``answers``,
    cards put on the player's desk as ``dealt``."""
    parts = []
    for start in range(0, len(seeds), CHUNK):
        state = begin(rules, seed_array([seed_words(s) for s in seeds[start : start + CHUNK]]))
        asked: Array | None = None
        rows: list[dict[str, Array]] = []
        for _ in range(rules.quarters):
            state = deal_cards(state, dealt)
            asked = decide_all(rules, planned(state, asked, moves), tuple(seats))
            state, ledger = play_quarter(rules, state, alter(state, asked, moves, answers))
            rows.append(_row(rules, state, ledger))
        parts.append({name: np.stack([row[name] for row in rows]) for name in rows[0]})
    joined = {name: np.concatenate([p[name] for p in parts], axis=-1) for name in parts[0]}
    return Record(first=rules.first, clouds=rules.traits.cloud[:, 0], **joined)


def _row(rules: Rules, s: State, ledger: Ledger) -> dict[str, Array]:
    lines = ledger.lines
    revenue = lines[REVENUE].sum(axis=0) / 100.0
    capability = derive.capability(rules, s.lnc)
    return {
        "status": s.status.astype(float), "value": derive.value(s), "equity": s.equity, "revenue": revenue,
        "gross": revenue + lines[VARIABLE].sum(axis=0) / 100.0,
        "profit": revenue + lines[OPERATING].sum(axis=0) / 100.0,
        "machines": -lines[_COMPUTE].sum(axis=0) / 100.0, "price": s.price[0], "cost": derive.token_cost(rules, s),
        "capability": capability, "accuracy": derive.accuracy(rules, capability, s.knowledge, s.freshness),
        "community": s.community, "customers": s.customers, "hosted": s.hosted, "outside": s.outside,
        "adopters": s.adopters, "people": s.staff[:, _SOLD].sum(axis=1).astype(float),
        "signed": s.signed[:, _SOLD].sum(axis=1), "tenders": s.tender_value,
        "contracted": s.due[:, :, 0].sum(axis=1), "delivered": compute.delivered(rules, s),
        "bill": s.bill[:, :, 0].sum(axis=1), "domestic": s.due[:, compute.DOMESTIC, 0],
        "imported": s.due[:, compute.IMPORT, 0], "unserved": s.unserved, "volume": s.volume,
        "fill": finance.expected_fill(rules, s), "live": derive.live_models(s),
    }
