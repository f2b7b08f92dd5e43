"""The market as an environment for reinforcement learning: one firm, a batch of games, or every firm at once.

>>> from game.lab.environments import MarketEnv, MarketVectorEnv, MarketParallelEnv
>>> env = MarketEnv(scenario="price-war", difficulty="founder")  # Gymnasium: one firm, one game
>>> many = MarketVectorEnv(256)  # Gymnasium: one firm, 256 games in batches, each begun again when it ends
>>> war = MarketParallelEnv(agents=None)  # PettingZoo: every firm

Or by name: ``register()``, then ``gymnasium.make(NAME, scenario="price-war")`` or ``gymnasium.make_vec(NAME, ...)``.

An observation is the firm's view (`game.lab.environments.observations`), an action one number a lever
(`game.lab.environments.actions`), a step a quarter. The reward is the change of ln(1 + value / 10 million CNY), where
value is the founders' as in the game; the rewards of an episode and the starting value's score add up to the final
value's. An episode terminates when the firm is bankrupt, acquired or merged and is truncated at the scenario's end.
What is founded is the same in all three; `game.lab.environments.arena.found` lists the arguments.

The libraries come with the extra ``env`` and are imported with the class that needs them; `MissingLibrary` says which.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

from game.engine.version import RULES_VERSION
from game.lab.extras import MissingLibrary, library

if TYPE_CHECKING:
    from game.lab.environments.parallel import MarketParallelEnv
    from game.lab.environments.single import MarketEnv
    from game.lab.environments.vector import MarketVectorEnv

NAME: Final = f"Baimo-v{RULES_VERSION}"
"""Name for Gymnasium; the version is that of the rules."""
_HOMES: Final = {
    "MarketEnv": ("single", "gymnasium"), "MarketVectorEnv": ("vector", "gymnasium"),
    "MarketParallelEnv": ("parallel", "pettingzoo"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home, package = _HOMES[name]
    library("gymnasium", "gymnasium", "env")
    library(package, package, "env")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


def register() -> str:
    """Make `NAME` known to ``gymnasium.make`` and ``gymnasium.make_vec``; returns it. Again is no harm."""
    registry = library("gymnasium.envs.registration", "gymnasium", "env")
    if NAME not in registry.registry:
        registry.register(
            NAME, entry_point=f"{__name__}.single:MarketEnv", vector_entry_point=f"{__name__}.vector:MarketVectorEnv",
            disable_env_checker=True,
        )
    return NAME


__all__ = ["NAME", "MarketEnv", "MarketParallelEnv", "MarketVectorEnv", "MissingLibrary", "register"]
