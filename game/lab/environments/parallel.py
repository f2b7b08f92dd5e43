"""Several firms of one game at once, as PettingZoo has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.spaces import Box
from gymnasium.utils.seeding import np_random
from numpy.typing import NDArray
from pettingzoo import ParallelEnv  # type: ignore[import-untyped]

from game.engine.names import LEVERS
from game.engine.state import State
from game.engine.version import RULES_VERSION
from game.lab.environments.actions import decode
from game.lab.environments.arena import episode, found, quarter_name
from game.lab.environments.observations import Frozen
from game.lab.environments.single import action_box, observation_box

if TYPE_CHECKING:
    from game.content import Content

Infos = dict[str, dict[str, Any]]


class MarketParallelEnv(ParallelEnv[str, Frozen, NDArray[np.float32]]):  # type: ignore[misc]
    """Agents are ids of firms (``seat-1`` is the player's); all decide at once, a step is a quarter.

    ``agents`` names the firms run from outside, None for all; policies run the rest. The other arguments are those of
    `game.lab.environments.arena.found`, seeds and infos as in `MarketEnv`. An agent whose firm is gone is told once
    more and then leaves ``agents``; at the scenario's end all are truncated.
    """

    metadata: ClassVar[dict[str, Any]] = {
        "name": f"baimo_v{RULES_VERSION}", "render_modes": [], "is_parallelizable": True,
    }  # fmt: skip

    def __init__(
        self, scenario: str = "war", background: str = "lab-spin-off", difficulty: str = "manager",
        assume: str = "none", rivals: str | Sequence[str] | None = None, content: Content | str | Path | None = None,
        agents: Sequence[str] | None = None, render_mode: None = None,
    ) -> None:  # fmt: skip
        self.arena = found(scenario, background, difficulty, assume, rivals, content, agents)
        self.render_mode = render_mode
        self.possible_agents = [self.arena.rules.names[f] for f in self.arena.agents]
        self.agents: list[str] = []
        self.observation_names = self.arena.layout.names
        self.observation_spaces = {a: observation_box(self.arena.layout.size) for a in self.possible_agents}
        self.action_spaces = {a: action_box() for a in self.possible_agents}
        self._seed, self._episode, self._game = "", 0, ""
        self._state: State | None = None

    def observation_space(self, agent: str) -> Box[np.float32]:
        """Space of an agent's observations."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Box[np.float32]:
        """Space of an agent's actions."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Frozen], Infos]:
        """Begin a game; see `MarketEnv`."""
        if seed is not None:
            self._seed, self._episode = str(seed), 0
        elif not self._seed:
            self._seed = str(np_random()[0].integers(10**9))
        else:
            self._episode += 1
        self._game = str((options or {}).get("game") or episode(self._seed, self._episode))
        self._state = self.arena.begin([self._game])
        self.agents = self.possible_agents[:]
        return self._observe(self._state)

    def step(
        self, actions: Mapping[str, NDArray[Any]]
    ) -> tuple[dict[str, Frozen], dict[str, float], dict[str, bool], dict[str, bool], Infos]:
        """Play a quarter; everything returned is by agent, for those that were in ``agents``.

        Raises ValueError where an agent has no action, or one of another shape or not-a-number.
        """
        before = self._state
        if before is None or not self.agents:
            raise ResetNeeded("no game is being played; call reset() first")
        wanted = np.zeros((len(self.possible_agents), 1, len(LEVERS)))
        for row, agent in enumerate(self.possible_agents):
            if agent not in self.agents:
                continue
            action = np.asarray(actions[agent]) if agent in actions else None
            if action is None or action.shape != (len(LEVERS),):
                raise ValueError(f"{agent} needs an action of {len(LEVERS)} numbers, one a lever")
            wanted[row, 0] = action
        self._state = after = self.arena.play(before, decode(self.arena.look(before), wanted))
        earned = (self.arena.score(after) - self.arena.score(before))[:, 0]
        gone = self.arena.gone(after)[:, 0]
        over = ~gone & (after.quarter >= self.arena.end)
        rows = [(row, a) for row, a in enumerate(self.possible_agents) if a in self.agents]
        observations, infos = self._observe(after)
        rewards = {a: float(earned[row]) for row, a in rows}
        terminations = {a: bool(gone[row]) for row, a in rows}
        truncations = {a: bool(over[row]) for row, a in rows}
        self.agents = [a for row, a in rows if not gone[row] and not over[row]]
        return observations, rewards, terminations, truncations, infos

    def playing(self) -> State:
        """The state, the whole of it: for tests and tools, never for an agent."""
        if self._state is None:
            raise ResetNeeded("no game has been played; call reset() first")
        return self._state

    def render(self) -> None:
        """Nothing is drawn."""

    def close(self) -> None:
        """Nothing is held."""

    def _observe(self, state: State) -> tuple[dict[str, Frozen], Infos]:
        seen = self.arena.layout.encode(self.arena.look(state))
        facts = self.arena.facts(state)
        observations, infos = {}, {}
        for row, agent in enumerate(self.possible_agents):
            if agent in self.agents:
                observations[agent] = seen[row, 0]
                infos[agent] = {"game": self._game, "quarter": quarter_name(state),
                                **{name: values[row, 0].item() for name, values in facts.items()}}
        return observations, infos
