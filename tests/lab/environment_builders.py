"""Playing environments for tests: actions that are the same every time, whole campaigns, and what was given."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

import numpy as np

from game.engine.names import LEVERS

QUARTERS = 8
SHORT: dict[str, Any] = {"scenario": "war"}
"""Founding of the environments tried here; `rich` makes it short."""
Env = TypeVar("Env")


def rich(env: Env) -> Env:
    """The same environment over `QUARTERS` quarters, every firm with fifty times the money to begin with.

    So tests that need a firm to live on do not hang on how the game is balanced.
    """
    rules = env.arena.rules  # type: ignore[attr-defined]
    opening = dataclasses.replace(rules.opening, cash=50.0 * rules.opening.cash)
    rules = dataclasses.replace(rules, quarters=QUARTERS, opening=opening)
    env.arena = dataclasses.replace(env.arena, rules=rules)  # type: ignore[attr-defined]
    return env


def careful(seed: int, step: int) -> np.ndarray:
    """An action near what stands: a rich firm lives on."""
    return np.random.default_rng([seed, step]).uniform(-0.1, 0.1, len(LEVERS)).astype(np.float32)


def bold(seed: int, step: int, games: int) -> np.ndarray:
    """Actions all over the range for many games: firms die early and late."""
    rng = np.random.default_rng([seed, step])
    width = np.linspace(0.1, 1.0, games)[:, None]
    return (width * rng.uniform(-1, 1, (games, len(LEVERS)))).astype(np.float32)


def episode(env: Any, seed: int) -> list[Any]:
    """All that a Gymnasium environment gives in one episode of `careful` actions."""
    given: list[Any] = [env.reset(seed=seed)]
    while True:
        given.append(env.step(careful(seed, len(given))))
        if given[-1][2] or given[-1][3]:
            return given


def campaign(env: Any, seed: int) -> list[Any]:
    """The same for a PettingZoo environment."""
    given: list[Any] = [env.reset(seed=seed)]
    while env.agents:
        actions = {a: careful(seed + row, len(given)) for row, a in enumerate(env.possible_agents) if a in env.agents}
        given.append(env.step(actions))
    return given


def stream(env: Any, seed: int, steps: int) -> list[Any]:
    """The same for a vector environment: ``steps`` steps, ends and new games included."""
    given: list[Any] = [env.reset(seed=seed)]
    for step in range(steps):
        # Copies: what is given may be a buffer that the next step fills.
        given.append(tuple(np.copy(x) if isinstance(x, np.ndarray) else x for x in env.step(
            bold(seed, step, env.num_envs))))
    return given


def same(a: Any, b: Any) -> bool:
    """Whether two things given are equal to the last bit."""
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return isinstance(b, list | tuple) and len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    return type(a) is type(b) and bool(np.array_equal(a, b))
