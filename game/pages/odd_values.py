"""Parameters and other numbers as the model's documentation writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from game.content.figures import plain
from game.content.resolve import AXES, Value
from game.engine.names import FIRST_YEAR

if TYPE_CHECKING:
    from game.content.schema import Parameter
    from game.language import Tongue

DIGITS: Final = 6


def number(value: float) -> str:
    """A number to six digits that count; very large and very small ones with an exponent.

    >>> number(0.15), number(1.25e8), number(2e-7)
    ('0.15', '1.25e8', '2e-7')
    """
    if value == 0 or 1e-4 <= abs(value) < 1e6:
        return plain(value, DIGITS)
    mantissa, _, power = f"{value:.{DIGITS - 1}e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(power)}"


def unit_name(tongue: Tongue, unit: str) -> str:
    """A parameter's unit in words of the language; as content writes it where there are none."""
    key = "-".join(part for part in re.split(r"[^a-z]+", unit.lower()) if part)
    return tongue.find(f"screens.units.{key}") or unit


def value_text(tongue: Tongue, by: str | None, value: Value) -> str:
    """A parameter's value: one number, or the entries along its axis."""
    if not isinstance(value, tuple):
        return number(value)
    return _list(tongue, [f"{name} {number(v)}" for name, v in entries(tongue, by or "", value)])


def changed_text(tongue: Tongue, by: str | None, old: Value, new: Value) -> tuple[str, str]:
    """Value before and after; of a table only the entries that differ."""
    if not isinstance(old, tuple) or not isinstance(new, tuple):
        return value_text(tongue, by, old), value_text(tongue, by, new)
    pairs = zip(_single(tongue, by or "", old), _single(tongue, by or "", new))
    differ = [(name, a, b) for (name, a), (_, b) in pairs if a != b]
    runs = _runs(tongue, differ) if by in ("year", "quarter") else differ
    before = _list(tongue, [f"{name} {number(a)}" for name, a, _ in runs])
    return before, _list(tongue, [f"{name} {number(b)}" for name, _, b in runs])


def entries(tongue: Tongue, by: str, values: tuple[float, ...]) -> list[tuple[str, float]]:
    """Names along the axis with their values; of a table by quarter, runs of one value stand together."""
    if by not in ("year", "quarter"):
        return _single(tongue, by, values)
    found: list[tuple[str, float]] = []
    start = 0
    for i in range(1, len(values) + 1):
        if i == len(values) or values[i] != values[start]:
            found.append((_span(tongue, start, i), values[start]))
            start = i
    return found


def entry(tongue: Tongue, by: str | None, value: Value, key: str) -> float:
    """One entry of a table by its name on the axis; KeyError where there is none."""
    names = AXES.get(by or "")
    if not isinstance(value, tuple) or names is None or key not in names or by == "year":
        raise KeyError(key)
    return value[names.index(key)]


def sentence(tongue: Tongue, parameter: Parameter, value: float) -> str:
    """A value with its unit as it stands in a sentence: shares in per cent, money as money, other units after it."""
    unit = parameter.unit
    if unit == "CNY":
        return tongue.money(value)
    if unit == "share" or unit.startswith("share "):
        return plain(value * 100, 4) + "%"
    if unit in ("index", "ratio", "score", "quarter index", "elasticity", "exponent", "utility"):
        return number(value)
    name = unit_name(tongue, unit)
    return f"{number(value)}{name}" if tongue.lang == "zh" else f"{number(value)} {name}"


def _single(tongue: Tongue, by: str, values: tuple[float, ...]) -> list[tuple[str, float]]:
    speak = {"segment": tongue.segment, "source": tongue.source, "route": tongue.route}.get(by)
    if speak is None:
        return [(tongue.quarter(i, "short"), v) for i, v in enumerate(values)]
    return [(speak(name), v) for name, v in zip(AXES[by], values)]


def _span(tongue: Tongue, start: int, end: int) -> str:
    """Quarters ``start`` to ``end`` - 1 by name; whole years by their numbers."""
    if start % 4 == 0 and end % 4 == 0:
        first, last = FIRST_YEAR + start // 4, FIRST_YEAR + end // 4 - 1
        return str(first) if first == last else f"{first}–{last}"
    first_name, last_name = tongue.quarter(start, "short"), tongue.quarter(end - 1, "short")
    return first_name if end - start == 1 else f"{first_name}–{last_name}"


def _runs(tongue: Tongue, differ: list[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    """Neighbouring quarters with the same pair of values as one."""
    found: list[tuple[str, float, float]] = []
    for name, a, b in differ:
        if found and found[-1][1:] == (a, b):
            found[-1] = (f"{found[-1][0].partition('–')[0]}–{name}", a, b)
        else:
            found.append((name, a, b))
    return found


def _list(tongue: Tongue, items: list[str]) -> str:
    return ("；" if tongue.lang == "zh" else "; ").join(items)
