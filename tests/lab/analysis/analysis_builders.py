"""Runs to analyse, played by programs in a person's place, and a budget that is quick enough for tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from game.content import Content
from game.lab.analysis.model import Budget
from game.table.local import market_for, seats_of
from game.table.table import Table
from game.table.wire import Draft, SeatView

TINY = Budget("tiny", select=24, measure=48, seeds=0, planner_seeds=0)
Moves = Callable[[SeatView], dict[str, float]]


def nothing(view: SeatView) -> dict[str, float]:
    return {}


def play(
    content: Content, path: Path | None, *, scenario: str = "price-war", seed: str = "4", quarters: int = 4,
    moves: Moves = nothing, reason: str = "", player: str = "",
) -> Table:
    """A run of a person who answers what lies on the desk, promises a wide interval and otherwise does ``moves``."""
    market = market_for(content, scenario, "lab-spin-off", "manager", "none", "1")
    table = Table.new(market, seats_of(content, market, "human"), seed=seed, path=path, player=player,
                      salt=lambda: "0" * 32)  # fmt: skip
    for _ in range(quarters):
        if table.over:
            break
        view = table.view(0)
        levers = {"guidance.cash.low": view.own.cash - 5e7, "guidance.cash.high": view.own.cash + 5e7}
        if view.card:
            levers["card.choice"] = next(float(c.index) for c in view.card.choices if c.allowed)
        if view.distress:
            levers["distress.choice"] = 0.0
        table.submit(0, Draft(view.quarter, {**levers, **moves(view)}, reason))
        table.step()
    table.close()
    return table
