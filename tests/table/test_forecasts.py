"""The game's own forecast beside guidance in play: of the plan chosen, from the view of the time, kept once found."""

from __future__ import annotations

import numpy as np
import pytest

from game.content import Content
from game.engine.draws import seed_array, seed_words
from game.engine.view import observe
from game.foresight.futures import futures
from game.table import forecasts
from game.table.forecasts import guidance_beside
from game.table.local import market_for, seats_of
from game.table.market import EngineMarket, array_of
from game.table.table import Table
from game.table.wire import Draft

GAMES = 16


@pytest.fixture
def market(shipped: Content) -> EngineMarket:
    return market_for(shipped, "first-lesson", "lab-spin-off", "manager", "none", "1")


@pytest.fixture
def table(shipped: Content, market: EngineMarket) -> Table:
    table = Table.new(market, seats_of(shipped, market, "human"), seed="beside")
    while not table.over:
        view = table.view(0)
        moved = {"guidance.cash.low": view.own.cash * 0.7, "guidance.cash.high": view.own.cash}
        if view.card:
            moved["card.choice"] = next(float(c.index) for c in view.card.choices if c.allowed)
        if view.distress:
            moved["distress.choice"] = 0.0
        table.submit(0, Draft(view.quarter, moved))
        table.step()
    return table


def test_it_is_the_marks_of_the_futures_of_the_plan_chosen(market: EngineMarket, table: Table) -> None:
    found = guidance_beside(market, table, 0, GAMES)
    plain = table.view(0).guidance
    assert [(g.quarter, g.low, g.high, g.score, g.naive) for g in found] == [
        (g.quarter, g.low, g.high, g.score, g.naive) for g in plain
    ]  # fmt: skip
    state, decisions = table.past(1)
    plan = array_of(decisions)[:, 0, 0]
    cash = futures(market.source, observe(market.source, state, (0,)), plan, tuple(table.head.seats), games=GAMES).cash
    assert (found[1].game_low, found[1].game_high) == tuple(np.quantile(cash[1], (0.1, 0.9)))
    assert found[1].game is not None and found[-1].game_low is None, "the scenario has no quarter after the last"


def test_what_was_found_is_kept(market: EngineMarket, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    found = guidance_beside(market, table, 0, GAMES)
    monkeypatch.setattr(forecasts, "futures", lambda *_, **__: pytest.fail("that was played before"))
    assert guidance_beside(market, table, 0, GAMES) == found


def test_another_fate_behind_the_same_view_changes_nothing(
    market: EngineMarket, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = forecasts._forecast(market, table, 0, 2, GAMES)
    past, look = table.past, forecasts.observe

    def other(played: int) -> object:
        state, decisions = past(played)
        cash = state.cash.copy()
        cash[1:] *= 3
        return state.evolve(cash=cash, seed=seed_array([seed_words("another fate")])), decisions

    shown = look(market.source, past(2)[0], (0,)).public
    monkeypatch.setattr(table, "past", other)
    monkeypatch.setattr(forecasts, "observe", lambda rules, state, firms: look(rules, state, firms, shown))
    assert forecasts._forecast(market, table, 0, 2, GAMES) == honest
