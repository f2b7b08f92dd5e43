"""An adviser that reckons aloud: pieces of advice, each with the arithmetic behind it, from what a seat may know.

It reads a `SeatView`, the last report, the bill of the draft and the parameters of the rules (which everybody may read
in the codex); so two seats with equal views get equal advice. It never guesses what others will do, and a piece whose
numbers are not all known is not given: no advice is better than empty advice.

>>> [piece.id for piece in advise(view, parameters)][:2]      # doctest: +SKIP
['runway', 'unserved']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from game.engine.names import ROUTES, SOURCES, VERTICALS
from game.table.adviser_desk import Desk, Parameters
from game.table.wire import Preview, Report, SeatView

SHORT_RUNWAY: Final = 4.0
"""Quarters of cash below which raising takes longer than is left: two to sign, two to be sure."""
DEAR: Final = 1.15
"""Times the median price from which on a token price is worth a sum."""
TURNED_AWAY: Final = 0.02
"""Share of demand turned away that is worth new machines."""
FADING: Final = 0.01
"""Accuracy lost in a quarter, 0..1, that is worth a word."""
FALLING: Final = 0.05
"""Fall of the share of import orders filled that is worth a word."""

LAYERED: Final = ROUTES.index("layered")


@dataclass(frozen=True)
class Advice:
    """One piece: texts under ``advice.<id>`` (``say`` the sentence, ``sum`` the arithmetic), numbers in ``args``."""

    id: str
    stake: float
    """CNY that hang on it within a year, as its sum has them; pieces are ranked by it."""
    lever: str
    """Lever to look at; free to move and shown in this game."""
    term: tuple[str, str]
    """Kind and id of the codex entry that it rests on."""
    args: Mapping[str, float | int | str] = field(default_factory=dict)


def advise(
    view: SeatView, parameters: Parameters, *, draft: Mapping[str, float] | None = None, report: Report | None = None,
    bill: Preview | None = None, before: SeatView | None = None,
) -> list[Advice]:
    """Every piece that the numbers bear out, most money first; at most one of each kind.

    ``draft`` holds levers that the player moves (the rest stand), ``bill`` what that draft pays at once, ``before`` the
    seat's view of the quarter before.
    """
    if view.ended:
        return []
    desk = Desk(view, parameters, draft or {}, report, bill, before)
    found = [piece for kind in KINDS if (piece := kind(desk)) is not None]
    if any(piece.id == "distress" for piece in found):
        found = [piece for piece in found if not piece.id.startswith("runway")]
    return sorted(found, key=lambda piece: (-piece.stake, piece.id))


def _piece(
    desk: Desk, id: str, stake: float, levers: Sequence[str], term: tuple[str, str], **args: float | int | str
) -> Advice | None:
    """A piece that looks at the first of some levers that may move; None where none may."""
    lever = next((name for name in levers if desk.free(name)), "")
    return Advice(id, stake, lever, term, args) if lever else None


# money ----------------------------------------------------------------------------------------------------------------
_MONEY: Final = ("finance.raise", "finance.borrow", "research.budget")


def runway(desk: Desk) -> Advice | None:
    """Cash ÷ net outflow = quarters that it lasts; at stake is what a year lacks."""
    out, more = desk.outflow, desk.fresh_money
    cash = desk.view.own.cash + more
    if out <= 0 or cash <= 0 or cash / out >= SHORT_RUNWAY:
        return None
    return _piece(
        desk, "runway-still" if more > 0 else "runway", 4.0 * out - cash, _MONEY, ("term", "runway"), cash=cash,
        more=more, out=out, left=cash / out,
    )  # fmt: skip


def distress(desk: Desk) -> Advice | None:
    """The rule of distress on this quarter's closing cash: cash + contracted − committed below zero."""
    own = desk.view.own
    closing = own.cash + desk.fresh_money - desk.outflow
    short = own.committed - own.contracted - closing
    if short <= 0 or desk.view.distress is not None:
        return None
    return _piece(
        desk, "distress", short, _MONEY, ("term", "committed"), closing=closing, signed=own.contracted,
        due=own.committed, short=short,
    )  # fmt: skip


def credit(desk: Desk) -> Advice | None:
    """The same sum once as a loan and once as a round: interest a year against the stake given away."""
    own, out = desk.view.own, desk.outflow
    if out <= 0 or (own.cash + desk.fresh_money) / out >= SHORT_RUNWAY or not desk.free("finance.raise"):
        return None
    most = min(desk.high("finance.borrow"), desk.high("finance.raise"))
    sum_ = min(max(SHORT_RUNWAY * out - own.cash, out), most)
    if not desk.free("finance.borrow") or sum_ < 1e6:
        return None
    price, rate = desk.round_price, desk.interest_rate
    sold = sum_ / (sum_ + price)
    worth = sold * own.founders_share * own.equity
    interest = 4.0 * rate * sum_
    return _piece(
        desk, "credit", abs(worth - interest), ("finance.borrow", "finance.raise"), ("lever", "finance.borrow"),
        sum=sum_, rate=rate, interest=interest, sold=sold, price=price, worth=worth,
    )  # fmt: skip


def repay(desk: Desk) -> Advice | None:
    """Debt that cash could pay back while cash does not fall: debt × rate = interest saved each quarter."""
    own = desk.view.own
    spare = own.cash - own.committed
    if own.debt < 1e6 or desk.outflow > 0 or spare < own.debt or desk.value("finance.borrow") < 0:
        return None
    saved = own.debt * desk.interest_rate
    return _piece(
        desk, "repay", 4.0 * saved, ("finance.borrow",), ("lever", "finance.borrow"), debt=own.debt,
        rate=desk.interest_rate, saved=saved, cash=own.cash,
    )  # fmt: skip


# tokens ---------------------------------------------------------------------------------------------------------------
def below_cost(desk: Desk) -> Advice | None:
    """(Cost − price) × volume of last quarter: what selling below cost loses at that volume."""
    own, price, volume = desk.view.own, desk.value("price.token"), desk.volume
    if volume <= 0 or price >= own.unit_cost:
        return None
    lost = (own.unit_cost - price) * volume
    return _piece(
        desk, "below-cost", 4.0 * lost, ("price.token",), ("lever", "price.token"), price=price, cost=own.unit_cost,
        volume=volume, lost=lost,
    )  # fmt: skip


def matching(desk: Desk) -> Advice | None:
    """Going down to the median: margin before ÷ margin after = times the volume that the same margin takes."""
    own, price, median, volume = desk.view.own, desk.value("price.token"), desk.view.market.token_price, desk.volume
    if volume <= 0 or median <= 0 or price < DEAR * median or price <= own.unit_cost:
        return None
    given = (price - median) * volume
    if median <= own.unit_cost:
        return _piece(
            desk, "no-match", 4.0 * (own.unit_cost - median) * volume, ("research.efficiency", "research.budget"),
            ("term", "unit_cost"), median=median, cost=own.unit_cost, volume=volume,
            lost=(own.unit_cost - median) * volume,
        )  # fmt: skip
    margin, then = price - own.unit_cost, median - own.unit_cost
    return _piece(
        desk, "match", 4.0 * given, ("price.token",), ("lever", "price.token"), price=price, median=median,
        cost=own.unit_cost, margin=margin, then=then, times=margin / then,
    )  # fmt: skip


def unserved(desk: Desk) -> Advice | None:
    """Demand turned away against the machines that would serve it and what they cost a quarter."""
    own, p, share = desk.view.own, desk.parameters, desk.view.own.unserved
    if share < TURNED_AWAY or share >= 1 or desk.before is None:
        return None  # how many machines there were is in the view before
    serve, top = desk.number("serve_share"), desk.number("overflow")
    need = desk.before.own.capacity * (serve + top) / (1.0 - share) / serve
    more = need - own.capacity - desk.coming
    sold = desk.line("tokens") + desk.line("app") + desk.line("solutions")
    missed = sold * share / (1.0 - share)
    source = desk.cheapest
    if more <= 0 or missed <= 0 or not source:
        return None
    price = desk.view.market.compute_price[source] / desk.yield_of(source)
    row = SOURCES.index(source)
    lead = p["lead"]
    return _piece(
        desk, "unserved", 4.0 * missed, (f"compute.{source}", *(f"compute.{s}" for s in SOURCES)),
        ("term", "unserved"), share=share, sold=sold, missed=missed, more=more, source=source, price=price,
        bill=more * price, quarters=int(lead[row]) if isinstance(lead, tuple) else 1,
    )  # fmt: skip


# industries -----------------------------------------------------------------------------------------------------------
def upkeep(desk: Desk) -> Advice | None:
    """The industry whose upkeep falls short most dearly: what is due, what is paid, and the accuracy that it costs."""
    best: tuple[float, str, dict[str, float | int | str]] | None = None
    for segment in VERTICALS:
        due, paid = desk.upkeep(segment), desk.value(f"knowledge.{segment}")
        points = desk.fading(segment, paid)
        if due <= paid or points < FADING or not desk.free(f"knowledge.{segment}"):
            continue
        income = desk.income(segment)
        stake = 4.0 * income * points / max(desk.view.own.accuracy.get(segment, 0), 0.1)
        stake = max(stake, due - paid) if income > 0 else 0.0
        if best is None or stake > best[0]:
            best = stake, segment, {"segment": segment, "due": due, "paid": paid, "gap": due - paid,
                                    "points": points, "income": 4.0 * income}  # fmt: skip
    if best is None:
        return None
    stake, segment, args = best
    return _piece(desk, "upkeep", stake, (f"knowledge.{segment}",), ("term", "freshness"), **args)


def neglect(desk: Desk) -> Advice | None:
    """Contracts × people each = people tied; what is missing, and the contracts that lapse for it."""
    best: tuple[float, str, dict[str, float | int | str]] | None = None
    for segment in VERTICALS:
        each, people = desk.of("service_staff", segment), float(desk.view.own.staff.get(segment, 0))
        contracts = desk.view.own.customers.get(segment, 0)
        tied = contracts * each
        lost = max(contracts - people / each, 0.0) * desk.number("lapse_rate") if each > 0 else 0.0
        coming = people + desk.view.own.arriving_staff.get(segment, 0)
        wanted = desk.value(f"staff.{segment}")
        stake = 4.0 * lost * desk.rent(segment)
        if lost < 0.5 or coming >= tied or wanted >= tied or not desk.free(f"staff.{segment}"):
            continue
        if best is None or stake > best[0]:
            best = stake, segment, {"segment": segment, "contracts": contracts, "each": each, "tied": tied,
                                    "people": people, "lost": lost, "rent": stake}  # fmt: skip
    if best is None:
        return None
    stake, segment, args = best
    return _piece(desk, "neglect", stake, (f"staff.{segment}",), ("term", "pilots"), **args)


def pilots(desk: Desk) -> Advice | None:
    """Hands left over from running contracts against pilots that wait to be signed."""
    best: tuple[float, str, dict[str, float | int | str]] | None = None
    own, rate = desk.view.own, desk.number("contract_rate")
    for segment in VERTICALS:
        people, waiting = float(own.staff.get(segment, 0)), own.pilots.get(segment, 0)
        tied = own.customers.get(segment, 0) * desk.of("service_staff", segment)
        free = max(people - tied, 0.0)
        most = free * (1.0 - desk.number("pilot_people")) / desk.number("contract_staff")
        ripe = waiting * rate
        coming = own.arriving_staff.get(segment, 0) + max(desk.value(f"staff.{segment}") - people, 0.0)
        if waiting < 2.0 or ripe - most < 1.0 or tied >= people or coming > 0 or not desk.free(f"staff.{segment}"):
            continue
        stake = 4.0 * (ripe - most) * desk.rent(segment)
        if best is None or stake > best[0]:
            best = stake, segment, {"segment": segment, "people": people, "tied": tied, "free": free, "most": most,
                                    "waiting": waiting, "ripe": ripe}  # fmt: skip
    if best is None:
        return None
    stake, segment, args = best
    return _piece(desk, "pilots", stake, (f"staff.{segment}",), ("term", "pilots"), **args)


def community(desk: Desk) -> Advice | None:
    """Thousands of developers × upkeep each = what is due; what leaves for want of it."""
    own, budget = desk.view.own, desk.value("community.budget")
    due = desk.number("community_upkeep") * own.community
    if desk.value("route") < 1.0 or due <= 0 or budget >= due:
        return None
    lost = own.community * desk.number("leave_neglect") * (1.0 - budget / due)
    if lost < 1.0:
        return None
    return _piece(
        desk, "community", due - budget, ("community.budget",), ("term", "community"), people=own.community,
        each=desk.number("community_upkeep"), due=due, paid=budget, lost=lost,
    )  # fmt: skip


# compute and guidance -------------------------------------------------------------------------------------------------
def import_ban(desk: Desk) -> Advice | None:
    """Imported machines that rest on orders, and the share of an order that is filled now and a quarter on."""
    view = desk.view
    mine = view.own.compute.get("import", 0.0)
    supply = desk.parameters["import_supply"]
    if mine <= 0 or not isinstance(supply, tuple) or view.quarter + 1 >= len(supply):
        return None
    now, then = supply[view.quarter], supply[view.quarter + 1]
    lead = desk.parameters["lead"]
    if now - then < FALLING or view.quarter + 1 >= view.first_quarter + view.quarters:
        return None
    worth = mine * (now - then) * view.market.compute_price["import"]
    return _piece(
        desk, "import-ban", 4.0 * worth, ("compute.import", "compute.domestic"), ("term", "import_open"), mine=mine,
        now=now, then=then, quarters=int(lead[0]) if isinstance(lead, tuple) else 2,
    )  # fmt: skip


def guidance(desk: Desk) -> Advice | None:
    """Guidance that scored worse than repeating last quarter: width + ten times the miss against the naive score."""
    report = desk.report
    if report is None:
        return None
    for f in report.forecasts:
        if f.score <= f.naive:
            continue
        miss = max(f.low - f.actual, f.actual - f.high, 0.0)
        return _piece(
            desk, "guidance-missed" if miss > 0 else "guidance-wide", 0.0, (f"guidance.{f.what}.low",),
            ("term", "credibility"), thing=f.what, width=f.high - f.low, miss=miss, score=f.score, naive=f.naive,
        )  # fmt: skip
    return None


KINDS: Final[tuple[Callable[[Desk], Advice | None], ...]] = (
    distress, runway, credit, repay, below_cost, matching, unserved, upkeep, neglect, pilots, community, import_ban,
    guidance,
)  # fmt: skip
"""What the adviser looks at, one piece of each."""
IDS: Final = (
    "below-cost", "community", "credit", "distress", "guidance-missed", "guidance-wide", "import-ban", "match", "neglect",
    "no-match", "pilots", "repay", "runway", "runway-still", "unserved", "upkeep",
)  # fmt: skip
"""Every id that a piece may have; each has its texts in the locale."""
