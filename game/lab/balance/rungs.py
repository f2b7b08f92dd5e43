"""Measures of the ladder's campaigns: (b) rungs, (c) luck, (f) survival, (g) pressure, (i) the lead.

Definitions. (b) as in `game.lab.ladder`, between every two policies of random, thumb, reactive, planner. (c) Two-way
analysis of variance without replication of the final rank of value, policies thumb, reactive and planner × seeds: the
seed's sum of squares ÷ the whole; three policies give pure noise a share of a third, so the seed's variance component
is reported beside it. (f) Share of runs that end bankrupt. (g) A run has cash to spare where the runway
at the present burn exceeds 12 quarters more than three quarters in a row before 2025; the share of such runs may be 5 %
of a policy's from a background, for luck is luck. (i) The leader is the first by value of all firms; a
change is a quarter that ends with another leader than the quarter before; the ranks at mid-game and at the end are
those among start-ups, pooled over seeds, and R² is their squared correlation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from game.engine.numeric import Array
from game.foresight.decide import PLANNER
from game.lab.balance.finding import Measure, finding, measure
from game.lab.balance.plan import Letter, Plan
from game.lab.balance.record import Campaigns, Record
from game.lab.balance.stats import bootstrap, correlation, two_way, wilson
from game.lab.ladder import LEAST_WIN, all_pairs, rung
from game.lab.statics import PLAYER

STANDARD: Final = ("thumb", "reactive", PLANNER)
LUCK: Final = (0.15, 0.40)
PLANNER_BROKE, THUMB_BROKE, RANDOM_BROKE, LESSON_ALIVE = 0.10, (0.25, 0.40), 0.60, 0.75
EASY_RUNWAY, EASY_QUARTERS, EASY_SHARE = 12.0, 3, 0.05
Ranks = NDArray[Any]
LAST_ACT: Final = 8
"""First quarter of the last act, from 2023Q1."""
CHANGES, MID_R2 = 3.0, 0.6


# (b) ------------------------------------------------------------------------------------------------------------------
def _home(plan: Plan) -> list[Campaigns]:
    return [plan.campaigns(p) for p in plan.ladder]


def judge_rungs(plan: Plan, done: Mapping[Any, Any]) -> Measure:
    """(b)"""
    records = {p: done[plan.campaigns(p)] for p in plan.ladder}
    findings = [
        finding("b", f"{p.higher} wins against {p.lower}", p.win, LEAST_WIN, interval=p.interval)
        for p in all_pairs(records)
    ]
    return measure("b", RUNGS.what, findings, rungs=[rung(p, r) for p, r in records.items()])


# (c) ------------------------------------------------------------------------------------------------------------------
def judge_luck(plan: Plan, done: Mapping[Any, Any]) -> Measure:
    """(c)"""
    records = [done[plan.campaigns(p)] for p in STANDARD]
    seeds = min(len(r.bankrupt) for r in records)
    table = np.stack([r.rank[-1, PLAYER, :seeds] for r in records]).astype(np.float64)
    parts = two_way(table)
    interval = bootstrap(lambda s: two_way(table[:, s])["seed"], seeds)
    return measure("c", LUCK_SHARE.what, [
        finding("c", "seed's share of the variance of the rank", parts["seed"], *LUCK, interval=interval),
        finding("c", "the same as a variance component", parts["seed_component"], *LUCK, judged=False,
                interval=bootstrap(lambda s: two_way(table[:, s])["seed_component"], seeds)),
    ], seeds=seeds, shares=parts, mean_rank=dict(zip(STANDARD, table.mean(axis=1).tolist(), strict=True)),
        sd_of_rank=float(table.std()))  # fmt: skip


# (f) ------------------------------------------------------------------------------------------------------------------
_LESSONS: Final = ("first-lesson", "price-war")


def _survival(plan: Plan) -> list[Campaigns]:
    lessons = [plan.campaigns("thumb", plan.place(s)) for s in _LESSONS if s in plan.scenarios]
    return [plan.campaigns(p) for p in (PLANNER, "thumb", "random")] + lessons


def judge_survival(plan: Plan, done: Mapping[Any, Any]) -> Measure:
    """(f)"""
    bands: dict[str, tuple[float | None, float | None]] = {
        PLANNER: (None, PLANNER_BROKE), "thumb": THUMB_BROKE, "random": (RANDOM_BROKE, None),
    }  # fmt: skip
    findings = []
    for task in _survival(plan):
        record: Record = done[task]
        broke, count = float(record.bankrupt.mean()), len(record.bankrupt)
        if task.place.scenario == "war":
            low, high = bands[task.policy]
            what = f"{task.policy} bankrupt in war"
            findings.append(finding("f", what, broke, low, high, interval=wilson(broke, count),
                                    strict=task.policy != "thumb"))
        else:
            what = f"{task.policy} survives {task.place.scenario}"
            findings.append(finding("f", what, 1 - broke, LESSON_ALIVE, interval=wilson(1 - broke, count)))
    return measure("f", SURVIVAL.what, findings)


# (g) ------------------------------------------------------------------------------------------------------------------
def _pressure(plan: Plan) -> list[Campaigns]:
    cheap = [p for p in plan.ladder if p != PLANNER]
    tasks = [plan.campaigns(p, plan.place(background=b)) for b in plan.backgrounds for p in cheap]
    thinking = [plan.home.background] if plan.quick else plan.backgrounds
    return tasks + [plan.campaigns(PLANNER, plan.place(background=b)) for b in thinking]


def easy(record: Record) -> Array:
    """(S,) 1 where the runway is too long for too many quarters in a row before the last act."""
    before = record.runway[: max(LAST_ACT - record.first, 0)]
    streak = np.zeros(record.runway.shape[1])
    longest = streak.copy()
    for row in np.nan_to_num(before, nan=0.0) > EASY_RUNWAY:
        streak = np.where(row, streak + 1, 0)
        longest = np.maximum(longest, streak)
    return (longest > EASY_QUARTERS).astype(np.float64)


def judge_pressure(plan: Plan, done: Mapping[Any, Any]) -> Measure:
    """(g)"""
    findings, medians = [], {}
    for task in _pressure(plan):
        record: Record = done[task]
        share = float(easy(record).mean())
        what = f"runs of {task.policy} from {task.place.background} with cash to spare"
        findings.append(finding("g", what, share, None, EASY_SHARE, interval=wilson(share, len(record.bankrupt))))
        with np.errstate(all="ignore"):
            alive = np.where(np.isfinite(record.runway).any(axis=1, keepdims=True), record.runway, 0.0)
            medians[f"{task.policy}/{task.place.background}"] = np.nanmedian(alive, axis=1).round(2).tolist()
    return measure("g", PRESSURE.what, findings, median_runway=medians)


# (i) ------------------------------------------------------------------------------------------------------------------
def leader_changes(rank: Ranks) -> NDArray[np.int64]:
    """(S,) changes of the leader in ranks (Q, F, S) from the end of the first quarter on."""
    leader = rank.argmin(axis=1)
    count: NDArray[np.int64] = (leader[1:] != leader[:-1]).sum(axis=0)
    return count


def among(rank: Ranks, firms: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(Q, N, S) ranks among some ``firms`` (mask over F), from 1."""
    some = rank[:, firms]
    return some.argsort(axis=1).argsort(axis=1).astype(np.int64) + 1


def judge_lead(plan: Plan, done: Mapping[Any, Any]) -> Measure:
    """(i)"""
    record: Record = done[plan.campaigns("reactive")]
    count = len(record.bankrupt)
    startups = among(record.rank, record.clouds == 0)
    changes, inside = leader_changes(record.rank), leader_changes(startups)
    middle = len(record.rank) // 2 - 1

    def predicts(seeds: np.ndarray) -> float:
        return correlation(startups[middle][:, seeds], startups[-1][:, seeds]) ** 2

    seat = record.rank[:, PLAYER]
    return measure("i", LEAD.what, [
        finding("i", "changes of the leader, median campaign", float(np.median(changes)), CHANGES,
                interval=bootstrap(lambda s: float(np.median(changes[s])), count)),
        finding("i", "changes of the leader among start-ups", float(np.median(inside)), CHANGES, judged=False),
        finding("i", "R² of mid-game on final rank, start-ups", predicts(np.arange(count)), None, MID_R2,
                interval=bootstrap(predicts, count, 300), strict=True),
        finding("i", "R² of mid-game on final rank, player's seat", correlation(seat[middle], seat[-1]) ** 2, None,
                MID_R2, judged=False),
        finding("i", "R² of mid-game on final rank, all firms",
                correlation(record.rank[middle], record.rank[-1]) ** 2, None, MID_R2, judged=False),
    ], changes=np.bincount(changes.astype(int)).tolist())  # fmt: skip


RUNGS: Final = Letter("b", "the higher policy wins at least 60 % of seeds", _home, judge_rungs)
LUCK_SHARE: Final = Letter(
    "c", "luck is part of it, and not all of it", lambda p: [p.campaigns(n) for n in STANDARD], judge_luck
)
SURVIVAL: Final = Letter("f", "who goes bankrupt", _survival, judge_survival)
PRESSURE: Final = Letter("g", "nobody has cash to spare for long", _pressure, judge_pressure)
LEAD: Final = Letter("i", "the lead changes, and mid-game is not the end", lambda p: [p.campaigns("reactive")], judge_lead)
