"""Facts of the market without a widget: the market screen and the plain game share them.

The present comes from a `SeatView`, the past from a `MarketHistory` where the seat gave one, else only what the view's
own history of headline numbers holds. The real course comes from content (`game.content.ghosts`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from game.content.ghosts import Mark, marks
from game.engine.names import SEGMENTS, SOURCES, VERTICALS
from game.table.market_history import Happening, MarketHistory, happenings, route_since

if TYPE_CHECKING:
    from game.content import Content
    from game.table.wire import Firm, Market, SeatView

SERIES: Final = (
    "token-price", "capability", "live-models", "adopters.consumers", "adopters.developers", "adopters.verticals",
    "compute-price", "imports", "sentiment",
)  # fmt: skip
"""Public series over time, as the screen lists them."""
AXES: Final[dict[str, tuple[float, float, bool]]] = {
    "token-price": (0.01, 100.0, True), "capability": (0.2, 1.0, False), "live-models": (0.0, 240.0, False),
    "adopters.consumers": (1e5, 1e9, True), "adopters.developers": (1e3, 1e7, True), "adopters.verticals": (1.0, 1e6, True),
    "compute-price": (1e4, 1e6, True), "imports": (0.0, 1.0, False), "sentiment": (0.0, 1.2, False),
}  # fmt: skip
"""Least and greatest value on the axis and whether it is logarithmic: the same in every game, so that nothing jumps."""
FORMS: Final = {
    "token-price": "price", "capability": "points", "live-models": "count", "adopters.consumers": "count",
    "adopters.developers": "count", "adopters.verticals": "count", "compute-price": "money", "imports": "percent0",
    "sentiment": "percent0",
}  # fmt: skip
"""How a series' values are written (ways of `Tongue.write`)."""

Values = Mapping[int, float]
"""A value by quarter, counted from the first of 2023; the one before a scenario's first is its opening."""


def price_of(firm: Firm, segment: str) -> float:
    """What a firm asks for in a segment: per million tokens, per user and month, or as a multiple of the going rate."""
    if segment == "developers":
        return firm.price_token
    return firm.price_app if segment == "consumers" else firm.price_solution


def ordered(view: SeatView, segment: str) -> list[Firm]:
    """Firms by their share in a segment; those that are gone come last."""
    return sorted(view.firms, key=lambda f: (f.status != "active", -f.share.get(segment, 0.0), f.rank))


def remainder(view: SeatView, segment: str) -> float:
    """The part of a segment's users that pays none of the firms; nought while it has no users."""
    if view.market.adopters.get(segment, 0.0) <= 0:
        return 0.0
    return max(0.0, 1.0 - sum(f.share.get(segment, 0.0) for f in view.firms if f.status == "active"))


def remainder_name(segment: str) -> str:
    """Who those users are, as a word of ``term.firm``: small integrators' clients, or people who run open weights."""
    return "tail" if segment in VERTICALS else "outside"


def segments_of(view: SeatView) -> list[str]:
    """Segments of a scenario in their order, those included that open later."""
    gone = {s for s in SEGMENTS if (limit := view.limits.get(f"staff.{s}")) and limit.locked == "lock.segment-closed"}
    return [s for s in SEGMENTS if s in view.market.open_segments or (s in view.market.potential and s not in gone)]


def thousandths(view: SeatView, segment: str) -> tuple[dict[int, int], int] | None:
    """Shares of a segment in tenths of a per cent by row of the firm, and the rest; together exactly a thousand.

    None while the segment has no users. Rounded by largest remainder, ties to the lower row, the rest last.
    """
    if view.market.adopters.get(segment, 0.0) <= 0:
        return None
    exact = {f.index: 1000.0 * f.share.get(segment, 0.0) for f in view.firms if f.status == "active"}
    exact[-1] = max(0.0, 1000.0 - sum(exact.values()))
    whole = {k: int(v) for k, v in exact.items()}
    order = sorted(exact, key=lambda k: (whole[k] - exact[k], k < 0, k))
    for k in order[: 1000 - sum(whole.values())]:
        whole[k] += 1
    rest = whole.pop(-1)
    return whole, rest


def date(quarter: int) -> str:
    """A quarter as a label, also before 2023.

    >>> date(-1), date(5)
    ('2022 Q4', '2024 Q2')
    """
    return f"{2023 + quarter // 4} Q{quarter % 4 + 1}"


def short_date(quarter: int) -> str:
    """The same in five cells: ``24Q2``."""
    return date(quarter)[2:].replace(" ", "")


@dataclass(frozen=True)
class Strand:
    """One line of a chart: ``key`` says what it is (``own``, ``median``, a firm's, segment's or source's id)."""

    key: str
    values: Values
    faint: bool = False


@dataclass(frozen=True)
class Past:
    """The market as one seat may know it, now and before."""

    view: SeatView
    history: MarketHistory | None
    content: Content

    @property
    def first(self) -> int:
        """Quarter of the opening: the left end of every axis."""
        return self.view.first_quarter - 1

    @property
    def last(self) -> int:
        """Last quarter of the scenario: the right end."""
        return self.view.first_quarter + self.view.quarters - 1

    @property
    def now(self) -> int:
        """The quarter just ended."""
        return self.view.quarter - 1

    @property
    def missing(self) -> int:
        """Quarters that other rules played and of which only headline numbers are left."""
        return self.history.missing if self.history is not None else 0

    def firm(self, index: int) -> Firm:
        """A firm as it is now."""
        return self.view.firms[index]

    @cached_property
    def happened(self) -> list[Happening]:
        """Public events so far, in order of time."""
        return happenings(self.history, self.view.firm) if self.history is not None else []

    def since(self, index: int) -> int | None:
        """Quarter since which a firm's route stands; None where the record does not say."""
        return route_since(self.history, index) if self.history is not None else None

    def of_firm(self, index: int, what: Callable[[Firm], float]) -> Values:
        """A number of one firm by quarter, while it traded."""
        if self.history is None:
            return {}
        rows = ((q.quarter, q.firms[index]) for q in self.history.quarters)
        return {quarter: what(firm) for quarter, firm in rows if firm.status == "active"}

    def of_market(self, what: Callable[[Market], float]) -> Values:
        """A number of the market by quarter."""
        return {q.quarter: what(q.market) for q in self.history.quarters} if self.history is not None else {}

    # series -----------------------------------------------------------------------------------------------------------
    def strands(self, series: str) -> list[Strand]:
        """Lines of one of `SERIES`, the one to look at first; firms other than one's own are faint."""
        if series == "token-price":
            lines = [Strand("own", self._rows("own_price")), Strand("median", self.main(series)),
                     Strand("low", self.of_market(lambda m: m.token_price_low))]
            return lines + self._others(lambda f: f.price_token)
        if series == "capability":
            lines = [Strand("own", self._rows("capability")),
                     Strand("frontier", self.of_market(lambda m: m.frontier)),
                     Strand("best-open", self.of_market(lambda m: m.best_open))]
            return lines + self._others(lambda f: f.capability)
        if series == "adopters.verticals":
            return [Strand(s, self._table("adopters", s)) for s in VERTICALS if s in segments_of(self.view)]
        if series == "compute-price":
            return [Strand(s, self._table("compute_price", s)) for s in SOURCES]
        return [Strand(series, self.main(series))]

    def main(self, series: str) -> Values:
        """The one line of a series that marks of the real course are measured against."""
        if series == "live-models":
            return self._rows("live_models")
        if series == "token-price":
            return self._rows("token_price")
        if series == "compute-price":
            return self._table("compute_price", SOURCES[0])
        if series == "imports":
            return self.of_market(lambda m: m.import_open)
        if series == "sentiment":
            return self.of_market(lambda m: m.sentiment)
        kind, _, segment = series.partition(".")
        return self._table("adopters", segment) if kind == "adopters" and segment in SEGMENTS else {}

    def _table(self, field: str, name: str) -> Values:
        return self.of_market(lambda m: getattr(m, field).get(name, 0.0))

    def _rows(self, field: str) -> Values:
        """A headline number out of the view's own history, which also holds quarters that other rules played."""
        return {r.quarter: float(getattr(r, field)) for r in self.view.history}

    def _others(self, what: Callable[[Firm], float]) -> list[Strand]:
        return [Strand(f.id, self.of_firm(f.index, what), True) for f in self.view.firms if f.index != self.view.firm]

    def axes(self, series: str) -> tuple[float, float, bool]:
        """`AXES` of a series, widened by two decades (or doubled) only where a value would lie outside."""
        low, high, log = AXES[series]
        values = [v for s in self.strands(series) for v in s.values.values()]
        values += [level for mark, level in self.levels(series)]
        values = [v for v in values if v > 0] if log else values
        factor = 100.0 if log else 2.0  # the middle of the axis stays a round number
        while values and max(values) > high * 1.0001 and high < 1e15:
            high *= factor
        while log and values and min(values) < low * 0.9999 and low > 1e-9:
            low /= factor
        return low, high, log

    # the real course --------------------------------------------------------------------------------------------------
    def levels(self, series: str) -> list[tuple[Mark, float]]:
        """Marks of a series with the place where each is drawn; those that this game cannot place are left out."""
        own = self.main(series)
        placed = [(m, m.level(own.get)) for m in marks(self.content, series)]
        return [(m, level) for m, level in placed if level is not None and self.first <= m.at <= self.last]

    def here(self, mark: Mark) -> float | None:
        """What this game's own series was in the quarter of a mark; None where it is not there yet or not public."""
        return self.main(mark.series).get(mark.at)


__all__ = [
    "AXES", "FORMS", "SERIES", "Past", "Strand", "Values", "date", "ordered", "price_of", "remainder", "remainder_name",
    "segments_of", "short_date", "thousandths",
]  # fmt: skip
