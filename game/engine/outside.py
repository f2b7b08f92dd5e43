"""What is done to a table from outside between two quarters: a card is dealt to all, people found a firm again, firms
of other games take rows.

Nothing here is part of a quarter: `game.engine.play` never calls it, and a state to which none of it was done is as it
always was. Money is conserved to the fen: what comes in or leaves with a firm does so through the investors' account.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from game.engine.derive import NONE, capability, committed, median_price, open_efficiency, open_frontier
from game.engine.exits import strained
from game.engine.market import price_fall
from game.engine.names import ACCOUNTS
from game.engine.numeric import Array, fen, osum
from game.engine.rules import Rules
from game.engine.start import standing
from game.engine.state import ARRAYS, State, layout

_INVESTORS: Final = ACCOUNTS.index("investors")
_NO_CARD: Final = np.int16(-1)
_HELD: Final = ("customers", "hosted", "leads", "pilots")
"""Stocks of users that firms hold; each counts among the adopters of its segment."""


def _axes() -> dict[str, int]:
    one, two = layout(2, 5), layout(3, 5)
    found = {}
    for name in ARRAYS:
        for axis, (a, b) in enumerate(zip(one[name][0], two[name][0], strict=True)):
            if a != b:
                found[name] = axis
    return found


FIRM_AXIS: Final = _axes()
"""Axis of the firms of every array of a state that has one; the others belong to the market."""


def dealable(rules: Rules) -> tuple[str, ...]:
    """Ids of the cards that can be dealt to all: those with a choice that is open to everybody, whatever a firm is, and
    that follow no other card."""
    return tuple(c.id for c in rules.cards if c.after < 0 and any(not choice.requires for choice in c.choices))


def deal(rules: Rules, state: State, card: str) -> State:
    """``state`` with ``card`` on the desk of every firm that trades, to be answered this quarter.

    A card that lay there is put off to the next quarter where none is announced for it, and arrives with its usual
    odds; where one is announced already, or its own time or the scenario is over by then, it is lost. A card that
    comes once only and was announced comes now instead. Whether a firm has met the card before, or fulfils its
    conditions, does not matter, nor does the time it belongs to: it is dealt to all. Raises ValueError for a card that
    is not `dealable`.
    """
    if card not in dealable(rules):
        raise ValueError(f"{card} cannot be dealt to all")
    index = next(i for i, c in enumerate(rules.cards) if c.id == card)
    alive = state.alive
    coming = state.coming
    if rules.cards[index].once:
        coming = np.where(alive & (coming == index), _NO_CARD, coming)
    last = np.array([min(c.last, rules.last) for c in rules.cards])
    drawn = alive & (state.card >= 0) & (state.card != index)
    later = drawn & (coming < 0) & (last[np.maximum(state.card, 0)] > state.quarter)
    return state.evolve(
        card=np.where(alive, np.int16(index), state.card), coming=np.where(later, state.card, coming)
    )  # fmt: skip


def seat_firms(rules: Rules, base: State, places: Sequence[tuple[State, int, int]]) -> State:
    """``base`` with whole firms in place of some of its own: of each place (state, row, into_row) the firm ``row`` of
    ``state`` takes the row ``into_row``; every other row keeps the firm that ``base`` has there.

    A firm comes with everything that has a firms' axis: books, debts and contracts, capability, knowledge, people,
    cards seen, on the desk and to come, guidance and levers. The market (its luck, sentiment, compute price, fringe,
    users of open weights) stays that of ``base``. Where the firms together would hold more users of a segment than the
    firms of ``base`` did, all holdings are cut in the same proportion, for a market does not grow by having other
    firms in it; what is missing to them may adopt again. The third-lowest price that the market remembers, and who is
    in distress, are worked out anew from the books as they now stand. The difference in cash is the investors'.

    All states are batches of as many games, at the same quarter and with the same deck. Raises ValueError where they
    are not, where two firms want one row, or where a row of ``rules`` stays empty.
    """
    rows = rules.firms
    if len({into for _, _, into in places}) != len(places) or any(not 0 <= into < rows for _, _, into in places):
        raise ValueError("every firm needs a row of its own")
    sources: list[tuple[State, int]] = [(base, f) for f in range(rows)]
    for state, row, into in places:
        sources[into] = (state, row)
    for state, row in sources:
        if state.quarter != base.quarter or state.games != base.games or state.seen.shape[0] != base.seen.shape[0]:
            raise ValueError("only states of the same quarter, batch and deck can share a table")
        if not 0 <= row < state.cash.shape[0]:
            raise ValueError(f"there is no firm in row {row}")
    new: dict[str, Any] = {
        name: np.ascontiguousarray(np.stack([getattr(s, name).take(row, axis=axis) for s, row in sources], axis=axis))
        for name, axis in FIRM_AXIS.items()
    }  # fmt: skip
    held, wanted = _held(_stocks(base)), _held(new)
    scale = np.where(wanted > held, held / np.where(wanted > held, wanted, 1.0), 1.0)
    for name in _HELD:
        new[name] = new[name] * scale
    accounts = base.accounts.copy()
    accounts[_INVESTORS] -= np.add.reduce(new["cash"], axis=0) - np.add.reduce(base.cash, axis=0)
    adopters = np.maximum(base.adopters + (_held(new) - held), 0.0)
    seated = base.evolve(**new, accounts=accounts, adopters=adopters)
    third, _ = price_fall(seated)
    seated = seated.evolve(price_third=third)
    return seated.evolve(distress=strained(rules, seated))


def _stocks(s: State) -> dict[str, Array]:
    return {name: getattr(s, name) for name in _HELD}


def _held(stocks: dict[str, Array]) -> Array:
    """(V, G) users of each segment that firms hold in any way."""
    total = osum(stocks[_HELD[0]])
    for name in _HELD[1:]:
        total = total + osum(stocks[name])
    return total


# a second firm -----------------------------------------------------------------------------------------------------

SECOND_SIZE: Final = 0.25
"""People, machines and what is kept of the first firm's knowledge, as share of what the background began with or had."""
SECOND_RUNWAY: Final = 4.0
"""Quarters of wages, machines and fixed cost that investors put in."""
SECOND_SHARE: Final = 0.5
"""Founders' share, trust and credibility, as share of what the background began with: investors have lost once."""
_OPENING_TERM: Final = 3
"""Quarters for which the machines of a new firm are under contract, as on the first day of a scenario."""


class Terms(NamedTuple):
    """On what the people of a bankrupt firm may found a second one; every field is (G)."""

    cash: Array
    """CNY that investors put in."""
    founders_share: Array
    capability: Array
    """0..1, that of the best open model of the day."""
    people: Array
    machines: Array
    """PFLOP/s under contract."""


def may_found_again(state: State, firm: int) -> bool:
    """Whether ``firm`` is bankrupt in every game of the batch: who was bought or merged has been paid out."""
    return 0 <= firm < state.status.shape[0] and bool((state.status[firm] == 1).all())


def reentry_terms(rules: Rules, state: State, firm: int) -> Terms:
    """What a second firm in row ``firm`` would begin with now. Raises ValueError where it may not be founded."""
    new = found_again(rules, state, firm)
    return Terms(
        new.cash[firm] / 100.0, new.founders[firm], capability(rules, new.lnc[firm]),
        np.add.reduce(new.staff[firm], axis=0).astype(np.float64), osum(new.due[firm, :, 0]),
    )  # fmt: skip


def found_again(rules: Rules, state: State, firm: int) -> State:
    """``state`` with a small new firm in place of the bankrupt one in row ``firm``.

    It is founded on the best open model of the day and its efficiency, with a quarter of the people and machines that
    its background begins with and a quarter of what the first firm knew of its industries (it was in people's heads), at
    the median token price, with half of the usual share, trust and credibility, and with cash for a year of what it has
    to pay anyway, which comes from the investors' account; it is worth what they paid for their share. Debts died with
    the first firm, its releases, community and users are gone: those who still had not chosen again may adopt again,
    those who run its weights themselves go on. What the background gives for good it gives again. The price that the
    market remembers is worked out anew. Raises ValueError for a firm that is not bankrupt.
    """
    if not may_found_again(state, firm):
        raise ValueError(f"firm {firm} is not bankrupt")
    o, g = rules.opening, state.games
    row = np.zeros(g)
    machines = SECOND_SIZE * o.compute[firm]  # (S, 1)
    due = np.zeros(state.due.shape[1:])
    due[:, :_OPENING_TERM] = machines[:, None]
    bill = due * state.compute_price * rules.params.source_price[:, None, None]
    people = np.repeat(np.ceil(SECOND_SIZE * o.staff[firm]), g, axis=-1)
    token = median_price(state)
    price = np.stack([
        np.where(np.isfinite(token), token, o.price_token[firm]), row + o.price_app[firm], row + o.price_solution[firm]
    ])  # fmt: skip
    values: dict[str, Any] = {
        "debt": 0, "paid_out": 0, "status": 0, "ended": -1, "founders": SECOND_SHARE * o.founders_share[firm],
        "lnc": open_frontier(rules, state), "lne": open_efficiency(rules, state), "released": NONE,
        "safety": o.safety[firm], "trust": SECOND_SHARE * o.trust[firm], "community": 0.0,
        "credibility": SECOND_SHARE * o.credibility[firm], "research_capital": 0.0, "equity": 0.0, "revenue": 0.0,
        "revenue_before": 0.0, "cost": 0.0, "margin": 0.0, "unserved": 0.0, "utilisation": 0.0, "volume": 0.0,
        "raised": 9.0, "tender_value": 0.0, "tender_count": 0.0, "route": o.route[firm], "distress": False,
        "price": price, "price_before": price, "customers": 0.0, "hosted": 0.0, "leads": 0.0, "pilots": 0.0,
        "knowledge": SECOND_SIZE * state.knowledge[firm], "habit": 0.0, "signed": 0.0, "started": 0.0,
        "staff": people, "hiring": 0, "due": due, "bill": bill, "card": _NO_CARD, "coming": _NO_CARD, "shifts": 0.0,
        "guidance": np.nan,
    }  # fmt: skip
    new = {name: _with_row(state, name, firm, value) for name, value in values.items()}
    lost = state.customers[firm] + state.leads[firm] + state.pilots[firm]
    s = state.evolve(
        **new, adopters=np.maximum(state.adopters - lost, 0.0), outside=state.outside + state.hosted[firm]
    )  # fmt: skip
    paid = fen(SECOND_RUNWAY * committed(rules, s)[firm])
    accounts = state.accounts.copy()
    accounts[_INVESTORS] -= paid
    cash = _with_row(s, "cash", firm, s.cash[firm] + paid)
    s = s.evolve(cash=cash, cash_before=_with_row(s, "cash_before", firm, cash[firm]), accounts=accounts)
    # Post-money value of that round: what investors paid for their share.
    worth = paid / 100.0 / (1.0 - s.founders[firm])
    third, _ = price_fall(s)
    s = s.evolve(equity=_with_row(s, "equity", firm, worth), price_third=third)
    return s.evolve(levers=_with_row(s, "levers", firm, standing(rules, s)[:, firm]))


def _with_row(s: State, name: str, firm: int, value: Any) -> Any:
    """A copy of an array with one firm's part replaced."""
    array = getattr(s, name).copy()
    array[(slice(None),) * FIRM_AXIS[name] + (firm,)] = value
    return array
