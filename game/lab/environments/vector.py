"""One firm in many games at once, as Gymnasium has it: whole batches through the engine, no loop over games.

A batch of the engine is at one quarter. Games end at different times and begin again at once, so the games are kept in
cohorts that began together: all in one at first, never more than the scenario has quarters. Results do not depend on
it: each game is bit for bit the one that `game.lab.environments.single.MarketEnv` plays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from game.engine.names import LEVERS
from game.engine.state import State
from game.lab.environments.actions import decode
from game.lab.environments.arena import episode, found, quarter_name
from game.lab.environments.observations import Frozen
from game.lab.environments.single import action_box, observation_box

if TYPE_CHECKING:
    from game.content import Content

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cohort:
    """Games that began together."""

    rows: NDArray[np.int64]
    """Which of the environment's games they are."""
    state: State


class MarketVectorEnv(VectorEnv[Frozen, NDArray[np.float32], NDArray[Any]]):
    """``num_envs`` games of the player's firm against policies.

    Arguments are those of `game.lab.environments.arena.found`. A game that has ended begins again with the next step,
    whose action for it counts for nothing and whose reward is 0 (autoreset mode ``NEXT_STEP``). ``reset(seed=7)`` seeds
    the games 7, 8, 9 ...; a list gives each its own, None for the next episode. The episodes of a game are seeded as in
    `MarketEnv`, whose infos these are as arrays.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": [], "autoreset_mode": AutoresetMode.NEXT_STEP,
    }  # fmt: skip

    def __init__(
        self, num_envs: int = 1, scenario: str = "war", background: str = "lab-spin-off", difficulty: str = "manager",
        assume: str = "none", rivals: str | Sequence[str] | None = None, content: Content | str | Path | None = None,
        render_mode: None = None,
    ) -> None:  # fmt: skip
        if num_envs < 1:
            raise ValueError(f"{num_envs} games cannot be played; num_envs must be at least 1")
        self.arena = found(scenario, background, difficulty, assume, rivals, content)
        self.num_envs, self.render_mode = num_envs, render_mode
        self.observation_names = self.arena.layout.names
        self.single_observation_space = observation_box(self.arena.layout.size)
        self.single_action_space = action_box()
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._seeds, self._episodes = [""] * num_envs, [0] * num_envs
        self._games = [""] * num_envs
        self._cohorts: list[Cohort] = []
        self._ended: Bools = np.zeros(num_envs, dtype=bool)

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Frozen, dict[str, Any]]:
        """Begin all games; see the class. Raises ValueError for a list of seeds of another length."""
        super().reset(seed=seed if isinstance(seed, int | None) else None)
        given = [seed + row if seed is not None else None for row in range(self.num_envs)] if isinstance(
            seed, int | None) else list(seed)
        if len(given) != self.num_envs:
            raise ValueError(f"{len(given)} seeds do not fit {self.num_envs} games")
        for row, one in enumerate(given):
            self._next(row, one)
        self._ended = np.zeros(self.num_envs, dtype=bool)
        self._cohorts = [self._begin(np.arange(self.num_envs))]
        return self._gather()

    def step(self, actions: NDArray[Any]) -> tuple[Frozen, NDArray[np.float64], Bools, Bools, dict[str, Any]]:
        """Play a quarter of every game, or begin it again where it has ended.

        Raises ValueError for actions of another shape or not-a-number, `gymnasium.error.ResetNeeded` before the first
        ``reset``.
        """
        if not self._cohorts:
            raise ResetNeeded("no game is being played; call reset() first")
        wanted = np.asarray(actions, dtype=np.float64)
        if wanted.shape != (self.num_envs, len(LEVERS)):
            raise ValueError(f"actions of shape {wanted.shape} do not fit; {(self.num_envs, len(LEVERS))} are wanted")
        reward = np.zeros(self.num_envs)
        gone, over = np.zeros(self.num_envs, dtype=bool), np.zeros(self.num_envs, dtype=bool)
        again = np.nonzero(self._ended)[0]
        cohorts = []
        for cohort in self._running():
            rows, before = cohort.rows, cohort.state
            after = self.arena.play(before, decode(self.arena.look(before), wanted[None, rows]))
            reward[rows] = (self.arena.score(after) - self.arena.score(before))[0]
            gone[rows] = self.arena.gone(after)[0]
            over[rows] = ~gone[rows] & (after.quarter >= self.arena.end)
            cohorts.append(Cohort(rows, after))
        if len(again):
            for row in again:
                self._next(int(row), None)
            cohorts.append(self._begin(again))
        self._cohorts, self._ended = cohorts, gone | over
        observation, infos = self._gather()
        return observation, reward, gone, over, infos

    def _running(self) -> list[Cohort]:
        """The cohorts without the games that have ended."""
        left = []
        for cohort in self._cohorts:
            keep = np.nonzero(~self._ended[cohort.rows])[0]
            if len(keep) == len(cohort.rows):
                left.append(cohort)
            elif len(keep):
                left.append(Cohort(cohort.rows[keep], cohort.state.take(keep)))
        return left

    def _next(self, row: int, seed: int | None) -> None:
        """Name the next game of a row."""
        if seed is not None:
            self._seeds[row], self._episodes[row] = str(seed), 0
        elif not self._seeds[row]:
            self._seeds[row] = str(self.np_random.integers(10**9))
        else:
            self._episodes[row] += 1
        self._games[row] = episode(self._seeds[row], self._episodes[row])

    def _begin(self, rows: NDArray[np.int64]) -> Cohort:
        return Cohort(rows, self.arena.begin([self._games[row] for row in rows]))

    def _gather(self) -> tuple[Frozen, dict[str, Any]]:
        """Observations (games, K) and infos of all cohorts, each game in its row."""
        observation: Frozen = np.empty(self.observation_space.shape or (), dtype=np.float32)
        infos: dict[str, Any] = {"game": np.array(self._games, dtype=object)}
        for cohort in self._cohorts:
            observation[cohort.rows] = self.arena.layout.encode(self.arena.look(cohort.state))[0]
            facts = {name: values[0] for name, values in self.arena.facts(cohort.state).items()}
            quarter = np.full(len(cohort.rows), quarter_name(cohort.state))
            for name, values in {"quarter": quarter, **facts}.items():
                kind = values.dtype if values.dtype.kind in "if" else object
                infos.setdefault(name, np.empty(self.num_envs, dtype=kind))[cohort.rows] = values
        for name in list(infos):
            infos[f"_{name}"] = np.ones(self.num_envs, dtype=bool)
        return observation, infos
