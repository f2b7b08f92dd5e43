"""Does the market reproduce the articles? Facts are content; this module only measures them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np

from game.content import Content
from game.content import schema as s
from game.content.build import build_rules
from game.engine.numeric import Array
from game.engine.rules import Rules
from game.lab.campaigns import simulate_all
from game.lab.measures import MEASURES
from game.lab.trace import Trace

QUICK_SEEDS = 60
"""Seeds of ``--quick``: medians within a tenth of a band, in seconds."""
FIRST_SEED = 1


class FactResult(msgspec.Struct, frozen=True):
    """One fact measured over seeds; null where the scenario has no such quarter.

    ``fitted`` says that a calibration may look at the fact (`held_out` keeps the others from it); ``distance`` is from
    the median to the nearest edge of the band, in the fact's own unit, 0 inside and negative below; ``reason`` stands
    where the fact is missed and content says why.
    """

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
    distance: float | None = None
    reason: s.Text | None = None


class FactReport(msgspec.Struct, frozen=True):
    """What ``baimo lab facts --json`` prints."""

    seeds: int
    scenario: str
    assume: str
    rules: int
    facts: list[FactResult]


def measure_facts(
    content: Content, seeds: Sequence[int], *, scenario: str = "war", assume: str = "none", rules_version: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> FactReport:
    """Every fact over ``seeds``: ``reactive`` in the player's seat, rivals at level ``manager``.

    Raises KeyError for a fact whose measure does not exist, or unknown scenario or assumptions.
    """
    rules = build_rules(content, scenario, assume=assume)
    trace = simulate_all(rules, list(seeds), seats(content, rules), progress=progress)
    measured = values_of(content, trace)
    results = [_judge(content, label, values, assume) for label, values in measured.items()]
    return FactReport(len(seeds), scenario, assume, rules_version, results)


def held_out(label: str) -> bool:
    """Whether a fact is kept from every calibration: SHA-256 of its id, as one number, is a multiple of three.

    The rule stood before the first fit; about a third of all facts, whoever adds them, are held out by it.
    """
    return int.from_bytes(hashlib.sha256(label.encode()).digest(), "big") % 3 == 0


def seats(content: Content, rules: Rules) -> tuple[str, ...]:
    """Policies by which facts are measured: ``reactive`` in the player's seat, rivals at level ``manager``."""
    return ("reactive", *(content.difficulties["manager"].policy,) * (rules.firms - 1))


def values_of(content: Content, trace: Trace) -> Mapping[str, Array | None]:
    """(G) values of every fact in file order; nothing where the scenario has no such quarter.

    Raises KeyError for a measure that does not exist.
    """
    values: dict[str, Array | None] = {}
    for fact in content.facts.values():
        measure = MEASURES[fact.measure]
        try:
            values[fact.id] = np.asarray(measure(trace), dtype=np.float64)
        except LookupError:
            values[fact.id] = None
    return values


def distance(low: float, high: float, median: float) -> float:
    """From a median to the nearest edge of its band: 0 inside, negative below, positive above.

    >>> distance(0.2, 0.5, 0.3), distance(2.0, 5.0, 1.0), distance(2.0, 5.0, 7.0)
    (0.0, -1.0, 2.0)
    """
    return min(median - low, 0.0) + max(median - high, 0.0)


def _judge(content: Content, label: str, values: Array | None, assume: str) -> FactResult:
    fact = content.facts[label]
    cautions = sorted({c.id for f in fact.figures for c in content.cautions_of(f)})
    median = p10 = p90 = None
    if values is not None:
        median, p10, p90 = (float(np.quantile(values, q)) for q in (0.5, 0.1, 0.9))
    met = None if median is None else bool(fact.low <= median <= fact.high)
    return FactResult(
        label, list(fact.figures), content.fact_kind(label, assume), cautions, fact.low, fact.high, median, p10, p90,
        met, fitted=not held_out(label), distance=None if median is None else distance(fact.low, fact.high, median),
        reason=fact.reason if met is False else None,
    )
