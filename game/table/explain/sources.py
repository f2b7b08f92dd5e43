"""Which figures stand behind the parameters of an explanation, from content."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from game.content.references import parameter_refs
from game.table.wire import Explanation, Factor, Part

if TYPE_CHECKING:
    from game.content import Content


def figures_of(content: Content, parameter: str) -> list[str]:
    """Ids of the figures that a parameter is read or derived from; none for one that content does not know."""
    entry = content.parameters.get(parameter)
    if entry is None:
        return []
    return list(dict.fromkeys([*(ref.figure for _, ref in parameter_refs(entry)), *entry.figures]))


def with_figures(told: Explanation, content: Content) -> Explanation:
    """The same explanation with the figures of its parameters."""
    if not content.parameters:
        return told

    def factor(f: Factor) -> Factor:
        return msgspec.structs.replace(f, figures=figures_of(content, f.parameter)) if f.parameter else f

    def part(p: Part) -> Part:
        return msgspec.structs.replace(p, factors=[factor(f) for f in p.factors])

    return msgspec.structs.replace(
        told, parts=[part(p) for p in told.parts], factors=[factor(f) for f in told.factors]
    )
