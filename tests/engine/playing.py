"""Playing games for tests: seeds, mixed fields, quiet rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from game.engine.draws import seed_array, seed_words
from game.engine.play import Ledger, play_quarter
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import State
from game.policies import decide_all

MIXED = ("thumb", "reactive", "random", "default")
"""Policies dealt round the table."""
FIRM_NOISE = ("fashion_noise", "research_noise", "raise_noise", "tender_noise", "benchmark_noise")
"""Parameters of the draws that are keyed by a firm's row."""

Decide = Callable[[Rules, State], np.ndarray]


def mixed(firms: int, policies: Sequence[str] = MIXED) -> tuple[str, ...]:
    """One policy a seat, dealt in turn."""
    return tuple(policies[i % len(policies)] for i in range(firms))


def opening(rules: Rules, seeds: Sequence[int | str]) -> State:
    """A batch of new games."""
    return begin(rules, seed_array([seed_words(s) for s in seeds]))


def step(rules: Rules, state: State, seats: tuple[str, ...]) -> tuple[State, Ledger]:
    """One quarter by policies."""
    return play_quarter(rules, state, decide_all(rules, state, seats))


def play(rules: Rules, seeds: Sequence[int | str], seats: tuple[str, ...], quarters: int | None = None) -> list[State]:
    """States of a batch from the opening on, one more than quarters played."""
    states = [opening(rules, seeds)]
    for _ in range(rules.quarters if quarters is None else quarters):
        states.append(step(rules, states[-1], seats)[0])
    return states


def with_params(rules: Rules, **values: object) -> Rules:
    """The same rules with some parameters replaced."""
    return dataclasses.replace(rules, params=dataclasses.replace(rules.params, **values))


def without_cards(rules: Rules) -> Rules:
    """The same rules with an empty deck."""
    return dataclasses.replace(rules, cards=())


def without_firm_noise(rules: Rules) -> Rules:
    """Rules in which no draw of a single firm matters, so that rows may be swapped."""
    return with_params(rules, **dict.fromkeys(FIRM_NOISE, 0.0))
