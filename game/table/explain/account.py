"""How an explanation is put together: parts from formulas, what is missing as one part, in the end a message."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Final

import msgspec

from game.engine.names import ROUTES, SEGMENTS, SOURCES
from game.engine.rules import Params
from game.table.explain.evidence import Evidence
from game.table.formula import FormulaError, evaluate, symbols
from game.table.wire import WIRE_VERSION, Explanation, Factor, Part

OTHERS: Final = "part.others"
"""The one part for everything that others did and the view does not hold, luck included."""
SMALL: Final = 1e-9
"""A remainder of less than this share of what was split is the rounding of the sum, and goes to the largest part."""

_PARAMETERS: Final = frozenset(f.name for f in dataclasses.fields(Params))
_INDEX: Final = re.compile(r"([A-Za-z0-9_]+)(?:\[([a-z_-]+)\])?")
_DATED: Final = re.compile(r"_(before|now|dated|last|mean)$")
_AXES: Final = {**{n: i for i, n in enumerate(SEGMENTS)}, **{n: i for i, n in enumerate(SOURCES)},
                **{n: i for i, n in enumerate(ROUTES)}}  # fmt: skip

MONEY: Final = (
    "revenue", "cash", "debt", "equity", "paid_out", "round", "price_of_round", "price_of_rescue", "rescue", "asked", "size",
    "integration", "research_budget", "efficiency_budget", "safety_budget", "scale_budget", "knowledge_budget",
    "community_budget", "fixed_cost", "overdraft", "card_money", "card_effects", "booked", "parent_budget", "loan",
    "other_loans", "low", "high", "last", "actual", "score_own", "score_naive", "width_naive", "V_cash", "V_revenue",
    "V_capability", "V_community", "V_audience", "V_knowledge", "V_research", "V_total", "research_capital", "bill",
    "contracts_rent", "burn", "hires", "upkeep", "unseen", "line", "revenue_last",
)  # fmt: skip
WAYS: Final[Mapping[str, str]] = {
    **dict.fromkeys(MONEY, "money"),
    **dict.fromkeys(("price_token", "price_app", "cost_token", "compute_price", "cost"), "price"),
    **dict.fromkeys(("unserved", "trust", "safety", "credibility", "sentiment", "founders", "share", "accuracy", "freshness",
                     "utilisation", "again", "care", "kept", "filled", "learnt", "chosen", "served", "gate", "margin", "growth",
                     "overpromised", "general", "room", "room_lost", "known",
                     "firms_share", "chose_again"), "percent"),
    **dict.fromkeys(("capability", "best"), "points"),
    **dict.fromkeys(("customers", "leads", "leads_new", "pilots", "signed", "staff", "hiring", "bids", "won",
                     "begun", "users", "asked_users", "chose", "contracts_kept", "audience"), "count"),
    **dict.fromkeys(("machines", "used", "extra", "need", "training", "due", "people_compute"), "flops"),
}  # fmt: skip
"""How the value of a symbol is written; the rest are plain numbers."""


def base_of(symbol: str) -> str:
    """A symbol without its index.

    >>> base_of("churn[finance]")
    'churn'
    """
    return symbol.partition("[")[0]


def way_of(symbol: str) -> str:
    """How a symbol is written; its value before, now or at another date is written alike."""
    return WAYS.get(_DATED.sub("", base_of(symbol)), "")


def is_parameter(symbol: str) -> bool:
    """Whether a symbol is a parameter of the rules."""
    return base_of(symbol) in _PARAMETERS


class Account:
    """An explanation while it is written. ``names`` are the values of symbols that are no parameters."""

    def __init__(
        self, e: Evidence, what: str, way: str, before: float | None, after: float, *, segment: str = "", equation: str = ""
    ) -> None:
        self.e, self.what, self.way, self.before, self.after = e, what, way, before, after
        self.segment, self.equation = segment, equation
        self.names: dict[str, float] = {}
        self.derived: dict[str, str] = {}
        """Formulas of symbols that are worked out."""
        self.opens: dict[str, tuple[str, str]] = {}
        """Quantities that explain a symbol further."""
        self.parts: list[Part] = []
        self.flows: list[Part] = []
        self.formula = ""

    def let(self, **values: float) -> None:
        """Values of symbols that need no index."""
        self.names.update(values)

    def let_at(self, symbol: str, value: float) -> None:
        """The value of a symbol with its index."""
        self.names[symbol] = value

    def define(self, symbol: str, formula: str) -> float:
        """A symbol that a formula gives; its value."""
        self.derived[symbol] = formula
        self.names[symbol] = self.value_of(formula)
        return self.names[symbol]

    def value_of(self, formula: str) -> float:
        """What a formula gives now. Raises `FormulaError` for a symbol that is neither a value here nor a parameter."""
        return evaluate(formula, {s: self._value(s) for s in symbols(formula)})

    def _value(self, symbol: str) -> float:
        if symbol in self.names:
            return self.names[symbol]
        found = _INDEX.fullmatch(symbol)
        assert found is not None
        if found[1] not in _PARAMETERS:
            raise FormulaError(f"{symbol} has no value in the explanation of {self.what}")
        return self.e.param(found[1], self._row(found[2]) if found[2] else None)

    def _row(self, index: str) -> int:
        if index in ("t", "now"):
            return self.e.was.quarter
        if index == "route":
            return self.e.route
        return _AXES[index]

    def factors(self, formula: str) -> list[Factor]:
        """The symbols of a formula, and of the formulas that give them, with their values."""
        out: dict[str, Factor] = {}

        def visit(text: str) -> None:
            for symbol in symbols(text):
                if symbol in out:
                    continue
                derived = self.derived.get(symbol, "")
                parameter = base_of(symbol) if symbol not in self.names and is_parameter(symbol) else ""
                what, segment = self.opens.get(symbol, ("", ""))
                way = "" if parameter else self._way(symbol)
                out[symbol] = Factor(symbol, self._value(symbol), way, parameter, [], derived, what, segment)
                if derived:
                    visit(derived)

        visit(formula)
        return list(out.values())

    def _way(self, symbol: str) -> str:
        """How a symbol is written here: what a card changed is written as the number itself where it is added to it."""
        if symbol == "card" and "slope" not in self.names:
            return self.way
        return "money" if symbol == "cost_before" and self.way != "price" else way_of(symbol)

    def add(
        self, part: str, formula: str, *, amount: float | None = None, who: str = "own", equation: str = ""
    ) -> float:
        """A part by its formula; nothing is written where it is nothing. ``amount`` where the books know it exactly."""
        value = self.value_of(formula) if amount is None else amount
        if value:
            self.parts.append(Part(part, value, formula, self.factors(formula), equation, who))
        return value

    def flow(self, part: str, amount: float) -> None:
        """A part of the other split."""
        if amount:
            self.flows.append(Part(part, amount))

    @property
    def change(self) -> float:
        """What the parts add up to."""
        return self.after - (self.before or 0.0)

    def done(self, rest: str = OTHERS, who: str = "others") -> Explanation:
        """The message; what the parts leave open is one part more."""
        left = self.change - sum(p.amount for p in self.parts)
        scale = max(abs(self.after), abs(self.before or 0.0), *(abs(p.amount) for p in self.parts), 1e-300)
        if abs(left) > SMALL * scale or not self.parts:
            if left:
                self.parts.append(Part(rest, left, who=who))
        elif left:
            at = max(range(len(self.parts)), key=lambda i: abs(self.parts[i].amount))
            p = self.parts[at]
            self.parts[at] = msgspec.structs.replace(p, amount=p.amount + left)
        self.parts.sort(key=lambda p: p.who == "others")
        return Explanation(
            WIRE_VERSION, self.what, self.segment, self.e.was.quarter, self.way, self.before, self.after, self.parts,
            self.equation, self.flows, self.formula, self.factors(self.formula) if self.formula else [],
        )  # fmt: skip
