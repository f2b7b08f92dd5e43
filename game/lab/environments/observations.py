"""What an agent observes: the whole `game.engine.view.View` of its firm as a flat row of bounded numbers, by name.

Nothing else enters, so nothing hidden can. Scales are fixed, never fitted: money is sign(x)·ln(1 + |x| / 10 million
CNY) / 10; counts (customers, people, machines, tokens, CNY per PFLOP/s) are sign(x)·ln(1 + |x|) / 10; prices are
ln(1 + x / 0.01 CNY) / 10; logs, ages and small whole numbers are x / 10; shares, scores and flags stay as they are.
Everything is cut at ±`BOUND`; what is not given counts as 0. In tables of firms the observer comes first, the others in
the table's order, so that the same policy can run any firm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

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

Scale = Callable[[Array], Array]
Frozen = NDArray[np.float32]


def _signed(x: Array, unit: float) -> Array:
    # The engine's own log: the same bits for one game and for many, on any machine.
    return np.sign(x) * log(1.0 + np.abs(x) / unit) / 10.0


def money(x: Array) -> Array:
    """CNY."""
    return _signed(x, UNIT)


def count(x: Array) -> Array:
    """Customers, people, machines, tokens."""
    return _signed(x, 1.0)


def price(x: Array) -> Array:
    """CNY for a unit, or an index around 1."""
    return _signed(x, _CENT)


def tenth(x: Array) -> Array:
    """Logs, ages, small whole numbers."""
    return x / 10.0


def percent(x: Array) -> Array:
    """Shares of a budget."""
    return x / 100.0


def plain(x: Array) -> Array:
    """Shares, scores, flags."""
    return x


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
"""Own books and their scales; ``route``, ``status``, ``card``, ``coming`` and the levers follow below."""
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
    "price_before": ("product",), "guidance": ("interval",), "levers": ("lever",), "low": ("lever",),
    "high": ("lever",), "seen": ("card",), "route": ("route",), "status": ("status",), "card": ("card",),
    "coming": ("card",),
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
        names = ["quarter", *self._labels("own", OWN), *self._labels("own", ("route", "status", "card", "coming"))]
        names += self._labels("own", ("levers", "low", "high"))
        for f in range(self.rules.firms):
            names += self._labels(f"firm.{f}", ("status", "route", *RIVALS, "rank"))
        return tuple(names + self._labels("market", MARKET))

    @property
    def size(self) -> int:
        """Count of numbers."""
        return len(self.names)

    def encode(self, view: View) -> Frozen:
        """(N, G, K) float32: the observations of the N firms of a view, within ±`BOUND` and never not-a-number."""
        n, g = view.own.cash.shape
        parts = [np.full((n, 1, g), (view.quarter - self.rules.first) / self.rules.quarters)]
        own = {name: self._own(view, name) for name in (*OWN, "levers", "low", "high")}
        parts += [scale(_finite(own[name])) for name, scale in OWN.items()]
        parts += [_hot(getattr(view.own, name), self._width(name)) for name in ("route", "status", "card", "coming")]
        parts += [_levers(_finite(own[name])) for name in ("levers", "low", "high")]
        parts.append(self._firms(view))
        for name, scale in MARKET.items():
            x = _finite(getattr(view.public, name)).reshape(-1, g)
            parts.append(np.broadcast_to(scale(x), (n, *x.shape)))
        whole = np.concatenate(parts, axis=1)
        np.clip(whole, -BOUND, BOUND, out=whole)
        return np.ascontiguousarray(whole.transpose(0, 2, 1), dtype=np.float32)

    def _own(self, view: View, name: str) -> Array:
        """(N, K, G) one field of the own books."""
        x = np.asarray(getattr(view.own, name))
        if name in _FIRST:
            x = np.moveaxis(x, -2, 0)
        flat: Array = x.reshape(x.shape[0], -1, x.shape[-1])
        return flat

    def _firms(self, view: View) -> Array:
        """(N, F·K, G) the table of firms, each observer's own row first."""
        public, count_of = view.public, self.rules.firms
        columns = [_hot(public.status, len(STATUSES)), _hot(public.route, len(ROUTES))]
        for name, scale in RIVALS.items():
            x = _finite(getattr(public, name))
            if name in _FIRST:
                x = np.moveaxis(x, 1, 0)
            columns.append(scale(x.reshape(count_of, -1, x.shape[-1])))
        columns.append(public.rank[:, None] / float(count_of))
        table = np.concatenate(columns, axis=1)
        rows = []
        for firm in view.firms:
            order = [firm, *(f for f in range(count_of) if f != firm)]
            rows.append(table[order].reshape(-1, table.shape[-1]))
        return np.stack(rows)

    def _labels(self, prefix: str, fields: Sequence[str] | dict[str, Scale]) -> list[str]:
        labels = []
        for field in fields:
            names = [f"{prefix}.{field}"]
            for axis in _AXES.get(field, ()):
                names = [f"{name}.{entry}" for name in names for entry in self._axis(axis)]
            labels += names
        return labels

    def _axis(self, axis: str) -> Sequence[str]:
        entries: dict[str, Sequence[str]] = {
            _V: SEGMENTS, _S: SOURCES, _L: [str(i) for i in range(HORIZON)], "channel": CHANNELS,
            "slot": [str(i) for i in range(SHIFT_QUARTERS)], "product": ("token", "app", "solution"),
            "interval": ("cash.low", "cash.high", "revenue.low", "revenue.high"), "lever": LEVERS,
            "card": [card.id for card in self.rules.cards], "route": ROUTES, "status": STATUSES,
        }
        return entries[axis]

    def _width(self, field: str) -> int:
        return len(self._axis(_AXES[field][0]))


def _finite(x: NDArray[Any]) -> Array:
    out: Array = np.nan_to_num(np.asarray(x, dtype=np.float64), nan=0.0, posinf=_HUGE, neginf=-_HUGE)
    return out


def _hot(index: NDArray[Any], width: int) -> Array:
    """(N, width, G) one where the index (N, G) says; all zero for -1."""
    hot: Array = (index[:, None] == np.arange(width)[:, None]).astype(np.float64)
    return hot


def _levers(x: Array) -> Array:
    out = np.empty(x.shape)
    for row, name in enumerate(LEVERS):
        out[:, row] = lever_scale(name)(x[:, row])
    return out
