"""The screens around the game: every one in both languages at every size, and what each of them does."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

import pytest
from textual.events import Key, Paste
from textual.widgets import Input

from game.table.errors import NotARun
from game.table.listing import Listed, list_runs
from game.table.local import Founding
from game.table.runfile import SUFFIX
from game.tui.app import BaimoApp
from game.tui.screens.codex import CodexScreen
from game.tui.screens.codex_widgets import EntryList, LinkPage
from game.tui.screens.end import EndMenu, EndScreen, deciding, gaining
from game.tui.screens.founding import FoundingScreen
from game.tui.screens.founding_panels import FormPanel, StartPanel
from game.tui.screens.options import OptionsPanel
from game.tui.screens.runs import HistoryPanel, ListPanel
from game.tui.screens.title import TitlePanel, TitleScreen, latest
from tests.table import run_builders as build
from tests.tui.fake import FakeHost
from tests.tui.screen_kit import SIZES, check, on, panel_text, played, text

ATTACK = "[@click=app.quit()]x[/]"


def saved(folder: Path) -> FakeHost:
    """A host with a few runs: one going on, one over and forked, one undone, one damaged, one torn."""
    host = FakeHost()
    build.write(folder / f"going{SUFFIX}", 4)
    build.write(folder / f"第三次{SUFFIX}", 6, True, parent=build.PARENT)
    build.write(folder / f"undone{SUFFIX}", 2, parent=build.PARENT, undone=True)
    broken = build.write(folder / f"broken{SUFFIX}", 2)
    broken.write_bytes(b"rubbish" + broken.read_bytes()[7:])
    torn = build.write(folder / f"torn{SUFFIX}", 3)
    torn.write_bytes(torn.read_bytes()[:-200])
    host.runs = sorted(list_runs(folder), key=lambda entry: entry.path.name)
    return host


def at(host: FakeHost, name: str) -> int:
    """Place of a run in the list."""
    return next(i for i, entry in enumerate(host.runs) if entry.path.stem == name)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("screen", ["title", "founding", "codex", "end", "runs", "options"])
def test_every_screen(screen: str, lang: str, size: tuple[int, int], tmp_path: Path) -> None:
    session = asyncio.run(played(9, 9)) if screen == "end" else None

    async def use(app: BaimoApp, pilot) -> None:
        assert len([row for row in text(app).split("\n") if row.strip()]) > 4
        await pilot.press("f7")  # the other language, and back
        check(app)
        await pilot.press("f7", "f10", "f10")
        check(app)

    on(screen, use, lang=lang, size=size, session=session, host=saved(tmp_path))
    on(screen, use, lang=lang, size=size, session=session, plain=True)


@pytest.mark.parametrize("screen", ["market", "end"])
def test_without_a_game(screen: str) -> None:
    async def use(app: BaimoApp, pilot) -> None:
        await pilot.press("down", "enter", "escape")

    on(screen, use)


# title ----------------------------------------------------------------------------------------------------------------
def test_title_continues_only_what_is_there(tmp_path: Path) -> None:
    async def none(app: BaimoApp, pilot) -> None:
        assert app.screen.query_one(TitlePanel).items[0].dim, "the row is there, dim, so that the digits stay"

    async def some(app: BaimoApp, pilot) -> None:
        await pilot.press("enter")
        await pilot.pause()
        assert app.host.calls[0] == ("open", host.runs[at(host, "going")].path)

    on("title", none)
    host = saved(tmp_path)
    assert latest(host.runs) is host.runs[at(host, "going")]
    on("title", some, host=host)


def test_title_opens_the_class() -> None:
    async def use(app: BaimoApp, pilot) -> None:
        await pilot.press("4")
        await pilot.pause()
        assert app.screen.which == "class"
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, TitleScreen)

    on("title", use)


def test_title_opens_by_digit_arrow_and_mouse() -> None:
    async def use(app: BaimoApp, pilot) -> None:
        await pilot.press("7")
        await pilot.pause()
        assert isinstance(app.screen, CodexScreen)
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press("home", "down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, FoundingScreen)
        await pilot.press("escape")
        await pilot.pause()
        panel = app.screen.query_one(TitlePanel)
        region = next(r for r in panel._regions if r.payload == 7)
        await pilot.click(TitlePanel, offset=(region.x0 + 6, region.y))
        await pilot.pause()
        assert app.screen.which == "options"

    on("title", use)


# founding -------------------------------------------------------------------------------------------------------------
def test_founding_takes_what_was_chosen() -> None:
    host = FakeHost()

    async def use(app: BaimoApp, pilot) -> None:
        screen = app.screen
        assert isinstance(screen, FoundingScreen)
        first = list(app.content.backgrounds)[1]
        await pilot.press("down", "right")
        assert screen.chosen["background"] == first
        assert app.tongue.pick(app.content.backgrounds[first].name) in text(app)
        await pilot.press("down", "left", "down", "down", *(["backspace"] * 8), "7", "L", "x")
        assert screen.seed == "7Lx" and app.lang == "zh", "letters are text while the seed is typed"
        await pilot.press("down", *ATTACK.replace("@", "at"))
        assert "[atclick" in text(app), "shown as it was typed"
        await pilot.press(*(["backspace"] * 40))
        for char in "云山q":  # faster than the screen answers
            app.screen.query_one(FormPanel).post_message(Key(char, char))
        await pilot.pause()
        assert screen.firm == "云山q"
        await pilot.press("down", "right")
        assert app.lang == "en" and screen.seed == "7Lx"
        await pilot.press("enter")
        await pilot.pause()

    on("founding", use, host=host)
    kind, founding = host.calls[0]
    assert kind == "new"
    assert founding == Founding("war", "big-company-division", "apprentice", "none", "7Lx", "云山q")


def test_founding_draws_a_seed_and_shows_it() -> None:
    async def use(app: BaimoApp, pilot) -> None:
        screen = app.screen
        before = screen.seed
        assert before and before in text(app)
        await pilot.press("up", "up", "up", "up", *(["right"] * 8))
        assert screen.seed != before and screen.seed in text(app)

    on("founding", use)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_founding_explains_every_choice_in_full(lang: str, size: tuple[int, int]) -> None:
    async def use(app: BaimoApp, pilot) -> None:
        for _ in range(len(app.content.backgrounds)):
            chosen = app.content.backgrounds[app.screen.chosen["background"]]
            shown = "".join(panel_text(app.screen.query_one(StartPanel)).split())
            for label, said in (("", chosen.text), ("strengths", chosen.strengths), ("debts", chosen.debts)):
                words = app.tongue.say(f"ui.founding.{label}") if label else ""
                assert "".join((words + app.tongue.text(said)).split()) in shown
            await pilot.press("right")

    on("founding", lambda app, pilot: _down(app, pilot, use), lang=lang, size=size)


async def _down(app: BaimoApp, pilot, then) -> None:
    await pilot.press("down")
    await then(app, pilot)


def test_founding_takes_a_paste_whole_and_enter_goes_on() -> None:
    host = FakeHost()

    async def use(app: BaimoApp, pilot) -> None:
        screen, form = app.screen, app.screen.query_one(FormPanel)
        await pilot.press("up", "up", "up")
        assert form.current == "name"
        form.post_message(Paste("云山\n"))
        form.post_message(Key("港口", "港口"))  # an input method may hand over a word at once
        for char in "Harb":
            form.post_message(Key(char, char))
        await pilot.pause()
        assert screen.firm == "云山港口Harb"
        await pilot.press("enter")
        assert form.current == "language" and not host.calls
        await pilot.press("down")
        assert form.current == "begin"
        await pilot.press("enter")
        await pilot.pause()
        assert host.calls[0][1].name == "云山港口Harb"

    on("founding", use, host=host)


# codex ----------------------------------------------------------------------------------------------------------------
def test_codex_opens_follows_and_comes_back() -> None:
    async def use(app: BaimoApp, pilot) -> None:
        screen = app.screen
        assert isinstance(screen, CodexScreen)
        page = screen.query_one(LinkPage)
        assert screen.link == ("figure", "model-boom-count") and "逾200" in text(app)
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert screen.link == ("article", "crossroads")
        await pilot.press("down", "enter")
        await pilot.pause()
        third = screen.link
        assert third not in (("article", "crossroads"), None)
        await pilot.press("escape")
        assert screen.link == ("article", "crossroads")
        await pilot.press("escape")
        assert screen.link == ("figure", "model-boom-count")
        screen.open("figure", "no-such-figure")
        await pilot.pause()
        assert "没有这一条" in text(app)
        screen.open("nonsense", "x")
        await pilot.press("escape", "escape")
        assert page.links and screen.link == ("figure", "model-boom-count")
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, TitleScreen)

    on("codex", use, kind="figure", id="model-boom-count")


@pytest.mark.parametrize(("lang", "words"), [("zh", "价格战"), ("en", "price war")])
def test_codex_searches(lang: str, words: str) -> None:
    async def use(app: BaimoApp, pilot) -> None:
        screen = app.screen
        listed = screen.query_one(EntryList)
        assert len(listed.entries) == 200, "never more"
        await pilot.press("f3")
        assert isinstance(screen.focused, Input)
        screen.query_one(Input).value = words
        await pilot.pause()
        assert 0 < len(listed.entries) < 100
        await pilot.press("down")
        assert screen.focused is listed
        before = screen.link
        await pilot.press("down")
        await pilot.pause()
        assert screen.link != before
        await pilot.press("right", "right")
        await pilot.pause()
        assert listed.kind == "thesis" and not listed.away
        assert all(entry.kind == "thesis" for entry in listed.entries)
        screen.query_one(Input).value = f"zzz {ATTACK}"
        await pilot.pause()
        assert not listed.entries and "[@click" in text(app)

    on("codex", use, lang=lang)


def test_codex_by_mouse() -> None:
    async def use(app: BaimoApp, pilot) -> None:
        screen = app.screen
        await pilot.click(EntryList, offset=(10, 6))
        await pilot.pause()
        assert screen.query_one(EntryList).cursor == 3
        page = screen.query_one(LinkPage)
        region = page._regions[0]
        await pilot.click(LinkPage, offset=(region.x0 + 14, region.y))
        await pilot.pause()
        assert screen.link[0] == "article"

    on("codex", use)


# end ------------------------------------------------------------------------------------------------------------------
def test_end_forks_at_the_quarter_chosen() -> None:
    session = asyncio.run(played(8, 8))
    host = FakeHost(session.seat)

    async def use(app: BaimoApp, pilot) -> None:
        screen = app.screen
        assert isinstance(screen, EndScreen)
        assert app.tongue.ending("niche-master") in text(app)
        menu = screen.query_one(EndMenu)
        before = screen.quarter
        await pilot.press("left")
        assert screen.quarter == before - 1
        assert [item for item, _, _ in menu.items] == ["fork", "analysis", "earned", "runs", "new", "title"]
        await pilot.press("k")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert host.calls[-1] == ("fork", None, before - 1)

    on("end", use, session=session, host=host)


def test_end_leaves_for_the_title() -> None:
    async def use(app: BaimoApp, pilot) -> None:
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, TitleScreen)

    on("end", use, session=asyncio.run(played(8, 8)))


def test_a_bankrupt_firm_has_met_no_goal() -> None:
    from msgspec.structs import replace

    from game.tui.screens.conditions import goals
    from tests.tui.screen_kit import content

    view = replace(asyncio.run(played(2)).view, ended="bankrupt")
    host = type("Yes", (), {"holds": lambda self, goal: True})()
    found = goals(view, content().scenarios["war"], host)
    assert found and not any(done for _, done in found)
    sold = goals(replace(view, ended="acquired"), content().scenarios["war"], host)
    assert [goal.id for goal, done in sold if not done] == ["survive"]


def test_end_epilogue_follows_the_run() -> None:
    session = asyncio.run(played(8, 8))
    rich = dataclasses.replace(session)
    from msgspec.structs import replace

    rich.view = replace(session.view, own=replace(session.view.own, credibility=0.9))

    async def poor(app: BaimoApp, pilot) -> None:
        assert "请务必不要治好" not in "".join(text(app).split())

    async def good(app: BaimoApp, pilot) -> None:
        assert "务必不要治好" in "".join(text(app).split())

    on("end", poor, session=session)
    on("end", good, session=rich)


def test_quarters_of_most_gain_and_loss() -> None:
    history = asyncio.run(played(6)).view.history
    worst, best = deciding(history), gaining(history)
    values = {row.quarter: row.value for row in history}
    falls = {q: values[q] - values[q - 1] for q in values if q - 1 in values}
    assert best == max(falls, key=lambda q: falls[q])
    assert worst is None or falls[worst] == min(falls.values()) < 0
    assert deciding(history[:1]) is None


# runs -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_runs_lists_marks_and_faults(lang: str, tmp_path: Path) -> None:
    host = saved(tmp_path)

    async def use(app: BaimoApp, pilot) -> None:
        say = app.tongue.say
        shown = text(app)
        for mark in ("undone", "forked", "damaged"):
            assert say(f"ui.state.{mark}") in shown
        listed = app.screen.query_one(ListPanel)
        listed.cursor = at(host, "broken")
        await pilot.press("enter")
        await pilot.pause()
        assert not host.calls, "a damaged run is told, not opened"
        listed.action_move(at(host, "torn") - listed.cursor)
        await pilot.pause()
        assert say("screens.runs.torn")[:8] in text(app)
        listed.action_move(at(host, "going") - listed.cursor)
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert host.calls == [("open", host.runs[at(host, "going")].path)]

    on("runs", use, host=host, lang=lang)


def test_runs_forks_and_undoes_from_the_history(tmp_path: Path) -> None:
    host = saved(tmp_path)
    path = host.runs[at(host, "going")].path

    async def use(app: BaimoApp, pilot) -> None:
        app.screen.query_one(ListPanel).action_move(at(host, "going"))
        await pilot.pause()
        await pilot.press("right", "up")
        history = app.screen.query_one(HistoryPanel)
        assert history.has_focus and history.cursor == len(history.cells) - 2
        await pilot.press("k")
        await pilot.pause()
        await pilot.press("escape")
        assert not host.calls, "nothing without a yes"
        app.screen.action_fork()
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert host.calls == [("fork", path, build.FIRST + 2)]

    async def undo(app: BaimoApp, pilot) -> None:
        app.screen.query_one(ListPanel).action_move(at(host, "going"))
        await pilot.pause()
        app.screen.action_undo()
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert host.calls[-2:] == [("open", path), ("undo", build.FIRST + 3)]

    on("runs", use, host=host)
    on("runs", undo, host=host)


def test_runs_deletes_only_after_a_yes(tmp_path: Path) -> None:
    host = saved(tmp_path)
    path = host.runs[0].path

    async def use(app: BaimoApp, pilot) -> None:
        await pilot.press("delete")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert path.exists()
        await pilot.press("delete")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert not path.exists()

    on("runs", use, host=host)


def test_runs_shows_names_as_they_are(tmp_path: Path) -> None:
    host = FakeHost()
    host.runs = [Listed(tmp_path / f"[b]bold[@click=x]{SUFFIX}", trouble=NotARun(f"[b]bold{SUFFIX}"))]

    async def use(app: BaimoApp, pilot) -> None:
        assert "[b]bold[@click" in text(app)

    on("runs", use, host=host)


# options --------------------------------------------------------------------------------------------------------------
def test_options_take_effect_and_are_kept() -> None:
    host = FakeHost()

    async def use(app: BaimoApp, pilot) -> None:
        await pilot.press("right")
        assert app.lang == "en" and "Options" in text(app)
        await pilot.press("down", "right")
        assert app.theme == "ink-day"
        await pilot.press("down", "right")
        assert app.glyphs.plain
        await pilot.press("down", "right", "down", "right")
        assert app.animation_level == "full" and app.hints and app.always
        await pilot.press("right")
        assert not app.hints
        await pilot.press("down", "right", "down", "right")
        assert app.whole and not app.advice
        panel = app.screen.query_one(OptionsPanel)
        region = next(r for r in panel._regions if r.payload == (1, 3))
        await pilot.click(OptionsPanel, offset=(region.x0 + 1, region.y))
        await pilot.pause()
        assert app.theme == "ink-okabe"

    on("options", use, host=host)
    assert host.settings == {"lang": "en", "theme": "ink-okabe", "plain": "yes", "motion": "full", "hints": "no",
                             "rows": "all", "advice": "no"}
