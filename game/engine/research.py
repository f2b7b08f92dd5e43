"""Steps 4 to 6: research, knowledge, community; and what routes open to the world."""

from __future__ import annotations

import numpy as np

from game.engine.derive import NONE, open_efficiency, open_frontier
from game.engine.names import DEV, LEVER, VERTICALS
from game.engine.numeric import Array, clip, exp, log, ratio
from game.engine.quarter_draws import QuarterDraws
from game.engine.rules import Rules
from game.engine.state import CHANNEL, State


def splits(levers: Array) -> tuple[Array, Array, Array]:
    """Budgets (F, G) in CNY for scale, efficiency and safety: the research budget by its three weights."""
    budget = levers[LEVER["research.budget"]]
    weights = np.maximum(levers[LEVER["research.scale"] : LEVER["research.safety"] + 1], 0.0)
    whole = weights[0] + weights[1] + weights[2]
    scale = ratio(weights[0], whole, 1.0)
    efficiency = ratio(weights[1], whole)
    safety = ratio(weights[2], whole)
    return budget * scale, budget * efficiency, budget * safety


def develop(rules: Rules, s: State, levers: Array, training: Array, draws: QuarterDraws) -> State:
    """Capability, efficiency and safety after a quarter with ``training`` PFLOP/s (F, G) left over for training.

    Effective compute adds up as (machines^a × people^(1-a))^scale × algorithmic efficiency (Cobb-Douglas with
    decreasing returns to the size of one laboratory; capability itself is concave in it, `derive.capability`); a share of the gap to the best open, and to the best model at all, closes for
    everyone. Efficiency has diminishing returns.
    """
    p, t = rules.params, rules.traits
    scale, efficiency, safety = splits(levers)
    lift = 1.0 + s.shifts[CHANNEL["research"], 0]
    people = scale / s.compute_price
    a, scale_power = p.research_compute_share, p.research_scale
    logs = log(np.concatenate([np.maximum(training, 1e-6), np.maximum(people, 1e-6)]))
    n = len(training)
    blend = scale_power * (a * logs[:n] + (1.0 - a) * logs[n:])
    mixed = exp(np.concatenate([blend + s.lne, s.lnc]))
    noise = 1.0 + p.research_noise * draws["research"]
    gained = mixed[:n] * t.skill_research * lift * noise / p.cap_unit
    own = log(mixed[n:] * (1.0 - p.cap_decay) + gained)
    best_open = open_frontier(rules, s)
    known = secret_frontier(rules, s)
    openness = np.take(p.openness, s.route)
    crowd = s.community / (s.community + p.community_half)
    lnc = (
        own
        + p.catch_up_open * np.maximum(best_open - own, 0.0)
        + p.catch_up_best * np.maximum(known - own, 0.0)
        + p.community_capability * openness * crowd
    )
    work = ratio(efficiency, efficiency + p.efficiency_half)
    step = (
        p.efficiency_world
        + p.efficiency_own * t.skill_efficiency * lift * work * (1.0 + p.research_noise * draws["efficiency"])
        + p.efficiency_catch_up * np.maximum(open_efficiency(rules, s) - s.lne, 0.0)
        + p.efficiency_community * openness * crowd
    )
    lne = s.lne + step / (1.0 + p.efficiency_damping * np.maximum(s.lne, 0.0))
    stock = s.safety * (1.0 - p.safety_decay) + ratio(safety, safety + p.safety_half) * p.safety_decay
    alive = s.alive
    spent = np.where(alive, levers[LEVER["research.budget"]], 0.0)
    return s.evolve(
        lnc=np.where(alive, lnc, s.lnc),
        lne=np.where(alive, lne, s.lne),
        safety=np.where(alive, clip(stock, 0.0, 1.0), s.safety),
        research_capital=s.research_capital * (1.0 - p.research_capital_decay) + spent,
    )


def secret_frontier(rules: Rules, s: State) -> Array:
    """(G) log effective compute of the best model as far as others can learn from it; closed ones leak less."""
    leak = np.take(log(rules.params.secrecy), s.route)
    return np.where(s.alive, s.lnc + leak, NONE).max(axis=0)


def release(rules: Rules, s: State) -> State:
    """What routes put into the open: an open firm its frontier, the others a model some way behind; never withdrawn."""
    p = rules.params
    openness = np.take(p.openness, s.route)
    behind = p.release_lag * (1.0 - openness)
    released = np.where(s.alive & (openness > 0), s.lnc - behind, NONE)
    return s.evolve(released=np.maximum(s.released, released))


def learn(rules: Rules, s: State, levers: Array) -> State:
    """Knowledge and freshness after a quarter's budgets: upkeep first, the rest builds (Benkard 2000)."""
    p = rules.params
    rows = [LEVER[f"knowledge.{v}"] for v in VERTICALS]
    spent = np.zeros_like(s.knowledge)
    spent[:, 2:] = levers[rows].transpose(1, 0, 2)
    need = p.knowledge_upkeep * s.knowledge
    kept = paid_part(spent, need)
    # Time-compression diseconomies (Dierickx and Cool 1989): twice the money in a quarter is not twice the learning.
    spent -= need
    building = np.maximum(spent, 0.0)
    building /= p.knowledge_unit
    np.divide(building, p.knowledge_pace, out=spent)
    spent += 1.0
    building /= spent
    openness = np.take(p.openness, s.route)
    gift = p.knowledge_community * openness * s.community / (s.community + p.community_half)
    knowledge = s.knowledge * (1.0 - p.knowledge_decay)
    knowledge += building
    np.multiply(gift[:, None], s.knowledge > 0.5, out=building)
    knowledge += building
    loss = np.subtract(1.0, kept, out=spent)
    loss *= p.freshness_loss[:, None]
    loss *= s.freshness
    np.subtract(s.freshness, loss, out=loss)
    kept *= p.freshness_restore
    np.subtract(1.0, s.freshness, out=building)
    kept *= building
    loss += kept
    fresh = clip(loss, 0.0, 1.0)
    gone = ~s.alive
    if gone.any():
        np.copyto(knowledge, s.knowledge, where=gone[:, None])
        np.copyto(fresh, s.freshness, where=gone[:, None])
    return s.evolve(knowledge=knowledge, freshness=fresh)


def paid_part(spent: Array, need: Array) -> Array:
    """Share of a need that was paid for, at most 1; 1 where there is no need."""
    some = need > 0
    out: Array = np.minimum(spent / np.where(some, need, 1.0), 1.0)
    np.copyto(out, 1.0, where=~some)
    return out


def gather(rules: Rules, s: State, levers: Array, cap: Array) -> State:
    """Community after a quarter: developers join for openness, quality, tools and the people who talk to
    them, and leave when neglected.

    Two-sided markets: Rochet and Tirole 2003, Parker and Van Alstyne 2005.
    """
    p = rules.params
    budget = levers[LEVER["community.budget"]]
    tools = 1.0 + p.tools_gain * ratio(budget, budget + p.join_budget)
    pull = np.take(p.join_openness, s.route) * cap * tools
    snowball = 1.0 + s.community / (s.community + p.snowball_half)
    people = s.staff[:, DEV].astype(np.float64)
    evangelists = 1.0 + p.join_staff * people / (people + p.join_people)
    joined = p.join_rate * pull * snowball * evangelists
    need = p.community_upkeep * s.community
    care = paid_part(budget, need)
    left = s.community * (p.leave_rate + p.leave_neglect * (1.0 - care))
    return s.evolve(community=np.where(s.alive, np.maximum(s.community + joined - left, 0.0), s.community))
