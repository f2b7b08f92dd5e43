"""One side of a comparison in numbers: parameters after its changes. Pure Python, no arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from game.engine.names import quarter_label

from .book import Content
from .resolve import AXES, Value
from .schema_theses import Side
from .vocabulary import HORIZON

OPERATIONS: Final[dict[str, Callable[[float, float], float]]] = {
    "set": lambda old, x: x, "times": lambda old, x: old * x, "plus": lambda old, x: old + x, "most": min,
}
"""What a side may do to a parameter, in the order in which it is done."""


def axis_names(by: str) -> tuple[str, ...]:
    """Names along the axis of a parameter as the rules read it: tables by year and quarter have one a quarter.

    >>> axis_names("quarter")[:2]
    ('2023Q1', '2023Q2')
    """
    return tuple(quarter_label(q) for q in range(HORIZON)) if by in ("year", "quarter") else AXES[by]


def side_values(content: Content, side: Side, values: Mapping[str, Value]) -> dict[str, Value]:
    """The parameters that a side changes, from ``values`` of all of them by id.

    Raises KeyError for a parameter that does not exist, ValueError for an entry that its table does not have.
    """
    changed: dict[str, Value] = {}
    for how, operation in OPERATIONS.items():
        for name, amount in getattr(side, how).items():
            old = changed.get(name, values[name])
            if not isinstance(old, tuple):
                if isinstance(amount, dict):
                    raise ValueError(f"'{name}' is one number, not a table")
                changed[name] = operation(old, amount)
            elif isinstance(amount, dict):
                names, new = axis_names(content.parameters[name].by or ""), list(old)
                for entry, x in amount.items():
                    if entry not in names:
                        raise ValueError(f"'{entry}' is not in the table '{name}'")
                    new[names.index(entry)] = operation(new[names.index(entry)], x)
                changed[name] = tuple(new)
            else:
                changed[name] = tuple(operation(x, amount) for x in old)
    return changed
