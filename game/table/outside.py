"""What is done to a game from outside, applied the same way while it is played and when it is played again.

A quarter is played from the state at the end of the one before it, after (1) the cards planned for it were dealt to
every firm, and (2) what was done while it was open, in order: cards dealt live, firms founded again. A third act leaves
the state alone: default management decides for a firm whose people are absent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from game.table.contract import DEFAULT, Market, State
from game.table.lines import Dealt, FoundAgain, Head, Levers, Managed, Outside, Quarter, unpack_state


def begin(market: Market, head: Head) -> State:
    """State on the first day of a run: its opening, else what scenario and seed give.

    Raises ValueError for an opening that is no state of these rules.
    """
    if head.opening:
        return market.unpack(unpack_state(head.opening), head.deck)
    return market.begin(head.seed)


def opened(market: Market, head: Head, state: State, quarter: int) -> State:
    """``state`` once the cards planned for ``quarter`` lie on every desk. Raises ValueError for one that cannot."""
    for card in head.planned.get(quarter, ()):
        state = market.deal(state, card)
    return state


def acted(market: Market, state: State, acts: Sequence[Outside], *, other_rules: bool = False) -> State:
    """``state`` after what was done while the quarter was open. Raises ValueError for what could not be done; under
    ``other_rules`` than those it was done by, that is left out."""
    for act in acts:
        if isinstance(act, Dealt) and not (other_rules and act.card not in market.dealable):
            state = market.deal(state, act.card)
        elif isinstance(act, FoundAgain) and not (other_rules and not market.may_found_again(state, act.firm)):
            state = market.found_again(state, act.firm)
    return state


def managed(market: Market, state: State, firms: Collection[int]) -> dict[int, Levers]:
    """What default management decides for firms whose people are absent."""
    return market.decide(state, dict.fromkeys(firms, DEFAULT)) if firms else {}


def absent(acts: Sequence[Outside]) -> list[int]:
    """Firms for which default management decided."""
    return [act.firm for act in acts if isinstance(act, Managed)]


def refounded(quarters: Sequence[Quarter]) -> set[int]:
    """Firms that were founded again in any of these quarters."""
    return {act.firm for quarter in quarters for act in quarter.outside if isinstance(act, FoundAgain)}


def still_planned(head: Head, quarters: Sequence[Quarter], also: Mapping[int, Sequence[str]] = {}) -> dict[int, list[str]]:
    """The cards planned for a run that goes its own way before ``quarters``: those of the head, and after them those
    that were dealt live in these quarters (``also``: in the one at hand), for what comes from outside comes again."""
    planned = {quarter: list(cards) for quarter, cards in head.planned.items()}
    for line in quarters:
        for act in line.outside:
            if isinstance(act, Dealt):
                planned.setdefault(line.quarter, []).append(act.card)
    for quarter, cards in also.items():
        if cards:
            planned.setdefault(quarter, []).extend(cards)
    return planned


def problem(market: Market, state: State, acts: Sequence[Outside], people: Collection[int], before: set[int]) -> bool:
    """Whether acts on record are none that could have been done, in this order, to ``state`` (planned cards dealt).

    ``people`` are the firms that people run, ``before`` those founded again earlier.
    """
    again, gone = set(before), set[int]()
    for act in acts:
        if isinstance(act, Dealt):
            if gone or act.card not in market.dealable:
                return True
        elif isinstance(act, FoundAgain):
            if gone or act.firm not in people or act.firm in again or not market.may_found_again(state, act.firm):
                return True
            again.add(act.firm)
        elif act.firm not in people or act.firm in gone or not market.active(state, act.firm):
            return True
        else:
            gone.add(act.firm)
        state = acted(market, state, [act])
    return False
