"""The shape of every content file, as frozen values. Keys are those of the TOML files.

Money is CNY, shares are 0..1. ``id`` is kebab-case except for parameters, whose ids are field names of the rules.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from game.engine.names import ROUTES

from .basics import Entry as Entry
from .basics import Filled, Id, Name, Positive, Quarter, Share, Weight
from .basics import Text as Text
from .basics import texts_of as texts_of

Operator = Literal["<", "<=", ">", ">=", "==", "!="]
Use = Literal["", "value", "low", "high", "mid"]


# figures.toml ---------------------------------------------------------------------------------------------------------
class Named(Entry, frozen=True):
    """A unit, topic, kind of entity or archetype-like thing that has only a name."""

    id: Annotated[str, Meta(min_length=1)]
    name: Text


class Article(Entry, frozen=True):
    id: Id
    title: Text
    outlet: Text
    author: Text
    approx_date: Filled
    reliability: Text


class Figure(Entry, frozen=True):
    """A number (or words) that an article states; exactly one of value, low and high, text."""

    id: Id
    article: str
    subject: Text
    unit: str
    as_printed: Filled
    when: Text
    attributed_to: Text
    topic: str
    claim: Text
    value: float | None = None
    low: float | None = None
    high: float | None = None
    text: Text | None = None
    bound: Literal["more-than", "at-least", "less-than", "up-to", "down-to", "about"] | None = None
    direction: Literal["up", "down"] | None = None


class Source(Entry, frozen=True):
    id: Id
    name: Text
    articles: list[str]
    role: Text
    figures: list[str]


class Entity(Entry, frozen=True):
    id: Id
    name: Text
    articles: list[str]
    kind: str
    what: Text
    figures: list[str]


class Thesis(Entry, frozen=True):
    id: Id
    articles: list[str]
    claim: Text
    mechanism: Text
    figures: list[str]


class Caution(Entry, frozen=True):
    """Why some figures clash or cannot be right; ``disowns`` lists those not to be used except for their doubt."""

    id: Id
    figures: list[str]
    why: Text
    disowns: list[str]


# parameters.toml, assumptions/ ----------------------------------------------------------------------------------------
class FigureRef(Entry, frozen=True):
    """A number read from a figure: scale × figure + offset."""

    figure: str
    use: Use = ""
    scale: float = 1.0
    offset: float = 0.0


Number = float | FigureRef
Axis = Literal["segment", "source", "route", "year", "quarter"]
Status = Literal["source", "derived", "literature", "fitted", "assumed"]


class Parameter(Entry, frozen=True):
    """One number (or table) of the rules with its provenance; exactly one of value, figure, by + values.

    ``figures`` names what a derived number was computed from where it is not read from a figure directly. ``range`` is
    the least and the greatest value that any overlay may give it; see `game.content.ranges`.
    """

    id: Name
    name: Text
    unit: Filled
    status: Status
    note: Text
    group: Filled
    value: float | None = None
    figure: str | None = None
    use: Use = ""
    scale: float = 1.0
    offset: float = 0.0
    by: Axis | None = None
    values: dict[str, Number] | list[Number] | None = None
    figures: list[str] = field(default_factory=list)
    range: tuple[float, float] | None = None


class Change(Entry, frozen=True):
    """What an assumptions overlay makes of a number: scale × figure (÷ figure) + offset, or a multiple of what it was.

    ``times`` alone multiplies the number as it stands; with ``relative`` the multiple is what the figure comes to.
    ``per`` names a second figure that the first is divided by.
    """

    figure: str | None = None
    per: str | None = None
    use: Use = ""
    scale: float = 1.0
    offset: float = 0.0
    times: float | None = None
    relative: bool = False


class Assumptions(Entry, frozen=True):
    """Whom to believe: other values for some parameters; tables may be set in part, or scaled as a whole.

    ``reasons`` says for each parameter why it is set so.
    """

    id: Id
    name: Text
    text: Text
    set: dict[str, float | list[Number] | dict[str, float | str | bool | Change]] = field(default_factory=dict)
    reasons: dict[str, Text] = field(default_factory=dict)


# vocabulary of the market ---------------------------------------------------------------------------------------------
class Segment(Entry, frozen=True):
    id: Id
    name: Text
    what: Text


Group = Literal["product", "research", "industries", "compute", "people", "money"]
Kind = Literal["route", "price", "money", "share", "people", "flops", "count", "index", "choice"]


class Lever(Entry, frozen=True):
    """One row of the lever panel. With ``log`` a step is a share of the present value, never less than ``floor``."""

    id: str
    group: Group
    kind: Kind
    unit: Text
    low: float
    high: float
    step: Positive
    big_step: Positive
    log: bool
    five: bool
    name: Text
    help: Text
    floor: Weight = 0.0


class FiveRow(Entry, frozen=True):
    """One of the five rows of a lesson's panel and the levers that it moves."""

    id: Id
    name: Text
    help: Text
    moves: list[str]


class Archetype(Entry, frozen=True):
    id: Id
    name: Text
    what: Text


class Difficulty(Entry, frozen=True):
    """How rivals think; ``speed`` is the part of the way they move towards what they want each quarter."""

    id: Id
    name: Text
    text: Text
    policy: Literal["thumb", "reactive", "planner"]
    speed: Annotated[float, Meta(gt=0, le=1)]


# conditions, firms ----------------------------------------------------------------------------------------------------
class Condition(Entry, frozen=True):
    """``what op value``, in ``segment`` (or compute source) where the word needs one."""

    what: str
    op: Operator
    value: float | str
    segment: str = ""

    @property
    def number(self) -> float:
        """The value as a number; the name of a route becomes its index."""
        if isinstance(self.value, str):
            return float(ROUTES.index(self.value))
        return float(self.value)


class Start(Entry, frozen=True):
    """What a firm begins with. Money CNY, capability and efficiency in log units, staff people, compute PFLOP/s.

    Segments and sources left out of a table are 0.
    """

    cash: Positive
    debt: Weight
    founders_share: Share
    capability: float
    efficiency: float
    safety: Share
    trust: Share
    community: Weight
    credibility: Share
    route: float | str
    price_token: Weight
    price_app: Weight
    price_solution: Weight
    staff: dict[str, Annotated[int, Meta(ge=0)]]
    knowledge: dict[str, Weight]
    compute: dict[str, Weight]


class Traits(Entry, frozen=True):
    """What a firm is for good: numbers that the rules and the policies read. Money CNY a quarter.

    ``focus`` holds weights over segments; the rules scale them to add up to 1.
    """

    cloud: Share
    cloud_value: Weight
    skill_research: Weight
    skill_efficiency: Weight
    skill_sales: Weight
    state_access: float
    app_traffic: float
    fixed_cost: Weight
    budget: Weight
    budget_growth: float
    appetite: Share
    boldness: Share
    focus: dict[str, Weight]
    import_access: Share
    credit: Weight
    opening: float | str


class Tell(Entry, frozen=True):
    id: Id
    when: list[Condition]
    text: Text


class Rival(Entry, frozen=True):
    id: Id
    archetype: str
    name: Text
    short: Text
    temper: Text
    memory: Text
    tells: list[Tell]
    start: Start
    traits: Traits


class Background(Entry, frozen=True):
    id: Id
    name: Text
    text: Text
    strengths: Text
    debts: Text
    start: Start
    traits: Traits


# cards, scenarios -----------------------------------------------------------------------------------------------------
class Effect(Entry, frozen=True):
    """One consequence: exactly one of amount, low and high, figure (none for release, merge, sell, close)."""

    target: str
    op: str
    amount: float | str | None = None
    low: float | None = None
    high: float | None = None
    figure: str | None = None
    scale: float = 1.0
    use: Use = ""
    who: Literal["self", "rivals", "clouds", "open", "all"] = "self"
    segment: str = ""
    quarters: Annotated[int, Meta(ge=0, le=24)] = 0
    chance: Share = 1.0


class Cost(Entry, frozen=True):
    """What a choice costs at once: CNY, or a multiple of last quarter's costs."""

    cash: Weight = 0.0
    scale: Weight = 0.0


class Choice(Entry, frozen=True):
    label: Text
    text: Text
    cost: Cost = Cost()
    effects: list[Effect] = field(default_factory=list)
    requires: list[Condition] = field(default_factory=list)


class Card(Entry, frozen=True):
    id: Id
    title: Text
    text: Text
    headline: Text
    act: Annotated[list[Annotated[int, Meta(ge=1, le=3)]], Meta(min_length=1)]
    odds: Share
    weight: Share
    choices: Annotated[list[Choice], Meta(min_length=2, max_length=3)]
    note: Text
    first: Quarter | None = None
    last: Quarter | None = None
    once: bool = True
    when: list[Condition] = field(default_factory=list)
    after: str | None = None
    figures: list[str] = field(default_factory=list)
    theses: list[str] = field(default_factory=list)


class Goal(Entry, frozen=True):
    id: Id
    name: Text
    what: str
    op: Operator
    value: float | str
    segment: str = ""


class Scenario(Entry, frozen=True):
    id: Id
    name: Text
    text: Text
    goals: list[Goal]
    first: Quarter
    quarters: Annotated[int, Meta(ge=1, le=24)]
    levers: Literal["all", "five"]
    firms: Annotated[int, Meta(ge=2, le=16)]
    rivals: list[str]
    cards: str | list[str]
    segments: Annotated[list[str], Meta(min_length=1)]
    start: Literal["fresh", "derived"]
    note: Text
    middle: Quarter | None = None
    """First quarter of the second round, of a scenario that a class may play in two (`game.table.rounds`)."""
    apart: bool = False
    """Whether it came when runs of the others had been played already, and is no part of their rules digest."""


# what the market is told and judged by --------------------------------------------------------------------------------
class Fact(Entry, frozen=True):
    """What the market should reproduce: a measure, a band and the figures it is compared with.

    ``reason`` says why it is missed where it is.
    """

    id: Id
    name: Text
    figures: list[str]
    measure: Filled
    low: float
    high: float
    note: Text
    reason: Text | None = None


class Free(Entry, frozen=True):
    """A parameter that a calibration may move, and between which values; ``entry`` is a name on a table's axis.

    With ``log`` the search steps in ratios. The list stands before the first fit and holds at most twelve.
    """

    id: Id
    parameter: Name
    low: float
    high: float
    note: Text
    entry: str = ""
    log: bool = False


class Headline(Entry, frozen=True):
    id: Id
    text: Text
    weight: Weight = 1.0
    first: Quarter | None = None
    last: Quarter | None = None
    when: list[Condition] = field(default_factory=list)


class Paragraph(Entry, frozen=True):
    text: Text
    when: list[Condition] = field(default_factory=list)


class Ending(Entry, frozen=True):
    id: Id
    name: Text
    epilogue: list[Paragraph]
