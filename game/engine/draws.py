"""Chance: stateless, counter-based draws (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").

A draw is a pure function of (seed of the game, purpose, entity, quarter): nothing is consumed, so no decision and no
other draw can disturb it. The mixer is the finaliser of splitmix64 (Steele, Lea and Flood 2014), twice, keyed by both
halves of the 128-bit seed.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from game.engine.normal_table import CUBICS
from game.engine.numeric import Array

Words = NDArray[np.uint64]

_TABLE: Final = np.array(CUBICS).reshape(-1, 4).T.copy()
_A: Final = np.uint64(0xBF58476D1CE4E5B9)
_B: Final = np.uint64(0x94D049BB133111EB)
_GOLDEN: Final = 0x9E3779B97F4A7C15
_MASK: Final = (1 << 64) - 1
_BLOCK: Final = 16
"""Rows hashed at a time, so that temporaries stay in cache."""


class Purpose(IntEnum):
    """What a draw is for; part of its key, so numbers are never reused for something else."""

    SENTIMENT = 1
    COMPUTE_PRICE = 2
    RESEARCH = 3
    EFFICIENCY = 4
    RAISE = 5
    ADOPTION = 6
    TENDER_SIZE = 7
    TENDER_SEGMENT = 8
    TENDER_TERMS = 9
    TENDER_NOISE = 10
    FRINGE = 11
    CARD = 12
    CARD_FIRM = 13
    CARD_COMES = 14
    EFFECT = 15
    HEADLINE = 16
    BENCHMARK = 17
    PIPELINE = 18
    POLICY = 19
    FRONTIER = 20
    TEMPER = 21
    RELEASE = 22
    EXIT = 23


def seed_words(seed: int | str) -> tuple[int, int]:
    """The 128-bit seed of a game as two 64-bit words, from a number or any text a person types.

    >>> seed_words(7) == seed_words("7")
    True
    """
    digest = hashlib.sha256(str(seed).strip().encode()).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:16], "little")


def seed_array(seeds: list[tuple[int, int]]) -> Words:
    """Seeds of a batch as an array (2, games)."""
    return np.array(seeds, dtype=np.uint64).reshape(-1, 2).T.copy()


def _mix(x: Words) -> Words:
    x ^= x >> np.uint64(30)
    x *= _A
    x ^= x >> np.uint64(27)
    x *= _B
    x ^= x >> np.uint64(31)
    return x


def slot_keys(slots: list[tuple[Purpose, int]]) -> Words:
    """Keys (N,) of a fixed list of (purpose, entity); computed once with Python integers."""
    return np.array([(int(p) * 0xD6E8FEB86659FD93 + (e + 1) * _GOLDEN) & _MASK for p, e in slots], dtype=np.uint64)


def words(seed: Words, keys: Words, quarter: int) -> Words:
    """Uniform 64-bit words (N, G) for the slots ``keys`` of ``quarter`` in games seeded by ``seed`` (2, G)."""
    out = np.empty((len(keys), seed.shape[1]), dtype=np.uint64)
    salt = np.uint64(((quarter + 1) * 0xA0761D6478BD642F) & _MASK)
    first = seed[0]
    second = seed[1] ^ salt
    for start in range(0, len(keys), _BLOCK):
        block = out[start : start + _BLOCK]
        np.add(keys[start : start + _BLOCK, None], first, out=block)
        _mix(block)
        block ^= second
        _mix(block)
    return out


def words_at(seed: Words, keys: Words, games: NDArray[np.int64], quarter: int) -> Words:
    """Words (N,) for single pairs of key and game, equal to those that `words` gives for the same pair."""
    salt = np.uint64(((quarter + 1) * 0xA0761D6478BD642F) & _MASK)
    out = _mix(keys + seed[0, games])
    out ^= seed[1, games] ^ salt
    return _mix(out)


def uniforms(word: Words) -> Array:
    """Numbers in the open interval (0, 1) from words, any shape."""
    return ((word >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def normals(word: Words) -> Array:
    """Standard normal numbers from words, any shape, |z| <= 4.3; no exp, no log."""
    sign = np.where(word & np.uint64(1), 1.0, -1.0)
    p = ((word >> np.uint64(32)).astype(np.float64) + 0.5) * 2.0**-33
    mantissa, exponent = np.frexp(np.maximum(p, 2.0**-16.99))
    piece = mantissa * 16.0 - 8.0
    j = piece.astype(np.int64)
    piece -= j
    j -= (exponent.astype(np.int64) + 1) * 8
    c = _TABLE[:, j]
    return sign * (c[0] + piece * (c[1] + piece * (c[2] + piece * c[3])))
