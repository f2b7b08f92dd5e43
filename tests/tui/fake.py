"""A host and a seat without a market: plausible numbers from a few lines of arithmetic, the same every time."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from game.content import Content
from game.content.load import collect
from game.engine.names import LEVERS, SEGMENTS, SOURCES, VERTICALS
from game.table.errors import DraftError
from game.table.listing import Listed
from game.table.market_history import HISTORY_VERSION, MarketHistory, MarketQuarter
from game.table.wire import (
    CardOffer,
    Change,
    Changes,
    Choice,
    Draft,
    Effect,
    Event,
    Explanation,
    Factor,
    Fans,
    Firm,
    Forecast,
    Limit,
    Line,
    Market,
    Message,
    Own,
    Part,
    Preview,
    Report,
    Row,
    SeatView,
    ShareChange,
)
from game.tui.app import BaimoApp, Founding
from game.tui.session import Session

OPEN = ("developers", "consumers", "finance", "medical", "manufacturing", "government")
RIVALS = (
    ("yunshan", "cloud-giant", "closed", 1.8, 0.31), ("shenyan", "efficiency-lab", "open", 1.0, 0.182),
    ("xunsheng", "state-trusted", "hybrid", 4.2, 0.091), ("yuezhou", "consumer-app", "closed", 3.0, 0.077),
    ("hengyi", "medical-specialist", "layered", 8.0, 0.042), ("haiduo", "overseas-multimodal", "closed", 5.0, 0.039),
    ("canglang", "cloud-giant", "closed", 2.1, 0.03), ("daiyue", "cloud-giant", "closed", 2.4, 0.021),
    ("jixian", "ecosystem-host", "open", 0.8, 0.012), ("lishi", "vertical-integrator", "layered", 6.0, 0.006),
    ("tongbao", "vertical-integrator", "closed", 7.0, 0.004),
)  # fmt: skip


def content() -> Content:
    """The shipped content, as much of it as reads."""
    found, _ = collect()
    assert found is not None
    return found


def standing() -> dict[str, float]:
    """Every lever as it stands on the first day."""
    levers = dict.fromkeys(LEVERS, 0.0)
    levers |= {
        "route": 2, "price.token": 6.0, "price.app": 0, "price.solution": 1.1, "research.budget": 4.2e7,
        "research.scale": 40, "research.efficiency": 35, "research.safety": 25, "knowledge.finance": 6e6,
        "knowledge.medical": 4e6, "knowledge.manufacturing": 1e6, "community.budget": 2e6, "staff.developers": 14,
        "staff.consumers": 6, "staff.finance": 22, "staff.medical": 15, "staff.manufacturing": 4, "compute.import": 120,
        "compute.domestic": 340, "compute.cloud": 80, "compute.term": 2, "tender.bids": 2, "tender.price": 0.92,
        "tender.quality": 0.8,
    }  # fmt: skip
    for gone in ("card.choice", "distress.choice", *(name for name in LEVERS if name.startswith("guidance"))):
        del levers[gone]
    return levers


@dataclass
class FakeSeat:
    """See `game.table.seat.Seat`. ``quarter`` counts from 2023 Q1; a card comes every other quarter."""

    firm_id: str = "own"
    first: int = 0
    quarters: int = 20
    levers_shown: str = "all"
    quarter: int = 0
    cash: float = 3.6e8
    share: float = 0.12
    distress: bool = False
    end_after: int = 99

    def __post_init__(self) -> None:
        self.standing = standing()
        self.rows: list[Row] = []
        self.past: list[MarketQuarter] = []
        self.report: Report | None = None
        self.drafts: list[Draft] = []
        self.quarter = self.first
        self._row()

    def _row(self) -> None:
        n = len(self.rows)
        self.rows.append(Row(
            self.quarter - 1, self.cash, self._revenue(), 1.9e9 + 9e7 * n + 6e7 * math.sin(n), self.share,
            max(2, 6 - n // 3), 0.62 + 0.01 * n, 0.55 + 0.012 * n, 10.0 + n, max(30, 110 - 6 * n),
            max(0.6, 9.0 * 0.86**n), self.standing["price.token"],
        ))  # fmt: skip
        self.past.append(MarketQuarter(self.quarter - 1, self._market(), self._firms(), self._headlines()))

    def _revenue(self) -> float:
        return 4.6e7 * 1.12 ** len(self.rows) * (self.standing["price.token"] / 6.0) ** 0.3

    @property
    def played(self) -> int:
        return self.quarter - self.first

    async def view(self) -> SeatView:
        n = self.played
        cost = 1.06e8 + 2e6 * n
        revenue = self.rows[-1].revenue
        verticals = {v: 0.0 for v in SEGMENTS}
        own = Own(
            self.cash, 2e7, 1.2e9, self.rows[-1].value, 0.61, 0.0, revenue, cost,
            None if revenue > cost else self.cash / (cost - revenue), 0.69, 2.3 + n, 0.6, self.rows[-1].trust, 34.0, 0.55,
            2.4 * 0.9**n, 3.6, 380.0, 0.74, 0.03, 8.6e7, 2.9e7,
            verticals | {"finance": 42.0, "medical": 31.0, "manufacturing": 9.0},
            verticals | {"finance": 0.82, "medical": 0.9, "manufacturing": 0.6},
            verticals | {"finance": 0.87, "medical": 0.79, "manufacturing": 0.72},
            verticals | {"developers": 5200.0, "consumers": 1.3e6, "finance": 11, "medical": 6, "manufacturing": 1},
            verticals | {"developers": 900.0, "consumers": 2e5, "finance": 14, "medical": 9, "manufacturing": 5, "government": 3},
            verticals | {"finance": 4, "medical": 3, "manufacturing": 2},
            {s: int(self.standing[f"staff.{s}"]) for s in SEGMENTS}, {"finance": 4},
            {"import": 120.0, "domestic": 300.0, "cloud": 80.0, "pool": 0.0},
            {"import": [120.0, 90.0], "domestic": [340.0, 340.0], "cloud": [80.0, 80.0], "pool": [0.0, 0.0]},
        )  # fmt: skip
        return SeatView(
            1, "war", "lab-spin-off", "founder", "none", "7", self.quarter, self.first, self.quarters,
            1 + (self.quarter >= 4) + (self.quarter >= 8), self.levers_shown, 0, own, self._firms(), self._market(),
            dict(self.standing), self._limits(), self._card(), self._distress(), self._headlines(), list(self.rows),
            "bankrupt" if self.cash < -3e8 else "niche-master" if n >= min(self.quarters, self.end_after) else "",
        )  # fmt: skip

    def _firms(self) -> list[Firm]:
        n = self.played
        mine = Firm(0, self.firm_id, "efficiency-lab", "active", "layered", self.standing["price.token"], 0.0, 1.1,
                    self._shares(self.share), 0.69, 0.71, 34.0, self.rows[-1].rank, human=True)  # fmt: skip
        others = [
            Firm(i + 1, name, kind, "bankrupt" if i == 10 and n > 5 else "active", route, price * 0.93**n, 0.0, 1.0,
                 self._shares(part * (1 + 0.05 * math.sin(n + i))), 0.8 - 0.03 * i, 0.6, 20.0, i + 1 + (i > 1),
                 [Message("tell", {"firm": name, "tell": "price-cut"})] if i == 0 else [])
            for i, (name, kind, route, price, part) in enumerate(RIVALS)
        ]  # fmt: skip
        return [mine, *others]

    def _shares(self, part: float) -> dict[str, float]:
        return {s: part * (1 - 0.1 * k) for k, s in enumerate(SEGMENTS) if s in OPEN}

    def _market(self) -> Market:
        row = self.rows[-1]
        return Market(
            row.live_models, row.token_price, row.token_price * 0.4, 0.78, 0.74, 0.63,
            dict(zip(SOURCES, (2.1e4, 1.5e4, 2.9e4, 1.1e4), strict=True)), 0.7 if self.quarter < 6 else 0.3,
            {s: 1000.0 * (k + 2) for k, s in enumerate(SEGMENTS)}, {s: 9000.0 * (k + 2) for k, s in enumerate(SEGMENTS)},
            {s: 0.08 for s in SEGMENTS}, list(OPEN),
        )  # fmt: skip

    def _limits(self) -> dict[str, Limit]:
        ranges = {
            "route": (0, 3, 1), "price.token": (0, 200, 0.05), "price.app": (0, 100, 1), "price.solution": (0.4, 2, 0.05),
            "research.budget": (2.9e7, 2e10, 0.1), "community.budget": (1.4e6, 1e9, 0.1), "compute.term": (1, 4, 1),
            "tender.bids": (0, 6, 1), "tender.price": (0.6, 1.3, 0.01), "tender.quality": (0.5, 0.99, 0.01),
            "finance.raise": (0, 8e8, 0.1), "finance.borrow": (-2e7, 2e8, 1e7),
        }  # fmt: skip
        limits: dict[str, Limit] = {}
        for name in LEVERS:
            low, high, step = ranges.get(name, (0, 2000, 1))
            if name.startswith("research.") and name not in ranges:
                low, high, step = 0, 100, 5
            if name.startswith(("knowledge.", "compute.")) and name not in ranges:
                low, high, step = 0, 1e9 if name[0] == "k" else 1e6, 0.1
            if name.startswith("guidance"):
                low, high, step = -1e11 if "cash" in name else 0, 1e11, 1e6
            segment = name.partition(".")[2]
            locked = "lock.segment-closed" if segment in SEGMENTS and segment not in OPEN else ""
            limits[name] = Limit(low, high, step, locked)
        if self.levers_shown == "five":
            for name in ("price.app", "price.solution", "finance.raise"):
                limits[name] = replace_limit(limits[name], "lock.scenario")
        return limits

    def _card(self) -> CardOffer | None:
        if self.played % 2:
            return None
        effects = [
            Effect("customers", "mul", 0.04, 0.12, segment="developers"), Effect("trust", "add", -0.03, -0.01),
            Effect("unit_cost", "add", 0.1, 0.1, quarters=3),
        ]
        return CardOffer("ankle-cut" if self.played % 4 else "dirty-data", [
            Choice(0, 9.1e6, effects), Choice(1, 0.0, effects[1:]), Choice(2, 2.5e6, effects[:1], allowed=False),
        ])  # fmt: skip

    def _distress(self) -> CardOffer | None:
        if not self.distress:
            return None
        return CardOffer("distress", [Choice(i, 0.0, [], allowed=i != 3) for i in range(5)])

    def _headlines(self) -> list[Message]:
        return [
            Message("event.price-cut", {"firm": "yunshan", "change": 0.6, "price": 1.8}),
            Message("gazette.launch-halls"),
            Message("card.headline", {"card": "ankle-cut", "odds": 0.85}),
            Message("tell", {"firm": "yunshan", "tell": "price-cut"}),
            Message("own.contract-signed", {"segment": "finance", "count": 2}),
            Message("event.fringe-exits", {"count": 6, "live_models": self.rows[-1].live_models}),
        ]

    async def futures(self, draft: Draft) -> AsyncIterator[Fans]:
        """Two fans that widen with the quarters and move with the price of tokens."""
        if (await self.view()).ended:
            return
        price = draft.levers.get("price.token", self.standing["price.token"])

        def bands(now: float, grow: float) -> list[list[float]]:
            return [[now * (1 + grow * n + s * 0.12 * n) for s in (-1.3, -0.7, 0.0, 0.7, 1.3)] for n in range(1, 5)]

        for games in (250, 1000):
            yield Fans(
                1, self.quarter, games, 1000, bands(self.cash, -0.04 - 0.01 * price), bands(self._revenue(), 0.1),
                bands(1.2e9, 0.02), [[3.0, 3.0, 4.0, 5.0, 6.0]] * 4, {s: [[self.share] * 5] * 4 for s in OPEN},
                [0.0, 0.01, 0.04, 0.02 * price], [self.cash * 0.8] * 4,
                None if games < 1000 else 0.5,
            )  # fmt: skip

    async def preview(self, draft: Draft) -> Preview:
        levers = {**self.standing, **draft.levers}
        lines = [
            Line("compute", -int(sum(levers[f"compute.{s}"] for s in SOURCES) * 5.5e6)),
            Line("wages", -int(sum(levers[f"staff.{s}"] for s in SEGMENTS) * 1.6e7 + 1.4e9)),
            Line("research", -int(levers["research.budget"] * 100)),
            Line("knowledge", -int(sum(levers[f"knowledge.{s}"] for s in VERTICALS) * 100)),
            Line("community", -int(levers["community.budget"] * 100)), Line("fixed", -900_000_000),
            Line("interest", -42_000_000),
        ]
        after = int(self.cash * 100) + sum(line.amount_fen for line in lines)
        warnings = [Message("warn.runway", {"runway": 2})]
        if levers["price.token"] < 2.4:
            warnings.append(Message("warn.below-cost", {"price": levers["price.token"], "cost": 2.4}))
        return Preview(lines, after, warnings, [])

    async def submit(self, draft: Draft) -> Report:
        if draft.quarter != self.quarter:
            raise DraftError([Message("draft.other-quarter", {"given": draft.quarter, "quarter": self.quarter})])
        self.drafts.append(draft)
        known = {k: v for k, v in draft.levers.items() if k in self.standing}
        before = self.rows[-1]
        self.standing |= known
        spent = [line for line in (await self.preview(Draft(self.quarter))).lines]
        revenue = self._revenue()
        lines = [
            Line("tokens", int(revenue * 55)), Line("app", int(revenue * 9)), Line("solutions", int(revenue * 30)),
            Line("tenders", int(revenue * 6)), *([Line("funding", 20_000_000_000)] if self.played % 5 == 1 else []), *spent,
        ]
        opening = int(self.cash * 100)
        closing = opening + sum(line.amount_fen for line in lines)
        shift = 0.012 * (6.0 - self.standing["price.token"]) / 6.0 + 0.004
        self.cash = closing / 100
        self.share, was = max(0.01, self.share + shift), self.share
        causes = {"price": shift - 0.004, "quality": 0.004, "trust": 0.001, "community": 0.006, "habit": -0.005,
                  "events": 0.0, "reach": 0.002, "others": -0.004}  # fmt: skip
        self.quarter += 1
        self._row()
        after = self.rows[-1]
        parts = {"revenue": 6e7, "growth": -1.1e7, "capability": 2.3e7, "community": 0.9e7, "sentiment": -3.4e7}
        parts["smoothing"] = after.value - before.value - sum(parts.values())
        self.report = Report(
            1, self.quarter - 1, opening, closing, lines,
            [ShareChange("developers", was, self.share, was - 0.02, self.share - was + 0.024, 0.02, 0.004, causes),
             ShareChange("finance", 0.08, 0.093, 0.075, 0.018, 0.005, 0.0, {"quality": 0.009, "trust": 0.003, "others": 0.001})],
            before.value, after.value, parts,
            [Message("event.price-cut", {"firm": "yunshan", "change": 0.31, "price": 1.4}),
             Message("card.came", {"card": "ankle-cut", "odds": 0.85}),
             Message("own.contract-signed", {"segment": "finance", "count": 2}),
             Message("event.rival-raised", {"firm": "yuezhou", "amount": 1.2e9}),
             Message("own.rank-up", {"rank": after.rank})],
            [Forecast("cash", 8e7, 1.2e8, self.cash, 0.4, 0.9)] if any(k.startswith("guidance") for k in draft.levers) else [],
            (await self.view()).ended,
        )  # fmt: skip
        return self.report

    async def last_report(self) -> Report | None:
        return self.report

    async def explain(self, what: str, segment: str = "") -> Explanation | None:
        """The last quarter's cash by its lines, and the trust by a formula; nothing else moves here."""
        if self.report is None:
            return None
        quarter = self.report.quarter
        if what == "cash":
            parts = [
                Part(f"line.{x.id}", float(x.amount_fen), "booked", [Factor("booked", x.amount_fen / 100, "money")])
                for x in self.report.lines
            ]
            return Explanation(1, "cash", "", quarter, "fen", self.report.opening_fen, self.report.closing_fen, parts, "revenue")
        if what == "trust":
            factors = [
                Factor("freshness_loss[finance]", 0.55, parameter="freshness_loss", figures=["data-drift-accuracy-loss"]),
                Factor("safety", 0.6, "percent", what="cash"),
            ]  # fmt: skip
            parts = [Part("quantity.safety", 0.015, "freshness_loss[finance] · safety", factors),
                     Part("part.others", -0.005, who="others")]  # fmt: skip
            return Explanation(1, "trust", "", quarter, "percent", 0.62, 0.63, parts, "safety")
        return None

    async def changes(self) -> Changes | None:
        """Two numbers."""
        if self.report is None:
            return None
        r = self.report
        return Changes(1, r.quarter, [
            Change("cash", "", "money", r.opening_fen / 100, r.closing_fen / 100, 2.0),
            Change("trust", "", "percent", 0.62, 0.63, 1.0),
        ])  # fmt: skip

    async def market_history(self) -> MarketHistory:
        return MarketHistory(HISTORY_VERSION, list(self.past))

    async def events(self) -> AsyncIterator[Event]:
        return
        yield


def replace_limit(limit: Limit, locked: str) -> Limit:
    """The same limit with a lock."""
    return msgspec.structs.replace(limit, locked=locked)


class FakeHost:
    """See `game.tui.app.Host`."""

    def __init__(self, seat: FakeSeat | None = None, names: Mapping[str, str] | None = None) -> None:
        self.seat = seat or FakeSeat()
        self.named = dict(names or {})
        self.settings: dict[str, str] = {}
        self.runs: list[Listed] = []
        self.calls: list[tuple[object, ...]] = []

    def list_runs(self) -> Sequence[Listed]:
        return self.runs

    async def new_game(self, founding: Founding) -> FakeSeat:
        self.calls.append(("new", founding))
        if founding.name:
            self.named["own"] = founding.name
        return self.seat

    async def open_run(self, path: Path) -> FakeSeat:
        self.calls.append(("open", path))
        return self.seat

    async def undo(self, quarter: int) -> FakeSeat:
        self.calls.append(("undo", quarter))
        return FakeSeat(first=self.seat.first)

    async def fork(self, path: Path | None, quarter: int) -> FakeSeat:
        self.calls.append(("fork", path, quarter))
        return FakeSeat(first=self.seat.first)

    def names(self) -> Mapping[str, str]:
        return self.named

    def remember(self, setting: str, value: str) -> None:
        self.settings[setting] = value


async def seated(host: FakeHost | None = None, *, lang: str = "zh", teaching: bool = False, **kwargs: object) -> BaimoApp:
    """An app that opens in the boardroom."""
    host = host or FakeHost()
    app = BaimoApp(content(), host, lang=lang, start="boardroom", **kwargs)  # type: ignore[arg-type]
    app.session = await Session.start(host.seat, host.names(), teaching=teaching)
    return app


__all__ = ["FakeHost", "FakeSeat", "content", "replace", "seated", "standing"]
