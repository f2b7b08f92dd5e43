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

_A: Final = np.array(0xBF58476D1CE4E5B9, dtype=np.uint64)
_B: Final = np.array(0x94D049BB133111EB, dtype=np.uint64)
_GOLDEN: Final = 0x9E3779B97F4A7C15
SLOT_STEP: Final = np.array(_GOLDEN, dtype=np.uint64)
"""From the key of one entity to that of the next, for the same purpose."""
_MASK: Final = (1 << 64) - 1
_BLOCK: Final = 8192
"""Words worked on at a time, so that temporaries stay in cache."""
_12, _27, _30, _31, _32, _49, _63 = (np.array(n, dtype=np.uint64) for n in (12, 27, 30, 31, 32, 49, 63))
_ONE: Final = np.array(1, dtype=np.uint64)
_WHOLE: Final = np.array(0x4330000000000000, dtype=np.uint64)
"""Bits of 2**52: with a whole number below 2**52 in the low bits they are 2**52 plus that number, exactly."""
_WHOLE_LESS_HALF: Final = np.array(2.0**52 - 0.5)
_3: Final = np.array(3, dtype=np.uint64)
_REST: Final = np.array((1 << 49) - 1, dtype=np.uint64)
_UNIT: Final = np.array(0x3FF0000000000000, dtype=np.uint64)
"""Bits of 1.0."""
_LEAST: Final = np.array(2.0**-16.99)
_POWERS: Final = len(CUBICS) // 32
_FIRST: Final = np.array((1022 - _POWERS) * 8, dtype=np.uint64)
"""Exponent and three bits of the mantissa of the least number that the table holds."""
_TABLE: Final = np.ascontiguousarray(np.array(CUBICS).reshape(_POWERS, 8, 4)[::-1].reshape(-1, 4).T)
"""Cubics (4, rows), by rising probability."""


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
    FASHION = 24


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


def _mix(x: Words, t: Words) -> None:
    """The finaliser of splitmix64 on ``x`` in place; ``t`` is scratch of its shape."""
    np.right_shift(x, _30, t)
    np.bitwise_xor(x, t, x)
    np.multiply(x, _A, x)
    np.right_shift(x, _27, t)
    np.bitwise_xor(x, t, x)
    np.multiply(x, _B, x)
    np.right_shift(x, _31, t)
    np.bitwise_xor(x, t, x)


def slot_keys(slots: list[tuple[Purpose, int]]) -> Words:
    """Keys (N,) of a fixed list of (purpose, entity); computed once with Python integers."""
    return np.array([(int(p) * 0xD6E8FEB86659FD93 + (e + 1) * _GOLDEN) & _MASK for p, e in slots], dtype=np.uint64)


def words(seed: Words, keys: Words, quarter: int) -> Words:
    """Uniform 64-bit words (N, G) for the slots ``keys`` of ``quarter`` in games seeded by ``seed`` (2, G)."""
    games = seed.shape[1]
    out = np.empty((len(keys), games), dtype=np.uint64)
    salt = np.uint64(((quarter + 1) * 0xA0761D6478BD642F) & _MASK)
    first = seed[0]
    second = seed[1] ^ salt
    rows = max(_BLOCK // max(games, 1), 1)
    scratch = np.empty((min(rows, len(keys)), games), dtype=np.uint64)
    for start in range(0, len(keys), rows):
        block = out[start : start + rows]
        t = scratch[: len(block)]
        np.add(keys[start : start + rows, None], first, block)
        _mix(block, t)
        np.bitwise_xor(block, second, block)
        _mix(block, t)
    return out


def words_at(seed: Words, keys: Words, games: NDArray[np.int64], quarter: int) -> Words:
    """Words (N,) for single pairs of key and game, equal to those that `words` gives for the same pair."""
    salt = np.uint64(((quarter + 1) * 0xA0761D6478BD642F) & _MASK)
    out = keys + seed[0, games]
    t = np.empty_like(out)
    _mix(out, t)
    out ^= seed[1, games] ^ salt
    _mix(out, t)
    return out


def uniforms(word: Words) -> Array:
    """Numbers in the open interval (0, 1) from words, any shape."""
    out = halves(word)
    np.multiply(out, 2.0**-52, out)
    return out


def halves(word: Words) -> Array:
    """`uniforms` times 2**52: the upper 52 bits of a word as a number, plus one half; exact."""
    bits = np.right_shift(word, _12)
    np.bitwise_or(bits, _WHOLE, bits)
    out = bits.view(np.float64)
    return np.subtract(out, _WHOLE_LESS_HALF, out)


def normals(word: Words) -> Array:
    """Standard normal numbers from words, any shape, |z| <= 4.3; no exp, no log."""
    flat = word.ravel()
    out = np.empty(flat.size)
    for start in range(0, flat.size, _BLOCK):
        _normal_block(flat[start : start + _BLOCK], out[start : start + _BLOCK])
    return out.reshape(word.shape)


def _normal_block(word: Words, z: Array) -> None:
    """`normals` of ``word`` into ``z``: a cubic in each eighth of each power of two of the upper tail's probability."""
    bits = np.right_shift(word, _32)
    np.bitwise_or(bits, _WHOLE, bits)
    p = bits.view(np.float64)
    np.subtract(p, _WHOLE_LESS_HALF, p)
    np.multiply(p, 2.0**-33, p)
    p = np.maximum(p, _LEAST)
    bits = p.view(np.uint64)
    # Exponent and the first three bits of the mantissa pick the cubic, the rest is how far along it the number lies.
    place = np.right_shift(bits, _49)
    np.subtract(place, _FIRST, place)
    row = place.view(np.int64)
    np.bitwise_and(bits, _REST, bits)
    np.left_shift(bits, _3, bits)
    np.bitwise_or(bits, _UNIT, bits)
    np.subtract(p, 1.0, p)
    t = np.empty(z.shape)
    np.take(_TABLE[3], row, out=z, mode="clip")
    for c in (2, 1, 0):
        np.multiply(z, p, z)
        np.take(_TABLE[c], row, out=t, mode="clip")
        np.add(z, t, z)
    # The lowest bit of the word is the sign: set for plus.
    sign = np.bitwise_and(word, _ONE)
    np.bitwise_xor(sign, _ONE, sign)
    np.left_shift(sign, _63, sign)
    signed = z.view(np.uint64)
    np.bitwise_xor(signed, sign, signed)
