"""The analysis board: fed with a made-up analysis, piece by piece, by keys alone and by mouse alone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from game.lab.analysis.model import FULL, QUICK
from game.lab.analysis.worker import Told
from game.table.wire import Message
from game.tui.app import BaimoApp
from game.tui.kit.chrome import KeyBar
from game.tui.screens.analysis import AnalysisScreen
from game.tui.screens.analysis_compare import ComparePanel
from game.tui.screens.analysis_decisions import DecisionsPanel, QuarterPanel
from game.tui.screens.analysis_state import Board, laid_over
from game.tui.screens.analysis_value import PAGES, TabsPanel, TurnsPanel, ValuePanel
from tests.tui import analysis_fake as made
from tests.tui.fake import FakeHost
from tests.tui.screen_kit import SIZES, check, on, panel_text, text

FILES = tuple(Path(f"{name}.baimo") for name in "abcd")
Use = Callable[[BaimoApp, Any], Awaitable[None]]


def board(use: Use, told: list[Told], *, files: int = 1, host: FakeHost | None = None, open_end: bool = False, **kwargs: Any) -> made.FakeAnalyst:
    """The screen fed with ``told``, in use."""
    analyst = made.FakeAnalyst(told, open_end=open_end)

    async def begin(app: BaimoApp, pilot: Any) -> None:
        app.analyst = analyst  # type: ignore[attr-defined]
        app.show("analysis", files=FILES[:files])
        await pilot.pause()
        await use(app, pilot)

    on("title", begin, host=host, **kwargs)
    return analyst


def screen_of(app: BaimoApp) -> AnalysisScreen:
    assert isinstance(app.screen, AnalysisScreen)
    return app.screen


def four() -> list[Told]:
    runs = [made.analysis(scale=s, player=p) for s, p in ((1.0, "甲"), (1.3, "Beta"), (0.8, made.HOSTILE[:40]), (1.1, ""))]
    return made.whole(*runs)


KINDS: dict[str, list[Told]] = {
    "all": made.whole(made.analysis()),
    "unguided": made.whole(made.analysis(guided=False)),
    "bankrupt": made.whole(made.analysis(8, ending="bankrupt")),
    "fork": made.whole(made.forked(made.analysis(ending="")), ghost=[made.row(n, 1.5e9 + 1e8 * n) for n in range(16)]),
    "four": four(),
    "unlucky": made.whole(msgspec.structs.replace(made.analysis(), luck=None)),
    "bare": made.whole(made.analysis())[:2],
    "young": made.whole(made.analysis(1, ending="")),
    "empty": made.whole(made.analysis(0, ending="")),
}


EVERY = [(kind, size) for kind in KINDS for size in (SIZES if kind in ("all", "four") else SIZES[:1])]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("kind", "size"), EVERY)
def test_every_page_of_every_kind_of_run(kind: str, lang: str, size: tuple[int, int]) -> None:
    async def use(app: BaimoApp, pilot: Any) -> None:
        for number in "12345":
            await pilot.press(number)
            check(app)
            shown = text(app)
            assert "{" not in shown and "analysis." not in shown, shown
        if screen_of(app).board.quarters:
            await pilot.press("2", "home", "enter")
            for _ in range(min(6, len(screen_of(app).board.quarters))):
                check(app)
                assert "{" not in text(app)
                await pilot.press("right")
        await pilot.press("f7", "f10", "pagedown")

    board(use, KINDS[kind], files=4 if kind == "four" else 1, lang=lang, size=size)


def test_plain_glyphs_are_a_keyboards() -> None:
    async def use(app: BaimoApp, pilot: Any) -> None:
        for number in "12345":
            await pilot.press(number)
            assert not re.search("[\u2500-\u27bf\u2800-\u28ff]", text(app)), number

    board(use, four(), files=4, lang="en", plain=True)


# what it says ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_verdicts_have_sign_and_word(lang: str) -> None:
    async def use(app: BaimoApp, pilot: Any) -> None:
        await pilot.press("2")
        shown = panel_text(app.screen.query_one(DecisionsPanel))
        for sign, word in (("*", "best"), ("?!", "inaccuracy"), ("?", "mistake"), ("??", "blunder")):
            assert re.search(rf"{re.escape(sign)} +{app.tongue.say(f'analysis.verdict.{word}')}", shown), shown
        assert app.tongue.say("screens.analysis.decisions.unjudged") in shown

    board(use, made.whole(made.analysis()), lang=lang, size=(120, 40))


def test_hindsight_stands_behind_a_rule_of_its_own() -> None:
    async def use(app: BaimoApp, pilot: Any) -> None:
        await pilot.press("2")
        lines = [line for line in panel_text(app.screen.query_one(DecisionsPanel)).split("\n") if "23Q2" in line]
        assert lines and lines[0].rstrip().endswith("-¥77.0M") and "│" in lines[0]

    board(use, made.whole(made.analysis()), lang="en", size=(80, 24))


def test_numbers_of_one_interval_agree() -> None:
    from game.content import load
    from game.language import Tongue
    from game.tui.screens.analysis_words import amounts

    for lang in ("zh", "en"):
        tongue = Tongue(lang, content=load())
        low, mean, high = amounts(tongue, (9.96e6, 9.97e7, 1.0996e9))
        assert len({s[len(s.rstrip("万亿BMk")) :] for s in (low, mean, high)}) == 1, (low, mean, high)
        assert amounts(tongue, (-0.0, 0.0), sign=True) == ["¥0", "¥0"]
        assert amounts(tongue, (float("nan"),)) == ["--"]
        assert amounts(tongue, (-1.5e8,), sign=True)[0].startswith("-¥1")


def test_hostile_texts_are_inert() -> None:
    async def use(app: BaimoApp, pilot: Any) -> None:
        await pilot.press("2", "home", "down", "enter", "end")
        await pilot.press(*["down"] * 40)
        shown = text(app)
        assert "[@click=app.quit()]" in shown and "[bold]" in shown
        assert "\x1b" not in shown and "\u202e" not in shown
        panel = app.screen.query_one(QuarterPanel)
        for y in range(2, panel.size.height, 3):
            await pilot.click(QuarterPanel, offset=(4, y))
        assert app.is_running and screen_of(app).opened

    board(use, made.whole(made.analysis(player="[red]x[/red]")), lang="en", size=(80, 24))


def test_a_long_reason_is_wrapped_whole() -> None:
    async def use(app: BaimoApp, pilot: Any) -> None:
        await pilot.press("2", "home", "down", "enter")
        panel = app.screen.query_one(QuarterPanel)
        seen = ""
        for _ in range(40):
            seen += panel_text(panel)
            await pilot.press("down")
        assert seen.count("理由很长，") > 20

    board(use, made.whole(made.analysis()), size=(80, 24))


# progress -------------------------------------------------------------------------------------------------------------
def test_quarters_appear_as_they_come_and_the_fuller_ones_replace_them() -> None:
    whole = made.analysis()
    told = [Told(0, analysis=made.bare(whole)), Told(0, comparison=made.side_by_side([whole]))]

    async def use(app: BaimoApp, pilot: Any) -> None:
        say = app.tongue.say
        await pilot.press("2")
        shown = panel_text(app.screen.query_one(DecisionsPanel))
        assert shown.count(say("screens.analysis.decisions.waiting")) == 11, "one is not judged at all"
        tabs = app.screen.query_one(TabsPanel)
        assert say("analysis.budget.quick") in panel_text(tabs) and "0/13" in panel_text(tabs)
        analyst.add(Told(0, 0, made.halfway(whole, 6)))
        await pilot.pause()
        shown = panel_text(app.screen.query_one(DecisionsPanel))
        assert shown.count(say("screens.analysis.decisions.waiting")) == 6 and "6/13" in panel_text(tabs)
        analyst.add(Told(0, 0, whole), Told(0, 1, msgspec.structs.replace(made.halfway(whole, 2), budget=FULL)))
        await pilot.pause()
        shown = panel_text(app.screen.query_one(DecisionsPanel))
        assert say("screens.analysis.decisions.waiting") not in shown, "quick numbers stand until fuller ones come"
        assert say("analysis.budget.full") in panel_text(tabs) and "2/13" in panel_text(tabs)
        assert screen_of(app).board.run.luck is not None

    analyst = made.FakeAnalyst(told, open_end=True)

    async def begin(app: BaimoApp, pilot: Any) -> None:
        app.analyst = analyst  # type: ignore[attr-defined]
        app.show("analysis", files=FILES[:1])
        await pilot.pause()
        await use(app, pilot)

    on("title", begin, size=(120, 40))


def test_fuller_quarters_win_and_totals_follow() -> None:
    whole = made.analysis()
    fuller = msgspec.structs.replace(made.halfway(whole, 3), budget=FULL)
    quarters = [msgspec.structs.replace(q, share=0.5) if q.analysed else q for q in fuller.quarters]
    both = laid_over(whole, msgspec.structs.replace(fuller, quarters=quarters))
    assert [q.share for q in both.quarters[:3]] == [0.5] * 3
    assert both.quarters[5:] == whole.quarters[5:] and both.budget == FULL and both.luck == whole.luck
    assert both.guidance == whole.guidance


def test_leaving_ends_the_work() -> None:
    async def use(app: BaimoApp, pilot: Any) -> None:
        assert not app.analyst.ended  # type: ignore[attr-defined]
        await pilot.press("f1")  # help lies over it: the work goes on
        await pilot.pause()
        assert not app.analyst.ended  # type: ignore[attr-defined]
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert app.analyst.ended, "nobody listens any more"  # type: ignore[attr-defined]

    board(use, KINDS["bare"], open_end=True)


def test_a_refused_file_is_told_and_the_rest_goes_on() -> None:
    told = [Told(0, refused=Message("run.not-a-run", {"file": "a.baimo"})), *[msgspec.structs.replace(t, place=1) for t in made.whole(made.analysis())]]

    async def use(app: BaimoApp, pilot: Any) -> None:
        assert any("a.baimo" in n.message for n in app._notifications)
        assert screen_of(app).board.place == 1 and len(screen_of(app).board.quarters) == 12
        await pilot.press("5")

    board(use, told, files=2)


# going about ----------------------------------------------------------------------------------------------------------
def test_keys_alone_walk_everywhere() -> None:
    async def use(app: BaimoApp, pilot: Any) -> None:
        screen = screen_of(app)
        seen = []
        for _ in PAGES:
            seen.append(PAGES[screen.page])
            await pilot.press("right")
        assert seen == list(PAGES) and screen.page == 0
        await pilot.press("left")
        assert PAGES[screen.page] == "compare"
        await pilot.press("down")
        assert screen.board.place == 1, "up and down choose a run there"
        await pilot.press("tab")
        assert screen.board.place == 2
        await pilot.press("enter")
        assert PAGES[screen.page] == "value"
        await pilot.press("home", "pagedown")
        turns = sorted({t.quarter for t in screen.board.run.turns})
        assert screen.board.quarter.quarter == next(q for q in turns if q > 0)
        await pilot.press("enter")
        assert screen.opened and PAGES[screen.page] == "decisions"
        before = screen.board.cursor
        await pilot.press("right")
        assert screen.board.cursor == before + 1 and screen.opened
        await pilot.press("escape")
        assert not screen.opened and isinstance(app.screen, AnalysisScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, AnalysisScreen)

    board(use, four(), files=4)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_mouse_alone_walks_everywhere(size: tuple[int, int]) -> None:
    async def use(app: BaimoApp, pilot: Any) -> None:
        screen = screen_of(app)

        async def hit(kind: Any, payload: object, times: int = 1) -> None:
            panel = app.screen.query_one(kind)
            panel._ensure()
            region = next(r for r in panel._regions if r.payload == payload)
            await pilot.click(kind, offset=(region.x0, region.y), times=times)
            await pilot.pause()

        for n in (4, 3, 2, 1, 0):
            await hit(TabsPanel, ("page", n))
            assert screen.page == n
        await hit(ValuePanel, ("quarter", 7))
        assert screen.board.cursor == 7
        await hit(TurnsPanel, ("go", screen.board.run.turns[0].quarter))
        assert screen.board.quarter.quarter == screen.board.run.turns[0].quarter
        await hit(TabsPanel, ("page", 1))
        await hit(DecisionsPanel, ("quarter", 4))
        await hit(DecisionsPanel, ("quarter", 4))
        assert screen.opened
        bar = app.screen.query_one(KeyBar)
        place = next(a for a, _, action in bar._buttons if action == "back")
        await pilot.click(KeyBar, offset=(place, 0))
        await pilot.pause()
        assert not screen.opened
        await hit(TabsPanel, ("page", 4))
        await hit(ComparePanel, ("run", 2))
        assert screen.board.place == 2

    board(use, four(), files=4, size=size)


def test_fork_from_the_quarter_at_hand_by_key() -> None:
    host = FakeHost()

    async def use(app: BaimoApp, pilot: Any) -> None:
        await pilot.press("2", "home", "down", "down", "down", "down", "k")
        await pilot.pause()
        await pilot.press("1")
        await pilot.pause()

    board(use, made.whole(made.analysis(ending="")), host=host)
    assert ("fork", FILES[0], 4) in host.calls or any(c[0] == "fork" and c[2] == 4 for c in host.calls)


def test_fork_by_mouse() -> None:
    host = FakeHost()

    async def use(app: BaimoApp, pilot: Any) -> None:
        panel = app.screen.query_one(ValuePanel)
        panel._ensure()
        region = next(r for r in panel._regions if r.payload == ("quarter", 6))
        await pilot.click(ValuePanel, offset=(region.x0, region.y))
        await pilot.pause()
        bar = app.screen.query_one(KeyBar)
        place = next(a for a, _, action in bar._buttons if action == "fork_here")
        await pilot.click(KeyBar, offset=(place, 0))
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()

    board(use, made.whole(made.analysis()), host=host)
    assert any(c[0] == "fork" and c[2] == 6 for c in host.calls)


def test_the_cursor_stays_at_its_quarter_from_run_to_run() -> None:
    state = Board()
    for told in four():
        state.take(told)
    state.go_to(5)
    state.other(1)
    assert state.place == 1 and state.quarter is not None and state.quarter.quarter == 5
    assert state.run is not None and state.run.budget == FULL != QUICK
