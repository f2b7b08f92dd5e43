"""The recipe of ``baimo lab calibrate``: fit, profile, one look at what was held out, a proposal. Nothing is changed.

The search is CMA-ES (Hansen and Ostermeier 2001, library ``cma``) in the box of the free parameters that content lists.
What is reported as before and after comes from fresh seeds that the search never saw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np

from game.content import Content
from game.content.build import build_rules
from game.engine.numeric import Array
from game.lab.calibrate import Dimension, Moment, dimensions, moments_of, objective, present, run, trial
from game.lab.calibrate_profile import Profile, polish, profiles
from game.lab.extras import library
from game.lab.facts import FIRST_SEED, held_out
from game.lab.pool import scatter

START_WIDTH = 0.15
"""First standard deviation of the search, as a part of the box."""
SEARCH_SEED = 20231
"""Luck of the search itself; fixed, so that the recipe can be run again."""
SLACK = 0.02
"""Mean penalty by which a point may be better than the fit before the search counts as unfinished."""
METHOD = (
    "simulated moments, medians over seeds, weighted by band width (Huber beyond the band's inner half); common random "
    "numbers; CMA-ES in a box, then Gauss-Newton steps; profiles by five values, the others set anew by a linear "
    "picture or held, whichever is better"
)


class FactFit(msgspec.Struct, frozen=True):
    """One fact before and after, medians over fresh seeds; ``z`` counts half widths from the middle of its band."""

    id: str
    status: str
    fitted: bool
    low: float
    high: float
    before: float
    after: float
    z_before: float
    z_after: float
    met_before: bool
    met_after: bool


class ProfilePoint(msgspec.Struct, frozen=True):
    """One value on the profile of the objective; ``within``: seeds do not tell it from the fit."""

    value: float
    objective: float
    others: str
    within: bool


class ParameterFit(msgspec.Struct, frozen=True):
    """A free parameter: as it stands, as proposed, and the range within sampling error (``range_low`` to
    ``range_high``); where that reaches an edge of the box the parameter is not identified."""

    id: str
    parameter: str
    entry: str
    low: float
    high: float
    before: float
    after: float
    range_low: float
    range_high: float
    identified: bool
    profile: list[ProfilePoint]


class CalibrationReport(msgspec.Struct, frozen=True):
    """What ``baimo lab calibrate --json`` prints. Objectives are mean penalties a fact: on the seeds of the fit, on
    fresh seeds, and of the held-out facts on fresh seeds."""

    scenario: str
    assume: str
    rules: int
    method: str
    seeds: int
    evaluations: int
    objective_before: float
    objective_after: float
    fresh_before: float
    fresh_after: float
    held_out_before: float
    held_out_after: float
    looks_at_held_out: int
    converged: bool
    """False where a profile met something clearly better than the fit: search on, with more evaluations."""
    facts: list[FactFit]
    parameters: list[ParameterFit]


def calibrate(
    content: Content, *, seeds: int, evaluations: int, scenario: str = "war", assume: str = "none",
    rules_version: int = 0, processes: int | None = None, progress: Callable[[str, int, int], None] | None = None,
) -> CalibrationReport:
    """Fit, then report. ``progress`` hears (what, done, total).

    Raises `MissingLibrary` without the library ``cma``, ValueError where content lists no free parameter or no fact
    that may be fitted.
    """
    cma = library("cma", "cma")
    box = dimensions(content)
    fitted = moments_of(content, [label for label in content.facts if not held_out(label)])
    kept = moments_of(content, [label for label in content.facts if held_out(label)])
    if not box or not fitted:
        raise ValueError("content lists no free parameter, or no fact that a calibration may use")
    rules = build_rules(content, scenario, assume=assume)
    chosen = range(FIRST_SEED, FIRST_SEED + seeds)

    def play(
        asked: Sequence[Sequence[float]], what: str, on: Sequence[int] = chosen, moments: Sequence[Moment] = fitted
    ) -> list[Mapping[str, Array]]:
        heard = (lambda done, total: progress(what, done, total)) if progress else None
        trials = [trial(content, rules, box, values, on, moments) for values in asked]
        return scatter(run, trials, processes=processes, progress=heard)

    now = present(rules, box)
    first = play([now], "present values")[0]
    if not first:
        raise ValueError(f"scenario {scenario} shows none of the facts that a calibration may use")
    before = float(objective(first, fitted))
    fit, spent = _search(cma, box, now, before, evaluations, lambda asked: [
        float(objective(values, fitted)) for values in play(asked, "search")
    ])  # fmt: skip
    fit, at_fit, more = polish(box, fit, fitted, lambda asked: play(asked, "polish"), play([fit], "fit")[0])
    found = profiles(box, fit, fitted, lambda asked: play(asked, "profiles"), at_fit)
    fresh = range(FIRST_SEED + seeds, FIRST_SEED + 2 * seeds)
    old, new = play([now, fit], "fresh seeds, and the one look at held-out facts", fresh, (*fitted, *kept))
    facts = [_fact(content, m, old, new, assume) for m in (*fitted, *kept) if m.id in old]
    return CalibrationReport(
        scenario, assume, rules_version, METHOD, seeds, spent + more, before, float(objective(at_fit, fitted)),
        float(objective(old, fitted)), float(objective(new, fitted)), float(objective(old, kept)),
        float(objective(new, kept)), 1, _converged(found), facts,
        [_parameter(d, a, b, p) for d, a, b, p in zip(box, now, fit, found, strict=True)],
    )


def _search(
    cma: object, box: Sequence[Dimension], now: Sequence[float], before: float, evaluations: int,
    judge: Callable[[list[list[float]]], list[float]],
) -> tuple[list[float], int]:
    """The best parameter values met within ``evaluations`` (the present ones included), and evaluations spent."""
    start = [d.unit(value) for d, value in zip(box, now, strict=True)]
    best, least, spent = list(now), before, 1
    options = {"bounds": [0.0, 1.0], "seed": SEARCH_SEED, "verbose": -9, "verb_log": 0, "verb_disp": 0}
    search = cma.CMAEvolutionStrategy(start, START_WIDTH, options)  # type: ignore[attr-defined]
    while spent < evaluations and not search.stop():
        asked = search.ask()
        values = [[d.value(float(u)) for d, u in zip(box, one, strict=True)] for one in asked]
        costs = judge(values)
        search.tell(asked, costs)
        spent += len(asked)
        k = int(np.argmin(costs))
        if costs[k] < least:
            best, least = values[k], costs[k]
    return best, spent


def _converged(found: Sequence[Profile]) -> bool:
    """Whether no point of a profile is better than the fit by more than `SLACK`."""
    fit = next(p.objective for p in found[0].points if p.others == "fit")
    return min(p.objective for profile in found for p in profile.points) >= fit - SLACK


def _fact(
    content: Content, m: Moment, old: Mapping[str, Array], new: Mapping[str, Array], assume: str
) -> FactFit:
    medians = [float(np.median(values[m.id])) for values in (old, new)]
    z = [m.z(median) for median in medians]
    return FactFit(
        m.id, content.fact_kind(m.id, assume), not held_out(m.id), m.low, m.high, medians[0], medians[1], z[0], z[1],
        met_before=m.low <= medians[0] <= m.high, met_after=m.low <= medians[1] <= m.high,
    )


def _parameter(d: Dimension, before: float, after: float, profile: Profile) -> ParameterFit:
    points = [ProfilePoint(p.value, p.objective, p.others, p.within) for p in profile.points]
    return ParameterFit(
        d.id, d.parameter, d.entry, d.low, d.high, before, after, profile.low, profile.high, profile.identified, points
    )


def overlay_text(report: CalibrationReport) -> str:
    """The proposal as an assumptions file named ``fitted``: laid over the shipped content by ``--content DIR`` and
    believed by ``--assume fitted``. Whoever agrees carries the numbers into parameters.toml by hand."""
    tables: dict[str, list[str]] = {}
    for p in report.parameters:
        if p.after != p.before:
            tables.setdefault(p.parameter, []).append(f"{p.entry} = {p.after!r}" if p.entry else repr(p.after))
    rows = [
        f"{name} = {{ {', '.join(values)} }}" if "=" in values[0] else f"{name} = {values[0]}"
        for name, values in tables.items()
    ]
    met = [sum(getattr(f, key) for f in report.facts) for key in ("met_before", "met_after")]
    zh = (
        f"由校准得出：{report.seeds}个种子，{report.evaluations}次试算，{len(report.facts)}条事实里达到的"
        f"从{met[0]}条变为{met[1]}条。"
    )
    en = (
        f"From a calibration: {report.seeds} seeds, {report.evaluations} evaluations; of {len(report.facts)} facts "
        f"{met[0]} were met before and {met[1]} after."
    )
    return "\n".join([
        "# Proposed by `baimo lab calibrate`; nothing reads it unless it is asked for.",
        'id = "fitted"', 'name = { zh = "校准的提议", en = "As calibrated" }',
        f'text = {{ zh = "{zh}", en = "{en}" }}',
        "", "[set]", *rows, "",
    ])  # fmt: skip
