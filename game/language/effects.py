"""Consequences of cards in words: what moves, by how much, for whom, for how long."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from . import numerals as n

if TYPE_CHECKING:
    from game.table.wire import Effect

    from .tongue import Tongue

_BARE: Final = ("release", "merge", "sell", "close")
"""Targets that need no amount."""

_MONEY: Final = ("cash", "debt")
_POINTS: Final = ("trust", "credibility", "safety", "freshness", "sentiment")
_LOG: Final = ("capability", "efficiency", "utility")
_TIMED: Final = (
    "unit_cost", "compute_price", "research", "fixed_cost", "wages", "funding", "leads_rate", "churn", "capacity",
    "import_supply",
)  # fmt: skip


def effect_sentence(tongue: Tongue, effect: Effect) -> str:
    """One consequence, e.g. ``医疗行业知识 +10%至+20%，3季`` or ``knowledge in medical +10% to +20% for 3 quarters``."""
    zh = tongue.lang == "zh"
    name = _name(tongue, effect)
    parts = [name] if effect.target in (*_BARE, "route") else [f"{name} {_amount(tongue, effect)}"]
    if effect.who != "self":
        who = tongue.term("who", effect.who)
        parts = [f"{who}：{parts[0]}" if zh else f"{who}: {parts[0]}"]
    if effect.quarters:
        parts.append(f"{effect.quarters}季" if zh else f"for {effect.quarters} {n.plural(effect.quarters, 'quarter|quarters')}")
    return "，".join(parts) if zh else " ".join(parts)


def _name(tongue: Tongue, effect: Effect) -> str:
    key = f"term.effect.{effect.target}"
    template = tongue.find(key)
    if effect.target in ("close", "route") and template is not None:
        return tongue.fill(template, {"segment": effect.segment or "focus", "route": int(effect.low)})
    name = template or tongue.quantity(effect.target)
    if not effect.segment:
        return name
    place = tongue.segment(effect.segment)
    return f"{place}{name}" if tongue.lang == "zh" else f"{name} in {place}"


def _amount(tongue: Tongue, effect: Effect) -> str:
    low, high = _one(tongue, effect, effect.low), _one(tongue, effect, effect.high)
    zh = tongue.lang == "zh"
    unit = ("分" if zh else " points") if effect.target in _POINTS and effect.op == "add" else ""
    if low == high:
        return low + unit
    if zh and effect.target == "cash" and effect.op == "scale":
        return f"上季开支的{n.percent(effect.low, 0, sign=True)}至{n.percent(effect.high, 0, sign=True)}"
    return (f"{low}至{high}" if zh else f"{low} to {high}") + unit


def _one(tongue: Tongue, effect: Effect, value: float) -> str:
    target, op = effect.target, effect.op
    if target in _MONEY and op == "add":
        return tongue.money(value, sign=True)
    if target == "cash" and op == "scale":
        share = n.percent(value, 0, sign=True)
        return f"上季开支的{share}" if tongue.lang == "zh" else f"{share} of last quarter's costs"
    if target in _POINTS and op == "add":
        return n.points(value, sign=True)
    if op == "mul" or target in _TIMED:
        return n.percent(value, 0, sign=True)
    if target in _LOG:
        # Log units: a tenth more of them is about a tenth more effective compute, or attraction (e to the utility).
        return n.percent(math.expm1(min(value, 50.0)), 0, sign=True)
    return n.number(value, sign=True)
