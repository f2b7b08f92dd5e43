"""Step 7: adoption, choice, and the stocks of users that follow.

Bass 1969 for how many, the logit of `game.engine.choice` for whom, Klemperer 1987 for how few choose again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.engine import choice as ch
from game.engine.derive import accuracies, capability, open_efficiency, open_frontier, skills
from game.engine.draws import Purpose, normals, slot_keys, words
from game.engine.names import DEVICES
from game.engine.numeric import Array, clip, exp, log, logistic, osum
from game.engine.quarter_draws import QuarterDraws
from game.engine.rules import Rules
from game.engine.state import CHANNEL, State

FASHION_QUARTERS = 4
"""Quarters over which talk about a firm is averaged; the rule below is written for four."""


class Demand(NamedTuple):
    """Stocks and flows after choice, before pipeline and capacity."""

    customers: Array
    hosted: Array
    outside: Array
    adopters: Array
    leads: Array
    """(F, V, G) new leads in verticals (0 elsewhere)."""
    started: Array


def paying_share(rules: Rules, s: State) -> Array:
    """(F, V, G) share of those who choose a firm that pays it; the rest hosts the firm's release itself.

    A firm that has released nothing has nothing that could be hosted.
    """
    p = rules.params
    tokens = np.take(p.pay_tokens, s.route)
    solutions = np.take(p.pay_solutions, s.route)
    share = np.repeat(solutions[:, None], len(p.churn), axis=1)
    share[:, 0] = tokens
    share[:, 1] = 1.0
    np.copyto(share, 1.0, where=(s.released <= -49.0)[:, None])
    return share


def adoption(rules: Rules, s: State, quality: Array, draws: QuarterDraws) -> Array:
    """(V, G) users who adopt this quarter: Bass hazard, gated by quality, helped by falling prices, with noise."""
    p = rules.params
    potential = p.potential[:, None]
    left = np.maximum(potential - s.adopters, 0.0)
    hazard = p.bass_innovation[:, None] + p.bass_imitation[:, None] * s.adopters / potential
    gate = logistic((quality - p.accuracy_threshold[:, None]) / p.accuracy_spread)
    cheap = log(p.token_price_reference / np.maximum(s.price_third, 1e-3))
    z = p.adoption_noise * draws["adoption"]
    boost = exp(z + p.adoption_price * cheap)
    new = clip(hazard * gate * boost, 0.0, p.adoption_cap) * left * rules.segments
    if s.quarter < p.devices_open:
        new[DEVICES] = 0.0
    return new


def fashion(rules: Rules, s: State) -> Array:
    """(F, G) what this year's talk adds to a firm's utility in every segment: a moving average of chance.

    Talk lasts about a year, so its draws are those of this quarter and the three before it; half their sum has a
    standard deviation of one. It is nobody's to see: a view shows the shares that follow, not the talk.
    """
    talk = [_talk(rules, s, s.quarter - back) for back in range(FASHION_QUARTERS)]
    return rules.params.fashion_noise * 0.5 * (talk[0] + talk[1] + talk[2] + talk[3])


def _talk(rules: Rules, s: State, quarter: int) -> Array:
    """(F, G) the draws of one quarter, kept for those that follow."""
    keys = [(Purpose.FASHION, i) for i in range(rules.firms)]
    kept = f"talk {quarter % FASHION_QUARTERS}"
    return s.once(kept, (s.seed, quarter), lambda: normals(words(s.seed, slot_keys(keys), quarter)))


def serve(rules: Rules, s: State, draws: QuarterDraws) -> tuple[Demand, dict[str, Array], ch.Choice]:
    """Adoption and choice of one quarter; also the terms of utility and the choice itself, for explanations."""
    p = rules.params
    cap, acc = skills(rules, s), accuracies(rules, s)
    cap_open = capability(rules, open_frontier(rules, s))
    terms = ch.utility_terms(rules, s, s.price, cap, acc, s.staff)
    terms["events"] = terms["events"] + fashion(rules, s)[:, None]
    u_out = ch.outside_utility(rules, s, cap_open, open_efficiency(rules, s))
    pick = ch.choose(rules, s, terms, u_out, acc, cap)
    new = adoption(rules, s, pick.best_accuracy, draws)
    again = clip(p.churn[:, None] * (1.0 + s.shifts[CHANNEL["churn"], 0][:, None]), 0.0, 1.0)
    gone = ~s.alive
    if gone.any():
        # Users of a firm that has gone must all choose again.
        np.copyto(again, 1.0, where=gone[:, None])
    leaving = again
    leaving *= s.customers
    leaving_hosts = s.hosted * p.churn[:, None]
    back = s.outside * p.churn[:, None]
    pool = new + osum(leaving) + osum(leaving_hosts) + back
    chosen = pick.share * pool
    pay = paying_share(rules, s)
    paying = pay
    paying *= chosen
    chosen -= paying
    hosted = s.hosted - leaving_hosts
    hosted += chosen
    customers = np.subtract(s.customers, leaving, out=leaving)
    customers[:, :2] += paying[:, :2]
    leads = paying
    leads[:, :2] = 0.0
    community = 1.0 + p.community_leads * s.community / (s.community + p.community_half)
    leads *= (community * (1.0 + s.shifts[CHANNEL["leads_rate"], 0]))[:, None]
    demand = Demand(
        customers=customers,
        hosted=hosted,
        outside=s.outside - back + pick.outside * pool,
        adopters=s.adopters + new,
        leads=leads,
        started=s.started + leads,
    )
    return demand, terms, pick


def token_demand(rules: Rules, s: State, price: Array, cap: Array) -> Array:
    """(F, G) million tokens a developer uses in a quarter at ``price`` (F, G).

    Elasticity above one in the middle, bounded: q = raw / (1 + raw / bound).
    """
    p = rules.params
    relative = (price + 0.01) / p.token_price_reference
    raw = p.token_volume * exp(-p.token_elasticity * log(relative)) * 4.0 * cap * cap
    return raw / (1.0 + raw / p.token_bound)
