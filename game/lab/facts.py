"""Does the market reproduce the articles? Facts are content; this module only measures them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from game.content import Content
from game.content.build import build_rules
from game.lab.measures import MEASURES
from game.lab.trace import simulate

QUICK_SEEDS = 60
"""Seeds of ``--quick``: medians within a tenth of a band, in seconds."""
FIRST_SEED = 1


class FactResult(msgspec.Struct, frozen=True):
    """One fact measured over seeds; null where the scenario has no such quarter."""

    id: str
    figures: list[str]
    status: str
    cautions: list[str]
    low: float
    high: float
    median: float | None
    p10: float | None
    p90: float | None
    met: bool | None
    fitted: bool


class FactReport(msgspec.Struct, frozen=True):
    """What ``baimo lab facts --json`` prints."""

    seeds: int
    scenario: str
    assume: str
    rules: int
    facts: list[FactResult]


def measure_facts(
    content: Content, seeds: Sequence[int], *, scenario: str = "war", assume: str = "none", rules_version: int = 0,
    progress: Callable[[int], None] | None = None,
) -> FactReport:
    """Every fact over ``seeds``: ``reactive`` in the player's seat, rivals at level ``manager``.

    Raises KeyError for a fact whose measure does not exist, or unknown scenario or assumptions.
    """
    rules = build_rules(content, scenario, assume=assume)
    rivals = content.difficulties["manager"].policy
    trace = simulate(rules, seeds, ("reactive", *(rivals,) * (rules.firms - 1)), progress)
    results = []
    for fact in content.facts.values():
        try:
            values = MEASURES[fact.measure](trace)
        except LookupError:
            if fact.measure not in MEASURES:
                raise
            values = None
        results.append(_judge(content, fact.id, values))
    return FactReport(len(seeds), scenario, assume, rules_version, results)


def _judge(content: Content, label: str, values: np.ndarray | None) -> FactResult:
    fact = content.facts[label]
    cautions = sorted({c.id for f in fact.figures for c in content.cautions_of(f)})
    quantiles = [None] * 3 if values is None else [float(np.quantile(values, q)) for q in (0.5, 0.1, 0.9)]
    met = None if quantiles[0] is None else bool(fact.low <= quantiles[0] <= fact.high)
    return FactResult(
        label, list(fact.figures), content.fact_kind(label), cautions, fact.low, fact.high, *quantiles, met,
        fitted=True,
    )
