"""Step 9: capacity and service, pilots to contracts, people."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.engine.demand import Demand, token_demand
from game.engine.derive import capability, token_yield
from game.engine.names import APP, DEV, LEVER
from game.engine.numeric import Array, clip, logistic, ratio
from game.engine.rules import Rules
from game.engine.state import State


class Service(NamedTuple):
    """What demand asked of the machines and what they gave, (F, G)."""

    tokens: Array
    """Million tokens sold to developers."""
    served: Array
    """Million tokens served in all."""
    used: Array
    """PFLOP/s used for serving."""
    overflow: Array
    """PFLOP/s bought at short notice."""
    unserved: Array
    """Share of demand turned away."""


def load(rules: Rules, s: State, customers: Array, price: Array) -> tuple[Array, Array, Array]:
    """What ``customers`` (F, V, G) ask for, each (F, G): tokens of developers and of all in millions, and PFLOP/s that
    contracts keep busy.

    A contract takes machines, not tokens: whatever efficiency saves there goes into larger models and more answers.
    """
    p = rules.params
    tokens = customers[:, DEV] * token_demand(rules, s, price[0], capability(rules, s.lnc))
    contracts = np.add.accumulate(customers[:, 2:] * p.contract_compute[2:, None], axis=1)[:, -1]
    return tokens, tokens + customers[:, APP] * p.app_tokens, contracts


def run(rules: Rules, s: State, demand: Demand, machines: Array) -> Service:
    """Serve from ``machines`` PFLOP/s (F, G); demand above capacity and its short-notice top-up is lost."""
    p = rules.params
    tokens, total, contracts = load(rules, s, demand.customers, s.price)
    need = total / token_yield(rules, s) + contracts
    own = np.minimum(need, machines * p.serve_share)
    extra = np.minimum(need - own, machines * p.overflow)
    unserved = np.where(need > 0, 1.0 - ratio(own + extra, need), 0.0)
    unserved = np.maximum(unserved, 0.0)
    return Service(tokens * (1.0 - unserved), total * (1.0 - unserved), own, extra, unserved)


def pipeline(rules: Rules, s: State, demand: Demand, acc: Array, best: Array) -> State:
    """Leads become pilots and pilots contracts, both limited by people; some drop out at each stage.

    The gate on contracts falls with the accuracy gap to the best offer and with interfaces that do not fit: every
    vendor's own interface loses a share of the work. Skill in sales speeds both stages.
    """
    p = rules.params
    staff = s.staff.astype(np.float64)
    keep = demand.customers * p.service_staff[:, None]
    free = np.maximum(staff - keep, 0.0)
    leads = s.leads * (1.0 - p.pipeline_drop) + demand.leads
    skill = rules.traits.skill_sales[:, None]
    begun = np.minimum(leads * clip(p.pilot_rate * skill, 0.0, 0.9), free * p.pilot_people / p.pilot_staff)
    pilots = s.pilots * (1.0 - p.pipeline_drop) + begun
    openness = np.take(p.openness, s.route)[:, None]
    fit = 1.0 - p.interface_loss * (1.0 - openness)
    gate = logistic((acc - p.accuracy_threshold[:, None]) / p.gate_spread) * fit
    rate = clip(p.contract_rate * skill, 0.0, 0.9)
    signed = np.minimum(pilots * rate * gate, free * (1.0 - p.pilot_people) / p.contract_staff)
    begun[:, :2] = 0.0
    signed[:, :2] = 0.0
    # Contracts that nobody can look after lapse by and by.
    neglected = np.maximum(demand.customers - staff / np.maximum(p.service_staff, 1e-6)[:, None], 0.0) * p.lapse_rate
    neglected[:, :2] = 0.0
    dropped = (s.leads + s.pilots) * p.pipeline_drop
    lost = np.add.accumulate(dropped + neglected, axis=0)[-1]
    return s.evolve(
        leads=leads - begun,
        pilots=pilots - signed,
        customers=demand.customers + signed - neglected,
        signed=s.signed + signed,
        started=demand.started,
        hosted=demand.hosted,
        outside=demand.outside,
        # Projects that came to nothing may start again one day.
        adopters=np.maximum(demand.adopters - lost, 0.0),
    )


def lose_unserved(rules: Rules, s: State, unserved: Array) -> State:
    """Those turned away look elsewhere: a part of the unserved share of token and app users goes to the
    outside good."""
    gone = np.zeros_like(s.customers)
    gone[:, :2] = s.customers[:, :2] * (rules.params.outage_loss * unserved)[:, None]
    return s.evolve(customers=s.customers - gone, outside=s.outside + np.add.accumulate(gone, axis=0)[-1])


def people(rules: Rules, s: State, levers: Array) -> tuple[State, Array]:
    """Hiring of last quarter arrives, new hiring starts, leavers go; returns hires (F, G) to be paid for.

    A target below the present staff is reached by at most ``fire_limit`` a quarter.
    """
    p = rules.params
    first = LEVER["staff.developers"]
    target = np.rint(levers[first : first + s.staff.shape[1]]).transpose(1, 0, 2)
    staff = s.staff + s.hiring
    stay = np.rint(staff * (1.0 - p.attrition)).astype(np.int32)
    floor = np.ceil(stay * (1.0 - p.fire_limit))
    kept = np.where(target < stay, np.maximum(target, floor), stay).astype(np.int32)
    hiring = np.maximum(target - kept, 0.0).astype(np.int32)
    alive = s.alive[:, None]
    kept, hiring = np.where(alive, kept, 0).astype(np.int32), np.where(alive, hiring, 0).astype(np.int32)
    return s.evolve(staff=kept, hiring=hiring), np.add.reduce(hiring, axis=1).astype(np.float64)


def trust(rules: Rules, s: State, unserved: Array, overpromised: Array) -> State:
    """Trust follows safety work slowly, and falls with outages and broken promises."""
    p = rules.params
    wanted = p.trust_base + p.trust_safety * s.safety
    drift = p.trust_speed * (wanted - s.trust)
    new = s.trust + drift - p.trust_outage * unserved - p.trust_overpromise * overpromised
    return s.evolve(trust=np.where(s.alive, clip(new, 0.0, 1.0), s.trust))


def shift(s: State) -> State:
    """A quarter has passed: shifts of events move one slot nearer, slot 0 has acted."""
    shifts = np.zeros_like(s.shifts)
    shifts[:, :-1] = s.shifts[:, 1:]
    return s.evolve(shifts=shifts)


