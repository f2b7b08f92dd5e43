"""Several people's firms at one table of a scenario that begins later: each in its own background's start state."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from game.content import Content
from game.content.starts import start_state
from game.engine.outside import seat_firms
from game.engine.rules import Rules
from game.engine.state import State, pack, unpack


def seat_starts(content: Content, scenario: str, backgrounds: Sequence[str], rules: Rules) -> Rules:
    """``rules`` that begin with every background's own firm in its row.

    Start states hold one such firm in row 0 and the rivals after it. The market, and the rivals as far as there is room
    for them, are those of the first of the backgrounds in content's order, so that it does not matter who sits where.
    """
    present = set(backgrounds)
    states = {b: _start(content, scenario, b) for b in content.backgrounds if b in present}
    base = next(iter(states.values()))
    people = [(states[b], 0, row) for row, b in enumerate(backgrounds)]
    rivals = [(base, 1 + n, row) for n, row in enumerate(range(len(backgrounds), rules.firms))]
    return dataclasses.replace(rules, start=pack(seat_firms(rules, base, [*people, *rivals])))


def _start(content: Content, scenario: str, background: str) -> State:
    packed = start_state(content, scenario, background)
    if packed is None:
        raise ValueError(f"{scenario} begins fresh")
    return unpack(packed)
