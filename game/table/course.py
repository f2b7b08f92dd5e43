"""The course of one run, quarter by quarter, read from its file alone: what achievements and records ask about.

Headline numbers and decisions stand in the file as they are; the rest is read from the states that it holds. A state
that these rules cannot read (a run of older ones) answers nothing. No content, and numpy only where a state is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from game.engine.names import ROUTES, SEGMENTS, SOURCES, VERTICALS
from game.table.lines import Head, Levers
from game.table.runfile import RunFile
from game.table.wire import Row

GONE: Final = ("bankrupt", "acquired", "merged")
"""Endings after which a firm no longer trades under its founders."""


@dataclass(frozen=True, eq=False)
class Course:
    """One firm's quarters: rows and levers of each, cards dealt up to it, and how it ended."""

    head: Head
    rows: Sequence[Row]
    levers: Sequence[Levers]
    cards: Sequence[int]
    ending: str = ""
    stocks: Callable[[int], Mapping[str, Any]] = field(default=lambda quarter: {})
    """Own stocks at the end of a quarter by place in ``rows``: see `stocks_of`."""

    @property
    def played(self) -> int:
        """Quarters played."""
        return len(self.rows)

    @cached_property
    def _stocks(self) -> dict[int, Mapping[str, Any]]:
        return {}

    def stock(self, place: int) -> Mapping[str, Any]:
        """Own stocks at the end of a quarter, worked out once."""
        if place not in self._stocks:
            self._stocks[place] = self.stocks(place)
        return self._stocks[place]

    def ask(self, what: str, place: int, of: str = "") -> float | None:
        """A word of `game.content.check_hour.RUN_WORDS` in a quarter by place; None where the run does not say."""
        row = self.rows[place]
        if what in _ROW:
            return _ROW[what](row)
        if what == "lever":
            return self.levers[place].get(of)
        if what == "cards":
            return float(self.cards[place])
        return _stock(self.stock(place), what, of)


_ROW: Final[dict[str, Callable[[Row], float | None]]] = {
    "value": lambda r: r.value, "cash": lambda r: r.cash, "revenue": lambda r: r.revenue, "share": lambda r: r.share,
    "rank": lambda r: float(r.rank), "trust": lambda r: r.trust, "capability": lambda r: r.capability,
    "community": lambda r: r.community, "live-models": lambda r: float(r.live_models),
    "token-price": lambda r: r.token_price, "own-price": lambda r: r.own_price,
    "price-ratio": lambda r: r.own_price / r.token_price if r.token_price > 0 else None,
}  # fmt: skip
"""Words that a row answers."""

_TABLES: Final = {
    "contracts": ("customers", VERTICALS), "users": ("customers", SEGMENTS), "freshness": ("freshness", VERTICALS),
    "knowledge": ("knowledge", VERTICALS), "staff": ("staff", SEGMENTS), "machines": ("machines", SOURCES),
}  # fmt: skip
"""Words that a table of stocks answers, with what ``all`` adds up."""


def _stock(stock: Mapping[str, Any], what: str, of: str) -> float | None:
    if not stock:
        return None
    if what in _TABLES:
        name, every = _TABLES[what]
        return float(sum(stock[name][x] for x in every) if of == "all" else stock[name][of])
    if what == "contract-lead":
        running = [stock["customers"][v] for v in VERTICALS]
        return max(running) / sum(running) if sum(running) > 0 else None
    if what == "domestic-part":
        machines = stock["machines"]
        total = sum(machines.values())
        return machines["domestic"] / total if total > 0 else None
    value = stock.get(what)
    return float(value) if value is not None else None


WORDS: Final = (
    *_ROW, "lever", "cards", *_TABLES, "contract-lead", "domestic-part", "route", "debt", "founders-share", "tenders-won",
    "unserved", "utilisation", "efficiency", "safety", "distressed",
)  # fmt: skip
"""Every word that `Course.ask` answers."""


def course_of(run: RunFile) -> Course:
    """The course of the firm that a run is about."""
    firm = run.head.firm
    rows = [q.rows[firm] for q in run.quarters if firm in q.rows]
    count, cards = 0, []
    for quarter in run.quarters:
        count += firm in quarter.cards
        cards.append(count)
    levers = _decisions(run, firm)
    return Course(
        run.head, rows, levers, cards, run.end.endings.get(firm, "") if run.end else "",
        lambda place: stocks_of(run, place, firm),
    )  # fmt: skip


def _decisions(run: RunFile, firm: int) -> list[Levers]:
    standing: Levers = {}
    found: list[Levers] = []
    for quarter in run.quarters:
        standing = {**standing, **quarter.decisions[firm]}
        found.append(standing)
    return found


def stocks_of(run: RunFile, place: int, firm: int) -> Mapping[str, Any]:
    """Own stocks at a quarter's end out of its state; empty where the state cannot be read."""
    from game.engine.state import unpack
    from game.table.errors import RunError

    try:
        s = unpack(run.state(place + 1))
        if not 0 <= firm < s.cash.shape[0]:
            return {}
        return {
            **{name: dict(zip(SEGMENTS, getattr(s, name)[firm, :, 0].tolist(), strict=True))
               for name in ("customers", "freshness", "knowledge", "staff")},
            "machines": dict(zip(SOURCES, s.due[firm, :, 0, 0].tolist(), strict=True)),
            "route": int(s.route[firm, 0]), "debt": float(s.debt[firm, 0]) / 100.0,
            "founders-share": float(s.founders[firm, 0]), "tenders-won": float(s.tender_count[firm, 0]),
            "unserved": float(s.unserved[firm, 0]), "utilisation": float(s.utilisation[firm, 0]),
            "efficiency": float(s.lne[firm, 0]), "safety": float(s.safety[firm, 0]),
            "distressed": float(bool(s.distress[firm, 0])),
        }  # fmt: skip
    except (RunError, ValueError):
        return {}


def route_number(value: float | str) -> float:
    """A value of a condition as a number: the name of a route becomes its row."""
    return float(ROUTES.index(value)) if isinstance(value, str) else float(value)
