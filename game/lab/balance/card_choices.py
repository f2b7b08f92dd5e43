"""(e) Every choice of every card is worth taking at times: shares of the planner's answers.

Definitions. Meetings of a card are pooled over all planner campaigns of the plan (the whole war from every background,
and the later scenarios); a choice is counted where it was allowed and was not the only one. The share of a choice is
how often it was carried out ÷ how often it was allowed; choices allowed fewer than 50 times are not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from game.foresight.decide import PLANNER
from game.lab.balance.finding import Measure, finding, measure
from game.lab.balance.plan import Letter, Plan
from game.lab.balance.record import CHOICES, Campaigns, Record
from game.lab.balance.stats import wilson

LEAST_MET: Final = 50
BAND: Final = (0.05, 0.85)


def _tasks(plan: Plan) -> list[Campaigns]:
    if plan.quick:
        return [plan.campaigns(PLANNER)]
    later = [s for s in plan.scenarios if s not in ("war", "first-lesson")]
    return [plan.campaigns(PLANNER, plan.place(background=b)) for b in plan.backgrounds] + [
        plan.campaigns(PLANNER, plan.place(s, b)) for s in later for b in plan.backgrounds
    ]


def count(records: Iterable[Record]) -> dict[str, np.ndarray]:
    """By card: (2, CHOICES) how often each choice was allowed beside another, and how often it was carried out."""
    counts: dict[str, np.ndarray] = {}
    for r in records:
        real = r.free.sum(axis=1) > 1
        for index, name in enumerate(r.cards):
            here = (r.card == index) & real
            if not here.any():
                continue
            table = counts.setdefault(name, np.zeros((2, CHOICES), dtype=np.int64))
            for k in range(CHOICES):
                allowed = here & (r.free[:, k] > 0)
                table[:, k] += (int(allowed.sum()), int((allowed & (r.choice == k)).sum()))
    return counts


def judge(plan: Plan, done: Mapping[Any, Any]) -> Measure:
    """(e)"""
    rows, outside, judged = [], [], 0
    for name, (allowed, taken) in sorted(count(done[t] for t in _tasks(plan)).items()):
        for k in range(CHOICES):
            if not allowed[k]:
                continue
            share = float(taken[k] / allowed[k])
            enough = bool(allowed[k] >= LEAST_MET)
            rows.append({"card": name, "choice": k, "met": int(allowed[k]), "share": share,
                         "interval": wilson(share, int(allowed[k])), "judged": enough})
            judged += enough
            if enough and not BAND[0] <= share <= BAND[1]:
                outside.append(f"{name} {k}: {share:.2f} of {int(allowed[k])}")
    value = float(len(outside)) if judged else None
    return measure("e", LETTER.what, [
        finding("e", f"choices outside 5 to 85 %, of {judged} met {LEAST_MET} times", value, None, 0.0),
    ], outside=outside, choices=rows)  # fmt: skip


LETTER: Final = Letter("e", "every choice of a card is taken at times", _tasks, judge)
