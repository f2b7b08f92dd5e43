"""The content that is shipped: clean, complete, and the rules can be built from it."""

from __future__ import annotations

import time

import pytest

from game.content import Content, content_directory, load
from game.content import schema as s
from game.content.check import check
from game.content.check_cards import window
from game.content.layout import TABLES
from game.content.vocabulary import parse_quarter
from game.engine.names import LEVERS, SEGMENTS, VERTICALS

_absent = [name for name in TABLES if not (content_directory() / name).is_file()]
pytestmark = pytest.mark.skipif(bool(_absent), reason=f"not written yet: {', '.join(_absent)}")


@pytest.fixture(scope="module")
def content() -> Content:
    return load()


def test_it_checks_clean() -> None:
    report = check()
    assert [str(p) for p in report.problems if p.severity == "error"] == []
    assert len(report.digest) == 64


def test_it_loads_quickly(content: Content) -> None:
    """The goal is 150 ms; the bound is loose because machines are shared."""
    times = []
    for _ in range(3):
        begin = time.process_time()
        load()
        times.append(time.process_time() - begin)
    assert min(times) < 0.5


def test_axes_are_in_the_rules_order(content: Content) -> None:
    assert tuple(content.segments) == SEGMENTS
    assert tuple(content.levers) == LEVERS


def test_eight_archetypes_and_each_has_a_rival(content: Content) -> None:
    assert len(content.archetypes) == 8
    assert {r.archetype for r in content.rivals.values()} == set(content.archetypes)
    assert all(len(r.tells) >= 2 for r in content.rivals.values())


def test_five_backgrounds_and_four_levels(content: Content) -> None:
    assert set(content.backgrounds) == {
        "lab-spin-off",
        "big-company-division",
        "state-veteran",
        "app-team",
        "domain-insiders",
    }
    assert list(content.difficulties) == ["apprentice", "manager", "founder", "legend"]
    assert [d.policy for d in content.difficulties.values()] == ["thumb", "thumb", "reactive", "planner"]
    speeds = [d.speed for d in content.difficulties.values()]
    assert speeds == sorted(speeds)


def test_scenarios_as_designed(content: Content) -> None:
    plan = {p.id: (p.first, p.quarters, p.levers) for p in content.scenarios.values()}
    assert plan["war"] == ("2023Q1", 20, "all")
    assert plan["price-war"] == ("2024Q1", 8, "five")
    assert plan["open-roads"] == ("2025Q1", 8, "all")
    assert plan["first-lesson"] == ("2023Q1", 5, "five")
    assert plan["sandbox"] == ("2023Q1", 20, "all")
    assert plan["two-rounds"] == ("2023Q1", 12, "five") and content.scenarios["two-rounds"].middle == "2024Q3"
    assert [p.id for p in content.scenarios.values() if p.apart] == ["two-rounds"]
    for scenario in content.scenarios.values():
        assert scenario.goals or scenario.id == "sandbox"
        assert {"developers", "finance"} <= set(scenario.segments)


def test_every_named_card_can_come_in_its_scenario(content: Content) -> None:
    for scenario in content.scenarios.values():
        period = range(parse_quarter(scenario.first), parse_quarter(scenario.first) + scenario.quarters)
        if scenario.cards != "all":
            for card in content.cards_of(scenario.id):
                assert set(window(card)) & set(period), (scenario.id, card.id)


def test_every_card_can_come_in_the_war(content: Content) -> None:
    for card in content.cards.values():
        assert any(q < 20 for q in window(card)), card.id


def test_the_five_rows(content: Content) -> None:
    assert list(content.five) == ["route", "token-price", "research", "focus", "compute"]
    focus = content.five["focus"].moves
    assert focus == [*(f"knowledge.{v}" for v in VERTICALS), *(f"staff.{v}" for v in VERTICALS)]


def test_levers_leave_room_for_every_firm(content: Content) -> None:
    for firm in (*content.rivals.values(), *content.backgrounds.values()):
        for source, size in firm.start.compute.items():
            assert size <= content.levers[f"compute.{source}"].high, firm.id
        for segment, people in firm.start.staff.items():
            assert people <= content.levers[f"staff.{segment}"].high, firm.id


def test_texts_fit_where_they_stand(content: Content) -> None:
    """A lever's name and one line of help on an eighty-column screen; short names of firms in a table."""
    from game.content.check_market import cells

    for lever in content.levers.values():
        assert cells(lever.name.zh) <= 18, lever.id
        assert cells(lever.name.en) <= 26, lever.id
        assert cells(lever.help.zh) <= 120, lever.id
        assert cells(lever.help.en) <= 140, lever.id


def test_no_english_text_is_left_in_chinese(content: Content) -> None:
    for kind in ("segment", "lever", "archetype", "difficulty", "scenario", "card", "rival", "background", "ending"):
        for entry in content.of(kind).values():
            for key, text in s.texts_of(entry):
                assert not any("\u4e00" <= c <= "\u9fff" for c in text.en), (kind, entry.id, key)


def test_rules_can_be_built(content: Content) -> None:
    from game.content.build import build_rules

    for scenario in content.scenarios.values():
        rules = build_rules(content, scenario.id, ["lab-spin-off"])
        assert rules.firms == len(rules.names) == scenario.firms
        assert rules.first == parse_quarter(scenario.first)
        assert len(rules.cards) == len(content.cards_of(scenario.id))
    for assume in content.assumptions:
        build_rules(content, "war", ["lab-spin-off"], assume=assume)
