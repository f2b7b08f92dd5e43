"""Comparisons over common seeds: signs are found where a cause was planted, and only there."""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import pickle
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import numpy as np
import pytest

from game.content import Content
from game.content.check_theses import MEASURES as KNOWN
from game.content.schema import Text
from game.content.schema_theses import Contrast, Expression, FirmChange, LeverChange, Side
from game.engine.names import LEVER
from game.engine.rules import Rules
from game.engine.state import State
from game.lab import theses as module
from game.lab.commands_theses import theses as command
from game.lab.record import Record, play
from game.lab.sides import alter, deal_cards, dealt_of, firm_rows, moves_of, planned, side_rules
from game.lab.theses import judge, measure_theses, t_quantile
from game.lab.thesis_measures import MEASURES
from game.lab.trace import simulate
from tests.engine.playing import opening

SEEDS = range(1, 13)
SHORT = "first-lesson"
THESIS = "falling-compute-cost"
SAID = Text(zh="比", en="compared")
SHIPPED = Side()


def contrast(high: Side, low: Side = SHIPPED, sign: Any = -1, measure: str = "value", **more: Any) -> Contrast:
    return Contrast(what=SAID, measure=measure, expected_sign=sign, high=high, low=low, scenario=SHORT, **more)


def planted(content: Content, **contrasts: Contrast) -> Content:
    """Content in which theses say what a test wants of them."""
    new = {
        name.replace("_", "-"): Expression(id=name.replace("_", "-"), expressed_by=["mechanism:compute"], contrast=c)
        for name, c in contrasts.items()
    }
    return dataclasses.replace(content, expressions={**content.expressions, **new})


def measured(content: Content, **contrasts: Contrast) -> dict[str, module.ThesisResult]:
    only = [name.replace("_", "-") for name in contrasts]
    report = measure_theses(planted(content, **contrasts), SEEDS, only=only, processes=1)
    return {r.id: r for r in report.theses}


def dearer() -> Side:
    return Side(times={"compute_price_first": 4.0})


def test_a_planted_cause_has_its_sign(shipped: Content) -> None:
    found = measured(
        shipped, falling_compute_cost=contrast(dearer()), data_drift=contrast(dearer(), sign=1),
        death_valley=contrast(Side(), dearer(), sign=1),
    )
    right, wrong, turned = found["falling-compute-cost"], found["data-drift"], found["death-valley"]
    assert (right.verdict, right.holds) == ("holds", True)
    assert (wrong.verdict, wrong.holds) == ("contradicted", False)
    assert right.effect is not None and right.high is not None and right.effect < right.high < 0
    assert (turned.effect, turned.low) == pytest.approx((-right.effect, -right.high)) and turned.holds
    assert right.mean_high is not None and right.mean_low is not None
    assert right.effect == pytest.approx(right.mean_high - right.mean_low) and right.pairs == len(SEEDS)


def test_the_same_on_both_sides_has_no_effect_at_all(shipped: Content) -> None:
    same = Side(times={"compute_price_first": 1.0})
    found = measured(shipped, falling_compute_cost=contrast(same))[THESIS]
    assert (found.effect, found.low, found.high, found.holds) == (0.0, 0.0, 0.0, False)
    assert found.verdict == "no effect"


def test_it_is_the_same_every_time_and_each_side_is_played_once(
    shipped: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = planted(
        shipped, falling_compute_cost=contrast(dearer()), data_drift=contrast(dearer(), measure="revenue"),
        death_valley=contrast(Side(times={"wage": 2.0})),
    )
    asked: list[int] = []
    scatter = module.scatter

    def counting(work: Any, items: Any, **options: Any) -> list[Any]:
        jobs = [pickle.loads(pickle.dumps(job)) for job in items]
        asked.append(len(jobs))
        return scatter(work, jobs, **options)

    only = ["falling-compute-cost", "data-drift", "death-valley"]
    before = measure_theses(content, SEEDS, only=only, processes=1)
    monkeypatch.setattr(module, "scatter", counting)
    assert measure_theses(content, SEEDS, only=only, processes=1) == before
    assert asked == [3], "dearer compute, dearer people, and the market as shipped"


def test_verdicts_on_pairs() -> None:
    low = np.array([1.0, 2.0, 3.0, np.nan, 5.0])
    found = judge("x", [], "value", 1, low + np.array([1.0, 1.1, 0.9, 1.0, np.nan]), low)
    assert (found.pairs, found.verdict) == (3, "holds") and found.effect == pytest.approx(1.0)
    half = t_quantile(2) * 0.1 / math.sqrt(3)
    assert (found.low, found.high) == (pytest.approx(1.0 - half), pytest.approx(1.0 + half))
    noisy = judge("x", [], "value", 1, np.array([1.0, -1.0, 2.0, -1.5]), np.zeros(4))
    assert (noisy.verdict, noisy.holds) == ("undecided", False)
    single = judge("x", [], "value", 1, np.array([1.0, np.nan]), np.zeros(2))
    assert (single.effect, single.low, single.holds, single.pairs) == (None, None, False, 1)


@pytest.mark.parametrize(
    ("freedom", "table"),
    [(1, 6.314), (2, 2.920), (3, 2.353), (4, 2.132), (5, 2.015), (9, 1.833), (39, 1.685), (199, 1.653)],
)
def test_t_against_the_printed_table(freedom: int, table: float) -> None:
    assert t_quantile(freedom) == pytest.approx(table, abs=1.1e-3)


# sides ----------------------------------------------------------------------------------------------------------------
def test_numbers_of_a_side(shipped: Content, war: Rules) -> None:
    side = Side(
        set={"wage": 5.0, "framework_support": 1.0, "rent": {"finance": 7.0}}, times={"churn": {"consumers": 0.5}},
        plus={"foreign_open": {"2024Q1": 2.0}}, most={"import_supply": 0.5},
        firms=[
            FirmChange(field="opening", set="open"), FirmChange(field="cash", times=2.0, who="clouds"),
            FirmChange(field="focus", set={"medical": 1.0, "education": 3.0}),
            FirmChange(field="knowledge", set={"finance": 9.0}, who="yunshan"),
        ],
    )  # fmt: skip
    p, q = side_rules(shipped, side).params, war.params
    assert p.wage == 5.0 and (p.framework_support == 1.0).all()
    assert p.rent[2] == 7.0 and (np.delete(p.rent, 2) == np.delete(q.rent, 2)).all()
    assert p.churn[1] == 0.5 * q.churn[1] and p.churn[0] == q.churn[0]
    assert p.foreign_open[4] == q.foreign_open[4] + 2.0 and p.foreign_open[5] == q.foreign_open[5]
    assert p.import_supply.max() == 0.5 and p.import_supply[-1] == q.import_supply[-1]
    rules = side_rules(shipped, side)
    assert rules.traits.opening[0, 0] == 3.0 and rules.traits.opening[1, 0] == war.traits.opening[1, 0]
    cloud = war.traits.cloud[:, 0] > 0
    assert (rules.opening.cash[cloud] == 2.0 * war.opening.cash[cloud]).all()
    assert (rules.opening.cash[~cloud] == war.opening.cash[~cloud]).all()
    assert rules.traits.focus[0, :, 0].tolist() == [0, 0, 0, 0.25, 0, 0, 0.75, 0]
    assert rules.traits.focus[1:].tolist() == war.traits.focus[1:].tolist()
    assert rules.opening.knowledge[1, 2, 0] == 9.0 and rules.opening.knowledge[1, 3, 0] == war.opening.knowledge[1, 3, 0]


def test_who_is_meant(war: Rules) -> None:
    assert firm_rows(war, "player") == (0,) and firm_rows(war, "yunshan") == (1,)
    assert set(firm_rows(war, "clouds")) | set(firm_rows(war, "startups")) == set(firm_rows(war, "all")) == set(range(12))
    with pytest.raises(KeyError):
        firm_rows(war, "nobody")


def test_levers_are_fixed_multiplied_and_moved(war: Rules) -> None:
    state = opening(war, [1, 2])
    asked = state.levers + 2.0
    moves = moves_of(war, [
        LeverChange(lever="price.token", set=3.0), LeverChange(lever="knowledge.all", who="clouds", times=0.5),
        LeverChange(lever="compute.import", into="compute.pool", who="yunshan"),
        LeverChange(lever="route", set="open", first="2024Q1"),
    ])  # fmt: skip
    out = alter(state, asked, moves, ())
    token, pool, imports = LEVER["price.token"], LEVER["compute.pool"], LEVER["compute.import"]
    assert (out[token, 0] == 3.0).all() and (out[token, 1:] == asked[token, 1:]).all()
    finance = LEVER["knowledge.finance"]
    clouds = list(firm_rows(war, "clouds"))
    assert (out[finance, clouds] == 0.5 * asked[finance, clouds]).all() and (out[finance, 0] == asked[finance, 0]).all()
    assert (out[imports, 1] == 0.0).all() and (out[pool, 1] == asked[pool, 1] + asked[imports, 1]).all()
    assert (out[LEVER["route"]] == asked[LEVER["route"]]).all(), "not before its quarter"
    later = alter(state.evolve(quarter=4), asked, moves, ())
    assert (later[LEVER["route"], 0] == 3.0).all()
    assert np.array_equal(asked, state.levers + 2.0, equal_nan=True), "what was asked for stays as it was"


def test_a_multiple_of_a_standing_lever_is_not_multiplied_again(war: Rules) -> None:
    """``reactive`` moves its index of solutions from where it stands; half of it stays half of it."""
    moves = moves_of(war, [LeverChange(lever="price.solution", times=0.9, who="all")])
    state = opening(war, [1])
    asked = state.levers
    levers = alter(state, asked, moves, ())
    seen = planned(state.evolve(levers=levers, quarter=1), asked, moves)
    row = LEVER["price.solution"]
    assert (seen.levers[row] == asked[row]).all() and (levers[row] == 0.9 * asked[row]).all()
    others = np.delete(np.arange(len(levers)), row)
    assert np.array_equal(seen.levers[others], levers[others], equal_nan=True)


def test_cards_are_dealt_to_the_player_alone(war: Rules) -> None:
    dealt = dealt_of(war, {"dirty-data": "2023Q1", "no-such-card": "2023Q1"})
    assert len(dealt) == 1 and war.cards[dealt[0][0]].id == "dirty-data"
    state: State = deal_cards(opening(war, [1, 2]), dealt)
    assert (state.card[0] == dealt[0][0]).all() and (state.card[1:] == -1).all()
    assert (deal_cards(opening(war, [1]).evolve(quarter=1), dealt).card == -1).all()
    out = alter(state, state.levers, (), ((dealt[0][0], 1),))
    assert (out[LEVER["card.choice"], 0] == 1).all()


# records and measures -------------------------------------------------------------------------------------------------
SEATS = ("reactive", *("thumb",) * 11)


@pytest.fixture(scope="module")
def record(war: Rules) -> Record:
    return play(war, SEEDS, SEATS)


def test_a_record_is_the_game_as_it_is_played_elsewhere(war: Rules, record: Record) -> None:
    trace = simulate(war, SEEDS, SEATS)
    for name in ("price", "cost", "live", "status", "value", "tenders"):
        assert np.array_equal(getattr(record, name), getattr(trace, name)), name
    for name in ("revenue", "profit"):
        assert np.allclose(getattr(record, name), getattr(trace, name)), name
    assert record.at(None) == 19 and record.at(4) == 4
    with pytest.raises(LookupError, match="outside"):
        record.at(20)


def test_every_measure_is_one_number_a_game(shipped: Content, record: Record) -> None:
    assert tuple(MEASURES) == KNOWN and set(KNOWN) == set(shipped.measures)
    for name, measure in MEASURES.items():
        for rows in ([0], [1, 2, 3], list(range(12))):
            for q in (0, 7, 19):
                found = measure(record, rows, q, 2)
                assert found.shape == (len(SEEDS),), (name, rows, q)
                assert not np.isinf(found).any(), (name, rows, q)
                if name not in ("cost-lead", "equity-lead", "rank-pull", "tender-lead") and q == 7 and len(rows) > 1:
                    assert not np.isnan(found).all(), (name, rows, q)


def test_measures_against_naive_ones(record: Record) -> None:
    rows, q, g = [0, 3, 4, 5, 6], 11, 2
    on = [f for f in rows if record.status[q, f, g] == 0]

    def got(name: str, v: int = 0) -> float:
        return float(MEASURES[name](record, rows, q, v)[g])

    year = [sum(record.revenue[t, f, g] for t in range(8, 12)) for f in rows]
    assert got("revenue") == pytest.approx(math.log(1 + sum(year) / 1e7))
    assert got("trading") == pytest.approx(len(on) / len(rows))
    profit = [sum(record.profit[t, f, g] for t in range(8, 12)) for f in on]
    assert got("losing") == pytest.approx(sum(p < 0 for p in profit) / len(on))
    prices = sorted(record.price[q, f, g] for f in on)
    half = len(on) // 2
    middle = prices[half] if len(on) % 2 else (prices[half - 1] + prices[half]) / 2
    assert got("token-price") == pytest.approx(math.log(middle))
    caps = sorted(record.capability[q, f, g] for f in on)
    middle = caps[half] if len(on) % 2 else (caps[half - 1] + caps[half]) / 2
    assert got("capability-gap") == pytest.approx(caps[-1] - middle)
    v = 3
    every = sum(record.customers[q, f, v, g] + record.hosted[q, f, v, g] for f in range(12)) + record.outside[q, v, g]
    mine = sum(record.customers[q, f, v, g] + record.hosted[q, f, v, g] for f in rows)
    assert got("users", v) == pytest.approx(mine / every)
    assert got("price-cut") == pytest.approx(
        1 - min(record.price[q, f, g] for f in rows) / min(record.price[q - 4, f, g] for f in rows)
    )
    x = np.argsort(np.argsort([record.capability[q, f, g] for f in on]))
    y = np.argsort(np.argsort([record.equity[q, f, g] for f in on]))
    assert got("rank-pull") == pytest.approx(np.corrcoef(x, y)[0, 1])


def test_a_firm_that_is_gone_has_no_accuracy(record: Record) -> None:
    status = record.status.copy()
    status[7, 0, 3] = 1
    gone = dataclasses.replace(record, status=status)
    for name in ("accuracy", "capability", "community", "token-cost", "fill"):
        found = MEASURES[name](gone, [0], 7, 2)
        assert np.isnan(found[3]) and not np.isnan(found[[0, 1, 2]]).any(), name


# the command ----------------------------------------------------------------------------------------------------------
SCHEMAS = Path(__file__).parents[1] / "schemas"
KEYS = {"id", "expressed_by", "effect", "low", "high", "expected_sign", "holds"}


def test_the_command_prints_every_thesis(
    shipped: Content, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One thesis is compared; the others have nothing to compare in this content."""
    monkeypatch.setattr("game.lab.pool.cores", lambda: 1)
    bare = {label: Expression(id=label, expressed_by=["mechanism:choice"], note=SAID) for label in shipped.theses}
    bare[THESIS] = Expression(id=THESIS, expressed_by=["mechanism:compute"], contrast=contrast(dearer()))
    content = dataclasses.replace(shipped, expressions=bare)
    args = argparse.Namespace(seeds=4, quick=False, json=True)
    printed: list[Any] = []
    assert command(args, content, {"assume": "none"}, 7, printed.append) == 0
    report = printed[0]
    assert (report.seeds, report.rules, report.causal, len(report.theses)) == (4, 7, 1, 65)
    plain = msgspec.json.decode(msgspec.json.encode(report))
    jsonschema.validate(plain, json.loads((SCHEMAS / "theses.json").read_text(encoding="utf-8")))
    for r in report.theses:
        assert set(r.__struct_fields__) >= KEYS
        if r.id != THESIS:
            assert [r.effect, r.low, r.high, r.expected_sign, r.holds] == [None] * 5
    args.json = False
    assert command(args, content, {"assume": "none"}, 7, printed.append) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(content.theses)
    assert "1 causal" in lines[0]
    bare[THESIS] = msgspec.structs.replace(
        bare[THESIS], contrast=contrast(dearer(), sign=1), note=SAID
    )
    assert command(args, content, {"assume": "none"}, 7, printed.append) == 0
    lines = capsys.readouterr().out.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith(THESIS))
    assert "CONTRADICTED" in lines[at] and lines[at + 1].strip() == SAID.en


def test_shipped_comparisons_can_all_be_built(shipped: Content) -> None:
    """Every side comes to rules, every measure to rows, without playing them."""
    for e in shipped.expressions.values():
        c = e.contrast
        if c is None:
            continue
        for side in (c.high, c.low):
            rules = side_rules(shipped, side, c.scenario, c.background)
            assert firm_rows(rules, c.of) and c.measure in MEASURES, e.id
            moves_of(rules, side.levers)
