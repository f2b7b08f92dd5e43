"""Luck of futures that is even: seeds of a sample chosen in turn so that what they draw nearly cancels out.

All futures of a quarter share their luck whatever the view and the plan, so the chance in one sample of a thousand does
not average out: a mean of a thousand draws is off by a thirtieth of their spread, and with a dozen draws that matter the
median of a forecast came out up to five points beside where it belongs, the same way for everybody and in every game.
So each seed is the best of a few candidates: the one whose draws lean most against the sum of all before it (vector
balancing; moment matching in the words of Boyle, Broadie and Glasserman 1997). Every first part of the sequence is even
as well, so the first fan is like the whole. A candidate's own draws are as they are: only the choice among a few looks
at them, along one direction among many, so their spread stays what it is.

Seeds are a function of scenario and quarter, as before; sums are of whole numbers, so the choice is the same everywhere.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from game.engine.demand import FASHION_QUARTERS
from game.engine.draws import Purpose, Words, normals, seed_array, seed_words, slot_keys, words
from game.engine.names import SEGMENTS
from game.engine.rules import Rules

CANDIDATES: Final = 8
AHEAD: Final = 4
"""Quarters whose luck is evened."""
_STEP: Final = 64.0
"""Draws are counted in these parts of their standard deviation."""
_COMMON: Final = 3.0
"""Weight of what moves every firm at once."""
_BLOCK: Final = 250
"""Seeds whose candidates are drawn together."""


def even_seeds(rules: Rules, quarter: int, games: int) -> Words:
    """Seeds (2, games) of futures from ``quarter``; those of fewer games are the first of those of more."""
    blocks = -(-games // _BLOCK)
    return _even(rules.first, rules.names, quarter, blocks)[:, :games].copy()


@lru_cache(maxsize=16)
def _even(first: int, names: tuple[str, ...], quarter: int, blocks: int) -> Words:
    if not blocks:
        return np.empty((2, 0), dtype=np.uint64)
    before = _even(first, names, quarter, blocks - 1)
    total = _drawn(before, len(names), quarter).sum(axis=0)
    places = range((blocks - 1) * _BLOCK, blocks * _BLOCK)
    label = f"foresight/even/{first}/{','.join(names)}/{quarter}"
    seeds = seed_array([seed_words(f"{label}/{i}/{k}") for i in places for k in range(CANDIDATES)])
    found = _drawn(seeds, len(names), quarter).reshape(_BLOCK, CANDIDATES, -1)
    chosen = np.empty(_BLOCK, dtype=np.int64)
    for i, candidates in enumerate(found):
        lean = (candidates * total).sum(axis=1)
        chosen[i] = int(lean.argmin())
        total += candidates[chosen[i]]
    return np.concatenate([before, seeds[:, np.arange(_BLOCK) * CANDIDATES + chosen]], axis=1)


def _drawn(seeds: Words, firms: int, quarter: int) -> NDArray[np.int64]:
    """(N, draws) what N seeds draw: talk, rounds, adoption, sentiment and the price of compute, in whole steps."""
    rows = []
    for back in range(FASHION_QUARTERS - 1):
        rows.append(_normal(seeds, Purpose.FASHION, firms, quarter - 1 - back))
    for ahead in range(quarter, quarter + AHEAD):
        rows += [
            _normal(seeds, Purpose.FASHION, firms, ahead), _normal(seeds, Purpose.RAISE, firms, ahead),
            _normal(seeds, Purpose.ADOPTION, len(SEGMENTS), ahead),
            _COMMON * _normal(seeds, Purpose.SENTIMENT, 1, ahead),
            _COMMON * _normal(seeds, Purpose.COMPUTE_PRICE, 1, ahead),
        ]  # fmt: skip
    return np.rint(np.concatenate(rows).T * _STEP).astype(np.int64)


def _normal(seeds: Words, purpose: Purpose, count: int, quarter: int) -> NDArray[np.float64]:
    return normals(words(seeds, slot_keys([(purpose, i) for i in range(count)]), quarter))
