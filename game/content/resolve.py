"""Figures into numbers: what a reference, a parameter or an effect comes to. Pure Python, no arrays.

Every function raises ValueError with a sentence where the content does not say a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from game.engine.names import ROUTES, SEGMENTS, SOURCES

from . import schema as s
from .book import Content
from .problems import did_you_mean
from .references import is_change, loose_change
from .vocabulary import BARE, HORIZON, YEARS, parse_quarter

Value = float | tuple[float, ...]
AXES: dict[str, tuple[str, ...]] = {"segment": SEGMENTS, "source": SOURCES, "route": ROUTES, "year": YEARS}
"""Names along each axis that a table may run over; tables by year and quarter become one number a quarter."""


def figure_number(figure: s.Figure, use: str = "") -> float:
    """A figure as one number: its value, or low, high or the middle (default) of its range."""
    if figure.value is not None:
        if use in ("", "value"):
            return figure.value
        raise ValueError(f"figure '{figure.id}' is a single value; leave out use = '{use}'")
    if figure.low is not None and figure.high is not None:
        if use == "low":
            return figure.low
        if use == "high":
            return figure.high
        if use in ("", "mid"):
            return (figure.low + figure.high) / 2
        raise ValueError(f"figure '{figure.id}' is a range; use = 'low', 'high' or 'mid'")
    raise ValueError(f"figure '{figure.id}' is words, not a number")


def number(content: Content, value: s.Number | s.Change) -> float:
    """A plain number, or scale × figure + offset."""
    if isinstance(value, (s.FigureRef, s.Change)):
        if value.figure is None:
            raise ValueError('lacks a figure; write { figure = "..." }, or { times = ... } for a multiple')
        figure = content.figures.get(value.figure)
        if figure is None:
            raise ValueError(f"figure '{value.figure}' does not exist")
        return value.scale * figure_number(figure, value.use) / _divisor(content, value) + value.offset
    return float(value)


def _divisor(content: Content, value: s.FigureRef | s.Change) -> float:
    """The figure that a change divides by, 1 where there is none."""
    if not isinstance(value, s.Change) or value.per is None:
        return 1.0
    figure = content.figures.get(value.per)
    if figure is None:
        raise ValueError(f"figure '{value.per}' does not exist")
    if not (divisor := figure_number(figure)):
        raise ValueError(f"figure '{value.per}' is zero; nothing can be divided by it")
    return divisor


def parameter_value(content: Content, parameter: s.Parameter) -> Value:
    """A parameter as the rules read it: a float, or a tuple along its axis (24 long for years and quarters)."""
    if parameter.value is not None:
        return float(parameter.value)
    if parameter.figure is not None:
        ref = s.FigureRef(figure=parameter.figure, use=parameter.use, scale=parameter.scale, offset=parameter.offset)
        return number(content, ref)
    if parameter.by is None or parameter.values is None:
        raise ValueError("has no value; give exactly one of value, figure, or by with values")
    return along(content, parameter.by, parameter.values)


def along(content: Content, by: str, values: Mapping[str, s.Number] | Sequence[s.Number]) -> tuple[float, ...]:
    """A table as a tuple along its axis. Years are repeated four times, the last number to the horizon."""
    if by == "quarter":
        if isinstance(values, Mapping):
            raise ValueError("a table by quarter is a list of numbers from 2023Q1 on")
        if not values or len(values) > HORIZON:
            raise ValueError(f"a table by quarter has 1 to {HORIZON} numbers, this one has {len(values)}")
        row = [number(content, v) for v in values]
        return tuple(row + [row[-1]] * (HORIZON - len(row)))
    if not isinstance(values, Mapping):
        raise ValueError(f"a table by {by} is written {{ {AXES[by][0]} = ..., ... }}")
    names = AXES[by]
    missing = [name for name in names if name not in values]
    if missing:
        raise ValueError(f"the table by {by} lacks {', '.join(missing)}")
    row = [number(content, values[name]) for name in names]
    if by == "year":
        row = [v for v in row for _ in range(4)]
        row += [row[-1]] * (HORIZON - len(row))
    return tuple(row)


def parameter_values(content: Content, assume: str = "none") -> dict[str, Value]:
    """All parameters by id after the assumptions overlay ``assume``. KeyError for unknown assumptions."""
    values = {p.id: parameter_value(content, p) for p in content.parameters.values()}
    for name, change in content.assumptions[assume].set.items():
        parameter = content.parameters.get(name)
        if parameter is None:
            raise ValueError(f"parameter '{name}' does not exist")
        values[name] = changed(content, parameter, values[name], change)
    return values


def changed(content: Content, parameter: s.Parameter, old: Value, change: Any) -> Value:
    """A parameter's value after one entry of an assumptions overlay; tables may be changed in part."""
    whole = loose_change(change) if is_change(change) else change
    if isinstance(whole, s.Change) and isinstance(old, tuple) and (whole.times is not None or whole.relative):
        return tuple(_new(content, v, whole) for v in old)
    if isinstance(whole, (int, float, s.Change)):
        if isinstance(old, tuple):
            raise ValueError(f"'{parameter.id}' is a table by {parameter.by}; say which of its entries")
        return _new(content, old, whole)
    if parameter.by is None or not isinstance(old, tuple):
        raise ValueError(f"'{parameter.id}' is one number, not a table")
    if isinstance(change, list):
        return along(content, parameter.by, change)
    row = list(old)
    for key, item in change.items():
        for at in places(parameter.by, key):
            row[at] = _new(content, row[at], item)
    return tuple(row)


def places(by: str, key: str) -> range:
    """Where an entry of a table stands in its tuple: one place, four for a year. ValueError for an unknown name."""
    if by == "quarter":
        at = parse_quarter(key)
        if not 0 <= at < HORIZON:
            raise ValueError(f"{key} lies outside the table, which has {HORIZON} quarters from 2023Q1 on")
        return range(at, at + 1)
    names = AXES[by]
    if key not in names:
        raise ValueError(f"'{key}' is no {by}{did_you_mean(key, names)}")
    at = names.index(key)
    if by != "year":
        return range(at, at + 1)
    return range(4 * at, HORIZON if at == len(names) - 1 else 4 * at + 4)


def _new(content: Content, old: float, change: float | str | s.Number | s.Change) -> float:
    """One number after a change of it."""
    if isinstance(change, (str, bool)):
        raise ValueError(f"{str(change).lower()!r} is not a number")
    if not isinstance(change, s.Change):
        return number(content, change)
    if change.times is not None:
        if change.figure is not None or change.relative:
            raise ValueError("times stands alone; with a figure write relative = true")
        return old * change.times
    new = number(content, change)
    return old * new if change.relative else new


def effect_range(content: Content, effect: s.Effect) -> tuple[float, float]:
    """Low and high of an effect's amount; equal for a single amount, 0 for those that need none."""
    if effect.amount is not None:
        amount = float(ROUTES.index(effect.amount)) if isinstance(effect.amount, str) else float(effect.amount)
        return amount, amount
    if effect.low is not None and effect.high is not None:
        return effect.low, effect.high
    if effect.figure is not None:
        figure = content.figures.get(effect.figure)
        if figure is None:
            raise ValueError(f"figure '{effect.figure}' does not exist")
        if figure.low is not None and figure.high is not None and effect.use == "":
            ends = effect.scale * figure.low, effect.scale * figure.high
            return min(ends), max(ends)
        amount = effect.scale * figure_number(figure, effect.use)
        return amount, amount
    if effect.target in BARE:
        return 0.0, 0.0
    raise ValueError("has no amount; give exactly one of amount, low with high, or figure")


def route_index(route: float | str) -> float:
    """Row of a route given by name or number."""
    if isinstance(route, str):
        if route not in ROUTES:
            raise ValueError(f"'{route}' is no route")
        return float(ROUTES.index(route))
    return float(route)
