"""Lesson plans of content as the desk shows them: the one that is taught, by the minute, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from game.language import clean_text
from game.pages.lesson_text import Filler
from game.tui.desk.script import Piece

if TYPE_CHECKING:
    from game.content import Content
    from game.content.schema import Text
    from game.content.schema_lessons import Lesson
    from game.language import Tongue


class Plans:
    """The plan ``wanted``, or the first for the scenario; nothing where content has none."""

    def __init__(self, content: Content, scenario: str, wanted: str = "") -> None:
        self.content = content
        plans = content.lessons.plans
        self.plan: Lesson | None = plans.get(wanted) or next((p for p in plans.values() if p.scenario == scenario), None)
        self._kept: dict[str, list[Piece]] = {}

    def pieces(self, tongue: Tongue) -> Sequence[Piece]:
        """The plan by the minute."""
        if self.plan is None:
            return ()
        if tongue.lang not in self._kept:
            self._kept[tongue.lang] = [
                Piece(s.begin, s.end, self.text(tongue, s.teacher), self.text(tongue, s.students), self.text(tongue, s.program))
                for s in self.plan.steps
            ]  # fmt: skip
        return self._kept[tongue.lang]

    def role(self, role: str, tongue: Tongue) -> str:
        """A role's name."""
        found = self.content.lessons.roles.get(role)
        return tongue.pick(found.name) if found is not None else clean_text(role, 24)

    def questions(self, step: str, tongue: Tongue) -> list[tuple[str, str, str]]:
        """(question, answer, what to listen for) of a step of the debrief: ``feelings``, ``facts``, ``transfer``."""
        return [
            (self.text(tongue, q.ask), self.text(tongue, q.answer), self.text(tongue, q.listen))
            for q in self.content.lessons.questions.values() if q.step == step
        ]  # fmt: skip

    def text(self, tongue: Tongue, text: Text | None) -> str:
        """A text of a lesson with its numbers in it; empty for none."""
        return Filler(self.content, tongue).text(text)
