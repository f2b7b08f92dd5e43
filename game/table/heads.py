"""Heads of runs: written for a new game, and held against a market for an old one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from game.table.contract import HUMAN, Market
from game.table.errors import Foreign
from game.table.lines import FORBIDDEN, FORMAT, MARKED, PLAIN, Head, Parent
from game.table.runfile import RunFile


def new_head(
    market: Market, seats: Mapping[int, str], *, firm: int, seed: str, created: str, player: str,
    planned: Mapping[int, Sequence[str]], assignment: str, undo: str, opening: bytes, parents: Sequence[Parent],
    to_the_end: bool,
) -> Head:  # fmt: skip
    """The head of a new game; see `game.table.table.Table.new`. Raises ValueError as it does."""
    if sorted(seats) != list(range(len(market.firms))):
        raise ValueError("every firm needs someone who decides")
    if undo not in (MARKED, FORBIDDEN):
        raise ValueError(f"undo is {MARKED} or {FORBIDDEN}, not {undo}")
    for quarter, cards in planned.items():
        if not market.first <= quarter < market.first + market.quarters:
            raise ValueError(f"quarter {quarter} is none of the game's")
        if wrong := [card for card in cards if card not in market.dealable]:
            raise ValueError(f"{wrong[0]} cannot be dealt to all")
    new = to_the_end or opening or parents or any(planned.values())
    return Head(
        FORMAT if new else PLAIN, market.program, market.rules, market.digest, market.overlays, market.scenario,
        market.background, market.difficulty, market.assume, market.levers, market.seed(seed), seed, market.firms,
        [seats[f] for f in range(len(market.firms))], firm, market.first, market.quarters, market.deck, created, None,
        False, player, assignment, undo, {q: list(cards) for q, cards in sorted(planned.items()) if cards}, opening,
        list(parents), to_the_end,
    )  # fmt: skip


def digest_of(packed: bytes) -> str:
    """Digest of a packed state as runs keep it."""
    return hashlib.sha256(packed).hexdigest()


def deck_of(run: RunFile, played: int) -> list[str]:
    """The cards as the state after ``played`` quarters counts them."""
    deck = run.head.deck
    for before, rules in run.rules:
        if before < played:
            deck = rules.deck
    return deck


def check_content(market: Market, run: RunFile) -> None:
    """Whether a market is the one that a run was played in. Raises `Foreign` with the first thing that is not."""
    for what, theirs, ours in (
        ("scenario", run.head.scenario, market.scenario),
        ("background", run.head.background, market.background),
        ("difficulty", run.head.difficulty, market.difficulty),
        ("assumptions", run.head.assume, market.assume),
        ("content", run.head.levers, market.levers),
    ):
        if theirs != ours:
            raise Foreign(run.path.name, what, theirs)
    if len(run.quarters) > market.quarters:  # a forged record: the scenario has no such quarter
        raise Foreign(run.path.name, "scenario", run.head.scenario)
    if run.head.firms != market.firms:
        gone = [firm for firm in run.head.firms if firm not in market.firms]
        raise Foreign(run.path.name, "content", ", ".join(gone or run.head.firms))
    for quarter, cards in run.head.planned.items():
        for card in cards:
            if quarter >= run.head.first + len(run.quarters) and card not in market.dealable:
                raise Foreign(run.path.name, "content", card)
    for who in run.head.seats:
        if who != HUMAN and who not in market.policies:
            raise Foreign(run.path.name, "policy", who)
