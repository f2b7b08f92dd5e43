"""What an explanation may use: a firm's views before and after the quarter, its own ledger and its own cards' draws.

Everything is read from `game.engine.view.View`, so that nothing hidden can enter: two states with equal views give
equal evidence. A rival's public moves are in the views; what other firms did to the own books unseen stays a remainder.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from game.engine.demand import fashion
from game.engine.effects import TIMED, effect_amount, effect_key
from game.engine.exits import SELL_UNIT
from game.engine.names import LEVER, LINES, SEGMENTS
from game.engine.play import Ledger
from game.engine.quantities import holds
from game.engine.quarter_draws import QuarterDraws
from game.engine.research import secret_frontier
from game.engine.rules import EffectRule, Rules
from game.engine.state import CHANNEL, State
from game.engine.view import View, observe

STOCK_OF: Final = {
    "trust": "trust", "credibility": "credibility", "safety": "safety", "community": "community", "lnc": "capability",
    "lne": "efficiency", "founders": "founders_share",
}  # fmt: skip
"""Target of an effect by the name of the stock in the books."""
_BOUNDED: Final = {"trust", "credibility", "safety", "freshness", "founders"}
_FREE: Final = {"lnc", "lne"}
_CLOSED: Final = {"customers", "leads", "pilots"}


@dataclass(frozen=True)
class Awards:
    """The firm's own result of the quarter's tenders."""

    income: float
    won: float
    cost: float
    bids: float
    overpromised: float


@dataclass(frozen=True)
class Truth:
    """What nobody could see in a quarter, told once the game is over."""

    luck_research: float
    """Draw of the firm's training, a standard normal."""
    luck_efficiency: float
    best_known: float
    """Log effective compute of the best model as far as others could learn from it, at the start of the quarter."""
    talk: float
    """What this year's talk added to the firm's utility."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """See module. ``was`` and ``now`` are the views at the start of the quarter and after it."""

    rules: Rules
    firm: int
    was: View
    now: View
    lines: Mapping[str, int]
    """Ledger lines of the firm, fen."""
    drawn: tuple[tuple[EffectRule, float], ...]
    """Effects of the choice taken on the own card, with what was drawn."""
    card_money: tuple[float, float]
    """Money of that choice: CNY, and multiple of last quarter's costs."""
    awards: Awards
    cash_known: float
    """Cash when guidance for this quarter's end was given, CNY: a quarter before ``was``."""
    earlier: Evidence | None = None
    """The quarter before, where it is on record."""
    truth: Truth | None = None
    """What was hidden; None until the game is over."""

    # books -----------------------------------------------------------------------------------------------------------
    def had(self, name: str, *at: int) -> float:
        """A number of the own books at the start of the quarter; ``at`` is its row where it has several."""
        return _number(getattr(self.was.own, name)[(0, *at)])

    def has(self, name: str, *at: int) -> float:
        """The same after the quarter."""
        return _number(getattr(self.now.own, name)[(0, *at)])

    def public(self, name: str, *at: int) -> float:
        """A public number at the start of the quarter."""
        return _number(getattr(self.was.public, name)[at])

    def public_now(self, name: str, *at: int) -> float:
        """A public number after the quarter."""
        return _number(getattr(self.now.public, name)[at])

    def lever(self, name: str) -> float:
        """A lever as it was set for the quarter, brought within its limits."""
        return _number(self.now.own.levers[LEVER[name], 0])

    def trait(self, name: str) -> float:
        """What the background gives for good."""
        return _number(getattr(self.rules.traits, name)[self.firm])

    def param(self, name: str, at: int | None = None) -> float:
        """A parameter, or one entry of its table."""
        value = getattr(self.rules.params, name)
        return float(value if at is None else value[at])

    def cny(self, line: str) -> float:
        """A ledger line in CNY."""
        return self.lines.get(line, 0) / 100.0

    @cached_property
    def alive(self) -> bool:
        """Whether the firm still trades."""
        return bool(self.now.own.status[0, 0] == 0)

    # cards ------------------------------------------------------------------------------------------------------------
    @cached_property
    def route(self) -> int:
        """Route of the quarter: as it stood, or as a card set it."""
        route = int(self.was.own.route[0, 0])
        for effect, amount in self.drawn:
            if effect.target == "route":
                route = round(amount)
        return route

    @property
    def _own_effects(self) -> list[tuple[EffectRule, float]]:
        """Effects of the own card that reach the own books."""
        route = int(self.was.own.route[0, 0])
        reach = {"self", "all"} | ({"open"} if route == 3 else set()) | ({"clouds"} if self.trait("cloud") > 0 else set())
        return [(e, a) for e, a in self.drawn if e.who in reach]

    @cached_property
    def focus(self) -> int:
        """The vertical with most people, the first of several."""
        staff = self.was.own.staff[0, :, 0]
        return max(range(2, len(SEGMENTS)), key=lambda v: (int(staff[v]), -v))

    def _meant(self, effect: EffectRule, segment: int) -> bool:
        if effect.segment in ("all", ""):
            return True
        return segment == (self.focus if effect.segment == "focus" else SEGMENTS.index(effect.segment))

    def start(self, name: str, *at: int) -> float:
        """A stock of the own books once the own card has been carried out, and a unit sold in distress is gone."""
        value = self.had(name, *at)
        target = STOCK_OF.get(name, name)
        for effect, amount in self._own_effects:
            if effect.target == "close" and name in _CLOSED and self._meant(effect, at[0]):
                value = 0.0
            elif effect.target == target and (not at or self._meant(effect, at[0])):
                value = value * (1.0 + amount) if effect.op == "mul" else value + amount
                value = min(max(value, 0.0), 1.0) if name in _BOUNDED else value if name in _FREE else max(value, 0.0)
        if at and name in (*_CLOSED, "knowledge") and at[0] == self.sold_unit:
            value = 0.0
        return value

    @cached_property
    def sold_unit(self) -> int:
        """The segment that a choice in distress sold, -1 for none."""
        if not bool(self.was.own.distress[0, 0]) or self.lever("distress.choice") != SELL_UNIT:
            return -1
        worth = [0.0, 0.0, *(self.start_customers(v) * self.param("rent", v) for v in range(2, len(SEGMENTS)))]
        return sorted(range(len(worth)), key=lambda v: -worth[v])[1]

    def start_customers(self, v: int) -> float:
        """Customers of a segment after the own card alone."""
        closed = any(e.target == "close" and self._meant(e, v) for e, _ in self._own_effects)
        return 0.0 if closed else self.had("customers", v)

    @property
    def mood(self) -> float:
        """Sentiment of the quarter as far as the firm knows: as it stood, and what the own card did to it."""
        return self.public("sentiment") + sum(a for e, a in self.drawn if e.target == "sentiment")

    def acting(self, channel: str) -> float:
        """What shifts of events add up to on a channel this quarter: standing ones, the own card's, and those of others
        that last long enough to be seen in the books."""
        row = CHANNEL[channel]
        standing = _number(self.was.own.shifts[row, 0, 0])
        mine, later = 0.0, 0.0
        for effect, amount in self._own_effects:
            if effect.target in TIMED and self._channel(effect, channel):
                mine += amount
                later += amount if effect.quarters > 1 else 0.0
        seen = _number(self.now.own.shifts[row, 0, 0]) - _number(self.was.own.shifts[row, 1, 0]) - later
        return standing + mine + (seen if abs(seen) > 1e-12 else 0.0)

    def _channel(self, effect: EffectRule, channel: str) -> bool:
        if effect.target != "utility":
            return effect.target == channel
        head, _, segment = channel.partition(".")
        return head == "utility" and self._meant(effect, SEGMENTS.index(segment))

    # what follows from them -------------------------------------------------------------------------------------------
    def skill(self, lnc: float) -> float:
        """Capability of a log of effective compute."""
        return 1.0 - self.param("cap_span") * math.exp(-self.param("cap_power") * lnc)

    def compute_of(self, capability: float) -> float:
        """Log effective compute of a capability, the inverse of `skill`."""
        rest = max(1.0 - capability, 1e-12) / self.param("cap_span")
        return -math.log(rest) / self.param("cap_power")

    @cached_property
    def machines(self) -> float:
        """PFLOP/s delivered this quarter, events of the quarter included."""
        before = 1.0 + _number(self.was.own.shifts[CHANNEL["capacity"], 0, 0])
        return self.had("machines") / before * (1.0 + self.acting("capacity")) if before else 0.0

    @cached_property
    def headcount(self) -> int:
        """People at work this quarter."""
        return int(self.now.own.staff[0, :, 0].sum())

    def again(self, v: int) -> float:
        """Share of the users of a segment who choose again."""
        return min(max(self.param("churn", v) * (1.0 + self.acting("churn")), 0.0), 1.0)

    def asked(self, v: int) -> float:
        """Customers of tokens or of the app who asked for service: before those turned away went."""
        lost = self.param("outage_loss") * self.has("unserved")
        return self.has("customers", v) / (1.0 - lost) if lost < 1 else self.has("customers", v)

    def stay(self, v: int) -> float:
        """Customers of a segment who did not choose again."""
        return self.start("customers", v) * (1.0 - self.again(v))

    def lapsed(self, v: int) -> float:
        """Contracts that lapsed because nobody could look after them."""
        carried = self.has("staff", v) / max(self.param("service_staff", v), 1e-6)
        return self.param("lapse_rate") * max(self.stay(v) - carried, 0.0)

    @cached_property
    def overflow(self) -> float:
        """PFLOP/s bought at short notice, from what they cost."""
        price = self.param("overflow_price") * self.public("compute_price")
        return -self.cny("overflow") / price if price > 0 else 0.0

    @cached_property
    def served_machines(self) -> float:
        """Own PFLOP/s that served this quarter."""
        return self.has("utilisation") * self.machines

    def total_users(self, v: int, *, now: bool) -> float:
        """All users of a segment, from the own customers and the own public share; 0 where the firm has neither."""
        view = self.now if now else self.was
        share = _number(view.public.share[self.firm, v])
        return _number(view.own.customers[0, v]) / share if share > 0 else 0.0


def _number(value: object) -> float:
    """A float from a scalar or from an array of one."""
    return float(np.asarray(value).reshape(-1)[0])


def gather(
    rules: Rules, before: State, after: State, ledger: Ledger, firm: int, earlier: Evidence | None = None,
    truth: Truth | None = None,
) -> Evidence:  # fmt: skip
    """The evidence of a firm about the quarter between two states of one game."""
    lines = {name: int(ledger.lines[row, firm, 0]) for row, name in enumerate(LINES) if ledger.lines[row, firm, 0]}
    drawn, money = _card(rules, before, after, firm)
    own = Awards(*(float(getattr(ledger.awards, n)[firm, 0]) for n in ("income", "won", "cost", "bids", "overpromised")))
    return Evidence(
        rules, firm, observe(rules, before, (firm,)), observe(rules, after, (firm,)), lines, drawn, money, own,
        float(before.cash_before[firm, 0]) / 100.0, earlier, truth,
    )  # fmt: skip


def revealed(rules: Rules, before: State, firm: int) -> Truth:
    """What was hidden in the quarter that began with a state: for the time after the game."""
    draws = QuarterDraws(before.seed, before.quarter, rules.firms)
    return Truth(
        float(draws["research"][firm, 0]), float(draws["efficiency"][firm, 0]),
        float(secret_frontier(rules, before)[0]), float(fashion(rules, before)[firm, 0]),
    )  # fmt: skip


def _card(
    rules: Rules, before: State, after: State, firm: int
) -> tuple[tuple[tuple[EffectRule, float], ...], tuple[float, float]]:
    """Effects of the choice on the firm's card, each with the amount that was drawn, as the quarter carried them out."""
    index = int(before.card[firm, 0])
    if index < 0 or before.status[firm, 0] != 0:
        return (), (0.0, 0.0)
    card = rules.cards[index]
    last = len(card.choices) - 1
    asked = float(after.levers[LEVER["card.choice"], firm, 0])
    place = 0 if math.isnan(asked) else round(min(max(asked, 0), last))
    if not bool(holds(rules, before, card.choices[place].requires, {})[firm, 0]):
        place = last
    choice = card.choices[place]
    at, game = np.array([firm]), np.array([0])
    drawn = tuple(
        (effect, float(effect_amount(effect, before, effect_key(card, place, n), at, game)[0]))
        for n, effect in enumerate(choice.effects)
    )
    return drawn, (choice.cash, choice.scale)
