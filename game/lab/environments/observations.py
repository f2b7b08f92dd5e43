"""What an agent observes: the whole `game.engine.view.View` of its firm as a flat row of bounded numbers, by name.

Nothing else enters, so nothing hidden can. Scales are fixed, never fitted: money is sign(x)·ln(1 + |x| / 10 million
CNY) / 10; counts (customers, people, machines, tokens, CNY per PFLOP/s) are sign(x)·ln(1 + |x|) / 10; prices are
ln(1 + x / 0.01 CNY) / 10; logs, ages and small whole numbers are x / 10; shares, scores and flags stay as they are.
Everything is cut at ±`BOUND`; what is not given counts as 0. In tables of firms the observer comes first, the others in
the table's order, so that the same policy can run any firm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from game.engine.names import LEVERS, ROUTES, SEGMENTS, SOURCES, STATUSES
from game.engine.numeric import Array, log
from game.engine.rules import Rules
from game.engine.state import CHANNELS, HORIZON, SHIFT_QUARTERS
from game.engine.view import View

BOUND: Final = 10.0
"""No number of an observation is larger."""
UNIT: Final = 1e7
"""CNY: one unit of money in observations and rewards."""
_HUGE: Final = 1e15
_CENT: Final = 0.01

Frozen = NDArray[np.float32]


class Scale(NamedTuple):
    """How a number x is scaled: x / ``divisor``, after sign(x)·ln(1 + |x| / ``unit``) where ``unit`` is not 0."""

    unit: float
    divisor: float


money, count, price = Scale(UNIT, 10.0), Scale(1.0, 10.0), Scale(_CENT, 10.0)
tenth, percent, plain = Scale(0.0, 10.0), Scale(0.0, 100.0), Scale(0.0, 1.0)
"""``tenth`` is for logs, ages and small whole numbers, ``percent`` for shares of a budget, ``plain`` for shares, scores
and flags."""

OWN: Final[dict[str, Scale]] = {
    "cash": money, "debt": money, "founders": plain, "equity": money, "value": money, "paid_out": money,
    "capability": plain, "lnc": tenth, "lne": tenth, "safety": plain, "trust": plain, "community": count,
    "credibility": plain, "research_capital": money, "revenue": money, "revenue_before": money, "cost": money,
    "margin": plain, "unserved": plain, "utilisation": plain, "volume": count, "raised": tenth, "distress": plain,
    "customers": count, "hosted": count, "leads": count, "pilots": count, "knowledge": count, "freshness": plain,
    "accuracy": plain, "habit": plain, "staff": count, "hiring": count, "due": count, "bill": money,
    "token_cost": price, "token_yield": count, "machines": count, "committed": money, "contracted": money,
    "expected_fill": plain, "import_share": plain, "offer": money, "shifts": plain, "tender_count": count,
    "tender_value": money, "released": tenth, "signed": count, "started": count, "guidance": money, "seen": plain,
}
"""Own books and their scales."""
_HOT: Final = dict.fromkeys(("route", "status", "card", "coming"), plain)
"""Own books that are one of a list: a number for each entry, 1 for the one it is."""
_LEVERS: Final = ("levers", "low", "high")
"""Levers as they stand, and the least and the most they may be now."""
RIVALS: Final[dict[str, Scale]] = {
    "price": price, "price_before": price, "share": plain, "trust": plain, "community": count, "benchmark": plain,
    "tender_count": count,
}
"""What everybody knows of each firm, the observer's own first; beside ``status``, ``route`` and ``rank``."""
MARKET: Final[dict[str, Scale]] = {
    "compute_price": count, "sentiment": plain, "live_models": count, "adopters": count, "outside": count,
    "open_capability": plain, "open_efficiency": tenth, "token_price": price, "token_price_low": price,
}
"""What everybody knows of the market."""

_V, _S, _L = "segment", "source", "quarters"
_AXES: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("customers", "hosted", "leads", "pilots", "knowledge", "freshness", "accuracy", "habit", "staff",
                     "hiring", "signed", "started", "share", "adopters", "outside"), (_V,)),
    "due": (_S, _L), "bill": (_S, _L), "shifts": ("channel", "slot"), "price": ("product",),
    "price_before": ("product",), "guidance": ("interval",), "seen": ("card",), "route": ("route",),
    "status": ("status",), "card": ("card",), "coming": ("card",),
}
"""Axes of each field beside those of firms and games; none for single numbers."""
_FIRST: Final = frozenset({"levers", "low", "high", "guidance", "seen", "shifts", "price", "price_before"})
"""Fields whose own axes stand before that of the firms."""


def lever_scale(name: str) -> Scale:
    """Scale of a lever, its standing value and its bounds."""
    if name.startswith(("knowledge.", "finance.", "guidance.")) or name.endswith(".budget"):
        return money
    if name.startswith("price."):
        return price
    if name.startswith("staff.") or name in [f"compute.{s}" for s in SOURCES]:
        return count
    if name.startswith("research."):
        return percent
    return plain if name in ("tender.price", "tender.quality") else tenth


@dataclass(frozen=True, eq=False)
class Layout:
    """The names of an observation under some rules, and how a view becomes one."""

    rules: Rules

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name of every number, in order, such as ``own.customers.medical`` or ``firm.3.price.token``."""
        return tuple(name for name, _ in self._entries)

    @property
    def size(self) -> int:
        """Count of numbers."""
        return len(self._entries)

    def encode(self, view: View) -> Frozen:
        """(N, G, K) float32: the observations of the N firms of a view, within ±`BOUND` and never not-a-number."""
        n, g = view.own.cash.shape
        parts = [np.full((n, 1, g), (view.quarter - self.rules.first) / self.rules.quarters)]
        parts += [self._own(view, name) for name in OWN]
        parts += [_hot(getattr(view.own, name), len(self._axis(_AXES[name][0]))) for name in _HOT]
        parts += [self._own(view, name) for name in _LEVERS]
        parts.append(self._firms(view))
        for name in MARKET:
            x = getattr(view.public, name).reshape(-1, g)
            parts.append(np.broadcast_to(x, (n, *x.shape)))
        whole = np.concatenate(parts, axis=1, dtype=np.float64)
        np.nan_to_num(whole, copy=False, nan=0.0, posinf=_HUGE, neginf=-_HUGE)
        rows, units, divisors = self._scaling
        x = whole[:, rows]
        # The engine's own log: the same bits for one game and for many, on any machine.
        whole[:, rows] = np.sign(x) * log(1.0 + np.abs(x) / units)
        whole /= divisors
        np.clip(whole, -BOUND, BOUND, out=whole)
        return np.ascontiguousarray(whole.transpose(0, 2, 1), dtype=np.float32)

    @cached_property
    def _entries(self) -> tuple[tuple[str, Scale], ...]:
        """Name and scale of every number."""
        own = [("quarter", plain), *self._labels("own", OWN.items()), *self._labels("own", _HOT.items())]
        for field in _LEVERS:
            own += [(f"own.{field}.{lever}", lever_scale(lever)) for lever in LEVERS]
        public = {"status": plain, "route": plain, **RIVALS, "rank": Scale(0.0, float(self.rules.firms))}
        for f in range(self.rules.firms):
            own += self._labels(f"firm.{f}", public.items())
        return tuple(own + self._labels("market", MARKET.items()))

    @cached_property
    def _scaling(self) -> tuple[NDArray[np.int64], Array, Array]:
        """Rows that are logs, their units (rows, 1), and the divisors of all rows (K, 1)."""
        scales = [scale for _, scale in self._entries]
        rows = np.array([k for k, scale in enumerate(scales) if scale.unit > 0], dtype=np.int64)
        units = np.array([scales[k].unit for k in rows])[:, None]
        return rows, units, np.array([scale.divisor for scale in scales])[:, None]

    def _own(self, view: View, name: str) -> NDArray[Any]:
        """(N, K, G) one field of the own books."""
        x: NDArray[Any] = getattr(view.own, name)
        if name in _FIRST:
            x = np.moveaxis(x, -2, 0)
        return x.reshape(x.shape[0], -1, x.shape[-1])

    def _firms(self, view: View) -> Array:
        """(N, F·K, G) the table of firms, each observer's own row first."""
        public, firms = view.public, self.rules.firms
        columns: list[NDArray[Any]] = [_hot(public.status, len(STATUSES)), _hot(public.route, len(ROUTES))]
        for name in RIVALS:
            x = getattr(public, name)
            if name in _FIRST:
                x = np.moveaxis(x, 1, 0)
            columns.append(x.reshape(firms, -1, x.shape[-1]))
        columns.append(public.rank[:, None])
        table = np.concatenate(columns, axis=1, dtype=np.float64)
        rows = []
        for firm in view.firms:
            order = [firm, *(f for f in range(firms) if f != firm)]
            rows.append(table[order].reshape(-1, table.shape[-1]))
        return np.stack(rows)

    def _labels(self, prefix: str, fields: Iterable[tuple[str, Scale]]) -> list[tuple[str, Scale]]:
        labels = []
        for field, scale in fields:
            names = [f"{prefix}.{field}"]
            for axis in _AXES.get(field, ()):
                names = [f"{name}.{entry}" for name in names for entry in self._axis(axis)]
            labels += [(name, scale) for name in names]
        return labels

    def _axis(self, axis: str) -> Sequence[str]:
        entries: dict[str, Sequence[str]] = {
            _V: SEGMENTS, _S: SOURCES, _L: [str(i) for i in range(HORIZON)], "channel": CHANNELS,
            "slot": [str(i) for i in range(SHIFT_QUARTERS)], "product": ("token", "app", "solution"),
            "interval": ("cash.low", "cash.high", "revenue.low", "revenue.high"),
            "card": [card.id for card in self.rules.cards], "route": ROUTES, "status": STATUSES,
        }
        return entries[axis]


def _hot(index: NDArray[Any], width: int) -> NDArray[np.bool_]:
    """(N, width, G) one where the index (N, G) says; all zero for -1."""
    hot: NDArray[np.bool_] = index[:, None] == np.arange(width)[:, None]
    return hot
