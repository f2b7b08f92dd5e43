"""What a room and the people in it say to each other: typed, versioned, bounded messages without numpy.

A member's program sends an `Asked` and gets one `Answer` with the same number (a `Part` for each fan before it, where
futures were asked for). Whenever something changes for the member, the room pushes a whole `Now`: whoever missed some
needs the newest only. The teacher's desk sends `Command` and sees `Desk`; the projector sees `Board`.

Everything a person typed travels as the plain text that `game.language.clean_text` left of it, and is never markup.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from game.table.wire import Draft, Fans, Message

PROTOCOL: Final = 1
"""Raised when an older program could not take part; both sides say theirs, and the older is told to update."""
MAX_MESSAGE: Final = 64 * 1024
"""Bytes of one message from a member; nobody's draft is a tenth of that."""
MAX_NAME: Final = 24
"""Cells of a nickname or of a team's name."""
MAX_TEXT: Final = 500
"""Characters of a reason, or of what the teacher tells the class."""

Id = Annotated[str, Meta(min_length=1, max_length=64)]
Name = Annotated[str, Meta(max_length=4 * MAX_NAME)]
Text = Annotated[str, Meta(max_length=MAX_TEXT)]
Phase: TypeAlias = Literal["lobby", "open", "closing", "between", "debrief", "over"]
"""Before the first quarter; deciding; being played; waiting for the teacher to open the next; told; finished for good."""


# joining --------------------------------------------------------------------------------------------------------------
class Join(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wish to take part, sent once, with the room's code."""

    protocol: int
    code: Annotated[str, Meta(max_length=32)]
    name: Name
    """Nickname or number; never asked for more."""
    team: Annotated[str, Meta(max_length=64)] = ""
    """Id of a team, or empty for the room to choose."""
    role: Annotated[str, Meta(max_length=32)] = ""
    program: Annotated[str, Meta(max_length=32)] = ""


class Place(msgspec.Struct, frozen=True):
    """A member's place. ``secret`` is all that proves it: whoever shows it again returns to this place."""

    member: str
    team: str
    secret: str
    protocol: int = PROTOCOL


# what a member asks ---------------------------------------------------------------------------------------------------
class See(msgspec.Struct, frozen=True, tag_field="ask", tag="view"):
    """The `SeatView` of the team's firm."""


class Recall(msgspec.Struct, frozen=True, tag_field="ask", tag="last-report"):
    """The `Report` of the quarter before, or null."""


class Past(msgspec.Struct, frozen=True, tag_field="ask", tag="market-history"):
    """The `MarketHistory`."""


class Cost(msgspec.Struct, frozen=True, tag_field="ask", tag="preview"):
    """The `Preview` of a draft."""

    draft: Draft


class Foresee(msgspec.Struct, frozen=True, tag_field="ask", tag="futures"):
    """The fans of a draft, as `Part` messages, then an empty `Answer`. A member's newer one ends the older."""

    draft: Draft


class Explain(msgspec.Struct, frozen=True, tag_field="ask", tag="explain"):
    """The `Explanation` of a number, or null."""

    what: Id
    segment: Annotated[str, Meta(max_length=64)] = ""


class Changed(msgspec.Struct, frozen=True, tag_field="ask", tag="changes"):
    """The `Changes` of the last quarter, or null."""


class Save(msgspec.Struct, frozen=True, tag_field="ask", tag="save"):
    """Keep the team's draft as it stands (not decided yet). Only who holds the pen may."""

    draft: Draft


class Decide(msgspec.Struct, frozen=True, tag_field="ask", tag="decide"):
    """The team has decided; answered at once, with nothing. Only who holds the pen may; again replaces it."""

    draft: Draft


class Reconsider(msgspec.Struct, frozen=True, tag_field="ask", tag="withdraw"):
    """Take the decision back while the quarter is open; the draft stays."""


class Guess(msgspec.Struct, frozen=True, tag_field="ask", tag="forecast"):
    """The member's own 80 % interval for a number of the team's firm at the end of this quarter (CNY).

    Of a team in receivership: for ``price``, the median token price (CNY per million tokens).
    """

    quarter: int
    what: Literal["cash", "revenue", "price"]
    low: float
    high: float


class Argue(msgspec.Struct, frozen=True, tag_field="ask", tag="reason"):
    """The member's reason for what the team does this quarter, in own words; again replaces it."""

    quarter: int
    text: Text


class Pen(msgspec.Struct, frozen=True, tag_field="ask", tag="pen"):
    """Take the pen where nobody here holds it, or hand it to a member of the team (the holder may)."""

    to: Annotated[str, Meta(max_length=64)] = ""


class Reenter(msgspec.Struct, frozen=True, tag_field="ask", tag="re-enter"):
    """The team of a firm that ended founds a small one again, once, on the terms that `Now.terms` states."""


class Briefing(msgspec.Struct, frozen=True, tag_field="ask", tag="briefing"):
    """The `Sheet` of the member's role."""


Request: TypeAlias = (
    See | Recall | Past | Cost | Foresee | Explain | Changed | Save | Decide | Reconsider | Guess | Argue | Pen | Reenter
    | Briefing
)


class Asked(msgspec.Struct, frozen=True):
    """A request and its number, chosen by who asks."""

    id: Annotated[int, Meta(ge=0, lt=2**31)]
    request: Request


# what the room tells a member -----------------------------------------------------------------------------------------
class Answer(msgspec.Struct, frozen=True, tag_field="kind", tag="answer"):
    """The answer to a request: ``body`` is what the request's class says, in JSON; or every fault, one sentence each."""

    id: int
    body: msgspec.Raw = msgspec.Raw(b"null")
    faults: list[Message] = []


class Part(msgspec.Struct, frozen=True, tag_field="kind", tag="part"):
    """Fans of a draft as far as they have been played."""

    id: int
    fans: Fans


class Mate(msgspec.Struct, frozen=True):
    """A member of one's own team."""

    id: str
    name: str
    role: str = ""
    pen: bool = False
    here: bool = False
    """Whether a connection of theirs is open."""
    forecast: bool = False
    """Whether they have given a forecast this quarter."""
    reason: bool = False


class Rival(msgspec.Struct, frozen=True):
    """Another team as everybody may see it: never its books, its draft or what it decided."""

    id: str
    name: str
    firm: str
    decided: bool = False
    here: bool = False
    status: str = "active"
    rank: int | None = None
    """By value at the end of the last quarter; None while the ranking is hidden."""


class Told(msgspec.Struct, frozen=True):
    """What the teacher told the class."""

    number: int
    text: str


class Terms(msgspec.Struct, frozen=True):
    """What a team may found its second firm on."""

    cash: float
    """CNY."""
    founders_share: float
    capability: float


class Now(msgspec.Struct, frozen=True, tag_field="kind", tag="now"):
    """Everything of the room that concerns one member, at one moment. Pushed whole whenever it changes."""

    version: int
    """Counts up; a member's program draws the newest."""
    phase: Phase
    paused: bool
    mode: Literal["shared", "parallel"]
    scenario: str
    round: int
    quarter: int
    first_quarter: int
    quarters: int
    left: float | None
    """Seconds until the clock closes the quarter; None without a clock. It stands still while paused."""
    member: str
    name: str
    team: str
    team_name: str
    firm: int
    """Row of the team's firm at its table."""
    role: str
    pen: bool
    decided: bool
    mates: list[Mate]
    rivals: list[Rival]
    draft: Draft | None = None
    """The team's draft as last saved."""
    saved: int = 0
    """Counts the saves of this quarter, so that who holds the pen knows its own."""
    absent: int = 0
    """Quarters in a row that the clock closed without the team; from the second on default management runs the firm."""
    stood_in: str = ""
    """How the last quarter was closed without a decision: ``draft``, ``standing``, ``managed`` or empty."""
    receiver: bool = False
    """Whether the team's firm has ended and the team forecasts as receiver and investor."""
    terms: Terms | None = None
    """Where the team may found again now."""
    told: list[Told] = []
    dealt: list[str] = []
    """Cards that were dealt to all this quarter."""
    names: dict[str, str] = {}
    """Names of teams by firm id."""
    notice: Message | None = None
    """Something wrong with the room that everybody should know (the disk is full)."""
    forecast: dict[str, tuple[float, float]] = {}
    """The member's own forecasts of this quarter, by what."""
    reason: str = ""
    seed: str = ""
    """Empty until the debrief."""
    ended: bool = False
    """Whether the firm's game is over for this round."""


class Sheet(msgspec.Struct, frozen=True):
    """A role's private briefing: an id of content (`content/lessons`), the article it tells."""

    role: str
    article: str = ""
    """Empty where the role holds none."""


class Gone(msgspec.Struct, frozen=True, tag_field="kind", tag="gone"):
    """The connection ends and should not be opened again by itself: ``newer`` (the member is connected elsewhere),
    ``removed``, ``over`` or ``protocol``."""

    why: Literal["newer", "removed", "over", "protocol", "flood"]
    message: Message


Push: TypeAlias = Now | Gone
FromRoom: TypeAlias = Answer | Part | Now | Gone


# the teacher's desk ---------------------------------------------------------------------------------------------------
class Open(msgspec.Struct, frozen=True, tag_field="do", tag="open"):
    """Open the next quarter (from the lobby: the first); with a clock of so many seconds, or none."""

    seconds: Annotated[float, Meta(ge=5, le=7200)] | None = None


class Close(msgspec.Struct, frozen=True, tag_field="do", tag="close"):
    """Close the quarter now, drafts and standing levers standing in for who has not decided."""


class Pause(msgspec.Struct, frozen=True, tag_field="do", tag="pause"):
    """Stop the clock and keep decisions closed, or go on."""

    paused: bool


class Clock(msgspec.Struct, frozen=True, tag_field="do", tag="clock"):
    """Set the seconds left in this quarter, None for no clock."""

    seconds: Annotated[float, Meta(ge=5, le=7200)] | None


class Deal(msgspec.Struct, frozen=True, tag_field="do", tag="deal"):
    """Put a card on the desk of every firm: now if the quarter is open and nobody has decided, else next quarter."""

    card: Id


class Tell(msgspec.Struct, frozen=True, tag_field="do", tag="tell"):
    """Tell the class something."""

    text: Text


class Ranking(msgspec.Struct, frozen=True, tag_field="do", tag="ranking"):
    """Show or hide the ranking: hidden means nowhere."""

    shown: bool


class Restore(msgspec.Struct, frozen=True, tag_field="do", tag="restore"):
    """Give a member's place back: a new secret, by a link that works once; the old one dies."""

    member: Id


class Remove(msgspec.Struct, frozen=True, tag_field="do", tag="remove"):
    """Take a member out of the room."""

    member: Id


class Shift(msgspec.Struct, frozen=True, tag_field="do", tag="shift"):
    """Move a member to another team, in the lobby or between quarters."""

    member: Id
    team: Id


class Debrief(msgspec.Struct, frozen=True, tag_field="do", tag="debrief"):
    """End the playing: the seed and everybody's runs may be shown."""


class NextRound(msgspec.Struct, frozen=True, tag_field="do", tag="next-round"):
    """Of a scenario in two rounds: seat all teams in one shared market, with what their firms have become."""


class Finish(msgspec.Struct, frozen=True, tag_field="do", tag="finish"):
    """Close the room for good; its code and every secret die."""


Command: TypeAlias = (
    Open | Close | Pause | Clock | Deal | Tell | Ranking | Restore | Remove | Shift | Debrief | NextRound | Finish
)


class DeskMember(msgspec.Struct, frozen=True):
    """A member as the teacher sees one."""

    id: str
    name: str
    role: str
    pen: bool
    here: bool
    way: str = ""
    """How they are connected: ``browser``, ``terminal``, ``api`` or empty."""
    forecast: bool = False
    reason: bool = False


class DeskTeam(msgspec.Struct, frozen=True):
    """A team as the teacher sees one."""

    id: str
    name: str
    firm: str
    members: list[DeskMember]
    decided: bool
    drafted: bool
    status: str
    absent: int
    rank: int
    value: float
    """CNY, at the end of the last quarter."""
    cash: float
    stood_in: str = ""
    reentered: bool = False


class Desk(msgspec.Struct, frozen=True):
    """Everything the teacher sees of a room, at one moment."""

    version: int
    scenario: str
    mode: Literal["shared", "parallel"]
    difficulty: str
    assume: str
    levers: str
    code: str
    """As pupils type it."""
    phase: Phase
    paused: bool
    round: int
    rounds: int
    quarter: int
    first_quarter: int
    quarters: int
    left: float | None
    ranking: bool
    teams: list[DeskTeam]
    told: list[Told] = []
    dealt: list[str] = []
    planned: list[str] = []
    """Cards that will be dealt when the next quarter opens."""
    cards: list[str] = []
    """Cards that can be dealt."""
    trouble: Message | None = None
    """What the store could not keep."""
    seed: str = ""
    """Empty until the debrief: the teacher's screen may be on the projector."""


# the projector --------------------------------------------------------------------------------------------------------
class BoardTeam(msgspec.Struct, frozen=True):
    """A team on the projector."""

    name: str
    firm: str
    decided: bool
    here: int
    status: str
    rank: int | None = None
    value: float | None = None
    """CNY; with the ranking, and hidden with it."""


class BoardRow(msgspec.Struct, frozen=True):
    """What was public at the end of a quarter."""

    quarter: int
    token_price: float
    live_models: int
    survivors: int
    """Firms at the table (shared) or teams (parallel) still trading."""


class Board(msgspec.Struct, frozen=True):
    """What everybody may see on the projector."""

    version: int
    scenario: str
    phase: Phase
    paused: bool
    round: int
    quarter: int
    first_quarter: int
    quarters: int
    left: float | None
    code: str
    """Empty once the room is over."""
    teams: list[BoardTeam]
    history: list[BoardRow] = []
    told: list[Told] = []
    dealt: list[str] = []
    ranking: bool = False
    seed: str = ""
    """Empty until the debrief."""
