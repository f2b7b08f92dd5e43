"""The sheets of a lesson as data: what stands on each, in one language, for paper, projector, terminal and codex alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from game.content.lessons import FIXED, FOR_TEACHERS, TITLES, role_sheet, sheet_ids

from . import lesson_answers, lesson_tables
from .lesson_blocks import Block, table
from .lesson_text import Filler

if TYPE_CHECKING:
    from game.content import Content
    from game.content import schema_lessons as sl
    from game.content.schema import Text
    from game.language import Tongue

AUDIENCE: Final = {
    **dict.fromkeys(FOR_TEACHERS, "secret"), "questions": "board", "levers": "student", "price-curve": "student",
    "numbers": "student", "glossary": "student", "themes": "teacher",
}  # fmt: skip
"""For whom a fixed sheet is; plans and pages to read are the teacher's, roles the students'."""


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One sheet: its id, its title, for whom it is (``teacher``, ``student``, ``board``, ``secret``), what stands on it."""

    id: str
    name: str
    audience: str
    kind: str
    """``handout``, ``lesson``, ``role``, or the id of a fixed sheet."""
    blocks: tuple[Block, ...]


def name_of(content: Content, tongue: Tongue, label: str) -> str:
    """Title of a sheet. Raises KeyError where there is none."""
    lessons = content.lessons
    for entries in (lessons.handouts, lessons.plans, lessons.roles):
        if label in entries:
            return tongue.pick(entries[label].name)
    return tongue.say(f"class.lessons.{TITLES[label]}")


def listed(content: Content, tongue: Tongue) -> list[tuple[str, str, str]]:
    """(id, title, audience) of every sheet, in the order in which they are printed."""
    return [(label, name_of(content, tongue, label), audience_of(content, label)) for label in sheet_ids(content.lessons)]


def audience_of(content: Content, label: str) -> str:
    """For whom a sheet is."""
    return "student" if label in content.lessons.roles else AUDIENCE.get(label, "teacher")


def sheet(content: Content, tongue: Tongue, label: str) -> SheetPage:
    """A sheet in one language. Raises KeyError where there is none of that id."""
    lessons, fill = content.lessons, Filler(content, tongue)
    if label in lessons.handouts:
        kind, blocks = "handout", _handout(fill, lessons.handouts[label])
    elif label in lessons.plans:
        kind, blocks = "lesson", _plan(fill, lessons.plans[label])
    elif label in lessons.roles:
        kind, blocks = "role", role_blocks(content, tongue, label)
    elif label in FIXED:
        makers = {
            "themes": lesson_tables.themes, "levers": lesson_tables.levers, "price-curve": lesson_tables.curve,
            "questions": lesson_answers.questions, "answers": lesson_answers.answers,
            "numbers": lesson_tables.numbers, "numbers-key": lesson_tables.numbers_key, "glossary": lesson_tables.glossary,
        }  # fmt: skip
        kind, blocks = label, makers[label](fill)
    else:
        raise KeyError(label)
    return SheetPage(label, name_of(content, tongue, label), audience_of(content, label), kind, tuple(blocks))


def _handout(fill: Filler, handout: sl.Handout) -> Iterator[Block]:
    yield Block("lead", fill.text(handout.lead))
    for section in handout.sections:
        yield Block("head", fill.text(section.head))
        yield from (Block("item", fill.text(t)) for t in section.items)
        yield from (Block("code", c) for c in section.commands)


def role_blocks(content: Content, tongue: Tongue, role: str, article: str = "") -> Iterator[Block]:
    """What stands on a role's sheet, an office with an article's briefing included; raises KeyError as `role_sheet`."""
    fill, say = Filler(content, tongue), _say(tongue, "role")
    held = role_sheet(content, role, article)
    yield Block("lead", fill.text(held.brief))
    if held.article is not None:
        yield Block("facts", rows=(
            (say("article"), _title(tongue, held.article.title)),
            ("", f"{tongue.pick(held.article.outlet)} · {held.article.approx_date}"),
        ))  # fmt: skip
        yield Block("aside", say("secret"))
    for key, texts in (("claims", held.claims), ("careful", held.careful), ("watch", held.watch), ("duty", held.duty)):
        if texts:
            yield Block("head", say(key), kind=key)
            yield from (Block("item", fill.text(t), kind=key) for t in texts)
    yield Block("head", say("notes"), kind="paper")
    yield Block("lines", count=2 if held.article is not None else 9)


def _title(tongue: Tongue, title: Text) -> str:
    """An article's title; where the text had none, its standfirst, named so."""
    text = tongue.pick(title)
    for preface in ("正文未含标题；导语：", "(no title in the text; standfirst) "):
        if text.startswith(preface):
            return tongue.say("screens.codex.standfirst") + text.removeprefix(preface)
    return text


def _plan(fill: Filler, plan: sl.Lesson) -> Iterator[Block]:
    t, content, say = fill.tongue, fill.content, _say(fill.tongue, "plan")
    scenario = content.scenarios[plan.scenario]
    yield Block("lead", fill.text(plan.text))
    facts = [
        (say("minutes"), say("minutes-of", count=plan.minutes)),
        (say("scenario"), say("scenario-of", scenario=plan.scenario, quarters=scenario.quarters)),
        (say("levers"), say("five" if plan.levers == "five" else "all-levers")),
    ]
    if plan.card:
        facts.append((say("card"), say("card-of", turn=plan.card_turn, title=t.card(plan.card).title)))
    yield Block("facts", rows=tuple(facts))
    yield Block("head", say("objectives"))
    for label in plan.objectives:
        objective = content.lessons.objectives[label]
        yield Block("item", fill.text(objective.text), note=say("seen", text=fill.text(objective.seen)), label=label.upper())
    yield Block("head", say("themes"))
    for label in plan.themes:
        theme = content.lessons.themes[label]
        yield Block("item", fill.text(theme.name), note=fill.text(theme.text), label=label.upper())
    yield Block("head", say("prepare"))
    yield from (Block("check", fill.text(text)) for text in plan.prepare)
    if plan.commands:
        yield Block("sub", say("commands"))
        yield from (Block("code", c) for c in plan.commands)
    yield Block("head", say("script"), kind="new")
    rows = [
        (f"{step.begin}–{step.end}", *(_step(fill, step, part) for part in ("teacher", "students", "program")))
        for step in plan.steps
    ]
    yield table([say("minute"), say("teacher"), say("students"), say("program")], rows, kind="script")
    if plan.trouble:
        yield Block("head", say("trouble"))
        yield from (Block("item", fill.text(text)) for text in plan.trouble)


def _step(fill: Filler, step: sl.Step, part: str) -> str:
    """A cell of the script; commands stand in backticks, one a line."""
    if part == "teacher":
        names = fill.tongue.join([name_of(fill.content, fill.tongue, x) for x in step.sheets])
        at_hand = [fill.tongue.say("class.lessons.plan.sheets", sheets=names)] if names else []
        return "\n".join([fill.text(step.teacher), *at_hand])
    if part == "students":
        return fill.text(step.students)
    return "\n".join([*([fill.text(step.program)] if step.program else []), *(f"`{c}`" for c in step.commands)])


class _say:
    """Texts of one part of the locale."""

    def __init__(self, tongue: Tongue, part: str) -> None:
        self._tongue, self._part = tongue, part

    def __call__(self, key: str, **args: str | int | float) -> str:
        return self._tongue.say(f"class.lessons.{self._part}.{key}", **args)


def plain(page: SheetPage, width: int = 0) -> str:
    """A sheet as plain text, Markdown in its habits; tables become one paragraph a row."""
    lines = [f"# {page.name}", ""]
    for block in page.blocks:
        lines += _plain(block)
    return "\n".join(lines).rstrip() + "\n"


def _plain(block: Block) -> Sequence[str]:
    if block.kind == "paper" or block.form == "lines":  # for paper only
        return ()
    label = f"{block.label} " if block.label else ""
    note = [f"  {block.note}"] if block.note else []
    if block.form in ("head", "sub"):
        return ("", ("## " if block.form == "head" else "### ") + label + block.text, "")
    if block.form in ("item", "check"):
        return (f"- {label}{block.text}", *note)
    if block.form == "code":
        return (f"    {block.text}",)
    if block.form == "facts":
        return ("", *(f"{a}：{b}" if a and _wide(a) else f"{a}: {b}" if a else b for a, b in block.rows), "")
    if block.form == "table":
        out = [""]
        for row in block.rows:
            named = [f"{h}: {c}" if h else c for h, c in zip(block.head[1:], row[1:], strict=False) if c]
            out += [f"* {row[0]}", *("  " + line for cell in named for line in cell.splitlines()), ""]
        return out
    return ("", label + block.text, *note)


def _wide(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)
