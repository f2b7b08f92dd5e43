"""Which parameters drive which fact? Elementary effects (Morris 1991, Campolongo et al. 2007; library SALib).

Every free parameter of the calibration, and the survival knob (fixed cost of firms without a cloud), is moved over its
box; an effect is the change of a median over the same seeds, from one end of the box to the other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np

from game.content import Content
from game.content.build import build_rules
from game.engine.numeric import Array
from game.engine.rules import Rules
from game.lab.calibrate import Dimension, Trial, dimensions, moments_of, with_values
from game.lab.extras import library
from game.lab.facts import FIRST_SEED, seats
from game.lab.measures import MEASURES
from game.lab.pool import scatter
from game.lab.trace import simulate

TRAJECTORIES = 6
"""Paths through the box; each costs one evaluation a parameter and one more."""
LEVELS = 4
"""Values of a parameter that a path may take."""
SAMPLE_SEED = 20232
KNOB = "fixed-cost"
KNOB_LOW, KNOB_HIGH = 0.7, 1.3
"""Multiples of the fixed cost between which the survival knob moves."""
VALUE = "player-value"
"""Output that is no fact: the player's value in the last quarter, as log(1 + value ÷ 10 million CNY)."""
SURVIVAL = "player-survives"
"""Output that is no fact: share of games in which the player still trades in the last quarter."""


class Driver(msgspec.Struct, frozen=True):
    """What a parameter does to one output over its box: ``strength`` mean size of the effect (μ*), ``direction`` mean
    effect (μ), ``spread`` standard deviation (σ, large where it depends on the others), ``error`` half of the 95 %
    interval of the strength; all in the unit of the output's effects."""

    parameter: str
    strength: float
    direction: float
    spread: float
    error: float


class Output(msgspec.Struct, frozen=True):
    """One fact, or one of the player's numbers, with its drivers, strongest first. ``unit`` says in what effects count:
    half widths of the fact's band, or the output's own unit."""

    id: str
    unit: str
    drivers: list[Driver]


class SensitivityReport(msgspec.Struct, frozen=True):
    """What ``baimo lab sensitivity --json`` prints."""

    scenario: str
    assume: str
    rules: int
    method: str
    seeds: int
    evaluations: int
    outputs: list[Output]


def with_fixed_cost(rules: Rules, multiple: float) -> Rules:
    """The same rules with the fixed cost of every firm without a cloud multiplied."""
    t = rules.traits
    cost = np.where(t.cloud > 0, t.fixed_cost, t.fixed_cost * multiple)
    return dataclasses.replace(rules, traits=dataclasses.replace(t, fixed_cost=cost))


def measure(trial: Trial) -> Mapping[str, float]:
    """Median of every fact in half widths from the middle of its band, and the player's numbers."""
    trace = simulate(trial.rules, trial.seeds, trial.policies)
    found: dict[str, float] = {}
    for m in trial.moments:
        try:
            found[m.id] = m.z(float(np.median(MEASURES[m.measure](trace))))
        except LookupError:
            if m.measure not in MEASURES:
                raise
    found[VALUE] = float(np.median(np.log1p(trace.value[-1, 0] / 1e7)))
    found[SURVIVAL] = float(np.mean(trace.status[-1, 0] == 0))
    return found


def sensitivity(
    content: Content, *, seeds: int, trajectories: int = TRAJECTORIES, scenario: str = "war", assume: str = "none",
    rules_version: int = 0, processes: int | None = None, progress: Callable[[int, int], None] | None = None,
) -> SensitivityReport:
    """Elementary effects of every free parameter and of the survival knob on every fact and on the player's value.

    Raises `MissingLibrary` without SALib, ValueError where content lists no free parameter.
    """
    sampler = library("SALib.sample.morris", "SALib")
    analysis = library("SALib.analyze.morris", "SALib")
    box = dimensions(content)
    if not box:
        raise ValueError("content lists no free parameter")
    rules = build_rules(content, scenario, assume=assume)
    names = [*(d.id for d in box), KNOB]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    design = sampler.sample(problem, trajectories, num_levels=LEVELS, seed=SAMPLE_SEED)
    moments = moments_of(content, list(content.facts))
    chosen = tuple(range(FIRST_SEED, FIRST_SEED + seeds))
    trials = [Trial(_placed(rules, box, row), seats(content, rules), chosen, moments) for row in design]
    found = scatter(measure, trials, processes=processes, progress=progress)
    outputs = []
    for label in found[0]:
        y = np.array([one[label] for one in found])
        effects = analysis.analyze(problem, design, y, num_levels=LEVELS, seed=SAMPLE_SEED, print_to_console=False)
        outputs.append(Output(label, _unit(label), _drivers(names, effects)))
    method = f"Morris elementary effects, {trajectories} trajectories, {LEVELS} levels, SALib; common random numbers"
    return SensitivityReport(scenario, assume, rules_version, method, seeds, len(trials), outputs)


def _placed(rules: Rules, box: Sequence[Dimension], row: Array) -> Rules:
    changed = with_values(rules, box, [d.value(float(u)) for d, u in zip(box, row, strict=False)])
    return with_fixed_cost(changed, KNOB_LOW + (KNOB_HIGH - KNOB_LOW) * float(row[len(box)]))


def _unit(label: str) -> str:
    return {VALUE: "log(1 + value / 10 million CNY)", SURVIVAL: "share of games"}.get(label, "half widths of the band")


def _drivers(names: Sequence[str], effects: Mapping[str, Array]) -> list[Driver]:
    rows = zip(names, effects["mu_star"], effects["mu"], effects["sigma"], effects["mu_star_conf"], strict=True)
    found = [Driver(name, *(float(np.nan_to_num(x)) for x in numbers)) for name, *numbers in rows]
    return sorted(found, key=lambda d: (-d.strength, d.parameter))
