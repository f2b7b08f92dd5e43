"""The quizzes before and after a lesson: texts are content, numbers and answers are worked out here.

The quiz before rests on figures of the articles and on what it supposes, so it is the same for a whole class. The quiz
after asks the same kinds of questions of a pupil's own run and is a function of the run alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from game.content.basics import Entry, Id, Text
from game.content.layout import convert, read_toml
from game.content.problems import Problem
from game.lab.analysis.model import Analysis, QuarterAnalysis
from game.table.wire import Message

if TYPE_CHECKING:
    from game.content import Content
    from game.lab.analysis.reading import Opened
    from game.table.table import Table
    from game.table.wire import SeatView

FILE: Final = "lessons/grading/quiz.toml"
Value = float | int | str | Message
"""A number, an id or a text of people; or a sentence of the locale."""


class Choice(Entry, frozen=True):
    """One choice of a question."""

    text: Text
    right: bool


class Item(Entry, frozen=True):
    """One question: texts with holes for what `VALUES` works out; ``suppose`` are numbers that the question invents."""

    id: Id
    when: Literal["before", "after"]
    objective: Id
    ask: Text
    key: Text
    lines: Annotated[int, Meta(ge=1, le=20)] = 3
    """Lines to write on."""
    choices: list[Choice] = msgspec.field(default_factory=list)
    figures: list[str] = msgspec.field(default_factory=list)
    suppose: dict[str, float] = msgspec.field(default_factory=dict)
    caution: str = ""
    """Id of a caution whose words stand in the key."""


class _File(Entry, frozen=True):
    item: list[Item]
    schema: Literal[1] = 1


@dataclass(frozen=True)
class Question:
    """A question with its numbers, ready to be said in either language (`game.pages.class_quiz`)."""

    item: Item
    values: Mapping[str, Value] = field(default_factory=dict)


def read_quiz(content: Content) -> tuple[list[Item], list[Problem]]:
    """The items in the file of content (own content's in place of the shipped), and what is wrong with them."""
    places = [content.overlay / FILE] if content.overlay is not None else []
    path = next((p for p in places if p.is_file()), content.directory / FILE)
    raw, problems = read_toml(path, FILE)
    if raw is None:
        return [], problems
    try:
        items: list[Item] = convert(raw.data, _File).item
    except msgspec.ValidationError as error:
        return [], [*problems, Problem(FILE, "", str(error))]
    for item in items:
        known: tuple[tuple[str, list[str], Any], ...] = (
            ("figure", item.figures, content.figures), ("caution", [item.caution] if item.caution else [], content.cautions),
            ("objective", [item.objective], content.lessons.objectives),
            ("question that can be worked out", [item.id], {**BEFORE, **AFTER}),
        )  # fmt: skip
        problems += [Problem(FILE, f"item[{item.id}]", f"there is no {kind} '{name}'") for kind, names, there in known
                     for name in names if name not in there]  # fmt: skip
        if item.id in (BEFORE if item.when == "after" else AFTER):
            problems.append(Problem(FILE, f"item[{item.id}].when", f"is '{item.when}', but its numbers are not of that quiz"))
    return items, problems


def before(content: Content) -> list[Question]:
    """The quiz before: the same for everybody."""
    return [
        Question(i, {**i.suppose, **BEFORE[i.id](content, i)}) for i in read_quiz(content)[0] if i.when == "before" and i.id in BEFORE
    ]


def after(content: Content, opened: Opened, analysis: Analysis) -> list[Question]:
    """The quiz after, from a pupil's run; questions that the run cannot answer (no market at hand, no quarter analysed)
    are left out."""
    table = opened.table
    if table is None or not table.played:
        return []
    books = Books(table, analysis)
    out = []
    for item in read_quiz(content)[0]:
        if item.when == "after" and item.id in AFTER:
            values = AFTER[item.id](books)
            if values is not None:
                out.append(Question(item, values))
    return out


# before ---------------------------------------------------------------------------------------------------------------


def _number(content: Content, figure: str, use: str = "value") -> float:
    number = getattr(content.figures[figure], use)
    assert number is not None, figure
    return float(number)


def _before_margin(content: Content, item: Item) -> dict[str, Value]:
    price, cut = _number(content, "doubao-vision-price"), _number(content, "price-war-cut")
    fall = _number(content, "compute-cost-decline")
    cost, new = price * item.suppose["part"], price * (1.0 - cut)
    return {
        "price": price, "cost": cost, "margin": price - cost, "rate": (price - cost) / price, "cut": cut, "new": new,
        "new_margin": new - cost, "need": 1.0 - new / cost, "later_margin": new - cost * (1.0 - fall),
    }  # fmt: skip


def _before_runway(content: Content, item: Item) -> dict[str, Value]:
    s, fee = item.suppose, _number(content, "pangu-finance-revenue-per-customer")
    revenue = s["customers"] * fee / 4.0
    burn = s["spent"] - revenue
    return {
        "fee": fee, "revenue": revenue, "burn": burn, "runway": s["cash"] / burn, "longer": (s["cash"] + s["round"]) / burn,
        "needed": s["spent"] / (fee / 4.0),
    }  # fmt: skip


def _before_cut(content: Content, item: Item) -> dict[str, Value]:
    cloud = _number(content, "aliyun-revenue-fy2025")
    low, high = (_number(content, "token-revenue-projection", use) for use in ("low", "high"))
    return {"cloud": cloud, "low": low, "high": high, "low_share": low / cloud, "high_share": high / cloud}


def _before_open(content: Content, item: Item) -> dict[str, Value]:
    rate, times = _number(content, "open-source-commercialisation-rate"), _number(content, "full-solution-multiple")
    licences = item.suppose["users"] * rate * times
    return {"conversion": rate, "multiple": times, "licences": licences, "share": licences / item.suppose["users"]}


def _before_figure(content: Content, item: Item) -> dict[str, Value]:
    country, product = _number(content, "genai-users-2024"), _number(content, "ernie-bot-users")
    return {"country": country, "product": product, "ratio": round(product / country, 2)}


def _before_luck(content: Content, item: Item) -> dict[str, Value]:
    s = item.suppose
    return {"gap": s["other"] - s["done"], "over": s["came"] - s["high"]}


BEFORE: Final[dict[str, Callable[[Any, Item], dict[str, Value]]]] = {
    "before-margin": _before_margin, "before-runway": _before_runway, "before-cut": _before_cut,
    "before-open": _before_open, "before-figure": _before_figure, "before-luck": _before_luck,
}


# after ----------------------------------------------------------------------------------------------------------------


class Books:
    """A pupil's run as the quiz reads it: what the seat saw at the start of every quarter, and the analysis."""

    def __init__(self, table: Table, analysis: Analysis) -> None:
        self.table, self.analysis = table, analysis
        self.firm = table.head.firm
        since = table.quarter - len(table.decided(self.firm))
        self._views: dict[int, SeatView] = {}
        self.quarters = [
            q for q in range(since, table.quarter)
            if table.market.active(self._state(q), self.firm)  # type: ignore[attr-defined]
        ]  # fmt: skip
        """Quarters that the firm decided, and whose books these rules can read."""

    def _state(self, quarter: int) -> Any:
        played = quarter - self.table.head.first
        return self.table.state if played >= self.table.played else self.table.past(played)[0]

    def view(self, quarter: int) -> SeatView:
        """What the seat saw at the start of a quarter (one past the last: after the end)."""
        if quarter not in self._views:
            self._views[quarter] = seen(self.table, self._state(quarter), self.firm)
        return self._views[quarter]

    def after(self, quarter: int) -> SeatView:
        """What the seat saw once a quarter had been played."""
        return self.view(quarter + 1)

    @property
    def last(self) -> int:
        """The last quarter at whose end the firm still traded, else the last it decided."""
        living = [q for q in self.quarters if self.after(q).own.value > 0]
        return living[-1] if living else self.quarters[-1]


def seen(table: Table, state: Any, firm: int) -> SeatView:
    """What a seat sees of any state of its run: books, firms and public facts, without desk and history."""
    from game.engine.view import observe, publish
    from game.table import sight
    from game.table.wire import WIRE_VERSION, SeatView

    market: Any = table.market
    rules = market.source
    public = publish(rules, state)
    return SeatView(
        version=WIRE_VERSION, scenario=market.scenario, background="", difficulty=market.difficulty, assume=market.assume,
        seed="", quarter=state.quarter, first_quarter=rules.first, quarters=rules.quarters, act=1, levers=market.levers,
        firm=firm, own=sight.own(rules, observe(rules, state, (firm,), public)),
        firms=sight.firms(market, state, public, firm, {firm}), market=sight.facts(rules, public, min(state.quarter, rules.last)),
        standing={}, limits={},
    )  # fmt: skip


def _price(view: SeatView) -> float:
    return next(f.price_token for f in view.firms if f.index == view.firm)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


def _change(before: float, now: float) -> Message:
    if before <= 0.0 or now <= 0.0:
        key = "none" if before <= 0.0 and now <= 0.0 else "to-free" if now <= 0.0 else "from-free"
        return Message(f"class_quiz.change.{key}")
    return Message("class_quiz.change.by", {"change": now / before - 1.0})


def _after_margin(books: Books) -> dict[str, Value] | None:
    def moved(q: int) -> float:
        a, b = _price(books.view(q)), _price(books.after(q))
        return abs(b / a - 1.0) if a > 0 and b > 0 else -1.0

    priced = [q for q in books.quarters if _price(books.after(q)) > 0 and books.after(q).own.unit_cost > 0 and q <= books.last]
    if not priced:
        return None
    quarter = max(priced, key=lambda q: (moved(q), -q))
    price, cost = _price(books.after(quarter)), books.after(quarter).own.unit_cost
    return {
        "quarter": quarter, "price": price, "cost": cost, "margin": price - cost,
        "rate": Message("class_quiz.rate", {"rate": (price - cost) / price}), "half": price / 2.0, "half_margin": price / 2.0 - cost,
    }  # fmt: skip


def _after_runway(books: Books) -> dict[str, Value] | None:
    """Before the first round that the founders gave shares for, else where the runway was shortest."""
    sold = [q for q in books.quarters[1:] if books.after(q).own.founders_share < books.view(q).own.founders_share - 1e-9]
    known = books.quarters[1:] or books.quarters
    if not known:
        return None
    shortest = min(known, key=lambda q: (books.view(q).own.runway if books.view(q).own.runway is not None else 1e9, q))  # type: ignore[return-value]
    quarter = sold[0] if sold else shortest
    own = books.view(quarter).own
    args: dict[str, float | int | str] = {"cash": own.cash, "revenue": own.revenue, "spent": own.cost, "burn": own.cost - own.revenue}
    if own.runway is None:
        answer = Message("class_quiz.runway.endless", args)
    else:
        answer = Message("class_quiz.runway.quarters", {**args, "runway": round(own.runway, 1)})
    return {
        "quarter": quarter, "round": Message("class_quiz.before-round" if sold else "class_quiz.no-round"), "cash": own.cash,
        "revenue": own.revenue, "spent": own.cost, "answer": answer,
    }  # fmt: skip


def _after_cut(books: Books) -> dict[str, Value] | None:
    def fall(q: int) -> float:
        a, b = books.view(q).market.token_price, books.after(q).market.token_price
        return 1.0 - b / a if a > 0 and b > 0 else 0.0

    there = [q for q in books.quarters if q <= books.last]
    if not there:
        return None
    quarter = max(there, key=lambda q: (fall(q), -q))
    a, b = books.view(quarter), books.after(quarter)
    price, cost = _price(b), b.own.unit_cost
    return {
        "quarter": quarter, "market_before": a.market.token_price, "market": b.market.token_price, "before": _price(a),
        "price": price, "paid": price or "¥0", "cost": cost, "margin": price - cost, "second": min(_share(b.own.contracted, b.own.revenue), 1.0),
        "own_change": _change(_price(a), price), "market_change": _change(a.market.token_price, b.market.token_price),
    }  # fmt: skip


def _after_route(books: Books) -> dict[str, Value] | None:
    view = books.after(books.last)
    own = view.own
    route = next(f.route for f in view.firms if f.index == view.firm)
    return {
        "route": route, "community": own.community * 1000.0, "outside": view.market.outside.get("developers", 0.0),
        "revenue": own.revenue, "second": min(_share(own.contracted, own.revenue), 1.0), "price": _price(view),
        "market": view.market.token_price,
    }  # fmt: skip


def _after_figure(books: Books) -> dict[str, Value] | None:
    view = books.after(books.last)
    share = next(f.share.get("developers", 0.0) for f in view.firms if f.index == view.firm)
    outside = view.market.outside.get("developers", 0.0)
    if share <= 0.0 or outside >= 1.0:
        return None
    return {"share": share, "outside": outside, "paying": share / (1.0 - outside)}


def _after_luck(books: Books) -> dict[str, Value] | None:
    """The quarter of the largest regret; None until one has been analysed."""
    there = [q for q in books.analysis.quarters if q.analysed and q.regret is not None and q.fan]
    if not there:
        return None
    q: QuarterAnalysis = max(there, key=lambda x: (x.regret.mean if x.regret else 0.0, -x.quarter))
    assert q.regret is not None
    first, came = q.fan[0], q.row.value
    where = "below" if came < first.low else "above" if came > first.high else "inside"
    verdict = "none" if q.regret.mean <= 0.0 else "choice" if q.regret.sure else "chance"
    return {
        "quarter": q.quarter, "median": first.median, "low": first.low, "high": first.high, "came": came,
        "amount": q.regret.mean, "amount_low": q.regret.low, "amount_high": q.regret.high,
        "where": Message(f"class_quiz.where.{where}", {"low": first.low, "high": first.high, "came": came}),
        "verdict": Message(f"class_quiz.verdict.{verdict}", {"amount": q.regret.mean, "low": q.regret.low, "high": q.regret.high}),
    }  # fmt: skip


AFTER: Final[dict[str, Callable[[Books], dict[str, Value] | None]]] = {
    "after-margin": _after_margin, "after-runway": _after_runway, "after-cut": _after_cut, "after-route": _after_route,
    "after-figure": _after_figure, "after-luck": _after_luck,
}
