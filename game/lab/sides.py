"""One side of a comparison: rules with some numbers changed, and levers changed after a policy has decided."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from game.content import Content
from game.content.build import build_rules
from game.content.check_theses import LEVER_GROUPS, TRAITS
from game.content.contrasts import side_values
from game.content.resolve import parameter_values, route_index
from game.content.schema_theses import FirmChange, LeverChange, Side
from game.content.vocabulary import parse_quarter
from game.engine.names import LEVER, SEGMENTS, SOURCES
from game.engine.numeric import Array
from game.engine.rules import Opening, Rules, Traits
from game.engine.state import State

Group = TypeVar("Group", Traits, Opening)


@dataclass(frozen=True)
class Move:
    """A change of levers in rows: of ``levers`` for ``firms`` from quarter ``first`` on; exactly one of the rest."""

    levers: tuple[int, ...]
    firms: tuple[int, ...]
    first: int
    set: float | None
    times: float | None
    into: int | None


def firm_rows(rules: Rules, who: str) -> tuple[int, ...]:
    """Rows of the firms that a word stands for; the player sits in row 0. Raises KeyError for an unknown word."""
    cloud = rules.traits.cloud[:, 0] > 0
    every = range(rules.firms)
    groups = {
        "player": (0,), "rivals": tuple(every[1:]), "all": tuple(every),
        "clouds": tuple(f for f in every if cloud[f]), "startups": tuple(f for f in every if not cloud[f]),
    }
    if who in groups:
        return groups[who]
    if who not in rules.names:
        raise KeyError(who)
    return (rules.names.index(who),)


def side_rules(
    content: Content, side: Side, scenario: str = "war", background: str = "lab-spin-off", assume: str = "none"
) -> Rules:
    """Rules of a scenario with the numbers of one side. Raises KeyError for unknown ids."""
    rules = build_rules(content, scenario, [background], assume=assume)
    changed: dict[str, Any] = {
        name: np.array(value, dtype=np.float64) if isinstance(value, tuple) else float(value)
        for name, value in side_values(content, side, parameter_values(content, assume)).items()
    }
    params = dataclasses.replace(rules.params, **changed)
    traits, opening = rules.traits, rules.opening
    for change in side.firms:
        rows = list(firm_rows(rules, change.who))
        if change.field in TRAITS:
            traits = _firms(traits, change, rows)
        else:
            opening = _firms(opening, change, rows)
    return dataclasses.replace(rules, params=params, traits=traits, opening=opening)


def _firms(group: Group, change: FirmChange, rows: list[int]) -> Group:
    new = getattr(group, change.field).copy()
    if change.times is not None:
        new[rows] *= change.times
    elif isinstance(change.set, dict):
        names = SOURCES if change.field == "compute" else SEGMENTS
        if change.field == "focus":
            new[rows] = 0.0
        for entry, value in change.set.items():
            new[rows, names.index(entry)] = value
    elif change.set is not None:
        new[rows] = route_index(change.set)
    if change.field == "focus":
        total = np.add.accumulate(new[rows], axis=1)[:, -1:]
        new[rows] /= np.where(total > 0, total, 1.0)
    return dataclasses.replace(group, **{change.field: new})


def moves_of(rules: Rules, changes: list[LeverChange]) -> tuple[Move, ...]:
    """Changes of levers by row."""
    return tuple(
        Move(
            levers=tuple(LEVER[name] for name in LEVER_GROUPS.get(c.lever, (c.lever,))),
            firms=firm_rows(rules, c.who), first=parse_quarter(c.first) if c.first else 0,
            set=None if c.set is None else route_index(c.set), times=c.times,
            into=None if c.into is None else LEVER[c.into],
        )
        for c in changes
    )


def answers_of(rules: Rules, choices: Mapping[str, int]) -> tuple[tuple[int, int], ...]:
    """(row of the card, place of the choice) of what the player always answers; cards outside the scenario drop out."""
    rows = {card.id: index for index, card in enumerate(rules.cards)}
    return tuple((rows[label], number - 1) for label, number in choices.items() if label in rows)


def dealt_of(rules: Rules, deal: Mapping[str, str]) -> tuple[tuple[int, int], ...]:
    """(row of the card, quarter) of cards dealt to the player; cards outside the scenario drop out."""
    rows = {card.id: index for index, card in enumerate(rules.cards)}
    return tuple((rows[label], parse_quarter(quarter)) for label, quarter in deal.items() if label in rows)


def deal_cards(state: State, dealt: tuple[tuple[int, int], ...]) -> State:
    """The state with this quarter's dealt card on the player's desk, in place of whatever lay there."""
    for card, quarter in dealt:
        if quarter == state.quarter:
            desk = state.card.copy()
            desk[0] = np.where(state.alive[0], card, desk[0])
            state = state.evolve(card=desk)
    return state


def alter(state: State, asked: Array, moves: tuple[Move, ...], answers: tuple[tuple[int, int], ...]) -> Array:
    """Decisions (levers, F, G) that are carried out, from those ``asked`` for by the policies."""
    out = asked.copy()
    for move in moves:
        if state.quarter < move.first:
            continue
        at = np.ix_(move.levers, move.firms)
        if move.into is not None:
            moved = np.add.accumulate(out[at], axis=0)[-1]
            out[at] = 0.0
            out[move.into, list(move.firms)] += moved
        elif move.times is not None:
            out[at] *= move.times
        elif move.set is not None:
            out[at] = move.set
    for card, choice in answers:
        row = LEVER["card.choice"]
        out[row, 0] = np.where(state.card[0] == card, choice, out[row, 0])
    return out


def planned(state: State, asked: Array | None, moves: tuple[Move, ...]) -> State:
    """The state as policies see it: levers that a side changes stand where the policy last left them.

    Otherwise a multiple of a standing lever would be multiplied again every quarter.
    """
    if asked is None or not moves:
        return state
    levers = state.levers.copy()
    for move in moves:
        if state.quarter > move.first:
            rows = [*move.levers, *([] if move.into is None else [move.into])]
            at = np.ix_(rows, move.firms)
            levers[at] = asked[at]
    return state.evolve(levers=levers)
