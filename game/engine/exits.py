"""Step 11 and distress: how firms end, and how the fringe shakes out (Klepper 1996)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from game.engine.books import Books
from game.engine.derive import committed, committed_at, contracted, contracted_at
from game.engine.names import DISTRESS, LEVER
from game.engine.numeric import Array, clip, fen, logistic, osum
from game.engine.quarter_draws import QuarterDraws
from game.engine.rules import Rules
from game.engine.state import BINS, State

BRIDGE, DOWN_ROUND, SELL_UNIT, SELL_FIRM, NOTHING = range(len(DISTRESS))

MOVED = ("customers", "hosted", "leads", "pilots")
"""What a buyer takes over whole; of knowledge the better stock, of people half, of the community half."""


def relieve(rules: Rules, s: State, levers: Array, books: Books) -> State:
    """Carry out the choice on every open distress card, and mergers and sales that a card asked for."""
    p = rules.params
    open_now = s.distress & s.alive
    leaving = s.ended < -1
    if not (open_now.any() or leaving.any()):
        return s
    f, g = np.nonzero(open_now)
    wish = levers[LEVER["distress.choice"]][f, g]
    choice = np.rint(clip(np.where(np.isnan(wish), NOTHING, wish), 0, NOTHING))
    need = np.maximum(committed_at(rules, s, f, g) - contracted_at(rules, s, f, g), 1e6)
    debt, founders, raised = s.debt.copy(), s.founders.copy(), s.raised.copy()
    some = choice == BRIDGE
    at = f[some], g[some]
    debt[at] += books.post_at("borrowing", at, p.bridge_share * need[some], "lenders")
    some = choice == DOWN_ROUND
    at = f[some], g[some]
    worth = np.maximum(s.equity[at] * p.down_round, 1e7)
    got = books.post_at("funding", at, np.minimum(need[some], worth), "investors") / 100.0
    founders[at] *= 1.0 - got / (got + worth)
    raised[at] = 0.0
    s = s.evolve(debt=debt, founders=founders, raised=raised)
    some = choice == SELL_UNIT
    if some.any():
        s = sell_unit(rules, s, (f[some], g[some]), books)
    who = leaving & s.alive & (s.ended == -2)
    some = choice == SELL_FIRM
    who[f[some], g[some]] = True
    if who.any():
        s = sell_firms(rules, s, who, books, stock=False)
    if leaving.any():
        union = s.alive & (s.ended == -3)
        if union.any():
            s = sell_firms(rules, s, union, books, stock=True)
        stray = s.alive & (s.ended < -1)
        return s.evolve(ended=np.where(stray, -1, s.ended).astype(np.int16)) if stray.any() else s
    return s


def unit_for_sale(rules: Rules, s: State) -> NDArray[np.int64]:
    """(F, G) vertical with the second-largest contracted revenue, the one that can be spared."""
    return _unit_for_sale(rules, s.customers)


def _unit_for_sale(rules: Rules, customers: Array) -> NDArray[np.int64]:
    """(N, G) the same from customers (N, V, G)."""
    worth = customers * rules.params.rent[:, None]
    worth[:, :2] = 0.0
    return np.argsort(-worth, axis=1, kind="stable")[:, 1]


def sell_unit(rules: Rules, s: State, at: tuple[NDArray[np.int64], NDArray[np.int64]], books: Books) -> State:
    """Sell a vertical of firms ``at`` (firms, games) to investors for a multiple of its yearly rent; its customers
    leave the table."""
    p = rules.params
    f, g = at
    unit = _unit_for_sale(rules, s.customers[f, :, g][:, :, None])[:, 0]
    income = 4.0 * s.customers[f, unit, g] * p.rent[unit] * p.sell_unit_multiple
    books.post_at("sale", (f, g), income, "investors")
    new = {name: getattr(s, name).copy() for name in (*MOVED, "staff", "knowledge")}
    adopters = s.adopters.copy()
    for name in ("customers", "leads", "pilots"):
        np.subtract.at(adopters, (unit, g), getattr(s, name)[f, unit, g])
    for array in new.values():
        array[f, unit, g] = 0
    # Their projects may start again with somebody else one day.
    return s.evolve(adopters=np.maximum(adopters, 0.0), **new)


def offer(rules: Rules, s: State) -> Array:
    """(F, G) CNY that a buyer pays for the whole firm: equity × a floor that rises with sentiment."""
    p = rules.params
    return np.where(s.alive, s.equity * (p.offer_floor + p.offer_sentiment * s.sentiment), 0.0)


def sell_firms(rules: Rules, s: State, who: NDArray[np.bool_], books: Books, stock: bool) -> State:
    """Sell firms, one after the other in order of row, to the firm that can best afford them.

    For cash, the price goes from the buyer to the shareholders (the account *investors*), and the founders' part of it
    counts as paid to them. In a merger the partner issues stock, so no money flows and the founders' part, with a gain
    for the union, counts as paid. Cash, debt, customers, half of the people and of the community and the better of
    both stocks of knowledge move. Where nobody can pay there is no sale.
    """
    p = rules.params
    price = offer(rules, s)
    names = ("debt", "paid_out", "status", "ended", *MOVED, "staff", "knowledge", "community", "due", "bill")
    a = {name: getattr(s, name).copy() for name in names}
    for f in range(s.cash.shape[0]):
        games = np.nonzero(who[f] & (a["status"][f] == 0))[0]
        if not len(games):
            continue
        active = a["status"][:, games] == 0
        # What the quarter has brought so far counts.
        cash = s.cash[:, games] + np.add.reduce(books.lines[:, :, games], axis=0)
        if stock:
            wealth = np.where(active & (rules.traits.cloud == 0), s.equity[:, games], -1.0)
        else:
            wealth = np.where(active, cash / 100.0, -1.0)
        wealth[f] = -1.0
        buyer = np.argmax(wealth, axis=0)
        places = np.arange(len(games))
        deal = wealth[buyer, places] > (0.0 if stock else price[f, games])
        g, b = games[deal], buyer[deal]
        rest = cash[f, deal]
        if stock:
            paid = s.founders[f, g] * s.equity[f, g] * (1.0 + p.merger_gain)
        else:
            paid = s.founders[f, g] * price[f, g]
            books.post_at("sale", (b, g), -price[f, g], "investors")
        a["paid_out"][f, g] += fen(paid)
        # The seller's cash, with whatever this quarter has brought so far, goes over with it.
        books.move_at("sale", (f, g), (b, g), rest)
        a["debt"][b, g] += a["debt"][f, g]
        a["debt"][f, g] = 0
        for name in MOVED:
            a[name][b, :, g] += a[name][f, :, g]
            a[name][f, :, g] = 0.0
        a["knowledge"][b, :, g] = np.maximum(a["knowledge"][b, :, g], a["knowledge"][f, :, g])
        a["staff"][b, :, g] += a["staff"][f, :, g] // 2
        a["staff"][f, :, g] = 0
        a["community"][b, g] += p.acquired_community * a["community"][f, g]
        for name in ("due", "bill"):
            a[name][b, :, :, g] += a[name][f, :, :, g]
            a[name][f, :, :, g] = 0.0
        a["status"][f, g] = 3 if stock else 2
        a["ended"][f, g] = s.quarter
    return s.evolve(**a)


def strained(rules: Rules, s: State) -> NDArray[np.bool_]:
    """(F, G) firms whose cash and contracted revenue do not cover what next quarter takes anyway."""
    return s.alive & (s.cash / 100.0 + contracted(rules, s) - committed(rules, s) < 0)


def bankrupt(s: State, warned: NDArray[np.bool_], books: Books) -> State:
    """Overdrawn a quarter after a distress card: bankrupt; what is missing is written off by lenders.

    An overdraft without warning is always granted for one quarter. Called before the books are closed.
    """
    f, g = np.nonzero(s.alive & warned)
    closing = s.cash[f, g] + np.add.reduce(books.lines[:, f, g], axis=0)
    under = closing < 0
    if not under.any():
        return s
    gone = np.zeros(warned.shape, dtype=bool)
    gone[f[under], g[under]] = True
    missing = np.zeros(warned.shape, dtype=np.int64)
    missing[f[under], g[under]] = -closing[under]
    books.post_fen("sale", missing, "lenders")
    none = gone[:, None]
    return s.evolve(
        debt=np.where(gone, 0, s.debt), status=np.where(gone, 1, s.status).astype(np.int8),
        ended=np.where(gone, s.quarter, s.ended).astype(np.int16), equity=np.where(gone, 0.0, s.equity),
        staff=np.where(none, 0, s.staff).astype(np.int32), hiring=np.where(none, 0, s.hiring).astype(np.int32),
    )


def bin_offsets(rules: Rules) -> Array:
    """(BINS, 1) shortfall of each quality bin behind the best open model while that stands still."""
    return (np.arange(BINS, dtype=np.float64)[:, None] - (BINS - 1) / 2.0) * rules.params.fringe_spread


def fringe(rules: Rules, s: State, fall: Array, advance: Array, draws: QuarterDraws) -> State:
    """Entry and exit of the hundred-odd other models.

    Exit is a hazard in the fall of prices over the last two quarters and in the gap to the best open model, over bins
    of quality (Klepper 1996); bins fall behind as the open frontier moves and catch up only in part. ``fall`` (G) is
    the fall of the third-lowest log price, ``advance`` (G) that of the open frontier's capability this quarter. The
    fringe takes developers through the outside good (`choice.outside_utility`) and investors' attention
    (`finance.expected_fill`).
    """
    p = rules.params
    shock = p.shock_memory * s.price_shock + np.maximum(fall, 0.0)
    offset = bin_offsets(rules)
    gap = s.fringe_gap + np.maximum(advance, 0.0)
    gap = gap - p.fringe_catch_up * (gap - offset)
    logit = (
        p.fringe_base
        + p.fringe_gap * gap
        + p.fringe_price * np.maximum(shock - p.shock_floor, 0.0)
        - p.fringe_sentiment * (s.sentiment - p.fringe_calm)
        + p.fringe_noise * draws["fringe"]
    )
    leave = s.fringe * logistic(logit)
    return s.evolve(
        fringe=s.fringe - leave + p.fringe_entry[s.quarter] / BINS, fringe_gap=gap, exits=s.exits + osum(leave),
        price_shock=shock,
    )

