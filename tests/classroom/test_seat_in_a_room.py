"""A member's screens over a real room: a whole quarter, the clock, cards for all, what others must not see."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from room_kit import created, decide, newcomer, run, settle, view

from game.classroom.client import RoomSeat
from game.classroom.messages import Close, Debrief, Open, Shift, Tell
from game.content import Content
from game.tui import seat_app
from game.tui.seat_app import SeatApp
from game.tui.widgets.levers import LeverPanel
from tests.tui import screen_kit as kit


def test_two_quarters_on_the_screen(shipped: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seat_app, "SAVE_AFTER", 0.01)

    async def go() -> None:
        room = await created(shipped, tmp_path / "class.room", scenario="price-war", names=["云上"])
        place, link = await newcomer(room, "小雨", way="browser")
        await newcomer(room, "Anna", place.team, way="terminal")
        await newcomer(room, "other")
        app = SeatApp(shipped, RoomSeat(link), lang="zh", way="browser")

        async with app.run_test(size=(80, 24), notifications=True) as pilot:

            async def until(true: Callable[[], Any]) -> None:
                for _ in range(600):
                    if true():
                        await pilot.pause()
                        return
                    await pilot.pause(0.01)
                raise AssertionError(kit.text(app))  # type: ignore[arg-type]

            def at(name: str) -> Callable[[], bool]:
                return lambda: getattr(app.screen, "which", "") == name

            await until(lambda: app.now is not None)
            assert "Anna" in kit.text(app) and "云上" in kit.text(app)  # type: ignore[arg-type]
            await pilot.press("s")
            await until(at("reading"))
            await pilot.press("escape")
            await room.teach(Open(120))
            await until(at("seat"))
            await room.teach(Tell("[red]看这里[/]"))
            await until(lambda: "[red]看这里[/]" in kit.text(app))  # type: ignore[arg-type]
            await until(lambda: app.screen.query_one(LeverPanel).rows and app.screen.query_one(LeverPanel).has_focus)
            await pilot.press("down", "left")
            await until(lambda: app.now is not None and app.now.draft is not None)
            await room.teach(Close())
            await until(at("report"))
            assert app.now is not None and app.now.stood_in == "draft"
            kit.check(app)  # type: ignore[arg-type]
            await pilot.press("w")
            await until(at("why"))
            await pilot.press("escape", "escape")
            await until(at("room"))
            await room.teach(Open())
            await until(at("seat"))
            assert app.session is not None and app.session.view.seed == "" and not app.session.levers
            assert "00112233" not in kit.text(app)  # type: ignore[arg-type]
            if app.session.unanswered:
                await pilot.press("e")
                await until(at("card"))
                await pilot.press("enter")
                await until(at("seat"))
            await pilot.press("enter")
            await until(lambda: at("close")() and app.screen.query("BillPanel").first().preview is not None)
            await pilot.press("enter")
            await until(at("forecast"))
            await settle(room)
            assert [team.decided for team in room.desk().teams] == [True, False]
            await pilot.press("escape")
            await room.teach(Close())
            await until(at("report"))
            await room.teach(Debrief())
            await until(lambda: app.now is not None and app.now.phase == "debrief" and at("room")())
            assert "00112233" in kit.text(app)  # type: ignore[arg-type]
        await room.close()

    run(go())


def test_who_is_moved_to_another_team_sees_its_books(shipped: Content, tmp_path: Path) -> None:
    """Of parallel markets every team's firm is row 0 of its own."""

    async def go() -> None:
        room = await created(shipped, tmp_path / "class.room", scenario="war", mode="parallel")
        place, link = await newcomer(room, "小雨")
        _, theirs = await newcomer(room, "Anna")
        await room.teach(Open())
        seen = await view(link)
        await decide(link, **{"finance.raise": seen.limits["finance.raise"].high})
        await decide(theirs)
        await settle(room)
        mine, other = (await view(link)).own, (await view(theirs)).own
        assert mine != other and room.desk().phase == "between"
        app = SeatApp(shipped, RoomSeat(link), lang="zh", way="terminal")
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            for team, own in ((place.team, mine), (room.desk().teams[1].id, other)):
                await room.teach(Shift(place.member, team))
                for _ in range(600):
                    await pilot.pause(0.01)
                    if app.now is not None and app.now.team == team and app.session is not None and app.session.view.own == own:
                        break
                assert app.session is not None and app.session.view.own == own
                report = await app.seat.last_report()
                assert app.session.report == report
        await room.close()

    run(go())
