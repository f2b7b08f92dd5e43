"""The debrief: questions for the wall, and the answer key with the forks that show the answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from game.content.check_lessons import GROUPS, TOGETHER
from game.content.digest import rules_digest

from .lesson_blocks import Block, table
from .lesson_text import Filler

if TYPE_CHECKING:
    from game.content import schema_lessons as sl

STEPS: Final = ("feelings", "facts", "transfer")
_ROWED: Final = 4
"""Up to so many numbers stand in a row each branch; beyond, only the first few."""


def questions(fill: Filler) -> Iterator[Block]:
    """The questions in their three steps, numbered through."""
    t = fill.tongue
    yield Block("lead", t.say("class.lessons.questions.lead"))
    for step, asked in _by_step(fill):
        yield Block("head", t.say(f"class.lessons.questions.{step}"), kind=step)
        for number, question in asked:
            yield Block("ask", fill.text(question.ask), label=str(number))


def _by_step(fill: Filler) -> Iterator[tuple[str, list[tuple[int, sl.Question]]]]:
    numbered = list(enumerate(fill.content.lessons.questions.values(), 1))
    for step in STEPS:
        found = [(n, q) for n, q in numbered if q.step == step]
        if found:
            yield step, found


def answers(fill: Filler) -> Iterator[Block]:
    """The key: what to answer, what to listen for, and what the forks came to."""
    t, content = fill.tongue, fill.content
    yield Block("lead", t.say("class.lessons.answers.lead"))
    if content.lessons.outcomes.digest != rules_digest(content):
        yield Block("aside", t.say("class.lessons.answers.stale"), kind="stale")
    for step, asked in _by_step(fill):
        yield Block("head", t.say(f"class.lessons.questions.{step}"), kind=step)
        for number, question in asked:
            yield Block("ask", fill.text(question.ask), label=str(number))
            yield Block("key", fill.text(question.answer), label=t.say("class.lessons.answers.answer"))
            yield Block("key", fill.text(question.listen), label=t.say("class.lessons.answers.listen"), kind="listen")
            for label in question.shows:
                yield from _fork(fill, content.lessons.demonstrations[label])
            yield from _missed(fill, question)


def _missed(fill: Filler, question: sl.Question) -> Iterator[Block]:
    """Facts that the market misses, with the reason that content gives."""
    t = fill.tongue
    facts = [fill.content.facts[f] for f in question.facts if fill.content.facts[f].reason is not None]
    if facts:
        yield Block("sub", t.say("class.lessons.answers.missed"))
        yield from (Block("item", t.text(f.name), note=t.text(f.reason), link=("fact", f.id)) for f in facts)


def _fork(fill: Filler, demonstration: sl.Demonstration) -> Iterator[Block]:
    t, say = fill.tongue, _Say(fill)
    d = demonstration
    yield Block("sub", say("fork", name=fill.text(d.name)), kind="fork")
    yield Block("text", fill.text(d.see), kind="see")
    shown = d.numbers[:_ROWED]
    rows = []
    for branch in d.branches:
        numbers = [fill.number(n, fill.content.lessons.number(d.id, branch.id, n)) for n in shown]
        rows.append((fill.text(branch.name), _changes(fill, d, branch), *numbers))
    yield table([say("branch"), say("pushes"), *(_named(fill, n) for n in shown)], rows, kind="fork")
    setting = say(
        "setting", scenario=d.scenario, background=d.background, difficulty=d.difficulty, seeds=t.join(d.seeds), count=len(d.seeds)
    )
    parts = [setting]
    if len(d.seeds) > 1:
        parts.append(say("median-of"))
        found = fill.content.lessons.outcomes.numbers.get(d.id, {}).get(TOGETHER)
        if found:
            parts.append(say("parts", choices=fill.number("choice-part", found["choice-part"]), seeds=fill.number("seed-part", found["seed-part"])))
    said = [_sentences(t.lang, parts)]
    if any(not b.times for b in d.branches):
        said.append(say("command", command=f"`baimo class lessons {d.id} --runs forks`"))
    if any(b.times for b in d.branches):
        said.append(say("whole-market"))
    yield Block("aside", ("" if t.lang == "zh" else " ").join(said), kind="setting")


def _sentences(lang: str, parts: list[str]) -> str:
    if lang == "zh":
        return "".join(p.rstrip("。") + "。" for p in parts)
    return " ".join((p[:1].upper() + p[1:]).rstrip(".") + "." for p in parts)


def _named(fill: Filler, number: str) -> str:
    word, _, segment = number.partition(":")
    name = fill.tongue.say(f"class.lessons.number.{word}")
    if not segment or segment == "all":
        return name
    of = fill.tongue.segment(segment)
    return f"{of}{name}" if fill.tongue.lang == "zh" else f"{name}, {of}"


def _changes(fill: Filler, d: sl.Demonstration, branch: sl.Branch) -> str:
    """What a branch changes, one a line."""
    say, t = _Say(fill), fill.tongue
    lines = []
    if branch.background and branch.background != d.background:
        lines.append(say("founded", name=t.background(branch.background)))
    if branch.assume:
        lines.append(say("assumed", name=t.pick(fill.content.assumptions[branch.assume].name)))
    lines += [_push(fill, p) for p in branch.push]
    for parameter, factor in branch.times.items():
        lines.append(say("world", parameter=t.pick(fill.content.parameters[parameter].name), value=t.number(factor)))
    return "\n".join(lines) or say("nothing")


def _push(fill: Filler, push: sl.Push) -> str:
    say, t = _Say(fill), fill.tongue
    lever = t.say(f"class.lessons.group.{push.lever}") if push.lever in GROUPS else t.lever(push.lever)
    if push.median is not None:
        said = say("push-median", lever=lever, value=t.number(push.median))
    elif push.times is not None:
        said = say("push-times", lever=lever, value=t.number(push.times))
    else:
        value = t.route(push.set) if isinstance(push.set, str) else t.number(push.set)
        said = say("push-set", lever=lever, value=value)
    if push.turn > 1 and push.until:
        return said + say("span", turn=push.turn, until=push.until)
    if push.turn > 1:
        return said + say("from", turn=push.turn)
    return said + (say("until", until=push.until) if push.until else "")


class _Say:
    """Texts of the answer key; arguments named for content are said by name."""

    def __init__(self, fill: Filler) -> None:
        self._tongue = fill.tongue

    def __call__(self, key: str, **args: str | int | float) -> str:
        # a lever here is its name already, not an id
        return self._tongue.say(f"class.lessons.answers.{key}", **args)
