"""A quarter of a room: opened, stood in for those who did not decide, played off the event loop, kept, and told.

Who has not decided when a quarter closes: the team's saved draft, if it is one that could be submitted; else levers stand
where they are for one quarter; from the second quarter in a row on, and for teams without members, default management
decides. A card or a distress that a saved draft has not answered is answered as the rules would: a card by its first
choice that is open (else its last), distress by the first way out.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING

from msgspec.structs import replace

from game.classroom import rows
from game.classroom.errors import ClassError
from game.classroom.hall import Hall
from game.classroom.people import Team
from game.classroom.scores import score_forecasts
from game.classroom.store import Op, Unkept
from game.classroom.views import board_row
from game.table.contract import SLOW
from game.table.errors import DraftError
from game.table.wire import Draft, Message

if TYPE_CHECKING:
    from game.table.table import Table

ABSENT: int = 2
"""Quarters in a row without a decision or a draft from which on default management runs a firm."""


async def open_quarter(hall: Hall, seconds: float | None) -> None:
    """Open the next quarter, with so many seconds on the clock. Raises `ClassError`."""
    async with hall.turn:
        if hall.phase not in ("lobby", "between"):
            raise ClassError("class.room.not-between")
        if hall.played_out:
            raise ClassError("class.room.no-more-quarters")
        await undisturbed(hall)
        ops = [op for team in hall.teams for op in _found_again(hall, team)]
        ops += [op for card in hall.waiting_cards for op in deal_now(hall, card)]
        hall.waiting_cards = []
        hall.phase, hall.paused = "open", False
        hall.clock.set(seconds, running=True)
        hall.changed()
        ops += [rows.setting("phase", "open"), rows.setting("paused", False), rows.setting("waiting_cards", [])]
        hall.watch()
        think_ahead(hall)
        await _kept(hall, *ops, hall.clock_row())


def deal_now(hall: Hall, card: str) -> list[Op]:
    """Deal a card to every firm at every table; what the store has to keep of it. Cards that cannot are left out."""
    ops = []
    for place, table in enumerate(hall.tables):
        try:
            table.deal(card)
        except DraftError:
            continue
        hall.acts += 1
        ops.append(rows.outside(hall.acts, hall.round, table.quarter, place, "dealt", card))
    return ops


def _found_again(hall: Hall, team: Team) -> list[Op]:
    """The second firm of a team that has asked for one."""
    if not team.returning:
        return []
    table, firm = hall.seat(team)
    team.returning = False
    try:
        table.found_again(firm)
    except DraftError:
        return [rows.team(team)]
    team.reentered, team.absent, team.stood_in = True, 0, ""
    hall.acts += 1
    act = rows.outside(hall.acts, hall.round, table.quarter, hall.place(team), "found-again", str(firm))
    return [rows.team(team), act]


async def bring_back(hall: Hall) -> None:
    """Found the second firms that were asked for, if no quarter is open; else they wait for the next."""
    async with hall.turn:
        if hall.phase == "between":
            await undisturbed(hall)
            ops = [op for team in hall.teams for op in _found_again(hall, team)]
            hall.changed()
            await _kept(hall, *ops)


def think_ahead(hall: Hall) -> None:
    """Let slow rivals begin now, on a thread that holds up nobody who leaves: they are asked again when the quarter is
    played."""
    if slow := _slow(hall):
        threading.Thread(target=_prepare, args=(slow,), name="planners", daemon=True).start()


async def undisturbed(hall: Hall) -> None:
    """Wait, beside the loop, until slow rivals have thought: before anything is done to the tables from outside. Only who
    holds ``hall.turn`` may let them think again."""
    if slow := _slow(hall):
        await asyncio.to_thread(lambda: [table.rest() for table in slow])


def _slow(hall: Hall) -> list[Table]:
    return [t for t in hall.tables if not t.over and SLOW.intersection(t.head.seats)]


def _prepare(tables: list[Table]) -> None:
    # What goes wrong here goes wrong again, and is told, when the quarter is played.
    with contextlib.suppress(Exception):
        for table in tables:
            table.prepare()


def ready(hall: Hall) -> bool:
    """Whether everybody has done what a quarter asks: teams decided, members who are here forecast and gave reasons.

    Members on ``api`` are programs and are not waited for; nor is a team that nobody has joined, or a reason of those who
    are receivers.
    """
    if hall.phase != "open" or hall.paused or hall.trouble or not any(team.members for team in hall.teams):
        return False
    for team in hall.teams:
        trading = hall.trading(team)
        if trading and team.members and not team.decided:
            return False
        for member in team.here:
            if member.way != "api" and not (member.forecast and (member.reason or not trading)):
                return False
    return any(team.decided for team in hall.teams) or not any(hall.trading(t) for t in hall.teams if t.members)


async def close_quarter(hall: Hall, quarter: int | None = None) -> None:
    """Play the quarter that is open (only ``quarter``, if given). Returns when it is kept and may be told.

    Raises `ClassError` where none is open.
    """
    async with hall.turn:
        if hall.phase != "open" or quarter not in (None, hall.quarter):
            raise ClassError("class.room.not-open")
        hall.clock.stop()
        hall.phase = "closing"
        hall.still.clear()
        hall.changed()
        hall.watch()
        try:
            stand_in(hall)
            await asyncio.to_thread(_play, hall)
            ops = _booked(hall)
        except Exception as error:  # what is in the store is whole: whoever opens it again loses nothing
            hall.phase, hall.stuck = "open", Message("class.room.not-played")
            _still(hall)
            asyncio.get_running_loop().call_exception_handler({"message": "a quarter was not played", "exception": error})
            raise ClassError("class.room.not-played") from error
        try:
            await _kept(hall, *ops)
        finally:
            _still(hall)


def _booked(hall: Hall) -> list[Op]:
    """The books of the quarter that was played, and what the store has to keep of it."""
    row, scores = board_row(hall.tables, hall.shared), score_forecasts(hall)
    hall.history.append(row)
    hall.phase, hall.paused = "between", False
    hall.clock.set(None, running=False)
    ops = [*hall.new_lines(), *scores, *(rows.team(t) for t in hall.teams)]
    ops += [rows.setting("phase", "between"), rows.setting("paused", False), hall.clock_row()]
    ops.append(rows.setting("history", hall.history))
    for team in hall.teams:
        team.begin_quarter()
    return ops


def _still(hall: Hall) -> None:
    """Tables can be read again."""
    hall.still.set()
    hall.changed()
    hall.watch()


def _play(hall: Hall) -> None:
    with hall.reading:
        for table in hall.tables:
            if not table.over:
                table.step()


async def _kept(hall: Hall, *ops: Op) -> None:
    """Put something into the store that has happened already. Raises `ClassError`: it is not on disk yet, and will be."""
    try:
        await hall.store.write(*ops)
    except Unkept as error:
        raise ClassError(error.message.id, **error.message.args) from error


def stand_in(hall: Hall) -> None:
    """Decide for those who have not; see the module."""
    for team in hall.teams:
        table, firm = hall.seat(team)
        if table.over or not hall.trading(team):
            team.stood_in = ""
            continue
        if team.decided:
            team.absent, team.stood_in = 0, ""
            _with_reason(hall, team)
        elif team.draft is not None and _submitted(hall, team):
            team.absent, team.stood_in = 0, "draft"
        else:
            team.absent += 1
            managed = team.absent >= ABSENT or not team.members
            team.stood_in = "managed" if managed else "standing"
            if managed:
                table.manage(firm)
    for table in hall.tables:
        table.stand_in()


def _submitted(hall: Hall, team: Team) -> bool:
    """Submit a team's saved draft, with the answers that it lacks; whether it could be."""
    assert team.draft is not None
    table, firm = hall.seat(team)
    for draft in (team.draft, _answered(table, firm, team.draft)):
        try:
            table.submit(firm, draft)
        except DraftError:
            continue
        _with_reason(hall, team, draft)
        return True
    return False


def _answered(table: Table, firm: int, draft: Draft) -> Draft:
    """A draft with a card and a distress answered as the rules answer them for who says nothing."""
    market, levers = table.market, dict(draft.levers)
    if market.card(table.state, firm) and "card.choice" not in levers:
        ways = market.open_choices(table.state, firm)
        levers["card.choice"] = 0.0 if ways[0] else float(len(ways) - 1)
    if market.distressed(table.state, firm) and "distress.choice" not in levers:
        levers["distress.choice"] = 0.0
    return replace(draft, levers=levers)


def _with_reason(hall: Hall, team: Team, draft: Draft | None = None) -> None:
    """Submit what the team decided with a reason: its own, else the one that who holds the pen gave as a member."""
    draft = draft or team.draft
    holder = next((m for m in team.members if m.id == team.pen), None)
    if draft is None or draft.reason or holder is None or not holder.reason:
        return
    table, firm = hall.seat(team)
    table.submit(firm, replace(draft, reason=holder.reason))



