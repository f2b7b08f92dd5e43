"""Cash by ledger lines, each with the formula that gives it; revenue, cost and runway out of the same lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from game.engine.names import LINES, SEGMENTS, SOURCES, VERTICALS
from game.table.explain.account import Account
from game.table.explain.evidence import Evidence
from game.table.formula import log_mean
from game.table.wire import Explanation

REVENUE: Final = ("tokens", "app", "solutions", "tenders", "rent_income")
OPERATING: Final = ("compute", "rent", "overflow", "energy", "wages", "research", "knowledge", "community", "marketing",
                    "fixed", "interest", "switching")  # fmt: skip
"""Lines that add up to revenue and to cost, as `game.engine.play` closes the books."""


def _tokens(a: Account) -> str:
    e = a.e
    customers, served = e.asked(0), 1.0 - e.has("unserved")
    price = e.lever("price.token")
    base = price * customers * served
    a.let_at("customers[developers]", customers)
    a.let(price_token=price, unserved=e.has("unserved"), tokens=e.cny("tokens") / base if base > 0 else 0.0)
    a.opens["customers[developers]"] = ("customers", "developers")
    a.opens["tokens"] = ("tokens", "developers")
    a.opens["unserved"] = ("unserved", "")
    return "price_token · customers[developers] · tokens · (1 − unserved)"


def _app(a: Account) -> str:
    a.let_at("customers[consumers]", a.e.asked(1))
    a.let(price_app=a.e.lever("price.app"), unserved=a.e.has("unserved"))
    a.opens["customers[consumers]"] = ("customers", "consumers")
    a.opens["unserved"] = ("unserved", "")
    a.define("subscribers", "app_subscribers · price_hassle[consumers] / (price_hassle[consumers] + price_app)")
    return "customers[consumers] · (3 · price_app · subscribers + app_advertising) · (1 − unserved)"


def _solutions(a: Account) -> str:
    _rent(a)
    a.let(price_solution=a.e.lever("price.solution"), unserved=a.e.has("unserved"))
    a.opens["unserved"] = ("unserved", "")
    return "price_solution · contracts_rent · (1 − unserved)"


def _rent(a: Account) -> None:
    terms = []
    for v, segment in enumerate(SEGMENTS):
        if segment in VERTICALS and (count := a.e.has("customers", v)) > 0:
            a.let_at(f"customers[{segment}]", count)
            a.opens[f"customers[{segment}]"] = ("customers", segment)
            terms.append(f"customers[{segment}] · rent[{segment}]")
    if terms:
        a.define("contracts_rent", " + ".join(terms))
    else:
        a.let(contracts_rent=0.0)


def _tenders(a: Account) -> str:
    index = max(a.e.lever("tender.price"), 0.3)
    a.let(size=a.e.awards.income / index, index=index, won=a.e.awards.won)
    return "size · index"


def _funding(a: Account) -> str:
    e = a.e
    parent = e.trait("budget")
    for _ in range(e.was.quarter):
        parent *= 1.0 + e.trait("budget_growth")
    asked = e.lever("finance.raise")
    rescued = 0.0
    if bool(e.was.own.distress[0, 0]) and e.lever("distress.choice") == 1.0:
        need = max(e.had("committed") - e.had("contracted"), 1e6)
        rescued = min(need, max(e.had("equity") * e.param("down_round"), 1e7))
    got = e.cny("funding") - parent - rescued
    a.let(asked=asked, filled=got / asked if asked > 0 else 0.0, parent_budget=parent, rescue=rescued)
    return " + ".join(["asked · filled", *(["parent_budget"] if parent else []), *(["rescue"] if rescued else [])])


def _borrowing(a: Account) -> str:
    loan = a.e.lever("finance.borrow")
    a.let(loan=loan, other_loans=a.e.cny("borrowing") - loan)
    return "loan + other_loans"


def _booked(line: str) -> Callable[[Account], str]:
    def formula(a: Account) -> str:
        a.let(booked=a.e.cny(line))
        return "booked"

    return formula


def _events_out(a: Account) -> str:
    money, scale = a.e.card_money
    fixed = -money - scale * a.e.had("cost")
    a.let(card_money=money, card_scale=scale, cost_before=a.e.had("cost"), card_effects=a.e.cny("events_out") - min(fixed, 0.0))
    if fixed >= 0:
        return "card_effects"
    return "card_effects − card_money − card_scale · cost_before"


def _bill(a: Account, sources: tuple[str, ...]) -> str:
    terms = []
    for source in sources:
        if (bill := a.e.had("bill", SOURCES.index(source), 0)) > 0:
            a.let_at(f"bill[{source}]", bill)
            terms.append(f"bill[{source}]")
    return _spent(terms)


def _spent(terms: list[str]) -> str:
    """What is paid for several things; one thing needs no parentheses."""
    if not terms:
        return ""
    return f"−{terms[0]}" if len(terms) == 1 else f"−({' + '.join(terms)})"


def _overflow(a: Account) -> str:
    a.let(extra=a.e.overflow, compute_price=a.e.public("compute_price"))
    a.opens["extra"] = ("unserved", "")
    return "−extra · overflow_price · compute_price"


def _energy(a: Account) -> str:
    terms = []
    for s, source in enumerate(SOURCES):
        if (due := a.e.had("due", s, 0)) > 0:
            a.let_at(f"due[{source}]", due)
            terms.append(f"due[{source}] · source_energy[{source}]")
    return _spent(terms)


def _wages(a: Account) -> str:
    hiring = float(a.e.now.own.hiring[0, :, 0].sum())
    a.let(staff=float(a.e.headcount), hiring=hiring)
    a.let_at("shifts[wages]", a.e.acting("wages"))
    a.define("hires", "hire_cost · hiring · (1 + hire_strain · hiring / (staff + hire_team))")
    return "−(staff · (wage · (1 + shifts[wages]) + overhead) + hires)"


def _research(a: Account) -> str:
    a.let(research_budget=a.e.lever("research.budget"))
    return "−research_budget"


def _knowledge(a: Account) -> str:
    terms = []
    for segment in VERTICALS:
        if (budget := a.e.lever(f"knowledge.{segment}")) > 0:
            a.let_at(f"knowledge_budget[{segment}]", budget)
            a.opens[f"knowledge_budget[{segment}]"] = ("knowledge", segment)
            terms.append(f"knowledge_budget[{segment}]")
    return _spent(terms)


def _community(a: Account) -> str:
    a.let(community_budget=a.e.lever("community.budget"))
    a.opens["community_budget"] = ("community", "")
    return "−community_budget"


def _marketing(a: Account) -> str:
    a.let(integration=a.e.awards.cost, bids=a.e.awards.bids)
    return "−(integration + bids · tender_bid_cost)"


def _fixed(a: Account) -> str:
    a.let(fixed_cost=a.e.trait("fixed_cost"))
    a.let_at("shifts[fixed_cost]", a.e.acting("fixed_cost"))
    return "−fixed_cost · (1 + shifts[fixed_cost])"


def _interest(a: Account) -> str:
    a.let(debt=a.e.has("debt"), credibility=a.e.start("credibility"), overdraft=max(-a.e.had("cash"), 0.0))
    a.opens["credibility"] = ("credibility", "")
    return "−(debt · (interest + interest_credibility · (1 − credibility)) + overdraft · overdraft_rate)"


def _switching(a: Account) -> str:
    a.let(staff=float(a.e.headcount))
    return "−switch_cost · (1 + switch_people · staff)"


FORMULAS: Final[Mapping[str, Callable[[Account], str]]] = {
    **{line: _booked(line) for line in LINES}, "tokens": _tokens, "app": _app, "solutions": _solutions,
    "tenders": _tenders, "funding": _funding, "borrowing": _borrowing, "events_out": _events_out,
    "compute": lambda a: _bill(a, ("import", "domestic", "pool")), "rent": lambda a: _bill(a, ("cloud",)),
    "overflow": _overflow, "energy": _energy, "wages": _wages, "research": _research, "knowledge": _knowledge,
    "community": _community, "marketing": _marketing, "fixed": _fixed, "interest": _interest, "switching": _switching,
}  # fmt: skip
"""How each ledger line is worked out; inflows are positive."""
EQUATION: Final = {"tokens": "revenue", "app": "revenue", "solutions": "revenue", "tenders": "tenders", "marketing": "tenders",
                   "funding": "rounds", "borrowing": "rounds", "interest": "rounds", "compute": "compute", "rent": "compute",
                   "energy": "compute", "overflow": "serving", "wages": "people", "switching": "release"}  # fmt: skip
"""The documentation's equation of a line."""


def line_formula(a: Account, line: str) -> str:
    """The formula of a ledger line. Where hidden events moved it from what its formula gives, that is named in it."""
    formula = (FORMULAS[line](a) if a.e.alive else "") or _booked(line)(a)
    booked = a.e.cny(line)
    gap = booked - a.value_of(formula)
    if abs(gap) > 0.02 + 1e-6 * abs(booked):  # a fen is rounded
        a.let_at(f"unseen[{line}]", gap)
        return f"{formula} + unseen[{line}]"
    return formula


def cash(e: Evidence) -> Explanation:
    """Cash, whole fen: the ledger's own lines."""
    a = Account(e, "cash", "fen", round(100 * e.had("cash")), round(100 * e.has("cash")))
    for line in LINES:
        if line in e.lines:
            a.add(f"line.{line}", line_formula(a, line), amount=float(e.lines[line]), equation=EQUATION.get(line, ""))
    return a.done()


def line(e: Evidence, name: str) -> Explanation:
    """One ledger line of the quarter, CNY: a number of its own, with its formula."""
    a = Account(e, "line", "money", None, e.cny(name), segment=name, equation=EQUATION.get(name, ""))
    a.formula = line_formula(a, name)
    a.add(f"line.{name}", a.formula, amount=e.cny(name))
    return a.done()


def revenue(e: Evidence) -> Explanation:
    """Revenue of the quarter against that of the one before: by line, and by what moved each line."""
    if e.earlier is None:
        a = Account(e, "revenue", "money", None, e.has("revenue"), equation="revenue")
        for name in REVENUE:
            if e.cny(name):
                a.add(f"line.{name}", line_formula(a, name), amount=e.cny(name), equation=EQUATION.get(name, ""))
        return a.done()
    a = Account(e, "revenue", "money", e.had("revenue"), e.has("revenue"), equation="revenue")
    _by_factor(a, "tokens", ("customers", "usage", "price", "service"), _token_factors)
    _by_factor(a, "app", ("customers", "price", "service"), _app_factors)
    _by_factor(a, "solutions", ("contracts", "price", "service"), _solution_factors)
    for name in ("tenders", "rent_income"):
        _difference(a, name, f"line.{name}")
    return a.done()


def _difference(a: Account, name: str, part: str) -> None:
    assert a.e.earlier is not None
    a.let_at(f"booked[{name}]", a.e.cny(name))
    a.opens[f"booked[{name}]"] = ("line", name)
    a.let_at(f"booked_before[{name}]", a.e.earlier.cny(name))
    a.add(part, f"booked[{name}] − booked_before[{name}]", equation=EQUATION.get(name, ""))


def _token_factors(e: Evidence) -> tuple[float, ...]:
    customers, price, served = e.asked(0), e.lever("price.token"), 1.0 - e.has("unserved")
    base = customers * price * served
    return customers, (e.cny("tokens") / base if base > 0 else 0.0), price, served


def _app_factors(e: Evidence) -> tuple[float, ...]:
    customers, served = e.asked(1), 1.0 - e.has("unserved")
    base = customers * served
    return customers, (e.cny("app") / base if base > 0 else 0.0), served


def _solution_factors(e: Evidence) -> tuple[float, ...]:
    price, served = e.lever("price.solution"), 1.0 - e.has("unserved")
    base = price * served
    return (e.cny("solutions") / base if base > 0 else 0.0), price, served


_FACTOR_NAMES: Final = {
    "tokens": ("customers[developers]", "tokens", "price_token", "served"),
    "app": ("customers[consumers]", "app_income", "served"), "solutions": ("contracts_rent", "price_solution", "served"),
}  # fmt: skip


def _by_factor(
    a: Account, name: str, factors: tuple[str, ...], read: Callable[[Evidence], tuple[float, ...]]
) -> None:
    """A line that is a product, by its factors: each the line's logarithmic mean times the change of its logarithm."""
    assert a.e.earlier is not None
    old, new = read(a.e.earlier), read(a.e)
    was, now = a.e.earlier.cny(name), a.e.cny(name)
    if was <= 0 or now <= 0 or min(*old, *new) <= 0:
        if was or now:
            _difference(a, name, f"line.{name}")
        return
    mean = f"line_mean[{name}]"
    a.let_at(mean, log_mean(was, now))
    for factor, symbol, x, y in zip(factors, _FACTOR_NAMES[name], old, new, strict=True):
        here = symbol if symbol != "served" else f"served[{name}]"
        head, bracket, tail = here.partition("[")
        before = f"{head}_before{bracket}{tail}"
        a.let_at(here, y)
        a.let_at(before, x)
        a.add(f"part.{name}-{factor}", f"{mean} · ln({here} / {before})")


def cost(e: Evidence) -> Explanation:
    """Operating cost of the quarter against that of the one before, by line; the positive numbers cost."""
    if e.earlier is None:
        a = Account(e, "cost", "money", None, e.has("cost"))
        for name in OPERATING:
            if e.cny(name):
                a.let(booked=e.cny(name))
                a.add(f"line.{name}", _outflow(a, name), amount=-e.cny(name), equation=EQUATION.get(name, ""))
        return a.done()
    a = Account(e, "cost", "money", e.had("cost"), e.has("cost"))
    for name in OPERATING:
        a.let_at(f"booked[{name}]", -e.cny(name))
        a.opens[f"booked[{name}]"] = ("line", name)
        a.let_at(f"booked_before[{name}]", -e.earlier.cny(name))
        a.add(f"line.{name}", f"booked[{name}] − booked_before[{name}]", equation=EQUATION.get(name, ""))
    return a.done()


def _outflow(a: Account, line: str) -> str:
    """The formula of a line with its sign turned, for what counts outflows as positive."""
    formula = line_formula(a, line)
    rest = formula.removeprefix("−")
    if rest == formula or "+ unseen" in rest:
        return f"−({formula})"
    whole = rest.startswith("(") and rest.endswith(")")
    return rest[1:-1] if whole else rest


def runway(e: Evidence) -> Explanation:
    """Quarters of cash at the quarter's burn: by cash, and by every line of the burn, where it is finite at both ends.

    Otherwise the burn itself by its lines, for a quotient with nothing under it has no change.
    """
    burn, was_burn = e.has("cost") - e.has("revenue"), e.had("cost") - e.had("revenue")
    cash_now, cash_was = max(e.has("cash"), 0.0), max(e.had("cash"), 0.0)
    if burn > 0 and was_burn > 0 and cash_now > 0 and cash_was > 0 and e.earlier is not None:
        before, after = cash_was / was_burn, cash_now / burn
        a = Account(e, "runway", "quarters", before, after)
        a.let(cash=cash_now, cash_before=cash_was, runway_mean=log_mean(before, after), burn_mean=log_mean(was_burn, burn))
        a.let(burn=burn)
        a.formula = "cash / burn"
        a.opens.update(cash=("cash", ""))
        a.add("quantity.cash", "runway_mean · ln(cash / cash_before)")
        for name in (*REVENUE, *OPERATING):
            a.let_at(f"booked[{name}]", e.cny(name))
            a.opens[f"booked[{name}]"] = ("line", name)
            a.let_at(f"booked_before[{name}]", e.earlier.cny(name))
            a.add(f"line.{name}", f"runway_mean / burn_mean · (booked[{name}] − booked_before[{name}])")
        return a.done()
    a = Account(e, "runway", "money", None, burn)
    a.let(cash=cash_now, burn=burn)
    a.formula = "cash / max(burn, 0)"
    for name in (*OPERATING, *REVENUE):
        if e.cny(name):
            a.let(booked=e.cny(name))
            a.add(f"line.{name}", _outflow(a, name), amount=-e.cny(name), equation=EQUATION.get(name, ""))
    return a.done()


def debt(e: Evidence) -> Explanation:
    """Debt, CNY: what was borrowed and paid back."""
    a = Account(e, "debt", "money", e.had("debt"), e.has("debt"), equation="rounds")
    a.add("line.borrowing", line_formula(a, "borrowing"), amount=e.cny("borrowing"))
    return a.done()


def founders_share(e: Evidence) -> Explanation:
    """The founders' share: rounds sell some of it."""
    a = Account(e, "founders_share", "percent", e.had("founders"), e.has("founders"), equation="rounds")
    a.let(founders=e.had("founders"), card=e.start("founders") - e.had("founders"), founders_now=e.has("founders"))
    a.add("part.card", "card")
    if not e.alive:
        return a.done()
    _funding(a)
    got = a.names["asked"] * a.names["filled"]
    if got > 0 and e.start("founders") > 0:
        # ownership after the round is what it was times one less what was sold
        a.let(equity=e.had("equity"), round=got, founders=e.start("founders"))
        factor = _clip(1.0 + e.param("investor_credibility") * (e.start("credibility") - 0.5)
                       + e.param("investor_sentiment") * (e.mood - e.param("sentiment_normal")),
                       e.param("round_low"), e.param("round_high"))  # fmt: skip
        a.let(factor=factor)
        a.define("price_of_round", "max(equity, round_floor) · factor")
        a.add("part.round", "−founders · round / (round + price_of_round)")
    if a.names["rescue"]:
        a.let(equity=e.had("equity"), founders=e.start("founders"))
        a.define("price_of_rescue", "max(equity · down_round, 10000000)")
        a.add("part.rescue", "−founders · rescue / (rescue + price_of_rescue)")
    return a.done()


def _clip(x: float, low: float, high: float) -> float:
    return min(max(x, low), high)
