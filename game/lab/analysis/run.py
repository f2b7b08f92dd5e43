"""The analysis of whole runs: step by step for a screen, at once and on all cores for the command line, side by side.

>>> for analysis in steps(content, path, QUICK):        # doctest: +SKIP
...     show(analysis)                                   # quarters arrive one by one; stop whenever you like
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from game.engine.exits import unit_for_sale
from game.engine.quantities import runway
from game.engine.state import State
from game.lab.analysis import luck as fate
from game.lab.analysis.baselines import Setting
from game.lab.analysis.model import (
    ANALYSIS_VERSION,
    FULL,
    GONE,
    MOST_RUNS,
    Analysis,
    Budget,
    Comparison,
    Link,
    Luck,
    Origin,
    QuarterAnalysis,
    RunHead,
)
from game.lab.analysis.quarter import Task, analyse_quarter
from game.lab.analysis.reading import Opened, open_run
from game.lab.analysis.regret import Desk
from game.lab.analysis.turns import turning_points
from game.lab.pool import cores, scatter
from game.table.guidance import given, totals
from game.table.lines import Head
from game.table.market import EngineMarket, array_of
from game.table.outside import still_planned
from game.table.runfile import RunFile
from game.table.wire import Guidance, Message, Row

if TYPE_CHECKING:
    from game.content import Content

Progress = Callable[[int, int], None]
TASK = 2
"""Quarters a worker takes at once."""


def steps(content: Content, source: Path | Opened, budget: Budget = FULL) -> Iterator[Analysis]:
    """The analysis as it fills: at once what the record says, then quarter by quarter, at last luck and turning points.

    Works in this process and thread; whoever stops asking stops the work. Raises `RunError` where nothing of the file
    can be read.
    """
    opened = source if isinstance(source, Opened) else open_run(content, source)
    bare, tasks = _prepare(opened, budget)
    yield bare
    quarters = list(bare.quarters)
    for done, (place, task) in enumerate(tasks, 1):
        quarters[place] = analyse_quarter(task)
        yield _with(bare, quarters, done)
    yield _finish(content, opened, bare, quarters, budget)


def analyse(
    content: Content, source: Path | Opened, budget: Budget = FULL, *, processes: int | None = None,
    progress: Progress | None = None, luck_progress: Progress | None = None,
) -> Analysis:
    """The whole analysis on ``processes`` (all cores); the same to the bit as the last of `steps`.

    ``progress`` hears (quarters done, quarters); ``luck_progress`` (campaigns done, campaigns) where the means over many
    seeds are neither shipped nor cached.
    """
    opened = source if isinstance(source, Opened) else open_run(content, source)
    bare, tasks = _prepare(opened, budget)
    workers = cores() if processes is None else max(processes, 1)
    size = TASK if workers > 1 else 1
    parts = [tuple(task for _, task in tasks[i : i + size]) for i in range(0, len(tasks), size)]
    found = scatter(
        _analyse, parts, processes=workers if len(tasks) > TASK else 1,
        progress=(lambda done, _: progress(min(done * size, len(tasks)), len(tasks))) if progress else None,
    )  # fmt: skip
    quarters = list(bare.quarters)
    for (place, _), quarter in zip(tasks, [q for part in found for q in part], strict=True):
        quarters[place] = quarter
    return _finish(content, opened, bare, quarters, budget, processes=workers, progress=luck_progress)


def task_of(opened: Opened, quarter: int, budget: Budget) -> Task | None:
    """The work on one quarter alone (`analyse_quarter`); None where that quarter cannot be analysed."""
    bare, tasks = _prepare(opened, budget)
    return next((task for place, task in tasks if bare.quarters[place].quarter == quarter), None)


def _analyse(tasks: tuple[Task, ...]) -> list[QuarterAnalysis]:
    return [analyse_quarter(task) for task in tasks]


def compare(opened: Sequence[Opened], analyses: Sequence[Analysis]) -> Comparison:
    """Up to `MOST_RUNS` analysed runs side by side. Raises ValueError for none or more."""
    if not 1 <= len(analyses) <= MOST_RUNS or len(opened) != len(analyses):
        raise ValueError(f"from one to {MOST_RUNS} runs are compared, not {len(analyses)}")
    runs = [o.run for o in opened]
    notices = []
    same = len({_luck_of(run) for run in runs}) == 1
    if len(runs) > 1 and not same:
        notices.append(Message("analysis.notice.other-luck"))
    if len(runs) > 1 and len({run.digest for run in runs}) > 1:
        notices.append(Message("analysis.notice.other-rules"))
    split = _split(runs) if len(runs) > 1 and same else None
    return Comparison(ANALYSIS_VERSION, list(analyses), same, split, list(_links(runs)), notices)


def _luck_of(run: RunFile) -> tuple[object, ...]:
    h = run.head
    return h.seed, h.scenario, h.background, h.difficulty, h.assume, h.firm, tuple(h.firms)


def _split(runs: Sequence[RunFile]) -> int | None:
    """First quarter in which the runs do not all decide alike."""
    shortest = min(len(run.quarters) for run in runs)
    for n in range(shortest):
        if len({run.quarters[n].digest for run in runs}) > 1:
            return runs[0].head.first + n
    return runs[0].head.first + shortest if len({len(run.quarters) for run in runs}) > 1 else None


def _links(runs: Sequence[RunFile]) -> Iterator[Link]:
    """Who was forked from whom, by the checksum that a fork names."""
    for child, run in enumerate(runs):
        origin = run.head.parent
        if origin is None:
            continue
        played = origin.quarter - run.head.first
        for parent, other in enumerate(runs):
            sums = other.checksums
            if parent != child and 0 <= played < len(sums) and sums[played] == origin.checksum:
                yield Link(child, parent, origin.quarter)
                break


# one run --------------------------------------------------------------------------------------------------------------


def _prepare(opened: Opened, budget: Budget) -> tuple[Analysis, list[tuple[int, Task]]]:
    """What the record says, and the quarters to analyse with their places."""
    run, head = opened.run, opened.run.head
    firm = head.firm
    rows = _rows(opened)
    opening = next((r for r in rows if r.quarter == head.first - 1), None)
    guidance = _guidance(opened, rows)
    at = {r.quarter: r for r in rows}
    quarters: list[QuarterAnalysis] = []
    tasks: list[tuple[int, Task]] = []
    for played, line in enumerate(run.quarters):
        row = at.get(line.quarter)
        if row is None:  # a record without the numbers of its own firm: nothing to show
            continue
        reason = run.reasons.get((line.quarter, firm))
        bare = QuarterAnalysis(
            line.quarter, row, reason=reason.text if reason else "",
            guidance=[g for g in guidance if g.quarter == line.quarter],
        )  # fmt: skip
        task, bare = _task(opened, played, bare, budget)
        if task is not None:
            tasks.append((len(quarters), task))
        quarters.append(bare)
    ending = run.end.endings.get(firm, "") if run.end else ""
    about = RunHead(
        run.path.name, head.scenario, head.own_background, head.difficulty, head.assume, head.levers, head.seed_text,
        head.player, head.seats[firm], firm, head.firms[firm], head.first, head.quarters, len(run.quarters),
        run.rules[-1][1].rules if run.rules else head.rules, run.digest, head.created, head.undone,
        Origin(head.parent.checksum, head.parent.quarter) if head.parent else None, ending,
    )  # fmt: skip
    bare = Analysis(
        ANALYSIS_VERSION, about, opening, quarters, budget, 0, len(tasks) + 1, totals(guidance), None,
        turning_points(opening, quarters, ending), list(opened.notices),
    )  # fmt: skip
    return bare, tasks


def _guidance(opened: Opened, rows: Sequence[Row]) -> list[Guidance]:
    """Intervals given while the firm was trading; of a firm that is gone nothing is scored."""
    table, market, firm = opened.table, opened.market, opened.run.head.firm
    if table is None or market is None:
        return []
    trading = []
    for played, (quarter, levers) in enumerate(table.decided(firm), table.played - len(table.decided(firm))):
        if not market.active(table.past(played)[0], firm):
            rows = [r for r in rows if r.quarter < quarter]
            break
        trading.append((quarter, levers))
    return given(trading, rows, market.source)


def _rows(opened: Opened) -> list[Row]:
    firm = opened.run.head.firm
    if opened.table is not None and (rows := opened.table.history(firm)):
        return rows
    return [q.rows[firm] for q in opened.run.quarters if firm in q.rows]


def _task(
    opened: Opened, played: int, bare: QuarterAnalysis, budget: Budget
) -> tuple[Task | None, QuarterAnalysis]:
    """The work on one quarter, and what is known without it; no work where it cannot be done."""
    table, market, head = opened.table, opened.market, opened.run.head
    if table is None or market is None:
        return None, msgspec.structs.replace(bare, note=Message("analysis.note.history"))
    try:
        state, decisions = table.past(played)
    except (LookupError, ValueError):
        return None, msgspec.structs.replace(bare, note=Message("analysis.note.rules"))
    bare = _costed(opened, played, bare)
    if not market.active(state, head.firm):
        return None, msgspec.structs.replace(bare, note=Message(GONE))
    try:
        levers = array_of(decisions)
    except KeyError:
        return None, msgspec.structs.replace(bare, note=Message("analysis.note.rules"))
    span = (str(head.first), str(head.quarters))
    setting = (
        market.digest, head.scenario, head.background, head.difficulty, head.assume, head.levers, *span, *head.firms
    )
    task = Task(
        setting, market.source, state, levers, head.firm, tuple(head.seats), _desk(opened, state), budget, bare
    )
    return task, bare


def _costed(opened: Opened, played: int, bare: QuarterAnalysis) -> QuarterAnalysis:
    table, firm = opened.table, opened.run.head.firm
    assert table is not None
    try:
        after: State = table.state if played + 1 == table.played else table.past(played + 1)[0]
    except (LookupError, ValueError):
        return bare
    left = float(runway(after)[firm, 0])
    cost = float(after.cost[firm, 0])
    return msgspec.structs.replace(bare, cost=cost, runway=left if np.isfinite(left) and left < 1e4 else None)


def _desk(opened: Opened, state: State) -> Desk:
    market, firm = opened.market, opened.run.head.firm
    assert market is not None
    card = market.card(state, firm)
    unit = int(unit_for_sale(market.source, state)[firm, 0])
    return Desk(
        card, tuple(market.open_choices(state, firm)) if card else (), market.distressed(state, firm),
        bool(state.customers[firm, unit, 0] > 0.0),
    )  # fmt: skip


def _with(bare: Analysis, quarters: Sequence[QuarterAnalysis], done: int) -> Analysis:
    told = totals(g for q in quarters for g in q.guidance)
    turns = turning_points(bare.opening, quarters, bare.head.ending)
    return msgspec.structs.replace(bare, quarters=list(quarters), done=done, guidance=told, turns=turns)


def _finish(
    content: Content, opened: Opened, bare: Analysis, quarters: Sequence[QuarterAnalysis], budget: Budget,
    processes: int = 1, progress: Progress | None = None,
) -> Analysis:
    luck, notices = _luck(content, opened, quarters, budget, processes, progress)
    whole = _with(bare, quarters, bare.steps)
    return msgspec.structs.replace(whole, luck=luck, notices=[*bare.notices, *notices])


def _luck(
    content: Content, opened: Opened, quarters: Sequence[QuarterAnalysis], budget: Budget, processes: int,
    progress: Progress | None,
) -> tuple[Luck | None, list[Message]]:
    """Luck and skill, and what has to be said about them."""
    market, run = opened.market, opened.run
    head = run.head
    if market is None or not quarters:
        return None, []
    if run.digest != market.digest or run.rules:
        return None, [Message("analysis.notice.luck-rules")]
    if market.firms[head.firm] != market.firms[0] or len(market.backgrounds) != 1:
        return None, [Message("analysis.notice.luck-seat")]
    seats = tuple(head.seats)
    setting = Setting(head.scenario, head.background, head.difficulty, head.assume)
    digest = _digest_of(content, head, market)
    base, stored = fate.baseline(content, market.source, setting, digest, seats, head.firm, budget, progress)
    if base is None:
        return None, [Message("analysis.notice.luck-budget", {"budget": budget.id})]
    played = head.quarters if run.end is not None else len(run.quarters)
    known = tuple(p for p in fate.POLICIES if p in base.curves)
    dealt = tuple((q, card) for q, cards in sorted(still_planned(head, run.quarters).items()) for card in cards)
    here = fate.on_seed(setting, digest, market.source, seats, head.firm, head.seed, known, processes, dealt)
    luck = fate.judge(quarters[-1].row.value, played, here, base.curves, stored)
    notices = []
    if "planner" not in known:
        notices.append(Message("analysis.notice.luck-planner"))
    if "planner" in seats[: head.firm] + seats[head.firm + 1 :]:
        notices.append(Message("analysis.notice.luck-legend"))
    return luck, notices


def _digest_of(content: Content, head: Head, market: EngineMarket) -> str:
    """The digest under which baselines of a game are stored: that of the rules, and another one where the game is not
    the scenario as it stands (other levers, one round of two)."""
    plan = content.scenarios[head.scenario]
    if (head.levers, head.quarters) == (plan.levers, plan.quarters):
        return market.digest
    return hashlib.sha256(f"{market.digest} {head.levers} {head.first} {head.quarters}".encode()).hexdigest()
