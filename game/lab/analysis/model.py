"""The analysis of a run as data, for screens, pages and JSON. No numpy here, and nothing is computed.

Money is CNY, shares and chances are 0..1, quarters are counted from 2023 Q1 (`game.engine.names.quarter_label` names
them). Sentences are typed messages (`game.table.wire.Message`) whose texts stand in ``content/locale/analysis.toml``:
``tongue.message(turn.message)`` says them.

>>> Measured(5.0, 1.0, 9.0).sure, Measured(5.0, -1.0, 11.0).sure
(True, False)
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from game.table.wire import Guidance, GuidanceTotal, Message, Row

ANALYSIS_VERSION: Final = 1
SCALE: Final = 1e7
"""CNY; luck and skill stand on the scale log(1 + value ÷ this), and regret is never a share of less."""
MOST_RUNS: Final = 4
"""Runs that are compared side by side."""

Verdict = Literal["", "best", "ok", "inaccuracy", "mistake", "blunder"]
VERDICTS: Final[tuple[Verdict, ...]] = ("best", "ok", "inaccuracy", "mistake", "blunder")
"""From good to bad; empty where a quarter was not analysed."""
MARKS: Final[dict[str, str]] = {"best": "*", "ok": "", "inaccuracy": "?!", "mistake": "?", "blunder": "??"}
"""As chess annotates."""
SHARES: Final[dict[str, float]] = {"inaccuracy": 0.08, "mistake": 0.15, "blunder": 0.25}
"""Least regret, as a share of what the better plan is worth, for each mark; below the first a decision is ``ok``."""


class Measured(msgspec.Struct, frozen=True):
    """A mean over futures, with the 90 % interval of that mean."""

    mean: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0.0 or self.high < 0.0


class Range(msgspec.Struct, frozen=True):
    """Futures below which a tenth, a half and nine tenths end."""

    low: float
    median: float
    high: float


class Move(msgspec.Struct, frozen=True):
    """A lever that differs between two plans; None where nothing is given."""

    lever: str
    done: float | None
    better: float | None


class Plan(msgspec.Struct, frozen=True):
    """The best candidate: ``label`` is an id of the locale (``analysis.plan.<label>``), ``own`` what was done itself."""

    label: str
    moves: list[Move] = []
    """Levers that differ from what was done, those that matter most first."""
    ruin: float = 0.0
    """Chance of bankruptcy within the quarters ahead."""


class Option(msgspec.Struct, frozen=True):
    """One choice of a card, or way out of distress, against the choice made with everything else as it was done."""

    index: int
    allowed: bool
    worth: Measured | None
    """Mean value of this choice less that of the choice made; None for that one itself and where it is closed."""


class Answer(msgspec.Struct, frozen=True):
    """What lay on the desk and how it was answered; ``card`` is an id of content, or ``distress``."""

    card: str
    choice: int
    """Place of the choice carried out, counted from 0."""
    options: list[Option] = []


class QuarterAnalysis(msgspec.Struct, frozen=True):
    """One quarter. Everything but ``hindsight`` follows from what the seat could know when the quarter began."""

    quarter: int
    row: Row
    """Headline numbers at its end, as recorded."""
    cost: float | None = None
    """Cost of the quarter; None where the state is not at hand."""
    runway: float | None = None
    """Quarters that the cash at its end lasts at its burn; None when cash does not fall."""
    analysed: bool = False
    """Whether the numbers below are there; while an analysis is under way they are not yet."""
    note: Message | None = None
    """Why a quarter cannot be analysed at all."""
    ahead: int = 0
    """Quarters that the futures run, this one included: regret is measured at their end."""
    fan: list[Range] = []
    """Value that the plan chosen let one expect at the end of this quarter and of each after it, up to ``ahead``."""
    ruin: float = 0.0
    """Chance of bankruptcy by then under the plan chosen."""
    worth: float = 0.0
    """Mean value of the plan chosen at the end of the futures."""
    regret: Measured | None = None
    """Mean value of the best candidate less that of the plan chosen, CNY; the pairs share their luck."""
    share: float = 0.0
    """Regret as a share of the mean value of the better of the two plans (at least 10 million CNY)."""
    log_regret: Measured | None = None
    """The same difference on the scale log(1 + value ÷ 10 million CNY), which one lucky fortune cannot carry."""
    gain: Measured | None = None
    """Mean value of the plan chosen less that of the plain rule of thumb."""
    verdict: Verdict = ""
    """A mark needs an interval that excludes zero on both scales, and a share of `SHARES`."""
    best: Plan | None = None
    hindsight: float | None = None
    """Another number: value of the best candidate less that of the plan chosen, both played on from the true state
    under the true luck; None where the state does not allow it."""
    answers: list[Answer] = []
    reason: str = ""
    """As typed by the player; never trusted, always shown as plain text."""
    guidance: list[Guidance] = []
    """Intervals given in this quarter, for the end of the next."""


class PolicyLuck(msgspec.Struct, frozen=True):
    """One standard policy in the same seat: its value on this seed beside its mean over many."""

    policy: str
    value: float
    scaled: float
    """log(1 + value ÷ 10 million CNY), as the two means."""
    mean: Measured
    """Over ``seeds`` seeds, with the interval of the mean."""
    seeds: int


class Luck(msgspec.Struct, frozen=True):
    """Luck of the seed and skill of the player, both on the scale log(1 + value ÷ 10 million CNY)."""

    scaled: float
    """The run's own value on that scale."""
    luck: Measured
    """Mean over the standard policies of their value on this seed less their mean over many; the interval is that of
    those means."""
    skill: float
    """The run's value less the standard policies' mean on this seed; what the seed gave is taken out."""
    policies: list[PolicyLuck]
    played: int
    """Quarters that all of this is measured over: those of the run, for a game that is not over."""
    stored: bool = False
    """Whether the means over many seeds are the shipped ones."""


class TurningPoint(msgspec.Struct, frozen=True):
    """A quarter that decided something; ``kind`` is one of `KINDS`."""

    quarter: int
    kind: str
    amount: float
    """CNY, by which the points are ordered; 0 where money is not the point."""
    message: Message


KINDS: Final = (
    "blunder", "mistake", "masterstroke", "windfall", "setback", "card", "lead-taken", "lead-lost", "brink", "ending",
)  # fmt: skip


class Origin(msgspec.Struct, frozen=True):
    """Where a fork left its parent."""

    checksum: str
    quarter: int


class RunHead(msgspec.Struct, frozen=True):
    """What a run is, from its head. ``file`` is a name without its folder."""

    file: str
    scenario: str
    background: str
    difficulty: str
    assume: str
    levers: str
    seed: str
    """As typed."""
    player: str
    seat: str
    """Who decided for the firm: ``human`` or the id of a policy."""
    firm: int
    name: str
    """Id of the firm."""
    first: int
    quarters: int
    """Length of the scenario."""
    played: int
    rules: str
    digest: str
    created: str
    undone: bool
    origin: Origin | None = None
    ending: str = ""
    """Id of the ending; empty for a game that is not over."""


class Budget(msgspec.Struct, frozen=True):
    """How much is computed; every analysis says it."""

    id: str
    select: int
    """Futures of each candidate when the best one is chosen."""
    measure: int
    """Fresh futures in which the best one and what was done are measured."""
    seeds: int
    """Seeds of baselines that are not shipped, of policies that think little; 0 leaves luck and skill out."""
    planner_seeds: int
    """The same of the planner; 0 leaves the planner out."""


QUICK: Final = Budget("quick", select=32, measure=128, seeds=0, planner_seeds=0)
FULL: Final = Budget("full", select=64, measure=500, seeds=200, planner_seeds=16)
THOROUGH: Final = Budget("thorough", select=128, measure=2000, seeds=200, planner_seeds=40)
BUDGETS: Final = {b.id: b for b in (QUICK, FULL, THOROUGH)}


class Analysis(msgspec.Struct, frozen=True):
    """The analysis of one run; while it is under way, what there is of it."""

    version: int
    head: RunHead
    opening: Row | None
    """Headline numbers before the first quarter; None where other rules played it."""
    quarters: list[QuarterAnalysis]
    budget: Budget
    done: int
    """Steps done of ``steps``; equal when the analysis is complete."""
    steps: int
    guidance: list[GuidanceTotal] = []
    luck: Luck | None = None
    turns: list[TurningPoint] = []
    """In order of time."""
    notices: list[Message] = []
    """What was marked, cut or left out: fork, undone, running, torn, older rules, damage."""


GONE: Final = "analysis.note.gone"
"""Note of quarters after the firm's own end."""


def lived(analysis: Analysis) -> list[QuarterAnalysis]:
    """The quarters in which the firm was there, for whoever shows them."""
    return [q for q in analysis.quarters if q.note is None or q.note.id != GONE]


class Link(msgspec.Struct, frozen=True):
    """Of the compared runs ``child`` was forked from ``parent`` (places in the list) at the start of ``quarter``."""

    child: int
    parent: int
    quarter: int


class Comparison(msgspec.Struct, frozen=True):
    """Up to four runs side by side, and the document of ``baimo analyse --json`` (one run is a comparison of one)."""

    version: int
    runs: list[Analysis]
    same_luck: bool
    """Whether all play the same seed in the same setting."""
    split: int | None = None
    """First quarter in which their decisions differ; None where the runs share no beginning, or for one run."""
    links: list[Link] = []
    notices: list[Message] = []
