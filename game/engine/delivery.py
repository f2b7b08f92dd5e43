"""Step 9: capacity and service, pilots to contracts, people."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.engine.demand import Demand, token_demand
from game.engine.derive import skills, token_yield
from game.engine.names import APP, DEV, LEVER
from game.engine.numeric import Array, clip, logistic, osum, ratio
from game.engine.rules import Rules
from game.engine.state import State, moved_on


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
    tokens = customers[:, DEV] * token_demand(rules, s, price[0], skills(rules, s))
    contracts = osum(customers[:, 2:] * p.contract_compute[2:, None], 1)
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


def pipeline(rules: Rules, s: State, demand: Demand, acc: Array) -> State:
    """Leads become pilots and pilots contracts, both limited by people; some drop out at each stage.

    The gate on contracts falls with the accuracy gap to the best offer and with interfaces that do not fit: every
    vendor's own interface loses a share of the work. Skill in sales speeds both stages.
    """
    p = rules.params
    staff = s.staff.astype(np.float64)
    free = demand.customers * p.service_staff[:, None]
    np.subtract(staff, free, out=free)
    free = np.maximum(free, 0.0)
    leads = s.leads * (1.0 - p.pipeline_drop)
    leads += demand.leads
    skill = rules.traits.skill_sales[:, None]
    begun = leads * clip(p.pilot_rate * skill, 0.0, 0.9)
    most = free * p.pilot_people
    most /= p.pilot_staff
    begun = np.minimum(begun, most)
    pilots = s.pilots * (1.0 - p.pipeline_drop)
    pilots += begun
    openness = np.take(p.openness, s.route)[:, None]
    fit = 1.0 - p.interface_loss * (1.0 - openness)
    gate = acc[:, 2:] - p.accuracy_threshold[2:, None]
    gate /= p.gate_spread
    gate = logistic(gate)
    gate *= fit
    gate *= clip(p.contract_rate * skill, 0.0, 0.9)
    gate *= pilots[:, 2:]
    free *= 1.0 - p.pilot_people
    free /= p.contract_staff
    signed = np.empty_like(pilots)
    np.minimum(gate, free[:, 2:], out=signed[:, 2:])
    begun[:, :2] = 0.0
    signed[:, :2] = 0.0
    # Contracts that nobody can look after lapse by and by.
    staff /= np.maximum(p.service_staff, 1e-6)[:, None]
    np.subtract(demand.customers, staff, out=staff)
    neglected = np.maximum(staff, 0.0)
    neglected *= p.lapse_rate
    neglected[:, :2] = 0.0
    dropped = s.leads + s.pilots
    dropped *= p.pipeline_drop
    dropped += neglected
    lost = osum(dropped)
    leads -= begun
    pilots -= signed
    customers = demand.customers + signed
    customers -= neglected
    signed += s.signed
    return s.evolve(
        leads=leads,
        pilots=pilots,
        customers=customers,
        signed=signed,
        started=demand.started,
        hosted=demand.hosted,
        outside=demand.outside,
        # Projects that came to nothing may start again one day.
        adopters=np.maximum(demand.adopters - lost, 0.0),
    )


def lose_unserved(rules: Rules, s: State, unserved: Array) -> State:
    """Those turned away look elsewhere: a part of the unserved share of token and app users goes to the
    outside good."""
    gone = s.customers[:, :2] * (rules.params.outage_loss * unserved)[:, None]
    customers, outside = s.customers.copy(), s.outside.copy()
    customers[:, :2] -= gone
    outside[:2] += osum(gone)
    return s.evolve(customers=customers, outside=outside)


def people(rules: Rules, s: State, levers: Array) -> tuple[State, Array]:
    """Hiring of last quarter arrives, new hiring starts, leavers go; returns what the hires cost (F, G), CNY.

    A firm can take in only so many at a time (Penrose 1959): the more it hires beside those who could show them their
    work, the dearer each of them. A target below the present staff is reached by at most ``fire_limit`` a quarter.
    """
    p = rules.params
    first = LEVER["staff.developers"]
    stay = (s.staff + s.hiring) * (1.0 - p.attrition)
    np.rint(stay, out=stay)
    target = np.rint(levers[first : first + s.staff.shape[1]].transpose(1, 0, 2), out=np.empty_like(stay))
    floor = stay * (1.0 - p.fire_limit)
    np.ceil(floor, out=floor)
    # Not below the floor, and nobody is hired within the quarter.
    stay = np.minimum(stay, np.maximum(target, floor))
    kept = stay.astype(np.int32)
    target -= stay
    hiring = np.maximum(target, 0.0).astype(np.int32)
    gone = ~s.alive
    if gone.any():
        np.copyto(kept, 0, where=gone[:, None])
        np.copyto(hiring, 0, where=gone[:, None])
    hired = np.add.reduce(hiring, axis=1).astype(np.float64)
    there = np.add.reduce(kept.astype(np.int64), axis=1) + p.hire_team
    bill = hired * p.hire_cost * (1.0 + p.hire_strain * hired / there)
    return s.evolve(staff=kept, hiring=hiring), bill


def trust(rules: Rules, s: State, unserved: Array, overpromised: Array) -> State:
    """Trust follows safety work slowly, and falls with outages and broken promises."""
    p = rules.params
    wanted = p.trust_base + p.trust_safety * s.safety
    drift = p.trust_speed * (wanted - s.trust)
    new = s.trust + drift - p.trust_outage * unserved - p.trust_overpromise * overpromised
    return s.evolve(trust=np.where(s.alive, clip(new, 0.0, 1.0), s.trust))


def shift(s: State) -> State:
    """A quarter has passed: shifts of events move one slot nearer, slot 0 has acted."""
    return s.evolve(shifts=moved_on(s.shifts, 1))


