"""Customers, leads, pilots and shares: from flows that the books know, and from the terms of utility."""

from __future__ import annotations

import math
from typing import Final

from game.engine.choice import TERMS
from game.engine.names import ROUTES, SEGMENTS, VERTICALS
from game.table.explain.account import Account
from game.table.explain.evidence import Evidence
from game.table.formula import log_mean
from game.table.wire import Explanation

OTHERS: Final = "cause.others"


def customers(e: Evidence, v: int) -> Explanation:
    """Paying customers, or running contracts, of a segment."""
    segment = SEGMENTS[v]
    contracts = segment in VERTICALS
    a = Account(e, "customers", "count", e.had("customers", v), e.has("customers", v), segment=segment,
                equation="pipeline" if contracts else "flows")  # fmt: skip
    a.let(customers=e.start("customers", v), card=e.start("customers", v) - e.had("customers", v), unserved=e.has("unserved"))
    a.let_at("shifts[churn]", e.acting("churn"))
    a.add("part.sold" if v == e.sold_unit else "part.card", "card")
    a.define("again", f"max(min(churn[{segment}] · (1 + shifts[churn]), 1), 0)")
    a.opens.update(unserved=("unserved", ""))
    a.add("part.chose-again", "−again · customers")
    if contracts:
        a.let(signed=e.has("signed", v) - e.had("signed", v))
        a.let_at(f"staff[{segment}]", e.has("staff", v))
        a.opens["signed"] = ("pilots", segment)
        a.add("part.signed", "signed")
        a.define("carried", f"staff[{segment}] / max(service_staff[{segment}], 0.000001)")
        a.add("part.lapsed", "−lapse_rate · max(customers · (1 − again) − carried, 0)")
        return a.done()
    asked = e.asked(v)
    won = asked - a.names["customers"] * (1.0 - a.names["again"])
    rate = _paying(e, v)
    a.let(asked_users=asked)
    if won > 0 and rate > 0:
        a.let(chose=won / rate)
        a.add("part.won", f"pay_tokens[{ROUTES[e.route]}] · chose" if v == 0 and _released(e) else "chose")
    a.add("part.turned-away", "−outage_loss · unserved · asked_users")
    return a.done()


def _paying(e: Evidence, v: int) -> float:
    """Share of those who choose the firm that pays it."""
    if v == 1 or not _released(e):
        return 1.0
    return e.param("pay_tokens" if v == 0 else "pay_solutions", e.route)


def _released(e: Evidence) -> bool:
    """Whether the firm has opened anything that could be hosted, its own card included."""
    return e.had("released") > -49.0 or any(effect.target == "release" for effect, _ in e.drawn)


def leads(e: Evidence, v: int) -> Explanation:
    """Leads of an industry: new ones come, some drop out, pilots take some."""
    segment = SEGMENTS[v]
    a = Account(e, "leads", "count", e.had("leads", v), e.has("leads", v), segment=segment, equation="pipeline")
    a.let(leads=e.start("leads", v), card=e.start("leads", v) - e.had("leads", v), leads_new=e.has("started", v) - e.had("started", v))
    a.add("part.sold" if v == e.sold_unit else "part.card", "card")
    a.add("part.leads-new", "leads_new")
    a.add("part.dropped", "−pipeline_drop · leads")
    a.add("part.begun", f"−{_begun(a, v)}")
    return a.done()


def _begun(a: Account, v: int) -> str:
    """Formula of the pilots begun."""
    e, segment = a.e, SEGMENTS[v]
    a.let(skill_sales=e.trait("skill_sales"), contracts_kept=e.stay(v))
    a.let_at(f"staff[{segment}]", e.has("staff", v))
    a.define("free", f"max(staff[{segment}] − service_staff[{segment}] · contracts_kept, 0)")
    a.define("speed_pilots", "min(max(pilot_rate · skill_sales, 0), 0.9)")
    return "min((leads · (1 − pipeline_drop) + leads_new) · speed_pilots, free · pilot_people / pilot_staff)"


def pilots(e: Evidence, v: int) -> Explanation:
    """Pilots of an industry: begun from leads, dropped, signed."""
    segment = SEGMENTS[v]
    a = Account(e, "pilots", "count", e.had("pilots", v), e.has("pilots", v), segment=segment, equation="pipeline")
    a.let(pilots=e.start("pilots", v), card=e.start("pilots", v) - e.had("pilots", v), leads=e.start("leads", v),
          leads_new=e.has("started", v) - e.had("started", v), signed=e.has("signed", v) - e.had("signed", v))  # fmt: skip
    a.opens.update(leads=("leads", segment))
    a.add("part.sold" if v == e.sold_unit else "part.card", "card")
    a.define("begun", _begun(a, v))
    a.add("part.begun", "begun")
    a.add("part.dropped", "−pipeline_drop · pilots")
    a.let(accuracy=_accuracy(e, v))
    a.opens["accuracy"] = ("accuracy", segment)
    a.define("gate", f"logistic((accuracy − accuracy_threshold[{segment}]) / gate_spread)"
             f" · (1 − interface_loss · (1 − openness[{ROUTES[e.route]}]))")  # fmt: skip
    a.define("speed_contracts", "min(max(contract_rate · skill_sales, 0), 0.9)")
    formula = ("min((pilots · (1 − pipeline_drop) + begun) · speed_contracts · gate,"
               " free · (1 − pilot_people) / contract_staff)")  # fmt: skip
    a.add("part.signed", f"−{formula}", amount=-a.names["signed"])
    return a.done()


def _accuracy(e: Evidence, v: int) -> float:
    """Accuracy with which the quarter sold: capability of its start, what its budgets made of the segment's stocks."""
    general = e.param("general_floor") + e.param("general_slope") * e.skill(e.start("lnc"))
    way = 1.0 - math.exp(-e.param("knowledge_rate") * e.has("knowledge", v))
    return general + max(e.param("accuracy_ceiling", v) - general, 0.0) * way * e.has("freshness", v)


# shares ---------------------------------------------------------------------------------------------------------------


def utility(e: Evidence, v: int) -> dict[str, float]:
    """Terms of the firm's utility in a segment as its own books give them; what people talk of is nobody's to see."""
    p = e.rules.params
    row = 0 if v == 0 else 1 if v == 1 else 2
    price = e.lever(("price.token", "price.app", "price.solution")[row])
    base = (e.param("token_price_reference"), 0.0, 1.0)[row] + e.param("price_hassle", row)
    weight = e.param("capability_weight", v)
    quality = weight * e.skill(e.start("lnc")) + (1.0 - weight) * _accuracy(e, v)
    people = e.has("staff", v)
    bonus = 0.0
    if v == 1:
        bonus = float(p.app_bonus[e.route]) + e.trait("app_traffic")
    elif v > 1:
        bonus = float(p.deployment_bonus[e.route])
    return {
        "price": -e.param("price_weight", v) * math.log((price + e.param("price_hassle", row)) / base),
        "quality": e.param("quality_weight", v) * quality,
        "trust": e.param("trust_weight", v) * e.start("trust"),
        "community": e.param("community_weight", v) * math.log(1.0 + e.has("community") / e.param("community_crowd")),
        "habit": e.param("habit_weight", v) * e.had("habit", v),
        "events": e.acting(f"utility.{SEGMENTS[v]}") + bonus,
        "reach": e.param("nest") * math.log((people + 0.01) / (people + e.param("reach_staff", v) + 0.01)),
    }


def chosen(e: Evidence, v: int) -> float:
    """About the share of those who chose in a segment that chose the firm, from public numbers; 0 where none is known."""
    was, now = e.total_users(v, now=False), e.total_users(v, now=True)
    pool = max(now - was, 0.0) + e.param("churn", v) * was
    rate = _paying(e, v)
    won = e.asked(v) - e.stay(v)
    return min(max(won / (rate * pool), 0.0), 1.0) if rate * pool > 0 else 0.0


def share(e: Evidence, v: int) -> Explanation:
    """Share of a segment: first as won, lost and unserved, then by cause; both add up to the change."""
    segment = SEGMENTS[v]
    before, after = e.public("share", e.firm, v), e.public_now("share", e.firm, v)
    a = Account(e, "share", "share", before, after, segment=segment, equation="choice-shares")
    kept, missed = _flows(e, v, before, after)
    a.flow("flow.won", after - kept + missed)
    a.flow("flow.lost", kept - before)
    a.flow("flow.unserved", -missed)
    if e.alive:
        (_contracts if segment in VERTICALS else _choices)(a, v)
    return a.done(OTHERS)


def _flows(e: Evidence, v: int, before: float, after: float) -> tuple[float, float]:
    """Share kept, and share that went unserved; what the growth of the market dilutes counts as lost."""
    whole = e.total_users(v, now=True)
    kept = min(e.had("customers", v) * (1.0 - e.again(v)) / whole, before, after) if whole > 0 else 0.0
    missed = 0.0
    if SEGMENTS[v] not in VERTICALS:
        gone = e.param("outage_loss") * e.has("unserved")
        missed = after * gone / (1.0 - gone) if gone < 1 else 0.0
    return kept, missed


def _contracts(a: Account, v: int) -> None:
    """Contracts come from people and pilots, quarters after a choice: what was signed, left and lapsed."""
    e, segment = a.e, SEGMENTS[v]
    was, now = e.total_users(v, now=False), e.total_users(v, now=True)
    if was <= 0 and now <= 0:
        return
    was, now = was or now, now or was
    a.let(users=now, users_before=was, customers=e.had("customers", v), customers_now=e.has("customers", v))
    a.opens["customers"] = a.opens["customers_now"] = ("customers", segment)
    a.define("users_inverse", "½ · (1 / users_before + 1 / users)")
    a.add("cause.pipeline", "(customers_now − customers) · users_inverse")


def _choices(a: Account, v: int) -> None:
    """Among those who chose again each term of utility counts by the logarithmic mean of the share that chose the firm."""
    e, old = a.e, a.e.earlier
    if old is None or not old.alive:
        return
    shares = chosen(old, v), chosen(e, v)
    was, now = e.total_users(v, now=False), e.total_users(v, now=True)
    if min(shares) <= 0 or min(was, now) <= 0:
        return
    part = min(max(1.0 - (1.0 - e.again(v)) * was / now, 0.0), 1.0)
    a.let(chose_again=part, chosen_mean=log_mean(*shares))
    before, after = utility(old, v), utility(e, v)
    for name in TERMS:
        if abs(after[name] - before[name]) < 1e-12:
            continue
        _term(a, name, v, before[name], after[name])
    if e.truth is not None and old.truth is not None:
        a.let(talk=e.truth.talk, talk_before=old.truth.talk)
        a.add("cause.talk", "chose_again · chosen_mean / nest · (talk − talk_before)", who="hidden")
    _rival_prices(a, v)


def _rival_prices(a: Account, v: int) -> None:
    """What the prices of the other firms did, which everybody sees: through the inclusive value, weighted by their shares.

    Of ``u[g]``, a firm's share among those who choose falls by ``share[g] / firms`` times ``1 / nest − (1 − firms)``,
    with ``firms`` the share of all firms against the outside good.
    """
    e, segment, row = a.e, SEGMENTS[v], min(v, 2)
    hassle = e.param("price_hassle", row)
    total, moved = 0.0, 0.0
    for f in range(e.rules.firms):
        share = e.public("share", f, v)
        total += share
        if f == e.firm or e.public("status", f) or e.public_now("status", f):
            continue
        was, now = e.public("price", row, f), e.public_now("price", row, f)
        moved += share * math.log((now + hassle) / (was + hassle))
    if total <= 0 or abs(moved) < 1e-12:
        return
    a.let(rivals_price=moved / total, firms_share=min(total, 1.0))
    a.add("cause.rival-prices",
          f"chose_again · chosen_mean · price_weight[{segment}] · rivals_price · (1 / nest − (1 − firms_share))", who="public")


def _term(a: Account, name: str, v: int, before: float, after: float) -> None:
    e, old, segment = a.e, a.e.earlier, SEGMENTS[v]
    assert old is not None
    a.let_at(f"u[{name}]", after)
    a.let_at(f"u_before[{name}]", before)
    row = SEGMENTS[min(v, 2)]
    if name == "price":
        lever = ("price.token", "price.app", "price.solution")[min(v, 2)]
        symbol = lever.replace(".", "_")
        a.let_at(symbol, e.lever(lever))
        a.let_at(f"{symbol}_before", old.lever(lever))
        formula = (f"−price_weight[{segment}] · ln(({symbol} + price_hassle[{row}])"
                   f" / ({symbol}_before + price_hassle[{row}]))")  # fmt: skip
    elif name == "trust":
        a.let(trust=e.start("trust"), trust_before=old.start("trust"))
        a.opens["trust"] = ("trust", "")
        formula = f"trust_weight[{segment}] · (trust − trust_before)"
    elif name == "community":
        a.let(community=e.has("community"), community_before=old.has("community"))
        a.opens["community"] = ("community", "")
        formula = f"community_weight[{segment}] · ln((1 + community / community_crowd) / (1 + community_before / community_crowd))"
    elif name == "habit":
        a.let(habit=e.had("habit", v), habit_before=old.had("habit", v))
        formula = f"habit_weight[{segment}] · (habit − habit_before)"
    elif name == "quality":
        a.let(capability=e.skill(e.start("lnc")), capability_before=old.skill(old.start("lnc")), accuracy=_accuracy(e, v),
              accuracy_before=_accuracy(old, v))  # fmt: skip
        a.opens["capability"] = ("capability", "")
        formula = (f"quality_weight[{segment}] · (capability_weight[{segment}] · (capability − capability_before)"
                   f" + (1 − capability_weight[{segment}]) · (accuracy − accuracy_before))")  # fmt: skip
    elif name == "reach":
        a.let_at(f"staff[{segment}]", e.has("staff", v))
        a.let_at(f"staff_before[{segment}]", old.has("staff", v))
        formula = (f"nest · (ln((staff[{segment}] + 0.01) / (staff[{segment}] + reach_staff[{segment}] + 0.01))"
                   f" − ln((staff_before[{segment}] + 0.01) / (staff_before[{segment}] + reach_staff[{segment}] + 0.01)))")  # fmt: skip
    else:
        formula = f"u[{name}] − u_before[{name}]"
    a.add(f"cause.{name}", f"chose_again · chosen_mean / nest · ({formula})")
