"""Arithmetic that gives the same bits in any batch and on any x86-64 machine.

numpy's own exp, log and sums take paths that depend on the processor and on the shape; rules use these instead. They
are built from add, multiply, divide and integer shifts only, in one fixed order of operations for every element, so
that the three ways below (numbers one by one, one block, many blocks) give the same bits.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Fen = NDArray[np.int64]

_BLOCK: Final = 16384
"""Elements worked on at a time: what a block needs stays in the second-level cache."""
_FEW: Final = 14
"""Up to so many elements plain Python floats are quicker than forty calls of numpy, and their bits are the same."""

_LOG2E: Final = 1.4426950408889634
# ln 2 in two parts, the first with trailing zero bits, so that n * LN2_HIGH is exact for |n| < 2**20.
_LN2_HIGH: Final = 0.693147180369123816490
_LN2_LOW: Final = 1.90821492927058770002e-10
# Minimax coefficients of fdlibm (Sun Microsystems 1993), highest power first, in the square of the argument: of
# r - 2 (e^r - 1) / (e^r + 1) for exp, of log((1 + s) / (1 - s)) / s - 2 for log.
_EXP: Final = (
    4.13813679705723846039e-08, -1.65339022054652515390e-06, 6.61375632143793436117e-05, -2.77777777770155933842e-03,
    1.66666666666666019037e-01,
)
_LOG: Final = (
    1.479819860511658591e-01, 1.531383769920937332e-01, 1.818357216161805012e-01, 2.222219843214978396e-01,
    2.857142874366239149e-01, 3.999999999940941908e-01, 6.666666666666735130e-01,
)
_SQRT_HALF: Final = 0.7071067811865476
_MAGIC: Final = 6755399441055744.0
"""1.5 * 2**52: a number of less than 2**51 added to it is rounded to a whole one, half to even, in the low bits."""
_MAGIC_EXP: Final = _MAGIC + 1023.0
"""The same with the bias of the exponent."""
_POWERS: Final = tuple(np.ldexp(1.0, np.arange(-1012, 1013)).tolist())
"""Powers of two from -1012 on."""


_LOW: Final = np.array(-700.0)
"""Constants as arrays without axes: numpy takes them more quickly than plain numbers."""
_HIGH: Final = np.array(700.0)
_LOG2E_C: Final = np.array(_LOG2E)
_MAGIC_C: Final = np.array(_MAGIC)
_LN2_HIGH_C: Final = np.array(_LN2_HIGH)
_LN2_LOW_C: Final = np.array(_LN2_LOW)
_ONE: Final = np.array(1.0)
_TWO: Final = np.array(2.0)
_TINY: Final = np.array(1e-300)
_EXP_C: Final = tuple(np.array(c) for c in _EXP)
_LOG_C: Final = tuple(np.array(c) for c in _LOG)
_MAGIC_EXP_C: Final = np.array(_MAGIC_EXP)
_SHIFT: Final = np.array(52)
_MAGIC_BITS: Final = _MAGIC_C.view(np.int64)
_HALF_BITS: Final = np.array(_SQRT_HALF).view(np.int64)
_add, _sub, _mul = np.add, np.subtract, np.multiply


def exp(x: Array) -> Array:
    """e to the ``x``, elementwise, any shape; arguments are clipped to ±700. At most 2 ulp from the exact value."""
    if x.size <= _FEW:
        return np.array([_exp_one(v) for v in x.ravel().tolist()], dtype=np.float64).reshape(x.shape)
    if x.size <= _BLOCK:
        return _exp_block(x, np.empty(x.shape))
    flat = x.ravel()
    out = np.empty(flat.size)
    for start in range(0, flat.size, _BLOCK):
        _exp_block(flat[start : start + _BLOCK], out[start : start + _BLOCK])
    return out.reshape(x.shape)


def _exp_block(x: Array, p: Array) -> Array:
    """`exp` of ``x`` into ``p``, which is returned."""
    # A new array costs less here than `np.maximum` with one to write to.
    r = x.clip(_LOW, _HIGH)
    scale = _mul(r, _LOG2E_C, np.empty(r.shape))
    _add(scale, _MAGIC_EXP_C, scale)
    n = _sub(scale, _MAGIC_EXP_C, np.empty(r.shape))
    # The low bits of ``scale`` hold the whole number n with its bias; moved to the exponent they are 2**n.
    bits = scale.view(np.int64)
    np.left_shift(bits, _SHIFT, bits)
    _mul(n, _LN2_HIGH_C, p)
    _sub(r, p, r)
    _mul(n, _LN2_LOW_C, n)
    _sub(r, n, r)
    z = _mul(r, r, n)
    _mul(z, _EXP_C[0], p)
    for c in _EXP_C[1:]:
        _add(p, c, p)
        _mul(p, z, p)
    # e^r = 1 + r + r c / (2 - c) with c = r - p.
    _sub(r, p, p)
    _sub(_TWO, p, z)
    _mul(p, r, p)
    np.divide(p, z, p)
    _add(p, r, p)
    _add(p, _ONE, p)
    return _mul(p, scale, p)


def _exp_one(x: float) -> float:
    """`exp` of one number."""
    if x != x:
        return x
    x = -700.0 if x < -700.0 else 700.0 if x > 700.0 else x
    n = (x * _LOG2E + _MAGIC_EXP) - _MAGIC_EXP
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    z = r * r
    p = z * _EXP[0]
    for c in _EXP[1:]:
        p = (p + c) * z
    c = r - p
    return (c * r / (2.0 - c) + r + 1.0) * _POWERS[int(n) + 1012]


def log(x: Array) -> Array:
    """Natural logarithm, elementwise, any shape, finite; arguments below 1e-300 count as 1e-300. At most 2 ulp."""
    if x.size <= _FEW:
        m, e = np.frexp(np.maximum(x.ravel(), _TINY))
        pairs = zip(m.tolist(), e.tolist())
        return np.array([_log_one(a, b) for a, b in pairs], dtype=np.float64).reshape(x.shape)
    if x.size <= _BLOCK:
        return _log_block(x, np.empty(x.shape))
    flat = x.ravel()
    out = np.empty(flat.size)
    for start in range(0, flat.size, _BLOCK):
        _log_block(flat[start : start + _BLOCK], out[start : start + _BLOCK])
    return out.reshape(x.shape)


def _log_block(x: Array, p: Array) -> Array:
    """`log` of ``x`` into ``p``, which is returned."""
    # x = m 2**n with m from the root of one half to that of two: what frexp gives, by the bits.
    m = np.maximum(x, _TINY)
    n, s, z = np.empty(m.shape), np.empty(m.shape), np.empty(m.shape)
    m_bits, n_bits, z_bits = m.view(np.int64), n.view(np.int64), z.view(np.int64)
    _sub(m_bits, _HALF_BITS, n_bits)
    np.right_shift(n_bits, _SHIFT, n_bits)
    np.left_shift(n_bits, _SHIFT, z_bits)
    _sub(m_bits, z_bits, m_bits)
    _add(n_bits, _MAGIC_BITS, n_bits)
    _sub(n, _MAGIC_C, n)
    _sub(m, _ONE, m)
    _add(m, _TWO, s)
    np.divide(m, s, s)
    _mul(s, s, z)
    _mul(z, _LOG_C[0], p)
    for c in _LOG_C[1:]:
        _add(p, c, p)
        _mul(p, z, p)
    _sub(p, m, p)
    _mul(p, s, p)
    _mul(n, _LN2_LOW_C, z)
    _add(p, z, p)
    _add(p, m, p)
    _mul(n, _LN2_HIGH_C, n)
    return _add(p, n, p)


def _log_one(m: float, e: int) -> float:
    """`log` of one number ``m`` × 2**``e`` as frexp takes it apart."""
    if m < _SQRT_HALF:
        m, e = m + m, e - 1
    m -= 1.0
    s = m / (m + 2.0)
    z = s * s
    p = z * _LOG[0]
    for c in _LOG[1:]:
        p = (p + c) * z
    return ((p - m) * s + e * _LN2_LOW + m) + e * _LN2_HIGH


def osum(x: Array, axis: int = 0) -> Array:
    """Sum over an axis in the order of its index, whatever the number of games.

    ``np.sum`` may pair or unroll at one shape and not at another; a running sum cannot.
    """
    if x.size <= 4096:
        return np.add.accumulate(x, axis=axis).take(-1, axis=axis)
    if axis:
        x = np.moveaxis(x, axis, 0)
    total = x[0].copy()
    for row in x[1:]:
        np.add(total, row, total)
    return total


def logistic(x: Array) -> Array:
    """1 / (1 + e to the -x)."""
    out = exp(-x)
    out += 1.0
    return np.divide(1.0, out, out)


def clip(x: Array, low: float | Array, high: float | Array) -> Array:
    """``x`` within bounds; a third of the cost of np.clip on small arrays."""
    return np.minimum(np.maximum(x, low), high)


def ratio(a: Array, b: Array, otherwise: float = 0.0) -> Array:
    """``a / b`` where ``b`` is above zero, else ``otherwise``."""
    positive = b > 0
    out: Array = a / np.where(positive, b, 1.0)
    np.copyto(out, otherwise, where=~positive)
    return out


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
