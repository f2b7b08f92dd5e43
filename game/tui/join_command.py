"""``baimo class join ADDRESS CODE``: a place in a room, in this terminal, with screens or as plain text."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING, Any, Final

from game import __version__
from game.classroom import messages as m
from game.classroom.address import Address, parse_address
from game.classroom.client import RoomSeat
from game.classroom.errors import ClassError
from game.classroom.places import Kept, forget_place, keep_place, kept_place, places_folder
from game.classroom.web_link import WebLink, join_room, one_time, redeem_link
from game.language import Lang, Tongue, clean_text
from game.table.settings import read_settings
from game.tui.launch import _has_terminal, _leave_when_told, settings_file

if TYPE_CHECKING:
    from game.content import Content

LOST: Final = frozenset({"removed", "over"})
"""Ends after which a place is worth nothing any more."""


def join(args: argparse.Namespace, content: Content, lang: str) -> int:
    """Join and play; the exit code. Raises `ClassError`: no room there, a wrong code, a full room, another version."""
    tongue = Tongue("en" if lang == "en" else "zh", content=content)
    if not args.plain and not _has_terminal():
        raise ClassError("class.seat.join.no-terminal")
    given = one_time(args.address)  # a place that the teacher gives back
    address, token = given or (parse_address(args.address), "")
    try:
        return asyncio.run(_join(args, address, token, content, tongue))
    except KeyboardInterrupt:
        return 0


async def _join(args: argparse.Namespace, address: Address, token: str, content: Content, tongue: Tongue) -> int:
    folder, where = places_folder(), str(address)
    link, back = (None, True) if token else await _again(args, address)
    if link is None:
        if token:
            place, name = await redeem_link(address, token), clean_text(args.nickname, m.MAX_NAME)
        else:
            if not args.code:
                raise ClassError("class.join.need-code")
            name = _name(args, tongue)
            team = f"seat-{int(args.team)}" if args.team.isdecimal() and len(args.team) < 4 else args.team
            wish = m.Join(m.PROTOCOL, args.code[:32], name, team[:64], program=f"baimo {__version__}"[:32])
            place = await join_room(address, wish)
        if not keep_place(folder, where, args.code, Kept(where, place.member, place.team, name, place.secret)):
            print(tongue.say("class.seat.join.not-kept"), file=sys.stderr)
        link = WebLink(address, place.secret)
        await link.connect()
    seat = RoomSeat(link)
    try:
        if args.plain:
            from game.tui.plain_room import play_room

            await play_room(seat, content, tongue, sys.stdin, sys.stdout, back=back)
        else:
            await _screens(seat, content, tongue.lang)
    finally:
        gone = seat.gone or link.gone
        await seat.close()
        if gone is not None and gone.why in LOST:
            forget_place(folder, where, args.code)
    if gone is not None:
        print(clean_text(tongue.message(gone.message), 1000))
    else:
        print(tongue.say("class.seat.join.left"))
    return 0


async def _again(args: argparse.Namespace, address: Address) -> tuple[WebLink | None, bool]:
    """The connection of the place that is kept here for this room, if it still is one; and whether it is."""
    folder, where = places_folder(), str(address)
    kept = kept_place(folder, where, args.code)
    if kept is None or (args.nickname and clean_text(args.nickname, m.MAX_NAME) != kept.name):
        return None, False
    link = WebLink(address, kept.secret)
    try:
        await link.connect()
    except ClassError as error:
        if error.message.id == "class.join.no-place":  # given back elsewhere, or removed: ask for a new one
            forget_place(folder, where, args.code)
            return None, False
        if error.message.id == "class.join.over":
            forget_place(folder, where, args.code)
        raise
    return link, True


def _name(args: argparse.Namespace, tongue: Tongue) -> str:
    """The nickname: said on the command line, or asked for."""
    name = clean_text(args.nickname, m.MAX_NAME)
    for _ in range(3):
        if name or not sys.stdin.isatty():
            break
        name = clean_text(input(tongue.say("class.seat.join.ask-name")), m.MAX_NAME)
    if not name:
        raise ClassError("class.seat.join.name")
    return name


async def _screens(seat: RoomSeat, content: Content, lang: Lang) -> None:
    from game.tui.seat_app import SeatApp

    kept = read_settings(settings_file())
    app = SeatApp(
        content, seat, lang=lang, theme=kept.get("theme", "ink-night"), plain_borders=kept.get("plain") == "yes", way="terminal"
    )
    app.opening = lambda: _leave_when_told(app.exit)
    app.move(kept.get("motion") == "full")
    result: Any = await app.run_async()
    del result
