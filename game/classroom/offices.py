"""Roles of members: an office of the firm each, and one of the articles as a briefing that nobody else in the team has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from game.classroom.messages import Sheet

if TYPE_CHECKING:
    from game.classroom.people import Member, Team
    from game.content import Content


def offices(content: Content) -> list[str]:
    """Roles that newcomers get in turn."""
    return [role.id for role in content.lessons.offices]


def roles(content: Content) -> list[str]:
    """Roles that a newcomer may ask for."""
    return list(content.lessons.roles)


def sheet(content: Content, team: Team, member: Member) -> Sheet:
    """A member's briefing: the office, and an article. The articles go round, so that teams begin with different ones
    and members of a team hold different ones, as far as there are enough."""
    known = content.lessons.roles
    if not member.role:
        return Sheet("")
    if member.role in known and known[member.role].article:
        return Sheet(member.role, known[member.role].article)
    articles: Sequence[str] = [reader.article for reader in content.lessons.readers]
    if not articles:
        return Sheet(member.role)
    seat = offices(content).index(member.role) if member.role in offices(content) else 0
    return Sheet(member.role, articles[(team.number - 1 + seat) % len(articles)])
