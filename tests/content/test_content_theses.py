"""theses.toml: what is wrong with an expression or a comparison is said in one sentence, with the nearest right word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from content_builders import Tree, broken, entry, text, tree, write

from game.content import Content
from game.content.check_theses import MECHANISMS
from game.content.load import collect

FILE = "theses.toml"


def expression(t: Tree) -> dict[str, Any]:
    return entry(t, FILE, "expression", "first-thesis")


def contrast(t: Tree) -> dict[str, Any]:
    found: dict[str, Any] = expression(t)["contrast"]
    return found


def side(t: Tree, **changes: Any) -> None:
    contrast(t)["high"] = changes


FAULTS: list[tuple[str, Callable[[Tree], Any], str, str]] = [
    ("unknown thesis", lambda t: expression(t).update(id="first-thesys"), ".id", "did you mean 'first-thesis'?"),
    ("empty", lambda t: expression(t).update(expressed_by=[]), "expressed_by", "length >= 1"),
    ("no kind", lambda t: expression(t).update(expressed_by=["choice"]), "expressed_by", "kind:id"),
    ("odd kind", lambda t: expression(t).update(expressed_by=["crad:x"]), "expressed_by", "did you mean 'card'?"),
    ("figure", lambda t: expression(t).update(expressed_by=["figure:premium"]), "expressed_by", "kind:id"),
    (
        "unknown card", lambda t: expression(t).update(expressed_by=["card:frist-card"]), "expressed_by",
        "did you mean 'first-card'?",
    ),
    (
        "unknown mechanism", lambda t: expression(t).update(expressed_by=["mechanism:choise"]), "expressed_by",
        "mechanism 'choise' does not exist",
    ),
    ("twice", lambda t: expression(t).update(expressed_by=["card:first-card"] * 2), "expressed_by", "twice"),
    ("not the model's", lambda t: t[FILE]["mechanism"][0].update(id="tender"), "mechanism[tender].id", "'tenders'"),
    ("not the laboratory's", lambda t: t[FILE]["measure"][0].update(id="valu"), "measure[valu].id", "'value'"),
    ("measure", lambda t: contrast(t).update(measure="user"), "contrast.measure", "did you mean 'users'?"),
    ("segment wanted", lambda t: contrast(t).pop("segment"), "contrast.segment", "name it"),
    ("segment unwanted", lambda t: contrast(t).update(measure="value"), "contrast.segment", "leave it out"),
    ("odd segment", lambda t: contrast(t).update(segment="finanse"), "contrast.segment", "did you mean 'finance'?"),
    ("scenario", lambda t: contrast(t).update(scenario="wra"), "contrast.scenario", "did you mean 'war'?"),
    ("background", lambda t: contrast(t).update(background="lab"), "contrast.background", "does not exist"),
    ("firm", lambda t: contrast(t).update(of="frist-rival"), "contrast.of", "did you mean 'first-rival'?"),
    ("quarter outside", lambda t: contrast(t).update(at="2028Q2"), "contrast.at", "2023Q1 to 2027Q4"),
    ("no quarter", lambda t: contrast(t).update(at="soon"), "contrast.at", ""),
    ("no sign", lambda t: contrast(t).update(expected_sign=0), "contrast.expected_sign", ""),
    ("same sides", lambda t: contrast(t).update(high={}, low={}), "contrast", "the same"),
    ("dealt card", lambda t: contrast(t).update(deal={"first": "2024Q1"}), "contrast.deal", "does not exist"),
    ("dealt late", lambda t: contrast(t).update(deal={"first-card": "2028Q1"}), "deal.first-card", "lies outside"),
    ("parameter", lambda t: side(t, times={"pian": 2.0}), "high.times.pian", "did you mean 'plain'?"),
    ("not a table", lambda t: side(t, set={"plain": {"finance": 1.0}}), "high.set.plain", "not a table"),
    ("odd entry", lambda t: side(t, set={"rent": {"finanse": 1.0}}), "high.set.rent.finanse", "'finance'"),
    ("odd quarter", lambda t: side(t, plus={"path": {"2023Q5": 1.0}}), "high.plus.path.2023Q5", "no quarter"),
    ("twice in a side", lambda t: side(t, set={"plain": 1.0}, times={"plain": 2.0}), "contrast.high", "twice"),
    ("out of range", lambda t: side(t, set={"compute_decline": 1.5}), "high.compute_decline", "between 0 and 1"),
    ("no such field", lambda t: side(t, firms=[{"field": "bold", "set": 1.0}]), "firms[0].field", "'boldness'"),
    ("two ways", lambda t: side(t, firms=[{"field": "cash", "set": 1.0, "times": 1.0}]), "firms[0]", "exactly one"),
    ("no way", lambda t: side(t, firms=[{"field": "cash"}]), "firms[0]", "exactly one"),
    ("table field", lambda t: side(t, firms=[{"field": "focus", "set": 1.0}]), "firms[0].set", "which of its entries"),
    ("plain field", lambda t: side(t, firms=[{"field": "cash", "set": {"finance": 1.0}}]), "firms[0].set", "one number"),
    ("field route", lambda t: side(t, firms=[{"field": "route", "set": "opne"}]), "firms[0].set", "'open'"),
    ("field word", lambda t: side(t, firms=[{"field": "cash", "set": "open"}]), "firms[0].set", "is a number"),
    ("field firm", lambda t: side(t, firms=[{"field": "cash", "set": 1.0, "who": "x"}]), "firms[0].who", "no firm"),
    ("lever", lambda t: side(t, levers=[{"lever": "price.tokens", "set": 1.0}]), "levers[0].lever", "'price.token'"),
    ("lever ways", lambda t: side(t, levers=[{"lever": "price.token"}]), "levers[0]", "exactly one"),
    (
        "lever into", lambda t: side(t, levers=[{"lever": "price.token", "into": "compute.pool"}]), "levers[0].into",
        "cannot be moved",
    ),
    (
        "into nothing", lambda t: side(t, levers=[{"lever": "compute.import", "into": "compute.pol"}]), "levers[0].into",
        "'compute.pool'",
    ),
    (
        "lever late", lambda t: side(t, levers=[{"lever": "price.token", "set": 1.0, "first": "2028Q1"}]),
        "levers[0].first", "lies outside",
    ),
    ("choice", lambda t: side(t, choices={"first-card": 3}), "high.choices.first-card", "2 choices"),
    ("card of a choice", lambda t: side(t, choices={"frist-card": 1}), "high.choices", "did you mean 'first-card'?"),
    ("choice nought", lambda t: side(t, choices={"first-card": 0}), "choices", ""),
    ("unknown key", lambda t: side(t, tmies={"plain": 2.0}), "tmies", "did you mean 'times'?"),
    (
        "books of a later start",
        lambda t: (t["scenarios/war.toml"].update(start="derived"), side(t, firms=[{"field": "cash", "set": 1.0}])),
        "firms[0].field", "opening books",
    ),
]


@pytest.mark.parametrize(("change", "key", "says"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_faults_are_told(tmp_path: Path, change: Callable[[Tree], Any], key: str, says: str) -> None:
    problems = [p for p in broken(tmp_path, change) if p.severity == "error"]
    assert any(key in p.key and says in p.message for p in problems), [str(p) for p in problems]


def test_a_thesis_without_expression_is_a_warning(tmp_path: Path) -> None:
    problems = broken(tmp_path, lambda t: t[FILE].update(expression=[]))
    assert [(p.severity, p.key) for p in problems] == [("warning", "thesis[first-thesis]")]


def test_an_overlay_may_add_a_comparison(tmp_path: Path) -> None:
    base = write(tmp_path / "content", tree())
    over = {FILE: {"expression": [{"id": "first-thesis", "expressed_by": ["card:second-card"], "note": text("why")}]}}
    content, problems = collect(base, write(tmp_path / "over", over))
    assert problems == [] and content is not None
    assert content.expressions["first-thesis"].contrast is None


def test_every_thesis_is_expressed(shipped: Content) -> None:
    assert list(shipped.expressions) == list(shipped.theses)
    assert sum(e.contrast is not None for e in shipped.expressions.values()) >= 25
    for e in shipped.expressions.values():
        assert e.contrast is not None or e.note is not None, f"{e.id}: neither compared nor said why not"


def test_mechanisms_and_measures_are_all_there_and_used(shipped: Content) -> None:
    assert tuple(shipped.mechanisms) == MECHANISMS
    named = {w.partition(":")[2] for e in shipped.expressions.values() for w in e.expressed_by if w[:9] == "mechanism"}
    assert {*MECHANISMS} - named <= {"trust", "cards", "guidance", "chance", "futures", "regret"}
    measured = {e.contrast.measure for e in shipped.expressions.values() if e.contrast is not None}
    assert set(shipped.measures) == measured


def test_a_card_that_expresses_a_thesis_names_it(shipped: Content) -> None:
    for e in shipped.expressions.values():
        for word in e.expressed_by:
            kind, _, label = word.partition(":")
            assert kind != "card" or e.id in shipped.cards[label].theses, (e.id, label)
