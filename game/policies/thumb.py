"""Rules of thumb: habits of an archetype, cost-plus prices, budgets by the envelope. The market at its normal level."""

from __future__ import annotations

import numpy as np

from game.engine.names import LEVER
from game.engine.numeric import Array, clip, osum
from game.engine.rules import Rules
from game.engine.view import View
from game.policies.default import Plan, compute_for, envelope, manage
from game.policies.pricing import best_response, towards


def token_price(rules: Rules, view: View, speed: float) -> Array:
    """(N, G) price of tokens: clouds by best response, everybody else cost plus, no dearer than the market.

    At every level of difficulty cloud giants set prices by their objective: the price war is the market, not the level.
    """
    own, rows = view.own, list(view.firms)
    now = view.public.price[0, rows]
    markup = 1.25 + 0.35 * (1.0 - rules.traits.boldness[rows])
    plus = np.minimum(own.token_cost * markup, np.maximum(view.public.token_price * 1.15, own.token_cost * 0.9))
    clouds = [i for i, f in enumerate(rows) if rules.traits.cloud[f, 0] > 0]
    if clouds:
        plus[clouds] = best_response(rules, view, clouds)
    return towards(now, plus, speed)


def decide(rules: Rules, view: View, chance: Array) -> Array:
    """Policy ``thumb``."""
    rows = list(view.firms)
    own, traits = view.own, rules.traits
    spend = envelope(rules, view)
    research = traits.appetite[rows] * 0.45 * spend
    research = np.rint(research / 1e6) * 1e6
    focus = traits.focus[rows]
    machines = compute_for(rules, view, 0.22 * spend)
    now = osum(own.due[:, :, 0], 1)
    machines = clip(machines, 0.6 * now, np.maximum(1.8 * now, 50.0))
    # A firm opens when its habit says so and its model is worth opening.
    ready = own.capability > 0.40
    route = np.where(ready, np.broadcast_to(traits.opening[rows], own.cash.shape), own.levers[LEVER["route"]])
    speed = rules.params.price_adjustment * rules.speed
    return manage(rules, view, Plan(route, token_price(rules, view, speed), research, focus, machines))
