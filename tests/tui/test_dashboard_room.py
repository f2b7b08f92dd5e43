"""The teacher's desk over a real room: a quarter opened, closed and talked over, a place given back, a pack exported."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from game.classroom.messages import PROTOCOL, Join
from game.classroom.plan import Plan
from game.classroom.room import Room
from game.tui.dashboard import DashboardApp
from tests.tui import desk_fake as fake
from tests.tui.screen_kit import check, text


async def _until(pilot: Any, holds: Any) -> None:
    for _ in range(400):
        if holds():
            return
        await pilot.pause(0.02)
    raise AssertionError(text(pilot.app))


def test_a_lesson_from_the_desk(tmp_path: Path) -> None:
    async def go() -> None:
        plan = Plan(scenario="first-lesson", teams=2, names=["红队", "蓝队"], seed="a secret seed")
        room = await Room.create(fake.content(), plan, tmp_path / "room.sqlite")
        ann = await room.join(Join(PROTOCOL, room.code, "Ann"))
        await room.join(Join(PROTOCOL, room.code, "阿强"))
        link = await room.connect(ann.member, "terminal")
        app = DashboardApp(fake.content(), room, addresses=fake.ADDRESSES, code=room.code, folder=tmp_path)
        async with app.run_test(size=(120, 40)) as pilot:
            await _until(pilot, lambda: "1/2" in text(app) or "1/1" in text(app))
            assert room.code in text(app) and "红队" in text(app)
            await pilot.press("o")
            await pilot.pause()
            await pilot.press("enter")
            await _until(pilot, lambda: app.shown.desk.phase == "open")
            await pilot.press("x")
            await pilot.pause()
            assert "红队" in text(app) and "蓝队" in text(app)
            await pilot.press("enter")
            await _until(pilot, lambda: app.shown.desk.phase == "between")
            check(app)
            assert "a secret seed" not in text(app)
            member = app.shown.desk.teams[0].members[0].id
            await pilot.press("enter", "enter")
            await pilot.pause()
            await pilot.press("1")
            await pilot.pause()
            await pilot.press("enter")
            await _until(pilot, lambda: app.screen.which == "link")
            assert room.member_of(ann.secret) is None
            place = room.redeem(app.screen.token)
            assert place is not None and place.member == member and room.redeem(app.screen.token) is None
            await pilot.press("escape", "b")
            await pilot.pause()
            await pilot.press("enter")
            await _until(pilot, lambda: app.screen.which == "debrief")
            await pilot.press("2")
            await pilot.pause()
            assert "a secret seed" not in text(app)  # not before the curve is shown
            await pilot.press("space")
            await pilot.pause()
            assert "a secret seed" in text(app)
            check(app)
            await pilot.press("escape", "e")
            await pilot.pause()
            await pilot.press("enter")
            folder = tmp_path / f"class-{room.code}"
            await _until(pilot, lambda: app._notifications)
            assert len(list(folder.iterdir())) >= 2
        await link.close()
        await room.close()

    asyncio.run(go())
