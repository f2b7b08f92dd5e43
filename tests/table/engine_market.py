"""The real rules with made-up parameters: a market that runs, not one that means anything."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path

import numpy as np

from game.content import Content
from game.engine.names import LEVER, LEVERS, SEGMENTS, SOURCES
from game.engine.rules import CardRule, ChoiceRule, Condition, EffectRule, Opening, Params, Rules, Traits
from game.table.market import EngineMarket

LENGTH = {"segments": 8, "sources": 4, "routes": 4, "quarters": 24}
SPECIAL: dict[str, object] = {
    "cap_span": 0.8, "cap_power": 0.25, "cap_unit": 1e3, "potential": 1e4, "price_hassle": 5.0, "price_weight": 1.0,
    "token_price_reference": 60.0, "token_volume": 100.0, "token_elasticity": 1.2, "token_bound": 1e4,
    "token_capacity": 2e4, "compute_price_first": 2e5, "compute_decline": 0.2, "source_price": 1.0, "nest": 0.5,
    "source_delivery": 0.8, "framework_support": 0.9, "import_supply": 0.6, "pool_limit": 1e3, "wage": 1.5e5,
    "rent": 2e5, "raise_limit": 0.3, "raise_fill": 0.6, "borrow_equity": 0.2, "fringe_first": 80.0, "tender_lots": 6.0,
    "tender_market": 2e8, "tender_segments": [0, 0, 1, 1, 1, 1, 1, 0], "tender_staff": 1e6, "knowledge_unit": 1e6,
    "knowledge_upkeep": 1e5, "equity_revenue": 3.0, "equity_cash": 1.0, "equity_smooth": 0.5, "sentiment_path": 0.8,
    "equity_capability": 3e8, "equity_community_half": 50.0, "join_budget": 1e7, "efficiency_half": 1e7,
    "safety_half": 1e7, "service_staff": 0.2, "pilot_staff": 0.5, "contract_staff": 0.5, "spend_inertia": 0.5, "lead": 1.0, "overhead": 1e4,
    "secrecy": 0.5, "openness": [0.0, 0.3, 0.6, 1.0], "raise_revenue": 1e8, "accuracy_ceiling": 0.95,
    "switch_cost": 1e6, "self_host_cost": 1.5, "devices_open": 8.0, "cloud_customer_value": 1e4, "churn": 0.3,
}  # fmt: skip


def params() -> Params:
    axes = dict(re.findall(r"^\s+(\w+): Array\s*#\s*(\w+)", inspect.getsource(Params), re.MULTILINE))
    values: dict[str, object] = {}
    for field in dataclasses.fields(Params):
        value = SPECIAL.get(field.name, 0.1)
        if field.name in axes:
            value = np.broadcast_to(np.array(value, dtype=np.float64), (LENGTH[axes[field.name]],)).copy()
        values[field.name] = value
    return Params(**values)  # type: ignore[arg-type]


def card(name: str, key: int, choices: tuple[ChoiceRule, ...]) -> CardRule:
    return CardRule(name, key, 0, 23, 0.8, 0.7, False, (), -1, choices)


CARDS = (
    card("power-cut", 7, (
        ChoiceRule(1e6, 0.0, (EffectRule("trust", "add", 0.01, 0.05, "self", "", 0, 1.0),), ()),
        ChoiceRule(0.0, 0.1, (EffectRule("cash", "add", -5e6, 9e6, "self", "", 0, 0.5),), ()),
    )),
    card("poaching", 9, (
        ChoiceRule(0.0, 0.0, (EffectRule("staff", "mul", -0.2, -0.1, "self", "all", 0, 1.0),), ()),
        ChoiceRule(5e6, 0.0, (), (Condition("cash", ">", 1e15),)),
        ChoiceRule(2e6, 0.0, (EffectRule("wages", "add", 0.1, 0.1, "self", "", 2, 1.0),), ()),
    )),
)  # fmt: skip


def rules(
    firms: int = 4, quarters: int = 8, cash: float = 8e8, five: bool = False, cards: tuple[CardRule, ...] = CARDS
) -> Rules:
    def per(value: float | list[float]) -> np.ndarray:
        return np.broadcast_to(np.array(value, dtype=np.float64).reshape(-1, 1), (firms, 1)).copy()

    def table(value: float, width: int) -> np.ndarray:
        return np.full((firms, width, 1), value)

    cloud = [0.0, 1.0, *([0.0] * (firms - 2))]
    traits = {f.name: per(0.5) for f in dataclasses.fields(Traits)}
    traits |= {"cloud": per(cloud), "fixed_cost": per(5e6), "budget": per([1e8 * c for c in cloud]),
               "opening": per(2.0), "skill_research": per(1.0), "focus": table(1 / 8, 8)}  # fmt: skip
    opening = {f.name: per(0.5) for f in dataclasses.fields(Opening)}
    opening |= {
        "cash": per(cash), "debt": per(0.0), "capability": per(0.3), "efficiency": per(0.0), "community": per(5.0),
        "route": per(0.0), "price_token": per(50.0), "price_app": per(10.0), "price_solution": per(1.0),
        "staff": table(12.0, len(SEGMENTS)), "knowledge": table(3.0, len(SEGMENTS)),
        "compute": table(100.0, len(SOURCES)),
    }  # fmt: skip
    low, high = np.zeros((len(LEVERS), 1, 1)), np.full((len(LEVERS), 1, 1), 1e10)
    for name, bounds in (("route", (0, 3)), ("finance.borrow", (-1e10, 1e10)), ("compute.term", (1, 4)),
                         ("card.choice", (0, 2)), ("distress.choice", (0, 4)), ("tender.bids", (0, 6))):  # fmt: skip
        low[LEVER[name]], high[LEVER[name]] = bounds
    for name in LEVERS:
        if name.startswith("guidance."):
            low[LEVER[name]] = -1e12
    return Rules(
        params(), Traits(**traits), Opening(**opening), cards, firms, 2, quarters, np.ones((8, 1)),
        ("own", "cloud", *(f"rival-{n}" for n in range(firms - 2))), low, high, five,
    )  # fmt: skip


def market(**changes: object) -> EngineMarket:
    return EngineMarket(
        rules(**changes), Content(Path()), scenario="war", backgrounds=["lab-spin-off"], difficulty="manager"  # type: ignore[arg-type]
    )
