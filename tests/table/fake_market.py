"""A market small enough to see through: firms set a price, earn by luck and price, go broke below zero."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from game.table.lines import Levers, Overlay
from game.table.table import Table
from game.table.wire import (
    CardOffer,
    Choice,
    Fans,
    Firm,
    Limit,
    Line,
    Message,
    Own,
    Preview,
    Report,
    Row,
    SeatView,
)
from game.table.wire import (
    Market as MarketFacts,
)


@dataclass(frozen=True)
class Books:
    quarter: int
    seed: str
    cash: tuple[float, ...]
    price: tuple[float, ...]
    card: int


class FakeMarket:
    """See `game.table.table.Market`."""

    def __init__(self, digest: str = "a" * 64, deck: Sequence[str] = ("flood", "gift"), bonus: float = 0.0) -> None:
        self.program, self.rules, self.digest = "1.0", "1", digest
        self.overlays = [Overlay("base", "b" * 64)]
        self.deck = list(deck)
        self.scenario, self.background, self.difficulty = "war", "lab-spin-off", "manager"
        self.assume, self.levers = "none", "all"
        self.firms = ["own", "cloud", "lab"]
        self.first, self.quarters = 4, 6
        self.bonus = bonus
        self.policies = ("thumb", "reactive")
        self.played = 0

    def seed(self, text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def begin(self, seed: str) -> Books:
        return Books(self.first, seed, (100.0, 100.0, 100.0), (1.0, 1.0, 1.0), -1)

    def luck(self, s: Books, firm: int) -> float:
        return hashlib.sha256(f"{s.seed} {s.quarter} {firm}".encode()).digest()[0] / 7

    def play(self, s: Books, decisions: Sequence[Levers]) -> tuple[Books, Any]:
        self.played += 1
        price = tuple(float(d["price"] or 0) for d in decisions)
        gift = sum(d["gift"] or 0.0 for d in decisions)
        more = gift / 3 + self.bonus
        cash = tuple(s.cash[f] + self.luck(s, f) - 10 * price[f] + more for f in range(3))
        return replace(s, quarter=s.quarter + 1, cash=cash, price=price, card=s.quarter % len(self.deck)), cash

    def decide(self, s: Books, seats: Mapping[int, str]) -> dict[int, Levers]:
        slope = {"thumb": 0.1, "reactive": 1 / 3}
        return {f: {"price": slope[who] * s.quarter, "gift": None} for f, who in seats.items()}

    def complete(self, s: Books, firm: int, levers: Mapping[str, float]) -> Levers:
        return {"price": s.price[firm], "gift": None, **levers}

    def faults(self, s: Books, firm: int, levers: Mapping[str, float]) -> list[Message]:
        known = [Message("draft.unknown", {"lever": k}) for k in levers if k not in ("price", "gift")]
        return known + [Message("draft.range", {"lever": k}) for k, v in levers.items() if not 0 <= v <= 1000]

    def active(self, s: Books, firm: int) -> bool:
        return s.cash[firm] >= 0

    def ending(self, s: Books, firm: int, final: bool) -> str:
        return "bankrupt" if s.cash[firm] < 0 else "niche-master" if final else ""

    def card(self, s: Books, firm: int) -> str:
        return self.deck[s.card] if s.card >= 0 else ""

    def row(self, s: Books, firm: int) -> Row:
        return Row(s.quarter - 1, s.cash[firm], 0.0, s.cash[firm] / 2, None, 1, 0.5, 0.5, 0.0, 100, 1.0, s.price[firm])

    def pack(self, s: Books) -> bytes:
        return json.dumps([s.quarter, s.seed, s.cash, s.price, s.card, self.deck]).encode()

    def unpack(self, data: bytes, deck: Sequence[str]) -> Books:
        quarter, seed, cash, price, card, counted = json.loads(data)
        if counted != list(deck):
            raise ValueError("cards are counted otherwise")
        name = counted[card] if card >= 0 else ""
        return Books(quarter, seed, tuple(cash), tuple(price), self.deck.index(name) if name in self.deck else -1)

    def view(self, table: Table, firm: int) -> SeatView:
        s: Books = table.state
        own = Own(
            s.cash[firm], *([0.0] * 6), 0.0, None, *([0.0] * 13), **{k: {} for k in (
                "knowledge", "freshness", "accuracy", "customers", "leads", "pilots", "staff", "arriving_staff",
                "compute", "arriving",
            )},
        )  # fmt: skip
        card = self.card(s, firm)
        return SeatView(
            1, self.scenario, self.background, self.difficulty, self.assume, table.head.seed_text, table.quarter,
            self.first, self.quarters, 1, "all", firm, own,
            [Firm(f, n, "", "active", "open", s.price[f], 0, 0, {}, 0, 0, 0, 1) for f, n in enumerate(self.firms)],
            MarketFacts(0, 0, 0, 0, 0, 0, {}, 0, {}, {}, {}, []), {"price": s.price[firm]},
            {"price": Limit(0, 1000, 1)},
            CardOffer(card, [Choice(0, 1.5)]) if card else None, history=table.history(firm), ended=table.ending(firm),
        )  # fmt: skip

    def report(self, table: Table, firm: int, played: int) -> Report:
        before, decisions = table.past(played)
        after, _ = self.play(before, decisions)
        change = round(100 * (after.cash[firm] - before.cash[firm]))
        return Report(
            1, before.quarter, round(100 * before.cash[firm]), round(100 * after.cash[firm]), [Line("sales", change)],
            [], 0.0, 0.0, {}, [],
        )  # fmt: skip

    def futures(
        self, table: Table, firm: int, levers: Mapping[str, float], pause: Callable[[], None] = lambda: None
    ) -> Iterator[Fans]:
        for games in (250, 1000):
            pause()
            cash = [[levers.get("price", 0.0)] * 5]
            yield Fans(1, table.quarter, games, 1000, cash, cash, cash, [[1.0] * 5], {}, [0.0], [0.0])

    def preview(self, table: Table, firm: int, levers: Mapping[str, float]) -> Preview:
        return Preview([], round(100 * table.state.cash[firm]), errors=self.faults(table.state, firm, levers))
