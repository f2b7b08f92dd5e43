"""The class screen of the title: what it offers, what it asks, and which command takes the game's place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from game.classroom.tools import TOOLS
from game.table.assignment import assignment, write_assignment
from game.tui import launch
from game.tui.app import BaimoApp
from tests.tui.screen_kit import SIZES, check, content, on, text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_row_says_something(lang: str, size: tuple[int, int]) -> None:
    async def use(app: BaimoApp, pilot: Any) -> None:
        from game.tui.screens.class_room import _List

        ways = app.screen.query_one(_List)
        assert ways.count() >= 3
        for _ in range(ways.count()):
            check(app)
            assert ways.entry.label in text(app)
            shown = " ".join(p.text for p in app.screen.about(ways.entry))
            assert ways.entry.label in shown and "classroom." not in shown
            assert ways.entry.kind == "command" or "--" not in shown  # no hole that nobody filled
            await pilot.press("down")

    on("class", use, lang=lang, size=size)


def test_a_plan_is_read_by_the_minute() -> None:
    async def use(app: BaimoApp, pilot: Any) -> None:
        plan = next(iter(app.content.lessons.plans.values()))
        entries = app.screen.entries()
        row = next(i for i, e in enumerate(e for e in entries if e.kind != "head") if e.id == plan.id)
        for _ in range(row):
            await pilot.press("down")
        await pilot.press("enter")
        paras = " ".join(p.text for p in app.screen.about(next(e for e in entries if e.id == plan.id)))
        assert all(f"{s.begin}–{s.end}" in paras for s in plan.steps)

    on("class", use, size=(120, 40))


def test_joining_asks_for_address_and_code_and_leaves_for_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    from game.tui.screens import class_room

    monkeypatch.setattr(class_room, "TOOLS", {**TOOLS, "join": None})

    async def use(app: BaimoApp, pilot: Any) -> None:
        await pilot.press("enter")
        await pilot.pause()
        check(app)
        await pilot.press(*"no where", "enter")
        await pilot.pause()
        assert app.then == () and app.screen.which == "field"
        await pilot.press("ctrl+u", *"10.0.0.7", "enter", *"abc", "enter")
        await pilot.pause()
        assert app.then == () and "9" in text(app)
        await pilot.press("ctrl+u", *"k7qm 2xrd 9", "enter")
        await pilot.pause()
        assert app.then == ("class", "join", "10.0.0.7", "k7qm 2xrd 9", "--lang", "zh")

    on("class", use)


def test_an_assignment_is_found_read_and_played(tmp_path: Path) -> None:
    file = tmp_path / "homework.json"
    plan = assignment(
        content(), scenario="first-lesson", seed="7", background="lab-spin-off", difficulty="manager", assume="none", levers="",
        cards=[], undo="marked", deadline="", title="", program="1",
    )  # fmt: skip
    write_assignment(plan, file)

    async def use(app: BaimoApp, pilot: Any) -> None:
        app.saves = tmp_path
        await pilot.press("2", "enter")
        await pilot.pause()
        assert "homework.json" in text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert app.then == ("play", str(file), "--lang", "zh")

    on("class", use, size=(200, 60))


def test_a_file_that_is_no_assignment_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text("a = 1")

    async def use(app: BaimoApp, pilot: Any) -> None:
        await pilot.press("2", "enter")
        await pilot.pause()
        await pilot.press(*str(tmp_path / "none"), "enter")
        await pilot.pause()
        assert app.screen.which == "field"
        await pilot.press("ctrl+u", *str(file), "enter")
        await pilot.pause()
        assert app.then == () and app._notifications

    on("class", use, size=(200, 60))


def test_the_command_runs_in_the_games_place(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(launch.subprocess, "call", lambda args: seen.append(args) or 3)
    assert launch.go_on(("class", "host", "--lang", "en"), Path("own")) == 3
    assert seen[0][1:] == ["-m", "game", "class", "host", "--lang", "en", "--content", "own"]
