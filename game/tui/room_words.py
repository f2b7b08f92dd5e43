"""What of a room has to be put into words before it is shown: roles, briefings, teams without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from game.classroom.messages import Now, Sheet

if TYPE_CHECKING:
    from game.content import Content
    from game.content.schema_lessons import Role
    from game.language import Tongue


def named(now: Now, tongue: Tongue) -> Now:
    """The same with words for teams that have a number and no name."""

    def called(name: str) -> str:
        return tongue.say("class.seat.team-number", number=name) if name.isdecimal() else name

    return replace(
        now, team_name=called(now.team_name), names={firm: called(name) for firm, name in now.names.items()},
        rivals=[replace(rival, name=called(rival.name)) for rival in now.rivals],
    )  # fmt: skip


def teams_at_work(now: Now) -> int:
    """How many teams the class waits for: the own one, and the others in which somebody is or has decided."""
    return 1 + sum(rival.here or rival.decided for rival in now.rivals)


def role_name(content: Content, tongue: Tongue, role: str) -> str:
    """The name of a role; its id where content does not know it."""
    found = content.lessons.roles.get(role) if role else None
    return tongue.pick(found.name) if found is not None else role


def briefing(content: Content, tongue: Tongue, sheet: Sheet) -> list[str]:
    """The paragraphs of a member's sheet: the office, and the article that nobody else in the team has read."""
    lessons = content.lessons
    told: list[str] = []
    if sheet.role in lessons.roles:
        told += _told(tongue, lessons.roles[sheet.role])
    reader = next((r for r in lessons.readers if r.article == sheet.article and r.id != sheet.role), None)
    if sheet.article and reader is not None:
        told += _told(tongue, reader)
    return told or [tongue.say("class.seat.no-briefing")]


def _told(tongue: Tongue, role: Role) -> list[str]:
    told = [tongue.pick(role.name), tongue.text(role.brief)]
    for head, lines in (("watch", role.watch), ("duty", role.duty), ("claims", [c.text for c in role.claims]),
                        ("careful", role.careful)):  # fmt: skip
        if lines:
            told.append(tongue.say(f"class.seat.sheet.{head}"))
            told += [f"· {tongue.text(line)}" for line in lines]
    return told
