"""The teacher's desk in words: phases, teams, members, what to do next. Nothing here draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from game.classroom.messages import MAX_NAME, Desk, DeskMember, DeskTeam
from game.language import clean_text
from game.tui.desk.state import done, last_of_round, playing

if TYPE_CHECKING:
    from game.language import Tongue


def name_of(who: DeskTeam | DeskMember) -> str:
    """A name as people typed it, inert; the id where nothing is left of it."""
    return clean_text(who.name, MAX_NAME) or clean_text(who.id, MAX_NAME)


def team_name(tongue: Tongue, team: DeskTeam) -> str:
    """A team's name; a team without one goes by its number."""
    name = name_of(team)
    return tongue.say("desk.team.numbered", number=name) if name.isdigit() else name


def phase(tongue: Tongue, desk: Desk) -> str:
    """What the room is doing."""
    return tongue.say("desk.phase.paused" if desk.phase == "open" and desk.paused else f"desk.phase.{desk.phase}")


def where(tongue: Tongue, desk: Desk) -> str:
    """The quarter that is being decided, or that opens next, and how many there are; empty where all are through."""
    turn = done(desk) + 1
    if turn > desk.quarters:
        return tongue.say("desk.all-played", count=desk.quarters)
    said = tongue.say("desk.turn", quarter=desk.quarter, turn=turn, quarters=desk.quarters)
    if desk.rounds > 1:
        said = tongue.say("desk.in-round", round=desk.round, rounds=desk.rounds, where=said)
    return said


def what_next(tongue: Tongue, desk: Desk) -> tuple[str, str]:
    """(what the teacher does next, the action that does it); the action is empty where there is nothing to do."""
    if desk.phase == "lobby":
        return tongue.say("desk.next.lobby"), "open_quarter"
    if desk.phase == "open":
        return (tongue.say("desk.next.paused"), "pause") if desk.paused else (tongue.say("desk.next.open"), "close_quarter")
    if desk.phase == "between":
        if last_of_round(desk):
            return tongue.say("desk.next.round"), "next_round"
        if done(desk) >= desk.quarters:
            return tongue.say("desk.next.end"), "debrief"
        return tongue.say("desk.next.between", quarter=desk.quarter), "open_quarter"
    if desk.phase == "debrief":
        return tongue.say("desk.next.debrief"), "debrief"
    return tongue.say(f"desk.next.{desk.phase}"), ""


def decided(tongue: Tongue, team: DeskTeam, asked: bool = True, plain: bool = False) -> tuple[str, str]:
    """(mark, word) of how far a team is with this quarter; a shape and a word, so that no colour is needed.

    Nothing where no quarter is ``asked`` about.
    """
    if not playing(team):
        return ("x" if plain else "×"), tongue.say("desk.team.receiver")
    if not asked:
        return "", ""
    if team.decided:
        return ("o" if plain else "●"), tongue.say("desk.team.decided")
    if team.drafted:
        return ("+" if plain else "○"), tongue.say("desk.team.drafted")
    return ("." if plain else "·"), tongue.say("desk.team.untouched")


def notes(tongue: Tongue, team: DeskTeam) -> list[str]:
    """What else there is to know of a team, the gravest first."""
    found = []
    if not playing(team):
        found.append(tongue.ending(team.status))
    if team.absent:
        found.append(tongue.say("desk.team.absent", count=team.absent))
    if team.stood_in:
        found.append(tongue.say(f"desk.stood-in.{team.stood_in}"))
    if team.reentered:
        found.append(tongue.say("desk.team.reentered"))
    if not team.members:
        found.append(tongue.say("desk.team.empty"))
    elif not any(m.here for m in team.members):
        found.append(tongue.say("desk.team.nobody-here"))
    return found


def listed(tongue: Tongue, names: Sequence[str], most: int = 6) -> str:
    """Names as one phrase, the rest counted."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(tongue.say("desk.and-more", count=len(names) - most))
    return tongue.join(shown)
