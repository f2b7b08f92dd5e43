"""Reactive: thumb's habits, with the price as best response and the money where it pays most at the margin."""

from __future__ import annotations

import numpy as np

from game.engine.names import LEVER
from game.engine.numeric import Array, clip, osum, ratio
from game.engine.rules import Rules
from game.engine.view import View
from game.policies.default import Plan, compute_for, envelope, manage, parent
from game.policies.pricing import best_response, towards


def returns(rules: Rules, view: View) -> Array:
    """(N, V, G) what a segment has brought per person put into it, CNY a quarter, with what its pilots promise."""
    p, own = rules.params, view.own
    promise = own.customers + 0.6 * own.pilots + 0.2 * own.leads
    rent = p.rent[:, None] * promise
    rent[:, 0] = own.revenue * 0.1
    rent[:, 1] = own.customers[:, 1] * p.app_advertising
    return rent / (own.staff + 8.0)


def refocus(rules: Rules, view: View) -> Array:
    """(N, V, G) weights: half habit, half by return among the segments already entered, no spreading thin."""
    rows = list(view.firms)
    habit = np.broadcast_to(rules.traits.focus[rows], view.own.customers.shape)
    gain = returns(rules, view) * (habit > 0.02)
    whole = osum(gain, 1)[:, None]
    earned = np.where(whole > 0, gain / np.where(whole > 0, whole, 1.0), habit)
    return 0.5 * habit + 0.5 * earned


def caution(rules: Rules, view: View) -> Array:
    """(N, G) share of the envelope that is used: all of it above five quarters of runway, half below two."""
    own = view.own
    burn = np.maximum(own.cost - own.revenue - parent(rules, view), 1e6)
    return clip(0.17 + own.cash / burn / 6.0, 0.5, 1.0)


def decide(rules: Rules, view: View, chance: Array) -> Array:
    """Policy ``reactive``."""
    rows = list(view.firms)
    own, traits = view.own, rules.traits
    spend = envelope(rules, view)
    late = clip(np.array([(view.quarter - 3) / 8.0]), 0.0, 1.0)[0]
    behind = clip(4.0 * (view.public.benchmark.max(axis=0) - own.capability), 0.0, 1.0)
    # Rank pays while investors look at it; later the budget follows what customers pay for.
    appetite = traits.appetite[rows] * (0.5 - 0.18 * late) + 0.04 * (1.0 - behind)
    spend = spend * caution(rules, view)
    research = np.rint(appetite * spend / 1e6) * 1e6
    focus = refocus(rules, view)
    machines = compute_for(rules, view, (0.22 - 0.08 * late) * spend)
    now = osum(own.due[:, :, 0], 1)
    machines = clip(machines, 0.6 * now, np.maximum(1.9 * now, 50.0))
    route = np.where(own.capability > 0.40, np.broadcast_to(traits.opening[rows], own.cash.shape),
                     own.levers[LEVER["route"]])
    price = towards(view.public.price[0, rows], best_response(rules, view), 0.6 * rules.speed)
    out = manage(rules, view, Plan(route, price, research, focus, machines))
    _solution_price(rules, view, out)
    return np.where(np.isnan(out), out, np.minimum(np.maximum(out, own.low), own.high))


def _solution_price(rules: Rules, view: View, out: Array) -> None:
    """Index of solutions: dearer while there is more demand than people, cheaper while people wait for customers."""
    own, p = view.own, rules.params
    staff = np.add.reduce(own.staff[:, 2:], axis=1)
    work = own.customers[:, 2:] * p.service_staff[2:, None] + own.pilots[:, 2:] * p.contract_staff
    busy = osum(work, 1)
    load = ratio(busy, staff)
    row = LEVER["price.solution"]
    out[row] = clip(own.levers[row] * (1.0 + 0.12 * (load - 0.7)), 0.7, 1.6)
