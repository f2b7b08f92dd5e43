"""An explanation in words and rounded numbers: the screen and the plain game say the same. No widget is known here."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from game.language.rounding import whole_units
from game.table.formula import FUNCTIONS, tokens
from game.table.wire import Change, Explanation, Factor, Part
from game.tui.widgets.amounts import minus, unit_for

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue

_DATES: Final = ("before", "now", "dated", "mean")
_SHARES: Final = ("percent", "share", "points")


@dataclass(frozen=True, slots=True)
class Scale:
    """How the amounts of one explanation are written: in whole units of ``unit``, a number and its change."""

    unit: float
    number: Callable[[int], str]
    change: Callable[[int], str]

    def units(self, amount: float) -> int:
        """The nearest whole number of units, halves up."""
        return math.floor(amount / self.unit + 0.5 + 1e-9)


@dataclass(frozen=True, slots=True)
class Shown:
    """One part as shown: its words, its whole units, and how they are written."""

    part: Part
    name: str
    units: int
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """An explanation as shown: the parts add up to the change, and before plus change is after."""

    name: str
    before: str
    after: str
    change: str
    units: int
    parts: tuple[Shown, ...]
    flows: tuple[Shown, ...]
    scale: Scale


def name_of(tongue: Tongue, what: str, segment: str) -> str:
    """A number by name: 金融份额, share in finance."""
    if what == "line":
        return tongue.term("line", segment)
    name = tongue.quantity("contracts" if what == "customers" and segment not in ("developers", "consumers", "") else what)
    if what == "tokens":
        return tongue.say("why.symbol.tokens")
    if not segment:
        return name
    place = tongue.term("segment", segment)
    return f"{place}{name}" if tongue.lang == "zh" else f"{name}, {place}"


def part_name(tongue: Tongue, part: Part) -> str:
    """A part by name."""
    kind, _, name = part.id.partition(".")
    if kind == "firm":
        return tongue.firm(name)
    if kind == "source":
        return tongue.source(name)
    return tongue.term(kind, name)


def _digits(size: float, least: int = 3) -> int:
    """Decimals with which a number shows ``least`` digits that count."""
    return max(0, least - 1 - math.floor(math.log10(size))) if size > 0 else 0


def scale_of(way: str, amounts: Sequence[float], tongue: Tongue, *, plain: bool = False) -> Scale:
    """The scale for amounts (a number before, after, and the parts between) of one way of writing."""
    largest = max((abs(a) for a in amounts), default=0.0)
    sign = lambda text, n: minus(f"{'-' if n < 0 else '+'}{text}", plain=plain)  # noqa: E731
    bare = lambda text, n: minus(f"-{text}" if n < 0 else text, plain=plain)  # noqa: E731

    def made(unit: float, write: Callable[[int], str]) -> Scale:
        return Scale(unit, lambda n: bare(write(abs(n)), n), lambda n: sign(write(abs(n)), n))

    if way in ("money", "fen", "count"):
        money = [a / 100 for a in amounts] if way == "fen" else amounts
        if way == "count" and largest < 20:
            return made(0.1, lambda n: f"{n / 10:.1f}")
        unit, write = unit_for(money, tongue)
        mark = "" if way == "count" else "¥"
        return made(unit * (100 if way == "fen" else 1), lambda n: f"{mark}{write(n) if n else 0}")
    if way in _SHARES:
        moved = max((abs(a) for a in amounts[2:]), default=0.0)
        digits = 1 if moved >= 0.0025 or not moved else 2 if moved >= 0.00025 else 3
        unit = 10.0 ** -(digits + 2)
        tail = "" if way == "points" else "%"
        return Scale(unit, lambda n: bare(f"{abs(n) / 10**digits:,.{digits}f}{tail}", n),
                     lambda n: sign(f"{abs(n) / 10**digits:,.{digits}f}", n))  # fmt: skip
    if way == "rank":
        return made(1.0, str)
    digits = min({"quarters": 1, "flops": 0 if largest >= 100 else 1}.get(way, _digits(largest)), 8)
    tails = {"quarters": f" {tongue.plural(2, 'quarter|quarters')}" if tongue.lang == "en" else "季", "flops": " P"}
    head, tail = ("¥" if way == "price" else ""), tails.get(way, "")
    return made(10.0**-digits, lambda n: f"{head}{n / 10**digits:,.{digits}f}{tail}")


def tell(e: Explanation, tongue: Tongue, *, plain: bool = False) -> Told:
    """An explanation with every number rounded so that it adds up as shown, its largest parts first."""
    start = e.before or 0.0
    scale = scale_of(e.way, [start, e.after, *(p.amount for p in e.parts)], tongue, plain=plain)
    goal = scale.units(e.after) - scale.units(start)
    parts = _shown(e.parts, scale, goal, tongue)
    flows = _shown(e.flows, scale, goal, tongue) if e.flows else ()
    burnt = e.what == "runway" and e.before is None  # told by the burn itself
    return Told(
        tongue.say("why.symbol.burn") if burnt else name_of(tongue, e.what, e.segment), "" if e.before is None else scale.number(scale.units(start)),
        scale.number(scale.units(e.after)), scale.change(goal), goal, parts, flows, scale,
    )  # fmt: skip


def _shown(parts: Sequence[Part], scale: Scale, goal: int, tongue: Tongue) -> tuple[Shown, ...]:
    units = whole_units([p.amount for p in parts], scale.unit, goal)
    rows = [Shown(p, part_name(tongue, p), n, scale.change(n)) for p, n in zip(parts, units, strict=True) if n]
    return tuple(sorted(rows, key=lambda row: (row.part.who == "others", -abs(row.units))))


def sentence(e: Explanation, tongue: Tongue, *, plain: bool = False) -> str:
    """What the gazette would say of it: the main cause, and what worked against it."""
    told = tell(e, tongue, plain=plain)
    if e.what == "rank":
        return _ranks(e, tongue)
    parts = sorted(told.parts, key=lambda row: row.units)
    if e.what == "runway" and e.before is None:
        return _burn(e, told, tongue)
    if not parts:
        return _said(tongue, "still", what=told.name)
    if e.before is None:
        top = parts[-1] if parts[-1].units > 0 else parts[0]
        return _said(tongue, "state", what=told.name, change=told.after, cause=_cause(tongue, top), amount=top.text)
    if not told.units:
        return _said(tongue, "still-but", what=told.name, cause=_cause(tongue, parts[-1]), amount=parts[-1].text,
                     against=_cause(tongue, parts[0]), lost=parts[0].text)  # fmt: skip
    rose = told.units > 0
    main, against = (parts[-1], parts[0]) if rose else (parts[0], parts[-1])
    verb = ("more" if rose else "less") if e.way in ("money", "fen", "count") else "up" if rose else "down"
    size = told.change[1:]
    if e.way in _SHARES:
        size = tongue.say("why.said.points", change=size)
    opposed = main.units * against.units < 0
    kind = ("up-drag" if rose else "down-push") if opposed else "up" if rose else "down"
    other = {"against": _cause(tongue, against), "lost": against.text} if opposed else {}
    return _said(tongue, kind, what=told.name, verb=tongue.say(f"why.verb.{verb}"), change=size,
                 cause=_cause(tongue, main), amount=main.text, **other)  # fmt: skip


def _said(tongue: Tongue, kind: str, **args: str) -> str:
    text = tongue.say(f"why.said.{kind}", **args)
    return text[:1].upper() + text[1:] if tongue.lang == "en" else text


def _cause(tongue: Tongue, row: Shown) -> str:
    """A part's name within a sentence."""
    if tongue.lang != "en" or row.part.id.startswith("firm."):
        return row.name
    return row.name[:1].lower() + row.name[1:]


def _burn(e: Explanation, told: Told, tongue: Tongue) -> str:
    if e.after <= 0 or not told.parts:
        return tongue.say("why.said.no-burn")
    top = max(told.parts, key=lambda row: row.units)
    return tongue.say("why.said.burn", change=told.after, cause=_cause(tongue, top), amount=top.text)


def _ranks(e: Explanation, tongue: Tongue) -> str:
    was, now = int(e.before or 0), int(e.after)
    if was == now:
        return tongue.say("why.said.rank-same", after=now)
    names = [part_name(tongue, p) for p in e.parts if (p.amount > 0) == (now > was)]
    kind = "rank-down" if now > was else "rank-up"
    return tongue.say(f"why.said.{kind}", before=was, after=now, names=tongue.join(names))


# formulas -------------------------------------------------------------------------------------------------------------


def symbol_name(tongue: Tongue, content: Content | None, factor: Factor) -> str:
    """A symbol in words: 上季词元价, token price (before); a parameter by its name, an index by its segment."""
    base, _, index = factor.symbol.removesuffix("]").partition("[")
    place = _place(tongue, index)
    if factor.parameter and content is not None and factor.parameter in content.parameters:
        name = tongue.pick(content.parameters[factor.parameter].name)
    else:
        name = _dated(tongue, base)
    if not place:
        return name
    return f"{name}（{place}）" if tongue.lang == "zh" else f"{name} ({place})"


def _dated(tongue: Tongue, base: str) -> str:
    """The name of a symbol that is no parameter, with its date."""
    found = tongue.find(f"why.symbol.{base}")
    if found is not None:
        return found
    head, _, date = base.rpartition("_")
    if head and date in _DATES:
        return tongue.say(f"why.date.{date}", name=_dated(tongue, head))
    if head and date == "last":
        return tongue.say("why.date.before", name=_dated(tongue, head))
    return base


def _place(tongue: Tongue, index: str) -> str:
    if not index:
        return ""
    for kind in ("segment", "source", "route-short", "line", "cause", "effect"):
        found = tongue.find(f"term.{kind}.{index}")
        if found is not None:
            return found
    return index


def factor_text(tongue: Tongue, factor: Factor, *, plain: bool = False) -> str:
    """The value of a symbol as it is written in a formula."""
    value, way = factor.value, factor.way
    if factor.parameter:
        text = f"{value:.4g}" if 1e-3 <= abs(value) < 1e4 or not value else tongue.count(value) if value >= 1e4 else tongue.number(value)
    elif way in ("percent", "share"):
        text = tongue.percent(value)
    elif way == "points":
        text = tongue.percent(value)  # in a formula a capability is a share of one
    elif way == "count":
        text = tongue.number(value, 1) if abs(value) < 20 and value != round(value) else tongue.count(value)
    elif way in ("quarters", "number", ""):
        text = tongue.number(value)
    else:
        text = tongue.write(value, "money" if way == "fen" else way)
    return minus(text, plain=plain)


def filled(formula: str, factors: Sequence[Factor], tongue: Tongue, *, plain: bool = False) -> str:
    """A formula with the values of its symbols in their places; what is negative stands in parentheses."""
    values = {f.symbol: factor_text(tongue, f, plain=plain) for f in factors}

    def put(token: str) -> str:
        if token not in values or token in FUNCTIONS:
            return token
        text = values[token]
        return f"({text})" if text[:1] in "−-" else text

    return spaced([put(t) for t in tokens(formula)], tokens(formula))


def written(formula: str) -> str:
    """A formula as it is shown."""
    return spaced(tokens(formula), tokens(formula))


def spaced(words: Sequence[str], signs: Sequence[str]) -> str:
    """Words of a formula with air around its signs, as the documentation sets them."""
    out = ""
    unary = True  # no sign stands between two values yet
    for word, sign in zip(words, signs, strict=True):
        if sign in ("+", "−", "-", "·", "/") and not unary:
            out += f" {word} "
        elif sign == ",":
            out += ", "
        else:
            out += word
        unary = sign in ("(", ",", "+", "−", "-", "·", "/", "^")
    return out


def equation_of(content: Content, tongue: Tongue, name: str) -> list[str]:
    """Lines of an equation of the model's documentation in one language; none where there is no such equation."""
    from game.content.model_text import equations, spoken

    found = equations(content).get(name)
    return spoken(found, tongue.lang).splitlines() if found is not None else []


def rows_of(changes: Sequence[Change], tongue: Tongue, *, plain: bool = False) -> list[tuple[Change, str, str, str, str]]:
    """The list of numbers: each with its name, before, after and change as shown; what did not move is left out."""
    out = []
    for row in changes:
        before, after = row.before or 0.0, row.after
        endless = tongue.say("ui.state.endless")
        scale = scale_of(row.way, [x for x in (before, after, abs(after - before)) if abs(x) < 1e299], tongue, plain=plain)
        if max(abs(before), abs(after)) >= 1e299:
            ends = [endless if abs(x) >= 1e299 else scale.number(scale.units(x)) for x in (before, after)]
            if ends[0] != ends[1]:
                out.append((row, name_of(tongue, row.what, row.segment), ends[0], ends[1], ""))
            continue
        units = scale.units(after) - scale.units(before)
        if not units:
            continue
        out.append((row, name_of(tongue, row.what, row.segment), scale.number(scale.units(before)),
                    scale.number(scale.units(after)), scale.change(units)))  # fmt: skip
    return out


def good(what: str, units: int) -> int:
    """Whether a change does the firm good: 1, -1, or 0 where that cannot be said."""
    sign = (units > 0) - (units < 0)
    return -sign if what in ("cost", "debt", "unit_cost", "unserved", "rank") else sign


