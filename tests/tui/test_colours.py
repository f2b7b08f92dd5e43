"""The game where there are no colours, few colours, or nothing may move."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.widgets import Input

from game.table.listing import list_runs
from game.table.runfile import SUFFIX
from game.tui.app import BaimoApp
from game.tui.screens.options import OptionsPanel
from tests.table import run_builders as build
from tests.tui.fake import FakeHost
from tests.tui.screen_kit import on, played, text

SCREENS = ("title", "founding", "boardroom", "market", "codex", "end", "runs", "options", "help", "close")


def styles(app: BaimoApp) -> list:
    """Every style on the screen, as it goes to the terminal."""
    return [s.style for strip in app.screen._compositor.render_strips() for s in strip if s.style is not None]


@pytest.mark.parametrize("screen", SCREENS)
def test_no_color_means_none_and_what_is_chosen_is_seen(screen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    host = FakeHost()
    build.write(tmp_path / f"going{SUFFIX}", 4)
    host.runs = list(list_runs(tmp_path))
    session = asyncio.run(played(3, 9 if screen != "end" else 2)) if screen not in ("title", "founding") else None

    async def use(app: BaimoApp, pilot) -> None:
        assert app.depth == "none" and app.no_color
        found = styles(app)
        assert all(s.color is None and s.bgcolor is None for s in found)
        if screen not in ("help", "close"):  # nothing is chosen there: one reads
            assert any(s.reverse for s in found), "the chosen row is reversed"
        if screen in ("help", "close"):
            below = [row for row in text(app).split("\n")[:2] if row.strip()]
            assert not below, "nothing shines through a sheet where it could not be told from it"

    on(screen, use, session=session, host=host)


def test_an_empty_no_color_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")

    async def use(app: BaimoApp, pilot) -> None:
        assert not app.no_color and app.depth == "full"
        found = {s.color.triplet for s in styles(app) if s.color is not None and s.color.triplet is not None}
        assert any(max(c) - min(c) > 40 for c in found), "not greys"

    on("title", use)


@pytest.mark.parametrize(("term", "depth"), [("screen-256color", "256"), ("xterm", "16"), ("linux", "16"), ("dumb", "none")])
def test_what_the_terminal_has(term: str, depth: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.delenv("COLORTERM", raising=False)

    async def use(app: BaimoApp, pilot) -> None:
        assert app.depth == depth and app.glyphs.plain == (term in ("linux", "dumb"))
        assert app.glyphs.shades == (depth in ("16", "none"))
        said = text(app).replace("\n", "").replace(" ", "")
        assert ("这台终端没有颜色" in said) == (depth == "none") and "NO_COLOR" not in said
        assert (f"只有{depth}种颜色" in said) == (depth != "none")
        for _ in app.palettes:
            await pilot.press("f10")
        assert app.theme == "ink-night"

    on("options", use, size=(120, 40))


def test_motion_is_off_unless_wanted_and_never_where_the_environment_forbids(monkeypatch: pytest.MonkeyPatch) -> None:
    host = FakeHost()

    async def use(app: BaimoApp, pilot) -> None:
        assert not app.moves and app.animation_level == "none"
        panel = app.screen.query_one(OptionsPanel)
        panel.cursor = 3
        await pilot.press("right")
        assert app.moves == wanted and host.settings["motion"] == "full"
        app.show("codex")
        await pilot.pause()
        assert app.screen.query_one(Input).cursor_blink == wanted

    wanted = True
    monkeypatch.delenv("TEXTUAL_ANIMATIONS", raising=False)
    on("options", use, host=host)
    wanted = False
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    on("options", use, host=host)


def test_settings_that_cannot_be_kept_are_told_once(tmp_path: Path) -> None:
    host = FakeHost()
    host.remember = lambda setting, value: False  # type: ignore[method-assign, assignment]
    (tmp_path / "settings.json").write_text("{not json")

    async def use(app: BaimoApp, pilot) -> None:
        app.settings = tmp_path / "settings.json"
        await pilot.press("f10", "f10", "f7")
        told = [n.message for n in app._notifications]
        assert told == [app.tongue.say("looks.not-kept")] or len(told) == 1
        app.retell()
        assert "settings.json" in text(app).replace("\n", "").replace(" ", "")
        assert app.screen.query_one(OptionsPanel).foot[-2] == app.tongue.say("looks.damaged", file=str(app.settings))

    on("options", use, host=host)
