"""What the rules keep and in which order they work, as the model's documentation lists it.

The words stand in the locale under ``odd.state`` and ``odd.step``; a test compares both lists with the rules.
"""

from __future__ import annotations

from typing import Final

STATE: Final[dict[str, str]] = {
    "quarter": "", "seed": "2", "cash": "F", "debt": "F", "cash_before": "F", "paid_out": "F", "accounts": "A",
    "status": "F", "ended": "F", "founders": "F", "lnc": "F", "lne": "F", "released": "F", "safety": "F", "trust": "F",
    "community": "F", "credibility": "F", "research_capital": "F", "equity": "F", "revenue": "F", "revenue_before": "F",
    "cost": "F", "margin": "F", "unserved": "F", "utilisation": "F", "volume": "F", "raised": "F", "tender_value": "F",
    "tender_count": "F", "route": "F", "distress": "F", "price": "3,F", "price_before": "3,F", "customers": "F,V",
    "hosted": "F,V", "leads": "F,V", "pilots": "F,V", "knowledge": "F,V", "freshness": "F,V", "habit": "F,V",
    "signed": "F,V", "started": "F,V", "staff": "F,V", "hiring": "F,V", "due": "F,S,H", "bill": "F,S,H",
    "adopters": "V", "outside": "V", "compute_price": "1", "sentiment": "1", "price_shock": "1", "price_third": "1",
    "fringe": "B", "fringe_gap": "B", "exits": "1", "card": "F", "coming": "F", "seen": "C,F", "shifts": "K,Q,F",
    "guidance": "4,F", "levers": "D,F",
}  # fmt: skip
"""Every array of a state with its axes before that of the games."""

STEPS: Final = (
    "events.play_cards", "exits.relieve", "finance.fund", "compute.order", "compute.delivered", "compute.pay",
    "delivery.people", "research.learn", "research.gather", "demand.serve", "tenders.award", "delivery.run",
    "delivery.pipeline", "delivery.lose_unserved", "research.develop", "research.release", "delivery.trust", "_post",
    "_accounts", "exits.fringe", "appraise", "market.drift", "events.draw_cards", "compute.advance", "exits.strained",
)  # fmt: skip
"""Steps of a quarter in the order in which they are taken: functions of the rules."""
