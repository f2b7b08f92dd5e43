"""Bots play a whole room over links: what load and lesson simulations rest on."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from serving import run, serving

from game.classroom import messages as m
from game.classroom.client import RoomSeat
from game.classroom.plan import Plan
from game.classroom.room import Room
from game.classroom.web_link import WebLink, join_room
from game.content import Content

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from room_bots import Bot


def test_bots_play_a_room_to_the_end_over_the_network(shipped: Content, tmp_path: Path) -> None:
    async def play() -> None:
        room = await Room.create(shipped, Plan(scenario="first-lesson", teams=3, seed="5"), tmp_path / "a.room")
        async with serving(shipped, room) as there:
            bots = []
            for n in range(5):  # two teams with two members, one of whom holds the pen
                place = await join_room(there.address, m.Join(m.PROTOCOL, room.code, f"bot {n}"))
                bots.append(Bot(RoomSeat(WebLink(there.address, place.secret, way="api")), n / 5))
            playing = [asyncio.create_task(bot.play()) for bot in bots]
            await asyncio.gather(*(bot.seat.present() for bot in bots))
            assert {member.way for team in room.desk().teams for member in team.members} == {"api"}
            async for desk in room.desks():  # quarters close by themselves once all have decided
                if desk.phase == "debrief" or (desk.phase == "between" and desk.quarter >= desk.first_quarter + desk.quarters):
                    break
                if desk.phase in ("lobby", "between"):
                    await room.teach(m.Open())
            if room.desk().phase != "debrief":
                await room.teach(m.Debrief())
            await asyncio.wait_for(asyncio.gather(*playing), 20)
            decided = [len(bot.reports) for bot in bots]
            assert sorted(decided) == [0, 0, 5, 5, 5], decided
            assert all(bot.faults == [] for bot in bots), [bot.faults for bot in bots]
            for bot in bots:
                await bot.seat.close()

    run(play, 60)
