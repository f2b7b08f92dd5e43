"""The shape of theses.toml: what in the market expresses a thesis, and the comparison that shows its sign."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from .basics import Entry, Id, Quarter, Text, Weight

Amounts = dict[str, float | dict[str, float]]
"""A number for a parameter, or for some entries of its table (segments, sources, routes, quarters)."""


class Mechanism(Entry, frozen=True):
    """An equation of the market or a step of its quarter, as a thesis names it."""

    id: Id
    name: Text
    what: Text


class Measure(Entry, frozen=True):
    """What a comparison may look at. ``segment``: it is taken in one segment, which the comparison must name."""

    id: Id
    name: Text
    unit: Text
    segment: bool = False


class LeverChange(Entry, frozen=True):
    """A lever (or a group of levers) of some firms, after their policy has decided: fixed, multiplied, or moved whole
    onto another lever (``into``). From quarter ``first`` on, else from the beginning."""

    lever: str
    who: str = "player"
    set: float | str | None = None
    times: Weight | None = None
    into: str | None = None
    first: Quarter | None = None


class FirmChange(Entry, frozen=True):
    """A trait or an opening stock of some firms, fixed or multiplied; tables may be set in part."""

    field: str
    who: str = "player"
    set: float | str | dict[str, Weight] | None = None
    times: Weight | None = None


class Side(Entry, frozen=True):
    """One side of a comparison: everything that is not as shipped. ``most`` cuts a number off above.

    ``choices`` fixes what the player answers to a card whenever it comes: 1 for its first choice.
    """

    set: Amounts = field(default_factory=dict)
    times: Amounts = field(default_factory=dict)
    plus: Amounts = field(default_factory=dict)
    most: Amounts = field(default_factory=dict)
    firms: list[FirmChange] = field(default_factory=list)
    levers: list[LeverChange] = field(default_factory=list)
    choices: dict[str, Annotated[int, Meta(ge=1, le=3)]] = field(default_factory=dict)


class Contrast(Entry, frozen=True):
    """High against low over the same seeds, measured on firms ``of`` at the end of quarter ``at`` (default the last).

    ``expected_sign`` is that of high less low where the thesis is right. ``deal`` puts cards on the player's desk at the
    start of a quarter, on both sides: by itself a card comes too seldom to be compared.
    """

    what: Text
    measure: str
    expected_sign: Literal[-1, 1]
    of: str = "player"
    at: Quarter | None = None
    segment: str = ""
    scenario: str = "war"
    background: str = "lab-spin-off"
    deal: dict[str, Quarter] = field(default_factory=dict)
    high: Side = Side()
    low: Side = Side()


class Expression(Entry, frozen=True):
    """Where a thesis lives in the game: references such as ``card:bank-drift`` or ``mechanism:tenders``.

    ``note`` says why the market says otherwise, or why there is nothing to compare.
    """

    id: Id
    expressed_by: Annotated[list[str], Meta(min_length=1)]
    contrast: Contrast | None = None
    note: Text | None = None
