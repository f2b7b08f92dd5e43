"""Campaigns measured from the player's seat, and the tasks that bring them about over all cores.

A task is a plain picklable value: what to play, where and on which seeds. `gather` splits tasks into batches, scatters
them and joins the results, so that measures that want the same campaigns share them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol, Self

import numpy as np

from game.content import Content
from game.content.build import build_rules
from game.content.load import load
from game.content.problems import ContentError, Problem
from game.content.starts import start_state
from game.engine import derive
from game.engine.draws import seed_array, seed_words
from game.engine.events import allowed, taken
from game.engine.numeric import Array
from game.engine.play import play_quarter
from game.engine.quantities import runway
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import State, unpack
from game.foresight.decide import PLANNER
from game.lab.balance.deciding import decide_bound
from game.lab.pool import scatter
from game.lab.statics import PLAYER

LEVEL: Final = "manager"
"""Level of the rivals in every measure (model: rivals)."""
BATCH: Final = {PLANNER: 2}
"""Games in one batch of a policy that thinks game by game; `CHEAP` for the rest."""
CHEAP: Final = 60
CHOICES: Final = 3
"""A card has at most as many."""


@cache
def content_of(overlay: str | None) -> Content:
    """The content under an overlay folder, read once a process."""
    return load(overlay=Path(overlay) if overlay else None)


@dataclass(frozen=True)
class Place:
    """Where a campaign is played: scenario, background and assumptions, by id, and an overlay folder or None."""

    scenario: str = "war"
    background: str = "lab-spin-off"
    assume: str = "none"
    overlay: str | None = None

    @property
    def rules(self) -> Rules:
        """The rules of the place at the level of the measures; the same object every time in a process."""
        return _rules(self)

    @property
    def rivals(self) -> str:
        """Policy of the rivals."""
        return content_of(self.overlay).difficulties[LEVEL].policy

    def __str__(self) -> str:
        return f"{self.scenario}/{self.background}/{self.assume}"


@cache
def _rules(place: Place) -> Rules:
    content = content_of(place.overlay)
    rules = build_rules(
        content, place.scenario, [place.background], assume=place.assume, difficulty=LEVEL,
        start=start_state(content, place.scenario, place.background),
    )  # fmt: skip
    if rules.start is not None and unpack(rules.start).seen.shape[0] != len(rules.cards):
        fault = "was made with another deck of cards; `baimo lab starts` makes it again"
        raise ContentError([Problem(f"starts/{place.scenario}.json", f"states.{place.background}", fault)])
    return rules


class Task(Protocol):
    """Something to measure that can be cut into pieces by seeds."""

    @property
    def place(self) -> Place:
        """Where."""

    def pieces(self) -> Sequence[Self]:
        """The same task in batches."""

    def run(self) -> Any:
        """Measure one piece."""

    def join(self, parts: Sequence[Any]) -> Any:
        """The result of the whole from those of its pieces, in order."""


def split_seeds(first: int, count: int, size: int) -> list[tuple[int, int]]:
    """(first, count) of batches of at most ``size`` seeds."""
    return [(first + i, min(size, count - i)) for i in range(0, count, size)]


@dataclass(frozen=True)
class Campaigns:
    """Player's seat by ``policy`` on ``count`` seeds from ``first``, under a restriction by name (see `deciding`)."""

    place: Place
    policy: str
    count: int
    first: int = 1
    restriction: str = ""

    def pieces(self) -> list[Campaigns]:
        """Batches of few games for policies that think long, of many for the others."""
        size = BATCH.get(self.policy, CHEAP)
        return [replace(self, first=a, count=n) for a, n in split_seeds(self.first, self.count, size)]

    def run(self) -> Record:
        """Play them."""
        return record(self)

    def join(self, parts: Sequence[Record]) -> Record:
        """One record of all seeds."""
        names = [n for n in Record.__dataclass_fields__ if n not in ("cards", "clouds", "first")]
        joined: dict[str, Any] = {n: np.concatenate([getattr(p, n) for p in parts], axis=-1) for n in names}
        return replace(parts[0], **joined)


@dataclass(frozen=True)
class Record:
    """S campaigns of Q quarters; money in CNY."""

    first: int
    """Index of the first quarter, from 2023Q1."""
    cards: tuple[str, ...]
    clouds: Array
    """(F,) 1 for cloud giants."""
    value: Array
    """(Q, S) of the player's seat."""
    runway: Array
    """(Q, S) quarters at the present burn; NaN once the firm is gone."""
    rank: Array
    """(Q, F, S) rank by value of every firm."""
    bankrupt: Array
    """(S,) 1 where the player went bankrupt."""
    ended: Array
    """(S,) quarter of the player's end, -1 where it trades on."""
    card: Array
    """(Q, S) card on the player's desk, -1 for none."""
    choice: Array
    """(Q, S) the choice that was carried out."""
    free: Array
    """(Q, 3, S) 1 where a choice of the card was allowed."""

    @property
    def outcome(self) -> tuple[Array, Array, Array]:
        """Final value, bankrupt and end, as `stats.wins` takes them."""
        return self.value[-1], self.bankrupt, self.ended

    def head(self, count: int) -> Record:
        """The first ``count`` campaigns."""
        names = [n for n in Record.__dataclass_fields__ if n not in ("cards", "clouds", "first")]
        return replace(self, **{n: getattr(self, n)[..., :count] for n in names})


def record(task: Campaigns) -> Record:
    """Play a task and keep what balance looks at."""
    rules = task.place.rules
    seats = (task.policy, *(task.place.rivals,) * (rules.firms - 1))
    state = begin(rules, seed_array([seed_words(s) for s in range(task.first, task.first + task.count)]))
    rows: list[dict[str, Array]] = []
    for _ in range(rules.quarters):
        levers = decide_bound(rules, state, seats, task.restriction)
        met = np.where(state.alive[PLAYER], state.card[PLAYER], -1)
        after = play_quarter(rules, state, levers)[0]
        rows.append({
            "value": derive.value(after)[PLAYER], "rank": derive.ranks(after).astype(np.int16),
            "runway": np.where(after.alive[PLAYER], runway(after)[PLAYER], np.nan), "card": met,
            **_answers(rules, state, levers),
        })  # fmt: skip
        state = after
    return Record(
        rules.first, tuple(c.id for c in rules.cards), rules.traits.cloud[:, 0],
        **{n: np.stack([r[n] for r in rows]) for n in rows[0]},
        bankrupt=(state.status[PLAYER] == 1) * 1.0, ended=state.ended[PLAYER].astype(np.int64),
    )


def _answers(rules: Rules, state: State, levers: Array) -> dict[str, Array]:
    """What the player did with the card on the desk, and what he might have done."""
    choice, free = np.zeros(state.games), np.zeros((CHOICES, state.games))
    desk = np.where(state.alive[PLAYER], state.card[PLAYER], -1)
    for index in np.unique(desk[desk >= 0]):
        card, here = rules.cards[index], desk == index
        choice = np.where(here, taken(rules, state, card, levers)[PLAYER], choice)
        for k, way in enumerate(card.choices):
            free[k] = np.where(here, allowed(rules, state, way)[PLAYER], free[k])
    return {"choice": choice, "free": free}


def gather(
    tasks: Iterable[Task], *, processes: int | None = None, progress: Callable[[int, int], None] | None = None
) -> dict[Task, Any]:
    """Results by task; equal tasks run once. The count of processes never changes a result.

    Raises `ContentError` where the content of a place cannot be used, before anything is played.
    """
    whole = list(dict.fromkeys(tasks))
    for place in {task.place for task in whole}:
        _rules(place)
    pieces = [(task, piece) for task in whole for piece in task.pieces()]
    done = scatter(_run, [piece for _, piece in pieces], processes=processes, progress=progress)
    parts: dict[Task, list[Any]] = {task: [] for task in whole}
    for (task, _), result in zip(pieces, done, strict=True):
        parts[task].append(result)
    return {task: task.join(results) for task, results in parts.items()}


def _run(task: Task) -> Any:
    return task.run()
