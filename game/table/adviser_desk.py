"""What the adviser reckons with: the numbers of a view, the draft over them, and the rules' parameters. No numpy."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from game.engine.names import SEGMENTS, SOURCES
from game.table.wire import Preview, Report, SeatView

Parameters: TypeAlias = Mapping[str, float | tuple[float, ...]]
"""Parameters by id, tables as tuples along their axis: `game.content.resolve.parameter_values`."""


@dataclass(frozen=True)
class Desk:
    """One firm's numbers at one moment. Money CNY, accuracy and shares 0..1, compute PFLOP/s."""

    view: SeatView
    parameters: Parameters
    draft: Mapping[str, float]
    report: Report | None = None
    bill: Preview | None = None
    before: SeatView | None = None

    # levers and parameters --------------------------------------------------------------------------------------------
    def value(self, lever: str) -> float:
        """A lever in the draft, else where it stands, else 0."""
        return self.draft.get(lever, self.view.standing.get(lever, 0.0))

    def free(self, lever: str) -> bool:
        """Whether a lever may be moved now."""
        limit = self.view.limits.get(lever)
        return limit is not None and not limit.locked and limit.high > limit.low

    def high(self, lever: str) -> float:
        """The most that a lever takes now."""
        limit = self.view.limits.get(lever)
        return limit.high if limit is not None else 0.0

    def number(self, name: str) -> float:
        """A parameter that is one number. Raises KeyError for an unknown one."""
        value = self.parameters[name]
        return value if not isinstance(value, tuple) else value[self.view.quarter]

    def of(self, name: str, segment: str) -> float:
        """An entry of a parameter's table by segment."""
        value = self.parameters[name]
        return value[SEGMENTS.index(segment)] if isinstance(value, tuple) else value

    # money ------------------------------------------------------------------------------------------------------------
    @property
    def outflow(self) -> float:
        """CNY that cash falls by this quarter if revenue is last quarter's: what the bill pays, else last cost."""
        own = self.view.own
        if self.bill is None:
            return own.cost - own.revenue
        return -sum(min(line.amount_fen, 0) for line in self.bill.lines) / 100.0 - own.revenue

    @property
    def fresh_money(self) -> float:
        """CNY that the draft asks for and may expect: a round as investors are likely to fill it, and a loan."""
        own = self.view.own
        fill = 0.5 * (own.raise_low + own.raise_high)
        return self.value("finance.raise") * fill + max(self.value("finance.borrow"), 0.0)

    @property
    def interest_rate(self) -> float:
        """Interest a quarter: dearer without credibility (`game.engine.finance.interest`)."""
        return self.number("interest") + self.number("interest_credibility") * (1.0 - self.view.own.credibility)

    @property
    def round_price(self) -> float:
        """CNY before the money at which a round is priced (`game.engine.finance.round_price`)."""
        own = self.view.own
        factor = (
            1.0 + self.number("investor_credibility") * (own.credibility - 0.5)
            + self.number("investor_sentiment") * (self.view.market.sentiment - self.number("sentiment_normal"))
        )  # fmt: skip
        factor = min(max(factor, self.number("round_low")), self.number("round_high"))
        return max(own.equity, self.number("round_floor")) * factor

    def line(self, name: str) -> float:
        """CNY of a line of the last report, 0 without one."""
        if self.report is None:
            return 0.0
        return sum(line.amount_fen for line in self.report.lines if line.id == name) / 100.0

    # tokens and machines ----------------------------------------------------------------------------------------------
    @property
    def volume(self) -> float:
        """Million tokens sold to developers last quarter: their income ÷ the price that stands since then."""
        price = self.view.standing.get("price.token", 0.0)
        return self.line("tokens") / price if price > 0 else 0.0

    def yield_of(self, source: str) -> float:
        """Share of a contracted PFLOP/s that arrives as throughput: chip ratio × framework support."""
        table = self.parameters["source_delivery"]
        share = table[SOURCES.index(source)] if isinstance(table, tuple) else table
        return share * (self.number("framework_support") if source == "domestic" else 1.0)

    @property
    def coming(self) -> float:
        """PFLOP/s of throughput that next quarter has beyond this one, by contracts signed and the draft's orders."""
        own, extra = self.view.own, 0.0
        for source in SOURCES:
            next_ = own.arriving.get(source, [])
            now = own.compute.get(source, 0.0)
            wanted = max(self.value(f"compute.{source}"), next_[0] if next_ else 0.0)
            extra += max(wanted - now, 0.0) * self.yield_of(source)
        return extra

    @property
    def cheapest(self) -> str:
        """The source that delivers a PFLOP/s for least and may be ordered now; empty where none may."""
        open_ = [s for s in SOURCES if self.free(f"compute.{s}") and not (s == "import" and self.view.market.import_open < 1)]
        prices = self.view.market.compute_price
        return min(open_, key=lambda s: prices.get(s, math.inf) / self.yield_of(s), default="")

    # industries -------------------------------------------------------------------------------------------------------
    def rent(self, segment: str) -> float:
        """CNY that a contract pays a quarter at the solution price as it stands."""
        return self.of("rent", segment) * self.view.standing.get("price.solution", 1.0)

    def income(self, segment: str) -> float:
        """CNY a quarter of the contracts that run."""
        return self.view.own.customers.get(segment, 0) * self.rent(segment)

    def upkeep(self, segment: str) -> float:
        """CNY a quarter that keeps knowledge fresh (`game.engine.research.learn`)."""
        return self.number("knowledge_upkeep") * self.view.own.knowledge.get(segment, 0)

    def fresh_after(self, segment: str, paid: float) -> float:
        """Freshness after a quarter in which ``paid`` CNY go to a segment's knowledge."""
        fresh, due = self.view.own.freshness.get(segment, 0), self.upkeep(segment)
        kept = min(paid / due, 1.0) if due > 0 else 1.0
        fresh += self.number("freshness_restore") * kept * (1.0 - fresh) - self.of("freshness_loss", segment) * (1.0 - kept) * fresh
        return min(max(fresh, 0.0), 1.0)

    def fading(self, segment: str, paid: float) -> float:
        """Accuracy lost to a quarter at ``paid`` CNY, the model and the stock of knowledge as they are.

        accuracy = general + (ceiling − general) × learnt × freshness (`game.engine.derive.accuracy`), so the part that
        hangs on freshness falls in proportion to it.
        """
        own = self.view.own
        general = self.number("general_floor") + self.number("general_slope") * own.capability
        special = own.accuracy.get(segment, 0) - general
        if special <= 0 or own.freshness.get(segment, 0) <= 0:
            return 0.0
        return special * (1.0 - self.fresh_after(segment, paid) / own.freshness.get(segment, 0))
