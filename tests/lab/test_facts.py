"""Facts come out of the market's mechanisms: with the mechanism off, the fact that rests on it fails."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from game.content import Content, ContentError, load
from game.engine.names import APP
from game.engine.numeric import Array
from game.engine.rules import Rules
from game.lab.entries import ENTERED, PROTOTYPE, SCALE, waiting_time
from game.lab.fact_table import lines, number
from game.lab.facts import FactReport, distance, held_out, measure_facts, seats, values_of
from game.lab.trace import Trace, simulate

SEEDS = range(1, 25)


def medians(content: Content, rules: Rules) -> dict[str, float]:
    values = values_of(content, simulate(rules, SEEDS, seats(content, rules)))
    return {label: float(np.median(found)) for label, found in values.items() if found is not None}


def set_to(rules: Rules, **changes: float | Array) -> Rules:
    return dataclasses.replace(rules, params=dataclasses.replace(rules.params, **changes))


@pytest.fixture(scope="module")
def shown(shipped: Content, war: Rules) -> dict[str, float]:
    return medians(shipped, war)


@pytest.fixture(scope="module")
def report(shipped: Content) -> FactReport:
    return measure_facts(shipped, range(1, 5))


def no_word_of_mouth(rules: Rules) -> Array:
    table = np.array(rules.params.bass_imitation)
    table[APP] = 0.0
    return table


FAULTS: dict[str, tuple[Callable[[Rules], Rules], tuple[str, ...]]] = {
    "a cloud customer is worth nothing": (
        lambda r: set_to(r, cloud_customer_value=0.0), ("price-war-2024", "shake-out-2024", "survivors-2024")
    ),
    "falling prices drive nobody out": (lambda r: set_to(r, fringe_price=0.0), ("shake-out-2024", "survivors-2024")),
    "whoever uses a release pays for it": (
        lambda r: set_to(r, pay_tokens=np.ones(4)), ("open-pays-little", "open-below-applications")
    ),
    "nobody tells anybody about the app": (
        lambda r: set_to(r, bass_imitation=no_word_of_mouth(r)), ("users-2024",)
    ),
    "cheaper tokens are not used more": (lambda r: set_to(r, token_elasticity=0.0), ("token-growth",)),
    "pilots hardly ever become contracts": (lambda r: set_to(r, contract_rate=0.05), ("applications-convert",)),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fact_fails_without_its_mechanism(
    shipped: Content, war: Rules, shown: dict[str, float], fault: str
) -> None:
    break_it, labels = FAULTS[fault]
    broken = medians(shipped, break_it(war))
    for label in labels:
        fact = shipped.facts[label]
        assert distance(fact.low, fact.high, broken[label]) != 0.0, label
        near, far = (abs(distance(fact.low, fact.high, x[label])) for x in (shown, broken))
        assert near < 0.5 * (fact.high - fact.low), f"{label} is far off with the mechanism, too"
        assert far > 2 * near, label


def test_the_price_war_needs_the_value_of_cloud_business(shipped: Content, war: Rules, shown: dict[str, float]) -> None:
    without = medians(shipped, set_to(war, cloud_customer_value=0.0))
    assert shown["price-war-2024"] - without["price-war-2024"] > 0.08
    assert without["survivors-2024"] > 3 * shown["survivors-2024"]


def test_enough_facts_are_emergent(shipped: Content) -> None:
    emergent = [label for label in shipped.facts if shipped.fact_kind(label) == "emergent"]
    assert len(emergent) >= 12
    assert shipped.fact_kind("boom-2023") == "input"
    assert all(shipped.facts[label].figures for label in shipped.facts)


def test_what_is_held_out_follows_from_the_id_alone(shipped: Content, report: FactReport) -> None:
    for label in shipped.facts:
        assert held_out(label) == (int(hashlib.sha256(label.encode()).hexdigest(), 16) % 3 == 0)
    assert {f.id: f.fitted for f in report.facts} == {label: not held_out(label) for label in shipped.facts}
    share = np.mean([held_out(f"fact-{i}") for i in range(3000)])
    assert 0.3 < share < 0.37
    assert 3 * sum(held_out(label) for label in shipped.facts) >= len(shipped.facts)


def test_the_missed_are_listed_with_distance_and_reason(shipped: Content, report: FactReport) -> None:
    text = list(lines(report))
    for f in report.facts:
        assert f.median is not None and f.distance is not None
        assert (f.distance == 0.0) == bool(f.met)
        assert f.median - f.distance == pytest.approx(min(max(f.median, f.low), f.high))
        assert f.reason == (None if f.met else shipped.facts[f.id].reason)
        row = next(line for line in text if line.startswith(f"{f.id} "))
        assert row.split()[1] == f.status and ("MISSED by" in row) == (not f.met)
        assert any(line.startswith(f"missed {f.id}: ") for line in text) == (not f.met)
    emergent = [f for f in report.facts if f.status == "emergent"]
    assert f"emergent facts: {len(emergent)}, met {sum(bool(f.met) for f in emergent)}" in text
    assert msgspec.json.decode(msgspec.json.encode(report), type=FactReport) == report


def test_a_scenario_without_the_quarter_measures_nothing(shipped: Content) -> None:
    short = measure_facts(shipped, range(1, 4), scenario="first-lesson")
    by_id = {f.id: f for f in short.facts}
    assert by_id["scale-time"].median is not None
    assert by_id["rent-over-tokens"].median is None and by_id["rent-over-tokens"].met is None
    assert any(line.startswith("rent-over-tokens") and line.endswith("-") for line in lines(short))


def test_an_overlay_that_reads_a_figure_makes_its_fact_input(tmp_path: Path) -> None:
    """A teacher's card whose effect is read from a figure: the fact that names the figure proves nothing any more."""
    (tmp_path / "assumptions").mkdir()
    (tmp_path / "assumptions" / "told.toml").write_text(
        'id = "told"\nname = { zh = "听说", en = "Told" }\ntext = { zh = "听说的。", en = "As told." }\n'
        '[set]\nraise_again = { figure = "price-war-cut", scale = 0.1, relative = false }\n',
        encoding="utf-8",
    )
    told = load(overlay=tmp_path)
    assert told.fact_kind("price-war-2024") == "emergent"
    assert told.fact_kind("price-war-2024", "told") == "input"


def test_a_teacher_adds_a_fact(tmp_path: Path) -> None:
    (tmp_path / "facts.toml").write_text(
        '[[fact]]\nid = "my-fact"\nname = { zh = "我的", en = "Mine" }\nfigures = ["genai-users-2024"]\n'
        'measure = "users-2024"\nlow = 0\nhigh = 1\nnote = { zh = "试试。", en = "A try." }\n'
        'reason = { zh = "区间太窄。", en = "The band is too low." }\n',
        encoding="utf-8",
    )
    mine = next(f for f in measure_facts(load(overlay=tmp_path), range(1, 3)).facts if f.id == "my-fact")
    assert mine.met is False and mine.reason is not None and mine.reason.en == "The band is too low."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ('id = "x"\nparameter = "price_adjustmen"\nlow = 0.4\nhigh = 1', "did you mean 'price_adjustment'?"),
        ('id = "x"\nparameter = "wright"\nlow = 0.4\nhigh = 0.1', "is not below high"),
        ('id = "x"\nparameter = "wright"\nlow = 0\nhigh = 0.1\nlog = true', "has no logarithm"),
        ('id = "x"\nparameter = "churn"\nlow = 0\nhigh = 0.1', "name one entry"),
        ('id = "x"\nparameter = "churn"\nentry = "finanse"\nlow = 0\nhigh = 0.1', "did you mean 'finance'?"),
        ('id = "x"\nparameter = "wright"\nentry = "finance"\nlow = 0\nhigh = 0.1', "leave entry out"),
        ('id = "x"\nparameter = "foreign_open"\nlow = 0\nhigh = 0.1', "runs over quarters"),
        ('id = "x"\nparameter = "price_adjustment"\nlow = 0.4\nhigh = 1', "is moved by 'price-adjustment' already"),
        ('id = "x"\nparameter = "wright"\nlow = 0\nhigh = 0.1', "at most 12"),
    ],
)
def test_a_faulty_free_parameter_is_named(tmp_path: Path, change: str, words: str) -> None:
    (tmp_path / "facts.toml").write_text(
        f'[[free]]\n{change}\nnote = {{ zh = "试。", en = "A try." }}\n', encoding="utf-8"
    )
    with pytest.raises(ContentError) as caught:
        load(overlay=tmp_path)
    assert any(words in p.message for p in caught.value.problems)


def test_waiting_times_are_kaplan_meier_medians() -> None:
    """Three entries by hand: one there after one quarter, one after three, one censored at two."""
    marks = np.zeros((6, 1, 3, 1), dtype=np.uint8)
    marks[1:, 0, 0] = ENTERED
    marks[2:, 0, 0] |= PROTOTYPE
    marks[1:, 0, 1] = ENTERED
    marks[4:, 0, 1] |= PROTOTYPE
    marks[0:3, 0, 2] = ENTERED
    # Survival 2/3 after 1, then the third is censored at 2, then 2/3 · 0 after 3.
    assert waiting_time(marks, PROTOTYPE).tolist() == [3.0]
    assert waiting_time(marks, SCALE).tolist() == [7.0], "nobody gets there: more than the trace"


def test_waiting_times_agree_with_a_loop(shipped: Content, war: Rules) -> None:
    trace = simulate(war, range(1, 4), seats(shipped, war))
    for event in (PROTOTYPE, SCALE):
        assert waiting_time(trace.marks, event).tolist() == [naive_median(trace, event, g) for g in range(3)]


def naive_median(trace: Trace, event: int, game: int) -> float:
    quarters = len(trace.marks)
    spells: list[tuple[int, bool]] = []
    for firm in range(trace.marks.shape[1]):
        for segment in range(trace.marks.shape[2]):
            row = [int(trace.marks[q, firm, segment, game]) for q in range(quarters)]
            inside = [q for q in range(quarters) if row[q] & ENTERED]
            if inside:
                hits = [q for q in inside if row[q] & event]
                spells.append((hits[0] - inside[0], True) if hits else (inside[-1] - inside[0], False))
    survival = 1.0
    for t in range(quarters):
        at_risk = sum(time >= t for time, _ in spells)
        events = sum(time == t and seen for time, seen in spells)
        survival *= 1.0 - events / at_risk if at_risk else 1.0
        if survival <= 0.5:
            return float(t)
    return float(quarters + 1)


def test_numbers_are_short() -> None:
    assert [number(x) for x in (0.0, 12.0, -0.2961, 34567.8, 5e9)] == ["0", "12", "-0.296", "3.457e+04", "5.00e9"]
