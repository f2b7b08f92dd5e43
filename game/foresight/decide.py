"""Who decides for a firm that no human runs, planners included: the one call for tables and laboratories."""

from __future__ import annotations

from typing import Final

from game.engine.numeric import Array
from game.engine.rules import Rules
from game.engine.state import State
from game.engine.view import Public, observe, publish
from game.foresight.planner import Constrain, plan_all
from game.policies import POLICIES
from game.policies import decide_all as _decide

PLANNER: Final = "planner"
NAMES: Final = (*POLICIES, PLANNER)
"""Every policy by name, weakest intent first."""


def decide_all(
    rules: Rules, state: State, seats: tuple[str, ...], public: Public | None = None, skip: tuple[int, ...] = (), *,
    constrain: Constrain | None = None,
) -> Array:
    """Decisions (levers, F, G) of all firms by the policy named for each; rows in ``skip`` keep their standing levers.

    As `game.policies.decide_all`, and knows ``planner``; ``constrain`` binds the plans that planners weigh. People's
    seats are those in ``skip``; planners take them for ``reactive``. Raises KeyError for a policy that does not exist.
    """
    thinking = tuple(f for f, name in enumerate(seats) if name == PLANNER and f not in skip)
    if not thinking:
        named = tuple("default" if name == PLANNER else name for name in seats)
        return _decide(rules, state, named, public, skip)
    shown = public or publish(rules, state)
    named = tuple("default" if name == PLANNER else name for name in seats)
    out = _decide(rules, state, named, shown, (*skip, *thinking))
    field = tuple("reactive" if f in skip or name == PLANNER else name for f, name in enumerate(seats))
    for g in range(state.games):
        one = state.take([g])
        public_one = publish(rules, one)
        views = [observe(rules, one, (f,), public_one) for f in thinking]
        out[:, list(thinking), g] = plan_all(rules, views, field, constrain=constrain)
    return out
