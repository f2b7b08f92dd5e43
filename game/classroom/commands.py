"""What the teacher does from the desk. One function a command; what cannot be is raised as `ClassError`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from game.classroom import rows, turn
from game.classroom.errors import ClassError
from game.classroom.hall import Hall, Refused
from game.classroom.messages import (
    MAX_TEXT,
    Clock,
    Close,
    Command,
    Deal,
    Debrief,
    Finish,
    Gone,
    NextRound,
    Open,
    Pause,
    Ranking,
    Remove,
    Restore,
    Shift,
    Tell,
)
from game.classroom.people import Member
from game.classroom.plan import MOST_TOLD
from game.classroom.rounds import begin_round, merged_table, need_next_round
from game.classroom.secret import draw_secret, hash_secret
from game.language.clean import clean_text
from game.table.assignment import near
from game.table.wire import Message


async def teach(hall: Hall, command: Command) -> str:
    """Carry out a command; for `Restore` the one-time token, else nothing. Raises `ClassError`."""
    if hall.phase == "over":
        raise ClassError("class.room.over")
    handler = _HANDLERS.get(type(command))
    if handler is None:
        raise ClassError("class.room.no-such-request")
    if hall.trouble and not isinstance(command, Pause | Tell | Ranking):
        hall.store.retry()
        raise ClassError(hall.trouble.id, **hall.trouble.args)
    try:
        return await handler(hall, command) or ""
    except Refused as refused:  # the change was made and will be kept when there is room
        fault = refused.faults[0]
        raise ClassError(fault.id, **fault.args) from refused


async def _open(hall: Hall, c: Open) -> None:
    await turn.open_quarter(hall, hall.plan.seconds if c.seconds is None else c.seconds)


async def _close(hall: Hall, c: Close) -> None:
    if hall.phase == "closing":  # everybody was ready at the same moment
        async with hall.turn:
            if hall.trouble:
                raise ClassError(hall.trouble.id, **hall.trouble.args)
            return
    await turn.close_quarter(hall)


async def _pause(hall: Hall, c: Pause) -> None:
    if hall.phase != "open":
        raise ClassError("class.room.not-open")
    hall.paused = c.paused
    if c.paused:
        hall.clock.stop()
    else:
        hall.clock.go()
    hall.watch()
    await hall.keep(rows.setting("paused", c.paused), hall.clock_row())
    hall.consider()


async def _clock(hall: Hall, c: Clock) -> None:
    if hall.phase != "open":
        raise ClassError("class.room.not-open")
    hall.clock.set(c.seconds, running=not hall.paused)
    hall.watch()
    await hall.keep(hall.clock_row())


async def _deal(hall: Hall, c: Deal) -> None:
    async with hall.turn:
        table = hall.tables[0]
        if c.card not in table.market.dealable:
            raise ClassError("class.room.no-card", card=clean_text(c.card), near=near(c.card, table.market.dealable))
        if hall.phase in ("debrief", "closing"):
            raise ClassError("class.room.not-open")
        if hall.phase == "open":
            await turn.undisturbed(hall)  # teams may decide meanwhile
        if hall.phase == "open" and not any(team.decided for team in hall.teams):
            ops = turn.deal_now(hall, c.card)
            turn.think_ahead(hall)
            hall.changed()
        elif hall.played_out or (hall.phase == "open" and hall.quarter >= hall.last):
            raise ClassError("class.room.no-more-quarters")
        else:
            hall.waiting_cards = [*hall.waiting_cards, c.card]
            ops = [rows.setting("waiting_cards", hall.waiting_cards)]
        await hall.keep(*ops)


async def _tell(hall: Hall, c: Tell) -> None:
    text = clean_text(c.text, 2 * MAX_TEXT)[:MAX_TEXT]
    if not text:
        raise ClassError("class.room.nothing-said")
    if len(hall.told) >= MOST_TOLD:
        raise ClassError("class.room.said-enough", most=MOST_TOLD)
    number = hall.told[-1][0] + 1 if hall.told else 1
    hall.told.append((number, text))
    await hall.keep(*rows.told(number, hall.round, hall.quarter, text))


async def _ranking(hall: Hall, c: Ranking) -> None:
    hall.ranking = c.shown
    hall.changed()
    await hall.keep(rows.setting("ranking", c.shown))


async def _restore(hall: Hall, c: Restore) -> str:
    member = hall.member(c.member)
    token = draw_secret()
    member.hash = b""  # the secret is drawn when the link is used
    hall.tokens = {hash: owner for hash, owner in hall.tokens.items() if owner != member.id}
    hall.tokens[hash_secret(token)] = member.id
    part(member, Gone("newer", Message("class.room.restored")))
    await hall.keep(rows.tokens_of(member.id), rows.member(member), rows.token(hash_secret(token), member.id))
    return token


async def _remove(hall: Hall, c: Remove) -> None:
    member = hall.member(c.member)
    team = hall.team_of(member)
    member.removed, member.hash = True, b""
    hall.tokens = {hash: owner for hash, owner in hall.tokens.items() if owner != member.id}
    team.members.remove(member)
    if team.pen == member.id:
        team.pen = next((m.id for m in [*team.here, *team.members]), "")
    part(member, Gone("removed", Message("class.room.removed")))
    await hall.keep(rows.tokens_of(member.id), rows.member(member), rows.team(team))
    hall.consider()


async def _shift(hall: Hall, c: Shift) -> None:
    if hall.phase not in ("lobby", "between"):
        raise ClassError("class.room.not-between")
    member, to = hall.member(c.member), hall.team(c.team)
    old = hall.team_of(member)
    if to is old:
        return
    if len(to.members) >= hall.plan.members:
        raise ClassError("class.room.team-full", team=to.shown)
    old.members.remove(member)
    if old.pen == member.id:
        old.pen = next((m.id for m in [*old.here, *old.members]), "")
    if member.role in {m.role for m in to.members}:
        member.role = next((r for r in hall.roles if r not in {m.role for m in to.members}), "")
    member.team = to.id
    member.forecast, member.reason = {}, ""
    to.members.append(member)
    to.pen = to.pen or member.id
    await hall.keep(rows.member(member), rows.team(old), rows.team(to))


async def _debrief(hall: Hall, c: Debrief) -> None:
    async with hall.turn:
        if hall.phase == "open":
            raise ClassError("class.room.close-first")
        hall.phase = "debrief"
        hall.clock.set(None, running=False)
        hall.changed()
        hall.watch()
        await hall.keep(rows.setting("phase", "debrief"), hall.clock_row())


async def _next_round(hall: Hall, c: NextRound) -> None:
    async with hall.turn:
        need_next_round(hall)
        table = await asyncio.to_thread(merged_table, hall)
        ops = begin_round(hall, table)
        hall.changed()
        await hall.keep(*ops)


async def _finish(hall: Hall, c: Finish) -> None:
    async with hall.turn:
        if hall.phase == "open":
            raise ClassError("class.room.close-first")
        hall.phase, hall.code, hall.tokens = "over", "", {}
        for member in hall.members.values():
            member.hash = b""
            part(member, Gone("over", Message("class.room.over")))
        hall.changed()
        hall.watch()
        ops = [("DELETE FROM tokens", ()), *(rows.member(m) for m in hall.members.values())]
        await hall.keep(*ops, rows.setting("phase", "over"), rows.setting("code", ""))


def part(member: Member, gone: Gone) -> None:
    """End a member's connection, if one is open."""
    if member.connection is not None:
        connection, member.connection = member.connection, None
        connection.end(gone)


_HANDLERS: Final[dict[type, Callable[[Hall, Any], Awaitable[str | None]]]] = {
    Open: _open, Close: _close, Pause: _pause, Clock: _clock, Deal: _deal, Tell: _tell, Ranking: _ranking,
    Restore: _restore, Remove: _remove, Shift: _shift, Debrief: _debrief, NextRound: _next_round, Finish: _finish,
}  # fmt: skip
