"""A made-up analysis with everything in it, and an analyst who tells it piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import msgspec

from game.lab.analysis.model import (
    ANALYSIS_VERSION,
    FULL,
    QUICK,
    Analysis,
    Answer,
    Budget,
    Comparison,
    Link,
    Luck,
    Measured,
    Move,
    Option,
    Origin,
    Plan,
    PolicyLuck,
    QuarterAnalysis,
    Range,
    RunHead,
)
from game.lab.analysis.turns import turning_points
from game.lab.analysis.worker import Told
from game.table.guidance import totals
from game.table.wire import Guidance, Message, Row

HOSTILE = "[@click=app.quit()]别信[/] \x1b[31m\u202e [bold]粗[/bold] " + "理由很长，" * 30
VERDICTS = ("best", "ok", "inaccuracy", "mistake", "blunder", "")


def row(quarter: int, value: float, rank: int = 3) -> Row:
    return Row(quarter, 0.4 * value, 0.05 * value, value, 0.12, rank, 0.6, 0.55, 12.0, 80, 3.0, 4.0)


def quarter(n: int, verdict: str, *, value: float = 1.2e9, guided: bool = True, reason: str = "", first: int = 0) -> QuarterAnalysis:
    """One quarter, analysed unless ``verdict`` is empty."""
    at = first + n
    bare = QuarterAnalysis(at, row(at, value), cost=8e7, runway=5.0, reason=reason)
    if guided:
        cash = bare.row.cash
        given = [Guidance(at, "cash", 0.9 * cash, 1.1 * cash, 0.7 * cash, 1.3 * cash, cash * (1.05 if n % 3 else 1.4), 2e7 + n * 1e6, 5e7,
                          0.95 * cash, 1.15 * cash, 1.6e7),
                 Guidance(at, "revenue", 5e7, 7e7, 4e7, 8e7)]  # fmt: skip
        bare = msgspec.structs.replace(bare, guidance=given if n % 2 else given[:1])
    if not verdict:
        return bare
    size = {"best": 0.0, "ok": 2e7, "inaccuracy": 6e7, "mistake": 1.3e8, "blunder": 4e8}[verdict]
    moves = [Move("price.token", 1.01, 1.22), Move("card.choice", 0.0, 1.0), Move("staff.finance", 20.0, 34.0),
             Move("compute.domestic", 60.0, None), Move("route", 2.0, 1.0)]  # fmt: skip
    own = verdict == "best"
    return msgspec.structs.replace(
        bare, analysed=True, ahead=4, fan=[Range(value * 0.93, value, value * 1.05), Range(value * 0.85, value * 1.02, value * 1.15),
        Range(value * 0.8, value * 1.05, value * 1.2), Range(value * 0.7, value * 1.1, value * 1.35)],
        ruin=0.04 * n, worth=value, regret=Measured(size, size - 5e7 if not own else 0.0, size + 5e7 if not own else 0.0),
        share=size / 2e9, log_regret=Measured(0.1, 0.02, 0.2), gain=Measured(3e7, -1e7, 7e7), verdict=verdict,  # type: ignore[arg-type]
        best=Plan("own") if own else Plan("retreat", moves, 0.02), hindsight=0.0 if own else (-1) ** n * 7.7e7,
        answers=[Answer("ankle-cut", 0, [Option(0, True, None), Option(1, True, Measured(4.4e7, 1e7, 8e7)), Option(2, False, None)])] if n % 2 else
                [Answer("distress", 1, [Option(i, True, None if i == 1 else Measured(-3e7, -9e7, 3e7)) for i in range(5)])] if n % 4 == 2 else [],
    )  # fmt: skip


def head(**changes: object) -> RunHead:
    plain = RunHead("made-up.baimo", "war", "lab-spin-off", "manager", "none", "all", "7", "", "human", 0, "own", 0, 20, 12, "2",
                    "0" * 64, "2026-01-01T00:00:00", False)  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def luck() -> Luck:
    policies = [PolicyLuck(p, 1e7 * v, s, Measured(m, m - 0.1, m + 0.1), 200)
                for p, v, s, m in (("thumb", 60, 4.1, 3.7), ("reactive", 140, 4.9, 4.8), ("planner", 200, 5.3, 4.9))]  # fmt: skip
    return Luck(4.6, Measured(0.3, -0.02, 0.62), -0.17, policies, 12, True)


def analysis(count: int = 12, *, guided: bool = True, ending: str = "niche-master", budget: Budget = QUICK, scale: float = 1.0, **changes: object) -> Analysis:
    """A whole run: every verdict, one quarter that nobody judges, a reason that means harm."""
    quarters = []
    for n in range(count):
        verdict = VERDICTS[n % 5]
        value = scale * (1.9e9 + 3e7 * n * (n % 4 - 1))
        quarters.append(quarter(n, verdict, value=value, guided=guided, reason=HOSTILE if n == 1 else ""))
    if count > 3:
        quarters[3] = msgspec.structs.replace(quarter(3, "", value=1.5e9, guided=guided), note=Message("analysis.note.rules"))
    if ending == "bankrupt":
        quarters[-1] = msgspec.structs.replace(quarter(count - 1, "", value=0.0, guided=False), note=Message("analysis.note.gone"))
    opening = row(-1, 1.9e9)
    return Analysis(
        ANALYSIS_VERSION, head(ending=ending, played=count, **changes), opening, quarters, budget, count + 1, count + 1,
        totals(g for q in quarters for g in q.guidance), luck(), turning_points(opening, quarters, ending),
        [Message("analysis.notice.running", {"count": count, "quarters": 20})],
    )  # fmt: skip


def bare(whole: Analysis) -> Analysis:
    """The same before anything is analysed."""
    quarters = [QuarterAnalysis(q.quarter, q.row, cost=q.cost, runway=q.runway, reason=q.reason, note=q.note, guidance=q.guidance) for q in whole.quarters]
    return msgspec.structs.replace(whole, quarters=quarters, done=0, luck=None, turns=[])


def halfway(whole: Analysis, done: int) -> Analysis:
    """The same after ``done`` quarters."""
    start = bare(whole)
    quarters = [*whole.quarters[:done], *start.quarters[done:]]
    return msgspec.structs.replace(start, quarters=quarters, done=done, turns=turning_points(whole.opening, quarters, ""))


def forked(whole: Analysis) -> Analysis:
    """The same as a fork of another run, with a quarter taken back."""
    return msgspec.structs.replace(whole, head=msgspec.structs.replace(whole.head, origin=Origin("f" * 64, 3), undone=True))


def side_by_side(runs: Sequence[Analysis]) -> Comparison:
    links = [Link(1, 0, 4)] if len(runs) > 1 else []
    return Comparison(ANALYSIS_VERSION, [bare(r) for r in runs], True, 4 if len(runs) > 1 else None, links)


class FakeAnalyst:
    """Tells what it was given, then waits where ``gate`` is set; ``ended`` says that nobody listens any more."""

    def __init__(self, told: Sequence[Told], *, open_end: bool = False) -> None:
        self.told = list(told)
        self.open_end = open_end
        self.ended = False
        self.asked: list[Path] = []
        self.fresh = asyncio.Event()

    def add(self, *told: Told) -> None:
        self.told += told
        self.fresh.set()

    async def listen(self, files: Sequence[Path], budgets: Sequence[Budget] = (QUICK, FULL)) -> AsyncGenerator[Told, None]:
        self.asked = list(files)
        at = 0
        try:
            while True:
                while at < len(self.told):
                    yield self.told[at]
                    at += 1
                if not self.open_end:
                    return
                await self.fresh.wait()
                self.fresh.clear()
        finally:
            self.ended = True


def whole(*runs: Analysis, ghost: Sequence[Row] = ()) -> list[Told]:
    """Everything that is told of some runs when all is done."""
    out = [Told(i, analysis=bare(run)) for i, run in enumerate(runs)]
    out.append(Told(0, comparison=side_by_side(runs), ghost=list(ghost)))
    out += [Told(i, 0, run) for i, run in enumerate(runs)]
    return out + [Told(i, 1, msgspec.structs.replace(run, budget=FULL)) for i, run in enumerate(runs)]
