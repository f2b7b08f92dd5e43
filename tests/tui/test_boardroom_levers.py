"""Rows, steps, scales and typed values of the lever panel, without a screen; and the table of actions."""

from __future__ import annotations

import asyncio
import math

import pytest
from fake import FakeSeat, content

from game.language import LANGS, Tongue
from game.tui import actions
from game.tui.app import _SCREENS, BaimoApp
from game.tui.kit.waterfall import round_to_sum
from game.tui.session import Session
from game.tui.widgets import lever_notes
from game.tui.widgets import lever_rows as lr
from game.tui.widgets.amounts import unit_for
from game.tui.widgets.why import shown_change, tenths, total_of

CONTENT = content()
ZH, EN = (Tongue(lang, content=CONTENT) for lang in LANGS)


def session(**kwargs: object) -> Session:
    return asyncio.run(Session.start(FakeSeat(**kwargs)))  # type: ignore[arg-type]


def rows(s: Session) -> dict[str, lr.LeverRow]:
    return {r.id: r for r in lr.rows_of(s, ZH)}


def test_every_lever_has_a_row_in_its_group() -> None:
    found = lr.rows_of(session(), ZH)
    assert len(found) == 37
    assert [r.group for r in found] == sorted((r.group for r in found), key=lr.GROUPS.index)


@pytest.mark.parametrize("tongue", [ZH, EN], ids=["zh", "en"])
def test_every_row_has_name_help_and_range(tongue: Tongue) -> None:
    s = session()
    for one in lr.rows_of(s, tongue):
        assert lr.label(tongue, one) and lr.help_line(tongue, one)
        for value in (one.low, one.high, lr.read(s, one)):
            assert "term." not in lr.shown(s, tongue, one, value) and "tui." not in lr.shown(s, tongue, one, value)
        assert "{" not in lever_notes.note(s, tongue, one)
        assert not tongue.say(f"tui.group.{one.group}").startswith("tui.")


@pytest.mark.parametrize(("text", "value"), [("5", 5.0), ("¥5.5", 5.5), ("0", 0.0), (".5", 0.5)])
def test_prices_as_typed(text: str, value: float) -> None:
    s = session()
    assert lr.parse(s, ZH, rows(s)["price.token"], text) == value


@pytest.mark.parametrize(("text", "value"), [
    ("5000万", 5e7), ("1.2亿", 1.2e8), ("42M", 4.2e7), ("42m", 4.2e7), ("45,000,000", 4.5e7), ("0.1B", 1e8),
])  # fmt: skip
def test_money_as_typed(text: str, value: float) -> None:
    s = session()
    assert lr.parse(s, ZH, rows(s)["research.budget"], text) == pytest.approx(value)


@pytest.mark.parametrize(("row", "text"), [
    ("route", "7"), ("staff.finance", "2.5"), ("price.token", "--"), ("price.token", "1e9"),
])  # fmt: skip
def test_bad_input_says_what_is_allowed(row: str, text: str) -> None:
    s = session()
    for tongue in (ZH, EN):
        with pytest.raises(lr.BadInput) as fault:
            lr.parse(s, tongue, rows(s)[row], text)
        assert str(fault.value) and "ui.error" not in str(fault.value) and "{" not in str(fault.value)


@pytest.mark.parametrize(("row", "text", "end"), [("research.budget", "1", "low"), ("price.token", "201", "high")])
def test_what_is_typed_beyond_the_range_becomes_its_end(row: str, text: str, end: str) -> None:
    s = session()
    one = rows(s)[row]
    for tongue in (ZH, EN):
        value, said = lr.held(s, tongue, one, lr.parse(s, tongue, one, text))
        assert value == getattr(one, end) and said and "{" not in said
    assert lr.held(s, ZH, one, one.low) == (one.low, "")


def test_per_cent_and_words_as_typed() -> None:
    s = session()
    assert lr.parse(s, ZH, rows(s)["tender.quality"], "85%") == 0.85
    assert lr.parse(s, ZH, rows(s)["tender.quality"], "85") == 0.85
    assert lr.parse(s, ZH, rows(s)["route"], "4") == 3, "people count from one"


def test_a_step_there_and_back_is_no_change() -> None:
    s = session()
    for one in lr.rows_of(s, ZH):
        stands = lr.read(s, one, stands=True)
        if one.locked or math.isnan(stands):
            continue
        for steps in (1, 3):
            there = lr.stepped(one, stands, stands, steps)
            if there in (one.low, one.high):
                continue
            back = lr.stepped(one, there, stands, -steps)
            assert back == pytest.approx(stands, rel=0.02, abs=1e-9), one.id
            if steps == 1 and there != stands:
                assert back == stands, one.id


def test_a_slider_gives_back_the_value_that_it_shows() -> None:
    s = session()
    for one in lr.rows_of(s, ZH):
        stands = lr.read(s, one, stands=True)
        if one.kind in lr.ENUMS or math.isnan(stands):
            continue
        span = lr.window(one, stands, stands)
        assert one.low <= span[0] < span[1] <= one.high, one.id
        grain = 0.0 if one.log else one.step / (span[1] - span[0])
        for at in (0.0, 0.25, 0.5, 1.0):
            value = lr.value_at(one, at, span)
            assert lr.position(one, value, span) == pytest.approx(at, abs=max(0.06, grain)), one.id


def test_guidance_given_at_one_end_gets_the_other_and_never_crosses() -> None:
    s = session()
    found = rows(s)
    lr.write(s, found["guidance.cash.low"], 1e8)
    assert s.value("guidance.cash.high") > 1e8
    lr.write(s, found["guidance.cash.low"], 9e9)
    assert s.value("guidance.cash.high") == 9e9
    lr.reset(s, found["guidance.cash.high"])
    assert not s.levers


def test_causes_are_shown_so_that_they_add_up() -> None:
    async def go() -> None:
        s = await Session.start(FakeSeat())
        for _ in range(6):
            report = await s.close()
            for change in report.shares:
                parts = tenths(change)
                assert total_of(parts) == pytest.approx(shown_change(change.before, change.after))
            amounts = [line.amount_fen / 100 for line in report.lines]
            for tongue in (ZH, EN):
                unit, write = unit_for([report.opening_fen / 100, *amounts], tongue)
                whole = round_to_sum(amounts, sum(amounts), unit)
                assert abs(sum(whole) * unit - sum(amounts)) <= unit
                assert write(whole[0])

    asyncio.run(go())


# the table of actions -------------------------------------------------------------------------------------------------
def test_every_action_is_named_in_both_languages() -> None:
    for action in actions.ACTIONS:
        for tongue in (ZH, EN):
            for key in (action.label, action.help):
                assert tongue.say(key) != key, key


def test_keys_of_a_screen_are_its_own_and_letters_have_twins() -> None:
    for screen in actions.SCREENS:
        keys = [b.key for b in actions.bindings(screen)]
        assert len(keys) == len(set(keys)), screen
        for action in actions.of(screen):
            letters = [k for k in action.keys if len(k) == 1 and k.isalpha()]
            if letters and action.bound and not action.bar:
                assert set(action.keys) - set(letters) or action.id in ("hint", "quit"), action.id


def test_every_screen_has_the_methods_that_its_keys_run() -> None:
    from importlib import import_module

    from game.tui.seat_app import SeatApp

    of_a_class = ("seat", "room", "forecast", "pen")
    for name in actions.SCREENS:
        module, _, title = _SCREENS[name].partition(":")
        cls = getattr(import_module(f"game.tui.screens.{module}"), title)
        for action in actions.of(name):
            if not action.bound:
                continue
            command = action.command.partition("(")[0]
            owner = (SeatApp if name in of_a_class else BaimoApp) if command.startswith("app.") else cls
            assert hasattr(owner, f"action_{command.removeprefix('app.')}"), (name, command)
