"""Explanations: exact sums, formulas that give what they claim, nothing that the view does not hold."""

from __future__ import annotations

import math
from functools import lru_cache

import msgspec
import numpy as np
import pytest

from game.content import Content
from game.content.load import load
from game.content.model_text import equations
from game.engine import derive, research, view
from game.engine.draws import words
from game.engine.names import SEGMENTS
from game.engine.numeric import exp, log
from game.engine.quarter_draws import QuarterDraws
from game.engine.state import ARRAYS, State
from game.engine.view import OWN_FIELDS, PUBLIC_FIELDS, benchmark, observe
from game.table.explain import EXTRA, QUANTITIES, Evidence, changes, explain, gather
from game.table.explain.account import OTHERS, base_of, is_parameter
from game.table.explain.sources import figures_of
from game.table.formula import FormulaError, evaluate, symbols
from game.table.local import market_for
from game.table.market import EngineMarket
from game.table.table import Table
from game.table.wire import Explanation, Part, decode, encode

GAMES = (("war", "reactive", "8", 9), ("war", "random", "11", 5), ("price-war", "thumb", "5", 6), ("first-lesson", "random", "1", 5),
         ("open-roads", "reactive", "3", 4))  # fmt: skip


@lru_cache(maxsize=1)
def content() -> Content:
    return load()


@lru_cache(maxsize=8)
def game(scenario: str, policy: str, seed: str, quarters: int) -> tuple[EngineMarket, Table]:
    market = market_for(content(), scenario, "lab-spin-off", "manager", "none", "0")
    table = Table.new(market, {f: policy if f == 0 else "thumb" for f in range(len(market.firms))}, seed=seed)
    for _ in range(quarters):
        if not table.over:
            table.step()
    return market, table


def evidence(name: tuple[str, str, str, int]) -> list[Evidence]:
    """What three firms knew of every quarter of a game."""
    market, table = game(*name)
    return [market.evidence(table, firm, played) for firm in (0, 1, 5) for played in range(table.played)]


def every(e: Evidence, names: tuple[str, ...]) -> list[Explanation]:
    return [explain(e, row.what, row.segment, names) for row in changes(e).rows]


@pytest.mark.parametrize("name", GAMES, ids=lambda n: f"{n[0]}-{n[1]}")
def test_parts_add_up_and_formulas_give_what_they_claim(name: tuple[str, str, str, int]) -> None:
    names = tuple(game(*name)[0].firms)
    for e in evidence(name):
        for told in every(e, names):
            change = told.after - (told.before or 0.0)
            scale = max(abs(told.after), abs(told.before or 0.0), *(abs(p.amount) for p in told.parts), 1e-9)
            assert sum(p.amount for p in told.parts) == pytest.approx(change, abs=1e-9 * scale), told.what
            if told.way == "fen":
                assert sum(round(p.amount) for p in told.parts) == change, "money adds up to the fen"
                assert all(p.amount == round(p.amount) for p in told.parts)
            if told.flows:
                assert sum(p.amount for p in told.flows) == pytest.approx(change, abs=1e-12)
            for p in told.parts:
                _check_formula(told, p, scale)


def _check_formula(told: Explanation, p: Part, scale: float) -> None:
    """A formula has a value for every symbol, and gives the part; what has none belongs to others."""
    if not p.formula:
        assert p.who == "others" or p.id == "value-part.events", f"{told.what}: {p.id} has no formula"
        return
    values = {f.symbol: f.value for f in p.factors}
    assert set(symbols(p.formula)) <= set(values), f"{told.what}: {p.id}"
    for f in p.factors:
        if f.formula:
            assert evaluate(f.formula, values) == pytest.approx(f.value, rel=1e-12, abs=1e-15), f.symbol
    amount = evaluate(p.formula, values) * (100.0 if told.way == "fen" else 1.0)
    tolerance = 2.5 if told.way == "fen" else 0.025 if told.way == "money" else 0.0  # the books round to whole fen
    if p.id == "part.signed" and told.what == "pilots":
        tolerance = 1e-6 * scale + 1e-9
    assert amount == pytest.approx(p.amount, rel=1e-6, abs=tolerance + 2e-9 * scale), f"{told.what}/{told.segment}: {p.id}"


@pytest.mark.parametrize("name", GAMES[:3], ids=lambda n: f"{n[0]}-{n[1]}")
def test_where_nothing_is_hidden_nothing_is_left_over(name: tuple[str, str, str, int]) -> None:
    """Stocks that follow from the own books alone: the formulas are those of the engine, or something would be left."""
    checked = 0
    for e in evidence(name):
        market, table = game(*name)
        before, _ = table.past(e.was.quarter - market.first)
        sent = [c.effects for i in before.card[:, 0] if i >= 0 for c in market.source.cards[int(i)].choices]
        if any(effect.who != "self" or effect.target == "sentiment" for effects in sent for effect in effects) or not e.alive or (before.ended < -1).any():
            continue
        if any(e.now.public.status[:, 0] != e.was.public.status[:, 0]):
            continue  # somebody may have been bought
        checked += 1
        for told in every(e, tuple(market.firms)):
            hidden = [p for p in told.parts if p.who == "others"]
            if told.what in ("trust", "community", "credibility", "safety", "knowledge", "freshness", "customers", "leads",
                             "pilots", "accuracy", "unit_cost", "unit_margin", "utilisation", "unserved", "founders_share",
                             "cash", "debt", "revenue", "cost", "runway", "rank"):  # fmt: skip
                assert not hidden, f"{told.what}/{told.segment}: {hidden}"
            if told.what == "cash":
                assert not any(f.symbol.startswith("unseen") for p in told.parts for f in p.factors)
    assert checked >= 5


def test_capability_leaves_over_what_luck_and_the_best_model_did() -> None:
    """Against the engine itself, with all that is hidden: the remainder is the catch-up to the best and the noise."""
    market, table = game(*GAMES[0])
    rules, p = market.source, market.source.params
    checked = 0
    for played in range(table.played):
        before, _ = table.past(played)
        if (before.card >= 0).any():
            continue
        e = market.evidence(table, 0, played)
        told = explain(e, "capability", "", tuple(market.firms))
        rest = sum(x.amount for x in told.parts if x.id == OTHERS)
        luck = float(QuarterDraws(before.seed, before.quarter, rules.firms)["research"][0, 0])
        values = {f.symbol: f.value for x in told.parts for f in x.factors}
        base = math.exp(values["lnc"]) * (1 - p.cap_decay)
        lucky = math.log(base + values["gained"] * (1 + p.research_noise * luck))
        calm = math.log(base + values["gained"])
        known = float(research.secret_frontier(rules, before)[0])
        best_open = float(derive.open_frontier(rules, before)[0])
        truth = (lucky - calm) + p.catch_up_best * max(known - lucky, 0.0)
        truth += p.catch_up_open * (max(best_open - lucky, 0.0) - max(best_open - calm, 0.0))
        assert rest == pytest.approx(values["slope"] * truth, abs=1e-9)
        checked += 1
    assert checked


def test_what_was_hidden_is_told_once_the_game_is_over() -> None:
    market, table = game("first-lesson", "thumb", "4", 5)
    assert table.over
    names = tuple(market.firms)
    for played in range(table.played):
        before, decisions = table.past(played)
        e = market.evidence(table, 0, played)
        assert e.truth is not None
        blind = gather(market.source, before, *market.play(before, decisions), 0)
        for what in ("capability", "efficiency"):
            told, less = explain(e, what, "", names), explain(blind, what, "", names)
            assert any(p.id == "part.luck" for p in told.parts) and not any(p.who == "hidden" for p in less.parts)
            left = [sum(abs(p.amount) for p in x.parts if p.who == "others") for x in (told, less)]
            assert left[0] <= left[1] + 1e-12
            if (before.card < 0).all() and what == "efficiency":
                assert left[0] < 1e-9
    market, running = game(*GAMES[0])
    assert not running.over and market.evidence(running, 0, 2).truth is None


def test_a_naive_twin_of_trust_and_of_wages() -> None:
    """Written again by hand, from the states and not from the views."""
    market, table = game(*GAMES[0])
    p = market.source.params
    for played in range(table.played):
        before, decisions = table.past(played)
        after, ledger = market.play(before, decisions)
        e = market.evidence(table, 0, played)
        parts = {x.id: x.amount for x in explain(e, "trust", "", tuple(market.firms)).parts}
        card = parts.get("part.card", 0.0)
        wanted = p.trust_base + p.trust_safety * float(after.safety[0, 0])
        drift = p.trust_speed * (wanted - float(before.trust[0, 0]) - card)
        assert parts.get("quantity.safety", 0.0) == pytest.approx(drift, abs=1e-12)
        assert parts.get("part.outage", 0.0) == pytest.approx(-p.trust_outage * float(ledger.unserved[0, 0]), abs=1e-12)
        wages = next(x for x in explain(e, "cash", "", tuple(market.firms)).parts if x.id == "line.wages")
        people, new = int(after.staff[0].sum()), int(after.hiring[0].sum())
        shift = next(f.value for f in wages.factors if f.symbol == "shifts[wages]")
        each = p.wage * (1 + shift) + p.overhead
        bill = people * each + new * p.hire_cost * (1 + p.hire_strain * new / (people + p.hire_team))
        assert wages.amount == pytest.approx(-100 * bill, abs=1.0)


# the border for knowledge --------------------------------------------------------------------------------------------


def disguised(market: EngineMarket, state: State, firm: int, seed: int) -> State:
    """Another state that the firm cannot tell from ``state``: everything hidden is different, every view the same."""
    rng = np.random.default_rng(seed)
    rules = market.source
    rivals = [f for f in range(rules.firms) if f != firm]
    new = {n: getattr(state, n).copy() for n in ARRAYS}
    for name in ("debt", "knowledge", "freshness", "safety", "credibility", "research_capital", "revenue", "revenue_before",
                 "cost", "margin", "unserved", "utilisation", "volume", "raised", "leads", "pilots", "habit", "signed",
                 "started", "due", "bill", "tender_value", "cash_before"):  # fmt: skip
        old = new[name][rivals]
        new[name][rivals] = (old * rng.uniform(0.5, 0.99, old.shape)).astype(old.dtype)
    new["cash"][rivals] += rng.integers(1, 10**9, (len(rivals), 1))
    new["staff"][rivals] += rng.integers(0, 9, new["staff"][rivals].shape).astype(np.int32)
    new["hiring"][rivals] += 1
    new["levers"][:, rivals] *= 0.9
    new["guidance"][:, rivals] = 1.0
    new["shifts"][:, :, rivals] += 0.01
    new["card"][rivals] = -1
    new["coming"][rivals] = -1
    new["fringe_gap"] += 0.1
    new["price_shock"] += 0.1
    new["exits"] += 1.0
    new["accounts"] += 7
    new["seed"] = words(state.seed, np.array([99], dtype=np.uint64) + np.uint64(seed), 3)[0:1].repeat(2, 0) ^ state.seed
    new["lnc"][rivals] += rng.uniform(-0.5, 0.5, new["lnc"][rivals].shape)
    return state.evolve(**new)


def same_view(market: EngineMarket, a: State, b: State, firm: int) -> bool:
    """Whether two states look alike to a firm."""
    mine, theirs = (observe(market.source, s, (firm,)) for s in (a, b))
    own = all(np.array_equal(getattr(mine.own, n), getattr(theirs.own, n), equal_nan=True) for n in OWN_FIELDS)
    public = [n for n in PUBLIC_FIELDS if not np.array_equal(getattr(mine.public, n), getattr(theirs.public, n))]
    assert not public, public
    return own


@pytest.mark.parametrize("name", GAMES[:2], ids=lambda n: f"{n[0]}-{n[1]}")
def test_equal_views_give_equal_explanations(name: tuple[str, str, str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    market, table = game(*name)
    names = tuple(market.firms)
    checked = 0
    for played in range(1, table.played):
        before, decisions = table.past(played)
        drawn = market.evidence(table, 0, played).drawn
        if any(effect.chance < 1.0 or effect.low != effect.high for effect, _ in drawn):
            continue  # what the own card drew is told; under another seed it would be another
        after, ledger = market.play(before, decisions)
        old = table.past(played - 1)
        old_after, old_ledger = market.play(*old)
        earlier = gather(market.source, old[0], old_after, old_ledger, 0)
        twins = [disguised(market, s, 0, played) for s in (before, after)]
        # another seed under which the public boards happened to show the same
        boards = {s.quarter: benchmark(market.source, s) for s in (old[0], before, after)}
        monkeypatch.setattr(view, "benchmark", lambda rules, s, boards=boards: boards[s.quarter])
        for state, twin in zip((before, after), twins):
            assert same_view(market, state, twin, 0)
            assert (state.lnc != twin.lnc).any() and (state.seed != twin.seed).any()
        theirs = ledger._replace(
            lines=_rivals_changed(ledger.lines), unserved=_rivals_changed(ledger.unserved, 0),
            terms={k: v + 1.0 for k, v in ledger.terms.items()}, choice=None, shares=None,
        )  # fmt: skip
        true = gather(market.source, before, after, ledger, 0, earlier)
        other = gather(market.source, *twins, theirs, 0, earlier)
        assert [encode(x) for x in every(true, names)] == [encode(x) for x in every(other, names)]
        assert encode(changes(true)) == encode(changes(other))
        checked += 1
        monkeypatch.undo()
    assert checked >= 2


def _rivals_changed(array: np.ndarray, axis: int = 1) -> np.ndarray:
    out = array.copy()
    out[(slice(None),) * axis + (slice(1, None),)] += 5
    return out


def test_a_planted_leak_would_be_noticed() -> None:
    """The disguise does change what a leak could read: training and luck of the true state would differ."""
    market, table = game(*GAMES[0])
    before, _ = table.past(2)
    twin = disguised(market, before, 0, 4)
    leak = [float(research.secret_frontier(market.source, s)[0]) for s in (before, twin)]
    assert leak[0] != leak[1]
    assert float(exp(log(np.array([before.cash[3, 0] / 1.0])))[0]) != float(twin.cash[3, 0])


# what stands behind ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GAMES[:4], ids=lambda n: f"{n[0]}-{n[1]}")
def test_every_number_leads_on(name: tuple[str, str, str, int]) -> None:
    """Parts have formulas, parameters exist and bring their figures, equations exist, what is opened further can be."""
    _, table = game(*name)
    known = equations(content())
    seen: set[str] = set()
    for row in table.changes(0).rows:
        told = table.explain(0, row.what, row.segment)
        assert told is not None
        seen.add(told.what)
        assert not told.equation or told.equation in known
        for factors in [told.factors, *(p.factors for p in told.parts)]:
            for f in factors:
                if f.parameter:
                    assert is_parameter(f.symbol) and f.parameter == base_of(f.symbol) and f.parameter in content().parameters
                    assert f.figures == figures_of(content(), f.parameter)
                    assert all(figure in content().figures for figure in f.figures)
                if f.what:
                    assert f.what in QUANTITIES or f.what in EXTRA
                    assert table.explain(0, f.what, f.segment) is not None, (f.what, f.segment)
    segmented = {q for q, quantity in QUANTITIES.items() if quantity.where}
    assert seen >= set(QUANTITIES) - segmented


def test_over_the_wire_and_for_what_does_not_exist() -> None:
    _, table = game(*GAMES[0])
    told = table.explain(0, "share", "developers")
    assert told is not None and decode(encode(told), Explanation) == told
    assert table.explain(0, "nonsense") is None
    assert table.explain(0, "share", "nowhere") is None
    assert table.explain(0, "cash", "finance") is None
    assert table.explain(0, "cash", "", 99) is None
    assert table.changes(0, 99) is None


@pytest.mark.parametrize("formula", ["a +", "(a", "a b", "f$", "ln(", "a · · b"])
def test_a_formula_that_cannot_be_read_is_refused(formula: str) -> None:
    with pytest.raises(FormulaError):
        evaluate(formula, {"a": 1.0, "b": 2.0})


def test_formulas_by_hand() -> None:
    values = {"a": 3.0, "b": 2.0, "c[finance]": 4.0}
    for text, wanted in (("a − b − 1", 0.0), ("−a · b + c[finance]", -2.0), ("2 · a^b / c[finance]", 4.5), ("½ · max(a, b, 9)", 4.5),
                         ("a / (b − b)", 0.0), ("−(a − b)^2", -1.0), ("a^−1", 1 / 3), ("min(exp(ln(a)), b)", 2.0)):  # fmt: skip
        assert evaluate(text, values) == pytest.approx(wanted), text


def test_every_segment_of_a_quantity_is_one_of_the_market() -> None:
    assert all(set(q.where) <= set(SEGMENTS) for q in QUANTITIES.values())
    assert msgspec.json.encode(list(QUANTITIES))
