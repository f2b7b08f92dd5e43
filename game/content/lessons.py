"""Reading lessons/: plans, role sheets, debrief and worksheets, apart from all other content because no game needs them.

The outcomes of the demonstrations stand in ``lessons/outcomes.json``, worked out by ``python -m
game.lab.classwork.demonstrations`` from the demonstrations themselves and never typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from . import schema as s
from . import schema_lessons as sl
from .load import Reader
from .problems import Problem

if TYPE_CHECKING:
    from .book import Content

FOLDER: Final = "lessons"
OUTCOMES: Final = "outcomes.json"

KINDS: Final[dict[str, type[s.Entry]]] = {
    "handout": sl.Handout, "objective": sl.Objective, "theme": sl.Theme, "lesson": sl.Lesson, "role": sl.Role,
    "question": sl.Question, "demonstration": sl.Demonstration, "exercise": sl.Exercise, "word": sl.Word,
}
"""Kinds of entries by their name in the files; any file of the folder may hold any of them."""


class Outcomes(msgspec.Struct, frozen=True):
    """What the demonstrations came to: demonstration → branch → number, and by which rules."""

    rules: int
    digest: str
    """Rules digest of the content they were played with."""
    numbers: dict[str, dict[str, dict[str, float]]]


@dataclass(frozen=True)
class Lessons:
    """Everything of lessons/ by kind and id, in file order, the overlay's entries over the shipped."""

    handouts: Mapping[str, sl.Handout] = field(default_factory=dict)
    objectives: Mapping[str, sl.Objective] = field(default_factory=dict)
    themes: Mapping[str, sl.Theme] = field(default_factory=dict)
    plans: Mapping[str, sl.Lesson] = field(default_factory=dict)
    roles: Mapping[str, sl.Role] = field(default_factory=dict)
    questions: Mapping[str, sl.Question] = field(default_factory=dict)
    demonstrations: Mapping[str, sl.Demonstration] = field(default_factory=dict)
    exercises: Mapping[str, sl.Exercise] = field(default_factory=dict)
    words: Mapping[str, sl.Word] = field(default_factory=dict)
    outcomes: Outcomes = field(default_factory=lambda: Outcomes(0, "", {}))

    @property
    def offices(self) -> list[sl.Role]:
        """Roles of a firm's board, in file order."""
        return [r for r in self.roles.values() if r.kind == "office"]

    @property
    def readers(self) -> list[sl.Role]:
        """Roles that hold an article, in file order."""
        return [r for r in self.roles.values() if r.kind == "article"]

    def number(self, demonstration: str, branch: str, number: str) -> float | None:
        """What a demonstration reported of a branch; None where it was not worked out."""
        return self.outcomes.numbers.get(demonstration, {}).get(branch, {}).get(number)


_FIELDS: Final = {
    "handout": "handouts", "objective": "objectives", "theme": "themes", "lesson": "plans", "role": "roles",
    "question": "questions", "demonstration": "demonstrations", "exercise": "exercises", "word": "words",
}


def collect_lessons(directory: Path, overlay: Path | None = None) -> tuple[Lessons, dict[tuple[str, str], str], list[Problem]]:
    """(lessons, file of each entry by kind and id, faults) of a folder and the one laid over it; what is wrong is left out."""
    reader = Reader(entries={kind: {} for kind in KINDS}, known={kind: set() for kind in KINDS})
    outcomes = Outcomes(0, "", {})
    for folder in (directory, overlay):
        if folder is None:
            continue
        reader.seen = {}
        for path in sorted((folder / FOLDER).glob("*.toml")):
            reader.table(folder, path, KINDS, folder is directory)
        outcomes = _outcomes(folder, reader.problems, outcomes)
    tables: dict[str, Any] = {_FIELDS[kind]: entries for kind, entries in reader.entries.items()}
    return Lessons(outcomes=outcomes, **tables), dict(reader.files), reader.problems


def _outcomes(folder: Path, problems: list[Problem], before: Outcomes) -> Outcomes:
    path = folder / FOLDER / OUTCOMES
    if not path.is_file():
        return before
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Outcomes)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        problems.append(Problem(f"{folder.name}/{FOLDER}/{OUTCOMES}", "", f"cannot be read: {error}; make it again"))
        return before
    return Outcomes(found.rules, found.digest, {**before.numbers, **found.numbers})


@dataclass(frozen=True)
class RoleSheet:
    """A role as it is handed out: who you are, what your article says, what to doubt, to watch and to do.

    Texts are templates of both languages; `game.pages.lesson_text.Filler` shows their figures.
    """

    id: str
    name: s.Text
    kind: str
    article: s.Article | None
    brief: s.Text
    claims: tuple[s.Text, ...]
    careful: tuple[s.Text, ...]
    watch: tuple[s.Text, ...]
    duty: tuple[s.Text, ...]


def role_sheet(content: Content, role: str, article: str = "") -> RoleSheet:
    """The briefing of a role: an office (``ceo``), an article's role (``reader-open-roads``), or an office that holds an
    article as well (``role_sheet(content, "cfo", "open-roads")``).

    Raises KeyError for a role or an article that content has no sheet of.
    """
    lessons = content.lessons
    mine = lessons.roles[role]
    held = mine if mine.article else None
    if article and article != mine.article:
        held = next((r for r in lessons.readers if r.article == article), None)
        if held is None:
            raise KeyError(article)
    both = [mine] if held is None or held is mine else [mine, held]
    return RoleSheet(
        mine.id, mine.name, mine.kind, content.articles[held.article] if held is not None else None, mine.brief,
        tuple(c.text for c in held.claims) if held is not None else (), tuple(held.careful) if held is not None else (),
        tuple(t for r in both for t in r.watch), tuple(t for r in both for t in r.duty),
    )  # fmt: skip


def role_ids(content: Content) -> tuple[list[str], list[str]]:
    """(ids of offices, ids of articles that a role holds), in the order in which a team fills them."""
    return [r.id for r in content.lessons.offices], [r.article for r in content.lessons.readers]


FIXED: Final = ("themes", "levers", "price-curve", "questions", "answers", "numbers", "numbers-key", "glossary")
"""Sheets that are made of several entries, or of other content."""
TITLES: Final = {
    "themes": "themes.name", "levers": "levers.name", "price-curve": "curve.name", "questions": "questions.name",
    "answers": "answers.name", "numbers": "numbers.name", "numbers-key": "numbers.key", "glossary": "glossary.name",
}  # fmt: skip
"""Where the locale has their titles, after ``class.lessons.``."""
OPEN: Final = ("questions", "numbers")
"""Sheets for students of entries that hold the answers too."""
FOR_TEACHERS: Final = ("answers", "numbers-key")
"""Sheets that give something away; plans and handouts are the teacher's as well."""


@dataclass(frozen=True)
class SheetEntry:
    """A sheet as the codex lists it: its title, and its texts without placeholders, to be searched."""

    id: str
    name: s.Text
    text: s.Text


def sheet_entries(content: Content) -> Mapping[str, SheetEntry]:
    """Every sheet by id, in the order in which they are printed; titles of the fixed ones are the locale's."""
    from .references import PLACEHOLDER

    lessons = content.lessons
    made: dict[str, tuple[s.Text | None, list[s.Entry]]] = {
        e.id: (e.name, [e]) for table in (lessons.handouts, lessons.plans, lessons.roles) for e in table.values()
    }
    parts: dict[str, list[Any]] = {
        "themes": [*lessons.themes.values()], "questions": [*lessons.questions.values()],
        "answers": [*lessons.questions.values(), *lessons.demonstrations.values()],
        "numbers": [*lessons.exercises.values()], "numbers-key": [*lessons.exercises.values()],
        "glossary": [w for w in lessons.words.values() if not w.term],
    }  # fmt: skip
    made.update({label: (content.locale.get(f"class.lessons.{TITLES[label]}"), parts.get(label, [])) for label in FIXED})
    found = {}
    for label, (name, entries) in made.items():
        said = [text for entry in entries for key, text in s.texts_of(entry) if not (label in OPEN and _gives_away(key))]
        zh, en = ("\n".join(PLACEHOLDER.sub("", t[lang]) for t in said) for lang in ("zh", "en"))
        name = name or s.Text(zh=label, en=label)
        found[label] = SheetEntry(label, name, s.Text(zh=zh or name.zh, en=en or name.en))
    return found


def _gives_away(key: str) -> bool:
    return key in ("answer", "listen", "key")


def sheet_ids(lessons: Lessons) -> list[str]:
    """Ids of every sheet, in the order in which they are printed: pages to read, plans, briefings, the rest."""
    return [*lessons.handouts, *lessons.plans, *lessons.roles, *FIXED]
