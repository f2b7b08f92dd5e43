"""Runs replayed under a changed parameter: once with the levers as recorded, once with policies deciding anew.

With recorded levers only the market answers, so the difference is what the parameter does to those very decisions; with
policies deciding anew it is what it does to the game. Seats that people ran keep their levers in both. An answer to a
card stands for whatever card lies there under the changed rules. A run of older rules is replayed by the present ones,
both before and after the change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from game import __version__
from game.content import ContentError, load
from game.content.ranges import entries
from game.content.resolve import parameter_values
from game.engine import derive
from game.engine.names import STATUSES
from game.lab.pool import scatter
from game.lab.settings import Setting, changed_values, read_setting, with_settings
from game.table import outside
from game.table.contract import HUMAN
from game.table.errors import RunError
from game.table.heads import check_content, digest_of
from game.table.local import LocalHost
from game.table.market import EngineMarket
from game.table.runfile import SUFFIX, RunFile, read_run

if TYPE_CHECKING:
    from game.content import Content
    from game.engine.state import State


class Outcome(msgspec.Struct, frozen=True):
    """Where a firm stands after the last recorded quarter: value in CNY, rank in its market (1 best), how it ended."""

    value: float
    rank: int
    status: str
    ended: int
    """Quarter in which it ended, counted from 2023 Q1; -1 while it trades."""


class FirmOutcome(msgspec.Struct, frozen=True):
    """One firm three times: as it was, with recorded levers under the change, with policies deciding anew."""

    id: str
    decided_by: str
    before: Outcome
    recorded: Outcome
    anew: Outcome


class RunOutcome(msgspec.Struct, frozen=True):
    """One run; ``firm`` is the row in ``firms`` that it is about."""

    file: str
    scenario: str
    seed: str
    background: str
    difficulty: str
    assume: str
    quarters: int
    undone: bool
    older_rules: bool
    """Played by other rules than the present ones; ``before`` is then a replay, too, and not what was seen."""
    reproduced: bool | None
    """Whether the replay ends in the recorded state; null for older rules."""
    firm: int
    firms: list[FirmOutcome]


class Placing(msgspec.Struct, frozen=True):
    """Place of a run among the runs of its scenario, by value of its own firm."""

    file: str
    scenario: str
    before: int
    recorded: int
    anew: int
    value_before: float
    value_recorded: float
    value_anew: float


class Changed(msgspec.Struct, frozen=True):
    """A number of the rules without assumptions, before and after."""

    parameter: str
    entry: str
    before: float
    after: float


class Skipped(msgspec.Struct, frozen=True):
    """A file that could not be used, and why in one sentence."""

    file: str
    why: str


class WhatIf(msgspec.Struct, frozen=True):
    """What ``baimo lab whatif --json`` prints."""

    rules: int
    changes: list[Changed]
    runs: list[RunOutcome]
    ranking: list[Placing]
    skipped: list[Skipped]


class Unusable(Exception):
    """Nothing to replay, or a change that cannot be; the text is one sentence."""


def whatif(
    content: Content, path: Path, settings: Sequence[str], *, rules_version: int = 0, processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> WhatIf:
    """Replay a run, or every run of a folder, with ``settings`` (``parameter=value``) laid over its own rules.

    In a folder a file that cannot be used is left out and named. Raises `Unusable` where a setting is none, a single
    file cannot be used, or no file of a folder can.
    """
    if not settings:
        raise Unusable("nothing is changed; give at least one --set parameter=value")
    try:
        wanted = tuple(read_setting(content, text) for text in settings)
        changes = _changes(content, wanted)
    except ValueError as error:
        raise Unusable(f"{str(error).rstrip('.?')}{'?' if str(error).endswith('?') else '.'}") from None
    folder = path.is_dir()
    if folder:
        files = sorted(p for p in path.iterdir() if p.suffix == SUFFIX and not p.name.startswith("."))
        if not files:
            raise Unusable(f"{plain(str(path))} holds no runs (files that end in {SUFFIX}).")
        overlay = str(content.overlay) if content.overlay is not None else None
        found = scatter(_work, [(p, overlay, wanted) for p in files], processes=processes, progress=progress)
    else:
        found = [_try(content, path, wanted)]
    runs = [r for r in found if isinstance(r, RunOutcome)]
    skipped = [r for r in found if isinstance(r, Skipped)]
    if not runs:
        raise Unusable(skipped[0].why if not folder else f"no run in {plain(str(path))} can be used: {skipped[0].why}")
    return WhatIf(rules_version, changes, runs, placings(runs), skipped)


def _changes(content: Content, settings: Sequence[Setting]) -> list[Changed]:
    before = parameter_values(content)
    rows = []
    for name, value in changed_values(content, "none", settings).items():
        parameter = content.parameters[name]
        for (entry, old), (_, new) in zip(entries(parameter, before[name]), entries(parameter, value), strict=True):
            if old != new:
                rows.append(Changed(name, entry, old, new))
    return rows


@lru_cache(maxsize=2)
def _content(overlay: str | None) -> Content:
    return load(overlay=Path(overlay) if overlay is not None else None)


def _work(item: tuple[Path, str | None, tuple[Setting, ...]]) -> RunOutcome | Skipped:
    path, overlay, settings = item
    return _try(_content(overlay), path, settings)


def _try(content: Content, path: Path, settings: Sequence[Setting]) -> RunOutcome | Skipped:
    try:
        return replay_changed(content, path, settings)
    except RunError as error:
        return Skipped(plain(path.name), plain(str(error)))
    except ContentError as error:
        return Skipped(plain(path.name), plain(f"{path.name} cannot be replayed: {error.problems[0]}."))
    except ValueError as error:
        return Skipped(plain(path.name), plain(f"{path.name}: {error}."))
    except KeyError as error:
        return Skipped(plain(path.name), plain(f"{path.name} records {error.args[0]!r}, which these rules do not know."))


def replay_changed(content: Content, path: Path, settings: Sequence[Setting]) -> RunOutcome:
    """One run three times. Raises `RunError`, `ContentError`, KeyError for levers these rules do not know, ValueError
    for a run without a quarter, one with quarters outside its scenario, or a setting that is out of bounds under the run's own assumptions."""
    run = read_run(path)
    market = LocalHost(content, path.parent, __version__).market_of(run.head, path)
    check_content(market, run)
    if not run.quarters:
        raise ValueError("holds no quarter that was played")
    if run.head.first != market.first or len(run.quarters) > market.quarters:
        raise ValueError(f"holds quarters that lie outside scenario {market.scenario}")
    other = _with(content, market, settings)
    before = play_again(market, run)
    recorded, anew = play_again(other, run), play_again(other, run, anew=True)
    older = bool(run.rules) or run.head.digest != market.digest
    same = None if older else digest_of(market.pack(before)) == run.quarters[-1].digest
    head = run.head
    rows = zip(market.firms, head.seats, outcomes(before), outcomes(recorded), outcomes(anew), strict=True)
    return RunOutcome(
        plain(path.name), head.scenario, plain(head.seed_text), head.background, head.difficulty, head.assume,
        len(run.quarters), head.undone, older, same, head.firm, [FirmOutcome(*row) for row in rows],
    )  # fmt: skip


def _with(content: Content, market: EngineMarket, settings: Sequence[Setting]) -> EngineMarket:
    return EngineMarket(
        with_settings(content, market.source, market.assume, settings), content, scenario=market.scenario,
        backgrounds=market.backgrounds, difficulty=market.difficulty, assume=market.assume, program=market.program,
    )  # fmt: skip


def play_again(market: EngineMarket, run: RunFile, anew: bool = False) -> State:
    """State after as many quarters as were recorded; with ``anew`` every policy decides by what it sees now.

    Levers outside what the changed rules allow are brought inside by them. Raises KeyError for unknown levers.
    """
    policies = {f: who for f, who in enumerate(run.head.seats) if who != HUMAN} if anew else {}
    state: State = outside.begin(market, run.head)
    for played, line in enumerate(run.quarters):
        state = outside.acted(market, outside.opened(market, run.head, state, line.quarter), line.outside, other_rules=True)
        decisions = run.decisions(played)
        for firm, levers in (market.decide(state, policies) if policies else {}).items():
            decisions[firm] = levers
        state = market.play(state, decisions)[0]
    return state


def outcomes(state: State) -> list[Outcome]:
    """Every firm of a state of one game."""
    value, rank = derive.value(state), derive.ranks(state)
    return [
        Outcome(float(value[f, 0]), int(rank[f, 0]), STATUSES[int(state.status[f, 0])], int(state.ended[f, 0]))
        for f in range(len(value))
    ]


def placings(runs: Sequence[RunOutcome]) -> list[Placing]:
    """Places of runs within their scenarios; of two bankrupt firms the one that lasted longer is ahead, ties share."""

    def key(outcome: Outcome) -> tuple[float, int]:
        return -outcome.value, -outcome.ended if outcome.status == "bankrupt" else 0

    rows = []
    for run in runs:
        mine = run.firms[run.firm]
        rivals = [r.firms[r.firm] for r in runs if r.scenario == run.scenario]
        before, recorded, anew = (
            1 + sum(key(getattr(r, way)) < key(getattr(mine, way)) for r in rivals)
            for way in ("before", "recorded", "anew")
        )
        rows.append(Placing(
            run.file, run.scenario, before, recorded, anew, mine.before.value, mine.recorded.value, mine.anew.value
        ))  # fmt: skip
    return sorted(rows, key=lambda r: (r.scenario, r.before, r.file))


def plain(text: str) -> str:
    """Text that neither a terminal nor JSON can stumble over: what cannot be shown becomes a question mark."""
    return "".join(c if c.isprintable() else "?" for c in text.encode(errors="replace").decode())
