"""What crosses the border to a seat: typed, versioned messages without numpy.

Screens, remote clients and tests see these and nothing else of the market. Money is CNY (float of whole fen) unless a
name ends in ``_fen`` (int). Shares, accuracy, capability and trust are 0..1. Tables by segment, source or lever are
dicts keyed by the names of `game.engine.names`.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

WIRE_VERSION = 1
T = TypeVar("T")


class Message(msgspec.Struct, frozen=True):
    """A sentence to be: an id in the locale and its arguments (names of things as ids, numbers as numbers)."""

    id: str
    args: dict[str, float | int | str] = {}


class Effect(msgspec.Struct, frozen=True):
    """One stated consequence of a card's choice: direction and range, as shown before choosing."""

    target: str
    op: str
    low: float
    high: float
    who: str = "self"
    segment: str = ""
    quarters: int = 0
    chance: float = 1.0


class Choice(msgspec.Struct, frozen=True):
    """One choice of a card: what it costs now, what follows."""

    index: int
    cost: float
    effects: list[Effect] = []
    allowed: bool = True


class CardOffer(msgspec.Struct, frozen=True):
    """A card on the founder's desk; texts are in content by ``id``."""

    id: str
    choices: list[Choice]


class Firm(msgspec.Struct, frozen=True):
    """What everybody may know of one firm."""

    index: int
    id: str
    archetype: str
    status: str
    route: str
    price_token: float
    price_app: float
    price_solution: float
    share: dict[str, float]
    capability: float
    """Noisy public benchmark, 0..1 (own row: exact)."""
    trust: float
    community: float
    rank: int
    """Rank by value as the gazette publishes it, 1 best."""
    tells: list[Message] = []
    human: bool = False


class Own(msgspec.Struct, frozen=True):
    """The firm's own books, exact."""

    cash: float
    debt: float
    equity: float
    value: float
    founders_share: float
    paid_out: float
    revenue: float
    """Last quarter, CNY."""
    cost: float
    runway: float | None
    """Quarters of cash at last quarter's net burn; null when cash does not fall."""
    capability: float
    efficiency: float
    """Algorithmic efficiency multiple, 1 at the start of 2023."""
    safety: float
    trust: float
    community: float
    credibility: float
    unit_cost: float
    """CNY to serve a million tokens."""
    unit_margin: float
    capacity: float
    """Delivered compute this quarter, PFLOP/s."""
    utilisation: float
    unserved: float
    """Share of demand turned away last quarter."""
    committed: float
    """Payments next quarter that cannot be avoided: wages, compute, interest, fixed."""
    contracted: float
    """Revenue next quarter from contracts already signed."""
    knowledge: dict[str, float]
    freshness: dict[str, float]
    accuracy: dict[str, float]
    customers: dict[str, float]
    """Paying customers (developers, consumers) or running contracts (verticals)."""
    leads: dict[str, float]
    pilots: dict[str, float]
    staff: dict[str, int]
    arriving_staff: dict[str, int]
    compute: dict[str, float]
    """Contracted PFLOP/s by source this quarter (before chip ratio)."""
    arriving: dict[str, list[float]]
    """Contracted PFLOP/s by source for each of the following quarters."""
    raise_low: float = 0.0
    """Least and greatest share of a round that investors are likely to fill (80 %)."""
    raise_high: float = 1.0


class Market(msgspec.Struct, frozen=True):
    """Public facts of the quarter."""

    live_models: int
    token_price: float
    """Median price of live firms, CNY per million tokens."""
    token_price_low: float
    frontier: float
    best_open: float
    sentiment: float
    compute_price: dict[str, float]
    """CNY per PFLOP/s-quarter by source."""
    import_open: float
    """Share of orders from imports that is delivered (1 free, 0 banned)."""
    adopters: dict[str, float]
    potential: dict[str, float]
    outside: dict[str, float]
    """Share of users who run open weights themselves."""
    open_segments: list[str]


class Row(msgspec.Struct, frozen=True):
    """Headline numbers at the end of one quarter (quarter -1 + start = opening), for charts."""

    quarter: int
    cash: float
    revenue: float
    value: float
    share: float | None
    rank: int
    trust: float
    capability: float
    community: float
    live_models: int
    token_price: float
    own_price: float


class Limit(msgspec.Struct, frozen=True):
    """What a lever takes now: range, step of one arrow key, whether it is shown and free."""

    low: float
    high: float
    step: float
    locked: str = ""
    """Id of a message why it cannot move now, or empty."""


class Guidance(msgspec.Struct, frozen=True):
    """An 80 % interval given in ``quarter`` for the end of the next, beside the naive one and the game's own forecast.

    Scores are interval scores (Gneiting and Raftery 2007): lower is better; None until the books are closed. The naive
    interval and the forecast are those of the moment at which the guidance was given.
    """

    quarter: int
    what: str
    """``cash`` or ``revenue``."""
    low: float
    high: float
    naive_low: float
    naive_high: float
    actual: float | None = None
    score: float | None = None
    naive: float | None = None
    game_low: float | None = None
    """10 % of the futures of the plan chosen end below this; None where they were not played."""
    game_high: float | None = None
    game: float | None = None


class GuidanceTotal(msgspec.Struct, frozen=True):
    """Guidance on one quantity so far: how often it held, and mean scores over the same quarters."""

    what: str
    count: int
    """Intervals given whose books are closed."""
    held: int
    score: float
    naive: float
    game_count: int = 0
    """Of those, intervals that the game's own forecast stands beside, and what that makes of both:"""
    game_held: int = 0
    game: float = 0.0
    score_beside_game: float = 0.0


class SeatView(msgspec.Struct, frozen=True):
    """Everything one seat may know at the start of a quarter."""

    version: int
    scenario: str
    background: str
    difficulty: str
    assume: str
    seed: str
    quarter: int
    first_quarter: int
    quarters: int
    """Number of quarters of the scenario."""
    act: int
    levers: str
    """``all`` or ``five``."""
    firm: int
    own: Own
    firms: list[Firm]
    market: Market
    standing: dict[str, float]
    """Value of every lever as it stands."""
    limits: dict[str, Limit]
    card: CardOffer | None = None
    distress: CardOffer | None = None
    headlines: list[Message] = []
    history: list[Row] = []
    ended: str = ""
    """Id of the ending once the game is over for this seat."""
    guidance: list[Guidance] = []
    """Every interval given so far, scored where the books are closed."""
    guidance_totals: list[GuidanceTotal] = []


class Draft(msgspec.Struct, frozen=True):
    """What a seat decides: levers that differ from their standing values, and a reason in the player's own words."""

    quarter: int
    levers: dict[str, float] = {}
    reason: str = ""


class Line(msgspec.Struct, frozen=True):
    """One ledger line, whole fen, inflow positive."""

    id: str
    amount_fen: int


class ShareChange(msgspec.Struct, frozen=True):
    """Why the share in one segment moved: first as flows, then those who chose again by cause; both add up exactly."""

    segment: str
    before: float
    after: float
    kept: float
    won: float
    lost: float
    unserved: float
    causes: dict[str, float] = {}
    """Contribution to ``after - before`` of price, quality, trust, community, habit, events, reach and ``others``."""


class Forecast(msgspec.Struct, frozen=True):
    """One scored guidance interval."""

    what: str
    low: float
    high: float
    actual: float
    score: float
    naive: float


class Report(msgspec.Struct, frozen=True):
    """What happened in a quarter and why, for one seat."""

    version: int
    quarter: int
    opening_fen: int
    closing_fen: int
    lines: list[Line]
    shares: list[ShareChange]
    value_before: float
    value_after: float
    value_parts: dict[str, float]
    """Contributions to ``value_after - value_before``."""
    messages: list[Message]
    forecasts: list[Forecast] = []
    ended: str = ""


class Factor(msgspec.Struct, frozen=True):
    """One symbol of a formula and its value this quarter."""

    symbol: str
    """As the equations of the documentation write it, ``churn[finance]``."""
    value: float
    way: str = ""
    """How it is written: ``money``, ``price``, ``percent``, ``count``, ``flops``, ``quarters`` or plain."""
    parameter: str = ""
    """Id of the parameter that it is, or empty."""
    figures: list[str] = []
    """Figures that the parameter is read or derived from."""
    formula: str = ""
    """What it is worked out by, where it is no number of the books."""
    what: str = ""
    """Quantity that explains it further, with its segment, or empty."""
    segment: str = ""


class Part(msgspec.Struct, frozen=True):
    """One term of an explanation: how much of the change it is, and the formula that gives it."""

    id: str
    """A word of the locale's terms by its path (``line.wages``, ``cause.price``, ``part.training``), or ``firm.ID``."""
    amount: float
    formula: str = ""
    """In the symbols of ``factors``; empty for what is not visible."""
    factors: list[Factor] = []
    equation: str = ""
    """Id of the documentation's equation, where it is another than the number's."""
    who: str = "own"
    """``own``, ``public`` (moves that everybody sees), ``others`` (not visible), or ``hidden`` (told after the game)."""


class Explanation(msgspec.Struct, frozen=True):
    """Why a number is what it is, exactly: the parts add up to ``after - before``, or to ``after`` where there is no before.

    Made by `Seat.explain`. Nothing in it is hidden from the seat: what others did unseen is one part.
    """

    version: int
    what: str
    segment: str
    quarter: int
    way: str
    """How the number and its parts are written; see `Factor.way`, and ``fen`` for whole fen, ``points``, ``rank``."""
    before: float | None
    after: float
    parts: list[Part]
    equation: str = ""
    """Id of the documentation's equation."""
    flows: list[Part] = []
    """Another exact split of the same change, where there is one (a share as won and lost)."""
    formula: str = ""
    """How the number itself is worked out, where that is no sum."""
    factors: list[Factor] = []


class Change(msgspec.Struct, frozen=True):
    """A number that can be explained, with how much its change matters (1 is a usual change of the number)."""

    what: str
    segment: str
    way: str
    before: float | None
    after: float
    weight: float


class Changes(msgspec.Struct, frozen=True):
    """Every number of the quarter that can be explained, what mattered most first."""

    version: int
    quarter: int
    rows: list[Change]


class Preview(msgspec.Struct, frozen=True):
    """What ending the quarter with a draft would spend at once, before any sale (fen, outflows negative).

    A line of ``funding`` without an amount says that default management will ask for a round (five levers).
    """

    lines: list[Line]
    cash_after_fen: int
    warnings: list[Message] = []
    errors: list[Message] = []


class Fans(msgspec.Struct, frozen=True):
    """What may come of a draft: points of simulated futures, made from what the seat may know and nothing else.

    A band is one list a quarter ahead, each the 10, 25, 50, 75 and 90 per cent points (`POINTS`) over the futures.
    """

    version: int
    quarter: int
    """Quarter in which the draft is played; the first of a band is its end."""
    games: int
    """Futures behind these numbers."""
    wanted: int
    """Futures when all have come."""
    cash: list[list[float]]
    revenue: list[list[float]]
    value: list[list[float]]
    rank: list[list[float]]
    share: dict[str, list[list[float]]]
    """By segment, of those in which the seat may sell."""
    bankrupt: list[float]
    """Chance of being bankrupt by the end of each quarter."""
    worst: list[float]
    """Mean cash over the worst tenth of futures, a quarter each (expected shortfall at 10 per cent)."""
    unaided: float | None = None
    """Chance of being bankrupt by the last quarter if after this one no more money is found: no round, no loan, no way
    out of distress. Comes last; None until then."""


POINTS = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Shares of the futures that lie below the points of a band."""


class Event(msgspec.Struct, frozen=True):
    """Something that happened at the table: ``quarter-opened``, ``quarter-closed``, ``notice``, ``game-over``."""

    kind: str
    quarter: int
    message: Message | None = None


def encode(value: msgspec.Struct) -> bytes:
    """JSON bytes of any message of this module."""
    return msgspec.json.encode(value)


def decode(data: bytes, kind: type[T]) -> T:
    """Message of ``kind`` from JSON bytes.

    Raises `msgspec.ValidationError` where the bytes are not such a message.
    """
    return msgspec.json.decode(data, type=kind)
