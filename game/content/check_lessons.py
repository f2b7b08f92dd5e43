"""Checks of lessons/: every reference leads somewhere, minutes join, no number is typed, every answer's number was played."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from game.engine.names import LEVERS, ROUTES, SEGMENTS, VERTICALS

from . import schema as s
from . import schema_lessons as sl
from .book import Content
from .check_guide import typed
from .check_texts import check_placeholders, quantities
from .checking import Checking
from .lessons import FIXED, FOLDER, KINDS, Lessons, collect_lessons, sheet_ids
from .problems import Problem, Severity, did_you_mean
from .references import PLACEHOLDER, figures_in

NUMBERS: Final[dict[str, str]] = {
    "cash": "money", "value": "money", "revenue": "money", "rank": "rank", "trading": "count", "ended": "quarter",
    "price": "price", "cost": "price", "median": "price", "capability": "points", "community": "count", "trust": "percent0",
    "survivors": "count", "survivors-low": "count", "survivors-high": "count", "live-models": "count",
    "contracts": "count", "accuracy": "percent1", "freshness": "percent0", "spent-knowledge": "money",
    "spent-research": "money", "founders-share": "percent0", "solutions-share": "percent0", "unserved": "percent0",
    "runway": "number", "developers": "count", "developer-share": "percent1",
    "seed-part": "percent0", "choice-part": "percent0", "rank-low": "rank", "rank-high": "rank", "raised": "money",
}  # fmt: skip
"""What a demonstration can report, and how it is written. ``accuracy``, ``freshness`` and ``contracts`` name a segment;
``seed-part`` and ``choice-part``, of ranks over several seeds, belong to all branches together (branch ``all``)."""
BY_SEGMENT: Final = ("accuracy", "freshness", "contracts")
TOGETHER: Final = "all"
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "staff": tuple(f"staff.{v}" for v in SEGMENTS), "knowledge": tuple(f"knowledge.{v}" for v in VERTICALS),
    "compute": tuple(name for name in LEVERS if name.startswith("compute.") and name != "compute.term"),
    "delivery": tuple(f"staff.{v}" for v in VERTICALS),
}
"""Levers that a push may name together."""

_ALLOWED: Final = re.compile(
    r"(?<!\d)20[12]\d(?:Q[1-4])?(?!\d)|GPT-\d(?: Turbo)?|ChatGPT|A\d00|\d+B\b(?= ?卡| card)|A4|最差的?一成|八成"
)
"""Years and names that hold digits and are no figures."""


@dataclass
class _Work(Checking):
    """As `Checking`; entries of lessons are not among those of a content, which is read without them."""

    places: Mapping[tuple[str, str], str] = field(default_factory=dict)
    lessons: Lessons = field(default_factory=Lessons)

    def add(self, kind: str, label: str, key: str, message: str, severity: Severity = "error") -> None:
        if kind in KINDS:
            place = f"{kind}[{label}]{'.' + key if key else ''}"
            self.problems.append(Problem(self.places.get((kind, label), FOLDER), place, message, severity))
        else:
            super().add(kind, label, key, message, severity)

    def refer(self, kind: str, label: str, key: str, target: str, wanted: str | Iterable[str]) -> None:
        if target not in KINDS:
            super().refer(kind, label, key, target, wanted)
            return
        ids = self.known[target]
        for word in (wanted,) if isinstance(wanted, str) else wanted:
            if word not in ids:
                self.add(kind, label, key, f"{target} '{word}' does not exist{did_you_mean(word, ids)}")

    def one_of(self, kind: str, label: str, key: str, word: str, known: Iterable[str], what: str) -> bool:
        known = list(known)
        if word in known:
            return True
        self.add(kind, label, key, f"'{word}' is no {what}{did_you_mean(word, known)}")
        return False


def lesson_problems(content: Content) -> list[Problem]:
    """All faults of the lessons of a content; one without any is not asked for them."""
    lessons, places, problems = collect_lessons(content.directory, content.overlay)
    if not places:
        return problems
    known: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for kind, label in places:
        known[kind].add(label)
    work = _Work(content, known, [*problems], places, lessons)
    for kind, entry in _entries(lessons):
        for key, text in s.texts_of(entry):
            _text(work, kind, entry.id, key, text)
    for check in (_plans, _themes, _roles, _questions, _demonstrations, _exercises, _words):
        check(work)
    return work.problems


def _entries(lessons: Lessons) -> Iterator[tuple[str, s.Entry]]:
    tables = (
        lessons.handouts, lessons.objectives, lessons.themes, lessons.plans, lessons.roles, lessons.questions,
        lessons.demonstrations, lessons.exercises, lessons.words,
    )  # fmt: skip
    for kind, table in zip(KINDS, tables):
        for entry in table.values():
            yield kind, entry


def _text(work: _Work, kind: str, label: str, key: str, text: s.Text) -> None:
    """Holes are known and alike in both languages; every other number would be typed, and none is."""
    holes: dict[str, set[str]] = {}
    bare = {"zh": text.zh, "en": text.en}
    for lang in ("zh", "en"):
        holes[lang] = set()
        for match in PLACEHOLDER.finditer(text[lang]):
            name, _, rest = match[1].partition(":")
            if name in ("out", "quarters") and (kind == "role" or key in ("ask", "listen")):
                work.add(kind, label, f"{key}.{lang}", f"{{{match[1]}}} has no place here; what the class reads shows figures only")
            if name in ("out", "quarters"):
                holes[lang].add(match[1])
                bare[lang] = bare[lang].replace(match[0], "·")
                (_out if name == "out" else _quarters)(work, kind, label, f"{key}.{lang}", rest)
        for found in typed(_ALLOWED.sub("·", text[lang]), lang):
            if kind == "lesson" and found.endswith(("quarters", "个季度")):  # how long to play is the plan's own
                continue
            message = f"'{found}' is a number of its own; show a figure ({{figure:...}}) or what a demonstration came to ({{out:...}})"
            work.add(kind, label, f"{key}.{lang}", message)
    if kind == "exercise" or key.startswith(("claims", "careful")):  # what articles say: as strict as for cards
        for lang in ("zh", "en"):
            for found in {q for q, severe in quantities(_ALLOWED.sub("·", bare[lang]), lang) if severe} - {*typed(bare[lang], lang)}:
                work.add(kind, label, f"{key}.{lang}", f"'{found}' is a number of its own; show a figure ({{figure:...}})")
    if odd := holes["zh"] ^ holes["en"]:
        work.add(kind, label, key, f"{{{min(odd)}}} is shown in one language only")
    check_placeholders(work, kind, label, key, s.Text(zh=bare["zh"] or "·", en=bare["en"] or "·"))
    if kind in ("role", "question", "exercise"):
        _doubts(work, kind, label, key, text)


def _doubts(work: _Work, kind: str, label: str, key: str, text: s.Text) -> None:
    """A figure that a caution disowns stands only where the entry names that caution."""
    entry = {"role": work.lessons.roles, "question": work.lessons.questions, "exercise": work.lessons.exercises}[kind][label]
    for figure in sorted({*figures_in(text.zh), *figures_in(text.en)} & set(work.content.disowned)):
        if not set(work.content.disowned[figure]) & set(entry.cautions):
            message = f"shows figure '{figure}', which caution '{work.content.disowned[figure][0]}' disowns; name it in cautions"
            work.add(kind, label, key, message)


def _out(work: _Work, kind: str, label: str, at: str, asked: str) -> None:
    demonstration, _, rest = asked.partition(".")
    branch, _, number = rest.partition(".")
    entry = work.lessons.demonstrations.get(demonstration)
    if entry is None:
        work.refer(kind, label, at, "demonstration", demonstration)
        return
    names = [b.id for b in entry.branches]
    parts = number in ("seed-part", "choice-part")
    if branch != TOGETHER and not work.one_of(kind, label, at, branch, names, f"branch of '{demonstration}'"):
        return
    if (branch == TOGETHER) != parts or not (parts or number in entry.numbers):
        hint = did_you_mean(number, entry.numbers)
        work.add(kind, label, at, f"demonstration '{demonstration}' does not report '{number}'{hint}")
    elif work.lessons.number(demonstration, branch, number) is None:
        message = f"'{asked}' was not worked out; run python -m game.lab.classwork.demonstrations"
        work.add(kind, label, at, message)


def _quarters(work: _Work, kind: str, label: str, at: str, asked: str) -> None:
    work.refer(kind, label, at, "scenario", asked)


def _plans(work: _Work) -> None:
    sheets = sheet_ids(work.lessons)
    for label in {x for x in sheets if sheets.count(x) > 1}:
        kind = next(k for k, e in _entries(work.lessons) if e.id == label)  # type: ignore[attr-defined]
        work.add(kind, label, "id", f"'{label}' is the id of another sheet ({', '.join(FIXED)} are taken)")
    for plan in work.lessons.plans.values():
        work.refer("lesson", plan.id, "scenario", "scenario", plan.scenario)
        work.refer("lesson", plan.id, "objectives", "objective", plan.objectives)
        work.refer("lesson", plan.id, "themes", "theme", plan.themes)
        if plan.card:
            work.refer("lesson", plan.id, "card", "card", plan.card)
            scenario = work.content.scenarios.get(plan.scenario)
            if scenario is not None and not 1 <= plan.card_turn <= scenario.quarters:
                work.add("lesson", plan.id, "card_turn", f"is {plan.card_turn}; the scenario has turns 1 to {scenario.quarters}")
        at = 0
        for index, step in enumerate(plan.steps):
            if step.begin != at or step.end <= step.begin:
                work.add("lesson", plan.id, f"steps[{index}]", f"runs from {step.begin} to {step.end}; it has to go on from minute {at}")
            at = step.end
            for name in step.sheets:
                work.one_of("lesson", plan.id, f"steps[{index}].sheets", name, sheets, "sheet")
        if at != plan.minutes:
            work.add("lesson", plan.id, "steps", f"end at minute {at}; the lesson has {plan.minutes}")


def _themes(work: _Work) -> None:
    for theme in work.lessons.themes.values():
        work.refer("theme", theme.id, "articles", "article", theme.articles)
        work.refer("theme", theme.id, "theses", "thesis", theme.theses)
        work.twice("theme", theme.id, "theses", theme.theses)
        for label in theme.theses:
            thesis = work.content.theses.get(label)
            if thesis is not None and not set(thesis.articles) & set(theme.articles):
                work.add("theme", theme.id, "theses", f"'{label}' is of {', '.join(thesis.articles)}, which the theme does not name")


def _roles(work: _Work) -> None:
    held: dict[str, str] = {}
    for role in work.lessons.roles.values():
        if (role.kind == "article") != bool(role.article):
            work.add("role", role.id, "article", 'goes with kind = "article", and only with it')
        if role.article:
            work.refer("role", role.id, "article", "article", role.article)
            if role.article in held:
                work.add("role", role.id, "article", f"is held by '{held[role.article]}' already")
            held[role.article] = role.id
            if not role.claims or not role.careful:
                work.add("role", role.id, "claims", "a role with an article has claims, and what to be careful about")
        work.refer("role", role.id, "cautions", "caution", role.cautions)
        for index, claim in enumerate(role.claims):
            at = f"claims[{index}]"
            work.refer("role", role.id, at, "thesis", claim.theses)
            for figure in {*figures_in(claim.text.zh), *figures_in(claim.text.en)}:
                found = work.content.figures.get(figure)
                if found is not None and found.article != role.article:
                    work.add("role", role.id, at, f"figure '{figure}' stands in '{found.article}', which this role has not read")
            for label in claim.theses:
                thesis = work.content.theses.get(label)
                if thesis is not None and role.article not in thesis.articles:
                    work.add("role", role.id, at, f"thesis '{label}' is of {', '.join(thesis.articles)}")


def _questions(work: _Work) -> None:
    order = ("feelings", "facts", "transfer")
    last = 0
    for q in work.lessons.questions.values():
        if order.index(q.step) < last:
            work.add("question", q.id, "step", f"'{q.step}' comes after '{order[last]}'; the debrief goes on in the order {', '.join(order)}")
        last = max(last, order.index(q.step))
        work.refer("question", q.id, "shows", "demonstration", q.shows)
        work.refer("question", q.id, "objectives", "objective", q.objectives)
        for key, kind, labels in (
            ("theses", "thesis", q.theses), ("figures", "figure", q.figures), ("cautions", "caution", q.cautions),
            ("facts", "fact", q.facts),
        ):  # fmt: skip
            work.refer("question", q.id, key, kind, labels)


def _demonstrations(work: _Work) -> None:
    for d in work.lessons.demonstrations.values():
        for key, kind, label in (
            ("scenario", "scenario", d.scenario), ("background", "background", d.background),
            ("difficulty", "difficulty", d.difficulty), ("assume", "assumptions", d.assume),
        ):  # fmt: skip
            work.refer("demonstration", d.id, key, kind, label)
        work.twice("demonstration", d.id, "branches", [b.id for b in d.branches])
        for number in d.numbers:
            _number(work, d.id, number)
        turns = work.content.scenarios[d.scenario].quarters if d.scenario in work.content.scenarios else 24
        for branch in d.branches:
            _branch(work, d, branch, turns)


def _number(work: _Work, label: str, number: str) -> None:
    word, _, segment = number.partition(":")
    if not work.one_of("demonstration", label, "numbers", word, NUMBERS, "number"):
        return
    if (word in BY_SEGMENT) != bool(segment):
        work.add("demonstration", label, "numbers", f"'{number}': a segment goes with {', '.join(BY_SEGMENT)}, and only with them")
    elif segment:
        work.one_of("demonstration", label, "numbers", segment, (*SEGMENTS, "all"), "segment")


def _branch(work: _Work, d: sl.Demonstration, branch: sl.Branch, turns: int) -> None:
    at = f"branches[{branch.id}]"
    if branch.background:
        work.refer("demonstration", d.id, f"{at}.background", "background", branch.background)
    if branch.assume:
        work.refer("demonstration", d.id, f"{at}.assume", "assumptions", branch.assume)
    work.refer("demonstration", d.id, f"{at}.times", "parameter", branch.times)
    for index, push in enumerate(branch.push):
        here = f"{at}.push[{index}]"
        if not work.one_of("demonstration", d.id, f"{here}.lever", push.lever, (*LEVERS, *GROUPS), "lever"):
            continue
        if [push.set, push.times, push.median].count(None) != 2:
            work.add("demonstration", d.id, here, "holds a lever by exactly one of set, times and median")
        if isinstance(push.set, str):
            work.one_of("demonstration", d.id, f"{here}.set", push.set, ROUTES, "route")
        if push.median is not None and push.lever != "price.token":
            work.add("demonstration", d.id, here, "median is that of token prices; it goes with price.token")
        if not push.turn <= (push.until or turns) <= turns:
            work.add("demonstration", d.id, here, f"holds from turn {push.turn} to {push.until or turns}; the scenario has {turns}")


def _exercises(work: _Work) -> None:
    for exercise in work.lessons.exercises.values():
        work.refer("exercise", exercise.id, "figures", "figure", exercise.figures)
        work.refer("exercise", exercise.id, "cautions", "caution", exercise.cautions)
        work.twice("exercise", exercise.id, "differs", exercise.differs)
        shown = {f for text in (exercise.ask, exercise.key) for side in (text.zh, text.en) for f in figures_in(side)}
        for figure in sorted(shown - set(exercise.figures)):
            work.add("exercise", exercise.id, "figures", f"a text shows figure '{figure}'; name it here too")


def _words(work: _Work) -> None:
    from .search import words_of

    known = words_of(work.content)
    for word in work.lessons.words.values():
        if word.term:
            work.one_of("word", word.id, "term", word.term, known, "word of the codex")
        if bool(word.term) == (word.name is not None and word.text is not None):
            work.add("word", word.id, "", "has either a term of the codex, or a name and a text of its own")
