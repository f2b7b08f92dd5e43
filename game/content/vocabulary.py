"""The closed vocabulary of conditions and effects: what a card may ask and what it may move.

Everything a mod can say is listed here; the engine knows a rule for each word and nothing outside is executed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from game.engine.names import FIRST_YEAR

HORIZON: Final = 24
"""Length of every table by quarter, from the first quarter of `FIRST_YEAR`."""

YEARS: Final = tuple(str(FIRST_YEAR + i) for i in range(5))
ACTS: Final = (1, 2, 3)
OPERATORS: Final = ("<", "<=", ">", ">=", "==", "!=")
ANY_SEGMENT: Final = ("all", "focus")
"""Words that stand for segments in an effect beside the ids themselves."""

FIRM_PLACEHOLDERS: Final = {
    "firm": "", "rival": "", "cloud": "cloud-giant", "lab": "efficiency-lab", "state": "state-trusted",
    "app": "consumer-app", "medical": "medical-specialist", "overseas": "overseas-multimodal",
    "host": "ecosystem-host", "integrator": "vertical-integrator",
}
"""Placeholders that become a firm's name, with the archetype they point at (empty: own firm, strongest rival)."""


@dataclass(frozen=True)
class Asked:
    """What a condition may ask: the axis its ``segment`` key names, and the range in which a value makes sense."""

    axis: str = ""
    low: float = float("-inf")
    high: float = float("inf")


CONDITIONS: Final[dict[str, Asked]] = {
    "runway": Asked(low=0), "cash": Asked(), "revenue": Asked(low=0), "cost": Asked(low=0),
    "route": Asked(low=0, high=3), "capability_gap": Asked(low=-1, high=1), "rank": Asked(low=1, high=16),
    "trust": Asked(low=0, high=1), "community": Asked(low=0), "credibility": Asked(low=0, high=1),
    "founders_share": Asked(low=0, high=1), "sentiment": Asked(low=-3, high=3), "live_models": Asked(low=0),
    "price_fall": Asked(low=-1, high=1), "cloud_price_fall": Asked(low=-1, high=1), "import_open": Asked(low=0, high=1),
    "utilisation": Asked(low=0), "unserved": Asked(low=0, high=1), "efficiency": Asked(low=0),
    "best_open_gap": Asked(low=-1, high=1), "alive_quarters": Asked(low=0, high=HORIZON),
    "share": Asked("segment", 0, 1), "staff": Asked("segment", 0), "customers": Asked("segment", 0),
    "knowledge": Asked("segment", 0), "accuracy": Asked("segment", 0, 1), "compute": Asked("source", 0),
    "freshness": Asked("segment", 0, 1), "debt": Asked(low=0), "margin": Asked(), "capability": Asked(low=0, high=1),
    "safety": Asked(low=0, high=1), "value": Asked(low=0), "equity": Asked(low=0), "tender_count": Asked(low=0),
    "tender_value": Asked(low=0), "released": Asked(low=0, high=1), "solution_share": Asked(low=0, high=1),
    "token_price": Asked(low=0), "own_cost": Asked(low=0),
}
"""Words of ``what`` in a condition of a card, tell, headline, goal or epilogue: those of `game.engine.quantities`."""


@dataclass(frozen=True)
class Target:
    """What an effect may move: its operations, whether it needs a segment, and the size beyond which it is a slip.

    ``segment``: "" none, "any", "vertical" (a segment sold solutions).
    ``large``: magnitude above which the checker warns; per operation where they differ.
    """

    ops: tuple[str, ...]
    segment: str = ""
    timed: bool = False
    large: dict[str, float] | None = None
    axis_value: str = ""


_REL = {"mul": 0.6}
TARGETS: Final[dict[str, Target]] = {
    "cash": Target(("add", "scale"), large={"add": 2e9, "scale": 2.0}),
    "debt": Target(("add",), large={"add": 2e9}),
    "trust": Target(("add",), large={"add": 0.3}),
    "credibility": Target(("add",), large={"add": 0.3}),
    "safety": Target(("add",), large={"add": 0.5}),
    "community": Target(("mul", "add"), large=_REL),
    "capability": Target(("add",), large={"add": 0.6}),
    "efficiency": Target(("add",), large={"add": 0.6}),
    "knowledge": Target(("mul", "add"), "vertical", large=_REL),
    "freshness": Target(("add",), "vertical", large={"add": 0.5}),
    "customers": Target(("mul",), "any", large=_REL),
    "leads": Target(("add", "mul"), "any", large=_REL),
    "founders_share": Target(("mul",), large={"mul": 0.5}),
    "staff": Target(("mul",), "any", large=_REL),
    "sentiment": Target(("add",), large={"add": 0.5}),
    "utility": Target(("add",), "any", timed=True, large={"add": 1.0}),
    **{
        name: Target(("add",), timed=True, large={"add": 1.0})
        for name in (
            "unit_cost", "compute_price", "research", "fixed_cost", "wages", "funding", "leads_rate", "churn",
            "capacity", "import_supply",
        )
    },
    "release": Target(("set",)),
    "merge": Target(("set",)),
    "sell": Target(("set",)),
    "close": Target(("set",), "any"),
    "route": Target(("set",), axis_value="route"),
}
"""Words of ``target`` in an effect. ``mul`` is relative: the stock becomes (1 + amount) times what it was."""

SPECIAL: Final = ("release", "merge", "sell", "close", "route")
"""Targets that happen to the deciding firm, surely or not at all."""

BARE: Final = ("release", "merge", "sell", "close")
"""Targets that need no amount."""


def act_of(quarter: int) -> int:
    """Act (1, 2, 3) of a quarter counted from the first: one act each for 2023 and 2024, the third from 2025 on.

    >>> act_of(0), act_of(4), act_of(19)
    (1, 2, 3)
    """
    return min(quarter // 4, 2) + 1


def parse_quarter(label: str) -> int:
    """Quarter index of a label such as ``2024Q1``; the inverse of `game.engine.names.quarter_label`.

    Raises ValueError where the label is not a year, a ``Q`` and a digit from 1 to 4.

    >>> parse_quarter("2024Q1")
    4
    """
    year, mark, part = label.partition("Q")
    if mark != "Q" or len(year) != 4 or not year.isdigit() or part not in ("1", "2", "3", "4"):
        raise ValueError(f"'{label}' is not a quarter such as 2024Q1")
    return (int(year) - FIRST_YEAR) * 4 + int(part) - 1
