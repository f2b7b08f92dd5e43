"""Content into what the rules read: arrays and compiled cards. The only module here that needs numpy."""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
import linecache
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from game.engine import rules
from game.engine.names import LEVERS, SEGMENTS, SOURCES
from game.engine.state import SHIFT_QUARTERS

from . import schema as s
from .book import Content
from .check_cards import window
from .problems import ContentError, Problem, did_you_mean
from .resolve import effect_range, parameter_value, parameter_values, route_index
from .vocabulary import parse_quarter

_COMMENT = re.compile(r"^\s+(\w+): (?:Array|np\.ndarray)\s*#\s*(\w+)", re.MULTILINE)
_PLURAL = {"segments": "segment", "sources": "source", "routes": "route", "quarters": "quarter"}


def build_params(content: Content, assume: str = "none", kind: type[Any] | None = None) -> dict[str, Any]:
    """Every field of ``kind`` (`game.engine.rules.Params` by default) as a float or a float64 array along its axis.

    ``Params(**build_params(content, "none"))`` is what the rules take. Raises `ContentError` where parameters are
    missing, too many or of the wrong shape, KeyError for unknown assumptions.
    """
    wanted = kind if kind is not None else rules.Params
    problems = parameter_problems(content, wanted)
    if problems or not content.parameters:
        raise ContentError(problems)
    values = parameter_values(content, assume)
    built: dict[str, Any] = {}
    for field in dataclasses.fields(wanted):
        value = values[field.name]
        built[field.name] = np.array(value, dtype=np.float64) if isinstance(value, tuple) else float(value)
    return built


def parameter_problems(content: Content, kind: type[Any] | None = None) -> list[Problem]:
    """Parameters that the rules have and content lacks, the reverse, and those along the wrong axis."""
    wanted = kind if kind is not None else rules.Params
    fields = {f.name: f for f in dataclasses.fields(wanted)}
    axes = _axes(wanted)
    home = f"{content.directory.name}/parameters.toml"
    problems: list[Problem] = []
    for name in fields if content.parameters else ():  # a missing file was said once already
        if name not in content.parameters:
            shape = "one number" if axes[name] == "" else f"a table by {axes[name]}" if axes[name] else "a table"
            problems.append(Problem(home, f"parameter[{name}]", f"is missing; the rules read {shape}"))
    for name, parameter in content.parameters.items():
        file = content.files.get(("parameter", name), home)
        if name not in fields:
            hint = did_you_mean(name, [f for f in fields if f not in content.parameters])
            problems.append(Problem(file, f"parameter[{name}]", f"the rules read no such parameter{hint}"))
            continue
        axis, given = axes.get(name, ""), parameter.by or ""
        by = "quarter" if given == "year" else given
        if by != axis and (axis is not None or not by):
            ours = f"a table by {given}" if given else "one number"
            theirs = "one number" if axis == "" else f"a table by {axis}" if axis else "a table"
            problems.append(Problem(file, f"parameter[{name}].by", f"is {ours}; the rules read {theirs}"))
        try:
            parameter_value(content, parameter)
        except ValueError as error:
            problems.append(Problem(file, f"parameter[{name}]", str(error)))
    return problems


def effect_problems(content: Content) -> list[Problem]:
    """Effects that are to last longer than the rules can carry."""
    return [
        Problem(
            content.files.get(("card", card.id), "cards"), f"card[{card.id}].choices[{i}].effects[{j}].quarters",
            f"is {effect.quarters}; the rules carry an effect for at most {SHIFT_QUARTERS}", "warning",
        )
        for card in content.cards.values() for i, choice in enumerate(card.choices)
        for j, effect in enumerate(choice.effects) if effect.quarters > SHIFT_QUARTERS
    ]


def _axes(kind: type[Any]) -> dict[str, str | None]:
    """Axis of every field: "" for one number, None where it is a table along an axis that is not said.

    A field says it by ``metadata={"axis": ...}``, or, as `Params` does, by the first word of its comment.
    """
    comments = {name: _PLURAL.get(word) for name, word in _COMMENT.findall(_source(kind))}
    axes: dict[str, str | None] = {}
    for field in dataclasses.fields(kind):
        if "axis" in field.metadata:
            axes[field.name] = str(field.metadata["axis"])
        elif field.type in (float, "float", int, "int"):
            axes[field.name] = ""
        else:
            axes[field.name] = comments.get(field.name)
    return axes


@cache
def _source(kind: type[Any]) -> str:
    """Source of a class, or nothing where there is none beside the program.

    Cut out of its file as text: ``inspect.getsource`` parses the whole module, which takes longer, and which two threads
    must not do at once on every Python (SystemError: AST constructor recursion depth mismatch).
    """
    try:
        text = inspect.getsourcefile(kind)
        lines = "".join(linecache.getlines(text)) if text else ""
    except (OSError, TypeError):
        return ""
    start = lines.find(f"class {kind.__name__}")
    end = re.compile(r"^(?:class |@|def )", re.MULTILINE).search(lines, start + 1) if start >= 0 else None
    return "" if start < 0 else lines[start : end.start() if end else len(lines)]


def card_key(label: str) -> int:
    """A stable 32-bit number of a card's id, by which its draws are told from those of all other cards."""
    return int.from_bytes(hashlib.sha256(label.encode()).digest()[:4], "big")


def build_conditions(conditions: Sequence[s.Condition]) -> tuple[rules.Condition, ...]:
    """Conditions as the engine reads them; names of routes become rows."""
    return tuple(rules.Condition(c.what, c.op, c.number, c.segment) for c in conditions)


def build_cards(content: Content, scenario: str) -> tuple[rules.CardRule, ...]:
    """Cards of a scenario, compiled, in file order. A card of several acts with a gap between them keeps the gap.

    ``after`` is the row of the card it follows, -1 for none.
    """
    cards = content.cards_of(scenario)
    row = {card.id: index for index, card in enumerate(cards)}
    built = []
    for card in cards:
        quarters = window(card)
        built.append(rules.CardRule(
            id=card.id, key=card_key(card.id), first=quarters[0], last=quarters[-1], odds=card.odds, weight=card.weight,
            once=card.once, when=build_conditions(card.when), after=row.get(card.after or "", -1),
            choices=tuple(_choice(content, choice) for choice in card.choices),
        ))
    return tuple(built)


def _choice(content: Content, choice: s.Choice) -> rules.ChoiceRule:
    effects = []
    for e in choice.effects:
        low, high = effect_range(content, e)
        effects.append(rules.EffectRule(e.target, e.op, low, high, e.who, e.segment, e.quarters, e.chance))
    return rules.ChoiceRule(choice.cost.cash, choice.cost.scale, tuple(effects), build_conditions(choice.requires))


def firm_rows(content: Content, scenario: str, backgrounds: Sequence[str]) -> list[s.Rival | s.Background]:
    """Firms of a table row by row: one background a seat, then the scenario's rivals as far as there is room.

    KeyError for an unknown scenario, background or rival.
    """
    plan = content.scenarios[scenario]
    seats: list[s.Rival | s.Background] = [content.backgrounds[b] for b in backgrounds]
    return seats + [content.rivals[r] for r in plan.rivals[: max(plan.firms - len(seats), 0)]]


def build_rules(
    content: Content, scenario: str, backgrounds: Sequence[str] = ("lab-spin-off",), *, assume: str = "none",
    difficulty: str = "manager", start: bytes | None = None, seats: Sequence[str] | None = None, levers: str = "",
) -> rules.Rules:
    """Everything a table needs to play ``scenario`` with one seat per entry of ``backgrounds``.

    ``seats`` names the seats' firms (``seat-1`` ... by default); ``start`` is a packed state to begin from; ``levers``
    (``five`` or ``all``) overrides how many the scenario shows. Raises `ContentError` where parameters do not fit the
    rules, KeyError for unknown ids.
    """
    plan = content.scenarios[scenario]
    firms = firm_rows(content, scenario, backgrounds)
    labels = list(seats) if seats is not None else [f"seat-{i + 1}" for i in range(len(backgrounds))]
    low, high = lever_bounds(content)
    return rules.Rules(
        params=rules.Params(**build_params(content, assume)), traits=build_traits(firms), opening=build_opening(firms),
        cards=build_cards(content, scenario), firms=len(firms), first=parse_quarter(plan.first), quarters=plan.quarters,
        segments=np.array([[1.0 if name in plan.segments else 0.0] for name in SEGMENTS]),
        names=(*labels, *(firm.id for firm in firms[len(labels):])), lever_low=low, lever_high=high,
        five=(levers or plan.levers) == "five", start=start, speed=content.difficulties[difficulty].speed,
    )


def lever_bounds(content: Content) -> tuple[np.ndarray, np.ndarray]:
    """(levers, 1, 1) least and greatest value of each lever."""
    low = np.array([content.levers[name].low for name in LEVERS], dtype=np.float64)
    high = np.array([content.levers[name].high for name in LEVERS], dtype=np.float64)
    return low.reshape(-1, 1, 1), high.reshape(-1, 1, 1)


def build_traits(firms: Sequence[s.Rival | s.Background]) -> rules.Traits:
    """Traits of firms, row by row; weights of ``focus`` add up to 1."""
    focus = _table(firms, "traits", "focus", SEGMENTS)
    total = np.zeros((len(firms), 1, 1))
    for v in range(len(SEGMENTS)):  # in a fixed order, as everywhere in the rules
        total[:, 0] += focus[:, v]
    built = {f.name: _column(firms, "traits", f.name) for f in dataclasses.fields(rules.Traits) if f.name != "focus"}
    return rules.Traits(**built, focus=focus / np.where(total > 0, total, 1.0))


def build_opening(firms: Sequence[s.Rival | s.Background]) -> rules.Opening:
    """Books of the first day, row by row."""
    tables = {"staff": SEGMENTS, "knowledge": SEGMENTS, "compute": SOURCES}
    return rules.Opening(**{
        f.name: _table(firms, "start", f.name, tables[f.name]) if f.name in tables else _column(firms, "start", f.name)
        for f in dataclasses.fields(rules.Opening)
    })


def _column(firms: Sequence[s.Rival | s.Background], part: str, name: str) -> np.ndarray:
    values = [getattr(getattr(firm, part), name) for firm in firms]
    return np.array([route_index(v) for v in values], dtype=np.float64).reshape(-1, 1)


def _table(firms: Sequence[s.Rival | s.Background], part: str, name: str, axis: tuple[str, ...]) -> np.ndarray:
    rows = [[float(getattr(getattr(firm, part), name).get(n, 0.0)) for n in axis] for firm in firms]
    return np.array(rows, dtype=np.float64).reshape(len(firms), len(axis), 1)
