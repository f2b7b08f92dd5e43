"""The teacher's dashboard over a room without a market: what it shows, what it asks, what it commands."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from game.classroom.errors import ClassError
from game.classroom.messages import (
    Clock,
    Close,
    Deal,
    Debrief,
    NextRound,
    Open,
    Pause,
    Ranking,
    Remove,
    Restore,
    Shift,
    Tell,
)
from game.table.wire import Message
from game.tui.dashboard import DashboardApp, Reach, run_dashboard
from game.tui.desk.teams import TeamsPanel
from game.tui.kit.chrome import KeyBar
from game.tui.kit.panel import Panel
from tests.tui import desk_fake as fake
from tests.tui.screen_kit import SIZES, check, rows, text

LANGS = ("zh", "en")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("phase", ["lobby", "open", "closing", "between", "debrief", "over"])
def test_every_phase_at_every_size(phase: str, lang: str, size: tuple[int, int]) -> None:
    left = 95.0 if phase == "open" else None
    at = fake.desk(phase=phase, left=left, code="" if phase == "over" else "K7QM-2XRD-9", seed=fake.SEED if phase == "debrief" else "")

    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        check(app)
        shown = text(app)
        assert ("K7QM-2XRD-9" in shown) == (phase != "over")
        assert "http://192.168.1.23:8100" in shown or phase == "over"

    fake.on(use, at=at, lang=lang, size=size)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_the_seed_and_the_books_stay_hidden(size: tuple[int, int]) -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        money = app.tongue.money(room.now.teams[0].value)
        assert fake.SEED not in text(app) and money not in text(app)
        await pilot.press("v")
        assert money not in text(app)  # asked first: the screen may be on the projector
        await pilot.press("enter")
        await pilot.pause()
        assert money in text(app)
        await pilot.press("9")
        await pilot.pause()
        assert money not in text(app)

    fake.on(use, size=size)


async def _typed(pilot: Any, what: str) -> None:
    await pilot.press("ctrl+u", *what, "enter")
    await pilot.pause()


@pytest.mark.parametrize(("key", "typed", "seconds"), [("o", "2:30", 150.0), ("1", "90", 90.0), ("o", "", None)])
def test_a_quarter_opens_with_a_clock(key: str, typed: str, seconds: float | None) -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        await pilot.press(key)
        await pilot.pause()
        await pilot.press("backspace")
        await _typed(pilot, typed)
        assert room.commands == [Open(seconds)]
        assert app.screen.which == "desk" and app.shown.desk.phase == "open"

    fake.on(use, at=fake.desk(phase="between", left=None), seconds=120.0)


def test_a_clock_nobody_understands_is_not_set() -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        await pilot.press("c")
        await pilot.pause()
        await _typed(pilot, "soon")
        assert app.tongue.say("desk.clock.fault", low="5", high="7200")[:12] in text(app)
        await pilot.press("escape")
        assert room.commands == []

    fake.on(use)


def test_closing_names_who_is_awaited() -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        await pilot.press("x")
        await pilot.pause()
        shown = text(app).replace(" ", "")
        for n in (7, 9, 10, 11):  # team 8 is bankrupt and has nothing to decide
            assert fake.TEAMS[n] in shown
        assert room.commands == []
        await pilot.press("escape")
        assert room.commands == []
        await pilot.press("2")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert room.commands == [Close()]

    fake.on(use)


def test_pause_ranking_and_a_minute_more() -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        await pilot.press("p", "3", "r", "7", "+", "insert")
        await pilot.pause()
        assert room.commands == [Pause(True), Pause(False), Ranking(True), Ranking(False), Clock(155.0), Clock(215.0)]

    fake.on(use)


def test_a_card_is_read_before_it_is_dealt() -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        await pilot.press("d")
        await pilot.pause()
        await pilot.press("down")
        await pilot.pause()
        check(app)
        card = room.now.cards[1]
        assert app.tongue.card(card).choices[0][0] in text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert room.commands == []
        await pilot.press("enter")
        await pilot.pause()
        assert room.commands == [Deal(card)] and app.screen.which == "desk"

    fake.on(use)


def test_the_class_is_told_something_inert() -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        await pilot.press("m")
        await pilot.pause()
        await pilot.press(*"[b]x", "enter")
        await pilot.pause()
        assert room.commands == [Tell("[b]x")]
        assert "3. [b]x" in text(app)

    fake.on(use)


def test_a_member_gets_the_place_back() -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        await pilot.press("down", "enter", "down", "enter")
        await pilot.pause()
        assert app.screen.which == "menu"
        check(app)
        await pilot.press("1")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert room.commands == [Restore("m1-1")]
        assert app.screen.which == "link" and "/j/one-time-token-XYZ" in text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "one-time-token" not in text(app)

    fake.on(use)


def test_a_member_is_moved_and_removed() -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        await pilot.press("tab", "enter")
        await pilot.pause()
        await pilot.press("2")
        await pilot.pause()
        await pilot.press("1")
        await pilot.pause()
        assert room.commands == [Shift("m0-0", "t1")]
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("3")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert room.commands[1:] == [Remove("m0-1")]

    fake.on(use, at=fake.desk(phase="between", left=None))


def test_what_the_room_refuses_is_told() -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        room.refuse = ClassError("class.no-file", file="X")
        await pilot.press("p")
        await pilot.pause()
        assert [one.message for one in app._notifications] == [app.tongue.say("class.no-file", file="X")]
        assert not any(one.markup for one in app._notifications)

    fake.on(use)


def test_every_change_of_the_room_is_seen_and_the_language_changes_in_mid_lesson() -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        await pilot.press("L")
        assert "价格战" not in text(app) and "The price war" in text(app)
        room.change(teams=[fake.team(0, decided=True), fake.team(1)])
        await pilot.pause()
        await pilot.pause()
        assert fake.TEAMS[11] not in text(app) and "1/2" in text(app)

    fake.on(use)


def test_the_clock_runs_between_pushes_and_stands_while_paused() -> None:
    at = [0.0]

    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        from game.tui.desk.panels import ClockPanel

        clock = app.screen.query_one(ClockPanel)
        assert clock.face() == ("1:35", "left")
        at[0] = 70.0
        app.tick()
        assert clock.face() == ("0:25", "left")
        assert app.tongue.say("desk.face.urgent") in text(app)
        at[0] = 1000.0
        assert clock.face() == ("0:00", "left")
        room.change(paused=True, left=25.0)
        await pilot.pause()
        await pilot.pause()
        at[0] = 5000.0
        assert clock.face() == ("0:25", "paused")

    fake.on(use, now=lambda: at[0])


def test_a_pack_is_exported_where_the_teacher_says(tmp_path: Path) -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        await pilot.press("e")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert room.exported == [tmp_path / "class-K7QM-2XRD-9"]

    fake.on(use, at=fake.desk(phase="between", left=None), folder=tmp_path)


def test_leaving_asks_first() -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        await pilot.press("q")
        await pilot.pause()
        assert app.screen.which == "ask"
        await pilot.press("escape")
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert app.screen.which == "ask" and app.is_running
        await pilot.press("ctrl+c")

    fake.on(use)


def test_names_are_inert() -> None:
    evil = fake.team(0)
    evil = type(evil)(**{**{f: getattr(evil, f) for f in evil.__struct_fields__}, "name": "[@click=app.exit()]x[/]\u202e"})

    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        assert "[@click=app.exit()]x[/]" in text(app) and "\u202e" not in text(app)

    fake.on(use, at=fake.desk(teams=[evil]), size=(200, 60))


def test_what_serves_is_entered_and_left_and_may_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    @contextlib.asynccontextmanager
    async def serve() -> AsyncIterator[None]:
        seen.append("in")
        yield
        seen.append("out")

    @contextlib.asynccontextmanager
    async def taken() -> AsyncIterator[None]:
        raise ClassError("class.no-file", file="8100")
        yield

    async def run_async(self: DashboardApp) -> None:
        seen.append("app")

    monkeypatch.setattr(DashboardApp, "run_async", run_async)

    async def go(way: Any) -> int:
        room = fake.FakeRoom()
        return await run_dashboard(fake.content(), room, addresses=fake.ADDRESSES, code="X", lang="en", serve=way)

    assert asyncio.run(go(serve)) == 0
    assert seen == ["in", "app", "out"]
    with pytest.raises(ClassError):
        asyncio.run(go(taken))
    assert seen == ["in", "app", "out"]


def test_the_check_is_told_in_the_language_of_the_moment() -> None:
    async def look() -> Reach:
        return Reach(False, Message("desk.check.none"))

    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        await pilot.pause()
        assert app.reached is False and "没有试过" in text(app).replace(" ", "")
        await pilot.press("L")
        assert app.check_said == "whether pupils can connect has not been tried" and "whether pupils" in text(app)

    fake.on(use, check=look)


def test_a_click_does_what_a_key_does() -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        line = next(y for y, row in enumerate(rows(app)) if "j 放大" in row)
        await pilot.click(offset=(3, line + 1))
        await pilot.pause()
        assert app.screen.which == "join"
        assert len(app.screen.query(Panel)) == 1
        check(app)

    fake.on(use)


def test_after_the_first_of_two_rounds_the_next_one_is_offered() -> None:
    at = fake.desk(scenario="two-rounds", phase="between", left=None, rounds=2, quarter=10, first_quarter=4, quarters=6)

    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        assert app.tongue.say("desk.next.round") in text(app)
        await pilot.press("o")
        await pilot.pause()
        assert app.screen.which == "desk"  # there is no quarter left to open in this round
        await pilot.press("n")
        await pilot.pause()
        assert room.commands == []
        await pilot.press("enter")
        await pilot.pause()
        assert room.commands == [NextRound()]
        assert app.tongue.say("desk.next.round") not in text(app)

    fake.on(use, at=at)


@pytest.mark.parametrize("key", ["b", "f5"])
def test_the_debrief_ends_the_game_and_is_walked_through(key: str) -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        await pilot.press(key)
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert room.commands == [Debrief()] and app.screen.which == "debrief"
        for step in ("feelings", "facts", "transfer"):
            asked = app.questions(step)
            await pilot.press({"feelings": "1", "facts": "3", "transfer": "4"}[step])
            await pilot.pause()
            shown = "".join(text(app).split())
            assert "".join(asked[0][0].split())[:12] in shown
            assert "".join(asked[0][1].split())[:12] not in shown  # the answer is the teacher's
            await pilot.press("v")
            await pilot.pause()
            assert "".join(asked[0][1].split())[:12] in "".join(text(app).split())
            check(app)

    fake.on(use, at=fake.desk(phase="between", left=None, quarter=12))


def test_the_script_follows_the_clock_until_it_is_moved() -> None:
    at = [0.0]

    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        from game.tui.desk.script import ScriptPanel

        panel = app.screen.query_one("#plan", ScriptPanel)
        pieces = app.pieces
        assert panel.display and panel.cursor == 0 and pieces
        at[0] = 60.0 * pieces[0].end + 1
        app.tick()
        assert panel.cursor == 1
        panel.focus()
        await pilot.press("down", "down")
        at[0] += 60.0 * 60
        app.tick()
        assert panel.cursor == 3  # the teacher holds it
        await pilot.press("enter")
        assert app.minute() == pieces[3].begin and not panel.held

    fake.on(use, size=(200, 60), now=lambda: at[0])


def test_every_letter_of_the_desk_has_a_twin() -> None:
    from game.tui.desk.keys import DESK

    for action in DESK:
        letters = [key for key in action.keys if len(key) == 1 and key.isalpha()]
        assert not letters or len(action.keys) > len(letters) or action.id == "quit", action.id
    keys = [key for action in DESK if action.bound for key in action.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("no_color", [False, True])
def test_without_colours_and_with_plain_borders_everything_is_still_said(no_color: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")

    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        shown = text(app)
        assert f"o {app.tongue.say('desk.team.decided')}" in shown and "x " in shown
        assert "1:35" not in shown and "#" in shown  # the clock is drawn with what there is
        await pilot.press("j")
        await pilot.pause()
        assert "http://192.168.1.23:8100" in text(app)
        for screen in (shown, text(app)):
            assert not set(screen) & set("█▀▄●○×▌▸")  # nothing that an old set-up shows two cells wide

    fake.on(use, plain_borders=True)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", LANGS)
def test_how_to_join_is_whole_at_every_size(lang: str, size: tuple[int, int]) -> None:
    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        await pilot.press("j")
        await pilot.pause()
        check(app)
        shown = text(app)
        assert "http://192.168.1.23:8100" in shown and "K7QM-2XRD-9" in shown
        await pilot.press("escape", "k", "j")
        await pilot.pause()
        assert "█▄▄▄█" not in text(app)  # hidden by key: no finder pattern of a QR code
        check(app)

    fake.on(use, lang=lang, size=size)


def test_a_check_that_ends_while_the_desk_is_being_built_harms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    early: list[bool] = []

    def built(bar: KeyBar) -> None:  # the bars are there before what stands in containers
        early.append(not bar.screen.query(TeamsPanel))
        bar.app.retell()

    monkeypatch.setattr(KeyBar, "on_mount", built, raising=False)

    async def use(app: DashboardApp, pilot: Any, room: fake.FakeRoom) -> None:
        check(app)
        assert "K7QM-2XRD-9" in text(app) and any(early), "the bar was not early: this proves nothing"

    fake.on(use, at=fake.desk())
