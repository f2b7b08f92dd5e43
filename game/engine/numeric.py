"""Arithmetic that gives the same bits in any batch and on any x86-64 machine.

numpy's own exp, log and sums take paths that depend on the processor and on the shape; rules use these instead. They
are built from add, multiply, rint, frexp and integer shifts only.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Fen = NDArray[np.int64]

_LOG2E: Final = 1.4426950408889634
# ln 2 in two parts, the first with trailing zero bits, so that n * LN2_HIGH is exact for |n| < 2**20.
_LN2_HIGH: Final = 0.693147180369123816490
_LN2_LOW: Final = 1.90821492927058770002e-10
_EXP: Final = tuple(1.0 / f for f in (6227020800.0, 479001600.0, 39916800.0, 3628800.0, 362880.0, 40320.0, 5040.0, 720.0, 120.0, 24.0, 6.0, 2.0))
_LOG: Final = tuple(2.0 / n for n in (21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0))
_SQRT_HALF: Final = 0.7071067811865476


def exp(x: Array) -> Array:
    """e to the ``x``, elementwise, any shape; arguments are clipped to ±700. At most 2 ulp from the exact value."""
    x = np.maximum(x, -700.0)
    np.minimum(x, 700.0, out=x)
    n = np.multiply(x, _LOG2E)
    np.rint(n, out=n)
    r = np.multiply(n, -_LN2_HIGH)
    r += x
    np.multiply(n, _LN2_LOW, out=x)
    r -= x
    p = np.multiply(r, _EXP[0])
    for c in _EXP[1:]:
        p += c
        p *= r
    p += 1.0
    p *= r
    p += 1.0
    bits = n.astype(np.int64)
    bits += 1023
    bits <<= 52
    p *= bits.view(np.float64)
    return p


def log(x: Array) -> Array:
    """Natural logarithm, elementwise, any shape; arguments below 1e-300 count as 1e-300. At most 2 ulp."""
    m, e = np.frexp(np.maximum(x, 1e-300))
    low = m < _SQRT_HALF
    n = e - low
    m = np.where(low, m + m, m)
    m -= 1.0
    s = m / (m + 2.0)
    z = s * s
    p = np.multiply(z, _LOG[0])
    for c in _LOG[1:]:
        p += c
        p *= z
    p -= m
    p *= s
    n = n.astype(np.float64)
    p += n * _LN2_LOW
    p += m
    p += n * _LN2_HIGH
    return p


def osum(x: Array) -> Array:
    """Sum over the first axis in the order of its index, whatever the number of games.

    ``np.sum`` may pair or unroll at one shape and not at another; a running sum cannot.
    """
    if x[0].size <= 512:
        return np.add.accumulate(x, axis=0)[-1]
    total = x[0].copy()
    for row in x[1:]:
        total += row
    return total


def logistic(x: Array) -> Array:
    """1 / (1 + e to the -x)."""
    return 1.0 / (1.0 + exp(-x))


def clip(x: Array, low: float | Array, high: float | Array) -> Array:
    """``x`` within bounds; a third of the cost of np.clip on small arrays."""
    return np.minimum(np.maximum(x, low), high)


def ratio(a: Array, b: Array, otherwise: float = 0.0) -> Array:
    """``a / b`` where ``b`` is above zero, else ``otherwise``."""
    positive = b > 0
    return np.where(positive, a / np.where(positive, b, 1.0), otherwise)


def fen(cny: Array) -> Fen:
    """CNY to whole fen, half to even."""
    return np.rint(cny * 100.0).astype(np.int64)


def split(total: Fen, weights: Array) -> Fen:
    """Whole-fen parts of ``total`` (G) by ``weights`` (N, G), by largest remainder: the parts add up exactly.

    Where all weights are zero every part is zero. Ties go to the lower index.
    """
    whole = osum(weights)
    share = np.where(whole > 0, weights / np.where(whole > 0, whole, 1.0), 0.0)
    exact = share * total
    parts = np.floor(exact).astype(np.int64)
    left = np.where(whole > 0, total - np.add.accumulate(parts, axis=0)[-1], 0)
    rest = exact - parts
    order = np.argsort(-rest, axis=0, kind="stable")
    rank = np.empty_like(order)
    places = np.arange(len(order)).reshape(-1, *[1] * (order.ndim - 1))
    np.put_along_axis(rank, order, np.broadcast_to(places, order.shape), 0)
    return parts + (rank < left)
