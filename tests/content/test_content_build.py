"""Figures into numbers, parameters into arrays, cards and firms into what the engine reads."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from content_builders import Tree, entry, firm, parameter, tree, write

from game.content import Content, ContentError, load
from game.content.build import build_cards, build_opening, build_params, build_traits, firm_rows, lever_bounds
from game.content.resolve import effect_range, figure_number, parameter_values
from game.engine.names import LEVER, ROUTES, SEGMENTS, SOURCES


@dataclasses.dataclass(frozen=True)
class Small:
    """Parameters of the test folder, as the engine would write them."""

    compute_decline: float
    plain: float
    premium_high: float
    rent: np.ndarray  # segments
    path: np.ndarray  # quarters
    yearly: np.ndarray  # quarters
    openness: np.ndarray = dataclasses.field(metadata={"axis": "route"})
    sources: np.ndarray = dataclasses.field(metadata={"axis": "source"})


def loaded(tmp_path: Path, files: Tree | None = None) -> Content:
    return load(write(tmp_path / "content", files or tree()))


def test_parameters_become_floats_and_arrays(tmp_path: Path) -> None:
    built = build_params(loaded(tmp_path), "none", Small)
    params = Small(**built)
    assert params.compute_decline == 0.38
    assert params.plain == 5.0
    assert params.premium_high == 11.0  # 2 × 5 + 1
    assert params.rent.dtype == np.float64
    assert params.rent.tolist() == [1000.0, 1000.0, 300_000.0, *[1000.0] * 5]
    assert params.path.tolist() == [1.0, 2.0, *[3.0] * 22]
    assert params.yearly.tolist() == [0.0] * 4 + [1.0] * 4 + [2.0] * 4 + [3.0] * 4 + [4.0] * 8
    assert params.openness.tolist() == [float(i) for i in range(len(ROUTES))]
    assert params.sources.tolist() == [float(i) for i in range(len(SOURCES))]


def test_assumptions_lay_over(tmp_path: Path) -> None:
    content = loaded(tmp_path)
    built = build_params(content, "other", Small)
    assert built["plain"] == 7.0
    assert built["rent"][SEGMENTS.index("finance")] == 9.0
    assert built["rent"][0] == 1000.0
    assert built["compute_decline"] == pytest.approx(0.3)
    assert build_params(content, "none", Small)["plain"] == 5.0
    with pytest.raises(KeyError):
        parameter_values(content, "nobody")


def test_missing_and_strange_parameters_are_told_together(tmp_path: Path) -> None:
    files = tree()
    entry(files, "parameters.toml", "parameter", "plain")["id"] = "plane"
    files["assumptions/other.toml"]["set"] = {}
    with pytest.raises(ContentError) as caught:
        build_params(loaded(tmp_path, files), "none", Small)
    messages = {p.key: p.message for p in caught.value.problems}
    assert messages["parameter[plain]"] == "is missing; the rules read one number"
    assert "did you mean 'plain'?" in messages["parameter[plane]"]


def test_the_wrong_axis_is_told(tmp_path: Path) -> None:
    files = tree()
    files["parameters.toml"]["parameter"] = [
        p for p in files["parameters.toml"]["parameter"] if p["id"] not in ("openness", "plain", "rent")
    ] + [
        parameter("openness", "index", by="source", values=dict.fromkeys(SOURCES, 1.0)),
        parameter("plain", "CNY", by="route", values=dict.fromkeys(ROUTES, 1.0)),
        parameter("rent", "CNY", value=1.0),
    ]
    files["assumptions/other.toml"]["set"] = {}
    with pytest.raises(ContentError) as caught:
        build_params(loaded(tmp_path, files), "none", Small)
    messages = {p.key: p.message for p in caught.value.problems}
    assert messages["parameter[openness].by"] == "is a table by source; the rules read a table by route"
    assert messages["parameter[plain].by"] == "is a table by route; the rules read one number"
    assert messages["parameter[rent].by"] == "is one number; the rules read a table by segment"


def test_figure_numbers(tmp_path: Path) -> None:
    figures = loaded(tmp_path).figures
    assert figure_number(figures["premium"]) == 4
    assert figure_number(figures["premium"], "low") == 3
    assert figure_number(figures["market-size"], "value") == 2e11
    for label, use in (("premium", "value"), ("market-size", "mid"), ("policy", "")):
        with pytest.raises(ValueError, match=label):
            figure_number(figures[label], use)


def test_cards_are_compiled(tmp_path: Path) -> None:
    content = loaded(tmp_path)
    first, second = build_cards(content, "war")
    assert (first.first, first.last) == (1, 7)  # 2023Q2 to 2024Q4, acts 1 and 2
    assert (first.after, second.after) == (-1, 0)
    assert first.key != second.key
    assert first.when[0].what == "runway"
    choice = first.choices[0]
    assert (choice.cash, choice.scale) == (1e6, 0.0)
    trust, utility, capability = choice.effects
    assert (trust.low, trust.high, trust.chance) == (0.05, 0.05, 0.9)
    assert (utility.low, utility.high, utility.quarters, utility.segment) == (0.1, 0.2, 2, "finance")
    assert capability.low == capability.high == pytest.approx(0.038)
    assert first.choices[1].requires[0].segment == "finance"


def test_a_scenario_plays_its_own_cards(tmp_path: Path) -> None:
    files = tree()
    files["scenarios/war.toml"]["cards"] = ["first-card"]
    content = loaded(tmp_path, files)
    assert [c.id for c in build_cards(content, "war")] == ["first-card"]
    again = build_cards(load(write(tmp_path / "again", tree())), "war")
    assert again[0] == build_cards(content, "war")[0]  # a card more disturbs no other


def test_a_card_from_a_range_has_a_range(tmp_path: Path) -> None:
    files = tree()
    effect: dict[str, Any] = {"target": "cash", "op": "scale", "figure": "premium", "scale": -0.1}
    files["cards/deck.toml"]["card"][0]["choices"][0]["effects"] = [effect]
    content = loaded(tmp_path, files)
    low, high = effect_range(content, content.cards["first-card"].choices[0].effects[0])
    assert (low, high) == (pytest.approx(-0.5), pytest.approx(-0.3))


def test_routes_by_name(tmp_path: Path) -> None:
    files = tree()
    card = files["cards/deck.toml"]["card"][0]
    card["when"] = [{"what": "route", "op": "!=", "value": "open"}]
    card["choices"][0]["effects"] = [{"target": "route", "op": "set", "amount": "layered"}]
    built = build_cards(loaded(tmp_path, files), "war")[0]
    assert built.when[0].value == 3.0
    assert built.choices[0].effects[0].low == 2.0


def test_firms_become_columns(tmp_path: Path) -> None:
    content = loaded(tmp_path)
    rows = firm_rows(content, "war", ["lab-spin-off"])
    assert [r.id for r in rows] == ["lab-spin-off", "first-rival"]
    opening, traits = build_opening(rows), build_traits(rows)
    assert opening.cash.shape == (2, 1)
    assert opening.route.ravel().tolist() == [1.0, 1.0]
    assert opening.staff.shape == (2, len(SEGMENTS), 1)
    assert opening.staff[0, SEGMENTS.index("finance"), 0] == 6
    assert opening.compute[1, SOURCES.index("import"), 0] == 220
    assert traits.focus[0, :, 0].sum() == pytest.approx(1.0)
    assert traits.focus[0, 0, 0] == 0.75
    assert traits.opening.ravel().tolist() == [2.0, 2.0]


def test_more_seats_leave_less_room_for_rivals(tmp_path: Path) -> None:
    rows = firm_rows(loaded(tmp_path), "war", ["lab-spin-off", "lab-spin-off"])
    assert [r.id for r in rows] == ["lab-spin-off", "lab-spin-off"]


def test_lever_bounds_follow_the_rows_of_the_rules(tmp_path: Path) -> None:
    low, high = lever_bounds(loaded(tmp_path))
    assert low.shape == high.shape == (len(LEVER), 1, 1)
    assert low[LEVER["finance.borrow"], 0, 0] == -100
    assert high[LEVER["finance.borrow"], 0, 0] == 100


def test_facts_are_judged_by_what_the_rules_rest_on(tmp_path: Path) -> None:
    """A card may name and show a figure of a fact; only a number read or derived from it makes it input."""
    content = loaded(tmp_path)
    assert content.fact_kind("first-fact") == "emergent"
    assert content.fact_kind("second-fact") == "input"
    assert ("parameter", "compute_decline") in content.read_by["cost-decline"]
    files = tree()
    files["cards/deck.toml"]["card"][0]["text"] = {"zh": "市场{figure:market-size}", "en": "{figure:market-size}"}
    shown = load(write(tmp_path / "shown", files))
    assert shown.fact_kind("first-fact") == "emergent"
    files["cards/deck.toml"]["card"][0]["note"] = {
        "zh": "按{figure:market-size}折算",
        "en": "from {figure:market-size}",
    }
    assert load(write(tmp_path / "derived", files)).fact_kind("first-fact") == "input"


def test_figures_used(tmp_path: Path) -> None:
    content = loaded(tmp_path)
    assert content.counts() == {
        "figures": 7,
        "figures_used": 4,
        "cards": 2,
        "scenarios": 1,
        "rivals": 1,
        "parameters": 8,
        "theses": 1,
    }
    assert content.used_by["market-size"] == (("card", "first-card"), ("card", "second-card"), ("fact", "first-fact"))
    files = tree()
    files["scenarios/war.toml"]["text"] = {"zh": "{figure:durations}", "en": "{figure:durations}"}
    files["rivals.toml"]["rival"][0]["temper"] = {"zh": "{figure:policy}", "en": "{figure:policy}"}
    more = load(write(tmp_path / "more", files))
    assert more.counts()["figures_used"] == 6


def test_firm_builder_has_every_trait() -> None:
    from game.engine import rules

    assert set(firm("x")["traits"]) == {f.name for f in dataclasses.fields(rules.Traits)}
    assert set(firm("x")["start"]) == {f.name for f in dataclasses.fields(rules.Opening)}
