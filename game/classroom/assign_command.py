"""``baimo class assign``: an assignment file for a pack of runs."""

from __future__ import annotations

import argparse
from difflib import get_close_matches
from typing import TYPE_CHECKING

from game import __version__
from game.classroom.errors import ClassError
from game.language import Tongue, clean_text
from game.table.assignment import (
    Assignment,
    AssignmentError,
    assignment,
    deadline_of,
    quarter_and_card,
    write_assignment,
)
from game.table.local import drawn_seed

if TYPE_CHECKING:
    from game.content import Content

DEFAULTS = {"background": "lab-spin-off", "difficulty": "manager", "assume": "none"}
TITLE = 80
"""Cells of a title."""


def assign(args: argparse.Namespace, content: Content, lang: str) -> int:
    """Write the assignment that ``args`` describe, and say how it is opened; the exit code."""
    ids = ids_of(args, content)
    try:
        plan = assignment(
            content, **ids, levers=args.levers or "", seed=args.seed or drawn_seed(),
            cards=[quarter_and_card(text) for text in args.card], undo=args.undo,
            deadline=deadline_of(args.deadline) if args.deadline.strip() else "", title=clean_text(args.title, TITLE),
            program=__version__,
        )  # fmt: skip
        write_assignment(plan, args.out)
    except AssignmentError as error:
        raise ClassError(error.message.id, **error.message.args) from error
    tongue = Tongue(lang, content=content)  # type: ignore[arg-type]
    print(tongue.say("class.assign.written", file=args.out.name))
    for line in told(plan, tongue, cards=True):
        print(f"  {line}")
    print(tongue.say("class.assign.open", file=args.out.name))
    return 0


def ids_of(args: argparse.Namespace, content: Content) -> dict[str, str]:
    """Ids of the game that is asked for; each must exist. Raises `ClassError`."""
    known = {"scenario": content.scenarios, "background": content.backgrounds, "difficulty": content.difficulties,
             "assume": content.assumptions}  # fmt: skip
    ids = {}
    for kind, options in known.items():
        name = getattr(args, kind) or DEFAULTS.get(kind, "")
        if not name:
            raise ClassError("class.assign.no-scenario", known=", ".join(options))
        if name not in options:
            near = get_close_matches(name, list(options), 1)
            if near:
                raise ClassError("class.assign.did-you-mean", what=kind, name=name[:60], near=near[0])
            raise ClassError("class.assign.unknown", what=kind, name=name[:60], known=", ".join(options))
        ids[kind] = name
    return ids


def told(plan: Assignment, tongue: Tongue, *, cards: bool = False) -> list[str]:
    """What an assignment asks, a line each; which cards will be dealt is for the teacher alone (``cards``)."""
    content = tongue.content
    assert content is not None
    scenario = content.scenarios[plan.scenario]
    lines = [tongue.say("class.assignment.title", title=plan.title)] if plan.title else []
    lines += [
        tongue.say("class.assignment.game", scenario=plan.scenario, count=scenario.quarters, background=plan.background,
                   difficulty=plan.difficulty),
        tongue.say(f"class.assignment.levers-{plan.levers}"),
        tongue.say("class.assignment.seed", seed=plan.seed),
    ]  # fmt: skip
    if plan.assume != "none":
        lines.append(tongue.say("class.assignment.assume", name=tongue.text(content.assumptions[plan.assume].name)))
    if plan.overlay:
        lines.append(tongue.say("class.assignment.overlay", name=plan.overlay))
    if cards:
        lines += [
            tongue.say("class.assignment.dealt", count=one.quarter, title=tongue.card(one.card).title) for one in plan.cards
        ]
    lines.append(tongue.say(f"class.assignment.undo-{plan.undo}"))
    if plan.deadline:
        lines.append(tongue.say("class.assignment.due", date=plan.deadline))
    return lines
