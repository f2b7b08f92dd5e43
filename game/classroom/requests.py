"""What a member asks, and the room's answers: reading for all of a team, deciding for who holds the pen.

Every function takes the hall, the member and the request, and returns what becomes the `Answer`'s body. What cannot be
is raised as `Refused` with a sentence for each fault. A change is made, put into the store and waited for, in this order.
"""

from __future__ import annotations

import asyncio
import math
import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

import msgspec

from game.classroom import again, rows, veil
from game.classroom.errors import ClassError
from game.classroom.hall import Hall, Refused, refuse
from game.classroom.messages import (
    MAX_TEXT,
    Argue,
    Briefing,
    Changed,
    Cost,
    Decide,
    Explain,
    Guess,
    Past,
    Pen,
    Recall,
    Reconsider,
    Reenter,
    Request,
    Save,
    See,
)
from game.classroom.offices import sheet
from game.classroom.people import Member, Team, may_take_pen
from game.classroom.turn import bring_back
from game.engine.names import LEVERS
from game.language.clean import clean_text
from game.table.errors import DraftError
from game.table.wire import Draft, Message

if TYPE_CHECKING:
    from game.table.table import Table

_encoder = msgspec.json.Encoder()
_LEVERS: Final = frozenset(LEVERS)
_MOST: Final = 1e15
"""No number that a person forecasts is larger, in CNY."""
MOST_SEEN: Final = 2048
"""Answers that are kept for others who ask the same; a class asks for some hundreds of different ones."""
NOTHING: Final = b"null"


async def answer(hall: Hall, member: Member, request: Request) -> bytes:
    """The body of the answer. Raises `Refused`."""
    if member.removed or (hall.phase == "over" and not isinstance(request, See | Recall | Past | Explain | Changed)):
        raise refuse("class.room.over" if hall.phase == "over" else "class.room.removed")
    handler = _HANDLERS.get(type(request))
    if handler is None:
        raise refuse("class.room.no-such-request")
    return await handler(hall, member, request)


# reading --------------------------------------------------------------------------------------------------------------
async def _shared(hall: Hall, key: object, make: Callable[[], Any], threaded: bool = False) -> bytes:
    """An answer that everybody of a team gets alike: worked out once, by whoever asks first, never while a quarter is
    being played, and again if something has changed in the meantime."""

    def made() -> bytes:
        with hall.reading:
            return _encoder.encode(make())

    while True:
        await hall.still.wait()
        seen = hall.seen
        if key not in seen:
            if len(seen) >= MOST_SEEN:  # the oldest makes room: whoever waits for it gets it all the same
                del seen[next(iter(seen))]
            if threaded:  # a task of its own: who asked may leave
                seen[key] = asyncio.ensure_future(asyncio.to_thread(made))
            else:
                seen[key] = asyncio.get_running_loop().create_future()
                seen[key].set_result(made())
        body = await asyncio.shield(seen[key])
        if hall.seen is seen:
            return body


async def _see(hall: Hall, member: Member, request: See) -> bytes:
    table, firm = hall.seat(hall.team_of(member))
    return await _shared(
        hall, ("view", id(table), firm), lambda: veil.view(table.view(firm), shows_seed(hall), hall.ranking)
    )


async def _recall(hall: Hall, member: Member, request: Recall) -> bytes:
    table, firm = hall.seat(hall.team_of(member))

    def make() -> Any:
        return veil.report(table.report(firm), hall.ranking) if table.played else None

    return await _shared(hall, ("report", id(table), firm), make, threaded=True)


async def _past(hall: Hall, member: Member, request: Past) -> bytes:
    table, firm = hall.seat(hall.team_of(member))
    return await _shared(
        hall, ("past", id(table), firm),
        lambda: veil.history(table.market.market_history(table, firm), hall.ranking), threaded=True,
    )  # fmt: skip


async def _explain(hall: Hall, member: Member, request: Explain) -> bytes:
    table, firm = hall.seat(hall.team_of(member))
    return await _shared(
        hall, ("explain", id(table), firm, request.what, request.segment),
        lambda: veil.explanation(_explained(table, firm, request), hall.ranking), threaded=True,
    )  # fmt: skip


def _explained(table: Table, firm: int, request: Explain) -> Any:
    return table.explain(firm, request.what, request.segment) if table.played else None


async def _changed(hall: Hall, member: Member, request: Changed) -> bytes:
    table, firm = hall.seat(hall.team_of(member))

    def make() -> Any:
        return veil.changes(table.changes(firm), hall.ranking) if table.played else None

    return await _shared(hall, ("changes", id(table), firm), make, threaded=True)


async def _cost(hall: Hall, member: Member, request: Cost) -> bytes:
    await hall.still.wait()
    table, firm = hall.seat(hall.team_of(member))
    draft = known(request.draft)
    if table.over or not hall.trading(hall.team_of(member)):
        raise refuse("draft.over")
    with hall.reading:
        return _encoder.encode(table.preview(firm, draft))


def known(draft: Draft) -> Draft:
    """A draft whose levers exist and are numbers. Raises `Refused` with every one that is not."""
    faults = [Message("draft.unknown-lever", {"lever": clean_text(k)}) for k in draft.levers if k not in _LEVERS][:10]
    faults += [
        Message("draft.not-a-number", {"lever": k}) for k, v in draft.levers.items()
        if k in _LEVERS and not (math.isfinite(v) and abs(v) <= _MOST * 1e3)
    ]  # fmt: skip
    if faults:
        raise Refused(*faults)
    return draft


async def _briefing(hall: Hall, member: Member, request: Briefing) -> bytes:
    return _encoder.encode(sheet(hall.content, hall.team_of(member), member))


# deciding -------------------------------------------------------------------------------------------------------------
def shows_seed(hall: Hall) -> bool:
    """Whether the luck may be known."""
    return hall.phase in ("debrief", "over")


def _need_open(hall: Hall, quarter: int) -> None:
    """Raises `Refused` unless this quarter is open and changes are kept."""
    hall.need_kept()
    if hall.phase != "open":
        raise refuse("class.room.not-open")
    if quarter != hall.quarter:
        raise refuse("draft.other-quarter", given=quarter, quarter=hall.quarter)


def _need_pen(hall: Hall, member: Member) -> Team:
    team = hall.team_of(member)
    if team.pen != member.id:
        holder = next((m for m in team.members if m.id == team.pen), None)
        if holder is None:
            raise refuse("class.room.no-pen")
        raise refuse("class.room.pen-held", name=holder.shown)
    if not hall.trading(team):
        raise refuse("class.room.ended")
    return team


def _cleaned(draft: Draft) -> Draft:
    return Draft(draft.quarter, dict(known(draft).levers), clean_text(draft.reason, 2 * MAX_TEXT))


async def _save(hall: Hall, member: Member, request: Save) -> bytes:
    _need_open(hall, request.draft.quarter)
    team = _need_pen(hall, member)
    if team.decided:
        raise refuse("class.room.decided")
    team.draft, team.saved = _cleaned(request.draft), team.saved + 1
    await hall.keep(*rows.draft(team, hall.round), team=team)
    return NOTHING


async def _decide(hall: Hall, member: Member, request: Decide) -> bytes:
    _need_open(hall, request.draft.quarter)
    if hall.paused:
        raise refuse("class.room.paused")
    team = _need_pen(hall, member)
    draft = _cleaned(request.draft)
    table, firm = hall.seat(team)
    try:
        table.submit(firm, draft)
    except DraftError as error:
        raise Refused(*error.messages) from error
    team.draft, team.saved, team.decided = draft, team.saved + 1, True
    await hall.keep(*rows.draft(team, hall.round))
    hall.consider()
    return NOTHING


async def _reconsider(hall: Hall, member: Member, request: Reconsider) -> bytes:
    _need_open(hall, hall.quarter)
    if hall.paused:
        raise refuse("class.room.paused")
    team = _need_pen(hall, member)
    if team.decided:
        table, firm = hall.seat(team)
        table.withdraw(firm)
        team.decided = False
        await hall.keep(*rows.draft(team, hall.round))
    return NOTHING


async def _guess(hall: Hall, member: Member, request: Guess) -> bytes:
    _need_open(hall, request.quarter)
    receiver = not hall.trading(hall.team_of(member))
    if (request.what == "price") != receiver:
        raise refuse("class.room.forecast-price" if receiver else "class.room.forecast-books")
    if not (math.isfinite(request.low) and math.isfinite(request.high)):
        raise refuse("class.room.forecast-number")
    if not -_MOST <= request.low < request.high <= _MOST:
        raise refuse("class.room.forecast-order")
    member.forecast[request.what] = (request.low, request.high)
    await hall.keep(rows.forecast(member, hall.round, request.quarter, request.what), team=hall.team_of(member))
    hall.consider()
    return NOTHING


async def _argue(hall: Hall, member: Member, request: Argue) -> bytes:
    _need_open(hall, request.quarter)
    member.reason = clean_text(request.text, 2 * MAX_TEXT)[:MAX_TEXT]
    kept = rows.reason(member, hall.round, request.quarter, secrets.token_hex(16))
    await hall.keep(*kept, team=hall.team_of(member))
    hall.consider()
    return NOTHING


async def _pen(hall: Hall, member: Member, request: Pen) -> bytes:
    hall.need_kept()
    team = hall.team_of(member)
    to = next((m for m in team.members if m.id == (request.to or member.id)), None)
    if to is None:
        raise refuse("class.room.no-mate")
    if team.pen != member.id and not (to is member and may_take_pen(team, member)):
        holder = next(m for m in team.members if m.id == team.pen)
        raise refuse("class.room.pen-held", name=holder.shown)
    team.pen = to.id
    await hall.keep(rows.team(team), team=team)
    return NOTHING


async def _reenter(hall: Hall, member: Member, request: Reenter) -> bytes:
    hall.need_kept()
    team = hall.team_of(member)
    if team.pen != member.id:
        _need_pen(hall, member)
    if not again.may_found_again(hall, team):
        raise refuse("class.room.no-second-firm")
    team.returning = True
    await hall.keep(rows.team(team))
    try:
        await bring_back(hall)
    except ClassError as error:
        raise Refused(error.message) from error
    return NOTHING


_HANDLERS: Final[dict[type, Callable[[Hall, Member, Any], Awaitable[bytes]]]] = {
    See: _see, Recall: _recall, Past: _past, Cost: _cost, Explain: _explain, Changed: _changed, Save: _save,
    Decide: _decide, Reconsider: _reconsider, Guess: _guess, Argue: _argue, Pen: _pen, Reenter: _reenter,
    Briefing: _briefing,
}  # fmt: skip
