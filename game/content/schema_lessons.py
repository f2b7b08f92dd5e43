"""The shape of lessons/*.toml: plans, roles, debrief questions and what they are shown by, reading numbers, words.

Texts may show figures (``{figure:ID}``), what a demonstration came to (``{out:DEMONSTRATION.SIDE.NUMBER}``) and the
length of a scenario (``{quarters:SCENARIO}``). A number is never typed, except minutes and commands, which have keys of
their own.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from .basics import Entry, Filled, Id, Positive, Text, Weight

Minute = Annotated[int, Meta(ge=0, le=240)]
Turn = Annotated[int, Meta(ge=1, le=24)]
Command = Annotated[str, Meta(pattern=r"^baimo( |$)")]
Texts = Annotated[list[Text], Meta(min_length=1)]
Number = Annotated[str, Meta(pattern=r"^[a-z]+(-[a-z]+)*(:[a-z]+)?$")]
"""A number that a demonstration reports: a word of `game.content.check_lessons.NUMBERS`, with its segment after a colon."""


class Objective(Entry, frozen=True):
    """What a student can do afterwards."""

    id: Id
    text: Text
    seen: Text
    """By what the teacher sees it."""


class Theme(Entry, frozen=True):
    """A claim for a class to test; it gathers theses of the articles."""

    id: Id
    name: Text
    text: Text
    articles: Annotated[list[str], Meta(min_length=1)]
    theses: Annotated[list[str], Meta(min_length=1)]


class Step(Entry, frozen=True):
    """Minutes of a lesson from ``begin`` to ``end``: who does what, and what the program does meanwhile."""

    begin: Minute
    end: Minute
    teacher: Text
    students: Text
    program: Text | None = None
    commands: list[Command] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    """Ids of sheets to have at hand."""


class Lesson(Entry, frozen=True):
    """A lesson by the minute. ``card`` lies on every desk in turn ``card_turn`` (1 is the first)."""

    id: Id
    name: Text
    text: Text
    minutes: Annotated[int, Meta(ge=5, le=240)]
    scenario: str
    levers: Literal["five", "all"]
    objectives: Annotated[list[str], Meta(min_length=1)]
    themes: Annotated[list[str], Meta(min_length=1)]
    prepare: Texts
    steps: Annotated[list[Step], Meta(min_length=3)]
    card: str = ""
    card_turn: Annotated[int, Meta(ge=0, le=24)] = 0
    commands: list[Command] = field(default_factory=list)
    """What to type beforehand."""
    trouble: list[Text] = field(default_factory=list)
    """What may go wrong, and what to do then."""


class Section(Entry, frozen=True):
    """A heading with short paragraphs and perhaps commands under it."""

    head: Text
    items: Texts
    commands: list[Command] = field(default_factory=list)


class Handout(Entry, frozen=True):
    """A page to read: a lead and sections."""

    id: Id
    name: Text
    lead: Text
    sections: Annotated[list[Section], Meta(min_length=1)]


class Claim(Entry, frozen=True):
    """What an article says, in our words, with its figures, and the theses that it belongs to."""

    text: Text
    theses: list[str] = field(default_factory=list)


class Role(Entry, frozen=True):
    """A private briefing. An ``office`` of a firm (``article`` empty), or an article that one member alone has read."""

    id: Id
    name: Text
    kind: Literal["office", "article"]
    brief: Text
    """Who you are, in two sentences."""
    watch: Texts
    """What to look at in the game."""
    duty: Texts
    """What to do each quarter."""
    article: str = ""
    claims: list[Claim] = field(default_factory=list)
    careful: list[Text] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    """Cautions that ``careful`` tells."""


class Question(Entry, frozen=True):
    """A question of the debrief, with its answer for the teacher and the demonstrations that show it."""

    id: Id
    step: Literal["feelings", "facts", "transfer"]
    ask: Text
    answer: Text
    listen: Text
    """What to listen for, and what to ask back."""
    shows: list[str] = field(default_factory=list)
    objectives: list[str] = field(default_factory=list)
    theses: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)


class Push(Entry, frozen=True):
    """Levers of the own firm held at something from turn ``turn`` to ``until`` (both counted from 1; 0: to the end).

    Exactly one of ``set`` (the value), ``times`` (a multiple of what the policy asks for) and ``median`` (a multiple of
    the market's median token price at the start of the quarter). ``lever`` may name a group, ``staff`` or ``knowledge``.
    """

    lever: str
    turn: Turn = 1
    until: Annotated[int, Meta(ge=0, le=24)] = 0
    set: float | str | None = None
    times: Weight | None = None
    median: Positive | None = None


class Branch(Entry, frozen=True):
    """One way that the run goes: levers held over what the policy asks for, and perhaps another world."""

    id: Id
    name: Text
    push: list[Push] = field(default_factory=list)
    background: str = ""
    assume: str = ""
    times: dict[str, Positive] = field(default_factory=dict)
    """Parameters of the market, multiplied."""


class Demonstration(Entry, frozen=True):
    """Runs that begin alike and part: a policy in the own seat, the same seeds, one thing different.

    ``deal`` puts cards on every desk by turn. With several seeds a number is the median over them.
    """

    id: Id
    name: Text
    scenario: str
    seeds: Annotated[list[Filled], Meta(min_length=1, max_length=16)]
    branches: Annotated[list[Branch], Meta(min_length=2, max_length=12)]
    numbers: Annotated[list[Number], Meta(min_length=1)]
    """What the answer key reports of every branch."""
    see: Text
    """What to see, with the numbers."""
    background: str = "lab-spin-off"
    difficulty: str = "manager"
    policy: Literal["default", "thumb", "reactive"] = "reactive"
    assume: str = "none"


class Exercise(Entry, frozen=True):
    """Figures that contradict each other, or seem to: what is asked, and what differs."""

    id: Id
    name: Text
    figures: Annotated[list[str], Meta(min_length=2)]
    ask: Text
    key: Text
    differs: Annotated[list[Literal["definition", "date", "source", "unit", "base"]], Meta(min_length=1)]
    cautions: list[str] = field(default_factory=list)


class Word(Entry, frozen=True):
    """A word of the glossary; ``term`` takes name and text from the codex instead."""

    id: Id
    name: Text | None = None
    text: Text | None = None
    term: str = ""
