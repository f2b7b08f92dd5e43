"""Who refers to which figure: what is used anywhere, and what the rules rest on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from . import schema as s

if TYPE_CHECKING:
    from .book import Content
    from .schema_guide import Guide

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
"""A placeholder in a text; its name is group 1."""

Users = Mapping[str, tuple[tuple[str, str], ...]]


def figures_in(text: str) -> list[str]:
    """Ids of the figures that a text shows through placeholders.

    >>> figures_in("over {figure:model-boom-count} models from {firm}")
    ['model-boom-count']
    """
    return [name[7:].strip() for name in PLACEHOLDER.findall(text) if name.startswith("figure:")]


def _shown(entry: Any) -> Iterator[str]:
    for _, text in s.texts_of(entry):
        yield from figures_in(text.zh)
        yield from figures_in(text.en)


def parameter_refs(parameter: s.Parameter) -> Iterator[tuple[str, s.FigureRef]]:
    """(key, reference) of every figure that a parameter's number is read from."""
    if parameter.figure is not None:
        yield "figure", s.FigureRef(
            figure=parameter.figure, use=parameter.use, scale=parameter.scale, offset=parameter.offset
        )
    values = parameter.values or {}
    items: Iterable[tuple[Any, Any]] = values.items() if isinstance(values, dict) else enumerate(values)
    for name, value in items:
        if isinstance(value, s.FigureRef):
            yield (f"values.{name}" if isinstance(values, dict) else f"values[{name}]"), value


def assumption_refs(changes: Mapping[str, Any]) -> Iterator[tuple[str, s.FigureRef | s.Change]]:
    """(key, reference) of every figure that the ``set`` of an assumptions overlay reads."""
    for name, value in changes.items():
        if is_change(value):
            yield from _read(f"set.{name}", loose_change(value))
        elif isinstance(value, (dict, list)):
            items: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
            for key, item in items:
                if isinstance(item, (s.FigureRef, s.Change)):
                    yield from _read(f"set.{name}.{key}", item)


def _read(key: str, change: s.FigureRef | s.Change) -> Iterator[tuple[str, s.FigureRef | s.Change]]:
    """The figures of one change: its own, and the one it is divided by (a reference that only multiplies)."""
    if change.figure is not None:
        yield key, change
    if isinstance(change, s.Change) and change.per is not None:
        yield f"{key}.per", s.Change(figure=change.per, relative=True)


def is_change(value: Any) -> bool:
    """Whether a value of an overlay's ``set`` is one change of the whole parameter, not a table by axis."""
    return isinstance(value, dict) and ("figure" in value or "times" in value)


def loose_change(value: Mapping[str, Any]) -> s.Change:
    """The change written as ``{ figure = "...", scale = ... }`` where a table by axis could stand as well.

    Raises ValueError with a sentence where it is not one.
    """
    try:
        return msgspec.convert(dict(value), type=s.Change, strict=True)
    except msgspec.ValidationError as error:
        raise ValueError(f"is no change of a number: {str(error)[:1].lower()}{str(error)[1:]}") from error


def _collect(pairs: Iterable[tuple[str, tuple[str, str]]]) -> Users:
    found: dict[str, dict[tuple[str, str], None]] = {}
    for figure, who in pairs:
        found.setdefault(figure, {})[who] = None
    return {figure: tuple(who) for figure, who in found.items()}


def users(content: Content) -> Users:
    """Cards, parameters, facts, scenarios, rivals and pages of the guide by the figures they refer to, in texts too."""

    def pairs() -> Iterator[tuple[str, tuple[str, str]]]:
        for card in content.cards.values():
            who = ("card", card.id)
            yield from ((f, who) for f in card.figures)
            yield from ((e.figure, who) for c in card.choices for e in c.effects if e.figure)
            yield from ((f, who) for f in _shown(card))
        for parameter in content.parameters.values():
            who = ("parameter", parameter.id)
            yield from ((ref.figure, who) for _, ref in parameter_refs(parameter))
            yield from ((f, who) for f in parameter.figures)
            yield from ((f, who) for f in _shown(parameter))
        for fact in content.facts.values():
            yield from ((f, ("fact", fact.id)) for f in (*fact.figures, *_shown(fact)))
        for scenario in content.scenarios.values():
            yield from ((f, ("scenario", scenario.id)) for f in _shown(scenario))
        for rival in content.rivals.values():
            yield from ((f, ("rival", rival.id)) for f in _shown(rival))
        for guide in content.guides.values():
            for who in guide_pages(content, guide):
                yield from ((f, who) for f in (*guide.figures, *_shown(guide)))

    return _collect(pairs())


def guide_pages(content: Content, guide: Guide) -> Iterator[tuple[str, str]]:
    """(kind, id) of the pages that show a guide: what it is about, and for an archetype its rivals."""
    for place in guide.about:
        kind, _, label = place.partition(":")
        if kind == "archetype":
            yield from (("rival", r.id) for r in content.rivals.values() if r.archetype == label)
        else:
            yield kind, label


def readers(content: Content, assume: str = "none") -> Users:
    """What the rules under the assumptions ``assume`` read, by the figures it rests on, directly or by derivation.

    A figure that only another overlay reads does not count here, nor does one from which this overlay takes a single
    number away; one that feeds a table of which the overlay sets a part still does.

    A derivation is a parameter's ``figures`` list, or a figure shown in the *note* of a derived parameter or of a card
    (the note is the place that says why the numbers are what they are). A figure shown in any other text does not
    count, nor what a *fitted* parameter was fitted to.
    """

    def pairs() -> Iterator[tuple[str, tuple[str, str]]]:
        for parameter in content.parameters.values():
            if replaced(parameter, overlay.get(parameter.id)):
                continue
            who = ("parameter", parameter.id)
            yield from ((ref.figure, who) for _, ref in parameter_refs(parameter))
            if parameter.status in ("source", "derived"):
                yield from ((f, who) for f in parameter.figures)
                yield from ((f, who) for f in (*figures_in(parameter.note.zh), *figures_in(parameter.note.en)))
        for card in content.cards.values():
            who = ("card", card.id)
            yield from ((e.figure, who) for c in card.choices for e in c.effects if e.figure)
            yield from ((f, who) for f in (*figures_in(card.note.zh), *figures_in(card.note.en)))
        yield from ((str(ref.figure), ("assumptions", assume)) for _, ref in assumption_refs(overlay))

    overlay = content.assumptions[assume].set if assume in content.assumptions else {}
    return _collect(pairs())


def replaced(parameter: s.Parameter, change: Any) -> bool:
    """Whether an overlay's change leaves nothing of what a parameter was."""
    if change is None:
        return False
    if is_change(change):
        done = loose_change(change)
        return parameter.by is None and done.times is None and not done.relative
    return parameter.by is None or isinstance(change, list)
