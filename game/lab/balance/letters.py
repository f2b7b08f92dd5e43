"""All measures by letter, and the report of those that were taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from game.foresight.decide import PLANNER
from game.lab.balance import card_choices, lever_worth, optimum, rungs, tell_worth, variety
from game.lab.balance.finding import Measure
from game.lab.balance.plan import Letter, Plan
from game.lab.balance.record import Campaigns, gather

LETTERS: Final[dict[str, Letter]] = {
    letter.id: letter
    for letter in (
        variety.LETTER_A, rungs.RUNGS, rungs.LUCK_SHARE, lever_worth.LETTER, card_choices.LETTER, rungs.SURVIVAL,
        rungs.PRESSURE, variety.LETTER_H, rungs.LEAD, tell_worth.LETTER, optimum.LETTER,
    )
}  # fmt: skip
"""Every measure by its letter in the model's list."""


class BalanceReport(msgspec.Struct, frozen=True):
    """What ``baimo lab balance --json`` prints."""

    rules: int
    quick: bool
    seeds: int
    planner_seeds: int
    static_seeds: int
    measures: list[Measure]
    met: bool | None
    """Whether every measure taken is met; None where one could not be taken."""


def measure_balance(
    plan: Plan, letters: Sequence[str] = tuple(LETTERS), *, rules_version: int = 0, processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> BalanceReport:
    """Play all campaigns that ``letters`` want, each once, and judge them in turn. Raises KeyError for another letter."""
    chosen = [LETTERS[letter] for letter in letters]
    tasks = [task for letter in chosen for task in letter.tasks(plan)]
    # What takes longest goes first, so that no core waits for it at the end.
    tasks.sort(key=_weight, reverse=True)
    done = gather(tasks, processes=processes, progress=progress)
    measures = [letter.judge(plan, done) for letter in chosen]
    judged = [m.met for m in measures]
    met = False if False in judged else None if None in judged else True
    return BalanceReport(rules_version, plan.quick, plan.seeds, plan.planner_seeds, plan.static_seeds, measures, met)


def _weight(task: object) -> int:
    if isinstance(task, optimum.Response):
        return 2
    return 1 if isinstance(task, Campaigns) and task.policy == PLANNER else 0
