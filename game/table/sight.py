"""What a seat sees, out of the engine's view: arrays become messages of `game.table.wire`, nothing is added.

Everything here is read from `game.engine.view` (own books and public facts), never from another firm's books; only
the tells and the gazette look at conditions, because both are published.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from game.content.build import build_conditions
from game.content.vocabulary import act_of, parse_quarter
from game.engine import derive
from game.engine.draws import Purpose, slot_keys, uniforms, words
from game.engine.exits import unit_for_sale
from game.engine.names import DEV, DISTRESS, LEVER, ROUTES, SEGMENTS, SOURCES, STATUSES
from game.engine.numeric import exp
from game.engine.quantities import holds
from game.engine.rules import EffectRule, Rules
from game.engine.state import State
from game.engine.view import Public, View, observe, publish
from game.table import news
from game.table.guidance import given, totals
from game.table.wire import (
    WIRE_VERSION,
    CardOffer,
    Choice,
    Effect,
    Firm,
    Limit,
    Market,
    Message,
    Own,
    Row,
    SeatView,
)

if TYPE_CHECKING:
    from game.table.market import EngineMarket
    from game.table.table import Table

FILLERS = 2
"""Headlines of the gazette a quarter, beside what happened."""


def view(market: EngineMarket, table: Table, firm: int) -> SeatView:
    """What a firm may know at the start of the quarter at hand."""
    rules, state = market.source, table.state
    public = publish(rules, state)
    seen = observe(rules, state, (firm,), public)
    trading = market.active(state, firm) and not table.over
    promised = given(table.decided(firm), table.history(firm), rules)
    return SeatView(
        version=WIRE_VERSION, scenario=market.scenario,
        background=market.backgrounds[firm] if firm < len(market.backgrounds) else "", difficulty=market.difficulty,
        assume=market.assume, seed=table.head.seed_text, quarter=table.quarter, first_quarter=rules.first,
        quarters=rules.quarters, act=act_of(min(table.quarter, rules.last)), levers=market.levers, firm=firm,
        own=own(rules, seen), firms=firms(market, state, public, firm, set(table.humans)),
        market=facts(rules, public, state.quarter),
        standing={k: v for k, v in market.standing(state, firm).items() if v is not None},
        limits=limits(market, state, seen, firm), card=offer(market, state, firm) if trading else None,
        distress=distress(market, state, seen, firm) if trading and market.distressed(state, firm) else None,
        headlines=headlines(market, table, firm), history=table.history(firm), ended=table.ending(firm),
        guidance=promised, guidance_totals=totals(promised),
    )  # fmt: skip


def row(rules: Rules, state: State, firm: int) -> Row:
    """Headline numbers of a firm at the end of the quarter before ``state``; the share is that in developers."""
    return Row(
        quarter=state.quarter - 1, cash=number(state.cash[firm, 0]) / 100.0, revenue=number(state.revenue[firm, 0]),
        value=number(derive.value(state)[firm, 0]),
        share=number(derive.shares(state)[firm, DEV, 0]) if rules.segments[DEV, 0] else None,
        rank=int(derive.ranks(state)[firm, 0]), trust=number(state.trust[firm, 0]),
        capability=number(derive.capability(rules, state.lnc)[firm, 0]), community=number(state.community[firm, 0]),
        live_models=int(derive.live_models(state)[0]), token_price=number(derive.median_price(state)[0]),
        own_price=number(state.price[0, firm, 0]),
    )  # fmt: skip


def own(rules: Rules, seen: View) -> Own:
    """The firm's own books."""
    o = seen.own
    # A round is filled as expected, give or take luck: 1.2816 standard deviations either way hold four in five.
    fill, luck = number(o.expected_fill[0, 0]), 1.2816 * rules.params.raise_noise
    get = {name: number(getattr(o, name)[0, 0]) for name in (
        "cash", "debt", "equity", "value", "paid_out", "revenue", "cost", "capability", "safety", "trust", "community",
        "credibility", "utilisation", "unserved", "committed", "contracted",
    )}  # fmt: skip
    burn = get["cost"] - get["revenue"]
    cost = number(o.token_cost[0, 0])
    return Own(
        **get, raise_low=min(max(fill - luck, 0.0), 1.0), raise_high=min(max(fill + luck, 0.0), 1.0), founders_share=number(o.founders[0, 0]), runway=max(get["cash"], 0.0) / burn if burn > 0 else None,
        efficiency=number(exp(o.lne[0])[0]), unit_cost=cost,
        unit_margin=number(o.levers[LEVER["price.token"], 0, 0]) - cost, capacity=number(o.machines[0, 0]),
        knowledge=by_segment(o.knowledge[0]), freshness=by_segment(o.freshness[0]), accuracy=by_segment(o.accuracy[0]),
        customers=by_segment(o.customers[0]), leads=by_segment(o.leads[0]), pilots=by_segment(o.pilots[0]),
        staff=people(o.staff[0]), arriving_staff=people(o.hiring[0]),
        compute={name: number(o.due[0, s, 0, 0]) for s, name in enumerate(SOURCES)},
        arriving={name: [number(x) for x in o.due[0, s, 1:, 0]] for s, name in enumerate(SOURCES)},
    )  # fmt: skip


def firms(market: EngineMarket, state: State, public: Public, firm: int, humans: set[int]) -> list[Firm]:
    """What everybody may know of every firm; the own row's capability is exact."""
    exact = number(derive.capability(market.source, state.lnc)[firm, 0])
    out = []
    for f, name in enumerate(market.firms):
        rival = market.content.rivals.get(name)
        out.append(Firm(
            index=f, id=name, archetype=rival.archetype if rival else "", status=STATUSES[int(public.status[f, 0])],
            route=ROUTES[int(public.route[f, 0])], price_token=number(public.price[0, f, 0]),
            price_app=number(public.price[1, f, 0]), price_solution=number(public.price[2, f, 0]),
            share=by_segment(public.share[f]), capability=exact if f == firm else number(public.benchmark[f, 0]),
            trust=number(public.trust[f, 0]), community=number(public.community[f, 0]), rank=int(public.rank[f, 0]),
            tells=tells(market, state, f) if f != firm and public.status[f, 0] == 0 else [], human=f in humans,
        ))  # fmt: skip
    return out


def tells(market: EngineMarket, state: State, firm: int) -> list[Message]:
    """What a rival gives away a quarter before it moves."""
    rival = market.content.rivals.get(market.firms[firm])
    if rival is None:
        return []
    shown = [t for t in rival.tells if holds(market.source, state, build_conditions(t.when), {})[firm, 0]]
    return [Message("tell", {"firm": rival.id, "tell": t.id}) for t in shown]


def facts(rules: Rules, public: Public, quarter: int) -> Market:
    """Public facts of the quarter."""
    alive = public.status[:, 0] == 0
    price = number(public.compute_price[0])
    import_open = min(float(rules.params.import_supply[quarter]), 1.0)
    open_now = [s for v, s in enumerate(SEGMENTS) if rules.segments[v, 0]]
    if quarter < rules.params.devices_open and "devices" in open_now:
        open_now.remove("devices")
    return Market(
        live_models=int(public.live_models[0]), token_price=number(public.token_price[0]),
        token_price_low=number(public.token_price_low[0]),
        frontier=float(np.where(alive, public.benchmark[:, 0], 0.0).max()), best_open=number(public.open_capability[0]),
        sentiment=number(public.sentiment[0]),
        compute_price={s: price * float(rules.params.source_price[i]) for i, s in enumerate(SOURCES)},
        import_open=import_open, adopters=by_segment(public.adopters),
        potential={s: float(rules.params.potential[v]) for v, s in enumerate(SEGMENTS)},
        outside=self_hosting(public), open_segments=open_now,
    )  # fmt: skip


def self_hosting(public: Public) -> dict[str, float]:
    """By segment the share of users who pay no firm of the table: they run open weights themselves."""
    paying = np.add.accumulate(public.share[:, :, 0], axis=0)[-1]
    used = public.adopters[:, 0] > 0
    return {s: float(max(1.0 - paying[v], 0.0)) if used[v] else 0.0 for v, s in enumerate(SEGMENTS)}


def limits(market: EngineMarket, state: State, seen: View, firm: int) -> dict[str, Limit]:
    """What every lever takes now."""
    locks = market.locks(state, firm)
    levers = market.content.levers
    return {
        name: Limit(
            number(seen.own.low[r, 0, 0]), number(seen.own.high[r, 0, 0]), levers[name].step if name in levers else 1.0,
            locks.get(name, ""),
        )
        for name, r in LEVER.items()
    }  # fmt: skip


def offer(market: EngineMarket, state: State, firm: int) -> CardOffer | None:
    """The card on the firm's desk: what each choice costs now, and direction and range of what follows."""
    index = int(state.card[firm, 0])
    if index < 0:
        return None
    cost = number(state.cost[firm, 0])
    allowed = market.open_choices(state, firm)
    card = market.source.cards[index]
    return CardOffer(card.id, [
        Choice(k, c.cash + c.scale * cost, [_effect(e) for e in c.effects], allowed[k])
        for k, c in enumerate(card.choices)
    ])  # fmt: skip


def _effect(e: EffectRule) -> Effect:
    return Effect(e.target, e.op, e.low, e.high, e.who, e.segment, e.quarters, e.chance)


def distress(market: EngineMarket, state: State, seen: View, firm: int) -> CardOffer:
    """The distress card; amounts as `game.engine.exits.relieve` would carry them out."""
    p, o = market.source.params, seen.own
    need = max(number(o.committed[0, 0]) - number(o.contracted[0, 0]), 1e6)
    worth = max(number(o.equity[0, 0]) * p.down_round, 1e7)
    money = min(need, worth)
    unit = int(unit_for_sale(market.source, state)[firm, 0])
    price = 4.0 * number(o.customers[0, unit, 0]) * float(p.rent[unit]) * p.sell_unit_multiple
    ways: dict[str, list[Effect]] = {
        "bridge": [Effect("debt", "add", p.bridge_share * need, p.bridge_share * need)],
        "down-round": [Effect("cash", "add", money, money),
                       Effect("founders_share", "mul", -money / (money + worth), -money / (money + worth))],
        "sell-unit": [Effect("cash", "add", price, price), Effect("close", "set", 0.0, 0.0, segment=SEGMENTS[unit])],
        "sell-firm": [Effect("sell", "set", number(o.offer[0, 0]), number(o.offer[0, 0]))],
        "none": [],
    }
    return CardOffer("distress", [Choice(k, 0.0, ways[name], name != "sell-unit" or price > 0)
                                  for k, name in enumerate(DISTRESS)])  # fmt: skip


def headlines(market: EngineMarket, table: Table, firm: int) -> list[Message]:
    """The gazette at the start of the quarter at hand."""
    try:
        before, _ = table.past(table.played - 1)
    except LookupError:
        before = None
    return gazette(market, before, table.state, firm)


def gazette(market: EngineMarket, before: State | None, state: State, firm: int) -> list[Message]:
    """The gazette: the card announced for next quarter with its odds, what the others did, and fillers.

    ``before`` is the state a quarter earlier, None where there is none that these rules can read.
    """
    rules = market.source
    out: list[Message] = []
    coming = int(state.coming[firm, 0])
    if coming >= 0:
        card = rules.cards[coming]
        out.append(Message("card.headline", {"card": card.id, "odds": card.odds}))
    if before is not None:
        out += news.between(market, publish(rules, before), publish(rules, state), state.quarter, firm)
    return out + fillers(market, state, firm)


def fillers(market: EngineMarket, state: State, firm: int) -> list[Message]:
    """Headlines of the dry gazette that fit the quarter, drawn by weight from their own purpose of chance."""
    fit = [
        (n, h) for n, h in enumerate(market.content.headlines.values())
        if (h.first is None or parse_quarter(h.first) <= state.quarter)
        and (h.last is None or state.quarter <= parse_quarter(h.last))
        and holds(market.source, state, build_conditions(h.when), {})[firm, 0]
    ]  # fmt: skip
    if not fit:
        return []
    keys = slot_keys([(Purpose.HEADLINE, n) for n, _ in fit])
    luck = uniforms(words(state.seed, keys, state.quarter))[:, 0]
    ranked = sorted(zip(luck, fit, strict=True), key=lambda x: (x[0] / max(x[1][1].weight, 1e-9), x[1][0]))
    return [Message("gazette", {"headline": h.id}) for _, (_, h) in ranked[:FILLERS]]


def number(value: Any) -> float:
    """A float that a message can hold: what is not finite (a median of nobody's prices) is 0."""
    value = float(value)
    return value if math.isfinite(value) else 0.0


def by_segment(values: np.ndarray) -> dict[str, float]:
    """Table by segment from an array (V, 1)."""
    return {name: number(values[v, 0]) for v, name in enumerate(SEGMENTS)}


def people(values: np.ndarray) -> dict[str, int]:
    """Whole people by segment from an array (V, 1)."""
    return {name: int(values[v, 0]) for v, name in enumerate(SEGMENTS)}
