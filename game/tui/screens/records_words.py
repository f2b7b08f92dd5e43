"""Days, records and achievements as lines of text, without a widget: the screen and the plain game share them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from game.table.achievements import Earned
from game.table.course import route_number
from game.table.daily import Day, days, today
from game.table.records import records
from game.tui.screens.run_words import company, marks_of

if TYPE_CHECKING:
    from game.content import Content
    from game.content.schema_hour import Achievement, RunCondition
    from game.language import Tongue
    from game.table.listing import Listed

SIGNS: Final = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠", "<": "<", ">": ">"}
_MONEY: Final = ("value", "cash", "revenue", "debt")
_SHARES: Final = (
    "share", "trust", "freshness", "contract-lead", "founders-share", "unserved", "utilisation", "domestic-part", "safety",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: cells, how it is to be taken (``head``, ``row``, ``good``, ``dim``) and what it opens."""

    cells: tuple[str, ...]
    role: str = "row"
    target: tuple[str, Any] | None = None
    below: str = ""
    """What is said at the foot while the cursor is here."""


def short_date(tongue: Tongue, day: date) -> str:
    """A day as people write it."""
    return tongue.say("hour.date", year=str(day.year), month=str(day.month), day=str(day.day))


def marked(tongue: Tongue, run: Listed | None) -> str:
    """``undone`` or ``forked`` in words where a run is marked so."""
    marks = [m for m in marks_of(run) if m != "damaged"] if run is not None else []
    return tongue.say(f"ui.state.{marks[0]}") if marks else ""


def _worth(tongue: Tongue, run: Listed | None) -> str:
    return tongue.money(run.row.value) if run is not None and run.row is not None else "--"


def _ended(tongue: Tongue, run: Listed) -> str:
    rank = tongue.say("hour.rank", rank=run.row.rank) if run.row is not None and run.ending != "bankrupt" else ""
    return "  ".join(part for part in (tongue.ending(run.ending), rank) if part)


def day_lines(tongue: Tongue, content: Content, runs: Sequence[Listed], day: date) -> list[Line]:
    """Today's game, then the days that were played."""
    played = days(runs)
    now = next((d for d in played if d.day == day), Day(day, None, None, 0, None))
    game = today(day)
    plan = content.scenarios.get(game.scenario)
    quarters = plan.quarters if plan is not None else 0
    lines = [
        Line((tongue.say("hour.daily.today", date=short_date(tongue, day), scenario=game.scenario, quarters=quarters),), "head"),
        Line((tongue.say(f"hour.daily.{daily_word(now)}"),), "good", ("play", None), tongue.say("hour.daily.rule")),
        Line(("",), "dim"),
    ]
    heads = tuple(tongue.say(f"hour.head.{h}") for h in ("day", "scenario", "counted", "ending", "tries", "best"))
    if played:
        lines.append(Line(heads, "dim"))
    for one in played:
        best = one.best
        better = best is not None and one.counted is not None and best.path != one.counted.path
        shown = "  ".join(p for p in (_worth(tongue, best), marked(tongue, best)) if p) if best is not None and (
            better or one.counted is None) else ""  # fmt: skip
        run = one.counted or one.open or best
        lines.append(Line(
            (short_date(tongue, one.day), tongue.scenario(today(one.day).scenario),
             _worth(tongue, one.counted) if one.counted is not None else tongue.say("hour.daily.unfinished"),
             _ended(tongue, one.counted) if one.counted is not None else "", tongue.count(one.tries), shown),
            "row", ("run", run.path) if run is not None else None, tongue.say("hour.daily.counts"),
        ))  # fmt: skip
    return lines


def daily_word(now: Day) -> str:
    """What playing today's market means now: ``begin``, ``go-on`` or ``again``."""
    return "go-on" if now.open is not None else "again" if now.counted is not None else "begin"


def daily_note(tongue: Tongue, runs: Sequence[Listed], day: date) -> str:
    """One line for the title: the date, its scenario, and what counts so far."""
    now = next((d for d in days(runs) if d.day == day), None)
    words = [short_date(tongue, day), tongue.scenario(today(day).scenario)]
    if now is not None and now.counted is not None:
        words.append(_worth(tongue, now.counted))
    elif now is not None and now.open is not None:
        words.append(tongue.say("hour.daily.unfinished"))
    return " · ".join(words)


def record_lines(tongue: Tongue, content: Content, runs: Sequence[Listed]) -> list[Line]:
    """Finished runs by scenario and level, best first."""
    groups = records(runs, tuple(content.scenarios), tuple(content.difficulties))
    if not groups:
        return [Line((tongue.say("hour.records.none"),), "dim")]
    lines: list[Line] = []
    for group in groups:
        name = [tongue.scenario(group.scenario), tongue.difficulty(group.difficulty)]
        entry = content.assumptions.get(group.assume)
        if group.assume != "none" and entry is not None:
            name.append(tongue.pick(entry.name))
        lines += [*([Line(("",), "dim")] if lines else []), Line((" · ".join(name),), "head")]
        for place, run in enumerate(group.runs, 1):
            assert run.head is not None
            lines.append(Line(
                (str(place), company(run.head, tongue), _worth(tongue, run), _ended(tongue, run), marked(tongue, run),
                 run.head.created[:10]),
                "row", ("run", run.path), tongue.say("hour.records.open"),
            ))  # fmt: skip
    return lines


def earned_lines(tongue: Tongue, content: Content, found: Mapping[str, Earned]) -> list[Line]:
    """Every achievement: earned ones with how often and since when, the others with what they ask."""
    done = sum(bool(e.straight or e.again) for e in found.values())
    lines = [Line((tongue.say("hour.earned.count", n=done, total=len(content.achievements)),), "head")]
    won = {entry.id: found.get(entry.id, Earned(entry.id)) for entry in content.achievements.values()}
    for entry in sorted(content.achievements.values(), key=lambda e: not (won[e.id].straight or won[e.id].again)):
        one = won[entry.id]
        got = bool(one.straight or one.again)
        lines.append(Line(
            ("✓" if got else "·", tongue.text(entry.name), tongue.text(entry.text), times(tongue, one)),
            "good" if got else "row", ("thesis", entry.thesis), below(tongue, content, entry),
        ))  # fmt: skip
    return lines


def times(tongue: Tongue, one: Earned) -> str:
    """How often something was earned; undone runs and forks apart."""
    if not one.straight and not one.again:
        return ""
    words = [tongue.say("hour.earned.times", count=one.straight)] if one.straight else []
    if one.again:
        words.append(tongue.say("hour.earned.again", count=one.again))
    return " ".join(words)


def below(tongue: Tongue, content: Content, entry: Achievement) -> str:
    """An achievement in full: what it is for, the thesis that it speaks about, and what it is judged by."""
    thesis = content.theses.get(entry.thesis)
    claim = tongue.say("hour.earned.thesis", claim=tongue.pick(thesis.claim)) if thesis is not None else ""
    said = tongue.text(entry.text)
    return " ".join(part for part in (said, claim, tongue.say("hour.earned.judged", how=judged(tongue, entry))) if part)


def judged(tongue: Tongue, entry: Achievement) -> str:
    """The conditions of an achievement in words."""
    parts = [condition_words(tongue, c) for c in entry.when]
    if entry.endings:
        parts.append(tongue.join(tongue.ending(e) for e in entry.endings))
    if entry.scenarios:
        parts.append(tongue.join(tongue.scenario(s) for s in entry.scenarios))
    return ("；" if tongue.lang == "zh" else "; ").join(parts)


def condition_words(tongue: Tongue, c: RunCondition) -> str:
    """One condition over quarters in words: 合同（金融）≥ 120，收官时."""
    name = tongue.lever(c.of) if c.what == "lever" else tongue.say(f"hour.word.{c.what}")
    if c.of and c.what != "lever":
        place = tongue.source(c.of) if c.what == "machines" else tongue.segment(c.of)
        name = f"{name}（{place}）" if tongue.lang == "zh" else f"{name} ({place})"
    when = tongue.say(f"hour.over.{c.over}", count=c.count)
    if c.first or c.last:
        ends = [tongue.quarter(q) if q else "" for q in (c.first, c.last)]
        span = "span" if c.first and c.last else "since" if c.first else "until"
        when = tongue.say(f"hour.over.{span}", first=ends[0], last=ends[1], when=when)
    return tongue.say("hour.over.line", name=name, sign=SIGNS[c.op], value=_value(tongue, c), when=when)


def _value(tongue: Tongue, c: RunCondition) -> str:
    value = route_number(c.value)
    if c.over == "growth":
        return f"{value * 100:+.0f}%"
    if c.what == "route":
        return tongue.route(int(value))
    if c.what == "lever":
        return tongue.lever_value(c.of, value)
    if c.what in _MONEY:
        return tongue.money(value)
    if c.what in _SHARES:
        return tongue.percent(value, 0)
    if c.what in ("token-price", "own-price"):
        return tongue.price(value)
    if c.what == "price-ratio":
        return f"×{tongue.number(value)}"
    return tongue.write(value, "points") if c.what == "capability" else tongue.count(value) if value >= 1000 else tongue.number(value)
