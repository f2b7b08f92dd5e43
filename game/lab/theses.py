"""Do the articles' causal claims hold in this market? High against low over common seeds, one thesis at a time."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import msgspec
import numpy as np

from game.content import Content
from game.content.basics import Text
from game.content.schema_theses import Contrast, Expression, Side
from game.content.vocabulary import parse_quarter
from game.engine.names import SEGMENTS
from game.engine.numeric import Array
from game.engine.rules import Rules
from game.lab.pool import scatter
from game.lab.record import play
from game.lab.sides import Move, answers_of, dealt_of, firm_rows, moves_of, side_rules
from game.lab.thesis_measures import MEASURES

SEEDS: Final = 200
QUICK_SEEDS: Final = 40
FIRST_SEED: Final = 1
POLICY: Final = "reactive"
"""Who plays the player's seat on both sides; rivals play level ``manager``."""

Verdict = Literal["holds", "contradicted", "undecided", "no effect"]


class ThesisResult(msgspec.Struct, frozen=True):
    """One thesis; null from ``effect`` to ``holds`` where it claims no cause that the market could show.

    ``effect`` is the mean over seeds of high less low, ``low`` and ``high`` its 90 % interval (Student's t over paired
    differences), ``holds`` true where that interval excludes zero on the side of ``expected_sign``.
    """

    id: str
    expressed_by: list[str]
    effect: float | None
    low: float | None
    high: float | None
    expected_sign: int | None
    holds: bool | None
    verdict: Verdict | None
    measure: str | None
    mean_high: float | None
    mean_low: float | None
    pairs: int | None
    """Seeds in which both sides have the measure (a firm that is gone has no accuracy)."""
    note: Text | None = None
    """Why the market says otherwise, or why there is nothing to compare."""


class ThesisReport(msgspec.Struct, frozen=True):
    """What ``baimo lab theses --json`` prints."""

    seeds: int
    assume: str
    rules: int
    causal: int
    holding: int
    theses: list[ThesisResult]


@dataclass(frozen=True)
class Wanted:
    """A measure of a run: its id, rows of the firms, row of the quarter and of the segment."""

    measure: str
    rows: tuple[int, ...]
    quarter: int | None
    segment: int


@dataclass(frozen=True)
class Job:
    """One side played over all seeds, with everything that is to be measured on it."""

    rules: Rules
    seats: tuple[str, ...]
    moves: tuple[Move, ...]
    answers: tuple[tuple[int, int], ...]
    dealt: tuple[tuple[int, int], ...]
    seeds: tuple[int, ...]
    wanted: tuple[Wanted, ...]


def run(job: Job) -> list[Array]:
    """(G,) numbers for every measure wanted, in order."""
    record = play(job.rules, job.seeds, job.seats, job.moves, job.answers, job.dealt)
    found = []
    for w in job.wanted:
        quarter = record.at(w.quarter)
        found.append(MEASURES[w.measure](record, list(w.rows), quarter, w.segment))
    return found


def measure_theses(
    content: Content, seeds: Sequence[int], *, assume: str = "none", rules_version: int = 0,
    only: Sequence[str] | None = None, processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ThesisReport:
    """Every thesis in the order of the archive, those in ``only`` if given. Each different side is played once.

    Raises KeyError for unknown assumptions or a measure that does not exist, LookupError for a quarter outside the
    scenario.
    """
    labels = [t for t in content.theses if only is None or t in only]
    entries = [content.expressions.get(label) for label in labels]
    contrasts = [e.contrast for e in entries if e is not None and e.contrast is not None]
    seats_of = content.difficulties["manager"].policy
    plan: dict[bytes, Job] = {}
    for contrast in contrasts:
        for side in (contrast.high, contrast.low):
            name = key(contrast, side)
            job = plan.get(name) or _job(content, contrast, side, assume, seats_of, tuple(seeds))
            plan[name] = _with(job, contrast)
    results = dict(zip(plan, scatter(run, plan.values(), processes=processes, progress=progress), strict=True))
    found = []
    for label, entry in zip(labels, entries, strict=True):
        found.append(_result(label, entry, plan, results))
    judged = [r for r in found if r.holds is not None]
    return ThesisReport(len(seeds), assume, rules_version, len(judged), sum(bool(r.holds) for r in judged), found)


def key(contrast: Contrast, side: Side) -> bytes:
    """What tells one side from another, whichever thesis asks for it."""
    return msgspec.json.encode([contrast.scenario, contrast.background, contrast.deal, side], order="sorted")


def _job(content: Content, contrast: Contrast, side: Side, assume: str, rivals: str, seeds: tuple[int, ...]) -> Job:
    rules = side_rules(content, side, contrast.scenario, contrast.background, assume)
    seats = (POLICY, *(rivals,) * (rules.firms - 1))
    moves, answers = moves_of(rules, side.levers), answers_of(rules, side.choices)
    return Job(rules, seats, moves, answers, dealt_of(rules, contrast.deal), seeds, ())


def _wanted(rules: Rules, contrast: Contrast) -> Wanted:
    return Wanted(
        contrast.measure, firm_rows(rules, contrast.of), None if contrast.at is None else parse_quarter(contrast.at),
        SEGMENTS.index(contrast.segment) if contrast.segment else 0,
    )


def _with(job: Job, contrast: Contrast) -> Job:
    wanted = _wanted(job.rules, contrast)
    if wanted in job.wanted:
        return job
    return dataclasses.replace(job, wanted=(*job.wanted, wanted))


def _result(
    label: str, entry: Expression | None, plan: dict[bytes, Job], results: dict[bytes, list[Array]]
) -> ThesisResult:
    named = [] if entry is None else list(entry.expressed_by)
    if entry is None or entry.contrast is None:
        return ThesisResult(label, named, *(None,) * 10, note=None if entry is None else entry.note)
    contrast = entry.contrast
    sides = []
    for side in (contrast.high, contrast.low):
        name = key(contrast, side)
        job = plan[name]
        sides.append(results[name][job.wanted.index(_wanted(job.rules, contrast))])
    found = judge(label, named, contrast.measure, contrast.expected_sign, sides[0], sides[1])
    return msgspec.structs.replace(found, note=entry.note)


def judge(
    label: str, named: list[str], measure: str, expected: int, high: Array, low: Array
) -> ThesisResult:
    """The verdict on paired numbers (G,) of both sides; pairs in which one is not a number are left out."""
    both = ~(np.isnan(high) | np.isnan(low))
    high, low = high[both], low[both]
    if len(high) < 2:
        means = [float(x.mean()) if len(x) else None for x in (high, low)]
        return ThesisResult(
            label, named, None, None, None, expected, False, "undecided", measure, means[0], means[1], len(high)
        )
    effect, below, above = interval(high - low)
    verdict: Verdict = "undecided"
    if below == above == 0.0:
        verdict = "no effect"
    elif below > 0.0 or above < 0.0:
        verdict = "holds" if math.copysign(1.0, effect) == expected else "contradicted"
    return ThesisResult(
        label, named, effect, below, above, expected, verdict == "holds", verdict, measure, float(high.mean()),
        float(low.mean()), len(high),
    )


def interval(differences: Array) -> tuple[float, float, float]:
    """Mean and 90 % interval (Student's t) of paired differences, at least two of them."""
    n = len(differences)
    mean = float(differences.mean())
    half = t_quantile(n - 1) * float(differences.std(ddof=1)) / math.sqrt(n)
    return mean, mean - half, mean + half


@cache
def t_quantile(freedom: int) -> float:
    """The 0.95 quantile of Student's t: exact for one and two degrees of freedom, else Cornish and Fisher's series in
    1 ÷ freedom (Abramowitz and Stegun 26.7.5), within 0.001.

    >>> round(t_quantile(2), 3), round(t_quantile(10), 3), round(t_quantile(199), 3)
    (2.92, 1.812, 1.653)
    """
    if freedom == 1:
        return math.tan(math.pi * 0.45)
    if freedom == 2:
        return 0.9 * math.sqrt(2.0 / (1.0 - 0.9 * 0.9))
    z = 1.6448536269514722
    n = float(freedom)
    terms = (
        z,
        (z**3 + z) / 4.0,
        (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / 96.0,
        (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / 384.0,
        (79.0 * z**9 + 776.0 * z**7 + 1482.0 * z**5 - 1920.0 * z**3 - 945.0 * z) / 92160.0,
    )
    return sum(term / n**k for k, term in enumerate(terms))
