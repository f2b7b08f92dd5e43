"""A room's hall out of its store, after a start: tables from their lines, people, and the quarter that was open."""

from __future__ import annotations

from typing import Final

import msgspec

from game.classroom.errors import ClassError
from game.classroom.hall import Hall
from game.classroom.messages import BoardRow
from game.classroom.offices import offices
from game.classroom.people import Team
from game.classroom.plan import Plan
from game.classroom.rows import Saved, load
from game.classroom.store import Store
from game.classroom.tables import markets, resumed, rounds_of
from game.classroom.timing import QuarterClock, Time
from game.content import Content
from game.table.errors import DraftError, Foreign, RunError

STARTS: Final = 10**6
"""Versions between two starts, should the machine's time have been set back; no room changes as often."""


def restored(content: Content, store: Store, time: Time) -> Hall:
    """The hall as the store has it. Raises `ClassError`, and what reading damaged rows raises."""
    saved = load(store.db)
    plan = msgspec.convert(saved.settings["plan"], Plan, str_keys=True)
    for kind, name, known in (("scenario", plan.scenario, content.scenarios), ("background", plan.background, content.backgrounds),
                              ("difficulty", plan.difficulty, content.difficulties), ("assume", plan.assume, content.assumptions)):
        if name not in known:
            raise ClassError(f"class.room.unknown.{kind}", name=name)
    names = [team.name for team in saved.teams]  # kept apart, for they may have been forgotten
    while names and not names[-1]:
        names.pop()
    plan = msgspec.structs.replace(plan, names=names)
    hall = Hall(content, plan, store, QuarterClock(time), offices(content) if plan.roles else [])
    s = saved.settings
    hall.id, hall.code, hall.round, hall.phase = s["id"], s["code"], s["round"], s["phase"]
    hall.version = max(hall.version, s.get("version", 0) + STARTS)
    hall.ranking = s.get("ranking", False)
    hall.rounds = rounds_of(content, plan)
    hall.waiting_cards = s.get("waiting_cards", [])
    hall.history = msgspec.convert(s["history"], list[BoardRow])
    hall.told = [(number, text) for number, _, _, text in saved.told if text]
    hall.acts = len(saved.outside)
    hall.tokens = saved.tokens
    _people(hall, saved)
    runs = {place: lines for (round, place), lines in saved.runs.items() if round == hall.round}
    try:
        hall.tables = resumed(markets(content, plan, hall.round), runs)
    except RunError as error:
        if isinstance(error, Foreign):
            raise ClassError("class.room.other-content", file=store.path.name) from error
        raise ValueError(str(error)) from error  # damaged
    hall.kept_lines = {key: len(lines) for key, lines in saved.runs.items()}
    _acts(hall, saved)
    if hall.phase == "open":
        _quarter(hall, saved)
        left = s.get("clock")
        hall.clock.set(left, running=False)
        hall.paused = s.get("paused", False) or left is not None
    return hall


def _people(hall: Hall, saved: Saved) -> None:
    hall.teams = saved.teams
    hall.members = {m.id: m for m in saved.members}
    for member in saved.members:
        if not member.removed:
            hall.team(member.team).members.append(member)


def _acts(hall: Hall, saved: Saved) -> None:
    """What was done from outside in the quarter at hand is not in a run's lines yet."""
    for act in saved.outside:
        table = hall.tables[act.place] if act.round == hall.round and act.place < len(hall.tables) else None
        if table is None or table.over or act.quarter != table.quarter:
            continue
        if act.act == "dealt":
            table.deal(act.what)
        elif act.act == "found-again":
            table.found_again(int(act.what))


def _quarter(hall: Hall, saved: Saved) -> None:
    """Drafts, decisions, forecasts and reasons of the quarter that was open."""
    for team in hall.teams:
        found = saved.drafts.get((team.id, hall.round, hall.quarter))
        if found is not None:
            team.draft, team.saved, team.decided = found
            team.decided = team.decided and _submitted(hall, team)
    for one in saved.forecasts:
        if (one.round, one.quarter) == (hall.round, hall.quarter):
            hall.members[one.member].forecast[one.what] = (one.low, one.high)
    for (member, round, quarter), (_, _, text) in saved.reasons.items():
        if (round, quarter) == (hall.round, hall.quarter):
            hall.members[member].reason = text


def _submitted(hall: Hall, team: Team) -> bool:
    table, firm = hall.seat(team)
    assert team.draft is not None
    try:
        table.submit(firm, team.draft)
    except DraftError:
        return False
    return True
