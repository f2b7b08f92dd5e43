"""The report of a class in words: who a pupil is, what was decided, as short phrases of either language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from game.lab.classwork.model import ClassReport, Decided, Moved, Pupil
from game.language.analysis import card_words, choice_words
from game.language.clean import clean_text

if TYPE_CHECKING:
    from game.language import Tongue

NAME_CELLS: Final = 24
"""Cells of a pupil's name that are shown."""
REASON_CELLS: Final = 600
"""Cells of a reason that are shown."""
SUFFIX: Final = ".baimo"
NONE: Final = "--"
ROWS: Final = ("route", "price", "research", "industry", "compute", "money")
"""Groups of levers that the class's decisions are counted by; ids of ``class_page.row``."""


def name_of(pupil: Pupil) -> str:
    """A pupil's name or number, else the name of the file; never empty."""
    return clean_text(pupil.player, NAME_CELLS) or clean_text(pupil.file.rpartition("/")[2].removesuffix(SUFFIX), NAME_CELLS) or str(pupil.place + 1)


def numbered(pupil: Pupil) -> str:
    """The number that charts show, and the name where it is another."""
    number, name = str(pupil.place + 1), name_of(pupil)
    return name if name == number else f"{number}. {name}"


def reason_of(decided: Decided) -> str:
    """What a pupil wrote, as it may be shown: one line, nothing that moves, hides or reverses."""
    return clean_text(decided.reason, REASON_CELLS)


def group_of(lever: str) -> str:
    """The group of `ROWS` that a lever belongs to, or empty."""
    kind, _, tail = lever.partition(".")
    if kind in ("route", "price", "research", "compute"):
        return "" if lever == "compute.term" else kind
    if kind == "knowledge" or (kind == "staff" and tail not in ("developers", "consumers")):
        return "industry"
    return "money" if kind == "finance" else ""


def turn_of(decided: Decided, group: str) -> int:
    """Which way a pupil moved a group of levers in a quarter: 1 up, -1 down, 0 not at all (a change of route is 1)."""
    moved = [m for m in decided.moved if group_of(m.lever) == group]
    if group == "price":
        moved = [m for m in moved if m.lever == "price.token"]
    if not moved:
        return 0
    if group in ("route", "industry"):
        return 1
    change = sum(m.after - (m.before or 0.0) for m in moved)
    return 0 if change == 0.0 else 1 if change > 0 else -1


def moves(decided: Decided, tongue: Tongue, most: int = 12) -> list[str]:
    """What was moved, a phrase each, the most telling first; what moved by less than a hundredth is left out."""
    out: list[str] = []
    by = {m.lever: m for m in decided.moved}
    for lever in ("route", "price.token", "price.app", "price.solution", "research.budget"):
        if lever in by and (said := _change(by[lever], tongue)):
            out.append(said)
    if people := _people([m for m in decided.moved if m.lever.startswith("staff.")], tongue):
        out.append(people)
    for group in ("knowledge", "compute"):
        moved = [m for m in decided.moved if m.lever.startswith(f"{group}.") and m.lever != "compute.term"]
        if moved:
            total = Moved(group, sum(m.before or 0.0 for m in moved), sum(m.after for m in moved))
            if said := _ratio(total, tongue.say(f"class_page.group.{group}"), tongue):
                out.append(said)
    told = ("route", "price.", "research.budget", "staff.", "knowledge.", "compute.")
    for m in decided.moved:
        if not m.lever.startswith(told) and (said := _change(m, tongue)):
            out.append(said)
    return out[:most]


def _change(m: Moved, tongue: Tongue) -> str:
    name = tongue.lever(m.lever)
    if m.lever == "route":
        return f"{name} → {tongue.route(int(m.after), short=True)}"
    if m.lever.startswith("finance."):
        return "" if m.after == 0.0 else f"{name} {tongue.money(m.after)}"
    if m.before is None or m.before <= 0.0 or m.after <= 0.0:
        return "" if m.before == m.after else f"{name} → {tongue.lever_value(m.lever, m.after)}"
    return _ratio(m, name, tongue)


def _ratio(m: Moved, name: str, tongue: Tongue) -> str:
    before = m.before or 0.0
    if before <= 0.0:
        return f"{name} ↑" if m.after > 0.0 else ""
    change = m.after / before - 1.0
    if abs(change) < 0.01:
        return ""
    if change > 9.0:
        return f"{name} ×{tongue.number(m.after / before, 0)}"
    return f"{name} {tongue.percent(change, 0, sign=True)}"


def _people(moved: Sequence[Moved], tongue: Tongue) -> str:
    """The two largest changes of people, by segment."""
    changes = [(m.after - (m.before or 0.0), m.lever.partition(".")[2]) for m in moved]
    largest = sorted((c for c in changes if round(c[0])), key=lambda c: (-abs(c[0]), c[1]))[:2]
    if not largest:
        return ""
    told = [f"{tongue.segment(s)}{' ' if tongue.lang == 'en' else ''}{tongue.number(c, 0) if c < 0 else '+' + tongue.number(c, 0)}"
            for c, s in largest]  # fmt: skip
    return tongue.say("class_page.people", list=(", " if tongue.lang == "en" else "，").join(told))


def desk(decided: Decided, tongue: Tongue, key: str = "answered") -> list[str]:
    """What lay on the desk and how it was answered, a phrase each; ``key`` is ``answered``, or ``answered-short``."""
    out = []
    if decided.card:
        out.append(_answer(decided.card, decided.choice, tongue, key))
    if decided.distress is not None:
        out.append(_answer("distress", decided.distress, tongue, key))
    return out


def _answer(card: str, choice: int | None, tongue: Tongue, key: str) -> str:
    said = choice_words(tongue, card, choice) if choice is not None else tongue.say("class_page.no-answer")
    return tongue.say(f"class_page.{key}", card=card_words(tongue, card), choice=said)


def facts_of(report: ClassReport, tongue: Tongue) -> list[tuple[str, str]]:
    """What was asked of everybody, as (what, value)."""
    asked = report.asked
    if asked is None:
        return []
    out = [
        (tongue.say("class_page.head.scenario"), tongue.scenario(asked.scenario)),
        (tongue.say("class_page.head.quarters"),
         f"{tongue.quarter(asked.first)} – {tongue.quarter(asked.first + asked.quarters - 1)}"),
        (tongue.say("class_page.head.background"), tongue.join([tongue.background(b) for b in dict.fromkeys(asked.background.split())])),
        (tongue.say("class_page.head.difficulty"), tongue.difficulty(asked.difficulty)),
        (tongue.say("class_page.head.seed"), clean_text(asked.seed, 40) or NONE),
    ]  # fmt: skip
    if asked.levers in ("five", "all"):
        out.append((tongue.say("class_page.head.levers"), tongue.say(f"class_page.levers.{asked.levers}")))
    if asked.assume != "none":
        out.append((tongue.say("class_page.head.assume"), assume_words(asked.assume, tongue)))
    out.append((tongue.say("class_page.head.undo"), tongue.say(f"class_page.undo.{asked.undo}")))
    if asked.deadline:
        out.append((tongue.say("class_page.head.deadline"), clean_text(asked.deadline, 40)))
    return out


def assume_words(assume: str, tongue: Tongue) -> str:
    """An assumptions overlay by id."""
    entry = tongue.content.assumptions.get(assume) if tongue.content is not None else None
    return tongue.pick(entry.name) if entry is not None else clean_text(assume, 40)
