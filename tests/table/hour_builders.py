"""Courses and listed runs built by hand: what a test wants to vary, and plain values for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from game.content.vocabulary import parse_quarter
from game.engine.names import LEVERS, SEGMENTS, SOURCES
from game.table.course import Course
from game.table.lines import Head, Levers, Parent
from game.table.listing import Listed
from game.table.wire import Row


def head(scenario: str = "war", first: str = "2023Q1", quarters: int = 20, **changes: Any) -> Head:
    """A head of a run that one person plays."""
    given: dict[str, Any] = {
        "format": 1, "program": "0", "rules": "2", "digest": "00", "overlays": [], "scenario": scenario,
        "background": "lab-spin-off", "difficulty": "manager", "assume": "none", "levers": "all", "seed": "0" * 32,
        "seed_text": "7", "firms": ["own", "yunshan"], "seats": ["human", "thumb"], "firm": 0,
        "first": parse_quarter(first), "quarters": quarters, "deck": [], "created": "2026-11-20T10:00:00+08:00",
    }  # fmt: skip
    return Head(**{**given, **changes})


def listed(
    name: str, value: float = 1e9, ending: str = "niche-master", played: int = 20, *, undone: bool = False,
    forked: bool = False, changed: float = 0.0, **changes: Any,
) -> Listed:  # fmt: skip
    """A run as a list has it."""
    parent = Parent("00", 4) if forked or undone else None
    top = head(undone=undone, parent=parent, **changes)
    row = Row(played, 1e8, 1e7, value, 0.1, 3, 0.5, 0.5, 10.0, 40, 3.0, 4.0)
    return Listed(Path(f"{name}.baimo"), top, played, row, ending, changed=changed)


@dataclass
class Plan:
    """A course to be: what each quarter shows, changed for all of them or for some."""

    scenario: str = "war"
    first: str = "2023Q1"
    quarters: int = 20
    ending: str = "niche-master"
    rows: dict[str, Any] = field(default_factory=dict)
    """Fields of rows: one value for all quarters, or a list."""
    stocks: dict[str, Any] = field(default_factory=dict)
    """Words of stocks: one value or a list; a table is given in part."""
    levers: dict[str, Any] = field(default_factory=dict)

    def course(self) -> Course:
        """The course."""
        start = parse_quarter(self.first)
        usual: dict[str, Any] = {
            "cash": 1e8, "revenue": 5e7, "value": 4e8, "share": 0.05, "rank": 8, "trust": 0.5, "capability": 0.6,
            "community": 30.0, "live_models": 60, "token_price": 5.0, "own_price": 6.0,
        }  # fmt: skip
        rows = [Row(quarter=start + n, **{**usual, **_at(self.rows, n)}) for n in range(self.quarters)]
        levers: list[Levers] = [{**dict.fromkeys(LEVERS, 0.0), "finance.raise": 1e7, **_at(self.levers, n)}
                                for n in range(self.quarters)]  # fmt: skip
        top = head(self.scenario, self.first, self.quarters)
        return Course(top, rows, levers, [0] * self.quarters, self.ending, self._stock)

    def _stock(self, place: int) -> Mapping[str, Any]:
        nothing = dict.fromkeys(SEGMENTS, 0.0)
        usual: dict[str, Any] = {
            "customers": {**nothing, "education": 10.0, "finance": 10.0}, "freshness": {**nothing, "finance": 0.5},
            "knowledge": {**nothing}, "staff": {**nothing}, "machines": {**dict.fromkeys(SOURCES, 0.0), "import": 50.0},
            "route": 0, "debt": 1e7, "founders-share": 0.3, "tenders-won": 0.0, "unserved": 0.1, "utilisation": 0.5,
            "efficiency": 2.0, "safety": 0.2, "distressed": 1.0,
        }  # fmt: skip
        for name, value in _at(self.stocks, place).items():
            usual[name] = {**usual[name], **value} if isinstance(value, dict) else value
        return usual


def _at(given: Mapping[str, Any], place: int) -> dict[str, Any]:
    return {name: value[place] if isinstance(value, list) else value for name, value in given.items()}
