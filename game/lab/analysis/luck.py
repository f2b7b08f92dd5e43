"""Luck of a seed and skill of whoever played it (model: regret, luck, skill), on the scale log(1 + value ÷ 10 million).

Luck is the mean over the standard policies of their value on this seed less their mean over many seeds; skill is the
run's value less the standard policies' mean on this seed. Every policy sits in the run's own seat, from the start of the
scenario, in the same setting. A run that is not over is measured after as many quarters as it has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from game.engine.draws import seed_array
from game.engine.rules import Rules
from game.lab.analysis.baselines import (
    POLICIES,
    Baseline,
    Campaigns,
    Curve,
    Setting,
    cached,
    field,
    keep,
    measure,
    play_out,
    shipped,
)
from game.lab.analysis.model import SCALE, Budget, Luck, Measured, PolicyLuck
from game.lab.analysis.regret import Z90, scaled
from game.lab.pool import scatter

Progress = Callable[[int, int], None]


def baseline(
    content: object, rules: Rules, setting: Setting, digest: str, seats: tuple[str, ...], firm: int, budget: Budget,
    progress: Progress | None = None,
) -> tuple[Baseline | None, bool]:
    """The curves of a setting, and whether they are the shipped ones.

    None where they are neither shipped nor cached and the budget has no seeds to measure them with.
    """
    there = shipped(content, setting, digest)  # type: ignore[arg-type]
    if there is not None:
        return there, True
    seeds = {p: budget.planner_seeds if p == "planner" else budget.seeds for p in POLICIES}
    seeds = {p: n for p, n in seeds.items() if n}
    there = cached(setting, digest, seeds)
    if there is not None and there.curves:
        return there, False
    if not seeds:
        return None, False
    there = Baseline(setting, measure(rules, seats, firm, seeds, progress=progress))
    keep(there, digest)
    return there, False


def on_seed(
    setting: Setting, digest: str, rules: Rules, seats: tuple[str, ...], firm: int, seed: str, policies: tuple[str, ...],
    processes: int | None = 1, planned: tuple[tuple[int, str], ...] = (),
) -> dict[str, list[float]]:
    """Scaled value after each quarter on the seed (32 hex digits), by policy; the last few seeds are kept. ``planned``
    cards are dealt to all there too, for they were no decision of the seat."""
    key = (setting, digest, seats, firm, seed, policies, planned)
    if key not in _kept:
        while len(_kept) >= _SEEDS:
            del _kept[next(iter(_kept))]
        words = seed_array([(int(seed[:16], 16), int(seed[16:], 16))])
        ordered = policies[::-1]  # who thinks longest begins first
        values = scatter(play_out, [Campaigns(rules, field(seats, firm, p), firm, words, planned) for p in ordered], processes=processes)
        _kept[key] = {p: [float(x) for x in v[:, 0]] for p, v in zip(ordered, values)}
    return _kept[key]


_kept: dict[tuple[object, ...], dict[str, list[float]]] = {}
_SEEDS = 8


def judge(
    value: float, played: int, here: Mapping[str, list[float]], curves: Mapping[str, Curve], stored: bool
) -> Luck | None:
    """Luck and skill of ``value`` CNY after ``played`` quarters; None where nothing was played or no policy is known."""
    known = [p for p in POLICIES if p in curves and p in here and _reaches(curves[p], played)]
    if not played or not known:
        return None
    own = float(scaled(value))  # type: ignore[arg-type]
    policies = []
    for p in known:
        mean, half = curves[p].mean[played - 1], errors(curves[p].seeds) * curves[p].error(played)
        at = here[p][played - 1]
        policies.append(PolicyLuck(p, unscaled(at), at, Measured(mean, mean - half, mean + half), curves[p].seeds))
    n = len(policies)
    level = sum(p.scaled for p in policies) / n
    luck = sum(p.scaled - p.mean.mean for p in policies) / n
    # the policies' means share their seeds, so their errors are taken to add up in full
    half = sum(p.mean.high - p.mean.mean for p in policies) / n
    return Luck(own, Measured(luck, luck - half, luck + half), own - level, policies, played, stored)


def _reaches(curve: Curve, played: int) -> bool:
    """Whether a curve says something of so many quarters; one in a damaged file may be short."""
    return curve.seeds > 0 and min(len(curve.mean), len(curve.spread)) >= played


def errors(seeds: int) -> float:
    """Standard errors either way that hold 90 % of Student's t: a few seeds say little (Cornish-Fisher expansion).

    >>> round(errors(200), 2), round(errors(16), 2), round(errors(5), 1)
    (1.65, 1.75, 2.1)
    """
    z, free = Z90, max(seeds - 1, 1)
    return z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)


def unscaled(number: float) -> float:
    """CNY from the scale log(1 + value ÷ 10 million CNY)."""
    import math

    return SCALE * math.expm1(number)
