"""The state on the first day."""

from __future__ import annotations

import numpy as np

from game.engine.derive import NONE
from game.engine.draws import Words
from game.engine.events import announced
from game.engine.exits import bin_offsets
from game.engine.market import quarterly_fall
from game.engine.names import ACCOUNTS, LEVER, LEVERS, SEGMENTS, SOURCES
from game.engine.numeric import Array, fen
from game.engine.rules import Rules
from game.engine.state import BINS, CHANNELS, HORIZON, SHIFT_QUARTERS, State, repeat, unpack
from game.engine.valuation import PARTS, equity_parts


def begin(rules: Rules, seed: Words) -> State:
    """State of a batch of new games under ``seed`` (2, G).

    The investors' account holds the other side of the opening cash, so that all accounts add up to zero.
    """
    if rules.start is not None:
        return _announce(rules, repeat(unpack(rules.start), seed.shape[1], seed))
    o = rules.opening
    f, g, v = rules.firms, seed.shape[1], len(SEGMENTS)

    def wide(x: Array) -> Array:
        return np.repeat(x, g, axis=-1)

    cash = fen(wide(o.cash))
    accounts = np.zeros((len(ACCOUNTS), g), dtype=np.int64)
    accounts[ACCOUNTS.index("investors")] = -np.add.reduce(cash, axis=0)
    zero = np.zeros((f, g))
    many = np.zeros((f, v, g))
    due = np.zeros((f, len(SOURCES), HORIZON, g))
    # Opening machines are under contract for three quarters: time enough to order others.
    due[:, :, :3] = wide(o.compute)[:, :, None]
    price = np.stack([wide(o.price_token), wide(o.price_app), wide(o.price_solution)])
    compute_price = np.full(g, rules.params.compute_price_first)
    for _ in range(rules.first):
        compute_price = compute_price * quarterly_fall(rules)
    route = wide(o.route).astype(np.int8)
    open_now = np.take(rules.params.openness, route)
    lnc = wide(o.capability)
    state = State(
        quarter=rules.first, seed=seed, cash=cash, debt=fen(wide(o.debt)), cash_before=cash.copy(), paid_out=np.zeros((f, g), dtype=np.int64),
        accounts=accounts, status=np.zeros((f, g), dtype=np.int8), ended=np.full((f, g), -1, dtype=np.int16),
        founders=wide(o.founders_share), lnc=lnc, lne=wide(o.efficiency),
        released=np.where(open_now > 0, lnc - rules.params.release_lag * (1.0 - open_now), NONE),
        safety=wide(o.safety), trust=wide(o.trust), community=wide(o.community), credibility=wide(o.credibility),
        research_capital=zero, equity=zero, revenue=zero, revenue_before=zero, cost=zero, margin=zero, unserved=zero,
        utilisation=zero, volume=zero, raised=np.full((f, g), 9.0), tender_value=zero, tender_count=zero, route=route,
        distress=np.zeros((f, g), dtype=bool), price=price, price_before=price.copy(), customers=many, hosted=many,
        leads=many, pilots=many, knowledge=wide(o.knowledge), freshness=np.ones((f, v, g)), habit=many, signed=many,
        started=many, staff=np.rint(wide(o.staff)).astype(np.int32), hiring=np.zeros((f, v, g), dtype=np.int32),
        due=due, bill=due * compute_price * rules.params.source_price[:, None, None],
        adopters=np.zeros((v, g)), outside=np.zeros((v, g)), compute_price=compute_price,
        sentiment=np.full(g, rules.params.sentiment_path[rules.first]), price_shock=np.zeros(g),
        price_third=np.sort(price[0], axis=0)[min(2, f - 1)].copy(),
        fringe=np.full((BINS, g), rules.params.fringe_first / BINS),
        fringe_gap=np.repeat(bin_offsets(rules), g, axis=1),
        exits=np.zeros(g), card=np.full((f, g), -1, dtype=np.int16), coming=np.full((f, g), -1, dtype=np.int16),
        seen=np.zeros((len(rules.cards), f, g), dtype=bool),
        shifts=np.zeros((len(CHANNELS), SHIFT_QUARTERS, f, g)), guidance=np.full((4, f, g), np.nan),
        levers=np.zeros((len(LEVERS), f, g)),
    )
    parts = equity_parts(rules, state)
    raw = parts["cash"]
    for name in PARTS[1:]:
        raw = raw + parts[name]
    return _announce(rules, state.evolve(equity=np.maximum(raw, 0.0), levers=standing(rules, state)))


def _announce(rules: Rules, s: State) -> State:
    """A card announced before the first day, by the draws of the quarter before, so that the second quarter has one."""
    if not rules.cards or (s.coming >= 0).any():
        return s
    return s.evolve(coming=announced(rules, s, s.card, s.quarter + 1, s.quarter - 1))


def standing(rules: Rules, s: State) -> Array:
    """(levers, F, G) as they stand on the first day: what the firm is doing anyway."""
    out = np.zeros((len(LEVERS), *s.cash.shape))
    out[LEVER["route"]] = s.route
    out[LEVER["price.token"] : LEVER["price.solution"] + 1] = s.price
    out[LEVER["research.budget"]] = np.rint(0.08 * np.maximum(s.cash, 0) / 100.0 / 1e6) * 1e6
    out[LEVER["research.scale"]] = 50.0
    out[LEVER["research.efficiency"]] = 35.0
    out[LEVER["research.safety"]] = 15.0
    first = LEVER["staff.developers"]
    out[first : first + len(SEGMENTS)] = s.staff.transpose(1, 0, 2)
    first = LEVER["compute.import"]
    out[first : first + len(SOURCES)] = s.due[:, :, 0].transpose(1, 0, 2)
    out[LEVER["compute.term"]] = 2.0
    out[LEVER["tender.price"]] = 0.95
    out[LEVER["tender.quality"]] = 0.75
    for name in ("cash.low", "cash.high", "revenue.low", "revenue.high"):
        out[LEVER[f"guidance.{name}"]] = np.nan
    return out
