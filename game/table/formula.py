"""Formulas in the model's own symbols: read, worked out, and cut into pieces for showing.

A formula is written as the equations of the documentation are: ``·`` times, ``−`` minus, ``^`` to the power of, ``½``,
and the functions of `FUNCTIONS`. Symbols are names with underscores, with an index in brackets where there is one:
``churn[finance]``. The number shown beside a formula is what the formula gives, because it is computed from it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

SYMBOL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\[[a-z_-]+\])?")
_TOKEN: Final = re.compile(rf"\s*(?:(\d+(?:\.\d+)?|½)|({SYMBOL.pattern})|([-+−·/^(),]))")


def _logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if x > -700 else 0.0


FUNCTIONS: Final[Mapping[str, Callable[..., float]]] = {
    "ln": lambda x: math.log(x) if x > 0 else 0.0, "exp": math.exp, "max": max, "min": min, "abs": abs, "logistic": _logistic, "sign": lambda x: float((x > 0) - (x < 0)),
}  # fmt: skip


class FormulaError(ValueError):
    """A formula that cannot be read; the message says where."""


@lru_cache(maxsize=512)
def tokens(formula: str) -> tuple[str, ...]:
    """Numbers, symbols, functions and signs in their order. Raises `FormulaError` for anything else."""
    out, at = [], 0
    while at < len(formula.rstrip()):
        found = _TOKEN.match(formula, at)
        if found is None:
            raise FormulaError(f"'{formula}' cannot be read at '{formula[at : at + 10]}'")
        out.append(found.group().strip())
        at = found.end()
    return tuple(out)


def symbols(formula: str) -> list[str]:
    """The symbols of a formula, each once, in their order.

    >>> symbols("slope · ln(1 − cap_decay) + slope")
    ['slope', 'cap_decay']
    """
    return list(dict.fromkeys(t for t in tokens(formula) if t[0].isalpha() and t not in FUNCTIONS))


def evaluate(formula: str, values: Mapping[str, float]) -> float:
    """What a formula gives for the values of its symbols.

    Raises `FormulaError` where it cannot be read and KeyError for a symbol without a value.

    >>> evaluate("½ · (a − b)^2 / max(a, 1)", {"a": 3.0, "b": 1.0})
    0.6666666666666666
    """
    reader = _Reader(tokens(formula), values)
    value = reader.sum()
    if reader.at != len(reader.tokens):
        raise FormulaError(f"'{formula}' has something left over at '{reader.tokens[reader.at]}'")
    return value


class _Reader:
    """A sum of products of powers, one method a level."""

    def __init__(self, parts: tuple[str, ...], values: Mapping[str, float]) -> None:
        self.tokens, self.values, self.at = parts, values, 0

    def take(self, *wanted: str) -> str:
        """The next sign if it is one of those wanted, else nothing."""
        if self.at < len(self.tokens) and self.tokens[self.at] in wanted:
            self.at += 1
            return self.tokens[self.at - 1]
        return ""

    def need(self, sign: str) -> None:
        """Step over a sign that must be there."""
        if not self.take(sign):
            raise FormulaError(f"'{sign}' is missing in '{' '.join(self.tokens)}'")

    def sum(self) -> float:
        """Terms added and taken away."""
        value = -self.product() if self.take("−", "-") else self.product()
        while sign := self.take("+", "−", "-"):
            value = value + self.product() if sign == "+" else value - self.product()
        return value

    def product(self) -> float:
        """Factors multiplied and divided; nothing through nothing is nothing."""
        value = self.power()
        while sign := self.take("·", "/"):
            factor = self.power()
            if sign == "·":
                value *= factor
            else:
                value = value / factor if factor else 0.0
        return value

    def power(self) -> float:
        """A base and perhaps its exponent."""
        base = self.atom()
        if not self.take("^"):
            return base
        exponent = -self.atom() if self.take("−", "-") else self.atom()
        return float(base**exponent) if base > 0 else 0.0

    def atom(self) -> float:
        """A number, a symbol, a function or something in parentheses."""
        if self.at >= len(self.tokens):
            raise FormulaError(f"'{' '.join(self.tokens)}' ends too early")
        token = self.tokens[self.at]
        self.at += 1
        if token == "(":
            value = self.sum()
            self.need(")")
            return value
        if token == "½":
            return 0.5
        if token[0].isdigit():
            return float(token)
        if token in FUNCTIONS:
            self.need("(")
            given = [self.sum()]
            while self.take(","):
                given.append(self.sum())
            self.need(")")
            return float(FUNCTIONS[token](*given))
        if not token[0].isalpha():
            raise FormulaError(f"'{token}' stands where a value should in '{' '.join(self.tokens)}'")
        return float(self.values[token])


def log_mean(a: float, b: float) -> float:
    """Logarithmic mean of two positive numbers, ``(b − a) / ln(b / a)``: what turns a change of logs into one of levels."""
    if a <= 0 or b <= 0:
        return 0.0
    gap = math.log(b / a)
    return (b - a) / gap if abs(gap) > 1e-9 else 0.5 * (a + b)
