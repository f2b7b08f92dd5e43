"""Checks of theses.toml: every reference leads somewhere, and every comparison can be played and means something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from game.engine.names import LEVERS, ROUTES, SEGMENTS, SOURCES, VERTICALS, quarter_label

from . import schema as s
from . import schema_theses as st
from .checking import Checking
from .contrasts import OPERATIONS, axis_names, side_values
from .problems import did_you_mean
from .ranges import outside
from .resolve import parameter_value
from .vocabulary import HORIZON, parse_quarter

EXPRESSED: Final = ("mechanism", "card", "fact", "parameter", "lever", "rival", "background", "scenario")
"""Kinds that may express a thesis, as the word before the colon."""

MECHANISMS: Final = (
    "choice", "stickiness", "adoption", "capability", "accuracy", "community", "compute", "cloud-pricing", "tenders",
    "pilots", "finance", "exits", "routes", "valuation", "trust", "cards", "guidance", "chance", "futures", "regret",
)
"""The equations of the model in their order, then what stands beside them; the last four are about playing it."""

MEASURES: Final = (
    "value", "trading", "live-models", "revenue", "margin", "losing", "price-cut", "token-price", "token-cost",
    "cost-lead", "capability", "frontier", "capability-gap", "accuracy", "community", "paying-share", "users",
    "self-hosting", "contracts", "running", "effort", "adoption", "tokens", "tender-income", "tender-lead",
    "delivered", "compute-paid", "compute-spend", "domestic", "unserved", "fill", "multiple", "equity-lead",
    "rank-pull",
)
"""What the laboratory can measure, in its own order (`game.lab.thesis_measures`)."""

GROUPS: Final = ("player", "rivals", "clouds", "startups", "all")
"""Words for several firms, beside the ids of rivals."""

LEVER_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "knowledge.all": tuple(f"knowledge.{v}" for v in VERTICALS),
    "staff.verticals": tuple(f"staff.{v}" for v in VERTICALS),
    "compute.all": tuple(f"compute.{source}" for source in SOURCES),
}
"""Words for several levers."""

TABLES: Final = {"focus": SEGMENTS, "staff": SEGMENTS, "knowledge": SEGMENTS, "compute": SOURCES}
"""Fields of a firm that are tables, with what they run over."""
TRAITS: Final = s.Traits.__struct_fields__
OPENING: Final = s.Start.__struct_fields__
NAMED: Final = ("route", "opening")
"""Fields and levers that take the name of a route."""


def check_theses(work: Checking) -> None:
    """Mechanisms, measures and expressions; a thesis that nothing expresses is a warning."""
    content = work.content
    for kind, names, whose in (
        ("mechanism", MECHANISMS, "the model has no such mechanism"),
        ("measure", MEASURES, "the laboratory has no such measure"),
    ):
        for label in content.of(kind):
            if label not in names:
                work.add(kind, label, "id", f"{whose}{did_you_mean(label, names)}")
    for entry in content.expressions.values():
        work.refer("expression", entry.id, "id", "thesis", entry.id)
        work.twice("expression", entry.id, "expressed_by", entry.expressed_by)
        for word in entry.expressed_by:
            _expressed(work, entry.id, word)
        if entry.contrast is not None:
            _contrast(work, entry.id, entry.contrast)
    known = work.known.get("expression", set()) | set(content.expressions)
    for label in content.theses:
        if label not in known:
            message = f"nothing expresses it; write [[expression]] with id = \"{label}\" in theses.toml"
            work.add("thesis", label, "", message, "warning")


def _expressed(work: Checking, label: str, word: str) -> None:
    kind, colon, target = word.partition(":")
    if not colon or kind not in EXPRESSED:
        hint = did_you_mean(kind, EXPRESSED)
        work.add("expression", label, "expressed_by", f"'{word}' is not of the form kind:id{hint}")
        return
    work.refer("expression", label, "expressed_by", kind, target)


def _contrast(work: Checking, label: str, entry: st.Contrast) -> None:
    content = work.content
    for key, kind, wanted in (
        ("measure", "measure", entry.measure), ("scenario", "scenario", entry.scenario),
        ("background", "background", entry.background),
    ):
        work.refer("expression", label, f"contrast.{key}", kind, wanted)
    plan = content.scenarios.get(entry.scenario)
    _who(work, label, "contrast.of", entry.of, plan)
    measure = content.measures.get(entry.measure)
    if measure is not None and measure.segment != bool(entry.segment):
        how = "is taken in one segment; name it" if measure.segment else "is not taken by segment; leave it out"
        work.add("expression", label, "contrast.segment", f"'{entry.measure}' {how}")
    elif entry.segment and entry.segment not in SEGMENTS:
        hint = did_you_mean(entry.segment, SEGMENTS)
        work.add("expression", label, "contrast.segment", f"'{entry.segment}' is no segment{hint}")
    if plan is not None and entry.at is not None:
        _within(work, label, "contrast.at", entry.at, plan)
    for card, quarter in entry.deal.items():
        work.refer("expression", label, "contrast.deal", "card", card)
        if plan is not None:
            _within(work, label, f"contrast.deal.{card}", quarter, plan)
    if entry.high == entry.low:
        work.add("expression", label, "contrast", "high and low are the same; let one of them differ")
    for name, side in (("high", entry.high), ("low", entry.low)):
        _side(work, label, f"contrast.{name}", side, plan)


def _within(work: Checking, label: str, key: str, quarter: str, plan: s.Scenario) -> None:
    first = parse_quarter(plan.first)
    last = min(first + plan.quarters, HORIZON) - 1
    if not first <= parse_quarter(quarter) <= last:
        span = f"{quarter_label(first)} to {quarter_label(last)}"
        work.add("expression", label, key, f"{quarter} lies outside scenario '{plan.id}' ({span})")


def _who(work: Checking, label: str, key: str, who: str, plan: s.Scenario | None) -> None:
    if plan is None:
        return
    rivals = plan.rivals[: max(plan.firms - 1, 0)]
    if who not in GROUPS and who not in rivals:
        hint = did_you_mean(who, (*GROUPS, *rivals), limit=20)
        work.add("expression", label, key, f"'{who}' is no firm of scenario '{plan.id}'{hint}")


def _side(work: Checking, label: str, key: str, side: st.Side, plan: s.Scenario | None) -> None:
    before = len(work.problems)
    named: list[str] = []
    for how in OPERATIONS:
        changes: st.Amounts = getattr(side, how)
        named += changes
        for name, amount in changes.items():
            _parameter(work, label, f"{key}.{how}.{name}", name, amount)
    work.twice("expression", label, key, named)
    if len(work.problems) == before:
        _ranges(work, label, key, side)
    for index, change in enumerate(side.firms):
        at = f"{key}.firms[{index}]"
        _who(work, label, f"{at}.who", change.who, plan)
        _one_of(work, label, at, {"set": change.set, "times": change.times})
        _field(work, label, at, change, plan)
    for index, lever in enumerate(side.levers):
        at = f"{key}.levers[{index}]"
        _who(work, label, f"{at}.who", lever.who, plan)
        _lever(work, label, at, lever)
        if plan is not None and lever.first is not None:
            _within(work, label, f"{at}.first", lever.first, plan)
    for card, choice in side.choices.items():
        work.refer("expression", label, f"{key}.choices", "card", card)
        entry = work.content.cards.get(card)
        if entry is not None and choice > len(entry.choices):
            message = f"is {choice}, but card '{card}' has {len(entry.choices)} choices"
            work.add("expression", label, f"{key}.choices.{card}", message)


def _one_of(work: Checking, label: str, at: str, ways: Mapping[str, object]) -> None:
    if sum(value is not None for value in ways.values()) != 1:
        *most, last = ways
        work.add("expression", label, at, f"give exactly one of {', '.join(most)} or {last}")


def _parameter(work: Checking, label: str, key: str, name: str, amount: float | dict[str, float]) -> None:
    content = work.content
    parameter = content.parameters.get(name)
    if parameter is None:
        if name not in work.known.get("parameter", set()):
            hint = did_you_mean(name, content.parameters)
            work.add("expression", label, key, f"parameter '{name}' does not exist{hint}")
        return
    if not isinstance(amount, dict):
        return
    if parameter.by is None:
        work.add("expression", label, key, f"'{name}' is one number, not a table")
        return
    _entries(work, label, key, amount, axis_names(parameter.by), parameter.by)


def _ranges(work: Checking, label: str, key: str, side: st.Side) -> None:
    """The numbers of a side stay within what the rules can stand."""
    parameters = work.content.parameters
    named = {name for how in OPERATIONS for name in getattr(side, how) if name in parameters}
    try:
        values = {name: parameter_value(work.content, parameters[name]) for name in named}
        changed = side_values(work.content, side, values) if len(values) == len(named) else {}
    except (KeyError, ValueError):
        return  # said with the parameter itself
    for name, value in changed.items():
        for entry, message in outside(parameters[name], value):
            work.add("expression", label, f"{key}.{name}{'.' + entry if entry else ''}", message)
            break


def _entries(
    work: Checking, label: str, key: str, entries: Iterable[str], names: tuple[str, ...], axis: str
) -> None:
    for entry in entries:
        if entry not in names:
            work.add("expression", label, f"{key}.{entry}", f"'{entry}' is no {axis}{did_you_mean(entry, names)}")


def _field(work: Checking, label: str, at: str, change: st.FirmChange, plan: s.Scenario | None) -> None:
    fields = (*TRAITS, *OPENING)
    if change.field not in fields:
        hint = did_you_mean(change.field, fields)
        work.add("expression", label, f"{at}.field", f"firms have no '{change.field}'{hint}")
        return
    if change.field in OPENING and plan is not None and plan.start != "fresh":
        message = f"scenario '{plan.id}' does not begin with opening books; change a trait, or take another scenario"
        work.add("expression", label, f"{at}.field", message)
    names = TABLES.get(change.field)
    if isinstance(change.set, dict):
        if names is None:
            work.add("expression", label, f"{at}.set", f"'{change.field}' is one number, not a table")
        else:
            _entries(work, label, f"{at}.set", change.set, names, "segment" if names is SEGMENTS else "source")
    elif change.set is not None and names is not None:
        work.add("expression", label, f"{at}.set", f"'{change.field}' is a table; say which of its entries")
    else:
        _route(work, label, f"{at}.set", change.field, change.set)


def _route(work: Checking, label: str, key: str, name: str, value: object) -> None:
    if not isinstance(value, str):
        if name in NAMED and value is not None and value not in range(len(ROUTES)):
            work.add("expression", label, key, f"'{value}' is no route; allowed: {', '.join(ROUTES)}")
        return
    if name not in NAMED:
        work.add("expression", label, key, f"'{name}' is a number, not '{value}'")
    elif value not in ROUTES:
        work.add("expression", label, key, f"'{value}' is no route{did_you_mean(value, ROUTES)}")


def _lever(work: Checking, label: str, at: str, change: st.LeverChange) -> None:
    _one_of(work, label, at, {"set": change.set, "times": change.times, "into": change.into})
    words = (*LEVERS, *LEVER_GROUPS)
    if change.lever not in words:
        hint = did_you_mean(change.lever, words)
        work.add("expression", label, f"{at}.lever", f"there is no lever '{change.lever}'{hint}")
    if change.into is not None and change.into not in LEVERS:
        hint = did_you_mean(change.into, LEVERS)
        work.add("expression", label, f"{at}.into", f"there is no lever '{change.into}'{hint}")
    elif change.into is not None and change.into.partition(".")[0] != change.lever.partition(".")[0]:
        work.add("expression", label, f"{at}.into", f"'{change.lever}' cannot be moved into '{change.into}'")
    _route(work, label, f"{at}.set", change.lever, change.set)
