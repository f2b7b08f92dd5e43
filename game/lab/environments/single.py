"""One firm in one game, as Gymnasium has it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import gymnasium
import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.spaces import Box
from numpy.typing import NDArray

from game.engine.names import LEVERS
from game.engine.numeric import Array
from game.engine.state import State
from game.lab.environments.actions import decode
from game.lab.environments.arena import episode, found, quarter_name
from game.lab.environments.observations import BOUND, Frozen

if TYPE_CHECKING:
    from game.content import Content


def observation_box(size: int) -> Box[np.float32]:
    """Space of one observation."""
    return Box(-BOUND, BOUND, (size,), np.float32)


def action_box() -> Box[np.float32]:
    """Space of one firm's actions."""
    return Box(-1.0, 1.0, (len(LEVERS),), np.float32)


class MarketEnv(gymnasium.Env[Frozen, NDArray[np.float32]]):
    """The player's firm against policies; a step is a quarter.

    Arguments are those of `game.lab.environments.arena.found`. ``reset(seed=7)`` begins the game that ``--seed 7``
    plays; each ``reset()`` after it begins the next, ``7.1``, ``7.2`` ...; ``reset(options={"game": "7.2"})`` begins
    the one named. Infos hold ``game``, ``quarter``, ``value`` (CNY), ``rank`` and ``status``.
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": []}  # type: ignore[misc]

    def __init__(
        self, scenario: str = "war", background: str = "lab-spin-off", difficulty: str = "manager",
        assume: str = "none", rivals: str | Sequence[str] | None = None, content: Content | str | Path | None = None,
        render_mode: None = None,
    ) -> None:  # fmt: skip
        self.arena = found(scenario, background, difficulty, assume, rivals, content)
        self.render_mode = render_mode
        self.observation_names = self.arena.layout.names
        self.observation_space = observation_box(self.arena.layout.size)
        self.action_space = action_box()
        self._seed, self._episode = "", 0
        self._state: State | None = None
        self._game = ""

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Frozen, dict[str, Any]]:
        """Begin a game; see the class."""
        super().reset(seed=seed)
        if seed is not None:
            self._seed, self._episode = str(seed), 0
        elif not self._seed:
            self._seed = str(self.np_random.integers(10**9))
        else:
            self._episode += 1
        self._game = str((options or {}).get("game") or episode(self._seed, self._episode))
        self._state = self.arena.begin([self._game])
        return self._observe(self._state)

    def step(self, action: NDArray[Any]) -> tuple[Frozen, float, bool, bool, dict[str, Any]]:
        """Play a quarter. Raises ValueError for an action of another shape or not-a-number."""
        wanted = np.asarray(action, dtype=np.float64)
        return self.step_levers(decode(self.arena.look(self.playing()), wanted[None, None])[:, 0, 0])

    def step_levers(self, levers: Array) -> tuple[Frozen, float, bool, bool, dict[str, Any]]:
        """As `step`, with levers in their own units (levers,), as policies give them."""
        before = self.playing()
        self._state = after = self.arena.play(before, np.asarray(levers, dtype=np.float64)[:, None, None])
        reward = float((self.arena.score(after) - self.arena.score(before))[0, 0])
        gone = bool(self.arena.gone(after)[0, 0])
        over = not gone and after.quarter >= self.arena.end
        observation, info = self._observe(after)
        return observation, reward, gone, over, info

    def playing(self) -> State:
        """The state, the whole of it: for tests and tools, never for an agent.

        Raises `gymnasium.error.ResetNeeded` before the first game and after the last quarter of one.
        """
        state = self._state
        if state is None or state.quarter >= self.arena.end or self.arena.gone(state)[0, 0]:
            raise ResetNeeded("no game is being played; call reset() first")
        return state

    def _observe(self, state: State) -> tuple[Frozen, dict[str, Any]]:
        facts = {name: values[0, 0].item() for name, values in self.arena.facts(state).items()}
        observation: Frozen = self.arena.layout.encode(self.arena.look(state))[0, 0]
        return observation, {"game": self._game, "quarter": quarter_name(state), **facts}
