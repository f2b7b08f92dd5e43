"""Everything that the report of a class knows, for pages, tables and the terminal. No numpy here, nothing is computed.

Money is CNY, shares and chances are 0..1, quarters are counted from 2023 Q1 (`game.engine.names.quarter_label` names
them). Sentences are typed messages (`game.table.wire.Message`), said by the locale's ``class`` table. Names and reasons
that pupils typed are as `game.language.clean` left them, and are text all the same: escape them wherever they go.

A report is written early and filled in later: whatever needs futures is None or empty until it has come, and
``progress`` says how far it is and with what budget.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import msgspec

from game.lab.analysis.model import Analysis
from game.table.wire import Message, Row

REPORT_VERSION: Final = 1

Verdict: TypeAlias = Literal[
    "ok", "damaged", "forged", "other", "duplicate", "rules", "forbidden", "unreadable", "no-run"
]
"""Of a file: recomputed and found as written; a line that is not what was written (checksums); a line that cannot be
reproduced by playing it again; of another assignment; of a run that another file holds as well; of rules that are not
here, so that it cannot be recomputed; undone or forked where the assignment forbids it; not to be read; no run at all."""
COUNTED: Final[tuple[Verdict, ...]] = ("ok",)
"""Verdicts of files that count; every other file is named with its reason and counts nowhere."""

Mark: TypeAlias = Literal["unfinished", "undone", "fork", "torn", "unnamed", "twin", "partly", "policy"]
"""Of a run that counts: not played to its end; a quarter was taken back; branched from another run; its last save was cut
short; no name or number; decides in every quarter as another pupil's run; planner rivals recomputed in one quarter only;
no person played it."""


class Asked(msgspec.Struct, frozen=True):
    """What was asked of everybody: the assignment, or what most of the runs are where none was given."""

    id: str
    """Of the assignment; empty where none was given."""
    title: str
    scenario: str
    background: str
    difficulty: str
    assume: str
    levers: str
    """``five`` or ``all``."""
    seed: str
    """As typed."""
    first: int
    """First quarter."""
    quarters: int
    """Length of the scenario."""
    planned: dict[int, list[str]]
    """Cards dealt to all at the start of a quarter (counted from 2023 Q1), by quarter."""
    undo: Literal["forbidden", "marked"]
    deadline: str
    """As typed; nothing enforces it. May be empty."""
    digest: str
    """Of the rules."""
    given: bool
    """Whether an assignment file said this; else it is what most runs have in common."""
    firms: list[str] = []
    """Firms that people run in one market, of a room where all shared one; empty where everybody has a market alone."""
    room: bool = False
    """Whether the runs come out of a room."""
    opening: str = ""
    """Digest of the state it begins in, where scenario and seed do not give it (the second round of a room)."""


class FileEntry(msgspec.Struct, frozen=True):
    """One thing that lay in the folder."""

    file: str
    """Name below the folder, with ``/``."""
    size: int
    """Bytes; 0 where that is not known."""
    verdict: Verdict
    sentence: Message
    """Why, in one sentence; its arguments have ``file``, and ``line``, ``quarter``, ``other`` where they matter."""
    pupil: int | None = None
    """Place in `ClassReport.pupils` of a run that counts."""
    player: str = ""
    """Name or number in its head, where that could be read."""
    line: int | None = None
    """First line that is wrong, from 1, of a damaged or forged one."""
    of: str = ""
    """File that holds the same run, of a duplicate."""
    marks: list[Mark] = []
    remarks: list[Message] = []
    """One sentence for each mark, in their order."""


class Moved(msgspec.Struct, frozen=True):
    """A lever that a pupil moved; ``before`` is None where it had no standing value (guidance, answers)."""

    lever: str
    before: float | None
    after: float


class Decided(msgspec.Struct, frozen=True):
    """What a pupil did in one quarter, from the record alone."""

    quarter: int
    moved: list[Moved]
    """In the order of levers; answers to cards and guidance are not among them."""
    card: str = ""
    """Id of the card that lay there, or empty."""
    choice: int | None = None
    """Place of the choice made, from 0."""
    distress: int | None = None
    """Way out of distress that was taken, from 0."""
    reason: str = ""
    dealt: list[str] = []
    """Cards that the teacher dealt to all this quarter."""


class Notable(msgspec.Struct, frozen=True):
    """A quarter worth talking about, for the grade sheet; ``message`` says what happened in it."""

    quarter: int
    why: Literal["regret", "surprise", "swing"]
    """Largest regret; result farthest outside what one could expect; largest turn against the class (no futures yet)."""
    amount: float
    """CNY."""
    message: Message
    reason: str = ""
    """What the pupil wrote in that quarter."""


class Pupil(msgspec.Struct, frozen=True):
    """One run that counts."""

    place: int
    file: str
    player: str
    """May be empty."""
    marks: list[Mark]
    checksum: str
    """Of the run's last line: names exactly this run."""
    played: int
    ending: str
    """Id of the ending, empty while the game goes on."""
    bankrupt: int | None
    """Quarter in which the firm ended by ruin, None if it did not."""
    value: float
    """At the last quarter's end."""
    cash: float
    rank: int
    """The firm's in its own market, by value."""
    rows: list[Row]
    """Opening first, then the end of every quarter."""
    lowest: list[float]
    """Low token price of the pupil's own market after every quarter (CNY per million tokens; the third lowest, as
    `game.table.wire.Market.token_price_low`); ``rows`` have the median."""
    decided: list[Decided]
    """Aligned to ``rows[1:]``."""
    analysis: Analysis
    """Regret, guidance with scores, turning points, luck: as `game.lab.analysis` fills it in. Its quarters are there from
    the beginning (numbers, reasons, guidance beside the naive interval) and have regret once ``analysed``."""
    notable: list[Notable] = []
    """The two quarters that matter most, in order of time."""
    worst: int | None = None
    """Quarter of the largest regret (the largest swing until there is one); where a fork teaches most."""


class Band(msgspec.Struct, frozen=True):
    """Points of a distribution at the end of one quarter."""

    quarter: int
    games: int
    low: float
    """10 %."""
    quarter_low: float
    """25 %."""
    median: float
    quarter_high: float
    """75 %."""
    high: float
    """90 %."""


class Field(msgspec.Struct, frozen=True):
    """A group of games beside one another: the class, or bots of one policy."""

    who: Literal["class", "bots"]
    policy: str
    """Id of the policy of bots, empty for all of them together and for the class."""
    luck: Literal["same", "other"]
    """Whether all were played on the class's own seed."""
    games: int
    value: list[Band]
    cash: list[Band]
    alive: list[float]
    """Share still trading after each quarter."""
    price: list[float]
    """Median over games of the market's median token price after each quarter."""
    low_price: list[float]
    """The same of the market's low price."""


class Bot(msgspec.Struct, frozen=True):
    """One bot's game on the class's own seed, in the pupils' seat."""

    policy: str
    habits: str
    """Id of the firm whose habits it had (what it likes to sell, how bold it is); empty for the seat's own."""
    value: list[float]
    """After each quarter."""
    cash: list[float]
    bankrupt: int | None


class Fate(msgspec.Struct, frozen=True):
    """A firm of the pupils' markets: how many of the class's markets it still traded in at the end."""

    firm: str
    alive: int
    of: int


class Spread(msgspec.Struct, frozen=True):
    """The class beside bots. Every list has one item a quarter, in the order of ``quarters``."""

    quarters: list[int]
    pupils: Field
    """Finished runs and those under way alike, as far as they go (``Band.games`` counts them)."""
    bots: list[Field]
    """On the same seed: all, then by policy; then on other seeds: all, then by policy. Empty until they have played."""
    games: list[Bot]
    """Each bot on the same seed."""
    seeds: int
    """Other seeds that bots played."""
    rivals: list[Fate]


class Extreme(msgspec.Struct, frozen=True):
    """The best or the worst run, and where to fork it."""

    pupil: int
    value: float
    quarter: int | None
    """Start of the quarter with its largest regret (largest swing until regret has come)."""
    sure: bool
    """Whether that regret's interval excludes chance."""


class Progress(msgspec.Struct, frozen=True):
    """How far a report is."""

    stage: Literal["verify", "spread", "regret", "done"]
    done: int
    of: int
    """Steps of the stage: files, games, quarters of runs."""
    budget: str = ""
    """Id of the regret's budget (``analysis.budget.ID`` in the locale); empty where none is computed."""
    select: int = 0
    """Futures of each candidate when the best one is chosen."""
    measure: int = 0
    """Fresh futures in which regret is measured."""
    left_out: int = 0
    """Runs whose regret could not be computed."""


class ClassReport(msgspec.Struct, frozen=True):
    """The report of a class."""

    version: int
    program: str
    folder: str
    """Name of the folder, without where it stands."""
    asked: Asked | None
    """None where no run could be read and no assignment was given."""
    files: list[FileEntry]
    """Everything that lay there, by name; nothing is dropped."""
    pupils: list[Pupil]
    """Runs that count, by player and file: never by rank."""
    spread: Spread | None
    """None where no run counts."""
    best: Extreme | None
    worst: Extreme | None
    progress: Progress
    proof: Message
    """What no file can prove, in one sentence."""
    rivals: Literal["recomputed", "sampled", "none"]
    """Whether all decisions of rivals were recomputed, or of planners one quarter a run drawn at random."""
    notices: list[Message] = []
    """What concerns all: no assignment given, too few runs, own content missing."""
