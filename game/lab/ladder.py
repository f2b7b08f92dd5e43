"""The ladder of policies: each plays the same seat on the same seeds against the same field, and wins are counted.

A win is the higher final value; of two bankrupt runs the one that lasted longer wins; equal runs are half a win each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
import numpy as np

from game.foresight.decide import PLANNER
from game.lab.balance.deciding import POLICIES
from game.lab.balance.record import Campaigns, Place, Record, gather
from game.lab.balance.stats import wilson, wins
from game.lab.statics import PLAYER

LEAST_WIN = 0.6
"""Share of seeds that a higher rung wins (model: balance, b)."""


class Rung(msgspec.Struct, frozen=True):
    """One policy in the player's seat."""

    policy: str
    seeds: int
    bankrupt: float
    """Share of runs."""
    bankrupt_interval: tuple[float, float]
    value_median: float
    """CNY."""
    value_p10: float
    value_p90: float
    rank_median: float


class Pair(msgspec.Struct, frozen=True):
    """Two policies on common seeds."""

    higher: str
    lower: str
    seeds: int
    win: float
    """Share of seeds that ``higher`` wins."""
    interval: tuple[float, float]
    """90 % (Wilson)."""
    neighbours: bool
    """Whether the two stand next to each other on the ladder."""
    met: bool
    """Whether ``higher`` wins often enough."""


class LadderReport(msgspec.Struct, frozen=True):
    """What ``baimo lab ladder --json`` prints."""

    scenario: str
    background: str
    assume: str
    rules: int
    rungs: list[Rung]
    pairs: list[Pair]
    met: bool
    """Whether every higher rung wins at least `LEAST_WIN`."""


def measure_ladder(
    place: Place, seeds: int, *, planner_seeds: int | None = None, rules_version: int = 0,
    processes: int | None = None, progress: Callable[[int, int], None] | None = None,
) -> LadderReport:
    """Play the ladder at ``place`` on seeds 1 to ``seeds``; planners on the first ``planner_seeds`` of them."""
    counts = {p: seeds if p != PLANNER or planner_seeds is None else min(planner_seeds, seeds) for p in POLICIES}
    tasks = {p: Campaigns(place, p, counts[p]) for p in POLICIES}
    done = gather(reversed(tasks.values()), processes=processes, progress=progress)
    records = {p: done[tasks[p]] for p in POLICIES}
    pairs = all_pairs(records)
    return LadderReport(place.scenario, place.background, place.assume, rules_version,
                        [rung(p, r) for p, r in records.items()], pairs, all(p.met for p in pairs))


def rung(policy: str, r: Record) -> Rung:
    """The numbers of one policy."""
    value, rank = r.value[-1], r.rank[-1, PLAYER]
    low, middle, high = (float(np.quantile(value, q)) for q in (0.1, 0.5, 0.9))
    broke = float(r.bankrupt.mean())
    return Rung(policy, len(value), broke, wilson(broke, len(value)), middle, low, high, float(np.median(rank)))


def all_pairs(records: Mapping[str, Record]) -> list[Pair]:
    """Every pair of policies, the lower rung second; ``records`` run from the lowest rung up."""
    names = list(records)
    return [
        pair(names[i], names[j], records[names[i]], records[names[j]], i - j == 1)
        for i in range(len(names)) for j in range(i)
    ]  # fmt: skip


def pair(higher: str, lower: str, above: Record, below: Record, neighbours: bool) -> Pair:
    """Wins of ``above`` over ``below`` on the seeds that both have."""
    count = min(len(above.bankrupt), len(below.bankrupt))
    won = win_table(above.head(count), below.head(count))
    share = float(won.mean())
    return Pair(higher, lower, count, share, wilson(share, count), neighbours, share >= LEAST_WIN)


def win_table(above: Record, below: Record) -> np.ndarray:
    """(S,) wins of the first record over the second, seed by seed."""
    return wins(*above.outcome, below.outcome)
