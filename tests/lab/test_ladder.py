"""A win is a higher value, or among the bankrupt a later end; the ladder counts them on common seeds."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.content import ContentError
from game.engine.rules import Rules
from game.engine.state import pack
from game.lab import ladder as module
from game.lab.balance import record as record_module
from game.lab.balance.record import Campaigns, Place, gather
from game.lab.balance.stats import wins
from game.lab.ladder import all_pairs, measure_ladder, pair, rung
from tests.engine.playing import opening
from tests.lab.balance_builders import made


def naive_win(value: float, end: int, value2: float, end2: int) -> float:
    """The rule in words: ``end`` is -1 for a firm that did not go bankrupt."""
    if end >= 0 and end2 >= 0:
        return 1.0 if end > end2 else 0.0 if end < end2 else 0.5
    return 1.0 if value > value2 else 0.0 if value < value2 else 0.5


def test_wins_are_as_the_model_says() -> None:
    cases = [(v, e) for v in (0.0, 5.0, 7.0) for e in (-1, 3, 9)]
    for v, e in cases:
        for v2, e2 in cases:
            a = np.array([v]), np.array([e >= 0]) * 1.0, np.array([e])
            b = np.array([v2]), np.array([e2 >= 0]) * 1.0, np.array([e2])
            assert wins(*a, b)[0] == naive_win(v, e, v2, e2), (v, e, v2, e2)
            assert wins(*a, b)[0] + wins(*b, a)[0] == 1.0


def test_pairs_are_counted_on_the_seeds_that_both_have() -> None:
    low = made([1.0, 1.0, 0.0, 0.0], [-1, -1, 3, 5])
    high = made([2.0, 1.0, 0.0], [-1, -1, 9])
    (found,) = all_pairs({"low": low, "high": high})
    assert (found.higher, found.lower, found.seeds, found.neighbours) == ("high", "low", 3, True)
    assert found.win == pytest.approx((1 + 0.5 + 1) / 3) and found.met
    assert found.interval[0] <= found.win <= found.interval[1]
    assert not pair("low", "high", low, high, True).met
    names = [(p.higher, p.lower, p.neighbours) for p in all_pairs({"a": low, "b": low, "c": low})]
    assert names == [("b", "a", True), ("c", "a", False), ("c", "b", True)]


def test_a_rung_says_how_often_it_falls() -> None:
    r = rung("thumb", made([0.0, 4e9, 2e9, 1e9], [5, -1, -1, -1]))
    assert r.bankrupt == 0.25 and r.value_median == 1.5e9 and r.rank_median == 1.0
    assert r.bankrupt_interval[0] < 0.25 < r.bankrupt_interval[1]


def test_the_ladder_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLICIES", ("random", "thumb", "reactive"))
    place = Place("first-lesson")
    report = measure_ladder(place, 4, processes=1)
    assert [r.policy for r in report.rungs] == ["random", "thumb", "reactive"] and len(report.pairs) == 3
    assert report.met == all(p.met for p in report.pairs)
    played = {p: Campaigns(place, p, 4).run() for p in ("random", "thumb")}
    by_hand = np.mean([
        naive_win(*a, *b)
        for a, b in zip(*(zip(r.value[-1], np.where(r.bankrupt > 0, r.ended, -1)) for r in
                          (played["thumb"], played["random"])))
    ])  # fmt: skip
    assert report.pairs[0].win == by_hand


def test_a_start_made_with_another_deck_is_one_sentence(war: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    state = opening(dataclasses.replace(war, cards=war.cards[:3]), [1])
    monkeypatch.setattr(record_module, "start_state", lambda *_: pack(state))
    with pytest.raises(ContentError, match="lab starts"):
        gather([Campaigns(Place("price-war", assume="none", overlay=""), "thumb", 2)], processes=1)


def test_batches_never_change_a_campaign(monkeypatch: pytest.MonkeyPatch) -> None:
    task = Campaigns(Place("first-lesson"), "reactive", 5)
    whole = task.run()
    monkeypatch.setattr("game.lab.balance.record.CHEAP", 2)
    assert [(t.first, t.count) for t in task.pieces()] == [(1, 2), (3, 2), (5, 1)]
    again = gather([task, task], processes=1)[task]
    for name in ("value", "runway", "rank", "ended", "card", "choice", "free"):
        assert np.array_equal(getattr(whole, name), getattr(again, name), equal_nan=True), name
    assert whole.cards == again.cards and (whole.card >= 0).any()
    assert np.array_equal(whole.head(3).value, whole.value[:, :3])
