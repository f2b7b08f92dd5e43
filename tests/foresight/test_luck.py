"""The luck of a sample is even: means near nought, spread as it comes, the same for everybody and everywhere."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.engine.draws import Purpose, Words, normals, seed_array, seed_words, slot_keys, words
from game.engine.quarter_draws import QuarterDraws
from game.engine.rules import Rules
from game.foresight import luck
from game.foresight.estimate import foresight_seeds
from game.foresight.luck import AHEAD, even_seeds

QUARTER = 7


def drawn(seeds: Words, firms: int) -> np.ndarray:
    """(draws, N) what the rules draw under these seeds, by the rules' own sweep."""
    rows = [normals(words(seeds, slot_keys([(Purpose.FASHION, f) for f in range(firms)]), q)) for q in range(QUARTER - 3, QUARTER + AHEAD)]
    for q in range(QUARTER, QUARTER + AHEAD):
        draws = QuarterDraws(seeds, q, firms)
        rows += [draws[name] for name in ("raise", "adoption", "sentiment", "compute")]
    return np.concatenate(rows)


def off(found: np.ndarray) -> float:
    """Root mean square over draws of the mean in standard errors: 1 for luck as it comes."""
    z = found.mean(axis=1) * np.sqrt(found.shape[1]) / found.std(axis=1)
    return float(np.sqrt(np.mean(z * z)))


@pytest.fixture(scope="module")
def even(war: Rules) -> np.ndarray:
    return drawn(even_seeds(war, QUARTER, 1000), war.firms)


def test_means_are_near_nought_in_the_whole_and_in_its_first_part(war: Rules, even: np.ndarray) -> None:
    as_it_comes = drawn(foresight_seeds(war, QUARTER, 1000, "future"), war.firms)
    assert 0.8 < off(as_it_comes) < 1.2
    assert off(even) < 0.3 and off(even[:, :250]) < 0.5


def test_spread_and_independence_are_as_they_come(even: np.ndarray) -> None:
    assert np.abs(even.std(axis=1).mean() - 1.0) < 0.02 and np.abs(even.std(axis=1) - 1.0).max() < 0.1
    across = np.corrcoef(even)[np.triu_indices(len(even), 1)]
    assert np.abs(across).max() < 0.16 and across.std() < 1.2 / np.sqrt(even.shape[1])
    assert np.abs(np.quantile(even, [0.1, 0.9]) - [-1.2816, 1.2816]).max() < 0.02


def test_fewer_are_the_first_of_more_and_nothing_else_counts(war: Rules) -> None:
    many = even_seeds(war, QUARTER, 600)
    assert np.array_equal(even_seeds(war, QUARTER, 64), many[:, :64]) and many.shape == (2, 600)
    assert len(np.unique(many[0])) == 600
    dearer = dataclasses.replace(war, params=dataclasses.replace(war.params, wage=war.params.wage * 2))
    assert np.array_equal(even_seeds(dearer, QUARTER, 64), many[:, :64])
    assert not np.array_equal(even_seeds(war, QUARTER + 1, 64), many[:, :64])
    luck._even.cache_clear()
    assert np.array_equal(even_seeds(war, QUARTER, 600), many)


def test_what_is_handed_out_may_be_written_in(war: Rules) -> None:
    mine = even_seeds(war, QUARTER, 10)
    mine[...] = 0
    assert even_seeds(war, QUARTER, 10).all()


def test_a_naive_twin_chooses_the_same(war: Rules) -> None:
    """One place after the other with whole numbers: of eight candidates the one that leans most against the sum."""
    got, total = even_seeds(war, QUARTER, 12), None
    label = f"foresight/even/{war.first}/{','.join(war.names)}/{QUARTER}"
    for i in range(12):
        seeds = seed_array([seed_words(f"{label}/{i}/{k}") for k in range(8)])
        steps = luck._drawn(seeds, war.firms, QUARTER)
        total = np.zeros(steps.shape[1], dtype=np.int64) if total is None else total
        lean = [sum(int(a) * int(b) for a, b in zip(row, total)) for row in steps]
        best = min(range(8), key=lambda k: (lean[k], k))
        assert np.array_equal(got[:, i], seeds[:, best])
        total = total + steps[best]
