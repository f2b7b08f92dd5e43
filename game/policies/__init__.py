"""Who decides for a firm that no human runs: a batch of views in, a batch of decisions out, one call for all its firms.

Policies see views and nothing else. They are deterministic; `random` alone uses chance, from a purpose of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from game.engine.draws import Purpose, Words, slot_keys, uniforms, words
from game.engine.names import LEVERS
from game.engine.numeric import Array
from game.engine.rules import Rules
from game.engine.state import State
from game.engine.view import Public, View, observe, publish
from game.policies import default, random_walk, reactive, thumb

Policy = Callable[[Rules, View, Array], Array]
"""(rules, view, chance (K, N, G)) to levers (levers, N, G)."""

POLICIES: Final[dict[str, Policy]] = {
    "default": default.decide, "random": random_walk.decide, "thumb": thumb.decide, "reactive": reactive.decide,
}
"""Policies by name, weakest intent first."""


def chance(seed: Words, quarter: int, firms: tuple[int, ...]) -> Array:
    """(K, N, G) uniform numbers for policies, K = number of levers; a purpose of their own, so luck is untouched."""
    count = len(LEVERS)
    keys = slot_keys([(Purpose.POLICY, f * 64 + k) for k in range(count) for f in firms])
    return uniforms(words(seed, keys, quarter)).reshape(count, len(firms), -1)


def decide_all(
    rules: Rules, state: State, seats: tuple[str, ...], public: Public | None = None, skip: tuple[int, ...] = ()
) -> Array:
    """Decisions (levers, F, G) of all firms by the policy named for each; rows in ``skip`` keep their standing levers.

    Raises KeyError for a policy that does not exist.
    """
    shown = public or publish(rules, state)
    if len(set(seats)) == 1 and not skip and seats[0] != "random":
        view = observe(rules, state, tuple(range(len(seats))), shown)
        return POLICIES[seats[0]](rules, view, np.empty((0, len(seats), state.games)))
    out = state.levers.copy()
    for name in dict.fromkeys(seats):
        rows = tuple(i for i, n in enumerate(seats) if n == name and i not in skip)
        if not rows:
            continue
        view = observe(rules, state, rows, shown)
        luck = chance(state.seed, state.quarter, rows) if name == "random" else np.empty((0, len(rows), state.games))
        out[:, rows] = POLICIES[name](rules, view, luck)
    return out
