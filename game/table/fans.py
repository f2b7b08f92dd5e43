"""What may come of a seat's draft, as bands of quantiles: `game.foresight.futures` as a message for the seat.

Everything is made from the seat's view. What every draft of a quarter has in common (the sample of states, the rivals'
first decisions, the luck) is made once a quarter and kept; a draft then costs the playing alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from game.engine.names import LEVER, SEGMENTS
from game.engine.numeric import Array
from game.engine.state import State
from game.engine.view import observe
from game.foresight.futures import FIRST, GAMES, Futures, Outlook, join, look, play_part
from game.foresight.views import sealed
from game.policies import answers
from game.table.wire import POINTS, WIRE_VERSION, Fans

if TYPE_CHECKING:
    from game.table.market import EngineMarket

TENTH: Final = 0.1


@dataclass(frozen=True)
class Prospect:
    """The outlook of one seat at one quarter, in the parts in which it is played."""

    state: State
    """The state it was seen in; held to tell whether it is still the one at hand, never read."""
    parts: list[Outlook]
    wanted: int


def prospect(market: EngineMarket, state: State, firm: int, seats: tuple[str, ...], games: int = GAMES) -> Prospect:
    """What all drafts of a seat have in common: some hundred milliseconds of work."""
    view = sealed(observe(market.source, state, (firm,)))
    return Prospect(state, look(market.source, view, seats, games).parts(FIRST), games)


def fans(
    market: EngineMarket, ahead: Prospect, firm: int, levers: Mapping[str, float],
    pause: Callable[[], None] = lambda: None,
) -> Iterator[Fans]:
    """Bands for the draft ``levers``: over the first part of the futures, then over all of them, then the same with the
    chance of ruin where no more money is found, over the first part.

    ``pause`` is called before every quarter that is played; what it raises ends the work.
    """
    plan = planned(market, ahead.state, firm, levers)
    done: list[Futures] = []
    for part in ahead.parts:
        done.append(play_part(market.source, part, plan, pause=pause))
        whole = banded(market, join(done), ahead.wanted)
        yield whole
    alone = play_part(market.source, ahead.parts[0], plan, pause=pause, unaided=True)
    yield msgspec.structs.replace(whole, unaided=float(alone.bankrupt[-1].mean()))


def planned(market: EngineMarket, state: State, firm: int, levers: Mapping[str, float]) -> Array:
    """(levers,) the plan that a draft is. A card or distress that is not answered yet is answered by default management,
    for a draft cannot be submitted without."""
    from game.table.market import array_of

    plan = array_of([market.complete(state, firm, levers)])[:, 0, 0]
    view = observe(market.source, state, (firm,))
    for name, waits, choose in (
        ("card.choice", bool(market.card(state, firm)), answers.choose_card),
        ("distress.choice", market.distressed(state, firm), answers.choose_distress),
    ):
        if waits and name not in levers:
            plan[LEVER[name]] = choose(market.source, view)[0, 0]
    return plan


def banded(market: EngineMarket, f: Futures, wanted: int) -> Fans:
    """Futures as bands."""
    rules = market.source
    sold = [v for v in range(len(SEGMENTS)) if rules.segments[v, 0]]
    games = f.cash.shape[-1]
    table = np.stack([f.cash, f.revenue, f.value, f.rank, *(f.share[:, v] for v in sold)])
    table.sort(axis=-1)
    bands = np.quantile(table, POINTS, axis=-1).transpose(1, 2, 0).tolist()
    lowest = max(round(TENTH * games), 1)
    return Fans(
        version=WIRE_VERSION, quarter=f.first, games=games, wanted=wanted, cash=bands[0], revenue=bands[1],
        value=bands[2], rank=bands[3], share={SEGMENTS[v]: band for v, band in zip(sold, bands[4:], strict=True)},
        bankrupt=f.bankrupt.mean(axis=-1).tolist(), worst=table[0, :, :lowest].mean(axis=-1).tolist(),
    )  # fmt: skip
