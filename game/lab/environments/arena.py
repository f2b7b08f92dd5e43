"""What the environments share: a table founded from ids of content, its seeds, steps and rewards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from game.content.problems import did_you_mean
from game.engine import derive
from game.engine.draws import seed_array, seed_words
from game.engine.names import STATUSES, quarter_label
from game.engine.numeric import Array, log
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import State
from game.engine.view import Public, View, observe, publish
from game.foresight.decide import NAMES, decide_all
from game.lab.environments.observations import UNIT, Layout

if TYPE_CHECKING:
    from game.content import Content


@dataclass(frozen=True, eq=False)
class Arena:
    """A table at which some firms are run from outside and policies run the rest."""

    rules: Rules
    policies: tuple[str, ...]
    """One a firm; those of firms run from outside are not asked."""
    agents: tuple[int, ...]
    """Rows of the firms run from outside."""

    @cached_property
    def layout(self) -> Layout:
        """Layout of observations."""
        return Layout(self.rules)

    @property
    def end(self) -> int:
        """Index of the quarter after the last."""
        return self.rules.first + self.rules.quarters

    def begin(self, games: Sequence[str]) -> State:
        """A batch of new games, one a seed; a seed is any text, as on the command line."""
        return begin(self.rules, seed_array([seed_words(game) for game in games]))

    def look(self, state: State, public: Public | None = None) -> View:
        """What the agents may know."""
        return observe(self.rules, state, self.agents, public)

    def play(self, state: State, decisions: Array) -> State:
        """The state after a quarter in which the agents take ``decisions`` (levers, N, G) and policies the rest."""
        public = publish(self.rules, state)
        levers = decide_all(self.rules, state, self.policies, public, self.agents)
        levers[:, list(self.agents)] = decisions
        return play_quarter(self.rules, state, levers)[0]

    def score(self, state: State) -> Array:
        """(N, G) ln(1 + value / 10 million CNY) of each agent; its change over a quarter is the reward."""
        return log(1.0 + derive.value(state)[list(self.agents)] / UNIT)

    def gone(self, state: State) -> NDArray[np.bool_]:
        """(N, G) agents that are bankrupt, acquired or merged."""
        gone: NDArray[np.bool_] = state.status[list(self.agents)] != 0
        return gone

    def facts(self, state: State) -> dict[str, NDArray[np.generic]]:
        """What goes beside an observation: value (CNY), rank and status of each agent (N, G)."""
        rows = list(self.agents)
        return {
            "value": derive.value(state)[rows], "rank": derive.ranks(state)[rows],
            "status": np.array(STATUSES)[state.status[rows]],
        }  # fmt: skip


def quarter_name(state: State) -> str:
    """Name of the quarter that is decided next."""
    return quarter_label(state.quarter)


def episode(seed: str, number: int) -> str:
    """Seed of the game of an episode: the ``number``-th after ``reset(seed=7)`` is ``7``, then ``7.1``, ``7.2`` ...

    Nothing is drawn, so that any episode can be played again by itself, on the command line too.
    """
    return f"{seed}.{number}" if number else seed


def found(
    scenario: str = "war", background: str = "lab-spin-off", difficulty: str = "manager", assume: str = "none",
    rivals: str | Sequence[str] | None = None, content: Content | str | Path | None = None,
    agents: Sequence[str] | None = ("seat-1",),
) -> Arena:
    """A table by ids of content.

    ``rivals`` is a policy for all firms or a list with one a firm in the table's order, by default the policy of the
    level of difficulty; ``content`` a loaded content or a folder laid over the shipped one; ``agents`` ids of the firms
    run from outside, None for all. Every lever is in an agent's hands, also where the scenario shows people five.
    Raises ValueError with one sentence for what does not exist, `ContentError` for content that cannot be used.
    """
    from game.content import Content
    from game.content.build import build_rules
    from game.content.starts import start_state

    book = content if isinstance(content, Content) else _load(str(content) if content is not None else None)
    known = {"scenario": (scenario, book.scenarios), "background": (background, book.backgrounds),
             "difficulty": (difficulty, book.difficulties), "assumptions overlay": (assume, book.assumptions)}
    for kind, (name, options) in known.items():
        _known(kind, name, list(options))
    start = start_state(book, scenario, background)
    rules = build_rules(book, scenario, [background], assume=assume, difficulty=difficulty, start=start)
    policy = book.difficulties[difficulty].policy if rivals is None else rivals
    policies = (policy,) * rules.firms if isinstance(policy, str) else tuple(policy)
    if len(policies) != rules.firms:
        raise ValueError(f"{len(policies)} policies do not fit {rules.firms} firms; name one for all, or one a firm")
    for name in policies:
        _known("policy", name, list(NAMES))
    wanted = rules.names if agents is None else tuple(agents)
    for name in wanted:
        _known("firm", name, list(rules.names))
    if not wanted or len(set(wanted)) < len(wanted):
        raise ValueError("agents must name at least one firm, and none twice")
    return Arena(rules, policies, tuple(f for f, name in enumerate(rules.names) if name in wanted))


@cache
def _load(overlay: str | None) -> Content:
    from game.content import load

    return load(overlay=Path(overlay) if overlay is not None else None)


def _known(kind: str, name: str, options: list[str]) -> None:
    if name not in options:
        raise ValueError(f"there is no {kind} {name!r}{did_you_mean(name, options)}")
