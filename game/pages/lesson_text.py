"""Texts of lessons with their numbers in them: figures, what demonstrations came to, the length of scenarios."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from game.content.check_lessons import NUMBERS

if TYPE_CHECKING:
    from game.content import Content
    from game.content.schema import Text
    from game.language import Tongue

_OURS: Final = re.compile(r"\{(out|quarters):([^{}]*)\}")
NOTHING: Final = "–"


@dataclass(frozen=True)
class Filler:
    """Shows texts of lessons in one language."""

    content: Content
    tongue: Tongue

    def text(self, text: Text | None) -> str:
        """A text with every hole filled; what a hole asks for and is not there shows as a dash."""
        if text is None:
            return ""
        template = _OURS.sub(lambda hole: self._hole(hole[1], hole[2]), self.tongue.pick(text))
        return self.tongue.fill(template, {})

    def _hole(self, kind: str, asked: str) -> str:
        if kind == "quarters":
            scenario = self.content.scenarios.get(asked)
            return str(scenario.quarters) if scenario is not None else NOTHING
        demonstration, _, rest = asked.partition(".")
        branch, _, number = rest.partition(".")
        return self.number(number, self.content.lessons.number(demonstration, branch, number))

    def number(self, name: str, value: float | None) -> str:
        """A number of a demonstration, written as its kind asks."""
        if value is None:
            return NOTHING
        t, way = self.tongue, NUMBERS.get(name.partition(":")[0], "")
        if way == "quarter":
            return t.quarter(value, "medium") if value >= 0 else t.say("class.lessons.answers.never")
        if way.startswith("percent"):
            return t.percent(value, int(way[-1]))
        if way == "points":
            return t.write(value, "points")
        if way == "rank":
            return t.number(value, 0 if value == round(value) else 1)
        if way in ("money", "price"):
            return t.money(value) if way == "money" else t.price(value)
        return t.count(value) if way == "count" else t.number(value)
