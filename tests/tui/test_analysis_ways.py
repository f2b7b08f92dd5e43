"""The ways to the analysis and back: from the runs, the boardroom and the end; the ghost of the run that a fork left."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from game.tui import actions
from game.tui.app import BaimoApp
from game.tui.kit.past import Band, Past, past_lines
from game.tui.kit.theme import FANCY, NIGHT, PLAIN
from game.tui.kit.whisker import place, whisker
from game.tui.screens.analysis import AnalysisScreen
from game.tui.screens.boardroom import BoardroomScreen
from game.tui.screens.runs import ListPanel
from game.tui.widgets.position import PositionPanel
from tests.tui import analysis_fake as made
from tests.tui.fake import FakeHost, FakeSeat
from tests.tui.screen_kit import on, panel_text, played, text
from tests.tui.test_screens import at, saved


class Filed(FakeHost):
    """A host whose game lies in a file, and whose fork has a parent."""

    def run_file(self) -> Path:
        return Path("at-hand.baimo")

    def ghost(self) -> list[Any]:
        return [made.row(n, 9e8 + 1e8 * n) for n in range(9)]


def fed(app: BaimoApp) -> made.FakeAnalyst:
    app.analyst = made.FakeAnalyst(made.whole(made.analysis()))  # type: ignore[attr-defined]
    return app.analyst  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("key", ["a", "f6"])
def test_from_the_list_the_run_under_the_cursor(key: str, tmp_path: Path) -> None:
    host = saved(tmp_path)

    async def use(app: BaimoApp, pilot: Any) -> None:
        analyst = fed(app)
        app.screen.query_one(ListPanel).cursor = at(host, "going")
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(app.screen, AnalysisScreen) and analyst.asked == [host.runs[at(host, "going")].path]

    on("runs", use, host=host)


def test_up_to_four_are_picked_in_their_order_and_damaged_ones_never(tmp_path: Path) -> None:
    from tests.table import run_builders as build

    for n in range(3):
        build.write(tmp_path / f"more{n}.baimo", 2)
    host = saved(tmp_path)

    async def use(app: BaimoApp, pilot: Any) -> None:
        analyst = fed(app)
        panel = app.screen.query_one(ListPanel)
        for name, key in (("going", "space"), ("broken", "space"), ("undone", "f8"), ("more0", "space"), ("more1", "f8"), ("more2", "space")):
            panel.cursor = at(host, name)
            await pilot.press(key)
        assert [p.stem for p in app.screen.picked] == ["going", "undone", "more0", "more1"]
        assert "[1]" in panel_text(panel) or "[4]" in panel_text(panel)
        panel.cursor = at(host, "undone")
        await pilot.press("space", "a")
        await pilot.pause()
        assert [p.stem for p in analyst.asked] == ["going", "more0", "more1"]

    on("runs", use, host=host, size=(120, 40))


@pytest.mark.parametrize("key", ["a", "ctrl+a"])
def test_from_the_boardroom_the_game_so_far(key: str) -> None:
    session = asyncio.run(played(3))

    async def use(app: BaimoApp, pilot: Any) -> None:
        analyst = fed(app)
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(app.screen, AnalysisScreen) and analyst.asked == [Path("at-hand.baimo")]
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, BoardroomScreen), "back at the desk, the draft as it was"

    on("boardroom", use, host=Filed(), session=session)


def test_in_the_first_quarter_and_without_a_file_a_sentence_says_why() -> None:
    async def first(app: BaimoApp, pilot: Any) -> None:
        await pilot.press("a")
        await pilot.pause()
        assert isinstance(app.screen, BoardroomScreen)
        assert app.tongue.say("screens.analysis.nothing-saved")[:8] in text(app)

    async def nowhere(app: BaimoApp, pilot: Any) -> None:
        await pilot.press("a")
        await pilot.pause()
        assert isinstance(app.screen, BoardroomScreen)
        assert any(n.message == app.tongue.say("screens.analysis.no-file") for n in app._notifications)

    on("boardroom", first, session=asyncio.run(played(0)), host=Filed())
    on("boardroom", nowhere, session=asyncio.run(played(2)))


def test_from_the_end() -> None:
    async def use(app: BaimoApp, pilot: Any) -> None:
        fed(app)
        await pilot.press("2")
        await pilot.pause()
        assert isinstance(app.screen, AnalysisScreen)

    on("end", use, session=asyncio.run(played(9, 9)), host=Filed())


def test_a_fork_sees_its_parents_cash_as_dots() -> None:
    async def use(app: BaimoApp, pilot: Any) -> None:
        app.resume(Path("x.baimo"))
        for _ in range(20):
            await pilot.pause()
            if isinstance(app.screen, BoardroomScreen):
                break
        assert app.session is not None and len(app.session.ghost_run) == 9
        panel = app.screen.query_one(PositionPanel)
        panel.display = True
        await pilot.pause()
        assert app.tongue.say("screens.analysis.legend.parent") in panel_text(panel)
        app.session.ghost_run = ()
        panel.load()
        assert app.tongue.say("screens.analysis.legend.parent") not in panel_text(panel)

    session = asyncio.run(played(4))
    seat = session.seat
    assert isinstance(seat, FakeSeat)
    import game.tui.app as module

    async def straight(host: Any, path: Path) -> Any:
        return await host.open_run(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "open_run", straight)
        on("title", use, host=Filed(seat), size=(200, 60))


def test_every_letter_has_a_twin() -> None:
    mine = [a for a in actions.ACTIONS if a.words.startswith("screens.key.") and a.id in ("analysis", "analysis-now", "fork-here", "pick")]
    assert len(mine) == 4
    for action in mine:
        assert any(len(key) > 1 for key in action.keys) and action.twins, action.id
    for screen in ("runs", "end", "boardroom", "analysis"):
        keys = [key for a in actions.of(screen) if a.bound for key in a.keys]
        assert len(keys) == len(set(keys)), screen


# charts ---------------------------------------------------------------------------------------------------------------
def cells(past: Past, glyphs: Any = FANCY, height: int = 10) -> list[str]:
    rows = past_lines(past, 40, height, NIGHT, fmt=lambda v: f"{v:.0f}", ticks=["a", "b", "c", "d"], glyphs=glyphs)
    assert len(rows) == height and all(r.cell_length == 40 for r in rows)
    return ["".join(s.text for s in r) for r in rows]


def test_the_past_with_gaps_signs_and_a_cursor() -> None:
    past = Past([1.0, 2.0, None, 3.0], [Band([0.5, 1.5, None, 2.5], [1.5, 2.5, None, 3.5], NIGHT.sea_dark)], [1.0, 2.0, None, None],
                [[2.0, 1.0, 1.0, 1.0]], {1: ("??", NIGHT.cinnabar)}, 3)  # fmt: skip
    for glyphs in (FANCY, PLAIN):
        shown = "\n".join(cells(past, glyphs))
        assert "??" in shown and glyphs.knob in shown
    for odd in (Past([]), Past([None, None]), Past([1.0]), Past([float("nan"), 1.0]), Past([0.0, 0.0])):
        cells(odd)
    for width in range(0, 14):
        for height in range(0, 5):
            rows = past_lines(past, width, height, NIGHT)
            assert len(rows) == height and all(r.cell_length == width for r in rows)


def test_a_whisker_is_exact_and_crosses_nought_where_its_interval_does() -> None:
    for limits in ((-1.0, 1.0), (0.0, 5.0), (2.0, 2.0)):
        for low, mean, high in ((-0.5, 0.2, 0.9), (0.1, 0.2, 0.3), (-3.0, 9.0, 99.0), (float("nan"), 0.0, 0.0)):
            parts = whisker(low, mean, high, limits, 21, NIGHT, colour=NIGHT.jade)
            assert sum(len(t) for t, _ in parts) == 21
    sure = "".join(t for t, _ in whisker(0.4, 0.6, 0.8, (-1.0, 1.0), 21, NIGHT, colour=NIGHT.jade))
    loose = "".join(t for t, _ in whisker(-0.4, 0.2, 0.8, (-1.0, 1.0), 21, NIGHT, colour=NIGHT.jade))
    nought = place(0.0, -1.0, 1.0, 21)
    assert sure[nought] == FANCY.bar and sure.index("├") > nought
    assert loose.index("├") < nought < loose.index(FANCY.knob)
