"""What the lever panel shows, without drawing: rows, their scales and steps, their words, and what one may type."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from game.content.schema import Lever
from game.engine.names import LEVERS, ROUTES, SOURCES, VERTICALS
from game.tui.session import CHOICES, GUIDANCE, Session

if TYPE_CHECKING:
    from game.language import Tongue

GROUPS: Final = ("product", "research", "knowledge", "people", "compute", "tenders", "money", "guidance")
"""Groups of rows in the order of the panel."""
PARTS: Final = ("research.scale", "research.efficiency", "research.safety")
WHOLE: Final = ("people", "count", "route", "choice", "focus")
ENUMS: Final = ("route", "focus")
"""Kinds that are one of a few words: ``◂ value ▸`` instead of a slider."""
_REACH: Final = 5.0
_NUMBER: Final = re.compile(r"^([+\-−]?)[¥￥]?\s*(\d[\d,]*\.?\d*|\.\d+)\s*(万亿|亿|千万|百万|万|[kmbtKMBT]?)\s*%?$")
_TIMES: Final = {"": 1.0, "k": 1e3, "万": 1e4, "百万": 1e6, "m": 1e6, "千万": 1e7, "亿": 1e8, "b": 1e9, "t": 1e12, "万亿": 1e12}


@dataclass(frozen=True, slots=True)
class LeverRow:
    """One row: a lever, or in a lesson several of them under one name."""

    id: str
    levers: tuple[str, ...]
    group: str
    kind: str
    unit: str
    low: float
    high: float
    step: float
    big_step: float
    log: bool
    floor: float
    locked: str
    """Id of a message why it cannot move, or empty."""


def group_of(lever: str, group: str) -> str:
    """The panel's group of a lever: industries are split into knowledge and tenders, money into money and guidance."""
    head = lever.partition(".")[0]
    return {"knowledge": "knowledge", "tender": "tenders", "guidance": "guidance"}.get(head, group)


def rows_of(session: Session, tongue: Tongue) -> list[LeverRow]:
    """The rows that a game shows, in the order of the panel."""
    if session.shown:
        return _staged(session, tongue)
    found = five_rows(session, tongue) if session.view.levers == "five" else []
    wanted = GUIDANCE if found else tuple(name for name in LEVERS if name not in CHOICES)
    found += [row for name in wanted if (row := _single(session, tongue, name)) is not None]
    return sorted(found, key=lambda row: GROUPS.index(row.group) if row.group in GROUPS else len(GROUPS))


def _staged(session: Session, tongue: Tongue) -> list[LeverRow]:
    """The rows of a guided quarter, and whatever else the draft moves: nothing that changes is out of sight."""
    several = {row.id: row for row in five_rows(session, tongue)}
    found = [row for name in session.shown if (row := several.get(name) or _single(session, tongue, name)) is not None]
    seen = {lever for row in found for lever in row.levers}
    for name in session.levers:
        if name not in seen and name not in CHOICES and (row := _single(session, tongue, name)) is not None:
            found.append(row)
    return sorted(found, key=lambda row: GROUPS.index(row.group) if row.group in GROUPS else len(GROUPS))


def _spec(tongue: Tongue, lever: str) -> Lever | None:
    return tongue.content.levers.get(lever) if tongue.content is not None else None


def _single(session: Session, tongue: Tongue, name: str) -> LeverRow | None:
    limit = session.view.limits.get(name)
    if limit is None:
        return None
    spec = _spec(tongue, name)
    if spec is None:  # a lever that content does not know: plain numbers
        return LeverRow(name, (name,), group_of(name, "money"), "number", "", limit.low, limit.high, limit.step,
                        10 * limit.step, False, 0.0, limit.locked)  # fmt: skip
    return LeverRow(
        name, (name,), group_of(name, spec.group), spec.kind, tongue.pick(spec.unit), limit.low, limit.high, spec.step,
        max(spec.big_step, spec.step), spec.log, getattr(spec, "floor", 0.0), limit.locked,
    )  # fmt: skip


def five_rows(session: Session, tongue: Tongue) -> list[LeverRow]:
    """The five rows of a lesson, one or several levers each."""
    entries = tongue.content.five if tongue.content is not None else {}
    groups = {"focus": "knowledge", "compute": "compute", "research": "research"}
    found = []
    for name, entry in entries.items():
        moves = tuple(m for m in entry.moves if m in session.view.limits)
        if len(moves) == 1:
            row = _single(session, tongue, moves[0])
            if row is not None:
                found.append(row)
        elif moves:
            open_now = open_verticals(session)
            focus = name == "focus"
            limits = [session.view.limits[m] for m in moves]
            found.append(LeverRow(
                f"five.{name}", moves, groups.get(name, "money"), "focus" if focus else "flops", "", 0.0,
                max(len(open_now) - 1, 0) if focus else sum(x.high for x in limits if not x.locked),
                1.0 if focus else 0.05, 1.0 if focus else 0.25, not focus, 0.0 if focus else 5.0, "",
            ))  # fmt: skip
    return found


def open_verticals(session: Session) -> list[str]:
    """Industries that a firm may turn to now."""
    limits = session.view.limits
    found = [v for v in VERTICALS if (k := limits.get(f"knowledge.{v}")) is not None and not k.locked]
    return found or [v for v in VERTICALS if v in session.view.market.open_segments]


# values ---------------------------------------------------------------------------------------------------------------
def read(session: Session, row: LeverRow, *, stands: bool = False) -> float:
    """Value of a row in the draft, or where it stands; not-a-number for guidance not given."""
    value: Callable[[str], float] = session.standing if stands else session.value
    if row.kind == "focus":
        weights = [sum(_known(value(m)) * (1e6 if m.startswith("staff") else 1.0) for m in row.levers if m.endswith(v))
                   for v in open_verticals(session)]  # fmt: skip
        return float(max(range(len(weights)), key=lambda i: weights[i])) if weights else 0.0
    if len(row.levers) > 1:
        return sum(_known(value(m)) for m in row.levers)
    return value(row.levers[0])


def _known(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def write(session: Session, row: LeverRow, value: float) -> None:
    """Put a row in the draft: brought inside its limits, whole where it must be."""
    if row.locked or math.isnan(value):
        return
    value = min(max(value, row.low), row.high)
    if row.kind in WHOLE:
        value = float(round(value))
    if row.kind == "focus":
        _write_focus(session, row, int(value))
    elif len(row.levers) > 1:
        _write_sum(session, row, value)
    else:
        session.set(row.levers[0], value)
        if row.levers[0] in GUIDANCE:
            session.filled.discard(row.levers[0])
            _pair(session, row.levers[0])


def _write_focus(session: Session, row: LeverRow, index: int) -> None:
    """People and knowledge of all industries go to one; back at the standing one everything stands."""
    verticals = open_verticals(session)
    chosen = verticals[min(index, len(verticals) - 1)]
    for name in row.levers:
        session.reset(name)
    if int(read(session, row, stands=True)) == index:
        return
    for head in ("knowledge", "staff"):
        names = [name for name in row.levers if name.startswith(head) and not session.view.limits[name].locked]
        total = sum(_known(session.standing(name)) for name in names)
        for name in names:
            limit = session.view.limits[name]
            wanted = total if name.endswith(chosen) else 0.0
            session.set(name, min(max(wanted, limit.low), limit.high))


def _write_sum(session: Session, row: LeverRow, value: float) -> None:
    """Share a total out as it stands now; where nothing stands, to domestic machines."""
    free = [name for name in row.levers if not session.view.limits[name].locked]
    now = {name: _known(session.standing(name)) for name in free}
    total = sum(now.values())
    if total <= 0 and free:
        now = {name: float(name.endswith(SOURCES[1])) for name in free}
        total = sum(now.values()) or 1.0
    for name in free:
        limit = session.view.limits[name]
        session.set(name, min(max(nice(value * now[name] / total), limit.low), limit.high))


def _pair(session: Session, lever: str) -> None:
    """Guidance is an interval: where only one end is given, the other is put as far from the last known number."""
    head, _, end = lever.rpartition(".")
    other = f"{head}.{'high' if end == 'low' else 'low'}"
    if math.isnan(session.value(other)):
        session.set(other, nice(guess(session, other)))
        session.filled.add(other)
    low, high = session.value(f"{head}.low"), session.value(f"{head}.high")
    if low > high:  # the end being moved pushes the other
        session.set(other, session.value(lever))
        session.filled.add(other)


def guess(session: Session, lever: str) -> float:
    """Where guidance starts when it is first touched: fifteen per cent around the last number."""
    own = session.view.own
    middle = own.cash if ".cash." in lever else own.revenue
    return middle + abs(middle) * (0.15 if lever.endswith("high") else -0.15)


def reset(session: Session, row: LeverRow) -> None:
    """Let a row stand; guidance goes as a pair."""
    for name in row.levers:
        session.reset(name)
        if name in GUIDANCE:
            head = name.rpartition(".")[0]
            session.reset(f"{head}.low")
            session.reset(f"{head}.high")


def changed(session: Session, row: LeverRow) -> bool:
    """Whether the draft moves a row."""
    return any(session.changed(name) for name in row.levers)


# steps and scales -----------------------------------------------------------------------------------------------------
def nice(value: float) -> float:
    """Three digits that count: what steps and drags leave."""
    if not value or not math.isfinite(value):
        return value
    digits = 2 - math.floor(math.log10(abs(value)))
    return round(value, digits)


def stepped(row: LeverRow, value: float, stands: float, steps: int, *, big: bool = False) -> float:
    """The value some steps up (down if negative) from here; it comes to rest on the standing value when it passes."""
    step = row.big_step if big else row.step
    for _ in range(abs(steps)):
        if row.log:
            up = steps > 0
            reach = max(abs(value) * step if up else abs(value) * step / (1 + step), row.floor)
            new = nice(value + reach if up else value - reach)
            near = 0.4 * reach
        else:
            # on the grid of steps, so that a value typed in between comes back to round numbers
            count = value / step + (1 if steps > 0 else -1)
            new = round(round(count) * step, 9) if row.kind not in ("money",) else value + math.copysign(step, steps)
            near = 0.0
        if not math.isnan(stands) and (abs(new - stands) < near or (value - stands) * (new - stands) < 0):
            new = stands
        value = min(max(new, row.low), row.high)
    return value


def window(row: LeverRow, value: float, stands: float) -> tuple[float, float]:
    """The part of a lever's range that its slider spans: all of it where that is small, else around the standing value."""
    low, high = row.low, row.high
    if not row.log and (high - low) / row.step <= 250:
        return low, high
    anchor = abs(stands) if not math.isnan(stands) and stands else max(row.floor * 10, row.step * 20 if not row.log else 0)
    top = anchor * (_REACH if row.log else 2.5)
    while top < abs(value) and top < max(abs(low), abs(high)):
        top *= _REACH
    bottom = 0.0
    if low < 0 and row.kind == "money":
        bottom = -top if math.isnan(stands) or stands <= 0 or value < 0 else 0.0
    return max(low, bottom), min(high, max(top, bottom + row.step))


def span_of(session: Session, row: LeverRow, value: float, stands: float) -> tuple[float, float]:
    """The span of a row's slider; the two ends of one guidance share theirs, so that they can be compared by eye."""
    if row.id not in GUIDANCE:
        return window(row, value, stands)
    head = row.id.rpartition(".")[0]
    known = [guess(session, f"{head}.{end}") for end in ("low", "high")]
    known += [v for end in ("low", "high") if not math.isnan(v := session.value(f"{head}.{end}"))]
    least, most = min(known), max(known)
    reach = max(most - least, 0.1 * max(abs(least), abs(most)), row.floor, row.step)
    return max(row.low, least - reach), min(row.high, most + reach)


def position(row: LeverRow, value: float, span: tuple[float, float]) -> float:
    """Where a value lies on its slider, 0..1."""
    low, high = span
    if math.isnan(value) or high <= low:
        return 0.0
    value = min(max(value, low), high)
    if row.log and low >= 0:
        floor = max(row.floor, high * 1e-3, 1e-12)
        return math.log1p((value - low) / floor) / math.log1p((high - low) / floor)
    return (value - low) / (high - low)


def value_at(row: LeverRow, at: float, span: tuple[float, float]) -> float:
    """The value under a place of the slider: the inverse of `position`, rounded to steps."""
    low, high = span
    if row.log and low >= 0:
        floor = max(row.floor, high * 1e-3, 1e-12)
        return nice(low + floor * math.expm1(at * math.log1p((high - low) / floor)))
    value = low + at * (high - low)
    return round(round(value / row.step) * row.step, 9)


# words ----------------------------------------------------------------------------------------------------------------
def label(tongue: Tongue, row: LeverRow) -> str:
    """The short name for the row."""
    short = tongue.find(f"tui.lever.{row.id}")
    if short is not None:
        return short
    head, _, tail = row.id.partition(".")
    if head in ("knowledge", "staff"):
        return tongue.segment(tail)
    return full_name(tongue, row)


def full_name(tongue: Tongue, row: LeverRow) -> str:
    """The name as content gives it."""
    if row.id.startswith("five.") and tongue.content is not None:
        return tongue.pick(tongue.content.five[row.id[5:]].name)
    return tongue.lever(row.id)


def help_line(tongue: Tongue, row: LeverRow) -> str:
    """What the row does and costs, in one line."""
    if tongue.content is None:
        return ""
    if row.id.startswith("five."):
        return tongue.pick(tongue.content.five[row.id[5:]].help)
    spec = tongue.content.levers.get(row.id)
    return tongue.pick(spec.help) if spec is not None else ""


def shown(session: Session, tongue: Tongue, row: LeverRow, value: float) -> str:
    """A value of the row with its unit, as short as it may be."""
    if math.isnan(value):
        return tongue.say("ui.board.guidance-none")
    if row.kind == "focus":
        verticals = open_verticals(session)
        return tongue.segment(verticals[int(value)]) if verticals else tongue.say("ui.state.none")
    if row.kind == "route":
        return tongue.route(min(max(int(value), 0), len(ROUTES) - 1))
    if row.kind == "price":
        return tongue.price(value)
    if row.kind == "money":
        return tongue.money(value)
    if row.kind == "flops":
        return tongue.flops(value)
    if row.kind == "index":
        return f"×{tongue.number(value, 2)}"
    if row.kind == "share":
        return tongue.say("tui.value.parts", value=tongue.number(value, 0)) if row.high > 1.5 else tongue.percent(value, 0)
    if row.kind == "people":
        return tongue.say("tui.value.people", value=tongue.count(value))
    if row.kind == "count":
        return tongue.say(f"tui.value.{row.id.replace('.', '-')}", value=tongue.count(value))
    return tongue.number(value)


def unit(tongue: Tongue, row: LeverRow) -> str:
    """What a row's number is of, short; empty where the value says it itself."""
    return tongue.find(f"tui.unit.{row.id}") or tongue.find(f"tui.unit.{row.id.partition('.')[0]}") or ""


def range_words(session: Session, tongue: Tongue, row: LeverRow) -> tuple[str, str]:
    """The ends of what a row takes, as values of the row."""
    return shown(session, tongue, row, row.low), shown(session, tongue, row, row.high)


class BadInput(ValueError):
    """What was typed is not a value of the row; ``str()`` is the sentence to show."""


def parse(session: Session, tongue: Tongue, row: LeverRow, text: str) -> float:
    """The value that a person typed. Units and signs as people write them: ``1.2亿``, ``42M``, ``80%``.

    A number outside the row's range comes back as typed: `held` brings it inside and says so. Raises `BadInput` for
    what is no number of this row, with what would be one.
    """
    low, high = range_words(session, tongue, row)
    found = _NUMBER.match(text.strip())
    if found is None:
        raise BadInput(tongue.say("ui.error.number", text=text, low=low, high=high))
    sign, digits, times = found.groups()
    value = float(digits.replace(",", "")) * _TIMES[times.lower()] * (-1 if sign in ("-", "−") else 1)
    if row.kind == "share" and row.high <= 1.5 and ("%" in text or value > 1):
        value /= 100
    if row.kind in ENUMS:
        value -= 1  # people count from one
        if value != int(value) or not row.low <= value <= row.high:
            raise BadInput(tongue.say("tui.note.pick", words=words_of(session, tongue, row)))
    if row.kind in WHOLE and value != int(value):
        raise BadInput(tongue.say("ui.error.whole"))
    return value


def held(session: Session, tongue: Tongue, row: LeverRow, value: float) -> tuple[float, str]:
    """A value brought inside the row's range, and a sentence where that changed it."""
    if value > row.high + 1e-9:
        return row.high, tongue.say("tui.note.clamped-high", value=shown(session, tongue, row, row.high))
    if value < row.low - 1e-9:
        return row.low, tongue.say("tui.note.clamped-low", value=shown(session, tongue, row, row.low))
    return value, ""


def words_of(session: Session, tongue: Tongue, row: LeverRow) -> str:
    """The words of an enumerated row with the digits that pick them."""
    values = range(int(row.low), int(row.high) + 1)
    return " ".join(f"{n + 1} {shown(session, tongue, row, n)}" for n in values)


def range_line(session: Session, tongue: Tongue, row: LeverRow) -> str:
    """What the row takes now, in words."""
    if row.kind in ENUMS:
        return tongue.say("tui.note.pick", words=words_of(session, tongue, row))
    if row.id in GUIDANCE:  # any sum may be guessed
        return ""
    low, high = range_words(session, tongue, row)
    return tongue.say("tui.note.range", low=low, high=high)
