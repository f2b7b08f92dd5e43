"""Seats have no meaning of their own: firms in another order get the same results, to rounding.

Draws are keyed by the row of a firm, so the parameters of such draws are set to zero and the deck is empty.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.engine.limits import GUIDANCE
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.state import ARRAYS, State, layout
from game.policies import decide_all
from tests.engine.playing import mixed, opening, without_cards, without_firm_noise

PERMUTATIONS = ([3, 0, 7, 1, 11, 2, 5, 10, 4, 9, 6, 8], list(range(11, -1, -1)))
DETERMINISTIC = ("thumb", "reactive", "default")


def permuted(rules: Rules, order: list[int]) -> Rules:
    """The same table with its firms in another order."""
    def rows(part: object) -> dict[str, np.ndarray]:
        return {f.name: getattr(part, f.name)[order] for f in dataclasses.fields(part)}  # type: ignore[arg-type]

    return dataclasses.replace(
        rules, traits=dataclasses.replace(rules.traits, **rows(rules.traits)),
        opening=dataclasses.replace(rules.opening, **rows(rules.opening)), names=tuple(rules.names[i] for i in order),
    )


def axis_of_firms(name: str, firms: int) -> int | None:
    """Where the firms' axis of an array is: the one whose length follows the number of firms."""
    one, two = layout(firms, 3)[name][0], layout(firms + 1, 3)[name][0]
    return next((i for i, (a, b) in enumerate(zip(one, two, strict=True)) if a != b), None)


def reordered(s: State, order: list[int]) -> State:
    new = {}
    for name in ARRAYS:
        axis = axis_of_firms(name, len(order))
        new[name] = getattr(s, name) if axis is None else np.take(getattr(s, name), order, axis=axis)
    return s.evolve(**new)


def apart(a: State, b: State) -> list[str]:
    """Arrays that differ by more than rounding; two fen count as rounding, for a fen that cannot be split has to go
    somewhere."""
    return [n for n in ARRAYS if not np.allclose(getattr(a, n), getattr(b, n), rtol=1e-9, atol=2.0 if n in (
        "cash", "debt", "paid_out", "accounts") else 1e-9, equal_nan=True)]


def quarter(rules: Rules, s: State, seats: tuple[str, ...]) -> State:
    """One quarter by policies; guidance unrounded, for a half yuan rounds up in one order and down in the other."""
    decisions = decide_all(rules, s, seats)
    decisions[GUIDANCE] = np.stack([0.7 * s.cash, 1.1 * s.cash, 80.0 * s.revenue, 130.0 * s.revenue]) / 100.0
    return play_quarter(rules, s, decisions)[0]


@pytest.mark.parametrize("order", PERMUTATIONS)
def test_seats_in_another_order_play_the_same_game(war: Rules, order: list[int]) -> None:
    quiet = without_cards(without_firm_noise(war))
    moved = permuted(quiet, order)
    seats = mixed(war.firms, DETERMINISTIC)
    one, two = opening(quiet, range(4)), opening(moved, range(4))
    for _ in range(quiet.quarters):
        one, two = quarter(quiet, one, seats), quarter(moved, two, tuple(seats[i] for i in order))
        assert apart(reordered(one, order), two) == [], f"after quarter {one.quarter - 1}"
    assert (one.status != 0).any() and (one.status == 0).any()


def test_advantage_of_the_first_seat_is_noticed(war: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    from game.engine import choice

    real = choice.utility_terms

    def first_is_liked(*args: object) -> dict[str, np.ndarray]:
        terms = real(*args)  # type: ignore[arg-type]
        events = terms["events"].copy()
        events[0] += 1e-6
        return {**terms, "events": events}

    monkeypatch.setattr(choice, "utility_terms", first_is_liked)
    quiet = without_cards(without_firm_noise(war))
    order = PERMUTATIONS[0]
    seats = mixed(war.firms, DETERMINISTIC)
    one = quarter(quiet, opening(quiet, [1]), seats)
    two = quarter(permuted(quiet, order), opening(permuted(quiet, order), [1]), tuple(seats[i] for i in order))
    assert "customers" in apart(reordered(one, order), two)
