"""One run held against what was asked: whole, of this assignment, and as playing it again makes it.

Whatever can be computed again is: every state, number and ending, what people could have decided, and what rivals
would. Rivals that plan take as long as all the rest many times over, so of each run one decision of one of them is drawn
afresh (nobody can know which) and computed again, or all with ``deep``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from game.content.load import load
from game.engine import derive
from game.engine.names import LEVERS, quarter_label
from game.engine.state import State
from game.foresight.decide import PLANNER
from game.lab.analysis.model import QUICK
from game.lab.analysis.reading import opened
from game.lab.analysis.run import steps
from game.lab.classwork.folder import of_trouble
from game.lab.classwork.model import Asked, Decided, FileEntry, Mark, Moved, Pupil
from game.table.errors import Foreign, RunError
from game.table.lines import Dealt, Head, Levers
from game.table.local import room_market, seats_of
from game.table.market import GIVEN, EngineMarket
from game.table.replay import Replay, replay
from game.table.runfile import RunFile, read_run
from game.table.table import HUMAN
from game.table.wire import Message

if TYPE_CHECKING:
    from game.content import Content

PROGRAM: Final = "class report"


@dataclass(frozen=True)
class Job:
    """Some files to verify, as they travel to a worker."""

    directory: str
    """Folder of the shipped content."""
    overlay: str
    """Folder of own content laid over it; empty for none."""
    asked: Asked
    files: tuple[tuple[str, str, int, int], ...]
    """Path, name, size, and a number drawn for this file."""
    deep: bool


class Judged(msgspec.Struct, frozen=True):
    """One file verified. What follows ``pupil`` is for comparing runs with each other."""

    entry: FileEntry
    pupil: Pupil | None = None
    checksums: list[str] = []
    digests: list[str] = []
    """The firm, and the digest of the state after each quarter."""
    alive: list[str] = []
    """Rivals that still traded at the end."""


_kept: dict[tuple[str, str], Content] = {}
_markets: dict[tuple[object, ...], EngineMarket] = {}


def content_of(directory: str, overlay: str) -> Content:
    """The content of a job, read once a process."""
    if (directory, overlay) not in _kept:
        _kept[directory, overlay] = load(Path(directory), Path(overlay) if overlay else None)
    return _kept[directory, overlay]


def market_of(content: Content, asked: Asked) -> EngineMarket:
    """The market that everybody was asked to play in, built once a process."""
    key = (id(content), asked.scenario, asked.background, asked.difficulty, asked.assume, asked.levers, tuple(asked.firms))
    if key not in _markets:
        _markets[key] = room_market(
            content, asked.scenario, asked.background.split(" "), asked.difficulty, asked.assume, PROGRAM, asked.levers,
            asked.firms or None,
        )  # fmt: skip
    return _markets[key]


def verify(job: Job) -> list[Judged]:
    """Every file of a job, in its order. Raises nothing for what stands in a file."""
    content = content_of(job.directory, job.overlay)
    market = market_of(content, job.asked)
    return [
        judge(content, market, job.asked, Path(path), name, size, drawn, job.deep)
        for path, name, size, drawn in job.files
    ]


def judge(
    content: Content, market: EngineMarket, asked: Asked, path: Path, name: str, size: int, drawn: int, deep: bool
) -> Judged:
    """One file. ``drawn`` is any number, unknown to whoever made the file."""
    try:
        run = read_run(path)
    except RunError as error:
        return Judged(of_trouble(name, size, error))
    base = FileEntry(name, size, "ok", Message("class.file.ok", {"file": name}), player=run.head.player)

    def no(verdict: str, sentence: str, **args: float | int | str) -> Judged:
        line = args.get("line")
        told = Message(f"class.file.{sentence}", {"file": name, **args})
        return Judged(msgspec.structs.replace(
            base, verdict=verdict, sentence=told, line=line if isinstance(line, int) else None,
        ))  # fmt: skip

    if other := differs(content, market, asked, run.head):
        what, theirs, wanted = other
        verdict = "rules" if what == "rules" else "other"
        lacking = what == "planned" and "" in (theirs, wanted)  # a set of no cards has no name
        return no(verdict, ("cards-more" if theirs else "cards-none") if lacking else verdict,
                  what=what, theirs=theirs, asked=wanted)  # fmt: skip
    if run.rules:
        return no("rules", "rules", theirs=run.rules[-1][1].rules)
    if asked.undo == "forbidden" and (run.head.undone or run.head.parent is not None):
        return no("forbidden", "forbidden")
    if not run.quarters:
        return no("no-run", "unplayed")
    acted = next((n for n, q in enumerate(run.quarters, 1) if q.outside), None)
    if acted is not None and not asked.room:  # nobody can do that to a game of one's own
        quarter = run.quarters[acted - 1].quarter
        return no("forged", "forged", line=run.line_of(acted), quarter=quarter, what="outside")
    sample = None if deep else _sample(run, drawn)
    try:
        again = replay(market if sample is None else _Sampled(market, *sample), run, check=True)  # type: ignore[arg-type]
        fault = again.difference
        if fault is not None and fault.what != "torn":
            return no("forged", "forged", line=fault.line, quarter=fault.quarter, what=fault.what)
        return _counted(content, market, run, again, base, sample)
    except Foreign as error:
        return no("rules", "foreign", what=str(error.values["what"]), name=str(error.values["name"])[:60])
    except RunError as error:
        return Judged(of_trouble(name, size, error))
    except (ArithmeticError, LookupError, TypeError, ValueError):  # a forged file may hold anything
        return no("forged", "trouble")


def differs(content: Content, market: EngineMarket, asked: Asked, head: Head) -> tuple[str, str, str] | None:
    """First thing in a head that was not asked for: what, theirs, what was asked; None where all agrees."""
    for what in ("scenario", "background", "difficulty", "assume"):
        if getattr(head, what) != getattr(asked, what):
            return what, str(getattr(head, what))[:60], getattr(asked, what)
    if head.digest != asked.digest:
        return "rules", head.rules[:20], market.rules
    if head.levers != asked.levers:
        return "levers", head.levers[:20], asked.levers
    if head.seed != market.seed(asked.seed):
        return "seed", head.seed_text[:60], asked.seed
    seats = list(seats_of(content, market, HUMAN).values())
    own = market.backgrounds
    if not 0 <= head.firm < len(own) or head.seats[len(own) :] != seats[len(own) :] or (
        len(own) > 1 and head.seats[: len(own)] != seats[: len(own)]
    ):  # fmt: skip
        return "seats", ", ".join(dict.fromkeys(head.seats[1:]))[:60], seats[-1]
    if head.to_the_end != asked.room or opening_of(head) != asked.opening:
        return "opening", opening_of(head)[:12] or "0", asked.opening[:12] or "0"
    if not asked.room and _cards(head.planned) != _cards(asked.planned):
        return "planned", _cards(head.planned), _cards(asked.planned)
    if asked.id and head.assignment not in ("", asked.id):
        return "assignment", head.assignment[:24], asked.id
    return None


def opening_of(head: Head) -> str:
    """Digest of the state that a run begins in, empty where scenario and seed give it."""
    return hashlib.sha256(head.opening).hexdigest() if head.opening else ""


def _cards(planned: Mapping[int, Sequence[str]]) -> str:
    return ", ".join(f"{quarter_label(q)} {card}" for q, cards in sorted(planned.items()) for card in cards)[:200]


class _Sampled:
    """A market in which planners decide once only: one of them, in one quarter. Everything else is the market's."""

    def __init__(self, market: EngineMarket, quarter: int, firm: int) -> None:
        self._market, self._quarter, self._firm = market, quarter, firm

    def __getattr__(self, name: str) -> Any:
        return getattr(self._market, name)

    def decide(self, state: State, seats: Mapping[int, str]) -> dict[int, Levers]:
        chosen = {f for f in seats if state.quarter == self._quarter and f == self._firm}
        return self._market.decide(state, {f: who for f, who in seats.items() if who != PLANNER or f in chosen})


def _sample(run: RunFile, drawn: int) -> tuple[int, int] | None:
    """(quarter, firm) of the planner's decision that is computed again; None where no rival plans."""
    planners = [f for f, who in enumerate(run.head.seats) if who == PLANNER]
    if not planners:
        return None
    quarter, firm = drawn % len(run.quarters), drawn // len(run.quarters) % len(planners)
    return run.head.first + quarter, planners[firm]


# what counts ----------------------------------------------------------------------------------------------------------


def _counted(
    content: Content, market: EngineMarket, run: RunFile, again: Replay, base: FileEntry,
    sample: tuple[int, int] | None,
) -> Judged:  # fmt: skip
    head, firm = run.head, run.head.firm
    *_, final = again.states
    marks, remarks = _marks(run, sample)
    if sample is not None:
        told = Message("class.file.sampled", {"file": base.file, "quarter": sample[0]})
        base = msgspec.structs.replace(base, sentence=told)
    analysis = next(steps(content, opened(content, run), QUICK))
    rows = [market.row(state, firm) for state in again.states]
    down = [s.quarter - 1 for s in again.states[1:] if int(s.status[firm, 0]) == 1]
    gone = down[0] if down and int(final.status[firm, 0]) == 1 else None
    pupil = Pupil(
        0, base.file, head.player, marks, run.last_checksum, len(run.quarters),
        run.end.endings.get(firm, "") if run.end else "", gone, rows[-1].value, rows[-1].cash, rows[-1].rank, rows,
        [_price(derive.median_price(state, third=True)[0]) for state in again.states[1:]],
        decided(market, run, again.states), analysis,
    )  # fmt: skip
    alive = [id for f, id in enumerate(head.firms) if f >= len(market.backgrounds) and market.active(final, f)]
    digests = [head.firms[firm], *(q.digest for q in run.quarters)]
    return Judged(msgspec.structs.replace(base, marks=marks, remarks=remarks), pupil, list(run.checksums), digests, alive)


def _price(value: float) -> float:
    return float(value) if value < 1e9 else 0.0


def _marks(run: RunFile, sample: tuple[int, int] | None) -> tuple[list[Mark], list[Message]]:
    head, found = run.head, dict[Mark, Message]()

    def mark(name: Mark, **args: float | int | str) -> None:
        found[name] = Message(f"class.mark.{name}", args)

    if run.end is None:
        mark("unfinished", played=len(run.quarters), quarters=head.quarters)
    if head.undone:
        mark("undone")
    elif head.parent is not None:
        mark("fork", quarter=head.parent.quarter)
    if run.torn or run.unended:
        mark("torn")
    if head.seats[head.firm] != HUMAN:
        mark("policy")
    elif not head.player.strip():
        mark("unnamed")
    if sample is not None:
        mark("partly", quarter=sample[0])
    return list(found), list(found.values())


def decided(market: EngineMarket, run: RunFile, states: Sequence[State]) -> list[Decided]:
    """What the person of a run did, quarter by quarter, from the record."""
    firm = run.head.firm
    out = []
    for line, state in zip(run.quarters, states, strict=False):
        draft = line.drafts.get(firm, {})
        before = market.standing(state, firm)
        moved = [
            Moved(name, before.get(name), draft[name])
            for name in LEVERS if name in draft and name not in GIVEN and draft[name] != before.get(name)
        ]  # fmt: skip
        reason = run.reasons.get((line.quarter, firm))
        out.append(Decided(
            line.quarter, moved, line.cards.get(firm, ""), _whole(draft.get("card.choice")),
            _whole(draft.get("distress.choice")), reason.text if reason else "",
            [*run.head.planned.get(line.quarter, []), *(act.card for act in line.outside if isinstance(act, Dealt))],
        ))  # fmt: skip
    return out


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
