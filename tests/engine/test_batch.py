"""A game is the same to the bit alone, in a batch of seven, in a batch of sixty-four, and wherever it stands in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from game.engine import valuation
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.state import State, concat, pack, unpack
from game.policies import decide_all
from tests.engine.playing import mixed, opening, play, step, with_params

GAMES = 64
PICKED = (0, 1, 6, 7, 12, 21, 30, 31, 32, 43, 55, 62, 63)
SEEDS = [f"batch/{i}" for i in range(GAMES)]


@pytest.fixture(scope="module")
def whole(war: Rules) -> list[State]:
    """All quarters of a batch of 64 with cards, by four policies."""
    return play(war, SEEDS, mixed(war.firms))


def differs(rules: Rules, whole: list[State], seeds: Sequence[str], columns: Sequence[int], quarters: int) -> list[str]:
    """Where games played as a batch of ``seeds`` part from the same columns of ``whole``."""
    states = play(rules, seeds, mixed(rules.firms), quarters)
    return [
        f"quarter {q}, game {column}"
        for q in range(quarters + 1) for i, column in enumerate(columns)
        if pack(states[q], i) != pack(whole[q], column)
    ]


def test_a_lot_happens_in_these_games(whole: list[State]) -> None:
    last = whole[-1]
    assert {0, 1, 2} <= set(np.unique(last.status))
    assert last.seen.any(axis=(1, 2)).sum() > 20, "cards were played"


@pytest.mark.parametrize("column", PICKED)
def test_a_game_alone_equals_its_column(war: Rules, whole: list[State], column: int) -> None:
    assert differs(war, whole, [SEEDS[column]], [column], war.quarters) == []


def test_a_batch_of_seven_equals_its_columns(war: Rules, whole: list[State]) -> None:
    columns = [63, 2, 31, 7, 40, 11, 3]
    assert differs(war, whole, [SEEDS[c] for c in columns], columns, war.quarters) == []


@pytest.mark.parametrize("chunk", [41, 48])
def test_chunks_do_not_matter(war: Rules, whole: list[State], chunk: int) -> None:
    """Either side of the 512 numbers at which sums over firms change their path."""
    columns = range(chunk)
    assert differs(war, whole, SEEDS[:chunk], columns, 8) == []


def test_a_batch_may_be_cut_and_joined_on_the_way(war: Rules, whole: list[State]) -> None:
    seats = mixed(war.firms)
    middle = whole[9]
    parts = [middle.take(slice(0, 5)), middle.take([7, 5, 6]), middle.take(np.arange(8, GAMES))]
    joined = concat([step(war, part, seats)[0] for part in parts])
    order = [0, 1, 2, 3, 4, 7, 5, 6, *range(8, GAMES)]
    assert [pack(joined, i) for i in range(GAMES)] == [pack(whole[10], g) for g in order]


def test_saved_and_read_back_after_every_quarter(war: Rules, whole: list[State]) -> None:
    state = opening(war, [SEEDS[5]])
    for quarter in range(war.quarters):
        state, _ = step(war, unpack(pack(state)), mixed(war.firms))
        assert pack(state) == pack(whole[quarter + 1], 5)


def test_a_quarter_writes_into_nothing_it_was_given(war: Rules, whole: list[State]) -> None:
    for state in (whole[0], whole[4], whole[12]):
        some = state.take([1, 2, 3])
        decisions = decide_all(war, some, mixed(war.firms))
        before, given = [pack(some, g) for g in range(3)], decisions.tobytes()
        play_quarter(war, some, decisions)
        assert [pack(some, g) for g in range(3)] == before
        assert decisions.tobytes() == given


# Planted faults.


def test_a_sum_taken_with_numpys_sum_is_noticed(war: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    """numpy adds eight segments of one game in another order than those of many games. The fault is planted where
    knowledge is added up for equity, and knowledge made so dear that the last bit shows."""
    learned = with_params(war, equity_knowledge=1000.0)
    whole = play(learned, SEEDS, mixed(war.firms), 4)
    assert all(differs(learned, whole, [SEEDS[c]], [c], 4) == [] for c in PICKED[:5])
    monkeypatch.setattr(valuation, "osum", lambda x, axis=0: np.sum(x, axis=axis))
    broken = play(learned, SEEDS, mixed(war.firms), 4)
    assert all(differs(learned, broken, [SEEDS[c]], [c], 4) for c in PICKED[:5])


def test_a_draw_consumed_in_order_is_noticed(war: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    """A generator that hands out numbers as they are asked for gives each game of a batch other luck."""
    from game.engine import play as engine

    source = np.random.default_rng(1)
    real = engine.QuarterDraws

    class Consumed(real):  # type: ignore[misc, valid-type]
        def __getitem__(self, name: str) -> np.ndarray:
            return source.standard_normal(super().__getitem__(name).shape).clip(0.01, 0.99)

    monkeypatch.setattr(engine, "QuarterDraws", Consumed)
    broken = play(war, SEEDS[:3], mixed(war.firms), 2)
    assert differs(war, broken, [SEEDS[1]], [1], 2)
