"""A scenario in two rounds: first each team in a market of its own, then all of them at one table with what their firms
have become.

A round is a market of its own: the same rules over some of the scenario's quarters. What the second one begins in is a
state in the head of its run, made by `merge_round` from the ends of the first; its rules know only the *middle state*,
which is the same for everybody and public (policies in every seat, under luck that has nothing to do with the room's),
so that forecasts of its first quarter know nothing of what other teams bring.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from game.content import Content
from game.content.vocabulary import parse_quarter
from game.engine.draws import seed_array, seed_words
from game.engine.outside import seat_firms
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import State, pack, unpack
from game.foresight.decide import decide_all
from game.table.contract import SLOW
from game.table.errors import RunError
from game.table.lines import Head, Parent, pack_state, unpack_state
from game.table.market import EngineMarket
from game.table.runfile import RunFile

if TYPE_CHECKING:
    from game.table.table import Table

WHOLE, FIRST, SECOND = 0, 1, 2
"""Rounds: the whole scenario in one piece, the quarters before its middle, those from it on."""
STAND_IN: Final = "reactive"
"""Plays every people's firm, and rivals that would think too long, up to the middle state."""


def round_rules(content: Content, scenario: str, number: int, rules: Rules, difficulty: str) -> Rules:
    """The rules of one round. Raises ValueError where the scenario has no such round."""
    if number == WHOLE:
        return rules
    plan = content.scenarios[scenario]
    if number not in (FIRST, SECOND) or plan.middle is None:
        raise ValueError(f"{scenario} has no round {number}")
    before = parse_quarter(plan.middle) - rules.first
    if number == FIRST:
        return dataclasses.replace(rules, quarters=before)
    middle = pack(middle_state(content, rules, before, difficulty))
    return dataclasses.replace(rules, first=rules.first + before, quarters=rules.quarters - before, start=middle)


def round_of(content: Content, head: Head) -> int:
    """The round that a run's head tells of; `WHOLE` for anything that is none, which then does not fit its market."""
    plan = content.scenarios[head.scenario]
    if plan.middle is None:
        return WHOLE
    first, middle = parse_quarter(plan.first), parse_quarter(plan.middle)
    rounds = {(first, middle - first): FIRST, (middle, first + plan.quarters - middle): SECOND}
    return rounds.get((head.first, head.quarters), WHOLE)


def middle_state(content: Content, rules: Rules, quarters: int, difficulty: str) -> State:
    """The public state after so many quarters: reactive firms in people's seats, the level's rivals (reactive too where
    those would plan), under a seed made from the firms' place alone. Desks are clear."""
    rivals = content.difficulties[difficulty].policy
    seats = (STAND_IN,) * rules.firms if rivals in SLOW else tuple(
        rivals if name in content.rivals else STAND_IN for name in rules.names
    )  # fmt: skip
    state = begin(rules, seed_array([seed_words(f"middle/{rules.first}/{quarters}")]))
    for _ in range(quarters):
        state, _ = play_quarter(rules, state, decide_all(rules, state, seats))
    return cleared(state)


def cleared(state: State) -> State:
    """No card on any desk, none announced, no guidance given: a new round draws its own."""
    none = np.full_like(state.card, -1)
    return state.evolve(card=none, coming=none, guidance=np.full_like(state.guidance, np.nan))


def merged(market: EngineMarket, seed: str, firms: Sequence[tuple[State, int]]) -> bytes:
    """The opening of the second round, as a head holds it: each of ``firms`` (state at the end of the first round, row)
    in the row of its place, all others as the middle state has them, under ``seed`` (32 hex digits).

    See `game.engine.outside.seat_firms` for what comes along. Raises ValueError for firms of another scenario or time.
    """
    rules = market.source
    if rules.start is None or len(firms) != len(market.backgrounds):
        raise ValueError("a second round seats one firm a background in its middle state")
    base = unpack(rules.start)
    seated = seat_firms(rules, base, [(cleared(s), row, into) for into, (s, row) in enumerate(firms)])
    words = seed_array([(int(seed[:16], 16), int(seed[16:], 16))])
    return pack_state(pack(begin(dataclasses.replace(rules, start=pack(seated)), words)))


def merge_round(
    market: EngineMarket, teams: Sequence[tuple[Table, int]], seats: Mapping[int, str], *, seed: str,
    created: str = "", path: Path | None = None, salt: Callable[[], str] = lambda: secrets.token_hex(16), **more: Any,
) -> Table:  # fmt: skip
    """The table of the second round: the firm of each team (its table of the first round, and its row there) takes the
    row of its place in ``market`` (`game.table.local.room_market` with ``round=2`` and the teams' backgrounds in this
    order).

    A firm that went bankrupt comes as it is, for its people may found again. ``seats`` and ``more`` are those of
    `Table.new`; the table is played to the end. Raises ValueError for tables that do not stand at the middle of the
    same scenario, level and assumptions, or whose firms do not fit ``market``.
    """
    from game.table.table import Table

    first = market.first
    for place, (table, row) in enumerate(teams):
        head = table.head
        same = (head.scenario, head.difficulty, head.assume, head.digest) == (
            market.scenario, market.difficulty, market.assume, market.digest
        )  # fmt: skip
        backgrounds = head.backgrounds
        if not same or table.head.first + table.played != first or row >= len(backgrounds):
            raise ValueError("the first round has not been played to its end in the same scenario")
        if place >= len(market.backgrounds) or backgrounds[row] != market.backgrounds[place]:
            raise ValueError(f"place {place} is not for a firm of background {backgrounds[row]}")
    words = market.seed(seed)
    opening = merged(market, words, [(table.state, row) for table, row in teams])
    parents = [Parent(table.record.run().checksums[-1], first) for table, _ in teams]
    return Table.new(
        market, seats, seed=seed, created=created, path=path, salt=salt, opening=opening, parents=parents,
        to_the_end=True, **more,
    )  # fmt: skip


def descends(market: EngineMarket, run: RunFile, parents: Sequence[tuple[RunFile, int]]) -> bool:
    """Whether a run of the second round begins in what these runs of the first (and rows in them) had come to, in this
    order: the state in its head worked out again.

    ``Head.parents`` names the runs as the room kept them; one that was sealed anew since (for a team of its own) has
    other checksums, so they are not compared. Nothing here checks the runs of the first round; `replay` does.
    """
    played = [market.first - parent.head.first for parent, _ in parents]
    if any(market.digest != p.digest or not 0 < n <= len(p.quarters) for (p, _), n in zip(parents, played, strict=True)):
        return False
    try:
        states = [(market.unpack(p.state(n), market.deck), row) for (p, row), n in zip(parents, played, strict=True)]
        return unpack_state(merged(market, run.head.seed, states)) == unpack_state(run.head.opening)
    except (ValueError, RunError):
        return False

