"""The shape of guide/*.toml: what the codex says about levers, mechanisms, segments and kinds of rivals."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from .basics import Entry, Id, Text

Place = Annotated[str, Meta(pattern=r"^[a-z]+:[a-z0-9]+([._-][a-z0-9]+)*$")]
"""An entry by kind and id, such as ``lever:price.token``."""


class Guide(Entry, frozen=True):
    """The reference text of one page or of several alike (all levers of knowledge, all rivals of an archetype).

    ``message`` is the one sentence to remember; ``dynamics`` say what happens when it is pushed, with which delay, against
    what, and where the traps are. Numbers are shown through placeholders or by naming parameters and figures, never typed.
    """

    id: Id
    about: Annotated[list[Place], Meta(min_length=1)]
    what: Text
    message: Text
    dynamics: Annotated[list[Text], Meta(min_length=3, max_length=5)]
    equations: list[str] = field(default_factory=list)
    """Names in odd/equations.toml."""
    parameters: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    """Cautions beyond those that speak of the figures."""
    see: list[Place] = field(default_factory=list)
