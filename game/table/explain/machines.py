"""What serving costs and whether it was enough: unit cost, unit margin, use of the machines, demand turned away."""

from __future__ import annotations

from game.engine.names import LEVER, SEGMENTS, SOURCES, VERTICALS
from game.engine.state import CHANNEL
from game.table.explain.account import Account
from game.table.explain.evidence import Evidence
from game.table.formula import log_mean
from game.table.wire import Explanation


def _unit_cost(a: Account, sign: str = "") -> None:
    """Parts of the change of the unit cost, by the logarithmic mean of the cost before and after."""
    e = a.e
    was, now = e.had("token_cost"), e.has("token_cost")
    a.let(cost_mean=log_mean(was, now), lne=e.had("lne"), lne_now=e.has("lne"), compute_price=e.public_now("compute_price"),
          compute_price_before=e.public("compute_price"), volume=e.had("volume"), volume_now=e.has("volume"))  # fmt: skip
    a.let(event=1.0 + float(e.now.own.shifts[CHANNEL["unit_cost"], 0, 0, 0]), event_before=1.0 + float(e.was.own.shifts[CHANNEL["unit_cost"], 0, 0, 0]))
    a.opens.update(lne=("efficiency", ""), lne_now=("efficiency", ""))
    a.add("quantity.compute_price", f"{sign}cost_mean · ln(compute_price / compute_price_before)", who="public")
    a.add("quantity.efficiency", f"{sign}cost_mean · (lne − lne_now)")
    a.add("part.learning", f"{sign}cost_mean · wright · ln((1 + volume / 10000) / (1 + volume_now / 10000))")
    a.add("cause.events", f"{sign}cost_mean · ln(event / event_before)")


def unit_cost(e: Evidence) -> Explanation:
    """CNY to serve a million tokens: compute price over what a machine yields, by Wright's law in volume."""
    a = Account(e, "unit_cost", "price", e.had("token_cost"), e.has("token_cost"), equation="serving")
    a.let(cost_token=e.has("token_cost"))
    _unit_cost(a)
    a.let_at("shifts[unit_cost]", float(e.now.own.shifts[CHANNEL["unit_cost"], 0, 0, 0]))
    a.formula = "compute_price / (token_capacity · exp(lne_now) · (1 + volume_now / 10000)^wright) · (1 + shifts[unit_cost])"
    return a.done()


def unit_margin(e: Evidence) -> Explanation:
    """CNY a million tokens bring above their cost: the own price, less what moved the cost."""
    price, was = e.lever("price.token"), float(e.was.own.levers[LEVER["price.token"], 0, 0])
    a = Account(e, "unit_margin", "price", was - e.had("token_cost"), price - e.has("token_cost"), equation="serving")
    a.let(price_token=price, price_token_before=was, cost_token=e.has("token_cost"))
    a.opens["cost_token"] = ("unit_cost", "")
    a.add("quantity.own_price", "price_token − price_token_before")
    _unit_cost(a, "−")
    a.formula = "price_token − cost_token"
    return a.done()


def _demand(a: Account) -> tuple[str, str, str]:
    """Formulas of the PFLOP/s that developers, consumers and contracts asked for."""
    e = a.e
    a.let(lne=e.start("lne"), volume=e.had("volume"))
    a.opens.update(lne=("efficiency", ""))
    a.define("token_yield", "token_capacity · exp(lne) · (1 + volume / 10000)^wright")
    a.let_at("customers[developers]", e.asked(0))
    a.let_at("customers[consumers]", e.asked(1))
    a.opens["customers[developers]"] = ("customers", "developers")
    a.opens["customers[consumers]"] = ("customers", "consumers")
    _tokens(a)
    terms = []
    for v, segment in enumerate(SEGMENTS):
        if segment in VERTICALS and (count := e.stay(v)) > 0:
            a.let_at(f"customers[{segment}]", count)
            terms.append(f"customers[{segment}] · contract_compute[{segment}]")
    return ("customers[developers] · tokens / token_yield", "customers[consumers] · app_tokens / token_yield",
            " + ".join(terms))  # fmt: skip


def _tokens(a: Account) -> None:
    e = a.e
    a.let(price_token=e.lever("price.token"), capability=e.skill(e.start("lnc")))
    a.opens["capability"] = ("capability", "")
    a.define("raw", "token_volume · ((price_token + 0.01) / token_price_reference)^(−token_elasticity) · 4 · capability^2")
    a.define("tokens", "raw / (1 + raw / token_bound)")


def _shares(a: Account, base: str) -> None:
    for name, formula in zip(("developers", "consumers", "contracts"), _demand(a), strict=True):
        if formula:
            a.add(f"part.load-{name}", f"({formula}) / {base}")


def unserved(e: Evidence) -> Explanation:
    """Share of demand turned away: everything asked for, less what the own machines and those bought in served."""
    a = Account(e, "unserved", "percent", None, e.has("unserved"), equation="serving")
    served = e.served_machines + e.overflow
    share = 1.0 - e.has("unserved")
    a.let(need=served / share if share > 0 else 0.0, used=e.served_machines, extra=e.overflow, machines=e.machines)
    a.opens.update(used=("utilisation", ""), machines=("capacity", ""))
    if a.names["need"] > 0:
        _shares(a, "need")
        a.add("part.own-machines", "−used / need")
        a.add("line.overflow", "−extra / need")
        a.formula = "1 − (used + extra) / need"
    else:
        a.formula = "0 · used"
    return a.done()


def utilisation(e: Evidence) -> Explanation:
    """Share of the delivered machines that served; the rest trains."""
    a = Account(e, "utilisation", "percent", None, e.has("utilisation"), equation="serving")
    served = e.served_machines + e.overflow
    share = 1.0 - e.has("unserved")
    need = served / share if share > 0 else 0.0
    a.let(need=need, used=e.served_machines, machines=e.machines)
    a.opens.update(machines=("capacity", ""))
    if e.machines > 0:
        _shares(a, "machines")
        if need - e.served_machines > 1e-9 * need:
            a.add("part.not-own", "−(need − used) / machines")
    a.formula = "used / machines"
    return a.done()


def tokens(e: Evidence) -> Explanation:
    """Million tokens that a developer used in the quarter, a state: what the price and the capability make of it."""
    customers = e.asked(0) * (1.0 - e.has("unserved"))
    price = e.lever("price.token")
    sold = e.cny("tokens") / (customers * price) if customers * price > 0 else 0.0
    a = Account(e, "tokens", "number", None, sold, segment="developers", equation="tokens")
    _tokens(a)
    if not sold:
        a.after = a.names["tokens"]
    a.formula = "raw / (1 + raw / token_bound)"
    a.add("part.usage", a.formula)
    return a.done()


def capacity(e: Evidence) -> Explanation:
    """PFLOP/s delivered next quarter from contracts running then, against this quarter's: by source.

    The queue in the shared pool, where everybody waits behind everybody, is not visible: what it takes is the remainder.
    """
    a = Account(e, "capacity", "flops", e.had("machines"), e.has("machines"), equation="compute")
    quarter = e.was.quarter
    for s, source in enumerate(SOURCES):
        was, now = e.had("due", s, 0), e.has("due", s, 0)
        if was <= 0 and now <= 0:
            continue
        a.let_at(f"due_before[{source}]", was)
        a.let_at(f"due[{source}]", now)
        if source == "domestic":
            support = e.rules.params.framework_support
            last = len(support) - 1
            a.let(support_before=float(support[min(quarter, last)]), support=float(support[min(quarter + 1, last)]))
            a.add(f"source.{source}",
                  f"source_delivery[{source}] · (due[{source}] · support − due_before[{source}] · support_before)")  # fmt: skip
        else:
            a.add(f"source.{source}", f"source_delivery[{source}] · (due[{source}] − due_before[{source}])")
    return a.done()


