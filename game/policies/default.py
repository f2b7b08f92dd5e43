"""Default management: a plain policy that turns five levers into all of them; the same for every firm.

It runs the levers a scenario does not show, continues firms whose people are absent, and is the part of every policy
that is not strategy. What it may spend is an envelope: expected revenue, a parent's budget and a slice of the cash.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.engine.compute import DOMESTIC
from game.engine.finance import parent_budget
from game.engine.names import LEVER, SEGMENTS, SOURCES, VERTICALS
from game.engine.numeric import Array, clip, osum, ratio
from game.engine.rules import Rules
from game.engine.view import View
from game.policies import answers


@dataclass(frozen=True)
class Plan:
    """Five levers, (N, G) each; ``focus`` (N, V, G), or (N, V, 1) where it is that of all games, adds up to one."""

    route: Array
    price_token: Array
    research: Array
    focus: Array
    compute: Array
    """PFLOP/s wanted under contract."""


def parent(rules: Rules, view: View) -> Array:
    """(N, 1) CNY that a parent pays in this quarter."""
    return parent_budget(rules, view.quarter)[list(view.firms)]


def envelope(rules: Rules, view: View) -> Array:
    """(N, G) CNY that may be spent this quarter: last revenue, budget, and a slice of the cash above a reserve.

    The slice empties the cash in six quarters if nothing comes in; bold firms take more.
    """
    own = view.own
    bold = rules.traits.boldness[list(view.firms)]
    slice_ = (0.10 + 0.12 * bold) * np.maximum(own.cash, 0.0)
    return own.revenue + parent(rules, view) + slice_


def serving_need(view: View) -> Array:
    """(N, G) PFLOP/s that serving will want in two quarters: what it used last, growing by the half."""
    used = view.own.utilisation * view.own.machines
    return used * (1.5 + view.own.unserved * 2.0)


def standing_plan(rules: Rules, view: View) -> Plan:
    """The plan that keeps things as they are, with the firm's own focus."""
    own, rows = view.own, list(view.firms)
    focus = rules.traits.focus[rows]
    first = LEVER["compute.import"]
    compute = np.add.accumulate(own.levers[first : first + len(SOURCES)], axis=0)[-1]
    return Plan(own.levers[LEVER["route"]], own.levers[LEVER["price.token"]], own.levers[LEVER["research.budget"]],
                focus, compute)


def decide(rules: Rules, view: View, chance: Array) -> Array:
    """Policy ``default``: five levers stand, the rest is managed."""
    return manage(rules, view, standing_plan(rules, view))


def manage(rules: Rules, view: View, plan: Plan) -> Array:
    """All levers (levers, N, G) from a plan, within the limits of the quarter."""
    p, own = rules.params, view.own
    out = own.levers.copy()
    spend = envelope(rules, view)
    out[LEVER["route"]] = plan.route
    out[LEVER["price.token"]] = plan.price_token
    out[LEVER["research.budget"]] = plan.research
    _split_research(view, out)
    _industries(rules, view, plan, spend, out)
    _machines(rules, view, plan, out)
    openness = np.take(p.openness, np.rint(plan.route).astype(int))
    out[LEVER["community.budget"]] = np.where(
        openness > 0, np.maximum(1.1 * p.community_upkeep * own.community, 0.04 * openness * spend), 0.0
    )
    out[LEVER["price.app"]] = np.where(own.revenue > 0, own.levers[LEVER["price.app"]], 0.0)
    _tenders(rules, view, out)
    _money(rules, view, out)
    answers.answer(rules, view, out)
    # Not-a-number passes through both.
    np.maximum(out, own.low, out=out)
    return np.minimum(out, own.high, out=out)


def _split_research(view: View, out: Array) -> None:
    """Scale for those far behind the open frontier, efficiency for those whose cost hurts, safety by trust."""
    own = view.own
    cost_share = clip(ratio(own.token_cost, view.public.token_price), 0.0, 1.5)
    out[LEVER["research.scale"]] = np.rint(55.0 - 15.0 * cost_share)
    out[LEVER["research.efficiency"]] = np.rint(28.0 + 18.0 * cost_share)
    out[LEVER["research.safety"]] = np.rint(10.0 + 14.0 * (own.trust < 0.55))


def _industries(rules: Rules, view: View, plan: Plan, spend: Array, out: Array) -> None:
    """People and knowledge by focus: a third of the envelope goes to people, an eighth to knowledge.

    Staff moves by at most a third a quarter, and never below what running contracts need.
    """
    p, own = rules.params, view.own
    first = LEVER["staff.developers"]
    verticals = plan.focus[:, 2:]
    weight = osum(verticals, 1)
    wanted = (0.12 + 0.26 * weight) * spend / (p.wage + p.overhead)
    target = wanted[:, None] * (0.12 / len(SEGMENTS) + 0.88 * plan.focus)
    serving = own.customers[:, 2:] * p.service_staff[2:, None]
    serving *= 1.15
    target[:, :2] = np.maximum(target[:, :2], 0.0)
    target[:, 2:] = np.maximum(target[:, 2:], serving)
    now = own.staff + own.hiring
    staff = np.maximum(target, now * 0.75)
    staff = np.minimum(staff, np.maximum(now * 1.35, 4.0))
    np.rint(staff.transpose(1, 0, 2), out=out[first : first + len(SEGMENTS)])
    upkeep = p.knowledge_upkeep * own.knowledge[:, 2:]
    build = (0.14 * weight * spend)[:, None] * ratio(verticals, weight[:, None])
    first = LEVER["knowledge.finance"]
    budget = np.minimum(upkeep, 0.02 * spend[:, None])
    upkeep *= 1.02
    np.copyto(budget, np.maximum(upkeep, build), where=verticals > 0.03)
    budget /= 1e5
    rows = out[first : first + len(VERTICALS)]
    np.rint(budget.transpose(1, 0, 2), out=rows)
    rows *= 1e5


def _machines(rules: Rules, view: View, plan: Plan, out: Array) -> None:
    """The compute wanted, split over sources: imports as far as they are filled, then domestic, cloud and pool."""
    own = view.own
    rows = list(view.firms)
    cloud = rules.traits.cloud[rows] > 0
    foreign = 0.5 * np.minimum(own.import_share, 1.0)
    need = plan.compute
    rented = np.where(cloud, 0.0, 0.18)
    pooled = np.where(cloud, 0.0, 0.15)
    home = np.maximum(1.0 - foreign - rented - pooled, 0.0)
    mix = {"import": foreign, "domestic": home, "cloud": rented, "pool": pooled}
    for source, share in mix.items():
        out[LEVER[f"compute.{source}"]] = np.rint(need * share)
    out[LEVER["compute.term"]] = np.where(cloud, 4.0, 2.0)


def _tenders(rules: Rules, view: View, out: Array) -> None:
    """Bid for as many lots as people could carry; ask for the price that experience allows."""
    p, own = rules.params, view.own
    lot = p.tender_market[view.quarter] * (1.0 - p.tender_tail) / p.tender_lots
    room = np.add.reduce(own.staff[:, np.nonzero(p.tender_segments > 0)[0]], axis=1) * p.tender_staff
    lots = np.floor(room / np.maximum(lot, 1.0))
    out[LEVER["tender.bids"]] = np.where(room > 0.8 * lot, clip(lots + 1.0, 0.0, p.tender_lots), 0.0)
    out[LEVER["tender.price"]] = 0.95 + 0.03 * clip(own.tender_count, 0.0, 3.0)
    best = own.accuracy[:, 2:].max(axis=1)
    out[LEVER["tender.quality"]] = clip(best, 0.5, 0.95)


def _money(rules: Rules, view: View, out: Array) -> None:
    """Raise in good time, borrow when it is late, repay when there is room, and say what to expect."""
    own = view.own
    rows = list(view.firms)
    bold = rules.traits.boldness[rows]
    burn = np.maximum(own.cost - own.revenue - parent(rules, view), 1e6)
    runway = np.maximum(own.cash, 0.0) / burn
    ceiling = own.high[LEVER["finance.raise"]]
    wanted = np.where(runway < 9.0 - 3.0 * bold, 1.0, 0.0)
    own_parent = rules.traits.cloud[rows] > 0
    out[LEVER["finance.raise"]] = np.where(own_parent, 0.0, np.floor(wanted * ceiling))
    room = own.high[LEVER["finance.borrow"]]
    borrow = np.where(runway < 3.0, 0.5 * room, np.where(runway > 10.0, -0.5 * own.debt, 0.0))
    out[LEVER["finance.borrow"]] = np.rint(borrow)
    drift = own.revenue - own.revenue_before
    revenue = np.maximum(own.revenue + 0.8 * drift, 0.0)
    cash = own.cash - burn + out[LEVER["finance.raise"]] * own.expected_fill
    for name, centre, width in (
        ("cash", cash - burn, 0.12 * np.abs(own.cash) + 0.15 * own.cost + 1e6),
        ("revenue", revenue, 0.18 * revenue + 2e6),
    ):
        out[LEVER[f"guidance.{name}.low"]] = np.rint(centre - width)
        out[LEVER[f"guidance.{name}.high"]] = np.rint(centre + width)


def compute_for(rules: Rules, view: View, money: Array) -> Array:
    """(N, G) PFLOP/s that serving needs, plus what ``money`` CNY a quarter buys on top for training."""
    price = view.public.compute_price * rules.params.source_price[DOMESTIC]
    return serving_need(view) / rules.params.serve_share + money / price

