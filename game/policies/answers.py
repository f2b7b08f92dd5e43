"""How policies answer cards and distress: by what they can see of themselves, with stated weights."""

from __future__ import annotations

from typing import Final

import numpy as np

from game.engine.exits import BRIDGE, DOWN_ROUND, NOTHING, SELL_FIRM, SELL_UNIT
from game.engine.names import LEVER
from game.engine.numeric import Array, ratio
from game.engine.rules import CardRule, EffectRule, Rules
from game.engine.view import View

_WORTH: Final = {
    "trust": 3.0, "credibility": 1.0, "safety": 0.8, "community": 0.3, "capability": 1.6, "efficiency": 1.2,
    "knowledge": 0.5, "freshness": 0.4, "customers": 1.2, "leads": 0.3, "founders_share": 2.0, "staff": 0.2,
    "utility": 0.35, "unit_cost": -0.6, "compute_price": -0.4, "research": 0.5, "fixed_cost": -0.4, "wages": -0.4,
    "funding": 0.5, "leads_rate": 0.4, "churn": -0.5, "capacity": 0.3, "import_supply": 0.1,
}
"""Worth of one unit of an effect for one quarter, in quarters of cost; rough on purpose."""


def effect_worth(effect: EffectRule) -> float:
    """Expected worth of an effect to the firm that chooses it, in quarters of its cost."""
    mean = 0.5 * (effect.low + effect.high) * effect.chance
    unit = _WORTH.get(effect.target, 0.0)
    if effect.op == "add" and effect.target in ("community", "knowledge", "leads"):
        unit = unit / 60.0
    worth = unit * mean * max(effect.quarters, 1)
    if effect.target == "cash" and effect.op == "scale":
        worth = mean
    if effect.who == "self":
        return worth
    return -0.3 * worth


def choose_card(rules: Rules, view: View) -> Array:
    """(N, G) choice for the card on each desk: the best worth less its cost, which weighs more when cash is short."""
    own = view.own
    picks = np.zeros(own.cash.shape)
    if not (own.card >= 0).any():
        return picks
    firms, games = np.nonzero(own.card >= 0)
    cards, cash = own.card[firms, games], own.cash[firms, games]
    cost = np.maximum(own.cost[firms, games], 1e6)
    months = ratio(np.maximum(cash, 0.0), cost)
    tight = 1.0 + 3.0 / (1.0 + months)
    poor = cash < 0.5 * cost
    pick, best = np.zeros(len(cards)), np.full(len(cards), -np.inf)
    for k, (worth, money, scale, ends) in enumerate(_choices(rules.cards)):
        score = worth[cards] - tight * (money[cards] / cost + scale[cards])
        # Giving the firm away is a last resort: only when the cash does not cover half a quarter.
        score += ends[cards] * np.where(poor, 0.5, -5.0)
        better = score > best
        np.copyto(pick, k, where=better)
        np.copyto(best, score, where=better)
    picks[firms, games] = pick
    return picks


_known: tuple[tuple[CardRule, ...], list[Array]] = ((), [])
"""The deck last asked about and what `_choices` says of it."""


def _choices(cards: tuple[CardRule, ...]) -> list[Array]:
    """For the first choice of every card, the second and so on: worth, money, money in quarters of cost, and whether
    it gives the firm away, (4, C); a choice that a card does not have is worth less than any."""
    global _known
    if _known[0] is not cards:
        out = []
        for k in range(max(len(c.choices) for c in cards)):
            table = np.zeros((4, len(cards)))
            table[0] = -np.inf
            for column, card in zip(table.T, cards):
                if k < len(card.choices):
                    choice = card.choices[k]
                    ends = any(e.target in ("merge", "sell") for e in choice.effects)
                    worth = sum(effect_worth(e) for e in choice.effects) - 1e-3 * k
                    column[:] = worth, choice.cash, choice.scale, ends
            out.append(table)
        _known = (cards, out)
    return _known[1]


def choose_distress(rules: Rules, view: View) -> Array:
    """(N, G) answer to the distress card.

    A down-round while investors still listen, a bridge while debt is light, a unit if there is one to sell, the firm
    if an offer beats waiting, else nothing.
    """
    own = view.own
    gap = np.maximum(own.committed - own.contracted - np.maximum(own.cash, 0.0), 1.0)
    worth = own.equity * rules.params.down_round
    light = own.debt + gap < 0.35 * own.equity
    rent = rules.params.rent
    units = own.customers[:, 2] * rent[2]
    for v in range(3, len(rent)):
        units = np.maximum(units, own.customers[:, v] * rent[v])
    pick = np.full(own.cash.shape, float(NOTHING))
    pick = np.where(own.offer > 3e7, SELL_FIRM, pick)
    pick = np.where(units * 4.0 > gap, SELL_UNIT, pick)
    pick = np.where(light, BRIDGE, pick)
    return np.where(worth > 0.8 * gap, DOWN_ROUND, pick)


def answer(rules: Rules, view: View, out: Array) -> None:
    """Write the answers to cards and distress into the levers (levers, N, G)."""
    out[LEVER["card.choice"]] = choose_card(rules, view)
    out[LEVER["distress.choice"]] = choose_distress(rules, view)
