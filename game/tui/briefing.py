"""A role's private briefing in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from game.classroom.messages import Sheet

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue


def role_name(content: Content, tongue: Tongue, role: str) -> str:
    """The name of a role; its id where content does not know it."""
    found = getattr(content, "roles", {}).get(role)
    return tongue.pick(found.name) if found is not None else role


def briefing(content: Content, tongue: Tongue, sheet: Sheet) -> list[str]:
    """The paragraphs of a role's sheet: who one is, what to look at, what to do; and of an article, what it claims."""
    roles = getattr(content, "roles", {})
    found: list[str] = []
    for name in dict.fromkeys((sheet.role, sheet.article)):
        role = roles.get(name)
        if role is not None:
            found += _told(tongue, role)
    return found or [tongue.say("class.seat.no-briefing")]


def _told(tongue: Tongue, role: Any) -> list[str]:
    lines = [tongue.say("class.seat.you-are", name=tongue.pick(role.name)), tongue.text(role.brief)]
    lines += [f"· {tongue.text(line)}" for line in role.watch]
    lines += [f"· {tongue.text(line)}" for line in role.duty]
    lines += [f"· {tongue.text(claim.text)}" for claim in role.claims]
    lines += [f"! {tongue.text(line)}" for line in role.careful]
    return lines
