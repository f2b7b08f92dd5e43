"""The quarters that decided a game, from its analysis alone: typed messages, words come later. No numpy.

Marked decisions; the best ones (against the plain rule of thumb); surprises (value at the end of a quarter outside what
the plan chosen let one expect); cards whose choice mattered; the lead taken and lost; the brink of ruin; the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from game.engine.names import DISTRESS
from game.lab.analysis.model import GONE, KINDS, SCALE, Answer, QuarterAnalysis, TurningPoint
from game.table.wire import Message, Row

MOST: Final = 12
"""Turning points of a run at most; the end is always among them."""
A_KIND: Final = 3
"""Of one kind at most, those of the largest amounts."""
BRINK: Final = 0.5
"""Chance of bankruptcy at which a firm stands on the brink."""
NOTABLE: Final = 0.10
"""A gain or a surprise has to be this share of what was expected."""


def turning_points(opening: Row | None, quarters: Sequence[QuarterAnalysis], ending: str) -> list[TurningPoint]:
    """In order of time, and of `KINDS` within a quarter."""
    found = [t for kind in _kinds(opening, quarters) for t in _largest(kind, A_KIND)]
    # a decision that is marked is not a masterstroke, nor is its card told twice
    marked = {t.quarter for t in found if t.kind in ("blunder", "mistake")}
    found = [t for t in found if not (t.kind in ("masterstroke", "card") and t.quarter in marked)]
    if ending and any(q.note is None or q.note.id != GONE for q in quarters):
        last = [q for q in quarters if q.note is None or q.note.id != GONE][-1]
        found = _largest(found, MOST - 1)
        told = Message(f"analysis.turn.ending.{_ending(ending)}", {"quarter": last.quarter, "ending": ending})
        found.append(TurningPoint(last.quarter, "ending", 0.0, told))
    return sorted(_largest(found, MOST), key=lambda t: (t.quarter, KINDS.index(t.kind)))


def _ending(ending: str) -> str:
    return "lost" if ending == "bankrupt" else "kept"


def _largest(found: Sequence[TurningPoint], most: int) -> list[TurningPoint]:
    """Those of the largest amounts; points without one come first, for there are few."""
    free = [t for t in found if not t.amount]
    ranked = sorted((t for t in found if t.amount), key=lambda t: (-abs(t.amount), t.quarter))
    return [*free, *ranked][:most]


def _kinds(opening: Row | None, quarters: Sequence[QuarterAnalysis]) -> Iterator[list[TurningPoint]]:
    there = [q for q in quarters if q.analysed]
    yield [t for q in there for t in _marked(q, "blunder")]
    yield [t for q in there for t in _marked(q, "mistake")]
    yield [t for q in there for t in _masterstroke(q)]
    surprises = [t for q in there for t in _surprise(q)]
    yield [t for t in surprises if t.kind == "windfall"]
    yield [t for t in surprises if t.kind == "setback"]
    yield [t for q in there for a in q.answers for t in _card(q, a)]
    yield list(_lead(opening, quarters))
    yield list(_brink(there))


def _marked(q: QuarterAnalysis, kind: str) -> Iterator[TurningPoint]:
    if q.verdict == kind and q.regret is not None and q.best is not None:
        args: dict[str, float | int | str] = {
            "quarter": q.quarter, "amount": q.regret.mean, "share": q.share, "plan": q.best.label,
            "lever": q.best.moves[0].lever if q.best.moves else "",
        }
        yield TurningPoint(q.quarter, kind, q.regret.mean, Message(f"analysis.turn.{kind}", args))


def _masterstroke(q: QuarterAnalysis) -> Iterator[TurningPoint]:
    if q.gain is None or q.gain.low <= 0.0 or q.verdict not in ("best", "ok"):
        return
    if q.gain.mean >= NOTABLE * max(q.worth, SCALE):
        args: dict[str, float | int | str] = {"quarter": q.quarter, "amount": q.gain.mean}
        yield TurningPoint(q.quarter, "masterstroke", q.gain.mean, Message("analysis.turn.masterstroke", args))


def _surprise(q: QuarterAnalysis) -> Iterator[TurningPoint]:
    if not q.fan:
        return
    first, now = q.fan[0], q.row.value
    if first.low <= now <= first.high or abs(now - first.median) < NOTABLE * max(first.median, SCALE):
        return
    kind = "windfall" if now > first.high else "setback"
    amount = now - first.median
    args: dict[str, float | int | str] = {"quarter": q.quarter, "amount": abs(amount), "expected": first.median, "value": now}
    yield TurningPoint(q.quarter, kind, amount, Message(f"analysis.turn.{kind}", args))


def _card(q: QuarterAnalysis, answer: Answer) -> Iterator[TurningPoint]:
    """A choice that surely mattered: another was better, or every other was worse."""
    others = [(o.index, o.worth) for o in answer.options if o.worth is not None]
    better = [(k, w) for k, w in others if w.low > 0.0 and w.mean >= 0.02 * max(q.worth, SCALE)]
    trouble = answer.card == "distress"
    desk = "distress" if trouble else "card"
    args: dict[str, float | int | str] = {"quarter": q.quarter, "choice": DISTRESS[answer.choice] if trouble else answer.choice}
    if not trouble:
        args["card"] = answer.card
    if better:
        k, worth = max(better, key=lambda kw: kw[1].mean)
        message = Message(f"analysis.turn.{desk}-wrong", {**args, "amount": worth.mean, "other": DISTRESS[k] if trouble else k})
        yield TurningPoint(q.quarter, "card", -worth.mean, message)
    elif others and all(w.high < 0.0 for _, w in others):
        least = min(-w.mean for _, w in others)
        if least >= 0.02 * max(q.worth, SCALE):
            message = Message(f"analysis.turn.{desk}-right", {**args, "amount": least})
            yield TurningPoint(q.quarter, "card", least, message)


def _lead(opening: Row | None, quarters: Sequence[QuarterAnalysis]) -> Iterator[TurningPoint]:
    before = opening.rank if opening is not None else None
    for q in quarters:
        now = q.row.rank
        if before is not None and (now == 1) != (before == 1):
            kind = "lead-taken" if now == 1 else "lead-lost"
            yield TurningPoint(q.quarter, kind, 0.0, Message(f"analysis.turn.{kind}", {"quarter": q.quarter, "rank": now}))
        before = now


def _brink(quarters: Sequence[QuarterAnalysis]) -> Iterator[TurningPoint]:
    near = False
    for q in quarters:
        if q.ruin >= BRINK and not near:
            args: dict[str, float | int | str] = {"quarter": q.quarter, "chance": q.ruin}
            yield TurningPoint(q.quarter, "brink", 0.0, Message("analysis.turn.brink", args))
        near = q.ruin >= BRINK / 2 if near else q.ruin >= BRINK
