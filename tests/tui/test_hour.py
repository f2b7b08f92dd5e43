"""The first hour at the screen: two rows, five, all; steps that answer; the adviser; goals; today; records."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from test_boardroom import shown, until
from textual.pilot import Pilot

from game.content import load
from game.engine.names import LEVERS
from game.language.counsel import advice_words
from game.table.daily import today
from game.table.founding import Founding
from game.table.local import LocalHost
from game.table.runfile import read_run
from game.tui import guide
from game.tui.app import BaimoApp
from game.tui.screens.advice import AdvicePanel, AdviceScreen
from game.tui.screens.boardroom import BoardroomScreen
from game.tui.screens.records import RecordsPanel, RecordsScreen
from game.tui.screens.title import TitlePanel
from game.tui.session import CHOICES
from game.tui.widgets.counsel import HintStrip
from game.tui.widgets.levers import LeverPanel
from tests.table.hour_builders import listed
from tests.tui import fake
from tests.tui.screen_kit import check, content, on, panel_text, played

SIZES = ((80, 24), (120, 40))


def which(app: BaimoApp) -> str:
    return getattr(app.screen, "which", "")


def panel(app: BaimoApp) -> LeverPanel:
    return app.screen.query_one(LeverPanel)


def strip(app: BaimoApp) -> HintStrip:
    return app.screen.query_one(HintStrip)


def ids(app: BaimoApp) -> list[str]:
    return [row.id for row in panel(app).rows]


def real(folder: Path, use: Any, *, scenario: str = "war", lang: str = "en", size: tuple[int, int] = (120, 40), **changes: Any) -> None:
    """A new game at a real table in the folder, and the boardroom of it."""

    async def go() -> None:
        app = BaimoApp(load(), LocalHost(load(), folder, "0"), lang=lang, saves=folder)  # type: ignore[arg-type]
        for name, value in changes.items():
            setattr(app, name, value)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            app.begin(Founding(scenario, seed="7"))
            await until(pilot, lambda: isinstance(app.screen, BoardroomScreen))
            await use(app, pilot)
            check(app)

    asyncio.run(go())


async def end_quarter(app: BaimoApp, pilot: Pilot[None]) -> None:
    """Enter until the report of the quarter, and back to the boardroom, whatever card comes."""
    session = app.session
    assert session is not None
    quarter = session.view.quarter
    while which(app) != "close":
        if which(app) in ("boardroom", "card"):
            await pilot.press("enter")
            if which(app) == "card":
                await pilot.press("down")
        await pilot.pause()
    await until(pilot, lambda: app.tongue.say("ui.close.cash-after") in shown(app))
    await pilot.press("enter")
    await until(pilot, lambda: which(app) == "report")
    assert session.view.quarter == quarter + 1
    await pilot.press("enter")
    await until(pilot, lambda: which(app) != "report")
    if which(app) == "card":
        await pilot.press("escape")
        await until(pilot, lambda: which(app) == "boardroom")


# the guide ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_a_first_game_shows_two_rows_then_five_then_all(tmp_path: Path, lang: str, size: tuple[int, int]) -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        session = app.session
        assert session is not None and session.teaching
        assert ids(app) == ["price.token", "research.budget"]
        assert panel(app).row is not None and panel(app).row.id == "price.token"
        assert strip(app).teaching and app.tongue.say("hour.guide") in shown(app) and "{" not in shown(app)
        before = dict(session.view.standing)
        await pilot.press("left")
        await end_quarter(app, pilot)
        record = app.host.table.record.run()  # type: ignore[union-attr]
        played = record.decisions(0)[0]
        moved = {name for name in LEVERS if name in before and name not in CHOICES and played[name] != before[name]}
        assert moved == {"price.token"}, "what was put away stood"
        assert len(ids(app)) == 5 and "finance.raise" in ids(app) and "five.focus" in ids(app)
        await end_quarter(app, pilot)
        assert session.shown == () and len(ids(app)) > 25
        assert strip(app).teaching
        await end_quarter(app, pilot)
        assert not strip(app).teaching and not guide.steps_for(app.content, session.view)

    real(tmp_path, use, lang=lang, size=size)


def test_a_lesson_shows_two_rows_then_its_five(tmp_path: Path) -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        assert ids(app) == ["price.token", "research.budget"]
        await end_quarter(app, pilot)
        assert {"route", "price.token", "research.budget", "five.focus", "five.compute"} <= set(ids(app))

    real(tmp_path, use, scenario="first-lesson")


def test_one_key_shows_every_row_and_is_remembered(tmp_path: Path) -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        kept: dict[str, str] = {}
        app.host.remember = kept.__setitem__  # type: ignore[method-assign]
        await pilot.press("x")
        assert len(ids(app)) > 25 and kept == {"rows": "all"}
        await pilot.press("ctrl+x")
        assert len(ids(app)) == 2 and kept == {"rows": "steps"}

    real(tmp_path, use)

    async def whole(app: BaimoApp, pilot: Pilot[None]) -> None:
        assert len(ids(app)) > 25 and strip(app).teaching

    real(tmp_path / "again", whole, whole=True)


def test_a_row_that_the_draft_moves_is_never_out_of_sight(tmp_path: Path) -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        await pilot.press("x")
        panel(app).go_to("community.budget")
        await pilot.press("right", "x")
        assert ids(app) == ["price.token", "research.budget", "community.budget"] or "community.budget" in ids(app)
        assert len(ids(app)) == 3

    real(tmp_path, use)


def test_whoever_has_played_is_not_taught_again_unless_they_ask(tmp_path: Path) -> None:
    old = listed("old", played=3, ending="")
    assert guide.experienced([old]) and not guide.experienced([old], "old.baimo")
    assert not guide.experienced([listed("two", played=2, ending="")])
    assert not guide.experienced([listed("bots", seats=["thumb", "thumb"])])

    for always, taught in ((False, False), (True, True)):
        host = fake.FakeHost()
        host.runs = [old]

        async def use(app: BaimoApp, pilot: Pilot[None], always: bool = always, taught: bool = taught) -> None:
            app.always = always
            app.begin(Founding("war", seed="7"))
            await until(pilot, lambda: isinstance(app.screen, BoardroomScreen))
            assert app.session is not None and app.session.teaching is taught
            assert bool(app.session.shown) is taught

        on("title", use, host=host)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_step_answers_what_the_player_did_and_gives_way_when_they_go_on(tmp_path: Path, lang: str) -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        hint, session = strip(app), app.session
        assert session is not None

        def told() -> str:
            step = hint.guide.step
            assert step is not None
            return guide.words(session, app.tongue, step, hint.guide.done(session))

        def answer(when: str) -> str:
            step = hint.guide.step
            assert step is not None
            text = next(r.text for r in step.replies if r.when == when)
            return app.tongue.text(text, **guide.numbers(session, app.tongue))

        assert app.tongue.price(session.view.own.unit_cost) in told()
        await pilot.press("right")
        assert told() == answer("raised")
        await pilot.press("backspace", "left")
        assert told() == answer("cut")
        await pilot.press("0", "enter")
        assert told() == answer("below-cost")
        await pilot.press("backspace")
        assert hint.guide.place == 0 and not hint.guide.done(session), "put back, the step asks again"
        await pilot.press("left", "down")
        assert hint.rows == ("research.budget",)
        await until(pilot, lambda: session.bill is not None)
        own = session.view.own
        assert app.tongue.money(own.cash) in told()
        await pilot.press("right")
        assert told() == answer("raised")
        assert len(hint.guide.steps) == 4
        await pilot.press("h")
        await pilot.press("h")
        assert hint.guide.step is not None and hint.guide.step.done == "closed"
        await pilot.press("h")
        assert not hint.teaching

    real(tmp_path, use, lang=lang, size=(80, 24))


def test_a_screen_that_a_step_asks_for_ends_it(tmp_path: Path) -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        await end_quarter(app, pilot)
        hint, session = strip(app), app.session
        assert session is not None and hint.guide.step is not None and hint.guide.step.done == "report"
        await pilot.press("r")
        await until(pilot, lambda: which(app) == "report")
        await pilot.press("enter")
        await until(pilot, lambda: which(app) == "boardroom")
        assert hint.guide.done(session)
        await pilot.press("h")
        assert hint.guide.step is not None and hint.guide.step.id == "money"

    real(tmp_path, use)


def test_every_step_fits_its_strip_at_the_smallest_size(tmp_path: Path) -> None:
    for lang in ("zh", "en"):

        async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
            hint, session = strip(app), app.session
            assert session is not None
            for step in app.content.steps.values():
                for text in (step.text, *(r.text for r in step.replies)):
                    hint.guide.steps, hint.guide.place = (msgspec.structs.replace(step, text=text),), 0
                    said = guide.words(session, app.tongue, hint.guide.steps[0], False)
                    assert "{" not in said and "--" not in said, said
                    assert hint.needed(78) <= 4, said
                    assert panel(app).size.height >= 8

        real(tmp_path / lang, use, lang=lang, size=(80, 24))


def test_numbers_of_steps_are_those_that_content_may_use(tmp_path: Path) -> None:
    from game.content.check_hour import PLACES

    session = asyncio.run(played(2))
    assert set(guide.numbers(session, fake_tongue("en"))) == set(PLACES)


def fake_tongue(lang: str) -> Any:
    from game.language import Tongue

    return Tongue(lang, content=content())  # type: ignore[arg-type]


# the adviser ----------------------------------------------------------------------------------------------------------
def test_the_adviser_speaks_where_nobody_is_taught_and_reckons_with_the_draft(tmp_path: Path) -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        session = app.session
        assert session is not None and not strip(app).teaching
        await until(pilot, lambda: bool(strip(app).pieces))
        first = strip(app).pieces[0]
        assert first.id == "runway" and app.tongue.say("advice.title") in shown(app)
        assert advice_words(app.tongue, first)[1] in shown(app)
        most = session.view.limits["finance.raise"].high
        session.set("finance.raise", most)
        panel(app)._tell()
        app.screen.on_lever_panel_changed()  # type: ignore[attr-defined]
        await until(pilot, lambda: all(p.id != "runway" for p in strip(app).pieces))

    real(tmp_path, use, hints=False)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_its_word_in_full_leads_to_the_lever_and_can_be_silenced(tmp_path: Path, lang: str, size: tuple[int, int]) -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        kept: dict[str, str] = {}
        app.host.remember = kept.__setitem__  # type: ignore[method-assign]
        await until(pilot, lambda: bool(strip(app).pieces))
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, AdviceScreen))
        pieces = app.screen.query_one(AdvicePanel).pieces
        assert len(pieces) >= 2 and pieces[0].args["left"] == pytest.approx(
            float(pieces[0].args["cash"]) / float(pieces[0].args["out"])
        )
        check(app)
        said, _ = advice_words(app.tongue, pieces[0])
        assert said in shown(app) and "{" not in shown(app)
        await pilot.press("space")
        assert kept == {"advice": "no"} and not app.advice
        await pilot.press("down", "enter")
        await until(pilot, lambda: which(app) == "boardroom")
        assert panel(app).row is not None and pieces[1].lever in panel(app).row.levers
        assert not strip(app).pieces
        await pilot.press("insert")
        await until(pilot, lambda: isinstance(app.screen, AdviceScreen))
        await pilot.press("i")
        assert kept == {"advice": "yes"} and app.advice
        await pilot.press("f")
        await until(pilot, lambda: which(app) == "codex")

    real(tmp_path, use, lang=lang, size=size, hints=False)


def test_a_lever_that_is_put_away_comes_back_when_it_is_to_be_looked_at(tmp_path: Path) -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        assert len(ids(app)) == 2
        await until(pilot, lambda: app.session is not None and app.session.bill is not None)
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, AdviceScreen))
        assert app.screen.query_one(AdvicePanel).pieces[0].lever == "finance.raise"
        await pilot.press("enter")
        await until(pilot, lambda: which(app) == "boardroom")
        assert panel(app).row is not None and panel(app).row.id == "finance.raise" and len(ids(app)) > 25

    real(tmp_path, use)


def test_a_click_on_a_piece_goes_to_its_lever(tmp_path: Path) -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: bool(strip(app).pieces))
        await pilot.pause()
        await pilot.click(HintStrip, offset=(12, 0))
        await pilot.pause()
        assert panel(app).row is not None and panel(app).row.id == strip(app).pieces[0].lever

    real(tmp_path, use, hints=False)


# goals ----------------------------------------------------------------------------------------------------------------
def test_goals_stand_under_the_strip_where_there_is_room(tmp_path: Path) -> None:
    for size, there in (((120, 40), True), ((80, 24), False)):

        async def use(app: BaimoApp, pilot: Pilot[None], there: bool = there) -> None:
            for goal in app.content.scenarios["war"].goals:
                assert (app.tongue.pick(goal.name) in shown(app)) is there
            if there:
                assert app.session is not None
                assert app.tongue.money(app.session.view.own.value) in panel_text(strip(app))

        real(tmp_path / str(size[0]), use, size=size, lang="zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sentence_of_the_adviser_fits_the_smallest_strip(lang: str) -> None:
    from game.language import cell_width
    from game.table.adviser import IDS

    tongue = fake_tongue(lang)
    for id in IDS:
        for segment in ("manufacturing", "government"):
            said = tongue.say(f"advice.{id}.say", segment=segment, share=0.234)
            assert cell_width(said) <= 62, said


# today, records, achievements -----------------------------------------------------------------------------------------
MONDAY = date(2026, 11, 30)


def test_the_title_plays_todays_market_and_goes_on_with_it(tmp_path: Path) -> None:
    async def go() -> None:
        host = LocalHost(load(), tmp_path, "0")
        app = BaimoApp(load(), host, lang="en", saves=tmp_path)
        app.clock = lambda: MONDAY
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            items = app.screen.query_one(TitlePanel).items
            assert [item.id for item in items].index("daily") == 2 and "2026-11-30" in items[2].note
            check(app)
            await pilot.press("3")
            await until(pilot, lambda: isinstance(app.screen, BoardroomScreen))
            assert app.session is not None and app.session.view.seed == "daily-2026-11-30"
            assert app.session.view.scenario == "price-war" and app.session.view.difficulty == "manager"
            await end_quarter(app, pilot)
            first = app.host.table.record.path  # type: ignore[union-attr]
            await pilot.press("escape")
            await pilot.press("enter")
            await until(pilot, lambda: which(app) == "title")
            app.play_daily()
            await until(pilot, lambda: isinstance(app.screen, BoardroomScreen))
            assert app.host.table.record.path == first  # type: ignore[union-attr]
            assert len(list(tmp_path.glob("*.baimo"))) == 1
        host.close()

    asyncio.run(go())


def some_runs() -> list[Any]:
    game = today(MONDAY)
    day = {"scenario": game.scenario, "seed_text": game.seed}
    return [
        listed("first", 3e8, created="2026-11-30T09:00:00+08:00", **day),
        listed("undone", 9e8, undone=True, created="2026-11-30T10:00:00+08:00", **day),
        listed("war", 2e9, player="Flint"), listed("forked", 3e9, forked=True), listed("easy", 1e8, difficulty="apprentice"),
    ]


@pytest.mark.parametrize("size", [*SIZES, (200, 60)])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_three_pages_of_records(lang: str, size: tuple[int, int]) -> None:
    host = fake.FakeHost()
    host.runs = some_runs()

    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        app.clock = lambda: MONDAY
        app.open_records("daily")
        await pilot.pause()
        assert isinstance(app.screen, RecordsScreen)
        page = app.screen.query_one(RecordsPanel)
        tongue = app.tongue
        await pilot.pause()
        assert tongue.money(3e8) in panel_text(page) and tongue.money(9e8) in panel_text(page)
        assert tongue.say("ui.state.undone") in panel_text(page), "a better run that was undone is marked"
        assert "proof" in panel_text(page) or "证明" in panel_text(page) or "prove" in panel_text(page)
        check(app)
        await pilot.press("right")
        await pilot.pause()
        said = panel_text(page)
        assert said.index(tongue.money(3e9)) < said.index(tongue.money(2e9)), "best first"
        assert tongue.say("ui.state.forked") in said and tongue.say("ui.state.undone") in said and "Flint" in said
        check(app)
        await pilot.press("right")
        await pilot.pause()
        entry = app.content.achievements["open-base-paid-trades"]
        assert tongue.text(entry.name) in panel_text(page)
        assert "{" not in panel_text(page)
        check(app)
        await pilot.press("enter")
        await until(pilot, lambda: which(app) == "codex")

    on("title", use, lang=lang, size=size, host=host)


def test_records_open_the_run_that_is_under_the_cursor() -> None:
    host = fake.FakeHost()
    host.runs = some_runs()

    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        app.open_records("records")
        await pilot.pause()
        page = app.screen.query_one(RecordsPanel)
        targets = [line.target for line in page.lines if line.target]
        await pilot.press("end")
        assert page.lines[page.cursor].target == targets[-1]
        await pilot.press("home")
        assert page.lines[page.cursor].target == targets[0]

    on("title", use, host=host)


def test_records_that_are_read_after_the_screen_was_left_are_no_matter() -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        app.open_records("records")
        await pilot.pause()
        left = app.screen
        assert isinstance(left, RecordsScreen)
        await pilot.press("escape")
        await until(pilot, lambda: which(app) == "title")
        left._know({})

    on("title", use)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_conditions_are_told_in_words(lang: str) -> None:
    from game.tui.screens.records_words import judged

    tongue = fake_tongue(lang)
    for entry in content().achievements.values():
        said = judged(tongue, entry)
        assert "hour." not in said and "{" not in said and "--" not in said, said
        assert any(sign in said for sign in "≥≤="), said


def test_the_end_says_what_was_earned_and_that_it_was_undone(tmp_path: Path) -> None:
    async def use(app: BaimoApp, pilot: Pilot[None]) -> None:
        session = app.session
        assert session is not None
        for _ in range(2):
            await end_quarter(app, pilot)
        app.undo_to(session.view.first_quarter + 1)
        await until(pilot, lambda: app.session is not session)
        await until(pilot, lambda: which(app) == "boardroom")
        while which(app) != "end":
            await end_quarter(app, pilot)
        assert app.tongue.say("hour.earned.undone")[:30] in shown(app).replace("\n", " ") or "taken back" in shown(app)
        from game.table.achievements import earned
        from game.table.course import course_of

        path = app.host.table.record.path  # type: ignore[union-attr]
        won = earned(course_of(read_run(path)), app.content.achievements.values())
        menu = app.screen.query_one("EndMenu")
        assert str(len(won)) in next(note for item, _, note in menu.items if item == "earned")  # type: ignore[attr-defined]
        at = [item for item, _, _ in menu.items].index("earned")  # type: ignore[attr-defined]
        await pilot.press(str(at + 1))
        await until(pilot, lambda: isinstance(app.screen, RecordsScreen))

    real(tmp_path, use, scenario="first-lesson", hints=False, size=(120, 40))


def test_nothing_here_reads_a_clock_but_the_app() -> None:
    import inspect

    import game.table.achievements
    import game.table.course
    import game.table.daily
    import game.table.records

    for module in (game.table.achievements, game.table.course, game.table.daily, game.table.records):
        source = inspect.getsource(module)
        assert ".now(" not in source and "date.today" not in source and "import time" not in source
