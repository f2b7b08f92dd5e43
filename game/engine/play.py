"""One quarter for a whole batch: steps in a fixed order, each a pure function of rules, state and draws.

The order is that of the model, but for research: training gets the machines that serving leaves over, so capability
moves after demand and delivery, and what a quarter trains sells from the next one on. The potential of a segment does
not move; headlines are made where they are shown.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.engine import compute, delivery, demand, events, exits, finance, market, research, tenders
from game.engine.books import Books
from game.engine.choice import Choice
from game.engine.derive import accuracies, capability, headcount, open_frontier, rent, shares, skills
from game.engine.limits import GUIDANCE, admissible
from game.engine.names import APP, LEVER, LINE
from game.engine.numeric import Array, Fen, clip, osum
from game.engine.quarter_draws import QuarterDraws
from game.engine.rules import Rules
from game.engine.state import CHANNEL, State
from game.engine.valuation import appraise


class Ledger(NamedTuple):
    """The explained changes of a quarter."""

    quarter: int
    lines: Fen
    """(L, F, G) whole fen, inflows positive; their sum over L is the change of cash."""
    terms: dict[str, Array]
    """Terms of utility (F, V, G) with which users chose."""
    choice: Choice
    shares: Array
    """(F, V, G) shares before the quarter."""
    unserved: Array
    awards: tenders.Awards
    card: np.ndarray
    """(F, G) cards that were on the desk."""


REVENUE = [LINE[n] for n in ("tokens", "app", "solutions", "tenders", "rent_income")]
OPERATING = [LINE[n] for n in ("compute", "rent", "overflow", "energy", "wages", "research", "knowledge", "community",
                               "marketing", "fixed", "interest", "switching")]
VARIABLE = [LINE[n] for n in ("compute", "rent", "overflow", "energy", "marketing")]


def chance(rules: Rules, state: State, *, keep: bool = False) -> QuarterDraws:
    """All chance of the quarter at hand; it hangs on seeds and quarter alone, see `QuarterDraws` for ``keep``."""
    return QuarterDraws(state.seed, state.quarter, rules.firms, int(rules.params.tender_lots), keep=keep)


def play_quarter(
    rules: Rules, state: State, decisions: Array, draws: QuarterDraws | None = None
) -> tuple[State, Ledger]:
    """The next state, and why, from ``decisions`` (levers, F, G).

    Decisions outside the limits are brought inside (`game.engine.limits`); those of firms that are gone count for
    nothing. ``draws`` are those that `chance` gave for this batch and quarter, worked out here where left out.
    """
    p = rules.params
    draws = draws or chance(rules, state)
    levers = admissible(rules, state, decisions)
    books = Books(*state.cash.shape)
    before = shares(state)
    warned = state.distress
    s = state.evolve(levers=levers, price_before=state.price, cash_before=state.cash)
    s = events.play_cards(rules, s, levers, books)
    # A route that a card set is the firm's new plan: the lever follows, or the quarter's end would take it back.
    np.copyto(levers[LEVER["route"]], s.route, where=s.route != state.route)
    s = exits.relieve(rules, s, levers, books)
    # So it is with people of a segment that was given up: nobody is hired back by a lever left standing.
    first = LEVER["staff.developers"]
    people = levers[first : first + s.staff.shape[1]]
    np.copyto(people, 0.0, where=((s.staff == 0) & (state.staff > 0)).transpose(1, 0, 2))
    s = finance.fund(rules, s, levers, books, draws)
    price = levers[LEVER["price.token"] : LEVER["price.solution"] + 1]
    s = s.evolve(price=np.where(s.alive, price, s.price))
    s = compute.order(rules, s, levers)
    machines = np.where(s.alive, compute.delivered(rules, s), 0.0)
    compute.pay(rules, s, books)
    s, hired = delivery.people(rules, s, levers)
    s = research.learn(rules, s, levers)
    cap = skills(rules, s)
    s = research.gather(rules, s, levers, cap)
    d, terms, pick = demand.serve(rules, s, draws)
    acc = accuracies(rules, s)
    awards = tenders.award(rules, s, levers, acc, draws)
    service = delivery.run(rules, s, d, machines)
    s = delivery.pipeline(rules, s, d, acc)
    s = delivery.lose_unserved(rules, s, service.unserved)
    training = np.maximum(machines - service.used, 0.0)
    s = research.develop(rules, s, levers, training, draws)
    s = research.release(rules, s)
    s = delivery.trust(rules, s, service.unserved, awards.overpromised)
    _post(rules, s, levers, books, service, awards, hired)
    s = _accounts(rules, s, state, books, warned, levers)
    share = shares(s)
    s = s.evolve(
        route=np.where(s.alive, levers[LEVER["route"]], s.route).astype(np.int8),
        volume=s.volume + service.served, unserved=service.unserved,
        utilisation=np.where(machines > 0, service.used / np.where(machines > 0, machines, 1.0), 0.0),
        habit=s.habit + p.habit_speed * (share - s.habit),
        tender_value=s.tender_value + awards.income, tender_count=s.tender_count + awards.won,
    )
    third, fall = market.price_fall(s)
    then = state.evolve(quarter=max(state.quarter - 1, 0))
    advance = capability(rules, open_frontier(rules, s)) - capability(rules, open_frontier(rules, then))
    s = exits.fringe(rules, s, fall, advance, draws).evolve(price_third=third)
    s = appraise(rules, s)
    s = market.drift(rules, s, draws)
    s = events.draw_cards(rules, s, draws)
    s = compute.advance(delivery.shift(s))
    s = s.evolve(quarter=state.quarter + 1)
    s = s.evolve(distress=exits.strained(rules, s))
    return s, Ledger(state.quarter, books.lines, terms, pick, before, service.unserved, awards, state.card)


def switching_cost(rules: Rules, s: State) -> Array:
    """(F, G) CNY to change the route: a fixed sum, more with every person who has to change with it."""
    p = rules.params
    return p.switch_cost * (1.0 + p.switch_people * headcount(s))


def _post(
    rules: Rules, s: State, levers: Array, books: Books, service: delivery.Service, awards: tenders.Awards, hired: Array
) -> None:
    """Step 10: revenue and cost of the quarter."""
    p, t = rules.params, rules.traits
    alive = s.alive

    def live(x: Array) -> Array:
        return np.where(alive, x, 0.0)

    books.post("tokens", live(service.tokens * s.price[0]), "customers")
    fee = s.price[1]
    paying = p.app_subscribers * p.price_hassle[APP] / (p.price_hassle[APP] + fee)
    users = s.customers[:, APP] * (1.0 - service.unserved)
    books.post("app", live(users * (3.0 * fee * paying + p.app_advertising)), "customers")
    books.post("solutions", live(rent(rules, s) * s.price[2] * (1.0 - service.unserved)), "customers")
    books.post("tenders", live(awards.income), "state")
    books.post("overflow", -live(service.overflow * s.compute_price * p.overflow_price), "suppliers")
    people = headcount(s)
    wage = p.wage * (1.0 + s.shifts[CHANNEL["wages"], 0]) + p.overhead
    books.post("wages", -live(people * wage + hired), "staff")
    books.post("research", -live(levers[LEVER["research.budget"]]), "staff")
    first = LEVER["knowledge.finance"]
    books.post("knowledge", -live(osum(levers[first : first + 6])), "suppliers")
    books.post("community", -live(levers[LEVER["community.budget"]]), "suppliers")
    books.post("marketing", -live(awards.cost + awards.bids * p.tender_bid_cost), "suppliers")
    fixed = t.fixed_cost * (1.0 + s.shifts[CHANNEL["fixed_cost"], 0])
    books.post("fixed", -live(fixed), "suppliers")
    books.post("interest", -finance.interest(rules, s), "lenders")
    switching = (levers[LEVER["route"]] != s.route) & alive
    books.post("switching", -np.where(switching, switching_cost(rules, s), 0.0), "suppliers")


def _sum_of(lines: Fen, rows: list[int]) -> Fen:
    """(F, G) sum of some rows, which are not copied for it."""
    total: Fen = lines[rows[0]] + lines[rows[1]]
    for row in rows[2:]:
        total += lines[row]
    return total


def _accounts(rules: Rules, s: State, opening: State, books: Books, warned: np.ndarray, levers: Array) -> State:
    """Close the books: exits by the own accounts, cash, and what next quarter remembers of revenue and cost."""
    s = exits.bankrupt(s, warned, books)
    # A buyer's or seller's cash moved within `exits.sell_firms` through the books, so the opening cash is still right.
    cash = opening.cash + books.total()
    lines = books.lines
    revenue = _sum_of(lines, REVENUE) / 100.0
    cost = _sum_of(lines, OPERATING) / -100.0
    variable = _sum_of(lines, VARIABLE) / -100.0
    alive = s.alive
    credibility = finance.score_guidance(rules, opening, cash / 100.0, revenue)
    return s.evolve(
        cash=cash, accounts=s.accounts + books.outside, revenue=np.where(alive, revenue, 0.0),
        revenue_before=opening.revenue, cost=np.where(alive, cost, 0.0),
        margin=np.where(revenue > 0, (revenue - variable) / np.where(revenue > 0, revenue, 1.0), 0.0),
        credibility=np.where(alive, clip(credibility + s.credibility - opening.credibility, 0.0, 1.0), s.credibility),
        guidance=levers[GUIDANCE],
    )
