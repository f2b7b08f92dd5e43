"""How much is measured, and where: the same plan for every measure, so that campaigns are shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from game.foresight.decide import PLANNER
from game.lab.balance.deciding import POLICIES
from game.lab.balance.finding import Measure
from game.lab.balance.record import Campaigns, Place, Task, content_of

DEFAULT_SEEDS: Final = 100
QUICK_SEEDS: Final = 40
_PLANNER, _PLANNER_QUICK = 40, 4
_STATICS, _STATICS_QUICK = 40, 8
SAME_MARKET: Final = ("sandbox",)
"""Scenarios that are another's market with more doors open: nothing new to measure."""


@dataclass(frozen=True)
class Plan:
    """Seeds and places of one balance."""

    overlay: str | None = None
    seeds: int = DEFAULT_SEEDS
    planner_seeds: int = _PLANNER
    static_seeds: int = _STATICS
    quick: bool = False

    @property
    def home(self) -> Place:
        """Where everything is measured that names no other place: the whole war from the default background."""
        return Place(overlay=self.overlay)

    def place(self, scenario: str = "war", background: str = "lab-spin-off", assume: str = "none") -> Place:
        """A place under the plan's overlay."""
        return Place(scenario, background, assume, self.overlay)

    @property
    def backgrounds(self) -> list[str]:
        """Every background by id."""
        return list(content_of(self.overlay).backgrounds)

    @property
    def scenarios(self) -> list[str]:
        """Every scenario with a market of its own."""
        return [s for s in content_of(self.overlay).scenarios if s not in SAME_MARKET]

    @property
    def assumptions(self) -> list[str]:
        """Every overlay of assumptions, that of none included."""
        return list(content_of(self.overlay).assumptions)

    def campaigns(self, policy: str, place: Place | None = None, restriction: str = "") -> Campaigns:
        """The campaigns of a policy at a place: fewer seeds for planners, which think long."""
        count = self.planner_seeds if policy == PLANNER else self.seeds
        return Campaigns(place or self.home, policy, count, restriction=restriction)

    @property
    def ladder(self) -> tuple[str, ...]:
        """Policies, lowest rung first."""
        return POLICIES


def plan_of(seeds: int | None, quick: bool, overlay: str | None, planner_seeds: int | None = None) -> Plan:
    """The plan that the command line asks for; ``seeds`` holds for planners and static strategies too if given,
    ``planner_seeds`` for planners alone."""
    if quick:
        most = seeds or QUICK_SEEDS
        plan = Plan(overlay, most, min(most, _PLANNER_QUICK), min(most, _STATICS_QUICK), True)
    elif seeds:
        plan = Plan(overlay, seeds, seeds, min(seeds, _STATICS))
    else:
        plan = Plan(overlay)
    return replace(plan, planner_seeds=planner_seeds) if planner_seeds else plan


@dataclass(frozen=True)
class Letter:
    """One measure of the model's list: the campaigns that it wants, and the judgement on them."""

    id: str
    what: str
    tasks: Callable[[Plan], Sequence[Task]]
    judge: Callable[[Plan, Mapping[Task, Any]], Measure]
