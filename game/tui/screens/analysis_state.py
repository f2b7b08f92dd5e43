"""What the analysis screen knows: up to four runs as far as they are analysed, quicker numbers until fuller ones come.

No widget and no number of its own: it takes what `game.lab.analysis.worker` tells and puts it together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from game.lab.analysis.model import Analysis, Comparison, QuarterAnalysis
from game.lab.analysis.turns import turning_points
from game.table.guidance import totals

if TYPE_CHECKING:
    from game.lab.analysis.worker import Told
    from game.table.wire import Message, Row

LOSING = ("inaccuracy", "mistake", "blunder")
"""Verdicts that lose something."""


def laid_over(quicker: Analysis, fuller: Analysis) -> Analysis:
    """The fuller analysis with the quicker one's quarters wherever it has not got to yet."""
    before = {q.quarter: q for q in quicker.quarters}
    quarters = [q if q.analysed else before.get(q.quarter, q) for q in fuller.quarters]
    over = fuller.done >= fuller.steps
    return msgspec.structs.replace(
        fuller, quarters=quarters, guidance=totals(g for q in quarters for g in q.guidance),
        luck=fuller.luck or quicker.luck, turns=turning_points(fuller.opening, quarters, fuller.head.ending),
        notices=fuller.notices if over else quicker.notices,
    )  # fmt: skip


@dataclass
class Board:
    """Runs by their place in the question; those that were refused are left out."""

    runs: dict[int, Analysis] = field(default_factory=dict)
    comparison: Comparison | None = None
    ghost: Sequence[Row] = ()
    """Of a single run that is a fork: what its parent came to."""
    refused: list[Message] = field(default_factory=list)
    broken: bool = False
    """Whether the work ended before its end."""
    over: bool = False
    """Whether nothing more will come."""
    place: int = 0
    """Which of the runs the pages are about."""
    cursor: int = -1
    """Place of the quarter at hand, in the run at hand; -1 until there is one."""
    _quick: dict[int, Analysis] = field(default_factory=dict)

    def take(self, told: Told) -> None:
        """Take a piece of news."""
        if told.refused is not None:
            self.refused.append(told.refused)
        if told.comparison is not None:
            self.comparison, self.ghost = told.comparison, told.ghost
        if told.analysis is None:
            return
        if told.round == 0:
            self._quick[told.place] = told.analysis
            self.runs[told.place] = told.analysis
        else:
            self.runs[told.place] = laid_over(self._quick.get(told.place, told.analysis), told.analysis)
        if self.place not in self.runs:
            self.place = told.place
        if self.cursor < 0 and told.place == self.place and told.analysis.quarters:
            self.cursor = 0

    # the run and the quarter at hand ----------------------------------------------------------------------------------
    @property
    def run(self) -> Analysis | None:
        """The run that the pages are about."""
        return self.runs.get(self.place)

    @property
    def quarters(self) -> list[QuarterAnalysis]:
        """Its quarters."""
        return self.run.quarters if self.run is not None else []

    @property
    def quarter(self) -> QuarterAnalysis | None:
        """The quarter at hand."""
        return self.quarters[self.cursor] if 0 <= self.cursor < len(self.quarters) else None

    def move(self, step: int) -> None:
        """To another quarter."""
        if self.quarters:
            self.cursor = min(max(self.cursor + step, 0), len(self.quarters) - 1)

    def go_to(self, quarter: int) -> None:
        """To a quarter by its number, if the run has it."""
        self.cursor = next((i for i, q in enumerate(self.quarters) if q.quarter == quarter), self.cursor)

    def turn(self, step: int) -> None:
        """To the next or the last turning point before."""
        run, here = self.run, self.quarter
        if run is None or here is None:
            return
        ahead = sorted({t.quarter for t in run.turns if (t.quarter - here.quarter) * step > 0}, reverse=step < 0)
        if ahead:
            self.go_to(ahead[0])

    def other(self, step: int) -> None:
        """To another of the runs; the cursor stays at its quarter where that one has it."""
        places = sorted(self.runs)
        if len(places) < 2:
            return
        quarter = self.quarter.quarter if self.quarter is not None else -1
        self.place = places[(places.index(self.place) + step) % len(places)]
        self.cursor = 0 if self.quarters else -1
        self.go_to(quarter)

    def ghosts(self) -> list[list[Row]]:
        """Rows of the run beside this one, or of its parent; more than one would be a thicket, and has a page of its own."""
        if len(self.runs) > 2:
            return []
        if len(self.runs) == 2:
            return [[q.row for q in a.quarters] for place, a in sorted(self.runs.items()) if place != self.place]
        return [list(self.ghost)] if self.ghost else []
