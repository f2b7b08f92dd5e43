"""The report of a class, step by step: verified, beside bots, then regret run by run.

>>> for report in reports(content, folder, None):        # doctest: +SKIP
...     page.write(report)                                # whole each time, more and more of it
"""

from __future__ import annotations

import math
import re
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from game import __version__
from game.lab.analysis.model import QUICK, SCALE, Analysis, Budget
from game.lab.classwork.folder import Found, look
from game.lab.classwork.forks import Fork
from game.lab.classwork.model import (
    COUNTED,
    REPORT_VERSION,
    Asked,
    ClassReport,
    Extreme,
    FileEntry,
    Notable,
    Progress,
    Pupil,
)
from game.lab.classwork.regret import largest, regrets
from game.lab.classwork.spread import SEEDS, spread
from game.lab.classwork.verify import Job, Judged, market_of, opening_of, verify
from game.lab.pool import stream
from game.table.assignment import Assignment, AssignmentError, read_assignment
from game.table.local import check_seats, seats_of
from game.table.outside import still_planned
from game.table.runfile import read_run
from game.table.table import HUMAN
from game.table.wire import Message

if TYPE_CHECKING:
    from game.content import Content
    from game.table.lines import Head

Tell = Callable[[str, int, int], None]
"""Hears (stage, steps done, steps)."""
FILES: Final = 6
"""Files that a worker takes at once."""
LEAST: Final = 8
"""Files below which another process costs more than it saves."""
PROOF: Final = Message("class.proof")


def reports(
    content: Content, folder: Path, plan: Assignment | None, *, deep: bool = False, budget: Budget | None = QUICK,
    seeds: int = SEEDS, processes: int | None = None, tell: Tell = lambda stage, done, of: None,
    clean: Callable[[str], str] = lambda text: text, drawn: Callable[[], int] = lambda: secrets.randbelow(2**31),
    notices: Sequence[Message] = (), names: Mapping[str, str] = {}, records: Collection[str] = (),
    forked: Callable[[Fork], None] = lambda fork: None,
) -> Iterator[ClassReport]:  # fmt: skip
    """The report as it fills: first all files verified and the class beside bots, then with more and more regret.

    ``content`` is what everybody played with; ``clean`` is applied to whatever a pupil typed; ``budget`` None leaves
    regret out. ``names`` are of pupils or teams, by file, where the runs do not say them (a room's), and
    ``records`` the files that say them; ``forked`` hears the forks of the best and the worst run, before the report in which their regret stands. Raises `TooMany` for a folder that is no class's and `OSError` where it cannot be read.
    """
    found = look(folder)
    notices = list(notices)
    asked = asked_by(content, plan) if plan is not None else most_common(content, [f.head for f in found if f.head])
    judged = _verified(content, asked, found, deep, processes, tell, drawn)
    judged = without_copies([_cleaned(_named(_recorded(one, records), names), clean) for one in judged])
    pupils, entries = placed(judged)
    if asked is not None and plan is None:
        notices.append(Message("class.notice.no-assignment"))
    tell("verify", len(found), len(found))
    planners = asked is not None and "planner" in seats_of(content, market_of(content, asked), HUMAN).values()
    report = ClassReport(
        REPORT_VERSION, f"baimo {__version__}", clean(folder.resolve().name), asked, entries, pupils, None, None, None,
        Progress("verify", len(found), len(found)), PROOF,
        ("none" if not pupils else "sampled" if planners and not deep else "recomputed"), notices,
    )  # fmt: skip
    if asked is None or not pupils:
        yield msgspec.structs.replace(report, progress=Progress("done", 0, 0))
        return
    market = market_of(content, asked)
    seats = [who for _, who in sorted(seats_of(content, market, HUMAN).items())]
    told_to_all = asked.planned
    if asked.room:  # what was dealt to all while a quarter was open is the same in every run of it
        room = read_run(folder / pupils[0].file)
        told_to_all = still_planned(room.head, room.quarters)
    dealt = {q: [card for card in cards if card in market.dealable] for q, cards in told_to_all.items()}
    beside = spread(
        market.source, seats, market.seed(asked.seed), dealt, pupils, [j.alive for j in judged if j.pupil],
        own=len(market.backgrounds), bots=not asked.opening, seeds=seeds, processes=processes,
        progress=lambda done, of: tell("spread", done, of),
    )  # fmt: skip
    report = judged_again(msgspec.structs.replace(report, spread=beside, progress=Progress("spread", 1, 1)))
    if budget is None:
        yield msgspec.structs.replace(report, progress=Progress("done", 0, 0))
        return
    yield from _with_regret(content, folder, report, budget, processes, tell, clean, forked)


def _with_regret(
    content: Content, folder: Path, report: ClassReport, budget: Budget, processes: int | None, tell: Tell,
    clean: Callable[[str], str], forked: Callable[[Fork], None],
) -> Iterator[ClassReport]:  # fmt: skip
    pupils, left_out = list(report.pupils), 0
    count = len(pupils)

    def so_far(done: int) -> ClassReport:
        stage = "done" if done == count else "regret"
        told = Progress(stage, done, count, budget.id, budget.select, budget.measure, left_out)
        return judged_again(msgspec.structs.replace(report, pupils=list(pupils), progress=told))

    yield so_far(0)
    first = [e.pupil for e in (report.best, report.worst) if e is not None]
    order = [*dict.fromkeys(first), *(p.place for p in pupils if p.place not in first)]
    files = [(str(folder / pupils[p].file), pupils[p].checksum, p if p in first else -1) for p in order]
    done = 0
    with closing(regrets(content, files, budget, processes)) as coming:
        for n, found in coming:
            done += 1
            tell("regret", done, count)
            if found is None:
                left_out += 1
            else:
                analysis, fork = found
                place = order[n]
                analysis = _renamed(clean_analysis(analysis, clean), pupils[place].player)
                pupils[place] = msgspec.structs.replace(pupils[place], analysis=analysis)
                if fork is not None:
                    forked(fork)
            yield so_far(done)


# what was asked -------------------------------------------------------------------------------------------------------


def asked_by(content: Content, plan: Assignment) -> Asked:
    """What an assignment asks."""
    from game.content.vocabulary import parse_quarter

    scenario = content.scenarios[plan.scenario]
    return Asked(
        plan.id, plan.title, plan.scenario, plan.background, plan.difficulty, plan.assume, plan.levers, plan.seed,
        parse_quarter(scenario.first), scenario.quarters, plan.planned(content), plan.undo, plan.deadline, plan.digest, True,
    )  # fmt: skip


def most_common(content: Content, heads: Sequence[Head]) -> Asked | None:
    """What most runs of this content have in common, of equally many the first; None without any."""
    from game.content.digest import rules_digest

    digest = rules_digest(content)
    known = [
        h for h in heads
        if h.digest == digest and h.scenario in content.scenarios and not set(h.backgrounds) - content.backgrounds.keys()
        and h.levers in ("five", "all") and _seated(content, h)
        and h.difficulty in content.difficulties and h.assume in content.assumptions
    ]  # fmt: skip
    if not known:
        return None

    def key(h: Head) -> tuple[object, ...]:
        return (h.scenario, h.background, h.difficulty, h.assume, h.levers, h.seed, h.assignment, h.to_the_end, h.opening)

    (best, _), *_ = Counter(map(key, known)).most_common(1)
    h = next(h for h in known if key(h) == best)
    people = h.backgrounds
    return Asked(
        h.assignment, "", h.scenario, h.background, h.difficulty, h.assume, h.levers, h.seed_text, h.first, h.quarters,
        h.planned, "forbidden" if h.undo == "forbidden" else "marked", "", h.digest, False,
        h.firms[: len(people)] if len(people) > 1 else [], h.to_the_end, opening_of(h),
    )  # fmt: skip


def _seated(content: Content, head: Head) -> bool:
    """Whether people's firms could sit at one table; of a forged head perhaps not."""
    try:
        check_seats(content, head.scenario, head.backgrounds, head.firms[: len(head.backgrounds)])
    except ValueError:
        return False
    return True


def lying_there(folder: Path) -> Assignment | None:
    """The assignment that lies in the folder with the runs, where there is exactly one; raises as `reports`."""
    plans: dict[str, Assignment] = {}
    for one in look(folder):
        if one.assignment:
            try:
                plan = read_assignment(one.path)
            except AssignmentError:
                continue
            plans[plan.id] = plan
    return next(iter(plans.values())) if len(plans) == 1 else None


# judged ---------------------------------------------------------------------------------------------------------------


def _verified(
    content: Content, asked: Asked | None, found: Sequence[Found], deep: bool, processes: int | None, tell: Tell,
    drawn: Callable[[], int],
) -> list[Judged]:  # fmt: skip
    """Every file with its verdict, in their order."""
    whole = [f for f in found if f.head is not None]
    done = len(found) - len(whole)
    judged = {f.entry.file: Judged(f.entry) for f in found if f.head is None}
    tell("verify", done, len(found))
    if asked is None:
        for f in whole:
            assert f.head is not None
            told = Message("class.file.rules", {"file": f.entry.file, "theirs": f.head.rules[:20]})
            judged[f.entry.file] = Judged(msgspec.structs.replace(f.entry, verdict="rules", sentence=told))
    else:
        overlay = str(content.overlay) if content.overlay else ""
        size = max(min(FILES, len(whole) // 4), 1)
        jobs = [
            Job(str(content.directory), overlay, asked,
                tuple((str(f.path), f.entry.file, f.entry.size, drawn()) for f in whole[n : n + size]), deep)
            for n in range(0, len(whole), size)
        ]  # fmt: skip
        for _, part in stream(verify, jobs, processes=1 if len(whole) < LEAST and not deep else processes):
            for one in part:
                judged[one.entry.file] = one
            done += len(part)
            tell("verify", done, len(found))
    return [judged[f.entry.file] for f in found]


def without_copies(judged: Sequence[Judged]) -> list[Judged]:
    """The same, the same run counted once: of several files of one run the longest, of equally long ones the first.

    Runs that decide alike in every quarter but were founded apart count both and are marked.
    """
    order = sorted((j for j in judged if j.pupil is not None), key=lambda j: (-len(j.checksums), j.entry.file))
    owner: dict[str, str] = {}
    found: dict[str, Judged] = {}
    alike: dict[tuple[str, ...], str] = {}
    for one in order:
        assert one.pupil is not None
        last = one.checksums[-1]
        if last in owner:
            told = Message("class.file.duplicate", {"file": one.entry.file, "other": owner[last]})
            entry = msgspec.structs.replace(
                one.entry, verdict="duplicate", sentence=told, of=owner[last], marks=[], remarks=[]
            )  # fmt: skip
            found[one.entry.file] = Judged(entry)
            continue
        owner.update(dict.fromkeys(one.checksums[1:], one.entry.file))
        key = tuple(one.digests)
        if key in alike:
            told = Message("class.mark.twin", {"other": alike[key]})
            entry = msgspec.structs.replace(
                one.entry, marks=[*one.entry.marks, "twin"], remarks=[*one.entry.remarks, told]
            )  # fmt: skip
            one = msgspec.structs.replace(
                one, entry=entry, pupil=msgspec.structs.replace(one.pupil, marks=entry.marks)
            )  # fmt: skip
        else:
            alike[key] = one.entry.file
        found[one.entry.file] = one
    return [found.get(j.entry.file, j) for j in judged]


def in_order(name: str) -> list[tuple[int, int, str]]:
    """A key by which names sort as people count: 2 before 10."""
    parts = re.split(r"([0-9]+)", name)
    return [(0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part) for part in parts if part]


def placed(judged: list[Judged]) -> tuple[list[Pupil], list[FileEntry]]:
    """Pupils by name and file with their places, and all files with them; ``judged`` is put in the pupils' order."""
    counted = [j for j in judged if j.pupil is not None and j.entry.verdict in COUNTED]
    counted.sort(key=lambda j: (j.pupil.player == "", in_order(j.pupil.player), j.entry.file))  # type: ignore[union-attr]
    place = {j.entry.file: n for n, j in enumerate(counted)}
    entries = [msgspec.structs.replace(j.entry, pupil=place.get(j.entry.file)) for j in judged]
    pupils = [msgspec.structs.replace(j.pupil, place=n) for n, j in enumerate(counted)]  # type: ignore[type-var]
    judged[:] = [*counted, *(j for j in judged if j.entry.file not in place)]
    return pupils, entries  # type: ignore[return-value]


# what follows from all of them ----------------------------------------------------------------------------------------


def judged_again(report: ClassReport) -> ClassReport:
    """The report with best and worst run and every pupil's notable quarters, from what there is of regret."""
    middle = _middle(report)
    pupils = [with_notable(p, middle) for p in report.pupils]
    best, worst = extremes(pupils)
    return msgspec.structs.replace(report, pupils=pupils, best=best, worst=worst)


def extremes(pupils: Sequence[Pupil]) -> tuple[Extreme | None, Extreme | None]:
    """Best and worst run by value, among those played to the end at the first try if there are any."""
    clean = [p for p in pupils if not {"unfinished", "undone", "fork", "policy"} & set(p.marks)]
    among = clean or list(pupils)
    if not among:
        return None, None
    order = sorted(among, key=lambda p: (p.bankrupt is not None, -(p.bankrupt or 0), -p.value, p.file))
    best = _extreme(order[0])
    return best, _extreme(order[-1]) if len(order) > 1 else None


def _extreme(pupil: Pupil) -> Extreme:
    quarter = next((q for q in pupil.analysis.quarters if q.quarter == pupil.worst), None)
    sure = quarter is not None and quarter.regret is not None and quarter.regret.low > 0
    return Extreme(pupil.place, pupil.value, pupil.worst, sure)


def _middle(report: ClassReport) -> dict[int, float]:
    """Median of the class's scaled value by quarter, the opening included."""
    if report.spread is None or not report.pupils:
        return {}
    found = {b.quarter: _scaled(b.median) for b in report.spread.pupils.value if b.games}
    opening = report.pupils[0].rows[0]
    return {opening.quarter: _scaled(opening.value), **found}


def _scaled(value: float) -> float:
    return math.log1p(max(value, 0.0) / SCALE)


def with_notable(pupil: Pupil, middle: dict[int, float]) -> Pupil:
    """The pupil with the two quarters that matter most and the one where a fork teaches most."""
    reasons = {d.quarter: d.reason for d in pupil.decided}
    lost = largest(pupil.analysis)
    found: list[Notable] = []

    def note(quarter: int, why: str, amount: float, sentence: str) -> None:
        if len(found) < 2 and all(n.quarter != quarter for n in found):
            told = Message(f"class.notable.{sentence}", {"quarter": quarter, "amount": amount})
            found.append(Notable(quarter, why, amount, told, reasons.get(quarter, "")))  # type: ignore[arg-type]

    for q in lost[:1]:
        note(q.quarter, "regret", q.regret.mean, "regret")  # type: ignore[union-attr]
    for amount, quarter in _surprises(pupil)[:1]:
        note(quarter, "surprise", abs(amount), "surprise-up" if amount > 0 else "surprise-down")
    for q in lost:
        note(q.quarter, "regret", q.regret.mean, "regret")  # type: ignore[union-attr]
    swings = _swings(pupil, middle)
    for _, quarter, amount in sorted(swings, key=lambda s: -abs(s[0])):
        note(quarter, "swing", abs(amount), "swing-up" if amount > 0 else "swing-down")
    down = min(swings, default=None)
    worst = lost[0].quarter if lost else down[1] if down else None
    return msgspec.structs.replace(pupil, notable=sorted(found, key=lambda n: n.quarter), worst=worst)


def _surprises(pupil: Pupil) -> list[tuple[float, int]]:
    """(CNY outside four futures in five, quarter), the largest first."""
    found = []
    for q in pupil.analysis.quarters:
        if q.analysed and q.fan:
            over, under = q.row.value - q.fan[0].high, q.fan[0].low - q.row.value
            if max(over, under) > 0:
                found.append((over if over > 0 else -under, q.quarter))
    return sorted(found, key=lambda s: -abs(s[0]))


def _swings(pupil: Pupil, middle: dict[int, float]) -> list[tuple[float, int, float]]:
    """(on the scaled value, quarter, CNY): how the value of each quarter moved against the class's median."""
    found = []
    for before, after in zip(pupil.rows, pupil.rows[1:], strict=False):
        if before.quarter in middle and after.quarter in middle and before.value > 0:
            usual = before.value + SCALE
            usual = usual * math.exp(middle[after.quarter] - middle[before.quarter]) - SCALE
            moved = _scaled(after.value) - _scaled(before.value) - (middle[after.quarter] - middle[before.quarter])
            found.append((moved, after.quarter, after.value - usual))
    return found


# texts that people typed ----------------------------------------------------------------------------------------------


def _recorded(one: Judged, records: Collection[str]) -> Judged:
    """What is no run because it is the record of a room, called so."""
    if one.entry.file not in records or one.entry.verdict != "no-run":
        return one
    told = Message("class.file.record", {"file": one.entry.file})
    return msgspec.structs.replace(one, entry=msgspec.structs.replace(one.entry, sentence=told))


def _named(one: Judged, names: Mapping[str, str]) -> Judged:
    name = names.get(one.entry.file)
    if name is None:
        return one
    entry = msgspec.structs.replace(one.entry, player=name)
    if one.pupil is None:
        return msgspec.structs.replace(one, entry=entry)
    pupil = msgspec.structs.replace(one.pupil, player=name, analysis=_renamed(one.pupil.analysis, name))
    return msgspec.structs.replace(one, entry=entry, pupil=pupil)


def _renamed(analysis: Analysis, name: str) -> Analysis:
    return msgspec.structs.replace(analysis, head=msgspec.structs.replace(analysis.head, player=name))


def _cleaned(one: Judged, clean: Callable[[str], str]) -> Judged:
    entry = msgspec.structs.replace(one.entry, player=clean(one.entry.player))
    if one.pupil is None:
        return msgspec.structs.replace(one, entry=entry)
    pupil = one.pupil
    decided = [msgspec.structs.replace(d, reason=clean(d.reason)) if d.reason else d for d in pupil.decided]
    pupil = msgspec.structs.replace(
        pupil, player=clean(pupil.player), decided=decided, analysis=clean_analysis(pupil.analysis, clean)
    )  # fmt: skip
    return msgspec.structs.replace(one, entry=entry, pupil=pupil)


def clean_analysis(analysis: Analysis, clean: Callable[[str], str]) -> Analysis:
    """An analysis with the name and the reasons in it cleaned."""
    head = msgspec.structs.replace(analysis.head, player=clean(analysis.head.player))
    quarters = [msgspec.structs.replace(q, reason=clean(q.reason)) if q.reason else q for q in analysis.quarters]
    return msgspec.structs.replace(analysis, head=head, quarters=quarters)


